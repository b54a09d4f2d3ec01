//! GROUP BY and the rule that follows from it (`transformGroupClause`, `parseCheckAggregates`,
//! `check_ungrouped_columns`).

use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::{ExprId, ExprKind, GroupItem, Select};

use super::binder::Binder;
use super::order::{Clause, Item};
use super::scope::{Resolved, RteId, RteKind, Var};
use super::target::{Targets, Value};
use super::walk::{self, Child};

/// What a query is grouped by.
#[derive(Debug, Default)]
pub struct Grouping {
    values: Vec<Value>,
    /// Something is not known: nothing is blamed.
    unknown: bool,
    /// The values that every grouping set has: only they decide other columns.
    common: Vec<Value>,
}

impl<'a> Binder<'a> {
    pub fn group_by(&mut self, items: &'a [GroupItem], targets: &Targets) -> Grouping {
        let mut res = Grouping { unknown: targets.open, ..Grouping::default() };
        for item in items {
            let common = self.group_item(item, targets, &mut res);
            res.common.extend(common);
        }
        res
    }

    /// The values of the item that are in every set of it.
    fn group_item(&mut self, item: &'a GroupItem, targets: &Targets, acc: &mut Grouping) -> Vec<Value> {
        let first = acc.values.len();
        match item {
            GroupItem::Expr(id) => {
                self.group_exprs(*id, targets, acc);
                acc.values.get(first..).unwrap_or_default().to_vec()
            }
            GroupItem::Empty => Vec::new(),
            // One of their sets is empty.
            GroupItem::Rollup(items) | GroupItem::Cube(items) => {
                for it in items {
                    self.group_item(it, targets, acc);
                }
                Vec::new()
            }
            GroupItem::Sets(items) => {
                let mut common: Option<Vec<Value>> = None;
                for it in items {
                    let own = self.group_item(it, targets, acc);
                    common = Some(match common {
                        None => own,
                        Some(mut before) => {
                            before.retain(|it| own.iter().any(|other| self.same_value(*it, *other)));
                            before
                        }
                    });
                }
                common.unwrap_or_default()
            }
        }
    }

    /// `GROUP BY (a, b)` is a and b, `((a, b), c)` is a, b and c (`flatten_grouping_sets`).
    fn group_exprs(&mut self, id: ExprId, targets: &Targets, acc: &mut Grouping) {
        let ExprKind::Row { items, explicit: false } = self.bare(id) else {
            return self.group_expr(id, targets, acc);
        };
        for &it in items {
            self.group_exprs(it, targets, acc);
        }
    }

    fn group_expr(&mut self, id: ExprId, targets: &Targets, acc: &mut Grouping) {
        match self.clause_item(id, targets, Clause::GroupBy) {
            Item::Unknown => acc.unknown = true,
            item => {
                if let Some(value) = item.value() {
                    if let Value::Expr(it) = value {
                        acc.unknown |= self.is_unresolved(it);
                        self.sorted.push(it);
                        self.decide_text(it);
                    }
                    let (ty, at) = (self.value_ty(value), self.raw_place(id));
                    self.type_must_equal(ty, at);
                    acc.values.push(match value {
                        Value::Expr(it) => Value::Expr(self.without_casts(it)),
                        other => other,
                    });
                }
            }
        }
    }

    /// The place of an expression as it is written: a cast's is where it starts.
    pub fn raw_place(&self, id: ExprId) -> crate::base::text::TextRange {
        use crate::sql::hir::CastStyle;
        let id = self.unparen(id);
        match &self.expr_node(id).kind {
            ExprKind::Cast { expr, style: CastStyle::Colons, .. } => self.raw_place(*expr),
            ExprKind::Cast { .. } => self.expr_node(id).range,
            _ => self.place(id),
        }
    }

    /// Reports the columns that are neither grouped nor inside an aggregate.
    pub fn check_grouping(&mut self, select: &'a Select, targets: &Targets, grouping: &Grouping) {
        let level = self.level();
        let extra = std::mem::take(&mut level.extra_targets);
        let silent = level.unknown_calls || level.open || grouping.unknown || !self.typed;
        if silent {
            return;
        }
        let mut check = Check { grouping, depth: self.depth_now(), reported: Vec::new() };
        for entry in &targets.entries {
            match entry.value {
                Value::Expr(id) => self.ungrouped(id, false, &mut check),
                Value::Var { var, star } => self.ungrouped_var(self.flatten(var), star, false, &mut check),
                Value::Field { star, .. } => self.ungrouped(star, false, &mut check),
            }
        }
        for id in extra.into_iter().chain(select.having) {
            self.ungrouped(id, false, &mut check);
        }
    }

