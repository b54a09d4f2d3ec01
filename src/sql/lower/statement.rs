//! Which statement it is, and the statements that wrap another one.

use smol_str::SmolStr;

use super::lex::Kind;
use super::{Lower, ddl};
use crate::sql::hir::{
    Execute, Name, Query, QueryBody, Select, Session, StatementKind, Target, TypeName, WrapperKind,
};
use crate::sql::{Dialect, Ident};

/// Nothing where a statement must stand.
pub(super) fn nothing() -> StatementKind {
    StatementKind::Other(SmolStr::default())
}

impl Lower<'_> {
    /// The statement at the cursor.
    pub(super) fn statement(&mut self) -> StatementKind {
        if !self.enter() {
            self.leave();
            return nothing();
        }
        let res = self.statement_inner();
        self.leave();
        res
    }

    fn statement_inner(&mut self) -> StatementKind {
        let start = self.start();
        if self.nth_starts_query(0) || self.at(Kind::LParen) {
            let with = self.opt_with();
            if with.is_some()
                && let Some(kind) = self.modification(start, with.clone())
            {
                return kind;
            }
            return StatementKind::Query(Box::new(self.query_after_with(start, with)));
        }
        if let Some(kind) = self.modification(start, None) {
            return kind;
        }
        if let Some(kind) = self.of_session() {
            return kind;
        }
        if let Some(kind) = self.wrapped() {
            return kind;
        }
        let other = self.leading_words();
        let from = self.pos;
        self.statement_actions();
        self.pos = from;
        self.utility = self.read_utility();
        let ddl = ddl::statement(self);
        // Whatever of it was not understood is no statement of its own.
        self.pos = self.end;
        match ddl {
            Some(ddl) => StatementKind::Ddl(Box::new(ddl)),
            None => StatementKind::Other(other),
        }
    }

    fn modification(&mut self, start: u32, with: Option<crate::sql::hir::With>) -> Option<StatementKind> {
        let is_replace = self.dialect != Dialect::Postgres && self.at_kw("replace") && self.nth_kw(1, "into");
        if self.at_kw("insert") || is_replace {
            return Some(StatementKind::Insert(Box::new(self.insert(start, with))));
        }
        if let Some(joined) = self.joined_change(start, with.clone()) {
            return Some(joined);
        }
        if self.at_kw("update") {
            return Some(StatementKind::Update(Box::new(self.update(start, with))));
        }
        if self.at_kw("delete") {
            return Some(StatementKind::Delete(Box::new(self.delete(start, with))));
        }
        if self.at_kw("merge") {
            return Some(StatementKind::Merge(Box::new(self.merge(start, with))));
        }
        None
    }

    /// EXECUTE, FETCH, MOVE, CLOSE and DEALLOCATE, which stand inside of no other statement but EXPLAIN.
    fn of_session(&mut self) -> Option<StatementKind> {
        let explained = self.tokens.first().is_some_and(|it| self.str(*it).eq_ignore_ascii_case("explain"));
        if self.dialect != Dialect::Postgres || self.pos > 0 && !(explained && self.at_kw("execute")) {
            return None;
        }
        if self.at_kw("execute") {
            return Some(StatementKind::Query(Box::new(self.execute()?)));
        }
        let from = self.pos;
        let session = if self.at_any_kw(&["fetch", "move"]) {
            self.cursor_moves()
        } else if self.eat_kw("close") {
            if self.eat_kw("all") {
                Some(Session::Close(None))
            } else {
                self.col_id().map(|it| Session::Close(Some(it)))
            }
        } else if self.eat_kw("deallocate") {
            if self.at_kw("prepare") && !matches!(self.nth(1).kind, Kind::Semi) && self.pos + 1 < self.end {
                self.bump();
            }
            match self.eat_kw("all") {
                true => Some(Session::Deallocate(None)),
                false => self.col_id().map(|it| Session::Deallocate(Some(it))),
            }
        } else {
            None
        };
        match session {
            Some(session) => {
                self.pos = self.end;
                Some(StatementKind::Session(session))
            }
            None => {
                self.pos = from;
                None
            }
        }
    }

    /// `FETCH [direction] [FROM | IN] cursor`: the cursor is what comes last.
    fn cursor_moves(&mut self) -> Option<Session> {
        let moves = self.at_kw("move");
        while self.pos + 1 < self.end && !matches!(self.nth(1).kind, Kind::Semi) {
            self.bump();
        }
        let cursor = self.col_id()?;
        Some(Session::Fetch { cursor, moves })
    }

    /// `EXECUTE name [(value, …)]`.
    pub(super) fn execute(&mut self) -> Option<Query> {
        let start = self.start();
        let from = self.pos;
        self.bump();
        let Some(name) = self.col_id() else {
            self.pos = from;
            return None;
        };
        let mut args = Vec::new();
        if self.at(Kind::LParen) {
            let read = self.parens(|it| it.list(|it| it.expr()));
            self.clean &= read.is_some();
            args = read.unwrap_or_default();
        }
        Some(Query::of(self.span(start), QueryBody::Execute(Box::new(Execute { name, args }))))
    }

    fn wrapped(&mut self) -> Option<StatementKind> {
        let mut name = None;
        let mut param_types: Vec<TypeName> = Vec::new();
        let mut options = Vec::new();
        let kind = if self.eat_kw("explain") {
            if self.at(Kind::LParen) && !self.at_paren_query() {
                options = self.options();
            }
            let start = self.start();
            if self.eat_any_kw(&["analyze", "analyse"]) {
                let word = Name { ident: Ident::new("analyze"), range: self.span(start) };
                options.push((word.clone(), Some(word)));
            }
            self.eat_kw("verbose");
            WrapperKind::Explain
        } else if self.at_kw("prepare") && !self.nth_kw(1, "transaction") {
            self.bump();
            name = self.col_id();
            if self.at(Kind::LParen) {
                param_types = self.parens(|it| it.list(|it| it.type_name())).unwrap_or_default();
            }
            self.expect_kw("as");
            WrapperKind::Prepare
        } else if self.at_kw("declare") && matches!(self.nth(1).kind, Kind::Word | Kind::Quoted) {
            self.bump();
            name = self.col_id();
            loop {
                let start = self.start();
                if self.eat_kws(&["no", "scroll"]) {
                    let name = Name { ident: Ident::new("no scroll"), range: self.span(start) };
                    options.push((name, None));
                    continue;
                }
                let plain = self.at_any_kw(&["insensitive", "asensitive", "scroll"]);
                if plain && let Some(word) = self.label() {
                    options.push((word, None));
                } else if !self.eat_kw("binary") {
                    break;
                }
            }
            self.expect_kw("cursor");
            if self.eat_kw("with") {
                if self.at_kw("hold") {
                    options.extend(self.label().map(|it| (it, None)));
                } else {
                    self.expect_kw("hold");
                }
            } else if self.eat_kw("without") {
                self.expect_kw("hold");
            }
            self.expect_kw("for");
            WrapperKind::DeclareCursor
        } else if self.at_kw("copy") && self.nth(1).kind == Kind::LParen {
            self.utility = self.read_utility();
            self.bump();
            let inner = self.parens(|it| it.statement()).unwrap_or_else(nothing);
            let to = self.token_range(self.peek());
            if self.eat_kw("to") {
                let program = self.eat_kw("program");
                let standard = self.at_any_kw(&["stdin", "stdout"]);
                self.skip_one();
                if program && standard {
                    self.refuse(to, "STDIN/STDOUT not allowed with PROGRAM");
                }
                self.eat_kw("with");
                if self.at(Kind::LParen) {
                    options = self.options();
                }
            } else {
                self.expect_kw("to");
            }
            self.pos = self.end;
            let inner = Box::new(inner);
            return Some(StatementKind::Wrapped {
                kind: WrapperKind::Copy,
                name,
                param_types,
                options,
                inner,
            });
        } else if self.at_kw("call") && self.dialect == crate::sql::Dialect::Postgres {
            self.bump();
            let inner = Box::new(self.called());
            self.pos = self.end;
            return Some(StatementKind::Wrapped {
                kind: WrapperKind::Call,
                name,
                param_types,
                options,
                inner,
            });
        } else {
            return None;
        };
        let inner = Box::new(self.statement());
        Some(StatementKind::Wrapped { kind, name, param_types, options, inner })
    }

    /// `(name [value], …)`.
    fn options(&mut self) -> Vec<(crate::sql::hir::Name, Option<crate::sql::hir::Name>)> {
        let option = |it: &mut Self| {
            let name = it.utility_option_name();
            let mut value = it.label();
            while !it.at_end() && !matches!(it.kind(), Kind::Comma | Kind::RParen) {
                value = None;
                it.skip_one();
            }
            Some((name?, value))
        };
        let found = self.parens(|it| it.list(option)).unwrap_or_default();
        found.into_iter().flatten().collect()
    }

    /// Behind CALL: the procedure's call.
    fn called(&mut self) -> StatementKind {
        let start = self.start();
        let expr = self.expr();
        let range = self.span(start);
        let select = Select::of(range, vec![Target { range, expr, alias: None }]);
        StatementKind::Query(Box::new(Query::of(range, QueryBody::Select(Box::new(select)))))
    }

    /// `GRANT`, `CREATE PUBLICATION`: what the statement starts with, in upper case.
    fn leading_words(&self) -> SmolStr {
        let first = self.peek();
        if first.kind != Kind::Word {
            return SmolStr::default();
        }
        let mut res = self.str(first).to_ascii_uppercase();
        let second = self.nth(1);
        if matches!(res.as_str(), "CREATE" | "ALTER" | "DROP") && second.kind == Kind::Word {
            res.push(' ');
            res.push_str(&self.str(second).to_ascii_uppercase());
        }
        res.into()
    }
}
