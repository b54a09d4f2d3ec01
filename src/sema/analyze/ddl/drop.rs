//! DROP (`RemoveRelations`, `RemoveObjects`, `findDependentObjects`).

mod function;

use std::sync::Arc;

use crate::catalog::lookup;
use crate::catalog::{Identity, QualifiedName, Relation, RelationKind, TypeId, TypeKind, pg};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{Drop, DropName, ObjectKind, RelationKind as Written};
use crate::sql::hir::{Name, QName};

use super::super::binder::Binder;
use super::super::relation::qualified;
use super::super::suggest::{nearest, rename};
use super::depend::{Dependent, Subject};
use super::name::{Object, at};

impl<'a> Binder<'a> {
    pub fn drop(&mut self, drop: &'a Drop) {
        match drop.object {
            ObjectKind::Relation(written) => self.drop_relations(drop, written),
            ObjectKind::Type | ObjectKind::Domain => {
                for name in &drop.names {
                    self.drop_type(drop, &name.name);
                }
            }
            ObjectKind::Schema => {
                for name in &drop.names {
                    self.drop_schema(drop, &name.name);
                }
            }
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => {
                for name in &drop.names {
                    self.drop_function(drop, name);
                }
            }
            ObjectKind::Trigger | ObjectKind::Policy => {
                for name in &drop.names {
                    self.drop_inside(drop, name);
                }
            }
            ObjectKind::Extension => self.drop_extensions(drop),
            _ => {}
        }
    }

    /// `DROP INDEX CONCURRENTLY` of more than one, or with others (`RemoveRelations`).
    fn drops_concurrently(&mut self, drop: &'a Drop, written: Written) -> bool {
        if written != Written::Index || !self.says("concurrently") || !self.is_exact() {
            return false;
        }
        let message = match (drop.names.len() > 1, drop.cascade) {
            (true, _) => "DROP INDEX CONCURRENTLY does not support dropping multiple objects",
            (_, true) => "DROP INDEX CONCURRENTLY does not support CASCADE",
            _ => return false,
        };
        let place = drop.names.first().map_or_else(Default::default, |it| at(&it.name));
        self.report(code::FEATURE_NOT_SUPPORTED, place, message);
        true
    }

