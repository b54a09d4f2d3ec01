//! Edits arrive in the order of the wire, whatever else goes on.

use serde_json::json;

use crate::editor::Editor;
use crate::project::Project;

/// A small generator of numbers, the same at every run.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// Thousands of edits of two documents, interleaved with requests that take time and with cancellations. Each edit
/// is at a place that only exists if all before it were applied in order; every text that is asked for is that of
/// the version that it says it has.
#[test]
fn interleaved_edits_and_requests_stay_in_order() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let uris = [project.uri("src/queries.sql"), project.uri("src/app.ts")];
    let mut models = [vec![String::new()], vec![String::new()]];
    // Of every version's text, the first being 1.
    let mut hashes = [vec![0, hash("")], vec![0, hash("")]];
    for uri in &uris {
        editor.open(uri, "");
    }
    let mut numbers = Numbers(0x5eed);
    let mut expected = Vec::new();
    let mut others = Vec::new();
    for step in 0..4000 {
        let which = numbers.below(2);
        let (uri, lines) = (&uris[which], &mut models[which]);
        let line = numbers.below(lines.len());
        let width = lines[line].chars().count();
        let column = numbers.below(width + 1);
        let n_deleted = numbers.below(3).min(width - column);
        let words = ["select ", "é", "x", "from users\n", "'", "𐐀"];
        let insert = format!("{}{step}", words[numbers.below(words.len())]);
        let chars: Vec<char> = lines[line].chars().collect();
        let units = |to: usize| chars[..to].iter().map(|it| it.len_utf16() as u32).sum::<u32>();
        let at = [line as u32, units(column), line as u32, units(column + n_deleted)];
        let head: String = chars[..column].iter().collect();
        let tail: String = chars[column + n_deleted..].iter().collect();
        let new = format!("{head}{insert}{tail}");
        lines.splice(line..=line, new.split('\n').map(str::to_owned));
        let version = editor.replace(uri, at, &insert);
        hashes[which].push(hash(&lines.join("\n")));
        match numbers.below(12) {
            0 => {
                let id = editor.ask("columnist/debug/text", json!({ "uri": uri }));
                expected.push((id, which, version));
            }
            1 | 2 => {
                let position = json!({ "line": line, "character": column });
                let params = json!({ "textDocument": { "uri": uri }, "position": position });
                others.push(editor.ask("textDocument/completion", params));
            }
            3 => {
                let id = editor.ask("columnist/debug/stall", json!({ "uri": uri }));
                editor.cancel(id);
                others.push(id);
            }
            4 => {
                if let Some(id) = others.last() {
                    editor.cancel(*id);
                }
            }
            _ => {}
        }
    }
    for (uri, lines) in uris.iter().zip(&models) {
        assert_eq!(editor.settle(uri), lines.join("\n"));
    }
    // A request about a text that was edited meanwhile may be answered for a later text, never for an earlier.
    let n_expected = expected.len();
    let mut n_exact = 0;
    for (id, which, version) in expected {
        let answer = editor.answer(id).expect("the text is not refused");
        let of = answer["version"].as_i64().unwrap();
        assert!(of >= version, "version {of} instead of {version}");
        n_exact += usize::from(of == version);
        assert_eq!(hash(answer["text"].as_str().unwrap()), hashes[which][of as usize], "version {of}");
    }
    assert!(n_expected > 100, "{n_expected}");
    println!("{n_exact} of {n_expected} texts were those of their moment");
    for id in others {
        // Answered, cancelled, or overtaken by an edit.
        if let Err(error) = editor.answer(id) {
            let code = error["code"].as_i64().unwrap();
            assert!(code == -32800 || code == -32801, "{error}");
        }
    }
}

fn hash(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
