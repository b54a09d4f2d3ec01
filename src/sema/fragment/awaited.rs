//! Templates that are queries themselves: of postgres.js, Neon and their like, whose tag makes a promise. Awaited they are
//! run as they stand; not awaited they may be a piece of another template.

use super::Env;
use crate::sema::render::Library;
use crate::ts::hir::{ExprId, ExprKind};

const MAX_STEPS: u32 = 64;

/// Methods of postgres.js's queries that run them (`Query` in its `types/index.d.ts`), and those of every promise.
const RUN: [&str; 11] = [
    "values", "raw", "simple", "execute", "describe", "cursor", "forEach", "stream", "then", "catch",
    "finally",
];

/// Whether the template `id` is run as it stands.
pub fn is_run(env: &Env<'_>, library: Library, id: ExprId) -> bool {
    matches!(library, Library::PostgresJs | Library::Params) && is_awaited(env, id)
}

fn is_awaited(env: &Env<'_>, mut id: ExprId) -> bool {
    let module = env.module;
    for _ in 0..MAX_STEPS {
        let Some(parent) = module.expr(id).parent else { return false };
        match &module.expr(parent).kind {
            ExprKind::Await(_) => return true,
            // What an async function returns is awaited there.
            ExprKind::Function(function) => return function.is_async,
            ExprKind::Member { object, name, .. } => {
                let is_called = module.expr(parent).parent.is_some_and(
                    |call| matches!(&module.expr(call).kind, ExprKind::Call { callee, .. } if *callee == parent),
                );
                return *object == id && is_called && RUN.contains(&name.as_str());
            }
            // `await Promise.all([a, b])`.
            ExprKind::Call { callee, args, .. } => {
                return args.contains(&id) && is_promises(env, *callee);
            }
            ExprKind::Conditional { test, .. } if *test == id => return false,
            ExprKind::Assertion { .. }
            | ExprKind::Conditional { .. }
            | ExprKind::Logical { .. }
            | ExprKind::Array(_) => id = parent,
            _ => return false,
        }
    }
    false
}

/// `Promise.all`, `Promise.allSettled`, `Promise.race`, `Promise.any`.
fn is_promises(env: &Env<'_>, callee: ExprId) -> bool {
    let ExprKind::Member { object, name, .. } = &env.module.expr(callee).kind else { return false };
    matches!(name.as_str(), "all" | "allSettled" | "race" | "any")
        && matches!(&env.module.expr(*object).kind, ExprKind::Ident(it) if it == "Promise")
}
