//! Query builder chains of a script, and what becomes of them.

use std::sync::Arc;

use super::script::Script;
use crate::catalog::Relation;
use crate::embed::chain::{self, Kind, Link};
use crate::sema::fragment::ScopeRelation;
use crate::ts::hir::{Binding, BindingKind, ExprId, ExprKind, Prop};

/// `db.update(users).set(…).where(…)`.
#[derive(Debug, Clone)]
pub struct Query {
    pub kind: Kind,
    /// What the first method is called on: `db`.
    pub handle: ExprId,
    /// The method calls in order, the first of them `select`, `insert`, `update` or `delete`.
    pub steps: Vec<Link>,
    /// The whole chain.
    pub outer: ExprId,
    /// The table that is changed, or selected from.
    pub table: Option<ScopeRelation>,
    /// The chain's relations, in order; `None`: one that is not known.
    pub relations: Vec<Option<ScopeRelation>>,
}

/// What becomes of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// `await x`.
    Awaited(ExprId),
    /// Returned from a function.
    Returned(ExprId),
    /// The expression is a statement of its own.
    Statement,
    /// The value of a variable.
    Bound,
    /// Anything else.
    Other,
}

impl Query {
    pub fn step(&self, method: &str) -> Option<&Link> {
        self.steps.iter().find(|it| it.method == method)
    }

    pub fn has(&self, method: &str) -> bool {
        self.step(method).is_some()
    }

    /// Every relation of FROM and its joins is known, and nothing else can bring names.
    pub fn is_closed(&self) -> bool {
        self.relations.iter().all(Option::is_some) && !self.has("$dynamic")
    }
}

/// The chains of a script that begin with a known table (INSERT, UPDATE, DELETE) or have a FROM.
pub fn queries(script: &Script<'_>) -> Vec<Query> {
    script.ids().filter_map(|id| query(script, id)).collect()
}

fn query(script: &Script<'_>, base: ExprId) -> Option<Query> {
    let (handle, method, args) = script.method(base)?;
    let kind = chain::begins(method)?;
    if kind != Kind::Select && args.len() != 1 {
        return None;
    }
    let steps: Vec<Link> =
        Link::at(script.module, base).into_iter().chain(chain::outward(script.module, base)).collect();
    let outer = steps.last()?.call;
    let mut res = Query { kind, handle, steps, outer, table: None, relations: Vec::new() };
    if kind == Kind::Select {
        let from = res.step("from")?;
        let [arg] = from.args.as_slice() else { return None };
        res.table = script.relation(*arg);
    } else {
        res.table = Some(script.relation(*args.first()?)?);
    }
    for step in &res.steps {
        if chain::brings_relation(&step.method) {
            let relation = step.args.first().and_then(|it| script.relation(*it));
            res.relations.push(relation);
        }
    }
    Some(res)
}

/// The rows that a query writes, as `values`, `set`, or `set` of `onConflictDoUpdate` is given them.
pub struct Written<'a> {
    pub query: &'a Query,
    /// `Update` for what a conflict sets, too.
    pub kind: Kind,
    pub arg: ExprId,
    pub table: &'a Arc<Relation>,
}

impl Written<'_> {
    /// The expressions that are one row each.
    pub fn rows(&self, script: &Script<'_>) -> Vec<ExprId> {
        let id = script.bare(self.arg);
        match script.expr(id) {
            ExprKind::Array(items) => items.iter().map(|it| script.bare(*it)).collect(),
            _ => vec![id],
        }
    }
}

