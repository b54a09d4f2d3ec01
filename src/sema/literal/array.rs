//! Texts with an outer form: arrays (arrayfuncs.c, `ReadArrayStr`), ranges (rangetypes.c), multiranges, rows.

use super::{Checked, invalid_text, is_space, refuse, trim};
use crate::sema::code;

/// Deeper than PostgreSQL's arrays go.
const MAX_DIMENSIONS: usize = 6;

/// `array_in`. `element` judges each element that is not NULL. Servers before 17 take more empty sub-arrays: `strict` is of
/// later ones.
pub fn array(text: &str, delimiter: char, strict: bool, element: &mut dyn FnMut(&str) -> Checked) -> Checked {
    let malformed = || invalid_text(format!("malformed array literal: \"{text}\""));
    let (bounds, body) = match bounds(text) {
        Ok(it) => it,
        Err(Odd::Malformed) => return malformed(),
        Err(Odd::Limit(message)) if strict => return refuse(code::PROGRAM_LIMIT_EXCEEDED, message),
        Err(Odd::Reversed) if strict => {
            let message = String::from("upper bound cannot be less than lower bound");
            return refuse(code::ARRAY_SUBSCRIPT_ERROR, message);
        }
        Err(Odd::Limit(_) | Odd::Reversed | Odd::Unjudged) => return Ok(()),
    };
    if !body.starts_with('{') {
        return malformed();
    }
    let mut reader = Elements { rest: body, delimiter, n_read: 0, strict };
    match reader.read(bounds, element) {
        Read::Refused(checked) => checked,
        Read::Malformed => malformed(),
        Read::Unjudged => Ok(()),
        Read::Done if trim(reader.rest).is_empty() => Ok(()),
        Read::Done => malformed(),
    }
}

enum Odd {
    Malformed,
    /// 54000.
    Limit(String),
    /// 2202E.
    Reversed,
    /// Refused in other words, or not.
    Unjudged,
}

/// `[2:3][1]=` before the braces: the lengths, and what follows (`ReadArrayDimensions`).
fn bounds(text: &str) -> Result<(Vec<usize>, &str), Odd> {
    let mut res = Vec::new();
    let mut rest = space(text);
    while let Some(inner) = rest.strip_prefix('[') {
        if res.len() >= MAX_DIMENSIONS {
            return Err(Odd::Limit(too_many_dimensions()));
        }
        let (first, behind) = bound(inner)?;
        let (low, high, behind) = match behind.strip_prefix(':') {
            Some(behind) => {
                let (high, behind) = bound(behind)?;
                (first, high, behind)
            }
            None => (1, first, behind),
        };
        let Some(behind) = behind.strip_prefix(']') else { return Err(Odd::Malformed) };
        if high == i64::from(i32::MAX) {
            return Err(Odd::Limit(format!("array upper bound is too large: {high}")));
        }
        if high < low {
            return Err(Odd::Reversed);
        }
        let len = high.checked_sub(low).filter(|it| (0..1_000_000).contains(it)).ok_or(Odd::Unjudged)?;
        res.push(usize::try_from(len + 1).map_err(|_| Odd::Unjudged)?);
        rest = space(behind);
    }
    if res.is_empty() {
        return Ok((res, rest));
    }
    let Some(rest) = rest.strip_prefix('=') else { return Err(Odd::Malformed) };
    Ok((res, space(rest)))
}

fn bound(text: &str) -> Result<(i64, &str), Odd> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
    let (digits, rest) = unsigned.split_at_checked(end).ok_or(Odd::Malformed)?;
    if digits.is_empty() {
        return Err(Odd::Malformed);
    }
    let out_of_range = || Odd::Limit(String::from("array bound is out of integer range"));
    let value: i64 = digits.parse().map_err(|_| out_of_range())?;
    let value = if text.starts_with('-') { -value } else { value };
    if i32::try_from(value).is_err() {
        return Err(out_of_range());
    }
    Ok((value, rest))
}

fn too_many_dimensions() -> String {
    format!("number of array dimensions exceeds the maximum allowed ({MAX_DIMENSIONS})")
}

struct Elements<'a> {
    rest: &'a str,
    delimiter: char,
    n_read: usize,
    strict: bool,
}

enum Read {
    Done,
    Malformed,
    Refused(Checked),
    /// A shape that is not judged: too deep, or with empty sub-arrays.
    Unjudged,
}

