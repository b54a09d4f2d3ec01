//! Intervals in all their notations (`DecodeInterval`, `DecodeISO8601Interval`).

use super::amount::{Amount, USECS_PER_DAY, USECS_PER_HOUR, USECS_PER_MINUTE, USECS_PER_SECOND};
use super::field::{Field, Kind, fraction, split};
use super::word::{Span, Unit, span};
use super::{Read, Refusal};
use crate::sql::interval::{DAY, FULL_RANGE, HOUR, MINUTE, MONTH, SECOND, YEAR};

fn range_of(typmod: i32) -> i32 {
    if typmod < 0 { FULL_RANGE } else { (typmod >> 16) & FULL_RANGE }
}

/// What a number without a unit is.
fn last_unit(range: i32) -> Unit {
    match range {
        YEAR => Unit::Year,
        it if it == MONTH || it == YEAR | MONTH => Unit::Month,
        DAY => Unit::Day,
        it if it == HOUR || it == DAY | HOUR => Unit::Hour,
        it if it == MINUTE || it == HOUR | MINUTE || it == DAY | HOUR | MINUTE => Unit::Minute,
        _ => Unit::Second,
    }
}

/// [`Refusal::Overflow`]: a field holds too much. [`Refusal::Beyond`]: all of it together does.
pub fn interval(text: &str, typmod: i32) -> Read<()> {
    let amount = match fields(text, typmod) {
        Err(Refusal::Format) => iso(text),
        other => other,
    };
    let digits = u32::try_from(typmod & 0xffff).ok().filter(|_| typmod >= 0);
    match amount.and_then(|it| it.settle(digits)) {
        // With `IntervalStyle` = `sql_standard` a sign in front is everybody's.
        Err(Refusal::Overflow | Refusal::Beyond) if has_one_sign(text) => Err(Refusal::Unsure),
        other => other,
    }
}

/// Several numbers, of which the first alone has a sign, a minus.
fn has_one_sign(text: &str) -> bool {
    let Ok(fields) = split(text) else { return false };
    let signed = |it: &Field| it.text.starts_with(['-', '+']);
    let n_numbers = fields.iter().filter(|it| it.kind != Kind::Word).count();
    n_numbers > 1 && fields.iter().take(1).all(signed) && !fields.iter().skip(1).any(signed)
}

fn fields(text: &str, typmod: i32) -> Read<Amount> {
    let fields = split(text)?;
    let range = range_of(typmod);
    let mut reader =
        Reader { range, seen: 0, unit: None, pending: false, amount: Amount::default(), ago: false };
    for (idx, field) in fields.iter().enumerate().rev() {
        reader.field(field, idx + 1 == fields.len())?;
    }
    if reader.seen == 0 || reader.pending {
        return Err(Refusal::Format);
    }
    if reader.ago {
        reader.amount.negate().ok_or(Refusal::Overflow)?;
    }
    Ok(reader.amount)
}

/// `hours:minutes:seconds` in microseconds (`DecodeTimeForInterval`); with `from_minutes`, two numbers are minutes and
/// seconds.
fn clock(text: &str, from_minutes: bool) -> Read<i64> {
    let (first, rest) = number64(text)?;
    let Some(rest) = rest.strip_prefix(':') else { return Err(Refusal::Format) };
    let (second, rest) = number32(rest)?;
    let short = |part: f64| {
        let minute = i32::try_from(first).map_err(|_| Refusal::Overflow)?;
        Ok((0, i64::from(minute), second, part))
    };
    let (hour, minute, seconds, part) = if rest.is_empty() {
        if from_minutes { short(0.0)? } else { (first, second, 0, 0.0) }
    } else if rest.starts_with('.') {
        short(part_of(rest)?)?
    } else if let Some(rest) = rest.strip_prefix(':') {
        let (third, rest) = number32(rest)?;
        (first, second, third, if rest.is_empty() { 0.0 } else { part_of(rest)? })
    } else {
        return Err(Refusal::Format);
    };
    if hour < 0 || !(0..60).contains(&minute) || !(0..=60).contains(&seconds) {
        return Err(Refusal::Overflow);
    }
    let mut amount = Amount { usecs: (part * 1e6).round_ties_even() as i64, ..Amount::default() };
    let fits = amount
        .microseconds(hour, 0.0, USECS_PER_HOUR)
        .and_then(|()| amount.microseconds(minute, 0.0, USECS_PER_MINUTE))
        .and_then(|()| amount.microseconds(seconds, 0.0, USECS_PER_SECOND));
    fits.map(|()| amount.usecs).ok_or(Refusal::Overflow)
}

