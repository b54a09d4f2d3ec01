//! Tokens of a SQL text, with PostgreSQL's boundaries (`scan.l`): operators are whole, `::`, `:=`, `..` are one token.

use std::borrow::Cow;

use super::Dialect;
use crate::base::text::{TextRange, range, slice};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    Whitespace,
    LineComment,
    /// Nested comments included.
    BlockComment {
        terminated: bool,
    },
    /// A bare identifier or keyword.
    Word,
    /// `"…"` and `U&"…"`.
    QuotedIdent {
        terminated: bool,
        unicode: bool,
    },
    String {
        prefix: StringPrefix,
        terminated: bool,
    },
    Number(Number),
    /// `$1`; `junk` when letters follow the digits.
    Param {
        junk: bool,
    },
    /// Every operator that is not one of the kinds below, whole: `<=`, `->>`, `+`, `*`.
    Operator,
    /// `::`.
    Typecast,
    /// `:=`.
    ColonEquals,
    /// `..`.
    DotDot,
    Colon,
    Dot,
    Comma,
    Semicolon,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    /// A character that starts no token: `{`, `\`, a lone `$`.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StringPrefix {
    None,
    /// `E'…'`.
    Escape,
    /// `U&'…'`.
    Unicode,
    /// `B'…'`.
    Bit,
    /// `X'…'`.
    Hex,
    /// `N'…'`.
    National,
    /// `$$…$$`, `$tag$…$tag$`.
    Dollar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Number {
    Integer,
    /// With a decimal point or an exponent.
    Decimal,
    /// `1a`, `1.5e`, `0b12`.
    Junk,
    /// `0x`, `0o`, `0b` without digits.
    EmptyHex,
    EmptyOctal,
    EmptyBinary,
}

impl TokenKind {
    pub fn is_trivia(self) -> bool {
        matches!(self, TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub range: TextRange,
}

impl Token {
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        slice(text, self.range)
    }

    /// Whether this is the bare word `word` (given in lower case), in any case.
    pub fn is_word(&self, text: &str, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text(text).eq_ignore_ascii_case(word)
    }
}

/// Every token in order, trivia included: together they are the text.
pub fn lex(text: &str) -> Vec<Token> {
    let mut res = Vec::with_capacity(text.len() / 4);
    let mut from = Some(0);
    while let Some(at) = from {
        from = lex_from(text, at, &mut res);
    }
    res
}

/// The tokens from `from` on; where to go on when the rest was not lexed, for a string ends elsewhere than it seems.
fn lex_from(text: &str, from: usize, res: &mut Vec<Token>) -> Option<usize> {
    let mut raw = raw_tokens(text, from).peekable();
    while let Some((kind, start, end)) = raw.next() {
        let (kind, end) = match convert(kind, start, end, text) {
            Some(TokenKind::String { prefix: StringPrefix::None, .. })
                if continues_escapes(text, res, start) =>
            {
                // Backslashes escape in the second part of `E'…'` too.
                let (true_end, terminated) = escaped_end(text.as_bytes(), start);
                let kind = TokenKind::String { prefix: StringPrefix::None, terminated };
                res.push(Token { kind, range: range(start, true_end) });
                if true_end != end {
                    return Some(true_end);
                }
                continue;
            }
            Some(it) => (it, end),
            None => {
                // PostgreSQL takes the longest run of operator characters, then gives back a trailing `+` or `-`
                // unless the run holds a character that no SQL-standard operator has.
                let mut run_end = end;
                while let Some((next, _, next_end)) = raw.peek()
                    && is_operator_char(*next)
                {
                    run_end = *next_end;
                    raw.next();
                }
                operators(text, start, run_end, res);
                continue;
            }
        };
        match (kind, res.last_mut()) {
            (TokenKind::Colon, Some(last))
                if last.kind == TokenKind::Colon && usize::from(last.range.end()) == start =>
            {
                last.kind = TokenKind::Typecast;
                last.range = last.range.cover(range(start, end));
            }
            _ => res.push(Token { kind, range: range(start, end) }),
        }
    }
    None
}

/// Whether a quote at `start` goes on with an `E'…'` (manual §4.1.2.1): only white space with a line break, and line
/// comments, stand between.
fn continues_escapes(text: &str, before: &[Token], start: usize) -> bool {
    let mut behind = start;
    for token in before.iter().rev() {
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment => {}
            TokenKind::String { prefix, terminated: true } => {
                let between = text.get(usize::from(token.range.end())..behind).unwrap_or("");
                if !between.contains(['\n', '\r'])
                    || !matches!(prefix, StringPrefix::Escape | StringPrefix::None)
                {
                    return false;
                }
                if prefix == StringPrefix::Escape {
                    return true;
                }
                behind = token.range.start().into();
            }
            _ => return false,
        }
    }
    false
}