    fn drop_relations(&mut self, drop: &'a Drop, written: Written) {
        if self.drops_concurrently(drop, written) {
            return;
        }
        let mut gone: Vec<(QualifiedName, &'a QName, Arc<Relation>)> = Vec::new();
        for name in drop.names.iter().map(|it| &it.name) {
            match self.object(name, drop.if_exists) {
                Object::Relation(relation)
                    if relation.schema.as_str() == "pg_catalog"
                        && relation.origin == crate::catalog::Origin::Builtin =>
                {
                    let kind = relation.kind.words();
                    let message = format!(
                        "cannot drop {kind} {} because it is required by the database system",
                        relation.name
                    );
                    self.report(code::DEPENDENT_OBJECTS, at(name), message);
                }
                Object::Relation(relation) => {
                    if self.is_dropped_kind(&relation, written, name) {
                        gone.push((qualified(&relation), name, relation));
                    }
                }
                Object::Index { table, key, origin } => {
                    if !self.is_certain(origin) {
                        continue;
                    }
                    let Some(last) = name.last() else { continue };
                    let own = &last.ident;
                    if written != Written::Index {
                        let message = format!("\"{own}\" is not a {}", written_words(written));
                        self.report(code::WRONG_OBJECT_TYPE, at(name), message)
                            .hint("Use DROP INDEX to remove an index.");
                    } else if key {
                        let message = format!(
                            "cannot drop index {own} because constraint {own} on table {} requires it",
                            table.name
                        );
                        self.report(code::DEPENDENT_OBJECTS, at(name), message)
                            .hint(format!("You can drop constraint {own} on table {} instead.", table.name));
                    } else if table.kind == RelationKind::PartitionedTable
                        // Nobody else uses what is temporary: there is nothing to wait for.
                        && table.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA
                        && self.says("concurrently")
                    {
                        let message = format!("cannot drop partitioned index \"{own}\" concurrently");
                        self.report(code::FEATURE_NOT_SUPPORTED, at(name), message);
                    } else if let Some(whole) = part_of(&table, own).filter(|_| self.is_exact()) {
                        let message = format!("cannot drop index {own} because index {whole} requires it");
                        self.report(code::DEPENDENT_OBJECTS, at(name), message)
                            .hint(format!("You can drop index {whole} instead."));
                    } else if !drop.cascade && self.is_exact() && !self.catalog.gaps.keys {
                        let subject = Subject::Key(qualified(&table), own.clone());
                        self.refuse_dependents(&subject, at(name), &format!("cannot drop index {own}"));
                    }
                }
                Object::Missing => self.missing_dropped(name, written, drop.if_exists),
                Object::Unknown => {}
            }
        }
        if drop.cascade && self.is_exact() {
            for (full, name, relation) in &gone {
                if relation.kind == RelationKind::Sequence && self.is_identity_sequence(relation) {
                    self.dropped_dependents(full, name, relation, &[]);
                }
            }
        }
        if drop.cascade || !self.is_exact() {
            return;
        }
        let names: Vec<&QualifiedName> = gone.iter().map(|it| &it.0).collect();
        for (full, name, relation) in &gone {
            self.dropped_dependents(full, name, relation, &names);
        }
    }

    fn dropped_dependents(
        &mut self,
        full: &QualifiedName,
        name: &QName,
        relation: &Relation,
        gone: &[&QualifiedName],
    ) {
        let kind = relation.kind.words();
        if relation.kind == RelationKind::Sequence {
            let owner = relation.parents.first().and_then(|it| self.catalog.relations.get(it));
            let column = owner.and_then(|it| {
                let own = relation.definition.as_deref()?;
                it.columns.iter().find(|it| it.name.as_str() == own)
            });
            if let (Some(owner), Some(column)) = (owner, column)
                && matches!(column.identity, Some(Identity::Always | Identity::ByDefault))
            {
                let message = format!(
                    "cannot drop sequence {} because column {} of table {} requires it",
                    full.name, column.name, owner.name
                );
                self.report(code::DEPENDENT_OBJECTS, at(name), message);
                return;
            }
            let words = format!("cannot drop sequence {}", full.name);
            self.refuse_dependents(&Subject::Sequence(full.clone()), at(name), &words);
            return;
        }
        let found: Vec<Dependent> = self
            .dependents(&Subject::Relation(full.clone()))
            .into_iter()
            .filter(|it| !gone.contains(&&it.name) && !self.is_partition_of_any(&it.name, gone))
            .collect();
        let words = if gone.len() > 1 {
            // PostgreSQL names none of several.
            "cannot drop desired object(s)".to_owned()
        } else {
            format!("cannot drop {kind} {}", full.name)
        };
        self.refuse_all(&found, at(name), &words);
    }

    /// A partition, at any depth, of one of the tables: it goes with that.
    fn is_partition_of_any(&self, name: &QualifiedName, tables: &[&QualifiedName]) -> bool {
        let mut at = self.catalog.relations.get(name);
        // Deeper than anybody nests them.
        for _ in 0..64 {
            let Some(parent) = at.and_then(|it| it.parents.first()) else { return false };
            at = self.catalog.relations.get(parent);
            if at.is_none_or(|it| it.kind != RelationKind::PartitionedTable) {
                return false;
            }
            if tables.contains(&parent) {
                return true;
            }
        }
        false
    }

    /// DROP TABLE of a view and so on (`DropErrorMsgWrongType`).
    fn is_dropped_kind(&mut self, relation: &Relation, written: Written, name: &QName) -> bool {
        let fits = match written {
            Written::Table => matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable),
            Written::View => relation.kind == RelationKind::View,
            Written::MaterializedView => relation.kind == RelationKind::MaterializedView,
            Written::Sequence => relation.kind == RelationKind::Sequence,
            Written::ForeignTable => relation.kind == RelationKind::Foreign,
            Written::Index => false,
        };
        if fits || !self.is_certain(relation.origin) {
            return fits;
        }
        let kind = relation.kind.words();
        let article = if written == Written::Index { "an" } else { "a" };
        let message = format!("\"{}\" is not {article} {}", relation.name, written_words(written));
        self.report(code::WRONG_OBJECT_TYPE, at(name), message)
            .hint(format!("Use DROP {} to remove a {kind}.", kind.to_ascii_uppercase()));
        false
    }

