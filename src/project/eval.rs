//! What an expression's value is, across modules, without running anything.
//!
//! Bounded (depth and steps); what is not understood is [`ValueKind::Unknown`], never a guess. Names of packages
//! stay symbolic: `pgTable('users', …)` evaluates to a [`ValueKind::Call`] of the external
//! `drizzle-orm/pg-core`.`pgTable`, which `catalog::drizzle` then reads.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::base::file::FileId;
use crate::facts::Loc;
use crate::facts::sym::Sym;

/// A module-level declaration (or default export, named `default`): the identity of a table, enum, fragment, …
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeclRef {
    pub file: FileId,
    pub name: SmolStr,
}

/// A place in some file's source map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Site {
    pub file: FileId,
    pub loc: Loc,
}

/// A value, and the declaration it was last read from, if any.
#[derive(Debug, Clone)]
pub struct Value {
    pub kind: Arc<ValueKind>,
    pub decl: Option<DeclRef>,
    /// The name of the declaration, or the literal.
    pub site: Option<Site>,
}

#[derive(Debug, Clone)]
pub enum ValueKind {
    Unknown,
    String(SmolStr),
    /// As written in the source, sign included.
    Number(SmolStr),
    BigInt(SmolStr),
    Bool(bool),
    Null,
    Undefined,
    Regex(SmolStr),
    /// `open`: an unknown spread may add elements.
    Array {
        items: Vec<Value>,
        open: bool,
    },
    /// In insertion order, later keys replacing earlier ones. `open`: an unknown spread or computed key may add
    /// or replace entries.
    Object {
        entries: Vec<Entry>,
        open: bool,
    },
    /// `import * as ns` or a file imported whole; its exports are evaluated on demand ([`Evaluator::export`]).
    Namespace(FileId),
    /// A name of a package outside the workspace, or of a global: `drizzle-orm/pg-core` + [`pgTable`].
    External {
        package: SmolStr,
        path: Vec<SmolStr>,
    },
    /// `object.name` where the object is symbolic (a call, an external, a table).
    Member {
        object: Value,
        name: SmolStr,
        site: Site,
    },
    /// A call that was not reduced, because its callee is external, a method of something symbolic, or unknown.
    Call {
        callee: Value,
        args: Vec<Value>,
        site: Site,
    },
    New {
        callee: Value,
        args: Vec<Value>,
    },
    Closure(Closure),
    /// A template whose tag is symbolic, or an untagged one with an unknown hole (`tag: None`).
    Template {
        tag: Option<Value>,
        quasis: Vec<SmolStr>,
        holes: Vec<Value>,
        site: Site,
    },
    /// One of these, decided at run time.
    OneOf(Vec<Value>),
    /// A value that a caller bound to a parameter by hand (see [`Evaluator::call_with`]): opaque to evaluation,
    /// its meaning is the caller's. The text names it (`table`, `qb`, `ops`, …).
    Bound(SmolStr),
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub key: SmolStr,
    pub site: Site,
    pub value: Value,
}

/// A function literal with what its free parameters mean.
#[derive(Debug, Clone)]
pub struct Closure {
    pub file: FileId,
    pub function: Arc<Sym>,
    /// Arguments of the enclosing functions, innermost last.
    pub env: Vec<Arc<Vec<Value>>>,
}
