//! The judge: is this statement a syntax error, and where?
//!
//! PostgreSQL: its scanner's rules ([`lexical`]) and, only with the tolerant parser's consent, LR tables made of its
//! own grammar ([`grammar`]). SQLite and MySQL: `sqlparser`, whose word is a hint.

mod escapes;
mod grammar;
mod lexical;
mod other;
mod postgres18;
mod quiet;

use super::token::{Token, TokenKind, significant};
use super::{Dialect, SyntaxError};
use crate::base::text::{TextRange, range, slice};

/// `tolerant_refuses`: the tolerant parser found errors in `text`; a PostgreSQL error needs its consent, unless
/// the text has no tokens to parse. `None`: accepted, or not certain.
pub fn verdict(text: &str, dialect: Dialect, tolerant_refuses: bool) -> Option<SyntaxError> {
    match dialect {
        Dialect::Postgres => postgres(text, tolerant_refuses).map(|it| at_open_quote(text, it)),
        _ => other::verdict(text, dialect),
    }
}

/// For each of `probes` whether PostgreSQL's grammar takes it behind the tokens of `prefix`.
pub fn accepts(prefix: &str, tokens: &[Token], probes: &[&str]) -> Vec<bool> {
    grammar::accepts(prefix, tokens, probes)
}

/// An error behind a quoted text that holds the end of a statement: the quote was meant to end before, and everything
/// behind it is read inside out. The error is that quote's.
fn at_open_quote(text: &str, error: SyntaxError) -> SyntaxError {
    if !text.contains(';') {
        return error;
    }
    let ends_statement = |it: &str| {
        it.match_indices(';').any(|(at, _)| {
            let rest = it.get(at + 1..).unwrap_or_default().trim_start_matches([' ', '\t', '\r']);
            rest.starts_with('\n')
        })
    };
    let quoted = significant(text).into_iter().find(|it| {
        let plain = matches!(it.kind, TokenKind::String { prefix, .. } if prefix != super::token::StringPrefix::Dollar);
        (plain || matches!(it.kind, TokenKind::QuotedIdent { .. })) && ends_statement(slice(text, it.range))
    });
    let Some(quoted) = quoted.filter(|it| it.range.end() <= error.range.start()) else { return error };
    let line = slice(text, quoted.range).lines().next().unwrap_or_default();
    let start = usize::from(quoted.range.start());
    let kind = if line.starts_with('"') { "identifier" } else { "string" };
    SyntaxError {
        range: range(start, start + line.len()),
        message: format!("unterminated quoted {kind} at or near \"{line}\""),
        certain: error.certain,
        sqlstate: error.sqlstate,
        since: error.since,
    }
}

fn postgres(text: &str, tolerant_refuses: bool) -> Option<SyntaxError> {
    let bad = lexical::first(text);
    let mut tokens = significant(text);
    let constant = if bad.is_none() { odd_constant(text, &tokens) } else { None };
    if bad.is_none()
        && !tolerant_refuses
        && constant.is_none()
        && !(tokens.len() <= 6 && is_definition(text, &tokens))
    {
        return None;
    }
    if let Some(bad) = &bad {
        tokens.retain(|it| it.range.start() < bad.start());
    }
    let place = grammar::first_error(text, &tokens);
    if let Some(bad) = bad {
        // PostgreSQL scans one token ahead of its parser, two ahead after a few words.
        let earlier = match place {
            Some(grammar::Place::Token(at)) if tolerant_refuses => Some(at)
                .filter(|at| !(looks_ahead(text, *at) && tokens.last().is_some_and(|it| it.range == *at))),
            _ => None,
        };
        return match earlier {
            Some(at) => near(text, at),
            None if bad.certain || tolerant_refuses => Some(SyntaxError {
                range: bad.range,
                message: bad.message(text),
                certain: true,
                sqlstate: "42601",
                since: None,
            }),
            None => None,
        };
    }
    match place? {
        grammar::Place::Token(at) => {
            if tolerant_refuses || constant == Some(at) {
                near(text, at)
            } else {
                None
            }
        }
        grammar::Place::End => Some(SyntaxError {
            range: range(text.len(), text.len()),
            message: "syntax error at end of input".into(),
            certain: true,
            sqlstate: "42601",
            since: None,
        }),
    }
}

