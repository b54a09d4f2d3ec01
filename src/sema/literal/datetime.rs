//! Dates, times, intervals (datetime.c). PostgreSQL's reader takes nearly any order and spelling; refused here is only
//! what has the ISO form and a field out of range, and what has no word and no digit that it could begin with.

use super::{Checked, refuse, trim};
use crate::sema::code;

/// 22007.
fn invalid(ty: &str, text: &str) -> Checked {
    refuse(code::INVALID_DATETIME, format!("invalid input syntax for type {ty}: \"{text}\""))
}

/// 22008.
fn out_of_range(text: &str) -> Checked {
    refuse(code::DATETIME_OVERFLOW, format!("date/time field value out of range: \"{text}\""))
}

/// Words that mean a moment by themselves.
const MOMENTS: &[&str] =
    &["now", "today", "tomorrow", "yesterday", "epoch", "infinity", "allballs", "zulu", "z", "utc", "gmt"];

pub fn date(text: &str) -> Checked {
    moment(text, "date")
}

pub fn timestamp(text: &str, ty: &str) -> Checked {
    moment(text, ty)
}

fn moment(text: &str, ty: &str) -> Checked {
    let body = trim(text);
    if (!has_digit(body) && !names_moment(body)) || names_unit(body) || is_uuid(body) || is_duration(body) {
        return invalid(ty, text);
    }
    // A time of day without a day; one or two short numbers.
    if clock(body).is_some_and(|it| it.fits()) || has_no_day(body) {
        return invalid(ty, text);
    }
    if never_a_month(body) {
        return out_of_range(text);
    }
    let (date, rest) = body.split_at_checked(10).unwrap_or((body, ""));
    let Some((year, month, day)) = iso_date(date) else { return Ok(()) };
    let rest = match rest.as_bytes() {
        [] => "",
        [b' ' | b'T' | b't', ..] => rest.get(1..).unwrap_or_default(),
        _ => return Ok(()),
    };
    let clock = clock(rest);
    // Only a date with a plain time behind it has fields that mean what they seem to.
    if rest.is_empty() || clock.is_some() {
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || day > days_in(year, month) {
            return out_of_range(text);
        }
        if clock.is_some_and(|it| !it.fits()) {
            return out_of_range(text);
        }
    }
    Ok(())
}

/// A short number with a unit of time behind it and nothing else: `1 day`, `-2 hours`.
fn names_unit(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "day", "days", "year", "years", "hour", "hours", "minute", "minutes", "week", "weeks", "month",
        "months",
    ];
    let body = text.trim_start_matches(['-', '+']);
    let Some((number, rest)) = body.split_once(' ') else { return false };
    let word = rest.split(' ').next().unwrap_or_default().to_ascii_lowercase();
    number.len() < 3 && digits(number).is_some() && WORDS.contains(&word.as_str())
}

/// Starting with a letter it is read as one word.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

/// Only numbers, too few for a day and too short for several fields in one.
fn has_no_day(text: &str) -> bool {
    let plain = text
        .bytes()
        .all(|it| it.is_ascii_digit() || matches!(it, b' ' | b'.' | b',' | b'[' | b']' | b'(' | b')'));
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|it| !it.is_empty()).collect();
    // Zero is no number of a day, month or year, and refused for that.
    let zero = |it: &&&str| it.bytes().all(|it| it == b'0');
    plain && numbers.len() < 3 && numbers.iter().all(|it| it.len() < 3) && !numbers.iter().any(|it| zero(&it))
}

/// `10:00+02`.
fn is_zoned_clock(text: &str) -> bool {
    let zone = text.len().checked_sub(3).and_then(|it| text.get(it..)).unwrap_or_default();
    let zoned = zone.starts_with(['+', '-']) && zone.get(1..).and_then(digits).is_some();
    zoned && clock(text).is_some_and(|it| it.fits())
}

/// `P1D`.
fn is_duration(text: &str) -> bool {
    let Some(body) = text.strip_prefix('P') else { return false };
    let Some(number) = body.strip_suffix(['D', 'W', 'M', 'Y']) else { return false };
    number.len() < 3 && digits(number).is_some()
}

/// `31/31/2024`: in no order of fields.
fn never_a_month(text: &str) -> bool {
    let mut parts = text.split('/');
    let mut next = || parts.next().and_then(digits);
    let (Some(first), Some(second), Some(year)) = (next(), next(), next()) else { return false };
    let short = text.find('/').is_some_and(|it| it == 2) && text.len() == 10;
    short && (13..32).contains(&first) && (13..32).contains(&second) && year > 1000
}

pub fn time(text: &str, ty: &str) -> Checked {
    let body = trim(text);
    if (!has_digit(body) && !names_moment(body)) || names_unit(body) {
        return invalid(ty, text);
    }
    match clock(body) {
        Some(clock) if clock.is_plain && !clock.fits() => out_of_range(text),
        _ => Ok(()),
    }
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|it| it.is_ascii_digit())
}

fn names_moment(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    // Some signs make a word a zone's name, which is refused in other words.
    lower.contains(['/', '.', '-', '+', '_'])
        || lower.split(|c: char| !c.is_ascii_alphabetic()).any(|it| MOMENTS.contains(&it) || it == "inf")
}

