//! A reading laid over a catalog, and the types of its columns found by their text.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{Declared, Reading};
use crate::catalog::lookup;
use crate::catalog::{
    Catalog, Column, Extension, Origin, QualifiedName, Relation, RelationKind, Type, TypeKind, pg,
};
use crate::sql::hir::ExprKind;
use crate::sql::{Dialect, Ident};

/// An earlier catalog of the same database.
#[derive(Clone, Copy)]
pub struct Finished<'a> {
    /// What it was made of.
    pub reading: &'a Reading,
    pub before: &'a Catalog,
    pub catalog: &'a Catalog,
}

/// Puts what the schema modules declare into `catalog`, which holds what migrations made before. Where both know an
/// object, Drizzle's description wins; what only migrations can say (triggers, comments, inheritance) stays.
/// Column types are found afterwards, by [`resolve_types`].
///
/// Relations that are declared as they were are taken from `finished`, as they came out in the end; the names of those
/// are returned.
pub fn overlay(
    catalog: &mut Catalog,
    reading: &Reading,
    finished: Option<Finished<'_>>,
) -> FxHashSet<QualifiedName> {
    let schemas = Arc::make_mut(&mut catalog.schemas);
    let unexported_schemas = Arc::make_mut(&mut catalog.unexported_schemas);
    for Declared { value: schema, exported } in &reading.schemas {
        if !exported {
            if schemas.contains_key(&schema.name) {
                continue;
            }
            unexported_schemas.insert(schema.name.clone());
        }
        schemas.insert(schema.name.clone(), schema.clone());
    }
    types(catalog, reading);
    let finished = finished.filter(|it| it.catalog.types.have_same_names(&catalog.types));
    let taken = match finished {
        Some(finished) => finished.relations(catalog, reading),
        None => FxHashMap::default(),
    };
    let relations = Arc::make_mut(&mut catalog.relations);
    let unexported = Arc::make_mut(&mut catalog.unexported);
    for declared in &reading.relations {
        let name = name_of(&declared.value);
        if !declared.exported {
            if relations.contains_key(&name) {
                continue;
            }
            unexported.insert(name.clone());
        }
        let relation = match (taken.get(&name), relations.get(&name)) {
            (Some(taken), _) => Arc::clone(taken),
            (None, Some(before)) => {
                let mut relation = Relation::clone(&declared.value);
                inherit(&mut relation, before);
                Arc::new(relation)
            }
            (None, None) => Arc::clone(&declared.value),
        };
        relations.insert(name, relation);
    }
    Arc::make_mut(&mut catalog.decls)
        .extend(reading.decls.iter().map(|(decl, entity)| (decl.clone(), entity.clone())));
    Arc::make_mut(&mut catalog.drizzle_relations).extend(reading.drizzle_relations.iter().cloned());
    Arc::make_mut(&mut catalog.twice).extend(reading.twice.iter().cloned());
    catalog.gaps.relations |= reading.incomplete;
    taken.into_keys().collect()
}

fn name_of(relation: &Relation) -> QualifiedName {
    QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() }
}

/// The enums, and the row types of relations that no migration made.
fn types(catalog: &mut Catalog, reading: &Reading) {
    let unexported = Arc::make_mut(&mut catalog.unexported_types);
    for declared in &reading.enums {
        let draft = declared.value.clone();
        if !declared.exported && catalog.types.named(&draft.name).is_none() {
            unexported.insert(draft.name.clone());
        }
        let Some(labels) = draft.labels else {
            if catalog.types.named(&draft.name).is_none() {
                catalog.types.intern_opaque(draft.name, draft.origin);
            }
            continue;
        };
        let is_enum =
            matches!(catalog.types.named(&draft.name), Some(it) if matches!(it.kind, TypeKind::Enum { .. }));
        if is_enum {
            catalog.types.change(&draft.name, |info| {
                // What drizzle-kit does not see is as the migrations have made it.
                if declared.exported {
                    info.kind = TypeKind::Enum { labels };
                }
                info.origin = draft.origin;
                true
            });
        } else {
            catalog.types.intern_enum(draft.name, labels, draft.origin);
        }
    }
    for relation in reading.relations.iter().map(|it| &it.value) {
        let name = name_of(relation);
        let is_new = relation.kind != RelationKind::Sequence && !catalog.relations.contains_key(&name);
        if is_new && catalog.types.id(&name).is_none() {
            catalog.types.intern_row_type(name, relation.origin);
        }
    }
}

