//! The outer handle used inside a transaction's callback.

use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Warning;
use crate::ts::hir::{ExprId, ExprKind, Function};

pub const RULE: Lint = Lint::query("db-in-transaction", Warning, include_str!("db-in-transaction.md"), run);

/// What of a handle runs on its connection.
const RUNS: [&str; 10] = [
    "select",
    "selectDistinct",
    "selectDistinctOn",
    "insert",
    "update",
    "delete",
    "execute",
    "query",
    "$count",
    "refreshMaterializedView",
];

/// Array methods that call their argument at once.
const AT_ONCE: [&str; 5] = ["map", "flatMap", "forEach", "filter", "reduce"];

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    if script.database.is_none() {
        return;
    }
    for id in script.ids() {
        let Some((handle, method, args)) = script.method(id) else { continue };
        let (true, Some(&function)) = (method == "transaction", args.first()) else { continue };
        let ExprKind::Function(callback) = script.expr(function) else { continue };
        let Some(outer) = name(script, handle) else { continue };
        let inner = match callback.params.as_slice() {
            // Whose callback takes no handle is not known to be Drizzle's.
            [] if script.driver(id).is_none() => continue,
            [] => None,
            [param, ..] => match &param.name {
                Some(it) => Some(it),
                None => continue,
            },
        };
        for used in script.ids() {
            let at = script.range(used);
            if !callback.body.contains_range(at)
                || name(script, used).as_ref() != Some(&outer)
                || !runs(script, used)
                || !is_run_by(script, used, function)
            {
                continue;
            }
            let message = match inner {
                Some(inner) => format!("this runs outside of the transaction: {inner} is the handle here"),
                None => {
                    "this runs outside of the transaction: its handle is the callback's parameter".to_owned()
                }
            };
            let report = acc.report(at, message);
            if let Some(inner) = inner.filter(|_| script.source(used) == outer.text) {
                report.fix(format!("Use {inner}"), vec![(at, inner.to_string())]);
            }
        }
    }
}

/// `db.select(…)`, `db.query.users.findFirst(…)`.
fn runs(script: &Script<'_>, handle: ExprId) -> bool {
    let Some(member) = script.parent(handle) else { return false };
    let ExprKind::Member { object, name, .. } = script.expr(member) else { return false };
    if *object != handle || !RUNS.contains(&name.as_str()) {
        return false;
    }
    let Some(parent) = script.parent(member) else { return false };
    match script.expr(parent) {
        ExprKind::Call { callee, .. } => *callee == member && name != "query",
        ExprKind::Member { .. } => name == "query",
        _ => false,
    }
}

/// The transaction's callback itself runs an expression: a function that is declared in it and runs elsewhere is another
/// matter.
fn is_run_by(script: &Script<'_>, id: ExprId, callback: ExprId) -> bool {
    let at_once = |function: ExprId, _: &Function| {
        let Some((_, method, args)) = script.parent(function).and_then(|it| script.method(it)) else {
            return false;
        };
        AT_ONCE.contains(&method.as_str()) && args.first() == Some(&function)
    };
    for (function, it) in script.functions_around(script.module.expr(id).scope) {
        if function == callback {
            return true;
        }
        if !at_once(function, it) {
            return false;
        }
    }
    false
}

/// A handle by its name and what the name is bound to.
#[derive(PartialEq)]
struct Name<'a> {
    text: &'a str,
    scope: u32,
}

fn name<'a>(script: &Script<'a>, id: ExprId) -> Option<Name<'a>> {
    let text = script.source(id);
    match script.expr(id) {
        ExprKind::Ident(_) => {
            let (scope, _) = script.binding(id)?;
            Some(Name { text, scope: scope.0 })
        }
        ExprKind::Member { object, .. } => match script.expr(*object) {
            ExprKind::This => Some(Name { text, scope: u32::MAX }),
            ExprKind::Ident(_) => {
                let (scope, _) = script.binding(*object)?;
                Some(Name { text, scope: scope.0 })
            }
            _ => None,
        },
        _ => None,
    }
}
