//! What is known of a file: its database, how much of its SQL was checked, and why the rest was not.

use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::base::text::TextRange;
use crate::catalog::RelationKind;
use crate::db::{FileKind, SkipReason, Snapshot};
use crate::lint::check;
use crate::project::Workspace;
use crate::project::database::Membership;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileStatus {
    /// The database that the file's SQL is checked against.
    pub database: Option<String>,
    /// Tables and views of it.
    pub n_tables: u32,
    /// Fragments and statements that were checked.
    pub n_checked: u32,
    pub skipped: Vec<(TextRange, SkipReason, String)>,
}

pub fn status(snap: &Snapshot, file: FileId) -> Cancellable<FileStatus> {
    if matches!(FileKind::of(&snap.path(file)), None | Some(FileKind::Data)) {
        return Ok(FileStatus::default());
    }
    let report = check::file(snap, file)?;
    let mut res = FileStatus { n_checked: report.n_checked, ..FileStatus::default() };
    res.skipped = report.skipped.iter().map(|it| (it.host, it.reason, it.detail.to_string())).collect();
    let model = snap.model();
    let database = match model.membership(snap, file) {
        Membership::Database(it) | Membership::History { database: it, .. } => Some(it),
        // Of several that are as near, each fragment has found its own.
        Membership::None(_) => snap.analysis(file)?.units.first().map(|it| it.database),
    };
    let Some(database) = database else { return Ok(res) };
    res.database = model.databases.list.get(database).map(|it| it.name.to_string());
    if let Some(built) = model.built(snap, database) {
        let is_table = |kind: RelationKind| kind != RelationKind::Sequence;
        res.n_tables = built.catalog.relations.values().filter(|it| is_table(it.kind)).count() as u32;
    }
    Ok(res)
}

#[cfg(test)]
mod tests;