impl Finished<'_> {
    /// The relations of the earlier catalog that are made of the same as now. Views are not among them: their columns
    /// follow from other relations.
    fn relations(self, catalog: &Catalog, reading: &Reading) -> FxHashMap<QualifiedName, Arc<Relation>> {
        let mut raw: FxHashMap<QualifiedName, &Declared<Arc<Relation>>> = FxHashMap::default();
        for declared in &self.reading.relations {
            raw.insert(name_of(&declared.value), declared);
        }
        let is_same = |name: &QualifiedName, declared: &Declared<Arc<Relation>>| {
            let before = (self.before.relations.get(name), catalog.relations.get(name));
            let same_before = match before {
                (None, None) => true,
                (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                _ => false,
            };
            same_before
                && declared.value.kind == RelationKind::Table
                && raw.get(name).is_some_and(|it| {
                    Arc::ptr_eq(&it.value, &declared.value) && it.exported == declared.exported
                })
        };
        let names = reading.relations.iter().map(|it| (name_of(&it.value), it));
        names
            .filter(|(name, declared)| is_same(name, declared))
            .filter_map(|(name, _)| {
                let taken = Arc::clone(self.catalog.relations.get(&name)?);
                Some((name, taken))
            })
            .collect()
    }
}

/// What the schema cannot say about a table, from the table that migrations made.
fn inherit(relation: &mut Relation, before: &Relation) {
    relation.also.push(before.origin);
    relation.also.extend(before.also.iter().copied());
    relation.triggers.clone_from(&before.triggers);
    relation.parents.clone_from(&before.parents);
    relation.comment.clone_from(&before.comment);
    if before.kind == RelationKind::PartitionedTable && relation.kind == RelationKind::Table {
        relation.kind = RelationKind::PartitionedTable;
    }
    for column in &mut relation.columns {
        let Some(same) = before.columns.iter().find(|it| it.name == column.name) else { continue };
        column.also.push(same.origin);
        column.also.extend(same.also.iter().copied());
        column.comment.clone_from(&same.comment);
        // A builder that is not understood, or a view whose query is not: the replay knows better.
        if column.type_text.is_empty() {
            column.ty = same.ty;
            column.type_text.clone_from(&same.type_text);
        }
    }
    if relation.open && !before.open {
        for column in &before.columns {
            if !relation.columns.iter().any(|it| it.name == column.name) {
                relation.columns.push(column.clone());
            }
        }
    }
}

/// Extensions whose types the columns use must be there, whoever creates them.
pub fn imply_extensions(catalog: &mut Catalog) {
    if catalog.dialect != Dialect::Postgres {
        return;
    }
    let mut missing: Vec<(&str, Origin)> = Vec::new();
    for relation in catalog.relations.values() {
        for column in &relation.columns {
            // Of every table's every column: most are told by their first letter.
            if !column.type_text.starts_with(['v', 'h', 's', 'g', 'c', 'l', ' ']) {
                continue;
            }
            let base = column.type_text.split(['(', '[']).next().unwrap_or("").trim();
            let extension = match base {
                "vector" | "halfvec" | "sparsevec" => "vector",
                "geometry" | "geography" => "postgis",
                "citext" => "citext",
                "hstore" => "hstore",
                "ltree" => "ltree",
                _ => continue,
            };
            if !catalog.extensions.contains_key(&Ident::new(extension))
                && !missing.iter().any(|(it, _)| *it == extension)
            {
                missing.push((extension, column.origin));
            }
        }
    }
    let extensions = Arc::make_mut(&mut catalog.extensions);
    for (name, origin) in missing {
        let name = Ident::new(name);
        let schema = catalog.search_path.first().cloned().unwrap_or_else(super::default_schema);
        let known = pg::has_extension(name.as_str());
        extensions.insert(name.clone(), Extension { name, schema, known, origin });
    }
}

/// Gives every column that has only the text of its type the type itself.
pub fn resolve_types(catalog: &mut Catalog) {
    if catalog.dialect != Dialect::Postgres {
        return;
    }
    let mut types: FxHashMap<SmolStr, Option<Type>> = FxHashMap::default();
    for relation in catalog.relations.values() {
        for column in relation.columns.iter().filter(|it| it.ty.is_none() && !it.type_text.is_empty()) {
            types.entry(column.type_text.clone()).or_insert(None);
        }
    }
    for (text, ty) in &mut types {
        *ty = type_of(catalog, text);
    }
    let relations = Arc::make_mut(&mut catalog.relations);
    let found = |it: &Column| it.ty.or_else(|| types.get(&it.type_text).copied().flatten());
    for relation in relations.values_mut() {
        if relation.columns.iter().all(|it| it.ty == found(it)) {
            continue;
        }
        for column in &mut Arc::make_mut(relation).columns {
            column.ty = found(column);
        }
    }
}

/// The type that a text such as `varchar(20)[]` means. `serial` and its kin are the integers under them.
pub fn type_of(catalog: &Catalog, text: &str) -> Option<Type> {
    let text = match text {
        "serial" => "integer",
        "smallserial" => "smallint",
        "bigserial" => "bigint",
        other => other,
    };
    // The text of a custom type could hold anything.
    if text.contains([';', '\'']) || text.contains("--") || text.contains("/*") {
        return None;
    }
    let parsed = crate::sql::parse_statement(&format!("select null::{text}"), Dialect::Postgres);
    if parsed.error.is_some() {
        return None;
    }
    let cast = parsed.hir.exprs.iter().find_map(|it| match &it.kind {
        ExprKind::Cast { ty, .. } => Some(ty),
        _ => None,
    })?;
    lookup::type_of(catalog, cast, &parsed.hir.exprs)
}
