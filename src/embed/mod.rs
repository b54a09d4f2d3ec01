//! Room 2: host text → fragments of SQL. Says where SQL may stand in a TypeScript file, what its literal pieces
//! and holes are and which calls enclose it; never what a hole's name means.

pub mod chain;
pub mod extract;
pub mod sniff;

use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::ts::hir::{ExprId, LiteralMap};

pub use extract::fragments;

/// Index of a fragment in its file, in text order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FragmentId(pub u32);

/// A piece of SQL in a TypeScript file.
#[derive(Debug, Clone, PartialEq)]
pub struct Fragment {
    pub id: FragmentId,
    /// The tagged template, or the string literal.
    pub expr: ExprId,
    pub source: Source,
    /// The file's bytes from the first to the last delimiter.
    pub host: TextRange,
    pub pieces: Vec<Piece>,
    /// Source text of `sql<…>`'s type argument.
    pub type_arg: Option<SmolStr>,
    /// The calls, object keys and functions around it, innermost first.
    pub context: Vec<Frame>,
    /// The closing delimiter is missing.
    pub unclosed: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A template with this tag expression (`sql`, `db.sql`, `orm.sql`, …); who the tag is, resolution decides.
    Tagged { tag: ExprId },
    /// `sql.raw('…')`, with the callee's object (`sql`).
    Raw { object: ExprId },
    /// `db.execute('…')`, `client.query('…')`: a constant string where SQL is expected; the receiver.
    Execute { receiver: ExprId, method: SmolStr },
}

#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    Text { text: SmolStr, map: LiteralMap },
    Hole { expr: ExprId, host: TextRange },
}

/// One step from a fragment outward.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// The fragment is (in) argument `index` of this call; `method` is the last name of the callee
    /// (`where` of `db.select().from(t).where(…)`, `eq` of `eq(…)`).
    Arg { call: ExprId, method: SmolStr, index: u32 },
    /// It is (in) the value of this key of an object literal.
    Key { object: ExprId, key: SmolStr },
    /// It is an element of this array literal.
    Element { array: ExprId, index: u32 },
    /// It is the receiver of a method: ``sql`…`.as('x')``.
    Receiver { call: ExprId, method: SmolStr },
    /// It is hole `index` of another template.
    Hole { template: ExprId, index: u32 },
    /// It is (in) what this function returns.
    Returned { function: ExprId },
    /// It is the initialiser of this variable.
    Variable { name: SmolStr },
    /// It is one alternative of a conditional or logical expression.
    Alternative { expr: ExprId },
}
