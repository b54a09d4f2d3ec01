//! How far the sources of one database have drifted apart: the Drizzle schema from drizzle-kit's last snapshot (what
//! `drizzle-kit generate` would write now), and that snapshot from what the migrations' SQL makes.

use super::build::Built;
use super::diff::{self, Change, ChangeKind};
use super::{Catalog, drizzle};
use crate::project::database::Database;

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
pub fn drift(database: &Database, built: &Built) -> Option<Vec<Drift>> {
    let snapshot = built.snapshot.as_deref()?;
    if database.foreign.is_some() || database.schema_files.is_empty() || !database.problems.is_empty() {
        return None;
    }
    let schema = drizzle::catalog(built.reading.as_deref()?, database.dialect);
    // What could not be read may be anything.
    if schema.gaps.relations || schema.gaps.types {
        return None;
    }
    let unwritten =
        Drift { from: Side::Snapshot, to: Side::Schema, changes: changes(snapshot, &schema, database) };
    let mut res = vec![unwritten];
    // Where a file is missing, what it made is, too.
    let replayed = database.migrations.as_ref().is_some_and(|it| it.missing.is_empty());
    if replayed && !built.replay.last.gaps.relations {
        let mut changes = changes(&built.replay.last, snapshot, database);
        // What only the SQL makes was written by hand, and stays.
        changes.retain(|it| it.kind != ChangeKind::Drop && !is_handmade(it));
        res.push(Drift { from: Side::Migrations, to: Side::Snapshot, changes });
    }
    Some(res)
}

/// The differences that drizzle-kit would look at, renames told as such.
fn changes(from: &Catalog, to: &Catalog, database: &Database) -> Vec<Change> {
    let mut res = diff::diff(from, to);
    if let Some(config) = &database.config {
        let filter = &config.schema_filter;
        res.retain(|it| {
            let schema = it.name.split('.').next().unwrap_or("");
            filter.is_empty() || filter.iter().any(|it| it == schema)
        });
    }
    diff::renames(from, to, &mut res);
    res
}

/// Names of constraints that PostgreSQL chose itself mean nothing.
fn is_handmade(change: &Change) -> bool {
    change.kind == ChangeKind::Rename && !matches!(change.object, "table" | "column" | "enum")
}
