//! drizzle-kit's own files: the journal of migrations and the snapshots beside them → a [`Catalog`].
//!
//! Tolerant: a field that is missing or of another shape is left out, a file that is no snapshot gives `None`.
//! Formats: PostgreSQL 5, 6, 7 (one object per table), 8 (flat rows), 9 (a base and what changes it); MySQL 5
//! (objects) and 6 (rows); SQLite 5, 6 (objects) and 7 (rows).

mod head;
mod objects;
mod rows;
pub mod shape;
pub mod steps;

use std::sync::Arc;

use serde_json::Value;
use smol_str::{SmolStr, format_smolstr};

use super::drizzle::{default_schema, imply_extensions, resolve_types};
use super::role::{Attribute, Role};
use super::{Catalog, Collation, Column, Key, Origin, QualifiedName, Relation, RelationKind};
use crate::sql::{Dialect, Ident};
pub use head::{Footprint, ORIGIN as FIRST, Part, SnapshotHead, head};

/// `meta/_journal.json`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journal {
    pub dialect: Option<SmolStr>,
    /// In the order of the file, which is the order of the migrations.
    pub entries: Vec<JournalEntry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    pub idx: u64,
    /// The file's name without `.sql`.
    pub tag: SmolStr,
    /// Milliseconds since 1970; the migrator skips an entry that is not newer than the last one applied.
    pub when: u64,
    pub breakpoints: bool,
}

pub fn journal(text: &str) -> Option<Journal> {
    let value: Value = serde_json::from_str(text).ok()?;
    let entries = value.get("entries")?.as_array()?;
    Some(Journal {
        dialect: value.get("dialect").and_then(Value::as_str).map(SmolStr::new),
        entries: entries
            .iter()
            .enumerate()
            .filter_map(|(position, it)| {
                Some(JournalEntry {
                    idx: it.get("idx").and_then(Value::as_u64).unwrap_or(position as u64),
                    tag: it.get("tag")?.as_str()?.into(),
                    when: it.get("when").and_then(Value::as_u64).unwrap_or(0),
                    breakpoints: it.get("breakpoints").and_then(Value::as_bool).unwrap_or(true),
                })
            })
            .collect(),
    })
}

/// Of so many snapshots, the newest, it is looked whether two branches have made some of them.
const N_BRANCHED: usize = 12;

/// The schema after the last of these snapshots, which stand in the order of their migrations. Only version 9
/// needs those before it. `None` too where two branches end in whole schemas, neither of which is that of both:
/// drizzle-kit 1.0 puts their statements together, as far as they do not contradict each other.
pub fn snapshot(texts: &[&str]) -> Option<Catalog> {
    let last: Value = serde_json::from_str(texts.last()?).ok()?;
    if last.get("deltas").is_none() && last.get("prevIds").is_some() && n_leaves(texts) > 1 {
        return None;
    }
    let mut res = if last.get("ddl").is_some() || last.get("deltas").is_some() {
        rows::catalog(texts, &last)?
    } else {
        objects::catalog(&last)?
    };
    imply_extensions(&mut res);
    resolve_types(&mut res);
    Some(res)
}

/// How many of the newest snapshots no other one follows.
fn n_leaves(texts: &[&str]) -> usize {
    let newest = texts.get(texts.len().saturating_sub(N_BRANCHED)..).unwrap_or(texts);
    let heads: Vec<SnapshotHead> = newest.iter().filter_map(|it| head(it)).collect();
    let is_leaf = |it: &&SnapshotHead| !heads.iter().any(|other| other.previous.contains(&it.id));
    heads.iter().filter(is_leaf).count()
}

fn version(value: &Value) -> Option<SmolStr> {
    match value.get("version")? {
        Value::String(it) => Some(it.as_str().into()),
        Value::Number(it) => Some(format_smolstr!("{it}")),
        _ => None,
    }
}

