//! Columns of a table that is altered: added, dropped, renamed.

use std::sync::Arc;

use crate::catalog::{Collation, Column, Relation, RelationKind, TypeId};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::Name;
use crate::sql::hir::ddl::ColumnDef;

use super::super::super::binder::Binder;
use super::super::super::relation::qualified;
use super::super::super::scope::system_column;
use super::super::depend::Subject;
use super::super::name::declared_here;
use super::super::table::Own;
use super::State;

/// Whether a column or key of the same table has gone with another column of the statement.
fn is_gone(before: &Relation, state: &State, dependent: &super::super::depend::Dependent) -> bool {
    let dropped = |it: &Ident| !state.relation.columns.iter().any(|own| own.name == *it);
    let is_own = dependent.name == qualified(before);
    let column = |it: &Column| dependent.words == format!("column {} of table {}", it.name, before.name);
    let key = |it: &crate::catalog::ForeignKey| {
        let name = it.name.as_ref().map_or("", |it| it.as_str());
        dependent.words == format!("constraint {name} on table {}", before.name)
    };
    is_own
        && (before.columns.iter().any(|it| column(it) && dropped(&it.name))
            || before.foreign_keys.iter().any(|it| key(it) && it.columns.iter().any(dropped)))
}

impl<'a> Binder<'a> {
    /// The column of an action; reports it when there is none.
    pub(super) fn altered_index(&mut self, state: &State, name: &Name) -> Option<usize> {
        if name.ident.is_dynamic() {
            return None;
        }
        let found = state.relation.columns.iter().position(|it| it.name == name.ident);
        if found.is_some() || state.relation.may_have(&name.ident) {
            return found;
        }
        if system_column(name.ident.as_str()).is_some() {
            let message = format!("cannot alter system column \"{}\"", name.ident);
            self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
        } else {
            self.no_column(&state.relation, name, true);
        }
        None
    }

    pub(super) fn altered_column(&mut self, state: &State, name: &Name) -> Option<Column> {
        let idx = self.altered_index(state, name)?;
        state.relation.columns.get(idx).cloned()
    }

    pub(super) fn is_identity(&mut self, state: &State, name: &Name) -> &mut crate::sema::Problem {
        let message = format!(
            "column \"{}\" of relation \"{}\" is an identity column",
            name.ident, state.relation.name
        );
        self.report(code::SYNTAX_ERROR, name.range, message)
    }

    pub(super) fn is_generated(&mut self, state: &State, name: &Name) -> &mut crate::sema::Problem {
        let message = format!(
            "column \"{}\" of relation \"{}\" is a generated column",
            name.ident, state.relation.name
        );
        self.report(code::SYNTAX_ERROR, name.range, message)
    }

    pub(super) fn not_generated(&mut self, state: &State, name: &Name) {
        let message = format!(
            "column \"{}\" of relation \"{}\" is not a generated column",
            name.ident, state.relation.name
        );
        self.report(code::OBJECT_NOT_IN_STATE, name.range, message);
    }

