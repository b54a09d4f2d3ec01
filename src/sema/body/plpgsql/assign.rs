//! Constants that a variable takes: `n := 'twelve'`, `d date := '2024-02-30'`. The text is given to the input function
//! of the variable's type (`exec_assign_value`, `do_cast_value` of pl_exec.c).

use crate::base::text::slice;
use crate::catalog::{Catalog, Type, TypeId};
use crate::sema::{Analysis, Problem, Ty, literal};
use crate::sql::Ident;
use crate::sql::hir::{ExprKind, Literal, QueryBody, Statement, StatementKind};
use crate::sql::plpgsql::program::{Piece, PieceKind};

use super::super::Env;

/// Only where nothing else is wrong with the expression.
pub(super) fn check(
    catalog: &Catalog,
    env: &Env,
    body: &str,
    piece: &Piece,
    hir: &Statement,
    analysis: &mut Analysis,
) {
    let Some(at) = piece.assigned.filter(|_| piece.kind == PieceKind::Expression) else { return };
    if !analysis.problems.is_empty() {
        return;
    }
    let name = Ident::from_source(slice(body, at));
    let Some(variable) = env.variables.iter().find(|it| it.name == name) else { return };
    let Ty::Known(ty) = variable.ty else { return };
    if ty.id == TypeId::RECORD {
        return;
    }
    let StatementKind::Query(query) = &hir.kind else { return };
    let QueryBody::Select(select) = &query.body else { return };
    let [target] = select.targets.as_slice() else { return };
    let expr = hir.expr(target.expr);
    let ExprKind::Literal(Literal::String(text)) = &expr.kind else { return };
    // A length is a matter of the cast behind it, which may cut or refuse.
    if let Err(found) = literal::check(catalog, Type::plain(ty.id), text) {
        analysis.problems.push(Problem {
            code: found.code,
            range: expr.range,
            message: found.message,
            hint: None,
            related: Vec::new(),
            fixes: Vec::new(),
        });
    }
}
