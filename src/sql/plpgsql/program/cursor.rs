//! Cursors: their declarations, and the statements that name them (manual 41.7).

use super::{CursorUse, DeclaredType, Given, PieceKind, QUERIES, Reader, Scope, UseKind};
use crate::base::text::TextRange;
use crate::sql::token::TokenKind;

impl Reader<'_> {
    /// `c [NO] [SCROLL] CURSOR [(a type, …)] FOR | IS query;`, `name` the place of `c`.
    pub(super) fn cursor(&mut self, scope: usize, name: TextRange) {
        let (at, found) = self.find_word(&["for", "is"]);
        let inner = self.res.scopes.len();
        self.res.scopes.push(Scope { parent: Some(scope), ..Scope::default() });
        let open = (self.at..at).find(|it| self.kind(it - self.at) == Some(TokenKind::OpenParen));
        if let Some(open) = open {
            let mut names = Vec::new();
            for (from, to) in self.listed(open) {
                let Some((argument, range)) = self.ident(from - self.at).filter(|_| to <= at) else {
                    continue;
                };
                let ty = self.bytes(from + 1, to).map_or(DeclaredType::Unknown, DeclaredType::Written);
                self.declare(inner, argument, range, ty);
                self.declared_type(from + 1, to);
                names.push(range);
            }
            self.res.arguments.push((name, names));
        }
        self.at = at + usize::from(found);
        let end = self.end_of_statement();
        if found && QUERIES.contains(&self.word(0).as_str()) {
            self.piece_in(inner, PieceKind::Query, self.at, end);
            if let Some(query) = self.res.pieces.last_mut() {
                // It runs where the cursor is opened.
                query.conditional = true;
                self.res.cursors.push((name, query.range));
            }
        }
        self.skip_statement();
    }

    /// What the bracket at token `open` holds, between the commas: the first token and that behind.
    fn listed(&self, open: usize) -> Vec<(usize, usize)> {
        let (mut res, mut depth, mut from) = (Vec::new(), 0usize, open + 1);
        for (at, token) in self.tokens.iter().enumerate().skip(open + 1) {
            match token.kind {
                TokenKind::OpenParen | TokenKind::OpenBracket => depth += 1,
                TokenKind::CloseParen if depth == 0 => {
                    res.push((from, at));
                    break;
                }
                TokenKind::CloseParen | TokenKind::CloseBracket => depth = depth.saturating_sub(1),
                TokenKind::Comma if depth == 0 => {
                    res.push((from, at));
                    from = at + 1;
                }
                TokenKind::Semicolon => return Vec::new(),
                _ => {}
            }
        }
        res
    }

    /// The cursor variable `n` tokens behind the cursor, with the values of its arguments.
    pub(super) fn names_cursor(&mut self, n: usize, kind: UseKind) {
        let (Some((_, name)), Some(behind)) = (self.ident(n), self.tokens.get(self.at + n + 1)) else {
            return;
        };
        let (behind, open) = (*behind, self.at + n + 1);
        // Fields and labels are another question.
        if behind.kind == TokenKind::Dot {
            return;
        }
        let mut given = None;
        if behind.kind == TokenKind::OpenParen && matches!(kind, UseKind::Open | UseKind::Loop(_)) {
            let listed = self.listed(open);
            let Some((_, close)) = listed.last().copied() else { return };
            // What goes on behind the bracket is no cursor of a loop.
            let ends = self.tokens.get(close + 1).is_some_and(|it| it.is_word(self.body, "loop"));
            if matches!(kind, UseKind::Loop(_)) && !ends {
                return;
            }
            given = Some(listed.into_iter().filter_map(|(from, to)| self.given(from, to)).collect());
        }
        let scope = self.scope();
        self.res.uses.push(CursorUse { name, scope, kind, behind: behind.range, given });
    }

    /// `value`, `name := value`, `name => value`.
    fn given(&mut self, from: usize, to: usize) -> Option<Given> {
        let range = |at: usize| self.tokens.get(at).map(|it| it.range);
        let (first, end) = (range(from)?, range(to)?);
        let n = from - self.at;
        let named = self.kind(n + 1) == Some(TokenKind::ColonEquals) || self.is_op(n + 1, "=>");
        let name = self.ident(n).map(|it| it.1).filter(|_| named && from + 1 < to);
        let value = if name.is_some() { from + 2 } else { from };
        self.piece(PieceKind::Expression, value, to);
        Some(Given { name, first, empty: from == to, end })
    }

    /// `OPEN c [(value, …)];`, `OPEN c FOR query;`
    pub(super) fn open_cursor(&mut self) {
        self.names_cursor(1, UseKind::Open);
        let (at, found) = self.find_word(&["for"]);
        if found {
            self.at = at + 1;
            match self.word(0).as_str() {
                "execute" => return self.executes(self.end_of_statement()),
                word if QUERIES.contains(&word) => {
                    let end = self.end_of_statement();
                    self.piece(PieceKind::Query, self.at, end);
                }
                _ => {}
            }
        }
        self.skip_statement();
    }

    /// `FETCH [direction] c INTO r;`, `MOVE [direction] c;`
    pub(super) fn fetch(&mut self, moves: bool) {
        let end = self.end_of_statement();
        let (into, found) = self.find_word(&["into"]);
        let (from, directed) = self.find_word(&["from", "in"]);
        let behind = into.min(end);
        let cursor = if directed && from < behind { from + 1 } else { self.at + 1 };
        // Without FROM other words than the name are a direction or a number.
        if cursor + 1 == behind {
            let bare = !directed && !moves;
            self.names_cursor(cursor - self.at, if bare { UseKind::Bare } else { UseKind::Other });
            if let (true, Some(found), Some(end)) = (bare, self.res.uses.last_mut(), self.tokens.get(end)) {
                found.behind = end.range;
            }
        }
        if found && !moves {
            let cursor = self.ident(cursor - self.at).filter(|_| cursor + 1 == into);
            let variable = self.ident(into + 1 - self.at);
            let ends = into + 2 == end;
            if let (Some((_, cursor)), Some((_, variable)), true) = (cursor, variable, ends) {
                self.res.walks.push((variable, cursor));
            }
            self.takes(self.at, end);
        } else if end < self.tokens.len() && found == moves {
            self.refuse(behind - self.at);
        }
        self.skip_statement();
    }
}
