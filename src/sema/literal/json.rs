//! `json_in` and `jsonb_in` (jsonapi.c). Both say `json`; where the text breaks is in the detail.

use super::{Checked, LiteralError, invalid_text, number};
use crate::sema::code;

/// Beyond this nesting the server's stack decides.
const MAX_DEPTH: u32 = 1000;

/// `decoded`: jsonb, which decodes strings, so that halves of surrogate pairs and the character 0 are refused, and reads
/// numbers as `numeric`.
pub fn check(text: &str, decoded: bool) -> Checked {
    let mut reader = Reader { rest: text.as_bytes(), decoded, too_deep: false, fault: None };
    let read = reader.value(0).and_then(|()| reader.end());
    if let Some(fault) = reader.fault {
        return Err(fault);
    }
    if read.is_some() || reader.too_deep {
        return Ok(());
    }
    invalid_text(String::from("invalid input syntax for type json"))
}

struct Reader<'a> {
    rest: &'a [u8],
    decoded: bool,
    too_deep: bool,
    /// What is refused in words of its own.
    fault: Option<LiteralError>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn bump(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let hit = self.peek() == Some(byte);
        if hit {
            self.bump();
        }
        hit
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.bump();
        }
    }

    fn end(&mut self) -> Option<()> {
        self.space();
        self.rest.is_empty().then_some(())
    }

    fn value(&mut self, depth: u32) -> Option<()> {
        if depth > MAX_DEPTH {
            self.too_deep = true;
            return None;
        }
        self.space();
        match self.peek()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: u32) -> Option<()> {
        self.bump();
        self.space();
        if self.eat(b'}') {
            return Some(());
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return None;
            }
            self.string()?;
            self.space();
            if !self.eat(b':') {
                return None;
            }
            self.value(depth + 1)?;
            self.space();
            if self.eat(b'}') {
                return Some(());
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }

    fn array(&mut self, depth: u32) -> Option<()> {
        self.bump();
        self.space();
        if self.eat(b']') {
            return Some(());
        }
        loop {
            self.value(depth + 1)?;
            self.space();
            if self.eat(b']') {
                return Some(());
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        self.bump();
        let mut high = false;
        loop {
            let byte = self.bump()?;
            let after_high = std::mem::take(&mut high);
            if byte == b'\\' {
                match self.bump()? {
                    b'u' => {
                        let mut unit = 0;
                        for _ in 0..4 {
                            unit = unit * 16 + char::from(self.bump()?).to_digit(16)?;
                        }
                        if self.decoded {
                            let low = (0xdc00..=0xdfff).contains(&unit);
                            if low != after_high {
                                return None;
                            }
                            high = (0xd800..=0xdbff).contains(&unit);
                            if unit == 0 {
                                let message = String::from("unsupported Unicode escape sequence");
                                self.fault =
                                    Some(LiteralError { code: code::UNTRANSLATABLE_CHARACTER, message });
                                return None;
                            }
                        }
                        continue;
                    }
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' if !after_high => continue,
                    _ => return None,
                }
            }
            if after_high {
                return None;
            }
            match byte {
                b'"' => return Some(()),
                0..0x20 => return None,
                _ => {}
            }
        }
    }

    fn number(&mut self) -> Option<()> {
        self.eat(b'-');
        let start = self.rest;
        match self.bump()? {
            b'0' => {}
            b'1'..=b'9' => self.digits(),
            _ => return None,
        }
        if self.eat(b'.') {
            self.peek().filter(u8::is_ascii_digit)?;
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.bump();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.bump();
            }
            self.peek().filter(u8::is_ascii_digit)?;
            self.digits();
        }
        let read = start.get(..start.len() - self.rest.len()).unwrap_or_default();
        if self.decoded
            && let Ok(read) = std::str::from_utf8(read)
            && !self.peek().is_some_and(is_alphanumeric)
            && let Err(fault) = number::fits_numeric(read)
        {
            self.fault = Some(fault);
            return None;
        }
        // `01` and `1a` are single broken tokens.
        (!self.peek().is_some_and(is_alphanumeric)).then_some(())
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|it| it.is_ascii_digit()) {
            self.bump();
        }
    }

    fn word(&mut self) -> Option<()> {
        let n = self.rest.iter().take_while(|it| is_alphanumeric(**it)).count();
        let (word, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        matches!(word, b"true" | b"false" | b"null").then_some(())
    }
}

/// `JSON_ALPHANUMERIC_CHAR`.
fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
