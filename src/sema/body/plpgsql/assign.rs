//! Constants that a variable takes: `n := 'twelve'`, `d date := '2024-02-30'`. The text is given to the input function
//! of the variable's type (`exec_assign_value`, `do_cast_value` of pl_exec.c).

use crate::base::text::{TextRange, slice};
use crate::catalog::{Catalog, Type, TypeId, TypeKind};
use crate::sema::{Analysis, Problem, Ty, code, literal};
use crate::sql::Ident;
use crate::sql::hir::{ExprKind, Literal, QueryBody, Statement, StatementKind};
use crate::sql::plpgsql::program::{Piece, PieceKind};

use super::super::{Env, sql};
use super::target;

/// Only where nothing else is wrong with the expression.
pub(super) fn check(
    catalog: &Catalog,
    env: &Env,
    body: &str,
    piece: &Piece,
    hir: &Statement,
    analysis: &mut Analysis,
) {
    if !analysis.problems.is_empty() {
        return;
    }
    if piece.kind == PieceKind::Elements {
        return elements(catalog, hir, analysis);
    }
    let Some(ty) = assigned_type(catalog, env, body, piece) else { return };
    if ty.id == TypeId::RECORD {
        return;
    }
    let StatementKind::Query(query) = &hir.kind else { return };
    let QueryBody::Select(select) = &query.body else { return };
    let [target] = select.targets.as_slice() else {
        // `exec_eval_expr`.
        if !analysis.columns_open && select.targets.len() > 1 && ty.id != TypeId::REFCURSOR {
            let message = format!("assignment source returned {} columns", analysis.columns.len());
            // PostgreSQL tells no place; ours is the first that is too many.
            let at = select.targets.get(1).map_or(select.range, |it| it.range);
            refuse(code::SYNTAX_ERROR, at, message, analysis);
        }
        return;
    };
    let expr = hir.expr(target.expr);
    let ExprKind::Literal(Literal::String(text)) = &expr.kind else { return };
    // A length is a matter of the cast behind it, which may cut or refuse.
    if let Err(found) = literal::check(catalog, Type::plain(ty.id), text) {
        refuse(found.code, expr.range, found.message, analysis);
    }
}

/// The type of the variable that takes the value of an expression, or of its part.
fn assigned_type(catalog: &Catalog, env: &Env, body: &str, piece: &Piece) -> Option<Type> {
    if piece.kind != PieceKind::Expression {
        return None;
    }
    if let Some(at) = piece.part {
        return target::type_of(catalog, env, slice(body, at));
    }
    let name = Ident::from_source(slice(body, piece.assigned?));
    match env.variables.iter().find(|it| it.name == name)?.ty {
        Ty::Known(ty) => Some(ty),
        _ => None,
    }
}

/// FOREACH goes through an array (`exec_stmt_foreach_a`).
fn elements(catalog: &Catalog, hir: &Statement, analysis: &mut Analysis) {
    let [column] = analysis.columns.as_slice() else { return };
    let Ty::Known(ty) = column.ty else { return };
    let base = catalog.base_type(ty).id;
    let is_array = catalog.type_info(base).is_none_or(|it| it.kind == TypeKind::Array);
    if !is_array && !super::routine::is_polymorphic(base) && base != TypeId::UNKNOWN {
        let given = crate::catalog::types::format_type_id(catalog, ty.id);
        let message = format!("FOREACH expression must yield an array, not type {given}");
        let at = sql::target_range(hir, 0).unwrap_or(hir.range);
        refuse(code::DATATYPE_MISMATCH, at, message, analysis);
    }
}

fn refuse(code: code::Code, range: TextRange, message: String, analysis: &mut Analysis) {
    analysis.problems.push(Problem {
        code,
        range,
        message,
        hint: None,
        related: Vec::new(),
        fixes: Vec::new(),
    });
}
