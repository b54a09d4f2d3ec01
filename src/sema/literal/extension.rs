//! Types of extensions: pgvector's (vector.c, halfvec.c, sparsevec.c), hstore (hstore_io.c), ltree and its queries
//! (ltree_io.c, ltxtquery_io.c), intarray's queries (_int_bool.c), cubes (cubeparse.y).

mod cube;
mod query;
mod sparse;

use super::{Checked, invalid_syntax, is_space, refuse};
use crate::sema::code;

/// The type `name` of an extension.
pub fn check(extension: &str, name: &str, text: &str) -> Checked {
    match (extension, name) {
        ("vector", "vector") => vector(text, name, f32::MAX.into()),
        ("vector", "halfvec") => vector(text, name, 65_504.0),
        ("hstore", "hstore") => hstore(text),
        ("ltree", "ltree") => ltree(text),
        ("ltree", "lquery") => lquery(text),
        ("ltree", "ltxtquery") => query::ltxtquery(text),
        ("intarray", "query_int") => query::query_int(text),
        ("cube", "cube") => cube::cube(text),
        ("vector", "sparsevec") => sparse::sparsevec(text),
        _ => Ok(()),
    }
}

/// `vector_in`: numbers in brackets. `max`: what rounds to more is out of range.
fn vector(text: &str, ty: &str, max: f64) -> Checked {
    let wrong = || invalid_syntax(ty, text);
    let blank = |it: char| u8::try_from(it).is_ok_and(is_space);
    let Some(mut rest) = text.trim_start_matches(blank).strip_prefix('[') else { return wrong() };
    rest = rest.trim_start_matches(blank);
    if rest.starts_with(']') {
        return refuse(code::DATA_EXCEPTION, format!("{ty} must have at least 1 dimension"));
    }
    loop {
        rest = rest.trim_start_matches(blank);
        let lower = rest.trim_start_matches(['+', '-']).to_ascii_lowercase();
        if lower.starts_with("0x") {
            // `strtof` reads hexadecimal numbers, too.
            return Ok(());
        }
        let (number, behind) = rest.split_at(number(rest));
        if number.is_empty() {
            // One sign at most.
            let signed = rest.strip_prefix(['+', '-']).unwrap_or(rest).to_ascii_lowercase();
            return match (signed.starts_with("nan"), signed.starts_with("inf")) {
                (true, _) => refuse(code::DATA_EXCEPTION, format!("NaN not allowed in {ty}")),
                (_, true) => refuse(code::DATA_EXCEPTION, format!("infinite value not allowed in {ty}")),
                _ => wrong(),
            };
        }
        // Between the largest number and what rounds to more than it nobody need be exact.
        if number.parse::<f64>().is_ok_and(|it| it.abs() > max * 1.001) {
            return refuse(code::NUMERIC_OUT_OF_RANGE, format!("\"{number}\" is out of range for type {ty}"));
        }
        rest = behind.trim_start_matches(blank);
        if let Some(next) = rest.strip_prefix(',') {
            rest = next;
            continue;
        }
        return match rest.strip_prefix(']') {
            Some(end) if end.trim_start_matches(blank).is_empty() => Ok(()),
            _ => wrong(),
        };
    }
}

/// The length of the decimal number that a text starts with, as `strtof` finds it.
fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes.iter().skip(from).take_while(|it| it.is_ascii_digit()).count();
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits(sign);
    let mut at = sign + whole;
    let mut n_digits = whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        n_digits += fraction;
        at += 1 + fraction;
    }
    if n_digits == 0 {
        return 0;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let power = digits(at + 1 + sign);
        if power > 0 {
            at += 1 + sign + power;
        }
    }
    at
}

/// What stands where in an hstore (`parse_hstore`).
#[derive(Clone, Copy)]
enum Hstore {
    Key,
    Equals,
    Greater,
    Value,
    Comma,
}

fn hstore(text: &str) -> Checked {
    let ended = || refuse(code::SYNTAX_ERROR, "syntax error in hstore: unexpected end of string".to_owned());
    let near = |at: usize| {
        let shown = text.get(at..).and_then(|it| it.chars().next()).map(String::from).unwrap_or_default();
        refuse(code::SYNTAX_ERROR, format!("syntax error in hstore, near \"{shown}\" at position {at}"))
    };
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut state = Hstore::Key;
    loop {
        let next = bytes.get(at).copied();
        match (state, next) {
            (Hstore::Key, _) => match hstore_word(bytes, at, false) {
                Word::To(end) => (at, state) = (end, Hstore::Equals),
                Word::Nothing => return Ok(()),
                Word::Ended => return ended(),
                Word::Wrong(at) => return near(at),
            },
            (Hstore::Value, _) => match hstore_word(bytes, at, true) {
                Word::To(end) => (at, state) = (end, Hstore::Comma),
                Word::Nothing | Word::Ended => return ended(),
                Word::Wrong(at) => return near(at),
            },
            (Hstore::Equals, Some(b'=')) => (at, state) = (at + 1, Hstore::Greater),
            (Hstore::Greater, Some(b'>')) => (at, state) = (at + 1, Hstore::Value),
            (Hstore::Comma, Some(b',')) => (at, state) = (at + 1, Hstore::Key),
            (Hstore::Comma, None) => return Ok(()),
            (Hstore::Equals | Hstore::Greater, None) => return ended(),
            (before @ (Hstore::Equals | Hstore::Comma), Some(byte)) if is_space(byte) => {
                (at, state) = (at + 1, before);
            }
            (_, Some(_)) => return near(at),
        }
    }
}

