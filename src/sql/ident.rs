//! SQL identifiers: folding, truncation and quoting as PostgreSQL does (manual §4.1.1, `scansup.c`).

use std::fmt;

use smol_str::SmolStr;

/// The longest identifier PostgreSQL keeps, in bytes (`NAMEDATALEN - 1`).
pub const MAX_BYTES: usize = 63;

/// What an identifier has in it where it stands for a template hole whose meaning is not known. It lies in
/// the Unicode private use area, so no one types it; PostgreSQL's lexer and ours take it as a letter.
pub const DYNAMIC_MARK: char = '\u{E000}';

/// An identifier as PostgreSQL stores it: folded to lower case unless quoted, and cut to [`MAX_BYTES`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ident(SmolStr);

impl Ident {
    /// From an identifier that already has its stored form (a Drizzle name, a catalog name). Not truncated.
    pub fn new(stored: impl Into<SmolStr>) -> Ident {
        Ident(stored.into())
    }

    /// From source text: `Users` → `users`, `"Users"` → `Users`, `"a""b"` → `a"b`; the result is truncated.
    /// `U&"…"` is decoded with the default escape character.
    pub fn from_source(text: &str) -> Ident {
        if let Some(body) = text.strip_prefix('"') {
            let body = body.strip_suffix('"').unwrap_or(body);
            return Ident(truncate(&body.replace("\"\"", "\"")));
        }
        if text.len() > 3 && text.is_char_boundary(3) && text[..3].eq_ignore_ascii_case("u&\"") {
            return Ident(truncate(&decode_unicode(text[3..].strip_suffix('"').unwrap_or(&text[3..]))));
        }
        // PostgreSQL folds ASCII only in a UTF-8 database.
        Ident(truncate(&text.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Stands for a hole of unknown meaning, or has one in it; whatever depends on it is not known either.
    pub fn is_dynamic(&self) -> bool {
        self.0.contains(DYNAMIC_MARK)
    }

    /// The identifier as it must be written in SQL: bare when that reads back as itself, else quoted.
    pub fn quoted(&self) -> String {
        if is_bare(&self.0) { self.0.to_string() } else { format!("\"{}\"", self.0.replace('"', "\"\"")) }
    }
}

/// What `name`'s input function makes of a text: its first 63 bytes (`namein`).
pub fn truncate(name: &str) -> SmolStr {
    if name.len() <= MAX_BYTES {
        return name.into();
    }
    let mut end = MAX_BYTES;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].into()
}

fn decode_unicode(body: &str) -> String {
    let mut res = String::new();
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        res.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let (digits, skip) = match escape.as_bytes().first() {
            Some(b'+') => (escape.get(1..7), 7),
            Some(b'\\') => {
                res.push('\\');
                rest = &escape[1..];
                continue;
            }
            _ => (escape.get(..4), 4),
        };
        match digits.and_then(|it| u32::from_str_radix(it, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                res.push(c);
                rest = &escape[skip..];
            }
            None => {
                res.push('\\');
                rest = escape;
            }
        }
    }
    res.push_str(rest);
    res.replace("\"\"", "\"")
}

/// Whether `name`, written without quotes, reads back as itself wherever a column or table name is allowed.
fn is_bare(name: &str) -> bool {
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_lowercase() || c == '_' || !c.is_ascii());
    let continues =
        chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '$' || !c.is_ascii());
    starts && continues && !super::keywords::needs_quotes(name)
}

impl fmt::Debug for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.quoted())
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
