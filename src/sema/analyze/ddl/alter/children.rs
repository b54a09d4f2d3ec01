//! `ALTER TABLE ONLY` of a table that others inherit from.

use crate::catalog::{Relation, RelationKind};
use crate::sema::code;
use crate::sql::hir::ddl::AlterTable;

use super::super::super::binder::Binder;
use super::super::super::relation::qualified;
use super::State;

impl Binder<'_> {
    /// `ALTER TABLE ONLY` of a table that others inherit from.
    pub(super) fn misses_children(
        &mut self,
        relation: &Relation,
        state: &State,
        action: &AlterTable,
    ) -> bool {
        let own = qualified(relation);
        let inherited = self.is_exact()
            && self
                .catalog
                .relations
                .values()
                .any(|it| it.kind != RelationKind::Sequence && it.parents.contains(&own));
        if !inherited {
            return false;
        }
        let (name, message) = match action {
            AlterTable::DropExpression { name } => {
                let message = "ALTER TABLE / DROP EXPRESSION must be applied to child tables too";
                self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                return true;
            }
            AlterTable::AddColumn { column, .. }
                if !state.relation.columns.iter().any(|it| it.name == column.name.ident) =>
            {
                (&column.name, "column must be added to child tables too".to_owned())
            }
            AlterTable::RenameColumn { name, .. } => {
                (name, format!("inherited column \"{}\" must be renamed in child tables too", name.ident))
            }
            AlterTable::RenameConstraint { name, .. }
                if relation
                    .checks
                    .iter()
                    .any(|it| it.name.as_ref() == Some(&name.ident) && !it.no_inherit) =>
            {
                (name, format!("inherited constraint \"{}\" must be renamed in child tables too", name.ident))
            }
            AlterTable::SetType { name, .. }
                if state.relation.columns.iter().any(|it| it.name == name.ident) =>
            {
                let message = format!(
                    "type of inherited column \"{}\" must be changed in child tables too",
                    name.ident
                );
                (name, message)
            }
            AlterTable::SetNotNull { name }
                if relation.kind == RelationKind::PartitionedTable
                    && relation.columns.iter().any(|it| it.name == name.ident && !it.not_null) =>
            {
                (name, "constraint must be added to child tables too".to_owned())
            }
            AlterTable::AddConstraint(constraint)
                if matches!(constraint.kind, crate::sql::hir::ddl::TableConstraintKind::Check(_))
                    && !constraint.no_inherit
                    && constraint.name.as_ref().is_none_or(|it| {
                        relation.checks.iter().all(|own| own.name.as_ref() != Some(&it.ident))
                    }) =>
            {
                let message = "constraint must be added to child tables too";
                self.report(code::INVALID_TABLE_DEFINITION, constraint.range, message);
                return true;
            }
            AlterTable::DropColumn { name, .. }
                if relation.kind == RelationKind::PartitionedTable
                    && state.relation.columns.iter().any(|it| it.name == name.ident) =>
            {
                let message = "cannot drop column from only the partitioned table when partitions exist";
                (name, message.to_owned())
            }
            _ => return false,
        };
        self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
        true
    }
}
