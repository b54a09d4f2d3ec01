//! DROP, RENAME, SET SCHEMA and COMMENT of every object.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Fold;
use crate::catalog::depend::{self, Dependent, FunctionKey, Used};
use crate::catalog::{Origin, QualifiedName, Relation, RelationKind, TypeId, TypeKind, pg};
use crate::sql::Ident;
use crate::sql::hir::QName;
use crate::sql::hir::ddl::{Drop, DropName, ObjectKind, RelationKind as Written};
use crate::sql::token::{TokenKind, significant};

impl<'a> Fold<'a> {
    pub(super) fn drop(&mut self, drop: &Drop) {
        for name in &drop.names {
            match drop.object {
                ObjectKind::Relation(Written::Index) => match name.on.as_ref().and_then(|it| self.find(it)) {
                    Some(table) => {
                        if let Some(index) = name.name.last() {
                            self.drop_index_of(&table, &index.ident);
                        }
                    }
                    None => self.drop_index(&name.name),
                },
                ObjectKind::Relation(_) => {
                    if let Some(found) = self.find(&name.name) {
                        self.drop_relation(&found, drop.cascade);
                    }
                }
                ObjectKind::Type | ObjectKind::Domain => self.drop_type(&name.name, drop.cascade),
                ObjectKind::Schema => self.drop_schema(&name.name),
                ObjectKind::Extension => {
                    if let Some(last) = name.name.last() {
                        self.drop_extension(&last.ident, drop.cascade);
                    }
                }
                ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                    self.drop_function(name, drop.cascade)
                }
                ObjectKind::Trigger | ObjectKind::Policy => self.drop_from_table(drop.object, name),
                _ => {}
            }
        }
    }

    /// A relation with its row type, its sequences and its partitions; foreign keys to it; with CASCADE its children.
    pub(super) fn drop_relation(&mut self, name: &QualifiedName, cascade: bool) {
        let Some(relation) = self.relation(name) else { return };
        let is_sequence = relation.kind == RelationKind::Sequence;
        let mut dependents = Vec::new();
        if cascade || relation.kind == RelationKind::PartitionedTable {
            dependents.extend(self.children(name));
        }
        if cascade {
            dependents.extend(self.views_on(name));
            self.drop_policies_reading(name);
            self.doubt_views();
        }
        if cascade && is_sequence {
            self.drop_defaults_from(name);
        }
        self.drop_sequences(name, None);
        let referring = if self.keeps_dangling() { Vec::new() } else { self.referring(name, |_| true) };
        for other in referring {
            if let Some(relation) = self.relation_mut(&other) {
                relation.foreign_keys.retain(|it| it.target.as_ref() != Some(name));
            }
        }
        self.drop_objects_on(name);
        Arc::make_mut(&mut self.catalog.relations).remove(name);
        let row = self.catalog.types.named(name).map(|it| [it.id, it.array]).filter(|_| cascade);
        self.catalog.types.drop(name);
        self.relation_gone(name, cascade);
        if let Some(row) = row {
            self.drop_users_of(&row);
        }
        // Views may read each other in a circle: the relation is gone before what depends on it goes.
        for dependent in dependents {
            self.drop_relation(&dependent, cascade);
        }
    }

    /// The views that certainly read a relation: its name stands behind FROM or JOIN in their text.
    pub(super) fn views_on(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let all = self.catalog.relations.iter();
        let reading = all.filter(|(view, it)| {
            // What those are made of that are written down, is known.
            !self.catalog.depends.contains_key(&Dependent::View((*view).clone()))
                && matches!(it.kind, RelationKind::View | RelationKind::MaterializedView)
                && it.definition.as_deref().is_some_and(|it| reads(it, name))
        });
        reading.map(|(name, _)| name.clone()).collect()
    }

    /// Views whose query is not kept, for a name in it has changed, may go with anything: they are taken out, and what
    /// is said of their names is not doubted.
    fn doubt_views(&mut self) {
        let is_view = |it: &Arc<Relation>| {
            matches!(it.kind, RelationKind::View | RelationKind::MaterializedView)
                && it.definition.is_none()
                && matches!(it.origin, Origin::Sql { .. })
                && !self.catalog.depends.contains_key(&Dependent::View(QualifiedName {
                    schema: it.schema.clone(),
                    name: it.name.clone(),
                }))
        };
        let all = self.catalog.relations.iter();
        let views: Vec<QualifiedName> = all.filter(|it| is_view(it.1)).map(|it| it.0.clone()).collect();
        for view in views {
            Arc::make_mut(&mut self.catalog.gaps.named).insert(view.name.clone());
            Arc::make_mut(&mut self.catalog.relations).remove(&view);
            self.catalog.types.drop(&view);
        }
    }

    /// Policies of other tables whose conditions certainly read a relation.
    fn drop_policies_reading(&mut self, name: &QualifiedName) {
        let reading =
            |it: &crate::catalog::Policy| it.using.iter().chain(&it.with_check).any(|it| reads(it, name));
        let tables: Vec<QualifiedName> = self
            .catalog
            .relations
            .iter()
            .filter(|(table, it)| *table != name && it.policies.iter().any(reading))
            .map(|it| it.0.clone())
            .collect();
        for table in tables {
            let depends = Arc::clone(&self.catalog.depends);
            let noted = |it: &Ident| depends.contains_key(&Dependent::Policy(table.clone(), it.clone()));
            if let Some(relation) = self.relation_mut(&table) {
                relation.policies.retain(|it| noted(&it.name) || !reading(it));
            }
        }
    }

    fn drop_extension(&mut self, name: &Ident, cascade: bool) {
        if Arc::make_mut(&mut self.catalog.extensions).remove(name).is_none() {
            return;
        }
        if cascade {
            let own = depend::extension(name.as_str());
            self.drop_users(&|it| *it == Used::Object(own.clone()));
        }
        if let Some(data) = pg::ext::extension(name.as_str()).filter(|_| cascade) {
            self.drop_indexes_of(data);
            let types: Vec<TypeId> = data.types.iter().map(|it| it.id).collect();
            self.drop_columns_of(&types);
        }
    }

    /// Indexes of an extension's operator classes.
    fn drop_indexes_of(&mut self, data: &pg::ext::ExtensionData) {
        let brought = |it: &crate::catalog::Index| {
            it.items
                .iter()
                .filter_map(|it| it.opclass.as_deref())
                .any(|class| data.opclasses.iter().any(|own| own.name == class))
        };
        let tables = self.catalog.relations.iter().filter(|it| it.1.indexes.iter().any(brought));
        let tables: Vec<QualifiedName> = tables.map(|it| it.0.clone()).collect();
        for table in tables {
            if let Some(relation) = self.relation_mut(&table) {
                relation.indexes.retain(|it| !brought(it));
            }
        }
    }

    /// The sequences that a table, or one of its columns, owns.
    pub(super) fn owned_sequences(
        &self,
        table: &QualifiedName,
        column: Option<&Ident>,
    ) -> Vec<QualifiedName> {
        let all = self.catalog.relations.iter();
        let owned = all.filter(|(_, it)| {
            it.kind == RelationKind::Sequence
                && it.parents.contains(table)
                && column.is_none_or(|column| it.definition.as_deref() == Some(column.as_str()))
        });
        owned.map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn drop_sequences(&mut self, table: &QualifiedName, column: Option<&Ident>) {
        for sequence in self.owned_sequences(table, column) {
            // Only CASCADE drops one that others hold.
            self.drop_defaults_from(&sequence);
            Arc::make_mut(&mut self.catalog.relations).remove(&sequence);
        }
    }

    /// The relation that has the index a name means, and the index's own name.
    pub(super) fn find_index(&self, name: &QName) -> Option<(QualifiedName, Ident)> {
        self.candidates(name)
            .into_iter()
            .find_map(|it| Some((self.index_owner(&it.schema, &it.name)?, it.name)))
    }

    fn drop_index(&mut self, name: &QName) {
        let Some((table, index)) = self.find_index(name) else { return };
        self.drop_index_parts(&table, &index);
        depend::forget(&mut self.catalog.depends, &Dependent::Index(table, index));
    }

    /// An index with its parts on partitions.
    fn drop_index_parts(&mut self, table: &QualifiedName, index: &Ident) {
        let Some(relation) = self.relation_mut(table) else { return };
        relation.indexes.retain(|it| it.name.as_ref() != Some(index));
        Arc::make_mut(&mut relation.details).forget(index);
        for partition in self.partitions(table) {
            let part = self
                .relation(&partition)
                .and_then(|it| it.indexes.iter().find(|it| it.part_of.as_ref() == Some(index))?.name.clone());
            if let Some(part) = part {
                self.drop_index_parts(&partition, &part);
            }
        }
    }

    fn drop_type(&mut self, name: &QName, cascade: bool) {
        if let Some(found) = self.find_type(name) {
            self.drop_type_named(&found, cascade);
        }
    }

    pub(super) fn drop_type_named(&mut self, found: &QualifiedName, cascade: bool) {
        let Some(info) = self.catalog.types.named(found).cloned() else { return };
        let (id, array) = (info.id, info.array);
        if cascade {
            self.drop_users_of(&[id, array]);
        }
        depend::forget(&mut self.catalog.depends, &Dependent::Type(id));
        self.shell_gone(found);
        let constraints = SmolStr::from(format!("CONSTRAINT {}", found.name));
        if self.catalog.others.iter().any(|it| it.0 == constraints) {
            Arc::make_mut(&mut self.catalog.others).retain(|it| it.0 != constraints);
        }
        if matches!(info.kind, TypeKind::Range { .. }) {
            // Its constructors, and those of its multirange.
            let multi = self.catalog.types.iter().find(|it| it.kind == TypeKind::Multirange { range: id });
            let dead = [Some(id), multi.map(|it| it.id)];
            let functions = Arc::make_mut(&mut self.catalog.functions);
            for overloads in functions.values_mut() {
                overloads.retain(|it| it.returns.is_none() || !dead.contains(&it.returns));
            }
            functions.retain(|_, it| !it.is_empty());
        }
        self.catalog.types.drop(found);
    }

    /// Tables, types and functions made of these types: they go with them under CASCADE.
    fn drop_users_of(&mut self, types: &[TypeId]) {
        let typed: Vec<QualifiedName> = self
            .catalog
            .relations
            .iter()
            .filter(|it| it.1.of_type.is_some_and(|it| types.contains(&it)))
            .map(|it| it.0.clone())
            .collect();
        for table in typed {
            self.drop_relation(&table, true);
        }
        self.drop_columns_of(types);
        let is = |it: &TypeId| types.contains(it);
        self.drop_users(&|it| matches!(it, Used::Type(id) if is(id)));
        let (mut dead, mut changed) = (Vec::new(), Vec::new());
        for info in self.catalog.types.iter().filter(|it| !is(&it.id)) {
            let name = QualifiedName { schema: info.schema.clone(), name: info.name.clone() };
            match &info.kind {
                TypeKind::Domain { base, .. } if is(&base.id) => dead.push(name),
                TypeKind::Range { subtype } if is(subtype) => dead.push(name),
                TypeKind::Composite { relation: None, columns }
                    if columns.iter().any(|it| it.1.is_some_and(|it| is(&it.id))) =>
                {
                    changed.push(name);
                }
                _ => {}
            }
        }
        for name in changed {
            self.catalog.types.change(&name, |info| {
                let TypeKind::Composite { columns, .. } = &mut info.kind else { return false };
                columns.retain(|it| !it.1.is_some_and(|it| is(&it.id)));
                true
            });
        }
        for name in dead {
            self.drop_type_named(&name, true);
        }
        let uses = |it: &Arc<crate::catalog::Function>| it.types().any(|it| is(&it));
        let dead: Vec<FunctionKey> = self
            .catalog
            .functions
            .values()
            .flatten()
            .filter(|it| uses(it))
            .filter_map(|it| FunctionKey::of(it))
            .collect();
        for key in dead {
            self.drop_function_key(&key, true);
        }
    }

    /// The columns of these types; a table goes with the column that it is partitioned by.
    fn drop_columns_of(&mut self, types: &[TypeId]) {
        self.drop_texts_of(types);
        let mut dead = Vec::new();
        for (name, relation) in self.catalog.relations.iter() {
            for column in relation.columns.iter().filter(|it| it.ty.is_some_and(|it| types.contains(&it.id)))
            {
                dead.push((name.clone(), column.name.clone()));
            }
        }
        for (table, column) in dead {
            let key = self.relation(&table).and_then(|it| Some(it.partition.as_ref()?.key.clone()));
            let key = key.unwrap_or_default();
            if key.contains(&None) {
                // Which columns an expression of the key names is not kept.
                Arc::make_mut(&mut self.catalog.gaps.named).insert(table.name.clone());
                self.drop_relation(&table, true);
            } else if key.contains(&Some(column.clone())) {
                self.drop_relation(&table, true);
            } else {
                self.drop_column(&table, &column);
            }
        }
    }

    fn drop_schema(&mut self, name: &QName) {
        let Some(name) = name.last() else { return };
        let schema = &name.ident;
        self.objects_of_schema(schema, None);
        self.public_gone(schema);
        let relations: Vec<QualifiedName> = self.in_schema(schema);
        for relation in relations {
            self.drop_relation(&relation, true);
        }
        let types: Vec<QualifiedName> =
            self.catalog.types.by_name.keys().filter(|it| it.schema == *schema).cloned().collect();
        for ty in types {
            if let Some(info) = self.catalog.types.named(&ty) {
                let (id, array) = (info.id, info.array);
                self.drop_columns_of(&[id, array]);
            }
            self.catalog.types.drop(&ty);
        }
        let functions = self.catalog.functions.iter().filter(|it| it.0.schema == *schema);
        let dead: Vec<FunctionKey> =
            functions.flat_map(|it| it.1).filter_map(|it| FunctionKey::of(it)).collect();
        for key in dead {
            self.drop_function_key(&key, true);
        }
        Arc::make_mut(&mut self.catalog.functions).retain(|it, _| it.schema != *schema);
        let member = |it: &Dependent| matches!(it, Dependent::MemberSchema(_, own) if own == schema);
        if self.catalog.depends.keys().any(member) {
            Arc::make_mut(&mut self.catalog.depends).retain(|it, _| !member(it));
        }
        Arc::make_mut(&mut self.catalog.extensions).retain(|_, it| it.schema != *schema);
        Arc::make_mut(&mut self.catalog.schemas).remove(schema);
    }

    pub(super) fn in_schema(&self, schema: &Ident) -> Vec<QualifiedName> {
        self.catalog.relations.keys().filter(|it| it.schema == *schema).cloned().collect()
    }

    fn drop_from_table(&mut self, object: ObjectKind, name: &DropName) {
        let Some(table) = name.on.as_ref().and_then(|it| self.find(it)) else { return };
        let Some(own) = name.name.last() else { return };
        let Some(relation) = self.relation_mut(&table) else { return };
        match object {
            ObjectKind::Trigger => self.drop_trigger(&table, own.ident.as_str()),
            _ => {
                relation.policies.retain(|it| it.name != own.ident);
                let own = Dependent::Policy(table, own.ident.clone());
                depend::forget(&mut self.catalog.depends, &own);
            }
        }
    }
}

/// Whether a query's text has `FROM name` or `JOIN name`, with or without the schema.
pub(super) fn reads(text: &str, name: &QualifiedName) -> bool {
    let tokens = significant(text);
    let ident = |idx: usize| tokens.get(idx).map(|it| Ident::from_source(it.text(text)));
    tokens.iter().enumerate().any(|(idx, token)| {
        let clause = token.is_word(text, "from") || token.is_word(text, "join");
        let first = idx + 1 + usize::from(tokens.get(idx + 1).is_some_and(|it| it.is_word(text, "only")));
        let qualified = tokens.get(first + 1).is_some_and(|it| it.kind == TokenKind::Dot);
        clause
            && if qualified {
                ident(first).as_ref() == Some(&name.schema) && ident(first + 2).as_ref() == Some(&name.name)
            } else {
                ident(first).as_ref() == Some(&name.name)
            }
    })
}
