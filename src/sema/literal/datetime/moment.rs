//! Fields read as a moment (`DecodeDateTime`); `time`: as a time of day.

mod time;

pub use time::time_of_day;

use super::calendar::{Day, days_in};
use super::field::{Field, Kind, fraction, leading_number};
use super::word::{self, Word, Zone};
use super::{Order, Read, Refusal};

const YEAR: u32 = 1;
const MONTH: u32 = 1 << 1;
const DAY: u32 = 1 << 2;
const DATE: u32 = YEAR | MONTH | DAY;
const TIME: u32 = 1 << 3;
const ZONE: u32 = 1 << 4;
const SUMMER: u32 = 1 << 5;
const MERIDIEM: u32 = 1 << 6;
const ERA: u32 = 1 << 7;
const WEEKDAY: u32 = 1 << 8;
const DAY_OF_YEAR: u32 = 1 << 9;

/// What the field before says of the next one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefix {
    None,
    Julian,
    Time,
    Other,
}

struct Reader {
    order: Order,
    /// What was said.
    mask: u32,
    prefix: Prefix,
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    /// Hours, minutes, seconds and whether there is a fraction of one.
    clock: (i64, i64, i64, bool),
    text_month: bool,
    short_year: bool,
    julian: bool,
    before_christ: bool,
    /// `epoch`, `infinity`: nothing else is looked at.
    special: bool,
    /// The clock decides, or something else that the text does not tell.
    unsure: bool,
    /// A word was taken as a zone's that may be none.
    maybe_zone: bool,
    /// A zone that may need a day to be read with.
    undated_zone: bool,
}

/// Hours, minutes, seconds (`DecodeTimeCommon`). `from_minutes`: two numbers are minutes and seconds.
pub fn clock(text: &str, from_minutes: bool) -> Read<(i64, i64, i64, bool)> {
    let (first, rest) = leading_number(text)?;
    let Some(rest) = rest.strip_prefix(':') else { return Err(Refusal::Format) };
    let (second, rest) = leading_number(rest)?;
    let res = if rest.is_empty() {
        if from_minutes { (0, first, second, false) } else { (first, second, 0, false) }
    } else if rest.starts_with('.') {
        (0, first, second, fraction(rest)?)
    } else if let Some(rest) = rest.strip_prefix(':') {
        let (third, rest) = leading_number(rest)?;
        let part = if rest.is_empty() { false } else { fraction(rest)? };
        (first, second, third, part)
    } else {
        return Err(Refusal::Format);
    };
    let (hour, minute, seconds, _) = res;
    if hour < 0 || !(0..60).contains(&minute) || !(0..=60).contains(&seconds) {
        return Err(Refusal::Overflow);
    }
    Ok(res)
}

/// `time_overflows`.
fn past_midnight((hour, minute, second, part): (i64, i64, i64, bool)) -> bool {
    !(0..=24).contains(&hour)
        || !(0..60).contains(&minute)
        || !(0..=60).contains(&second)
        || (hour == 24 && (minute > 0 || second > 0 || part))
        || (hour == 23 && minute == 59 && second == 60 && part)
}

/// `+02:30` (`DecodeTimezone`).
fn zone_offset(text: &str) -> Read<()> {
    let Some(body) = text.strip_prefix(['+', '-']) else { return Err(Refusal::Format) };
    let number = |text| leading_number(text).map_err(|_| Refusal::Unsure);
    let (mut hour, mut rest) = number(body)?;
    let (mut minute, mut second) = (0, 0);
    if let Some(it) = rest.strip_prefix(':') {
        (minute, rest) = number(it)?;
        if let Some(it) = rest.strip_prefix(':') {
            (second, rest) = number(it)?;
        }
    } else if rest.is_empty() && text.len() > 3 {
        (hour, minute) = (hour / 100, hour % 100);
    }
    if !(0..=15).contains(&hour) || !(0..60).contains(&minute) || !(0..60).contains(&second) {
        return Err(Refusal::Displacement);
    }
    if rest.is_empty() { Ok(()) } else { Err(Refusal::Format) }
}

fn plain(digits: &str) -> Read<i64> {
    if digits.is_empty() {
        return Ok(0);
    }
    if digits.len() > 9 {
        return Err(Refusal::Unsure);
    }
    digits.parse().map_err(|_| Refusal::Unsure)
}

impl Reader {
    fn new(order: Order) -> Reader {
        Reader {
            order,
            mask: 0,
            prefix: Prefix::None,
            year: 0,
            month: 0,
            day: 0,
            hour: 0,
            clock: (0, 0, 0, false),
            text_month: false,
            short_year: false,
            julian: false,
            before_christ: false,
            special: false,
            unsure: false,
            maybe_zone: false,
            undated_zone: false,
        }
    }

