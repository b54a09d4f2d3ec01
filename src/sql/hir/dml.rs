//! Statements that change rows: INSERT, UPDATE, DELETE, MERGE.

use super::*;

#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    pub range: TextRange,
    pub with: Option<With>,
    pub table: QName,
    pub alias: Option<Name>,
    /// Empty when no column list is written; `columns_range` covers it with its parentheses.
    pub columns: Vec<TargetColumn>,
    pub columns_range: Option<TextRange>,
    pub overriding: Option<Overriding>,
    pub source: InsertSource,
    pub on_conflict: Option<OnConflict>,
    pub returning: Vec<Target>,
    /// `RETURNING WITH (OLD AS o, NEW AS n)`: `old` or `new`, and its name here.
    pub returning_names: Vec<(Name, Name)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overriding {
    User,
    System,
}

#[derive(Debug, Clone, PartialEq)]
pub enum InsertSource {
    DefaultValues,
    Query(Box<Query>),
    Missing,
}

/// A column that is assigned to, possibly one of its fields or elements.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetColumn {
    pub name: Name,
    /// `.field` and `[i]` behind the name.
    pub fields: Vec<Name>,
    pub subscripts: Vec<Subscript>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct OnConflict {
    pub range: TextRange,
    pub target: ConflictTarget,
    /// `None`: DO NOTHING.
    pub update: Option<ConflictUpdate>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ConflictTarget {
    None,
    Index {
        range: TextRange,
        items: Vec<ExprId>,
        where_: Option<ExprId>,
        /// What an index may say and an arbiter may not, in PostgreSQL's words: `ASC/DESC is`.
        misplaced: Option<&'static str>,
    },
    Constraint(Name),
}

#[derive(Debug, Clone, PartialEq)]
pub struct ConflictUpdate {
    pub set: Vec<Assignment>,
    pub where_: Option<ExprId>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Assignment {
    One {
        target: TargetColumn,
        value: ExprId,
    },
    /// `(a, b) = (1, 2)`, `= ROW(…)`, `= (SELECT …)`.
    Many {
        targets: Vec<TargetColumn>,
        value: ExprId,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    pub range: TextRange,
    pub with: Option<With>,
    pub table: QName,
    pub only: bool,
    pub alias: Option<Name>,
    pub set: Vec<Assignment>,
    pub from: Vec<FromItem>,
    pub where_: Option<ExprId>,
    pub returning: Vec<Target>,
    /// `RETURNING WITH (OLD AS o, NEW AS n)`: `old` or `new`, and its name here.
    pub returning_names: Vec<(Name, Name)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    pub range: TextRange,
    pub with: Option<With>,
    pub table: QName,
    pub only: bool,
    pub alias: Option<Name>,
    pub using: Vec<FromItem>,
    pub where_: Option<ExprId>,
    pub returning: Vec<Target>,
    /// `RETURNING WITH (OLD AS o, NEW AS n)`: `old` or `new`, and its name here.
    pub returning_names: Vec<(Name, Name)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    pub range: TextRange,
    pub with: Option<With>,
    pub table: QName,
    pub alias: Option<Name>,
    pub source: FromItem,
    pub on: ExprId,
    pub whens: Vec<MergeWhen>,
    pub returning: Vec<Target>,
    /// `RETURNING WITH (OLD AS o, NEW AS n)`: `old` or `new`, and its name here.
    pub returning_names: Vec<(Name, Name)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct MergeWhen {
    pub matched: MergeMatch,
    pub condition: Option<ExprId>,
    pub action: MergeAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeMatch {
    Matched,
    NotMatchedBySource,
    NotMatchedByTarget,
}

#[derive(Debug, Clone, PartialEq)]
pub enum MergeAction {
    DoNothing,
    Delete,
    Update(Vec<Assignment>),
    /// `DEFAULT VALUES` has no values.
    Insert {
        columns: Vec<TargetColumn>,
        overriding: Option<Overriding>,
        values: Vec<ExprId>,
    },
}
