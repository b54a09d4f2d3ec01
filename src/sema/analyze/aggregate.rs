//! Where aggregates and window functions may stand and what may be inside (`check_agglevels_and_constraints`,
//! `check_agg_arguments`, `transformAggregateCall`, `transformWindowFuncCall`).

use crate::base::text::TextRange;
use crate::sema::code;
use crate::sql::hir::{Call, ExprId, ExprKind, Query};

use super::binder::Binder;
use super::scope::Resolved;
use super::walk::{self, Child};

/// What stands inside the arguments of an aggregate.
#[derive(Default)]
struct Inside {
    /// Depth of the innermost level whose columns are used.
    var_depth: Option<u32>,
    aggregate_depth: Option<u32>,
    aggregates: Vec<(u32, ExprId)>,
    window: Option<ExprId>,
    set: Option<ExprId>,
    /// A column whose relation is not known: it may be of any level.
    unknown: bool,
}

impl<'a> Binder<'a> {
    /// Notes an aggregate call: its query level, and whether it may stand here.
    pub fn note_aggregate(
        &mut self,
        id: ExprId,
        args: &[ExprId],
        filter: Option<ExprId>,
        call: Option<&'a Call>,
    ) {
        let current = self.depth_now();
        let mut inside = Inside::default();
        let direct = call.is_some_and(|it| !it.within_group.is_empty());
        let aggregated: Vec<ExprId> = match call {
            Some(call) if direct => call.within_group.iter().map(|it| it.expr).collect(),
            Some(call) => args.iter().copied().chain(call.order_by.iter().map(|it| it.expr)).collect(),
            None => args.to_vec(),
        };
        for it in aggregated.into_iter().chain(filter) {
            self.look_inside(it, true, &mut inside);
        }
        if let Some(window) = inside.window {
            let at = self.place(window);
            self.refuse(
                code::GROUPING_ERROR,
                at,
                "aggregate function calls cannot contain window function calls",
            );
        }
        if let Some(set) = inside.set {
            let at = self.place(set);
            let message = "aggregate function calls cannot contain set-returning function calls";
            self.report(code::FEATURE_NOT_SUPPORTED, at, message)
                .hint("You might be able to move the set-returning function into a LATERAL FROM item.");
        }
        let depth = match inside.unknown {
            true => current,
            false => inside.var_depth.max(inside.aggregate_depth).unwrap_or(current),
        };
        if inside.aggregate_depth == Some(depth)
            && let Some((_, inner)) = inside.aggregates.iter().find(|it| it.0 == depth)
        {
            let at = self.place(*inner);
            self.refuse(code::GROUPING_ERROR, at, "aggregate function calls cannot be nested");
        }
        self.set_resolved(id, Resolved::Aggregate { depth });
        let at = self.place(id);
        let Some(level) = self.levels.get_mut((depth as usize).wrapping_sub(1)) else { return };
        if inside.unknown && level.place.refuses_aggregates().is_some() {
            level.unknown_calls = true;
            return;
        }
        if let Some(words) = level.place.refuses_aggregates() {
            // PostgreSQL says nothing more: that the rest is not grouped follows from an aggregate that is a mistake.
            level.unknown_calls = true;
            return self.refuse(
                code::GROUPING_ERROR,
                at,
                format!("aggregate functions are not allowed in {words}"),
            );
        }
        level.has_aggregates = true;
    }

    /// GROUPING stands where aggregates may, of the level whose columns it names (`transformGroupingFunc`).
    pub fn note_grouping(&mut self, id: ExprId, args: &[ExprId]) {
        let mut inside = Inside::default();
        for &it in args {
            self.look_inside(it, true, &mut inside);
        }
        let depth = match inside.unknown {
            true => self.depth_now(),
            false => inside.var_depth.max(inside.aggregate_depth).unwrap_or(self.depth_now()),
        };
        let Some(level) = self.levels.get_mut((depth as usize).wrapping_sub(1)) else { return };
        match level.place.refuses_aggregates() {
            Some(_) if inside.unknown => level.unknown_calls = true,
            Some(words) => {
                level.unknown_calls = true;
                let at = self.expr_node(id).range;
                self.refuse(
                    code::GROUPING_ERROR,
                    at,
                    format!("grouping operations are not allowed in {words}"),
                );
            }
            None => level.has_aggregates = true,
        }
    }

