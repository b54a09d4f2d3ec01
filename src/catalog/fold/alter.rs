//! ALTER TABLE (and VIEW, INDEX, SEQUENCE as far as the actions are the same).

use super::constraint::Pending;
use super::create::{renamed, unwrap_parens};
use super::naming::mentions;
use super::{Fold, TextRange, empty_relation};
use crate::base::text::slice;
use crate::catalog::depend::{self, Used};
use crate::catalog::{
    ColumnDefault, Generated, Identity, Index, Partition, QualifiedName, Relation, RelationKind,
};
use crate::sql::hir::ddl::{AlterMysql, AlterTable, ColumnDef};
use crate::sql::hir::{self, Name, QName};
use crate::sql::{Dialect, Ident};

impl<'a> Fold<'a> {
    pub(super) fn alter_table(&mut self, name: &QName, only: bool, actions: &[AlterTable]) {
        let Some(table) = self.find(name) else { return self.alter_index(name, actions) };
        let mut ordered: Vec<&AlterTable> = actions.iter().collect();
        if self.is_postgres() {
            ordered.sort_by_key(|it| it.pass());
        }
        for action in ordered {
            match action {
                AlterTable::DropColumn { name, cascade, .. } if only => {
                    // Whoever has it from here has it as its own from now on.
                    self.leave_column(&table, &name.ident);
                    match cascade {
                        true => self.drop_column_with_users(&table, &name.ident),
                        false => self.drop_column(&table, &name.ident),
                    }
                }
                AlterTable::DropConstraint { name, .. } if only => {
                    self.leave_check(&table, &name.ident);
                    let dropped = self.relation_mut(&table).is_some_and(|it| {
                        let n_checks = it.checks.len();
                        it.checks.retain(|it| it.name.as_ref() != Some(&name.ident));
                        it.checks.len() < n_checks
                    });
                    if !dropped {
                        self.drop_constraint(&table, &name.ident);
                    }
                }
                AlterTable::SetNotNull { name } if only => {
                    // Children need not have it.
                    let Some(relation) = self.relation_mut(&table) else { continue };
                    for column in relation.columns.iter_mut().filter(|it| it.name == name.ident) {
                        column.nulls_remain = column.nulls_remain || !column.not_null;
                        column.not_null = true;
                    }
                }
                AlterTable::AddConstraint(constraint) if only => {
                    if let Some(pending) = self.pending(constraint) {
                        self.constraints(&table, vec![Pending { only, ..pending }]);
                    }
                }
                _ => self.action(&table, action),
            }
            if let Some(name) = altered(action) {
                self.note_change(&table, name);
            }
        }
    }

    /// `ALTER INDEX … ATTACH PARTITION`; other actions on an index change nothing that is modelled.
    fn alter_index(&mut self, name: &QName, actions: &[AlterTable]) {
        for action in actions {
            let AlterTable::AttachPartition { partition, .. } = action else { continue };
            let (Some((_, index)), Some((table, part))) = (self.find_index(name), self.find_index(partition))
            else {
                continue;
            };
            let Some(relation) = self.relation_mut(&table) else { continue };
            let parts = relation.indexes.iter_mut().filter(|it| it.name.as_ref() == Some(&part));
            parts.for_each(|it| it.part_of = Some(index.clone()));
        }
    }

    /// Remembers where a column was changed.
    fn note_change(&mut self, table: &QualifiedName, name: &Name) {
        let origin = self.origin(name.range);
        self.columns(table, &name.ident, |it| {
            if it.origin != origin && !it.also.contains(&origin) {
                it.also.push(origin);
            }
        });
    }

