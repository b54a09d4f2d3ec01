//! The value of any expression of a file: evaluation, with what calls hand to the functions around it.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::base::file::FileId;
use crate::catalog::{Catalog, Entity};
use crate::facts::SourceMap;
use crate::facts::sym::{FunctionSource, Sym, lower};
use crate::project::eval::{DeclRef, Evaluator, Site, Value, ValueKind};
use crate::ts::hir::{BindingKind, ExprId, ExprKind, Module, ScopeId};

/// Answers for one file; remembers.
pub struct Values<'a> {
    evaluator: &'a Evaluator<'a>,
    catalog: &'a Catalog,
    module: &'a Module,
    file: FileId,
    known: RefCell<FxHashMap<ExprId, Value>>,
    /// What the names of the module's own scope stand for: the same wherever they are seen.
    names: RefCell<FxHashMap<SmolStr, Value>>,
    envs: RefCell<FxHashMap<ScopeId, Vec<Arc<Vec<Value>>>>>,
}

impl<'a> Values<'a> {
    pub fn new(
        evaluator: &'a Evaluator<'a>,
        catalog: &'a Catalog,
        module: &'a Module,
        file: FileId,
    ) -> Values<'a> {
        let (known, names, envs) = Default::default();
        Values { evaluator, catalog, module, file, known, names, envs }
    }

    pub fn value(&self, id: ExprId) -> Value {
        if let Some(found) = self.known.borrow().get(&id) {
            return found.clone();
        }
        let value = match self.global(id) {
            Some(name) => {
                let found = self.names.borrow().get(name).cloned();
                found.unwrap_or_else(|| {
                    let value = self.evaluate(id);
                    self.names.borrow_mut().insert(name.clone(), value.clone());
                    value
                })
            }
            None => self.evaluate(id),
        };
        self.known.borrow_mut().insert(id, value.clone());
        value
    }

    /// The package that the values of a type come from; see [`Evaluator::package_of_type`].
    pub fn package(&self, file: FileId, ty: &str, path: &[SmolStr]) -> Option<SmolStr> {
        self.evaluator.package_of_type(file, ty, path)
    }

    fn evaluate(&self, id: ExprId) -> Value {
        let sym = lower::expr(self.module, id, &mut SourceMap::default());
        self.evaluator.eval_in(self.file, &sym, &self.env(id))
    }

    /// The name that an expression is, where it means the module's own binding or a global one.
    fn global(&self, id: ExprId) -> Option<&'a SmolStr> {
        let expr = self.module.expr(id);
        let ExprKind::Ident(name) = &expr.kind else { return None };
        let found = self.module.lookup(expr.scope, name);
        found.is_none_or(|(scope, _)| scope == ScopeId::MODULE).then_some(name)
    }

    /// What the functions around an expression were given, innermost last.
    fn env(&self, id: ExprId) -> Vec<Arc<Vec<Value>>> {
        let scope = self.module.expr(id).scope;
        if let Some(found) = self.envs.borrow().get(&scope) {
            return found.clone();
        }
        let lowered = lower::lowered(self.module, id, &mut SourceMap::default());
        let functions = self.module.functions_around(scope);
        let mut env: Vec<Arc<Vec<Value>>> = Vec::new();
        for (source, function) in lowered.functions.iter().zip(functions).rev() {
            let values = self.handed(source, function);
            env.push(Arc::new(values));
        }
        self.envs.borrow_mut().insert(scope, env.clone());
        env
    }

    /// The arguments that a function literal gets from the call it stands in.
    fn handed(&self, source: &FunctionSource, function: ExprId) -> Vec<Value> {
        let mut res = vec![Value::unknown(); source.params.len()];
        let Some(site) = &source.call else { return res };
        let Sym::Call { callee, .. } = &site.call else { return res };
        let last = match &**callee {
            Sym::Name(name, _) | Sym::Member(_, name, _) => name.as_str(),
            _ => return res,
        };
        let mut set = |index: usize, value: Option<Value>| {
            if let (Some(place), Some(value)) = (res.get_mut(index), value) {
                *place = value;
            }
        };
        match last {
            // `pgTable('users', { … }, (t) => [ … ])`.
            _ if site.arg == 2 && site.path.is_empty() => set(0, self.declared_by(function)),
            "findMany" | "findFirst" => {
                let operators = ValueKind::External { package: "drizzle-orm".into(), path: Vec::new() };
                set(1, Some(operators.into()));
                if let [key] = site.path.as_slice()
                    && matches!(key.as_str(), "where" | "orderBy" | "extras")
                {
                    set(0, query_table(callee).and_then(|it| self.relational_table(it)));
                }
                if site.path.len() > 1 && site.path.iter().any(|it| it == "with") {
                    set(0, None);
                }
            }
            _ => {}
        }
        res
    }

    /// The module-level declaration whose value the call around a function is.
    fn declared_by(&self, function: ExprId) -> Option<Value> {
        let call = self.module.expr(function).parent?;
        let mut value = call;
        // `pgTable(…).enableRLS()`.
        while let Some(parent) = self.module.expr(value).parent {
            match &self.module.expr(parent).kind {
                ExprKind::Member { .. } | ExprKind::Call { .. } | ExprKind::Assertion { .. } => {
                    value = parent
                }
                _ => return None,
            }
        }
        let scope = self.module.scope(ScopeId::MODULE);
        let binding = scope.bindings.iter().find(
            |it| matches!(&it.kind, BindingKind::Const { init: Some(init), path } if *init == value && path.is_empty()),
        )?;
        Some(self.evaluator.name(self.file, &binding.name))
    }

    /// The table of `db.query.<key>`, under the alias that Drizzle gives it.
    fn relational_table(&self, key: &SmolStr) -> Option<Value> {
        let mut found: Option<&DeclRef> = None;
        for (decl, entity) in self.catalog.decls.iter() {
            if decl.name == *key && matches!(entity, Entity::Relation(_)) {
                if found.is_some() {
                    return None;
                }
                found = Some(decl);
            }
        }
        let table = self.evaluator.decl(found?);
        let path = vec![SmolStr::new_static("alias")];
        let alias = ValueKind::External { package: "drizzle-orm/pg-core".into(), path }.into();
        let args = vec![table, Value::string(key.clone())];
        Some(ValueKind::Call { callee: alias, args, site: Site::NOWHERE }.into())
    }
}

/// `users` of `db.query.users.findMany`.
fn query_table(callee: &Sym) -> Option<&SmolStr> {
    let Sym::Member(object, _, _) = callee else { return None };
    let Sym::Member(query, key, _) = &**object else { return None };
    matches!(&**query, Sym::Member(_, name, _) if name == "query" || name == "_query").then_some(key)
}
