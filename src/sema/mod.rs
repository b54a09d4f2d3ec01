//! Room 6: statement × catalog → names, types, parameters, nullability, lineage and what PostgreSQL would
//! refuse. Pure functions; no cursor, no files.
//!
//! Silence beats a false alarm: [`Ty::Unknown`] is "we do not know" and silences what follows from it; one missing
//! table is one problem.

pub mod analyze;
pub mod bindings;
pub mod body;
pub mod code;
pub mod fragment;
pub mod literal;
pub mod render;
pub mod resolve;
pub mod scope;

use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::catalog::{Catalog, Collation, Origin, QualifiedName, Type, TypeId};
use crate::sql::{Ident, hir};
pub use analyze::{missing_column, uses};
pub use code::Code;

/// What is known of an expression's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ty {
    /// Not known to us. (A literal whose type PostgreSQL has not decided is `Known(TypeId::UNKNOWN)`.)
    Unknown,
    Known(Type),
}

/// Everything that was learned of one statement. Ranges are relative to the statement's text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Analysis {
    /// Beside `Statement::exprs`.
    pub exprs: Vec<ExprInfo>,
    /// The row a query or a RETURNING clause yields; empty for others.
    pub columns: Vec<OutputColumn>,
    /// Whether `columns` may be incomplete (a star over an open relation).
    pub columns_open: bool,
    /// `$1`, `$2`, … in order; holes in the numbering are unknown.
    pub params: Vec<Ty>,
    pub problems: Vec<Problem>,
    /// Every name that was resolved, for navigation.
    pub references: Vec<Reference>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExprInfo {
    pub ty: Ty,
    /// `None`: not known.
    pub nullable: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputColumn {
    pub name: Ident,
    pub ty: Ty,
    pub nullable: Option<bool>,
    /// The table column it is an unchanged copy of.
    pub source: Option<(QualifiedName, Ident)>,
    pub collation: Collation,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub range: TextRange,
    pub target: Target,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Relation(QualifiedName),
    Column(QualifiedName, Ident),
    Type(TypeId),
    EnumLabel(TypeId, SmolStr),
    /// A name introduced in the statement itself (alias, CTE, output column): where.
    Local(TextRange),
    Function(QualifiedName),
}

/// Something PostgreSQL would refuse, or that is wrong for some data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub code: Code,
    /// Where PostgreSQL's error position points, widened to the whole name or expression that starts there.
    pub range: TextRange,
    /// PostgreSQL's primary message, word for word where there is one.
    pub message: String,
    /// PostgreSQL's hint, or ours.
    pub hint: Option<String>,
    pub related: Vec<Related>,
    pub fixes: Vec<Fix>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub place: Place,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Origin(Origin),
    /// In the same statement.
    Here(TextRange),
}

/// Edits in the statement's text that mend a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub title: String,
    /// It cannot change what a correct program does (CONTRACTS, "Fixes"); `check --fix` applies only these.
    pub safe: bool,
    pub edits: Vec<(TextRange, String)>,
}

/// The rows of something that a statement introduces: a CTE, a subquery, a function in FROM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalRows {
    /// The name's range, or the whole item's where it has none.
    pub range: TextRange,
    pub columns: Vec<OutputColumn>,
    /// Columns may exist that are not listed.
    pub open: bool,
}

/// What surrounds a statement.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub catalog: &'a Catalog,
    /// The types of `$1…` that the statement's surroundings tell (a function's parameters), `None` where they are not
    /// known to us; empty otherwise.
    pub params: &'a [Option<Type>],
    /// PL/pgSQL variables, function parameters by name: names that resolve when no column does. Innermost first.
    pub variables: &'a [Variable],
}

/// A parameter of the function around a statement, or a PL/pgSQL variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Of a `record`: every name that a field of it may ever have; `None`: not known, or no record.
    pub fields: Option<std::sync::Arc<[Ident]>>,
    pub name: Ident,
    /// Unknown for records.
    pub ty: Ty,
    /// What may qualify it: the function's name, the label of its block.
    pub owner: Option<Ident>,
    /// PL/pgSQL refuses a bare name that may mean a column too.
    pub conflicts: bool,
}

/// Analyses one statement against a catalog. `text` is the statement's text, for messages and ranges.
pub fn analyze(ctx: Context<'_>, statement: &hir::Statement, text: &str) -> Analysis {
    analyze::statement(ctx, statement, text)
}

/// The rows of what a statement introduces itself, for hovers; [`analyze`] does not keep them.
pub fn local_rows(ctx: Context<'_>, statement: &hir::Statement, text: &str) -> Vec<LocalRows> {
    analyze::local_rows(ctx, statement, text)
}