    pub(super) fn action(&mut self, table: &QualifiedName, action: &AlterTable) {
        match action {
            AlterTable::AddColumn { column, .. } => self.add_column(table, column),
            AlterTable::DropColumn { name, cascade, .. } => {
                if *cascade {
                    self.drop_views_of(table, &name.ident);
                }
                self.drop_inherited_column(table, &name.ident, *cascade);
            }
            AlterTable::RenameColumn { name, new_name } => {
                for table in self.with_descendants(table) {
                    self.rename_column(&table, &name.ident, &new_name.ident);
                }
            }
            AlterTable::SetType { name, ty, collation, .. } => {
                let collation = crate::catalog::Collation::written(collation.as_ref());
                // Checks and indexes are no longer what their texts say: see `sema::analyze::ddl::alter::rebuild`.
                let retyped = (crate::catalog::depend::RETYPED.into(), name.ident.clone());
                std::sync::Arc::make_mut(&mut self.catalog.others).insert(retyped);
                let found = self.type_of(ty);
                let text: smol_str::SmolStr = slice(self.text, ty.range).into();
                self.keep_type_of_default(table, &name.ident, found);
                self.columns(table, &name.ident, |it| {
                    it.ty = found;
                    it.type_text = text.clone();
                    it.collation = collation.clone();
                });
            }
            AlterTable::SetDefault { name, expr } => {
                let text = self.expr_text(*expr);
                // `SET DEFAULT NULL` is no default.
                let default = match text {
                    Some(text) if text.eq_ignore_ascii_case("null") => None,
                    Some(text) => Some(ColumnDefault::Sql(text)),
                    None => Some(ColumnDefault::Unknown),
                };
                self.columns(table, &name.ident, |it| it.default = default.clone());
            }
            AlterTable::DropDefault { name } => self.columns(table, &name.ident, |it| it.default = None),
            AlterTable::SetNotNull { name } => {
                self.set_not_null(table, std::slice::from_ref(&name.ident), true)
            }
            AlterTable::DropNotNull { name } => {
                self.set_not_null(table, std::slice::from_ref(&name.ident), false)
            }
            AlterTable::ValidateConstraint { name } => {
                for table in self.with_descendants(table) {
                    let own = table.name.clone();
                    let Some(relation) = self.relation_mut(&table) else { continue };
                    let found = not_null_columns(relation, &own, &name.ident);
                    let columns = relation.columns.iter_mut().filter(|it| found.contains(&it.name));
                    columns.for_each(|it| it.nulls_remain = false);
                }
            }
            AlterTable::AddIdentity { name, always, .. } => self.add_identity(table, &name.ident, *always),
            AlterTable::SetIdentity { name, always, .. } => {
                let Some(identity) = always.map(identity) else { return };
                self.columns(table, &name.ident, |it| it.identity = it.identity.and(Some(identity)));
            }
            AlterTable::DropIdentity { name } => {
                let had = self.relation(table).is_some_and(|it| {
                    it.columns.iter().any(|it| it.name == name.ident && it.identity.is_some())
                });
                if had {
                    self.columns(table, &name.ident, |it| it.identity = None);
                    self.drop_sequences(table, Some(&name.ident));
                }
            }
            AlterTable::SetExpression { name, expr } => {
                let text = self.expr_text(*expr).map(|it| unwrap_parens(&it));
                self.columns(table, &name.ident, |it| {
                    let stored = it.generated.as_ref().is_some_and(|it| it.stored);
                    it.generated = Some(Generated { expression: text.clone(), stored });
                });
            }
            AlterTable::DropExpression { name } => self.columns(table, &name.ident, |it| it.generated = None),
            AlterTable::AddConstraint(constraint) => {
                if let Some(pending) = self.pending(constraint) {
                    self.constraints(table, vec![pending]);
                }
            }
            AlterTable::DropConstraint { name, cascade, .. } => {
                if *cascade {
                    let own = &name.ident;
                    self.drop_users(&|it| matches!(it, Used::Key(of, key) if of == table && key == own));
                }
                self.drop_constraint(table, &name.ident);
            }
            AlterTable::RenameConstraint { name, new_name } => {
                self.rename_constraint(table, &name.ident, &new_name.ident);
            }
            AlterTable::RowSecurity { enabled } => {
                if let Some(relation) = self.relation_mut(table) {
                    relation.row_security = *enabled;
                }
            }
            AlterTable::Inherit { parent, inherit } => self.set_parent(table, parent, *inherit),
            AlterTable::AttachPartition { partition, bound } => {
                let bound = bound.as_ref().map(|it| self.bound(it));
                // A table that is below itself is refused (`circular inheritance not allowed`).
                let found = self.find(partition).filter(|it| !self.with_descendants(it).contains(table));
                if let Some(partition) = found {
                    if let Some(relation) = self.relation_mut(&partition)
                        && !relation.parents.contains(table)
                    {
                        relation.parents.push(table.clone());
                        let old = relation.partition.as_deref().cloned().unwrap_or_default();
                        relation.partition = Some(std::sync::Arc::new(Partition { bound, ..old }));
                    }
                    self.attach(table, &partition);
                }
            }
            AlterTable::DetachPartition(partition) => {
                let Some(partition) = self.find(partition) else { return };
                if let Some(relation) = self.relation_mut(&partition) {
                    relation.parents.retain(|it| it != table);
                    relation.indexes.iter_mut().for_each(|it| it.part_of = None);
                }
                // Identity is the partitioned table's (`DetachPartitionFinalize`).
                for own in self.with_descendants(&partition) {
                    if let Some(relation) = self.relation_mut(&own) {
                        relation.columns.iter_mut().for_each(|it| it.identity = None);
                    }
                }
            }
            AlterTable::Of(ty) => {
                let id = self.find_type(ty).and_then(|it| self.catalog.types.id(&it));
                if let Some(relation) = self.relation_mut(table) {
                    relation.of_type = id;
                }
            }
            AlterTable::NotOf => {
                if let Some(relation) = self.relation_mut(table) {
                    relation.of_type = None;
                }
            }
            AlterTable::Plain(words @ ("SET LOGGED" | "SET UNLOGGED")) => {
                if let Some(relation) = self.relation_mut(table) {
                    relation.unlogged = *words == "SET UNLOGGED";
                }
            }
            AlterTable::Rule(name) => {
                if let Some(relation) = self.relation_mut(table) {
                    let rules = relation.rules.iter_mut().filter(|it| it.name == name.ident);
                    rules.for_each(|it| it.switched = true);
                }
            }
            AlterTable::Mysql(action) => self.alter_mysql(table, action),
            _ => {}
        }
    }

