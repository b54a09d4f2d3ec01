//! UNION, INTERSECT, EXCEPT (`transformSetOperationStmt`, `transformSetOperationTree`).

use crate::base::text::TextRange;
use crate::sema::{Ty, code};
use crate::sql::hir::{ExprId, ExprKind, QueryBody, SetOp};

use super::binder::{Binder, UNDECIDED};
use super::cte::Recursion;
use super::query::Clauses;
use super::scope::{NsItem, Rte, RteColumn, RteKind, Shape, Var};
use super::target::{Entry, Targets, Value};

/// One side of a set operation: its columns, and where each is.
struct Leaf {
    shape: Shape,
    places: Vec<TextRange>,
    /// The columns are expressions of a select list.
    written: bool,
}

impl<'a> Binder<'a> {
    pub fn set_operation(&mut self, clauses: &Clauses<'a>, body: &'a QueryBody, resolve: bool) -> Shape {
        // Only the topmost set operation of a recursive CTE's body divides its terms.
        let recursion = self.recursion.take().filter(|it| it.depth + 1 == self.levels.len());
        let leaf = self.set_tree(body, resolve, recursion);
        let open = leaf.shape.open;
        let name = crate::sql::Ident::new("unnamed_join");
        let rte = Rte::new(RteKind::Join, name, leaf.shape.columns.clone());
        let rte = self.add_rte(Rte { range: self.stmt.range, open, ..rte });
        self.level().namespace.push(NsItem { named: false, ..NsItem::new(rte) });
        let entries = leaf.shape.columns.iter().enumerate().map(|(idx, column)| Entry {
            name: column.name.clone(),
            value: Value::Var { var: Var { rte, column: idx as u32 }, star: ExprId(u32::MAX) },
            nullable: column.nullable,
            range: column.range,
        });
        let targets = Targets { entries: entries.collect(), open };
        let order = self.order_by(clauses.order_by, &targets);
        if let Some((id, _)) = order.iter().find(|it| matches!(it.1, super::order::Item::Expr(_)))
            && !open
        {
            let at = self.place(*id);
            self.report(code::FEATURE_NOT_SUPPORTED, at, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause")
                .hint("Only result column names can be used, not expressions or functions. Add the expression/function to every SELECT, or move the UNION into a FROM clause.");
        }
        self.limits(clauses);
        if let Some(lock) = clauses.locking.first() {
            let strength = self.lock_words(lock.range);
            let message = format!("{strength} is not allowed with UNION/INTERSECT/EXCEPT");
            self.refuse(code::FEATURE_NOT_SUPPORTED, lock.range, message);
        }
        leaf.shape
    }

    fn set_tree(&mut self, body: &'a QueryBody, resolve: bool, recursion: Option<Recursion<'a>>) -> Leaf {
        let QueryBody::SetOp { op, op_range, all, left, right } = body else {
            let shape = Shape { open: true, ..Shape::default() };
            return Leaf { shape, places: Vec::new(), written: false };
        };
        let left = self.set_leaf(left, resolve);
        if let Some(recursion) = recursion {
            self.first_term(recursion, &left.shape.columns, left.shape.open);
        }
        let right = self.set_leaf(right, resolve);
        let construct = match op {
            SetOp::Union => "UNION",
            SetOp::Intersect => "INTERSECT",
            SetOp::Except => "EXCEPT",
        };
        let open = left.shape.open || right.shape.open;
        let (n_left, n_right) = (left.shape.columns.len(), right.shape.columns.len());
        if n_left != n_right {
            if !open {
                let at = right.places.first().copied().unwrap_or(*op_range);
                let message = format!("each {construct} query must have the same number of columns");
                self.report(code::WRONG_COLUMN_COUNT, at, message);
            }
            let shape = Shape { open: true, has_rows: true, ..left.shape };
            return Leaf { shape, places: left.places, written: false };
        }
        let mut columns = Vec::new();
        let mut places = Vec::new();
        let none_ok = *all && *op == SetOp::Union;
        for (idx, (l, r)) in left.shape.columns.into_iter().zip(right.shape.columns).enumerate() {
            let first = Self::text_if_undecided(l.ty);
            let ids =
                (left.shape.exprs.get(idx).copied().flatten(), right.shape.exprs.get(idx).copied().flatten());
            let place_of = |it: &[TextRange]| it.get(idx).copied().unwrap_or(*op_range);
            let (left_at, right_at) = (place_of(&left.places), place_of(&right.places));
            let (ty, at) = self.set_column(construct, (l.ty, ids.0, left_at), (r.ty, ids.1, right_at));
            let sides = [(&l, left.written, ids.0, left_at), (&r, right.written, ids.1, right_at)];
            let collation = self.set_collation(sides, ty, none_ok);
            if let Some(recursion) = recursion {
                let written = ids.0.filter(|_| left.written);
                let first = (&l, written, left_at);
                self.recursive_collation(&recursion, idx, first, ty, &collation);
            }
            if let (Some(recursion), Ty::Known(first), Ty::Known(overall)) = (recursion, first, ty)
                && first != overall
                && self.recursive_uses.iter().any(|it| it.0 == recursion.cte.name.ident)
            {
                let message = format!(
                    "recursive query \"{}\" column {} has type {} in non-recursive term but type {} overall",
                    recursion.cte.name.ident,
                    idx + 1,
                    crate::catalog::types::format_type(self.catalog, first),
                    crate::catalog::types::format_type(self.catalog, overall)
                );
                let problem = self.report(code::DATATYPE_MISMATCH, left_at, message);
                problem.hint("Cast the output of the non-recursive term to the correct type.");
            }
            if !all || *op != SetOp::Union {
                self.type_must_equal(ty, at);
            }
            let nullable = match op {
                SetOp::Union => super::nullable::any([l.nullable, r.nullable].into_iter()),
                _ => l.nullable,
            };
            let source = if l.source == r.source { l.source } else { None };
            columns.push(RteColumn {
                name: l.name,
                ty,
                nullable,
                var: None,
                merged: None,
                // The first of the queries tells (`expandRecordVariable`).
                fields: l.fields,
                source,
                of_set: true,
                range: l.range,
                collation,
            });
            places.push(at);
        }
        Leaf { shape: Shape { columns, open, has_rows: true, exprs: Vec::new() }, places, written: false }
    }

    fn set_leaf(&mut self, query: &'a crate::sql::hir::Query, resolve: bool) -> Leaf {
        // A set operation without clauses of its own belongs to the same tree.
        let (clauses, body) = super::query::unwrap(query);
        let plain = clauses.with.is_empty()
            && clauses.order_by.is_empty()
            && clauses.limit.is_none()
            && clauses.offset.is_none()
            && clauses.locking.is_empty();
        if plain && matches!(body, QueryBody::SetOp { .. }) && self.depth < 200 {
            self.depth += 1;
            let res = self.set_tree(body, resolve, None);
            self.depth -= 1;
            return res;
        }
        if let Some(lock) = clauses.locking.first() {
            let strength = self.lock_words(lock.range);
            let message = format!("{strength} is not allowed with UNION/INTERSECT/EXCEPT");
            self.refuse(code::FEATURE_NOT_SUPPORTED, lock.range, message);
        }
        let shape = self.query(query, false);
        let places = self.output_places(query, &shape);
        let written = matches!(super::query::unwrap(query).1, QueryBody::Select(_));
        Leaf { shape, places, written }
    }

    /// Where each output column of a query is.
    pub fn output_places(&self, query: &crate::sql::hir::Query, shape: &Shape) -> Vec<TextRange> {
        let mut body = super::query::unwrap(query).1;
        while let QueryBody::SetOp { left, .. } = body {
            body = super::query::unwrap(left).1;
        }
        let ids: Vec<ExprId> = match body {
            QueryBody::Select(select) => select.targets.iter().map(|it| it.expr).collect(),
            QueryBody::Values { rows, .. } => rows.first().cloned().unwrap_or_default(),
            _ => Vec::new(),
        };
        let fallback = query.range;
        if ids.len() == shape.columns.len() && !ids.iter().any(|it| self.may_be_several(*it)) {
            return ids.iter().map(|it| self.place(*it)).collect();
        }
        (0..shape.columns.len())
            .map(|idx| match shape.exprs.get(idx).copied().flatten() {
                Some(id) => self.place(id),
                // A star stands for several columns: its place is theirs.
                None => ids
                    .iter()
                    .find(|it| self.may_be_several(**it))
                    .or(ids.first())
                    .map_or(fallback, |it| self.expr_node(*it).range),
            })
            .collect()
    }

    fn set_column(
        &mut self,
        construct: &'static str,
        left: (Ty, Option<ExprId>, TextRange),
        right: (Ty, Option<ExprId>, TextRange),
    ) -> (Ty, TextRange) {
        let (common, problem) = self.common(&[left.0, right.0], construct);
        if let Some((idx, refusal)) = problem {
            let at = if idx == 0 { left.2 } else { right.2 };
            let problem = self.report(refusal.code, at, refusal.message);
            problem.hint = refusal.hint;
        }
        for (ty, id, _) in [left, right] {
            // Only constants and parameters are converted so early.
            if let (UNDECIDED, Some(id)) = (ty, id)
                && !matches!(self.bare(id), ExprKind::Collate { .. })
            {
                self.decide(id, common);
            }
        }
        let at = if common == right.0 && common != left.0 { right.2 } else { left.2 };
        (common, at)
    }
}
