//! PostgreSQL's grammar as LR tables (`postgresql-cst-parser`).
//!
//! Its own scanner is not trusted: the statement is written anew for it, one plain word for each token, and the
//! place of its error is mapped back. So comments, string contents, escapes and odd names never reach it.

use super::quiet;
use crate::base::text::{TextRange, TextSize, slice};
use crate::sql::keywords;
use crate::sql::token::{Number, StringPrefix, Token, TokenKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Token(TextRange),
    End,
}

/// A token as the tables shall see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    /// A lower-case keyword, punctuation, or the simplest token of its class.
    pub word: String,
    pub range: TextRange,
}

/// Above this many tokens a verdict would cost more than it is worth.
const MAX_TOKENS: usize = 200_000;
/// Stack for each token: lists are trees as deep as they are long, and both building and dropping recurse.
const STACK_BYTES_A_TOKEN: usize = 4096;

/// `None`: accepted, or no answer.
pub fn first_error(text: &str, tokens: &[Token]) -> Option<Place> {
    if tokens.is_empty() || tokens.len() > MAX_TOKENS {
        return None;
    }
    let mut plain = plain_tokens(text, tokens);
    let newer = super::postgres18::to_17(&mut plain);
    let mut written = String::new();
    let mut starts = Vec::with_capacity(plain.len());
    for token in &plain {
        starts.push(written.len());
        written.push_str(&token.word);
        written.push(' ');
    }
    let stack = 1_048_576 + plain.len() * STACK_BYTES_A_TOKEN;
    let at = quiet::run(stack, || match postgresql_cst_parser::parse(&written) {
        Err(postgresql_cst_parser::ParserError::ParseError { start_byte_pos, .. }) => Some(start_byte_pos),
        _ => None,
    })?;
    let Some(at) = at else { return newer };
    match starts.binary_search(&at) {
        Ok(idx) => plain.get(idx).map(|it| Place::Token(it.range)),
        Err(_) if at + 1 >= written.len() => Some(newer.unwrap_or(Place::End)),
        Err(_) => None,
    }
}

/// For each of `probes` whether it may stand behind `prefix`: no error before its end.
pub fn accepts(prefix: &str, tokens: &[Token], probes: &[&str]) -> Vec<bool> {
    /// Each probe costs a parse of the whole.
    const MAX_PREFIX: usize = 400;
    if tokens.len() > MAX_PREFIX {
        return vec![false; probes.len()];
    }
    let accept = |probe: &&str| {
        let text = format!("{prefix} {probe}");
        let mut plain = plain_tokens(&text, &crate::sql::token::significant(&text));
        if super::postgres18::to_17(&mut plain).is_some_and(|it| it != Place::End) {
            return false;
        }
        let written: String = plain.iter().flat_map(|it| [it.word.as_str(), " "]).collect();
        let parsed = std::panic::catch_unwind(|| postgresql_cst_parser::parse(&written).err());
        match parsed {
            Ok(None) => true,
            Ok(Some(postgresql_cst_parser::ParserError::ParseError { start_byte_pos, .. })) => {
                start_byte_pos + 1 >= written.len()
            }
            _ => false,
        }
    };
    let stack = 1_048_576 + (tokens.len() + 32) * STACK_BYTES_A_TOKEN;
    quiet::run(stack, || probes.iter().map(accept).collect()).unwrap_or_else(|| vec![false; probes.len()])
}

fn plain_tokens(text: &str, tokens: &[Token]) -> Vec<Plain> {
    let mut res: Vec<Plain> = Vec::with_capacity(tokens.len());
    let mut previous: Option<Token> = None;
    let mut idx = 0;
    while let Some(token) = tokens.get(idx) {
        idx += 1;
        if let Some(before) = previous
            && super::continues(text, &before, token)
            && let Some(last) = res.last_mut()
        {
            last.range = last.range.cover(token.range);
            previous = Some(Token { kind: before.kind, range: before.range.cover(token.range) });
            continue;
        }
        let is_word =
            previous.is_some_and(|it| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent { .. }));
        previous = Some(*token);
        let range = token.range;
        let mut push = |word: &str, range| res.push(Plain { word: word.into(), range });
        match token.kind {
            TokenKind::Word => match keywords::keyword(token.text(text)) {
                Some(keyword) => push(keyword.word, range),
                None => push("x", range),
            },
            TokenKind::QuotedIdent { unicode, .. } => {
                push("x", range);
                idx += if unicode { escape_clause(text, tokens, idx) } else { 0 };
            }
            TokenKind::String { prefix, .. } => match prefix {
                StringPrefix::Bit => push("b'1'", range),
                StringPrefix::Hex => push("x'1'", range),
                StringPrefix::National => {
                    // The scanner makes two tokens of it.
                    let letter = TextRange::at(range.start(), TextSize::from(1));
                    push("nchar", letter);
                    push("'x'", TextRange::new(letter.end(), range.end()));
                }
                StringPrefix::Unicode => {
                    push("'x'", range);
                    idx += escape_clause(text, tokens, idx);
                }
                _ => push("'x'", range),
            },
            TokenKind::Number(number) => {
                let integer = number == Number::Integer && fits_int4(slice(text, range));
                push(if integer { "1" } else { "1.5" }, range);
            }
            TokenKind::Param { .. } => {
                // The tables take a parameter in places where PostgreSQL takes no expression: stand-ins that are
                // nothing but expressions.
                let indirect = tokens
                    .get(idx)
                    .is_some_and(|it| matches!(it.kind, TokenKind::Dot | TokenKind::OpenBracket));
                let words: &[&str] = match (indirect, is_word) {
                    (false, _) => &["case", "when", "x", "then", "x", "end"],
                    (true, false) => &["(", "x", ")"],
                    (true, true) => &["$1"],
                };
                words.iter().for_each(|it| push(it, range));
            }
            _ => push(token.text(text), range),
        }
    }
    res
}

/// Number of tokens of a `UESCAPE '!'` at `idx`, which the scanner swallows.
fn escape_clause(text: &str, tokens: &[Token], idx: usize) -> usize {
    let is_escape = tokens.get(idx).is_some_and(|it| it.is_word(text, "uescape"));
    let is_string = tokens.get(idx + 1).is_some_and(|it| matches!(it.kind, TokenKind::String { .. }));
    if is_escape && is_string { 2 } else { 0 }
}

/// Larger integer constants are numeric to the grammar.
fn fits_int4(text: &str) -> bool {
    let digits = text.replace('_', "").to_ascii_lowercase();
    let (digits, radix) = match digits.get(..2) {
        Some("0x") => (digits.get(2..), 16),
        Some("0o") => (digits.get(2..), 8),
        Some("0b") => (digits.get(2..), 2),
        _ => (digits.get(..), 10),
    };
    digits.is_some_and(|it| i32::from_str_radix(it, radix).is_ok())
}
