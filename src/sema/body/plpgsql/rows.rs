//! Where the rows of a statement go (pl_exec.c): to nobody, or out of the function.

use crate::catalog::{Catalog, Type, TypeId, types::format_type_id};
use crate::sema::{Analysis, Problem, Ty, code};
use crate::sql::hir::{Statement, StatementKind};
use crate::sql::plpgsql::program::{Piece, PieceKind};

use super::super::{result, routine, sql};
use super::Made;

/// What is found only where nothing else is wrong with the statement.
pub(super) fn check(
    catalog: &Catalog,
    made: &Made<'_>,
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
