//! Numbers: numutils.c, numeric.c, float.c.

use super::{Checked, invalid_syntax, is_space, refuse, trim};
use crate::catalog::TypeId;
use crate::sema::code;

/// `pg_strtoint16/32/64`: decimal, `0x`, `0o`, `0b`, underscores between digits, white space around.
pub fn integer(text: &str, ty: &str, min: i128, max: i128) -> Checked {
    let out_of_range =
        || refuse(code::NUMERIC_OUT_OF_RANGE, format!("value \"{text}\" is out of range for type {ty}"));
    let mut rest = text.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space)).as_bytes();
    let negative = rest.first() == Some(&b'-');
    if matches!(rest.first(), Some(b'-' | b'+')) {
        rest = rest.get(1..).unwrap_or_default();
    }
    let radix: u32 = match (rest.first(), rest.get(1).map(u8::to_ascii_lowercase)) {
        (Some(b'0'), Some(b'x')) => 16,
        (Some(b'0'), Some(b'o')) => 8,
        (Some(b'0'), Some(b'b')) => 2,
        _ => 10,
    };
    if radix != 10 {
        rest = rest.get(2..).unwrap_or_default();
    }
    let digit = |byte: Option<&u8>| byte.and_then(|it| char::from(*it).to_digit(radix));
    let mut value: i128 = 0;
    let mut n_read = 0;
    let mut at = 0;
    loop {
        if let Some(it) = digit(rest.get(at)) {
            // The server notices an overflow at the next digit, before it sees what follows.
            if value > -(min / i128::from(radix)) {
                return out_of_range();
            }
            value = value * i128::from(radix) + i128::from(it);
            n_read += 1;
        } else if rest.get(at) == Some(&b'_') && (n_read > 0 || radix != 10) {
            if digit(rest.get(at + 1)).is_none() {
                return invalid_syntax(ty, text);
            }
        } else {
            break;
        }
        at += 1;
    }
    let tail = rest.get(at..).unwrap_or_default();
    if n_read == 0 || !tail.iter().copied().all(is_space) {
        return invalid_syntax(ty, text);
    }
    let limit = if negative { -min } else { max };
    if value > limit { out_of_range() } else { Ok(()) }
}

/// Digits with underscores, or in another radix: only since PostgreSQL 16.
pub fn is_of_16(text: &str) -> bool {
    let unsigned = trim(text).trim_start_matches(['-', '+']);
    let radix = unsigned.strip_prefix('0').is_some_and(|it| it.starts_with(['x', 'X', 'o', 'O', 'b', 'B']));
    radix || unsigned.contains('_')
}

/// `numeric_in`. What overflows by its exponent is left alone.
pub fn numeric(text: &str) -> Checked {
    let body = trim(text);
    let unsigned = body.strip_prefix(['-', '+']).unwrap_or(body);
    let infinite = unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity");
    if body.eq_ignore_ascii_case("nan") || infinite || decimal(unsigned) || other_radix(unsigned) {
        return Ok(());
    }
    invalid_syntax("numeric", text)
}

fn other_radix(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('0') else { return false };
    let radix = match rest.chars().next().map(|it| it.to_ascii_lowercase()) {
        Some('x') => 16,
        Some('o') => 8,
        Some('b') => 2,
        _ => return false,
    };
    let digits = rest.get(1..).unwrap_or_default();
    let digits = digits.strip_prefix('_').unwrap_or(digits);
    digits.split('_').all(|it| !it.is_empty() && it.chars().all(|c| c.is_digit(radix)))
}

