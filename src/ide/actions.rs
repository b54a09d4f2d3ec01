//! Code actions: the fixes of diagnostics and refactorings at the cursor.

use crate::base::cancel::Cancellable;
use crate::base::file::FileRange;
use crate::db::Snapshot;
use crate::lint::TextEdit;

/// LSP 3.17 `CodeActionKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    QuickFix,
    /// Rewrites what is right into something that is right too (qualify a column, expand a star).
    Rewrite,
    /// All safe fixes of the file.
    FixAll,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub title: String,
    pub kind: ActionKind,
    /// Code and place of the diagnostics that it mends.
    pub mends: Vec<(&'static str, FileRange)>,
    /// What the user most likely wants; at most one for each diagnostic.
    pub preferred: bool,
    /// Disjoint edits, perhaps in several files.
    pub edits: Vec<TextEdit>,
}

/// What can be done about, or at, a range of a file.
pub fn actions(_snap: &Snapshot, _range: FileRange) -> Cancellable<Vec<Action>> {
    Ok(Vec::new())
}
