//! Whether a function runs a query of a query builder's, as its text tells.

use smol_str::SmolStr;

use crate::embed::chain;
use crate::ts::hir::{ExprId, ExprKind, Function, Module};

/// Chains over more awaited ones are not followed.
const MAX_AWAITS: usize = 8;

/// Whether the function itself, not one within it, awaits or returns `db.select(…).from(…)`, `db.query.users.findMany(…)`
/// and their like.
pub fn runs_query(module: &Module, id: ExprId, function: &Function) -> bool {
    if function.returns.iter().any(|it| is_query(module, *it)) {
        return true;
    }
    // Only an async function awaits.
    function.is_async
        && module.exprs.iter().any(|it| match &it.kind {
            ExprKind::Await(inner) => {
                function.body.contains_range(it.range)
                    && is_query(module, *inner)
                    && function_around(module, it.scope) == Some(id)
            }
            _ => false,
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

/// A chain whose methods are those of a query builder.
fn is_query(module: &Module, id: ExprId) -> bool {
    let mut current = id;
    for _ in 0..MAX_AWAITS {
        let mut after: Option<SmolStr> = None;
        let mut links = chain::inward(module, current);
        for link in links.by_ref() {
            let Some(receiver) = link.receiver else { return false };
            let found = match link.method.as_str() {
                "select" | "selectDistinct" => after.as_deref() == Some("from"),
                "insert" => after.as_deref() == Some("values"),
                "update" => after.as_deref() == Some("set"),
                "delete" => matches!(after.as_deref(), Some("where" | "returning")),
                "findMany" | "findFirst" => chain::is_relational(module, receiver),
                _ => false,
            };
            if found {
                return true;
            }
            after = Some(link.method);
        }
        // `(await db.select().from(users)).length`.
        let Some(ExprKind::Await(inner)) = links.end.map(|it| &module.expr(it).kind) else { return false };
        current = *inner;
    }
    false
}