    fn missing_dropped(&mut self, name: &QName, written: Written, if_exists: bool) {
        let Some(last) = name.last().filter(|_| !if_exists && self.is_exact()) else { return };
        // What REINDEX CONCURRENTLY leaves when it fails.
        let left = last.ident.as_str().trim_end_matches(|it: char| it.is_ascii_digit());
        let left = left.ends_with("_ccnew") || left.ends_with("_ccold");
        if written == Written::Index && (left || self.catalog.gaps.keys) {
            return;
        }
        let words = written_words(written);
        let message = format!("{words} \"{}\" does not exist", last.ident);
        let code = match written {
            Written::Index | Written::ForeignTable => code::UNDEFINED_OBJECT,
            _ => code::UNDEFINED_TABLE,
        };
        let names: Vec<Ident> = if written == Written::Index {
            let all = self.catalog.relations.values();
            all.flat_map(|it| super::name::indexes(it).map(|it| it.0.clone()).collect::<Vec<_>>()).collect()
        } else {
            self.catalog.relations.keys().map(|it| it.name.clone()).collect()
        };
        let similar = nearest(last.ident.as_str(), names.iter().map(Ident::as_str)).map(Ident::new);
        let problem = self.report(code, at(name), message);
        if let Some(similar) = similar {
            problem.hint(format!("Perhaps you meant the {words} \"{similar}\"."));
            problem.fixes.push(rename(last.range, &similar));
        }
    }

    fn drop_type(&mut self, drop: &Drop, name: &QName) {
        if !self.is_exact() {
            return;
        }
        let Some(id) = self.existing_type(name, drop.if_exists) else { return };
        let Some(info) = self.type_info(id) else { return };
        let words = &info.name;
        if drop.object == ObjectKind::Domain
            && !matches!(info.kind, TypeKind::Domain { .. } | TypeKind::Opaque)
        {
            self.report(code::WRONG_OBJECT_TYPE, at(name), format!("\"{words}\" is not a domain"));
            return;
        }
        if !id.is_user() {
            if !id.is_extension() {
                let shown = self.format_id(id);
                let message =
                    format!("cannot drop type {shown} because it is required by the database system");
                self.report(code::DEPENDENT_OBJECTS, at(name), message);
                return;
            }
            let all = pg::ext::with_type(words.as_str());
            if let Some(extension) =
                { all }.map(|it| it.name).find(|it| self.catalog.extensions.contains_key(&Ident::new(*it)))
            {
                let message = format!("cannot drop type {words} because extension {extension} requires it");
                self.report(code::DEPENDENT_OBJECTS, at(name), message)
                    .hint(format!("You can drop extension {extension} instead."));
            }
            return;
        }
        let requires = match &info.kind {
            TypeKind::Composite { relation: Some(relation), .. } => {
                let kind = self.catalog.relations.get(relation).map_or("table", |it| it.kind.words());
                Some(format!("{kind} {}", relation.name))
            }
            TypeKind::Multirange { range } => self.type_info(*range).map(|it| format!("type {}", it.name)),
            TypeKind::Array => self.type_info(info.elem).map(|it| format!("type {}", it.name)),
            _ => None,
        };
        if let Some(owner) = requires {
            let message = format!("cannot drop type {words} because {owner} requires it");
            self.report(code::DEPENDENT_OBJECTS, at(name), message)
                .hint(format!("You can drop {owner} instead."));
            return;
        }
        if drop.cascade {
            return;
        }
        let mut gone: Vec<QualifiedName> = Vec::new();
        for it in &drop.names {
            let schema = it.name.schema().map(|it| &it.ident);
            let id = it.name.last().and_then(|it| lookup::named_type(self.catalog, schema, &it.ident));
            if let Some(info) = id.and_then(|it| self.type_info(it)) {
                gone.push(QualifiedName { schema: info.schema.clone(), name: info.name.clone() });
            }
        }
        let mut found = self.dependents(&Subject::Type([id, info.array]));
        found.retain(|it| !gone.contains(&it.name));
        let words = format!("cannot drop type {words}");
        self.refuse_all(&found, at(name), &words);
    }