impl<'a> Elements<'a> {
    /// All from the first brace to its counterpart (`ReadArrayStr`).
    fn read(&mut self, bounds: Vec<usize>, element: &mut dyn FnMut(&str) -> Checked) -> Read {
        let mut frozen = !bounds.is_empty();
        let mut depth = bounds.len();
        let mut lengths: Vec<Option<usize>> = bounds.into_iter().map(Some).collect();
        lengths.resize(MAX_DIMENSIONS, None);
        // The items so far of every pair of braces that is open.
        let mut open: Vec<usize> = Vec::new();
        let mut expect_delimiter = false;
        loop {
            self.space();
            let delimiter = self.delimiter;
            if self.eat('{') {
                if expect_delimiter {
                    return Read::Malformed;
                }
                if open.len() >= MAX_DIMENSIONS {
                    return match self.strict {
                        true => Read::Refused(refuse(code::PROGRAM_LIMIT_EXCEEDED, too_many_dimensions())),
                        false => Read::Unjudged,
                    };
                }
                open.push(0);
                if open.len() > depth {
                    if frozen {
                        return Read::Malformed;
                    }
                    depth = open.len();
                }
            } else if self.eat('}') {
                let Some(n_items) = open.pop() else { return Read::Malformed };
                if n_items > 0 && !expect_delimiter {
                    return Read::Malformed;
                }
                if n_items == 0 && !open.is_empty() && !self.strict {
                    return Read::Unjudged;
                }
                if let Some(outer) = open.last_mut() {
                    *outer += 1;
                }
                let Some(length) = lengths.get_mut(open.len()) else { return Read::Unjudged };
                if length.get_or_insert(n_items) != &n_items {
                    return Read::Malformed;
                }
                if open.is_empty() {
                    return Read::Done;
                }
                expect_delimiter = true;
            } else if self.eat(delimiter) {
                if !expect_delimiter {
                    return Read::Malformed;
                }
                expect_delimiter = false;
            } else {
                if expect_delimiter {
                    return Read::Malformed;
                }
                match self.item() {
                    Some(Some(text)) => {
                        self.n_read += 1;
                        if let refused @ Err(_) = element(&text) {
                            return Read::Refused(refused);
                        }
                    }
                    Some(None) => {}
                    None => return Read::Malformed,
                }
                frozen = true;
                if open.len() != depth {
                    return Read::Malformed;
                }
                if let Some(own) = open.last_mut() {
                    *own += 1;
                }
                expect_delimiter = true;
            }
        }
    }

    /// One element's text; `Some(None)` for NULL, `None` when malformed.
    fn item(&mut self) -> Option<Option<String>> {
        let mut res = String::new();
        if self.eat('"') {
            loop {
                match self.bump()? {
                    '"' => break,
                    '\\' => res.push(self.bump()?),
                    c => res.push(c),
                }
            }
            self.space();
            let c = self.peek()?;
            return (c == self.delimiter || c == '}').then_some(Some(res));
        }
        let mut escaped = false;
        // Where the last character that is no trailing white space ends.
        let mut end = 0;
        loop {
            match self.peek()? {
                c if c == self.delimiter || c == '}' => break,
                '"' | '{' => return None,
                '\\' => {
                    self.bump();
                    res.push(self.bump()?);
                    escaped = true;
                    end = res.len();
                }
                c => {
                    self.bump();
                    res.push(c);
                    if !u8::try_from(c).is_ok_and(is_space) {
                        end = res.len();
                    }
                }
            }
        }
        res.truncate(end);
        if res.is_empty() {
            return None;
        }
        Some((escaped || !res.eq_ignore_ascii_case("null")).then_some(res))
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let res = chars.next();
        self.rest = chars.as_str();
        res
    }

    fn eat(&mut self, c: char) -> bool {
        let hit = self.peek() == Some(c);
        if hit {
            self.bump();
        }
        hit
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
    }
}

/// The two bounds, and whether the lower is left out and the upper is in the range.
pub type Canonical<'a> = &'a dyn Fn(Option<&str>, Option<&str>, bool, bool) -> Checked;

/// `range_in`: `empty`, or two bounds, of which `above` tells whether the first is certainly above the second.
pub fn range(
    text: &str,
    bound: &mut dyn FnMut(&str) -> Checked,
    above: &dyn Fn(&str, &str) -> bool,
    canonical: Canonical<'_>,
) -> Checked {
    let malformed = || invalid_text(format!("malformed range literal: \"{text}\""));
    let body = text.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
    if trim(body).eq_ignore_ascii_case("empty") {
        return Ok(());
    }
    let Some(mut rest) = body.strip_prefix(['[', '(']) else { return malformed() };
    let mut bounds = Vec::with_capacity(2);
    for stops in [&[','][..], &[']', ')'][..]] {
        let Some((value, after)) = range_bound(rest, stops) else { return malformed() };
        bounds.push(value);
        rest = after;
    }
    if !trim(rest).is_empty() {
        return malformed();
    }
    bounds.iter().flatten().try_for_each(|it| bound(it))?;
    if let [Some(low), Some(high)] = bounds.as_slice()
        && above(low, high)
    {
        let message = "range lower bound must be less than or equal to range upper bound";
        return refuse(code::DATA_EXCEPTION, String::from(message));
    }
    match bounds.as_slice() {
        [low, high] => {
            canonical(low.as_deref(), high.as_deref(), body.starts_with('('), trim(body).ends_with(']'))
        }
        _ => Ok(()),
    }
}

