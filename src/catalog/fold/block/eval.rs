//! What expressions of a block yield, as far as the folded catalog decides it.

use super::query::Answer;
use super::rows::{self, Row};
use super::text::{format, is_like, literal, quoted};
use super::value::{Value, Variables, all, compare, concatenate, equal, field, not, text_known};
use crate::catalog::{Catalog, lookup};
use crate::sql::hir::{
    BoolOp, Call, Expr, ExprId, ExprKind, IsTest, LikeKind, Literal, QName, QueryBody, StatementKind,
    TypeName,
};
use crate::sql::ident::truncate;
use crate::sql::{DYNAMIC_MARK, Dialect, Ident, read_statement};

/// What the names of an expression are looked up in.
pub(super) struct Eval<'a> {
    pub catalog: &'a Catalog,
    pub variables: &'a Variables,
    pub exprs: &'a [Expr],
    /// The FROM items in scope with their names, the innermost query's last.
    pub scope: Vec<(Ident, &'a Row)>,
}

/// What an expression of PL/pgSQL yields.
pub(super) fn evaluate(catalog: &Catalog, variables: &Variables, text: &str) -> Value {
    let statement = read_statement(&format!("SELECT {text}"), Dialect::Postgres);
    let StatementKind::Query(query) = &statement.kind else { return Value::Unknown };
    let eval = Eval { catalog, variables, exprs: &statement.exprs, scope: Vec::new() };
    eval.scalar(query)
}

/// What a query yields; its targets of `INTO` left aside.
pub(super) fn answer(catalog: &Catalog, variables: &Variables, text: &str) -> Option<Answer> {
    let statement = read_statement(text, Dialect::Postgres);
    let StatementKind::Query(query) = &statement.kind else { return None };
    Eval { catalog, variables, exprs: &statement.exprs, scope: Vec::new() }.query(query)
}

