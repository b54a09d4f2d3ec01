//! `RAISE [level] ['format' [, expression, …]] [USING option = expression, …];` (`stmt_raise`,
//! `check_raise_parameters`).

use super::{PieceKind, Reader};
use crate::sql::token::{StringPrefix, TokenKind};

const OPTIONS: [&str; 9] =
    ["errcode", "message", "detail", "hint", "column", "constraint", "datatype", "table", "schema"];

impl Reader<'_> {
    pub(super) fn raise(&mut self) {
        self.at += 1;
        if matches!(self.word(0).as_str(), "debug" | "log" | "info" | "notice" | "warning" | "exception") {
            self.at += 1;
        }
        if let Some((_, name)) = self.ident(0)
            && !matches!(self.word(0).as_str(), "sqlstate" | "using" | "info" | "exception")
        {
            self.res.conditions.push(name);
        }
        if self.word(0) == "sqlstate" {
            self.state(self.at + 1);
        }
        let end = self.end_of_statement();
        let (using, has_options) = self.find_word(&["using"]);
        let behind = using.min(end);
        self.parameters(behind);
        if matches!(self.kind(0), Some(TokenKind::String { .. })) && self.kind(1) == Some(TokenKind::Comma) {
            self.piece(PieceKind::Expression, self.at + 2, behind);
        }
        if has_options {
            self.at = using + 1;
            while self.at < end {
                let (comma, _) = self.find(|it| it.kind == TokenKind::Comma);
                if self.is_assign(1) {
                    let option = self.word(0);
                    if let Some(token) = self.tokens.get(self.at)
                        && !option.is_empty()
                        && !OPTIONS.contains(&option.as_str())
                    {
                        let message = format!("unrecognized RAISE statement option at or near \"{option}\"");
                        self.res.errors.push((token.range, message));
                    }
                    self.piece(PieceKind::Expression, self.at + 2, comma.min(end));
                }
                self.at = comma + 1;
            }
        }
        self.left = true;
        self.at = end + 1;
    }

    /// As many expressions as the format has places.
    fn parameters(&mut self, end: usize) {
        let Some(format) = self.tokens.get(self.at).copied() else { return };
        let plain = matches!(
            format.kind,
            TokenKind::String { prefix: StringPrefix::None | StringPrefix::Dollar, terminated: true }
        );
        let follows =
            matches!(self.kind(1), Some(TokenKind::Comma | TokenKind::Semicolon)) || self.word(1) == "using";
        if !plain || !follows || end >= self.tokens.len() {
            return;
        }
        let text = format.text(self.body).replace("%%", "");
        let n_places = text.matches('%').count();
        let mut depth = 0usize;
        let mut n_given = 0;
        for token in self.tokens.iter().take(end).skip(self.at + 1) {
            match token.kind {
                TokenKind::OpenParen | TokenKind::OpenBracket => depth += 1,
                TokenKind::CloseParen | TokenKind::CloseBracket => depth = depth.saturating_sub(1),
                TokenKind::Comma if depth == 0 => n_given += 1,
                _ => {}
            }
        }
        let word = match n_given.cmp(&n_places) {
            std::cmp::Ordering::Equal => return,
            std::cmp::Ordering::Less => "few",
            std::cmp::Ordering::Greater => "many",
        };
        self.res.errors.push((format.range, format!("too {word} parameters specified for RAISE")));
    }

    /// `SQLSTATE '12345'`: five digits and capital letters, in the token at `at`.
    pub(super) fn state(&mut self, at: usize) {
        let Some(token) = self.tokens.get(at) else { return };
        let plain = TokenKind::String { prefix: StringPrefix::None, terminated: true };
        let text = token.text(self.body);
        let Some(state) = text.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')) else { return };
        let fits = |it: char| it.is_ascii_digit() || it.is_ascii_uppercase();
        if token.kind == plain && !(state.len() == 5 && state.chars().all(fits)) {
            self.res.errors.push((token.range, format!("invalid SQLSTATE code at or near \"{text}\"")));
        }
    }
}
