//! Whether a function runs a query of a query builder's, as its text tells.

use crate::ts::hir::{ExprId, ExprKind, Function, Module};

/// Longer chains are not followed.
const MAX_STEPS: usize = 64;

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

/// A chain whose methods are those of a query builder; the last link is seen first.
fn is_query(module: &Module, id: ExprId) -> bool {
    let mut current = id;
    let mut after: Option<&str> = None;
    for _ in 0..MAX_STEPS {
        let callee = match &module.expr(current).kind {
            ExprKind::Assertion { expr, .. } | ExprKind::Await(expr) => {
                current = *expr;
                continue;
            }
            ExprKind::Call { callee, .. } => *callee,
            _ => return false,
        };
        let ExprKind::Member { object, name, .. } = &module.expr(callee).kind else { return false };
        let found = match name.as_str() {
            "select" | "selectDistinct" => after == Some("from"),
            "insert" => after == Some("values"),
            "update" => after == Some("set"),
            "delete" => matches!(after, Some("where" | "returning")),
            "findMany" | "findFirst" => matches!(&module.expr(*object).kind, ExprKind::Member { object, .. }
                if matches!(&module.expr(*object).kind, ExprKind::Member { name, .. } if name == "query")),
            _ => false,
        };
        if found {
            return true;
        }
        after = Some(name);
        current = *object;
    }
    false
}
