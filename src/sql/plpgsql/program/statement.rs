//! The statements of PL/pgSQL.

use super::{DeclaredType, Open, PieceKind, QUERIES, Reader, Return, Returned, UseKind, Walker};
use crate::base::text::TextRange;
use crate::sql::Ident;
use crate::sql::token::TokenKind;

impl Reader<'_> {
    pub(super) fn statement(&mut self) {
        let word = self.word(0);
        let is_target = match self.kind(1) {
            Some(TokenKind::ColonEquals) => true,
            _ => self.is_op(1, "=") && !matches!(word.as_str(), "if" | "while" | "case" | "return" | "when"),
        };
        if is_target {
            return self.assignment();
        }
        match word.as_str() {
            "declare" => self.declarations(),
            "begin" => {
                let scope = self.new_scope();
                self.at += 1;
                self.open.push(Open::Block { scope, first: self.res.pieces.len(), handling: false });
            }
            "exception" => self.handlers(),
            "when" => self.when(),
            "if" => {
                self.at += 1;
                self.expression_until(&["then"]);
                self.open.push(Open::If);
            }
            "elsif" | "elseif" => {
                self.at += 1;
                self.expression_until(&["then"]);
            }
            "else" => self.at += 1,
            "case" => {
                self.at += 1;
                let mut operand = None;
                if self.word(0) != "when" {
                    let (end, _) = self.find_word(&["when"]);
                    self.piece(PieceKind::Expression, self.at, end);
                    operand = self.bytes(self.at, end);
                    self.at = end;
                }
                self.open.push(Open::Case(operand));
            }
            "loop" => {
                let scope = self.new_scope();
                self.at += 1;
                self.open.push(Open::Loop { scope });
            }
            "while" => {
                let scope = self.new_scope();
                self.at += 1;
                self.expression_until(&["loop"]);
                self.open.push(Open::Loop { scope });
            }
            "for" => self.for_loop(),
            "foreach" => self.foreach(),
            "end" => self.end(),
            "exit" | "continue" => self.leaves(),
            "return" => self.return_(),
            "raise" => self.raise(),
            "assert" => {
                self.at += 1;
                self.expression();
            }
            "perform" => {
                let end = self.end_of_statement();
                self.piece(PieceKind::Perform, self.at, end);
                self.skip_statement();
            }
            "execute" => self.executes(self.end_of_statement()),
            "open" => self.open_cursor(),
            "create" | "alter" | "drop" | "import" | "discard" => {
                self.res.makes = true;
                self.definition();
            }
            "truncate" | "grant" | "revoke" | "lock" | "refresh" | "comment" => self.definition(),
            "null" => {
                if self.kind(1).is_some_and(|it| it != TokenKind::Semicolon) {
                    self.refuse(1);
                }
                self.skip_statement();
            }
            "fetch" => self.fetch(false),
            "move" => self.fetch(true),
            "close" => {
                self.names_cursor(1, UseKind::Other);
                self.skip_statement();
            }
            "get" => self.diagnostics(),
            "do" | "commit" | "rollback" | "set" | "reset" | "notify" | "listen" | "unlisten" | "reindex"
            | "analyze" | "vacuum" | "cluster" | "copy" | "explain" | "prepare" | "deallocate"
            | "security" | "show" | "start" | "savepoint" | "release" => self.skip_statement(),
            _ if QUERIES.contains(&word.as_str()) => {
                let end = self.end_of_statement();
                self.piece(PieceKind::Statement, self.at, end);
                self.skip_statement();
            }
            _ if self.is_op(0, "<<") => {
                self.label = self.ident(1).map(|it| it.0);
                self.at += 3;
            }
            _ if matches!(self.kind(0), Some(TokenKind::Semicolon)) => {
                self.refuse(0);
                self.at += 1;
            }
            _ if matches!(
                self.kind(0),
                Some(
                    TokenKind::OpenParen
                        | TokenKind::CloseParen
                        | TokenKind::Comma
                        | TokenKind::OpenBracket
                        | TokenKind::CloseBracket
                        | TokenKind::Number { .. }
                        | TokenKind::String { .. }
                )
            ) =>
            {
                self.refuse(0);
                self.res.whole = false;
                self.skip_statement();
            }
            _ if self.ident(0).is_some()
                && !self.is_assign(1)
                && !matches!(self.kind(1), Some(TokenKind::Dot | TokenKind::OpenBracket)) =>
            {
                self.definition();
            }
            _ => self.assignment(),
        }
    }

    /// A statement that PL/pgSQL hands to SQL as it stands.
    fn definition(&mut self) {
        let end = self.end_of_statement();
        self.piece(PieceKind::Definition, self.at, end);
        self.skip_statement();
    }

    /// `target := expression;`, the target with fields and subscripts.
    pub(super) fn assignment(&mut self) {
        let (at, found) = self.find(|it| {
            it.kind == TokenKind::ColonEquals || (it.kind == TokenKind::Operator && it.text(self.body) == "=")
        });
        if !found {
            self.res.whole = false;
            return self.skip_statement();
        }
        self.target(self.at);
        let part = matches!(self.kind(1), Some(TokenKind::Dot | TokenKind::OpenBracket));
        let part = self.bytes(self.at, at).filter(|_| part);
        if part.is_some() {
            self.piece(PieceKind::Target, self.at, at);
        }
        let bare = self.ident(0).map(|it| it.1).filter(|_| at == self.at + 1);
        self.at = at + 1;
        self.expression();
        self.assigns(bare);
        if let Some(piece) = self.res.pieces.last_mut() {
            piece.part = part;
        }
    }

    pub(super) fn handlers(&mut self) {
        self.at += 1;
        let Some(Open::Block { scope, first, handling }) =
            self.open.iter_mut().rev().find(|it| matches!(it, Open::Block { .. }))
        else {
            self.res.whole = false;
            return;
        };
        *handling = true;
        let (scope, first) = (*scope, *first);
        if let Some(scope) = self.res.scopes.get_mut(scope) {
            scope.handles = true;
        }
        for piece in self.res.pieces.iter_mut().skip(first) {
            piece.guarded = true;
            piece.handlers.push(scope);
        }
    }

    pub(super) fn when(&mut self) {
        self.at += 1;
        match self.open.last() {
            Some(Open::Case(operand)) => {
                let operand = *operand;
                self.expression_until(&["then"]);
                if let (Some(operand), Some(piece)) = (operand, self.res.pieces.last()) {
                    self.res.cases.push((operand, piece.range));
                }
            }
            _ => {
                let (end, found) = self.find_word(&["then"]);
                self.res.whole &= found;
                self.conditions(end);
                self.at = end + 1;
            }
        }
    }

    /// `WHEN division_by_zero OR SQLSTATE '22012'` up to `end`.
    fn conditions(&mut self, end: usize) {
        let block = self.open.iter().rev().find_map(|it| match it {
            Open::Block { scope, handling: true, .. } => Some(*scope),
            _ => None,
        });
        let names: Vec<TextRange> = self
            .tokens
            .iter()
            .take(end)
            .skip(self.at)
            .filter(|it| it.kind == TokenKind::Word)
            .filter(|it| !["or", "others", "sqlstate"].iter().any(|word| it.is_word(self.body, word)))
            .map(|it| it.range)
            .collect();
        self.res.conditions.extend(names);
        for at in self.at..end {
            if self.tokens.get(at).is_some_and(|it| it.is_word(self.body, "sqlstate")) {
                self.state(at + 1);
            }
        }
        let words: Vec<String> = self
            .tokens
            .iter()
            .take(end)
            .skip(self.at)
            .map(|it| it.text(self.body).to_ascii_lowercase())
            .filter(|it| it != "or")
            .collect();
        if let Some(scope) = block.and_then(|it| self.res.scopes.get_mut(it)) {
            scope.handled.extend(words);
        }
    }

    pub(super) fn for_loop(&mut self) {
        self.at += 1;
        let names = self.at;
        let scope = self.new_scope();
        let (at, found) = self.find_word(&["in"]);
        let variable = self.ident(0).filter(|_| at == names + 1);
        self.at = at + usize::from(found);
        if self.word(0) == "reverse" {
            self.at += 1;
        }
        let (end, closed) = self.find_word(&["loop"]);
        self.res.whole &= found && closed;
        if found {
            self.not_found(&["loop"], end, closed);
        }
        let (dots, is_range) = self.find(|it| it.kind == TokenKind::DotDot || it.is_word(self.body, "loop"));
        let is_range = is_range && self.tokens.get(dots).is_some_and(|it| it.kind == TokenKind::DotDot);
        let mut over_cursor = false;
        if is_range {
            self.piece(PieceKind::Expression, self.at, dots);
            self.at = dots + 1;
            let (by, stepped) = self.find_word(&["by", "loop"]);
            let stepped = stepped && by < end;
            self.piece(PieceKind::Expression, self.at, by.min(end));
            if stepped {
                self.piece(PieceKind::Expression, by + 1, end);
            }
        } else if self.word(0) == "execute" {
            self.over_rows(names, at, found, true);
            self.executes(end);
        } else if QUERIES.contains(&self.word(0).as_str()) || self.kind(0) == Some(TokenKind::OpenParen) {
            self.over_rows(names, at, found, false);
            self.piece(PieceKind::Query, self.at, end);
            self.assigns(variable.as_ref().map(|it| it.1));
        } else {
            over_cursor = true;
            if let (Some((_, range)), Some((_, cursor))) = (&variable, self.ident(0)) {
                self.res.walks.push((*range, cursor));
            }
            // The cursor is looked for outside of the loop.
            let several = self.tokens.get(names).map(|it| it.range).filter(|_| at > names + 1);
            self.names_cursor(0, UseKind::Loop(several));
        }
        if let Some((name, range)) = variable {
            let ty = if is_range { DeclaredType::Integer } else { DeclaredType::Unknown };
            // A loop over rows uses the variable that is declared; one over numbers or a cursor has its own.
            if is_range || over_cursor || !self.is_declared(&name) {
                self.declare(scope, name, range, ty);
            }
        }
        self.open.push(Open::Loop { scope });
        self.at = end + 1;
    }

    pub(super) fn is_declared(&self, name: &Ident) -> bool {
        let mut scope = Some(self.scope());
        while let Some(it) = scope.and_then(|it| self.res.scopes.get(it)) {
            if it.variables.iter().any(|it| it.name == *name) {
                return true;
            }
            scope = it.parent;
        }
        false
    }

    /// The variables of `FOR a, b IN query`; `at` is the token IN.
    fn over_rows(&mut self, names: usize, at: usize, found: bool, dynamic: bool) {
        if !found {
            return;
        }
        let outer = self.scope();
        if at == names + 1 {
            if let Some(name) = self.tokens.get(names).map(|it| it.range) {
                let kind = if dynamic { Walker::Dynamic } else { Walker::Rows };
                self.res.walkers.push((name, outer, kind));
            }
            return;
        }
        self.listed_targets(names, at);
    }

    /// `a, b.c`, each of which takes a value.
    fn listed_targets(&mut self, from: usize, to: usize) {
        let is_comma = |it: &crate::sql::token::Token| it.kind == TokenKind::Comma;
        let mut starts = vec![from];
        for at in from..to {
            if self.tokens.get(at).is_some_and(is_comma) {
                starts.push(at + 1);
            }
        }
        for at in starts {
            if at < to {
                self.target(at);
            }
        }
    }

    pub(super) fn foreach(&mut self) {
        let scope = self.new_scope();
        let name = self.tokens.get(self.at + 1).map(|it| it.range);
        let single = matches!(self.word(2).as_str(), "in" | "slice");
        if let (Some(name), true) = (name, single && self.ident(1).is_some()) {
            let outer = self.scope();
            self.res.walkers.push((name, outer, Walker::Elements));
        }
        let (at, found) = self.find_word(&["in"]);
        self.at = at + usize::from(found);
        if self.word(0) == "array" {
            self.at += 1;
        }
        let n_pieces = self.res.pieces.len();
        self.expression_until(&["loop"]);
        self.open.push(Open::Loop { scope });
        if let Some(piece) = self.res.pieces.get_mut(n_pieces) {
            piece.kind = PieceKind::Elements;
        }
    }

    /// `EXECUTE text [INTO target, …] [USING expression, …]` up to token `end`: SQL that is put together.
    pub(super) fn executes(&mut self, end: usize) {
        self.res.makes = true;
        self.res.dynamic = true;
        self.res.whole &= end < self.tokens.len();
        self.cut |= end >= self.tokens.len();
        self.at += 1;
        let (text, _) = self.find_word(&["into", "using", "loop"]);
        let text = text.min(end);
        if let Some(token) = self.tokens.get(text).filter(|_| text == self.at && end < self.tokens.len()) {
            let message = format!("missing expression at or near \"{}\"", token.text(self.body));
            self.res.errors.push((token.range, message));
        }
        self.piece(PieceKind::Expression, self.at, text);
        self.takes(self.at, end);
        let using =
            (text..end).find(|it| self.tokens.get(*it).is_some_and(|it| it.is_word(self.body, "using")));
        if let Some(using) = using {
            self.at = using + 1;
            let (into, _) = self.find_word(&["into", "loop"]);
            self.piece(PieceKind::Expression, self.at, into.min(end));
        }
        self.at = end + 1;
    }

    pub(super) fn end(&mut self) {
        let closed = self.open.pop();
        match (&closed, self.word(1).as_str()) {
            (Some(Open::If), "if") | (Some(Open::Case(_)), "case") | (Some(Open::Loop { .. }), "loop") => {}
            (Some(Open::Block { .. }), word) if !matches!(word, "if" | "case" | "loop") => {}
            // `END` of something else: the word behind it, or that is not there, is refused.
            (Some(_), _) => {
                self.refuse(1);
                self.res.whole = false;
            }
            (None, _) => {
                self.refuse(0);
                self.res.whole = false;
            }
        }
        self.end_label(closed.as_ref());
        self.behind_end();
        let end = self.end_of_statement();
        self.at = end + 1;
        // Nothing stands behind the outermost block.
        if self.open.is_empty() && self.res.whole && self.at < self.tokens.len() {
            self.refuse(0);
            self.res.whole = false;
            self.at = self.tokens.len();
        }
    }

    /// `END [IF | CASE | LOOP] [label]` and then `;`, or the end of all.
    fn behind_end(&mut self) {
        let keyword = usize::from(matches!(self.word(1).as_str(), "if" | "case" | "loop"));
        let named = !matches!(self.word(1).as_str(), "if" | "case");
        let label = usize::from(named && self.ident(1 + keyword).is_some());
        match self.kind(1 + keyword + label) {
            Some(TokenKind::Semicolon) => {}
            None if self.open.is_empty() => {}
            Some(_) if self.res.whole => self.refuse(1 + keyword + label),
            _ => {}
        }
    }

    pub(super) fn return_(&mut self) {
        self.at += 1;
        let set = matches!(self.word(0).as_str(), "query" | "next");
        let what = match self.word(0).as_str() {
            "query" => Returned::Query,
            "next" => Returned::Next,
            _ if self.kind(0) == Some(TokenKind::Semicolon) => Returned::Nothing,
            _ => Returned::Value,
        };
        if let (Some(word), Some(token)) = (self.tokens.get(self.at - 1), self.tokens.get(self.at)) {
            let (range, behind) = (word.range, token.range);
            let next = self.bytes(self.at + 1, self.end_of_statement());
            let next = next.filter(|_| what == Returned::Next);
            let end = self.tokens.get(self.end_of_statement()).map_or(behind, |it| it.range);
            self.res.returns.push(Return { range, behind, next, end, what });
        }
        match (self.word(0).as_str(), self.word(1).as_str()) {
            ("query", "execute") => {
                self.at += 1;
                self.executes(self.end_of_statement());
            }
            ("query", _) => {
                let end = self.end_of_statement();
                self.piece(PieceKind::ReturnQuery, self.at + 1, end);
                self.skip_statement();
            }
            ("next", _) => {
                self.at += 1;
                self.expression();
            }
            _ => self.expression(),
        }
        self.left |= !set;
    }
}
