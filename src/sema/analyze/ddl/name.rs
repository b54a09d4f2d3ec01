//! Names of objects in definitions: what must be there, what must not.

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::lookup::{self, Lookup, is_hosted};
use crate::catalog::{Catalog, Origin, QualifiedName, Relation, RelationKind, TypeId, TypeKind, fold};
use crate::sema::{Place, Related, code};
use crate::sql::Ident;
use crate::sql::hir::{Name, QName};

use super::super::binder::Binder;
use super::super::relation::qualified;
use super::super::suggest::{nearest, rename};

/// What a name among relations turned out to be.
pub enum Object {
    Relation(Arc<Relation>),
    /// An index, or the index of a key: the table that has it, whether a key's, where it was declared.
    Index {
        table: Arc<Relation>,
        key: bool,
        origin: Origin,
    },
    /// Certainly nothing.
    Missing,
    /// Reported, or not known.
    Unknown,
}

/// The indexes of a relation: their names, and where they were declared.
pub fn indexes(relation: &Relation) -> impl Iterator<Item = (&Ident, bool, Origin)> {
    let keys = relation.primary_key.iter().chain(&relation.uniques);
    let keys = keys.filter_map(|it| Some((it.name.as_ref()?, true, it.origin)));
    let exclusion = |it: &crate::catalog::Index| it.items.is_empty();
    let others =
        relation.indexes.iter().filter_map(move |it| Some((it.name.as_ref()?, exclusion(it), it.origin)));
    keys.chain(others)
}

/// The names of a relation's constraints, with where they were declared.
pub fn constraints(relation: &Relation) -> Vec<(Option<&Ident>, Origin)> {
    let keys = relation.primary_key.iter().chain(&relation.uniques).map(|it| (it.name.as_ref(), it.origin));
    let foreign = relation.foreign_keys.iter().map(|it| (it.name.as_ref(), it.origin));
    let checks = relation.checks.iter().map(|it| (it.name.as_ref(), it.origin));
    let exclusions =
        relation.indexes.iter().filter(|it| it.items.is_empty()).map(|it| (it.name.as_ref(), it.origin));
    let not_nulls = relation.not_nulls.iter().map(|it| (Some(&it.0), relation.origin));
    keys.chain(foreign).chain(checks).chain(exclusions).chain(not_nulls).collect()
}

pub fn plural(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::Table => "tables",
        RelationKind::PartitionedTable => "partitioned tables",
        RelationKind::View => "views",
        RelationKind::MaterializedView => "materialized views",
        RelationKind::Sequence => "sequences",
        RelationKind::Foreign => "foreign tables",
    }
}

pub fn is_table(kind: RelationKind) -> bool {
    matches!(kind, RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign)
}

pub fn at(name: &QName) -> TextRange {
    name.range().unwrap_or_default()
}

/// The name as messages spell it.
pub fn spelled(name: &QName) -> String {
    name.parts.iter().map(|it| it.ident.as_str()).collect::<Vec<_>>().join(".")
}

impl<'a> Binder<'a> {
    /// The catalog is exactly what the statement finds.
    pub fn is_exact(&self) -> bool {
        self.catalog.gaps.loose.is_none()
    }

    /// Something declared there is certainly there when the statement runs.
    pub fn is_certain(&self, origin: Origin) -> bool {
        match self.catalog.gaps.loose {
            None => true,
            Some(own) => matches!(origin, Origin::Sql { file, .. } if file == own),
        }
    }

    /// Everything that may exist is known.
    pub fn sees_relations(&self) -> bool {
        !self.catalog.gaps.relations && self.catalog.extensions.values().all(|it| it.known)
    }

    /// Reports a schema that does not exist. `true`: nothing more can be said of the name.
    pub fn missing_schema(&mut self, name: &QName, if_exists: bool) -> bool {
        let Some(schema) = name.schema() else { return false };
        self.no_schema(schema, at(name), if_exists)
    }

    pub fn no_schema(&mut self, schema: &Name, at: TextRange, if_exists: bool) -> bool {
        if schema.ident.is_dynamic() || lookup::schema_exists(self.catalog, &schema.ident) {
            return false;
        }
        let known = self.is_exact()
            && self.sees_relations()
            && !is_hosted(&schema.ident)
            // Those of a session.
            && !schema.ident.as_str().starts_with("pg_temp_")
            && !schema.ident.as_str().starts_with("pg_toast_temp_")
            && !lookup::is_made_by_code(self.catalog, &schema.ident);
        if known && !if_exists {
            let message = format!("schema \"{}\" does not exist", schema.ident);
            let names = self.catalog.schemas.keys().map(Ident::as_str).chain(["public"]);
            let similar = nearest(schema.ident.as_str(), names).map(Ident::new);
            let problem = self.report(code::UNDEFINED_SCHEMA, at, message);
            if let Some(similar) = similar {
                problem.hint(format!("Perhaps you meant the schema \"{similar}\"."));
                problem.fixes.push(rename(schema.range, &similar));
            }
        }
        true
    }

