//! What the actions of PostgreSQL's grammar refuse (`ereport` in gram.y): texts that its rules take, and that are refused
//! nevertheless before anything is looked up. The parts of statements tell theirs where they are read; here are the rules
//! that several parts share, and the statements that are not read otherwise.

use super::Lower;
use super::lex::{Kind, Token};
use crate::base::text::TextRange;
use crate::sql::SyntaxError;
use crate::sql::hir::{Call, ExprId, ExprKind, Name, Query, QueryBody};

const DUPLICATE_OBJECT: &str = "42710";
const FEATURE_NOT_SUPPORTED: &str = "0A000";
const INVALID_PARAMETER_VALUE: &str = "22023";
const RESERVED_NAME: &str = "42939";
const SYNTAX_ERROR: &str = "42601";
const WINDOWING_ERROR: &str = "42P20";

/// A refusal, and how far the grammar had read by then: an error of the grammar itself before that comes first.
pub(super) struct Refusal {
    pub error: SyntaxError,
    pub read: u32,
}

/// One end of a window's frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    UnboundedPreceding,
    Preceding,
    CurrentRow,
    Following,
    UnboundedFollowing,
}

/// The words of CREATE and ALTER ROLE that are no keywords (`AlterOptRoleElem`).
const ROLE_WORDS: [&str; 15] = [
    "superuser",
    "nosuperuser",
    "createrole",
    "nocreaterole",
    "createuser",
    "nocreateuser",
    "replication",
    "noreplication",
    "createdb",
    "nocreatedb",
    "login",
    "nologin",
    "bypassrls",
    "nobypassrls",
    "noinherit",
];

