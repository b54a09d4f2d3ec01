//! What a fragment is, and the statement that wraps it (CONTRACTS, "Fragments").
//!
//! `role` reads the enclosing calls, `scope` the query builder chain around them, `wrap` makes the statement.

pub mod chain;
pub mod role;
pub mod wrap;

use std::sync::Arc;

use smol_str::SmolStr;

use crate::base::file::FileId;
use crate::base::text::TextSize;
use crate::catalog::{Catalog, Entity, QualifiedName};
use crate::project::eval::{DeclRef, Value};
use crate::sql::Ident;
use crate::ts::hir::{ExprId, Module};

#[cfg(test)]
mod tests;

/// Leads ranges of an analysed text back to the file it stands in.
#[derive(Debug, Clone)]
pub enum Placement {
    /// The text is the file's bytes from this offset.
    Plain(TextSize),
    /// A wrapped fragment: `prefix` bytes of wrapper before the rendered text of `len` bytes.
    Fragment { prefix: TextSize, len: TextSize, map: Arc<super::render::OffsetMap> },
}

/// What is needed to understand an expression of the file.
pub struct Env<'a> {
    pub module: &'a Module,
    pub file: FileId,
    pub catalog: &'a Catalog,
    /// The value of an expression of `module`; unknown when it is not known.
    pub value: &'a dyn Fn(ExprId) -> Value,
}

impl Env<'_> {
    /// The relation that a declaration declares.
    pub fn relation_of(&self, decl: &DeclRef) -> Option<&QualifiedName> {
        match self.catalog.decls.get(decl)? {
            Entity::Relation(name) => Some(name),
            _ => None,
        }
    }
}

/// The closed list of what a fragment can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    Statement,
    Expression,
    /// A boolean expression: WHERE, a policy, a CHECK, an index predicate.
    Predicate,
    Having,
    /// Assigned to a column: has its type. `conflict`: `excluded` is in scope.
    Assigned {
        table: QualifiedName,
        key: SmolStr,
        conflict: bool,
    },
    /// A column's DEFAULT: an expression without columns.
    Default,
    GroupBy,
    OrderBy,
    Limit,
    TableReference,
    /// Stands in another fragment, which renders it.
    Nested,
    /// To be found out by trial.
    Unknown,
}

/// Which relations the fragment's names can mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    pub relations: Vec<ScopeRelation>,
    /// There may be more than those listed.
    pub open: bool,
    /// `GROUP BY` is, or may be, part of the query.
    pub grouped: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeRelation {
    pub name: QualifiedName,
    pub alias: Option<Ident>,
}

/// A fragment with its role and scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub role: Role,
    pub scope: Scope,
}