/// `strtoi64`: no digit is 0.
fn number64(text: &str) -> Read<(i64, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    let (digits, rest) = unsigned.split_at_checked(end).ok_or(Refusal::Format)?;
    if digits.is_empty() {
        return Ok((0, text));
    }
    let value: i128 = digits.parse().map_err(|_| Refusal::Overflow)?;
    let value = if text.starts_with('-') { -value } else { value };
    Ok((i64::try_from(value).map_err(|_| Refusal::Overflow)?, rest))
}

fn number32(text: &str) -> Read<(i64, &str)> {
    let (value, rest) = number64(text)?;
    let fits = i32::try_from(value).is_ok();
    if fits { Ok((value, rest)) } else { Err(Refusal::Overflow) }
}

/// `.5` and nothing behind it.
fn part_of(text: &str) -> Read<f64> {
    fraction(text)?;
    if text == "." { Ok(0.0) } else { format!("0{text}").parse().map_err(|_| Refusal::Format) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Unit(Unit),
    /// Nothing can have this unit.
    Never,
}

struct Reader {
    range: i32,
    /// A bit for every unit.
    seen: u32,
    unit: Option<Next>,
    /// A unit still has no number.
    pending: bool,
    amount: Amount,
    ago: bool,
}

const fn bit(unit: Unit) -> u32 {
    1 << unit as u32
}

const SECONDS: u32 = bit(Unit::Second) | bit(Unit::Millisecond) | bit(Unit::Microsecond);
const CLOCK: u32 = bit(Unit::Hour) | bit(Unit::Minute) | SECONDS;

impl Reader {
    fn say(&mut self, mask: u32) -> Read<()> {
        if self.seen & mask != 0 {
            return Err(Refusal::Format);
        }
        self.seen |= mask;
        Ok(())
    }

    fn clock(&mut self, text: &str) -> Read<()> {
        self.amount.usecs = clock(text, self.range == MINUTE | SECOND)?;
        Ok(())
    }

    fn field(&mut self, field: &Field, last: bool) -> Read<()> {
        let text = field.text.as_str();
        match field.kind {
            Kind::Time => {
                self.clock(text)?;
                self.unit = Some(Next::Unit(Unit::Day));
                self.pending = false;
                self.say(CLOCK)
            }
            Kind::Signed => {
                let body = text.get(1..).unwrap_or_default();
                if body.contains(':') && self.clock(body).is_ok() {
                    if text.starts_with('-') {
                        self.amount.usecs = self.amount.usecs.checked_neg().ok_or(Refusal::Overflow)?;
                    }
                    self.unit = Some(Next::Unit(Unit::Day));
                    self.pending = false;
                    return self.say(CLOCK);
                }
                self.number(text)
            }
            Kind::Date | Kind::Number => self.number(text),
            Kind::Word | Kind::SignedWord => {
                if self.pending {
                    return Err(Refusal::Format);
                }
                match span(text) {
                    None => Err(Refusal::Format),
                    // What stands before it has no unit.
                    Some(Span::Filler) => {
                        self.unit = None;
                        Ok(())
                    }
                    Some(Span::Unit(unit)) => {
                        self.unit = Some(Next::Unit(unit));
                        self.pending = true;
                        Ok(())
                    }
                    Some(Span::Ago) if last => {
                        self.unit = Some(Next::Never);
                        self.ago = true;
                        Ok(())
                    }
                    Some(Span::Infinity) if last => {
                        self.unit = Some(Next::Never);
                        self.say(u32::MAX)
                    }
                    Some(Span::Never) => {
                        self.unit = Some(Next::Never);
                        self.pending = true;
                        Ok(())
                    }
                    Some(_) => Err(Refusal::Format),
                }
            }
        }
    }

    fn number(&mut self, text: &str) -> Read<()> {
        let mut unit = self.unit.unwrap_or_else(|| Next::Unit(last_unit(self.range)));
        let (mut value, rest) = number64(text)?;
        let negative = text.starts_with('-');
        let mut part = 0.0;
        if let Some(months) = rest.strip_prefix('-') {
            let end = months.find(|c: char| !c.is_ascii_digit()).unwrap_or(months.len());
            let (digits, rest) = months.split_at_checked(end).ok_or(Refusal::Format)?;
            let more: i64 =
                if digits.is_empty() { 0 } else { digits.parse().map_err(|_| Refusal::Overflow)? };
            if more >= 12 {
                return Err(Refusal::Overflow);
            }
            if !rest.is_empty() {
                return Err(Refusal::Format);
            }
            unit = Next::Unit(Unit::Month);
            let more = if negative { -more } else { more };
            value = value.checked_mul(12).and_then(|it| it.checked_add(more)).ok_or(Refusal::Overflow)?;
        } else if rest.starts_with('.') {
            part = part_of(rest)?;
            if negative {
                part = -part;
            }
        } else if !rest.is_empty() {
            return Err(Refusal::Format);
        }
        let Next::Unit(unit) = unit else { return Err(Refusal::Format) };
        self.add(unit, value, part).ok_or(Refusal::Overflow)?;
        self.unit = Some(Next::Unit(if unit == Unit::Hour { Unit::Day } else { unit }));
        self.pending = false;
        self.say(if unit == Unit::Second && part != 0.0 { SECONDS } else { bit(unit) })
    }

    fn add(&mut self, unit: Unit, value: i64, part: f64) -> Option<()> {
        let amount = &mut self.amount;
        match unit {
            Unit::Microsecond => amount.microseconds(value, part, 1),
            Unit::Millisecond => amount.microseconds(value, part, 1000),
            Unit::Second => amount.microseconds(value, part, USECS_PER_SECOND),
            Unit::Minute => amount.microseconds(value, part, USECS_PER_MINUTE),
            Unit::Hour => amount.microseconds(value, part, USECS_PER_HOUR),
            Unit::Day => {
                amount.days(value, 1)?;
                amount.part_of_microseconds(part, USECS_PER_DAY)
            }
            Unit::Week => {
                amount.days(value, 7)?;
                amount.part_of_days(part, 7)
            }
            Unit::Month => amount.months(value, part),
            Unit::Year => amount.years(value, part, 1),
            Unit::Decade => amount.years(value, part, 10),
            Unit::Century => amount.years(value, part, 100),
            Unit::Millennium => amount.years(value, part, 1000),
        }
    }
}

/// `P1Y2M3DT4H5M6S`, `P0001-02-03T04:05:06`, `P00010203T040506` (`DecodeISO8601Interval`).
fn iso(text: &str) -> Read<Amount> {
    let Some(mut rest) = text.strip_prefix('P').filter(|it| !it.is_empty()) else {
        return Err(Refusal::Format);
    };
    let mut amount = Amount::default();
    let (mut date, mut any) = (true, false);
    while !rest.is_empty() {
        if let Some(it) = rest.strip_prefix('T') {
            (date, any, rest) = (false, false, it);
            continue;
        }
        let unsigned = rest.strip_prefix('-').unwrap_or(rest);
        let width = unsigned.bytes().take_while(u8::is_ascii_digit).count();
        let (value, part, behind) = number(rest)?;
        rest = behind;
        let unit = rest.chars().next();
        let letters = if date { "YMWD" } else { "HMS" };
        if let Some(unit) = unit.filter(|it| letters.contains(*it)) {
            iso_unit(&mut amount, date, unit, value, part).ok_or(Refusal::Overflow)?;
            rest = rest.get(1..).unwrap_or_default();
            any = true;
            continue;
        }
        // The notations without letters.
        let basic = !any && width == if date { 8 } else { 6 } && matches!(unit, None | Some('T'));
        if basic && (date || unit.is_none()) {
            iso_basic(&mut amount, date, value, part).ok_or(Refusal::Overflow)?;
            continue;
        }
        let separator = if date { '-' } else { ':' };
        if any || !(unit.is_none() || unit == Some(separator) || date && unit == Some('T')) {
            return Err(Refusal::Format);
        }
        let letters = if date { ['Y', 'M', 'D'] } else { ['H', 'M', 'S'] };
        let (mut value, mut part) = (value, part);
        for (idx, letter) in letters.into_iter().enumerate() {
            iso_unit(&mut amount, date, letter, value, part).ok_or(Refusal::Overflow)?;
            if rest.is_empty() || date && rest.starts_with('T') {
                break;
            }
            let Some(next) = rest.strip_prefix(separator).filter(|_| idx < 2) else {
                return Err(Refusal::Format);
            };
            (value, part, rest) = number(next)?;
        }
        if !date {
            return Ok(amount);
        }
    }
    Ok(amount)
}

fn iso_unit(amount: &mut Amount, date: bool, unit: char, value: i64, part: f64) -> Option<()> {
    match (date, unit) {
        (true, 'Y') => amount.years(value, part, 1),
        (true, 'M') => amount.months(value, part),
        (true, 'W') => {
            amount.days(value, 7)?;
            amount.part_of_days(part, 7)
        }
        (true, _) => {
            amount.days(value, 1)?;
            amount.part_of_microseconds(part, USECS_PER_DAY)
        }
        (false, 'H') => amount.microseconds(value, part, USECS_PER_HOUR),
        (false, 'M') => amount.microseconds(value, part, USECS_PER_MINUTE),
        (false, _) => amount.microseconds(value, part, USECS_PER_SECOND),
    }
}

/// `00010203`, `040506`.
fn iso_basic(amount: &mut Amount, date: bool, value: i64, part: f64) -> Option<()> {
    let (first, second, third) = (value / 10000, value / 100 % 100, value % 100);
    if date {
        amount.years(first, 0.0, 1)?;
        amount.months(second, 0.0)?;
        amount.days(third, 1)?;
        return amount.part_of_microseconds(part, USECS_PER_DAY);
    }
    amount.microseconds(first, 0.0, USECS_PER_HOUR)?;
    amount.microseconds(second, 0.0, USECS_PER_MINUTE)?;
    amount.microseconds(third, 0.0, USECS_PER_SECOND)?;
    amount.part_of_microseconds(part, 1)
}

/// As `strtod` reads: the whole part, the rest, and what follows.
fn number(text: &str) -> Read<(i64, f64, &str)> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.')) {
        return Err(Refusal::Format);
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = |from: usize| unsigned.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let at = |idx: usize| unsigned.as_bytes().get(idx).copied().unwrap_or(0);
    let whole = digits(0);
    // Infinities and hexadecimal numbers are the C library's.
    if whole == 0 && at(0).is_ascii_alphabetic()
        || whole == 1 && at(0) == b'0' && matches!(at(1), b'x' | b'X')
    {
        return Err(Refusal::Unsure);
    }
    let mut end = whole;
    if at(end) == b'.' && whole + digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if end == 0 {
        return Err(Refusal::Format);
    }
    if matches!(at(end), b'e' | b'E') {
        let sign = usize::from(matches!(at(end + 1), b'+' | b'-'));
        let exponent = digits(end + 1 + sign);
        if exponent > 3 {
            return Err(Refusal::Unsure);
        }
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    let (own, rest) = unsigned.split_at_checked(end).ok_or(Refusal::Format)?;
    let value: f64 = format!("0{own}").parse().map_err(|_| Refusal::Unsure)?;
    if value > 1.0e15 {
        return Err(Refusal::Overflow);
    }
    let value = if text.starts_with('-') { -value } else { value };
    Ok((value.trunc() as i64, value - value.trunc(), rest))
}
