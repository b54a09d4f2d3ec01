//! INSERT, UPDATE, DELETE and MERGE.

use super::Lower;
use super::lex::Kind;
use crate::sql::Dialect;
use crate::sql::hir::{
    Assignment, ConflictTarget, ConflictUpdate, Delete, ExprId, ExprKind, FromItem, Insert, InsertSource,
    Merge, MergeAction, MergeMatch, MergeWhen, Name, OnConflict, Overriding, Target, TargetColumn, Update,
    With,
};

impl Lower<'_> {
    /// The cursor is on INSERT (or, in the dialects that have it, REPLACE).
    pub(super) fn insert(&mut self, start: u32, with: Option<With>) -> Insert {
        self.bump();
        // SQLite: INSERT OR REPLACE; MySQL: INSERT IGNORE.
        if self.eat_kw("or") {
            self.bump();
            self.clean &= self.dialect == Dialect::Sqlite;
        }
        if !self.at_kw("into") && self.nth_kw(1, "into") {
            self.clean &= self.dialect == Dialect::Mysql && self.at_kw("ignore");
            self.bump();
        }
        self.expect_kw("into");
        let table = self.expect_qname();
        let alias = if self.eat_kw("as") { Some(self.name_or_missing()) } else { None };
        let mut res = Insert {
            range: self.span(start),
            with,
            table,
            alias,
            columns: Vec::new(),
            columns_range: None,
            overriding: None,
            source: InsertSource::Missing,
            on_conflict: None,
            returning: Vec::new(),
            returning_names: Vec::new(),
        };
        if self.at(Kind::LParen) && !self.at_paren_query() {
            let open = self.start();
            res.columns = self.parens(|it| it.list(|it| it.target_column())).unwrap_or_default();
            res.columns_range = Some(self.span(open));
        }
        res.overriding = self.overriding();
        res.source = if self.eat_kws(&["default", "values"]) {
            let alone = res.columns_range.is_none() && res.overriding.is_none();
            self.clean &= alone || self.dialect != Dialect::Postgres;
            InsertSource::DefaultValues
        } else if self.nth_starts_query(0) || self.at(Kind::LParen) {
            InsertSource::Query(Box::new(self.query()))
        } else {
            self.clean = false;
            InsertSource::Missing
        };
        loop {
            if self.at_kws(&["on", "conflict"]) || self.at_kws(&["on", "duplicate"]) {
                // SQLite takes several.
                self.clean &= res.on_conflict.is_none() || self.dialect == Dialect::Sqlite;
                res.on_conflict = Some(self.on_conflict());
            } else if self.at_kw("returning") {
                (res.returning, res.returning_names) = self.returning();
                break;
            } else if !self.recover_to_clause() {
                break;
            } else if matches!(res.source, InsertSource::Missing) && self.nth_starts_query(0) {
                res.source = InsertSource::Query(Box::new(self.query()));
            } else if !self.at_any_kw(&["on", "returning"]) {
                self.bump();
            }
        }
        res.range = self.span(start);
        res
    }

    fn overriding(&mut self) -> Option<Overriding> {
        if !self.eat_kw("overriding") {
            return None;
        }
        let res = if self.eat_kw("user") {
            Overriding::User
        } else {
            self.expect_kw("system");
            Overriding::System
        };
        self.expect_kw("value");
        Some(res)
    }

    /// A column to assign to, with fields and elements behind it.
    fn target_column(&mut self) -> TargetColumn {
        let name = self.name_or_missing();
        let mut res = TargetColumn { name, fields: Vec::new(), subscripts: Vec::new() };
        loop {
            if self.at(Kind::LBrack) {
                res.subscripts.extend(self.subscripts());
            } else if self.at(Kind::Dot) {
                match self.after_dot() {
                    Some(field) => res.fields.push(field),
                    None => return res,
                }
            } else {
                return res;
            }
        }
    }

    fn on_conflict(&mut self) -> OnConflict {
        let start = self.start();
        self.bump();
        let mut res = OnConflict { range: self.span(start), target: ConflictTarget::None, update: None };
        if self.eat_kw("duplicate") {
            // MySQL: ON DUPLICATE KEY UPDATE a = 1.
            self.clean &= self.dialect == Dialect::Mysql;
            self.expect_kw("key");
            self.expect_kw("update");
            res.update = Some(ConflictUpdate { set: self.assignments(), where_: None });
            res.range = self.span(start);
            return res;
        }
        self.bump();
        if self.at(Kind::LParen) {
            let open = self.start();
            let mut misplaced = None;
            let items = self.parens(|it| {
                it.list(|it| {
                    let (item, own) = it.index_element();
                    misplaced = misplaced.or(own);
                    item
                })
            });
            let items = items.unwrap_or_default();
            let range = self.span(open);
            let where_ = if self.eat_kw("where") { Some(self.expr()) } else { None };
            res.target = ConflictTarget::Index { range, items, where_, misplaced };
        } else if self.eat_kws(&["on", "constraint"]) {
            res.target = ConflictTarget::Constraint(self.name_or_missing());
        }
        self.expect_kw("do");
        if self.eat_kw("update") {
            let set = if self.expect_kw("set") { self.assignments() } else { Vec::new() };
            let where_ = if self.eat_kw("where") { Some(self.expr()) } else { None };
            res.update = Some(ConflictUpdate { set, where_ });
        } else {
            self.expect_kw("nothing");
        }
        res.range = self.span(start);
        res
    }

    /// `index_elem`: a column, a call or `(expr)`, with collation, operator class and order.
    fn index_element(&mut self) -> (ExprId, Option<&'static str>) {
        let start = self.start();
        let mut res = self.primary();
        if self.eat_kw("collate") {
            let collation = self.expect_qname();
            res = self.node(start, ExprKind::Collate { expr: res, collation });
        }
        if self.at_col_id() && !self.at_kw("nulls") {
            self.qname();
            self.parens(|it| it.list(|it| it.skip_one()));
        }
        let ordered = self.eat_any_kw(&["asc", "desc"]);
        let nulls = self.eat_kw("nulls");
        if nulls {
            let known = self.eat_any_kw(&["first", "last"]);
            self.clean &= known;
        }
        let misplaced = match (ordered, nulls) {
            (true, _) => Some("ASC/DESC is"),
            (_, true) => Some("NULLS FIRST/LAST is"),
            // Only some releases of PostgreSQL 18 refuse options of operator classes.
            _ => None,
        };
        (res, misplaced)
    }

    /// `RETURNING [WITH (OLD AS o, NEW AS n)] targets`.
    fn returning(&mut self) -> (Vec<Target>, Vec<(Name, Name)>) {
        self.bump();
        let mut names = Vec::new();
        if self.at_kw("with") && self.nth(1).kind == Kind::LParen {
            self.bump();
            self.parens(|it| {
                it.list(|it| {
                    let known = it.at_any_kw(&["old", "new"]);
                    it.clean &= known;
                    let of = it.name_or_missing();
                    it.expect_kw("as");
                    names.push((of, it.name_or_missing()));
                });
            });
        }
        (self.targets(), names)
    }

    pub(super) fn assignments(&mut self) -> Vec<Assignment> {
        self.list(|it| {
            if it.at(Kind::LParen) {
                let targets = it.parens(|it| it.list(|it| it.target_column())).unwrap_or_default();
                let value = it.assigned_value();
                return Assignment::Many { targets, value };
            }
            let target = it.target_column();
            Assignment::One { target, value: it.assigned_value() }
        })
    }

    fn assigned_value(&mut self) -> ExprId {
        if self.eat_op("=") { self.expr() } else { self.missing() }
    }

    /// Which of `clauses` is under the cursor.
    fn clause_of(&self, clauses: &[&str]) -> Option<usize> {
        clauses.iter().position(|it| self.at_kw(it))
    }

    fn opt_where(&mut self) -> Option<ExprId> {
        if !self.eat_kw("where") {
            return None;
        }
        if self.at_kws(&["current", "of"]) {
            let start = self.start();
            self.bump();
            self.bump();
            let cursor = self.name_or_missing();
            return Some(self.node(start, ExprKind::CurrentOf(cursor)));
        }
        Some(self.expr())
    }

    /// The cursor is on UPDATE.
    pub(super) fn update(&mut self, start: u32, with: Option<With>) -> Update {
        self.bump();
        // SQLite: UPDATE OR IGNORE; MySQL: UPDATE IGNORE.
        if self.dialect == Dialect::Sqlite && self.at_kw("or") {
            self.bump();
            self.bump();
        } else if self.dialect == Dialect::Mysql && self.at_kw("ignore") && !self.nth_kw(1, "set") {
            self.bump();
        }
        let (table, only) = self.target_relation();
        let alias = self.opt_alias_name();
        let mut res = Update {
            range: self.span(start),
            with,
            table,
            only,
            alias,
            set: Vec::new(),
            from: Vec::new(),
            where_: None,
            returning: Vec::new(),
            returning_names: Vec::new(),
        };
        self.clean &= self.at_kw("set");
        // In a text being typed the clauses may stand in any order.
        let mut order = Ascending::default();
        loop {
            self.clean &= order.takes(self.clause_of(&["set", "from", "where", "returning"]));
            if self.eat_kw("set") {
                res.set = self.assignments();
            } else if self.eat_kw("from") {
                res.from = self.list(|it| it.table_ref());
            } else if self.at_kw("where") {
                res.where_ = self.opt_where();
            } else if self.change_limits() {
                continue;
            } else if self.at_kw("returning") {
                (res.returning, res.returning_names) = self.returning();
                break;
            } else if !self.recover_to_clause() {
                break;
            } else if !self.at_any_kw(&["set", "from", "where", "returning"]) {
                self.bump();
            }
        }
        res.range = self.span(start);
        res
    }

    /// The cursor is on DELETE.
    pub(super) fn delete(&mut self, start: u32, with: Option<With>) -> Delete {
        self.bump();
        self.expect_kw("from");
        let (table, only) = self.target_relation();
        let alias = self.opt_alias_name();
        let mut res = Delete {
            range: self.span(start),
            with,
            table,
            only,
            alias,
            using: Vec::new(),
            where_: None,
            returning: Vec::new(),
            returning_names: Vec::new(),
        };
        let mut order = Ascending::default();
        loop {
            self.clean &= order.takes(self.clause_of(&["using", "where", "returning"]));
            if self.eat_kw("using") {
                res.using = self.list(|it| it.table_ref());
            } else if self.at_kw("where") {
                res.where_ = self.opt_where();
            } else if self.change_limits() {
                continue;
            } else if self.at_kw("returning") {
                (res.returning, res.returning_names) = self.returning();
                break;
            } else if !self.recover_to_clause() {
                break;
            } else if !self.at_any_kw(&["using", "where", "returning"]) {
                self.bump();
            }
        }
        res.range = self.span(start);
        res
    }

    /// The cursor is on MERGE.
    pub(super) fn merge(&mut self, start: u32, with: Option<With>) -> Merge {
        self.bump();
        self.expect_kw("into");
        let (table, _) = self.target_relation();
        let alias = self.opt_alias_name();
        let source = if self.expect_kw("using") {
            self.table_ref()
        } else {
            FromItem::Missing(self.span(self.prev_end()))
        };
        let on = if self.expect_kw("on") { self.expr() } else { self.missing() };
        let mut whens = Vec::new();
        while self.eat_kw("when") {
            whens.push(self.merge_when());
        }
        self.clean &= !whens.is_empty();
        let (returning, returning_names) =
            if self.at_kw("returning") { self.returning() } else { Default::default() };
        Merge { range: self.span(start), with, table, alias, source, on, whens, returning, returning_names }
    }

    fn merge_when(&mut self) -> MergeWhen {
        let not = self.eat_kw("not");
        self.expect_kw("matched");
        let by_source = not && self.eat_kws(&["by", "source"]);
        if not && !by_source {
            self.eat_kws(&["by", "target"]);
        }
        let matched = match (not, by_source) {
            (false, _) => MergeMatch::Matched,
            (true, true) => MergeMatch::NotMatchedBySource,
            (true, false) => MergeMatch::NotMatchedByTarget,
        };
        let condition = if self.eat_kw("and") { Some(self.expr()) } else { None };
        self.expect_kw("then");
        let action = if self.eat_kw("update") {
            self.expect_kw("set");
            MergeAction::Update(self.assignments())
        } else if self.eat_kw("delete") {
            MergeAction::Delete
        } else if self.eat_kw("insert") {
            let columns = if self.at(Kind::LParen) {
                self.parens(|it| it.list(|it| it.target_column())).unwrap_or_default()
            } else {
                Vec::new()
            };
            let overriding = self.overriding();
            let values = if self.eat_kws(&["default", "values"]) {
                Vec::new()
            } else {
                self.expect_kw("values");
                self.parens(|it| it.list(|it| it.expr())).unwrap_or_default()
            };
            MergeAction::Insert { columns, overriding, values }
        } else {
            let known = self.eat_kws(&["do", "nothing"]);
            self.clean &= known;
            MergeAction::DoNothing
        };
        MergeWhen { matched, condition, action }
    }
}

/// Clauses in their order, each once at most.
#[derive(Default)]
struct Ascending {
    next: usize,
}

impl Ascending {
    /// Whether the clause with this rank may follow; `true` for what is none.
    fn takes(&mut self, clause: Option<usize>) -> bool {
        let Some(rank) = clause else { return true };
        let fits = rank >= self.next;
        self.next = rank + 1;
        fits
    }
}
