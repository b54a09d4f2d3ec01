//! Every use of what stands under the cursor, in the same file.

use super::FilePosition;
use crate::base::cancel::Cancellable;
use crate::base::text::TextRange;
use crate::db::Snapshot;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Highlight {
    pub range: TextRange,
    /// It is assigned there: INSERT's column list, UPDATE's SET.
    pub write: bool,
}

pub fn highlights(_snap: &Snapshot, _pos: FilePosition) -> Cancellable<Vec<Highlight>> {
    Ok(Vec::new())
}