/// What the queries of a script write into tables that are known whole.
pub fn written<'a>(script: &'a Script<'_>) -> Vec<Written<'a>> {
    let mut res = Vec::new();
    for query in script.queries() {
        let Some(table) = query.table.as_ref().and_then(|it| script.table(&it.name)) else { continue };
        if table.open {
            continue;
        }
        let mut add = |kind: Kind, arg: ExprId| res.push(Written { query, kind, arg, table });
        let only = |method: &str| match query.step(method).map(|it| it.args.as_slice()) {
            Some([arg]) => Some(*arg),
            _ => None,
        };
        match query.kind {
            Kind::Insert => {
                only("values").into_iter().for_each(|it| add(Kind::Insert, it));
                for method in ["onConflictDoUpdate", "onDuplicateKeyUpdate"] {
                    let Some(ExprKind::Object(props)) = only(method).map(|it| script.expr(it)) else {
                        continue;
                    };
                    let set = props.iter().find_map(|it| match it {
                        Prop::Field { key, value, .. } if key == "set" => Some(*value),
                        _ => None,
                    });
                    set.into_iter().for_each(|it| add(Kind::Update, it));
                }
            }
            Kind::Update => only("set").into_iter().for_each(|it| add(Kind::Update, it)),
            Kind::Select | Kind::Delete => {}
        }
    }
    res
}

/// What becomes of an expression; assertions around it change nothing.
pub fn use_of(script: &Script<'_>, id: ExprId) -> Use {
    let mut current = id;
    while let Some(parent) = script.parent(current) {
        match script.expr(parent) {
            ExprKind::Assertion { .. } => current = parent,
            ExprKind::Await(_) => return Use::Awaited(parent),
            // `Promise.all([query, …])`, `db.batch([query, …])`.
            ExprKind::Array(_) => {
                return runs_elements(script, parent).map_or(Use::Other, Use::Awaited);
            }
            ExprKind::Function(it) if it.returns.contains(&current) => return Use::Returned(parent),
            _ => return Use::Other,
        }
    }
    if script.module.statements.contains(&current) {
        return Use::Statement;
    }
    let scope = script.module.scope(script.module.expr(current).scope);
    let is_init = scope.bindings.iter().any(|it| match &it.kind {
        BindingKind::Const { init, .. } | BindingKind::Let { init, .. } => *init == Some(current),
        _ => false,
    });
    if is_init { Use::Bound } else { Use::Other }
}

/// The call that runs the queries of a list: `Promise.all([…])`, `db.batch([…])`.
fn runs_elements(script: &Script<'_>, list: ExprId) -> Option<ExprId> {
    const ALL: [&str; 4] = ["all", "allSettled", "race", "any"];
    let call = script.parent(list)?;
    let (object, method, args) = script.method(call)?;
    let is_promise = matches!(script.expr(object), ExprKind::Ident(name) if name == "Promise");
    let runs = is_promise && ALL.contains(&method.as_str()) || method == "batch";
    (runs && args == [list]).then_some(call)
}

/// Whether a chain is certainly run where it stands, and is no part of another statement.
pub fn is_run(script: &Script<'_>, outer: ExprId) -> bool {
    match use_of(script, outer) {
        Use::Awaited(_) | Use::Returned(_) | Use::Statement => true,
        Use::Bound => {
            let Some(binding) = constant_of(script, outer) else { return false };
            names_of(script, binding).any(|it| matches!(use_of(script, it), Use::Awaited(_)))
        }
        Use::Other => false,
    }
}

/// The constant whose initialiser an expression is.
pub fn constant_of<'a>(script: &Script<'a>, init: ExprId) -> Option<&'a Binding> {
    let scope = script.module.scope(script.module.expr(init).scope);
    let holds = |it: &&Binding| matches!(&it.kind, BindingKind::Const { init: Some(it), path } if script.bare(*it) == init && path.is_empty());
    scope.bindings.iter().find(holds)
}

/// Where a binding is named.
pub fn names_of<'s>(script: &'s Script<'_>, binding: &'s Binding) -> impl Iterator<Item = ExprId> + 's {
    script.ids().filter(move |id| {
        matches!(script.expr(*id), ExprKind::Ident(name) if *name == binding.name)
            && script.binding(*id).is_some_and(|it| it.1.name_range == binding.name_range)
    })
}