/// Where the string that begins with the quote at `at` ends when backslashes escape, and whether it does.
fn escaped_end(bytes: &[u8], at: usize) -> (usize, bool) {
    let mut at = at + 1;
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (None, _) => return (bytes.len(), false),
            (Some(b'\\'), Some(_)) | (Some(b'\''), Some(b'\'')) => at += 2,
            (Some(b'\''), _) => return (at + 1, true),
            _ => at += 1,
        }
    }
}

/// The tokens that are not white space or comments.
pub fn significant(text: &str) -> Vec<Token> {
    let mut res = lex(text);
    res.retain(|it| !it.kind.is_trivia());
    res
}

fn raw_tokens(text: &str, from: usize) -> impl Iterator<Item = (squawk_lexer::TokenKind, usize, usize)> + '_ {
    let mut start = from;
    squawk_lexer::tokenize(text.get(from..).unwrap_or("")).map(move |it| {
        let res = (it.kind, start, start + it.len as usize);
        start = res.2;
        res
    })
}

fn is_operator_char(kind: squawk_lexer::TokenKind) -> bool {
    use squawk_lexer::TokenKind as K;
    matches!(
        kind,
        K::Slash
            | K::Minus
            | K::Eq
            | K::Gt
            | K::And
            | K::Lt
            | K::Bang
            | K::Plus
            | K::Tilde
            | K::Pound
            | K::Question
            | K::Or
            | K::Percent
            | K::Caret
            | K::Star
            | K::Backtick
            | K::At
    )
}

/// `None` for operator characters.
fn convert(kind: squawk_lexer::TokenKind, start: usize, end: usize, text: &str) -> Option<TokenKind> {
    use squawk_lexer::{LiteralKind as L, TokenKind as K};
    let string = |prefix, terminated| TokenKind::String { prefix, terminated };
    let len = (end - start) as u32;
    Some(match kind {
        K::Whitespace => TokenKind::Whitespace,
        K::LineComment => TokenKind::LineComment,
        K::BlockComment { terminated } => TokenKind::BlockComment { terminated },
        K::Ident => TokenKind::Word,
        K::QuotedIdent { terminated, uescape } => TokenKind::QuotedIdent { terminated, unicode: uescape },
        K::PositionalParam { .. } if len == 1 => TokenKind::Unknown,
        K::PositionalParam { trailing_junk_start: 1 } => TokenKind::Unknown,
        K::PositionalParam { trailing_junk_start } => TokenKind::Param { junk: trailing_junk_start < len },
        K::Literal { kind } => match kind {
            L::Str { terminated } => string(StringPrefix::None, terminated),
            L::NationalStr { terminated } => string(StringPrefix::National, terminated),
            L::ByteStr { terminated } => string(StringPrefix::Hex, terminated),
            L::BitStr { terminated } => string(StringPrefix::Bit, terminated),
            L::DollarQuotedString { terminated } => string(StringPrefix::Dollar, terminated),
            L::UnicodeEscStr { terminated } => string(StringPrefix::Unicode, terminated),
            L::EscStr { terminated } => string(StringPrefix::Escape, terminated),
            L::Int { .. } | L::Numeric { .. } => {
                TokenKind::Number(number(text.get(start..end).unwrap_or("")))
            }
        },
        K::Semi => TokenKind::Semicolon,
        K::Colon if text.as_bytes().get(end) == Some(&b'=') => return None,
        K::Colon => TokenKind::Colon,
        K::Dot => TokenKind::Dot,
        K::DotDot => TokenKind::DotDot,
        K::Comma => TokenKind::Comma,
        K::OpenParen => TokenKind::OpenParen,
        K::CloseParen => TokenKind::CloseParen,
        K::OpenBracket => TokenKind::OpenBracket,
        K::CloseBracket => TokenKind::CloseBracket,
        K::OpenCurly | K::CloseCurly | K::Unknown | K::Eof => TokenKind::Unknown,
        _ => return None,
    })
}

