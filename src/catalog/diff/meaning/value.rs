//! Constants: one text for each value of a type, as its input function reads it.

use smol_str::{SmolStr, format_smolstr};

/// The value that a text is of a type, by the type's name in the catalog; `None`: it is not known when two texts are one.
pub fn canonical(text: &str, ty: &str) -> Option<SmolStr> {
    let text = text.trim();
    match ty {
        "int2" | "int4" | "int8" => text.parse::<i64>().ok().map(|it| it.to_string().into()),
        "float4" => text.parse::<f32>().ok().map(|it| it.to_string().into()),
        "float8" => text.parse::<f64>().ok().map(|it| it.to_string().into()),
        "bool" => boolean(text).map(|it| SmolStr::new_static(if it { "true" } else { "false" })),
        "uuid" => Some(text.replace(['-', '{', '}'], "").to_ascii_lowercase().into()),
        "interval" => interval(text),
        "jsonb" => {
            let mut value: serde_json::Value = serde_json::from_str(text).ok()?;
            value.sort_all_objects();
            Some(value.to_string().into())
        }
        _ => None,
    }
}

/// `parse_bool`: any beginning of a word that is no other's.
fn boolean(text: &str) -> Option<bool> {
    let text = text.to_ascii_lowercase();
    let begins = |word: &str, n_least: usize| text.len() >= n_least && word.starts_with(&text);
    if text == "1" || begins("true", 1) || begins("yes", 1) || begins("on", 2) {
        Some(true)
    } else if text == "0" || begins("false", 1) || begins("no", 1) || begins("off", 2) {
        Some(false)
    } else {
        None
    }
}

/// Months, days and microseconds of whole numbers with units and of a time (`DecodeInterval`); other notations are not read.
fn interval(text: &str) -> Option<SmolStr> {
    const SECOND: i64 = 1_000_000;
    let (mut months, mut days, mut micros) = (0_i64, 0_i64, 0_i64);
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if word.contains(':') {
            micros = micros.checked_add(clock(word)?)?;
            continue;
        }
        let digits = word.trim_end_matches(|it: char| it.is_ascii_alphabetic());
        let number: i64 = digits.parse().ok()?;
        let unit = match word.get(digits.len()..)? {
            "" => words.next()?,
            unit => unit,
        };
        let (place, scale) = match unit.to_ascii_lowercase().as_str() {
            "y" | "yr" | "yrs" | "year" | "years" => (&mut months, 12),
            "mon" | "mons" | "month" | "months" => (&mut months, 1),
            "w" | "week" | "weeks" => (&mut days, 7),
            "d" | "day" | "days" => (&mut days, 1),
            "h" | "hr" | "hrs" | "hour" | "hours" => (&mut micros, 3600 * SECOND),
            "m" | "min" | "mins" | "minute" | "minutes" => (&mut micros, 60 * SECOND),
            "s" | "sec" | "secs" | "second" | "seconds" => (&mut micros, SECOND),
            _ => return None,
        };
        *place = place.checked_add(number.checked_mul(scale)?)?;
    }
    (!text.is_empty()).then(|| format_smolstr!("{months} {days} {micros}"))
}

/// `hours:minutes` and `hours:minutes:seconds` in microseconds.
fn clock(text: &str) -> Option<i64> {
    let parts: Option<Vec<i64>> = text.split(':').map(|it| it.parse::<u32>().ok().map(i64::from)).collect();
    let (hours, minutes, seconds) = match parts?.as_slice() {
        [hours, minutes] => (*hours, *minutes, 0),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    Some((hours * 3600 + minutes * 60 + seconds) * 1_000_000)
}
