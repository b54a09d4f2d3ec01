//! What a fragment is, and the statement that wraps it (CONTRACTS, "Fragments").
//!
//! `role` reads the enclosing calls, `scope` the query builder chain around them, `wrap` makes the statement.

pub mod chain;
mod awaited;
mod kysely;
pub mod role;
pub mod wrap;

use std::sync::Arc;

use smol_str::SmolStr;

use crate::base::file::FileId;
use crate::base::text::{TextRange, TextSize};
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
    /// (A statement of) a rendered fragment: after `wrapper` bytes of wrapper stand the bytes from `start` of the
    /// rendered text, `len` of them.
    Fragment { wrapper: TextSize, start: TextSize, len: TextSize, map: Arc<super::render::OffsetMap> },
}

impl Placement {
    /// The bytes of the file to underline for a range of the analysed text; `None` when it lies in a wrapper.
    pub fn to_host(&self, range: TextRange) -> Option<TextRange> {
        match self {
            Placement::Plain(start) => Some(range + *start),
            Placement::Fragment { map, .. } => map.to_host(self.rendered(range)?),
        }
    }

    /// The bytes of the file that an edit of a range must replace; `None` where it touches a hole or a wrapper.
    pub fn to_host_exact(&self, range: TextRange) -> Option<TextRange> {
        match self {
            Placement::Plain(start) => Some(range + *start),
            Placement::Fragment { map, .. } => map.to_host_exact(self.rendered(range)?),
        }
    }

    /// The offset of the analysed text for one of the file; `None` outside of its literal text.
    pub fn from_host(&self, offset: TextSize) -> Option<TextSize> {
        match self {
            Placement::Plain(start) => offset.checked_sub(*start),
            Placement::Fragment { wrapper, start, len, map } => {
                let inside = map.from_host(offset)?.checked_sub(*start)?;
                (inside <= *len).then(|| inside + *wrapper)
            }
        }
    }

    fn rendered(&self, range: TextRange) -> Option<TextRange> {
        let Placement::Fragment { wrapper, start, len, .. } = self else { return Some(range) };
        let inside = TextRange::at(*wrapper, *len);
        inside.contains_range(range).then(|| range - *wrapper + *start)
    }
}

/// The package for a file, a type as written in it, and the members that lead on.
pub type PackageOf<'a> = &'a dyn Fn(FileId, &str, &[SmolStr]) -> Option<SmolStr>;

/// What is needed to understand an expression of the file.
pub struct Env<'a> {
    pub module: &'a Module,
    pub file: FileId,
    pub catalog: &'a Catalog,
    /// The value of an expression of `module`; unknown when it is not known.
    pub value: &'a dyn Fn(ExprId) -> Value,
    /// The package that the values of a type come from: of the members that lead on from the type written in a file.
    pub package: PackageOf<'a>,
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
    /// What `asc(…)` or `desc(…)` writes its word behind.
    Sorted(&'static str),
    /// An element of an index: an expression with operator class and order behind it.
    IndexItem,
    Limit,
    TableReference,
    /// A type, an operator, a word of another library's builder: no statement can be made of it.
    Part,
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
