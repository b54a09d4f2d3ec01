//! Grammar that came later than the server that the configuration names: older servers stop there with a syntax error
//! (release notes of PostgreSQL 15 to 18, "Migration" and "Utility Commands", "General Queries").

use crate::base::text::TextRange;
use crate::catalog::types::format_type_id;
use crate::sema::{Analysis, Code, Problem, Ty, code};
use crate::sql::hir::{
    Ddl, Expr, ExprKind, FromItem, InsertSource, IsTest, Literal, MergeMatch, Query, QueryBody, Statement,
    StatementKind, With,
};
use crate::sql::token::{Number, Token, TokenKind, significant};

use crate::catalog::Catalog;

/// Adds the first thing that the catalog's server would not read; nothing else is said of such a statement.
pub fn check(catalog: &Catalog, statement: &Statement, text: &str, analysis: &mut Analysis) {
    let Some(version) = catalog.old_version() else { return };
    let (tokens, found, unknown) = (significant(text), Vec::new(), Vec::new());
    let mut cx = Cx { version, text, tokens, found, unknown };
    cx.statement(&statement.kind);
    for expr in &statement.exprs {
        cx.expr(expr);
    }
    cx.functions(statement, analysis, catalog);
    cx.tokens();
    let unknown = cx.unknown;
    let Some((at, message)) = cx.found.into_iter().min_by_key(|it| it.0.start()) else {
        analysis.problems.extend(unknown);
        return;
    };
    analysis.problems.clear();
    analysis.problems.push(problem(code::SYNTAX_ERROR, at, message));
}

fn problem(code: Code, range: TextRange, message: String) -> Problem {
    Problem { code, range, message, hint: None, related: Vec::new(), fixes: Vec::new() }
}

struct Cx<'a> {
    version: u32,
    text: &'a str,
    tokens: Vec<Token>,
    found: Vec<(TextRange, String)>,
    /// Functions with a grammar of their own, called as others are: there they are not known.
    unknown: Vec<Problem>,
}