    fn drop_schema(&mut self, drop: &Drop, name: &QName) {
        let Some(last) = name.last().filter(|_| self.is_exact()) else { return };
        let schema = &last.ident;
        if self.no_schema(last, last.range, drop.if_exists) {
            return;
        }
        if matches!(schema.as_str(), "pg_catalog" | "information_schema" | "pg_toast") {
            let message =
                format!("cannot drop schema {schema} because it is required by the database system");
            if schema.as_str() == "pg_catalog" {
                self.report(code::DEPENDENT_OBJECTS, last.range, message);
            }
            return;
        }
        if drop.cascade {
            return;
        }
        let inside = |it: &QualifiedName| it.schema == *schema;
        let relations = self.catalog.relations.iter().filter(|it| inside(it.0));
        let mut found: Vec<Dependent> = relations
            .map(|(name, it)| Dependent {
                words: format!("{} {}.{}", it.kind.words(), name.schema, name.name),
                name: name.clone(),
            })
            .collect();
        let types = self.catalog.types.iter().filter(|it| it.schema == *schema && it.kind != TypeKind::Array);
        found.extend(types.map(|it| Dependent {
            words: format!("type {}.{}", it.schema, it.name),
            name: QualifiedName { schema: it.schema.clone(), name: it.name.clone() },
        }));
        let functions = self.catalog.functions.keys().filter(|it| inside(it));
        found.extend(
            functions.map(|it| Dependent { words: format!("function {}", it.name), name: it.clone() }),
        );
        let words = format!("cannot drop schema {schema}");
        self.refuse_all(&found, last.range, &words);
    }

    fn drop_extensions(&mut self, drop: &Drop) {
        if drop.cascade || !self.is_exact() {
            return;
        }
        for name in drop.names.iter().filter_map(|it| it.name.last()) {
            if !self.catalog.extensions.contains_key(&name.ident) {
                continue;
            }
            let Some(data) = pg::ext::extension(name.ident.as_str()) else { continue };
            let ids: Vec<TypeId> = data.types.iter().map(|it| it.id).collect();
            let mut found = Vec::new();
            for (relation, it) in self.catalog.relations.iter() {
                let is_view = matches!(it.kind, RelationKind::View | RelationKind::MaterializedView);
                let uses = it.columns.iter().any(|it| it.ty.is_some_and(|it| ids.contains(&it.id)));
                if uses && !is_view {
                    let words = format!("a column of table {}", relation.name);
                    found.push(Dependent { words, name: relation.clone() });
                }
            }
            for (relation, it) in self.catalog.relations.iter() {
                let classes =
                    it.indexes.iter().flat_map(|it| &it.items).filter_map(|it| it.opclass.as_deref());
                let brought = classes.into_iter().any(|it| data.opclasses.iter().any(|own| own.name == it));
                if brought || self.calls_extension(it, data) {
                    let words = format!("an index or expression of table {}", relation.name);
                    found.push(Dependent { words, name: relation.clone() });
                }
            }
            let own = crate::catalog::depend::extension(name.ident.as_str());
            found.extend(self.dependents(&Subject::Object(own)));
            let words = format!("cannot drop extension {}", name.ident);
            self.refuse_all(&found, name.range, &words);
        }
    }

