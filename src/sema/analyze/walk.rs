//! Walking the expressions inside an expression or query, subqueries included.

use crate::sql::hir::*;

use super::binder::Binder;
use super::scope::Resolved;

/// Visits an expression and those inside; `visit` says whether to go inside.
pub fn expr(stmt: &Statement, id: ExprId, visit: &mut dyn FnMut(ExprId) -> bool) {
    let Some(node) = stmt.exprs.get(id.0 as usize) else { return };
    if visit(id) {
        children(&node.kind, &mut |child| match child {
            Child::Expr(it) => expr(stmt, it, visit),
            Child::Query(it) => query(stmt, it, visit),
        });
    }
}

pub enum Child<'q> {
    Expr(ExprId),
    Query(&'q Query),
}

/// The direct parts of an expression, in the order of the text as far as that matters.
pub fn children<'q>(kind: &'q ExprKind, acc: &mut dyn FnMut(Child<'q>)) {
    let mut all = |ids: &[ExprId]| ids.iter().for_each(|it| acc(Child::Expr(*it)));
    match kind {
        ExprKind::Missing
        | ExprKind::Column(_)
        | ExprKind::Star { .. }
        | ExprKind::Param(_)
        | ExprKind::Literal(_)
        | ExprKind::Default
        | ExprKind::CurrentOf(_) => {}
        ExprKind::Cast { expr, .. }
        | ExprKind::Not(expr)
        | ExprKind::Is { expr, .. }
        | ExprKind::Field { expr, .. }
        | ExprKind::FieldStar(expr)
        | ExprKind::Collate { expr, .. }
        | ExprKind::Paren(expr) => all(&[*expr]),
        ExprKind::Operator { lhs, rhs, .. } => {
            all(lhs.as_slice());
            all(&[*rhs]);
        }
        ExprKind::Bool { args, .. }
        | ExprKind::Array(args)
        | ExprKind::Row { items: args, .. }
        | ExprKind::Coalesce(args)
        | ExprKind::MinMax { args, .. }
        | ExprKind::Grouping(args)
        | ExprKind::SqlFunction { args, .. } => all(args),
        ExprKind::IsDistinct { lhs, rhs, .. } | ExprKind::NullIf(lhs, rhs) => all(&[*lhs, *rhs]),
        ExprKind::Like { expr, pattern, escape, .. } => {
            all(&[*expr, *pattern]);
            all(escape.as_slice());
        }
        ExprKind::Between { expr, low, high, .. } => all(&[*expr, *low, *high]),
        ExprKind::InList { expr, list, .. } => {
            all(&[*expr]);
            all(list);
        }
        ExprKind::InQuery { expr, query, .. } => {
            all(&[*expr]);
            acc(Child::Query(query));
        }
        ExprKind::QuantifiedArray { lhs, array, .. } => all(&[*lhs, *array]),
        ExprKind::QuantifiedQuery { lhs, query, .. } => {
            all(&[*lhs]);
            acc(Child::Query(query));
        }
        ExprKind::Exists(query) | ExprKind::Subquery(query) | ExprKind::ArraySubquery(query) => {
            acc(Child::Query(query));
        }
        ExprKind::Call(call) => call_children(call, &mut all),
        ExprKind::SqlValue { precision, .. } => all(precision.as_slice()),
        ExprKind::Case { operand, whens, else_ } => {
            all(operand.as_slice());
            whens.iter().for_each(|it| all(&[it.0, it.1]));
            all(else_.as_slice());
        }
        ExprKind::Subscript { expr, subscripts } => {
            all(&[*expr]);
            for it in subscripts {
                match it {
                    Subscript::Index(index) => all(&[*index]),
                    Subscript::Slice(low, high) => {
                        all(low.as_slice());
                        all(high.as_slice());
                    }
                }
            }
        }
    }
}

fn call_children(call: &Call, all: &mut dyn FnMut(&[ExprId])) {
    call.args.iter().for_each(|it| all(&[it.value]));
    call.order_by.iter().chain(&call.within_group).for_each(|it| all(&[it.expr]));
    all(call.filter.as_slice());
    if let Some(Over::Window(window)) = &call.over {
        all(&window.partition_by);
        window.order_by.iter().for_each(|it| all(&[it.expr]));
        all(&window.frame_offsets);
    }
}

/// Visits every expression of a query.
pub fn query(stmt: &Statement, query_: &Query, visit: &mut dyn FnMut(ExprId) -> bool) {
    if let Some(with) = &query_.with {
        for cte in &with.ctes {
            if let StatementKind::Query(it) = &cte.body {
                query(stmt, it, visit);
            }
        }
    }
    match &query_.body {
        QueryBody::Select(it) => select(stmt, it, visit),
        QueryBody::Values { rows, .. } => rows.iter().flatten().for_each(|it| expr(stmt, *it, visit)),
        QueryBody::Execute(it) => it.args.iter().for_each(|it| expr(stmt, *it, visit)),
        QueryBody::Table(_) | QueryBody::Missing => {}
        QueryBody::SetOp { left, right, .. } => {
            query(stmt, left, visit);
            query(stmt, right, visit);
        }
        QueryBody::Nested(it) => query(stmt, it, visit),
    }
    query_.order_by.iter().for_each(|it| expr(stmt, it.expr, visit));
    query_.limit.iter().chain(&query_.offset).for_each(|it| expr(stmt, *it, visit));
}

