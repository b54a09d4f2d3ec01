//! Dates, times, intervals: what their input functions refuse (the manual's appendix B; `datetime.c` decides).
//!
//! A text is cut into fields (`field`), and those are read in order (`moment`, `interval`). What the text alone does not
//! decide is not judged: the order of day and month is the session's (`DateStyle`), and so are some zones' names.

mod amount;
mod calendar;
mod field;
mod interval;
mod moment;
mod word;

use super::{Checked, refuse};
use crate::sema::code;

/// Why a text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    /// 22007.
    Format,
    /// 22008.
    Overflow,
    /// 22008 in other words: no day of the calendar that is kept.
    Beyond,
    /// 22023: no zone of this name, in lower case.
    Zone(smol_str::SmolStr),
    /// 22009.
    Displacement,
    /// 22023 and whatever else has no code here, or is not certain.
    Unsure,
}

type Read<T> = Result<T, Refusal>;

/// What the session chose with `DateStyle`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    MonthDay,
    DayMonth,
    YearMonth,
}

/// Servers before this one read some texts that later ones refuse.
const STRICT_SINCE: u32 = 17;

/// The readings of all orders agree that the text is refused.
fn settle(text: &str, ty: &str, read: impl Fn(Order) -> Read<()>) -> Checked {
    let default = read(Order::MonthDay);
    for order in [Order::DayMonth, Order::YearMonth] {
        if !matches!(read(order), Err(it) if it != Refusal::Unsure) {
            return Ok(());
        }
    }
    let Err(refusal) = default else { return Ok(()) };
    refused(refusal, ty, text)
}

fn refused(refusal: Refusal, ty: &str, text: &str) -> Checked {
    let short = ty.split(' ').next().unwrap_or(ty);
    match refusal {
        Refusal::Format => {
            refuse(code::INVALID_DATETIME, format!("invalid input syntax for type {ty}: \"{text}\""))
        }
        Refusal::Overflow => {
            refuse(code::DATETIME_OVERFLOW, format!("date/time field value out of range: \"{text}\""))
        }
        Refusal::Beyond => refuse(code::DATETIME_OVERFLOW, format!("{short} out of range: \"{text}\"")),
        Refusal::Displacement => refuse(
            code::INVALID_TIME_ZONE_DISPLACEMENT,
            format!("time zone displacement out of range: \"{text}\""),
        ),
        Refusal::Zone(name) => {
            refuse(code::INVALID_PARAMETER_VALUE, format!("time zone \"{name}\" not recognized"))
        }
        Refusal::Unsure => Ok(()),
    }
}

/// Whether the server is one whose rules these are.
fn is_strict(version: Option<u32>) -> bool {
    version.is_none_or(|it| it >= STRICT_SINCE)
}

/// Texts that servers of all versions refuse: nothing in them could be a moment.
fn is_hopeless(text: &str) -> bool {
    !text.bytes().any(|it| it.is_ascii_digit() || matches!(it, b'/' | b'.' | b'-' | b'+' | b'_'))
        && text.split(|c: char| !c.is_ascii_alphabetic()).all(|it| !word::is_moment(&it.to_ascii_lowercase()))
}

pub fn date(text: &str, version: Option<u32>) -> Checked {
    day(text, "date", version, calendar::date_fits)
}

/// `ty`: with or without a time zone.
pub fn timestamp(text: &str, ty: &str, version: Option<u32>) -> Checked {
    let zoned = ty != "timestamp";
    day(text, ty, version, move |day| calendar::timestamp_fits(day, zoned))
}

fn day(text: &str, ty: &str, version: Option<u32>, fits: impl Fn(calendar::Day) -> Option<bool>) -> Checked {
    if !is_strict(version) {
        return if is_hopeless(text) { refused(Refusal::Format, ty, text) } else { Ok(()) };
    }
    let fields = match field::split(text) {
        Ok(it) => it,
        Err(it) => return refused(it, ty, text),
    };
    settle(text, ty, |order| match moment::moment(&fields, order)? {
        None => Ok(()),
        Some(day) => match fits(day) {
            Some(true) => Ok(()),
            Some(false) => Err(Refusal::Beyond),
            None => Err(Refusal::Unsure),
        },
    })
}

/// `ty`: with or without a time zone.
pub fn time(text: &str, ty: &str, version: Option<u32>) -> Checked {
    if !is_strict(version) {
        return if is_hopeless(text) { refused(Refusal::Format, ty, text) } else { Ok(()) };
    }
    let fields = match field::split(text) {
        Ok(it) => it,
        Err(it) => return refused(it, ty, text),
    };
    settle(text, ty, |order| moment::time_of_day(&fields, order))
}

/// `typmod`: with fields (`interval day`) a number without a unit is one of the last of them.
/// An interval without end: only since PostgreSQL 17.
pub fn is_infinite(text: &str) -> bool {
    let word = text.trim().trim_start_matches(['-', '+']);
    word.eq_ignore_ascii_case("infinity")
}

pub fn interval(text: &str, typmod: i32, version: Option<u32>) -> Checked {
    if !is_strict(version) {
        return Ok(());
    }
    match interval::interval(text, typmod) {
        Ok(()) => Ok(()),
        Err(Refusal::Overflow) => {
            refuse(code::INTERVAL_OVERFLOW, format!("interval field value out of range: \"{text}\""))
        }
        Err(Refusal::Beyond) => refuse(code::DATETIME_OVERFLOW, String::from("interval out of range")),
        Err(it) => refused(it, "interval", text),
    }
}

#[cfg(test)]
mod tests;
