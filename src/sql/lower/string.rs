//! String constants → the values they stand for (manual §4.1.2).

use std::iter::Peekable;
use std::str::Chars;

use smol_str::SmolStr;

use super::lex;

/// The value of a string constant token, every notation and its continuations included. `escape` is the
/// character that `UESCAPE` names.
pub(super) fn value(text: &str, escape: char) -> SmolStr {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(b'$') => {
            let (start, end) = dollar_body(text);
            return text.get(start..end).unwrap_or("").into();
        }
        Some(b'\'') => {
            let inner = text[1..].strip_suffix('\'').unwrap_or(&text[1..]);
            if !inner.contains('\'') {
                return inner.into();
            }
        }
        _ => {}
    }
    let raw = pieces(text);
    match bytes.first() {
        Some(b'e' | b'E') => backslash(&raw).into(),
        Some(b'u' | b'U') => unicode(&raw, escape).into(),
        _ => raw.into(),
    }
}

/// Where the text of a string constant lies in its token: between the outermost quotes.
pub(super) fn body(text: &str) -> (usize, usize) {
    if text.starts_with('$') {
        return dollar_body(text);
    }
    let start = text.find('\'').map_or(0, |at| at + 1);
    let end = if text.len() > start && text.ends_with('\'') { text.len() - 1 } else { text.len() };
    (start, end)
}

fn dollar_body(text: &str) -> (usize, usize) {
    let start = lex::dollar_tag_end(text.as_bytes(), 0).unwrap_or(1).min(text.len());
    let tag = text.get(..start).unwrap_or("");
    let end = if text.len() >= 2 * start && text.ends_with(tag) { text.len() - start } else { text.len() };
    (start, end)
}

/// The pieces of a quoted constant put together, doubled quotes made single, backslashes untouched.
fn pieces(text: &str) -> String {
    let bytes = text.as_bytes();
    let escapes = matches!(bytes.first(), Some(b'e' | b'E'));
    let mut res = String::with_capacity(text.len());
    let mut quote = text.find('\'').unwrap_or(0);
    loop {
        let end = lex::piece_end(bytes, quote, escapes);
        let piece = text.get(quote + 1..end).unwrap_or("");
        let closed = end > quote + 1 && piece.ends_with('\'');
        let piece = if closed { &piece[..piece.len() - 1] } else { piece };
        res.push_str(piece);
        match lex::continuation(bytes, end) {
            Some(next) => quote = next,
            None => break,
        }
    }
    if escapes { res } else { res.replace("''", "'") }
}

/// `E'…'`: C escapes, octal, hexadecimal and Unicode ones.
fn backslash(raw: &str) -> String {
    let mut bytes: Vec<u8> = Vec::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    let mut buf = [0; 4];
    while let Some(c) = chars.next() {
        if c == '\'' && chars.peek() == Some(&'\'') {
            chars.next();
        }
        if c != '\\' {
            bytes.extend_from_slice(c.encode_utf8(&mut buf).as_bytes());
            continue;
        }
        let Some(c) = chars.next() else { break };
        match c {
            'b' => bytes.push(8),
            'f' => bytes.push(12),
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            'v' => bytes.push(11),
            '0'..='7' => {
                let mut value = c.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(digit) = chars.peek().and_then(|it| it.to_digit(8)) else { break };
                    value = value * 8 + digit;
                    chars.next();
                }
                bytes.push((value & 0xff) as u8);
            }
            'x' => match hex(&mut chars, 1, 2) {
                Some(value) => bytes.push((value & 0xff) as u8),
                None => bytes.push(b'x'),
            },
            'u' | 'U' => {
                let n_digits = if c == 'u' { 4 } else { 8 };
                let first = hex(&mut chars, n_digits, n_digits);
                if let Some(c) = first.and_then(|first| join_surrogates(first, &mut chars)) {
                    bytes.extend_from_slice(c.encode_utf8(&mut buf).as_bytes());
                }
            }
            c => bytes.extend_from_slice(c.encode_utf8(&mut buf).as_bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A code point, or the pair of surrogates that starts with `first` and goes on with a second escape.
fn join_surrogates(first: u32, chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first);
    }
    let mut ahead = chars.clone();
    if ahead.next() != Some('\\') || !matches!(ahead.next(), Some('u' | 'U')) {
        return None;
    }
    let second = hex(&mut ahead, 4, 4)?;
    if !(0xdc00..0xe000).contains(&second) {
        return None;
    }
    *chars = ahead;
    char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
}

fn hex(chars: &mut Peekable<Chars<'_>>, min: usize, max: usize) -> Option<u32> {
    let mut ahead = chars.clone();
    let mut value = 0u32;
    let mut n_digits = 0;
    while n_digits < max {
        let Some(digit) = ahead.peek().and_then(|it| it.to_digit(16)) else { break };
        value = value.checked_mul(16)?.checked_add(digit)?;
        ahead.next();
        n_digits += 1;
    }
    if n_digits < min {
        return None;
    }
    *chars = ahead;
    Some(value)
}

/// `U&'…'`: four digits behind the escape character, or `+` and six.
pub(super) fn unicode(raw: &str, escape: char) -> String {
    let mut res = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    let mut high: Option<u32> = None;
    while let Some(c) = chars.next() {
        if c != escape {
            res.push(c);
            continue;
        }
        if chars.peek() == Some(&escape) {
            chars.next();
            res.push(escape);
            continue;
        }
        let n_digits = if chars.peek() == Some(&'+') {
            chars.next();
            6
        } else {
            4
        };
        match (hex(&mut chars, n_digits, n_digits), high.take()) {
            (Some(low @ 0xdc00..0xe000), Some(first)) => {
                res.extend(char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00)));
            }
            (Some(first @ 0xd800..0xdc00), _) => high = Some(first),
            (Some(code), _) => res.extend(char::from_u32(code)),
            (None, _) => res.push(escape),
        }
    }
    res
}
