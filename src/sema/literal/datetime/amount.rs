//! What an interval adds up to, and where it does not fit (`AdjustMicroseconds`, `AdjustDays` and their like).

use super::{Read, Refusal};

pub const USECS_PER_SECOND: i64 = 1_000_000;
pub const USECS_PER_MINUTE: i64 = 60 * USECS_PER_SECOND;
pub const USECS_PER_HOUR: i64 = 60 * USECS_PER_MINUTE;
pub const USECS_PER_DAY: i64 = 24 * USECS_PER_HOUR;
const DAYS_PER_MONTH: i32 = 30;
const MONTHS_PER_YEAR: i32 = 12;

/// The fields of an interval; `None` from its changes: too much for one of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    pub usecs: i64,
    pub days: i32,
    pub months: i32,
    pub years: i32,
}

impl Amount {
    /// `value` units of `scale` microseconds, and a part of one.
    pub fn microseconds(&mut self, value: i64, part: f64, scale: i64) -> Option<()> {
        self.usecs = self.usecs.checked_add(value.checked_mul(scale)?)?;
        self.part_of_microseconds(part, scale)
    }

    pub fn part_of_microseconds(&mut self, part: f64, scale: i64) -> Option<()> {
        if part == 0.0 {
            return Some(());
        }
        let part = part * scale as f64;
        let whole = part as i64;
        self.usecs = self.usecs.checked_add(whole)?;
        let rest = part - whole as f64;
        let rounded = if rest > 0.5 { 1 } else { -i64::from(rest < -0.5) };
        self.usecs = self.usecs.checked_add(rounded)?;
        Some(())
    }

    pub fn days(&mut self, value: i64, scale: i32) -> Option<()> {
        self.days = self.days.checked_add(i32::try_from(value).ok()?.checked_mul(scale)?)?;
        Some(())
    }

    /// A part of so many days.
    pub fn part_of_days(&mut self, part: f64, scale: i32) -> Option<()> {
        let part = part * f64::from(scale);
        let whole = part as i32;
        self.days = self.days.checked_add(whole)?;
        self.part_of_microseconds(part - f64::from(whole), USECS_PER_DAY)
    }

    pub fn months(&mut self, value: i64, part: f64) -> Option<()> {
        self.months = self.months.checked_add(i32::try_from(value).ok()?)?;
        self.part_of_days(part, DAYS_PER_MONTH)
    }

    /// So many times `scale` years.
    pub fn years(&mut self, value: i64, part: f64, scale: i32) -> Option<()> {
        self.years = self.years.checked_add(i32::try_from(value).ok()?.checked_mul(scale)?)?;
        let months = (part * f64::from(scale) * f64::from(MONTHS_PER_YEAR)).round_ties_even() as i32;
        self.months = self.months.checked_add(months)?;
        Some(())
    }

    /// `ago`.
    pub fn negate(&mut self) -> Option<()> {
        self.usecs = self.usecs.checked_neg()?;
        self.days = self.days.checked_neg()?;
        self.months = self.months.checked_neg()?;
        self.years = self.years.checked_neg()?;
        Some(())
    }

    /// Whether it fits an interval of so many digits behind the seconds' point (`itmin2interval`,
    /// `AdjustIntervalForTypmod`).
    pub fn settle(&self, digits: Option<u32>) -> Read<()> {
        let months = i64::from(self.years) * i64::from(MONTHS_PER_YEAR) + i64::from(self.months);
        let half = digits.filter(|it| *it < 6).map_or(0, |it| 5 * 10i64.pow(5 - it));
        let rounded =
            if self.usecs >= 0 { self.usecs.checked_add(half) } else { self.usecs.checked_sub(half) };
        if i32::try_from(months).is_err() || rounded.is_none() {
            return Err(Refusal::Beyond);
        }
        Ok(())
    }
}