/// A bound up to one of `stops`, which is consumed; `None` inside for an absent (infinite) one.
fn range_bound<'a>(text: &'a str, stops: &[char]) -> Option<(Option<String>, &'a str)> {
    let mut res = String::new();
    let mut chars = text.chars();
    let mut in_quotes = false;
    let mut quoted = false;
    loop {
        let c = chars.next()?;
        match c {
            '\\' => res.push(chars.next()?),
            '"' if !in_quotes => {
                in_quotes = true;
                quoted = true;
            }
            '"' => match chars.as_str().strip_prefix('"') {
                // A doubled quote is a quote.
                Some(rest) => {
                    res.push('"');
                    chars = rest.chars();
                }
                None => in_quotes = false,
            },
            c if !in_quotes && matches!(c, ',' | ')' | ']') => {
                if !stops.contains(&c) {
                    return None;
                }
                let absent = res.is_empty() && !quoted;
                return Some(((!absent).then_some(res), chars.as_str()));
            }
            c => res.push(c),
        }
    }
}

/// `multirange_in`: ranges between braces, each read by `range`.
pub fn multirange(text: &str, range: &mut dyn FnMut(&str) -> Checked) -> Checked {
    let malformed = || invalid_text(format!("malformed multirange literal: \"{text}\""));
    let Some(mut rest) = space(text).strip_prefix('{') else { return malformed() };
    let mut first = true;
    loop {
        rest = space(rest);
        if let Some(tail) = rest.strip_prefix('}').filter(|_| first) {
            return if trim(tail).is_empty() { Ok(()) } else { malformed() };
        }
        first = false;
        let end = match rest.get(..5) {
            Some(word) if word.eq_ignore_ascii_case("empty") => 5,
            _ => match range_end(rest) {
                Some(end) => end,
                None => return malformed(),
            },
        };
        range(rest.get(..end).unwrap_or_default())?;
        rest = space(rest.get(end..).unwrap_or_default());
        if let Some(next) = rest.strip_prefix(',') {
            rest = next;
        } else if let Some(tail) = rest.strip_prefix('}') {
            return if trim(tail).is_empty() { Ok(()) } else { malformed() };
        } else {
            return malformed();
        }
    }
}

fn space(text: &str) -> &str {
    text.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space))
}

/// Where the range that `text` begins with ends.
fn range_end(text: &str) -> Option<usize> {
    if !text.starts_with(['[', '(']) {
        return None;
    }
    let mut quoted = false;
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()?),
            '"' => quoted = !quoted,
            ']' | ')' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

pub fn opens_record(text: &str) -> bool {
    space(text).starts_with('(')
}

pub fn malformed_record(text: &str) -> Checked {
    invalid_text(format!("malformed record literal: \"{text}\""))
}

/// `record_in`: fields between parentheses, one for each column; `n` of them, each judged by `field`.
pub fn record(text: &str, n: usize, field: &mut dyn FnMut(usize, &str) -> Checked) -> Checked {
    let malformed = || malformed_record(text);
    let Some(mut rest) = space(text).strip_prefix('(') else { return malformed() };
    for idx in 0..n {
        if idx > 0 {
            match rest.strip_prefix(',') {
                Some(it) => rest = it,
                None => return malformed(),
            }
        }
        if rest.starts_with([',', ')']) {
            continue;
        }
        let Some((value, after)) = record_field(rest) else { return malformed() };
        rest = after;
        field(idx, &value)?;
    }
    match rest.strip_prefix(')') {
        Some(tail) if trim(tail).is_empty() => Ok(()),
        _ => malformed(),
    }
}

/// A field up to the comma or parenthesis behind it.
fn record_field(text: &str) -> Option<(String, &str)> {
    let mut res = String::new();
    let mut quoted = false;
    let mut rest = text;
    loop {
        let mut chars = rest.chars();
        let c = chars.next()?;
        match c {
            ',' | ')' if !quoted => return Some((res, rest)),
            '\\' => res.push(chars.next()?),
            '"' if !quoted => quoted = true,
            '"' => match chars.as_str().strip_prefix('"') {
                Some(after) => {
                    res.push('"');
                    chars = after.chars();
                }
                None => quoted = false,
            },
            c => res.push(c),
        }
        rest = chars.as_str();
    }
}
