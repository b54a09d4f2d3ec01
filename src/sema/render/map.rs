//! Rendered SQL text ↔ the file it came from.

use crate::base::text::{TextRange, TextSize};
use crate::ts::hir::LiteralMap;

/// Pieces of rendered text in order, each with the bytes of the file that it came from. Where both have the same
/// bytes the piece is *exact*; an escape sequence or a hole maps as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffsetMap {
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    text: TextRange,
    host: TextRange,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Byte for byte the same.
    Exact,
    /// An escape sequence of the host language.
    Escape,
    Hole,
}

impl OffsetMap {
    /// Appends a piece of literal text that begins at `start` of the rendered text: `len` bytes, of which `map`
    /// tells where they stand in the file. `map.escapes` are relative to the piece.
    pub fn push_literal(&mut self, start: TextSize, len: TextSize, map: &LiteralMap) {
        let (mut text, mut host) = (0u32, u32::from(map.host.start()));
        for escape in &map.escapes {
            self.push(start, text, escape.start, host, escape.host_start, Kind::Exact);
            self.push(start, escape.start, escape.end, escape.host_start, escape.host_end, Kind::Escape);
            (text, host) = (escape.end, escape.host_end);
        }
        self.push(start, text, len.into(), host, host + u32::from(len).saturating_sub(text), Kind::Exact);
    }

    /// Appends what a hole was rendered to: `text` of the rendered text came from `host` as a whole.
    pub fn push_hole(&mut self, text: TextRange, host: TextRange) {
        self.segments.push(Segment { text, host, kind: Kind::Hole });
    }

    /// Forgets everything from `end` of the rendered text on, which begins a piece.
    pub fn truncate(&mut self, end: TextSize) {
        self.segments.retain(|it| it.text.end() <= end);
    }

    fn push(&mut self, start: TextSize, from: u32, to: u32, host_from: u32, host_to: u32, kind: Kind) {
        if from < to {
            let text = TextRange::new(start + TextSize::from(from), start + TextSize::from(to));
            let host = TextRange::new(host_from.into(), host_to.max(host_from).into());
            self.segments.push(Segment { text, host, kind });
        }
    }

    /// The bytes of the file to underline for `range` of the rendered text: exact where the text is, the whole
    /// hole or escape where a boundary falls inside one. An empty range at a boundary maps to an empty range.
    pub fn to_host(&self, range: TextRange) -> Option<TextRange> {
        let first = self.segment_at(range.start(), range.is_empty())?;
        let start = self.host_offset(first, range.start(), false);
        if range.is_empty() {
            return Some(if first.kind == Kind::Exact { TextRange::empty(start) } else { first.host });
        }
        let last = self.segment_at(range.end() - TextSize::from(1), false)?;
        let end = self.host_offset(last, range.end(), true);
        (start <= end).then(|| TextRange::new(start, end))
    }

    /// The bytes of the file that an edit of `range` must replace; `None` where it touches a hole or cuts an
    /// escape sequence.
    pub fn to_host_exact(&self, range: TextRange) -> Option<TextRange> {
        if range.is_empty() {
            let segment = self.segment_at(range.start(), true)?;
            let exact = segment.kind == Kind::Exact;
            return exact.then(|| TextRange::empty(self.host_offset(segment, range.start(), false)));
        }
        let overlaps = |it: &&Segment| it.text.intersect(range).is_some_and(|both| !both.is_empty());
        let mut last_end = None;
        for segment in self.segments.iter().filter(overlaps) {
            let cut = segment.kind == Kind::Escape && !range.contains_range(segment.text);
            let gap = last_end.is_some_and(|end| end != segment.host.start());
            if segment.kind == Kind::Hole || cut || gap {
                return None;
            }
            last_end = Some(segment.host.end());
        }
        self.to_host(range)
    }

    /// The offset of the rendered text for one of the file; `None` outside the fragment's literal text.
    pub fn from_host(&self, offset: TextSize) -> Option<TextSize> {
        let segment =
            self.segments.iter().find(|it| it.kind == Kind::Exact && it.host.contains_inclusive(offset))?;
        Some(segment.text.start() + (offset - segment.host.start()))
    }

    /// Whether anything of the rendered text came from these bytes of the file.
    pub fn renders(&self, host: TextRange) -> bool {
        self.segments.iter().any(|it| match it.host.intersect(host) {
            Some(both) => !both.is_empty() || host.is_empty(),
            None => false,
        })
    }

    /// What the hole around a byte of the file was rendered to: ranges of the rendered text, in order.
    pub fn of_hole(&self, offset: TextSize) -> impl Iterator<Item = (TextRange, TextRange)> + '_ {
        let holes = self.segments.iter().filter(|it| it.kind == Kind::Hole);
        holes.filter(move |it| it.host.contains_inclusive(offset)).map(|it| (it.text, it.host))
    }

    /// Whether any byte of `range` of the rendered text came from a hole.
    pub fn touches_hole(&self, range: TextRange) -> bool {
        self.segments
            .iter()
            .any(|it| it.kind == Kind::Hole && it.text.intersect(range).is_some_and(|both| !both.is_empty()))
    }

    fn segment_at(&self, offset: TextSize, at_boundary: bool) -> Option<&Segment> {
        let idx = self.segments.partition_point(|it| it.text.end() <= offset);
        let found = self.segments.get(idx).filter(|it| it.text.contains(offset));
        let before = idx.checked_sub(1).and_then(|idx| self.segments.get(idx));
        match found {
            Some(found) => Some(found),
            None if at_boundary => before.filter(|it| it.text.end() == offset),
            None => None,
        }
    }

    fn host_offset(&self, segment: &Segment, offset: TextSize, end: bool) -> TextSize {
        match (segment.kind == Kind::Exact, end) {
            (true, _) => segment.host.start() + (offset - segment.text.start()),
            (false, false) => segment.host.start(),
            (false, true) => segment.host.end(),
        }
    }
}

#[cfg(test)]
mod tests;