fn dialect(value: &Value) -> Option<Dialect> {
    Some(match value.get("dialect")?.as_str()? {
        "pg" | "postgresql" | "postgres" => Dialect::Postgres,
        "mysql" | "singlestore" => Dialect::Mysql,
        "sqlite" | "turso" => Dialect::Sqlite,
        _ => return None,
    })
}

/// Snapshots say nothing of where things were declared.
const ORIGIN: Origin = Origin::Builtin;

fn ident(name: &str) -> Ident {
    if name.len() <= crate::sql::ident::MAX_BYTES {
        return Ident::new(name);
    }
    Ident::from_source(&format!("\"{}\"", name.replace('"', "\"\"")))
}

fn name(value: &Value, key: &str) -> Option<Ident> {
    Some(ident(value.get(key)?.as_str()?))
}

fn schema(value: &Value, key: &str) -> Ident {
    match value.get(key).and_then(Value::as_str) {
        Some(it) if !it.is_empty() => ident(it),
        _ => default_schema(),
    }
}

fn text(value: &Value, key: &str) -> Option<SmolStr> {
    value.get(key)?.as_str().map(SmolStr::new)
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn idents(value: &Value, key: &str) -> Vec<Ident> {
    let Some(Value::Array(items)) = value.get(key) else { return Vec::new() };
    items.iter().filter_map(Value::as_str).map(ident).collect()
}

/// The text of a JSON scalar.
fn scalar(value: &Value) -> Option<SmolStr> {
    match value {
        Value::String(it) => Some(it.as_str().into()),
        Value::Null => None,
        other => Some(format_smolstr!("{other}")),
    }
}

/// A role with the attributes that a version's snapshots list; all of them where none are named.
fn role(value: &Value, listed: &[&str]) -> Option<Role> {
    let mut res = Role::new(text(value, "name")?, ORIGIN);
    res.attributes.retain(|(key, _)| listed.is_empty() || listed.contains(key));
    for (key, attribute) in &mut res.attributes {
        *attribute = match value.get(*key) {
            Some(Value::Bool(it)) => Attribute::Flag(*it),
            other => other.and_then(scalar).map_or(Attribute::Unsaid, Attribute::Text),
        };
    }
    Some(res)
}

/// The text of an enum column's type: `"audit"."level"[]`.
fn enum_text(schema: &str, ty: &str) -> SmolStr {
    let (base, dimensions) = ty.split_at(ty.find('[').unwrap_or(ty.len()));
    let base = ident(base).quoted();
    if schema.is_empty() || schema == default_schema().as_str() {
        format_smolstr!("{base}{dimensions}")
    } else {
        format_smolstr!("{}.{base}{dimensions}", ident(schema).quoted())
    }
}

fn empty_catalog(dialect: Dialect) -> Catalog {
    Catalog { dialect, search_path: vec![default_schema()], ..Catalog::default() }
}

fn empty_relation(name: &QualifiedName, kind: RelationKind) -> Relation {
    Relation::new(name.clone(), kind, ORIGIN)
}

pub(super) fn empty_column(name: Ident, type_text: SmolStr) -> Column {
    Column { collation: Collation::declared(&type_text), type_text, ..Column::new(name, ORIGIN) }
}

fn key(name: Option<Ident>, columns: Vec<Ident>) -> Key {
    Key {
        name,
        columns,
        nulls_not_distinct: false,
        without_overlaps: false,
        deferrable: false,
        origin: ORIGIN,
    }
}

/// Adds a finished relation. The columns of a primary key are NOT NULL to Drizzle, in SQLite too.
fn add(catalog: &mut Catalog, mut relation: Relation) {
    if let Some(key) = &relation.primary_key {
        for column in &mut relation.columns {
            column.not_null |= key.columns.contains(&column.name);
        }
    }
    let name = QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() };
    Arc::make_mut(&mut catalog.relations).insert(name, Arc::new(relation));
}

#[cfg(test)]
mod tests;
