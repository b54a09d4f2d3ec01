//! Texts to search and queries of them (tsvector_parser.c, tsvector.c, tsquery.c).

use super::{Checked, is_space, refuse};
use crate::sema::code;

/// `MAXSTRLEN`: no word is longer, in bytes.
const MAX_WORD: usize = 2047;
/// `MAXENTRYPOS`: no distance in a query is larger.
const MAX_DISTANCE: u64 = 16_384;

enum Fault {
    Syntax,
    NoEscaped,
    WrongPosition,
    NoOperand,
    Distance,
    /// Too long, or white space that only the server's locale knows.
    Odd,
}

enum State {
    Word,
    End,
    Quoted,
    /// Behind a quote inside of quotes.
    QuoteOrEnd,
    MaybePositions,
    Position,
    PositionEnd,
}

/// `gettoken_tsvector`: reads a word, of a query if `in_query`, and moves `at` behind it; false at the end.
fn token(text: &[u8], at: &mut usize, in_query: bool) -> Result<bool, Fault> {
    let operator = |it: u8| in_query && matches!(it, b'!' | b'&' | b'|' | b'(' | b')' | b'<');
    let mut state = State::Word;
    let mut length = 0;
    // The bits of a position's weight, D being none.
    let mut weighted = false;
    loop {
        if length > MAX_WORD {
            return Err(Fault::Odd);
        }
        // NUL stands for the end, as there.
        let byte = text.get(*at).copied().unwrap_or(0);
        match state {
            State::Word => match byte {
                0 => return Ok(false),
                b'\'' => state = State::Quoted,
                b'\\' => {
                    escaped(text, at, &mut length)?;
                    state = State::End;
                }
                it if operator(it) => return Err(Fault::Syntax),
                it if is_space(it) => {}
                _ => {
                    length += 1;
                    state = State::End;
                }
            },
            State::End => match byte {
                b'\\' => escaped(text, at, &mut length)?,
                it if it == 0 || is_space(it) || operator(it) => return Ok(true),
                b':' if in_query => return Ok(true),
                b':' => state = State::Position,
                _ => length += 1,
            },
            State::Quoted => match byte {
                b'\'' => state = State::QuoteOrEnd,
                b'\\' => escaped(text, at, &mut length)?,
                0 => return Err(Fault::Syntax),
                _ => length += 1,
            },
            State::QuoteOrEnd => {
                if byte == b'\'' {
                    length += 1;
                    state = State::Quoted;
                } else if length == 0 {
                    return Err(Fault::Syntax);
                } else if in_query {
                    return Ok(true);
                } else {
                    state = State::MaybePositions;
                    continue;
                }
            }
            State::MaybePositions => match byte {
                b':' => state = State::Position,
                _ => return Ok(true),
            },
            State::Position => {
                let digits = text.iter().skip(*at).take_while(|it| it.is_ascii_digit());
                if !byte.is_ascii_digit() {
                    return Err(Fault::Syntax);
                }
                let (mut n, mut zero) = (0, true);
                for digit in digits {
                    n += 1;
                    zero &= *digit == b'0';
                }
                // A number that the C library cannot hold may come out as anything.
                if n > 9 {
                    return Err(Fault::Odd);
                }
                if zero {
                    return Err(Fault::WrongPosition);
                }
                weighted = false;
                state = State::PositionEnd;
            }
            State::PositionEnd => match byte {
                b',' => state = State::Position,
                b'a' | b'A' | b'*' | b'b' | b'B' | b'c' | b'C' => {
                    if weighted {
                        return Err(Fault::Syntax);
                    }
                    weighted = true;
                }
                b'd' | b'D' if weighted => return Err(Fault::Syntax),
                b'd' | b'D' => {}
                it if it == 0 || is_space(it) => return Ok(true),
                it if !it.is_ascii_digit() => return Err(Fault::Syntax),
                _ => {}
            },
        }
        *at += 1;
    }
}

