//! The days that dates and timestamps can keep.

/// A day of the calendar; years before 1 are 0 (1 BC), −1 (2 BC), …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub year: i64,
    pub month: i64,
    pub day: i64,
}

const fn day(year: i64, month: i64, day: i64) -> Day {
    Day { year, month, day }
}

pub fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

/// 0 for what is no month.
pub fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

/// From Julian day 0 to the last day of May 5874897.
pub fn date_fits(it: Day) -> Option<bool> {
    Some(it >= day(-4713, 11, 24) && it < day(5_874_898, 1, 1))
}

/// From Julian day 0 to the end of 294276; with a zone the days at the ends depend on it.
pub fn timestamp_fits(it: Day, zoned: bool) -> Option<bool> {
    let near = |end: Day| it.year == end.year && it.month == end.month && (it.day - end.day).abs() < 3;
    let (low, high) = (day(-4713, 11, 24), day(294_276, 12, 31));
    if zoned && (near(low) || near(high) || it == day(294_277, 1, 1)) {
        return None;
    }
    Some(it >= low && it <= high)
}