    /// The last test of `parseCheckAggregates`.
    pub fn refuse_recursive_aggregate(&mut self, select: &'a Select, targets: &mut Targets) {
        let depth = self.depth_now();
        let mut first = None;
        for id in select.targets.iter().map(|it| it.expr).chain(select.having) {
            super::walk::expr(self.stmt, id, &mut |it| {
                let found = self.resolved(it) == Resolved::Aggregate { depth };
                first = first.or(found.then_some(it));
                first.is_none()
            });
        }
        if let Some(id) = first.filter(|_| self.typed) {
            let at = self.place(id);
            let message = "aggregate functions are not allowed in a recursive query's recursive term";
            self.refuse(code::INVALID_RECURSION, at, message);
            // That its columns are of other types than the first term's follows.
            targets.open = true;
        }
    }

    /// A part of an expression: that it is converted without being asked may make it a value of GROUP BY.
    fn ungrouped_part(&mut self, id: ExprId, sub: bool, check: &mut Check<'_>) {
        let converted = |it: &Value| match it {
            Value::Expr(group) => self.without_conversion(*group).is_some_and(|it| self.same_expr(it, id)),
            _ => false,
        };
        if sub || !check.grouping.values.iter().any(converted) {
            self.ungrouped(id, sub, check);
        }
    }

    fn ungrouped(&mut self, id: ExprId, sub: bool, check: &mut Check<'_>) {
        let matched = |it: &Value, this: &Self| match it {
            Value::Expr(group) => this.same_expr(*group, id) || this.negates(id, *group),
            other => {
                this.value_var(*other).is_some() && this.value_var(*other) == this.value_var(Value::Expr(id))
            }
        };
        if !sub && check.grouping.values.iter().any(|it| matched(it, self)) {
            return;
        }
        let kind = &self.expr_node(id).kind;
        match self.resolved(id) {
            Resolved::Aggregate { depth } if depth < check.depth => return,
            Resolved::Aggregate { depth } if depth == check.depth => {
                // Only the direct arguments of an ordered-set aggregate stand outside.
                if let ExprKind::Call(call) = kind
                    && !call.within_group.is_empty()
                {
                    for arg in &call.args {
                        self.ungrouped(arg.value, sub, check);
                    }
                }
                return;
            }
            Resolved::Var(var) => return self.ungrouped_var(var, id, sub, check),
            Resolved::WholeRow(rte) => return self.ungrouped_row(rte, id, sub, check),
            _ => {}
        }
        match kind {
            // Without columns of this query it is one of the query that it stands in.
            ExprKind::Grouping(args) if sub && !args.iter().any(|it| self.contains_vars(*it)) => {}
            ExprKind::Grouping(args) => self.check_grouping_args(args, check),
            // A star over a composite stands for its fields.
            ExprKind::FieldStar(row) if self.fields_are_grouped(*row, check) => {}
            ExprKind::Row { items, .. } => {
                for &it in items {
                    match (&self.expr_node(it).kind, self.resolved(it)) {
                        // It stands for the columns themselves.
                        (ExprKind::Star { .. }, Resolved::WholeRow(rte)) => {
                            for column in 0..self.rte(rte).columns.len() as u32 {
                                self.ungrouped_var(self.flatten(Var { rte, column }), it, sub, check);
                            }
                        }
                        _ => self.ungrouped_part(it, sub, check),
                    }
                }
            }
            _ => walk::children(kind, &mut |child| match child {
                Child::Expr(it) => self.ungrouped_part(it, sub, check),
                Child::Query(it) => {
                    let mut tops = Vec::new();
                    walk::query(self.stmt, it, &mut |it| {
                        tops.push(it);
                        false
                    });
                    for it in tops {
                        self.ungrouped(it, true, check);
                    }
                }
            }),
        }
    }

    fn fields_are_grouped(&self, row: ExprId, check: &Check<'_>) -> bool {
        let is_field = |name: &Ident, value: &Value| match value {
            Value::Expr(id) => match &self.expr_node(*id).kind {
                ExprKind::Field { expr, name: field } => field.ident == *name && self.same_expr(*expr, row),
                _ => false,
            },
            _ => false,
        };
        let columns = self.row_columns(row);
        columns.is_some_and(|it| {
            it.iter().all(|(name, _)| check.grouping.values.iter().any(|value| is_field(name, value)))
        })
    }

    fn ungrouped_var(&mut self, var: Var, at: ExprId, sub: bool, check: &mut Check<'_>) {
        let is_grouped = |it: &Value| match it {
            Value::Expr(id) if self.is_merged_of(var, *id) => true,
            // The row of a join is made of its columns.
            Value::Expr(id) if self.resolved(*id) == Resolved::WholeRow(var.rte) => {
                self.rte(var.rte).kind == RteKind::Join
            }
            other => self.value_var(*other).is_some_and(|it| self.same_var(it, var)),
        };
        if self.rte(var.rte).depth != check.depth
            || check.grouping.values.iter().any(is_grouped)
            || self.is_functionally_dependent(var.rte, check.grouping)
        {
            return;
        }
        let entry = self.rte(var.rte);
        if entry.open {
            return;
        }
        if let Some((first, second)) = entry.column(var.column).and_then(|it| it.merged) {
            let inputs = [Some(first), second];
            let mut inputs = inputs.into_iter().flatten().map(|it| self.flatten(it));
            if inputs.all(|it| self.is_grouped(it, check.grouping)) {
                return;
            }
        }
        let Some(column) = entry.column(var.column).map(|it| it.name.clone()).or(self.system_name(var))
        else {
            return;
        };
        self.report_ungrouped(var.rte, &column, at, sub, check);
    }