impl<'a> Eval<'a> {
    pub fn kind(&self, id: ExprId) -> &'a ExprKind {
        const MISSING: &ExprKind = &ExprKind::Missing;
        self.exprs.get(id.0 as usize).map_or(MISSING, |it| &it.kind)
    }

    /// What an expression yields beside another one: a constant beside a name of the catalogs is of the type `name`, too, so
    /// that what is too long is cut (manual §10.2, §8.3).
    fn beside(&self, id: ExprId, other: ExprId) -> Value {
        match (self.kind(id), self.kind(other)) {
            (ExprKind::Literal(Literal::String(it)), ExprKind::Column(_) | ExprKind::Field { .. }) => {
                Value::Text(truncate(it))
            }
            _ => self.expr(id),
        }
    }

    /// What an expression yields, NULL and what is not known apart (manual §9.1, §9.2, §9.24).
    pub fn expr(&self, id: ExprId) -> Value {
        match self.kind(id) {
            ExprKind::Paren(inner) => self.expr(*inner),
            ExprKind::Literal(Literal::Null) => Value::Null,
            ExprKind::Literal(Literal::Bool(it)) => Value::Bool(*it),
            ExprKind::Literal(Literal::Integer(it)) => Value::Int(*it),
            ExprKind::Literal(Literal::String(it)) => Value::Text(it.clone()),
            ExprKind::Column(name) => self.column(name),
            ExprKind::Field { expr, name } => match self.expr(*expr) {
                Value::Record(fields) => field(&fields, &name.ident),
                _ => Value::Unknown,
            },
            ExprKind::Cast { expr, ty, .. } => self.cast(self.expr(*expr), ty),
            ExprKind::Not(inner) => not(self.expr(*inner)),
            ExprKind::Bool { op, args } => {
                let args = args.iter().map(|it| self.expr(*it));
                match op {
                    BoolOp::And => all(args),
                    BoolOp::Or => not(all(args.map(not))),
                }
            }
            ExprKind::Is { expr, test, negated } => {
                let res = match (test, self.expr(*expr)) {
                    (_, Value::Unknown) => Value::Unknown,
                    (IsTest::Null, it) => Value::Bool(it == Value::Null),
                    (IsTest::True, it) => Value::Bool(it == Value::Bool(true)),
                    (IsTest::False, it) => Value::Bool(it == Value::Bool(false)),
                    (IsTest::Unknown, it) => Value::Bool(it == Value::Null),
                    _ => Value::Unknown,
                };
                if *negated { not(res) } else { res }
            }
            ExprKind::IsDistinct { lhs, rhs, negated } => {
                let res = match (self.expr(*lhs), self.expr(*rhs)) {
                    (Value::Null, Value::Null) => Value::Bool(false),
                    (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
                    (Value::Null, _) | (_, Value::Null) => Value::Bool(true),
                    (a, b) => not(equal(&a, &b)),
                };
                if *negated { not(res) } else { res }
            }
            ExprKind::Operator { op, lhs: Some(lhs), rhs } => {
                let (a, b) = (self.beside(*lhs, *rhs), self.beside(*rhs, *lhs));
                match op.op.as_str() {
                    "=" => equal(&a, &b),
                    "<>" => not(equal(&a, &b)),
                    "||" => concatenate(&self.expr(*lhs), &self.expr(*rhs)),
                    "<" | "<=" | ">" | ">=" => compare(op.op.as_str(), &a, &b),
                    _ => Value::Unknown,
                }
            }
            ExprKind::Like { kind, negated, expr, pattern, escape: None, .. } => {
                let (text, pattern) = (self.expr(*expr), self.expr(*pattern));
                let res = match (&text, &pattern) {
                    (Value::Null, _) | (_, Value::Null) => Value::Null,
                    (Value::Text(text), Value::Text(like)) if text_known(text, like) => match kind {
                        LikeKind::Like => Value::Bool(is_like(text, like)),
                        LikeKind::ILike => {
                            Value::Bool(is_like(&text.to_ascii_lowercase(), &like.to_ascii_lowercase()))
                        }
                        LikeKind::SimilarTo => Value::Unknown,
                    },
                    _ => Value::Unknown,
                };
                if *negated { not(res) } else { res }
            }
            ExprKind::InList { expr, list, negated, .. } => {
                let value = self.expr(*expr);
                let res = not(all(list.iter().map(|it| not(equal(&value, &self.beside(*it, *expr))))));
                if *negated { not(res) } else { res }
            }
            ExprKind::InQuery { expr, query, negated, .. } => {
                let value = self.expr(*expr);
                let res = match self.query(query) {
                    Some(Answer { rows, complete, .. }) => {
                        let found = rows.iter().filter_map(|it| it.first());
                        let res = not(all(found.map(|it| not(equal(&value, it)))));
                        if complete || res == Value::Bool(true) { res } else { Value::Unknown }
                    }
                    None => Value::Unknown,
                };
                if *negated { not(res) } else { res }
            }
            ExprKind::QuantifiedArray { lhs, op, all: false, array } if op.op == "=" => {
                let value = self.expr(*lhs);
                match self.expr(*array) {
                    Value::List(items) => not(all(items.iter().map(|it| not(equal(&value, it))))),
                    _ => Value::Unknown,
                }
            }
            ExprKind::Exists(query) => match self.query(query) {
                Some(it) if !it.rows.is_empty() => Value::Bool(true),
                Some(it) if it.complete => Value::Bool(false),
                _ => Value::Unknown,
            },
            ExprKind::Subquery(query) => self.scalar(query),
            ExprKind::Array(items) => Value::List(items.iter().map(|it| self.expr(*it)).collect()),
            ExprKind::ArraySubquery(query) => match self.query(query) {
                Some(Answer { rows, complete: true, .. }) => {
                    Value::List(rows.into_iter().filter_map(|it| it.into_iter().next()).collect())
                }
                _ => Value::Unknown,
            },
            ExprKind::Coalesce(args) => {
                let found = args.iter().map(|it| self.expr(*it)).find(|it| *it != Value::Null);
                found.unwrap_or(Value::Null)
            }
            ExprKind::SqlValue { name, .. } if name == "CURRENT_SCHEMA" => self.current_schema(),
            ExprKind::Call(call) => self.call(call),
            _ => Value::Unknown,
        }
    }

    fn current_schema(&self) -> Value {
        let path = &self.catalog.search_path;
        let found = path.iter().find(|it| lookup::schema_exists(self.catalog, it));
        found.map_or(Value::Unknown, |it| Value::text(it.as_str()))
    }

    /// A column of a row in scope, else a variable or a field of one.
    fn column(&self, name: &QName) -> Value {
        let Some(last) = name.last() else { return Value::Unknown };
        let qualifier = name.schema().map(|it| &it.ident);
        for (alias, row) in self.scope.iter().rev() {
            if qualifier.is_none_or(|it| it == alias)
                && let Some(value) = row.get(last.ident.as_str())
            {
                return value.clone();
            }
        }
        let found = match qualifier {
            Some(qualifier) => match self.variables.get(qualifier) {
                Some(Value::Record(fields)) => Some(field(fields, &last.ident)),
                _ => None,
            },
            None => match self.variables.get(&last.ident) {
                // Of a FOR over one column it may be the column.
                Some(Value::Record(fields)) if fields.len() == 1 => fields.first().map(|it| it.1.clone()),
                found => found.cloned(),
            },
        };
        found.unwrap_or(Value::Unknown)
    }

    fn cast(&self, value: Value, ty: &TypeName) -> Value {
        let name = ty.name.last().map_or("", |it| it.ident.as_str());
        match (name, value) {
            (_, Value::Null) => Value::Null,
            _ if ty.array_dims > 0 => Value::Unknown,
            ("regclass", Value::Text(text)) => match self.relation_of(&text) {
                Value::Null => Value::Unknown,
                found => found,
            },
            ("regclass" | "oid", it @ Value::Oid(_)) => it,
            ("text" | "name" | "varchar", it @ (Value::Text(_) | Value::Int(_))) => it,
            ("regnamespace", Value::Text(text)) => Value::Oid(text),
            _ => Value::Unknown,
        }
    }

    /// What `to_regclass` yields.
    fn relation_of(&self, text: &str) -> Value {
        // A name, no more (`SplitIdentifierString`).
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '"');
        if !text.trim().chars().all(plain) {
            return Value::Unknown;
        }
        let statement = read_statement(&format!("TABLE {text}"), Dialect::Postgres);
        let StatementKind::Query(query) = &statement.kind else { return Value::Unknown };
        let QueryBody::Table(name) = &query.body else { return Value::Unknown };
        let Some(last) = name.last() else { return Value::Unknown };
        rows::relation_oid(self.catalog, name.schema().map(|it| &it.ident), &last.ident)
    }

    fn call(&self, call: &Call) -> Value {
        let plain = call.over.is_none() && call.filter.is_none() && !call.variadic && !call.star;
        let own = call.name.schema().is_none_or(|it| it.ident.as_str() == "pg_catalog");
        let Some(name) = call.name.last().filter(|_| plain && own) else { return Value::Unknown };
        let args: Vec<Value> = call.args.iter().map(|it| self.expr(it.value)).collect();
        match (name.ident.as_str(), args.as_slice()) {
            ("format", [Value::Text(text), args @ ..]) => format(text, args),
            ("concat", args) => Value::Text(args.iter().map(Value::written).collect::<String>().into()),
            ("quote_ident", [Value::Text(text)]) => Value::Text(quoted(text).into()),
            ("quote_literal", [Value::Text(text)]) => Value::Text(literal(text).into()),
            ("quote_ident" | "quote_literal" | "format", [Value::Unknown, ..]) => {
                Value::text(&DYNAMIC_MARK.to_string())
            }
            ("lower", [it @ Value::Text(text)]) if it.known() => Value::text(&text.to_lowercase()),
            ("upper", [it @ Value::Text(text)]) if it.known() => Value::text(&text.to_uppercase()),
            ("replace", [Value::Text(text), Value::Text(from), Value::Text(to)])
                if text_known(text, from) && !to.contains(DYNAMIC_MARK) && !from.is_empty() =>
            {
                Value::text(&text.replace(from.as_str(), to))
            }
            ("to_regclass", [Value::Text(text)]) => self.relation_of(text),
            ("current_schema", []) => self.current_schema(),
            ("to_regclass" | "lower" | "upper", [Value::Null]) => Value::Null,
            _ => Value::Unknown,
        }
    }
}
