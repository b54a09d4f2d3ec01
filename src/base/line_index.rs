//! Lines and columns. LSP 3.17 §textDocuments knows three line ends: `\n`, `\r\n` and `\r`.

use super::text::{TextRange, TextSize};

/// How a client counts columns (LSP 3.17 `PositionEncodingKind`), or how reports do (`Char`: Unicode scalar values).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    Utf8,
    Utf16,
    Char,
}

/// Line and column, both from 0; the column is in units of the encoding that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineCol {
    pub line: u32,
    pub col: u32,
}

/// Where the lines of a text start. It does not hold the text: pass the same one to every call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    len: u32,
}

impl LineIndex {
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !crlf {
                starts.push((at + 1) as u32);
            }
        }
        LineIndex { starts, len: bytes.len() as u32 }
    }

    pub fn n_lines(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The bytes of `line` with its line end; empty past the last line.
    pub fn line_range(&self, line: u32) -> TextRange {
        let start = self.starts.get(line as usize).copied().unwrap_or(self.len);
        let end = self.starts.get(line as usize + 1).copied().unwrap_or(self.len);
        TextRange::new(start.into(), end.into())
    }

    /// The line (from 0) that holds `offset`.
    pub fn line_of(&self, offset: TextSize) -> u32 {
        let offset = u32::from(offset);
        (self.starts.partition_point(|&start| start <= offset) - 1) as u32
    }

    /// Offsets past the end of `text` count as its end; one inside a character counts as its start.
    pub fn line_col(&self, text: &str, offset: TextSize, encoding: Encoding) -> LineCol {
        let line = self.line_of(offset);
        let start = self.starts[line as usize] as usize;
        let mut end = usize::from(offset).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = text.get(start..end).unwrap_or("");
        LineCol { line, col: width(before, encoding) }
    }

    /// The byte offset of a position. A column past the line's end counts as the end of its text (LSP 3.17
    /// §position), a line past the last as the end of the file, half a surrogate pair as the character's start.
    pub fn offset(&self, text: &str, pos: LineCol, encoding: Encoding) -> TextSize {
        if pos.line >= self.n_lines() {
            return self.len.into();
        }
        let range = self.line_range(pos.line);
        let line = super::text::slice(text, range).trim_end_matches(['\n', '\r']);
        let mut col = 0;
        for (at, c) in line.char_indices() {
            let next = col + char_width(c, encoding);
            if next > pos.col {
                return range.start() + TextSize::from(at as u32);
            }
            col = next;
        }
        range.start() + TextSize::from(line.len() as u32)
    }
}

fn width(text: &str, encoding: Encoding) -> u32 {
    match encoding {
        Encoding::Utf8 => text.len() as u32,
        _ if text.is_ascii() => text.len() as u32,
        _ => text.chars().map(|c| char_width(c, encoding)).sum(),
    }
}

fn char_width(c: char, encoding: Encoding) -> u32 {
    match encoding {
        Encoding::Utf8 => c.len_utf8() as u32,
        Encoding::Utf16 => c.len_utf16() as u32,
        Encoding::Char => 1,
    }
}

#[cfg(test)]
mod tests;