    /// Whether an expression of a relation calls what only an extension has: `uuid_generate_v4()`.
    fn calls_extension(&self, relation: &Relation, data: &pg::ext::ExtensionData) -> bool {
        let texts: Vec<&str> = super::drop::function::expressions(relation).collect();
        if texts.is_empty() {
            return false;
        }
        let own = |name: &str| {
            let only = pg::functions(name).is_empty()
                && !self.catalog.functions.keys().any(|it| it.name.as_str() == name)
                && pg::ext::with_function(name)
                    .filter(|it| self.catalog.extensions.contains_key(&Ident::new(it.name)))
                    .count()
                    == 1;
            only && data.functions.contains_key(name)
        };
        texts.iter().any(|text| {
            let tokens = crate::sql::token::significant(text);
            tokens.windows(2).any(|it| {
                let [name, paren] = it else { return false };
                paren.kind == crate::sql::token::TokenKind::OpenParen
                    && own(Ident::from_source(name.text(text)).as_str())
            })
        })
    }

    /// A trigger or policy, on its table.
    fn drop_inside(&mut self, drop: &'a Drop, name: &'a DropName) {
        let (Some(table), Some(own)) = (&name.on, name.name.last()) else { return };
        if !self.is_exact() {
            return;
        }
        let Some(relation) = self.existing_relation(table, drop.if_exists) else { return };
        if drop.if_exists {
            return;
        }
        let own_has = relation.triggers.iter().any(|it| it == own.ident.as_str())
            && !relation.details.cloned_triggers.contains(&own.ident);
        let above = self.partitioned_parents(&relation).into_iter().find(|it| {
            let parent = self.catalog.relations.get(it);
            parent.is_some_and(|it| it.triggers.iter().any(|it| it == own.ident.as_str()))
        });
        if let Some(above) =
            above.filter(|_| drop.object == ObjectKind::Trigger && !own_has && !self.catalog.gaps.policies)
        {
            let (name, table) = (&own.ident, &relation.name);
            let message = format!(
                "cannot drop trigger {name} on table {table} because trigger {name} on table {} requires it",
                above.name
            );
            self.report(code::DEPENDENT_OBJECTS, own.range, message);
            return;
        }
        self.missing_inside(drop.object, &relation, own);
    }

    /// Reports a trigger or policy that a table does not have. `true`: it has it, or may.
    pub fn missing_inside(&mut self, object: ObjectKind, relation: &Relation, own: &Name) -> bool {
        let name = &own.ident;
        let (words, names): (&str, Vec<&str>) = match object {
            ObjectKind::Trigger => ("trigger", relation.triggers.iter().map(|it| it.as_str()).collect()),
            _ => ("policy", relation.policies.iter().map(|it| it.name.as_str()).collect()),
        };
        // A partition has its parent's triggers, too.
        let inherits = object == ObjectKind::Trigger
            && self.partitioned_parents(relation).iter().any(|it| {
                self.catalog
                    .relations
                    .get(it)
                    .is_none_or(|it| it.triggers.iter().any(|it| it == name.as_str()))
            });
        let inherits = inherits || name.as_str() == "all" || name.as_str() == "user";
        let gaps = self.catalog.gaps.relations || self.catalog.gaps.policies;
        if name.is_dynamic() || names.contains(&name.as_str()) || gaps || inherits {
            return true;
        }
        let similar = nearest(name.as_str(), names.into_iter()).map(Ident::new);
        let message = format!("{words} \"{name}\" for table \"{}\" does not exist", relation.name);
        let problem = self.report(code::UNDEFINED_OBJECT, own.range, message);
        if let Some(similar) = similar {
            problem.hint(format!("Perhaps you meant the {words} \"{similar}\"."));
            problem.fixes.push(rename(own.range, &similar));
        }
        false
    }
}

/// The index of the partitioned table that an index of a partition is a part of.
fn part_of<'r>(table: &'r Relation, index: &Ident) -> Option<&'r Ident> {
    table.indexes.iter().find(|it| it.name.as_ref() == Some(index))?.part_of.as_ref()
}

fn written_words(written: Written) -> &'static str {
    match written {
        Written::Table => "table",
        Written::View => "view",
        Written::MaterializedView => "materialized view",
        Written::Index => "index",
        Written::Sequence => "sequence",
        Written::ForeignTable => "foreign table",
    }
}
