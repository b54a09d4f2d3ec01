//! `ALTER TABLE ONLY` of a table that others inherit from.

use crate::catalog::{Relation, RelationKind};
use crate::sema::code;
use crate::sql::hir::ddl::{AlterTable, TableConstraintKind};

use super::super::super::binder::Binder;
use super::super::super::relation::qualified;
use super::State;

impl<'a> Binder<'a> {
    /// What cannot be done to a partitioned table without its partitions.
    pub(super) fn only_of_partitioned(&mut self, relation: &Relation, action: &AlterTable) -> bool {
        if relation.kind != RelationKind::PartitionedTable || !self.is_exact() {
            return false;
        }
        let has = |name: &crate::sql::hir::Name| relation.columns.iter().any(|it| it.name == name.ident);
        let (name, message) = match action {
            AlterTable::AddIdentity { name, .. } => {
                (name, "cannot add identity to a column of only the partitioned table")
            }
            AlterTable::SetIdentity { name, .. } => {
                (name, "cannot change identity column of only the partitioned table")
            }
            AlterTable::DropIdentity { name } => {
                (name, "cannot drop identity from a column of only the partitioned table")
            }
            AlterTable::AddConstraint(constraint) => {
                let TableConstraintKind::ForeignKey { references, .. } = &constraint.kind else {
                    return false;
                };
                let Some(target) = references.table.last() else { return false };
                let message = format!(
                    "cannot use ONLY for foreign key on partitioned table \"{}\" referencing relation \"{}\"",
                    relation.name, target.ident
                );
                if self.is_foreign_target(&references.table) {
                    self.report(code::WRONG_OBJECT_TYPE, constraint.range, message);
                    return true;
                }
                return false;
            }
            _ => return false,
        };
        if !self.catalog.serves(17) || !has(name) {
            return false;
        }
        self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
        true
    }

    fn is_foreign_target(&self, name: &crate::sql::hir::QName) -> bool {
        matches!(self.find_relation(name), crate::catalog::lookup::Lookup::Found(_))
    }

    pub(super) fn has_default_partition(&self, relation: &Relation) -> bool {
        let own = qualified(relation);
        self.is_exact()
            && self.catalog.relations.values().any(|it| {
                it.kind != RelationKind::Sequence
                    && it.parents.contains(&own)
                    && it
                        .partition
                        .as_ref()
                        .is_some_and(|it| it.bound == Some(crate::catalog::Bound::Default))
            })
    }

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
                if let crate::sql::hir::ddl::TableConstraintKind::Check(expr) = &constraint.kind {
                    let n_problems = self.problems.len();
                    self.check_expr(&std::sync::Arc::new(relation.clone()), *expr);
                    if self.problems.len() > n_problems {
                        return true;
                    }
                }
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
