//! Where the rows of a statement go (pl_exec.c): to nobody, or out of the function.

use crate::catalog::{Catalog, Type, TypeId, types::format_type_id};
use crate::sema::{Analysis, Problem, Ty, code};
use crate::sql::hir::{ExprId, ExprKind, QueryBody, Statement, StatementKind};
use crate::sql::plpgsql::program::{Piece, PieceKind, Program, Returned};

use super::super::{result, routine, sql};
use super::Made;
use super::grammar::problem;

/// What is found only where nothing else is wrong with the statement.
pub(super) fn check(
    catalog: &Catalog,
    made: &Made<'_>,
    program: &Program,
    piece: &Piece,
    hir: &Statement,
    analysis: &mut Analysis,
) {
    if !analysis.problems.is_empty() {
        return;
    }
    let found = match piece.kind {
        PieceKind::Statement if piece.blank.is_empty() => lost(hir),
        PieceKind::ReturnQuery => returned(catalog, made, hir, analysis),
        PieceKind::Query => opened(hir),
        PieceKind::Expression => value(catalog, made, program, piece, hir, analysis),
        _ => None,
    };
    analysis.problems.extend(found);
}

/// `exec_stmt_execsql`: rows without INTO.
fn lost(hir: &Statement) -> Option<Problem> {
    if !result::yields_rows(&hir.kind) {
        return None;
    }
    let discards = matches!(hir.kind, StatementKind::Query(_));
    let hint = match discards {
        true => "If you want to discard the results of a SELECT, use PERFORM instead.",
        false => "Name variables for them behind INTO.",
    };
    Some(Problem {
        code: code::SYNTAX_ERROR,
        range: hir.range,
        message: "query has no destination for result data".into(),
        hint: Some(hint.into()),
        related: Vec::new(),
        fixes: Vec::new(),
    })
}

/// `exec_stmt_return_query`: the row must be the function's, type by type; nothing is cast (`build_attrmap_by_position`).
fn returned(catalog: &Catalog, made: &Made<'_>, hir: &Statement, analysis: &Analysis) -> Option<Problem> {
    let Made::Function(statement, create) = made else { return None };
    if analysis.columns_open || routine::has_polymorphic(catalog, statement, create) {
        return None;
    }
    let declared = routine::declared(catalog, statement, create)?;
    let expected = match (declared.scalar, declared.columns) {
        (true, _) => vec![Some(declared.ty)],
        (false, Some(columns)) => columns,
        (false, None) => return None,
    };
    let columns = &analysis.columns;
    let (detail, at) = if columns.len() != expected.len() {
        let detail = format!(
            "Number of returned columns ({}) does not match expected column count ({}).",
            columns.len(),
            expected.len()
        );
        (detail, None)
    } else {
        let differs = |(own, wanted): (Ty, &Option<Type>)| match (own, wanted) {
            (Ty::Known(own), Some(wanted)) => {
                let own = if own.id == TypeId::UNKNOWN { TypeId::TEXT } else { own.id };
                (own != wanted.id).then_some((own, wanted.id))
            }
            _ => None,
        };
        let pairs = columns.iter().map(|it| it.ty).zip(&expected);
        let (idx, (own, wanted)) = pairs.enumerate().find_map(|(idx, it)| Some((idx, differs(it)?)))?;
        let detail = format!(
            "Returned type {} does not match expected type {} in column \"{}\" (position {}).",
            format_type_id(catalog, own),
            format_type_id(catalog, wanted),
            columns.get(idx).map_or("", |it| it.name.as_str()),
            idx + 1
        );
        (detail, sql::target_range(hir, idx))
    };
    Some(Problem {
        code: code::DATATYPE_MISMATCH,
        range: at.unwrap_or(hir.range),
        message: "structure of query does not match function result type".into(),
        hint: Some(detail),
        related: Vec::new(),
        fixes: Vec::new(),
    })
}

