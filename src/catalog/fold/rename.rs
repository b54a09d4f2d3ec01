//! RENAME, SET SCHEMA and COMMENT of every object.

use std::sync::Arc;

use smol_str::SmolStr;

use super::Fold;
use crate::catalog::depend::{self, Dependent, FunctionKey};
use crate::catalog::{Origin, QualifiedName, Relation, RelationKind, Schema, TypeId, types};
use crate::sql::Ident;
use crate::sql::hir::ddl::{ObjectKind, RelationKind as Written};
use crate::sql::hir::{Name, QName, TypeName};

impl Fold<'_> {
    pub(super) fn rename(&mut self, object: ObjectKind, name: &QName, args: Option<&[TypeName]>, to: &Ident) {
        match object {
            ObjectKind::Relation(Written::Index) if self.find(name).is_none() => self.rename_index(name, to),
            ObjectKind::Relation(_) => match self.find(name) {
                Some(from) => {
                    let to = QualifiedName { schema: from.schema.clone(), name: to.clone() };
                    self.move_relation(&from, to);
                }
                // ALTER TABLE renames indexes, too.
                None => self.rename_index(name, to),
            },
            ObjectKind::Type | ObjectKind::Domain => {
                if let Some(from) = self.find_type(name) {
                    self.rename_others(&from.name, to);
                    self.rename_in_defaults(&from, to);
                    let ty = self.catalog.types.id(&from);
                    self.catalog.types.rename(&from, to.clone());
                    let full = QualifiedName { schema: from.schema.clone(), name: to.clone() };
                    depend::rename_relation(&mut self.catalog.depends, &from, &full);
                    self.retype(ty);
                }
            }
            ObjectKind::Schema => {
                if let Some(from) = name.last() {
                    self.rename_schema(&from.ident, to);
                }
            }
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                self.move_function(name, args, None, Some(to))
            }
            ObjectKind::Constraint => self.rename_domain_constraint(name, to),
            ObjectKind::Role => {
                if let Some(last) = name.last() {
                    self.role(last, true);
                    self.rename_in_policies(&last.ident, to);
                    self.role(&Name { ident: to.clone(), range: last.range }, false);
                }
            }
            ObjectKind::Trigger | ObjectKind::Policy => {
                let Some((table, own)) = self.on_table(name) else { return };
                let entry: fn(QualifiedName, Ident) -> Dependent = match object {
                    ObjectKind::Trigger => Dependent::Trigger,
                    _ => Dependent::Policy,
                };
                let (old, new) = (entry(table.clone(), own.ident.clone()), entry(table.clone(), to.clone()));
                depend::rename_dependent(&mut self.catalog.depends, &old, new);
                if object == ObjectKind::Trigger {
                    self.rename_clones(&table, &own.ident, to);
                }
                let Some(relation) = self.relation_mut(&table) else { return };
                if object == ObjectKind::Trigger {
                    Arc::make_mut(&mut relation.details).rename(&own.ident, to);
                }
                relation
                    .triggers
                    .iter_mut()
                    .filter(|it| object == ObjectKind::Trigger && *it == own.ident.as_str())
                    .for_each(|it| *it = to.as_str().into());
                relation
                    .trigger_functions
                    .iter_mut()
                    .filter(|it| object == ObjectKind::Trigger && it.0 == own.ident.as_str())
                    .for_each(|it| it.0 = to.as_str().into());
                relation
                    .instead_of
                    .iter_mut()
                    .filter(|it| object == ObjectKind::Trigger && it.0 == own.ident.as_str())
                    .for_each(|it| it.0 = to.as_str().into());
                relation
                    .policies
                    .iter_mut()
                    .filter(|it| object == ObjectKind::Policy && it.name == own.ident)
                    .for_each(|it| it.name = to.clone());
            }
            _ => {}
        }
    }

    /// Policies keep their roles, under whatever name.
    fn rename_in_policies(&mut self, from: &Ident, to: &Ident) {
        let is = |it: &SmolStr| *it == from.as_str();
        let holds = |it: &Arc<Relation>| it.policies.iter().any(|it| it.roles.iter().any(is));
        let tables = self.catalog.relations.iter().filter(|it| holds(it.1));
        let tables: Vec<QualifiedName> = tables.map(|it| it.0.clone()).collect();
        for table in tables {
            let Some(relation) = self.relation_mut(&table) else { continue };
            let roles = relation.policies.iter_mut().flat_map(|it| &mut it.roles);
            roles.filter(|it| is(it)).for_each(|it| *it = to.as_str().into());
        }
    }

    /// `domain.constraint`.
    fn rename_domain_constraint(&mut self, name: &QName, to: &Ident) {
        let mut domain = name.clone();
        let (Some(own), Some(last)) = (domain.parts.pop(), domain.last()) else { return };
        let kind = SmolStr::from(format!("CONSTRAINT {}", last.ident));
        let others = Arc::make_mut(&mut self.catalog.others);
        if others.remove(&(kind.clone(), own.ident.clone())) {
            others.insert((kind, to.clone()));
        }
    }

    /// `table.name` → the table, and the name inside it.
    fn on_table(&self, name: &QName) -> Option<(QualifiedName, Name)> {
        let mut table = name.clone();
        let own = table.parts.pop()?;
        Some((self.find(&table)?, own))
    }

    /// The constraints of a domain that gets another name.
    fn rename_others(&mut self, from: &Ident, to: &Ident) {
        let (from, to) = (format!("CONSTRAINT {from}"), SmolStr::from(format!("CONSTRAINT {to}")));
        let moved: Vec<_> = self.catalog.others.iter().filter(|it| it.0 == from).cloned().collect();
        if moved.is_empty() {
            return;
        }
        let others = Arc::make_mut(&mut self.catalog.others);
        for (kind, name) in moved {
            others.remove(&(kind, name.clone()));
            others.insert((to.clone(), name));
        }
    }

    fn rename_index(&mut self, name: &QName, to: &Ident) {
        let Some((table, from)) = self.find_index(name) else { return };
        let Some(relation) = self.relation_mut(&table) else { return };
        let keys = relation.primary_key.iter_mut().chain(&mut relation.uniques).map(|it| &mut it.name);
        let names = keys.chain(relation.indexes.iter_mut().map(|it| &mut it.name));
        for name in names.filter(|it| it.as_ref() == Some(&from)) {
            *name = Some(to.clone());
        }
        Arc::make_mut(&mut relation.details).rename(&from, to);
        self.follow_key(&table, &from, to);
        for partition in self.partitions(&table) {
            let Some(relation) = self.relation_mut(&partition) else { continue };
            let parts = relation.indexes.iter_mut().filter(|it| it.part_of.as_ref() == Some(&from));
            parts.for_each(|it| it.part_of = Some(to.clone()));
        }
        let own = |it: &Ident| Dependent::Index(table.clone(), it.clone());
        depend::rename_dependent(&mut self.catalog.depends, &own(&from), own(to));
        depend::rename_key(&mut self.catalog.depends, &table, &from, to);
    }

    /// Gives a relation another full name, everywhere.
    fn move_relation(&mut self, from: &QualifiedName, to: QualifiedName) {
        if *from == to || self.catalog.relations.contains_key(&to) {
            return;
        }
        self.doubt_objects_on(from);
        let relations = Arc::make_mut(&mut self.catalog.relations);
        let Some(mut relation) = relations.remove(from) else { return };
        let own = Arc::make_mut(&mut relation);
        own.schema = to.schema.clone();
        own.name = to.name.clone();
        relations.insert(to.clone(), relation);
        self.move_row_type(from, &to);
        depend::rename_relation(&mut self.catalog.depends, from, &to);
        if self.relation(&to).is_some_and(|it| it.kind == RelationKind::Sequence) {
            self.follow_sequence(from, &to);
        }
        let holders: Vec<QualifiedName> = self
            .catalog
            .relations
            .iter()
            .filter(|(_, it)| {
                it.parents.contains(from) || it.foreign_keys.iter().any(|it| it.target.as_ref() == Some(from))
            })
            .map(|(name, _)| name.clone())
            .collect();
        for holder in holders {
            let Some(relation) = self.relation_mut(&holder) else { continue };
            relation.parents.iter_mut().filter(|it| *it == from).for_each(|it| *it = to.clone());
            let targets = relation.foreign_keys.iter_mut().filter_map(|it| it.target.as_mut());
            targets.filter(|it| *it == from).for_each(|it| *it = to.clone());
        }
        self.forget_definitions(&from.name);
    }

    /// Defaults that take the next value of a sequence which has another name.
    fn follow_sequence(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let takes = |it: &crate::catalog::Column| match &it.default {
            Some(crate::catalog::ColumnDefault::Sql(text)) => depend::takes_next(text, from),
            _ => false,
        };
        let tables = self.catalog.relations.iter().filter(|it| it.1.columns.iter().any(takes));
        let tables: Vec<QualifiedName> = tables.map(|it| it.0.clone()).collect();
        let name = format!("{}.{}", to.schema.quoted(), to.name.quoted()).replace('\'', "''");
        let text = crate::catalog::ColumnDefault::Sql(format!("nextval('{name}'::regclass)").into());
        for table in tables {
            let Some(relation) = self.relation_mut(&table) else { continue };
            for column in relation.columns.iter_mut().filter(|it| takes(it)) {
                column.default = Some(text.clone());
            }
        }
    }

    fn move_row_type(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let types = &mut self.catalog.types;
        if types.id(from).is_none() {
            return;
        }
        types.set_schema(from, to.schema.clone());
        let moved = QualifiedName { schema: to.schema.clone(), name: from.name.clone() };
        if from.name != to.name {
            types.rename(&moved, to.name.clone());
        }
        let to = to.clone();
        types.change(&to.clone(), |info| match &mut info.kind {
            crate::catalog::TypeKind::Composite { relation, .. } => {
                *relation = Some(to);
                true
            }
            _ => false,
        });
    }

    /// Columns say their type's new name.
    fn retype(&mut self, ty: Option<TypeId>) {
        let Some(id) = ty else { return };
        let mut texts: Vec<(QualifiedName, usize, SmolStr)> = Vec::new();
        for (name, relation) in self.catalog.relations.iter() {
            for (idx, column) in relation.columns.iter().enumerate() {
                let Some(ty) = column.ty else { continue };
                if ty.id == id || self.catalog.element_type(ty.id) == Some(id) {
                    texts.push((name.clone(), idx, types::format_type(self.catalog, ty).into()));
                }
            }
        }
        for (name, idx, text) in texts {
            if let Some(column) = self.relation_mut(&name).and_then(|it| it.columns.get_mut(idx)) {
                column.type_text = text;
            }
        }
    }

    pub(super) fn set_schema(
        &mut self,
        object: ObjectKind,
        name: &QName,
        args: Option<&[TypeName]>,
        schema: &Ident,
    ) {
        match object {
            ObjectKind::Relation(_) => {
                let Some(from) = self.find(name) else { return };
                for sequence in self.owned_sequences(&from, None) {
                    let to = QualifiedName { schema: schema.clone(), name: sequence.name.clone() };
                    self.move_relation(&sequence, to);
                }
                let to = QualifiedName { schema: schema.clone(), name: from.name.clone() };
                self.move_relation(&from, to);
            }
            ObjectKind::Type | ObjectKind::Domain => {
                if let Some(from) = self.find_type(name) {
                    let ty = self.catalog.types.id(&from);
                    self.catalog.types.set_schema(&from, schema.clone());
                    let full = QualifiedName { schema: schema.clone(), name: from.name.clone() };
                    depend::rename_relation(&mut self.catalog.depends, &from, &full);
                    self.retype(ty);
                }
            }
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                self.move_function(name, args, Some(schema), None);
            }
            ObjectKind::Extension => {
                let Some(name) = name.last() else { return };
                if let Some(extension) = Arc::make_mut(&mut self.catalog.extensions).get_mut(&name.ident) {
                    extension.schema = schema.clone();
                }
            }
            _ => {}
        }
    }

    fn rename_schema(&mut self, from: &Ident, to: &Ident) {
        self.objects_of_schema(from, Some(to));
        self.public_gone(from);
        let schemas = Arc::make_mut(&mut self.catalog.schemas);
        // `public` is there without having been made.
        let public = from.as_str() == "public";
        let old = schemas.remove(from);
        if let Some(mut schema) =
            old.or_else(|| public.then(|| Schema { name: from.clone(), origin: Origin::Builtin }))
        {
            schema.name = to.clone();
            schemas.insert(to.clone(), schema);
        }
        for relation in self.in_schema(from) {
            let moved = QualifiedName { schema: to.clone(), name: relation.name.clone() };
            self.move_relation(&relation, moved);
        }
        let types: Vec<QualifiedName> =
            self.catalog.types.by_name.keys().filter(|it| it.schema == *from).cloned().collect();
        for ty in types {
            // Array types move with their elements.
            self.catalog.types.set_schema(&ty, to.clone());
        }
        let functions = Arc::make_mut(&mut self.catalog.functions);
        let moved: Vec<QualifiedName> = functions.keys().filter(|it| it.schema == *from).cloned().collect();
        for name in moved {
            let mut overloads = functions.remove(&name).unwrap_or_default();
            let full = QualifiedName { schema: to.clone(), name: name.name.clone() };
            for key in overloads.iter().filter_map(|it| FunctionKey::of(it)) {
                let moved = FunctionKey { name: full.clone(), params: key.params.clone() };
                depend::rename_made(&mut self.catalog.depends, &key, &moved);
            }
            overloads.iter_mut().for_each(|it| Arc::make_mut(it).schema = to.clone());
            functions
                .entry(QualifiedName { schema: to.clone(), name: name.name })
                .or_default()
                .extend(overloads);
        }
        for extension in
            Arc::make_mut(&mut self.catalog.extensions).values_mut().filter(|it| it.schema == *from)
        {
            extension.schema = to.clone();
        }
    }

    pub(super) fn comment(&mut self, object: ObjectKind, name: &QName, text: Option<SmolStr>) {
        match object {
            ObjectKind::Relation(_) => {
                if let Some(relation) = self.find(name).and_then(|it| self.relation_mut(&it)) {
                    relation.comment = text;
                }
            }
            ObjectKind::Column => {
                let Some((table, column)) = self.on_table(name) else { return };
                let Some(relation) = self.relation_mut(&table) else { return };
                if let Some(column) = relation.columns.iter_mut().find(|it| it.name == column.ident) {
                    column.comment = text;
                }
            }
            _ => {}
        }
    }
}
