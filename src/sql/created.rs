//! Names that a text of any language creates in the database when it runs: `create table if not exists "x"` and its
//! like, found without parsing. What is found need not be true; who looks only takes it as a reason for silence.

use memchr::memmem;

use super::Ident;
use super::ident::DYNAMIC_MARK;

/// Words that may stand between CREATE and the kind of object, and between the kind and the name.
const NOISE: [&str; 14] = [
    "or",
    "replace",
    "temp",
    "temporary",
    "global",
    "local",
    "unlogged",
    "materialized",
    "recursive",
    "foreign",
    "if",
    "not",
    "exists",
    "constraint",
];

const KINDS: [&str; 10] = [
    "table",
    "view",
    "function",
    "procedure",
    "aggregate",
    "type",
    "domain",
    "sequence",
    "schema",
    "extension",
];

/// The last part of every name that follows CREATE and a kind of object.
pub fn created_names(text: &str, acc: &mut Vec<Ident>) {
    let bytes = text.as_bytes();
    // Upper and lower case cover what people write; a mixture would only cost a reason for silence.
    for (first, rest) in [(b"cC", "reate"), (b"CC", "REATE")] {
        for at in memmem::find_iter(bytes, rest) {
            let before = at.checked_sub(1).and_then(|it| bytes.get(it));
            if before.is_some_and(|it| first.contains(it)) {
                acc.extend(text.get(at + rest.len()..).and_then(name_after));
            }
        }
    }
}

/// The names of tables that code declares: `pgTable("x", …)`, `schema.table("x", …)`, `onchainTable("x", …)`.
pub fn declared_tables(text: &str, acc: &mut Vec<Ident>) {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b"able(") {
        let start = at.checked_sub(1).and_then(|it| bytes.get(it));
        let before = at.checked_sub(2).and_then(|it| bytes.get(it));
        let called = match start {
            Some(b'T') => before.is_some_and(u8::is_ascii_alphabetic),
            Some(b't') => before == Some(&b'.'),
            _ => false,
        };
        let Some(rest) = text.get(at + "able(".len()..).filter(|_| called) else { continue };
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\'' | '`'));
        let body = quote.and_then(|quote| rest.get(1..)?.split_once(quote));
        acc.extend(body.map(|it| it.0).filter(|it| !it.contains(['$', '\n', '\\'])).map(Ident::new));
    }
}

/// What stands among the names where code makes a schema and computes its name.
pub fn any_schema() -> Ident {
    Ident::new(format!("{DYNAMIC_MARK}schema"))
}

/// A name that a template's hole brings is dynamic.
fn name_after(rest: &str) -> Option<Ident> {
    let mut rest = rest.strip_prefix(|c: char| c.is_whitespace())?.trim_start();
    let mut seen_kind = false;
    let mut of_schema = false;
    for _ in 0..8 {
        let word_len = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let word = rest.get(..word_len)?.to_ascii_lowercase();
        let is_kind = !seen_kind && KINDS.contains(&word.as_str());
        if !is_kind && !NOISE.contains(&word.as_str()) {
            break;
        }
        seen_kind |= is_kind;
        of_schema |= is_kind && word == "schema";
        rest = rest.get(word_len..)?.trim_start();
    }
    if !seen_kind {
        return None;
    }
    loop {
        let (name, after) = part(rest)?;
        match after.strip_prefix('.') {
            Some(after) => rest = after,
            None if of_schema && name.is_dynamic() => return Some(any_schema()),
            None => return Some(name),
        }
    }
}

/// One identifier, quoted (with `"`, or `` ` `` behind a backslash) or bare, and what follows it.
fn part(text: &str) -> Option<(Ident, &str)> {
    let text = text.strip_prefix('\\').unwrap_or(text);
    if text.starts_with("${") || text.starts_with("\"${") {
        return Some((Ident::new(DYNAMIC_MARK.to_string()), ""));
    }
    if let Some(body) = text.strip_prefix(['"', '`']) {
        let end = body.find(['"', '`', '\\', '\n'])?;
        let after = body.get(end..)?.trim_start_matches(['"', '`', '\\']);
        return Some((Ident::new(body.get(..end)?), after));
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len());
    (end > 0).then(|| (Ident::from_source(&text[..end]), &text[end..]))
}

#[cfg(test)]
mod tests;
