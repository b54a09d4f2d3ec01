//! What queries of a block yield: those over PostgreSQL's catalogs ([`rows`]), lists and nothing at all.

use super::eval::Eval;
use super::rows::{self, Row};
use super::value::{Value, all};
use crate::sql::Ident;
use crate::sql::hir::{ExprId, ExprKind, FromItem, FunctionItem, JoinKind, Query, QueryBody, Select, SetOp};

/// Rows that joins may have.
const MAX_ROWS: usize = 20_000;

/// The rows that a query certainly yields, and whether those are all.
pub(super) struct Answer {
    pub names: Vec<Ident>,
    pub rows: Vec<Vec<Value>>,
    pub complete: bool,
}

impl Eval<'_> {
    /// A query as a value: that of its only row.
    pub fn scalar(&self, query: &Query) -> Value {
        match self.query(query) {
            Some(Answer { rows, complete: true, .. }) => match rows.as_slice() {
                [] => Value::Null,
                [row] => row.first().cloned().unwrap_or(Value::Unknown),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// The rows of a query without WITH and OFFSET; `None`: it is not modelled.
    pub fn query(&self, query: &Query) -> Option<Answer> {
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
