//! Function calls, aggregates and windows (`func_expr` of gram.y).

use super::Lower;
use super::actions::Bound;
use super::expr::plain_call;
use super::lex::Kind;
use crate::base::text::TextRange;
use crate::sql::hir::{Arg, Call, CastStyle, ExprId, ExprKind, OrderItem, Over, QName, TypeName, Window};

impl Lower<'_> {
    /// `name(…)` with everything that may follow; the cursor is on the parenthesis.
    pub(super) fn call(&mut self, start: u32, name: QName) -> ExprId {
        let name_range = self.span(start);
        let mut call = plain_call(name);
        self.parens(|it| it.arguments(&mut call));
        // `my_type(1, 2) 'x'`.
        if self.at(Kind::Str) && call.args.iter().all(|it| it.name.is_none()) && !call.star {
            self.clean &= !call.args.is_empty();
            let range = name_range.cover(self.span(start));
            let modifiers = call.args.iter().map(|it| it.value).collect();
            let ty = TypeName { modifiers, ..TypeName::plain(range, call.name) };
            let expr = self.primary();
            return self.node(start, ExprKind::Cast { expr, ty, style: CastStyle::Prefix });
        }
        let res = self.finish_call(start, call);
        // The grammar wants parentheses here; the meaning is plain without.
        if matches!(self.kind(), Kind::LBrack | Kind::Dot) {
            self.clean = false;
            return self.indirection(start, res);
        }
        res
    }

    pub(super) fn arguments(&mut self, call: &mut Call) {
        if self.at(Kind::RParen) {
            return;
        }
        if self.at_op("*") && self.nth(1).kind == Kind::RParen {
            self.bump();
            call.star = true;
            return;
        }
        call.distinct = self.eat_kw("distinct");
        if !call.distinct {
            self.eat_kw("all");
        }
        if !self.at_kw("order") {
            call.args = self.list(|it| {
                // Only the last may be.
                it.clean &= !call.variadic;
                call.variadic |= it.eat_kw("variadic");
                let name = it.argument_name();
                Arg { name, value: it.expr() }
            });
        }
        call.order_by = self.opt_order_by();
    }

    /// WITHIN GROUP, FILTER and OVER.
    pub(super) fn finish_call(&mut self, start: u32, mut call: Call) -> ExprId {
        if self.at_kws(&["within", "group"]) {
            let at = self.token_range(self.peek());
            self.bump();
            self.bump();
            call.within_group = self.parens(|it| it.opt_order_by()).unwrap_or_default();
            self.check_within_group(&call, at);
        }
        call.filter = self.opt_filter();
        call.over = self.opt_over();
        self.node(start, ExprKind::Call(Box::new(call)))
    }

    pub(super) fn opt_filter(&mut self) -> Option<ExprId> {
        if !(self.at_kw("filter") && self.nth(1).kind == Kind::LParen) {
            return None;
        }
        self.bump();
        self.parens(|it| {
            it.expect_kw("where");
            it.expr()
        })
    }

    pub(super) fn opt_over(&mut self) -> Option<Over> {
        if !self.at_kw("over") {
            return None;
        }
        self.bump();
        if self.at(Kind::LParen) {
            return Some(Over::Window(self.window()));
        }
        Some(Over::Named(self.name_or_missing()))
    }

    /// `( [name] [PARTITION BY …] [ORDER BY …] [frame] )`.
    pub(super) fn window(&mut self) -> Window {
        let start = self.start();
        let mut res = Window {
            range: self.span(start),
            base: None,
            partition_by: Vec::new(),
            order_by: Vec::new(),
            frame_offsets: Vec::new(),
        };
        self.parens(|it| {
            if !it.at_any_kw(&["partition", "range", "rows", "groups"]) {
                res.base = it.col_id();
            }
            if it.eat_kws(&["partition", "by"]) {
                res.partition_by = it.list(|it| it.expr());
            }
            res.order_by = it.opt_order_by();
            if it.eat_any_kw(&["range", "rows", "groups"]) {
                it.frame(&mut res.frame_offsets);
            }
        });
        res.range = self.span(start);
        res
    }

    fn frame(&mut self, offsets: &mut Vec<ExprId>) {
        if self.eat_kw("between") {
            let first = self.frame_bound(offsets);
            self.expect_kw("and");
            let last = self.frame_bound(offsets);
            if let (Some(first), Some(last)) = (first, last) {
                self.check_frame(first, Some(last));
            }
        } else if let Some(first) = self.frame_bound(offsets) {
            self.check_frame(first, None);
        }
        if self.eat_kw("exclude") {
            let known = self.eat_kws(&["current", "row"])
                || self.eat_kws(&["no", "others"])
                || self.eat_any_kw(&["group", "ties"]);
            self.clean &= known;
        }
    }

    fn frame_bound(&mut self, offsets: &mut Vec<ExprId>) -> Option<(Bound, TextRange)> {
        let start = self.start();
        if self.eat_kws(&["current", "row"]) {
            return Some((Bound::CurrentRow, self.span(start)));
        }
        let unbounded =
            self.at_kw("unbounded") && (self.nth_kw(1, "preceding") || self.nth_kw(1, "following"));
        let mut at = None;
        if unbounded {
            self.bump();
        } else {
            let offset = self.expr();
            offsets.push(offset);
            at = Some(self.range_of_expr(offset));
        }
        let following = self.at_kw("following");
        let ended = self.eat_any_kw(&["preceding", "following"]);
        self.clean &= ended;
        let bound = match (unbounded, following) {
            (true, true) => Bound::UnboundedFollowing,
            (true, false) => Bound::UnboundedPreceding,
            (false, true) => Bound::Following,
            (false, false) => Bound::Preceding,
        };
        ended.then(|| (bound, at.unwrap_or_else(|| self.span(start))))
    }

    pub(super) fn opt_order_by(&mut self) -> Vec<OrderItem> {
        if !self.at_kw("order") {
            return Vec::new();
        }
        self.bump();
        self.expect_kw("by");
        self.list(|it| it.order_item())
    }

    fn order_item(&mut self) -> OrderItem {
        let expr = self.expr();
        let mut using = None;
        let mut descending = false;
        if self.eat_kw("using") {
            if self.at_qualified_op() {
                using = Some(self.qualified_op());
            } else if self.at(Kind::Op) {
                using = Some(self.take_op());
            } else {
                self.clean = false;
            }
        } else if self.eat_kw("desc") {
            descending = true;
        } else {
            self.eat_kw("asc");
        }
        if self.eat_kw("nulls") {
            let known = self.eat_any_kw(&["first", "last"]);
            self.clean &= known;
        }
        OrderItem { expr, using, descending }
    }
}
