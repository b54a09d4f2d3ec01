//! A text cut into fields, by the characters alone.

use super::{Read, Refusal, word};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Number,
    /// Numbers or words joined by `-`, `/` or `.`.
    Date,
    /// Numbers joined by `:`.
    Time,
    /// A number with a sign.
    Signed,
    Word,
    /// A word with a sign.
    SignedWord,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub kind: Kind,
    /// In lower case.
    pub text: String,
}

/// More fields are refused.
const MAX_FIELDS: usize = 25;
/// What is longer may be refused for its length alone.
const MAX_LENGTH: usize = 100;

struct Cutter<'t> {
    bytes: &'t [u8],
    at: usize,
    taken: String,
}

impl Cutter<'_> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn take(&mut self) {
        self.taken.push(char::from(self.peek()).to_ascii_lowercase());
        self.at += 1;
    }

    fn take_while(&mut self, test: impl Fn(u8) -> bool) {
        while self.at < self.bytes.len() && test(self.peek()) {
            self.take();
        }
    }

    fn number(&mut self) -> Kind {
        self.take_while(|it| it.is_ascii_digit());
        let delimiter = self.peek();
        match delimiter {
            b':' => {
                self.take_while(|it| it.is_ascii_digit() || matches!(it, b':' | b'.'));
                Kind::Time
            }
            b'-' | b'/' | b'.' => {
                self.take();
                if !self.peek().is_ascii_digit() {
                    self.take_while(|it| it.is_ascii_alphanumeric() || it == delimiter);
                    return Kind::Date;
                }
                self.take_while(|it| it.is_ascii_digit());
                if self.peek() == delimiter {
                    self.take_while(|it| it.is_ascii_digit() || it == delimiter);
                    return Kind::Date;
                }
                if delimiter == b'.' { Kind::Number } else { Kind::Date }
            }
            _ => Kind::Number,
        }
    }

    fn word(&mut self) -> Kind {
        self.take_while(|it| it.is_ascii_alphabetic());
        let joined = match self.peek() {
            b'-' | b'/' | b'.' => true,
            b'+' => word::moment(&self.taken).is_none(),
            it if it.is_ascii_digit() => word::moment(&self.taken).is_none(),
            _ => false,
        };
        if !joined {
            return Kind::Word;
        }
        self.take_while(|it| it.is_ascii_alphanumeric() || b"+-/_.:".contains(&it));
        Kind::Date
    }

    fn signed(&mut self) -> Read<Kind> {
        self.take();
        while self.at < self.bytes.len() && super::super::is_space(self.peek()) {
            self.at += 1;
        }
        if self.peek().is_ascii_digit() {
            self.take_while(|it| it.is_ascii_digit() || matches!(it, b':' | b'.' | b'-'));
            Ok(Kind::Signed)
        } else if self.peek().is_ascii_alphabetic() {
            self.take_while(|it| it.is_ascii_alphabetic());
            Ok(Kind::SignedWord)
        } else {
            Err(Refusal::Format)
        }
    }
}

/// `ParseDateTime`.
pub fn split(text: &str) -> Read<Vec<Field>> {
    if text.len() > MAX_LENGTH {
        return Err(Refusal::Unsure);
    }
    let mut cutter = Cutter { bytes: text.as_bytes(), at: 0, taken: String::new() };
    let mut res = Vec::new();
    while cutter.at < cutter.bytes.len() {
        let byte = cutter.peek();
        if super::super::is_space(byte) {
            cutter.at += 1;
            continue;
        }
        let kind = if byte.is_ascii_digit() {
            cutter.number()
        } else if byte == b'.' {
            cutter.take();
            cutter.take_while(|it| it.is_ascii_digit());
            Kind::Number
        } else if byte.is_ascii_alphabetic() {
            cutter.word()
        } else if matches!(byte, b'+' | b'-') {
            cutter.signed()?
        } else if byte.is_ascii_punctuation() {
            cutter.at += 1;
            continue;
        } else {
            return Err(Refusal::Format);
        };
        if res.len() >= MAX_FIELDS {
            return Err(Refusal::Format);
        }
        res.push(Field { kind, text: std::mem::take(&mut cutter.taken) });
    }
    Ok(res)
}

/// The digits (and sign) at the beginning and what is behind them, as `strtol` reads: no digit is 0.
pub fn leading_number(text: &str) -> Read<(i64, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    let (digits, rest) = unsigned.split_at(end);
    if digits.is_empty() {
        return Ok((0, text));
    }
    let value: i64 = digits.parse().map_err(|_| Refusal::Overflow)?;
    if value > i64::from(i32::MAX) {
        return Err(Refusal::Overflow);
    }
    Ok((if text.starts_with('-') { -value } else { value }, rest))
}

/// `.5` and nothing behind it; whether it is more than zero.
pub fn fraction(text: &str) -> Read<bool> {
    let Some(digits) = text.strip_prefix('.') else { return Err(Refusal::Format) };
    if !digits.bytes().all(|it| it.is_ascii_digit()) {
        return Err(Refusal::Format);
    }
    // Less than half a microsecond is none; what is near is not judged by anybody.
    Ok(digits.bytes().take(6).any(|it| it != b'0') || digits.as_bytes().get(6).is_some_and(|it| *it >= b'5'))
}