    pub fn note_window(&mut self, id: ExprId, call: &'a Call, at: TextRange) {
        let depth = self.depth_now();
        let (mut nested, mut set) = (None, None);
        let args = call.args.iter().map(|it| it.value).chain(call.filter);
        for arg in args {
            let mut inside = Inside::default();
            self.look_inside(arg, true, &mut inside);
            nested = nested.or(inside.window);
            set = set.or(inside.set);
        }
        if let Some(set) = set.filter(|_| self.typed) {
            let at = self.place(set);
            let message = "window function calls cannot contain set-returning function calls";
            self.report(code::FEATURE_NOT_SUPPORTED, at, message)
                .hint("You might be able to move the set-returning function into a LATERAL FROM item.");
        }
        if let Some(inner) = nested {
            let at = self.place(inner);
            self.refuse(code::WINDOWING_ERROR, at, "window function calls cannot be nested");
        }
        self.set_resolved(id, Resolved::Window { depth });
        if let Some(words) = self.level().place.refuses_windows() {
            self.refuse(code::WINDOWING_ERROR, at, format!("window functions are not allowed in {words}"));
        }
    }

    fn look_inside(&self, id: ExprId, top: bool, acc: &mut Inside) {
        let current = self.depth_now();
        let visible = |depth: u32| (depth <= current).then_some(depth);
        match self.resolved(id) {
            Resolved::Var(var) => {
                acc.var_depth = acc.var_depth.max(visible(self.rte(var.rte).depth));
                return;
            }
            Resolved::WholeRow(rte) => {
                acc.var_depth = acc.var_depth.max(visible(self.rte(rte).depth));
                return;
            }
            Resolved::Aggregate { depth } if !matches!(self.expr_node(id).kind, ExprKind::Paren(_)) => {
                if let Some(depth) = visible(depth) {
                    acc.aggregate_depth = acc.aggregate_depth.max(Some(depth));
                    acc.aggregates.push((depth, id));
                }
                // What is inside belongs to it; PostgreSQL looks there too.
            }
            _ if matches!(self.expr_node(id).kind, ExprKind::Grouping(_)) => {
                let mut own = Inside::default();
                walk::children(&self.expr_node(id).kind, &mut |it| {
                    if let Child::Expr(it) = it {
                        self.look_inside(it, top, &mut own);
                    }
                });
                if let Some(depth) = own.var_depth.and_then(visible) {
                    acc.aggregate_depth = acc.aggregate_depth.max(Some(depth));
                    acc.var_depth = acc.var_depth.max(Some(depth));
                    acc.aggregates.push((depth, id));
                }
                acc.unknown |= own.unknown;
                return;
            }
            Resolved::Window { .. } if top => acc.window = acc.window.or(Some(id)),
            Resolved::SetReturning if top => acc.set = acc.set.or(Some(id)),
            Resolved::None | Resolved::Unknown if matches!(self.expr_node(id).kind, ExprKind::Column(_)) => {
                acc.unknown = true;
            }
            _ => {}
        }
        walk::children(&self.expr_node(id).kind, &mut |child| match child {
            Child::Expr(it) => self.look_inside(it, top, acc),
            Child::Query(it) => self.look_inside_query(it, acc),
        });
    }

    fn look_inside_query(&self, query: &Query, acc: &mut Inside) {
        let mut tops = Vec::new();
        walk::query(self.stmt, query, &mut |it| {
            tops.push(it);
            false
        });
        for it in tops {
            self.look_inside(it, false, acc);
        }
    }

    /// `agg(x ORDER BY y)`: analysed after the function is found. With DISTINCT the order must be of arguments.
    pub fn aggregate_order(&mut self, call: &'a Call, found: bool) {
        for item in &call.within_group {
            self.must_be_sorted(item);
        }
        if call.order_by.is_empty() && !call.distinct {
            return;
        }
        for item in &call.order_by {
            self.expr(item.expr);
            self.decide_text(item.expr);
            self.must_be_sorted(item);
        }
        for item in &call.within_group {
            self.decide_text(item.expr);
        }
        if !call.distinct || !found {
            return;
        }
        // The arguments of string_agg are text by now, a literal in its ORDER BY is not.
        let texts = call.name.last().is_some_and(|it| it.ident.as_str() == "string_agg");
        let literal = |it: &Self, id: ExprId| {
            texts && matches!(it.bare(id), ExprKind::Literal(crate::sql::hir::Literal::String(_)))
        };
        for item in &call.order_by {
            let argument = call.args.iter().any(|it| self.same_expr(it.value, item.expr));
            if !argument || literal(self, item.expr) {
                let at = self.place(item.expr);
                let message =
                    "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list";
                self.refuse(code::INVALID_COLUMN_REFERENCE, at, message);
                return;
            }
        }
        for arg in &call.args {
            self.decide_text(arg.value);
            self.must_equal(arg.value);
        }
    }
}