    fn is_grouped(&self, var: Var, grouping: &Grouping) -> bool {
        let merged = self.rte(var.rte).column(var.column).and_then(|it| it.merged);
        grouping.values.iter().any(|it| self.value_var(*it).is_some_and(|it| self.same_var(it, var)))
            || self.is_functionally_dependent(var.rte, grouping)
            || merged.is_some_and(|(first, second)| {
                let mut inputs = [Some(first), second].into_iter().flatten();
                inputs.all(|it| self.is_grouped(self.flatten(it), grouping))
            })
    }

    fn system_name(&self, var: Var) -> Option<Ident> {
        ["tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"]
            .get((u32::MAX - var.column) as usize)
            .map(|it| Ident::new(*it))
    }

    fn ungrouped_row(&mut self, rte: RteId, at: ExprId, sub: bool, check: &mut Check<'_>) {
        let grouped = check.grouping.values.iter().any(|it| match it {
            Value::Expr(id) => self.resolved(*id) == Resolved::WholeRow(rte),
            _ => false,
        });
        let entry = self.rte(rte);
        // The row of `USING (…) AS j` is made of its columns.
        if entry.kind == RteKind::Join && !grouped {
            for column in 0..entry.columns.len() as u32 {
                self.ungrouped_var(Var { rte, column }, at, sub, check);
            }
            return;
        }
        if entry.depth != check.depth
            || grouped
            || entry.open
            || self.is_functionally_dependent(rte, check.grouping)
        {
            return;
        }
        self.report_ungrouped(rte, &Ident::new("*"), at, sub, check);
    }

    fn report_ungrouped(&mut self, rte: RteId, column: &Ident, at: ExprId, sub: bool, check: &mut Check<'_>) {
        let key = (rte, column.clone());
        if check.reported.contains(&key) {
            return;
        }
        check.reported.push(key);
        let name = &self.rte(rte).name;
        let message = if sub {
            format!("subquery uses ungrouped column \"{name}.{column}\" from outer query")
        } else {
            format!(
                "column \"{name}.{column}\" must appear in the GROUP BY clause or be used in an aggregate function"
            )
        };
        // A field of a whole row is told where the row is.
        let mut at = self.unparen(at);
        while let ExprKind::Field { expr, .. } = &self.expr_node(at).kind {
            at = self.unparen(*expr);
        }
        let at = self.expr_node(at).range;
        self.report(code::GROUPING_ERROR, at, message);
    }

    /// The primary key of its table is grouped (`check_functional_grouping`).
    fn is_functionally_dependent(&self, rte: RteId, grouping: &Grouping) -> bool {
        let entry = self.rte(rte);
        let Some(relation) = &entry.relation else { return false };
        let builtin = relation.origin == crate::catalog::Origin::Builtin;
        let grouped = |column: &Ident| {
            grouping.common.iter().filter_map(|it| self.value_var(*it)).any(|var| {
                var.rte == rte
                    && self.rte(rte).column(var.column).is_some_and(|_| {
                        relation.columns.get(var.column as usize).is_some_and(|it| it.name == *column)
                    })
            })
        };
        match &relation.primary_key {
            Some(key) => {
                let depends = key.columns.iter().all(grouped);
                if depends {
                    self.use_key(rte);
                }
                depends
            }
            // The system catalogs have primary keys since PostgreSQL 14.
            None if builtin && relation.schema.as_str() == "pg_catalog" => {
                let oid = Ident::new("oid");
                match relation.columns.iter().any(|it| it.name == oid) {
                    true => grouped(&oid),
                    false => relation.columns.iter().any(|it| grouped(&it.name)),
                }
            }
            None => false,
        }
    }

    fn check_grouping_args(&mut self, args: &[ExprId], check: &Check<'_>) {
        let own = args.iter().any(|it| self.contains_vars(*it));
        for &arg in args {
            // The arguments of a query inside are its own.
            let mut of_others = false;
            super::walk::expr(self.stmt, arg, &mut |it| {
                of_others |= matches!(self.resolved(it), Resolved::Var(_) | Resolved::WholeRow(_));
                !of_others
            });
            if of_others && !own {
                continue;
            }
            let found = check.grouping.values.iter().any(|it| self.same_value(*it, Value::Expr(arg)));
            if !found {
                let at = self.place(arg);
                let message =
                    "arguments to GROUPING must be grouping expressions of the associated query level";
                self.refuse(code::GROUPING_ERROR, at, message);
            }
        }
    }
}

struct Check<'g> {
    grouping: &'g Grouping,
    depth: u32,
    reported: Vec<(RteId, Ident)>,
}
