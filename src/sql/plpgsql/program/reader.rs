//! The reader of a block: its tokens, scopes and pieces.

use super::{Declared, DeclaredType, Open, Piece, PieceKind, Reader, Scope, Target};
use crate::base::text::TextRange;
use crate::sql::Ident;
use crate::sql::token::{Token, TokenKind};

impl Reader<'_> {
    pub(super) fn word(&self, n: usize) -> String {
        match self.tokens.get(self.at + n) {
            Some(it) if it.kind == TokenKind::Word => it.text(self.body).to_ascii_lowercase(),
            _ => String::new(),
        }
    }

    pub(super) fn kind(&self, n: usize) -> Option<TokenKind> {
        self.tokens.get(self.at + n).map(|it| it.kind)
    }

    pub(super) fn is_op(&self, n: usize, op: &str) -> bool {
        self.tokens
            .get(self.at + n)
            .is_some_and(|it| it.kind == TokenKind::Operator && it.text(self.body) == op)
    }

    pub(super) fn is_assign(&self, n: usize) -> bool {
        self.kind(n) == Some(TokenKind::ColonEquals) || self.is_op(n, "=")
    }

    pub(super) fn ident(&self, n: usize) -> Option<(Ident, TextRange)> {
        let token = self.tokens.get(self.at + n)?;
        let name = match token.kind {
            TokenKind::Word | TokenKind::QuotedIdent { .. } => Ident::from_source(token.text(self.body)),
            _ => return None,
        };
        Some((name, token.range))
    }

    /// The bytes of the tokens from `from` up to, not including, `to`.
    pub(super) fn bytes(&self, from: usize, to: usize) -> Option<TextRange> {
        let first = self.tokens.get(from)?;
        let last = self.tokens.get(to.checked_sub(1)?)?;
        (from < to).then(|| first.range.cover(last.range))
    }

    /// The first token from the cursor on, outside of brackets, for which `is` holds; the end of the statement where
    /// there is none.
    pub(super) fn find(&self, is: impl Fn(&Token) -> bool) -> (usize, bool) {
        let mut depth = 0usize;
        let mut at = self.at;
        while let Some(token) = self.tokens.get(at) {
            match token.kind {
                TokenKind::Semicolon => return (at, false),
                _ if depth == 0 && is(token) => return (at, true),
                TokenKind::OpenParen | TokenKind::OpenBracket => depth += 1,
                TokenKind::CloseParen | TokenKind::CloseBracket => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        (at, false)
    }

    pub(super) fn find_word(&self, words: &[&str]) -> (usize, bool) {
        self.find(|it| words.iter().any(|word| it.is_word(self.body, word)))
    }

    pub(super) fn end_of_statement(&self) -> usize {
        self.find(|_| false).0
    }

    /// Behind the `;` that ends the statement.
    pub(super) fn skip_statement(&mut self) {
        let end = self.end_of_statement();
        self.res.whole &= end < self.tokens.len();
        self.cut |= end >= self.tokens.len();
        self.at = end + 1;
    }

    /// `syntax error at or near "x"`, at the token `n` places behind the cursor.
    pub(super) fn refuse(&mut self, n: usize) {
        if let Some(token) = self.tokens.get(self.at + n) {
            let message = format!("syntax error at or near \"{}\"", token.text(self.body));
            self.res.errors.push((token.range, message));
        }
    }

    fn balanced(&self, from: usize, to: usize) -> bool {
        let count =
            |kind: TokenKind| self.tokens.iter().take(to).skip(from).filter(|it| it.kind == kind).count();
        count(TokenKind::OpenParen) == count(TokenKind::CloseParen)
            && count(TokenKind::OpenBracket) == count(TokenKind::CloseBracket)
    }

    pub(super) fn scope(&self) -> usize {
        let found = self.open.iter().rev().find_map(|it| match it {
            Open::Block { scope, .. } | Open::Loop { scope } => Some(*scope),
            _ => None,
        });
        found.unwrap_or(0)
    }

    pub(super) fn new_scope(&mut self) -> usize {
        let parent = Some(self.scope());
        let label = self.label.take();
        self.res.scopes.push(Scope { parent, label, ..Scope::default() });
        self.res.scopes.len() - 1
    }

    pub(super) fn declare(&mut self, scope: usize, name: Ident, range: TextRange, ty: DeclaredType) {
        if let Some(scope) = self.res.scopes.get_mut(scope) {
            scope.variables.push(Declared { name, range, ty });
        }
    }

    pub(super) fn piece(&mut self, kind: PieceKind, from: usize, to: usize) {
        let scope = self.scope();
        self.piece_in(scope, kind, from, to);
    }

    pub(super) fn piece_in(&mut self, scope: usize, kind: PieceKind, from: usize, to: usize) {
        let Some(range) = self.bytes(from, to) else { return };
        let nested = self.open.iter().any(|it| !matches!(it, Open::Block { handling: false, .. }));
        let conditional = nested || self.left;
        let blank = match kind {
            // Nothing else looks for INTO (`make_execsql_stmt`).
            PieceKind::Statement => self.into_targets(from, to),
            _ => Vec::new(),
        };
        let mut assigned = None;
        for blank in &blank {
            let names = self.into_names(*blank);
            assigned = match names.as_slice() {
                [name] if name.end() == blank.end() => Some(*name),
                _ => None,
            };
            self.names_targets(names, scope);
        }
        self.res.pieces.push(Piece {
            range,
            kind,
            scope,
            blank,
            assigned,
            part: None,
            conditional,
            nested,
            guarded: false,
            handlers: Vec::new(),
            cut: to >= self.tokens.len(),
        });
    }

    /// The expression from the cursor up to one of `words`, and the cursor behind that word.
    pub(super) fn expression_until(&mut self, words: &[&str]) {
        let (end, found) = self.find_word(words);
        self.res.whole &= found;
        self.not_found(words, end, found);
        self.piece(PieceKind::Expression, self.at, end);
        if let Some(piece) = self.res.pieces.last_mut().filter(|_| !found) {
            piece.cut = true;
        }
        self.at = end + 1;
    }

    /// `missing "THEN" at end of SQL expression`.
    pub(super) fn not_found(&mut self, words: &[&str], end: usize, found: bool) {
        let (Some(token), [word]) = (self.tokens.get(end), words) else { return };
        if !found && token.kind == TokenKind::Semicolon && self.balanced(self.at, end) && self.at < end {
            let word = word.to_ascii_uppercase();
            let message = format!("missing \"{word}\" at end of SQL expression");
            self.res.errors.push((token.range, message));
        }
    }

    /// The expression from the cursor up to the `;`, and the cursor behind it.
    pub(super) fn expression(&mut self) {
        let end = self.end_of_statement();
        self.cut |= end >= self.tokens.len();
        self.piece(PieceKind::Expression, self.at, end);
        self.at = end + 1;
    }

    /// What was read last goes into that variable.
    pub(super) fn assigns(&mut self, variable: Option<TextRange>) {
        if let Some(piece) = self.res.pieces.last_mut() {
            piece.assigned = variable;
        }
    }

    /// Notes what `INTO target, …` within these tokens gives values to.
    pub(super) fn takes(&mut self, from: usize, to: usize) {
        let scope = self.scope();
        for into in self.into_targets(from, to) {
            let names = self.into_names(into);
            self.names_targets(names, scope);
        }
    }

    fn names_targets(&mut self, names: Vec<TextRange>, scope: usize) {
        for name in names {
            let path = self.tokens.iter().position(|it| it.range == name).and_then(|it| self.path(it));
            self.res.targets.push(Target { name, path: path.unwrap_or(name), scope });
        }
    }

    /// Notes that what stands at a token is assigned to.
    pub(super) fn target(&mut self, at: usize) {
        let scope = self.scope();
        let is_name = |it: &&Token| matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent { .. });
        let name = self.tokens.get(at).filter(is_name).map(|it| it.range);
        if let (Some(name), Some(path)) = (name, self.path(at)) {
            self.res.targets.push(Target { name, path, scope });
        }
    }

    /// `a`, `a.b` or `a.b.c`.
    fn path(&self, at: usize) -> Option<TextRange> {
        let is_name = |at: usize| {
            let kind = self.tokens.get(at).map(|it| it.kind);
            matches!(kind, Some(TokenKind::Word | TokenKind::QuotedIdent { .. }))
        };
        let mut end = at;
        while end < at + 4
            && self.tokens.get(end + 1).is_some_and(|it| it.kind == TokenKind::Dot)
            && is_name(end + 2)
        {
            end += 2;
        }
        self.bytes(at, end + 1)
    }

    /// The first name of each target of `INTO [STRICT] target, …`.
    fn into_names(&self, into: TextRange) -> Vec<TextRange> {
        let inside = self.tokens.iter().filter(|it| into.contains_range(it.range)).collect::<Vec<_>>();
        let mut res = Vec::new();
        for (idx, token) in inside.iter().enumerate().skip(1) {
            let before = inside.get(idx - 1);
            let first = before.is_some_and(|it| {
                it.kind == TokenKind::Comma
                    || it.is_word(self.body, "into")
                    || it.is_word(self.body, "strict")
            });
            let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent { .. });
            if first && is_name && !token.is_word(self.body, "strict") {
                res.push(token.range);
            }
        }
        res
    }

    /// `INTO [STRICT] target, …` within a statement (`make_execsql_stmt`): not that of INSERT and MERGE.
    pub(super) fn into_targets(&self, from: usize, to: usize) -> Vec<TextRange> {
        let word = |at: usize, word: &str| self.tokens.get(at).is_some_and(|it| it.is_word(self.body, word));
        for at in from..to {
            let before = at.checked_sub(1).filter(|it| *it >= from);
            let is_target = before.is_none_or(|it| !word(it, "insert") && !word(it, "merge"));
            if !word(at, "into") || !is_target {
                continue;
            }
            let mut end = at + 1;
            if word(end, "strict") {
                end += 1;
            }
            if self.tokens.get(end).is_some_and(|it| it.kind == TokenKind::Semicolon) {
                return Vec::new();
            }
            loop {
                end += 1;
                while matches!(self.tokens.get(end).map(|it| it.kind), Some(TokenKind::Dot)) {
                    end += 2;
                }
                if end < to && matches!(self.tokens.get(end).map(|it| it.kind), Some(TokenKind::Comma)) {
                    end += 1;
                } else {
                    break;
                }
            }
            return self.bytes(at, end.min(to)).into_iter().collect();
        }
        Vec::new()
    }
}
