//! `columnist drift`: what `drizzle-kit generate` would write now, and where the last snapshot and the migrations'
//! SQL part ways.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::args::{DriftArgs, DriftFormat};
use super::outcome::Source;
use super::{CLEAN, FOUND, paths, workspace};
use crate::base::text::TextRange;
use crate::catalog::diff::{Change, ChangeKind};
use crate::catalog::drift::{Drift, Side};
use crate::db::Snapshot;
use crate::lint;
use crate::project::{Workspace, scripts};

/// A database that has something to compare, with the command that would write the next migration.
struct Compared {
    name: String,
    command: String,
    drifts: std::sync::Arc<Vec<Drift>>,
}

pub fn run(args: &DriftArgs) -> anyhow::Result<u8> {
    let paths: Vec<String> = args.path.iter().cloned().collect();
    let mut opened = workspace::open(&paths, None)?;
    let snap = opened.world.snapshot();
    snap.prepare();
    let model = snap.model();
    let eval = model.evaluator(&snap);
    let mut compared = Vec::new();
    let mut without = Vec::new();
    for (idx, database) in model.databases.list.iter().enumerate() {
        if args.database.as_ref().is_some_and(|name| !super::databases::is_named(&database.name, name)) {
            continue;
        }
        match model.drift(&snap, idx) {
            Some(drifts) => compared.push(Compared {
                name: database.name.to_string(),
                command: scripts::generate_command(&eval, database),
                drifts,
            }),
            None => without.push(database.name.to_string()),
        }
    }
    if let Some(name) = args.database.as_ref().filter(|_| compared.is_empty() && without.is_empty()) {
        anyhow::bail!("no database is called {name:?}; `columnist schema` lists them");
    }
    let view = View { snap: &snap, start: &opened.start };
    let text = match args.format {
        DriftFormat::Pretty => view.pretty(&compared),
        DriftFormat::Json => view.json(&compared)?,
    };
    super::print(&text)?;
    for name in without {
        eprintln!(
            "{name}: nothing to compare: no Drizzle schema that can be read whole, or no snapshot of drizzle-kit"
        );
    }
    let drifted = compared.iter().flat_map(|it| it.drifts.iter()).any(|it| !it.changes.is_empty());
    Ok(if drifted { FOUND } else { CLEAN })
}

/// Which row security the tables of a schema have and should have.
#[derive(PartialEq, Eq, Clone, Copy)]
struct Of<'a> {
    schema: &'a str,
    before: &'a str,
    after: &'a str,
}

impl<'a> Of<'a> {
    fn new(change: &'a Change) -> Option<Of<'a>> {
        let (before, after) = (change.before.as_deref()?, change.after.as_deref()?);
        let (schema, _) = change.name.split_once('.')?;
        let is_it = change.kind == ChangeKind::Alter && change.object == "table";
        (is_it && before.starts_with("row security")).then_some(Of { schema, before, after })
    }

    /// `alter 12 tables of public (a, b, c, …): row security on -> row security off`.
    fn line<'c>(self, changes: impl Iterator<Item = &'c Change>) -> String {
        let names: Vec<&str> = changes.filter_map(|it| Some(it.name.split_once('.')?.1)).collect();
        let more = if names.len() > 3 { ", …" } else { "" };
        let first = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        let Of { schema, before, after } = self;
        format!("alter {} tables of {schema} ({first}{more}): {before} -> {after}", names.len())
    }
}

struct View<'a> {
    snap: &'a Snapshot,
    start: &'a str,
}

impl View<'_> {
    /// Where a change's object is declared, in a file of the project.
    fn place(&self, change: &Change) -> Option<(Source, TextRange)> {
        let at = lint::rules::origin_range(self.snap, change.origin)?;
        let state = self.snap.state(at.file)?;
        let source = Source {
            path: paths::display(&self.snap.path(at.file), self.start),
            text: std::sync::Arc::clone(&state.text),
            lines: state.line_index(),
        };
        Some((source, at.value))
    }

    fn pretty(&self, compared: &[Compared]) -> String {
        let mut res = String::new();
        for it in compared {
            for drift in it.drifts.iter() {
                if drift.changes.is_empty() {
                    continue;
                }
                let heading = match drift.to {
                    Side::Schema => format!("the schema has changed since the last migration; `{}` would write:", it.command),
                    _ => "the SQL of the migrations does not make what drizzle-kit's last snapshot says; missing or different:".to_owned(),
                };
                let _ = writeln!(res, "{}: {heading}", it.name);
                let mut gathered: Vec<Of<'_>> = Vec::new();
                for change in &drift.changes {
                    // What is written by hand for every table is one decision.
                    let of = Of::new(change).filter(|_| drift.to != Side::Schema);
                    let alike = |it: &&Change| of.is_some() && Of::new(it) == of;
                    let n_alike = drift.changes.iter().filter(alike).count();
                    match of {
                        Some(of) if n_alike > 1 => {
                            if !gathered.contains(&of) {
                                let _ = writeln!(res, "  {}", of.line(drift.changes.iter().filter(alike)));
                                gathered.push(of);
                            }
                        }
                        _ => {
                            let _ = writeln!(res, "  {}", self.line(change));
                        }
                    }
                }
                res.push('\n');
            }
        }
        let n_changes: usize =
            compared.iter().flat_map(|it| it.drifts.iter()).map(|it| it.changes.len()).sum();
        let n_databases = super::outcome::counted(compared.len(), "database");
        let _ = match n_changes {
            0 => writeln!(res, "no drift in {n_databases}"),
            n => writeln!(res, "{} in {n_databases}", super::outcome::counted(n, "change")),
        };
        res
    }

    fn line(&self, change: &Change) -> String {
        let mut res = change.describe();
        if let Some((source, range)) = self.place(change) {
            let at = source.position(range.start());
            let _ = write!(res, "  ({}:{}:{})", source.path, at.line, at.column);
        }
        res
    }

    fn json(&self, compared: &[Compared]) -> anyhow::Result<String> {
        let mut databases = Vec::new();
        for it in compared {
            for drift in it.drifts.iter() {
                databases.push(json!({
                    "name": it.name,
                    "from": drift.from.as_str(),
                    "to": drift.to.as_str(),
                    "changes": drift.changes.iter().map(|it| self.change(it)).collect::<Vec<Value>>(),
                    "command": it.command,
                }));
            }
        }
        let mut text = serde_json::to_string_pretty(&json!({ "version": 1, "databases": databases }))?;
        text.push('\n');
        Ok(text)
    }

    fn change(&self, change: &Change) -> Value {
        let place = self.place(change);
        let range = place.as_ref().map(|(source, range)| {
            let position = |offset| {
                let it = source.position(offset);
                json!({ "byte": it.byte, "line": it.line, "column": it.column })
            };
            json!({ "start": position(range.start()), "end": position(range.end()) })
        });
        json!({
            "kind": change.kind.as_str(),
            "object": change.object,
            "name": change.name,
            "before": change.before,
            "after": change.after,
            "file": place.map(|(source, _)| source.path),
            "range": range,
        })
    }
}
