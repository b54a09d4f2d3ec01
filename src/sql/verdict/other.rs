//! SQLite and MySQL: `sqlparser`'s opinion. It refuses much that those databases take, so it is asked only about
//! queries and data changes, and what it says is never certain.

use sqlparser::dialect::{Dialect as Grammar, MySqlDialect, SQLiteDialect};
use sqlparser::parser::{Parser, ParserError};

use super::quiet;
use crate::base::text::{TextRange, range};
use crate::sql::token::{normalise, significant};
use crate::sql::{Dialect, SyntaxError};

const MAX_BYTES: usize = 1_000_000;

pub fn verdict(text: &str, dialect: Dialect) -> Option<SyntaxError> {
    let tokens = significant(&normalise(text, dialect));
    let first = tokens.first()?.text(text).to_ascii_lowercase();
    if !matches!(first.as_str(), "select" | "insert" | "update" | "delete" | "with") || text.len() > MAX_BYTES
    {
        return None;
    }
    let grammar: &(dyn Grammar + Sync) = match dialect {
        Dialect::Mysql => &MySqlDialect {},
        _ => &SQLiteDialect {},
    };
    let words = quiet::run(16 << 20, || match Parser::parse_sql(grammar, text) {
        Err(ParserError::ParserError(words)) => Some(words),
        _ => None,
    })??;
    let (words, place) = words.rsplit_once(" at Line: ").unwrap_or((&words, ""));
    let at = if words.ends_with("found: EOF") {
        range(text.len(), text.len())
    } else {
        token_at(text, dialect, place)?
    };
    let token = crate::base::text::slice(text, at);
    // Placeholders have many forms, and drivers replace them.
    if token.starts_with(['?', ':', '@', '$']) {
        return None;
    }
    Some(SyntaxError {
        range: at,
        message: format!("syntax error: {}", words.trim()),
        certain: false,
        sqlstate: "42601",
        since: None,
    })
}

/// The token at `1, Column: 8` (characters from 1).
fn token_at(text: &str, dialect: Dialect, place: &str) -> Option<TextRange> {
    let (line, column) = place.split_once(", Column: ")?;
    let line: usize = line.trim().parse().ok()?;
    let column: usize = column.trim().parse().ok()?;
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let offset = text.get(start..)?.char_indices().nth(column.checked_sub(1)?)?.0 + start;
    significant(&normalise(text, dialect))
        .iter()
        .map(|it| it.range)
        .find(|it| usize::from(it.start()) == offset)
}