/// Digits with a point and an exponent; underscores only between digits.
fn decimal(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (lower.as_str(), None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_point = mantissa.contains('.');
    if whole.is_empty() && fraction.is_empty() {
        return false;
    }
    let exponent_ok = exponent.is_none_or(|it| grouped(it.strip_prefix(['-', '+']).unwrap_or(it)));
    let whole_ok = grouped(whole) || (whole.is_empty() && has_point);
    whole_ok && (fraction.is_empty() || grouped(fraction)) && exponent_ok
}

/// `1_000`: not empty, digits, single underscores between them.
fn grouped(text: &str) -> bool {
    text.split('_').all(|it| !it.is_empty() && it.bytes().all(|c| c.is_ascii_digit()))
}

/// `float4in` and `float8in`, which lean on `strtod`.
pub fn float(text: &str, ty: &str, double: bool) -> Checked {
    let body = trim(text);
    let unsigned = body.strip_prefix(['-', '+']).unwrap_or(body);
    let lower = unsigned.to_ascii_lowercase();
    // `nan(chars)` and hexadecimal floats are the C library's; it may read them.
    if matches!(lower.as_str(), "inf" | "infinity") || lower.starts_with("nan") || lower.starts_with("0x") {
        return Ok(());
    }
    if !decimal(unsigned) || unsigned.contains('_') {
        // A number too large is refused for that before what follows it is seen.
        let exponent = lower.split_once('e').map_or("", |it| it.1);
        let n_digits = lower.bytes().filter(u8::is_ascii_digit).count();
        if n_digits > 30 || exponent.bytes().filter(u8::is_ascii_digit).count() > 1 {
            return Ok(());
        }
        return invalid_syntax(ty, text);
    }
    let mantissa = lower.split('e').next().unwrap_or_default();
    let is_zero = !mantissa.bytes().any(|it| matches!(it, b'1'..=b'9'));
    let (infinite, vanished) = match double {
        true => lower.parse::<f64>().map_or((false, false), |it| (it.is_infinite(), it == 0.0)),
        false => lower.parse::<f32>().map_or((false, false), |it| (it.is_infinite(), it == 0.0)),
    };
    if infinite || (vanished && !is_zero) {
        let message = format!("\"{body}\" is out of range for type {ty}");
        return refuse(code::NUMERIC_OUT_OF_RANGE, message);
    }
    Ok(())
}

/// `uint32in_subr`: `strtoul` with any base; signs wrap around.
pub fn unsigned(text: &str, ty: &str) -> Checked {
    let body = trim(text);
    let digits = body.strip_prefix(['-', '+']).unwrap_or(body);
    let Some(first) = digits.bytes().next().filter(u8::is_ascii_digit) else {
        return invalid_syntax(ty, text);
    };
    // Octal and hexadecimal: not judged.
    if first == b'0' {
        return Ok(());
    }
    if !digits.bytes().all(|it| it.is_ascii_digit()) {
        // A number too large is refused for that before the rest is seen.
        return if digits.bytes().take_while(u8::is_ascii_digit).count() < 10 {
            invalid_syntax(ty, text)
        } else {
            Ok(())
        };
    }
    let limit = if body.starts_with('-') { 1 << 31 } else { u64::from(u32::MAX) };
    match digits.parse::<u64>() {
        Ok(value) if value <= limit => Ok(()),
        // What a negative number beyond the limit does depends on the width of C's long.
        _ if body.starts_with('-') => Ok(()),
        _ => refuse(code::NUMERIC_OUT_OF_RANGE, format!("value \"{text}\" is out of range for type {ty}")),
    }
}

/// Whether `low` is certainly above `high`, both texts of the type.
pub fn above(id: TypeId, low: &str, high: &str) -> bool {
    let (low, high) = (trim(low), trim(high));
    match id {
        TypeId::INT2 | TypeId::INT4 | TypeId::INT8 => {
            matches!((low.parse::<i64>(), high.parse::<i64>()), (Ok(a), Ok(b)) if a > b)
        }
        TypeId::NUMERIC | TypeId::FLOAT8 => {
            // Far enough apart that no rounding decides.
            matches!((low.parse::<f64>(), high.parse::<f64>()), (Ok(a), Ok(b)) if a.is_finite() && b.is_finite()
                && a - b > (a.abs() + b.abs()) * 1e-9)
        }
        TypeId::DATE => matches!((day(low), day(high)), (Some(a), Some(b)) if a > b),
        // Times of day and zones move an instant by less than two days.
        TypeId::TIMESTAMP | TypeId::TIMESTAMPTZ => {
            matches!((day(low), day(high)), (Some(a), Some(b)) if a > b + 6)
        }
        _ => false,
    }
}

/// A number that grows with the day that a text `2024-01-31…` begins with; steps are one or, between months, more.
fn day(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let plain = rest.is_empty() || rest.starts_with([' ', 'T']);
    if !plain || rest.to_ascii_lowercase().contains('b') {
        return None;
    }
    let mut parts = date.split('-');
    let mut next = |n: usize| parts.next().filter(|it| it.len() == n)?.parse::<i64>().ok();
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    // Months of 31 days leave gaps of up to three days.
    Some((year * 12 + month) * 31 + day)
}