/// The tolerant parser takes `ALTER TABLE t` and the like without anything behind it; that such a text is not
/// complete, the tables alone may say.
fn is_definition(text: &str, tokens: &[Token]) -> bool {
    tokens
        .first()
        .is_some_and(|it| ["alter", "create", "drop", "discard"].iter().any(|word| it.is_word(text, word)))
}

/// A constant in a definition that the tolerant parser takes anywhere, and the grammar not: a number that is no
/// integer of four bytes, a string as the length of a type.
fn odd_constant(text: &str, tokens: &[Token]) -> Option<TextRange> {
    const SIZED: [&str; 8] =
        ["char", "character", "varchar", "varying", "time", "timestamp", "interval", "float"];
    if !is_definition(text, tokens) {
        return None;
    }
    let odd = |idx: usize, token: &Token| match token.kind {
        TokenKind::Number(_) => slice(text, token.range).parse::<i32>().is_err(),
        TokenKind::String { .. } => {
            let before = |n: usize| idx.checked_sub(n).and_then(|it| tokens.get(it));
            before(1).is_some_and(|it| it.kind == TokenKind::OpenParen)
                && before(2).is_some_and(|it| SIZED.iter().any(|word| it.is_word(text, word)))
        }
        _ => false,
    };
    let mut all = tokens.iter().enumerate().filter(|(idx, it)| odd(*idx, it)).map(|it| it.1.range);
    let first = all.next()?;
    // The tables tell of the first error alone.
    let place = grammar::first_error(text, tokens)?;
    match place {
        grammar::Place::Token(at) => std::iter::once(first).chain(all).find(|it| *it == at),
        grammar::Place::End => None,
    }
}

fn near(text: &str, at: TextRange) -> Option<SyntaxError> {
    if is_variable(text, at) {
        return None;
    }
    let message = format!("syntax error at or near \"{}\"", slice(text, at));
    Some(SyntaxError { range: at, message, certain: true, sqlstate: "42601", since: None })
}

/// `parser.c` looks one token further behind these words.
fn looks_ahead(text: &str, at: TextRange) -> bool {
    let word = slice(text, at).to_ascii_lowercase();
    matches!(word.as_str(), "not" | "nulls" | "with" | "without" | "format") || word.starts_with("u&")
}

/// `:name`, `:'name'`: psql and many query tools put a value there before PostgreSQL sees the text.
fn is_variable(text: &str, at: TextRange) -> bool {
    let mut chars = text.get(at.start().into()..).unwrap_or("").chars();
    chars.next() == Some(':')
        && chars.next().is_some_and(|it| it.is_alphabetic() || matches!(it, '_' | '\'' | '"' | '{'))
}

/// Whether `first` and `second` are parts of one string constant: PostgreSQL joins quoted strings that are separated
/// by white space with a line break in it (manual §4.1.2.1).
fn continues(text: &str, first: &Token, second: &Token) -> bool {
    use super::token::StringPrefix;
    let joins = matches!(first.kind, TokenKind::String { prefix, terminated: true } if prefix != StringPrefix::Dollar);
    let plain = matches!(second.kind, TokenKind::String { prefix: StringPrefix::None, .. });
    if !joins || !plain {
        return false;
    }
    let between = slice(text, TextRange::new(first.range.end(), second.range.start()));
    between.contains(['\n', '\r'])
        && super::token::lex(between)
            .iter()
            .all(|it| matches!(it.kind, TokenKind::Whitespace | TokenKind::LineComment))
}

#[cfg(test)]
mod tests;
