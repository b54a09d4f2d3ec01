//! Booleans, UUIDs, byte and bit strings: bool.c, uuid.c, bytea.c, varbit.c, pg_lsn.c.

use super::{Checked, invalid_syntax, invalid_text, refuse, trim};
use crate::sema::code;

/// `boolin`: any unique prefix of the words, `1` and `0`.
pub fn boolean(text: &str) -> Checked {
    let word = trim(text).to_ascii_lowercase();
    let prefix = |it: &str| !word.is_empty() && it.starts_with(&word);
    let fits = prefix("true")
        || prefix("false")
        || prefix("yes")
        || prefix("no")
        || matches!(word.as_str(), "on" | "of" | "off" | "1" | "0");
    if fits { Ok(()) } else { invalid_syntax("boolean", text) }
}

/// `string_to_uuid`: 32 hexadecimal digits, a hyphen after any group of four, braces around.
pub fn uuid(text: &str) -> Checked {
    let refused = || invalid_syntax("uuid", text);
    let body = match text.strip_prefix('{') {
        Some(rest) => match rest.strip_suffix('}') {
            Some(body) => body,
            None => return refused(),
        },
        None => text,
    };
    let mut n_digits = 0;
    let mut after_hyphen = false;
    for byte in body.bytes() {
        match byte {
            b'-' if n_digits % 4 == 0 && (1..32).contains(&n_digits) && !after_hyphen => after_hyphen = true,
            it if it.is_ascii_hexdigit() && n_digits < 32 => {
                n_digits += 1;
                after_hyphen = false;
            }
            _ => return refused(),
        }
    }
    if n_digits == 32 { Ok(()) } else { refused() }
}

/// `byteain`: `\x` and hexadecimal digits, or the escape format.
pub fn bytea(text: &str) -> Checked {
    if let Some(hex) = text.strip_prefix("\\x") {
        let mut half = false;
        for c in hex.chars() {
            match c {
                ' ' | '\n' | '\t' | '\r' if !half => {}
                c if c.is_ascii_hexdigit() => half = !half,
                c => {
                    let message = format!("invalid hexadecimal digit: \"{c}\"");
                    return refuse(code::INVALID_PARAMETER_VALUE, message);
                }
            }
        }
        if half {
            let message = String::from("invalid hexadecimal data: odd number of digits");
            return refuse(code::INVALID_PARAMETER_VALUE, message);
        }
        return Ok(());
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += match (byte, bytes.get(at + 1..)) {
            (b'\\', Some([b'\\', ..])) => 2,
            (b'\\', Some([b'0'..=b'3', b'0'..=b'7', b'0'..=b'7', ..])) => 4,
            (b'\\', _) => return invalid_text(String::from("invalid input syntax for type bytea")),
            _ => 1,
        };
    }
    Ok(())
}

/// `bit_in` and `varbit_in`: binary digits, after `b`; hexadecimal ones after `x`.
pub fn bits(text: &str) -> Checked {
    let (digits, radix, word) = match text.chars().next() {
        Some('b' | 'B') => (text.get(1..).unwrap_or_default(), 2, "binary"),
        Some('x' | 'X') => (text.get(1..).unwrap_or_default(), 16, "hexadecimal"),
        _ => (text, 2, "binary"),
    };
    match digits.chars().find(|it| !it.is_digit(radix)) {
        Some(c) => invalid_text(format!("\"{c}\" is not a valid {word} digit")),
        None => Ok(()),
    }
}

/// `pg_lsn_in`: two hexadecimal numbers of at most eight digits with a slash.
pub fn lsn(text: &str) -> Checked {
    let part = |it: &str| (1..=8).contains(&it.len()) && it.bytes().all(|c| c.is_ascii_hexdigit());
    match text.split_once('/') {
        Some((high, low)) if part(high) && part(low) => Ok(()),
        _ => invalid_syntax("pg_lsn", text),
    }
}
