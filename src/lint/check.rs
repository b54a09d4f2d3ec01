//! Everything there is to say about a file or a workspace.

use rayon::prelude::*;

use super::Diagnostic;
use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::base::path;
use crate::db::{FileAnalysis, Skipped, Snapshot, UnitKind};
use crate::project::settings;
use std::sync::Arc;

/// What was found in one file, and what was not looked at.
#[derive(Debug, Clone, Default)]
pub struct FileReport {
    /// Sorted by place; suppressed ones left out, severities as configured.
    pub diagnostics: Vec<Diagnostic>,
    /// Fragments and statements that were analysed.
    pub n_checked: u32,
    pub skipped: Vec<Skipped>,
    /// Problems that a suppression comment silenced.
    pub n_suppressed: u32,
}

/// Whether there may be anything to say about a file of data, by its path.
pub fn is_checked_data(file_path: &str) -> bool {
    let name = path::file_name(file_path);
    settings::FILE_NAMES.contains(&name)
        || matches!(name, "_journal.json" | "snapshot.json")
        || name.ends_with("_snapshot.json")
}

/// The report of one file; empty while the world is loading.
pub fn file(snap: &Snapshot, file: FileId) -> Cancellable<FileReport> {
    snap.check()?;
    // A source that was not read yet may own whatever a query names.
    if snap.is_loading() || super::configure::is_excluded(snap, file) {
        return Ok(FileReport::default());
    }
    let analysis: Arc<FileAnalysis> = snap.analysis(file)?;
    let mut report = FileReport {
        n_checked: analysis.units.iter().filter(|it| !matches!(it.kind, UnitKind::Body(_))).count() as u32,
        skipped: analysis.skipped.clone(),
        ..FileReport::default()
    };
    super::rules::run(snap, file, &analysis, &mut report.diagnostics)?;
    super::suppress::apply(snap, file, &mut report);
    super::configure::apply(snap, file, &mut report);
    report.diagnostics.sort_by_key(|it| (it.at.value.start(), it.at.value.end(), it.code));
    Ok(report)
}

/// The reports of several files, in the given order; `done` is called once a file, from any thread. Not to be
/// called from rayon's pool.
pub fn files(
    snap: &Snapshot,
    files: &[FileId],
    done: &(dyn Fn() + Sync),
) -> Cancellable<Vec<(FileId, FileReport)>> {
    snap.prepare();
    files
        .par_iter()
        .map(|&id| {
            let report = file(snap, id)?;
            snap.release(id);
            done();
            Ok((id, report))
        })
        .collect()
}
