//! SQL files: each statement against the schema as it is at that point.

use std::sync::Arc;

use super::super::analysis::{FileAnalysis, SqlUnit, UnitKind};
use super::super::model::Model;
use super::super::snapshot::Snapshot;
use crate::base::file::FileId;
use crate::base::text::TextSize;
use crate::catalog::{Catalog, fold};
use crate::facts::Loc;
use crate::project::Workspace;
use crate::project::database::Membership;
use crate::sema::fragment::Placement;

pub(super) fn analyze(snap: &Snapshot, model: &Model, file: FileId) -> FileAnalysis {
    let (database, start) = match model.membership(snap, file) {
        Membership::Database(database) => (database, None),
        Membership::History { database, .. } => (database, Some(file)),
        Membership::None(reason) => {
            let facts = snap.sql_facts(file, crate::sql::Dialect::Postgres);
            let skipped = facts.1.ranges.iter().map(|&range| super::skipped(range, reason)).collect();
            return FileAnalysis { units: Vec::new(), skipped };
        }
    };
    let Some(built) = model.built(snap, database) else { return FileAnalysis::default() };
    let dialect = model.databases.list.get(database).map_or_else(Default::default, |it| it.dialect);
    let facts = snap.sql_facts(file, dialect);
    // History begins where the file before it ended; a script, with the schema as it is today.
    let step = start.and_then(|file| built.replay.files.iter().find(|it| it.file == file));
    let mut catalog = match step {
        Some(step) => Catalog::clone(&step.before),
        None => Catalog::clone(&built.catalog),
    };
    // What stands behind it undoes the migration: it runs on another day's schema.
    let until = step.and_then(|it| it.until).map_or(TextSize::from(u32::MAX), TextSize::from);
    let mut res = FileAnalysis::default();
    for (idx, statement) in facts.0.statements.iter().enumerate() {
        let loc = Loc(idx as u32);
        let host = facts.1.range(loc);
        if host.start() >= until {
            break;
        }
        res.units.push(SqlUnit {
            kind: UnitKind::Statement(loc),
            host,
            text: Arc::clone(&statement.text),
            parsed: Arc::clone(&statement.parsed),
            analysis: super::analyze(&catalog, &statement.parsed, &statement.text),
            placement: Placement::Plain(host.start()),
            database,
            doubtful: false,
        });
        let infer = Some(&super::super::infer::QueryColumns as &dyn fold::Infer);
        fold::apply_with(&mut catalog, file, loc, &statement.parsed, &statement.text, infer);
    }
    res
}
