//! Every SELECT and FROM item of a statement, those of subqueries and CTEs included.

use crate::sql::hir::{
    ExprKind, FromItem, InsertSource, Query, QueryBody, Select, Statement, StatementKind, With,
};

#[derive(Clone, Copy)]
pub enum Part<'a> {
    Select(&'a Select),
    From(&'a FromItem),
}

pub fn parts<'a>(stmt: &'a Statement, acc: &mut dyn FnMut(Part<'a>)) {
    kind(&stmt.kind, acc);
    for expr in &stmt.exprs {
        if let ExprKind::InQuery { query, .. }
        | ExprKind::QuantifiedQuery { query, .. }
        | ExprKind::Exists(query)
        | ExprKind::Subquery(query)
        | ExprKind::ArraySubquery(query) = &expr.kind
        {
            self::query(query, acc);
        }
    }
}

fn kind<'a>(it: &'a StatementKind, acc: &mut dyn FnMut(Part<'a>)) {
    let with = match it {
        StatementKind::Query(it) => return query(it, acc),
        StatementKind::Insert(it) => {
            if let InsertSource::Query(it) = &it.source {
                query(it, acc);
            }
            &it.with
        }
        StatementKind::Update(it) => {
            it.from.iter().for_each(|it| from(it, acc));
            &it.with
        }
        StatementKind::Delete(it) => {
            it.using.iter().for_each(|it| from(it, acc));
            &it.with
        }
        StatementKind::Merge(it) => {
            from(&it.source, acc);
            &it.with
        }
        StatementKind::Wrapped { inner, .. } => return kind(inner, acc),
        StatementKind::Ddl(_) | StatementKind::Session(_) | StatementKind::Other(_) => return,
    };
    with_clause(with.as_ref(), acc);
}

fn with_clause<'a>(with: Option<&'a With>, acc: &mut dyn FnMut(Part<'a>)) {
    with.iter().flat_map(|it| &it.ctes).for_each(|it| kind(&it.body, acc));
}

fn query<'a>(it: &'a Query, acc: &mut dyn FnMut(Part<'a>)) {
    with_clause(it.with.as_ref(), acc);
    match &it.body {
        QueryBody::Select(it) => {
            acc(Part::Select(it));
            it.from.iter().for_each(|it| from(it, acc));
        }
        QueryBody::SetOp { left, right, .. } => {
            query(left, acc);
            query(right, acc);
        }
        QueryBody::Nested(it) => query(it, acc),
        QueryBody::Values { .. } | QueryBody::Table(_) | QueryBody::Execute(_) | QueryBody::Missing => {}
    }
}

fn from<'a>(item: &'a FromItem, acc: &mut dyn FnMut(Part<'a>)) {
    acc(Part::From(item));
    match item {
        FromItem::Join(it) => {
            from(&it.left, acc);
            from(&it.right, acc);
        }
        FromItem::Query { query: it, .. } => query(it, acc),
        _ => {}
    }
}