enum Word {
    /// Up to there.
    To(usize),
    Nothing,
    Ended,
    Wrong(usize),
}

/// `get_val`.
fn hstore_word(bytes: &[u8], mut at: usize, is_value: bool) -> Word {
    while bytes.get(at).copied().is_some_and(is_space) {
        at += 1;
    }
    match bytes.get(at) {
        None => return Word::Nothing,
        Some(b'"') => {
            at += 1;
            loop {
                match bytes.get(at) {
                    None => return Word::Ended,
                    Some(b'"') => return Word::To(at + 1),
                    Some(b'\\') if at + 1 >= bytes.len() => return Word::Ended,
                    Some(b'\\') => at += 2,
                    Some(_) => at += 1,
                }
            }
        }
        Some(b'=') if !is_value => return Word::Wrong(at),
        Some(b'\\') => {}
        // Whatever it is, it is the first of a word.
        Some(_) => at += 1,
    }
    loop {
        match bytes.get(at) {
            None => return Word::To(at),
            Some(b'\\') if at + 1 >= bytes.len() => return Word::Ended,
            Some(b'\\') => at += 2,
            Some(b'=') if !is_value => return Word::To(at),
            Some(b',') if is_value => return Word::To(at),
            Some(byte) if is_space(*byte) => return Word::To(at),
            Some(_) => at += 1,
        }
    }
}

/// A letter of a label; what other letters are, the database's locale decides.
fn in_label(it: char) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, '_' | '-')
}

/// `parse_ltree`: labels with points between.
fn ltree(text: &str) -> Checked {
    let mut in_word = false;
    for (idx, it) in text.chars().enumerate() {
        if !it.is_ascii() {
            return Ok(());
        }
        let fits = in_label(it) || it == '.' && in_word;
        if !fits {
            return refuse(code::SYNTAX_ERROR, format!("ltree syntax error at character {}", idx + 1));
        }
        in_word = it != '.';
    }
    if in_word || text.is_empty() { Ok(()) } else { refuse(code::SYNTAX_ERROR, "ltree syntax error".into()) }
}

/// What may come next in a query (`parse_lquery`).
#[derive(Clone, Copy)]
enum Lquery {
    Level,
    Variant,
    /// In a label, or behind its flags; whether it has a letter yet, and flags.
    Label {
        empty: bool,
        flagged: bool,
    },
    /// Behind `*`.
    Any,
    Low,
    InLow(u32),
    High(u32),
    InHigh(u32, u32),
    Closed,
}

fn lquery(text: &str) -> Checked {
    let at = |idx: usize| refuse(code::SYNTAX_ERROR, format!("lquery syntax error at character {}", idx + 1));
    let wrong = || refuse(code::SYNTAX_ERROR, "lquery syntax error".into());
    let digit =
        |it: char, before: u32| it.to_digit(10).map(|it| before.saturating_mul(10).saturating_add(it));
    let mut state = Lquery::Level;
    let mut n_chars = 0;
    for (idx, it) in text.chars().enumerate() {
        if !it.is_ascii() {
            return Ok(());
        }
        n_chars = idx + 1;
        state = match (state, it) {
            (Lquery::Level | Lquery::Variant, _) if in_label(it) => {
                Lquery::Label { empty: false, flagged: false }
            }
            (Lquery::Level, '!') => Lquery::Label { empty: true, flagged: false },
            (Lquery::Level, '*') => Lquery::Any,
            (Lquery::Label { empty: false, .. }, '@' | '*' | '%') => {
                Lquery::Label { empty: false, flagged: true }
            }
            (Lquery::Label { empty: false, .. }, '|') => Lquery::Variant,
            (Lquery::Label { empty: false, .. }, '{') => Lquery::Low,
            (Lquery::Label { empty: false, .. }, '.') => Lquery::Level,
            (Lquery::Label { flagged: false, .. }, _) if in_label(it) => {
                Lquery::Label { empty: false, flagged: false }
            }
            (Lquery::Any, '{') => Lquery::Low,
            (Lquery::Any | Lquery::Closed, '.') => Lquery::Level,
            (Lquery::Low, ',') => Lquery::High(0),
            (Lquery::InLow(low), ',') => Lquery::High(low),
            (Lquery::High(_) | Lquery::InLow(_) | Lquery::InHigh(..), '}') => {
                if let Lquery::InHigh(low, high) = state
                    && low > high
                {
                    return wrong();
                }
                Lquery::Closed
            }
            (before, _) => {
                let next = match before {
                    Lquery::Low => digit(it, 0).map(Lquery::InLow),
                    Lquery::InLow(low) => digit(it, low).map(Lquery::InLow),
                    Lquery::High(low) => digit(it, 0).map(|it| Lquery::InHigh(low, it)),
                    Lquery::InHigh(low, high) => digit(it, high).map(|it| Lquery::InHigh(low, it)),
                    _ => None,
                };
                match next {
                    Some(next) => next,
                    None => return at(idx),
                }
            }
        };
    }
    match state {
        Lquery::Label { empty: true, .. } => at(n_chars),
        Lquery::Label { .. } | Lquery::Any | Lquery::Closed => Ok(()),
        _ => wrong(),
    }
}

#[cfg(test)]
mod tests;
