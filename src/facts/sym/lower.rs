//! `ts::hir` → [`super::Sym`].

use smol_str::{SmolStr, ToSmolStr};

use super::{CallSite, FunctionSource, Lowered, Sym, SymParam, SymProp};
use crate::base::text::TextRange;
use crate::facts::ts::{Decl, Export, Import, TsFacts};
use crate::facts::{Loc, SourceMap};
use crate::ts::hir::{self, Binding, BindingKind, ExprId, ExprKind, Module, Prop, ScopeId};

/// Nesting beyond this is [`Sym::Unknown`], for whoever reads a `Sym` recurses.
const MAX_DEPTH: u32 = 200;
/// The most nodes that one declaration or expression becomes; local constants are copied where they are used.
const MAX_NODES: u32 = 20_000;

/// Imports, exports and module-level values. Bodies of functions that are more than one returned expression are
/// left out, so that an edit in them leaves the facts equal.
pub fn module_facts(module: &Module) -> (TsFacts, SourceMap) {
    let mut map = SourceMap::default();
    let mut facts = TsFacts { types: module.types.clone(), ..TsFacts::default() };
    facts.types.extend(super::classes::types(module));
    for it in &module.imports {
        facts.imports.push(Import {
            specifier: it.specifier.clone(),
            name: it.name.clone(),
            local: it.local.clone(),
            type_only: it.type_only,
        });
    }
    if let Some(scope) = module.scopes.first() {
        for (i, binding) in scope.bindings.iter().enumerate() {
            // Of overloads and repeated `var`s the last counts.
            let last = scope.bindings.iter().rposition(|it| it.name == binding.name) == Some(i);
            if last && !matches!(binding.kind, BindingKind::Import(_)) {
                let decl = declaration(module, binding, &mut map);
                facts.decls.push(decl);
            }
        }
    }
    for it in &module.exports {
        facts.exports.push(match it {
            hir::Export::Local { type_only: true, name, local } => {
                facts.type_exports.push(Export::Local { name: name.clone(), local: local.clone() });
                continue;
            }
            hir::Export::From { type_only: true, specifier, name, as_ } => {
                let (specifier, name, as_) = (specifier.clone(), name.clone(), as_.clone());
                facts.type_exports.push(Export::From { specifier, name, as_ });
                continue;
            }
            hir::Export::Local { name, local, .. } => {
                Export::Local { name: name.clone(), local: local.clone() }
            }
            hir::Export::DefaultExpr(id) => Export::Default(Lowering::new(module, &mut map).expr(*id)),
            hir::Export::From { specifier, name, as_, .. } => {
                Export::From { specifier: specifier.clone(), name: name.clone(), as_: as_.clone() }
            }
            hir::Export::All { specifier } => Export::All { specifier: specifier.clone() },
        });
    }
    (facts, map)
}

/// The symbolic value of any expression of a module, function bodies included: constants of enclosing functions
/// are inlined, parameters become [`Sym::Param`].
pub fn expr(module: &Module, id: ExprId, map: &mut SourceMap) -> Sym {
    let functions = functions_around(module, id);
    Lowering { functions, ..Lowering::new(module, map) }.expr(id)
}

/// Like [`expr`], with where the free parameters come from.
pub fn lowered(module: &Module, id: ExprId, map: &mut SourceMap) -> Lowered {
    let functions = functions_around(module, id);
    let mut lowering = Lowering { functions: functions.clone(), ..Lowering::new(module, map) };
    let sym = lowering.expr(id);
    let mut sources = Vec::new();
    for idx in (0..functions.len()).rev() {
        let outer = functions.get(..idx).unwrap_or_default().to_vec();
        let mut lowering = Lowering { functions: outer, ..Lowering::new(module, map) };
        if let Some(function) = functions.get(idx) {
            sources.push(lowering.function_source(*function));
        }
    }
    Lowered { sym, functions: sources }
}

/// The functions around an expression, outermost first.
fn functions_around(module: &Module, id: ExprId) -> Vec<ExprId> {
    let mut res = module.functions_around(module.expr(id).scope);
    res.reverse();
    res
}

