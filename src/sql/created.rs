//! Names that a text of any language creates in the database when it runs: `create table if not exists "x"` and its
//! like, found without parsing. What is found need not be true; who looks only takes it as a reason for silence.

use memchr::memmem;

use super::Ident;
use super::ident::DYNAMIC_MARK;

/// Words that may stand between CREATE and the kind of object, and between the kind and the name.
const NOISE: [&str; 15] = [
    "or",
    "replace",
    "temp",
    "temporary",
    "global",
    "local",
    "unlogged",
    "materialized",
    "virtual",
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
    acc.extend(behind_create(text).filter_map(|it| name_after(text, it)));
}

/// The name of every schema that a text creates.
pub fn created_schemas(text: &str, acc: &mut Vec<Ident>) {
    let is_schema =
        |it: &&str| it.split_whitespace().next().is_some_and(|it| it.eq_ignore_ascii_case("schema"));
    let names = behind_create(text).filter(is_schema).filter_map(|it| name_after(text, it));
    acc.extend(names.filter(|it| !it.is_dynamic()));
}

/// The last part of the name of every temporary table, or view, that a text creates.
pub fn temporary_names(text: &str, acc: &mut Vec<Ident>) {
    let is_temporary = |it: &&str| {
        let mut words = it.split_whitespace().take(2);
        words.any(|it| it.eq_ignore_ascii_case("temp") || it.eq_ignore_ascii_case("temporary"))
    };
    acc.extend(behind_create(text).filter(is_temporary).filter_map(|it| name_after(text, it)));
}

/// The last part of the name of every table that a text creates whether there is one or not.
pub fn remade_tables(text: &str, acc: &mut Vec<Ident>) {
    let is_table = |it: &&str| {
        let mut words = it.split_whitespace();
        let is = |word: Option<&str>, what: &str| word.is_some_and(|it| it.eq_ignore_ascii_case(what));
        is(words.next(), "table") && !is(words.next(), "if")
    };
    let names = behind_create(text).filter(is_table).filter_map(|it| name_after(text, it));
    acc.extend(names.filter(|it| !it.is_dynamic()));
}

/// What stands behind each CREATE.
fn behind_create(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    // Upper and lower case cover what people write; a mixture would only cost a reason for silence.
    [(b"cC", "reate"), (b"CC", "REATE")].into_iter().flat_map(move |(first, rest)| {
        memmem::find_iter(bytes, rest).filter_map(move |at| {
            let before = at.checked_sub(1).and_then(|it| bytes.get(it));
            before.filter(|it| first.contains(it)).and_then(|_| text.get(at + rest.len()..))
        })
    })
}

/// The tables that `CREATE UNIQUE INDEX … ON` names.
pub fn keyed_tables(text: &str, acc: &mut Vec<Ident>) {
    let bytes = text.as_bytes();
    for words in ["unique index", "UNIQUE INDEX"] {
        for at in memmem::find_iter(bytes, words) {
            let before = text.get(..at).unwrap_or("").trim_end();
            // Comments speak of unique indexes, too.
            let made = before
                .get(before.len().saturating_sub(6)..)
                .is_some_and(|it| it.eq_ignore_ascii_case("create"));
            if made {
                acc.extend(text.get(at + words.len()..).and_then(|it| indexed(text, it)));
            }
        }
    }
}

/// The columns that `ALTER TABLE … ADD COLUMN` names, as [`column_of`] writes them.
pub fn added_columns(text: &str, acc: &mut Vec<Ident>) {
    let bytes = text.as_bytes();
    for words in ["alter table", "ALTER TABLE"] {
        for at in memmem::find_iter(bytes, words) {
            let Some(rest) = text.get(at + words.len()..) else { continue };
            let end = rest.find([';', '`']).unwrap_or(rest.len());
            let end = memmem::find(rest.as_bytes(), words.as_bytes()).map_or(end, |it| it.min(end));
            let statement = rest.get(..end).unwrap_or_default();
            let (name, mut rest) = skip_words(statement, &["if", "exists", "only"]);
            let Some(table) = qualified(text, name).filter(|it| !it.is_dynamic()) else { continue };
            while let Some(add) = ["add ", "ADD "].into_iter().filter_map(|it| rest.find(it)).min() {
                let (column, after) =
                    skip_words(rest.get(add + 4..).unwrap_or_default(), &["column", "if", "not", "exists"]);
                let column = part(text, column).map(|it| it.0).filter(|it| !it.is_dynamic());
                acc.extend(column.map(|it| column_of(&table, &it)));
                rest = after;
            }
        }
    }
}

