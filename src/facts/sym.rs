//! Symbolic values: what the declarations of a module say, as far as it can be known without running them.
//! The facts of a TypeScript file are these; `project::eval` follows their names across modules.

mod classes;
pub mod lower;
pub mod queries;

use smol_str::SmolStr;

use super::Loc;

/// A position-free expression. Local constants are named by [`Sym::Name`] and found in the module's facts or in
/// the enclosing [`Sym::Let`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Sym {
    /// Not known, and never will be from this text.
    Unknown,
    String(SmolStr, Loc),
    Number(SmolStr),
    BigInt(SmolStr),
    Bool(bool),
    Null,
    Undefined,
    /// A regular expression literal's source.
    Regex(SmolStr),
    Array(Vec<Sym>),
    Object(Vec<SymProp>, Loc),
    Spread(Box<Sym>),
    /// A module-level name: a declaration, an import or a global. `Loc` is the use.
    Name(SmolStr, Loc),
    /// Parameter `index` of the function literal `depth` levels out (0: the innermost); `path` when destructured.
    Param {
        depth: u32,
        index: u32,
        path: Vec<SmolStr>,
        name: SmolStr,
    },
    Member(Box<Sym>, SmolStr, Loc),
    Index(Box<Sym>, Box<Sym>),
    Call {
        callee: Box<Sym>,
        args: Vec<Sym>,
        loc: Loc,
    },
    New {
        callee: Box<Sym>,
        args: Vec<Sym>,
    },
    /// A function of which every path returns `ret` (`None`: not one simple expression).
    Function {
        params: Vec<SymParam>,
        ret: Option<Box<Sym>>,
        is_async: bool,
        /// Source text of the type that it is said to return.
        ty: Option<SmolStr>,
        /// What it calls or constructs for what it returns, where neither `ret` nor `ty` says what that is.
        makes: Option<Box<Sym>>,
        /// Parameters, by index, of which it does nothing but give them to `execute(…)`.
        runs: Vec<u32>,
        /// The handle of a query builder's chain that it awaits or returns itself, not in a function of its own. Places in
        /// it mean nothing.
        queries: Option<Box<Sym>>,
    },
    Template {
        tag: Option<Box<Sym>>,
        quasis: Vec<SmolStr>,
        holes: Vec<Sym>,
        loc: Loc,
    },
    Conditional(Box<Sym>, Box<Sym>, Box<Sym>),
    Logical(SmolStr, Box<Sym>, Box<Sym>),
    Binary(SmolStr, Box<Sym>, Box<Sym>),
    Unary(SmolStr, Box<Sym>),
    Await(Box<Sym>),
    /// The type's source text; `as const`, `satisfies`, `!` are already stripped.
    Assertion(Box<Sym>, SmolStr),
    /// Members of a TypeScript `enum`.
    Enum(Vec<(SmolStr, Option<SmolStr>)>),
    /// `import('specifier')`.
    Import(SmolStr),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SymProp {
    Field { key: SmolStr, loc: Loc, value: Sym },
    Computed(Sym, Sym),
    Spread(Sym),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SymParam {
    pub name: Option<SmolStr>,
    pub default: Option<Sym>,
    pub ty: Option<SmolStr>,
    /// `...name`: holds the remaining arguments as an array.
    pub rest: bool,
}

/// An expression out of the middle of a module, with what its free parameters belong to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Lowered {
    pub sym: Sym,
    /// The functions around the expression, innermost first. A [`Sym::Param`] whose `depth` leads out of every
    /// function literal of `sym` counts on into this list.
    pub functions: Vec<FunctionSource>,
}

/// A function around an expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FunctionSource {
    pub params: Vec<SymParam>,
    /// Where the function literal stands, if it is (in) an argument of a call: what the callee hands it, it gets.
    pub call: Option<CallSite>,
}

/// The place of a function literal in a call.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallSite {
    /// The call, the function itself replaced by [`Sym::Unknown`]. Its free parameters belong to the functions
    /// further out: depth 0 is the next of [`Lowered::functions`].
    pub call: Sym,
    /// The argument that is the function or holds it.
    pub arg: u32,
    /// Keys from the argument to the function: `where` of `findMany({ where: (t) => … })`.
    pub path: Vec<SmolStr>,
}
