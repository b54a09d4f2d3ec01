//! ORDER BY, GROUP BY and DISTINCT ON items: ordinals, output names, expressions (`findTargetlistEntrySQL92`,
//! `findTargetlistEntrySQL99`, `transformSortClause`, `transformDistinctOnClause`).

use crate::sema::code;
use crate::sql::hir::{ExprId, ExprKind, Literal, OrderItem};

use super::binder::Binder;
use super::column::Found;
use super::place::Place;
use super::scope::Resolved;
use super::target::{Targets, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clause {
    OrderBy,
    GroupBy,
    DistinctOn,
}

impl Clause {
    fn words(self) -> &'static str {
        match self {
            Clause::OrderBy => "ORDER BY",
            Clause::GroupBy => "GROUP BY",
            Clause::DistinctOn => "DISTINCT ON",
        }
    }

    fn place(self) -> Place {
        match self {
            Clause::OrderBy => Place::OrderBy,
            Clause::GroupBy => Place::GroupBy,
            Clause::DistinctOn => Place::DistinctOn,
        }
    }
}

/// What an item of such a clause stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item {
    /// An output column, by its index.
    Output(usize, Value),
    /// An expression that is not in the select list.
    Expr(ExprId),
    /// Reported, or not known.
    Unknown,
}

impl Item {
    pub fn value(self) -> Option<Value> {
        match self {
            Item::Output(_, value) => Some(value),
            Item::Expr(id) => Some(Value::Expr(id)),
            Item::Unknown => None,
        }
    }
}

impl<'a> Binder<'a> {
    pub fn clause_item(&mut self, id: ExprId, targets: &Targets, clause: Clause) -> Item {
        let bare = self.unparen(id);
        let range = self.expr_node(bare).range;
        if self.is_probed_item(id, targets) {
            return self.clause_expr(id, targets, clause);
        }
        match &self.expr_node(bare).kind {
            ExprKind::Column(name) if name.parts.len() == 1 && !name.is_dynamic() => {
                let Some(name) = name.last() else { return Item::Unknown };
                // GROUP BY prefers an input column to an output name; ORDER BY and DISTINCT ON do not.
                let input = clause == Clause::GroupBy && self.has_input_column(name);
                if !input {
                    let mut found: Option<(usize, Value)> = None;
                    for (idx, entry) in targets.entries.iter().enumerate() {
                        if !self.same(&entry.name, &name.ident) {
                            continue;
                        }
                        match found {
                            Some((_, other)) if !self.same_value(other, entry.value) => {
                                let message = format!("{} \"{}\" is ambiguous", clause.words(), name.ident);
                                self.report(code::AMBIGUOUS_COLUMN, range, message);
                                return Item::Unknown;
                            }
                            Some(_) => {}
                            None => found = Some((idx, entry.value)),
                        }
                    }
                    if let Some((idx, value)) = found {
                        self.reference_output(targets, idx, name.range);
                        self.copy_info(id, value);
                        self.check_output(value, clause);
                        return Item::Output(idx, value);
                    }
                    if targets.open {
                        self.quietly_column(bare);
                        return Item::Unknown;
                    }
                }
            }
            ExprKind::Literal(Literal::Integer(position)) => {
                return self.ordinal(id, i128::from(*position), targets, clause);
            }
            ExprKind::Operator { op, lhs: None, rhs } if op.op == "-" && op.schema.is_empty() => {
                if let ExprKind::Literal(Literal::Integer(position)) = &self.expr_node(*rhs).kind {
                    return self.ordinal(id, -i128::from(*position), targets, clause);
                }
            }
            // Before PostgreSQL 15 `true` was a cast.
            ExprKind::Literal(Literal::Bool(_)) if !self.catalog.serves(15) => {}
            ExprKind::Literal(_) => {
                if self.typed {
                    self.report(
                        code::SYNTAX_ERROR,
                        range,
                        format!("non-integer constant in {}", clause.words()),
                    );
                }
                return Item::Unknown;
            }
            _ => {}
        }
        self.clause_expr(id, targets, clause)
    }

    fn ordinal(&mut self, id: ExprId, position: i128, targets: &Targets, clause: Clause) -> Item {
        let range = self.expr_node(self.unparen(id)).range;
        let idx = usize::try_from(position - 1).ok();
        match idx.and_then(|idx| targets.entries.get(idx).map(|it| (idx, it.value))) {
            _ if targets.open => Item::Unknown,
            Some((idx, value)) => {
                self.reference_output(targets, idx, range);
                self.copy_info(id, value);
                self.check_output(value, clause);
                Item::Output(idx, value)
            }
            None => {
                let message = format!("{} position {position} is not in select list", clause.words());
                self.report(code::INVALID_COLUMN_REFERENCE, range, message);
                Item::Unknown
            }
        }
    }