    fn has(&self, mask: u32) -> bool {
        self.mask & mask == mask
    }

    fn say(&mut self, mask: u32) -> Read<()> {
        if self.mask & mask != 0 {
            return Err(Refusal::Format);
        }
        self.mask |= mask;
        Ok(())
    }

    fn set_clock(&mut self, clock: (i64, i64, i64, bool)) {
        self.clock = clock;
        self.hour = clock.0;
    }

    /// Several fields in one (`DecodeNumberField`): what they are. `mask`: what counts as said.
    fn run_together(&mut self, text: &str, mask: u32) -> Read<u32> {
        if !text.bytes().all(|it| it.is_ascii_digit() || it == b'.') {
            return Err(Refusal::Format);
        }
        let (digits, part) = match text.split_once('.') {
            Some((digits, part)) if part.contains('.') => {
                // What follows the second point is not looked at.
                (digits, Some(part.split('.').next().unwrap_or_default()))
            }
            Some((digits, part)) => (digits, Some(part)),
            None => (text, None),
        };
        let len = digits.len();
        let cut = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
        if part.is_none() && mask & DATE != DATE && len >= 6 {
            self.day = plain(cut(len - 2, len))?;
            self.month = plain(cut(len - 4, len - 2))?;
            self.year = plain(cut(0, len - 4))?;
            if len == 6 {
                self.short_year = true;
            }
            return Ok(DATE);
        }
        if mask & TIME == 0 && matches!(len, 4 | 6) {
            let second = if len == 6 { plain(cut(4, 6))? } else { 0 };
            let part = part.is_some_and(|it| it.bytes().any(|it| it != b'0'));
            self.set_clock((plain(cut(0, 2))?, plain(cut(2, 4))?, second, part));
            return Ok(TIME);
        }
        Err(Refusal::Format)
    }

    /// A number that is one field (`DecodeNumber`): which.
    fn number(&mut self, text: &str, mask: u32, text_month: bool) -> Read<u32> {
        let (value, rest) = leading_number(text)?;
        if rest.len() == text.len() {
            return Err(Refusal::Format);
        }
        if rest.starts_with('.') {
            if text.len() - rest.len() > 2 {
                return self.run_together(text, mask | DATE);
            }
            fraction(rest)?;
        } else if !rest.is_empty() {
            return Err(Refusal::Format);
        }
        let len = text.len();
        if len == 3 && mask & DATE == YEAR && (1..=366).contains(&value) {
            (self.month, self.day) = (1, 1);
            return Ok(DAY_OF_YEAR | MONTH | DAY);
        }
        let year_first = len >= 3 || self.order == Order::YearMonth;
        let res = match mask & DATE {
            0 if year_first => YEAR,
            0 if self.order == Order::DayMonth => DAY,
            0 => MONTH,
            YEAR => MONTH,
            MONTH if text_month && year_first => YEAR,
            MONTH => DAY,
            it if it == YEAR | MONTH => {
                if text_month && len >= 3 && self.short_year {
                    self.day = self.year;
                    self.year = value;
                    self.short_year = false;
                    return Ok(DAY);
                }
                DAY
            }
            DAY => MONTH,
            it if it == MONTH | DAY => YEAR,
            DATE => return self.run_together(text, mask),
            _ => return Err(Refusal::Format),
        };
        match res {
            YEAR => {
                self.year = value;
                self.short_year = len <= 2;
            }
            MONTH => self.month = value,
            _ => self.day = value,
        }
        Ok(res)
    }

