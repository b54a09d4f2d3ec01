//! Subqueries as values (`transformSubLink`).

use crate::base::text::TextRange;
use crate::catalog::{Type, TypeId};
use crate::sema::{ExprInfo, Ty, code};
use crate::sql::hir::{ExprId, ExprKind, OpName, Query};

use super::binder::{Binder, UNKNOWN_INFO, known};
use super::operator::Operand;
use super::scope::Shape;

impl<'a> Binder<'a> {
    /// `(SELECT …)`.
    pub fn scalar_subquery(&mut self, id: ExprId, query: &'a Query) -> ExprInfo {
        let shape = self.query(query, true);
        self.keep_sub_collation(id, query, &shape);
        if let Some(column) = shape.columns.first().filter(|_| !shape.open) {
            self.sub_names.insert(id, column.name.clone());
        }
        match shape.columns.as_slice() {
            _ if shape.open => UNKNOWN_INFO,
            // No row at all is NULL, except where an aggregate without GROUP BY makes one.
            [column] => {
                let always = super::select::always_one_row(query, self);
                ExprInfo { ty: column.ty, nullable: if always { column.nullable } else { Some(true) } }
            }
            [] if shape.exprs.is_empty() && !shape.has_rows => UNKNOWN_INFO,
            _ => {
                let at = self.expr_node(id).range;
                self.refuse(code::SUBSELECT_CARDINALITY, at, "subquery must return only one column");
                UNKNOWN_INFO
            }
        }
    }

    /// `ARRAY(SELECT …)`.
    pub fn array_subquery(&mut self, id: ExprId, query: &'a Query) -> ExprInfo {
        let info = self.scalar_subquery(id, query);
        let ty = match info.ty {
            // An array of arrays has the same type; of a domain over one there are arrays (`get_promoted_array_type`).
            // Either keeps the modifier (`exprTypmod`).
            Ty::Known(ty) => match self.catalog.array_type(ty.id) {
                Some(array) => Ty::Known(Type { id: array, ..ty }),
                None if self.catalog.element_type(ty.id).is_some() => Ty::Known(ty),
                None => Ty::Unknown,
            },
            Ty::Unknown => Ty::Unknown,
        };
        ExprInfo { ty, nullable: Some(false) }
    }

    /// `x IN (SELECT …)`.
    pub fn in_query(&mut self, expr: ExprId, query: &'a Query, at: TextRange) -> ExprInfo {
        self.any_query(expr, "=", query, at)
    }

    pub fn quantified_query(&mut self, lhs: ExprId, op: &'a OpName, query: &'a Query) -> ExprInfo {
        self.any_query(lhs, &op.op, query, op.range)
    }

    fn any_query(&mut self, expr: ExprId, op: &str, query: &'a Query, at: TextRange) -> ExprInfo {
        // PostgreSQL analyses the subquery first.
        let shape = self.query(query, true);
        self.expr(expr);
        let left: Vec<Operand> = match self.bare(expr) {
            ExprKind::Row { items, .. } => {
                let Some(values) = self.row_operands(items) else {
                    items.iter().for_each(|it| self.forget_params(Some(*it)));
                    return ExprInfo { ty: known(TypeId::BOOL), nullable: None };
                };
                values
            }
            _ => vec![self.operand(expr)],
        };
        self.compare_with_query(op, left, &shape, at)
    }

    /// Each value on the left with the column of the subquery at its place.
    pub fn compare_with_query(
        &mut self,
        op: &str,
        left: Vec<Operand>,
        shape: &Shape,
        at: TextRange,
    ) -> ExprInfo {
        let res = ExprInfo { ty: known(TypeId::BOOL), nullable: None };
        if shape.open || (!shape.has_rows && shape.columns.is_empty()) {
            for it in &left {
                self.forget_params(it.id);
            }
            return res;
        }
        if left.len() != shape.columns.len() {
            let few = shape.columns.len() < left.len();
            let message = if few { "subquery has too few columns" } else { "subquery has too many columns" };
            self.refuse(code::SUBSELECT_CARDINALITY, at, message);
            return res;
        }
        let mut nullables = Vec::new();
        let mut certain = true;
        let mut own = false;
        for (l, column) in left.iter().zip(&shape.columns) {
            own |= self.is_own_operator(None, op, l.ty, column.ty);
            let right = Operand { ty: column.ty, id: None, nullable: column.nullable };
            let applied = self.apply(None, op, Some(*l), right, at);
            nullables.push(l.nullable);
            nullables.push(column.nullable);
            certain &= applied.info.ty == known(TypeId::BOOL);
            self.must_yield_bool(applied.info.ty, at, "row comparison operator must yield type boolean");
        }
        if certain && left.len() > 1 {
            self.must_be_of_btree(op, own, at);
        }
        ExprInfo { nullable: super::nullable::any(nullables.into_iter()), ..res }
    }
}
