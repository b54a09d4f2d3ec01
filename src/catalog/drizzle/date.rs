//! `new Date(…)` of a constant, as `toISOString()` prints it.

/// From an ISO text: `2024-01-31`, `2024-01-31T10:00:00Z`, with a fraction or an offset. A text without a zone and
/// with a time is local time, which nobody can know here.
pub fn iso(text: &str) -> Option<String> {
    from_epoch_millis(epoch_millis(text)?)
}

/// Milliseconds since 1970 of such a text.
pub fn epoch_millis(text: &str) -> Option<i64> {
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut parts = day.split('-');
    let year: i64 = part(parts.next()?, 4)?;
    let month: i64 = parts.next().map_or(Some(1), |it| part(it, 2))?;
    let date: i64 = parts.next().map_or(Some(1), |it| part(it, 2))?;
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&date) {
        return None;
    }
    let mut millis = days_from_civil(year, month, date) * 86_400_000;
    if let Some(time) = time {
        let (clock, offset_minutes) = match time.strip_suffix('Z') {
            Some(clock) => (clock, 0),
            None => {
                let at = time.rfind(['+', '-'])?;
                let (clock, offset) = time.split_at(at);
                let (hours, minutes) = offset.get(1..)?.split_once(':')?;
                let minutes = part(hours, 2)? * 60 + part(minutes, 2)?;
                (clock, if offset.starts_with('-') { -minutes } else { minutes })
            }
        };
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
        let mut clock = clock.split(':');
        let hours = part(clock.next()?, 2)?;
        let minutes = part(clock.next()?, 2)?;
        let seconds = clock.next().map_or(Some(0), |it| part(it, 2))?;
        let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
        let fraction: i64 = fraction.parse().ok()?;
        millis += ((hours * 60 + minutes - offset_minutes) * 60 + seconds) * 1000 + fraction;
    }
    Some(millis)
}

fn part(text: &str, n_digits: usize) -> Option<i64> {
    (text.len() == n_digits && text.bytes().all(|it| it.is_ascii_digit())).then(|| text.parse().ok())?
}

pub fn from_epoch_millis(millis: i64) -> Option<String> {
    let (days, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    let (year, month, day) = civil_from_days(days);
    if !(0..=9999).contains(&year) {
        return None;
    }
    let (hours, minutes, seconds) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{:03}Z", rest % 1000))
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests;
