//! Renames what a statement itself names (aliases, CTEs, output columns) and, where every use is known, entities.

use super::{FilePosition, RangeInfo};
use crate::base::cancel::Cancellable;
use crate::db::Snapshot;
use crate::lint::TextEdit;

/// The name under the cursor that can be renamed.
pub fn prepare(_snap: &Snapshot, _pos: FilePosition) -> Cancellable<Option<RangeInfo<String>>> {
    Ok(None)
}

/// The edits that rename it, or why that is not possible, in words for the user.
pub fn rename(
    _snap: &Snapshot,
    _pos: FilePosition,
    _name: &str,
) -> Cancellable<Result<Vec<TextEdit>, String>> {
    Ok(Err("there is nothing to rename here".to_owned()))
}
