//! Facts of a SQL file: its statements, each parsed, with their places in the source map.

use std::sync::Arc;

use super::SourceMap;
use crate::sql::{Dialect, ParsedStatement};

/// Statements in order; statement `i` has [`super::Loc`]`(i)`. Equal facts mean that the file's statements are the same,
/// wherever they stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SqlFacts {
    pub statements: Vec<SqlStatement>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SqlStatement {
    pub text: Arc<str>,
    pub parsed: Arc<ParsedStatement>,
}

pub fn facts(text: &str, dialect: Dialect) -> (SqlFacts, SourceMap) {
    let mut res = SqlFacts::default();
    let mut map = SourceMap::default();
    for (range, parsed) in crate::sql::parse(text, dialect).statements {
        map.push(range);
        res.statements.push(SqlStatement { text: crate::base::text::slice(text, range).into(), parsed });
    }
    (res, map)
}
