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

/// `numeric_in`.
pub fn numeric(text: &str) -> Checked {
    let body = trim(text);
    let unsigned = body.strip_prefix(['-', '+']).unwrap_or(body);
    let infinite = unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity");
    if decimal(unsigned) {
        return fits_numeric(unsigned);
    }
    if body.eq_ignore_ascii_case("nan") || infinite || other_radix(unsigned) {
        return Ok(());
    }
    invalid_syntax("numeric", text)
}

/// A number without a sign is not beyond what `numeric` holds (`make_result`): 131,072 digits before the point and
/// 16,383 behind it.
pub fn fits_numeric(unsigned: &str) -> Checked {
    const MAX_WHOLE: i64 = 131_072;
    const MAX_SCALE: i64 = 16_383;
    let lower = unsigned.to_ascii_lowercase().replace('_', "");
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let digits = exponent.trim_start_matches(['-', '+']).trim_start_matches('0');
    let exponent: i64 = match digits.len() {
        0 => 0,
        1..=12 => digits.parse().unwrap_or(0) * if exponent.starts_with('-') { -1 } else { 1 },
        _ => i64::from(i32::MAX),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // How far before the point the first digit that counts stands; not asked for zeros.
    let n = |it: &str| i64::try_from(it.len()).unwrap_or(i64::MAX / 4);
    let significant = whole.trim_start_matches('0');
    let first = match fraction.find(|c| c != '0') {
        _ if !significant.is_empty() => Some(n(significant)),
        Some(zeros) => Some(-i64::try_from(zeros).unwrap_or(0)),
        None => None,
    };
    let too_large = first.is_some_and(|it| it + exponent > MAX_WHOLE);
    if too_large || n(fraction) - exponent > MAX_SCALE || exponent.abs() > i64::from(i32::MAX / 2) {
        return refuse(code::NUMERIC_OUT_OF_RANGE, String::from("value overflows numeric format"));
    }
    Ok(())
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

/// What `strtoul` reads of a text, with any base.
enum Unsigned<'t> {
    None,
    /// The value (`None`: too large for 64 bits) without its sign, and what is behind it.
    Read(Option<u64>, &'t str),
    /// In a form that not every C library knows.
    Odd,
}

fn strtoul(text: &str) -> Unsigned<'_> {
    let body = text.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
    let unsigned = body.strip_prefix(['-', '+']).unwrap_or(body);
    let bytes = unsigned.as_bytes();
    let second = bytes.get(1).map(u8::to_ascii_lowercase);
    let hexadecimal = second == Some(b'x') && bytes.get(2).is_some_and(u8::is_ascii_hexdigit);
    let (radix, from) = match bytes.first() {
        Some(b'0') if second == Some(b'b') => return Unsigned::Odd,
        Some(b'0') if hexadecimal => (16, 2),
        Some(b'0') => (8, 0),
        Some(b'1'..=b'9') => (10, 0),
        _ => return Unsigned::None,
    };
    let digits = unsigned.get(from..).unwrap_or_default();
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end).unwrap_or((digits, ""));
    Unsigned::Read(u64::from_str_radix(digits, radix).ok(), rest)
}

/// `uint32in_subr`: signs wrap around.
pub fn unsigned(text: &str, ty: &str) -> Checked {
    let (value, rest) = match strtoul(text) {
        Unsigned::None => return invalid_syntax(ty, text),
        Unsigned::Odd => return Ok(()),
        Unsigned::Read(value, rest) => (value, rest),
    };
    if value.is_some() && !trim(rest).is_empty() {
        return invalid_syntax(ty, text);
    }
    fits_32(value, trim(text).starts_with('-'), ty, text)
}

fn fits_32(value: Option<u64>, negative: bool, ty: &str, text: &str) -> Checked {
    match value {
        Some(value) if value <= u64::from(u32::MAX) && !negative => Ok(()),
        // What a negative number beyond the limit does depends on the width of C's long.
        Some(_) if negative => Ok(()),
        _ => refuse(code::NUMERIC_OUT_OF_RANGE, format!("value \"{text}\" is out of range for type {ty}")),
    }
}

/// `uint64in_subr`.
pub fn unsigned_64(text: &str, ty: &str) -> Checked {
    match strtoul(text) {
        Unsigned::None => invalid_syntax(ty, text),
        Unsigned::Odd => Ok(()),
        Unsigned::Read(None, _) => {
            refuse(code::NUMERIC_OUT_OF_RANGE, format!("value \"{text}\" is out of range for type {ty}"))
        }
        Unsigned::Read(Some(_), rest) if trim(rest).is_empty() => Ok(()),
        Unsigned::Read(..) => invalid_syntax(ty, text),
    }
}

