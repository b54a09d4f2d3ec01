//! What can be named at a place of a statement: the statement is read and bound with a stand-in name there.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Context, Ty, analyze};
use crate::base::text::TextRange;
use crate::catalog::{QualifiedName, Relation, Type};
use crate::sql::{Ident, hir};

/// The stand-in. Plain, so that it is an identifier wherever one may stand, and nobody's name.
pub const MARKER: &str = "columnist_cursor__";

/// What the stand-in's place lets name.
#[derive(Debug, Clone)]
pub struct Scope {
    pub slot: Slot,
    pub clause: Clause,
    /// FROM items, those of the innermost query first, each query's in the order of its text.
    pub items: Vec<Item>,
    /// Common table expressions, the nearest first.
    pub ctes: Vec<Item>,
    /// Names of the query's WINDOW clause.
    pub windows: Vec<Ident>,
    /// Columns of the select list, where a clause may name them.
    pub outputs: Vec<Column>,
    pub expected: Expected,
    /// In ON: how many of `items` of the innermost query stand left of the JOIN.
    pub n_left: Option<usize>,
    /// Columns that the INSERT's list or the SET clause names already.
    pub listed: Vec<Ident>,
    /// `$1…$n` occur in the statement.
    pub n_params: u32,
    /// Names may be in scope that are not known.
    pub open: bool,
}

/// What kind of name stands there.
#[derive(Debug, Clone)]
pub enum Slot {
    /// A column or call in an expression, perhaps behind a qualifier.
    Value {
        qualifier: Vec<Ident>,
    },
    /// A field of a composite value.
    Field {
        columns: Vec<Column>,
    },
    /// A relation; `change`: one that the statement changes.
    Relation {
        schema: Option<Ident>,
        change: bool,
    },
    Type {
        schema: Option<Ident>,
    },
    /// A column of the relation that gets a value.
    Assigned {
        target: Box<Item>,
        insert: bool,
    },
    /// A column of both sides of a JOIN.
    Using {
        left: Vec<Column>,
        right: Vec<Column>,
    },
    Window,
    /// `FOR UPDATE OF`.
    Locked,
    Constraint {
        relation: Arc<Relation>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clause {
    Target,
    From,
    On,
    Where,
    GroupBy,
    Having,
    OrderBy,
    Window,
    Limit,
    Values,
    Set,
    Returning,
    Conflict,
    Other,
}

/// Something in FROM, or a CTE.
#[derive(Debug, Clone)]
pub struct Item {
    /// Alias, or the relation's own name.
    pub name: Ident,
    pub kind: ItemKind,
    pub aliased: bool,
    /// Its name can qualify.
    pub named: bool,
    /// Its columns can be named without it.
    pub bare: bool,
    pub relation: Option<Arc<Relation>>,
    pub columns: Vec<Column>,
    /// It may have columns that are not listed.
    pub open: bool,
    /// Queries between it and the place: 0 for the innermost.
    pub distance: u32,
    /// Where the statement introduces it.
    pub range: TextRange,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemKind {
    Relation,
    Cte,
    Query,
    Function,
    Join,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: Ident,
    pub ty: Ty,
    pub nullable: Option<bool>,
    /// The table column that it is an unchanged copy of.
    pub source: Option<(QualifiedName, Ident)>,
}

/// What kind of value fits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// Any of these types; empty: nothing is known.
    pub types: Vec<Type>,
    /// The column that it is compared with or assigned to.
    pub column: Option<(QualifiedName, Ident)>,
    /// It becomes the column's value: DEFAULT may stand there.
    pub assigned: bool,
    /// The call whose argument it is, and which.
    pub call: Option<(SmolStr, usize)>,
}

/// Reads what the place of [`MARKER`] in a statement allows; `None` where the stand-in is no name that analysis
/// knows: an alias, junk, DDL.
pub fn at(ctx: Context<'_>, statement: &hir::Statement, text: &str) -> Option<Scope> {
    analyze::scope(ctx, statement, text)
}

/// Whether an identifier is the stand-in.
pub fn is_marker(ident: &Ident) -> bool {
    ident.as_str() == MARKER
}
