//! Points, boxes and the like (geo_ops.c: `pair_decode`, `path_decode`).

use super::{Checked, invalid_syntax, invalid_text, is_space};
use crate::catalog::TypeId;

/// What a reader met.
enum Fault {
    Malformed,
    /// A number in a form that only the C library can judge.
    Odd,
}

type Read<'a, T> = Result<(T, &'a str), Fault>;
type Reader = fn(&str) -> Result<(), Fault>;

/// `point_in` and its kind; `None`: not a geometric type.
pub fn check(id: TypeId, text: &str) -> Option<Checked> {
    let (name, read): (&str, Reader) = match id.0 {
        600 => ("point", |it| end(pair(it)?.1)),
        601 => ("lseg", |it| path(it, true, 2)),
        602 => ("path", |it| path(it, true, pairs(it)?)),
        603 => ("box", |it| path(it, false, 2)),
        604 => ("polygon", |it| path(it, false, pairs(it)?)),
        628 => ("line", line),
        718 => ("circle", circle),
        _ => return None,
    };
    if id.0 == 628 && is_no_line(text) {
        return Some(invalid_text("invalid line specification: A and B cannot both be zero".into()));
    }
    if id.0 == 628 && is_one_point(text) {
        return Some(invalid_text("invalid line specification: must be two distinct points".into()));
    }
    Some(match read(text) {
        Err(Fault::Malformed) => invalid_syntax(name, text),
        Ok(()) | Err(Fault::Odd) => Ok(()),
    })
}

fn space(text: &str) -> &str {
    text.trim_start_matches(|c: char| u8::try_from(c).is_ok_and(is_space))
}

fn end(rest: &str) -> Result<(), Fault> {
    if rest.is_empty() { Ok(()) } else { Err(Fault::Malformed) }
}

/// `single_decode`: a number and the white space around it.
fn number(text: &str) -> Read<'_, bool> {
    let body = space(text);
    let unsigned = body.strip_prefix(['-', '+']).unwrap_or(body);
    let lower = unsigned.to_ascii_lowercase();
    if ["inf", "nan", "0x"].iter().any(|it| lower.starts_with(it)) {
        return Err(Fault::Odd);
    }
    let digits = |from: usize| lower.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let whole = digits(0);
    let mut at = whole;
    let mut fraction = 0;
    if lower.as_bytes().get(at) == Some(&b'.') {
        fraction = digits(at + 1);
        at += 1 + fraction;
    }
    if whole + fraction == 0 {
        return Err(Fault::Malformed);
    }
    if lower.as_bytes().get(at) == Some(&b'e') {
        let sign = usize::from(matches!(lower.as_bytes().get(at + 1), Some(b'-' | b'+')));
        let exponent = digits(at + 1 + sign);
        // It may overflow, which has a message of its own.
        if exponent > 1 {
            return Err(Fault::Odd);
        }
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    if at > 60 {
        return Err(Fault::Odd);
    }
    let negative = body.starts_with('-') && lower.bytes().take(at).any(|it| matches!(it, b'1'..=b'9'));
    Ok((negative, space(unsigned.get(at..).unwrap_or_default())))
}

/// `pair_decode`: `x,y` or `(x,y)`.
fn pair(text: &str) -> Read<'_, ()> {
    let body = space(text);
    let (enclosed, body) = match body.strip_prefix('(') {
        Some(it) => (true, it),
        None => (false, body),
    };
    let (_, rest) = number(body)?;
    let (_, rest) = number(rest.strip_prefix(',').ok_or(Fault::Malformed)?)?;
    if !enclosed {
        return Ok(((), rest));
    }
    Ok(((), space(rest.strip_prefix(')').ok_or(Fault::Malformed)?)))
}

/// `pair_count`.
fn pairs(text: &str) -> Result<usize, Fault> {
    let n = text.matches(',').count();
    if n % 2 == 1 { Ok(n.div_ceil(2)) } else { Err(Fault::Malformed) }
}

/// `path_decode`; `may_be_open`: square brackets are taken.
fn path(text: &str, may_be_open: bool, n: usize) -> Result<(), Fault> {
    let mut rest = space(text);
    let mut depth = 0;
    let mut open = false;
    if let Some(inner) = rest.strip_prefix('[') {
        if !may_be_open {
            return Err(Fault::Malformed);
        }
        (open, depth, rest) = (true, 1, inner);
    } else if let Some(inner) = rest.strip_prefix('(') {
        let inner = space(inner);
        if inner.starts_with('(') || rest.rfind('(') == Some(0) {
            (depth, rest) = (1, inner);
        }
    }
    for _ in 0..n {
        let (_, after) = pair(rest)?;
        rest = after.strip_prefix(',').unwrap_or(after);
    }
    while depth > 0 {
        let close = if open { rest.strip_prefix([')', ']']) } else { rest.strip_prefix(')') };
        rest = space(close.ok_or(Fault::Malformed)?);
        depth -= 1;
    }
    end(rest)
}

/// `circle_in`: `<(x,y),r>` and what may be left out of it.
fn circle(text: &str) -> Result<(), Fault> {
    let mut rest = space(text);
    let mut depth = 0;
    if let Some(inner) = rest.strip_prefix('<') {
        (depth, rest) = (1, inner);
    } else if let Some(inner) = rest.strip_prefix('(') {
        let inner = space(inner);
        if inner.starts_with('(') {
            (depth, rest) = (1, inner);
        }
    }
    let (_, after) = pair(rest)?;
    let (negative, after) = number(after.strip_prefix(',').unwrap_or(after))?;
    if negative {
        return Err(Fault::Malformed);
    }
    rest = after;
    while depth > 0 {
        rest = space(rest.strip_prefix([')', '>']).ok_or(Fault::Malformed)?);
        depth -= 1;
    }
    end(rest)
}

/// `line_in`: `{A,B,C}`, or two points.
fn line(text: &str) -> Result<(), Fault> {
    let body = space(text);
    let Some(inner) = body.strip_prefix('{') else { return path(body, true, 2) };
    let (_, rest) = number(inner)?;
    let (_, rest) = number(rest.strip_prefix(',').ok_or(Fault::Malformed)?)?;
    let (_, rest) = number(rest.strip_prefix(',').ok_or(Fault::Malformed)?)?;
    end(space(rest.strip_prefix('}').ok_or(Fault::Malformed)?))
}

/// Twice the same point.
fn is_one_point(text: &str) -> bool {
    if text.contains('{') || line(text).is_err() {
        return false;
    }
    let bare: String = text.chars().filter(|it| !"()[] ".contains(*it)).collect();
    let numbers: Option<Vec<f64>> = bare.split(',').map(|it| it.parse().ok()).collect();
    matches!(numbers.as_deref(), Some([a, b, c, d]) if a == c && b == d)
}

/// `{0,0,C}`.
fn is_no_line(text: &str) -> bool {
    let inner = space(text).strip_prefix('{').filter(|_| line(text).is_ok());
    let zero = |it: &str| it.trim().parse::<f64>().is_ok_and(|it| it.abs() <= 1.0e-6);
    inner.is_some_and(|it| it.split(',').take(2).all(zero))
}
