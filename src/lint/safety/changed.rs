//! Columns whose type a new migration changes.

use super::rows::is_prepared;
use super::{TypeChange, steps, type_change};
use crate::base::text::TextRange;
use crate::catalog::{Relation, lookup};
use crate::lint::migration::Migration;
use crate::lint::safety::Step;
use crate::sql::Ident;
use crate::sql::hir::ddl::AlterTable;

/// A column whose type a new migration changes.
pub struct ChangedType {
    pub idx: usize,
    pub at: TextRange,
    pub table: Relation,
    pub column: Ident,
    pub from: String,
    pub to: String,
    pub change: TypeChange,
}

/// Every change of the type of a column that was there before the migration.
pub fn changed_types(migration: &Migration<'_>) -> Vec<ChangedType> {
    let mut res = Vec::new();
    for step in steps(migration) {
        for (table, action) in step.actions() {
            let AlterTable::SetType { name, ty, using, .. } = action else { continue };
            let Some(column) = step.old_column(table, &name.ident) else { continue };
            let to = lookup::type_of(&step.before, ty, step.exprs);
            let (Some(from), Some(to)) = (column.ty, to) else { continue };
            let change = match (type_change(&step.before, from, to), using) {
                (TypeChange::Narrow(_), _) if is_prepared(migration, &step, table, &name.ident, to) => {
                    TypeChange::Rewrite
                }
                (TypeChange::Unknown, _) => continue,
                // What becomes of the values somebody has thought about.
                (_, Some(using)) if !is_cast_of(&step, *using, &name.ident) => TypeChange::Rewrite,
                (change, _) => change,
            };
            let show = |it| crate::catalog::types::format_type(&step.before, it);
            res.push(ChangedType {
                idx: step.idx,
                at: step.at(ty.range),
                table: table.clone(),
                column: name.ident.clone(),
                from: show(from),
                to: show(to),
                change,
            });
        }
    }
    res
}

/// `x::a::b` of the column itself.
fn is_cast_of(step: &Step<'_>, expr: crate::sql::hir::ExprId, column: &Ident) -> bool {
    use crate::sql::hir::ExprKind;
    match step.exprs.get(expr.0 as usize).map(|it| &it.kind) {
        Some(ExprKind::Cast { expr, .. }) => is_cast_of(step, *expr, column),
        Some(ExprKind::Column(name)) => name.last().is_some_and(|it| it.ident == *column),
        _ => false,
    }
}
