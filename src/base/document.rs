//! The text of an open document as a rope, edited by positions in the client's encoding.
//!
//! Lines end at `\n`, `\r\n` and `\r` and nowhere else (LSP 3.17 §textDocuments): ropey is built with `cr_lines`
//! and without `unicode_lines`.

use ropey::Rope;

use super::line_index::{Encoding, LineCol};

#[derive(Debug, Clone)]
pub struct Document {
    rope: Rope,
}

impl Document {
    pub fn new(text: &str) -> Document {
        Document { rope: Rope::from_str(text) }
    }

    /// Replaces what lies between two positions; an inverted range counts as empty at its start, positions past
    /// the end of a line or of the text as that end.
    pub fn replace(&mut self, start: LineCol, end: LineCol, encoding: Encoding, text: &str) {
        let from = self.char_offset(start, encoding);
        let to = self.char_offset(end, encoding).max(from);
        self.rope.remove(from..to);
        self.rope.insert(from, text);
    }

    /// The whole text; costs a copy.
    pub fn text(&self) -> String {
        String::from(&self.rope)
    }

    /// In bytes.
    pub fn len(&self) -> usize {
        self.rope.len_bytes()
    }

    pub fn is_empty(&self) -> bool {
        self.rope.len_bytes() == 0
    }

    /// A position as an offset in Unicode scalar values.
    fn char_offset(&self, pos: LineCol, encoding: Encoding) -> usize {
        let line = pos.line as usize;
        if line >= self.rope.len_lines() {
            return self.rope.len_chars();
        }
        let start = self.rope.line_to_char(line);
        let mut col = 0u32;
        let mut offset = start;
        for c in self.rope.line(line).chars() {
            let next = col
                + match encoding {
                    Encoding::Utf8 => c.len_utf8() as u32,
                    Encoding::Utf16 => c.len_utf16() as u32,
                    Encoding::Char => 1,
                };
            if matches!(c, '\n' | '\r') || next > pos.col {
                break;
            }
            (col, offset) = (next, offset + 1);
        }
        offset
    }
}

#[cfg(test)]
mod tests;
