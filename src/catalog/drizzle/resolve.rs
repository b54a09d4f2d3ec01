//! A reading laid over a catalog, and the types of its columns found by their text.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::kept::{Finished, Taken, name_of};
use super::{Declared, Reading};
use crate::catalog::lookup;
use crate::catalog::{Catalog, Column, Extension, Origin, Relation, RelationKind, Type, TypeKind, pg};
use crate::sql::hir::ExprKind;
use crate::sql::{Dialect, Ident};

/// Puts what the schema modules declare into `catalog`, which holds what migrations made before. Where both know an
/// object, Drizzle's description wins; what only migrations can say (triggers, comments, inheritance) stays.
/// Column types are found afterwards, by [`resolve_types`].
///
/// Relations that are declared as they were are taken from `finished`, as they came out in the end; those are returned.
pub fn overlay(catalog: &mut Catalog, reading: &Reading, finished: Option<Finished<'_>>) -> Taken {
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
    let same = finished.filter(|it| it.has_same_types(catalog, reading));
    let taken = match same {
        Some(finished) => again(catalog, reading, finished),
        None => anew(catalog, reading, finished),
    };
    if catalog.decls.is_empty() {
        catalog.decls = Arc::clone(&reading.decls);
    } else {
        let decls = reading.decls.iter().map(|(decl, entity)| (decl.clone(), entity.clone()));
        Arc::make_mut(&mut catalog.decls).extend(decls);
    }
    Arc::make_mut(&mut catalog.drizzle_relations).extend(reading.drizzle_relations.iter().cloned());
    Arc::make_mut(&mut catalog.twice).extend(reading.twice.iter().cloned());
    catalog.gaps.relations |= reading.incomplete;
    taken
}

/// The relations and types of a catalog that has the same ones as an earlier one, each but for what it is made of.
fn again(catalog: &mut Catalog, reading: &Reading, finished: Finished<'_>) -> Taken {
    let mut taken = Taken::default();
    let mut relations = finished.map();
    let mut types = finished.catalog.types.clone();
    let declared = finished.reading.relations.iter().zip(&reading.relations);
    for (earlier, declared) in declared {
        let is_kept =
            Arc::ptr_eq(&earlier.value, &declared.value) && declared.value.kind == RelationKind::Table;
        let name = name_of(&declared.value);
        if !declared.exported {
            if catalog.relations.contains_key(&name) {
                continue;
            }
            Arc::make_mut(&mut catalog.unexported).insert(name.clone());
        }
        types.relocate(&name, earlier.value.origin, declared.value.origin);
        match relations.get_mut(&name) {
            Some(relation) if is_kept => taken.add(relation),
            Some(relation) => *relation = over(declared, catalog.relations.get(&name)),
            None => _ = relations.insert(name.clone(), over(declared, catalog.relations.get(&name))),
        }
    }
    catalog.relations = Arc::new(relations);
    catalog.types = types;
    catalog.unexported_types = Arc::clone(&finished.catalog.unexported_types);
    taken
}

fn anew(catalog: &mut Catalog, reading: &Reading, finished: Option<Finished<'_>>) -> Taken {
    types(catalog, reading);
    let finished = finished.filter(|it| it.catalog.types.have_same_names(&catalog.types));
    let known = match finished {
        Some(finished) => finished.relations(catalog, reading),
        None => FxHashMap::default(),
    };
    let mut taken = Taken::default();
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
        let relation = match known.get(&name) {
            Some(known) => {
                taken.add(known);
                Arc::clone(known)
            }
            None => over(declared, relations.get(&name)),
        };
        relations.insert(name, relation);
    }
    taken
}

/// What is declared, over what migrations made.
fn over(declared: &Declared<Arc<Relation>>, before: Option<&Arc<Relation>>) -> Arc<Relation> {
    let Some(before) = before else { return Arc::clone(&declared.value) };
    let mut relation = Relation::clone(&declared.value);
    inherit(&mut relation, before);
    Arc::new(relation)
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
    imply_extensions_but(catalog, &Taken::default());
}

/// The same where relations that were `taken` imply none.
pub fn imply_extensions_but(catalog: &mut Catalog, taken: &Taken) {
    if catalog.dialect != Dialect::Postgres {
        return;
    }
    let mut missing: Vec<(&str, Origin)> = Vec::new();
    for relation in catalog.relations.values().filter(|it| !taken.has(it)) {
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
    resolve_types_but(catalog, &Taken::default());
}

/// The same where those of `taken` relations are found.
pub fn resolve_types_but(catalog: &mut Catalog, taken: &Taken) {
    if catalog.dialect != Dialect::Postgres {
        return;
    }
    let mut types: FxHashMap<SmolStr, Option<Type>> = FxHashMap::default();
    for relation in catalog.relations.values().filter(|it| !taken.has(it)) {
        for column in relation.columns.iter().filter(|it| it.ty.is_none() && !it.type_text.is_empty()) {
            types.entry(column.type_text.clone()).or_insert(None);
        }
    }
    for (text, ty) in &mut types {
        *ty = type_of(catalog, text);
    }
    let relations = Arc::make_mut(&mut catalog.relations);
    let found = |it: &Column| it.ty.or_else(|| types.get(&it.type_text).copied().flatten());
    for relation in relations.values_mut().filter(|it| !taken.has(it)) {
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