/// `yyyy-mm-dd`.
fn iso_date(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    Some((digits(year)?, digits(month)?, digits(day)?))
}

fn digits(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
    has_fraction: bool,
    /// Nothing follows.
    is_plain: bool,
}

impl Clock {
    fn fits(&self) -> bool {
        let past_midnight = self.minute > 0 || self.second > 0 || self.has_fraction;
        self.minute < 60
            && self.second <= 60
            && (self.hour < 24 || (self.hour == 24 && (!past_midnight || self.has_fraction)))
    }
}

/// `hh:mm`, `hh:mm:ss`, `hh:mm:ss.ffffff`, with `Z` or a numeric zone or nothing behind it.
fn clock(text: &str) -> Option<Clock> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(text.len());
    let (clock, zone) = text.split_at_checked(end)?;
    let zone = zone.trim_end_matches([' ', '\t']);
    let zone_fits = zone.is_empty()
        || zone.eq_ignore_ascii_case("z")
        || zone.strip_prefix(['+', '-']).and_then(|it| it.split(':').next()).is_some_and(|it| {
            // A zone of its own may be out of range too: not judged.
            digits(it).is_some_and(|it| it <= 12)
        });
    if !zone_fits {
        return None;
    }
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |it| (it.0, Some(it.1)));
    let mut parts = clock.split(':');
    let (hour, minute) = (parts.next()?, parts.next()?);
    let second = parts.next();
    let two = |it: &str| if it.len() == 2 { digits(it) } else { None };
    if parts.next().is_some() || fraction.is_some_and(|it| digits(it).is_none() || second.is_none()) {
        return None;
    }
    Some(Clock {
        hour: two(hour)?,
        minute: two(minute)?,
        second: match second {
            Some(it) => two(it)?,
            None => 0,
        },
        has_fraction: fraction.is_some(),
        is_plain: zone.is_empty(),
    })
}

/// Words of intervals (`deltatktbl`), as far as the server compares them: ten characters.
const UNITS: &[&str] = &[
    // Words of dates, which may be ignored or refused in their own way.
    "at",
    "on",
    "mm",
    "j",
    "jd",
    "julian",
    "isoyear",
    "isodow",
    "t",
    "dow",
    "doy",
    "epoch",
    // Units.
    "ago",
    "c",
    "cent",
    "centuries",
    "century",
    "d",
    "day",
    "days",
    "dec",
    "decade",
    "decades",
    "decs",
    "h",
    "hour",
    "hours",
    "hr",
    "hrs",
    "infinity",
    "inf",
    "m",
    "microsecon",
    "mil",
    "millennia",
    "millennium",
    "millisecon",
    "mils",
    "min",
    "mins",
    "minute",
    "minutes",
    "mon",
    "mons",
    "month",
    "months",
    "ms",
    "msec",
    "msecond",
    "mseconds",
    "msecs",
    "qtr",
    "quarter",
    "s",
    "sec",
    "second",
    "seconds",
    "secs",
    "timezone",
    "timezone_h",
    "timezone_m",
    "us",
    "usec",
    "usecond",
    "useconds",
    "usecs",
    "w",
    "week",
    "weeks",
    "y",
    "year",
    "years",
    "yr",
    "yrs",
    "e",
];

/// `interval_in`: refuses a word that is no unit, and a text without a number. `typmod`: with fields (`interval day`) a
/// number without a unit is one of the last of them.
pub fn interval(text: &str, typmod: i32) -> Checked {
    const TYPE: &str = "interval";
    // `INTERVAL_FULL_RANGE`
    let has_fields = typmod >= 0 && (typmod >> 16) & 0x7fff != 0x7fff;
    let body = trim(text);
    let lower = body.to_ascii_lowercase();
    // `2024-01` would be years and months.
    let (day, rest) = body.split_at_checked(10).unwrap_or((body, ""));
    let timed = rest.strip_prefix(' ').and_then(clock).is_some_and(|it| it.fits());
    if iso_date(day).is_some_and(|it| it.1 < 12) && (rest.is_empty() || timed) {
        return invalid(TYPE, text);
    }
    // ISO 8601 durations have rules of their own; even `PT` is one.
    // Among other signs than the usual a word may be cut anywhere.
    if !body.bytes().any(|it| it.is_ascii_alphanumeric()) || (is_zoned_clock(body) && !has_fields) {
        return invalid(TYPE, text);
    }
    let usual = |it: u8| it.is_ascii_alphanumeric() || b" +-.:@".contains(&it);
    if (lower.starts_with('p') && body.len() > 1) || !body.bytes().all(usual) {
        return Ok(());
    }
    if !has_digit(body) {
        let word = lower.trim_start_matches(['+', '-', '@', ' ']);
        return if word.starts_with("inf") || body.contains(['.', ':']) {
            Ok(())
        } else {
            invalid(TYPE, text)
        };
    }
    let is_unit = |word: &str| {
        let word = word.get(..10).unwrap_or(word);
        UNITS.contains(&word)
    };
    let mut words = lower.split(|c: char| !c.is_ascii_alphabetic()).filter(|it| !it.is_empty());
    if words.all(is_unit) { Ok(()) } else { invalid(TYPE, text) }
}
