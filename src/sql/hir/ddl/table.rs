//! `CREATE TABLE` and its parts: columns, constraints, partitions, storage.

use smol_str::SmolStr;

use super::super::{ExprId, Name, OpName, QName, TypeName};
use super::*;
use crate::base::text::TextRange;

#[derive(Debug, Clone, PartialEq)]
pub struct CreateTable {
    pub name: QName,
    pub if_not_exists: bool,
    pub temporary: bool,
    pub columns: Vec<ColumnDef>,
    pub constraints: Vec<TableConstraint>,
    /// MySQL's `KEY name (…)`; their tables are not named.
    pub indexes: Vec<CreateIndex>,
    /// `LIKE source INCLUDING …`, with its position among the columns.
    pub likes: Vec<Like>,
    pub inherits: Vec<QName>,
    /// `PARTITION OF parent`.
    pub partition_of: Option<QName>,
    /// `PARTITION BY …` was written.
    pub partitioned: bool,
    /// What stands behind it.
    pub partition_by: Option<PartitionBy>,
    /// `OF type`.
    pub of_type: Option<QName>,
    /// Of a partition: `FOR VALUES …`, `DEFAULT`.
    pub bound: Option<PartitionBound>,
    /// `WITH (…)`.
    pub options: Vec<Setting>,
    /// `USING method`.
    pub method: Option<Name>,
    /// `ON COMMIT …`: where.
    pub on_commit: Option<TextRange>,
    pub foreign: bool,
    /// `SERVER name OPTIONS (…)`.
    pub server: Option<(Name, Vec<super::GenericOption>)>,
    pub unlogged: bool,
}

impl CreateTable {
    /// Whether a primary key is written, at a column or by itself.
    pub fn has_primary_key(&self) -> bool {
        let mut of_columns = self.columns.iter().flat_map(|it| &it.constraints);
        self.constraints.iter().any(|it| matches!(it.kind, TableConstraintKind::PrimaryKey { .. }))
            || of_columns.any(|it| matches!(it.kind, ColumnConstraintKind::PrimaryKey))
    }
}

/// What of its parent's rows a partition holds.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitionBound {
    pub range: TextRange,
    pub kind: BoundKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum BoundKind {
    Default,
    In(Vec<ExprId>),
    /// MINVALUE and MAXVALUE are columns of these names.
    Range {
        from: Vec<ExprId>,
        to: Vec<ExprId>,
    },
    /// `WITH (modulus 4, remainder 0)`: the words with their numbers.
    Hash(Vec<(Name, i64)>),
}

/// `PARTITION BY strategy (key, …)`.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitionBy {
    pub strategy: Name,
    pub items: Vec<IndexItem>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Like {
    pub source: QName,
    /// Index into `columns` before which its columns come.
    pub position: u32,
    pub including_defaults: bool,
    pub including_identity: bool,
    pub including_generated: bool,
    pub including_indexes: bool,
    pub including_constraints: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDef {
    pub range: TextRange,
    pub name: Name,
    /// Missing in `PARTITION OF` and `OF type` tables.
    pub ty: Option<TypeName>,
    pub collation: Option<QName>,
    pub constraints: Vec<ColumnConstraint>,
    /// `STORAGE x`.
    pub storage: Option<Name>,
    /// `COMPRESSION x`.
    pub compression: Option<Name>,
    /// `OPTIONS (…)` of a foreign table's column.
    pub options: Vec<super::GenericOption>,
    /// `DEFERRABLE` and its like where they cannot be, with PostgreSQL's message.
    pub misplaced: Vec<(TextRange, &'static str)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ColumnConstraint {
    pub range: TextRange,
    pub name: Option<Name>,
    pub kind: ColumnConstraintKind,
    /// Of a check: `NO INHERIT`.
    pub no_inherit: bool,
    /// `DEFERRABLE`, `INITIALLY DEFERRED`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub deferred: bool,
    pub not_enforced: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ColumnConstraintKind {
    NotNull { no_inherit: bool },
    Null,
    Default(ExprId),
    Generated { expr: ExprId, stored: bool },
    Identity { always: bool, options: Vec<SequenceOption> },
    Unique { nulls_not_distinct: bool },
    PrimaryKey,
    References(References),
    Check(ExprId),
}

#[derive(Debug, Clone, PartialEq)]
pub struct References {
    pub table: QName,
    pub columns: Vec<Name>,
    /// `(a, PERIOD b)`.
    pub period: bool,
    /// `CASCADE`, `SET NULL`, … in upper case; `None` when not written.
    pub on_delete: Option<SmolStr>,
    pub on_update: Option<SmolStr>,
    /// `ON DELETE SET NULL (a)`.
    pub set_columns: Vec<Name>,
    /// `MATCH PARTIAL`: where.
    pub partial: Option<TextRange>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TableConstraint {
    pub range: TextRange,
    pub name: Option<Name>,
    pub kind: TableConstraintKind,
    pub not_valid: bool,
    pub no_inherit: bool,
    /// `[NOT] DEFERRABLE` and its like.
    pub attributes: Vec<(TextRange, ConstraintAttribute)>,
    /// `INCLUDE (…)`.
    pub include: Vec<Name>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintAttribute {
    Deferrable,
    NotDeferrable,
    InitiallyDeferred,
    InitiallyImmediate,
    NotValid,
    NoInherit,
    Enforced,
    NotEnforced,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TableConstraintKind {
    PrimaryKey {
        columns: Vec<Name>,
        using_index: Option<Name>,
        /// `(a, b WITHOUT OVERLAPS)`.
        without_overlaps: bool,
    },
    Unique {
        columns: Vec<Name>,
        nulls_not_distinct: bool,
        using_index: Option<Name>,
        without_overlaps: bool,
    },
    ForeignKey {
        columns: Vec<Name>,
        /// `(a, PERIOD b)`.
        period: bool,
        references: References,
    },
    Check(ExprId),
    Exclude(Exclude),
    NotNull(Name),
}

/// `EXCLUDE USING method (item WITH operator, …) WHERE (condition)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclude {
    pub method: Option<Name>,
    pub items: Vec<(IndexItem, OpName)>,
    pub where_: Option<ExprId>,
}
