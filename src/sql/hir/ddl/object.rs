//! Rules, statistics, casts, publications and other objects of which little more than names is kept.

use smol_str::SmolStr;

use super::super::{ExprId, Name, OpName, QName, StatementKind, TypeName};
use super::*;

/// `CREATE RULE name AS ON event TO table [WHERE condition] DO [ALSO | INSTEAD] action`.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateRule {
    pub name: Name,
    pub or_replace: bool,
    /// `SELECT`, `INSERT`, `UPDATE`, `DELETE`.
    pub event: SmolStr,
    pub table: QName,
    pub where_: Option<ExprId>,
    pub instead: bool,
    /// None for NOTHING.
    pub actions: Vec<StatementKind>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateStatistics {
    pub name: Option<QName>,
    pub if_not_exists: bool,
    pub kinds: Vec<Name>,
    pub items: Vec<ExprId>,
    /// `None`: not a single table.
    pub table: Option<QName>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateCast {
    pub source: TypeName,
    pub target: TypeName,
    pub by: CastBy,
    pub context: CastUse,
}

/// Where a cast is applied without being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CastUse {
    Explicit,
    /// AS ASSIGNMENT.
    Assignment,
    /// AS IMPLICIT.
    Implicit,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CastBy {
    Function {
        name: QName,
        args: Option<Vec<TypeName>>,
    },
    /// WITHOUT FUNCTION.
    Binary,
    /// WITH INOUT.
    Io,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreatePublication {
    pub name: Name,
    /// Tables, their columns where they are listed, and the rows.
    pub tables: Vec<(QName, Vec<Name>, Option<ExprId>)>,
    pub schemas: Vec<Name>,
    pub options: Vec<Setting>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Define {
    /// `COLLATION`, `TEXT SEARCH DICTIONARY`, …
    pub kind: &'static str,
    pub name: QName,
    pub if_not_exists: bool,
    /// `FROM other`.
    pub from: Option<QName>,
    pub options: Vec<Setting>,
}

/// Who gets them is not kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// As written, with the columns they are for; none for ALL.
    pub privileges: Vec<(Name, Vec<Name>)>,
    /// What stands behind ON, in PostgreSQL's words: `relation`, `function`, …
    pub kind: &'static str,
    pub objects: Vec<Mention>,
    /// ALTER DEFAULT PRIVILEGES, and whether in schemas: they are the objects then.
    pub default: bool,
}

/// `+ (integer, integer)`; `None` for NONE.
#[derive(Debug, Clone, PartialEq)]
pub struct OperatorName {
    pub op: OpName,
    pub left: Option<TypeName>,
    pub right: Option<TypeName>,
}