    pub(super) fn add_column(
        &mut self,
        own: &Own<'_>,
        state: &mut State,
        column: &'a ColumnDef,
        if_not_exists: bool,
    ) {
        let name = &column.name;
        if name.ident.is_dynamic() {
            return;
        }
        if state.relation.of_type.is_some() && self.is_certain(state.relation.origin) {
            self.report(code::WRONG_OBJECT_TYPE, name.range, "cannot add column to typed table");
            return;
        }
        self.system_column_name(name);
        let is_partition = state.relation.parents.iter().any(|it| {
            self.catalog.relations.get(it).is_some_and(|it| it.kind == RelationKind::PartitionedTable)
        });
        if is_partition && self.is_exact() {
            self.report(code::WRONG_OBJECT_TYPE, name.range, "cannot add column to a partition");
            return;
        }
        if let Some(old) = state.relation.columns.iter().find(|it| it.name == name.ident) {
            let certain = self.is_certain(old.origin) && !state.relation.may_have(&name.ident);
            if !if_not_exists && certain {
                let message = format!(
                    "column \"{}\" of relation \"{}\" already exists",
                    name.ident, state.relation.name
                );
                let related = declared_here(&name.ident, old.origin);
                self.report(code::DUPLICATE_COLUMN, name.range, message).related.extend(related);
            }
            return;
        }
        let identity = column
            .constraints
            .iter()
            .any(|it| matches!(it.kind, crate::sql::hir::ddl::ColumnConstraintKind::Identity { .. }));
        let full = qualified(&state.relation);
        let is_child = |it: &Arc<Relation>| it.kind != RelationKind::Sequence && it.parents.contains(&full);
        if identity
            && state.relation.kind == RelationKind::Table
            && self.is_exact()
            && self.catalog.relations.values().any(is_child)
        {
            let message = "cannot recursively add identity column to table that has child tables";
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        let ty = self.column_type(column);
        if let (Ty::Known(found), Some(written)) = (ty, &column.ty)
            && self.member_of_itself(&state.relation, found.id, written.range)
        {
            return;
        }
        let added = own.relation.columns.iter().find(|it| it.name == name.ident);
        let filled = added.is_some_and(|it| {
            it.default.is_some() || it.identity.is_some() || it.generated.as_ref().is_some_and(|it| it.stored)
        });
        if filled && self.is_exact() {
            let n_problems = self.problems.len();
            self.row_type_in_use(&state.relation.clone(), name);
            if self.problems.len() > n_problems {
                return;
            }
        }
        let collation = Collation::written(column.collation.as_ref());
        self.child_has_other(own, name, ty, &collation);
        self.one_of_each(column, own);
        self.misplaced(column);
        let generated = column
            .constraints
            .iter()
            .any(|it| matches!(it.kind, crate::sql::hir::ddl::ColumnConstraintKind::Generated { .. }));
        if let Some(added) =
            own.relation.columns.iter().find(|it| it.name == name.ident).filter(|_| generated)
        {
            // It is computed of columns that are there before it.
            let mut so_far = Relation::clone(own.relation);
            so_far.columns.retain(|it| {
                it.name == added.name || state.relation.columns.iter().any(|own| own.name == it.name)
            });
            let so_far = Arc::new(so_far);
            let own = Own { name: own.name, relation: &so_far, taken: own.taken };
            self.column_constraints(&own, column, &mut state.keys);
        } else {
            self.column_constraints(own, column, &mut state.keys);
        }
        if let Some(added) = own.relation.columns.iter().find(|it| it.name == name.ident) {
            state.relation.columns.push(added.clone());
        }
    }

    /// `composite type t cannot be made a member of itself` (`CheckAttributeType`).
    pub(super) fn member_of_itself(
        &mut self,
        relation: &Relation,
        id: TypeId,
        at: crate::base::text::TextRange,
    ) -> bool {
        let own = qualified(relation);
        let mut made = vec![own.clone()];
        // The children get the column, too.
        for (name, child) in self.catalog.relations.iter() {
            if child.kind != RelationKind::Sequence && child.parents.contains(&own) {
                made.push(name.clone());
            }
        }
        let is = |it: &&crate::catalog::QualifiedName| {
            self.catalog.types.id(it).is_some_and(|it| self.holds(id, it, 0))
        };
        let found =
            made.iter().find(is).filter(|_| self.is_certain(relation.origin)).map(|it| it.name.clone());
        if let Some(found) = &found {
            let message = format!("composite type {found} cannot be made a member of itself");
            self.report(code::INVALID_TABLE_DEFINITION, at, message);
        }
        found.is_some()
    }

    /// A child has a column of the name, of another type.
    fn child_has_other(&mut self, own: &Own<'_>, name: &Name, found: Ty, collation: &Collation) {
        let Ty::Known(ty) = found else { return };
        let catalog = self.catalog;
        let children = catalog.relations.values().filter(|it| {
            it.kind != RelationKind::Sequence && it.parents.contains(own.name) && self.is_certain(it.origin)
        });
        for child in children {
            let found = child.columns.iter().find(|it| it.name == name.ident);
            if found.and_then(|it| it.ty).is_some_and(|it| it.id != ty.id) {
                let message = format!(
                    "child table \"{}\" has different type for column \"{}\"",
                    child.name, name.ident
                );
                self.report(code::DATATYPE_MISMATCH, name.range, message);
                return;
            }
            let Some(column) = found else { continue };
            let own = (Ty::Known(ty), &column.collation);
            if self.differ(own, (Ty::Known(ty), collation)).is_some() {
                let message = format!(
                    "child table \"{}\" has different collation for column \"{}\"",
                    child.name, name.ident
                );
                self.report(code::COLLATION_MISMATCH, name.range, message);
                return;
            }
        }
    }

    pub(super) fn drop_column(
        &mut self,
        before: &Arc<Relation>,
        state: &mut State,
        name: &Name,
        if_exists: bool,
        cascade: bool,
    ) {
        if name.ident.is_dynamic() {
            return;
        }
        let Some(idx) = state.relation.columns.iter().position(|it| it.name == name.ident) else {
            if system_column(name.ident.as_str()).is_some() && !state.relation.open && self.is_exact() {
                let message = format!("cannot drop system column \"{}\"", name.ident);
                self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                return;
            }
            if state.relation.open || if_exists || !self.is_exact() {
                return;
            }
            self.no_column(&state.relation, name, true);
            return;
        };
        if before.of_type.is_some() && self.is_certain(before.origin) {
            self.report(code::WRONG_OBJECT_TYPE, name.range, "cannot drop column from typed table");
            return;
        }
        if self.is_inherited(before, &name.ident) {
            let message = format!("cannot drop inherited column \"{}\"", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        if let Some(of) = self.keyed_by(before, &name.ident) {
            let message = format!(
                "cannot drop column \"{}\" because it is part of the partition key of relation \"{of}\"",
                name.ident
            );
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        // What depends on it may have gone with another column of the statement.
        if !cascade && !state.cascaded && self.is_exact() {
            let subject = Subject::Column(qualified(before), name.ident.clone());
            let words = format!("cannot drop column {} of table {}", name.ident, before.name);
            let mut found = self.dependents(&subject);
            self.owned_sequence_users(before, &name.ident, &mut found);
            found.retain(|it| !is_gone(before, state, it));
            self.refuse_all(&found, name.range, &words);
        }
        state.cascaded |= cascade;
        state.relation.columns.remove(idx);
        // Its keys go with it.
        let keys =
            before.primary_key.iter().chain(&before.uniques).filter(|it| it.columns.contains(&name.ident));
        for key in keys.filter_map(|it| it.name.as_ref()) {
            let primary = before.primary_key.as_ref().is_some_and(|it| it.name.as_ref() == Some(key));
            state.keys.forget(key, primary);
        }
        let foreign = before.foreign_keys.iter().filter(|it| it.columns.contains(&name.ident));
        for key in foreign.filter_map(|it| it.name.as_ref()) {
            state.keys.forget(key, false);
        }
    }

    /// What others take from the sequences that go with a column.
    fn owned_sequence_users(
        &self,
        relation: &Relation,
        column: &Ident,
        acc: &mut Vec<super::super::depend::Dependent>,
    ) {
        let own = qualified(relation);
        let owned = self.catalog.relations.iter().filter(|(_, it)| {
            it.kind == RelationKind::Sequence
                && it.parents.contains(&own)
                && it.definition.as_deref() == Some(column.as_str())
        });
        for (sequence, _) in owned {
            let mut found = self.dependents(&Subject::Sequence(sequence.clone()));
            // The column's own default.
            let default = format!("default value for column {column} of table {}", relation.name);
            found.retain(|it| it.words != default);
            acc.extend(found);
        }
    }

    /// The table or partition of it that is partitioned by a column.
    pub(super) fn keyed_by(&self, relation: &Relation, column: &Ident) -> Option<Ident> {
        if !self.is_exact() {
            return None;
        }
        if super::super::partition::is_key(relation, column) {
            return Some(relation.name.clone());
        }
        let below = self.catalog.relations.values().filter(|it| it.kind == RelationKind::PartitionedTable);
        let full = qualified(relation);
        let mut below = below.filter(|it| self.partitioned_parents(it).contains(&full));
        below.find(|it| super::super::partition::is_key(it, column)).map(|it| it.name.clone())
    }

    /// A child that has the column from another parent, too, which is no relation of this one.
    pub(super) fn child_of_others(&self, relation: &Relation, column: &Ident) -> Option<Ident> {
        let own = qualified(relation);
        if !self.is_exact() || relation.kind != RelationKind::Table {
            return None;
        }
        let children = self.catalog.relations.values().filter(|it| {
            it.kind == RelationKind::Table && it.parents.contains(&own) && !it.open && it.parents.len() > 1
        });
        let mut found = children.filter(|child| {
            child.parents.iter().filter(|it| **it != own).any(|other| {
                self.catalog
                    .relations
                    .get(other)
                    .is_some_and(|it| it.parents.is_empty() && it.columns.iter().any(|it| it.name == *column))
            })
        });
        found.next().map(|it| it.name.clone())
    }

    /// A parent has the column.
    pub(super) fn is_inherited(&self, relation: &Relation, column: &Ident) -> bool {
        relation.kind != RelationKind::Sequence
            && relation.parents.iter().any(|parent| {
                self.catalog
                    .relations
                    .get(parent)
                    .is_some_and(|it| !it.open && it.columns.iter().any(|it| it.name == *column))
            })
    }

    pub fn rename_column(&mut self, relation: &Arc<Relation>, name: &Name, to: &Name) {
        if name.ident.is_dynamic() || to.ident.is_dynamic() {
            return;
        }
        if relation.of_type.is_some() && self.is_certain(relation.origin) {
            let message = "cannot rename column of typed table";
            self.report(code::WRONG_OBJECT_TYPE, name.range, message);
            return;
        }
        let Some(_) = relation.columns.iter().find(|it| it.name == name.ident) else {
            if !relation.open && self.is_exact() {
                if system_column(name.ident.as_str()).is_some() {
                    let message = format!("cannot rename system column \"{}\"", name.ident);
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                } else {
                    self.no_column(relation, name, false);
                }
            }
            return;
        };
        if self.is_inherited(relation, &name.ident) {
            let message = format!("cannot rename inherited column \"{}\"", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        if self.child_of_others(relation, &name.ident).is_some() {
            let message = format!("cannot rename inherited column \"{}\"", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        if relation.kind != RelationKind::View {
            self.system_column_name(to);
        }
        if let Some(other) = relation.columns.iter().find(|it| it.name == to.ident)
            && self.is_certain(other.origin)
            && !relation.may_have(&to.ident)
        {
            let message = format!("column \"{}\" of relation \"{}\" already exists", to.ident, relation.name);
            let related = declared_here(&to.ident, other.origin);
            self.report(code::DUPLICATE_COLUMN, to.range, message).related.extend(related);
        }
    }
}