    /// Numbers and a month joined by signs (`DecodeDate`).
    fn date(&mut self, text: &str) -> Read<()> {
        let mut parts: Vec<&str> = Vec::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            while bytes.get(at).is_some_and(|it| !it.is_ascii_alphanumeric()) {
                at += 1;
            }
            let Some(first) = bytes.get(at) else { return Err(Refusal::Format) };
            let same = |it: &u8| {
                if first.is_ascii_digit() { it.is_ascii_digit() } else { it.is_ascii_alphabetic() }
            };
            let start = at;
            while bytes.get(at).is_some_and(same) {
                at += 1;
            }
            parts.push(text.get(start..at).unwrap_or_default());
            // One character behind a part is lost, whatever it is.
            at += 1;
        }
        // The text of this date alone; it says nothing of what was said before.
        let (mut mask, mut said) = (self.mask, 0);
        let mut text_month = false;
        let mut numbers = Vec::new();
        for part in parts {
            if part.starts_with(|c: char| c.is_ascii_digit()) {
                numbers.push(part);
                continue;
            }
            match word::moment(part) {
                Some(Word::Filler) => {}
                Some(Word::Month(month)) => {
                    self.month = month;
                    text_month = true;
                    if mask & MONTH != 0 {
                        return Err(Refusal::Format);
                    }
                    mask |= MONTH;
                    said |= MONTH;
                }
                _ => return Err(Refusal::Format),
            }
        }
        for part in numbers {
            let found = self.number(part, mask, text_month)?;
            if mask & found != 0 {
                return Err(Refusal::Format);
            }
            mask |= found;
            said |= found;
        }
        if mask & !(DAY_OF_YEAR | ZONE) != DATE {
            return Err(Refusal::Format);
        }
        self.say(said)
    }

    /// The number behind `j` or `t`.
    fn prefixed(&mut self, text: &str) -> Read<()> {
        let (value, rest) = leading_number(text)?;
        if !rest.is_empty() && !rest.starts_with('.') {
            return Err(Refusal::Format);
        }
        let said = match self.prefix {
            Prefix::Julian => {
                self.julian_day(value)?;
                if rest.is_empty() {
                    DATE
                } else {
                    fraction(rest)?;
                    self.unsure |= self.has(MERIDIEM);
                    DATE | TIME
                }
            }
            Prefix::Time => {
                let said = self.run_together(text, self.mask | DATE)?;
                if said != TIME {
                    return Err(Refusal::Format);
                }
                said
            }
            _ => return Err(Refusal::Format),
        };
        self.prefix = Prefix::None;
        self.say(said)
    }

    fn julian_day(&mut self, value: i64) -> Read<()> {
        if value < 0 {
            return Err(Refusal::Overflow);
        }
        self.unsure |= value > 100_000_000;
        self.julian = true;
        (self.year, self.month, self.day) = (2000, 1, 1);
        Ok(())
    }

    /// `t040506-08`, `040506-08`.
    fn zoned_clock(&mut self, text: &str, mask: u32) -> Read<()> {
        if self.has(TIME) {
            return Err(Refusal::Format);
        }
        let Some(at) = text.find('-') else { return Err(Refusal::Format) };
        let (clock, zone) = text.split_at_checked(at).ok_or(Refusal::Format)?;
        zone_offset(zone)?;
        let said = self.run_together(clock, mask)?;
        self.say(said | ZONE)
    }

    /// A word that is no word of dates: a zone's name, or nothing.
    fn zone_word(&mut self, text: &str) -> Read<()> {
        match word::zone(text) {
            Zone::Known => {}
            Zone::Possible => self.maybe_zone = true,
            Zone::No => return Err(Refusal::Format),
        }
        self.unsure |= self.has(SUMMER);
        self.say(ZONE)
    }

    fn summer_time(&mut self) -> Read<()> {
        self.unsure |= self.has(ZONE);
        self.say(SUMMER)
    }

    fn set_prefix(&mut self, prefix: Prefix) -> Read<()> {
        if self.prefix != Prefix::None {
            return Err(Refusal::Format);
        }
        self.prefix = prefix;
        Ok(())
    }

    fn time_field(&mut self, text: &str) -> Read<()> {
        if !matches!(self.prefix, Prefix::None | Prefix::Time) {
            return Err(Refusal::Format);
        }
        self.prefix = Prefix::None;
        let clock = clock(text, false)?;
        self.set_clock(clock);
        if past_midnight(clock) {
            return Err(Refusal::Overflow);
        }
        self.say(TIME)
    }

    fn signed(&mut self, text: &str) -> Read<()> {
        zone_offset(text)?;
        self.unsure |= self.has(SUMMER);
        self.say(ZONE)
    }

    /// `ValidateDate`.
    fn validate(&mut self) -> Read<()> {
        if self.has(YEAR) && !self.julian {
            if self.before_christ {
                if self.year <= 0 {
                    return Err(Refusal::Overflow);
                }
                self.year = 1 - self.year;
            } else if self.short_year {
                self.year += if self.year < 70 { 2000 } else { 1900 };
            } else if self.year <= 0 {
                return Err(Refusal::Overflow);
            }
        }
        if self.has(MONTH) && !(1..=12).contains(&self.month) {
            return Err(Refusal::Overflow);
        }
        if self.has(DAY) && !(1..=31).contains(&self.day) {
            return Err(Refusal::Overflow);
        }
        if self.has(DATE) && self.day > days_in(self.year, self.month) {
            return Err(Refusal::Overflow);
        }
        Ok(())
    }

    /// Twelve hours have no thirteenth.
    fn meridiem_fits(&self) -> Read<()> {
        if self.has(MERIDIEM) && self.hour > 12 { Err(Refusal::Overflow) } else { Ok(()) }
    }

    /// What is not certain is not judged.
    fn settle<T>(&self, res: Read<T>) -> Read<T> {
        match res {
            Err(Refusal::Unsure) => Err(Refusal::Unsure),
            _ if self.unsure => Err(Refusal::Unsure),
            Ok(_) if self.maybe_zone || self.undated_zone => Err(Refusal::Unsure),
            // Either no zone of that name, or this.
            Err(_) if self.maybe_zone => Err(Refusal::Format),
            other => other,
        }
    }

    fn moment_field(&mut self, field: &Field) -> Read<()> {
        let text = field.text.as_str();
        let is_digit = text.starts_with(|c: char| c.is_ascii_digit());
        match field.kind {
            Kind::Date if self.prefix == Prefix::Julian => {
                let (value, rest) = leading_number(text)?;
                self.julian_day(value)?;
                zone_offset(rest)?;
                self.prefix = Prefix::None;
                self.unsure |= self.has(MERIDIEM);
                self.say(DATE | TIME | ZONE)
            }
            Kind::Date if self.prefix != Prefix::None || self.has(MONTH | DAY) => {
                if is_digit || self.prefix != Prefix::None {
                    if !matches!(self.prefix, Prefix::None | Prefix::Time) {
                        return Err(Refusal::Format);
                    }
                    self.prefix = Prefix::None;
                    return self.zoned_clock(text, self.mask);
                }
                // Which zones there are only the server knows; but all of them lie somewhere.
                if !word::may_be_somewhere(text) {
                    return Err(Refusal::Zone(text.to_ascii_lowercase().into()));
                }
                self.unsure = true;
                self.say(ZONE)
            }
            Kind::Date => self.date(text),
            Kind::Time => self.time_field(text),
            Kind::Signed => self.signed(text),
            Kind::Number if self.prefix != Prefix::None => self.prefixed(text),
            Kind::Number => {
                let point = text.find('.');
                let said = match point {
                    Some(_) if self.mask & DATE == 0 => return self.date(text),
                    Some(at) if at > 2 => self.run_together(text, self.mask)?,
                    _ if text.len() >= 6 && (self.mask & DATE == 0 || !self.has(TIME)) => {
                        self.run_together(text, self.mask)?
                    }
                    _ => self.number(text, self.mask, self.text_month)?,
                };
                self.say(said)
            }
            Kind::Word | Kind::SignedWord => self.moment_word(text),
        }
    }

    fn moment_word(&mut self, text: &str) -> Read<()> {
        let Some(word) = word::moment(text) else { return self.zone_word(text) };
        match word {
            Word::Filler => Ok(()),
            Word::Now => {
                self.set_today();
                self.unsure |= self.has(MERIDIEM);
                self.special = false;
                self.say(DATE | TIME | ZONE)
            }
            Word::Day => {
                self.set_today();
                self.say(DATE)
            }
            Word::Midnight => {
                self.set_clock((0, 0, 0, false));
                self.say(TIME | ZONE)
            }
            Word::Epoch | Word::Infinity => {
                self.special = true;
                self.say(DATE | TIME | ZONE)
            }
            Word::Month(month) => {
                let mut said = MONTH;
                let takes_day =
                    self.has(MONTH) && !self.text_month && !self.has(DAY) && (1..=31).contains(&self.month);
                if takes_day {
                    self.day = self.month;
                    said = DAY;
                }
                self.text_month = true;
                self.month = month;
                self.say(said)
            }
            Word::Weekday => self.say(WEEKDAY),
            Word::IsoTime if !self.has(DATE) => Err(Refusal::Format),
            other => self.common_word(other),
        }
    }

    /// A word that means the same in moments and times of day.
    fn common_word(&mut self, word: Word) -> Read<()> {
        match word {
            Word::Filler => Ok(()),
            Word::Meridiem => self.say(MERIDIEM),
            Word::BeforeChrist(it) => {
                self.before_christ = it;
                self.say(ERA)
            }
            Word::SummerTime => self.summer_time(),
            Word::Julian => self.set_prefix(Prefix::Julian),
            Word::Unit => self.set_prefix(Prefix::Other),
            Word::IsoTime => self.set_prefix(Prefix::Time),
            _ => Err(Refusal::Format),
        }
    }

    fn set_today(&mut self) {
        (self.year, self.month, self.day) = (2000, 1, 1);
    }

    fn moment(&mut self, fields: &[Field]) -> Read<Option<Day>> {
        for field in fields {
            self.moment_field(field)?;
        }
        if self.prefix != Prefix::None {
            return Err(Refusal::Format);
        }
        if self.special {
            return Ok(None);
        }
        self.validate()?;
        self.meridiem_fits()?;
        if !self.has(DATE) || (self.has(SUMMER) && !self.has(ZONE)) {
            return Err(Refusal::Format);
        }
        Ok(Some(Day { year: self.year, month: self.month, day: self.day }))
    }
}

/// The day of a moment; `None` for moments that are no day's (`infinity`).
pub fn moment(fields: &[Field], order: Order) -> Read<Option<Day>> {
    let mut reader = Reader::new(order);
    let res = reader.moment(fields);
    reader.settle(res)
}