    /// Changes a column here and in everything that inherits it.
    fn columns(
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

    fn add_column(&mut self, table: &QualifiedName, def: &ColumnDef) {
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
                }
            }
        }
        let pending = self.merged(pending, &[]);
        self.constraints(table, pending);
    }

    fn add_identity(&mut self, table: &QualifiedName, name: &Ident, always: bool) {
        let Some(column) = self.relation(table).and_then(|it| it.columns.iter().find(|it| it.name == *name))
        else {
            return;
        };
        if column.identity.is_some() {
            return;
        }
        let part = crate::sql::hir::Name { ident: name.clone(), range: TextRange::default() };
        let sequence = self.choose_relation_name(&table.schema, &table.name, Some(name.as_str()), "seq");
        let parts =
            [&table.schema, &sequence].map(|it| hir::Name { ident: it.clone(), range: TextRange::default() });
        let owner = [&table.schema, &table.name]
            .map(|it| hir::Name { ident: it.clone(), range: TextRange::default() });
        let owner = QName { parts: owner.into_iter().chain([part]).collect() };
        self.create_sequence(&QName { parts: parts.into() }, Some(&owner));
        self.columns(table, name, |it| {
            it.identity = Some(identity(always));
            it.not_null = true;
        });
    }

    /// A column with the keys, indexes and checks that use it.
    pub(super) fn drop_column(&mut self, table: &QualifiedName, name: &Ident) {
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
    fn drop_views_of(&mut self, table: &QualifiedName, column: &Ident) {
        for view in self.views_on(table) {
            let uses = self.relation(&view).is_some_and(|it| {
                it.definition.as_deref().is_some_and(|text| mentions(text, column) || text.contains('*'))
            });
            if uses {
                self.drop_relation(&view, true);
            }
        }
    }

    /// The relations with a foreign key to `table` for which `test` holds.
    pub(super) fn referring(
        &self,
        table: &QualifiedName,
        test: impl Fn(&crate::catalog::ForeignKey) -> bool,
    ) -> Vec<QualifiedName> {
        let all = self.catalog.relations.iter();
        let found = all
            .filter(|(_, it)| it.foreign_keys.iter().any(|it| it.target.as_ref() == Some(table) && test(it)));
        found.map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn rename_column(&mut self, table: &QualifiedName, from: &Ident, to: &Ident) {
        let Some(relation) = self.relation_mut(table) else { return };
        let taken = relation.columns.iter().any(|it| it.name == *to);
        let Some(column) = relation.columns.iter_mut().find(|it| it.name == *from).filter(|_| !taken) else {
            return;
        };
        column.name = to.clone();
        let change = |columns: &mut Vec<Ident>| {
            columns.iter_mut().filter(|it| *it == from).for_each(|it| *it = to.clone());
        };
        relation.primary_key.iter_mut().chain(&mut relation.uniques).for_each(|it| change(&mut it.columns));
        relation.foreign_keys.iter_mut().for_each(|it| change(&mut it.columns));
        if let Some(partition) = &mut relation.partition {
            let partition = std::sync::Arc::make_mut(partition);
            let names = partition.key.iter_mut().flatten().chain(&mut partition.named);
            names.filter(|it| *it == from).for_each(|it| *it = to.clone());
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

    /// The stored texts of views that mention a name which changed: PostgreSQL follows the change, we do not.
    pub(super) fn forget_definitions(&mut self, name: &Ident) {
        self.forget_definitions_where(|it| mentions(it, name));
    }

    fn forget_definitions_where(&mut self, changed: impl Fn(&str) -> bool) {
        let is_stale = |it: &&std::sync::Arc<Relation>| {
            matches!(it.kind, RelationKind::View | RelationKind::MaterializedView)
                && it.definition.as_deref().is_some_and(&changed)
        };
        let stale: Vec<QualifiedName> = self
            .catalog
            .relations
            .values()
            .filter(is_stale)
            .map(|it| QualifiedName { schema: it.schema.clone(), name: it.name.clone() })
            .collect();
        for view in stale {
            if let Some(view) = self.relation_mut(&view) {
                view.definition = None;
            }
        }
    }

    fn drop_constraint(&mut self, table: &QualifiedName, name: &Ident) {
        let Some(relation) = self.relation(table) else { return };
        let foreign = relation.foreign_keys.iter().find(|it| it.name.as_ref() == Some(name)).cloned();
        let partitions = match relation.kind {
            RelationKind::PartitionedTable => self.with_descendants(table),
            _ => Vec::new(),
        };
        let is = |it: &&crate::catalog::Key| it.name.as_ref() == Some(name);
        let key = relation.primary_key.iter().chain(&relation.uniques).find(is).map(|it| it.columns.clone());
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
            let found = not_null_columns(relation, &own.name, name);
            relation.not_nulls.retain(|it| it.0 != *name);
            for column in relation.columns.iter_mut().filter(|it| found.contains(&it.name)) {
                column.not_null = false;
                column.nulls_remain = false;
            }
        }
    }

    /// What depends on a key: foreign keys to it, and its copies on partitions.
    fn drop_key(&mut self, table: &QualifiedName, name: &Ident, columns: &[Ident]) {
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
        }
    }

    fn set_parent(&mut self, table: &QualifiedName, parent: &QName, inherit: bool) {
        let Some(parent) = self.find(parent) else { return };
        if inherit && self.with_descendants(table).contains(&parent) {
            return;
        }
        if inherit {
            self.keep_own(table);
        }
        if let Some(relation) = self.relation_mut(table) {
            relation.parents.retain(|it| *it != parent);
            if inherit {
                relation.parents.push(parent);
            }
        }
    }
}

/// The column that an action changes, by the name that it has behind it.
fn altered(action: &AlterTable) -> Option<&Name> {
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

fn identity(always: bool) -> Identity {
    if always { Identity::Always } else { Identity::ByDefault }
}

fn uses(index: &Index, name: &Ident) -> bool {
    let text = |it: &Option<smol_str::SmolStr>| it.as_deref().is_some_and(|it| mentions(it, name));
    index.items.iter().any(|it| it.column.as_ref() == Some(name) || text(&it.expression))
        || text(&index.predicate)
        || index.include.contains(name)
}

/// The columns of the NOT NULL constraints of a name: their own, or PostgreSQL's, which is not kept.
fn not_null_columns(relation: &crate::catalog::Relation, table: &Ident, name: &Ident) -> Vec<Ident> {
    let is_it = |column: &Ident| {
        relation.not_nulls.iter().any(|it| it.0 == *name && it.1 == *column)
            || super::naming::object_name(table.as_str(), Some(column.as_str()), "not_null") == name.as_str()
    };
    relation.columns.iter().map(|it| &it.name).filter(|it| is_it(it)).cloned().collect()
}
