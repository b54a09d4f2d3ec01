//! The versions of a package that a lock file has, found by text search: lock files run to megabytes.

use memchr::memmem;

use super::Version;

/// Every version of `name` in a pnpm, npm, yarn or bun lock file, ascending.
pub(super) fn versions(text: &str, name: &str) -> Vec<Version> {
    let mut res = Vec::new();
    // pnpm: `drizzle-orm@0.45.1(…):`; bun: `"drizzle-orm": ["drizzle-orm@0.45.1", …`; yarn: `drizzle-orm@^0.45.0:`
    // with the version on the next lines.
    let needle = format!("{name}@");
    for at in memmem::find_iter(text.as_bytes(), needle.as_bytes()) {
        let before = at.checked_sub(1).and_then(|it| text.as_bytes().get(it)).copied().unwrap_or(b'\n');
        if !matches!(before, b'/' | b'"' | b'\'' | b'\n' | b' ' | b',') {
            continue;
        }
        let Some(rest) = text.get(at + needle.len()..) else { continue };
        let end = rest.find(|it: char| !(it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '+')));
        let version = rest.get(..end.unwrap_or(rest.len())).and_then(full_version);
        match version {
            Some(version) => res.push(version),
            None => res.extend(version_below(rest)),
        }
    }
    // npm: `"node_modules/drizzle-orm": {\n "version": "0.45.1",`
    let needle = format!("node_modules/{name}\": {{");
    for at in memmem::find_iter(text.as_bytes(), needle.as_bytes()) {
        res.extend(text.get(at + needle.len()..).and_then(version_below));
    }
    res.sort();
    res.dedup();
    res
}

/// `version "1.2.3"`, `version: 1.2.3`, `"version": "1.2.3"` within the next few lines.
fn version_below(text: &str) -> Option<Version> {
    text.lines().take(4).find_map(|line| {
        let rest = line.trim().trim_start_matches('"').strip_prefix("version")?;
        full_version(rest.trim_matches(|it: char| it.is_whitespace() || matches!(it, '"' | ':' | ',')))
    })
}

fn full_version(text: &str) -> Option<Version> {
    (text.split('.').count() >= 3).then(|| Version::parse(text)).flatten()
}
