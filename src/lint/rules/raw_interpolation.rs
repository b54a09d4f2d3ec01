//! Parameters of functions that are pasted into SQL.

use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Hint;
use crate::ts::hir::{BindingKind, ExprId, ExprKind};

pub const RULE: Lint = Lint::query("raw-interpolation", Hint, include_str!("raw-interpolation.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for id in script.ids() {
        let Some((_, method, [arg])) = script.method(id) else { continue };
        let (true, Some((callee, _))) = (method == "raw", script.call(id)) else { continue };
        let ExprKind::Template(template) = script.expr(*arg) else { continue };
        if template.tag.is_some() || script.drizzle(callee).as_deref() != Some("sql.raw") {
            continue;
        }
        for hole in &template.holes {
            if is_string_parameter(script, *hole) {
                let message = format!(
                    "{} is pasted into the SQL: whoever chooses it can write any SQL",
                    script.source(*hole)
                );
                acc.report(script.range(*hole), message);
            }
        }
    }
}

/// A parameter that the function's own types call a string.
fn is_string_parameter(script: &Script<'_>, id: ExprId) -> bool {
    let Some((scope, binding)) = script.binding(id) else { return false };
    let BindingKind::Param { index, path } = &binding.kind else { return false };
    let function = script.module.scope(scope).function.map(|it| script.expr(it));
    let Some(ExprKind::Function(function)) = function else { return false };
    let Some(ty) = function.params.get(*index as usize).and_then(|it| it.ty.as_deref()) else { return false };
    path.is_empty() && ty.split('|').map(str::trim).any(|it| it == "string")
}
