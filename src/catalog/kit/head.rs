//! What a snapshot says of itself: its name, what it follows, and what drizzle-kit 1.0 notes of its migration's statements.

use serde_json::Value;
use smol_str::SmolStr;

use super::{text, version};

/// The `prevId` of what follows nothing.
pub const ORIGIN: &str = "00000000-0000-0000-0000-000000000000";

/// What identifies a snapshot in the chain of its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotHead {
    pub version: SmolStr,
    /// In drizzle-kit's words; empty where it is not said.
    pub dialect: SmolStr,
    pub id: SmolStr,
    pub previous: Vec<SmolStr>,
    pub part: Part,
    /// Of the statements of its migration, in order; only version 9 of PostgreSQL has them.
    pub footprints: Vec<Footprint>,
}

/// How much of the schema a snapshot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// All of it, whatever came before.
    Whole,
    /// All of it, as the first of version 9.
    Base,
    /// What has changed since those that it follows.
    Diff,
}

/// What a statement touches, as drizzle-kit 1.0 writes it down to see whether two branches go together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Footprint {
    /// `alter_column`
    pub statement: SmolStr,
    /// What it is about: `column`, `public`, `users`, `email`.
    pub target: Vec<SmolStr>,
    pub writes: Vec<SmolStr>,
    pub reads: Vec<SmolStr>,
    /// Two branches may both write these.
    pub shared_writes: Vec<SmolStr>,
    /// Of the SQL, where running it twice does no harm.
    pub sql_hash: Option<SmolStr>,
}

impl SnapshotHead {
    /// It follows nothing.
    pub fn is_first(&self) -> bool {
        self.previous.first().is_none_or(|it| it == ORIGIN)
    }

    /// drizzle-kit 1.0 keeps it as a base and what changes it.
    pub fn is_in_parts(&self) -> bool {
        self.part != Part::Whole
    }
}

/// `None`: this is no snapshot, or one whose head drizzle-kit cannot read.
pub fn head(text_: &str) -> Option<SnapshotHead> {
    let value: Value = serde_json::from_str(text_).ok()?;
    let is_of_rows = value.get("ddl").is_some() || value.get("deltas").is_some();
    let previous = match (value.get("prevId"), value.get("prevIds")) {
        (Some(Value::String(it)), _) => vec![it.as_str().into()],
        (_, Some(Value::Array(_))) => words(&value, "prevIds"),
        _ if is_of_rows => return None,
        _ => Vec::new(),
    };
    let part = match value.get("type").and_then(Value::as_str) {
        Some("base") => Part::Base,
        Some("diff") => Part::Diff,
        _ => Part::Whole,
    };
    let footprints = match value.get("footprints") {
        Some(Value::Array(items)) => items.iter().filter_map(footprint).collect(),
        _ => Vec::new(),
    };
    Some(SnapshotHead {
        version: version(&value)?,
        dialect: text(&value, "dialect").unwrap_or_default(),
        id: text(&value, "id")?,
        previous,
        part,
        footprints,
    })
}

fn footprint(value: &Value) -> Option<Footprint> {
    Some(Footprint {
        statement: text(value, "statementType")?,
        target: words(value, "statementTarget"),
        writes: words(value, "writes"),
        reads: words(value, "reads"),
        shared_writes: words(value, "sharedWrites"),
        sql_hash: text(value, "sqlHash"),
    })
}

fn words(value: &Value, key: &str) -> Vec<SmolStr> {
    let Some(Value::Array(items)) = value.get(key) else { return Vec::new() };
    items.iter().filter_map(Value::as_str).map(SmolStr::new).collect()
}
