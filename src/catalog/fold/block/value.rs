//! What expressions of a block yield, as far as the folded catalog decides it: conditions over PostgreSQL's catalogs,
//! texts that are put together (manual §9.4), variables.

use std::collections::BTreeMap;

use smol_str::{SmolStr, SmolStrBuilder};

use super::rows::{self, Row};
use crate::catalog::{Catalog, lookup};
use crate::sql::hir::{
    BoolOp, Call, Expr, ExprId, ExprKind, FromItem, FunctionItem, IsTest, JoinKind, LikeKind, Literal, QName,
    Query, QueryBody, Select, SetOp, StatementKind, TypeName,
};
use crate::sql::{DYNAMIC_MARK, Dialect, Ident, read_statement};

/// Rows that joins may have.
const MAX_ROWS: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Unknown,
    Null,
    Bool(bool),
    Int(i64),
    /// What of it is not known is a [`DYNAMIC_MARK`].
    Text(SmolStr),
    /// The identity of an object.
    Oid(SmolStr),
    List(Vec<Value>),
    Record(Vec<(Ident, Value)>),
}

pub(super) type Variables = BTreeMap<Ident, Value>;

impl Value {
    pub fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    pub fn known(&self) -> bool {
        match self {
            Value::Unknown => false,
            Value::Text(text) => !text.contains(DYNAMIC_MARK),
            _ => true,
        }
    }

    /// As `||` and `format` write it.
    fn written(&self) -> Option<String> {
        match self {
            Value::Text(text) => Some(text.to_string()),
            Value::Int(it) => Some(it.to_string()),
            Value::Bool(it) => Some(if *it { "t" } else { "f" }.to_owned()),
            Value::Null => Some(String::new()),
            _ => Some(DYNAMIC_MARK.to_string()),
        }
    }
}

/// The rows that a query certainly yields, and whether those are all.
pub(super) struct Answer {
    pub names: Vec<Ident>,
    pub rows: Vec<Vec<Value>>,
    pub complete: bool,
}