/// What `scan.l` makes of the characters that the lexer took for a number.
fn number(text: &str) -> Number {
    let bytes = text.as_bytes();
    let digits = |from: usize, is_digit: fn(&u8) -> bool| {
        // A digit, or an underscore with a digit behind it.
        let mut at = from;
        loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b), _) if is_digit(b) => at += 1,
                (Some(b'_'), Some(b)) if is_digit(b) => at += 2,
                _ => return at,
            }
        }
    };
    if let [b'0', letter, ..] = bytes {
        type Radix = (fn(&u8) -> bool, Number);
        let radix: Option<Radix> = match letter.to_ascii_lowercase() {
            b'x' => Some((u8::is_ascii_hexdigit, Number::EmptyHex)),
            b'o' => Some((|it| matches!(it, b'0'..=b'7'), Number::EmptyOctal)),
            b'b' => Some((|it| matches!(it, b'0' | b'1'), Number::EmptyBinary)),
            _ => None,
        };
        if let Some((is_digit, empty)) = radix {
            let end = digits(2, is_digit);
            return match end {
                _ if end == bytes.len() && end > 2 => Number::Integer,
                _ if bytes.len() == 2 || (bytes.len() == 3 && bytes.get(2) == Some(&b'_')) => empty,
                _ => Number::Junk,
            };
        }
    }
    let mut at = if bytes.first() == Some(&b'.') { 0 } else { digits(0, u8::is_ascii_digit) };
    let mut res = Number::Integer;
    if bytes.get(at) == Some(&b'.') {
        res = Number::Decimal;
        // No underscore straight behind the point.
        at = if bytes.get(at + 1) == Some(&b'_') { at + 1 } else { digits(at + 1, u8::is_ascii_digit) };
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits(at + 1 + sign, u8::is_ascii_digit);
        if bytes.get(at + 1 + sign).is_some_and(u8::is_ascii_digit) {
            res = Number::Decimal;
            at = end;
        }
    }
    if at == bytes.len() { res } else { Number::Junk }
}

/// Splits a run of operator characters (with a leading `:` for `:=`) into tokens.
fn operators(text: &str, start: usize, end: usize, acc: &mut Vec<Token>) {
    let bytes = text.as_bytes();
    let mut at = start;
    if bytes.get(at) == Some(&b':') {
        acc.push(Token { kind: TokenKind::ColonEquals, range: range(at, at + 2) });
        at += 2;
    }
    while at < end {
        let mut stop = end;
        let run = bytes.get(at..stop).unwrap_or(&[]);
        if !run.iter().any(|it| b"~!@#^&|`?%".contains(it)) {
            while stop > at + 1 && matches!(bytes.get(stop - 1), Some(b'+' | b'-')) {
                stop -= 1;
            }
        }
        acc.push(Token { kind: TokenKind::Operator, range: range(at, stop) });
        at = stop;
    }
}

/// The text as PostgreSQL's lexer can read it, byte for byte: backquoted and bracketed identifiers become `"…"`,
/// MySQL's double-quoted strings `'…'`, its `#` comments white space, its backslash escapes harmless letters.
pub fn normalise(text: &str, dialect: Dialect) -> Cow<'_, str> {
    if dialect == Dialect::Postgres {
        return Cow::Borrowed(text);
    }
    let mysql = dialect == Dialect::Mysql;
    let relevant: &[u8] = if mysql { b"`#\"\\" } else { b"`[" };
    if !text.bytes().any(|it| relevant.contains(&it)) {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        at = match b {
            b'-' if bytes.get(at + 1) == Some(&b'-') => line_end(&bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => block_end(&bytes, at),
            b'#' if mysql => {
                let end = line_end(&bytes, at);
                bytes[at..end].fill(b' ');
                end
            }
            b'\'' => requote(&mut bytes, at, b'\'', b'\'', mysql),
            b'"' if mysql => requote(&mut bytes, at, b'"', b'\'', true),
            b'"' => requote(&mut bytes, at, b'"', b'"', false),
            b'`' => requote(&mut bytes, at, b'`', b'"', false),
            b'[' if !mysql => match bytes[at..].iter().position(|it| *it == b']' || *it == b'\n') {
                Some(len) if bytes.get(at + len) == Some(&b']') => {
                    bytes[at] = b'"';
                    bytes[at + len] = b'"';
                    at + len + 1
                }
                _ => at + 1,
            },
            _ => at + 1,
        };
    }
    // Only whole ASCII characters were replaced, or whole comments.
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|it| *it == b'\n').map_or(bytes.len(), |it| at + it)
}

fn block_end(bytes: &[u8], at: usize) -> usize {
    let body = bytes.get(at + 2..).unwrap_or(&[]);
    body.windows(2).position(|it| it == b"*/").map_or(bytes.len(), |it| at + 2 + it + 2)
}

/// Rewrites the quoted text at `at` from one quote to another and returns where it ends. A quote of the new kind
/// inside becomes `_`.
fn requote(bytes: &mut [u8], at: usize, from: u8, to: u8, escapes: bool) -> usize {
    let mut end = at + 1;
    loop {
        match bytes.get(end) {
            None => return end,
            Some(b'\\') if escapes => {
                bytes[end] = b'_';
                if let Some(next) = bytes.get_mut(end + 1)
                    && next.is_ascii()
                {
                    *next = b'_';
                }
                end += 2;
            }
            Some(b) if *b == from => {
                if bytes.get(end + 1) == Some(&from) {
                    bytes[end] = to;
                    bytes[end + 1] = to;
                    end += 2;
                    continue;
                }
                bytes[at] = to;
                bytes[end] = to;
                return end + 1;
            }
            Some(b) if *b == to => {
                bytes[end] = b'_';
                end += 1;
            }
            Some(_) => end += 1,
        }
    }
}

#[cfg(test)]
mod tests;
