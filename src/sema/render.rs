//! A fragment and what its holes resolve to → SQL text with a two-way offset map.

/// Rendered text ↔ host file, piece by piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffsetMap {}
