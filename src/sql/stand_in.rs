//! What a tool puts into a file's text before PostgreSQL sees it: `:NAME.` before a name (psql, manual, "SQL Interpolation"), and
//! named parameters `$name`. What stands for them is as long as they are, so that every place stays.

use std::borrow::Cow;

use super::ident::DYNAMIC_MARK;
use super::token::{StringPrefix, Token, TokenKind, lex};

/// Words behind which a name stands and no value.
const BEFORE_NAMES: [&str; 11] = [
    "schema",
    "table",
    "into",
    "update",
    "join",
    "view",
    "function",
    "procedure",
    "trigger",
    "sequence",
    "type",
];

/// The text of a statement of a file with names of unknown meaning for a tool's variables where an identifier stands, and
/// numbered parameters for its named ones.
pub fn readable(text: &str) -> Cow<'_, str> {
    if !may_have(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut found = Found::default();
    found.walk(text, 0, false);
    if found.places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut res = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end, new) in &found.places {
        res.push_str(text.get(from..*start).unwrap_or_default());
        res.push_str(new);
        from = *end;
    }
    res.push_str(text.get(from..).unwrap_or_default());
    if res.len() == text.len() { Cow::Owned(res) } else { Cow::Borrowed(text) }
}

/// A cheap look: a `:` or `$` with a letter behind it.
fn may_have(bytes: &[u8]) -> bool {
    let starts = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b'"');
    memchr::memchr2_iter(b':', b'$', bytes)
        .any(|at| bytes.get(at + 1).is_some_and(starts) && (at == 0 || bytes.get(at - 1) != bytes.get(at)))
}

#[derive(Default)]
struct Found<'t> {
    /// The names of parameters, by their numbers less one.
    parameters: Vec<&'t str>,
    /// Start, end and what stands there instead, in order.
    places: Vec<(usize, usize, String)>,
}

impl<'t> Found<'t> {
    /// `part` stands at `at`; `within`: in a body.
    fn walk(&mut self, part: &'t str, at: usize, within: bool) {
        let mut tokens = lex(part);
        tokens.retain(|it| !it.kind.is_trivia());
        // `json_object(key :value)` has colons of its own, as has `list[low :high]`.
        let has_json =
            tokens.iter().any(|it| it.is_word(part, "json_object") || it.is_word(part, "json_objectagg"));
        let mut brackets = 0u32;
        for (idx, token) in tokens.iter().enumerate() {
            match token.kind {
                TokenKind::OpenBracket => brackets += 1,
                TokenKind::CloseBracket => brackets = brackets.saturating_sub(1),
                TokenKind::String { prefix: StringPrefix::Dollar, terminated: true } if !within => {
                    self.body(token.text(part), at + usize::from(token.range.start()));
                }
                TokenKind::Unknown if !within => {
                    let start = at + usize::from(token.range.start());
                    self.parameter(token.text(part), start, is_behind(part, &tokens, idx));
                }
                TokenKind::Colon if brackets == 0 && !has_json => {
                    self.variable(part, at, &tokens, idx);
                }
                _ => {}
            }
        }
    }

    /// The text between `$tag$` and `$tag$`: psql leaves it alone, other tools do not.
    fn body(&mut self, whole: &'t str, at: usize) {
        let Some(tag) = whole.get(1..).and_then(|it| it.find('$')).map(|it| it + 2) else { return };
        let end = whole.len().saturating_sub(tag);
        if let Some(body) = whole.get(tag..end).filter(|it| may_have(it.as_bytes())) {
            self.walk(body, at + tag, true);
        }
    }

    /// `$name`, which is no parameter of PostgreSQL's and begins no string.
    fn parameter(&mut self, token: &'t str, at: usize, is_name: bool) {
        let Some(name) = token.strip_prefix('$').filter(|it| is_word(it)) else { return };
        if is_name {
            self.places.extend(dynamic(name, 1).map(|new| (at, at + token.len(), new)));
            return;
        }
        let known = self.parameters.iter().position(|it| *it == name);
        let number = known.unwrap_or_else(|| {
            self.parameters.push(name);
            self.parameters.len() - 1
        });
        let new = format!("${}", number + 1);
        if new.len() <= token.len() {
            self.places.push((at, at + token.len(), format!("{new:<width$}", width = token.len())));
        }
    }

    /// `:name.` and `:"name"`.
    fn variable(&mut self, part: &'t str, at: usize, tokens: &[Token], idx: usize) {
        let (Some(colon), Some(word)) = (tokens.get(idx), tokens.get(idx + 1)) else { return };
        if colon.range.end() != word.range.start() {
            return;
        }
        let (text, quotes) = match word.kind {
            TokenKind::Word => (word.text(part), 0),
            TokenKind::QuotedIdent { terminated: true, unicode: false } => {
                (word.text(part).trim_matches('"'), 2)
            }
            _ => return,
        };
        let dotted = tokens
            .get(idx + 2)
            .is_some_and(|it| it.kind == TokenKind::Dot && it.range.start() == word.range.end());
        // A value stands before what is no name: of JSON's `key :value`, of two bounds.
        let ends_value = |it: &Token| {
            matches!(
                it.kind,
                TokenKind::String { .. }
                    | TokenKind::Number(_)
                    | TokenKind::Param { .. }
                    | TokenKind::Dot
                    | TokenKind::CloseParen
            )
        };
        let begins = !idx.checked_sub(1).and_then(|it| tokens.get(it)).is_some_and(ends_value);
        let is_name = begins && (dotted || quotes > 0) || is_behind(part, tokens, idx);
        if is_name && is_word(text) {
            let (start, end) = (usize::from(colon.range.start()), usize::from(word.range.end()));
            self.places.extend(dynamic(text, 1 + quotes).map(|new| (at + start, at + end, new)));
        }
    }
}

/// Only a name can stand there.
fn is_behind(part: &str, tokens: &[Token], idx: usize) -> bool {
    let before = idx.checked_sub(1).and_then(|it| tokens.get(it));
    before.is_some_and(|it| BEFORE_NAMES.iter().any(|word| it.is_word(part, word)))
}

fn is_word(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

/// A name of unknown meaning that is as long as `name` and `more` characters.
fn dynamic(name: &str, more: usize) -> Option<String> {
    let rest = (name.len() + more).checked_sub(DYNAMIC_MARK.len_utf8())?;
    let tail = name.get(name.len().saturating_sub(rest)..)?;
    Some(format!("{DYNAMIC_MARK}{tail:_>rest$}"))
}

#[cfg(test)]
mod tests;
