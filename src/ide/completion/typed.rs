//! What is being typed: the word under the cursor, and the text with a stand-in name in its place.

use crate::sema::scope::MARKER;
use crate::sql::Dialect;
use crate::sql::token::{StringPrefix, Token, TokenKind, lex, normalise};

/// How the word under the cursor is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    Bare,
    /// Inside of `"…"`.
    Ident,
    /// Inside of `'…'`; `closed`: the closing quote is there.
    String {
        closed: bool,
    },
    /// `$`, `$1`.
    Param,
}

#[derive(Debug, Clone)]
pub struct Typed {
    /// The statement with [`MARKER`] instead of the word.
    pub text: String,
    /// Where [`MARKER`] starts in `text`; the text before it is as it was typed.
    pub at: usize,
    /// The part of the word (or string) before the cursor.
    pub prefix: String,
    /// Bytes of the word before and behind the cursor.
    pub before: usize,
    pub after: usize,
    pub quoting: Quoting,
}

impl Typed {
    /// The text before the word.
    pub fn head(&self) -> &str {
        self.text.get(..self.at).unwrap_or("")
    }

    /// The text behind the word.
    pub fn tail(&self) -> &str {
        self.text.get(self.at + MARKER.len()..).unwrap_or("")
    }
}

/// `None`: nothing is completed there (a comment, a number, an ordinary constant).
pub fn typed(text: &str, offset: usize, dialect: Dialect) -> Option<Typed> {
    let normal = normalise(text, dialect);
    let tokens = lex(&normal);
    let token = tokens.iter().find(|it| start(it) < offset && offset <= end(it));
    let replaced = |from: usize, to: usize, quoting, inner: usize| {
        let mut res = String::with_capacity(text.len() + MARKER.len() + 2);
        res.push_str(text.get(..from)?);
        let at = res.len();
        res.push_str(MARKER);
        let tail = text.get(to..)?;
        let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '"' | '\'');
        if tail.starts_with(joins) {
            res.push(' ');
        }
        res.push_str(tail);
        let prefix = text.get(inner..offset)?.to_owned();
        Some(Typed { text: res, at, prefix, before: 0, after: 0, quoting })
    };
    let here = || replaced(offset, offset, Quoting::Bare, offset);
    let Some(token) = token else { return here() };
    let (from, to) = (start(token), end(token));
    let closes_at_cursor = offset == to;
    match token.kind {
        TokenKind::Word => {
            let word = replaced(from, to, Quoting::Bare, from)?;
            Some(Typed { before: offset - from, after: to - offset, ..word })
        }
        TokenKind::LineComment => None,
        TokenKind::BlockComment { terminated } => (terminated && closes_at_cursor).then(here).flatten(),
        TokenKind::QuotedIdent { terminated, unicode } => {
            if unicode || (terminated && closes_at_cursor) {
                return None;
            }
            let is_name = |c: &char| c.is_alphanumeric() || *c == '_';
            let rest = text.get(offset..to)?;
            let word: usize = rest.chars().take_while(is_name).map(char::len_utf8).sum();
            let until = if terminated { to } else { offset + word };
            let word = replaced(from, until, Quoting::Ident, from + 1)?;
            Some(Typed { before: offset - from, after: until - offset, ..word })
        }
        TokenKind::String { prefix, terminated } => {
            let letters = match prefix {
                StringPrefix::None => 0,
                StringPrefix::Escape | StringPrefix::National => 1,
                _ => return None,
            };
            let inner = from + letters + 1;
            if offset < inner || (terminated && closes_at_cursor) {
                return None;
            }
            let rest = text.get(offset..to)?;
            // A constant that is left open ends with its line: what follows is not meant to be part of it.
            let until = if terminated { to } else { offset + rest.find(['\n', '\r']).unwrap_or(rest.len()) };
            let word = replaced(from, until, Quoting::String { closed: terminated }, inner)?;
            let after = if terminated { until.saturating_sub(1).saturating_sub(offset) } else { 0 };
            Some(Typed { before: offset - inner, after, ..word })
        }
        TokenKind::Param { .. } => {
            let word = replaced(from, to, Quoting::Param, from)?;
            Some(Typed { before: offset - from, after: to - offset, ..word })
        }
        TokenKind::Unknown if token.text(text) == "$" => {
            let word = replaced(from, to, Quoting::Param, from)?;
            Some(Typed { before: 1, after: 0, ..word })
        }
        TokenKind::Number(_) | TokenKind::Colon | TokenKind::Unknown => None,
        _ => here(),
    }
}

fn start(token: &Token) -> usize {
    token.range.start().into()
}

fn end(token: &Token) -> usize {
    token.range.end().into()
}
