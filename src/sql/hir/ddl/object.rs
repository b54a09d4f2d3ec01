//! Rules, statistics, casts, publications and other objects of which little more than names is kept.

use smol_str::SmolStr;

use super::super::{ExprId, Name, OpName, QName, StatementKind, TypeName};
use super::*;
use crate::base::text::TextRange;

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
    /// ALTER PUBLICATION: what is done with them.
    pub change: Option<PublicationChange>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicationChange {
    Add,
    Drop,
    /// `SET TABLE …`.
    Set,
    /// `SET (…)`.
    Options,
}

/// `CREATE OPERATOR name (…)`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CreateOperator {
    pub name: QName,
    pub left: Option<TypeName>,
    pub right: Option<TypeName>,
    pub function: Option<QName>,
    pub commutator: Option<QName>,
    pub negator: Option<QName>,
    pub restrict: Option<QName>,
    pub join: Option<QName>,
    /// `HASHES`, `MERGES`: where.
    pub hashes: Option<TextRange>,
    pub merges: Option<TextRange>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassKind {
    Class,
    Family,
    AlterFamily,
}

/// `CREATE OPERATOR CLASS name FOR TYPE ty USING method FAMILY family AS …`, and what is said of families.
#[derive(Debug, Clone, PartialEq)]
pub struct OperatorClass {
    pub what: ClassKind,
    pub name: QName,
    pub default: bool,
    pub ty: Option<TypeName>,
    pub method: Name,
    pub family: Option<QName>,
    pub items: Vec<ClassItem>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ClassItem {
    pub range: TextRange,
    pub number: i64,
    pub kind: ClassItemKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ClassItemKind {
    Operator {
        op: OpName,
        sides: Option<(Option<TypeName>, Option<TypeName>)>,
        order_by: Option<QName>,
    },
    Function {
        /// What it serves, where that is said.
        types: Vec<TypeName>,
        name: QName,
        args: Option<Vec<TypeName>>,
    },
    Storage(TypeName),
    /// `DROP OPERATOR 1 (a, b)`.
    DropOperator(Vec<TypeName>),
    DropFunction(Vec<TypeName>),
}

/// `CREATE EVENT TRIGGER name ON event WHEN … EXECUTE FUNCTION f()`.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateEventTrigger {
    pub name: Name,
    pub event: Name,
    /// `tag IN ('…', …)`.
    pub filters: Vec<(Name, Vec<(SmolStr, TextRange)>)>,
    pub function: QName,
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

/// CREATE and ALTER of what is foreign; DROP of user mappings.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreign {
    /// `FOREIGN DATA WRAPPER`, `SERVER`, `USER MAPPING`.
    pub kind: &'static str,
    pub step: Step,
    /// `IF EXISTS`, `IF NOT EXISTS`.
    pub if_exists: bool,
    /// Of a user mapping: the role.
    pub name: Name,
    /// A server's wrapper, a mapping's server.
    pub of: Option<Name>,
    /// `handler`, `validator`, each where it stands; `None` for NO HANDLER.
    pub functions: Vec<(&'static str, TextRange, Option<QName>)>,
    pub options: Vec<GenericOption>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Create,
    Alter,
    Drop,
}

/// One of `OPTIONS (…)`; its value is not kept.
#[derive(Debug, Clone, PartialEq)]
pub struct GenericOption {
    pub change: OptionChange,
    pub name: Name,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionChange {
    Add,
    Set,
    Drop,
}

/// `ALTER TEXT SEARCH CONFIGURATION name ADD MAPPING FOR tokens WITH dictionaries`.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchMapping {
    pub name: QName,
    /// `ALTER MAPPING` sets.
    pub change: OptionChange,
    pub if_exists: bool,
    pub tokens: Vec<Name>,
    /// `REPLACE dictionary WITH other`.
    pub replaced: Option<QName>,
    pub dictionaries: Vec<QName>,
}

/// `+ (integer, integer)`; `None` for NONE.
#[derive(Debug, Clone, PartialEq)]
pub struct OperatorName {
    pub op: OpName,
    pub left: Option<TypeName>,
    pub right: Option<TypeName>,
}
