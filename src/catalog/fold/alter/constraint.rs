//! Constraints of a table that is altered.

use super::super::Fold;
use super::super::constraint::has_constraint;
use crate::catalog::{QualifiedName, RelationKind, depend};
use crate::sql::Ident;
use crate::sql::hir::ddl::ConstraintChange;

impl Fold<'_> {
    pub(super) fn drop_constraint(&mut self, table: &QualifiedName, name: &Ident) {
        let Some(relation) = self.relation(table) else { return };
        let foreign = relation.foreign_keys.iter().find(|it| it.name.as_ref() == Some(name)).cloned();
        let partitions = match relation.kind {
            RelationKind::PartitionedTable => self.with_descendants(table),
            _ => Vec::new(),
        };
        let is = |it: &&crate::catalog::Key| it.name.as_ref() == Some(name);
        let key = relation.primary_key.iter().chain(&relation.uniques).find(is).map(|it| it.columns.clone());
        // PostgreSQL gives a NOT NULL another name than the one that a constraint of the table has already.
        let is_other = relation.checks.iter().any(|it| it.name.as_ref() == Some(name))
            || foreign.is_some()
            || key.is_some();
        if let Some(columns) = key {
            self.drop_key(table, name, &columns);
        }
        self.drop_inherited_check(table, name);
        for own in self.with_descendants(table) {
            let inherited = own != *table;
            let is_partition = partitions.contains(&own);
            let Some(relation) = self.relation_mut(&own) else { continue };
            let is = |it: &Option<Ident>| it.as_ref() == Some(name);
            if !inherited {
                relation.primary_key.take_if(|it| is(&it.name));
                relation.uniques.retain(|it| !is(&it.name));
                relation.foreign_keys.retain(|it| !is(&it.name));
                relation.indexes.retain(|it| !(it.items.is_empty() && is(&it.name)));
            } else if is_partition && let Some(key) = &foreign {
                // A partition's keeps its name when the table's gets another.
                let same = |it: &crate::catalog::ForeignKey| {
                    it.columns == key.columns && it.target == key.target && it.origin == key.origin
                };
                relation.foreign_keys.retain(|it| !same(it));
            }
            std::sync::Arc::make_mut(&mut relation.details).forget(name);
            let found = if is_other { Vec::new() } else { not_null_columns(relation, &own.name, name) };
            relation.not_nulls.retain(|it| it.0 != *name);
            for column in relation.columns.iter_mut().filter(|it| found.contains(&it.name)) {
                column.not_null = false;
                column.nulls_remain = false;
            }
        }
    }

    /// What depends on a key: foreign keys to it, and its copies on partitions.
    pub(super) fn drop_key(&mut self, table: &QualifiedName, name: &Ident, columns: &[Ident]) {
        let Some(target) = self.relation(table).cloned() else { return };
        for other in self.referring(table, |it| it.hangs_on(&target, name)) {
            if let Some(relation) = self.relation_mut(&other) {
                let goes = |it: &crate::catalog::ForeignKey| {
                    it.target.as_ref() == Some(table) && it.hangs_on(&target, name)
                };
                relation.foreign_keys.retain(|it| !goes(it));
            }
        }
        let Some(relation) = self.relation(table) else { return };
        if relation.kind != RelationKind::PartitionedTable {
            return;
        }
        let primary = relation.primary_key.as_ref().is_some_and(|it| it.name.as_ref() == Some(name));
        for partition in self.with_descendants(table).into_iter().skip(1) {
            let Some(relation) = self.relation_mut(&partition) else { continue };
            if primary {
                relation.primary_key = None;
            } else {
                relation.uniques.retain(|it| it.columns != columns);
            }
        }
    }

    /// `ALTER CONSTRAINT`.
    pub(super) fn alter_constraint(&mut self, table: &QualifiedName, name: &Ident, change: ConstraintChange) {
        for table in self.with_descendants(table) {
            let Some(relation) = self.relation_mut(&table) else { continue };
            let column = relation.not_nulls.iter().find(|it| it.0 == *name).map(|it| it.1.clone());
            let known = has_constraint(relation, name) || column.is_some();
            let exclusion = relation.indexes.iter().any(|it| it.name.as_ref() == Some(name));
            let details = std::sync::Arc::make_mut(&mut relation.details);
            let (list, is) = match change {
                ConstraintChange::Nothing => return,
                ConstraintChange::Deferrability { deferrable, deferred } => {
                    details.deferred.retain(|it| it != name);
                    details.deferred.extend(Some(name.clone()).filter(|_| deferred));
                    (&mut details.deferrable, deferrable)
                }
                ConstraintChange::Enforceability(enforced) => (&mut details.not_enforced, !enforced),
                ConstraintChange::Inheritability(inherit) => (&mut details.no_inherit, !inherit),
            };
            list.retain(|it| it != name);
            if is && (known || exclusion) {
                list.push(name.clone());
            }
            if let (ConstraintChange::Inheritability(inherit), Some(column)) = (change, column) {
                let columns = relation.columns.iter_mut().filter(|it| it.name == column);
                columns.for_each(|it| it.nulls_remain = !inherit);
            }
        }
    }

    pub(super) fn rename_constraint(&mut self, table: &QualifiedName, from: &Ident, to: &Ident) {
        self.follow_key(table, from, to);
        depend::rename_key(&mut self.catalog.depends, table, from, to);
        for table in self.with_descendants(table) {
            let Some(relation) = self.relation_mut(&table) else { continue };
            let names = relation
                .primary_key
                .iter_mut()
                .chain(&mut relation.uniques)
                .map(|it| &mut it.name)
                .chain(relation.foreign_keys.iter_mut().map(|it| &mut it.name))
                .chain(relation.checks.iter_mut().map(|it| &mut it.name))
                .chain(relation.indexes.iter_mut().filter(|it| it.items.is_empty()).map(|it| &mut it.name));
            for name in names.filter(|it| it.as_ref() == Some(from)) {
                *name = Some(to.clone());
            }
            relation.not_nulls.iter_mut().filter(|it| it.0 == *from).for_each(|it| it.0 = to.clone());
            std::sync::Arc::make_mut(&mut relation.details).rename(from, to);
        }
    }
}

/// The columns of the NOT NULL constraints of a name: their own, or PostgreSQL's, which is not kept.
pub(super) fn not_null_columns(
    relation: &crate::catalog::Relation,
    table: &Ident,
    name: &Ident,
) -> Vec<Ident> {
    let is_it = |column: &Ident| {
        if let Some(own) = relation.not_nulls.iter().find(|it| it.1 == *column) {
            return own.0 == *name;
        }
        super::super::naming::object_name(table.as_str(), Some(column.as_str()), "not_null") == name.as_str()
    };
    relation.columns.iter().map(|it| &it.name).filter(|it| is_it(it)).cloned().collect()
}