impl Lower<'_> {
    pub(super) fn refuse(&mut self, at: TextRange, message: impl Into<String>) {
        self.refuse_as(SYNTAX_ERROR, at, message);
    }

    pub(super) fn refuse_feature(&mut self, at: TextRange, message: impl Into<String>) {
        self.refuse_as(FEATURE_NOT_SUPPORTED, at, message);
    }

    pub(super) fn refuse_value(&mut self, at: TextRange, message: impl Into<String>) {
        self.refuse_as(INVALID_PARAMETER_VALUE, at, message);
    }

    pub(super) fn refuse_as(&mut self, sqlstate: &'static str, at: TextRange, message: impl Into<String>) {
        // It looks one token ahead.
        let read = if self.at_end() { self.prev_end() } else { self.peek().end };
        let message = message.into();
        self.refusal.get_or_insert(Refusal {
            error: SyntaxError { range: at, message, certain: true, sqlstate, since: None },
            read,
        });
    }

    /// The ends of a frame and where each stands (`frame_extent`); without an end it is the current row.
    pub(super) fn check_frame(&mut self, start: (Bound, TextRange), end: Option<(Bound, TextRange)>) {
        use Bound::*;
        let (at, message) = match (start.0, end) {
            (UnboundedFollowing, _) => (start.1, "frame start cannot be UNBOUNDED FOLLOWING"),
            (Following, None) => (start.1, "frame starting from following row cannot end with current row"),
            (_, Some((UnboundedPreceding, at))) => (at, "frame end cannot be UNBOUNDED PRECEDING"),
            (CurrentRow, Some((Preceding, at))) => {
                (at, "frame starting from current row cannot have preceding rows")
            }
            (Following, Some((Preceding | CurrentRow, at))) => {
                (at, "frame starting from following row cannot have preceding rows")
            }
            _ => return,
        };
        self.refuse_as(WINDOWING_ERROR, at, message);
    }

    /// `WITH (MODULUS n, REMAINDER m)` of a partition (`PartitionBoundSpec`); `at`: its WITH.
    pub(super) fn check_hash_bound(&mut self, numbers: &[(Name, i64)], at: TextRange) {
        let mut seen: Vec<&str> = Vec::new();
        for (name, _) in numbers {
            let word = name.ident.as_str();
            if !matches!(word, "modulus" | "remainder") {
                let message = format!("unrecognized hash partition bound specification \"{word}\"");
                return self.refuse(name.range, message);
            }
            if seen.contains(&word) {
                let message = format!("{word} for hash partition provided more than once");
                return self.refuse_as(DUPLICATE_OBJECT, name.range, message);
            }
            seen.push(word);
        }
        for word in ["modulus", "remainder"] {
            if !seen.contains(&word) {
                return self.refuse(at, format!("{word} for hash partition must be specified"));
            }
        }
    }

    /// What cannot stand beside WITHIN GROUP (`func_expr`).
    pub(super) fn check_within_group(&mut self, call: &Call, at: TextRange) {
        if !call.order_by.is_empty() {
            self.refuse(at, "cannot use multiple ORDER BY clauses with WITHIN GROUP");
        } else if call.distinct {
            self.refuse(at, "cannot use DISTINCT with WITHIN GROUP");
        } else if call.variadic {
            self.refuse(at, "cannot use VARIADIC with WITHIN GROUP");
        }
    }

    /// Clauses around a query in parentheses that has such clauses itself (`insertSelectOptions`), and WITH
    /// TIES, which goes by the order and waits for rows.
    pub(super) fn check_doubled_clauses(&mut self, query: &Query, written: &Written) {
        let mut inner = &query.body;
        let (mut order, mut offset, mut limit, mut with, mut locked) = (false, false, false, false, false);
        while let QueryBody::Nested(it) = inner {
            order |= !it.order_by.is_empty();
            offset |= it.offset.is_some();
            limit |= it.limit.is_some();
            with |= it.with.is_some();
            locked |= it.locking.iter().any(|it| self.skips_locked(it.range));
            inner = &it.body;
        }
        let first = query.order_by.first().map(|it| self.bare_range(it.expr));
        if let (true, Some(at)) = (order, first) {
            self.refuse(at, "multiple ORDER BY clauses not allowed");
        }
        if let (true, Some(at)) = (offset, written.offset) {
            self.refuse(at, "multiple OFFSET clauses not allowed");
        }
        if let (true, Some(at)) = (limit, written.limit) {
            self.refuse(at, "multiple LIMIT clauses not allowed");
        }
        if let Some(at) = written.ties {
            locked |= query.locking.iter().any(|it| self.skips_locked(it.range));
            if !order && query.order_by.is_empty() {
                self.refuse(at, "WITH TIES cannot be specified without ORDER BY clause");
            } else if locked {
                self.refuse(at, "SKIP LOCKED and WITH TIES options cannot be used together");
            }
        }
        if let (true, Some(at)) = (with, written.with) {
            self.refuse(at, "multiple WITH clauses not allowed");
        }
    }

    /// The range without the parentheses around it.
    fn bare_range(&self, mut id: ExprId) -> TextRange {
        while let Some(ExprKind::Paren(inner)) = self.exprs.get(id.0 as usize).map(|it| &it.kind) {
            id = *inner;
        }
        self.range_of_expr(id)
    }

    fn skips_locked(&self, locking: TextRange) -> bool {
        crate::base::text::slice(self.text, locking).to_ascii_lowercase().ends_with("locked")
    }

    /// A new role's name (`RoleId`).
    fn check_role_id(&mut self, token: Token) {
        let word = self.str(token).trim_matches('"');
        let at = self.token_range(token);
        let quoted = token.kind == Kind::Quoted;
        match word {
            "public" | "none" if quoted => {
                self.refuse_as(RESERVED_NAME, at, format!("role name \"{word}\" is reserved"));
            }
            _ if quoted => {}
            _ => {
                let lower = word.to_ascii_lowercase();
                match lower.as_str() {
                    "public" | "none" => {
                        self.refuse_as(RESERVED_NAME, at, format!("role name \"{lower}\" is reserved"));
                    }
                    "current_user" | "current_role" | "session_user" => {
                        let message =
                            format!("{} cannot be used as a role name here", lower.to_ascii_uppercase());
                        self.refuse_as(RESERVED_NAME, at, message);
                    }
                    _ => {}
                }
            }
        }
    }

    /// CREATE and ALTER ROLE, USER and GROUP; the cursor is on the first word.
    fn role_actions(&mut self) {
        let creates = self.at_kw("create");
        let (first, second) = (self.bump(), self.bump());
        if !creates && self.nth_kw(1, "rename") {
            let old = self.bump();
            self.check_role_id(old);
            self.bump();
            if self.eat_kw("to") {
                let new = self.bump();
                self.check_role_id(new);
            }
            return;
        }
        if self.at_kw("mapping") || self.at_kw("all") || second.start == first.start {
            return;
        }
        let name = self.bump();
        if creates {
            self.check_role_id(name);
        }
        if !creates && self.at_any_kw(&["in", "set", "reset", "add", "drop"]) {
            return;
        }
        self.eat_kw("with");
        while !self.at_end() && !self.at(Kind::Semi) {
            let token = self.peek();
            if self.eat_kw("unencrypted") {
                if self.eat_kw("password") {
                    self.bump();
                    self.refuse_feature(
                        self.token_range(token),
                        "UNENCRYPTED PASSWORD is no longer supported",
                    );
                }
                continue;
            }
            // What follows these is a value.
            if self.eat_kws(&["connection", "limit"]) {
                self.eat_op("-");
                self.bump();
                continue;
            }
            if self.eat_kws(&["valid", "until"]) || self.eat_kw("password") || self.eat_kw("sysid") {
                self.bump();
                continue;
            }
            if self.at_any_kw(&["in", "role", "admin", "user", "group"]) {
                return;
            }
            self.bump();
            let ident = crate::sql::Ident::from_source(self.str(token));
            let word = match token.kind {
                Kind::Word => crate::sql::keywords::keyword(self.str(token)).is_none(),
                it => it == Kind::Quoted,
            };
            if word && !ident.is_dynamic() && !ROLE_WORDS.contains(&ident.as_str()) {
                let message = format!("unrecognized role option \"{ident}\"");
                self.refuse(self.token_range(token), message);
                return;
            }
        }
    }

    /// Statements that only the grammar's actions look at; the cursor is on the first word, and may be anywhere after.
    pub(super) fn statement_actions(&mut self) {
        let whole = self.peek();
        if self.at_any_kw(&["create", "alter"])
            && ["role", "user", "group"].iter().any(|it| self.nth_kw(1, it))
        {
            return self.role_actions();
        }
        if self.at_kws(&["create", "assertion"]) {
            self.pos = self.end;
            return self.refuse_feature(self.token_range(whole), "CREATE ASSERTION is not yet implemented");
        }
        if self.eat_kw("set") {
            self.eat_any_kw(&["session", "local"]);
            if self.eat_kw("catalog") && self.at(Kind::Str) {
                self.refuse_feature(self.token_range(self.peek()), "current database cannot be changed");
            } else if self.eat_kws(&["time", "zone", "interval"]) {
                self.time_zone_interval();
            }
            return;
        }
        if self.at_kw("copy") && self.nth(1).kind != Kind::LParen {
            return self.copy_actions();
        }
        if self.eat_kws(&["create", "extension"]) {
            super::ddl::if_not_exists(self);
            self.bump();
            self.eat_kw("with");
            while !self.at_end() && !self.at(Kind::Semi) {
                let token = self.bump();
                if self.str(token).eq_ignore_ascii_case("from") {
                    self.bump();
                    let message = "CREATE EXTENSION ... FROM is no longer supported";
                    return self.refuse_feature(self.token_range(token), message);
                }
            }
            return;
        }
        if self.at_any_kw(&["grant", "revoke"]) {
            let to = if self.at_kw("grant") { "to" } else { "from" };
            while !self.at_end() && !self.at_kw(to) {
                self.skip_one();
            }
            while self.eat_kw(to) || self.eat(Kind::Comma) {
                self.eat_kw("group");
                let role = self.peek();
                self.bump();
                if self.str(role).trim_matches('"').eq_ignore_ascii_case("none") && role.kind != Kind::Str {
                    self.check_role_id(role);
                }
            }
            return;
        }
        if self.eat_kws(&["alter", "type"]) {
            self.qname();
            let at = self.token_range(self.peek());
            if self.eat_kws(&["drop", "value"]) {
                self.bump();
                self.refuse_feature(at, "dropping an enum value is not implemented");
            }
        }
    }

    /// `COPY table …`.
    fn copy_actions(&mut self) {
        self.bump();
        self.eat_kw("binary");
        self.qname();
        if self.at(Kind::LParen) {
            self.skip_one();
        }
        let to = self.at_kw("to");
        if !self.eat_any_kw(&["from", "to"]) {
            return;
        }
        let program = self.eat_kw("program");
        let file = self.peek();
        let standard = self.eat_any_kw(&["stdin", "stdout"]);
        if program && standard {
            return self.refuse(self.token_range(file), "STDIN/STDOUT not allowed with PROGRAM");
        }
        while !self.at_end() && !self.at(Kind::Semi) && !self.at_kw("where") {
            self.skip_one();
        }
        if to && self.at_kw("where") {
            let at = self.token_range(self.peek());
            self.bump();
            while !self.at_end() && !self.at(Kind::Semi) {
                self.skip_one();
            }
            self.refuse(at, "WHERE clause not allowed with COPY TO");
        }
    }

    /// `SET TIME ZONE INTERVAL '…' [fields]`.
    fn time_zone_interval(&mut self) {
        if !self.eat(Kind::Str) {
            return;
        }
        let fields = self.peek();
        let to_second = self.nth_kw(1, "to") && self.nth_kw(2, "second");
        let fits = self.at_any_kw(&["hour", "minute"]) && !to_second;
        if !fits && !self.interval_fields().is_empty() {
            self.refuse(self.token_range(fields), "time zone interval must be HOUR or HOUR TO MINUTE");
        }
    }
}

/// Where clauses around a query are written.
#[derive(Default)]
pub(super) struct Written {
    pub with: Option<TextRange>,
    pub offset: Option<TextRange>,
    pub limit: Option<TextRange>,
    /// `WITH TIES`.
    pub ties: Option<TextRange>,
}
