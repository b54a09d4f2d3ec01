//! Which query of a query builder's a function runs, as its text tells.

use smol_str::SmolStr;

use crate::embed::chain;
use crate::ts::hir::{Binding, BindingKind, ExprId, ExprKind, Function, Module};

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

/// The parameters, by index, that are said to be SQL and that the function does nothing with but give them to `execute(…)`.
pub fn runs(module: &Module, function: &Function) -> Vec<u32> {
    let is_sql =
        |it: &Option<SmolStr>| it.as_deref().is_some_and(|it| it.contains("SQL") || it.contains("sql"));
    let found = function.params.iter().enumerate().filter(|(_, it)| is_sql(&it.ty) && !it.rest);
    let found = found.filter(|(index, _)| {
        let bindings = &module.scope(function.scope).bindings;
        let is_it = |it: &&Binding| matches!(&it.kind, BindingKind::Param { index: at, path } if *at as usize == *index && path.is_empty());
        let mut uses = bindings.iter().find(is_it).into_iter().flat_map(|it| uses(module, it)).peekable();
        uses.peek().is_some() && uses.all(|it| is_executed(module, it))
    });
    found.map(|(index, _)| index as u32).collect()
}

/// The callee of what a returned expression is made by: of `new Pool(…)`, `await connect(…)`, or of a constant's value.
pub fn made(module: &Module, id: ExprId) -> Option<ExprId> {
    let mut current = id;
    for _ in 0..MAX_AWAITS {
        let expr = module.expr(current);
        current = match &expr.kind {
            ExprKind::Await(inner) => *inner,
            ExprKind::Assertion { expr, ty } if ty.is_empty() || ty == "const" => *expr,
            ExprKind::New { callee, .. } | ExprKind::Call { callee, .. } => return Some(*callee),
            ExprKind::Ident(name) => match &module.lookup(expr.scope, name)?.1.kind {
                BindingKind::Const { init: Some(init), path } if path.is_empty() => *init,
                _ => return None,
            },
            _ => return None,
        };
    }
    None
}

/// Where a name is read or written, its declaration left out.
pub fn uses<'m>(module: &'m Module, binding: &'m Binding) -> impl Iterator<Item = ExprId> + 'm {
    module.exprs.iter().zip(0..).filter_map(|(it, id)| {
        let is_name = matches!(&it.kind, ExprKind::Ident(name) if *name == binding.name);
        let found = is_name.then(|| module.lookup(it.scope, &binding.name)).flatten();
        found.is_some_and(|it| it.1.name_range == binding.name_range).then_some(ExprId(id))
    })
}

/// It is the first argument of `….execute(…)`.
pub fn is_executed(module: &Module, id: ExprId) -> bool {
    let Some(call) = module.expr(id).parent else { return false };
    match &module.expr(call).kind {
        ExprKind::Call { callee, args, .. } => {
            args.first() == Some(&id)
                && matches!(&module.expr(*callee).kind, ExprKind::Member { name, .. } if name == "execute")
        }
        _ => false,
    }
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
