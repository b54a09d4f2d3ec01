//! What servers before PostgreSQL 18 read otherwise: grammar that came later, at which they stop, and texts that only they
//! take: words that have become keywords, letters right behind a number (release notes of PostgreSQL 15 to 18).

mod words;

use std::sync::Arc;

use super::token::{TokenKind, significant};
use super::{ParsedStatement, SyntaxError};

/// Functions with a grammar of their own, and the version that brought it. Before, each is a name like any other.
pub const FUNCTIONS: [(&str, u32); 12] = [
    ("json", 17),
    ("json_array", 16),
    ("json_arrayagg", 16),
    ("json_exists", 17),
    ("json_object", 16),
    ("json_objectagg", 16),
    ("json_query", 17),
    ("json_scalar", 17),
    ("json_serialize", 17),
    ("json_table", 17),
    ("json_value", 17),
    ("merge_action", 17),
];

/// A statement as a server of `version` reads it: refused where its grammar stops, and nothing said of what it may read
/// otherwise.
pub fn read(parsed: Arc<ParsedStatement>, text: &str, version: Option<u32>) -> Arc<ParsedStatement> {
    let Some(version) = version else { return parsed };
    let before =
        |it: &SyntaxError| parsed.error.as_ref().is_none_or(|error| it.range.start() < error.range.start());
    if let Some(error) = words::stop(text, version).filter(before) {
        return Arc::new(ParsedStatement { hir: parsed.hir.clone(), error: Some(error) });
    }
    match &parsed.error {
        Some(error) if may_read(text, error, version) => Arc::new(super::lower::left_alone(text)),
        _ => parsed,
    }
}

/// What helps where only later versions read something.
pub fn hint(since: u32) -> String {
    format!("PostgreSQL {since} and later take it; \"version\" in columnist.json names an older server.")
}

/// Whether a server of `version` may read what 18 refuses with `error`.
fn may_read(text: &str, error: &SyntaxError, version: u32) -> bool {
    let junk = ["trailing junk", "invalid hexadecimal", "invalid octal", "invalid binary"];
    if version < 15 && junk.iter().any(|it| error.message.starts_with(it)) {
        return true;
    }
    let tokens = significant(text);
    let until = tokens.partition_point(|it| it.range.start() <= error.range.start());
    let behind = tokens.get(1..).unwrap_or_default().iter();
    tokens.iter().take(until).zip(behind.map(Some).chain([None])).any(|(token, next)| {
        let opens = next.is_some_and(|it| it.kind == TokenKind::OpenParen);
        let function = || FUNCTIONS.iter().any(|it| version < it.1 && token.is_word(text, it.0));
        opens && function() || version < 16 && token.is_word(text, "system_user")
    })
}
