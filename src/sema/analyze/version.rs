//! What a server older than PostgreSQL 18, which the configuration names, refuses of a tree that it reads (release notes of
//! PostgreSQL 15 to 18): [`crate::sql::older`] has what it does not read.

use crate::base::text::TextRange;
use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, QualifiedName, TypeId};
use crate::sema::{Analysis, Code, Problem, Ty, code};
use crate::sql::Ident;
use crate::sql::hir::{
    Ddl, Expr, ExprKind, FromItem, InsertSource, Literal, Query, QueryBody, Statement, StatementKind, With,
};
use crate::sql::older::FUNCTIONS;
use crate::sql::token::{Token, TokenKind, significant};

/// Adds the first thing that the catalog's server would not read; nothing else is said of such a statement.
pub fn check(catalog: &Catalog, statement: &Statement, text: &str, analysis: &mut Analysis) {
    let Some(version) = catalog.old_version() else { return };
    let tokens = significant(text);
    let mut cx = Cx { version, tokens: &tokens, found: Vec::new(), early: Vec::new() };
    cx.statement(&statement.kind);
    for expr in &statement.exprs {
        cx.expr(expr);
    }
    if let Some((at, message)) = cx.found.into_iter().min_by_key(|it| it.0.start()) {
        analysis.problems.clear();
        analysis.problems.push(problem(code::SYNTAX_ERROR, at, message, 16));
        return;
    }
    if let Some(at) = cx.early.first() {
        let message = String::from("MERGE not supported in WITH query");
        analysis.problems.insert(0, problem(code::FEATURE_NOT_SUPPORTED, *at, message, 17));
    }
    let unknown = unknown(catalog, version, statement, text, analysis);
    // What the newest server says of their arguments is no matter.
    let covers = |it: &Problem| unknown.iter().any(|(whole, _)| whole.contains_range(it.range));
    analysis.problems.retain(|it| !covers(it));
    analysis.problems.extend(unknown.into_iter().filter_map(|it| it.1));
}

fn problem(code: Code, range: TextRange, message: String, since: u32) -> Problem {
    Problem {
        code,
        range,
        message,
        hint: Some(crate::sql::older::hint(since)),
        related: Vec::new(),
        fixes: Vec::new(),
    }
}

struct Cx<'a> {
    version: u32,
    tokens: &'a [Token],
    found: Vec<(TextRange, String)>,
    /// Names of CTEs that change data by MERGE, which versions 15 and 16 read and refuse.
    early: Vec<TextRange>,
}

impl Cx<'_> {
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
                self.from(&it.source);
            }
            StatementKind::Wrapped { inner, .. } => self.statement(inner),
            StatementKind::Ddl(ddl) => {
                if let Ddl::CreateView(it) = &**ddl {
                    self.query(&it.query);
                }
            }
            StatementKind::Session(_) | StatementKind::Other(_) => {}
        }
    }

    fn with(&mut self, with: Option<&With>) {
        for cte in with.iter().flat_map(|it| &it.ctes) {
            if matches!(cte.body, StatementKind::Merge(_)) && self.version < 17 {
                self.early.push(cte.name.range);
            }
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
            QueryBody::Values { .. } | QueryBody::Table(_) | QueryBody::Execute(_) | QueryBody::Missing => {}
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
            _ => {}
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Exists(it) | ExprKind::Subquery(it) | ExprKind::ArraySubquery(it) => self.query(it),
            ExprKind::InQuery { query, .. } | ExprKind::QuantifiedQuery { query, .. } => self.query(query),
            _ => {}
        }
    }
}

/// Words with a grammar of their own today, which an older server takes for names of functions: where, and what it says
/// where it is known.
fn unknown(
    catalog: &Catalog,
    version: u32,
    statement: &Statement,
    text: &str,
    analysis: &Analysis,
) -> Vec<(TextRange, Option<Problem>)> {
    let mut res = Vec::new();
    for expr in &statement.exprs {
        let (name, args) = match &expr.kind {
            ExprKind::SqlFunction { name, args, .. } => (name.to_ascii_lowercase(), args.as_slice()),
            // A column of that name may be meant.
            ExprKind::SqlValue { name, .. } if name == "SYSTEM_USER" && version < 16 => {
                res.push((expr.range, None));
                continue;
            }
            _ => continue,
        };
        let Some((_, since)) = FUNCTIONS.iter().find(|it| it.0 == name) else { continue };
        let start = expr.range.start();
        // `json(text)` is a cast there as here.
        let casts = name == "json" && !analysis.problems.iter().any(|it| expr.range.contains_range(it.range));
        if version >= *since || casts {
            continue;
        }
        let at = TextRange::at(start, text_size::TextSize::of(name.as_str()));
        let own = catalog.gaps.functions
            || catalog.search_path.iter().any(|schema| {
                let name = QualifiedName { schema: schema.clone(), name: Ident::new(&name) };
                catalog.functions.contains_key(&name)
            });
        let ty = |id: &crate::sql::hir::ExprId| match analysis.exprs.get(id.0 as usize).map(|it| it.ty) {
            _ if is_literal(statement, id.0) => Some(String::from("unknown")),
            Some(Ty::Known(ty)) if ty.id != TypeId::UNKNOWN => Some(format_type_id(catalog, ty.id)),
            _ => None,
        };
        // An aggregate's FILTER and ORDER BY are among its expressions.
        let n_args = call_arguments(text, expr.range);
        let types: Option<Vec<String>> = args.iter().take(n_args).map(ty).collect();
        let problem = types.filter(|_| !own).map(|types| {
            let message = format!("function {name}({}) does not exist", types.join(", "));
            problem(code::UNDEFINED_FUNCTION, at, message, *since)
        });
        res.push((expr.range, problem));
    }
    res
}

fn is_literal(statement: &Statement, id: u32) -> bool {
    let expr = statement.exprs.get(id as usize);
    expr.is_some_and(|it| matches!(it.kind, ExprKind::Literal(Literal::String(_) | Literal::Null)))
}

/// How many arguments stand between the parentheses of a call.
fn call_arguments(text: &str, call: TextRange) -> usize {
    let tokens = significant(crate::base::text::slice(text, call));
    let (mut depth, mut commas, mut any) = (0u32, 0usize, false);
    for token in tokens.iter().skip(1) {
        match token.kind {
            TokenKind::OpenParen | TokenKind::OpenBracket => {
                any |= depth > 0;
                depth += 1;
            }
            TokenKind::CloseParen | TokenKind::CloseBracket => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            TokenKind::Comma if depth == 1 => commas += 1,
            _ => any = true,
        }
    }
    if any { commas + 1 } else { 0 }
}
