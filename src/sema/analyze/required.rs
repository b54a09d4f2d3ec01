//! INSERTs that leave out a column which must have a value: PostgreSQL says so only when it runs.

use crate::catalog::{Column, Relation, RelationKind, TypeKind};
use crate::sema::code;
use crate::sql::hir::QName;

use super::assign::{Slot, declared};
use super::binder::Binder;
use super::scope::RteId;

/// The columns that an INSERT gives values.
#[derive(Debug, Default)]
pub struct Given {
    /// Indexes into the relation's columns.
    pub columns: Vec<u32>,
    /// Others may be given too.
    pub unknown: bool,
}

impl Binder<'_> {
    pub fn check_required(&mut self, rte: RteId, table: &QName, slots: &[Slot], given: &Given) {
        let Some(relation) = self.rte(rte).relation.clone() else { return };
        let certain = self.typed
            && !given.unknown
            && !relation.open
            && relation.kind == RelationKind::Table
            // A trigger may fill the column in.
            && relation.triggers.is_empty()
            && slots.iter().all(|it| it.column.is_some());
        if !certain {
            return;
        }
        let missing: Vec<&Column> = relation
            .columns
            .iter()
            .enumerate()
            .filter(|(idx, it)| self.is_required(&relation, it) && !given.columns.contains(&(*idx as u32)))
            .map(|it| it.1)
            .collect();
        let (Some(first), Some(range)) = (missing.first(), table.range()) else { return };
        let message = format!(
            "null value in column \"{}\" of relation \"{}\" violates not-null constraint",
            first.name, relation.name
        );
        let others: Vec<String> = missing.iter().skip(1).map(|it| format!("\"{}\"", it.name)).collect();
        let problem = self.report(code::MISSING_REQUIRED_COLUMN, range, message);
        problem.hint(if others.is_empty() {
            format!("The column \"{}\" has no default and must be given a value.", first.name)
        } else {
            format!(
                "The column \"{}\" has no default and must be given a value; so must {}.",
                first.name,
                others.join(", ")
            )
        });
        if missing.iter().any(|it| it.runtime_default)
            && let Some(hint) = &mut problem.hint
        {
            hint.push_str(
                " What Drizzle's $defaultFn or $onUpdate would give comes through its own insert() only.",
            );
        }
        problem.related.extend(missing.iter().filter_map(|it| declared(it)));
    }

    fn is_required(&self, relation: &Relation, column: &Column) -> bool {
        let in_key = relation.primary_key.as_ref().is_some_and(|it| it.columns.contains(&column.name));
        // A domain may have a default of its own.
        let domain = column.ty.is_none_or(|ty| {
            self.type_info(ty.id)
                .is_none_or(|it| matches!(it.kind, TypeKind::Domain { .. } | TypeKind::Opaque))
        });
        (column.not_null || in_key)
            && column.default.is_none()
            && column.generated.is_none()
            && column.identity.is_none()
            && !domain
    }
}
