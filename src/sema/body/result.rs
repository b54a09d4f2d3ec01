//! The last statement of a body in SQL against what the routine returns (`check_sql_fn_retval` of functions.c).

use crate::catalog::{Catalog, Type, TypeId, types::format_type_id};
use crate::sema::resolve::{Coercion, CoercionContext, can_coerce};
use crate::sema::{OutputColumn, Ty};
use crate::sql::hir::StatementKind;

use super::routine::Declared;

/// Why a body's result is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    pub message: String,
    pub detail: String,
    /// The column that is to blame.
    pub column: Option<usize>,
}

/// `last`: the last statement with the row that it yields; `None`: there is none.
pub fn mismatch(
    catalog: &Catalog,
    declared: &Declared,
    last: Option<(&StatementKind, &[OutputColumn])>,
) -> Option<Mismatch> {
    if declared.ty.id == TypeId::VOID {
        return None;
    }
    let refuse = |detail: String, column| {
        let message = format!(
            "return type mismatch in function declared to return {}",
            format_type_id(catalog, declared.ty.id)
        );
        Some(Mismatch { message, detail, column })
    };
    let columns = match last {
        Some((kind, columns)) if yields_rows(kind) => columns,
        _ => {
            let detail = "Final statement must be SELECT or INSERT/UPDATE/DELETE/MERGE RETURNING.";
            return refuse(detail.into(), None);
        }
    };
    let fits = |column: &OutputColumn, ty: Option<Type>| match (column.ty, ty) {
        (Ty::Known(from), Some(to)) => assigns(catalog, from.id, to.id),
        _ => None,
    };
    if declared.scalar {
        let [only] = columns else {
            return refuse("Final statement must return exactly one column.".into(), None);
        };
        let (Some(false), Ty::Known(actual)) = (fits(only, Some(declared.ty)), only.ty) else { return None };
        return refuse(
            format!("Actual return type is {}.", format_type_id(catalog, text(actual.id))),
            Some(0),
        );
    }
    if let ([only], false) = (columns, declared.procedure)
        && fits(only, Some(declared.ty)) != Some(false)
    {
        return None;
    }
    let expected = declared.columns.as_ref()?;
    for (idx, column) in columns.iter().enumerate() {
        let Some(wanted) = expected.get(idx) else {
            return refuse("Final statement returns too many columns.".into(), Some(idx));
        };
        if let (Some(false), Ty::Known(actual), Some(wanted)) = (fits(column, *wanted), column.ty, wanted) {
            let detail = format!(
                "Final statement returns {} instead of {} at column {}.",
                format_type_id(catalog, text(actual.id)),
                format_type_id(catalog, wanted.id),
                idx + 1
            );
            return refuse(detail, Some(idx));
        }
    }
    if columns.len() < expected.len() {
        return refuse("Final statement returns too few columns.".into(), None);
    }
    None
}

/// A literal that nothing has decided is text.
fn text(id: TypeId) -> TypeId {
    if id == TypeId::UNKNOWN { TypeId::TEXT } else { id }
}

/// `None`: not known.
fn assigns(catalog: &Catalog, from: TypeId, to: TypeId) -> Option<bool> {
    if from == to {
        return Some(true);
    }
    match can_coerce(catalog, text(from), to, CoercionContext::Assignment) {
        // Values become strings through their text forms.
        Coercion::Yes | Coercion::ViaIo => Some(true),
        Coercion::No => Some(false),
        Coercion::Unknown => None,
    }
}

/// A query, or a change with RETURNING.
pub fn yields_rows(kind: &StatementKind) -> bool {
    match kind {
        StatementKind::Query(it) => !is_into(it),
        StatementKind::Insert(it) => !it.returning.is_empty(),
        StatementKind::Update(it) => !it.returning.is_empty(),
        StatementKind::Delete(it) => !it.returning.is_empty(),
        StatementKind::Merge(it) => !it.returning.is_empty(),
        _ => false,
    }
}

/// `SELECT … INTO` makes a table.
fn is_into(query: &crate::sql::hir::Query) -> bool {
    matches!(&query.body, crate::sql::hir::QueryBody::Select(it) if it.into.is_some())
}
