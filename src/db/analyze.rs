//! A file's SQL → [`FileAnalysis`].

mod script;
mod sql_file;

use std::sync::Arc;

use super::analysis::{FileAnalysis, SkipReason, Skipped};
use super::file::FileKind;
use super::model::Model;
use super::snapshot::Snapshot;
use crate::base::file::FileId;
use crate::base::text::TextRange;
use crate::catalog::Catalog;
use crate::project::database::{Membership, Reason};
use crate::sema::{self, Analysis};
use crate::sql::ParsedStatement;

/// Analyses every fragment and statement of a file.
pub(super) fn file(snap: &Snapshot, file: FileId) -> FileAnalysis {
    let Some(state) = snap.state(file) else { return FileAnalysis::default() };
    let model = snap.model();
    match state.kind {
        FileKind::Data => FileAnalysis::default(),
        FileKind::Sql => sql_file::analyze(snap, &model, file),
        FileKind::Script(_) if state.fragments().is_empty() => FileAnalysis::default(),
        FileKind::Script(_) => script::analyze(snap, &model, file, &state),
    }
}

/// The database that a file's SQL is run against, or why it is not checked.
fn database_of(snap: &Snapshot, model: &Model, file: FileId) -> Result<usize, Reason> {
    match model.membership(snap, file) {
        Membership::Database(database) | Membership::History { database, .. } => Ok(database),
        Membership::None(reason) => Err(reason),
    }
}

fn skipped(host: TextRange, reason: Reason) -> Skipped {
    let label = match reason {
        Reason::NoDatabase | Reason::Ambiguous => SkipReason::NoDatabase,
        _ => SkipReason::ForeignFile,
    };
    Skipped { host, reason: label, detail: smol_str::format_smolstr!("{reason}") }
}

fn analyze(catalog: &Catalog, parsed: &ParsedStatement, text: &str) -> Arc<Analysis> {
    let ctx = sema::Context { catalog, params: &[], variables: &[] };
    Arc::new(sema::analyze(ctx, &parsed.hir, text))
}
