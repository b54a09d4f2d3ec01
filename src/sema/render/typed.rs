//! What is known of an expression by the types that are written down: of a parameter, a field, a helper's result.

use smol_str::SmolStr;

use crate::project::eval::Value;
use crate::project::eval::types::{BY_SHAPE, RESULT, parameter};
use crate::sema::fragment::Env;
use crate::ts::hir::{BindingKind, ExprId, ExprKind, Function, ScopeId};

const MAX_STEPS: u32 = 24;

/// The package that an expression's value comes from, by types alone: `pg` for the `pool` of `(pool: Pool) => …`.
pub fn package(env: &Env<'_>, id: ExprId) -> Option<SmolStr> {
    Typed { env, steps: MAX_STEPS }.expr(id, Vec::new())
}

struct Typed<'a, 'e> {
    env: &'a Env<'e>,
    steps: u32,
}

impl Typed<'_, '_> {
    /// `path`: the members that lead on from the expression.
    fn expr(&mut self, id: ExprId, mut path: Vec<SmolStr>) -> Option<SmolStr> {
        self.steps = self.steps.checked_sub(1)?;
        let module = self.env.module;
        let expr = module.expr(id);
        match &expr.kind {
            ExprKind::Ident(name) => self.name(expr.scope, name, path),
            ExprKind::Member { object, name, .. } => {
                if matches!(module.expr(*object).kind, ExprKind::This) {
                    return self.field(expr.scope, name, &path);
                }
                path.insert(0, name.clone());
                self.expr(*object, path)
            }
            ExprKind::Await(inner) => self.expr(*inner, path),
            ExprKind::Assertion { expr, ty } if ty.is_empty() || ty == "const" => self.expr(*expr, path),
            ExprKind::Assertion { expr, ty } => match self.ty(ty, &path) {
                Some(found) => Some(found),
                None => self.expr(*expr, path),
            },
            ExprKind::Call { callee, .. } => self.call(*callee, path),
            ExprKind::Logical { left, right, .. } => {
                self.expr(*left, path.clone()).or_else(|| self.expr(*right, path))
            }
            ExprKind::Conditional { then, else_, .. } => {
                self.expr(*then, path.clone()).or_else(|| self.expr(*else_, path))
            }
            ExprKind::New { callee, .. } => {
                (self.env.value)(*callee).root_package().or_else(|| match &module.expr(*callee).kind {
                    ExprKind::Ident(name) => self.ty(name, &path),
                    _ => None,
                })
            }
            ExprKind::Function(function) => self.function(function, &path),
            _ => None,
        }
    }

    fn ty(&self, ty: &str, path: &[SmolStr]) -> Option<SmolStr> {
        (self.env.package)(self.env.file, ty, path)
    }

    fn name(&mut self, scope: ScopeId, name: &str, path: Vec<SmolStr>) -> Option<SmolStr> {
        let module = self.env.module;
        let (scope, binding) = module.lookup(scope, name)?;
        if let Some(ty) = &binding.ty {
            return self.ty(ty, &path);
        }
        match &binding.kind {
            BindingKind::Const { init: Some(init), path: keys }
            | BindingKind::Let { init: Some(init), path: keys, .. } => {
                self.expr(*init, [keys.as_slice(), &path].concat())
            }
            BindingKind::Param { index, path: keys } => {
                let id = module.scope(scope).function?;
                let ExprKind::Function(function) = &module.expr(id).kind else { return None };
                let path = [keys.as_slice(), &path].concat();
                match &function.params.get(*index as usize)?.ty {
                    Some(ty) => self.ty(ty, &path),
                    None => self.handed(id, *index, &path),
                }
            }
            BindingKind::Function(function) => self.expr(*function, path),
            BindingKind::Import(_) => self.ty(&format!("typeof {name}"), &path),
            _ => None,
        }
    }

    /// What a function's parameter is by what takes the function: `client` of `inTransaction(async (client) => …)`, where
    /// `inTransaction` is said to take a `(client: PoolClient) => Promise<T>`.
    fn handed(&mut self, function: ExprId, index: u32, path: &[SmolStr]) -> Option<SmolStr> {
        let module = self.env.module;
        let call = module.expr(function).parent?;
        let ExprKind::Call { callee, args, .. } = &module.expr(call).kind else { return None };
        let arg = args.iter().position(|it| *it == function)?;
        let taken = [&[parameter(arg as u32), parameter(index)], path].concat();
        self.expr(*callee, taken).filter(|it| is_driver(it))
    }

    /// What a function of this file takes or gives.
    fn function(&mut self, function: &Function, path: &[SmolStr]) -> Option<SmolStr> {
        let (first, rest) = path.split_first()?;
        if first != RESULT {
            let param = function.params.iter().zip(0..).find(|(_, idx)| *first == parameter(*idx))?.0;
            return self.ty(param.ty.as_ref()?, rest);
        }
        match &function.ty {
            Some(ty) => self.ty(ty, rest),
            None => function.returns.iter().rev().find_map(|it| {
                let value = (self.env.value)(*it);
                let known = value.alternatives().iter().find_map(Value::root_package);
                known.filter(|_| rest.is_empty()).or_else(|| self.expr(*it, rest.to_vec()))
            }),
        }
    }

    /// `this.name`: a field with its type, or what the constructor gets under that name.
    fn field(&mut self, mut scope: ScopeId, name: &str, path: &[SmolStr]) -> Option<SmolStr> {
        let module = self.env.module;
        loop {
            let around = module.scope(scope);
            if let Some(class) = around.function.and_then(|it| module.expr(it).parent)
                && let ExprKind::Other(items) = &module.expr(class).kind
            {
                let fields = module.fields.iter().find(|it| it.0 == class);
                let field = fields.and_then(|it| it.1.iter().find(|it| it.0 == name)).map(|it| &it.1);
                let given = || {
                    items.iter().find_map(|it| match &module.expr(*it).kind {
                        ExprKind::Function(it) if it.name.as_deref() == Some("constructor") => {
                            it.params.iter().find(|it| it.name.as_deref() == Some(name))?.ty.as_ref()
                        }
                        _ => None,
                    })
                };
                if let Some(ty) = field.or_else(given) {
                    return self.ty(ty, path);
                }
                let method = items.iter().find_map(|it| match &module.expr(*it).kind {
                    ExprKind::Function(it) if it.name.as_deref() == Some(name) => Some(it),
                    _ => None,
                });
                if let Some(method) = method {
                    return self.function(method, path);
                }
            }
            scope = around.parent?;
        }
    }

    fn call(&mut self, callee: ExprId, mut path: Vec<SmolStr>) -> Option<SmolStr> {
        path.insert(0, RESULT.into());
        let module = self.env.module;
        if let Some(found) = self.expr(callee, path) {
            return Some(found);
        }
        if let Some(package) = (self.env.value)(callee).root_package() {
            return Some(package);
        }
        // `pool.connect()`: what a driver's method gives is the driver's too.
        match &module.expr(callee).kind {
            ExprKind::Member { object, .. } => self.expr(*object, Vec::new()),
            _ => None,
        }
    }
}

/// Whether it is a package by which a program speaks to PostgreSQL.
fn is_driver(package: &str) -> bool {
    package.starts_with("drizzle-orm")
        || matches!(package, BY_SHAPE | "pg" | "postgres" | "@neondatabase/serverless" | "@vercel/postgres")
}
