//! MySQL's UPDATE and DELETE of several tables. For names they are queries: over the joined tables, with the columns that
//! are set beside their values as targets, or with the tables that lose rows.

use super::Lower;
use super::lex::Kind;
use crate::sql::Dialect;
use crate::sql::hir::{
    ExprKind, FromItem, QName, Query, QueryBody, Select, StatementKind, Target, With, WrapperKind,
};

impl Lower<'_> {
    /// The cursor is on UPDATE or DELETE; `None`, and nothing taken, where PostgreSQL's form can hold the statement.
    pub(super) fn joined_change(&mut self, start: u32, with: Option<With>) -> Option<StatementKind> {
        if self.dialect != Dialect::Mysql {
            return None;
        }
        let inner = if self.at_kw("update") && self.updates_several() {
            self.joined_update(start, with)
        } else if self.at_kw("delete") && self.deletes_from_several() {
            self.joined_delete(start, with)
        } else {
            return None;
        };
        let inner = Box::new(StatementKind::Query(Box::new(inner)));
        Some(StatementKind::Wrapped {
            kind: WrapperKind::Joined,
            name: None,
            param_types: Vec::new(),
            options: Vec::new(),
            inner,
        })
    }

    /// The place of the first of `words` outside of parentheses, and whether a comma or JOIN stands before it.
    fn look_for(&self, words: &[&str]) -> (usize, bool) {
        let (mut n, mut depth, mut several) = (1, 0_u32, false);
        loop {
            match self.nth(n).kind {
                Kind::Eof | Kind::Semi => break,
                Kind::LParen => depth += 1,
                Kind::RParen => depth = depth.saturating_sub(1),
                Kind::Comma if depth == 0 => several = true,
                Kind::Word if depth == 0 => {
                    if words.iter().any(|it| self.nth_kw(n, it)) {
                        break;
                    }
                    several |= self.nth_kw(n, "join") || self.nth_kw(n, "straight_join");
                }
                _ => {}
            }
            n += 1;
        }
        (n, several)
    }

    /// Several tables, or one whose columns are set by qualified names.
    fn updates_several(&self) -> bool {
        let (at, several) = self.look_for(&["set"]);
        self.nth_kw(at, "set") && (several || self.nth(at + 2).kind == Kind::Dot)
    }

    fn deletes_from_several(&self) -> bool {
        let (from, _) = self.look_for(&["from"]);
        let (using, _) = self.look_for(&["using", "where"]);
        let named_before = (1..from).any(|n| !self.nth_any_kw(n, &MODIFIERS));
        self.nth_kw(from, "from") && (named_before || self.nth_kw(using, "using"))
    }

    fn nth_any_kw(&self, n: usize, words: &[&str]) -> bool {
        words.iter().any(|it| self.nth_kw(n, it))
    }

    fn joined_update(&mut self, start: u32, with: Option<With>) -> Query {
        self.bump();
        while self.eat_any_kw(&MODIFIERS) {}
        let from = self.list(|it| it.table_ref());
        self.expect_kw("set");
        let mut targets = Vec::new();
        self.list(|it| {
            let start = it.start();
            let name = it.expect_qname();
            let column = it.node(start, ExprKind::Column(name));
            targets.push(Target { range: it.span(start), expr: column, alias: None });
            let assigned = it.eat_op("=");
            it.clean &= assigned;
            let start = it.start();
            if !it.eat_kw("default") {
                let value = it.expr();
                targets.push(Target { range: it.span(start), expr: value, alias: None });
            }
        });
        self.rest_of_change(start, with, targets, from)
    }

    /// `DELETE a, b FROM …` and `DELETE FROM a, b USING …`.
    fn joined_delete(&mut self, start: u32, with: Option<With>) -> Query {
        self.bump();
        while self.eat_any_kw(&MODIFIERS) {}
        let tables_first = !self.eat_kw("from");
        let mut targets = Vec::new();
        self.list(|it| {
            let start = it.start();
            let qualifier = if it.nth(1).kind == Kind::Dot && it.nth(2).kind == Kind::Op {
                let table = it.name_or_missing();
                it.bump();
                it.eat_op("*");
                QName { parts: vec![table] }
            } else {
                it.expect_qname()
            };
            let expr = it.node(start, ExprKind::Star { qualifier });
            targets.push(Target { range: it.span(start), expr, alias: None });
        });
        self.expect_kw(if tables_first { "from" } else { "using" });
        let from = self.list(|it| it.table_ref());
        self.rest_of_change(start, with, targets, from)
    }

    fn rest_of_change(
        &mut self,
        start: u32,
        with: Option<With>,
        targets: Vec<Target>,
        from: Vec<FromItem>,
    ) -> Query {
        let where_ = if self.eat_kw("where") { Some(self.expr()) } else { None };
        let order_by = self.opt_order_by();
        let limit = if self.eat_kw("limit") { Some(self.expr()) } else { None };
        let range = self.span(start);
        let select = Select { from, where_, ..Select::of(range, targets) };
        let body = QueryBody::Select(Box::new(select));
        Query { with, order_by, limit, ..Query::of(range, body) }
    }

    /// ORDER BY and LIMIT behind UPDATE and DELETE, which PostgreSQL has not.
    pub(super) fn change_limits(&mut self) -> bool {
        if self.dialect == Dialect::Postgres || !self.at_any_kw(&["order", "limit"]) {
            return false;
        }
        self.opt_order_by();
        if self.eat_kw("limit") {
            self.expr();
        }
        true
    }
}

const MODIFIERS: [&str; 3] = ["low_priority", "quick", "ignore"];
