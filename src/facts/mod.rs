//! Room 3: tree → the named facts of one file, position-free, with a source map beside them.
//!
//! Invariants: pure functions of one file's tree; a fact holds no range but a [`Loc`], whose range the file's
//! [`SourceMap`] tells, so that facts stay equal while text around them moves.

pub mod sym;
pub mod sql;
pub mod ts;

use crate::base::text::TextRange;

/// Index into the [`SourceMap`] of the fact's file. Numbered in the order of the facts, not by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Loc(pub u32);

/// Byte ranges of the places that facts speak of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    pub ranges: Vec<TextRange>,
}

impl SourceMap {
    pub fn push(&mut self, range: TextRange) -> Loc {
        self.ranges.push(range);
        Loc(self.ranges.len() as u32 - 1)
    }

    /// Empty at 0 for a `Loc` of another file.
    pub fn range(&self, loc: Loc) -> TextRange {
        self.ranges.get(loc.0 as usize).copied().unwrap_or_default()
    }
}
