//! The query tree that analysis sees: PostgreSQL's raw parse tree (`parsenodes.h`) made tolerant. Every node has
//! an exact range and every child may be missing.
//!
//! Expressions live in one arena per statement, so that what analysis learns of them (types, targets) can stand
//! in vectors beside it. Everything else is an ordinary tree.

use smol_str::SmolStr;

use super::Ident;
use crate::base::text::TextRange;

pub mod ddl;
mod dml;
mod expr;
mod query;
mod utility;

pub use ddl::Ddl;
pub use dml::*;
pub use expr::*;
pub use query::*;
pub use utility::*;

/// One statement; the only owner of its expressions.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// From the first to the last token; relative to the statement's text like every range in the tree.
    pub range: TextRange,
    pub kind: StatementKind,
    pub exprs: Vec<Expr>,
    /// What the statement as a whole says beside its kind.
    pub utility: Option<Box<Utility>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

impl Statement {
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// SELECT, VALUES, TABLE, with or without WITH.
    Query(Box<Query>),
    Insert(Box<Insert>),
    Update(Box<Update>),
    Delete(Box<Delete>),
    Merge(Box<Merge>),
    Ddl(Box<Ddl>),
    /// EXPLAIN, PREPARE x AS, DECLARE c CURSOR FOR, COPY (…) TO, and MySQL's UPDATE of several tables: the statement
    /// inside is what is analysed.
    Wrapped {
        kind: WrapperKind,
        name: Option<Name>,
        param_types: Vec<TypeName>,
        /// `(name [value], …)` of EXPLAIN and COPY, each a name and the value where it is one word; the words of
        /// DECLARE before FOR (`scroll`, `hold`).
        options: Vec<(Name, Option<Name>)>,
        inner: Box<StatementKind>,
    },
    /// What is done with the session's cursors and prepared statements.
    Session(Session),
    /// Recognised and without effect on names or types (BEGIN, GRANT, SET x, VACUUM, …), or so broken that not
    /// even its kind is known. Holds the leading keywords in upper case, e.g. `GRANT`.
    Other(SmolStr),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Session {
    /// FETCH and MOVE.
    Fetch { cursor: Name, moves: bool },
    /// `None`: all cursors.
    Close(Option<Name>),
    /// `None`: all prepared statements.
    Deallocate(Option<Name>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrapperKind {
    Explain,
    Prepare,
    DeclareCursor,
    Copy,
    /// CALL: the call is the only target of a query.
    Call,
    /// MySQL's UPDATE and DELETE of several tables: the query inside speaks of the same names.
    Joined,
}

/// One name with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub ident: Ident,
    pub range: TextRange,
}

/// A possibly qualified name, outermost part first: `db.schema.table`. Never empty in a parsed tree unless the
/// name is missing from the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QName {
    pub parts: Vec<Name>,
}

impl QName {
    pub fn last(&self) -> Option<&Name> {
        self.parts.last()
    }

    /// The schema part of `schema.name` or `db.schema.name`.
    pub fn schema(&self) -> Option<&Name> {
        self.parts.len().checked_sub(2).map(|idx| &self.parts[idx])
    }

    pub fn range(&self) -> Option<TextRange> {
        Some(self.parts.first()?.range.cover(self.parts.last()?.range))
    }

    pub fn is_dynamic(&self) -> bool {
        self.parts.iter().any(|it| it.ident.is_dynamic())
    }
}

/// A type as written: `double precision`, `varchar(20)[]`, `public.mood`, `setof users`, `users.id%type`.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeName {
    pub range: TextRange,
    /// Grammar spellings are replaced by catalog names: `int` → pg_catalog.int4, `double precision` →
    /// pg_catalog.float8, `timestamp with time zone` → pg_catalog.timestamptz, `char` → pg_catalog.bpchar.
    pub name: QName,
    /// The modifiers in parentheses; interval fields are folded in as PostgreSQL does.
    pub modifiers: Vec<ExprId>,
    /// Number of `[]`/`ARRAY` bounds.
    pub array_dims: u32,
    pub setof: bool,
    /// `%TYPE`: the name is that of a column.
    pub of_column: bool,
}

impl TypeName {
    /// A name with nothing behind it.
    pub fn plain(range: TextRange, name: QName) -> TypeName {
        TypeName { range, name, modifiers: Vec::new(), array_dims: 0, setof: false, of_column: false }
    }
}
