//! Functions with a grammar of their own → the catalog's functions (`func_expr_common_subexpr` of gram.y).

use super::Lower;
use super::expr::{form, plain_call};
use super::lex::Kind;
use super::types::system_name;
use crate::base::text::TextRange;
use crate::sql::hir::{Arg, Call, CastStyle, ExprId, ExprKind, Name, QName, TypeName};

impl Lower<'_> {
    /// The form that the keyword under the cursor starts; a parenthesis follows it. `None`: it is no such form,
    /// and nothing was taken.
    pub(super) fn special_form(&mut self) -> Option<ExprId> {
        let token = self.peek();
        let start = token.start;
        let word = self.str(token).to_ascii_lowercase();
        let words = self.token_range(token);
        let name = || system_name(&word, words);
        let res = match word.as_str() {
            "row" => self.row(),
            "exists" => {
                self.bump();
                match self.parens(|it| it.query()) {
                    Some(query) => self.node(start, ExprKind::Exists(Box::new(query))),
                    None => self.missing(),
                }
            }
            "coalesce" => {
                let args = self.keyword_args();
                self.node(start, ExprKind::Coalesce(args))
            }
            "greatest" | "least" => {
                let args = self.keyword_args();
                self.node(start, ExprKind::MinMax { greatest: word == "greatest", args })
            }
            "grouping" => {
                let args = self.keyword_args();
                self.node(start, ExprKind::Grouping(args))
            }
            "nullif" => {
                let args = self.keyword_args();
                let mut args = args.into_iter();
                let first = args.next().unwrap_or_else(|| self.missing());
                let second = args.next().unwrap_or_else(|| self.missing());
                self.clean &= args.next().is_none();
                self.node(start, ExprKind::NullIf(first, second))
            }
            "extract" => {
                self.bump();
                let args = self.parens(|it| it.extract_args()).unwrap_or_default();
                self.system_call(start, name(), args)
            }
            "normalize" => {
                self.bump();
                let args = self.parens(|it| {
                    let mut res = vec![it.expr()];
                    if it.eat(Kind::Comma) {
                        let form = it.peek();
                        if it.eat_any_kw(&["nfc", "nfd", "nfkc", "nfkd"]) {
                            let value = it.str(form).to_ascii_uppercase();
                            res.push(it.string_expr(it.token_range(form), value));
                        } else {
                            res.push(it.expr());
                            it.clean = false;
                        }
                    }
                    res
                });
                self.system_call(start, name(), args.unwrap_or_default())
            }
            "position" => {
                self.bump();
                let args = self.parens(|it| {
                    if it.at(Kind::RParen) {
                        return Vec::new();
                    }
                    let part = it.b_expr();
                    let whole = if it.expect_kw("in") { it.b_expr() } else { it.missing() };
                    vec![whole, part]
                });
                self.system_call(start, name(), args.unwrap_or_default())
            }
            "overlay" | "substring" => self.overlay_or_substring(&word),
            "trim" => self.trim(),
            "treat" => {
                self.bump();
                let parts = self.parens(|it| {
                    let expr = it.expr();
                    let ty = if it.expect_kw("as") { it.type_name() } else { it.missing_type() };
                    (expr, ty)
                });
                let (expr, ty) = parts?;
                let ty_name = ty.name.last().map_or("", |it| it.ident.as_str());
                self.system_call(start, system_name(ty_name, ty.range), vec![expr])
            }
            "merge_action" => {
                self.bump();
                self.parens(|_| ());
                let kind =
                    ExprKind::SqlFunction { name: "MERGE_ACTION".into(), args: Vec::new(), returning: None };
                self.node(start, kind)
            }
            it if it.starts_with("xml") => self.xml_function(&word)?,
            it if it.starts_with("json") => self.json_function(&word)?,
            _ => return None,
        };
        Some(res)
    }

    /// `KEYWORD(a, b, …)`: the arguments.
    pub(super) fn keyword_args(&mut self) -> Vec<ExprId> {
        self.bump();
        self.parens(|it| if it.at(Kind::RParen) { vec![it.missing()] } else { it.list(|it| it.expr()) })
            .unwrap_or_default()
    }

    /// A call of a catalog function made from a form of the grammar's own.
    pub(super) fn system_call(&mut self, start: u32, name: QName, args: Vec<ExprId>) -> ExprId {
        let args = args.into_iter().map(|value| Arg { name: None, value }).collect();
        self.finish_call(start, Call { args, ..form(name) })
    }

    fn extract_args(&mut self) -> Vec<ExprId> {
        let token = self.peek();
        let range = self.token_range(token);
        let field = match token.kind {
            Kind::Str => self.primary(),
            Kind::Word | Kind::Quoted if !self.at_kw("from") => {
                let name = self.take_name();
                self.string_expr(range, name.ident.as_str())
            }
            _ => self.missing(),
        };
        let source = if self.expect_kw("from") { self.expr() } else { self.missing() };
        vec![field, source]
    }

    /// `OVERLAY(a PLACING b FROM c FOR d)` and `SUBSTRING(a FROM b FOR c)`; with commas both are plain calls.
    fn overlay_or_substring(&mut self, word: &str) -> ExprId {
        let token = self.bump();
        let range = self.token_range(token);
        let plain = QName { parts: vec![Name { ident: crate::sql::Ident::new(word), range }] };
        let mut call = plain_call(plain);
        let mut args = Vec::new();
        self.parens(|it| {
            if it.at(Kind::RParen) || it.at_named_argument() || it.at_any_kw(&["variadic", "distinct", "all"])
            {
                it.arguments(&mut call);
                return;
            }
            let first = it.expr_before_similar();
            args.push(first);
            let complete =
                if word == "overlay" { it.overlay_tail(&mut args) } else { it.substring_tail(&mut args) };
            if !complete {
                args.clear();
                call.args.push(Arg { name: None, value: first });
                if it.eat(Kind::Comma) {
                    let rest = it.list(|it| {
                        call.variadic |= it.eat_kw("variadic");
                        let name = it.argument_name();
                        Arg { name, value: it.expr() }
                    });
                    call.args.extend(rest);
                }
                call.order_by = it.opt_order_by();
            }
        });
        if args.is_empty() {
            return self.finish_call(token.start, call);
        }
        self.system_call(token.start, system_name(word, range), args)
    }

    /// The first argument of SUBSTRING, which SIMILAR may follow.
    fn expr_before_similar(&mut self) -> ExprId {
        self.similar_pattern()
    }

    fn overlay_tail(&mut self, args: &mut Vec<ExprId>) -> bool {
        if !self.eat_kw("placing") {
            return false;
        }
        args.push(self.expr());
        let from = if self.expect_kw("from") { self.expr() } else { self.missing() };
        args.push(from);
        if self.eat_kw("for") {
            args.push(self.expr());
        }
        true
    }

    fn substring_tail(&mut self, args: &mut Vec<ExprId>) -> bool {
        if self.eat_kw("from") {
            args.push(self.expr());
            if self.eat_kw("for") {
                args.push(self.expr());
            }
        } else if self.eat_kw("for") {
            let length = self.expr();
            if self.eat_kw("from") {
                args.push(self.expr());
                args.push(length);
            } else {
                // gram.y: without FROM it starts at 1, and the length is cast so that the function is certain.
                let range = self.range_of_expr(length);
                args.push(self.integer_expr(range, 1));
                let ty = TypeName::plain(range, system_name("int4", range));
                args.push(self.push(range, ExprKind::Cast { expr: length, ty, style: CastStyle::Cast }));
            }
        } else if self.at_kw("similar") {
            self.bump();
            args.push(self.similar_pattern());
            let escape = if self.expect_kw("escape") { self.expr() } else { self.missing() };
            args.push(escape);
        } else {
            return false;
        }
        true
    }

    fn trim(&mut self) -> ExprId {
        let token = self.bump();
        let range = self.token_range(token);
        let mut name = "btrim";
        let args = self.parens(|it| {
            if it.eat_kw("leading") {
                name = "ltrim";
            } else if it.eat_kw("trailing") {
                name = "rtrim";
            } else {
                it.eat_kw("both");
            }
            if it.eat_kw("from") {
                return it.list(|it| it.expr());
            }
            if it.at(Kind::RParen) {
                return vec![it.missing()];
            }
            let first = it.expr();
            if it.eat_kw("from") {
                let mut res = it.list(|it| it.expr());
                res.push(first);
                return res;
            }
            let mut res = vec![first];
            if it.eat(Kind::Comma) {
                res.extend(it.list(|it| it.expr()));
            }
            res
        });
        self.system_call(token.start, system_name(name, range), args.unwrap_or_default())
    }

    /// `COLLATION FOR (expr)`.
    pub(super) fn collation_for(&mut self) -> ExprId {
        let start = self.start();
        self.bump();
        self.bump();
        let words = self.span(start);
        let arg = self.parens(|it| it.expr());
        let arg = arg.unwrap_or_else(|| self.missing());
        self.system_call(start, system_name("pg_collation_for", words), vec![arg])
    }

    /// `row OVERLAPS row` behind a row: a call with the items of both.
    pub(super) fn overlaps(&mut self, start: u32, row: ExprId) -> ExprId {
        if !self.at_kw("overlaps") {
            return row;
        }
        let token = self.bump();
        let range = self.token_range(token);
        let other = self.primary();
        let mut args = Vec::new();
        for id in [row, other] {
            match self.exprs.get(id.0 as usize).map(|it| &it.kind) {
                Some(ExprKind::Row { items, .. }) if items.len() == 2 => args.extend(items.iter().copied()),
                // Of another width the row stays one argument.
                Some(ExprKind::Row { .. }) => args.push(id),
                _ => {
                    self.clean = false;
                    args.push(id);
                }
            }
        }
        let args = args.into_iter().map(|value| Arg { name: None, value }).collect();
        let call = Call { args, ..form(overlaps_name(range)) };
        self.node(start, ExprKind::Call(Box::new(call)))
    }
}

fn overlaps_name(range: TextRange) -> QName {
    system_name("overlaps", range)
}
