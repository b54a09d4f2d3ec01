//! The outer handle used inside a transaction's callback.

use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Warning;
use crate::ts::hir::{ExprId, ExprKind};

pub const RULE: Lint = Lint::query("db-in-transaction", Warning, include_str!("db-in-transaction.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for id in script.ids() {
        let Some((handle, method, args)) = script.method(id) else { continue };
        let (true, Some(&function)) = (method == "transaction", args.first()) else { continue };
        let ExprKind::Function(callback) = script.expr(function) else { continue };
        let [param, ..] = callback.params.as_slice() else { continue };
        let Some(inner) = &param.name else { continue };
        let Some(outer) = name(script, handle) else { continue };
        for query in script.queries() {
            let is_inside = callback.body.contains_range(script.range(query.outer));
            if !is_inside || name(script, query.handle).as_ref() != Some(&outer) {
                continue;
            }
            // A function that is declared here and runs elsewhere is another matter.
            let functions = script.functions_around(script.module.expr(query.outer).scope);
            if functions.first().is_none_or(|it| it.0 != function) {
                continue;
            }
            let at = script.range(query.handle);
            let message = format!("this runs outside of the transaction: {} is the handle here", inner);
            let same = script.source(query.handle) == outer.text;
            let report = acc.report(at, message);
            if same {
                report.fix(format!("Use {inner}"), vec![(at, inner.to_string())]);
            }
        }
    }
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
