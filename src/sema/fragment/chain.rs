//! A query builder chain: `db.select(…).from(users).leftJoin(posts, …).where(…)`, read in both directions from
//! one of its calls.

use super::{Env, Scope, ScopeRelation};
use crate::catalog::QualifiedName;
use crate::embed::chain::{self, Link, MAX_LINKS};
use crate::project::eval::{Value, ValueKind};
use crate::sql::Ident;
use crate::ts::hir::{BindingKind, ExprId, ExprKind};

#[derive(Debug, Clone, Default)]
pub struct Chain {
    /// In the order they are called.
    links: Vec<Link>,
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
        res.links.reverse();
        res.links.extend(chain::outward(env.module, call));
        res.open |= res.links.len() >= MAX_LINKS;
        res.resolve(env);
        res
    }

    fn inward(&mut self, env: &Env<'_>, call: ExprId, depth: usize) {
        let mut current = call;
        while self.links.len() < MAX_LINKS {
            let mut inward = chain::inward(env.module, current);
            self.links.extend(inward.by_ref());
            let Some(end) = inward.end else { return };
            match &env.module.expr(end).kind {
                ExprKind::Call { .. } => {
                    self.open = true;
                    return;
                }
                ExprKind::Await(inner) => current = *inner,
                ExprKind::Ident(name) => {
                    // `let query = db.select().from(users); query = query.where(…)`: what it began as.
                    let scope = env.module.expr(end).scope;
                    let init = env.module.lookup(scope, name).and_then(|(_, binding)| match &binding.kind {
                        BindingKind::Const { init, path } if path.is_empty() => *init,
                        BindingKind::Let { init, path, .. } if path.is_empty() => *init,
                        _ => None,
                    });
                    if let Some(init) = init
                        && depth < 8
                        && is_builder(env, init)
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
    }

    fn resolve(&mut self, env: &Env<'_>) {
        let begins = self.links.iter().any(|it| chain::begins(&it.method).is_some() || it.method == "$count");
        // Without its FROM it is a piece of a query, or another library's.
        let has = |method: &str| self.links.iter().any(|it| it.method == method);
        let is_piece =
            self.links.iter().any(|it| it.method.starts_with("select")) && !has("from") && !has("insert");
        if !begins || is_piece {
            self.open = true;
        }
        let links = std::mem::take(&mut self.links);
        for link in &links {
            // The text of `toSQL()` is put into another, which may bring names of its own.
            if matches!(
                link.method.as_str(),
                "$dynamic" | "with" | "union" | "unionAll" | "intersect" | "except" | "toSQL" | "getSQL"
            ) {
                self.open = true;
            }
            if !chain::brings_relation(&link.method) {
                continue;
            }
            let relation = link.args.first().and_then(|&arg| relation(env, &(env.value)(arg)));
            match relation {
                Some(relation) => {
                    if matches!(link.method.as_str(), "update" | "delete" | "insert") {
                        self.target = Some(relation.name.clone());
                    }
                    self.relations.push(relation);
                }
                None => self.open = true,
            }
        }
        self.links = links;
    }

    pub fn scope(&self) -> Scope {
        let grouped = self.open || self.links.iter().any(|it| it.method == "groupBy");
        Scope { relations: self.relations.clone(), open: self.open, grouped }
    }

    /// The table that an INSERT, UPDATE or DELETE changes.
    pub fn target(&self) -> Option<QualifiedName> {
        self.target.clone()
    }

    /// A method of the handle itself: `db.execute(…)`, not of a builder.
    pub fn is_bare(&self) -> bool {
        !self.links.iter().any(|it| chain::brings_relation(&it.method) || it.method.starts_with("select"))
    }

    /// `pgView('v').as(…)`, `db.$with('x').as(…)`.
    pub fn declares_statement(&self) -> bool {
        self.links.iter().any(|it| {
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
        self.links.iter().any(|it| matches!(it.method.as_str(), "index" | "uniqueIndex"))
    }
}

fn is_builder(env: &Env<'_>, expr: ExprId) -> bool {
    matches!(
        &env.module.expr(expr).kind,
        ExprKind::Call { .. } | ExprKind::Await(_) | ExprKind::Assertion { .. }
    )
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
