//! A query builder chain: `db.select(…).from(users).leftJoin(posts, …).where(…)`, read in both directions from
//! one of its calls.

use smol_str::SmolStr;

use super::{Env, Scope, ScopeRelation};
use crate::catalog::QualifiedName;
use crate::project::eval::{Value, ValueKind};
use crate::sql::Ident;
use crate::ts::hir::{BindingKind, ExprId, ExprKind};

/// How many links are followed before a chain counts as open.
const MAX_STEPS: usize = 64;

#[derive(Debug, Clone)]
pub struct Step {
    pub method: SmolStr,
    pub args: Vec<ExprId>,
}

#[derive(Debug, Clone, Default)]
pub struct Chain {
    /// In the order they are called.
    pub steps: Vec<Step>,
    relations: Vec<ScopeRelation>,
    target: Option<QualifiedName>,
    /// The beginning or a relation is not known.
    open: bool,
}

impl Chain {
    /// The chain that `call` (a method call) belongs to.
    pub fn around(env: &Env<'_>, call: ExprId) -> Chain {
        let mut res = Chain::default();
        res.inward(env, call, 0);
        res.steps.reverse();
        res.outward(env, call);
        res.resolve(env);
        res
    }

    fn inward(&mut self, env: &Env<'_>, call: ExprId, depth: usize) {
        let mut current = call;
        while self.steps.len() < MAX_STEPS {
            match &env.module.expr(current).kind {
                ExprKind::Call { callee, args, .. } => {
                    let ExprKind::Member { object, name, .. } = &env.module.expr(*callee).kind else {
                        if let ExprKind::Ident(name) = &env.module.expr(*callee).kind {
                            self.steps.push(Step { method: name.clone(), args: args.clone() });
                        } else {
                            self.open = true;
                        }
                        return;
                    };
                    self.steps.push(Step { method: name.clone(), args: args.clone() });
                    current = *object;
                }
                ExprKind::Await(inner) | ExprKind::Assertion { expr: inner, .. } => current = *inner,
                ExprKind::Ident(name) => {
                    // `let query = db.select().from(users); query = query.where(…)`: what it began as.
                    let scope = env.module.expr(current).scope;
                    let init = env.module.lookup(scope, name).and_then(|(_, binding)| match &binding.kind {
                        BindingKind::Const { init, path } if path.is_empty() => *init,
                        BindingKind::Let { init, path, .. } if path.is_empty() => *init,
                        _ => None,
                    });
                    if let Some(init) = init
                        && depth < 8
                        && self.is_builder(env, init)
                    {
                        // Further joins may have been added in between.
                        self.open = true;
                        self.inward(env, init, depth + 1);
                    }
                    return;
                }
                _ => return,
            }
        }
        self.open = true;
    }

    fn is_builder(&self, env: &Env<'_>, expr: ExprId) -> bool {
        matches!(
            &env.module.expr(expr).kind,
            ExprKind::Call { .. } | ExprKind::Await(_) | ExprKind::Assertion { .. }
        )
    }

    fn outward(&mut self, env: &Env<'_>, call: ExprId) {
        let mut current = call;
        while self.steps.len() < MAX_STEPS {
            let Some(member) = env.module.expr(current).parent else { return };
            let ExprKind::Member { object, name, .. } = &env.module.expr(member).kind else { return };
            let Some(parent) = env.module.expr(member).parent else { return };
            let ExprKind::Call { callee, args, .. } = &env.module.expr(parent).kind else { return };
            if *object != current || *callee != member {
                return;
            }
            self.steps.push(Step { method: name.clone(), args: args.clone() });
            current = parent;
        }
        self.open = true;
    }

    fn resolve(&mut self, env: &Env<'_>) {
        let begins = self.steps.iter().any(|it| {
            matches!(
                it.method.as_str(),
                "select" | "selectDistinct" | "selectDistinctOn" | "update" | "delete" | "insert" | "$count"
            )
        });
        // Without its FROM it is a piece of a query, or another library's.
        let has = |method: &str| self.steps.iter().any(|it| it.method == method);
        let is_piece =
            self.steps.iter().any(|it| it.method.starts_with("select")) && !has("from") && !has("insert");
        if !begins || is_piece {
            self.open = true;
        }
        let steps = std::mem::take(&mut self.steps);
        for step in &steps {
            if matches!(
                step.method.as_str(),
                "$dynamic" | "with" | "union" | "unionAll" | "intersect" | "except"
            ) {
                self.open = true;
            }
            if !super::role::joins(step) {
                continue;
            }
            let relation = step.args.first().and_then(|&arg| relation(env, &(env.value)(arg)));
            match relation {
                Some(relation) => {
                    if matches!(step.method.as_str(), "update" | "delete" | "insert") {
                        self.target = Some(relation.name.clone());
                    }
                    self.relations.push(relation);
                }
                None => self.open = true,
            }
        }
        self.steps = steps;
    }

    pub fn scope(&self) -> Scope {
        let grouped = self.open || self.steps.iter().any(|it| it.method == "groupBy");
        Scope { relations: self.relations.clone(), open: self.open, grouped }
    }

    /// The table that an INSERT, UPDATE or DELETE changes.
    pub fn target(&self) -> Option<QualifiedName> {
        self.target.clone()
    }

    /// A method of the handle itself: `db.execute(…)`, not of a builder.
    pub fn is_bare(&self) -> bool {
        !self.steps.iter().any(|it| super::role::joins(it) || it.method.starts_with("select"))
    }

    /// `pgView('v').as(…)`, `db.$with('x').as(…)`.
    pub fn declares_statement(&self) -> bool {
        self.steps.iter().any(|it| {
            matches!(
                it.method.as_str(),
                "$with"
                    | "pgView"
                    | "pgMaterializedView"
                    | "view"
                    | "materializedView"
                    | "sqliteView"
                    | "mysqlView"
            )
        })
    }

    pub fn declares_index(&self) -> bool {
        self.steps.iter().any(|it| matches!(it.method.as_str(), "index" | "uniqueIndex"))
    }
}

/// The relation that a value of a `.from(…)` or `.leftJoin(…)` means: a declared table, or `alias(table, 'x')`.
pub fn relation(env: &Env<'_>, value: &Value) -> Option<ScopeRelation> {
    if let Some(name) = value.decl.as_ref().and_then(|decl| env.relation_of(decl)) {
        return Some(ScopeRelation { name: name.clone(), alias: None });
    }
    let ValueKind::Call { callee, args, .. } = &*value.kind else { return None };
    let ValueKind::External { path, .. } = &*callee.kind else { return None };
    if !matches!(path.last()?.as_str(), "alias" | "aliasedTable") {
        return None;
    }
    let table = relation(env, args.first()?)?;
    let ValueKind::String(alias) = &*args.get(1)?.kind else { return None };
    Some(ScopeRelation { name: table.name, alias: Some(Ident::new(alias.clone())) })
}
