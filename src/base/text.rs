//! Byte ranges. Inside Columnist every position is a byte offset in UTF-8 text, and every range is half open.

pub use text_size::{TextLen, TextRange, TextSize};

/// `start..end` in bytes, clamped to `u32`; an inverted range becomes empty at `start`.
pub fn range(start: usize, end: usize) -> TextRange {
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let end = u32::try_from(end).unwrap_or(u32::MAX).max(start);
    TextRange::new(start.into(), end.into())
}

/// The text under `range`, or the empty string when the range does not lie in `text` on character boundaries.
pub fn slice(text: &str, range: TextRange) -> &str {
    text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or("")
}
