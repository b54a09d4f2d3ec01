//! SQL files: each statement against the schema as it is at that point.

mod bodies;

use std::sync::Arc;

use super::super::analysis::{FileAnalysis, SqlUnit, UnitKind};
use super::super::units::Key;
use super::{Input, Start};
use crate::base::fingerprint::Fingerprint;
use crate::base::text::TextSize;
use crate::catalog::{Catalog, fold};
use crate::facts::Loc;
use crate::project::Workspace;
use crate::project::database::Membership;
use crate::sema::fragment::Placement;

pub(super) fn analyze(input: &Input<'_>, starts: &mut Vec<(usize, Start)>) -> FileAnalysis {
    let &Input { snap, model, file, .. } = input;
    let (database, start) = match input.membership {
        Membership::Database(database) => (database, None),
        Membership::History { database, .. } => (database, Some(file)),
        Membership::None(reason) => {
            let facts = snap.sql_facts(file, crate::sql::Dialect::Postgres);
            let skipped = facts.1.ranges.iter().map(|&range| super::skipped(range, reason)).collect();
            return FileAnalysis { units: Vec::new(), skipped };
        }
    };
    let Some(known) = model.known(snap, database) else { return FileAnalysis::default() };
    let built = &known.built;
    let dialect = model.databases.list.get(database).map_or_else(Default::default, |it| it.dialect);
    let facts = snap.sql_facts(file, dialect);
    // History begins where the file before it ended; a script, with the schema as it is today.
    let step = start.and_then(|file| built.replay.files.iter().find(|it| it.file == file));
    let mut catalog = match step {
        Some(step) => {
            starts.push((database, Start::State(Arc::clone(&step.before))));
            Catalog::clone(&step.before)
        }
        None => {
            starts.push((database, Start::Version(known.version())));
            Catalog::clone(&built.catalog)
        }
    };
    // What stands behind it undoes the migration: it runs on another day's schema.
    let from = step.map_or(TextSize::default(), |it| TextSize::from(it.from));
    let until = step.and_then(|it| it.until).map_or(TextSize::from(u32::MAX), TextSize::from);
    let mut res = FileAnalysis::default();
    // The statements that made the catalog what it is, with their numbers: places of declarations name them.
    let mut state = if step.is_some() { Key::HISTORY } else { 0 };
    let mut checks = bodies::Checks::default();
    for (idx, statement) in facts.0.statements.iter().enumerate() {
        let loc = Loc(idx as u32);
        let host = facts.1.range(loc);
        if host.start() >= until {
            break;
        }
        if host.start() < from {
            continue;
        }
        let key = Key { text: Arc::clone(&statement.text), database, dialect, state };
        let (text, unit) = input.reuse.unit(key, &catalog, Some(&statement.parsed), Some((file, loc)));
        checks.see(&unit.parsed, &text);
        let looked_at = unit.body.as_ref().filter(|_| checks.on);
        let infer = Some(&super::super::infer::QueryColumns as &dyn fold::Infer);
        let changes = unit.apply(&mut catalog, |catalog| {
            fold::apply_with(catalog, file, loc, &unit.parsed, &text, infer);
        });
        if changes {
            state = Fingerprint::of(&(state, idx, &*text)).0;
        }
        res.units.push(SqlUnit {
            kind: UnitKind::Statement(loc),
            host,
            text: Arc::clone(&text),
            parsed: Arc::clone(&unit.parsed),
            analysis: Arc::clone(&unit.analysis),
            placement: Placement::Plain(host.start()),
            database,
            doubtful: false,
            env: None,
        });
        if let Some(body) = looked_at {
            checks.found.push(bodies::Found { body: Arc::clone(body), statement: res.units.len() - 1, loc });
        }
    }
    bodies::add(input, known, &catalog, checks, &mut res, starts);
    res
}
