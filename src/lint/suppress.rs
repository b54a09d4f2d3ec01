//! `columnist-ignore` comments (CONTRACTS, "Suppression").

use super::check::FileReport;
use crate::base::file::FileId;
use crate::db::Snapshot;

/// Takes out what a comment of the file silences and reports comments that silence nothing.
pub fn apply(_snap: &Snapshot, _file: FileId, _report: &mut FileReport) {}
