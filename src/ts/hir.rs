//! The small expression tree of a TypeScript module: what is needed to follow names and constant values, and to
//! see which call an expression stands in. Ranges are byte ranges of the file.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::base::text::TextRange;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub u32);

impl ScopeId {
    /// The module's own scope.
    pub const MODULE: ScopeId = ScopeId(0);
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Module {
    pub exprs: Vec<Expr>,
    pub scopes: Vec<Scope>,
    pub imports: Vec<Import>,
    pub exports: Vec<Export>,
    /// TypeScript `enum` declarations of the module scope.
    pub enums: Vec<EnumDecl>,
    /// Static fields and methods of classes with their values, by the class's expression.
    pub statics: Vec<(ExprId, Vec<StaticField>)>,
    /// Fields of classes with their types as written, by the class's expression.
    pub fields: Vec<(ExprId, Vec<(SmolStr, SmolStr)>)>,
    /// Interfaces and type aliases of the module scope, if they are short.
    pub types: Vec<TypeDecl>,
    /// Expression statements of the module scope, in order (`db.execute(…)`, `module.exports = …`).
    pub top_level: Vec<ExprId>,
    /// Expression statements of every scope, in the order of their ids.
    pub statements: Vec<ExprId>,
    /// Bodies of `for`, `while` and `do` loops, in text order.
    pub loops: Vec<TextRange>,
    /// The last binding of each name in the module's own scope, by its index; empty while the module is built.
    pub names: FxHashMap<SmolStr, u32>,
}

impl Module {
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    /// The functions around a scope, innermost first.
    pub fn functions_around(&self, scope: ScopeId) -> Vec<ExprId> {
        let scopes = std::iter::successors(Some(scope), |it| self.scope(*it).parent);
        scopes.filter_map(|it| self.scope(it).function).collect()
    }