pub(super) struct Eval<'a> {
    pub catalog: &'a Catalog,
    pub variables: &'a Variables,
    exprs: &'a [Expr],
    /// The FROM items in scope with their names, the innermost query's last.
    scope: Vec<(Ident, &'a Row)>,
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
    fn kind(&self, id: ExprId) -> &'a ExprKind {
        const MISSING: &ExprKind = &ExprKind::Missing;
        self.exprs.get(id.0 as usize).map_or(MISSING, |it| &it.kind)
    }

    fn expr(&self, id: ExprId) -> Value {
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
                let (a, b) = (self.expr(*lhs), self.expr(*rhs));
                match op.op.as_str() {
                    "=" => equal(&a, &b),
                    "<>" => not(equal(&a, &b)),
                    "||" => concatenate(&a, &b),
                    "<" | "<=" | ">" | ">=" => compare(op.op.as_str(), &a, &b),
                    _ => Value::Unknown,
                }
            }
            ExprKind::Like { kind, negated, expr, pattern, escape: None, .. } => {
                let (text, pattern) = (self.expr(*expr), self.expr(*pattern));
                let res = match (&text, &pattern) {
                    (Value::Null, _) | (_, Value::Null) => Value::Null,
                    (Value::Text(text), Value::Text(like)) if text_known(&text, like) => match kind {
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
                let res = not(all(list.iter().map(|it| not(equal(&value, &self.expr(*it))))));
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
            ("concat", args) => {
                Value::Text(args.iter().filter_map(Value::written).collect::<String>().into())
            }
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

    /// A query as a value: that of its only row.
    fn scalar(&self, query: &Query) -> Value {
        match self.query(query) {
            Some(Answer { rows, complete: true, .. }) => match rows.as_slice() {
                [] => Value::Null,
                [row] => row.first().cloned().unwrap_or(Value::Unknown),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    fn query(&self, query: &Query) -> Option<Answer> {
        if query.with.is_some() || query.offset.is_some() {
            return None;
        }
        let mut res = match &query.body {
            QueryBody::Select(select) => self.select(select)?,
            QueryBody::Nested(inner) => self.query(inner)?,
            QueryBody::Values { rows, .. } => {
                let width = rows.first()?.len();
                let rows = rows.iter().map(|row| row.iter().map(|it| self.expr(*it)).collect()).collect();
                let names = (1..=width).map(|it| Ident::new(format!("column{it}"))).collect();
                Answer { names, rows, complete: true }
            }
            QueryBody::SetOp { op: SetOp::Union, left, right, .. } => {
                let (mut left, right) = (self.query(left)?, self.query(right)?);
                for row in right.rows {
                    if !left.rows.contains(&row) {
                        left.rows.push(row);
                    }
                }
                left.complete &= right.complete;
                left
            }
            _ => return None,
        };
        if let Some(limit) = query.limit {
            match self.expr(limit) {
                // Which of them come first is not known.
                Value::Int(n) if n > 0 => res.complete &= res.rows.len() <= usize::try_from(n).ok()?,
                _ => return None,
            }
        }
        Some(res)
    }

    fn select(&self, select: &Select) -> Option<Answer> {
        if !select.group_by.is_empty() || select.having.is_some() {
            return None;
        }
        let mut items: Vec<(Ident, Vec<Row>)> = Vec::new();
        let mut conditions: Vec<ExprId> = select.where_.into_iter().collect();
        let mut complete = true;
        for item in &select.from {
            complete &= self.from(item, &mut items, &mut conditions)?;
        }
        if items.iter().try_fold(1usize, |n, it| n.checked_mul(it.1.len())).is_none_or(|n| n > MAX_ROWS) {
            return None;
        }
        complete &= items.is_empty() || rows::tells_all(self.catalog, self.exprs);
        let names: Vec<Ident> = select.targets.iter().map(|it| self.output_name(it)).collect();
        let mut res = Answer { names, rows: Vec::new(), complete };
        let mut n_rows = 0;
        let mut indexes = vec![0usize; items.len()];
        'rows: while items.iter().zip(&indexes).all(|(item, at)| *at < item.1.len()) {
            let picked: Vec<(&Ident, &Row)> =
                items.iter().zip(&indexes).filter_map(|(it, at)| Some((&it.0, it.1.get(*at)?))).collect();
            let sure = picked.iter().all(|it| it.1.sure);
            let mut scope = self.scope.clone();
            scope.extend(picked.iter().map(|it| (it.0.clone(), it.1)));
            let inner = Eval { scope, ..*self };
            match all(conditions.iter().map(|it| inner.expr(*it))) {
                Value::Bool(true) if sure => {
                    n_rows += 1;
                    match inner.targets(select) {
                        Some(rows) => res.rows.extend(rows),
                        None => res.complete = false,
                    }
                }
                Value::Bool(false) | Value::Null => {}
                _ => res.complete = false,
            }
            // The next combination.
            let mut at = indexes.len();
            loop {
                let Some(last) = at.checked_sub(1) else { break 'rows };
                at = last;
                let n = items.get(at).map_or(0, |it| it.1.len());
                let Some(index) = indexes.get_mut(at) else { break 'rows };
                *index += 1;
                if *index < n {
                    break;
                }
                *index = 0;
            }
        }
        if let [target] = select.targets.as_slice()
            && let ExprKind::Call(call) = self.kind(target.expr)
            && call.name.last().is_some_and(|it| it.ident.as_str() == "count")
        {
            let n = if res.complete && !call.distinct { Value::Int(n_rows) } else { Value::Unknown };
            res.rows = vec![vec![n]];
            res.complete = true;
        } else if select.targets.iter().any(|it| self.aggregates(it.expr)) {
            return None;
        }
        Some(res)
    }

    /// Whether PostgreSQL may make one row of all.
    fn aggregates(&self, id: ExprId) -> bool {
        match self.kind(id) {
            ExprKind::Call(call) => {
                let name = call.name.last().map_or("", |it| it.ident.as_str());
                !matches!(name, "quote_ident" | "format" | "unnest" | "lower" | "replace" | "to_regclass")
                    || call.args.iter().any(|it| self.aggregates(it.value))
            }
            ExprKind::Paren(it) | ExprKind::Cast { expr: it, .. } => self.aggregates(*it),
            ExprKind::Operator { lhs, rhs, .. } => {
                lhs.is_some_and(|it| self.aggregates(it)) || self.aggregates(*rhs)
            }
            _ => false,
        }
    }

    fn output_name(&self, target: &crate::sql::hir::Target) -> Ident {
        let expr = |id| match self.kind(id) {
            ExprKind::Column(name) => name.last().map(|it| it.ident.clone()),
            ExprKind::Call(call) => call.name.last().map(|it| it.ident.clone()),
            _ => None,
        };
        let inner = match self.kind(target.expr) {
            ExprKind::Cast { expr: inner, .. } => *inner,
            _ => target.expr,
        };
        let named = target.alias.as_ref().map(|it| it.ident.clone()).or_else(|| expr(inner));
        named.unwrap_or_else(|| Ident::new("?column?"))
    }

    /// The rows that the select list makes of one: several where it unfolds an array.
    fn targets(&self, select: &Select) -> Option<Vec<Vec<Value>>> {
        if let [target] = select.targets.as_slice()
            && let ExprKind::Call(call) = self.kind(target.expr)
            && call.name.last().is_some_and(|it| it.ident.as_str() == "unnest")
        {
            let Value::List(items) = self.expr(call.args.first()?.value) else { return None };
            return Some(items.into_iter().map(|it| vec![it]).collect());
        }
        let star = |it: &crate::sql::hir::Target| matches!(self.kind(it.expr), ExprKind::Star { .. });
        Some(vec![
            select
                .targets
                .iter()
                .map(|it| if star(it) { Value::Unknown } else { self.expr(it.expr) })
                .collect(),
        ])
    }

    /// Adds the rows of a FROM item; whether those are all.
    fn from(
        &self,
        item: &FromItem,
        acc: &mut Vec<(Ident, Vec<Row>)>,
        conditions: &mut Vec<ExprId>,
    ) -> Option<bool> {
        match item {
            FromItem::Relation { name, alias, .. } => {
                let last = &name.last()?.ident;
                let found = rows::rows(self.catalog, name.schema().map(|it| &it.ident), last)?;
                let alias = alias.as_ref().map_or_else(|| last.clone(), |it| it.name.ident.clone());
                acc.push((alias, found.rows));
                Some(found.complete)
            }
            FromItem::Join(join) if !join.natural && join.using.is_empty() => {
                if !matches!(join.kind, JoinKind::Inner | JoinKind::Cross) {
                    return None;
                }
                let left = self.from(&join.left, acc, conditions)?;
                let right = self.from(&join.right, acc, conditions)?;
                conditions.extend(join.on);
                Some(left && right)
            }
            FromItem::Query { query, alias, .. } => {
                let answer = self.query(query)?;
                let alias = alias.as_ref()?;
                let mut names = answer.names;
                for (name, given) in names.iter_mut().zip(&alias.columns) {
                    *name = given.ident.clone();
                }
                let rows = answer.rows.into_iter().map(|it| Row::of(names.iter().cloned().zip(it)));
                acc.push((alias.name.ident.clone(), rows.collect()));
                Some(answer.complete)
            }
            FromItem::Function(function) => self.unnested(function, acc),
            _ => None,
        }
    }

    fn unnested(&self, function: &FunctionItem, acc: &mut Vec<(Ident, Vec<Row>)>) -> Option<bool> {
        let ([(call, _)], false) = (function.calls.as_slice(), function.ordinality) else { return None };
        let ExprKind::Call(call) = self.kind(*call) else { return None };
        if call.name.last()?.ident.as_str() != "unnest" || call.args.len() != 1 {
            return None;
        }
        let Value::List(items) = self.expr(call.args.first()?.value) else { return None };
        let alias = function.alias.as_ref();
        let name = alias.map_or_else(|| Ident::new("unnest"), |it| it.name.ident.clone());
        let column =
            alias.and_then(|it| it.columns.first()).map_or_else(|| name.clone(), |it| it.ident.clone());
        let rows = items.into_iter().map(|it| Row::of([(column.clone(), it)])).collect();
        acc.push((name, rows));
        Some(true)
    }
}

fn field(fields: &[(Ident, Value)], name: &Ident) -> Value {
    fields.iter().find(|it| it.0 == *name).map_or(Value::Unknown, |it| it.1.clone())
}

fn text_known(a: &str, b: &str) -> bool {
    !a.contains(DYNAMIC_MARK) && !b.contains(DYNAMIC_MARK)
}

fn not(value: Value) -> Value {
    match value {
        Value::Bool(it) => Value::Bool(!it),
        Value::Null => Value::Null,
        _ => Value::Unknown,
    }
}

/// AND.
fn all(values: impl Iterator<Item = Value>) -> Value {
    let mut res = Value::Bool(true);
    for value in values {
        res = match (res, value) {
            (_, Value::Bool(false)) => return Value::Bool(false),
            (res, Value::Bool(true)) => res,
            (Value::Bool(_) | Value::Null, Value::Null) => Value::Null,
            _ => Value::Unknown,
        };
    }
    res
}

fn equal(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Text(x), Value::Text(y)) if text_known(x, y) => Value::Bool(x == y),
        (Value::Int(x), Value::Int(y)) => Value::Bool(x == y),
        (Value::Bool(x), Value::Bool(y)) => Value::Bool(x == y),
        (Value::Oid(x), Value::Oid(y)) => Value::Bool(x == y),
        // Characters of `"char"` and booleans as texts.
        (Value::Bool(x), Value::Text(y)) | (Value::Text(y), Value::Bool(x)) => match y.as_str() {
            "t" | "true" => Value::Bool(*x),
            "f" | "false" => Value::Bool(!*x),
            _ => Value::Unknown,
        },
        _ => Value::Unknown,
    }
}

fn compare(op: &str, a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::Int(a), Value::Int(b)) => Value::Bool(match op {
            "<" => a < b,
            "<=" => a <= b,
            ">" => a > b,
            _ => a >= b,
        }),
        _ => Value::Unknown,
    }
}

fn concatenate(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        (Value::List(_), _) | (_, Value::List(_)) => Value::Unknown,
        (Value::Unknown, Value::Unknown) => Value::Unknown,
        _ => match (a.written(), b.written()) {
            (Some(a), Some(b)) => Value::Text(format!("{a}{b}").into()),
            _ => Value::Unknown,
        },
    }
}

/// What is not known of a name is all of it.
fn quoted(text: &str) -> String {
    match text.contains(DYNAMIC_MARK) {
        true => DYNAMIC_MARK.to_string(),
        false => Ident::new(text).quoted(),
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `format` with `%s`, `%I`, `%L` and `%n$s` (manual §9.4.1).
fn format(text: &str, args: &[Value]) -> Value {
    let mut res = SmolStrBuilder::new();
    let mut next = 0usize;
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, behind) = rest.split_at(at);
        res.push_str(before);
        let behind = behind.get(1..).unwrap_or("");
        let n_digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, mut tail) = behind.split_at(n_digits);
        let mut index = None;
        if !digits.is_empty()
            && let Some(behind) = tail.strip_prefix('$')
        {
            index = digits.parse::<usize>().ok().and_then(|it| it.checked_sub(1));
            tail = behind;
        }
        let Some(kind) = tail.chars().next() else { return Value::Unknown };
        rest = tail.get(kind.len_utf8()..).unwrap_or("");
        if kind == '%' {
            res.push('%');
            continue;
        }
        let at = index.unwrap_or(next);
        next = at + 1;
        let value = args.get(at).unwrap_or(&Value::Unknown);
        let written = value.written().unwrap_or_default();
        match kind {
            'I' => res.push_str(&quoted(&written)),
            'L' if *value == Value::Null => res.push_str("NULL"),
            'L' => res.push_str(&literal(&written)),
            's' => res.push_str(&written),
            _ => return Value::Unknown,
        }
    }
    res.push_str(rest);
    Value::Text(res.finish())
}

/// LIKE with `%`, `_` and the escape character `\` (manual §9.7.1).
fn is_like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    // What a pattern reached so far: positions in the text, for each character of the pattern.
    let mut reached = vec![false; text.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        let mut next = vec![false; text.len() + 1];
        match c {
            '%' => {
                let mut any = false;
                for (to, from) in next.iter_mut().zip(&reached) {
                    any |= from;
                    *to = any;
                }
            }
            _ => {
                let wanted = match c {
                    '_' => None,
                    '\\' => chars.next(),
                    c => Some(c),
                };
                for (at, here) in text.iter().enumerate() {
                    if reached.get(at) == Some(&true) && wanted.is_none_or(|it| it == *here) {
                        next.get_mut(at + 1).into_iter().for_each(|it| *it = true);
                    }
                }
            }
        }
        reached = next;
    }
    reached.last() == Some(&true)
}
