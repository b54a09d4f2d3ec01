//! package.json `exports` and `imports` (Node's manual, "Packages", Subpath patterns and Conditional exports).

use serde_json::Value;

/// Conditions for code that runs elsewhere: taken only when nothing else leads to a file.
const FOREIGN: [&str; 5] = ["browser", "react-native", "worker", "edge-light", "electron"];

/// Every target that `key` (`.`, `./sub`, `#name`) may mean, likelier first. Node takes the first condition that
/// holds; which of them the project builds is not known here, so the caller takes the first target that exists.
pub(super) fn targets(map: &Value, key: &str) -> Vec<String> {
    let mut res = Vec::new();
    let is_subpath = |it: &String| it.starts_with('.') || it.starts_with('#');
    match map {
        Value::Object(object) if object.keys().any(is_subpath) => {
            if let Some(target) = object.get(key) {
                collect(target, "", &mut res);
                return res;
            }
            // The pattern with the longest part before `*` wins.
            let mut best: Option<(&str, &Value, &str)> = None;
            for (pattern, target) in object {
                let Some(star) = match_pattern(pattern, key) else { continue };
                if best.is_none_or(|(known, ..)| prefix_len(pattern) > prefix_len(known)) {
                    best = Some((pattern, target, star));
                }
            }
            if let Some((_, target, star)) = best {
                collect(target, star, &mut res);
            }
        }
        target if key == "." => collect(target, "", &mut res),
        _ => {}
    }
    res
}

/// What `*` stands for when `key` fits `pattern`; a pattern that ends in `/` is the older way to say `/*`.
pub(super) fn match_pattern<'k>(pattern: &str, key: &'k str) -> Option<&'k str> {
    match pattern.split_once('*') {
        Some((before, after)) => {
            let rest = key.strip_prefix(before)?;
            rest.strip_suffix(after)
        }
        None if pattern.ends_with('/') => key.strip_prefix(pattern),
        None => None,
    }
}

fn prefix_len(pattern: &str) -> usize {
    pattern.find('*').unwrap_or(pattern.len())
}

fn collect(target: &Value, star: &str, acc: &mut Vec<String>) {
    match target {
        Value::String(text) => {
            let text = if text.contains('*') {
                text.replace('*', star)
            } else if text.ends_with('/') {
                format!("{text}{star}")
            } else {
                text.clone()
            };
            acc.push(text);
        }
        Value::Array(items) => items.iter().for_each(|it| collect(it, star, acc)),
        Value::Object(conditions) => {
            let is_foreign = |it: &str| FOREIGN.contains(&it);
            for (_, target) in conditions.iter().filter(|(it, _)| !is_foreign(it)) {
                collect(target, star, acc);
            }
            for (_, target) in conditions.iter().filter(|(it, _)| is_foreign(it)) {
                collect(target, star, acc);
            }
        }
        _ => {}
    }
}
