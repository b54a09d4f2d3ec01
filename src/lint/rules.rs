//! One file a rule.

use super::Diagnostic;
use crate::base::file::FileId;
use crate::db::{FileAnalysis, Snapshot};

/// Runs every rule on a file.
pub fn run(_snap: &Snapshot, _file: FileId, _analysis: &FileAnalysis, _acc: &mut Vec<Diagnostic>) {}
