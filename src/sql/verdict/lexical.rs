//! What PostgreSQL's scanner refuses (`scan.l`), in its words, and what no statement of its grammar holds.

use crate::base::text::{TextRange, TextSize, range, slice};
use crate::sql::ident::DYNAMIC_MARK;
use crate::sql::keywords;
use crate::sql::token::{Number, StringPrefix, Token, TokenKind, lex};

pub struct Bad {
    pub range: TextRange,
    words: &'static str,
    /// The message is these words alone.
    bare: bool,
    /// False for characters that the scanner passes on and the grammar refuses.
    pub certain: bool,
}

impl Bad {
    pub fn start(&self) -> TextSize {
        self.range.start()
    }

    pub fn message(&self, text: &str) -> String {
        if self.bare {
            return self.words.to_owned();
        }
        format!("{} at or near \"{}\"", self.words, slice(text, self.range))
    }
}

/// The first token that no PostgreSQL statement can hold.
pub fn first(text: &str) -> Option<Bad> {
    // Most texts have none, and are not worth lexing twice: look at the kinds only.
    let tokens = lex(text);
    let mut string: Option<Token> = None;
    let mut previous: Option<Token> = None;
    for (idx, token) in tokens.iter().enumerate() {
        if token.kind.is_trivia() && !matches!(token.kind, TokenKind::BlockComment { terminated: false }) {
            continue;
        }
        // An unterminated continuation is reported where its constant starts.
        let start = match string {
            Some(first) if super::continues(text, &first, token) => first,
            _ => *token,
        };
        let stray =
            matches!(token.kind, TokenKind::Param { .. }) && previous.is_some_and(|it| is_operand(text, &it));
        let refused = if stray { Some(("syntax error", true)) } else { None };
        if let Some((words, certain)) = refusal(text, token).or(refused) {
            let whole = matches!(
                token.kind,
                TokenKind::BlockComment { .. }
                    | TokenKind::String { .. }
                    | TokenKind::QuotedIdent { terminated: false, .. }
            );
            // The scanner shows the rest of the text for what does not end.
            let end = if whole { text.len() } else { token.range.end().into() };
            // `N'…` is two tokens: the keyword NCHAR, and a string that starts at its quote.
            let national = matches!(start.kind, TokenKind::String { prefix: StringPrefix::National, .. });
            let at = usize::from(start.range.start()) + usize::from(national);
            return Some(Bad { range: range(at, end), words, bare: false, certain });
        }
        if let Some(fault) = bad_escape(text, &tokens, idx) {
            let at = usize::from(token.range.start()) + fault.at;
            let end = (at + fault.len.max(1)).min(text.len());
            let bare = fault.len == 0;
            return Some(Bad { range: range(at, end), words: fault.words, bare, certain: true });
        }
        previous = Some(*token);
        string = matches!(token.kind, TokenKind::String { .. })
            .then(|| Token { kind: start.kind, range: start.range.cover(token.range) });
    }
    None
}

/// A Unicode escape that stands for no character.
fn bad_escape(text: &str, tokens: &[Token], idx: usize) -> Option<super::escapes::Fault> {
    let token = tokens.get(idx)?;
    match token.kind {
        TokenKind::String { prefix: StringPrefix::Escape, .. } => {
            super::escapes::backslashes(token.text(text))
        }
        TokenKind::String { prefix: StringPrefix::Unicode, .. }
        | TokenKind::QuotedIdent { unicode: true, .. } => {
            let mut behind = tokens.iter().skip(idx + 1).filter(|it| !it.kind.is_trivia());
            let mut escape = '\\';
            if behind.next().is_some_and(|it| it.is_word(text, "uescape")) {
                let mut said = behind.next()?.text(text).strip_prefix('\'')?.chars();
                escape = said.next()?;
            }
            super::escapes::unicode(token.text(text), escape)
        }
        _ => None,
    }
}

/// Whether no operand can follow directly: a parameter behind a name or a constant is always an error. (The LR tables
/// are those of a grammar that takes some of them.)
fn is_operand(text: &str, token: &Token) -> bool {
    match token.kind {
        TokenKind::Word => {
            let word = token.text(text);
            keywords::keyword(word).is_none() && !word.starts_with(DYNAMIC_MARK)
        }
        TokenKind::QuotedIdent { .. } => !token.text(text).trim_start_matches('"').starts_with(DYNAMIC_MARK),
        TokenKind::String { .. }
        | TokenKind::Number(_)
        | TokenKind::Param { .. }
        | TokenKind::CloseBracket => true,
        _ => false,
    }
}

fn refusal(text: &str, token: &Token) -> Option<(&'static str, bool)> {
    let words = match token.kind {
        TokenKind::BlockComment { terminated: false } => "unterminated /* comment",
        TokenKind::QuotedIdent { terminated: false, .. } => "unterminated quoted identifier",
        TokenKind::QuotedIdent { unicode, .. }
            if token.range.len() == TextSize::from(if unicode { 4 } else { 2 }) =>
        {
            "zero-length delimited identifier"
        }
        TokenKind::String { terminated: false, prefix } => match prefix {
            StringPrefix::Bit => "unterminated bit string literal",
            StringPrefix::Hex => "unterminated hexadecimal string literal",
            StringPrefix::Dollar => "unterminated dollar-quoted string",
            _ => "unterminated quoted string",
        },
        TokenKind::Number(Number::Junk) => "trailing junk after numeric literal",
        TokenKind::Number(Number::EmptyHex) => "invalid hexadecimal integer",
        TokenKind::Number(Number::EmptyOctal) => "invalid octal integer",
        TokenKind::Number(Number::EmptyBinary) => "invalid binary integer",
        // Only PL/pgSQL has it.
        TokenKind::DotDot => "syntax error",
        TokenKind::Param { junk: true } => "trailing junk after parameter",
        TokenKind::Param { junk: false }
            if token.text(text).get(1..).is_some_and(|it| !it.is_empty() && it.parse::<i32>().is_err()) =>
        {
            "parameter number too large"
        }
        // A backslash is psql's business as long as it is not known that psql has no part in it.
        TokenKind::Unknown if token.text(text) != "\u{feff}" => return Some(("syntax error", false)),
        _ => return None,
    };
    Some((words, true))
}
