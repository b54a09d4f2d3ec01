//! CALL: what a procedure hands out needs a variable to go to (`make_callstmt_target` of pl_exec.c).

use crate::base::text::TextRange;
use crate::catalog::{Catalog, FunctionKind, lookup};
use crate::sema::{Analysis, Problem, Ty, code};
use crate::sql::hir::{Call, ExprId, ExprKind, QueryBody, Statement, StatementKind, WrapperKind};

use super::super::{Env, routine};

/// Only where nothing else is wrong with the call.
pub(super) fn check(catalog: &Catalog, env: &Env, hir: &Statement, analysis: &mut Analysis) {
    let StatementKind::Wrapped { kind: WrapperKind::Call, inner, .. } = &hir.kind else { return };
    if !analysis.problems.is_empty() || catalog.gaps.functions {
        return;
    }
    let StatementKind::Query(query) = &**inner else { return };
    let QueryBody::Select(select) = &query.body else { return };
    let [target] = select.targets.as_slice() else { return };
    let ExprKind::Call(call) = &hir.expr(target.expr).kind else { return };
    if let Some((at, parameter)) = unwritable(catalog, env, hir, call) {
        let message = format!(
            "procedure parameter {parameter} is an output parameter but corresponding argument is not writable"
        );
        analysis.problems.push(Problem {
            code: code::SYNTAX_ERROR,
            range: at,
            message,
            hint: Some("Give it a variable of the parameter's own type.".into()),
            related: Vec::new(),
            fixes: Vec::new(),
        });
    }
}

/// The place of the first argument that cannot take a value, and its parameter as PL/pgSQL names it.
fn unwritable(catalog: &Catalog, env: &Env, hir: &Statement, call: &Call) -> Option<(TextRange, String)> {
    let schema = call.name.schema().map(|it| &it.ident);
    let found = lookup::functions(catalog, schema, &call.name.last()?.ident);
    let [procedure] = found.as_slice() else { return None };
    if procedure.kind != FunctionKind::Procedure || procedure.variadic {
        return None;
    }
    let params = procedure.parameters(true);
    let outs = &procedure.out_columns;
    let all = outs.len() == params.len();
    for (idx, param) in params.iter().enumerate() {
        let out = match &param.name {
            Some(name) => outs.iter().any(|it| it.0 == *name),
            None => all,
        };
        if !out {
            continue;
        }
        let shown = param.name.as_ref().map_or_else(|| (idx + 1).to_string(), |it| format!("\"{it}\""));
        let given = call.args.iter().enumerate().find(|(at, arg)| match &arg.name {
            Some(name) => Some(&name.ident) == param.name.as_ref(),
            None => *at == idx,
        });
        let Some((_, given)) = given else {
            // Its default is written nowhere.
            return Some((call.name.range()?, shown));
        };
        if !is_writable(env, hir, given.value, param.ty)? {
            return Some((hir.expr(given.value).range, shown));
        }
    }
    None
}

/// `None`: not known.
fn is_writable(
    env: &Env,
    hir: &Statement,
    mut value: ExprId,
    wanted: Option<crate::catalog::TypeId>,
) -> Option<bool> {
    while let ExprKind::Paren(inner) = &hir.expr(value).kind {
        value = *inner;
    }
    match &hir.expr(value).kind {
        ExprKind::Literal(_) | ExprKind::Operator { .. } | ExprKind::Call(_) | ExprKind::Case { .. } => {
            Some(false)
        }
        ExprKind::Column(name) if name.parts.len() == 1 => {
            let name = &name.last()?.ident;
            let variable = env.variables.iter().find(|it| it.name == *name)?;
            let (Ty::Known(own), Some(wanted)) = (variable.ty, wanted) else { return Some(true) };
            Some(own.id == wanted || routine::is_polymorphic(wanted))
        }
        // Fields and parameters take values, casts that change nothing leave what they cast.
        _ => Some(true),
    }
}
