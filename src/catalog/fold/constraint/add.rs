//! Constraints of a table, in PostgreSQL's order and with its names (`AddRelationNewConstraints`, `DefineIndex`,
//! `ATAddForeignKeyConstraint`).

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::super::Fold;
use super::super::naming::{columns_part, mentions};
use super::{Pending, PendingKind, Reference, has_constraint, note_tail};
use crate::catalog::{Check, ForeignKey, Index, Key, QualifiedName, Relation};
use crate::sql::Ident;

impl Fold<'_> {
    /// Adds constraints to a table in PostgreSQL's order: checks, the primary key, other keys, foreign keys.
    pub(in crate::catalog::fold) fn constraints(&mut self, table: &QualifiedName, mut pending: Vec<Pending>) {
        let rank = |it: &Pending| match it.kind {
            PendingKind::NotNull { .. } | PendingKind::Check { .. } => 0,
            PendingKind::PrimaryKey { .. } => 1,
            PendingKind::Unique { .. } | PendingKind::Exclude { .. } | PendingKind::UsingIndex { .. } => 2,
            PendingKind::ForeignKey { .. } => 3,
        };
        pending.sort_by_key(rank);
        // The names that are written are taken before any is chosen.
        let written: FxHashSet<Ident> = pending.iter().filter_map(|it| it.name.clone()).collect();
        for constraint in pending {
            self.constraint(table, constraint, &written);
        }
    }

    pub(in crate::catalog::fold) fn constraint(
        &mut self,
        table: &QualifiedName,
        pending: Pending,
        written: &FxHashSet<Ident>,
    ) {
        if self.catalog.gaps.keys {
            self.make_way(table, &pending);
        }
        let Some(relation) = self.relation(table) else { return };
        if let (PendingKind::Check { .. }, Some(name)) = (&pending.kind, &pending.name)
            && relation.parents.iter().filter_map(|it| self.relation(it)).any(|it| hands_down(it, name))
        {
            // A parent's, which is the table's own from now on, too.
            let origin = self.origin(pending.range);
            if let Some(relation) = self.relation_mut(table) {
                let checks = relation.checks.iter_mut().filter(|it| it.name.as_ref() == Some(name));
                checks.for_each(|it| it.origin = origin);
            }
            return;
        }
        if pending.name.as_ref().is_some_and(|it| self.is_postgres() && has_constraint(relation, it)) {
            // Refused: 42710, or 42P07 for keys.
            return;
        }
        match &pending.kind {
            PendingKind::NotNull { column, nulls_remain, no_inherit } => {
                let name = pending.name.clone();
                self.add_not_null(table, name, column, *nulls_remain, *no_inherit, written);
            }
            PendingKind::Check { text, no_inherit } => {
                self.add_check(table, &pending, text, *no_inherit, written)
            }
            PendingKind::PrimaryKey { columns, without_overlaps } => {
                self.add_primary_key(table, &pending, columns, *without_overlaps);
                self.in_partitions(table, &pending, written);
            }
            PendingKind::Unique { columns, nulls_not_distinct, without_overlaps } => {
                // Two spellings of one key make one index.
                let once = pending.name.is_none() && !self.is_postgres();
                if once && relation.primary_key.iter().any(|it| it.columns == *columns) {
                    return;
                }
                self.add_unique(table, &pending, columns, *nulls_not_distinct, *without_overlaps);
                self.in_partitions(table, &pending, written);
            }
            PendingKind::Exclude { columns } => self.add_exclusion(table, &pending, columns),
            PendingKind::UsingIndex { index, primary } => {
                self.add_key_of_index(table, &pending, index, *primary)
            }
            PendingKind::ForeignKey { columns, references } => {
                self.add_foreign_key(table, &pending, columns, references, written)
            }
        }
    }

    fn add_not_null(
        &mut self,
        table: &QualifiedName,
        name: Option<Ident>,
        column: &Ident,
        nulls_remain: bool,
        no_inherit: bool,
        written: &FxHashSet<Ident>,
    ) {
        let Some(relation) = self.relation(table) else { return };
        let known = relation.not_nulls.iter().any(|it| it.1 == *column);
        let name = match name {
            None if !known && no_inherit => {
                let own_column = Some(column.as_str());
                Some(self.choose_constraint_name(&table.schema, &table.name, own_column, "not_null", written))
            }
            name => name,
        };
        if let (Some(name), Some(relation)) = (name, self.relation_mut(table)) {
            relation.not_nulls.retain(|it| it.1 != *column);
            if no_inherit {
                Arc::make_mut(&mut relation.details).no_inherit.push(name.clone());
            }
            relation.not_nulls.push((name, column.clone()));
        }
        if !no_inherit {
            self.set_not_null(table, std::slice::from_ref(column), true);
        }
        for table in self.heirs(table, no_inherit) {
            let Some(relation) = self.relation_mut(&table) else { continue };
            for own in relation.columns.iter_mut().filter(|it| it.name == *column) {
                own.not_null = true;
                own.nulls_remain = nulls_remain;
            }
        }
    }

    fn add_check(
        &mut self,
        table: &QualifiedName,
        pending: &Pending,
        text: &SmolStr,
        no_inherit: bool,
        written: &FxHashSet<Ident>,
    ) {
        let Some(relation) = self.relation(table) else { return };
        let name = pending.name.clone().unwrap_or_else(|| {
            let mut used = relation.columns.iter().filter(|it| mentions(text, &it.name));
            let column = used.next().filter(|_| used.next().is_none()).map(|it| it.name.as_str());
            self.choose_constraint_name(&table.schema, &table.name, column, "check", written)
        });
        let origin = self.origin(pending.range);
        let check = Check { name: Some(name.clone()), expression: Some(text.clone()), no_inherit, origin };
        for table in self.heirs(table, no_inherit) {
            if let Some(relation) = self.relation_mut(&table)
                && !relation.checks.iter().any(|it| it.name == check.name)
            {
                relation.checks.push(check.clone());
                note(relation, &name, pending);
            }
        }
    }

    fn add_primary_key(
        &mut self,
        table: &QualifiedName,
        pending: &Pending,
        columns: &[Ident],
        without_overlaps: bool,
    ) {
        let choose = || self.choose_relation_name(&table.schema, &table.name, None, "pkey");
        let key = Key {
            name: Some(pending.name.clone().unwrap_or_else(choose)),
            columns: columns.to_vec(),
            nulls_not_distinct: false,
            without_overlaps,
            deferrable: pending.deferrable,
            origin: self.origin(pending.range),
        };
        self.set_not_null(table, columns, true);
        if let Some(relation) = self.relation_mut(table) {
            note_tail(relation, key.name.as_ref(), pending.tail.clone());
            note_deferred(relation, key.name.as_ref(), pending);
            relation.primary_key.get_or_insert(key);
        }
    }

    fn add_unique(
        &mut self,
        table: &QualifiedName,
        pending: &Pending,
        columns: &[Ident],
        nulls_not_distinct: bool,
        without_overlaps: bool,
    ) {
        let choose = || self.choose_relation_name(&table.schema, &table.name, Some(&joined(columns)), "key");
        let key = Key {
            name: Some(pending.name.clone().unwrap_or_else(choose)),
            columns: columns.to_vec(),
            nulls_not_distinct,
            without_overlaps,
            deferrable: pending.deferrable,
            origin: self.origin(pending.range),
        };
        let same = |it: &Key| {
            it.columns == key.columns
                && it.nulls_not_distinct == key.nulls_not_distinct
                && it.name == key.name
        };
        if let Some(relation) = self.relation_mut(table)
            && !relation.uniques.iter().any(same)
        {
            note_tail(relation, key.name.as_ref(), pending.tail.clone());
            note_deferred(relation, key.name.as_ref(), pending);
            relation.uniques.push(key);
        }
    }

    /// The partitions of a partitioned table get its keys, under names of their own.
    fn in_partitions(&mut self, table: &QualifiedName, pending: &Pending, written: &FxHashSet<Ident>) {
        let partitions = if pending.only { Vec::new() } else { self.partitions(table) };
        for partition in partitions {
            let own = Pending::copied(pending.kind.clone(), pending.range, pending.deferrable);
            let own = Pending { deferred: pending.deferred, ..own };
            self.constraint(&partition, own, written);
        }
    }

    fn add_exclusion(&mut self, table: &QualifiedName, pending: &Pending, columns: &[String]) {
        let part = columns_part(columns);
        let choose = || self.choose_relation_name(&table.schema, &table.name, Some(&part), "excl");
        let name = pending.name.clone().unwrap_or_else(choose);
        let index = Index {
            name: Some(name.clone()),
            unique: false,
            method: "gist".into(),
            items: Vec::new(),
            predicate: None,
            nulls_not_distinct: false,
            include: Vec::new(),
            part_of: None,
            origin: self.origin(pending.range),
        };
        if let Some(relation) = self.relation_mut(table) {
            relation.indexes.push(index);
            if pending.deferrable {
                Arc::make_mut(&mut relation.details).deferrable.push(name.clone());
            }
            note_tail(relation, Some(&name), pending.tail.clone());
        }
    }

    /// `USING INDEX`: the index becomes the key's, and is renamed with it.
    fn add_key_of_index(&mut self, table: &QualifiedName, pending: &Pending, index: &Ident, primary: bool) {
        let origin = self.origin(pending.range);
        let Some(relation) = self.relation_mut(table) else { return };
        let Some(at) = relation.indexes.iter().position(|it| it.name.as_ref() == Some(index)) else { return };
        let index = relation.indexes.remove(at);
        let columns: Vec<Ident> = index.items.iter().filter_map(|it| it.column.clone()).collect();
        let name = pending.name.clone().or_else(|| index.name.clone());
        let renamed = index.name.zip(name.clone()).filter(|it| it.0 != it.1);
        let key = Key {
            name,
            columns: columns.clone(),
            nulls_not_distinct: index.nulls_not_distinct,
            without_overlaps: false,
            deferrable: pending.deferrable,
            origin,
        };
        note_deferred(relation, key.name.as_ref(), pending);
        if primary {
            relation.primary_key = Some(key);
            self.set_not_null(table, &columns, true);
        } else {
            relation.uniques.push(key);
        }
        if let Some((from, to)) = renamed {
            self.follow_key(table, &from, &to);
        }
    }

    fn add_foreign_key(
        &mut self,
        table: &QualifiedName,
        pending: &Pending,
        columns: &[Ident],
        references: &Reference,
        written: &FxHashSet<Ident>,
    ) {
        let name = pending.name.clone().unwrap_or_else(|| {
            let part = joined(columns);
            self.choose_constraint_name(&table.schema, &table.name, Some(&part), "fkey", written)
        });
        let target = references.target.as_ref();
        let mut target_columns = references.columns.clone();
        let key = target.and_then(|it| self.key_for(it, &target_columns, !target_columns.is_empty()));
        if target_columns.is_empty()
            && let Some(key) = target.and_then(|it| self.relation(it)?.primary_key.as_ref())
        {
            target_columns.clone_from(&key.columns);
        }
        let foreign_key = ForeignKey {
            name: Some(name.clone()),
            columns: columns.to_vec(),
            target: references.target.clone(),
            target_columns,
            key,
            on_delete: references.on_delete.clone(),
            set_columns: references.set_columns.clone(),
            on_update: references.on_update.clone(),
            origin: self.origin(pending.range),
        };
        for table in std::iter::once(table.clone()).chain(self.partitions(table)) {
            if let Some(relation) = self.relation_mut(&table) {
                relation.foreign_keys.push(foreign_key.clone());
                note(relation, &name, pending);
            }
        }
    }

    /// The tables that get a constraint of a table.
    fn heirs(&self, table: &QualifiedName, no_inherit: bool) -> Vec<QualifiedName> {
        if no_inherit { vec![table.clone()] } else { self.with_descendants(table) }
    }
}