/// `SPI_cursor_open`: a cursor goes through rows.
fn opened(hir: &Statement) -> Option<Problem> {
    let word = match &hir.kind {
        StatementKind::Insert(_) => "INSERT",
        StatementKind::Update(_) => "UPDATE",
        StatementKind::Delete(_) => "DELETE",
        StatementKind::Merge(_) => "MERGE",
        _ => return None,
    };
    let refused = !result::yields_rows(&hir.kind);
    refused.then(|| {
        problem(code::INVALID_CURSOR_DEFINITION, hir.range, format!("cannot open {word} query as cursor"))
    })
}

/// A value that RETURN or RETURN NEXT hands out of a function whose rows have columns (`exec_stmt_return`,
/// `exec_stmt_return_next`): a row with the same types, nothing is cast.
fn value(
    catalog: &Catalog,
    made: &Made<'_>,
    program: &Program,
    piece: &Piece,
    hir: &Statement,
    analysis: &Analysis,
) -> Option<Problem> {
    let Made::Function(statement, create) = made else { return None };
    let found = program.returns.iter().find(|it| {
        let at = match it.what {
            Returned::Value => Some(it.behind),
            Returned::Next => it.next,
            _ => None,
        };
        at.is_some_and(|it| it.start() == piece.range.start())
    })?;
    if routine::has_polymorphic(catalog, statement, create) {
        return None;
    }
    let declared = routine::declared(catalog, statement, create)?;
    let expected = declared.columns.filter(|_| !declared.scalar && !declared.procedure)?;
    let [column] = analysis.columns.as_slice() else { return None };
    let Ty::Known(ty) = column.ty else { return None };
    let refuse = |message: &str| Some(problem(code::DATATYPE_MISMATCH, hir.range, message.into()));
    if catalog.is_scalar(ty) || ty.id == TypeId::UNKNOWN {
        let bare = bare_column(hir);
        return match found.what {
            // One variable is looked at whatever it holds.
            Returned::Next if bare && expected.len() != 1 => {
                refuse("wrong result type supplied in RETURN NEXT")
            }
            _ if bare => None,
            _ if column.nullable == Some(false) => {
                refuse("cannot return non-composite value from function returning composite type")
            }
            _ => None,
        };
    }
    let given = given_types(catalog, ty, hir, analysis)?;
    let differs = given.len() != expected.len()
        || given.iter().zip(&expected).any(|it| matches!(it, (Some(own), Some(wanted)) if *own != wanted.id));
    let message = match (found.what, bare_column(hir)) {
        (Returned::Next, true) => "wrong record type supplied in RETURN NEXT",
        _ => "returned record type does not match expected record type",
    };
    if differs { refuse(message) } else { None }
}

/// The value is one name, no more: that of a variable.
fn bare_column(hir: &Statement) -> bool {
    let StatementKind::Query(query) = &hir.kind else { return false };
    let QueryBody::Select(select) = &query.body else { return false };
    let [target] = select.targets.as_slice() else { return false };
    matches!(&hir.expr(target.expr).kind, ExprKind::Column(name) if name.parts.len() == 1)
}

/// The types of a row's columns.
fn given_types(
    catalog: &Catalog,
    ty: Type,
    hir: &Statement,
    analysis: &Analysis,
) -> Option<Vec<Option<TypeId>>> {
    if ty.id != TypeId::RECORD {
        let columns = catalog.composite_columns(ty.id).filter(|_| !catalog.gaps.types)?;
        return Some(columns.into_iter().map(|it| it.1.map(|it| it.id)).collect());
    }
    let StatementKind::Query(query) = &hir.kind else { return None };
    let QueryBody::Select(select) = &query.body else { return None };
    let [target] = select.targets.as_slice() else { return None };
    let mut expr = target.expr;
    while let ExprKind::Paren(inner) = &hir.expr(expr).kind {
        expr = *inner;
    }
    let ExprKind::Row { items, .. } = &hir.expr(expr).kind else { return None };
    let star = |it: &ExprId| matches!(hir.expr(*it).kind, ExprKind::Star { .. } | ExprKind::FieldStar(_));
    if items.iter().any(star) {
        return None;
    }
    let ty = |it: &ExprId| match analysis.exprs.get(it.0 as usize).map(|it| it.ty) {
        Some(Ty::Known(ty)) => Some(ty.id),
        _ => None,
    };
    Some(items.iter().map(ty).collect())
}