/// One name for a column of a table, whatever its schema.
pub fn column_of(table: &Ident, column: &Ident) -> Ident {
    Ident::new(format!("{}.{}", table.as_str(), column.as_str()))
}

/// A text behind any of these words; twice, the second to go on from.
fn skip_words<'t>(text: &'t str, words: &[&str]) -> (&'t str, &'t str) {
    let mut rest = text.trim_start();
    loop {
        let word = word(rest);
        if !words.iter().any(|it| it.eq_ignore_ascii_case(word)) {
            return (rest, rest);
        }
        rest = rest.get(word.len()..).unwrap_or_default().trim_start();
    }
}

/// The table behind `[CONCURRENTLY] [IF NOT EXISTS] [name] ON [ONLY]`.
fn indexed<'t>(whole: &'t str, mut rest: &'t str) -> Option<Ident> {
    for _ in 0..6 {
        rest = rest.trim_start();
        let (name, after) = part(whole, rest)?;
        rest = after;
        if name.as_str() != "on" {
            continue;
        }
        let table = rest.trim_start();
        let only = table.get(..5).filter(|it| it.eq_ignore_ascii_case("only "));
        return qualified(whole, if only.is_some() { table.get(5..)?.trim_start() } else { table });
    }
    None
}

/// The names of tables that code declares: `pgTable("x", …)`, `schema.table("x", …)`, `onchainTable("x", …)`, and
/// `pgTable(NAME, …)` where the text has `const NAME = "x"`.
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
        let name = match quote {
            Some(quote) => rest.get(1..).and_then(|it| it.split_once(quote)).map(|it| it.0),
            None => constant(text, word(rest)),
        };
        acc.extend(name.filter(|it| !it.contains(['$', '\n', '\\'])).map(Ident::new));
    }
}

/// What stands among the names where code makes a schema and computes its name.
pub fn any_schema() -> Ident {
    Ident::new(format!("{DYNAMIC_MARK}schema"))
}

/// The identifier that a text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// The string that a text of TypeScript gives a name: `const NAME = "x"`.
fn constant<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    if name.is_empty() {
        return None;
    }
    memmem::find_iter(text.as_bytes(), name).find_map(|at| {
        let before = text.get(..at)?.strip_suffix(' ')?;
        let value = text.get(at + name.len()..)?.trim_start().strip_prefix('=')?.trim_start();
        let quote =
            value.chars().next().filter(|it| before.ends_with("const") && matches!(it, '"' | '\'' | '`'))?;
        Some(value.get(1..)?.split_once(quote)?.0)
    })
}

/// A name that a template's hole brings is dynamic, unless the hole is a constant of the `whole` text.
fn name_after(whole: &str, rest: &str) -> Option<Ident> {
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
    let name = qualified(whole, rest)?;
    Some(if of_schema && name.is_dynamic() { any_schema() } else { name })
}

/// The last part of `schema.name`.
fn qualified<'t>(whole: &'t str, mut rest: &'t str) -> Option<Ident> {
    loop {
        let (name, after) = part(whole, rest)?;
        match after.strip_prefix('.') {
            Some(after) => rest = after,
            None => return Some(name),
        }
    }
}

/// One identifier, quoted (with `"`, or `` ` `` behind a backslash) or bare, and what follows it.
fn part<'t>(whole: &str, text: &'t str) -> Option<(Ident, &'t str)> {
    let text = text.strip_prefix('\\').unwrap_or(text);
    let quoted = text.strip_prefix('"').filter(|it| it.starts_with("${"));
    if let Some(hole) = quoted.unwrap_or(text).strip_prefix("${") {
        let dynamic = || Ident::new(DYNAMIC_MARK.to_string());
        let Some((inside, after)) = hole.split_once('}') else { return Some((dynamic(), "")) };
        let after = match quoted {
            Some(_) => after.strip_prefix('"'),
            None => Some(after).filter(|it| !it.starts_with(|c: char| c.is_alphanumeric() || c == '_')),
        };
        // More of the name stands behind the hole.
        let Some(after) = after else { return Some((dynamic(), "")) };
        let name = constant(whole, inside.trim()).filter(|it| !it.contains(['$', '\n', '\\']));
        return Some((name.map_or_else(dynamic, Ident::new), after));
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
