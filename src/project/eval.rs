//! What an expression's value is, across modules, without running anything.
//!
//! Bounded (depth and steps); what is not understood is [`ValueKind::Unknown`], never a guess. Names of packages
//! stay symbolic: `pgTable('users', …)` evaluates to a [`ValueKind::Call`] of the external
//! `drizzle-orm/pg-core`.`pgTable`, which `catalog::drizzle` then reads.

mod builtin;
mod call;
mod drizzle;
mod expr;
pub mod memory;
mod module;
mod node;
mod order;
pub mod types;
mod value;

use std::sync::Arc;

use smol_str::SmolStr;

use super::Workspace;
use super::resolve::Resolver;
use crate::base::file::FileId;
use crate::facts::Loc;
use crate::facts::sym::Sym;
use memory::Tracker;
pub use memory::{Dep, Deps, Memory};
pub use order::Order;

/// The package of a [`ValueKind::External`] that is a global of the JavaScript runtime (`process.env.X`).
pub const GLOBAL: &str = "";

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

impl Site {
    /// A place that no source map knows: what was computed and stands nowhere.
    pub const NOWHERE: Site = Site { file: FileId(0), loc: Loc(u32::MAX) };
}

/// A value, and the declaration it was last read from, if any.
#[derive(Debug, Clone)]
pub struct Value {
    pub kind: Arc<ValueKind>,
    /// The innermost declaration that holds the value: a table imported through three barrels and renamed twice
    /// has the `DeclRef` of its own declaration.
    pub decl: Option<DeclRef>,
    /// The literal, else the name of the declaration.
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
    /// `open`: an unknown spread may add elements anywhere.
    Array {
        items: Vec<Value>,
        open: bool,
    },
    /// In insertion order, later keys replacing earlier ones. `open`: an unknown spread or computed key may add
    /// or replace entries. An entry that only some alternative of a spread has is one of that and `undefined`.
    Object {
        entries: Vec<Entry>,
        open: bool,
    },
    /// `import * as ns` or a file imported whole; its exports are evaluated on demand ([`Evaluator::export`]).
    Namespace(FileId),
    /// A name of a package outside the workspace, or of a global ([`GLOBAL`]): `drizzle-orm/pg-core` + [`pgTable`].
    /// The default export is `default`; the package whole has an empty path.
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
    /// One of these, decided at run time; the likelier ones first where that can be said.
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
    /// Always a [`Sym::Function`].
    pub function: Arc<Sym>,
    /// Arguments of the enclosing functions, innermost last.
    pub env: Vec<Arc<Vec<Value>>>,
}

/// Evaluates names and expressions of one workspace; remembers every declaration it has evaluated.
pub struct Evaluator<'a> {
    ws: &'a dyn Workspace,
    resolver: &'a Resolver,
    memory: Arc<Memory>,
    tracker: Tracker,
}

