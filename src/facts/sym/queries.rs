//! Which query of a query builder's a function runs, as its text tells.

use smol_str::SmolStr;

use crate::embed::chain;
use crate::ts::hir::{ExprId, ExprKind, Function, Module};

/// Chains over more awaited ones are not followed.
const MAX_AWAITS: usize = 8;

/// The handle through which the function itself, not one within it, awaits or returns `db.select(…).from(…)`,
/// `db.query.users.findMany(…)` and their like: `db`.
pub fn handle(module: &Module, id: ExprId, function: &Function) -> Option<ExprId> {
    if let Some(found) = function.returns.iter().find_map(|it| handle_of(module, *it)) {
        return Some(found);
    }
    // Only an async function awaits.
    if !function.is_async {
        return None;
    }
    module.exprs.iter().find_map(|it| match &it.kind {
        ExprKind::Await(inner)
            if function.body.contains_range(it.range) && function_around(module, it.scope) == Some(id) =>
        {
            handle_of(module, *inner)
        }
        _ => None,
    })
}

fn function_around(module: &Module, scope: crate::ts::hir::ScopeId) -> Option<ExprId> {
    let mut current = Some(scope);
    while let Some(id) = current {
        let scope = module.scope(id);
        if scope.function.is_some() {
            return scope.function;
        }
        current = scope.parent;
    }
    None
}

/// What a chain begins with whose methods are those of a query builder.
fn handle_of(module: &Module, id: ExprId) -> Option<ExprId> {
    let mut current = id;
    for _ in 0..MAX_AWAITS {
        let mut after: Option<SmolStr> = None;
        let mut links = chain::inward(module, current);
        for link in links.by_ref() {
            let receiver = link.receiver?;
            let found = match link.method.as_str() {
                "select" | "selectDistinct" => after.as_deref() == Some("from"),
                "insert" => after.as_deref() == Some("values"),
                "update" => after.as_deref() == Some("set"),
                "delete" => matches!(after.as_deref(), Some("where" | "returning")),
                "findMany" | "findFirst" => match chain::relational_handle(module, receiver) {
                    Some(handle) => return Some(handle),
                    None => false,
                },
                _ => false,
            };
            if found {
                return Some(receiver);
            }
            after = Some(link.method);
        }
        // `(await db.select().from(users)).length`.
        let ExprKind::Await(inner) = &module.expr(links.end?).kind else { return None };
        current = *inner;
    }
    None
}