    /// An expression over the input; the same as an output column is that column.
    fn clause_expr(&mut self, id: ExprId, targets: &Targets, clause: Clause) -> Item {
        self.in_place(clause.place(), |it| it.expr(id));
        let own = Value::Expr(id);
        self.strictly.set(true);
        let found = targets.entries.iter().position(|it| self.same_value(own, it.value));
        self.strictly.set(false);
        // What may be the same keeps its own value.
        let alike = || targets.entries.iter().position(|it| self.same_value(own, it.value));
        match found {
            None if !self.is_unresolved(id)
                && let Some(idx) = alike() =>
            {
                Item::Output(idx, own)
            }
            Some(idx) => {
                // Both are the same expression to PostgreSQL: what is open becomes text in both places.
                if let Value::Expr(target) = targets.entries[idx].value {
                    self.decide_text(target);
                }
                self.decide_text(id);
                Item::Output(idx, targets.entries[idx].value)
            }
            None if self.is_unresolved(id) => Item::Unknown,
            None => Item::Expr(id),
        }
    }

    /// A name that was reported or is dynamic, anywhere inside.
    pub fn is_unresolved(&self, id: ExprId) -> bool {
        let mut res = false;
        super::walk::expr(self.stmt, id, &mut |it| {
            res |= match &self.expr_node(it).kind {
                ExprKind::Column(_) => matches!(self.resolved(it), Resolved::Unknown | Resolved::None),
                ExprKind::Missing => true,
                ExprKind::Star { .. } => self.resolved(it) == Resolved::None,
                ExprKind::Call(_) => self.resolved(it) == Resolved::Unknown,
                _ => false,
            };
            !res
        });
        res
    }

    fn has_input_column(&mut self, name: &'a crate::sql::hir::Name) -> bool {
        let depth = self.levels.len().saturating_sub(1);
        self.find_column_at(depth, name) != Found::Missing
    }

    /// A name that may be an output column which is not known: resolves it if it is an input column, says nothing
    /// otherwise.
    fn quietly_column(&mut self, id: ExprId) {
        let n_problems = self.problems.len();
        self.expr(id);
        self.problems.truncate(n_problems);
    }

    pub fn same_value(&self, a: Value, b: Value) -> bool {
        let bare = |it| if let Value::Expr(id) = it { Value::Expr(self.without_casts(id)) } else { it };
        let (a, b) = (bare(a), bare(b));
        match (self.value_var(a), self.value_var(b)) {
            (Some(a), Some(b)) => return self.same_var(a, b),
            (None, None) => {}
            _ => return false,
        }
        match (a, b) {
            (Value::Expr(a), Value::Expr(b)) => self.same_expr(a, b),
            _ => a == b,
        }
    }

    fn reference_output(&mut self, targets: &Targets, idx: usize, at: crate::base::text::TextRange) {
        if let Some(range) = targets.entries.get(idx).and_then(|it| it.range) {
            self.reference(at, crate::sema::Target::Local(range));
        }
    }

    fn copy_info(&mut self, id: ExprId, value: Value) {
        let ty = self.value_ty(value);
        let bare = self.unparen(id);
        self.set_ty(id, ty);
        self.set_ty(bare, ty);
    }

    /// `GROUP BY 1` where column 1 is an aggregate (`checkTargetlistEntrySQL92`).
    fn check_output(&mut self, value: Value, clause: Clause) {
        let (Clause::GroupBy, Value::Expr(id)) = (clause, value) else { return };
        let depth = self.depth_now();
        let mut found: Option<(ExprId, bool)> = None;
        super::walk::expr(self.stmt, id, &mut |it| {
            match self.resolved(it) {
                Resolved::Aggregate { depth: at } if at == depth => found = found.or(Some((it, true))),
                Resolved::Window { depth: at } if at == depth => found = found.or(Some((it, false))),
                _ => {}
            }
            found.is_none()
        });
        if let Some((it, aggregate)) = found {
            let at = self.place(it);
            if aggregate {
                self.refuse(code::GROUPING_ERROR, at, "aggregate functions are not allowed in GROUP BY");
            } else {
                self.refuse(code::WINDOWING_ERROR, at, "window functions are not allowed in GROUP BY");
            }
        }
    }

    /// ORDER BY of a SELECT.
    pub fn order_by(&mut self, items: &'a [OrderItem], targets: &Targets) -> Vec<(ExprId, Item)> {
        let mut res = Vec::new();
        for order in items {
            let item = self.clause_item(order.expr, targets, Clause::OrderBy);
            if let Some(Value::Expr(id)) = item.value() {
                self.sorted.push(id);
                self.decide_text(id);
                self.copy_info(order.expr, Value::Expr(id));
                if order.using.is_none() {
                    self.must_order(order.expr);
                }
                if let Item::Expr(id) = item {
                    self.level().extra_targets.push(id);
                }
            } else if item != Item::Unknown && order.using.is_none() {
                self.must_order(order.expr);
            }
            if let (Some(op), Some(value)) = (&order.using, item.value()) {
                self.must_sort_by(self.value_ty(value), op);
            }
            res.push((order.expr, item));
        }
        res
    }

