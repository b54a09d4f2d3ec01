//! How far the sources of one database have drifted apart: the Drizzle schema from drizzle-kit's last snapshot (what
//! `drizzle-kit generate` would write now), and that snapshot from what the migrations' SQL makes.

pub mod letters;
mod made;
mod roles;

use std::sync::Arc;

use smol_str::{SmolStr, format_smolstr};

use super::build::Built;
use super::diff::{self, Change, ChangeKind};
use super::drizzle::{Family, Line, names};
use super::{Catalog, Column, ForeignKey, Index, Key, QualifiedName, Relation, RelationKind, drizzle};
use crate::project::database::Database;
use crate::project::package::DrizzleLine;
use crate::sql::{Dialect, Ident};

/// What one description says and another does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    pub from: Side,
    pub to: Side,
    /// What leads from `from` to `to`.
    pub changes: Vec<Change>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The Drizzle modules.
    Schema,
    /// drizzle-kit's last snapshot.
    Snapshot,
    /// The SQL of the migrations, replayed.
    Migrations,
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Schema => "schema",
            Side::Snapshot => "snapshot",
            Side::Migrations => "migrations",
        }
    }
}

/// The drifts of a database; `None` where two sides to compare are missing: no Drizzle schema that can be read,
/// or no snapshot.
///
/// `writes_types`: whether code of the workspace writes types into columns that Drizzle has made.
pub fn drift(database: &Database, built: &Built, writes_types: &dyn Fn() -> bool) -> Option<Vec<Drift>> {
    let snapshot = built.snapshot.as_deref()?;
    if database.foreign.is_some() || database.schema_files.is_empty() || !database.problems.is_empty() {
        return None;
    }
    let reading = built.reading.as_deref()?;
    let line = super::build::line(database);
    let is_beta = database.config.as_ref().is_some_and(|it| it.is_beta);
    if reading.twice.iter().any(|it| it.kind.is_refused(line) && !(is_beta && it.is_same())) {
        return None;
    }
    let schema = drizzle::catalog(reading, database.dialect);
    // What could not be read may be anything.
    if schema.gaps.relations || schema.gaps.types {
        return None;
    }
    let mut unwritten = changes(snapshot, &schema, database);
    if database.drizzle_line == DrizzleLine::Zero {
        collations(snapshot, &schema, writes_types, &mut unwritten);
    }
    if database.dialect == Dialect::Postgres {
        roles::changes(snapshot, reading, is_beta, &mut unwritten);
    }
    for change in only_wanted(letters::rewritten(snapshot, &schema), database) {
        if !unwritten.iter().any(|it| (it.object, &it.name) == (change.object, &change.name)) {
            unwritten.push(change);
        }
    }
    unwritten.sort_by(|a, b| (&a.name, a.object, a.kind).cmp(&(&b.name, b.object, b.kind)));
    unwritten.retain(|it| !keeps_its_name(it, &schema, database));
    // An enum whose values are not known is there for all that.
    let vague = built.reading.iter().flat_map(|it| &it.enums).filter(|it| it.value.labels.is_none());
    let vague: Vec<String> = vague.map(|it| diff::display(&it.value.name)).collect();
    unwritten.retain(|it| it.object != "enum" || !vague.iter().any(|name| *name == *it.name));
    let mut res = vec![Drift { from: Side::Snapshot, to: Side::Schema, changes: unwritten }];
    // Where a file is missing, what it made is, too.
    let replayed = database.migrations.as_ref().is_some_and(|it| it.missing.is_empty());
    let made = built.pulled.clone().unwrap_or_else(|| behind_snapshot(database, built));
    // The first file of `drizzle-kit pull` is a comment: its tables were there before.
    let pulled = made.relations.is_empty() && !snapshot.relations.is_empty();
    if replayed && !pulled && !made.gaps.relations {
        let (made, snapshot) = (made::as_made(&made), made::as_made(snapshot));
        // Nothing would be renamed: a migration that is to come leads elsewhere.
        let mut changes = looked_at(&made, &snapshot, database);
        // What only the SQL makes was written by hand, and stays.
        changes.retain(|it| it.kind != ChangeKind::Drop && !is_handmade(it) && !is_merged(it, &made));
        res.push(Drift { from: Side::Migrations, to: Side::Snapshot, changes });
    }
    Some(res)
}

/// drizzle-kit 0.x compares the texts of types, what a `customType` says of a collation with them. Where the schema says
/// none, the program may still write one into the type of the column that it has made (`column.getSQLType = …`).
fn collations(snapshot: &Catalog, schema: &Catalog, writes_types: &dyn Fn() -> bool, acc: &mut Vec<Change>) {
    let collation = |it: &Column| {
        let text = it.type_text.to_lowercase();
        text.split_once(" collate ").map(|it| it.1.trim().to_owned())
    };
    for (name, relation) in snapshot.relations.iter() {
        let Some(other) = schema.relations.get(name).filter(|_| relation.kind == RelationKind::Table) else {
            continue;
        };
        for column in &relation.columns {
            let Some(after) = other.columns.iter().find(|it| it.name == column.name) else { continue };
            let same_type = diff::normal_type(&column.type_text) == diff::normal_type(&after.type_text);
            let differs = same_type && collation(column) != collation(after);
            if differs && (collation(after).is_some() || !writes_types()) {
                acc.push(Change {
                    kind: ChangeKind::Alter,
                    object: "column",
                    name: format!("{}.{}", diff::display(name), column.name),
                    before: Some(column.type_text.to_string()),
                    after: Some(after.type_text.to_string()),
                    origin: after.origin,
                });
            }
        }
    }
}

