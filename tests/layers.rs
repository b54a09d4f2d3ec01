//! Holds the table of rooms in `src/ARCHITECTURE.md`: a room imports only rooms with a lower number and its own files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Room → number, as the table has it; `testing` may import everything.
fn rooms() -> BTreeMap<String, Option<u32>> {
    let text = std::fs::read_to_string(root().join("src/ARCHITECTURE.md")).unwrap();
    let mut res = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [_, number, name, ..] = cells[..]
            && let Some(name) = name.strip_prefix('`').and_then(|it| it.strip_suffix("/`"))
        {
            res.insert(name.to_owned(), number.parse().ok());
        }
    }
    res
}

fn sources(dir: &Path, acc: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, acc);
        } else if path.extension().is_some_and(|it| it == "rs") {
            acc.push(path);
        }
    }
}

/// Whether the file's module, or one around it, is declared under `#[cfg(test)]`.
fn is_for_tests(file: &Path, src: &Path) -> bool {
    let mut module = file.with_extension("");
    if module.ends_with("mod") {
        module.pop();
    }
    while let (Some(dir), Some(name)) = (module.parent(), module.file_name().and_then(|it| it.to_str())) {
        for declaring in [dir.join("mod.rs"), dir.join("lib.rs"), dir.with_extension("rs")] {
            let text = std::fs::read_to_string(declaring).unwrap_or_default();
            if ["", "pub(crate) ", "pub "]
                .iter()
                .any(|it| text.contains(&format!("#[cfg(test)]\n{it}mod {name};")))
            {
                return true;
            }
        }
        if dir == src {
            return false;
        }
        module = dir.to_owned();
    }
    false
}

/// The code of a file that is not only for tests: without comments, and without an inline test module.
fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
    let lines = before_tests.lines().filter(|it| !it.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The first parts of every `crate::…` path: `crate::a::b` → `a`, `crate::{a, b::c}` → `a`, `b`.
fn imports(code: &str) -> Vec<String> {
    let mut res = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(['$', '_']) || code[..at].ends_with(char::is_alphanumeric) {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let name =
            |text: &str| text.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect::<String>();
        match rest.strip_prefix('{') {
            None => res.push(name(rest)),
            Some(group) => {
                let (mut depth, mut start) = (0, true);
                for (idx, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && c.is_alphabetic() => {
                            res.push(name(&group[idx..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    res
}

#[test]
fn rooms_import_downward_only() {
    let rooms = rooms();
    let src = root().join("src");
    let mut wrong = Vec::new();
    let mut files = Vec::new();
    sources(&src, &mut files);
    for file in files {
        let relative = file.strip_prefix(&src).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
        let is_tests = is_for_tests(&file, &src);
        let Some(Some(own)) = rooms.get(first) else { continue };
        if is_tests {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for import in imports(&code(&text)) {
            let allowed = import == first
                || match rooms.get(&import) {
                    Some(Some(other)) => other < own,
                    // Macros stand at the crate's root.
                    None => matches!(import.as_str(), "always" | "never"),
                    Some(None) => text.contains("#[cfg(test)]"),
                };
            if !allowed {
                wrong.push(format!("{} imports {import}", relative.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "against the table of src/ARCHITECTURE.md:\n{}", wrong.join("\n"));
}

#[test]
fn every_folder_is_a_room_of_the_table() {
    let rooms = rooms();
    for entry in std::fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(rooms.contains_key(name), "{name} is no row of the table in src/ARCHITECTURE.md");
        }
    }
}

#[test]
fn only_the_server_speaks_the_protocol() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    for file in files {
        let relative = file.strip_prefix(root().join("src")).unwrap();
        if !relative.starts_with("server") {
            let text = code(&std::fs::read_to_string(&file).unwrap());
            assert!(!text.contains("tower_lsp"), "{} says tower_lsp", relative.display());
        }
    }
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::a::b;\nuse crate::{c::{d, e}, f};\nlet x = crate::g::h();\n$crate::i!()";
    assert_eq!(imports(text), ["a", "c", "f", "g"]);
}
