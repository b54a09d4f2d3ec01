//! What columns of a table that is altered get and must have: defaults, NOT NULL, identity.

use crate::catalog::{Relation, RelationKind};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::AlterTable;
use crate::sql::hir::{ExprId, Name};

use super::super::super::binder::Binder;
use super::super::super::relation::qualified;
use super::State;

impl<'a> Binder<'a> {
    /// SET DEFAULT (`ATExecColumnDefault`).
    pub(super) fn set_default(&mut self, state: &State, name: &Name, expr: ExprId) {
        let Some(column) = self.altered_column(state, name) else { return };
        if column.identity.is_some() {
            self.is_identity(state, name);
        } else if column.generated.is_some() {
            let hint = "Use ALTER TABLE ... ALTER COLUMN ... SET EXPRESSION instead.";
            self.is_generated(state, name).hint(hint);
        }
        self.default_of(&name.ident, column.ty.map_or(Ty::Unknown, Ty::Known), expr);
    }

    /// DROP NOT NULL (`ATExecDropNotNull`).
    pub(super) fn drop_not_null(&mut self, before: &Relation, state: &mut State, name: &Name) {
        let Some(column) = self.altered_column(state, name) else { return };
        if !self.is_certain(column.origin) {
            return;
        }
        let in_key = before.primary_key.as_ref().is_some_and(|it| {
            it.columns.contains(&name.ident)
                && state.relation.primary_key.is_some()
                && self.is_certain(it.origin)
        });
        if column.identity.is_some() {
            self.is_identity(state, name);
        } else if in_key {
            let message = format!("column \"{}\" is in a primary key", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
        } else if self.identifies_rows(before, &name.ident, name) {
        } else if self.parent_not_null(before, &name.ident) {
            let message = format!("column \"{}\" is marked NOT NULL in parent table", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
        } else if let Some(constraint) = self.inherited_not_null(before, &name.ident) {
            let message =
                format!("cannot drop inherited constraint \"{constraint}\" of relation \"{}\"", before.name);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
        }
    }

    /// NOT NULL that a table has from one that it inherits from: its name, as it is in the parent.
    fn inherited_not_null(&self, relation: &Relation, column: &Ident) -> Option<String> {
        let older = self.catalog.server_version.is_some_and(|it| it < 18);
        if older || !self.is_exact() || self.catalog.gaps.keys || relation.kind == RelationKind::Sequence {
            return None;
        }
        relation.parents.iter().filter_map(|it| self.catalog.relations.get(it)).find_map(|parent| {
            let handed = parent.kind == RelationKind::Table
                && !parent.open
                && parent.columns.iter().any(|it| it.name == *column && it.not_null && !it.nulls_remain);
            let named = parent.not_nulls.iter().find(|it| it.1 == *column).map(|it| it.0.as_str().to_owned());
            handed.then(|| named.unwrap_or_else(|| format!("{}_{column}_not_null", parent.name)))
        })
    }

    /// Partitions have the NOT NULL of their table.
    fn parent_not_null(&self, relation: &Relation, column: &Ident) -> bool {
        relation.parents.iter().filter_map(|it| self.catalog.relations.get(it)).any(|parent| {
            parent.kind == RelationKind::PartitionedTable
                && parent.columns.iter().any(|it| it.name == *column && it.not_null)
        })
    }

    /// ADD GENERATED … AS IDENTITY (`ATExecAddIdentity`).
    pub(super) fn add_identity(&mut self, state: &mut State, name: &Name) {
        let Some(column) = self.altered_column(state, name) else { return };
        // A column that the same statement adds is seen as the whole statement leaves it.
        let before = self.catalog.relations.get(&qualified(&state.relation));
        let is_added = before.is_some_and(|it| it.columns.iter().all(|it| it.name != name.ident));
        if !self.is_certain(column.origin) {
            return;
        }
        let of = format!("column \"{}\" of relation \"{}\"", name.ident, state.relation.name);
        if let Some(ty) = column.ty {
            let n_problems = self.problems.len();
            self.identity_type(ty.id, name.range);
            if self.problems.len() > n_problems {
                return;
            }
        }
        if is_added {
            return;
        }
        let message = if !column.not_null {
            format!("{of} must be declared NOT NULL before identity can be added")
        } else if column.identity.is_some() {
            format!("{of} is already an identity column")
        } else if column.default.is_some() || column.generated.is_some() {
            format!("{of} already has a default value")
        } else {
            return;
        };
        self.report(code::OBJECT_NOT_IN_STATE, name.range, message);
    }

    /// Partitions have the identity columns of their table.
    pub(super) fn identity_of_partition(
        &mut self,
        relation: &Relation,
        action: &AlterTable,
        name: &Name,
    ) -> bool {
        let is_partition = self.is_exact()
            && self.catalog.server_version.is_none_or(|it| it >= 17)
            && relation.columns.iter().any(|it| it.name == name.ident)
            && relation.parents.iter().any(|it| {
                self.catalog.relations.get(it).is_some_and(|it| it.kind == RelationKind::PartitionedTable)
            });
        if is_partition {
            let message = match action {
                AlterTable::AddIdentity { .. } => "cannot add identity to a column of a partition",
                AlterTable::DropIdentity { .. } => "cannot drop identity from a column of a partition",
                _ => "cannot change identity column of a partition",
            };
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
        }
        is_partition
    }
}