/// What the migrations make up to the one that the last snapshot was written with: those behind it were written by hand.
fn behind_snapshot(database: &Database, built: &Built) -> Arc<Catalog> {
    let later = database.migrations.as_ref().and_then(|it| {
        let last = it.snapshots.last()?;
        let step = it.steps.iter().rposition(|it| it.snapshot == Some(*last))?;
        it.steps.get(step + 1)
    });
    later.map_or_else(|| Arc::clone(&built.replay.last), |it| built.replay.before(it.file))
}

/// The differences that drizzle-kit would look at, renames told as such.
fn changes(from: &Catalog, to: &Catalog, database: &Database) -> Vec<Change> {
    let mut res = looked_at(from, to, database);
    diff::renames(from, to, &mut res);
    res
}

fn looked_at(from: &Catalog, to: &Catalog, database: &Database) -> Vec<Change> {
    only_wanted(diff::diff(from, to), database)
}

/// Those in the schemas that drizzle-kit is told to look at.
fn only_wanted(mut changes: Vec<Change>, database: &Database) -> Vec<Change> {
    if let Some(config) = &database.config {
        let filter = &config.schema_filter;
        changes.retain(|it| {
            let schema = it.name.split('.').next().unwrap_or("");
            filter.is_empty() || filter.iter().any(|it| it == schema)
        });
    }
    changes
}

/// drizzle-kit 1.0 leaves a constraint whose name it makes itself the name that it has (`preserveEntityNames`).
fn keeps_its_name(change: &Change, schema: &Catalog, database: &Database) -> bool {
    if change.kind != ChangeKind::Rename || database.drizzle_line != DrizzleLine::One {
        return false;
    }
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return false };
    const MADE: [&str; 7] = ["_fk", "_fkey", "_unique", "_key", "_pk", "_pkey", "_index"];
    // What 0.x made may be too long for PostgreSQL, which cuts it.
    let is_cut = database.dialect == Dialect::Postgres && before.len() > 60;
    if !is_cut && !MADE.iter().any(|it| before.ends_with(it)) {
        return false;
    }
    let family = match database.dialect {
        Dialect::Postgres => Family::Pg,
        Dialect::Mysql => Family::Mysql,
        Dialect::Sqlite => Family::Sqlite,
    };
    let owner = schema.relations.values().find(|it| {
        let table = diff::display(&QualifiedName { schema: it.schema.clone(), name: it.name.clone() });
        change.name.strip_prefix(&table).is_some_and(|it| it.starts_with('.'))
            && default_names(it, family, change.object).iter().any(|it| it == after)
    });
    owner.is_some()
}

/// The names that drizzle-kit 1.0 makes for a table's objects of a kind.
fn default_names(relation: &Relation, family: Family, object: &str) -> Vec<SmolStr> {
    let table = relation.name.as_str();
    let joined = |columns: &[Ident]| columns.iter().map(Ident::as_str).collect::<Vec<_>>().join("_");
    match object {
        "primary key" => vec![names::primary_key(family, table)],
        "unique" => {
            let made = |it: &Key| {
                let columns = joined(&it.columns);
                [
                    names::column_unique(Line::V1, family, table, &columns),
                    names::table_unique(Line::V1, family, table, &columns),
                ]
            };
            relation.uniques.iter().flat_map(made).collect()
        }
        "foreign key" => {
            let made = |it: &ForeignKey| {
                let target = it.target.as_ref()?.name.as_str();
                let columns = joined(&it.columns);
                Some(names::foreign_key(family, table, &columns, target, &joined(&it.target_columns)))
            };
            relation.foreign_keys.iter().filter_map(made).collect()
        }
        "index" => {
            let made = |it: &Index| {
                let columns: Option<Vec<Ident>> = it.items.iter().map(|it| it.column.clone()).collect();
                Some(format_smolstr!("{table}_{}_index", joined(&columns?)))
            };
            relation.indexes.iter().filter_map(made).collect()
        }
        _ => Vec::new(),
    }
}

/// Of a primary key and a UNIQUE over the same columns PostgreSQL makes one key (`transformIndexConstraints`), which may have
/// the other's name: the snapshot has both.
fn is_merged(change: &Change, made: &Catalog) -> bool {
    change.kind == ChangeKind::Add
        && change.object == "unique"
        && made.relations.iter().any(|(name, relation)| {
            let key = relation.primary_key.as_ref().and_then(|it| it.name.as_ref());
            key.is_some_and(|key| change.name == format!("{}.{key}", diff::display(name)))
        })
}

/// Names of constraints that PostgreSQL chose itself mean nothing.
fn is_handmade(change: &Change) -> bool {
    change.kind == ChangeKind::Rename && !matches!(change.object, "table" | "column" | "enum")
}
