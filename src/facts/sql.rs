//! Facts of a SQL file: its statements, each parsed, with their places in the source map.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::SourceMap;
use crate::base::text::slice;
use crate::sql::{Dialect, ParsedStatement, block, split, stand_in};

/// Statements in order; statement `i` has [`super::Loc`]`(i)`. Equal facts mean that the file's statements are the same,
/// wherever they stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SqlFacts {
    pub statements: Vec<SqlStatement>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SqlStatement {
    /// As PostgreSQL would read it: a tool's variables have something to stand for them.
    pub text: Arc<str>,
    pub parsed: Arc<ParsedStatement>,
    /// The query of the file that it is part of, where the file has several (`-- BLOCK name`).
    pub block: Option<SmolStr>,
}

pub fn facts(text: &str, dialect: Dialect) -> (SqlFacts, SourceMap) {
    facts_from(text, dialect, None)
}

/// Like [`facts`]; statements that `earlier` (of the same dialect) has too are taken from it.
pub fn facts_from(text: &str, dialect: Dialect, earlier: Option<&SqlFacts>) -> (SqlFacts, SourceMap) {
    let known: FxHashMap<&str, &SqlStatement> =
        earlier.into_iter().flat_map(|it| &it.statements).map(|it| (&*it.text, it)).collect();
    let mut res = SqlFacts::default();
    let mut map = SourceMap::default();
    let blocks = block::blocks(text);
    for piece in split::split(text, dialect).into_iter().filter(|it| it.kind == split::PieceKind::Sql) {
        map.push(piece.range);
        let block = blocks.iter().rev().find(|it| it.comment.end() <= piece.range.start());
        let block = block.map(|it| SmolStr::new(it.name));
        let text = match dialect {
            Dialect::Postgres => stand_in::readable(slice(text, piece.range)),
            _ => slice(text, piece.range).into(),
        };
        res.statements.push(match known.get(&*text) {
            Some(known) => SqlStatement { block, ..SqlStatement::clone(known) },
            None => SqlStatement {
                text: (&*text).into(),
                parsed: Arc::new(crate::sql::parse_statement(&text, dialect)),
                block,
            },
        });
    }
    (res, map)
}