impl<'a> Evaluator<'a> {
    pub fn new(ws: &'a dyn Workspace, resolver: &'a Resolver) -> Evaluator<'a> {
        Evaluator::with_memory(ws, resolver, Arc::default())
    }

    /// An evaluator that goes on where others of the same workspace state left off.
    pub fn with_memory(ws: &'a dyn Workspace, resolver: &'a Resolver, memory: Arc<Memory>) -> Evaluator<'a> {
        Evaluator { ws, resolver, memory, tracker: Tracker::default() }
    }

    /// An evaluator of the same state that has read nothing yet.
    pub fn afresh(&self) -> Evaluator<'a> {
        Evaluator::with_memory(self.ws, self.resolver, Arc::clone(&self.memory))
    }

    pub fn workspace(&self) -> &'a dyn Workspace {
        self.ws
    }

    pub fn resolver(&self) -> &'a Resolver {
        self.resolver
    }

    /// What all answers so far rest on.
    pub fn deps(&self) -> Deps {
        self.tracker.all()
    }

    /// What is read from here on is written down by itself, until [`Evaluator::leave`] tells it.
    pub fn enter(&self) {
        self.tracker.enter();
    }

    pub fn leave(&self) -> Deps {
        self.tracker.leave()
    }

    /// Something was used that rests on these.
    pub fn used(&self, deps: &Deps) {
        self.tracker.used(deps);
    }

    /// Says that something was read that evaluation does not see.
    pub fn note(&self, dep: Dep) {
        self.tracker.note(dep);
    }

    /// The value of an expression of `file`; parameters of enclosing functions are unknown.
    pub fn eval(&self, file: FileId, sym: &Sym) -> Value {
        self.eval_in(file, sym, &[])
    }

    /// The value of an expression whose enclosing functions got these arguments (innermost last).
    pub fn eval_in(&self, file: FileId, sym: &Sym, env: &[Arc<Vec<Value>>]) -> Value {
        self.expr(&mut Cx::default(), Scope { file, env }, sym)
    }

    /// The export `name` of `file`, followed through re-exports. Unknown when there is none.
    pub fn export(&self, file: FileId, name: &str) -> Value {
        self.export_in(&mut Cx::default(), file, name)
    }

    /// The declaration that the export `name` of `file` leads to, if it is one of the workspace.
    pub fn export_decl(&self, file: FileId, name: &str) -> Option<DeclRef> {
        match self.export_target(file, name)? {
            module::Target::Decl(decl) => Some(decl),
            _ => None,
        }
    }

    /// The declarations of the workspace that the exports of `file` lead to.
    pub fn export_decls(&self, file: FileId) -> Vec<DeclRef> {
        let names = self.export_names(file);
        names.iter().filter_map(|it| self.export_decl(file, it)).collect()
    }

    /// What a JSON file holds.
    pub fn json_file(&self, file: FileId) -> Value {
        self.json(file)
    }

    /// What a name used in `file` at module level means: a declaration, an import, a global.
    pub fn name(&self, file: FileId, name: &str) -> Value {
        self.name_in(&mut Cx::default(), file, name)
    }

    /// The value of a module-level declaration (or of the export `default`).
    pub fn decl(&self, decl: &DeclRef) -> Value {
        self.decl_in(&mut Cx::default(), decl)
    }

    /// Where the declared name stands.
    pub fn decl_site(&self, decl: &DeclRef) -> Option<Site> {
        let module = self.module(decl.file);
        self.note(Dep::value(decl.file, &decl.name));
        let loc = module.decl(&decl.name)?.loc;
        Some(Site { file: decl.file, loc })
    }

    /// The exports of `file` in the order in which `Object.values` of its CommonJS form sees them: its own by
    /// name, as esbuild writes them, then those of every `export *`. Those that are types only are left out.
    pub fn exports(&self, file: FileId) -> Vec<(SmolStr, Value)> {
        if let Some(known) = self.memory.whole(file) {
            self.tracker.used(&known.deps);
            return known.value.clone();
        }
        self.tracker.enter();
        let value = self.exports_in(&mut Cx::default(), file);
        let deps = self.tracker.leave();
        self.memory.put_whole(file, value, deps).value.clone()
    }

    /// The names of `file`'s declarations, exported or not, in order.
    pub fn declared(&self, file: FileId) -> Vec<DeclRef> {
        self.note(Dep::shape(file));
        let names = self.module(file).decl_names();
        names.into_iter().map(|name| DeclRef { file, name }).collect()
    }

    /// Every declaration of `file`, exported or not, in order.
    pub fn declarations(&self, file: FileId) -> Vec<Value> {
        self.declared(file).iter().map(|it| self.decl(it)).collect()
    }

    /// What a function returns for these arguments; the unreduced call when its body is not one simple expression.
    /// An `async` function's result is what its promise resolves to.
    pub fn call_with(&self, closure: &Closure, args: Vec<Value>) -> Value {
        self.apply(&mut Cx::default(), closure, args, false).unwrap_or_else(Value::unknown)
    }

    /// `value.name`.
    pub fn member(&self, value: &Value, name: &str) -> Value {
        self.member_in(&mut Cx::default(), value, name, None)
    }
}

/// What one question may still cost, and what is being evaluated for it.
struct Cx {
    steps: u32,
    /// Nested expressions.
    depth: u32,
    /// Nested declarations and calls.
    calls: u32,
    /// Declarations being evaluated, outermost first.
    stack: Vec<DeclRef>,
    /// The lowest place of `stack` that a cycle led back to: values above it are not for keeping.
    cycle: usize,
    /// A bound was hit: what was computed is less than what could be known.
    exhausted: bool,
}

impl Default for Cx {
    fn default() -> Self {
        Cx { steps: 0, depth: 0, calls: 0, stack: Vec::new(), cycle: usize::MAX, exhausted: false }
    }
}

impl Cx {
    const STEPS: u32 = 200_000;
    const DEPTH: u32 = 200;
    const CALLS: u32 = 64;

    /// Spends the steps of copying `n` values; false when the question has cost enough.
    fn spend(&mut self, n: usize) -> bool {
        self.steps = self.steps.saturating_add(u32::try_from(n).unwrap_or(u32::MAX));
        self.step()
    }

    /// Spends a step; false when the question has cost enough.
    fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_add(1);
        if self.steps > Cx::STEPS || self.depth > Cx::DEPTH || self.calls > Cx::CALLS {
            self.exhausted = true;
            return false;
        }
        true
    }
}

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Scope<'s> {
    file: FileId,
    /// Arguments of the enclosing functions, innermost last.
    env: &'s [Arc<Vec<Value>>],
}

impl Scope<'_> {
    fn site(&self, loc: Loc) -> Site {
        Site { file: self.file, loc }
    }
}

#[cfg(test)]
mod tests;