impl Cx<'_> {
    fn syntax(&mut self, since: u32, at: TextRange) {
        if self.version < since {
            let word = crate::base::text::slice(self.text, at);
            self.found.push((at, format!("syntax error at or near \"{word}\"")));
        }
    }

    /// The first token from `from` on that is one of the words, in order.
    fn words(&self, from: usize, words: &[&str]) -> Option<usize> {
        let is = |at: usize| {
            words
                .iter()
                .enumerate()
                .all(|(n, word)| self.tokens.get(at + n).is_some_and(|it| it.is_word(self.text, word)))
        };
        (from..self.tokens.len()).find(|at| is(*at))
    }

    fn token_at(&self, at: crate::base::text::TextSize) -> usize {
        self.tokens.partition_point(|it| it.range.start() < at)
    }

    fn range_of(&self, token: usize) -> Option<TextRange> {
        self.tokens.get(token).map(|it| it.range)
    }

    fn statement(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::Query(it) => self.query(it),
            StatementKind::Insert(it) => {
                self.with(it.with.as_ref());
                if let InsertSource::Query(query) = &it.source {
                    self.query(query);
                }
            }
            StatementKind::Update(it) => {
                self.with(it.with.as_ref());
                it.from.iter().for_each(|it| self.from(it));
            }
            StatementKind::Delete(it) => {
                self.with(it.with.as_ref());
                it.using.iter().for_each(|it| self.from(it));
            }
            StatementKind::Merge(it) => {
                self.with(it.with.as_ref());
                let start = it.table.range().unwrap_or(it.range).start();
                let before = self.token_at(start);
                let merge = (0..before)
                    .rev()
                    .find(|at| self.tokens.get(*at).is_some_and(|it| it.is_word(self.text, "merge")));
                if let Some(at) = merge.and_then(|it| self.range_of(it)) {
                    self.syntax(15, at);
                }
                let from = self.token_at(start);
                let by_source = it.whens.iter().any(|it| it.matched == MergeMatch::NotMatchedBySource);
                if by_source
                    && let Some(at) = self.words(from, &["by", "source"]).and_then(|it| self.range_of(it))
                {
                    self.syntax(17, at);
                }
                if !it.returning.is_empty() && self.version < 17 {
                    let end = it.returning.first().map_or(it.range.end(), |it| it.range.start());
                    let before = self.token_at(end);
                    let at = (0..before)
                        .rev()
                        .find(|at| self.tokens.get(*at).is_some_and(|it| it.is_word(self.text, "returning")));
                    if let Some(at) = at.and_then(|it| self.range_of(it)) {
                        self.syntax(17, at);
                    }
                }
                self.from(&it.source);
            }
            StatementKind::Wrapped { inner, .. } => self.statement(inner),
            StatementKind::Ddl(ddl) => match &**ddl {
                Ddl::CreateView(it) => self.query(&it.query),
                Ddl::CreateTable(_) | Ddl::AlterTable { .. } | Ddl::CreateIndex(_) => self.definitions(),
                _ => {}
            },
            StatementKind::Other(_) => {}
        }
    }

    fn with(&mut self, with: Option<&With>) {
        for cte in with.iter().flat_map(|it| &it.ctes) {
            self.statement(&cte.body);
        }
    }

    fn query(&mut self, query: &Query) {
        self.with(query.with.as_ref());
        match &query.body {
            QueryBody::Select(it) => it.from.iter().for_each(|it| self.from(it)),
            QueryBody::SetOp { left, right, .. } => {
                self.query(left);
                self.query(right);
            }
            QueryBody::Nested(it) => self.query(it),
            QueryBody::Values { .. } | QueryBody::Table(_) | QueryBody::Missing => {}
        }
    }

    fn from(&mut self, item: &FromItem) {
        match item {
            FromItem::Query { query, alias, range, .. } => {
                if alias.is_none() && self.version < 16 {
                    let paren = self
                        .tokens
                        .iter()
                        .find(|it| it.range.start() >= range.start() && it.kind == TokenKind::OpenParen);
                    let at = paren.map_or(*range, |it| it.range);
                    let what = match &query.body {
                        QueryBody::Values { .. } => "VALUES in FROM must have an alias",
                        _ => "subquery in FROM must have an alias",
                    };
                    self.found.push((at, what.to_owned()));
                }
                self.query(query);
            }
            FromItem::Join(join) => {
                self.from(&join.left);
                self.from(&join.right);
            }
            FromItem::Table(it) if self.version < 17 => {
                let word = self.tokens.iter().position(|token| {
                    token.range.start() >= it.range.start() && token.is_word(self.text, "json_table")
                });
                // It is a function's call there; the first of its words stops the reading.
                let stop = word.and_then(|at| {
                    let behind = |word: &str| self.words(at, &[word]);
                    [behind("columns"), behind("as"), behind("passing")].into_iter().flatten().min()
                });
                if let Some(at) = stop.and_then(|it| self.range_of(it)) {
                    self.syntax(17, at);
                }
            }
            _ => {}
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Is { test: IsTest::Json, .. } if self.version < 16 => {
                // `x IS [NOT] JSON`: the last word of that name.
                let end = self.token_at(expr.range.end());
                let at = (0..end)
                    .rev()
                    .find(|at| self.tokens.get(*at).is_some_and(|it| it.is_word(self.text, "json")));
                if let Some(at) = at.and_then(|it| self.range_of(it)) {
                    self.syntax(16, at);
                }
            }
            ExprKind::Exists(it) | ExprKind::Subquery(it) | ExprKind::ArraySubquery(it) => self.query(it),
            ExprKind::InQuery { query, .. } | ExprKind::QuantifiedQuery { query, .. } => self.query(query),
            ExprKind::Call(call) if call.syntax_form && call.args.len() == 1 => {
                let name = call.name.last();
                let is_local = name.is_some_and(|it| it.ident.as_str() == "timezone");
                if let (true, Some(name)) = (is_local, name) {
                    let at = self.token_at(name.range.start()) + 1;
                    if let Some(at) = self.range_of(at) {
                        self.syntax(17, at);
                    }
                }
            }
            _ => {}
        }
    }

    /// SQL/JSON: before it, a name in parentheses is a call.
    fn functions(&mut self, statement: &Statement, analysis: &Analysis, catalog: &Catalog) {
        for expr in &statement.exprs {
            let (name, args) = match &expr.kind {
                ExprKind::SqlFunction { name, args, .. } => (name, args.as_slice()),
                ExprKind::SqlValue { name, .. } if name == "SYSTEM_USER" && self.version < 16 => {
                    let message = "column \"system_user\" does not exist".to_owned();
                    self.unknown.push(problem(code::UNDEFINED_COLUMN, expr.range, message));
                    continue;
                }
                _ => continue,
            };
            let since = match name.as_str() {
                "JSON_EXISTS" | "JSON_VALUE" | "JSON_QUERY" | "JSON_SCALAR" | "JSON_SERIALIZE" => 17,
                "JSON_ARRAY" | "JSON_ARRAYAGG" | "JSON_OBJECTAGG" => 16,
                _ => continue,
            };
            if self.version >= since {
                continue;
            }
            let from = self.token_at(expr.range.start());
            let to = self.token_at(expr.range.end());
            let own = [
                "returning",
                "passing",
                "format",
                "with",
                "without",
                "absent",
                "null",
                "error",
                "default",
                "keep",
                "omit",
                "value",
                "on",
                "strict",
            ];
            let foreign = (from + 2..to).find(|at| {
                self.tokens.get(*at).is_some_and(|it| {
                    it.kind == TokenKind::Colon || own.iter().any(|word| it.is_word(self.text, word))
                })
            });
            if let Some(at) = foreign {
                // What exactly stops the reading depends on what stands around it: `null` is a value too.
                let certain = self.tokens.get(at).is_some_and(|it| {
                    it.kind == TokenKind::Colon
                        || it.is_word(self.text, "returning")
                        || it.is_word(self.text, "passing")
                });
                if let (true, Some(at)) = (certain, self.range_of(at)) {
                    self.syntax(since, at);
                }
                continue;
            }
            let Some(at) = self.range_of(from) else { continue };
            let ty = |id: &crate::sql::hir::ExprId| {
                let literal = statement.exprs.get(id.0 as usize).is_some_and(|it| {
                    matches!(it.kind, ExprKind::Literal(Literal::String(_) | Literal::Null))
                });
                match analysis.exprs.get(id.0 as usize).map(|it| it.ty) {
                    _ if literal => Some(String::from("unknown")),
                    Some(Ty::Known(ty)) => Some(format_type_id(catalog, ty.id)),
                    _ => None,
                }
            };
            let Some(types) = args.iter().map(ty).collect::<Option<Vec<_>>>() else { continue };
            let name = name.to_ascii_lowercase();
            let message = format!("function {name}({}) does not exist", types.join(", "));
            self.unknown.push(problem(code::UNDEFINED_FUNCTION, at, message));
        }
        if self.version < 18
            && matches!(
                statement.kind,
                StatementKind::Insert(_)
                    | StatementKind::Update(_)
                    | StatementKind::Delete(_)
                    | StatementKind::Merge(_)
            )
            && let Some(at) = self.words(0, &["returning", "with"]).and_then(|it| self.range_of(it + 1))
        {
            self.syntax(18, at);
        }
    }

    /// What the lexer of older servers does not take: `0x1F`, `1_000`.
    fn tokens(&mut self) {
        // Version 14 reads `1_000` as `1 AS _000`.
        if self.version != 15 {
            return;
        }
        for token in &self.tokens {
            let TokenKind::Number(Number::Integer | Number::Decimal) = token.kind else { continue };
            let text = token.text(self.text);
            let new = text.len() > 1
                && text.starts_with('0')
                && text.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic);
            if new && !text.starts_with("0e") && !text.starts_with("0E") || text.contains('_') {
                let message = format!("trailing junk after numeric literal at or near \"{text}\"");
                self.found.push((token.range, message));
                return;
            }
        }
    }

    fn definitions(&mut self) {
        if let Some(at) = self.words(0, &["nulls", "not", "distinct"]).and_then(|it| self.range_of(it)) {
            self.syntax(15, at);
        }
        if self.version < 18 {
            let virtual_ = (1..self.tokens.len()).find(|at| {
                let closes = self.tokens.get(at - 1).is_some_and(|it| it.kind == TokenKind::CloseParen);
                closes && self.tokens.get(*at).is_some_and(|it| it.is_word(self.text, "virtual"))
            });
            if let Some(at) = virtual_.and_then(|it| self.range_of(it)) {
                self.syntax(18, at);
            }
            if let Some(at) = self.words(0, &["without", "overlaps"]).and_then(|it| self.range_of(it)) {
                self.syntax(18, at);
            }
            if let Some(at) = self.words(0, &["not", "enforced"]).and_then(|it| self.range_of(it + 1)) {
                self.syntax(18, at);
            }
        }
    }
}
