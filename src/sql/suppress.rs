//! `columnist-ignore` comments: `-- columnist-ignore code[, code]: reason` and `columnist-ignore-file`.

use smol_str::SmolStr;

use super::token::{TokenKind, lex};
use crate::base::text::{TextRange, range, slice};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The comment.
    pub range: TextRange,
    pub scope: Scope,
    /// Each code with its place. Empty: none is named.
    pub codes: Vec<(SmolStr, TextRange)>,
    /// The text behind the colon; `None` when there is none, which is a mistake of its own.
    pub reason: Option<SmolStr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The next statement or declaration.
    Next,
    /// The line it stands at the end of.
    Line,
    File,
}

const WORD: &str = "columnist-ignore";

/// The directives of a SQL text, in order.
pub fn directives(text: &str) -> Vec<Directive> {
    if !text.contains(WORD) {
        return Vec::new();
    }
    let comments = lex(text).into_iter();
    let comments =
        comments.filter(|it| matches!(it.kind, TokenKind::LineComment | TokenKind::BlockComment { .. }));
    comments.filter_map(|it| directive(text, it.range)).collect()
}

/// The directive that the comment at `comment` is; the comment may be SQL's or TypeScript's.
pub fn directive(text: &str, comment: TextRange) -> Option<Directive> {
    let start = usize::from(comment.start());
    let whole = slice(text, comment);
    let body = whole.strip_suffix("*/").unwrap_or(whole);
    let word = body.find(WORD)?;
    // Only decoration may stand before it.
    if !body[..word].chars().all(|it| it.is_whitespace() || matches!(it, '-' | '/' | '*' | '#')) {
        return None;
    }
    let mut at = word + WORD.len();
    let file = body[at..].starts_with("-file");
    if file {
        at += "-file".len();
    }
    let rest = &body[at..];
    if rest.starts_with(|it: char| it.is_alphanumeric() || matches!(it, '-' | '_')) {
        return None;
    }
    let (list, reason) = match rest.split_once(':') {
        Some((list, reason)) => (list, Some(reason.trim()).filter(|it| !it.is_empty())),
        None => (rest, None),
    };
    let mut codes = Vec::new();
    let mut from = at;
    for part in list.split_inclusive([',', ' ', '\t', '\n', '\r']) {
        let code = part.trim_end_matches([',', ' ', '\t', '\n', '\r']);
        if !code.is_empty() {
            codes.push((code.into(), range(start + from, start + from + code.len())));
        }
        from += part.len();
    }
    let line_start = text.get(..start)?.rfind(['\n', '\r']).map_or(0, |it| it + 1);
    let trailing = text.get(line_start..start)?.chars().any(|it| !it.is_whitespace() && it != '\u{feff}');
    let scope = match (file, trailing) {
        (true, _) => Scope::File,
        (false, true) => Scope::Line,
        (false, false) => Scope::Next,
    };
    Some(Directive { range: comment, scope, codes, reason: reason.map(SmolStr::from) })
}

#[cfg(test)]
mod tests;
