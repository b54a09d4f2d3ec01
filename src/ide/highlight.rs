//! Every use of what stands under the cursor, in the same file.

use super::FilePosition;
use super::references;
use crate::base::cancel::Cancellable;
use crate::base::text::TextRange;
use crate::db::Snapshot;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Highlight {
    pub range: TextRange,
    /// It is assigned there: INSERT's column list, UPDATE's SET.
    pub write: bool,
}

/// In text order.
pub fn highlights(snap: &Snapshot, pos: FilePosition) -> Cancellable<Vec<Highlight>> {
    let uses = references::within(snap, pos, Some(pos.file))?.unwrap_or_default();
    let highlights = uses.into_iter().filter(|it| it.at.file == pos.file);
    Ok(highlights.map(|it| Highlight { range: it.at.value, write: it.write }).collect())
}

#[cfg(test)]
mod tests;
