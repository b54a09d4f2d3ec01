//! String and template literals: decoding, and the map between decoded text and file.

use smol_str::SmolStr;

use crate::base::text::{TextSize, range};
use crate::ts::hir::{Escape, LiteralMap, StringLit};

/// Decodes the literal text `raw`, which starts at byte `host` of the file (ECMAScript §12.9.4, §12.9.6).
/// `template`: line ends are cooked to `\n`, and an escape that is not valid stays as written.
pub fn decode(raw: &str, host: usize, template: bool) -> StringLit {
    let mut map = LiteralMap { host: range(host, host + raw.len()), escapes: Vec::new() };
    if memchr::memchr2(b'\\', b'\r', raw.as_bytes()).is_none() {
        return StringLit { value: raw.into(), map };
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr2(b'\\', b'\r', rest.as_bytes()) {
        let (plain, tail) = rest.split_at(at);
        value.push_str(plain);
        let start = value.len();
        let len = if let Some(after) = tail.strip_prefix('\r') {
            if template {
                value.push('\n');
                if after.starts_with('\n') { 2 } else { 1 }
            } else {
                value.push('\r');
                1
            }
        } else {
            escape(tail, &mut value)
        };
        let host_start = host + (raw.len() - tail.len());
        map.escapes.push(Escape {
            start: start as u32,
            end: value.len() as u32,
            host_start: host_start as u32,
            host_end: (host_start + len) as u32,
        });
        rest = tail.get(len..).unwrap_or("");
    }
    value.push_str(rest);
    StringLit { value: SmolStr::from(value), map }
}

/// Decodes the escape that `text` starts with (a backslash); returns its length in bytes.
fn escape(text: &str, out: &mut String) -> usize {
    let mut chars = text.chars();
    chars.next();
    let Some(c) = chars.next() else { return 1 };
    let simple = match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '\n' | '\u{2028}' | '\u{2029}' => return 1 + c.len_utf8(),
        '\r' => return if chars.next() == Some('\n') { 3 } else { 2 },
        'x' => match hex(text.get(2..4)) {
            Some(code) => {
                out.push(char::from(code as u8));
                return 4;
            }
            None => c,
        },
        'u' => match unicode(text) {
            Some((code, len)) => {
                out.push(code);
                return len;
            }
            None => c,
        },
        '0'..='7' => {
            let digits = text[1..].bytes().take(3).take_while(|it| matches!(it, b'0'..=b'7')).count();
            let digits = if digits == 3 && c > '3' { 2 } else { digits };
            let code = text.get(1..1 + digits).and_then(|it| u8::from_str_radix(it, 8).ok());
            out.push(char::from(code.unwrap_or_default()));
            return 1 + digits.max(1);
        }
        other => other,
    };
    out.push(simple);
    1 + c.len_utf8()
}

/// `\uXXXX` (with its second half, if it is a surrogate pair) or `\u{X…}` at the start of `text`.
fn unicode(text: &str) -> Option<(char, usize)> {
    if let Some(body) = text.strip_prefix("\\u{") {
        let end = body.find('}')?;
        let code = hex(body.get(..end))?;
        return Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 3 + end + 1));
    }
    let high = hex(text.get(2..6))?;
    if (0xD800..0xDC00).contains(&high)
        && text.get(6..8) == Some("\\u")
        && let Some(low) = hex(text.get(8..12))
        && (0xDC00..0xE000).contains(&low)
    {
        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        return Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12));
    }
    Some((char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 6))
}

fn hex(digits: Option<&str>) -> Option<u32> {
    let digits = digits?;
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

impl LiteralMap {
    /// A byte offset of the decoded text → the file. Inside an escape: the escape's start.
    pub fn to_host(&self, offset: u32) -> TextSize {
        let idx = self.escapes.partition_point(|it| it.start <= offset);
        let (text, host) = match idx.checked_sub(1).and_then(|it| self.escapes.get(it)) {
            Some(escape) if offset < escape.end => return escape.host_start.into(),
            Some(escape) => (escape.end, escape.host_end),
            None => (0, self.host.start().into()),
        };
        TextSize::from(host + (offset - text)).min(self.host.end())
    }

    /// The end of a decoded range → the file: like [`Self::to_host`], but the end inside an escape is the
    /// escape's end, and text that decodes to nothing (a line continuation) is not swallowed.
    pub fn end_to_host(&self, offset: u32) -> TextSize {
        let idx = self.escapes.partition_point(|it| it.start < offset);
        let (text, host) = match idx.checked_sub(1).and_then(|it| self.escapes.get(it)) {
            Some(escape) if offset < escape.end => return escape.host_end.into(),
            Some(escape) => (escape.end, escape.host_end),
            None => (0, self.host.start().into()),
        };
        TextSize::from(host + (offset - text)).min(self.host.end())
    }

    /// A byte offset of the file → the decoded text; `None` outside the literal. Inside an escape: its start.
    pub fn to_text(&self, host: TextSize) -> Option<u32> {
        if host < self.host.start() || host > self.host.end() {
            return None;
        }
        let host = u32::from(host);
        let idx = self.escapes.partition_point(|it| it.host_start <= host);
        match idx.checked_sub(1).and_then(|it| self.escapes.get(it)) {
            Some(escape) if host < escape.host_end => Some(escape.start),
            Some(escape) => Some(escape.end + (host - escape.host_end)),
            None => Some(host - u32::from(self.host.start())),
        }
    }
}