/// Visits the relations that a query names in FROM, those of its subqueries included, with their aliases.
pub fn relations<'q>(
    stmt: &'q Statement,
    query_: &'q Query,
    visit: &mut dyn FnMut(&'q QName, Option<&'q Alias>),
) {
    fn items<'q>(
        stmt: &'q Statement,
        item: &'q FromItem,
        visit: &mut dyn FnMut(&'q QName, Option<&'q Alias>),
    ) {
        match item {
            FromItem::Relation { name, alias, .. } => visit(name, alias.as_ref()),
            FromItem::Query { query, .. } => relations(stmt, query, visit),
            FromItem::Join(join) => {
                items(stmt, &join.left, visit);
                items(stmt, &join.right, visit);
            }
            FromItem::Function(_) | FromItem::Table(_) | FromItem::Missing(_) => {}
        }
    }
    match &query_.body {
        QueryBody::Select(it) => it.from.iter().for_each(|it| items(stmt, it, visit)),
        QueryBody::SetOp { left, right, .. } => {
            relations(stmt, left, visit);
            relations(stmt, right, visit);
        }
        QueryBody::Nested(it) => relations(stmt, it, visit),
        QueryBody::Table(name) => visit(name, None),
        QueryBody::Values { .. } | QueryBody::Execute(_) | QueryBody::Missing => {}
    }
}

fn select(stmt: &Statement, select: &Select, visit: &mut dyn FnMut(ExprId) -> bool) {
    select.targets.iter().for_each(|it| expr(stmt, it.expr, visit));
    select.from.iter().for_each(|it| from(stmt, it, visit));
    select.where_.iter().chain(&select.having).for_each(|it| expr(stmt, *it, visit));
    select.group_by.iter().for_each(|it| group(stmt, it, visit));
    if let Distinct::On(items) = &select.distinct {
        items.iter().for_each(|it| expr(stmt, *it, visit));
    }
    for (_, window) in &select.windows {
        window.partition_by.iter().for_each(|it| expr(stmt, *it, visit));
        window.order_by.iter().for_each(|it| expr(stmt, it.expr, visit));
    }
}

fn group(stmt: &Statement, item: &GroupItem, visit: &mut dyn FnMut(ExprId) -> bool) {
    match item {
        GroupItem::Expr(it) => expr(stmt, *it, visit),
        GroupItem::Empty => {}
        GroupItem::Rollup(items) | GroupItem::Cube(items) | GroupItem::Sets(items) => {
            items.iter().for_each(|it| group(stmt, it, visit));
        }
    }
}

fn from(stmt: &Statement, item: &FromItem, visit: &mut dyn FnMut(ExprId) -> bool) {
    match item {
        FromItem::Relation { sample, .. } => sample.iter().for_each(|it| expr(stmt, *it, visit)),
        FromItem::Query { query: it, .. } => query(stmt, it, visit),
        FromItem::Function(it) => it.calls.iter().for_each(|it| expr(stmt, it.0, visit)),
        FromItem::Join(join) => {
            from(stmt, &join.left, visit);
            from(stmt, &join.right, visit);
            join.on.iter().for_each(|it| expr(stmt, *it, visit));
        }
        FromItem::Table(it) => it.inputs.iter().for_each(|it| expr(stmt, *it, visit)),
        FromItem::Missing(_) => {}
    }
}

impl Binder<'_> {
    /// Whether an analysed expression uses a column of the current level.
    pub fn contains_vars(&self, id: ExprId) -> bool {
        self.first_var(id).is_some()
    }

    /// Whether an expression or a part of it outside of subqueries is such.
    pub fn holds_outside_queries(&self, id: ExprId, test: impl Fn(&Self, ExprId) -> bool + Copy) -> bool {
        let mut found = test(self, id);
        if let Some(node) = self.stmt.exprs.get(id.0 as usize) {
            children(&node.kind, &mut |child| {
                if let Child::Expr(it) = child {
                    found = found || self.holds_outside_queries(it, test);
                }
            });
        }
        found
    }

    /// Whether an expression is a column, or a row, of the current level.
    pub fn is_own_var(&self, id: ExprId) -> bool {
        let rte = match self.resolved(id) {
            Resolved::Var(var) => var.rte,
            Resolved::WholeRow(rte) => rte,
            _ => return false,
        };
        self.rte(rte).depth == self.depth_now()
    }

    /// The first use of a column of the current level.
    pub fn first_var(&self, id: ExprId) -> Option<ExprId> {
        let mut res = None;
        expr(self.stmt, id, &mut |it| {
            if res.is_none() && self.is_own_var(it) {
                res = Some(it);
            }
            res.is_none()
        });
        res
    }
}