    /// An item of an ORDER BY that names no output column: its type has an order, or the operator makes one.
    pub fn must_be_sorted(&mut self, item: &OrderItem) {
        match &item.using {
            Some(op) => self.must_sort_by(self.ty(item.expr), op),
            None => self.must_order(item.expr),
        }
    }

    /// `ORDER BY x USING op`: an operator of a btree class (`addTargetToSortList`).
    fn must_sort_by(&mut self, ty: crate::sema::Ty, op: &crate::sql::hir::OpName) {
        use crate::sema::Ty;
        use crate::sema::resolve::{OpOutcome, operator};
        let Ty::Known(known) = ty else { return };
        if !self.typed {
            return;
        }
        let schema = op.schema.last().map(|it| it.ident.clone());
        // A shell is found, and orders nothing.
        let mut named = crate::catalog::lookup::operators(self.catalog, schema.as_ref(), &op.op);
        let shell = named.any(|it| it.result.is_none() && it.left == Some(known.id) && it.right == known.id);
        let own = shell || self.is_own_operator(schema.as_ref(), &op.op, ty, ty);
        match operator(self.catalog, schema.as_ref(), &op.op, Some(ty), ty) {
            OpOutcome::Refused(refusal) if !shell => {
                self.report(refusal.code, op.range, refusal.message).hint = refusal.hint;
            }
            _ => {
                // Of PostgreSQL's own operators only these are members of ordering classes.
                let orders =
                    matches!(op.op.as_str(), "<" | ">" | "~<~" | "~>~" | "*<" | "*>" | "~<~~" | "~>~~");
                let gaps = &self.catalog.gaps;
                let builtin = crate::catalog::pg::operators(&op.op);
                let builtin = !orders && !builtin.is_empty() && op.schema.is_empty();
                if (own || builtin) && !gaps.has_operator(&op.op) && !gaps.classes {
                    let message = format!("operator {} is not a valid ordering operator", op.op);
                    self.report(code::WRONG_OBJECT_TYPE, op.range, message).hint(
                        "Ordering operators must be \"<\" or \">\" members of btree operator families.",
                    );
                }
            }
        }
    }

    /// DISTINCT: every output column can be compared, and ORDER BY has no others.
    pub fn distinct(&mut self, targets: &Targets, order: &[(ExprId, Item)]) {
        if targets.entries.is_empty() && !targets.open {
            let at = self.stmt.range;
            self.refuse(code::SYNTAX_ERROR, at, "SELECT DISTINCT must have at least one column");
        }
        for (id, item) in order {
            if matches!(item, Item::Expr(_)) && !targets.open {
                let at = self.place(*id);
                let message = "for SELECT DISTINCT, ORDER BY expressions must appear in select list";
                self.refuse(code::INVALID_COLUMN_REFERENCE, at, message);
                break;
            }
        }
        for entry in &targets.entries {
            if let Value::Expr(id) = entry.value {
                self.sorted.push(id);
                self.decide_text(id);
            }
            let (ty, at) = (self.value_ty(entry.value), self.value_place(entry.value));
            self.type_must_equal(ty, at);
        }
    }

    /// DISTINCT ON: its expressions must be the first of ORDER BY, in any order.
    pub fn distinct_on(&mut self, items: &'a [ExprId], targets: &Targets, order: &[(ExprId, Item)]) {
        let mut found: Vec<(ExprId, Item)> = Vec::new();
        for &id in items {
            let item = self.clause_item(id, targets, Clause::DistinctOn);
            if let Some(Value::Expr(value)) = item.value() {
                self.sorted.push(value);
                self.decide_text(value);
                if let Item::Expr(it) = item {
                    self.level().extra_targets.push(it);
                }
            }
            found.push((id, item));
        }
        let unknown = targets.open || found.iter().chain(order).any(|it| it.1 == Item::Unknown);
        if unknown {
            return;
        }
        let is = |a: Item, b: Item, this: &Self| match (a.value(), b.value()) {
            (Some(a), Some(b)) => this.same_value(a, b),
            _ => false,
        };
        for (id, item) in &found {
            let sorted = order.iter().any(|it| is(it.1, *item, self));
            if let Some(value) = item.value().filter(|_| !sorted) {
                let (ty, at) = (self.value_ty(value), self.raw_place(*id));
                self.type_must_equal(ty, at);
            }
        }
        let message = "SELECT DISTINCT ON expressions must match initial ORDER BY expressions";
        let mut skipped = false;
        for (_, sort) in order {
            match found.iter().find(|it| is(it.1, *sort, self)) {
                Some((id, _)) if skipped => {
                    let at = self.place(*id);
                    self.refuse(code::INVALID_COLUMN_REFERENCE, at, message);
                    return;
                }
                Some(_) => {}
                None => skipped = true,
            }
        }
        for (id, item) in &found {
            let sorted = order.iter().any(|it| is(it.1, *item, self));
            if !sorted && skipped {
                let at = self.place(*id);
                self.refuse(code::INVALID_COLUMN_REFERENCE, at, message);
                return;
            }
        }
    }
}
