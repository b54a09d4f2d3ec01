//! Texts with an outer form: arrays (arrayfuncs.c, `ReadArrayStr`), ranges (rangetypes.c), multiranges, rows.

use super::{Checked, invalid_text, is_space, refuse, trim};
use crate::sema::code;

/// Deeper than PostgreSQL's arrays go.
const MAX_DIMENSIONS: usize = 6;

/// `array_in`. `element` judges each element that is not NULL; unless it does so `exactly`, a fault behind an element is
/// left alone, as the element may be refused before it. Explicit bounds (`[0:1]={…}`) are not judged.
pub fn array(
    text: &str,
    delimiter: char,
    exactly: bool,
    element: &mut dyn FnMut(&str) -> Checked,
) -> Checked {
    let malformed = || invalid_text(format!("malformed array literal: \"{text}\""));
    let start = text.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space));
    if let Some(bounds) = start.strip_prefix('[') {
        return if may_be_bounds(bounds) { Ok(()) } else { malformed() };
    }
    let Some(body) = start.strip_prefix('{') else { return malformed() };
    let mut reader = Elements { rest: body, delimiter, counts: Vec::new(), odd: false, n_read: 0 };
    match reader.level(0, element) {
        // An earlier element may be refused before this one.
        Read::Refused(_) if reader.n_read > 1 && !exactly => Ok(()),
        Read::Refused(checked) => checked,
        Read::Malformed | Read::Done if reader.n_read > 0 && !exactly => Ok(()),
        Read::Malformed if reader.odd => Ok(()),
        Read::Malformed => malformed(),
        Read::Done if reader.odd || trim(reader.rest).is_empty() => Ok(()),
        Read::Done => malformed(),
    }
}

/// Whether the text behind a `[` may go on as `0:1]={…}`: JSON's arrays do not.
fn may_be_bounds(text: &str) -> bool {
    let number = trim(text).starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+');
    number && (text.contains(['=', ':']) || text.len() > 9)
}

struct Elements<'a> {
    rest: &'a str,
    delimiter: char,
    /// Length of each dimension, once one is complete.
    counts: Vec<Option<usize>>,
    /// A shape that is not judged: too deep, or with empty sub-arrays.
    odd: bool,
    n_read: usize,
}

enum Read {
    Done,
    Malformed,
    Refused(Checked),
}

impl<'a> Elements<'a> {
    /// The items of one pair of braces; the opening one is read.
    fn level(&mut self, depth: usize, element: &mut dyn FnMut(&str) -> Checked) -> Read {
        if depth >= MAX_DIMENSIONS {
            self.odd = true;
            return Read::Done;
        }
        if self.counts.len() <= depth {
            self.counts.push(None);
        }
        let mut n_items = 0;
        let mut nested = None;
        self.space();
        if self.eat('}') {
            self.odd |= depth > 0;
            return self.close(depth, 0);
        }
        loop {
            self.space();
            let sub = self.eat('{');
            // Elements and sub-arrays do not mix.
            if nested.is_some_and(|it| it != sub) {
                return Read::Malformed;
            }
            nested = Some(sub);
            if sub {
                match self.level(depth + 1, element) {
                    Read::Done if self.odd => return Read::Done,
                    Read::Done => {}
                    other => return other,
                }
            } else {
                // Elements stand at one depth throughout.
                if self.counts.len() > depth + 1 {
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
            }
            n_items += 1;
            self.space();
            if self.eat('}') {
                return self.close(depth, n_items);
            }
            let delimiter = self.delimiter;
            if !self.eat(delimiter) {
                return Read::Malformed;
            }
        }
    }

    fn close(&mut self, depth: usize, n_items: usize) -> Read {
        let Some(slot) = self.counts.get_mut(depth) else { return Read::Done };
        match slot {
            Some(it) if *it != n_items => return Read::Malformed,
            Some(_) => {}
            None => *slot = Some(n_items),
        }
        Read::Done
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

/// `range_in`: `empty`, or two bounds, of which `above` tells whether the first is certainly above the second.
pub fn range(
    text: &str,
    bound: &mut dyn FnMut(&str) -> Checked,
    above: &dyn Fn(&str, &str) -> bool,
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
    Ok(())
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

/// `record_in`: fields between parentheses, one for each column; `n` of them, each judged by `field`.
pub fn record(text: &str, n: usize, field: &mut dyn FnMut(usize, &str) -> (Checked, bool)) -> Checked {
    let malformed = || invalid_text(format!("malformed record literal: \"{text}\""));
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
        let (checked, exactly) = field(idx, &value);
        checked?;
        if !exactly {
            return Ok(());
        }
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
