//! `columnist schema`: each database's schema as Columnist has understood it.

use serde_json::{Value, json};

use super::args::{SchemaArgs, SchemaFormat};
use super::databases::{self, Database};
use super::outcome::Source;
use super::{CLEAN, paths, workspace};
use crate::catalog::{Origin, print};
use crate::db::Snapshot;
use crate::lint;
use crate::project::Workspace;

pub fn run(args: &SchemaArgs) -> anyhow::Result<u8> {
    let paths: Vec<String> = args.path.iter().cloned().collect();
    let mut opened = workspace::open(&paths, None)?;
    let snap = opened.world.snapshot();
    let all = databases::all(&snap);
    let chosen: Vec<&Database> = match &args.database {
        Some(name) => vec![databases::named(&all, name)?],
        None => all.iter().collect(),
    };
    let text = match args.format {
        SchemaFormat::Sql => sql(&chosen),
        SchemaFormat::Json => json(&snap, &chosen, &opened.start)?,
    };
    super::print(&text)?;
    if chosen.is_empty() {
        eprintln!("columnist: no database found: neither a drizzle config nor SQL files with definitions");
    }
    Ok(CLEAN)
}

fn sql(databases: &[&Database]) -> String {
    let mut res = String::new();
    for it in databases {
        // One database is plain SQL that can be piped on.
        if databases.len() > 1 {
            res.push_str(&format!("-- database {}\n\n", it.name));
        }
        res.push_str(&print::schema_sql(&it.catalog));
        if !res.ends_with('\n') {
            res.push('\n');
        }
    }
    res
}

fn json(snap: &Snapshot, databases: &[&Database], start: &str) -> anyhow::Result<String> {
    let locate = |origin: Origin| place(snap, origin, start);
    let payload = |it: &&Database| {
        let mut res = print::schema_json(&it.name, &it.catalog, &locate);
        if let Some(dialect) = &it.foreign {
            res.dialect = dialect.to_string();
        }
        res
    };
    let databases = databases.iter().map(payload).collect();
    let mut text = serde_json::to_string_pretty(&print::SchemaJson { version: 1, databases })?;
    text.push('\n');
    Ok(text)
}

/// Where an entity was declared, as CONTRACTS writes a place.
fn place(snap: &Snapshot, origin: Origin, start: &str) -> Option<Value> {
    let at = lint::rules::origin_range(snap, origin)?;
    let state = snap.state(at.file)?;
    let source = Source {
        path: paths::display(&snap.path(at.file), start),
        text: std::sync::Arc::clone(&state.text),
        lines: state.line_index(),
    };
    let position = |offset| {
        let it = source.position(offset);
        json!({ "byte": it.byte, "line": it.line, "column": it.column })
    };
    let (from, to) = (position(at.value.start()), position(at.value.end()));
    Some(json!({ "file": source.path, "range": { "start": from, "end": to } }))
}