    /// The binding that `name` means in `scope`, looking outward; the scope that holds it beside it.
    pub fn lookup(&self, scope: ScopeId, name: &str) -> Option<(ScopeId, &Binding)> {
        let mut current = Some(scope);
        while let Some(id) = current {
            let scope = self.scope(id);
            let binding = if id == ScopeId::MODULE && !self.names.is_empty() {
                self.names.get(name).and_then(|it| scope.bindings.get(*it as usize))
            } else {
                scope.bindings.iter().rev().find(|it| it.name == name)
            };
            if let Some(binding) = binding {
                return Some((id, binding));
            }
            current = scope.parent;
        }
        None
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub range: TextRange,
    /// The expression this one is a direct child of.
    pub parent: Option<ExprId>,
    pub scope: ScopeId,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    Missing,
    Ident(SmolStr),
    /// `this`, `super`.
    This,
    String(StringLit),
    Template(Template),
    /// As written; the value is parsed where it matters.
    Number(SmolStr),
    BigInt(SmolStr),
    Bool(bool),
    Null,
    Undefined,
    Regex(SmolStr),
    Array(Vec<ExprId>),
    Object(Vec<Prop>),
    /// `...x`, in arrays, arguments and (as [`Prop::Spread`]) objects.
    Spread(ExprId),
    Call {
        callee: ExprId,
        args: Vec<ExprId>,
        type_args: Vec<SmolStr>,
        optional: bool,
    },
    New {
        callee: ExprId,
        args: Vec<ExprId>,
    },
    Member {
        object: ExprId,
        name: SmolStr,
        name_range: TextRange,
        optional: bool,
    },
    Index {
        object: ExprId,
        index: ExprId,
    },
    Function(Function),
    Conditional {
        test: ExprId,
        then: ExprId,
        else_: ExprId,
    },
    /// `&& || ??`.
    Logical {
        op: SmolStr,
        left: ExprId,
        right: ExprId,
    },
    Binary {
        op: SmolStr,
        left: ExprId,
        right: ExprId,
    },
    Unary {
        op: SmolStr,
        operand: ExprId,
    },
    Assign {
        op: SmolStr,
        left: ExprId,
        right: ExprId,
    },
    Await(ExprId),
    /// `x as T`, `<T>x`; `x!` and `x satisfies T` have an empty type. `as const` has the type `const`.
    Assertion {
        expr: ExprId,
        ty: SmolStr,
    },
    /// `import('x')`.
    DynamicImport(Option<SmolStr>),
    /// Anything else; its child expressions.
    Other(Vec<ExprId>),
}

impl ExprKind {
    /// Direct children, in text order where it matters. Of a function: what it returns.
    pub fn for_each_child(&self, mut acc: impl FnMut(ExprId)) {
        match self {
            ExprKind::Missing
            | ExprKind::Ident(_)
            | ExprKind::This
            | ExprKind::String(_)
            | ExprKind::Number(_)
            | ExprKind::BigInt(_)
            | ExprKind::Bool(_)
            | ExprKind::Null
            | ExprKind::Undefined
            | ExprKind::Regex(_)
            | ExprKind::DynamicImport(_) => {}
            ExprKind::Template(it) => it.tag.iter().chain(&it.holes).for_each(|it| acc(*it)),
            ExprKind::Array(items) | ExprKind::Other(items) => items.iter().for_each(|it| acc(*it)),
            ExprKind::Object(props) => {
                for prop in props {
                    match prop {
                        Prop::Field { value, .. } => acc(*value),
                        Prop::Computed { key, value } => {
                            acc(*key);
                            acc(*value);
                        }
                        Prop::Spread(it) => acc(*it),
                    }
                }
            }
            ExprKind::Spread(it) | ExprKind::Await(it) => acc(*it),
            ExprKind::Call { callee, args, .. } | ExprKind::New { callee, args } => {
                acc(*callee);
                args.iter().for_each(|it| acc(*it));
            }
            ExprKind::Member { object, .. } => acc(*object),
            ExprKind::Index { object, index } => {
                acc(*object);
                acc(*index);
            }
            ExprKind::Function(it) => it.returns.iter().for_each(|it| acc(*it)),
            ExprKind::Conditional { test, then, else_ } => {
                acc(*test);
                acc(*then);
                acc(*else_);
            }
            ExprKind::Logical { left, right, .. }
            | ExprKind::Binary { left, right, .. }
            | ExprKind::Assign { left, right, .. } => {
                acc(*left);
                acc(*right);
            }
            ExprKind::Unary { operand, .. } => acc(*operand),
            ExprKind::Assertion { expr, .. } => acc(*expr),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct StringLit {
    /// The value, escapes decoded.
    pub value: SmolStr,
    pub map: LiteralMap,
}

/// How a decoded piece of literal text lies in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LiteralMap {
    /// The file's bytes between the delimiters.
    pub host: TextRange,
    /// Where decoding changed lengths: (byte offset in the decoded text after the escape, byte offset in the
    /// file after the escape, both absolute in their text), ascending. Between entries offsets run in parallel.
    pub escapes: Vec<Escape>,
}

/// One escape sequence: `host_start..host_end` in the file became `start..end` of the decoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escape {
    pub start: u32,
    pub end: u32,
    pub host_start: u32,
    pub host_end: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// The tag expression, `sql` or `sql<number>` without its type arguments.
    pub tag: Option<ExprId>,
    /// Source text of the tag's type arguments.
    pub type_args: Vec<SmolStr>,
    /// One more than `holes`; decoded ("cooked") text.
    pub quasis: Vec<StringLit>,
    pub holes: Vec<ExprId>,
    /// The file's bytes between the backquotes.
    pub inner: TextRange,
    /// False when the closing backquote is missing.
    pub closed: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Prop {
    /// `key: value`, `key` (shorthand: value is an identifier), `'key': value`, and methods (value: a function).
    Field {
        key: SmolStr,
        key_range: TextRange,
        value: ExprId,
        shorthand: bool,
    },
    /// `[expr]: value`.
    Computed {
        key: ExprId,
        value: ExprId,
    },
    Spread(ExprId),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    pub name: Option<SmolStr>,
    /// Parameters in order; destructured ones have no name here but bind theirs in `scope`.
    pub params: Vec<Param>,
    pub is_async: bool,
    pub scope: ScopeId,
    /// The expression body of an arrow, or every `return`ed expression of a block body, in order.
    pub returns: Vec<ExprId>,
    /// The whole body is one returned expression (`=> x`, `{ return x }`), constant declarations before it allowed.
    pub simple: bool,
    /// Tests of `if (test) return …;` without `else`, when the body is nothing but these, constant declarations and
    /// one last `return`: `returns` then has one more, and the first true test chooses. Else empty.
    pub guards: Vec<ExprId>,
    pub body: TextRange,
    /// Source text of the type that it is said to return.
    pub ty: Option<SmolStr>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    pub name: Option<SmolStr>,
    pub default: Option<ExprId>,
    /// Source text of the type annotation.
    pub ty: Option<SmolStr>,
    pub rest: bool,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scope {
    pub parent: Option<ScopeId>,
    /// The function expression whose body this is.
    pub function: Option<ExprId>,
    pub bindings: Vec<Binding>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    pub name: SmolStr,
    pub name_range: TextRange,
    pub kind: BindingKind,
    /// Source text of the type annotation.
    pub ty: Option<SmolStr>,
    /// Bytes of the whole declaration (the declarator with `export const …`), for suppression and symbols.
    pub decl: TextRange,
}

#[derive(Debug, Clone, PartialEq)]
pub enum BindingKind {
    /// `const x = init`; `path` leads from the initialiser to the value for destructuring (`const { a: { b } }`).
    Const {
        init: Option<ExprId>,
        path: Vec<SmolStr>,
    },
    /// `let` and `var`: the initialiser is not the value for good. `assigned`: it is assigned to later.
    Let {
        init: Option<ExprId>,
        path: Vec<SmolStr>,
        assigned: bool,
    },
    Function(ExprId),
    Class(Option<ExprId>),
    /// Parameter `index` of the function that owns the scope; `path` for destructured ones.
    Param {
        index: u32,
        path: Vec<SmolStr>,
    },
    /// Index into [`Module::imports`].
    Import(u32),
    /// Index into [`Module::enums`].
    Enum(u32),
    /// for-of variables, catch parameters, generators: never known.
    Opaque,
}

/// What `...rest` of a destructuring pattern takes, as a key of the path of a [`BindingKind`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rest<'k> {
    /// Of an object: all but these.
    Without(Vec<&'k str>),
    /// Of an array: all from this one on.
    From(usize),
}

impl<'k> Rest<'k> {
    /// A key that no property has.
    pub fn key(&self) -> SmolStr {
        match self {
            Rest::Without(keys) => format!("\0{{{}", keys.join("\0")).into(),
            Rest::From(first) => smol_str::format_smolstr!("\0[{first}"),
        }
    }

    /// What [`Rest::key`] says; `None` for the name of a property.
    pub fn of_key(key: &'k str) -> Option<Rest<'k>> {
        let rest = key.strip_prefix('\0')?;
        match rest.strip_prefix('{') {
            Some("") => Some(Rest::Without(Vec::new())),
            Some(keys) => Some(Rest::Without(keys.split('\0').collect())),
            None => Some(Rest::From(rest.strip_prefix('[')?.parse().ok()?)),
        }
    }
}

/// One imported name. `import d, { a as b } from 'm'` is two of these.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Import {
    pub specifier: SmolStr,
    pub specifier_range: TextRange,
    pub name: ImportName,
    pub local: SmolStr,
    pub type_only: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ImportName {
    Named(SmolStr),
    Default,
    /// `import * as ns`; also `const ns = require('m')`.
    Namespace,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Export {
    /// `export const x`, `export { local as name }`, `export default ident` (name `default`).
    Local { name: SmolStr, local: SmolStr, type_only: bool },
    /// `export default <expr>`, `module.exports = <expr>`.
    DefaultExpr(ExprId),
    /// `export { name as as_ } from 'm'`.
    From { specifier: SmolStr, name: ImportName, as_: SmolStr, type_only: bool },
    /// `export * from 'm'`.
    All { specifier: SmolStr },
}

/// `static name = value` of a class; a method's value is its function.
#[derive(Debug, Clone, PartialEq)]
pub struct StaticField {
    pub name: SmolStr,
    pub name_range: TextRange,
    pub value: ExprId,
}

/// `interface name { … }`, `type name = …`: what stands behind the name, braces and all.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TypeDecl {
    pub name: SmolStr,
    pub text: SmolStr,
}

#[derive(Debug, Clone, PartialEq)]
pub struct EnumDecl {
    pub name: SmolStr,
    /// Member name and its value, where it is a string or number literal.
    pub members: Vec<(SmolStr, Option<SmolStr>)>,
}
