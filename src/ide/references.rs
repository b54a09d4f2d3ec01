//! Every use of a table, column, enum label … in the workspace, asked from SQL or from its declaration.

use super::FilePosition;
use crate::base::cancel::Cancellable;
use crate::base::file::FileRange;
use crate::db::Snapshot;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    pub at: FileRange,
    pub declaration: bool,
    /// It is assigned there.
    pub write: bool,
}

/// `None`: nothing that has references stands at the cursor. Sorted by file and place.
pub fn references(_snap: &Snapshot, _pos: FilePosition) -> Cancellable<Option<Vec<Use>>> {
    Ok(None)
}
