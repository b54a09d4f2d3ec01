//! SELECT, VALUES, TABLE, set operations and WITH (`SelectStmt` of gram.y).

use super::Lower;
use super::actions::Written;
use super::lex::Kind;
use crate::sql::Dialect;
use crate::sql::hir::{
    Cte, CteCycle, CteSearch, Distinct, ExprId, ExprKind, GroupItem, Locking, Query, QueryBody, Select,
    SetOp, Target, With,
};

impl Lower<'_> {
    /// A query with its WITH and its ORDER BY, LIMIT, … clauses.
    pub(super) fn query(&mut self) -> Query {
        let start = self.start();
        let with = self.opt_with();
        self.query_after_with(start, with)
    }

    pub(super) fn query_after_with(&mut self, start: u32, with: Option<With>) -> Query {
        if !self.enter() {
            self.leave();
            return self.missing_query();
        }
        let mut written = Written::default();
        if with.is_some() {
            written.with = self.tokens.iter().find(|it| it.start == start).map(|it| self.token_range(*it));
        }
        let mut res = self.set_operation(0);
        res.with = with;
        self.query_tail(&mut res, &mut written);
        self.check_doubled_clauses(&res, &written);
        res.range = self.span(start);
        self.leave();
        res
    }

    pub(super) fn missing_query(&mut self) -> Query {
        self.clean = false;
        let at = self.prev_end();
        Query::of(self.span(at), QueryBody::Missing)
    }

    /// UNION and EXCEPT associate to the left, INTERSECT binds tighter (`min` 1).
    fn set_operation(&mut self, min: u8) -> Query {
        let start = self.start();
        let mut left = self.simple_query();
        let mut chain = 0u32;
        loop {
            let (op, level) = if self.at_kw("union") {
                (SetOp::Union, 0)
            } else if self.at_kw("except") {
                (SetOp::Except, 0)
            } else if self.at_kw("intersect") {
                (SetOp::Intersect, 1)
            } else {
                return left;
            };
            chain += 1;
            if level < min || chain > super::guard::MAX_CHAIN {
                self.refused |= level >= min;
                return left;
            }
            let word = self.bump();
            let op_range = self.token_range(word);
            let all = self.eat_kw("all");
            if !all {
                self.eat_kw("distinct");
            }
            let right = self.set_operation(level + 1);
            let body = QueryBody::SetOp { op, op_range, all, left: Box::new(left), right: Box::new(right) };
            left = Query::of(self.span(start), body);
        }
    }

    fn simple_query(&mut self) -> Query {
        let start = self.start();
        let body = if self.at_kw("select") {
            QueryBody::Select(Box::new(self.select()))
        } else if self.eat_kw("values") {
            let rows = self.list(|it| {
                let row = it.parens(|it| it.list(|it| it.expr()));
                it.clean &= row.is_some();
                row.unwrap_or_default()
            });
            QueryBody::Values { range: self.span(start), rows }
        } else if self.eat_kw("table") {
            self.eat_kw("only");
            let name = self.expect_qname();
            self.eat_op("*");
            QueryBody::Table(name)
        } else if self.at(Kind::LParen) {
            let inner = self.parens(|it| it.query());
            inner.map_or(QueryBody::Missing, |it| QueryBody::Nested(Box::new(it)))
        } else {
            return self.missing_query();
        };
        Query::of(self.span(start), body)
    }

    /// In a text being typed the clauses may stand in any order.
    fn query_tail(&mut self, query: &mut Query, written: &mut Written) {
        let mut order = TailOrder::default();
        loop {
            let clause = self.token_range(self.peek());
            self.clean &= order.takes(self);
            if self.at_kw("order") {
                query.order_by = self.opt_order_by();
            } else if self.eat_kw("limit") {
                written.limit = Some(clause);
                if self.eat_kw("all") {
                    continue;
                }
                let first = self.expr();
                if self.eat(Kind::Comma) {
                    let second = self.expr();
                    if self.dialect == Dialect::Postgres && self.clean {
                        self.refuse(clause, "LIMIT #,# syntax is not supported");
                    }
                    query.offset = Some(first);
                    query.limit = Some(second);
                } else {
                    query.limit = Some(first);
                }
            } else if self.eat_kw("offset") {
                written.offset = Some(clause);
                query.offset = Some(self.expr());
                self.eat_any_kw(&["row", "rows"]);
            } else if self.at_kw("fetch") {
                written.limit = Some(clause);
                let (count, ties) = self.fetch();
                query.limit = count.or(query.limit);
                written.ties = ties.or(written.ties);
            } else if self.at_kw("for") && self.nth_kw(1, "read") {
                self.bump();
                self.bump();
                self.expect_kw("only");
            } else if self.at_kw("for") {
                let locking = self.locking();
                query.locking.push(locking);
            } else {
                return;
            }
        }
    }

    /// `FETCH FIRST [n] ROWS ONLY | WITH TIES`.
    fn fetch(&mut self) -> (Option<ExprId>, Option<crate::base::text::TextRange>) {
        self.bump();
        let known = self.eat_any_kw(&["first", "next"]);
        self.clean &= known;
        let count = if self.at_any_kw(&["row", "rows"]) {
            let range = self.token_range(self.peek());
            Some(self.integer_expr(range, 1))
        } else if self.at(Kind::Op) {
            Some(self.expr())
        } else {
            Some(self.primary())
        };
        let rows = self.eat_any_kw(&["row", "rows"]);
        let start = self.start();
        let ties = self.eat_kws(&["with", "ties"]);
        let ties = ties.then(|| self.span(start));
        let ended = ties.is_some() || self.eat_kw("only");
        self.clean &= rows && ended;
        (count, ties)
    }

    fn locking(&mut self) -> Locking {
        let start = self.start();
        self.bump();
        let known = self.eat_any_kw(&["update", "share"])
            || self.eat_kws(&["no", "key", "update"])
            || self.eat_kws(&["key", "share"]);
        self.clean &= known;
        let of = if self.eat_kw("of") { self.list(|it| it.expect_qname()) } else { Vec::new() };
        if !self.eat_kw("nowait") {
            self.eat_kws(&["skip", "locked"]);
        }
        Locking { range: self.span(start), of }
    }

    /// `WITH [RECURSIVE] name [(columns)] AS [[NOT] MATERIALIZED] ( statement ) …`.
    pub(super) fn opt_with(&mut self) -> Option<With> {
        if !self.eat_kw("with") {
            return None;
        }
        let recursive = self.eat_kw("recursive");
        Some(With { recursive, ctes: self.list(|it| it.cte()) })
    }

    fn cte(&mut self) -> Cte {
        let start = self.start();
        let name = self.name_or_missing();
        let columns = self.paren_names();
        self.expect_kw("as");
        if !self.eat_kws(&["not", "materialized"]) {
            self.eat_kw("materialized");
        }
        let body = self.parens(|it| it.statement());
        self.clean &= body.is_some();
        let mut res = Cte {
            range: self.span(start),
            name,
            columns,
            body: body.unwrap_or_else(super::statement::nothing),
            extra_columns: Vec::new(),
            search: None,
            cycle: None,
        };
        if self.at_kw("search") && (self.nth_kw(1, "depth") || self.nth_kw(1, "breadth")) {
            let start = self.start();
            self.bump();
            let breadth = self.at_kw("breadth");
            self.bump();
            self.expect_kw("first");
            self.expect_kw("by");
            let by = self.list(|it| it.name_or_missing());
            self.expect_kw("set");
            let set = self.name_or_missing();
            res.extra_columns.push(set.clone());
            res.search = Some(CteSearch { range: self.span(start), breadth, by, set });
        }
        if self.at_kw("cycle") {
            let start = self.start();
            self.bump();
            let columns = self.list(|it| it.name_or_missing());
            self.expect_kw("set");
            let mark = self.name_or_missing();
            res.extra_columns.push(mark.clone());
            let mut values = None;
            if self.eat_kw("to") {
                let value = self.any_constant();
                self.expect_kw("default");
                values = Some((value, self.any_constant()));
            }
            self.expect_kw("using");
            let path = self.name_or_missing();
            res.extra_columns.push(path.clone());
            res.cycle = Some(CteCycle { range: self.span(start), columns, mark, values, path });
        }
        res.range = self.span(start);
        res
    }

    /// The grammar's `AexprConst`.
    fn any_constant(&mut self) -> ExprId {
        let id = self.primary();
        let kind = self.exprs.get(id.0 as usize).map(|it| &it.kind);
        self.clean &= matches!(kind, Some(ExprKind::Literal(_) | ExprKind::Cast { .. }));
        id
    }

    fn select(&mut self) -> Select {
        let start = self.start();
        self.bump();
        let mut res = Select::of(self.span(start), Vec::new());
        if self.eat_kw("distinct") {
            res.distinct = Distinct::All;
            if self.at_kw("on") {
                self.bump();
                let on = self.parens(|it| it.list(|it| it.expr()));
                self.clean &= on.is_some();
                res.distinct = Distinct::On(on.unwrap_or_default());
            }
        } else {
            self.eat_kw("all");
        }
        if !self.at_query_end() && !self.at_reserved_clause() {
            res.targets = self.targets();
        } else if res.distinct != Distinct::No {
            self.clean = false;
        }
        // In a text being typed the clauses may stand in any order.
        let mut last = 0u8;
        loop {
            let at = self.pos;
            let rank = self.select_clause(&mut res);
            if rank > 0 {
                if rank <= last {
                    self.clean = false;
                    self.stumble = self.stumble.or(Some(at));
                }
                last = rank;
            } else if self.at_query_end() || !self.recover_to_clause() || self.at_query_end() {
                break;
            }
        }
        res.range = self.span(start);
        res
    }

    /// One clause; its place in the order of clauses, 0 if none is here.
    fn select_clause(&mut self, select: &mut Select) -> u8 {
        if self.eat_kw("into") {
            let temporary = self.eat_any_kw(&["temporary", "temp", "local", "global", "unlogged"]);
            if temporary {
                self.eat_any_kw(&["temporary", "temp"]);
            }
            self.eat_kw("table");
            select.into = Some(self.expect_qname());
            return 1;
        }
        if self.at_kw("from") {
            self.bump();
            let items = self.list(|it| it.table_ref());
            select.from.extend(items);
            return 2;
        }
        if self.eat_kw("where") {
            select.where_ = Some(self.expr());
            return 3;
        }
        if self.at_kw("group") {
            self.bump();
            self.expect_kw("by");
            if !(self.eat_kw("all") || self.eat_kw("distinct")) && self.at_query_end() {
                self.clean = false;
            }
            select.group_by = self.list(|it| it.group_item());
            return 4;
        }
        if self.eat_kw("having") {
            select.having = Some(self.expr());
            return 5;
        }
        if self.eat_kw("window") {
            select.windows = self.list(|it| {
                let name = it.name_or_missing();
                it.expect_kw("as");
                it.clean &= it.at(Kind::LParen);
                (name, it.window())
            });
            return 6;
        }
        0
    }

    /// What ends the core of a SELECT: the clauses behind it, or the end of its text.
    fn at_query_end(&self) -> bool {
        match self.kind() {
            Kind::Eof | Kind::Semi => true,
            Kind::RParen => self.open > 0,
            Kind::Word => self.at_any_kw(&[
                "union",
                "intersect",
                "except",
                "order",
                "limit",
                "offset",
                "fetch",
                "for",
                "returning",
                "on",
                "with",
            ]),
            _ => false,
        }
    }

    pub(super) fn targets(&mut self) -> Vec<Target> {
        self.list(|it| it.target())
    }

    fn target(&mut self) -> Target {
        let start = self.start();
        if self.at_op("*") {
            self.bump();
            let kind = ExprKind::Star { qualifier: Default::default() };
            let expr = self.node(start, kind);
            return Target { range: self.span(start), expr, alias: None };
        }
        let before = self.pos;
        let outer = self.target_at.replace(self.open);
        let expr = self.expr();
        self.target_at = outer;
        let alias = if self.at_kw("as") {
            self.bump();
            let alias = self.label();
            self.clean &= alias.is_some();
            alias
        } else if self.pos > before && self.at_bare_label() {
            self.label()
        } else {
            None
        };
        let range = if self.pos > before { self.span(start) } else { self.range_of_expr(expr) };
        Target { range, expr, alias }
    }

    fn group_item(&mut self) -> GroupItem {
        if self.at(Kind::LParen) && self.nth(1).kind == Kind::RParen {
            self.bump();
            self.bump();
            return GroupItem::Empty;
        }
        let items = |it: &mut Self| it.parens(|it| it.list(|it| it.group_item())).unwrap_or_default();
        if self.at_kws(&["grouping", "sets"]) {
            if !self.enter() {
                self.leave();
                return GroupItem::Empty;
            }
            self.bump();
            self.bump();
            let res = GroupItem::Sets(items(self));
            self.leave();
            return res;
        }
        let next_opens = self.nth(1).kind == Kind::LParen;
        if next_opens && self.eat_kw("rollup") {
            return GroupItem::Rollup(items(self));
        }
        if next_opens && self.eat_kw("cube") {
            return GroupItem::Cube(items(self));
        }
        GroupItem::Expr(self.expr())
    }
}

/// The order of the clauses behind a query: ORDER BY, then LIMIT and OFFSET, once each, and the locks before or after both
/// (`select_no_parens`).
#[derive(Default)]
struct TailOrder {
    any: bool,
    limit: bool,
    offset: bool,
    /// Runs of locks, and whether the last clause was one.
    n_lock_runs: u32,
    locking: bool,
}

impl TailOrder {
    /// Whether the clause at the cursor may follow; `true` for what is none.
    fn takes(&mut self, lower: &Lower<'_>) -> bool {
        let first = !std::mem::replace(&mut self.any, true);
        if lower.at_kw("order") {
            return first;
        }
        if lower.at_kw("for") {
            let follows = std::mem::replace(&mut self.locking, true);
            self.n_lock_runs += u32::from(!follows);
            return self.n_lock_runs < 2;
        }
        let seen = if lower.at_any_kw(&["limit", "fetch"]) {
            &mut self.limit
        } else if lower.at_kw("offset") {
            &mut self.offset
        } else {
            return true;
        };
        let twice = std::mem::replace(seen, true);
        // LIMIT and OFFSET stand side by side.
        let divided = self.locking && self.limit && self.offset;
        self.locking = false;
        !twice && !divided
    }
}