/// `oidvectorin`: what follows a number begins the next one.
pub fn oids(text: &str) -> Checked {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
        if rest.is_empty() {
            return Ok(());
        }
        match strtoul(rest) {
            Unsigned::None => return invalid_syntax("oid", rest),
            Unsigned::Odd => return Ok(()),
            Unsigned::Read(value, behind) => {
                fits_32(value, rest.starts_with('-'), "oid", rest)?;
                rest = behind;
            }
        }
    }
}

/// `int2vectorin`: decimal numbers with blanks between.
pub fn smallints(text: &str) -> Checked {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
        if rest.is_empty() {
            return Ok(());
        }
        let unsigned = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        let end = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
        let (digits, behind) = unsigned.split_at_checked(end).unwrap_or((unsigned, ""));
        if digits.is_empty() {
            return invalid_syntax("smallint", rest);
        }
        let value = digits
            .trim_start_matches('0')
            .parse::<i64>()
            .unwrap_or(if digits.bytes().all(|it| it == b'0') { 0 } else { i64::MAX });
        if value > 32_768 || (value == 32_768 && !rest.starts_with('-')) {
            let message = format!("value \"{rest}\" is out of range for type smallint");
            return refuse(code::NUMERIC_OUT_OF_RANGE, message);
        }
        if !behind.is_empty() && !behind.starts_with(' ') {
            return invalid_syntax("smallint", rest);
        }
        rest = behind;
    }
}

/// The bounds of a range of whole numbers are brought to `[low,high)` (`int4range_canonical`): an end that must grow
/// by one may have no room for it.
pub fn canonical(range: TypeId, low: Option<&str>, high: Option<&str>, open: bool, closed: bool) -> Checked {
    let (max, word) = match range {
        TypeId(3904) => (i64::from(i32::MAX), "integer"),
        TypeId(3926) => (i64::MAX, "bigint"),
        _ => return Ok(()),
    };
    let number = |it: Option<&str>| it.map(|it| trim(it).parse::<i64>().ok());
    let (low, high) = match (number(low), number(high)) {
        // In a notation that is not read here.
        (Some(None), _) | (_, Some(None)) => return Ok(()),
        (low, high) => (low.flatten(), high.flatten()),
    };
    let empty = low.is_some() && low == high && (open || !closed);
    if !empty && (open && low == Some(max) || closed && high == Some(max)) {
        return refuse(code::NUMERIC_OUT_OF_RANGE, format!("{word} out of range"));
    }
    Ok(())
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
            let apart = matches!((day(low), day(high)), (Some(a), Some(b)) if a > b + 6);
            apart || same_day(low, high) && later(id, low, high)
        }
        _ => false,
    }
}

fn same_day(low: &str, high: &str) -> bool {
    day(low).is_some() && low.get(..10) == high.get(..10)
}

/// Of two texts of one day, whether the first is of a later time: the seconds of `10:00` or `10:00:00`, less the offset from
/// UTC (`Z`, `+02`, `+02:30`) where instants are kept. Without one the server's zone decides, and its changes between summer
/// and winter.
fn later(id: TypeId, low: &str, high: &str) -> bool {
    let (Some((a, a_offset)), Some((b, b_offset))) = (time_of_day(low), time_of_day(high)) else {
        return false;
    };
    match (a_offset, b_offset) {
        _ if id == TypeId::TIMESTAMP => a > b,
        (Some(a_offset), Some(b_offset)) => a - a_offset > b - b_offset,
        _ => false,
    }
}

/// Seconds, and the offset in seconds.
fn time_of_day(text: &str) -> Option<(i64, Option<i64>)> {
    let rest = text.get(11..)?;
    let at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(at);
    let seconds = |text: &str| {
        let mut res = 0;
        let mut parts = text.split(':');
        for scale in [3600, 60, 1] {
            let Some(part) = parts.next() else { break };
            res += part.parse::<u32>().ok().filter(|_| part.len() == 2).map(i64::from)? * scale;
        }
        parts.next().is_none().then_some(res)
    };
    let time = seconds(time).filter(|_| time.contains(':'))?;
    let offset = match zone.split_at_checked(1) {
        None => None,
        Some(("Z" | "z", "")) => Some(0),
        Some(("+", rest)) => Some(seconds(rest)?),
        Some(("-", rest)) => Some(-seconds(rest)?),
        Some(_) => return None,
    };
    Some((time, offset))
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