/// At a backslash: the character behind it is taken as it is.
fn escaped(text: &[u8], at: &mut usize, length: &mut usize) -> Result<(), Fault> {
    *at += 1;
    *length += 1;
    if *at < text.len() { Ok(()) } else { Err(Fault::NoEscaped) }
}

/// `tsvectorin`.
pub fn vector(text: &str) -> Checked {
    let mut at = 0;
    let bytes = text.as_bytes();
    loop {
        match token(bytes, &mut at, false) {
            _ if has_odd_space(text) => return Ok(()),
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(fault) => return told(fault, "tsvector", text),
        }
    }
}

/// `tsqueryin`.
pub fn query(text: &str) -> Checked {
    match operands(text.as_bytes()) {
        Err(fault) if !has_odd_space(text) => told(fault, "tsquery", text),
        _ => Ok(()),
    }
}

/// `gettoken_query_standard` and `makepol`.
fn operands(text: &[u8]) -> Result<(), Fault> {
    let mut at = 0;
    let mut depth = 0u32;
    let mut first = true;
    let mut operand = true;
    loop {
        let byte = text.get(at).copied().unwrap_or(0);
        if is_space(byte) {
            at += 1;
            continue;
        }
        if operand {
            match byte {
                b'!' => at += 1,
                b'(' => {
                    at += 1;
                    depth += 1;
                }
                b':' => return Err(Fault::Syntax),
                _ => {
                    if !token(text, &mut at, true)? {
                        return if first { Ok(()) } else { Err(Fault::NoOperand) };
                    }
                    // Weights and the mark of a prefix.
                    if text.get(at) == Some(&b':') {
                        at += 1;
                        let marks = |it: &&u8| matches!(it.to_ascii_lowercase(), b'a'..=b'd' | b'*');
                        at += text.iter().skip(at).take_while(marks).count();
                    }
                    operand = false;
                }
            }
            first = false;
            continue;
        }
        match byte {
            b'&' | b'|' => {
                at += 1;
                operand = true;
            }
            b'<' => {
                at += phrase(text.get(at..).unwrap_or_default())?;
                operand = true;
            }
            b')' if depth > 0 => {
                at += 1;
                depth -= 1;
            }
            0 if depth == 0 => return Ok(()),
            _ => return Err(Fault::Syntax),
        }
    }
}

/// `parse_phrase_operator`: `<->`, `<2>`; its length.
fn phrase(text: &[u8]) -> Result<usize, Fault> {
    let inner = text.get(1..).unwrap_or_default();
    let digits: Vec<u8> = inner.iter().copied().take_while(u8::is_ascii_digit).collect();
    let length = if inner.first() == Some(&b'-') { 1 } else { digits.len() };
    if length == 0 {
        return Err(Fault::Syntax);
    }
    let distance = std::str::from_utf8(&digits).unwrap_or("").parse::<u64>().unwrap_or(u64::MAX);
    if !digits.is_empty() && distance > MAX_DISTANCE {
        return Err(Fault::Distance);
    }
    if inner.get(length) == Some(&b'>') { Ok(length + 2) } else { Err(Fault::Syntax) }
}

/// Older servers ask their locale what white space is.
fn has_odd_space(text: &str) -> bool {
    text.chars().any(|it| !it.is_ascii() && it.is_whitespace())
}

fn told(fault: Fault, ty: &str, text: &str) -> Checked {
    match fault {
        Fault::Syntax => refuse(code::SYNTAX_ERROR, format!("syntax error in {ty}: \"{text}\"")),
        Fault::NoEscaped => refuse(code::SYNTAX_ERROR, format!("there is no escaped character: \"{text}\"")),
        Fault::WrongPosition => {
            refuse(code::SYNTAX_ERROR, format!("wrong position info in tsvector: \"{text}\""))
        }
        Fault::NoOperand => refuse(code::SYNTAX_ERROR, format!("no operand in tsquery: \"{text}\"")),
        Fault::Distance => refuse(
            code::INVALID_PARAMETER_VALUE,
            "distance in phrase operator must be an integer value between zero and 16384 inclusive".into(),
        ),
        Fault::Odd => Ok(()),
    }
}
