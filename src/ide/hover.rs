//! What stands under the cursor, explained.

use super::{FilePosition, Markup, RangeInfo};
use crate::base::cancel::Cancellable;
use crate::db::Snapshot;

pub fn hover(_snap: &Snapshot, _pos: FilePosition) -> Cancellable<Option<RangeInfo<Markup>>> {
    Ok(None)
}
