//! DECLARE: variables and cursors.

use super::{DeclaredType, Open, PieceKind, Reader};
use crate::sql::token::TokenKind;

impl Reader<'_> {
    pub(super) fn declarations(&mut self) {
        // The block that follows owns them.
        let scope = self.new_scope();
        let first = self.res.pieces.len();
        self.open.push(Open::Block { scope, first, handling: false });
        self.at += 1;
        while self.at < self.tokens.len() && self.word(0) != "begin" {
            if self.word(0) == "declare" {
                self.at += 1;
                continue;
            }
            self.declaration(scope);
        }
        self.res.whole &= self.word(0) == "begin";
        self.at += 1;
    }

    pub(super) fn declaration(&mut self, scope: usize) {
        let Some((name, at)) = self.ident(0) else {
            if !self.is_op(0, "<<") && self.kind(0) != Some(TokenKind::Semicolon) {
                self.res.whole = false;
            }
            return self.skip_statement();
        };
        self.at += 1;
        if self.word(0) == "alias" && self.word(1) == "for" {
            let what = self.bytes(self.at + 2, self.end_of_statement());
            self.declare(scope, name, at, what.map_or(DeclaredType::Unknown, DeclaredType::Alias));
            return self.skip_statement();
        }
        let is_cursor = match self.word(0).as_str() {
            "cursor" => {
                matches!(self.word(1).as_str(), "for" | "is") || self.kind(1) == Some(TokenKind::OpenParen)
            }
            "scroll" => self.word(1) == "cursor",
            "no" => self.word(1) == "scroll",
            _ => false,
        };
        if is_cursor {
            self.declare(scope, name, at, DeclaredType::Cursor);
            return self.cursor(scope, at);
        }
        if self.word(0) == "constant" {
            self.res.constants.push(at);
            self.at += 1;
        }
        let from = self.at;
        let (end, found) = self.find(|it| {
            let word = |word| it.is_word(self.body, word);
            word("default")
                || word("collate")
                || word("not")
                || it.kind == TokenKind::ColonEquals
                || (it.kind == TokenKind::Operator && it.text(self.body) == "=")
        });
        let ty = self.bytes(from, end).map_or(DeclaredType::Unknown, DeclaredType::Written);
        self.declare(scope, name, at, ty);
        self.declared_type(from, end);
        self.at = end;
        if !found {
            return self.skip_statement();
        }
        let (value, found) = self.find(|it| {
            it.is_word(self.body, "default")
                || it.kind == TokenKind::ColonEquals
                || (it.kind == TokenKind::Operator && it.text(self.body) == "=")
        });
        if !found {
            return self.skip_statement();
        }
        self.at = value + 1;
        self.expression();
        self.assigns(Some(at));
    }

    /// Types that are not copied from something else.
    pub(super) fn declared_type(&mut self, from: usize, to: usize) {
        let Some(range) = self.bytes(from, to) else { return };
        let Some(text) = self.body.get(usize::from(range.start())..usize::from(range.end())) else { return };
        let copies = text.contains(['%', '\n']) || text.eq_ignore_ascii_case("record") || text.contains("--");
        if !copies {
            self.piece(PieceKind::Type, from, to);
        }
    }
}
