//! What is known of Node's paths, URLs and globals. A file URL is evaluated to the path it names, and the current
//! directory to `.`: whoever uses the path decides what it is relative to.

use smol_str::SmolStr;

use super::value::for_combinations;
use super::{GLOBAL, Value, ValueKind};
use crate::base::path;

/// An undeclared name of the file at `file_path`.
pub(super) fn global(file_path: &str, name: &str) -> Value {
    match name {
        "undefined" => Value::undefined(),
        "NaN" | "Infinity" => ValueKind::Number(name.into()).into(),
        "__filename" => Value::string(file_path),
        "__dirname" => Value::string(path::parent(file_path).unwrap_or("/")),
        "this" => Value::unknown(),
        // Its members need the file: the path stands first.
        "import.meta" => import_meta(file_path),
        _ => ValueKind::External { package: GLOBAL.into(), path: vec![name.into()] }.into(),
    }
}

fn import_meta(file_path: &str) -> Value {
    ValueKind::External { package: GLOBAL.into(), path: vec!["import.meta".into(), file_path.into()] }.into()
}

/// A name of a package.
pub(super) fn external(package: SmolStr, path: Vec<SmolStr>) -> Value {
    if let ("path", [name]) = (builtin_module(&package), builtin_path(&path)) {
        match name.as_str() {
            "sep" => return Value::string("/"),
            "delimiter" => return Value::string(":"),
            _ => {}
        }
    }
    ValueKind::External { package, path }.into()
}

/// `external.name`.
pub(super) fn member(package: &SmolStr, path: &[SmolStr], name: &str) -> Value {
    if let (GLOBAL, [meta, file]) = (package.as_str(), path)
        && meta == "import.meta"
    {
        return match name {
            "url" | "filename" => Value::string(file.clone()),
            "dirname" | "dir" => Value::string(path::parent(file).unwrap_or("/")),
            _ => ValueKind::External {
                package: GLOBAL.into(),
                path: vec![meta.clone(), file.clone(), name.into()],
            }
            .into(),
        };
    }
    let mut path = path.to_vec();
    path.push(name.into());
    external(package.clone(), path)
}

/// A call of a package's function, where it is known what it gives.
pub(super) fn call(package: &str, path: &[SmolStr], args: &[Value]) -> Option<Value> {
    let [name] = builtin_path(path) else { return None };
    match builtin_module(package) {
        "path" | "pathe" | "upath" => path_call(name, args),
        "url" if matches!(name.as_str(), "fileURLToPath" | "pathToFileURL") => {
            Some(args.first()?.map_alternatives(|it| match it.as_str() {
                Some(text) => with_site(Value::string(strip_file_scheme(text)), it),
                None => Value::unknown(),
            }))
        }
        "process" if name == "cwd" => Some(Value::string(".")),
        _ => None,
    }
}

/// A call of a global's method that is about paths.
pub(super) fn global_call(path: &[SmolStr], args: &[Value]) -> Option<Value> {
    match path {
        [object, name] if object == "process" && name == "cwd" => Some(Value::string(".")),
        [meta, file, name] if meta == "import.meta" && name == "resolve" => {
            let base = Value::string(file.clone());
            Some(url(args.first()?, Some(&base)))
        }
        _ => None,
    }
}

/// `new URL(…)` of a file: its path.
pub(super) fn construct(callee: &Value, args: &[Value]) -> Option<Value> {
    let (package, path) = callee.as_external()?;
    let is_url = match builtin_module(package) {
        GLOBAL => path == ["URL"],
        "url" => builtin_path(path) == ["URL"],
        _ => false,
    };
    if !is_url {
        return None;
    }
    let base = args.get(1);
    let is_file = match base {
        Some(base) => base.alternatives().iter().any(|it| it.as_str().is_some_and(|it| is_path(it))),
        None => args.first()?.as_str()?.starts_with("file:"),
    };
    is_file.then(|| url(args.first().unwrap_or(&Value::unknown()), base))
}

fn url(relative: &Value, base: Option<&Value>) -> Value {
    let base = base.cloned().unwrap_or_else(|| Value::string(""));
    for_combinations(&[relative.clone(), base], |pair| match pair {
        [relative, base] => match (relative.as_str(), base.as_str()) {
            (Some(relative), Some(base)) if is_path(base) || relative.starts_with("file:") => {
                let base = strip_file_scheme(base);
                // A base that ends in `/` is a directory, any other names a file in it.
                let dir = if base.ends_with('/') { base } else { path::parent(base).unwrap_or("/") };
                let joined = path::join(dir, strip_file_scheme(relative));
                with_site(Value::string(joined), &pair[0])
            }
            _ => Value::unknown(),
        },
        _ => Value::unknown(),
    })
}

fn is_path(text: &str) -> bool {
    text.starts_with("file:") || path::is_absolute(text)
}

fn strip_file_scheme(text: &str) -> &str {
    match text.strip_prefix("file://") {
        // `file:///C:/x` names `C:/x`.
        Some(rest) => match rest.strip_prefix('/') {
            Some(drive) if drive.as_bytes().get(1) == Some(&b':') => drive,
            _ => rest,
        },
        None => text,
    }
}

fn path_call(name: &str, args: &[Value]) -> Option<Value> {
    let f: fn(&[&str]) -> Option<String> = match name {
        "join" | "resolve" | "normalize" => |parts| {
            let (first, rest) = parts.split_first()?;
            let mut res = (*first).to_owned();
            for part in rest {
                res = format!("{res}/{part}");
            }
            Some(path::normalize(&res))
        },
        "dirname" => |parts| Some(path::parent(parts.first()?).unwrap_or("/").to_owned()),
        "basename" => |parts| {
            let name = path::file_name(parts.first()?);
            let suffix = parts.get(1).copied().unwrap_or("");
            Some(name.strip_suffix(suffix).unwrap_or(name).to_owned())
        },
        "extname" => |parts| {
            let ext = path::extension(parts.first()?);
            Some(if ext.is_empty() { String::new() } else { format!(".{ext}") })
        },
        // From the current directory every path is what it is.
        "relative" => |parts| match parts {
            [".", to] => Some((*to).to_owned()),
            [from, to] if path::is_absolute(from) == path::is_absolute(to) => {
                Some(path::relative_to(&path::normalize(to), &path::normalize(from)))
            }
            _ => None,
        },
        _ => return None,
    };
    let resolves = name == "resolve";
    Some(for_combinations(args, |args| {
        let mut parts: Vec<&str> = Vec::with_capacity(args.len());
        for arg in args {
            let Some(text) = arg.as_str() else { return Value::unknown() };
            if resolves && path::is_absolute(strip_file_scheme(text)) {
                // `resolve` starts again at an absolute part.
                parts.clear();
            }
            parts.push(strip_file_scheme(text));
        }
        match f(&parts) {
            Some(text) => match args.iter().rev().find_map(|it| it.site) {
                Some(site) => Value::string(text).at(site),
                None => Value::string(text),
            },
            None => Value::unknown(),
        }
    }))
}

fn with_site(mut value: Value, like: &Value) -> Value {
    value.site = like.site;
    value
}

/// `node:path`, `path/posix` → `path`.
fn builtin_module(package: &str) -> &str {
    let name = package.strip_prefix("node:").unwrap_or(package);
    name.strip_suffix("/posix").unwrap_or(name)
}

/// The names below the module, however it was imported.
fn builtin_path(path: &[SmolStr]) -> &[SmolStr] {
    match path {
        [first, rest @ ..] if first == "default" || first == "posix" => builtin_path(rest),
        path => path,
    }
}