/// What PostgreSQL makes of columns in a constraint's name.
fn joined(columns: &[Ident]) -> String {
    columns_part(&columns.iter().map(Ident::to_string).collect::<Vec<_>>())
}

/// Keeps what a constraint is said to be.
fn note(relation: &mut Relation, name: &Ident, pending: &Pending) {
    let Pending { deferrable, deferred, not_enforced, not_valid, .. } = *pending;
    if deferrable || not_enforced || not_valid {
        let details = Arc::make_mut(&mut relation.details);
        details.deferrable.extend(deferrable.then(|| name.clone()));
        details.deferred.extend(deferred.then(|| name.clone()));
        details.not_enforced.extend(not_enforced.then(|| name.clone()));
        details.not_valid.extend(not_valid.then(|| name.clone()));
    }
}

/// Keeps of a key that it is `INITIALLY DEFERRED`.
fn note_deferred(relation: &mut Relation, name: Option<&Ident>, pending: &Pending) {
    if let Some(name) = name.filter(|_| pending.deferred) {
        Arc::make_mut(&mut relation.details).deferred.push(name.clone());
    }
}

/// Whether children have a check of this name from the relation.
fn hands_down(relation: &Relation, name: &Ident) -> bool {
    relation.checks.iter().any(|it| it.name.as_ref() == Some(name) && !it.no_inherit)
}
