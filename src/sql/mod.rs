//! Room 1: SQL text. Sees one statement or one file, knows no tables and no TypeScript.
//!
//! Invariant: every function here is total and pure; broken text gives a tree with `Missing` parts plus errors.
//! Every offset in a statement's tree is relative to the start of that statement's text, so that an unchanged
//! statement that moved keeps its parse.

pub mod block;
pub mod created;
pub mod hir;
pub mod ident;
pub mod interval;
pub mod keywords;
pub mod older;
pub mod lower;
pub mod plpgsql;
pub mod split;
pub mod stand_in;
pub mod suppress;
pub mod token;
pub mod verdict;

use std::sync::Arc;

use crate::base::text::TextRange;

pub use ident::{DYNAMIC_MARK, Ident};

/// Which grammar a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    #[default]
    Postgres,
    Sqlite,
    Mysql,
}

/// A syntax error; `range` is the token that the dialect's own parser would name (empty at the end of input).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SyntaxError {
    pub range: TextRange,
    /// PostgreSQL's own words where the judge has them: `syntax error at or near "form"`.
    pub message: String,
    /// PostgreSQL's code: `42601` but for what the actions of its grammar refuse otherwise.
    pub sqlstate: &'static str,
    /// False when only a judge that is not fully trusted (SQLite, MySQL) says so: shown as a hint.
    pub certain: bool,
    /// The version of PostgreSQL from which on it is none, where the server is older.
    pub since: Option<u32>,
}

/// One statement, parsed. All ranges are relative to the statement's text.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedStatement {
    pub hir: hir::Statement,
    pub error: Option<SyntaxError>,
}

/// A whole file or fragment: its statements in order, each with the bytes it occupies (without the `;`).
#[derive(Debug, Clone, Default)]
pub struct ParsedFile {
    pub statements: Vec<(TextRange, Arc<ParsedStatement>)>,
}

/// Parses one statement; `text` holds no second statement (see [`split::split`]).
pub fn parse_statement(text: &str, dialect: Dialect) -> ParsedStatement {
    lower::parse_statement(text, dialect)
}

/// The tree of one statement, without a verdict: cheaper for a text that is known to be half-typed.
pub fn read_statement(text: &str, dialect: Dialect) -> hir::Statement {
    lower::tree(text, dialect)
}

/// For each of `probes` (one or several words) whether the grammar takes it behind `prefix`.
pub fn accepts(prefix: &str, dialect: Dialect, probes: &[&str]) -> Vec<bool> {
    lower::accepts(prefix, dialect, probes)
}

/// Splits and parses a whole text.
pub fn parse(text: &str, dialect: Dialect) -> ParsedFile {
    let mut res = ParsedFile::default();
    for piece in split::split(text, dialect) {
        if piece.kind == split::PieceKind::Sql {
            let parsed = parse_statement(crate::base::text::slice(text, piece.range), dialect);
            res.statements.push((piece.range, Arc::new(parsed)));
        }
    }
    res
}
