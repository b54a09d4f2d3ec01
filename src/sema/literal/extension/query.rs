//! Queries of words and numbers with `&`, `|`, `!` and brackets.

use super::super::{Checked, refuse};
use super::in_label;
use crate::sema::code;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Operand,
    /// In a word; whether a flag stood behind it.
    Word(bool),
    Number,
    Operator,
}

fn wrong() -> Checked {
    refuse(code::SYNTAX_ERROR, "syntax error".into())
}

/// `gettoken_query` of ltxtquery_io.c.
pub fn ltxtquery(text: &str) -> Checked {
    let (mut state, mut depth) = (State::Operand, 0u32);
    for it in text.chars() {
        if !it.is_ascii() {
            return Ok(());
        }
        if let State::Word(flagged) = state {
            match it {
                _ if in_label(it) && flagged => {
                    return refuse(code::SYNTAX_ERROR, "modifiers syntax error".into());
                }
                _ if in_label(it) => continue,
                '%' | '@' | '*' => {
                    state = State::Word(true);
                    continue;
                }
                _ => state = State::Operator,
            }
        }
        state = match (state, it) {
            (State::Operand, '!') => State::Operand,
            (State::Operand, '(') => {
                depth += 1;
                State::Operand
            }
            (State::Operand, _) if in_label(it) => State::Word(false),
            (State::Operand, _) if it.is_ascii_whitespace() || it == '\u{b}' => State::Operand,
            (State::Operand, _) => return operand(),
            _ => match operator(it, &mut depth) {
                Some(next) => next,
                None => return wrong(),
            },
        };
    }
    match state {
        State::Operand => operand(),
        _ if depth > 0 => wrong(),
        _ => Ok(()),
    }
}

fn operand() -> Checked {
    refuse(code::SYNTAX_ERROR, "operand syntax error".into())
}

/// What may stand behind an operand.
fn operator(it: char, depth: &mut u32) -> Option<State> {
    match it {
        '&' | '|' => Some(State::Operand),
        ')' => {
            *depth = depth.checked_sub(1)?;
            Some(State::Operator)
        }
        ' ' => Some(State::Operator),
        _ => None,
    }
}

/// `gettoken` of _int_bool.c.
pub fn query_int(text: &str) -> Checked {
    let (mut state, mut depth, mut n_digits) = (State::Operand, 0u32, 0);
    for it in text.chars() {
        if state == State::Number {
            if it.is_ascii_digit() {
                n_digits += 1;
                // How large a number may be is another question.
                if n_digits > 9 {
                    return Ok(());
                }
                continue;
            }
            state = State::Operator;
        }
        state = match (state, it) {
            (State::Operand, '-' | '0'..='9') => {
                n_digits = 1;
                State::Number
            }
            (State::Operand, '!' | ' ') => State::Operand,
            (State::Operand, '(') => {
                depth += 1;
                State::Operand
            }
            (State::Operand, _) => return wrong(),
            _ => match operator(it, &mut depth) {
                Some(next) => next,
                None => return wrong(),
            },
        };
    }
    if state == State::Operand || depth > 0 { wrong() } else { Ok(()) }
}