fn declaration(module: &Module, binding: &Binding, map: &mut SourceMap) -> Decl {
    let loc = map.push(binding.name_range);
    let mut lowering = Lowering::new(module, map);
    let value = lowering.binding(binding);
    let path = match &binding.kind {
        BindingKind::Const { path, .. } | BindingKind::Let { path, .. } => path.clone(),
        _ => Vec::new(),
    };
    Decl { name: binding.name.clone(), loc, value, path, ty: binding.ty.clone() }
}

struct Lowering<'a> {
    module: &'a Module,
    map: &'a mut SourceMap,
    /// Functions around the place, outermost first.
    functions: Vec<ExprId>,
    /// Local bindings that are being inlined, by their names' ranges: none within itself.
    inlining: Vec<TextRange>,
    depth: u32,
    nodes: u32,
    /// Stands for [`Sym::Unknown`].
    hidden: Option<ExprId>,
}

impl<'a> Lowering<'a> {
    fn new(module: &'a Module, map: &'a mut SourceMap) -> Lowering<'a> {
        let (functions, inlining) = (Vec::new(), Vec::new());
        Lowering { module, map, functions, inlining, depth: 0, nodes: 0, hidden: None }
    }

    fn expr(&mut self, id: ExprId) -> Sym {
        self.nodes += 1;
        if self.depth >= MAX_DEPTH || self.nodes > MAX_NODES || self.hidden == Some(id) {
            return Sym::Unknown;
        }
        self.depth += 1;
        let res = self.lower(id);
        self.depth -= 1;
        res
    }

    fn boxed(&mut self, id: ExprId) -> Box<Sym> {
        Box::new(self.expr(id))
    }

    fn list(&mut self, ids: &[ExprId]) -> Vec<Sym> {
        ids.iter().map(|it| self.expr(*it)).collect()
    }

    fn loc(&mut self, id: ExprId) -> Loc {
        self.map.push(self.module.expr(id).range)
    }

    fn lower(&mut self, id: ExprId) -> Sym {
        let expr = self.module.expr(id);
        match &expr.kind {
            ExprKind::Missing | ExprKind::Other(_) | ExprKind::Assign { .. } => Sym::Unknown,
            ExprKind::Ident(name) => self.name(id, name),
            ExprKind::This => Sym::Name("this".into(), self.loc(id)),
            ExprKind::String(it) => Sym::String(it.value.clone(), self.loc(id)),
            ExprKind::Number(it) => Sym::Number(it.clone()),
            ExprKind::BigInt(it) => Sym::BigInt(it.clone()),
            ExprKind::Bool(it) => Sym::Bool(*it),
            ExprKind::Null => Sym::Null,
            ExprKind::Undefined => Sym::Undefined,
            ExprKind::Regex(it) => Sym::Regex(it.clone()),
            ExprKind::Array(items) => Sym::Array(self.list(items)),
            ExprKind::Object(props) => self.object(id, props),
            ExprKind::Spread(it) => Sym::Spread(self.boxed(*it)),
            ExprKind::Call { callee, args, .. } => self.call(id, *callee, args),
            ExprKind::New { callee, args } => Sym::New { callee: self.boxed(*callee), args: self.list(args) },
            ExprKind::Member { object, name, name_range, .. } => {
                let object = self.boxed(*object);
                Sym::Member(object, name.clone(), self.map.push(*name_range))
            }
            ExprKind::Index { object, index } => Sym::Index(self.boxed(*object), self.boxed(*index)),
            ExprKind::Function(it) => self.function(id, it),
            ExprKind::Template(it) => self.template(id, it),
            ExprKind::Conditional { test, then, else_ } => {
                Sym::Conditional(self.boxed(*test), self.boxed(*then), self.boxed(*else_))
            }
            ExprKind::Logical { op, left, right } => {
                Sym::Logical(op.clone(), self.boxed(*left), self.boxed(*right))
            }
            ExprKind::Binary { op, left, right } => {
                Sym::Binary(op.clone(), self.boxed(*left), self.boxed(*right))
            }
            ExprKind::Unary { op, .. } if op == "++" || op == "--" => Sym::Unknown,
            ExprKind::Unary { op, operand } => Sym::Unary(op.clone(), self.boxed(*operand)),
            ExprKind::Await(it) => Sym::Await(self.boxed(*it)),
            ExprKind::Assertion { expr, ty } if ty.is_empty() || ty == "const" => self.lower(*expr),
            ExprKind::Assertion { expr, ty } => Sym::Assertion(self.boxed(*expr), ty.clone()),
            ExprKind::DynamicImport(it) => it.clone().map_or(Sym::Unknown, Sym::Import),
        }
    }

    #[inline(never)]
    fn call(&mut self, id: ExprId, callee: ExprId, args: &[ExprId]) -> Sym {
        if let (ExprKind::Ident(name), [arg]) = (&self.module.expr(callee).kind, args)
            && name == "require"
            && let ExprKind::String(it) = &self.module.expr(*arg).kind
        {
            return Sym::Import(it.value.clone());
        }
        let callee = self.boxed(callee);
        let args = self.list(args);
        Sym::Call { callee, args, loc: self.loc(id) }
    }

    #[inline(never)]
    fn object(&mut self, id: ExprId, props: &[Prop]) -> Sym {
        let props = props
            .iter()
            .map(|it| match it {
                Prop::Field { key, key_range, value, .. } => {
                    let loc = self.map.push(*key_range);
                    SymProp::Field { key: key.clone(), loc, value: self.expr(*value) }
                }
                Prop::Computed { key, value } => SymProp::Computed(self.expr(*key), self.expr(*value)),
                Prop::Spread(it) => SymProp::Spread(self.expr(*it)),
            })
            .collect();
        Sym::Object(props, self.loc(id))
    }

    /// A class as the object of its static fields and methods; what else it has is not known.
    fn class(&mut self, id: ExprId) -> Sym {
        let Some((_, fields)) = self.module.statics.iter().find(|it| it.0 == id) else { return Sym::Unknown };
        let fields = fields.iter().map(|it| {
            let loc = self.map.push(it.name_range);
            SymProp::Field { key: it.name.clone(), loc, value: self.expr(it.value) }
        });
        let fields: Vec<SymProp> = std::iter::once(SymProp::Spread(Sym::Unknown)).chain(fields).collect();
        Sym::Object(fields, self.loc(id))
    }

    #[inline(never)]
    fn template(&mut self, id: ExprId, template: &hir::Template) -> Sym {
        if !template.closed {
            return Sym::Unknown;
        }
        let tag = template.tag.map(|it| self.boxed(it));
        let quasis = template.quasis.iter().map(|it| it.value.clone()).collect();
        let holes = self.list(&template.holes);
        Sym::Template { tag, quasis, holes, loc: self.loc(id) }
    }

    #[inline(never)]
    fn function(&mut self, id: ExprId, function: &hir::Function) -> Sym {
        self.functions.push(id);
        let params = self.params(function);
        let ret = match function.returns.as_slice() {
            [ret] if function.simple => Some(self.boxed(*ret)),
            // `if (test) return a; return b;` is `test ? a : b`.
            [early @ .., last] if !function.guards.is_empty() => {
                let mut res = self.boxed(*last);
                for (test, value) in function.guards.iter().zip(early).rev() {
                    res = Box::new(Sym::Conditional(self.boxed(*test), self.boxed(*value), res));
                }
                Some(res)
            }
            _ => None,
        };
        self.functions.pop();
        let handle = super::queries::handle(self.module, id, function);
        let queries = handle.map(|handle| {
            // What other declarations say stays the same when a function begins to run queries.
            let map = std::mem::take(self.map);
            self.functions.push(id);
            let res = self.boxed(handle);
            self.functions.pop();
            *self.map = map;
            res
        });
        let runs = super::queries::runs(self.module, function);
        let makes = match (&ret, &function.ty) {
            (None, None) => self.made(id, function),
            _ => None,
        };
        let (is_async, ty) = (function.is_async, function.ty.clone());
        Sym::Function { params, ret, is_async, ty, makes, runs, queries }
    }

    /// The class or function that what a longer function returns last comes from: `Pool` of `const pool = new Pool(…); …;
    /// return pool`.
    fn made(&mut self, id: ExprId, function: &hir::Function) -> Option<Box<Sym>> {
        let callee = super::queries::made(self.module, *function.returns.last()?)?;
        let map = std::mem::take(self.map);
        self.functions.push(id);
        let res = self.boxed(callee);
        self.functions.pop();
        *self.map = map;
        Some(res)
    }

    fn params(&mut self, function: &hir::Function) -> Vec<SymParam> {
        let params = &function.params;
        params
            .iter()
            .map(|it| SymParam {
                name: it.name.clone(),
                default: it.default.map(|it| self.expr(it)),
                ty: it.ty.clone(),
                rest: it.rest,
            })
            .collect()
    }

    #[inline(never)]
    fn name(&mut self, id: ExprId, name: &SmolStr) -> Sym {
        let module = self.module;
        let Some((scope, binding)) = module.lookup(module.expr(id).scope, name) else {
            return Sym::Name(name.clone(), self.loc(id));
        };
        if scope == ScopeId::MODULE {
            return Sym::Name(name.clone(), self.loc(id));
        }
        if let BindingKind::Param { index, path } = &binding.kind {
            let Some(function) = module.scope(scope).function else { return Sym::Unknown };
            let Some(at) = self.functions.iter().rposition(|it| *it == function) else { return Sym::Unknown };
            let depth = (self.functions.len() - 1 - at) as u32;
            return Sym::Param { depth, index: *index, path: path.clone(), name: name.clone() };
        }
        // A local constant stands for its value, but not within itself.
        if self.inlining.contains(&binding.name_range) {
            return Sym::Unknown;
        }
        self.inlining.push(binding.name_range);
        let mut value = self.binding(binding);
        self.inlining.pop();
        if let BindingKind::Const { path, .. } | BindingKind::Let { path, .. } = &binding.kind {
            for key in path {
                let loc = self.map.push(binding.name_range);
                value = Sym::Member(Box::new(value), key.clone(), loc);
            }
        }
        value
    }

    /// What a declaration says; destructuring is left to the caller.
    fn binding(&mut self, binding: &Binding) -> Sym {
        match &binding.kind {
            BindingKind::Const { init: Some(init), .. }
            | BindingKind::Let { init: Some(init), assigned: false, .. }
            | BindingKind::Function(init) => self.expr(*init),
            BindingKind::Class(Some(class)) => self.class(*class),
            BindingKind::Enum(it) => match self.module.enums.get(*it as usize) {
                Some(it) => Sym::Enum(it.members.clone()),
                None => Sym::Unknown,
            },
            // `const { db } = await import('./db')` within a function.
            BindingKind::Import(it) => match self.module.imports.get(*it as usize) {
                Some(it) => {
                    let module = Sym::Import(it.specifier.clone());
                    match &it.name {
                        hir::ImportName::Namespace => module,
                        hir::ImportName::Named(name) => self.member_of(module, name.clone(), binding),
                        hir::ImportName::Default => self.member_of(module, "default".into(), binding),
                    }
                }
                None => Sym::Unknown,
            },
            _ => Sym::Unknown,
        }
    }

    fn member_of(&mut self, object: Sym, name: SmolStr, binding: &Binding) -> Sym {
        Sym::Member(Box::new(object), name, self.map.push(binding.name_range))
    }

    fn function_source(&mut self, id: ExprId) -> FunctionSource {
        let ExprKind::Function(function) = &self.module.expr(id).kind else {
            return FunctionSource { params: Vec::new(), call: None };
        };
        let call = self.call_site(id);
        self.functions.push(id);
        let params = self.params(function);
        self.functions.pop();
        FunctionSource { params, call }
    }

    fn call_site(&mut self, function: ExprId) -> Option<CallSite> {
        let module = self.module;
        let mut path = Vec::new();
        let mut child = function;
        loop {
            let parent = module.expr(child).parent?;
            match &module.expr(parent).kind {
                ExprKind::Assertion { .. } => {}
                ExprKind::Array(items) => path.push(items.iter().position(|it| *it == child)?.to_smolstr()),
                ExprKind::Object(props) => path.push(props.iter().find_map(|it| match it {
                    Prop::Field { key, value, .. } if *value == child => Some(key.clone()),
                    _ => None,
                })?),
                ExprKind::Call { args, .. } => {
                    let arg = args.iter().position(|it| *it == child)? as u32;
                    path.reverse();
                    self.hidden = Some(function);
                    let call = self.expr(parent);
                    self.hidden = None;
                    return Some(CallSite { call, arg, path });
                }
                _ => return None,
            }
            child = parent;
        }
    }
}

#[cfg(test)]
mod tests;
