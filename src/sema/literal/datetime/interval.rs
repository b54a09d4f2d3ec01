//! Intervals in all their notations (`DecodeInterval`, `DecodeISO8601Interval`).

use super::field::{Field, Kind, fraction, split};
use super::moment::clock;
use super::word::{Span, Unit, span};
use super::{Read, Refusal};

/// The fields of `interval day to second` and the like in a type modifier.
const YEAR: i32 = 1 << 2;
const MONTH: i32 = 1 << 1;
const DAY: i32 = 1 << 3;
const HOUR: i32 = 1 << 10;
const MINUTE: i32 = 1 << 11;
const SECOND: i32 = 1 << 12;

/// More digits than these may be too many for their unit.
const MAX_DIGITS: usize = 5;

fn range_of(typmod: i32) -> i32 {
    if typmod < 0 { 0x7fff } else { (typmod >> 16) & 0x7fff }
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

pub fn interval(text: &str, typmod: i32) -> Read<()> {
    // How much fits is no matter of the notation.
    if text.split(|c: char| !c.is_ascii_digit()).any(|it| it.len() > MAX_DIGITS)
        || text.contains(['e', 'E']) && text.starts_with('P')
    {
        return match fields(text, typmod) {
            Err(Refusal::Format) if !text.starts_with('P') => Err(Refusal::Format),
            _ => Err(Refusal::Unsure),
        };
    }
    match fields(text, typmod) {
        Err(Refusal::Format) => iso(text),
        // 22015.
        Err(_) => Err(Refusal::Unsure),
        Ok(()) => Ok(()),
    }
}

fn fields(text: &str, typmod: i32) -> Read<()> {
    let fields = split(text)?;
    let range = range_of(typmod);
    let mut reader = Reader { range, seen: 0, unit: None, pending: false };
    for (idx, field) in fields.iter().enumerate().rev() {
        reader.field(field, idx + 1 == fields.len())?;
    }
    if reader.seen == 0 || reader.pending { Err(Refusal::Format) } else { Ok(()) }
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
        clock(text, self.range == MINUTE | SECOND).map(|_| ())
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
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let end = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
        let rest = unsigned.get(end..).unwrap_or_default();
        let mut part = false;
        if let Some(months) = rest.strip_prefix('-') {
            let end = months.find(|c: char| !c.is_ascii_digit()).unwrap_or(months.len());
            let (digits, rest) = months.split_at_checked(end).ok_or(Refusal::Format)?;
            let value: i64 =
                if digits.is_empty() { 0 } else { digits.parse().map_err(|_| Refusal::Overflow)? };
            if value >= 12 {
                return Err(Refusal::Overflow);
            }
            if !rest.is_empty() {
                return Err(Refusal::Format);
            }
            unit = Next::Unit(Unit::Month);
        } else if rest.starts_with('.') {
            part = fraction(rest)?;
        } else if !rest.is_empty() {
            return Err(Refusal::Format);
        }
        let Next::Unit(unit) = unit else { return Err(Refusal::Format) };
        self.unit = Some(Next::Unit(if unit == Unit::Hour { Unit::Day } else { unit }));
        self.pending = false;
        self.say(if unit == Unit::Second && part { SECONDS } else { bit(unit) })
    }
}

/// `P1Y2M3DT4H5M6S`, `P0001-02-03T04:05:06`.
fn iso(text: &str) -> Read<()> {
    let Some(body) = text.strip_prefix('P') else { return Err(Refusal::Format) };
    if body.is_empty() {
        return Err(Refusal::Format);
    }
    let mut rest = body;
    let (mut date, mut any) = (true, false);
    while !rest.is_empty() {
        if let Some(it) = rest.strip_prefix('T') {
            (date, any, rest) = (false, false, it);
            continue;
        }
        rest = number(rest)?;
        let unit = rest.chars().next();
        let units = if date { "YMWD" } else { "HMS" };
        match unit {
            Some(it) if units.contains(it) => rest = rest.get(1..).unwrap_or_default(),
            // The notations without units.
            None | Some('-' | ':' | 'T') => return Err(Refusal::Unsure),
            Some(_) => return Err(Refusal::Format),
        }
        any = true;
    }
    let _ = any;
    Ok(())
}

/// As `strtod` reads; what follows.
fn number(text: &str) -> Read<&str> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.')) {
        return Err(Refusal::Format);
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (digits, rest) = unsigned.split_at_checked(end).ok_or(Refusal::Format)?;
    if digits.matches('.').count() > 1
        || rest.starts_with(['e', 'E'])
        || (digits == "0" && rest.starts_with(['x', 'X']))
    {
        return Err(Refusal::Unsure);
    }
    if digits.bytes().any(|it| it.is_ascii_digit()) { Ok(rest) } else { Err(Refusal::Format) }
}