    /// Reports a new object's name without a schema where no schema of the search path is there.
    pub fn nowhere(&mut self, name: &QName) -> bool {
        let path = &self.catalog.search_path;
        let unsure = ("SEARCH PATH".into(), Ident::new("$user"));
        let lacks = name.parts.len() == 1
            && !path.is_empty()
            && self.is_exact()
            && self.sees_relations()
            && self.catalog.dialect == crate::sql::Dialect::Postgres
            && !self.catalog.others.contains(&unsure)
            && path.iter().all(|it| {
                !it.is_dynamic()
                    && !lookup::schema_exists(self.catalog, it)
                    && !is_hosted(it)
                    && !it.as_str().starts_with("pg_")
                    && !self.catalog.gaps.named.contains(it)
            });
        if lacks {
            let message = "no schema has been selected to create in";
            self.report(code::UNDEFINED_SCHEMA, at(name), message);
        }
        lacks
    }

    /// What a relation's name means, indexes included. Reports nothing but a missing schema.
    pub fn object(&mut self, name: &'a QName, if_exists: bool) -> Object {
        if name.parts.is_empty() || self.missing_schema(name, if_exists) {
            return Object::Unknown;
        }
        if name.schema().is_some_and(|it| is_hosted(&it.ident)) {
            return match self.find_relation(name) {
                Lookup::Found(it) => Object::Relation(Arc::clone(it)),
                _ => Object::Unknown,
            };
        }
        let found = self.find_relation(name);
        if let Lookup::Found(relation) = found {
            return Object::Relation(Arc::clone(relation));
        }
        if let Some((table, key, origin)) = self.index_named(name) {
            return Object::Index { table, key, origin };
        }
        match found {
            Lookup::Missing => Object::Missing,
            _ => Object::Unknown,
        }
    }

    /// Whether this is certainly an index's name.
    pub fn is_index_name(&self, name: &QName) -> bool {
        self.is_exact() && self.index_named(name).is_some()
    }

    fn index_named(&self, name: &QName) -> Option<(Arc<Relation>, bool, Origin)> {
        let last = name.last()?;
        match name.schema() {
            Some(schema) => index_in(self.catalog, &schema.ident, &last.ident),
            None => {
                let path = lookup::effective_path(self.catalog);
                path.into_iter().find_map(|it| index_in(self.catalog, &Ident::new(it), &last.ident))
            }
        }
    }

    /// A relation that must be there: reported where it is not. `None`: reported, or not known.
    pub fn existing_relation(&mut self, name: &'a QName, if_exists: bool) -> Option<Arc<Relation>> {
        match self.object(name, if_exists) {
            Object::Relation(relation) => {
                if let Some(last) = name.last() {
                    self.reference(last.range, crate::sema::Target::Relation(qualified(&relation)));
                }
                Some(relation)
            }
            Object::Index { .. } | Object::Unknown => None,
            Object::Missing => {
                if !if_exists {
                    self.missing_relation(name);
                }
                None
            }
        }
    }

    /// A table that must be there, for what belongs to tables.
    pub fn existing_table(&mut self, name: &'a QName, if_exists: bool) -> Option<Arc<Relation>> {
        let relation = self.existing_relation(name, if_exists)?;
        if is_table(relation.kind) {
            return Some(relation);
        }
        if !self.is_certain(relation.origin) {
            return None;
        }
        let message = format!("\"{}\" is not a table", relation.name);
        self.report(code::WRONG_OBJECT_TYPE, at(name), message);
        None
    }

    /// Reports that the new name of a relation is taken. `true`: it is, or may be.
    pub fn taken(&mut self, name: &QualifiedName, at: TextRange, if_not_exists: bool) -> bool {
        if let Some(origin) = relation_origin(self.catalog, name) {
            if !if_not_exists && self.is_certain(origin) {
                let message = format!("relation \"{}\" already exists", name.name);
                let related = declared_here(&name.name, origin);
                self.report(code::DUPLICATE_TABLE, at, message).related.extend(related);
            }
            return true;
        }
        self.type_taken(name, at)
    }

