//! A file's SQL → [`FileAnalysis`].

mod script;
mod sql_file;

use std::sync::Arc;

use super::analysis::{FileAnalysis, SkipReason, Skipped};
use super::file::{FileKind, FileState};
use super::model::Model;
use super::snapshot::Snapshot;
use super::units::Reuse;
use crate::base::file::FileId;
use crate::base::text::TextRange;
use crate::catalog::Catalog;
use crate::project::database::{Membership, Reason};
use crate::project::eval::Evaluator;

/// A file, and what is known of it.
pub(super) struct Input<'a> {
    pub snap: &'a Snapshot,
    pub model: &'a Model,
    pub eval: &'a Evaluator<'a>,
    pub file: FileId,
    pub state: &'a FileState,
    pub membership: Membership,
    /// See [`crate::project::database::Databases::candidates`].
    pub candidates: &'a [usize],
    pub reuse: &'a Reuse<'a>,
}

/// The catalog that the analysis of a file began with.
pub(super) enum Start {
    /// A version of the database's catalog.
    Version(u64),
    /// The state before a file of its history.
    State(Arc<Catalog>),
}

/// Analyses every fragment and statement of a file; and on which catalogs.
pub(super) fn file(input: &Input<'_>) -> (FileAnalysis, Vec<(usize, Start)>) {
    let mut starts = Vec::new();
    let analysis = match input.state.kind {
        FileKind::Data => FileAnalysis::default(),
        FileKind::Sql => sql_file::analyze(input, &mut starts),
        FileKind::Script(_) => script::analyze(input, &mut starts),
    };
    (analysis, starts)
}

fn skipped(host: TextRange, reason: Reason) -> Skipped {
    let label = match reason {
        Reason::NoDatabase | Reason::Ambiguous => SkipReason::NoDatabase,
        _ => SkipReason::ForeignFile,
    };
    Skipped { host, reason: label, detail: smol_str::format_smolstr!("{reason}") }
}
