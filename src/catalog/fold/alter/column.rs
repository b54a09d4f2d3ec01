//! Columns of a table that is altered.

use super::super::constraint::Pending;
use super::super::create::renamed;
use super::super::naming::mentions;
use super::super::{Fold, TextRange, empty_relation};
use crate::catalog::depend;
use crate::catalog::{Identity, Index, QualifiedName, Relation, RelationKind, Type};
use crate::sql::hir::Name;
use crate::sql::hir::ddl::{AlterMysql, AlterTable, ColumnDef, SequenceOption};
use crate::sql::{Dialect, Ident};

impl Fold<'_> {
    /// Changes a column here and in everything that inherits it.
    pub(super) fn columns(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        mut edit: impl FnMut(&mut crate::catalog::Column),
    ) {
        for table in self.with_descendants(table) {
            let Some(relation) = self.relation_mut(&table) else { continue };
            relation.columns.iter_mut().filter(|it| it.name == *name).for_each(&mut edit);
        }
    }

    /// What hangs on a column that gets another type is no longer what its text says.
    pub(super) fn make_stale(&mut self, table: &QualifiedName, name: &Ident, ty: Option<Type>) {
        for table in self.with_descendants(table) {
            let Some(relation) = self.relation_mut(&table) else { continue };
            let old = relation.columns.iter().find(|it| it.name == *name).and_then(|it| it.ty);
            if old.zip(ty).is_some_and(|(old, new)| old.id == new.id) {
                continue;
            }
            let text = |it: &Option<smol_str::SmolStr>| it.as_deref().is_some_and(|it| mentions(it, name));
            let checks = relation.checks.iter().filter(|it| text(&it.expression)).map(|it| &it.name);
            let indexes = relation
                .indexes
                .iter()
                .filter(|it| text(&it.predicate) || it.items.iter().any(|it| text(&it.expression)));
            let names: Vec<Ident> = checks.chain(indexes.map(|it| &it.name)).flatten().cloned().collect();
            if !names.is_empty() {
                std::sync::Arc::make_mut(&mut relation.details).stale.extend(names);
            }
        }
    }

    pub(super) fn add_column(&mut self, table: &QualifiedName, def: &ColumnDef) {
        let Some(relation) = self.relation(table) else { return };
        if relation.columns.iter().any(|it| it.name == def.name.ident) {
            return;
        }
        // Built beside the table, so that names are chosen against what exists.
        let mut added: Relation = empty_relation(table, relation.kind, relation.origin);
        let (mut pending, mut sequences): (Vec<Pending>, _) = (Vec::new(), Vec::new());
        self.column(table, &mut added, def, &mut pending, &mut sequences);
        for sequence in sequences {
            self.insert(sequence);
        }
        for table in self.with_descendants(table) {
            let Some(relation) = self.relation_mut(&table) else { continue };
            for column in &added.columns {
                if !relation.columns.iter().any(|it| it.name == column.name) {
                    relation.columns.push(column.clone());
                    relation.not_nulls.extend(added.not_nulls.iter().cloned());
                }
            }
        }
        let pending = self.merged(pending, &[]);
        self.constraints(table, pending);
    }

    pub(super) fn add_identity(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        always: bool,
        options: &[SequenceOption],
    ) {
        let column = self.relation(table).and_then(|it| it.columns.iter().find(|it| it.name == *name));
        // Refused where there is a default: 55000.
        let plain = |it: &&crate::catalog::Column| it.identity.is_none() && it.default.is_none();
        let Some(column) = column.filter(plain).cloned() else { return };
        let origin = self.origin(TextRange::default());
        let column = crate::catalog::Column { origin, ..column };
        let sequence = self.owned_sequence(table, &column, &Default::default(), options);
        self.insert(sequence);
        self.columns(table, name, |it| {
            it.identity = Some(identity(always));
            it.not_null = true;
        });
    }

    /// A column with the keys, indexes and checks that use it.
    pub(in crate::catalog::fold) fn drop_column(&mut self, table: &QualifiedName, name: &Ident) {
        self.doubt_objects_on(table);
        self.drop_sequences(table, Some(name));
        let Some(relation) = self.relation_mut(table) else { return };
        if !relation.columns.iter().any(|it| it.name == *name) {
            return;
        }
        relation.columns.retain(|it| it.name != *name);
        if self.catalog.dialect == Dialect::Mysql {
            self.take_out_of_keys(table, name);
        }
        let Some(relation) = self.relation_mut(table) else { return };
        relation.primary_key.take_if(|it| it.columns.contains(name));
        relation.uniques.retain(|it| !it.columns.contains(name));
        relation.foreign_keys.retain(|it| !it.columns.contains(name));
        relation.checks.retain(|it| !it.expression.as_deref().is_some_and(|it| mentions(it, name)));
        relation.indexes.retain(|it| !uses(it, name));
        // Foreign keys to the column go with CASCADE; without it PostgreSQL refuses.
        let referring = self.referring(table, |it| it.target_columns.contains(name));
        for other in referring {
            if let Some(relation) = self.relation_mut(&other) {
                relation
                    .foreign_keys
                    .retain(|it| !(it.target.as_ref() == Some(table) && it.target_columns.contains(name)));
            }
        }
    }

    /// The views that read a table and name the column, or all of its columns: they go with it.
    pub(super) fn drop_views_of(&mut self, table: &QualifiedName, column: &Ident) {
        for view in self.views_on(table) {
            let uses = self.relation(&view).is_some_and(|it| {
                it.definition.as_deref().is_some_and(|text| mentions(text, column) || text.contains('*'))
            });
            if uses {
                self.drop_relation(&view, true);
            }
        }
    }

    pub(in crate::catalog::fold) fn rename_column(
        &mut self,
        table: &QualifiedName,
        from: &Ident,
        to: &Ident,
    ) {
        let Some(relation) = self.relation_mut(table) else { return };
        let taken = relation.columns.iter().any(|it| it.name == *to);
        let Some(column) = relation.columns.iter_mut().find(|it| it.name == *from).filter(|_| !taken) else {
            return;
        };
        column.name = to.clone();
        if matches!(relation.kind, RelationKind::View | RelationKind::MaterializedView) {
            std::sync::Arc::make_mut(&mut relation.details).named_columns = true;
        }
        relation.not_nulls.iter_mut().filter(|it| it.1 == *from).for_each(|it| it.1 = to.clone());
        let change = |columns: &mut Vec<Ident>| {
            columns.iter_mut().filter(|it| *it == from).for_each(|it| *it = to.clone());
        };
        relation.primary_key.iter_mut().chain(&mut relation.uniques).for_each(|it| change(&mut it.columns));
        for key in &mut relation.foreign_keys {
            change(&mut key.columns);
            change(&mut key.set_columns);
        }
        if let Some(partition) = &mut relation.partition {
            let partition = std::sync::Arc::make_mut(partition);
            let names = partition.key.iter_mut().flatten().chain(&mut partition.named);
            names.filter(|it| *it == from).for_each(|it| *it = to.clone());
            partition.by = renamed(&partition.by, from, to);
        }
        if !relation.details.tails.is_empty() {
            for (_, tail) in &mut std::sync::Arc::make_mut(&mut relation.details).tails {
                *tail = super::super::naming::replace_name(tail, from, to).into();
            }
        }
        relation.checks.iter_mut().for_each(|it| it.expression = renamed(&it.expression, from, to));
        for index in &mut relation.indexes {
            for item in &mut index.items {
                item.column.iter_mut().filter(|it| *it == from).for_each(|it| *it = to.clone());
                item.expression = renamed(&item.expression, from, to);
            }
            index.predicate = renamed(&index.predicate, from, to);
            index.include.iter_mut().filter(|it| *it == from).for_each(|it| *it = to.clone());
        }
        for column in &mut relation.columns {
            if let Some(generated) = &mut column.generated {
                generated.expression = renamed(&generated.expression, from, to);
            }
        }
        for policy in &mut relation.policies {
            policy.using = renamed(&policy.using, from, to);
            policy.with_check = renamed(&policy.with_check, from, to);
        }
        for other in self.referring(table, |it| it.target_columns.contains(from)) {
            let Some(relation) = self.relation_mut(&other) else { continue };
            for key in relation.foreign_keys.iter_mut().filter(|it| it.target.as_ref() == Some(table)) {
                key.target_columns.iter_mut().filter(|it| *it == from).for_each(|it| *it = to.clone());
            }
        }
        for sequence in self.owned_sequences(table, Some(from)) {
            if let Some(sequence) = self.relation_mut(&sequence) {
                sequence.definition = Some(to.as_str().into());
            }
        }
        depend::rename_column(&mut self.catalog.depends, table, from, to);
        let tables = self.with_descendants(table);
        self.forget_definitions_where(|it| {
            mentions(it, from) && tables.iter().any(|table| mentions(it, &table.name))
        });
    }

    /// Remembers where a column was changed.
    pub(super) fn note_change(&mut self, table: &QualifiedName, name: &Name) {
        let origin = self.origin(name.range);
        self.columns(table, &name.ident, |it| {
            if it.origin != origin && !it.also.contains(&origin) {
                it.also.push(origin);
            }
        });
    }
}

/// The column that an action changes, by the name that it has behind it.
pub(super) fn altered(action: &AlterTable) -> Option<&Name> {
    match action {
        AlterTable::SetType { name, .. }
        | AlterTable::SetDefault { name, .. }
        | AlterTable::DropDefault { name }
        | AlterTable::SetNotNull { name }
        | AlterTable::DropNotNull { name }
        | AlterTable::AddIdentity { name, .. }
        | AlterTable::SetIdentity { name, .. }
        | AlterTable::DropIdentity { name }
        | AlterTable::SetExpression { name, .. }
        | AlterTable::DropExpression { name }
        | AlterTable::RenameColumn { new_name: name, .. } => Some(name),
        AlterTable::Mysql(AlterMysql::Redefine { column, .. }) => Some(&column.name),
        _ => None,
    }
}

pub(super) fn identity(always: bool) -> Identity {
    if always { Identity::Always } else { Identity::ByDefault }
}

fn uses(index: &Index, name: &Ident) -> bool {
    let text = |it: &Option<smol_str::SmolStr>| it.as_deref().is_some_and(|it| mentions(it, name));
    index.items.iter().any(|it| it.column.as_ref() == Some(name) || text(&it.expression))
        || text(&index.predicate)
        || index.include.contains(name)
}
