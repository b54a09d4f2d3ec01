//! SQL/JSON and XML functions: their expressions and result types, the rest of their clauses read over.

use super::Lower;
use super::lex::Kind;
use super::types::system_name;
use crate::sql::hir::{ExprId, ExprKind, Over, QName, TypeName};

impl Lower<'_> {
    /// The function whose keyword is under the cursor; `None` if it is none of them.
    pub(super) fn xml_function(&mut self, word: &str) -> Option<ExprId> {
        let token = self.peek();
        let start = token.start;
        let mut args = Vec::new();
        let mut returning = None;
        match word {
            "xmlconcat" => args = self.keyword_args(),
            "xmlelement" => {
                self.bump();
                self.parens(|it| {
                    it.expect_kw("name");
                    let named = it.label().is_some();
                    it.clean &= named;
                    while it.eat(Kind::Comma) {
                        if it.at_kw("xmlattributes") && it.nth(1).kind == Kind::LParen {
                            let start = it.start();
                            it.bump();
                            let attributes = it.parens(|it| it.labelled_exprs()).unwrap_or_default();
                            let name = "XMLATTRIBUTES".into();
                            let kind = ExprKind::SqlFunction { name, args: attributes, returning: None };
                            args.push(it.node(start, kind));
                        } else {
                            args.push(it.expr());
                        }
                    }
                });
            }
            "xmlforest" => {
                self.bump();
                args = self.parens(|it| it.labelled_exprs()).unwrap_or_default();
            }
            "xmlparse" => {
                self.bump();
                self.parens(|it| {
                    let known = it.eat_any_kw(&["document", "content"]);
                    it.clean &= known;
                    args.push(it.expr());
                    if it.eat_any_kw(&["preserve", "strip"]) {
                        it.expect_kw("whitespace");
                    }
                });
            }
            "xmlpi" => {
                self.bump();
                self.parens(|it| {
                    it.expect_kw("name");
                    let named = it.label().is_some();
                    it.clean &= named;
                    if it.eat(Kind::Comma) {
                        args.push(it.expr());
                    }
                });
            }
            "xmlroot" => {
                self.bump();
                self.parens(|it| {
                    args.push(it.expr());
                    it.expect(Kind::Comma);
                    it.expect_kw("version");
                    if !it.eat_kws(&["no", "value"]) {
                        args.push(it.expr());
                    }
                    if it.eat(Kind::Comma) {
                        it.expect_kw("standalone");
                        let known = it.eat_kw("yes") || it.eat_kws(&["no", "value"]) || it.eat_kw("no");
                        it.clean &= known;
                    }
                });
            }
            "xmlserialize" => {
                self.bump();
                self.parens(|it| {
                    let known = it.eat_any_kw(&["document", "content"]);
                    it.clean &= known;
                    args.push(it.expr());
                    if it.expect_kw("as") {
                        returning = Some(it.type_name());
                    }
                    if !it.eat_kw("indent") {
                        it.eat_kws(&["no", "indent"]);
                    }
                });
            }
            "xmlexists" => {
                self.bump();
                let range = self.token_range(token);
                let args = self.parens(|it| {
                    let path = it.primary();
                    vec![path, it.xml_passing()]
                });
                return Some(self.system_call(start, system_name(word, range), args.unwrap_or_default()));
            }
            _ => return None,
        }
        Some(self.sql_function(start, word, args, returning))
    }

    fn sql_function(
        &mut self,
        start: u32,
        word: &str,
        args: Vec<ExprId>,
        returning: Option<TypeName>,
    ) -> ExprId {
        let name = word.to_ascii_uppercase().into();
        self.node(start, ExprKind::SqlFunction { name, args, returning })
    }

    /// `expr [AS label], …`.
    fn labelled_exprs(&mut self) -> Vec<ExprId> {
        self.list(|it| {
            let res = it.expr();
            if it.eat_kw("as") {
                let named = it.label().is_some();
                it.clean &= named;
            }
            res
        })
    }

    /// `PASSING [BY REF|VALUE] c_expr [BY REF|VALUE]`.
    pub(super) fn xml_passing(&mut self) -> ExprId {
        self.expect_kw("passing");
        let mechanism = |it: &mut Self| {
            if it.at_kw("by") && (it.nth_kw(1, "ref") || it.nth_kw(1, "value")) {
                it.bump();
                it.bump();
            }
        };
        mechanism(self);
        let res = self.primary();
        mechanism(self);
        res
    }

    /// The function whose keyword is under the cursor; `None` if it is none of them.
    pub(super) fn json_function(&mut self, word: &str) -> Option<ExprId> {
        let token = self.peek();
        let start = token.start;
        let mut args = Vec::new();
        let mut returning = None;
        match word {
            "json_object" => {
                // With commas or a single argument it is the function json_object(text[], …).
                if self.is_plain_json_object() {
                    self.bump();
                    let name = system_name(word, self.token_range(token));
                    return Some(self.call_as_form(start, name));
                }
                self.bump();
                self.parens(|it| {
                    it.json_pairs(&mut args);
                    it.json_null_clause();
                    it.json_unique_clause();
                    returning = it.json_returning();
                });
            }
            "json_array" => {
                self.bump();
                self.parens(|it| {
                    // `((select 1), 2)` are two values; a query has no parentheses around it.
                    if it.nth_starts_query(0) || it.at_query_behind_paren() {
                        let start = it.start();
                        let query = it.query();
                        args.push(it.node(start, ExprKind::Subquery(Box::new(query))));
                        it.json_format();
                    } else if !it.at(Kind::RParen) && !it.at_kw("returning") {
                        args = it.list(|it| it.json_value());
                    }
                    it.json_null_clause();
                    returning = it.json_returning();
                });
            }
            "json_objectagg" => {
                self.bump();
                self.parens(|it| {
                    it.json_pairs(&mut args);
                    it.json_null_clause();
                    it.json_unique_clause();
                    returning = it.json_returning();
                });
                self.json_aggregate_tail(&mut args);
            }
            "json_arrayagg" => {
                self.bump();
                self.parens(|it| {
                    args.push(it.json_value());
                    let order_by = it.opt_order_by();
                    args.extend(order_by.into_iter().map(|it| it.expr));
                    it.json_null_clause();
                    returning = it.json_returning();
                });
                self.json_aggregate_tail(&mut args);
            }
            "json" | "json_scalar" | "json_serialize" => {
                self.bump();
                self.parens(|it| {
                    args.push(it.json_value());
                    it.clean &= word == "json" || !it.at_any_kw(&["with", "without"]);
                    it.json_unique_clause();
                    it.clean &= word == "json_serialize" || !it.at_kw("returning");
                    returning = it.json_returning();
                });
            }
            "json_exists" | "json_value" | "json_query" => {
                self.bump();
                self.parens(|it| it.json_path_args(word, &mut args, &mut returning));
            }
            _ => return None,
        }
        Some(self.sql_function(start, word, args, returning))
    }

    fn call_as_form(&mut self, start: u32, name: QName) -> ExprId {
        let mut call = super::expr::form(name);
        self.parens(|it| it.arguments(&mut call));
        self.finish_call(start, call)
    }

    /// `json_object(a, b)` or `json_object(a)`, not `json_object(k: v)`, `(k value v)`, `()` or `(returning t)`.
    fn is_plain_json_object(&self) -> bool {
        if self.nth(2).kind == Kind::RParen || self.nth_kw(2, "returning") {
            return false;
        }
        // Ahead, at the depth of the arguments: which comes first, a comma or the sign of a pair?
        let mut n = 2;
        loop {
            let token = self.nth(n);
            match token.kind {
                Kind::Eof | Kind::RParen | Kind::Comma => return true,
                Kind::Colon => return false,
                Kind::Word if n > 2 && self.str(token).eq_ignore_ascii_case("value") => return false,
                _ => {}
            }
            let close = token.close as usize;
            n = if token.close != super::lex::NO_CLOSE && close > self.pos {
                close - self.pos + 1
            } else {
                n + 1
            };
        }
    }

    /// `key: value` or `key VALUE value`, with commas.
    fn json_pairs(&mut self, args: &mut Vec<ExprId>) {
        if self.at(Kind::RParen) || self.at_kw("returning") {
            return;
        }
        let pairs = self.list(|it| {
            let key = it.expr();
            if !it.eat(Kind::Colon) {
                it.expect_kw("value");
                // An expression with operators must have parentheses there.
                let plain = it.exprs.get(key.0 as usize).is_some_and(|it| {
                    matches!(
                        it.kind,
                        ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Call(_) | ExprKind::Paren(_)
                    )
                });
                it.clean &= plain;
            }
            [key, it.json_value()]
        });
        args.extend(pairs.into_iter().flatten());
    }

    /// `expr [FORMAT JSON [ENCODING x]]`.
    pub(super) fn json_value(&mut self) -> ExprId {
        let res = self.expr();
        self.json_format();
        res
    }

    pub(super) fn json_format(&mut self) {
        if self.eat_kws(&["format", "json"]) && self.eat_kw("encoding") {
            let named = self.label().is_some();
            self.clean &= named;
        }
    }

    fn json_null_clause(&mut self) {
        if !self.eat_kws(&["null", "on", "null"]) {
            self.eat_kws(&["absent", "on", "null"]);
        }
    }

    fn json_unique_clause(&mut self) {
        if self.eat_kws(&["with", "unique"]) || self.eat_kws(&["without", "unique"]) {
            self.eat_kw("keys");
        }
    }

    fn json_returning(&mut self) -> Option<TypeName> {
        if !self.eat_kw("returning") {
            return None;
        }
        let res = self.type_name();
        self.json_format();
        Some(res)
    }

    /// FILTER and OVER: their expressions become arguments.
    fn json_aggregate_tail(&mut self, args: &mut Vec<ExprId>) {
        args.extend(self.opt_filter());
        if let Some(Over::Window(window)) = self.opt_over() {
            args.extend(window.partition_by);
            args.extend(window.order_by.into_iter().map(|it| it.expr));
            args.extend(window.frame_offsets);
        }
    }

    /// `input, path [PASSING …] [RETURNING …] [wrapper] [quotes] [behaviours]`.
    fn json_path_args(&mut self, word: &str, args: &mut Vec<ExprId>, returning: &mut Option<TypeName>) {
        args.push(self.json_value());
        if !self.expect(Kind::Comma) {
            return;
        }
        args.push(self.expr());
        self.json_passing(args);
        self.clean &= word != "json_exists" || !self.at_kw("returning");
        *returning = self.json_returning();
        self.clean &= word == "json_query" || !self.at_any_kw(&["with", "without", "keep", "omit"]);
        self.json_wrapper();
        self.json_behaviours(args, word == "json_exists");
    }

    /// `PASSING expr AS name, …`.
    pub(super) fn json_passing(&mut self, args: &mut Vec<ExprId>) {
        if !self.eat_kw("passing") {
            return;
        }
        let passed = self.list(|it| {
            let res = it.json_value();
            it.expect_kw("as");
            let named = it.label().is_some();
            it.clean &= named;
            res
        });
        args.extend(passed);
    }

    /// `WITH [CONDITIONAL|UNCONDITIONAL] [ARRAY] WRAPPER`, `KEEP|OMIT QUOTES [ON SCALAR STRING]`.
    pub(super) fn json_wrapper(&mut self) {
        if self.at_any_kw(&["with", "without"]) && !self.nth_kw(1, "unique") {
            let with = self.at_kw("with");
            self.bump();
            self.clean &= with || !self.at_any_kw(&["conditional", "unconditional"]);
            self.eat_any_kw(&["conditional", "unconditional"]);
            self.eat_kw("array");
            self.expect_kw("wrapper");
        }
        if self.at_any_kw(&["keep", "omit"]) && self.nth_kw(1, "quotes") {
            self.bump();
            self.bump();
            self.eat_kws(&["on", "scalar", "string"]);
        }
    }

    /// `behaviour ON EMPTY`, `behaviour ON ERROR`.
    pub(super) fn json_behaviours(&mut self, args: &mut Vec<ExprId>, only_error: bool) {
        for idx in 0..2 {
            if self.eat_kw("default") {
                args.push(self.expr());
            } else if self.eat_kw("empty") {
                self.eat_any_kw(&["array", "object"]);
            } else if !self.eat_any_kw(&["error", "null", "true", "false", "unknown"]) {
                return;
            }
            self.expect_kw("on");
            // EMPTY comes first.
            self.clean &= !self.at_kw("empty") || (idx == 0 && !only_error);
            let empty = self.at_kw("empty");
            let known = self.eat_any_kw(&["empty", "error"]);
            self.clean &= known;
            if !empty {
                // Nothing follows ON ERROR.
                self.clean &=
                    !self.at_any_kw(&["error", "null", "true", "false", "unknown", "empty", "default"]);
            }
        }
    }
}
