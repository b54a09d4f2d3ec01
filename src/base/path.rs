//! Workspace paths as text: always `/` between parts, no `.` and `..`, no trailing `/`, whatever the platform.

/// Turns a platform path into workspace form: `\` becomes `/`, `.` and `..` are resolved as text, a drive letter
/// is upper-cased (`c:\a\..\b` → `C:/b`), a UNC prefix keeps its two slashes.
pub fn normalize(path: &str) -> String {
    let windows = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    let unified = if windows || path.contains('\\') { path.replace('\\', "/") } else { path.to_owned() };
    let (prefix, rest) = split_prefix(&unified);
    let mut parts: Vec<&str> = Vec::new();
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." if !prefix.is_empty() => {
                parts.pop();
            }
            ".." => match parts.last() {
                Some(&last) if last != ".." => {
                    parts.pop();
                }
                _ => parts.push(".."),
            },
            part => parts.push(part),
        }
    }
    let mut res = prefix;
    res.push_str(&parts.join("/"));
    if res.is_empty() { ".".to_owned() } else { res }
}

fn split_prefix(path: &str) -> (String, &str) {
    if let Some(rest) = path.strip_prefix("//") {
        return ("//".to_owned(), rest);
    }
    if let Some(rest) = path.strip_prefix('/') {
        return ("/".to_owned(), rest);
    }
    let bytes = path.as_bytes();
    if bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' {
        return (format!("{}:/", bytes[0].to_ascii_uppercase() as char), path[2..].trim_start_matches('/'));
    }
    (String::new(), path)
}

/// Whether a (normalised or platform) path starts at a root or a drive.
pub fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.starts_with('\\') || path.as_bytes().get(1) == Some(&b':')
}

/// `path` seen from the directory `base`; an absolute `path` stays what it is. The result is normalised.
pub fn join(base: &str, path: &str) -> String {
    // A root already ends in `/`; one more would make it a UNC prefix.
    if is_absolute(path) {
        normalize(path)
    } else {
        normalize(&format!("{}/{path}", base.trim_end_matches('/')))
    }
}

/// The entry `name` (one part, no dots) of a normalised directory.
pub fn child(dir: &str, name: &str) -> String {
    if dir == "." { name.to_owned() } else { format!("{}/{name}", dir.trim_end_matches('/')) }
}

/// The directory that holds `path` (normalised), `None` at a root.
pub fn parent(path: &str) -> Option<&str> {
    match path.rfind('/') {
        Some(0) if path.len() > 1 => Some("/"),
        Some(0) => None,
        Some(idx) if idx == 2 && path.as_bytes()[1] == b':' => {
            if path.len() > 3 {
                Some(&path[..3])
            } else {
                None
            }
        }
        Some(idx) => Some(&path[..idx]),
        None if path == "." => None,
        None => Some("."),
    }
}

/// The last part of `path`.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What follows the last `.` of the file name, without the dot; `""` when there is none.
pub fn extension(path: &str) -> &str {
    match file_name(path).rsplit_once('.') {
        Some((stem, ext)) if !stem.is_empty() => ext,
        _ => "",
    }
}

/// Whether `path` is `dir` or lies below it (both normalised).
pub fn is_within(path: &str, dir: &str) -> bool {
    dir == "." && !is_absolute(path)
        || path == dir
        || path.strip_prefix(dir).is_some_and(|rest| dir.ends_with('/') || rest.starts_with('/'))
}

/// `path` as seen from the directory `base` (both normalised and absolute); unchanged when the drives differ.
pub fn relative_to(path: &str, base: &str) -> String {
    let (path_root, path_rest) = split_prefix(path);
    let (base_root, base_rest) = split_prefix(base);
    if path_root != base_root {
        return path.to_owned();
    }
    let path_parts: Vec<&str> = path_rest.split('/').filter(|it| !it.is_empty()).collect();
    let base_parts: Vec<&str> = base_rest.split('/').filter(|it| !it.is_empty() && *it != ".").collect();
    let common = path_parts.iter().zip(&base_parts).take_while(|(a, b)| a == b).count();
    let mut parts: Vec<&str> = vec![".."; base_parts.len() - common];
    parts.extend(&path_parts[common..]);
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests;