    /// Reports that a type of that name exists.
    pub fn type_taken(&mut self, name: &QualifiedName, at: TextRange) -> bool {
        let Some(info) = self.catalog.types.named(name) else { return false };
        // A shell is completed by its definition; an array type makes way.
        if matches!(info.kind, TypeKind::Opaque | TypeKind::Array) {
            return true;
        }
        let origin = info.origin;
        if self.is_certain(origin) {
            let message = format!("type \"{}\" already exists", name.name);
            let related = declared_here(&name.name, origin);
            self.report(code::DUPLICATE_OBJECT, at, message).related.extend(related);
        }
        true
    }

    /// The type of a name in an ALTER or DROP; `None`: reported, or not known.
    pub fn existing_type(&mut self, name: &QName, if_exists: bool) -> Option<TypeId> {
        let last = name.last()?;
        if name.is_dynamic() || self.missing_schema(name, if_exists) {
            return None;
        }
        let schema = name.schema().map(|it| &it.ident);
        match lookup::named_type(self.catalog, schema, &last.ident) {
            Some(id) if id.is_none() => None,
            Some(id) => Some(id),
            None => {
                let gaps = &self.catalog.gaps;
                let unknown = gaps.types
                    || !self.sees_relations()
                    || gaps.named.contains(&last.ident)
                    || schema.is_some_and(is_hosted)
                    || crate::catalog::pg::ext::with_type(last.ident.as_str())
                        .any(|it| lookup::may_be_installed(self.catalog, schema, it));
                if !unknown && !if_exists {
                    let names = self.catalog.types.by_name.keys().map(|it| it.name.as_str());
                    let similar = nearest(last.ident.as_str(), names).map(Ident::new);
                    let message = format!("type \"{}\" does not exist", spelled(name));
                    let problem = self.report(code::UNDEFINED_OBJECT, at(name), message);
                    if let Some(similar) = similar {
                        problem.hint(format!("Perhaps you meant the type \"{similar}\"."));
                        problem.fixes.push(rename(last.range, &similar));
                    }
                }
                None
            }
        }
    }

    /// `column "x" of relation "t" does not exist`.
    pub fn no_column(&mut self, relation: &Relation, name: &Name, in_relation: bool) {
        let column = &name.ident;
        let message = match in_relation {
            true => format!("column \"{column}\" of relation \"{}\" does not exist", relation.name),
            false => format!("column \"{column}\" does not exist"),
        };
        self.missing_attribute(relation, name, message);
    }

    pub fn missing_attribute(&mut self, relation: &Relation, name: &Name, message: String) {
        let names = relation.columns.iter().map(|it| it.name.as_str());
        let similar = nearest(name.ident.as_str(), names).map(Ident::new);
        let problem = self.report(code::UNDEFINED_COLUMN, name.range, message);
        if let Some(similar) = similar {
            problem.hint(format!("Perhaps you meant the column \"{similar}\"."));
            problem.fixes.push(rename(name.range, &similar));
        }
    }
}

/// Where the relation or index of this name was declared.
pub fn relation_origin(catalog: &Catalog, name: &QualifiedName) -> Option<Origin> {
    match catalog.relations.get(name) {
        Some(relation) => Some(relation.origin),
        None => index_in(catalog, &name.schema, &name.name)
            .map(|it| it.2)
            .or_else(|| composite_origin(catalog, name)),
    }
}

/// A composite type is a relation, too.
fn composite_origin(catalog: &Catalog, name: &QualifiedName) -> Option<Origin> {
    let info = catalog.types.named(name)?;
    matches!(info.kind, TypeKind::Composite { relation: None, .. }).then_some(info.origin)
}

/// The table of a schema that has an index of this name.
pub fn index_in(catalog: &Catalog, schema: &Ident, name: &Ident) -> Option<(Arc<Relation>, bool, Origin)> {
    let first = QualifiedName { schema: schema.clone(), name: Ident::new("") };
    let mut all = catalog.relations.range(first..).take_while(|(it, _)| it.schema == *schema);
    all.find_map(|(_, relation)| {
        let (_, key, origin) = indexes(relation).find(|it| it.0 == name)?;
        Some((Arc::clone(relation), key, origin))
    })
}

pub fn declared_here(name: &Ident, origin: Origin) -> Option<Related> {
    (origin != Origin::Builtin)
        .then(|| Related { place: Place::Origin(origin), message: format!("\"{name}\" is declared here") })
}

/// The full name of what a statement makes.
pub fn new_name(catalog: &Catalog, name: &QName, temporary: bool) -> Option<QualifiedName> {
    fold::created_name(catalog, name, temporary)
}
