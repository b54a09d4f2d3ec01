//! Times of day (`DecodeTimeOnly`).

use super::super::field::{Field, Kind};
use super::super::word::{self, Word};
use super::super::{Order, Read, Refusal};
use super::{DATE, Prefix, Reader, SUMMER, TIME, ZONE, clock, past_midnight};

impl Reader {
    fn time_of_day(&mut self, fields: &[Field]) -> Read<()> {
        let last_is_date = fields.last().is_some_and(|it| it.kind == Kind::Date);
        let second_is_time = fields.get(1).is_some_and(|it| it.kind == Kind::Time);
        let several = fields.len() >= 2;
        for (idx, field) in fields.iter().enumerate() {
            let text = field.text.as_str();
            let first = idx == 0 && several;
            match field.kind {
                Kind::Date if first && (last_is_date || second_is_time) => self.date(text)?,
                Kind::Date if text.starts_with(|c: char| c.is_ascii_digit()) => {
                    self.zoned_clock(text, self.mask | DATE)?;
                }
                // Where people live the clocks were changed: which time it is there depends on the day.
                Kind::Date if !self.has(DATE) && word::is_somewhere(text) => return Err(Refusal::Format),
                Kind::Date => {
                    self.unsure = true;
                    self.say(ZONE)?;
                }
                Kind::Time => {
                    if !matches!(self.prefix, Prefix::None | Prefix::Time) {
                        return Err(Refusal::Format);
                    }
                    self.prefix = Prefix::None;
                    let clock = clock(text, false)?;
                    self.set_clock(clock);
                    self.say(TIME)?;
                }
                Kind::Signed => self.signed(text)?,
                Kind::Number if self.prefix != Prefix::None => self.prefixed(text)?,
                Kind::Number => {
                    let point = text.find('.');
                    let said = match point {
                        Some(_) if first && last_is_date => {
                            self.date(text)?;
                            continue;
                        }
                        Some(at) if at > 2 => self.run_together(text, self.mask | DATE)?,
                        Some(_) => return Err(Refusal::Format),
                        None if text.len() > 4 => self.run_together(text, self.mask | DATE)?,
                        None => self.number(text, self.mask | DATE, false)?,
                    };
                    self.say(said)?;
                }
                Kind::Word | Kind::SignedWord => self.time_word(text)?,
            }
        }
        if self.prefix != Prefix::None {
            return Err(Refusal::Format);
        }
        self.validate()?;
        self.meridiem_fits()?;
        if past_midnight(self.clock) {
            return Err(Refusal::Overflow);
        }
        if !self.has(TIME) || (self.has(SUMMER) && !self.has(ZONE)) {
            return Err(Refusal::Format);
        }
        if !self.has(ZONE) && self.mask & DATE != 0 && !self.has(DATE) {
            return Err(Refusal::Format);
        }
        Ok(())
    }

    fn time_word(&mut self, text: &str) -> Read<()> {
        let Some(word) = word::moment(text) else {
            // Some zones need a day to be read with.
            self.zone_word(text)?;
            self.undated_zone |= !self.has(DATE) && !word::is_moment(text);
            return Ok(());
        };
        match word {
            Word::Now => {
                self.unsure = true;
                self.say(TIME)
            }
            Word::Midnight => {
                self.set_clock((0, 0, 0, false));
                self.say(TIME | ZONE)
            }
            other => self.common_word(other),
        }
    }
}

pub fn time_of_day(fields: &[Field], order: Order) -> Read<()> {
    let mut reader = Reader::new(order);
    let res = reader.time_of_day(fields);
    reader.settle(res)
}
