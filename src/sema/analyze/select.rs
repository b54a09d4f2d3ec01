//! SELECT (`transformSelectStmt`).

use crate::base::text::TextRange;
use crate::catalog::{RelationKind, TypeId};
use crate::sema::code;
use crate::sql::hir::{
    Ddl, Distinct, ExprId, ExprKind, FromItem, GroupItem, Join, JoinKind, Locking, QName, Query, QueryBody,
    Select, StatementKind, WrapperKind,
};

use super::binder::Binder;
use super::place::Place;
use super::query::Clauses;
use super::scope::{Resolved, Shape};
use super::target::{Targets, Value};

impl<'a> Binder<'a> {
    pub fn select(&mut self, clauses: &Clauses<'a>, select: &'a Select, resolve: bool) -> Shape {
        self.refuse_into(select);
        self.level().windows = &select.windows;
        // In the rows of grouping sets, columns of other sets are NULL, and the set of no columns has a row of no input.
        let sets = select.group_by.iter().any(|it| !matches!(it, GroupItem::Expr(_)));
        self.level().grouped = !select.group_by.is_empty() && !sets;
        self.from_clause(&select.from);
        let mut targets = self.in_place(Place::SelectTarget, |it| it.targets(&select.targets));
        if let Some(where_) = select.where_ {
            self.in_place(Place::Where, |it| it.condition(where_, "WHERE"));
        }
        if let Some(having) = select.having {
            self.in_place(Place::Having, |it| it.condition(having, "HAVING"));
        }
        let order = self.order_by(clauses.order_by, &targets);
        let grouping = self.group_by(&select.group_by, &targets);
        match &select.distinct {
            Distinct::No => {}
            Distinct::All => self.distinct(&targets, &order),
            Distinct::On(items) => self.distinct_on(items, &targets, &order),
        }
        self.limits(clauses);
        self.window_definitions();
        self.decide_sorted_targets(&targets);
        if resolve {
            self.decide_targets(&targets);
        }
        let level = self.level();
        if level.has_aggregates || !select.group_by.is_empty() || select.having.is_some() {
            self.check_grouping(select, &targets, &grouping);
        }
        if self.level().self_reference {
            self.refuse_recursive_aggregate(select, &mut targets);
        }
        self.locking(clauses.locking, select);
        if sets {
            self.forget_not_null(&mut targets);
        }
        self.shape(targets)
    }

    /// INTO makes a table of a whole statement's rows, and of nothing else.
    fn refuse_into(&mut self, select: &'a Select) {
        let Some(into) = select.into.as_ref().filter(|_| self.typed) else { return };
        let allowed = match &self.stmt.kind {
            StatementKind::Query(query) => leftmost(query),
            StatementKind::Wrapped { kind: WrapperKind::DeclareCursor, .. } => None,
            StatementKind::Insert(_) | StatementKind::Update(_) | StatementKind::Delete(_) => None,
            StatementKind::Ddl(ddl) if matches!(**ddl, Ddl::CreateView(_)) => None,
            _ => return,
        };
        if allowed != Some(select.range) {
            let at = into.range().unwrap_or(select.range);
            self.refuse(code::SYNTAX_ERROR, at, "SELECT ... INTO is not allowed here");
        }
    }

    /// Only aggregates keep what is known of them.
    fn forget_not_null(&self, targets: &mut Targets) {
        for entry in &mut targets.entries {
            let aggregate = match entry.value {
                Value::Expr(id) => matches!(self.resolved(self.unparen(id)), Resolved::Aggregate { .. }),
                _ => false,
            };
            if entry.nullable == Some(false) && !aggregate {
                entry.nullable = None;
            }
        }
    }

    pub fn limits(&mut self, clauses: &Clauses<'a>) {
        for (expr, place, construct) in
            [(clauses.offset, Place::Offset, "OFFSET"), (clauses.limit, Place::Limit, "LIMIT")]
        {
            let Some(expr) = expr else { continue };
            self.in_place(place, |it| {
                it.expr(expr);
                it.must_be(expr, TypeId::INT8, construct);
            });
            if let Some(var) = self.first_var(expr) {
                let at = self.place(var);
                let message = format!("argument of {construct} must not contain variables");
                self.refuse(code::INVALID_COLUMN_REFERENCE, at, message);
            }
        }
    }

    /// FOR UPDATE (`transformLockingClause`, `CheckSelectLocking`).
    fn locking(&mut self, locking: &'a [Locking], select: &'a Select) {
        for lock in locking {
            let strength = self.lock_words(lock.range);
            let depth = self.depth_now();
            if let Some(clash) = self.lock_clash(select, depth) {
                self.refuse(
                    code::FEATURE_NOT_SUPPORTED,
                    lock.range,
                    format!("{strength} is not allowed with {clash}"),
                );
            }
            if self.typed {
                let of: Vec<_> = lock.of.iter().filter_map(|it| it.last()).collect();
                for item in &select.from {
                    self.lock_inside(item, lock, &of, strength, depth + 1);
                }
            }
            for name in &lock.of {
                self.lock_target(name, strength);
            }
            self.lock_stored(lock);
            self.lock_nullable(lock, select, strength);
        }
    }

    /// Rows that nobody changes are not locked (`CheckValidRowMarkRel`); what stands deeper may never be run.
    fn lock_stored(&mut self, lock: &Locking) {
        if !self.typed || self.depth_now() != 1 {
            return;
        }
        let all = self.level().rtes.clone();
        let found = all.into_iter().find_map(|it| {
            let rte = self.rte(it);
            let relation = rte.relation.as_ref().filter(|it| self.is_certain(it.origin))?;
            let named = |it: &QName| it.last().is_some_and(|it| self.same(&rte.name, &it.ident));
            let words = match relation.kind {
                RelationKind::MaterializedView => "materialized view",
                RelationKind::Sequence => "sequence",
                _ => return None,
            };
            (lock.of.is_empty() || lock.of.iter().any(named))
                .then(|| format!("cannot lock rows in {words} \"{}\"", relation.name))
        });
        if let Some(message) = found {
            self.report(code::WRONG_OBJECT_TYPE, lock.range, message);
        }
    }

    /// What a query that locks rows cannot have.
    fn lock_clash(&mut self, select: &Select, depth: u32) -> Option<&'static str> {
        if !matches!(select.distinct, Distinct::No) {
            Some("DISTINCT clause")
        } else if !select.group_by.is_empty() {
            Some("GROUP BY clause")
        } else if select.having.is_some() {
            Some("HAVING clause")
        } else if self.has_targets(select, |it| it == Resolved::Aggregate { depth })
            || (depth == self.depth_now() && self.level().has_aggregates)
        {
            Some("aggregate functions")
        } else if self.has_targets(select, |it| it == Resolved::Window { depth }) {
            Some("window functions")
        } else if self.has_targets(select, |it| it == Resolved::SetReturning) {
            Some("set-returning functions in the target list")
        } else {
            None
        }
    }

    /// Subqueries in FROM are locked, too: all of them, or those that are named.
    fn lock_inside(
        &mut self,
        item: &'a FromItem,
        lock: &Locking,
        of: &[&crate::sql::hir::Name],
        strength: &str,
        depth: u32,
    ) {
        match item {
            FromItem::Join(join) => {
                self.lock_inside(&join.left, lock, of, strength, depth);
                self.lock_inside(&join.right, lock, of, strength, depth);
            }
            FromItem::Query { query, alias, .. } => {
                let named = |it: &&crate::sql::hir::Name| {
                    alias.as_ref().is_some_and(|alias| self.same(&alias.name.ident, &it.ident))
                };
                if !of.is_empty() && !of.iter().any(named) {
                    return;
                }
                let (_, body) = super::query::unwrap(query);
                let clash = match body {
                    QueryBody::SetOp { .. } => Some("UNION/INTERSECT/EXCEPT"),
                    QueryBody::Select(select) => self.lock_clash(select, depth),
                    _ => None,
                };
                if let Some(clash) = clash {
                    let message = format!("{strength} is not allowed with {clash}");
                    self.refuse(code::FEATURE_NOT_SUPPORTED, lock.range, message);
                } else if let QueryBody::Select(select) = body {
                    for item in &select.from {
                        self.lock_inside(item, lock, &[], strength, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// Planning refuses rows that an outer join may make up. Conditions can turn an outer join into an inner one, so
    /// only queries without any are judged.
    fn lock_nullable(&mut self, lock: &Locking, select: &Select, strength: &str) {
        let [FromItem::Join(join)] = select.from.as_slice() else { return };
        // PREPARE and CREATE VIEW plan nothing, and a query inside may never be planned.
        let planned = matches!(self.stmt.kind, StatementKind::Query(_)) && self.levels.len() == 1;
        if !self.typed || !planned || select.where_.is_some() || !only_left_joins(join) {
            return;
        }
        let locks = |name: &crate::sql::Ident| {
            lock.of.is_empty() || lock.of.iter().any(|it| it.last().is_some_and(|it| it.ident == *name))
        };
        let items = self.level().namespace.clone();
        let found = items.iter().filter(|it| it.named && it.nulled).any(|it| {
            let rte = self.rte(it.rte);
            let is_table =
                rte.relation.as_ref().is_some_and(|it| it.kind == crate::catalog::RelationKind::Table);
            rte.kind == super::scope::RteKind::Relation && is_table && locks(&rte.name)
        });
        if found {
            let message = format!("{strength} cannot be applied to the nullable side of an outer join");
            self.refuse(code::FEATURE_NOT_SUPPORTED, lock.range, message);
        }
    }

    /// Something in the select list itself, not in queries inside.
    fn has_targets(&self, select: &Select, test: impl Fn(Resolved) -> bool) -> bool {
        let mut todo: Vec<ExprId> = select.targets.iter().map(|it| it.expr).collect();
        while let Some(id) = todo.pop() {
            if test(self.resolved(id)) {
                return true;
            }
            super::walk::children(&self.expr_node(id).kind, &mut |child| {
                if let super::walk::Child::Expr(it) = child {
                    todo.push(it);
                }
            });
        }
        false
    }

    fn lock_target(&mut self, name: &'a crate::sql::hir::QName, strength: &str) {
        let (Some(last), Some(range)) = (name.last(), name.range()) else { return };
        if name.is_dynamic() || self.see_locked(name) {
            return;
        }
        if name.parts.len() > 1 {
            self.refuse(
                code::SYNTAX_ERROR,
                range,
                format!("{strength} must specify unqualified relation names"),
            );
            return;
        }
        let level = self.level();
        let open = level.open;
        // What stands inside a join with an alias is hidden from all but this clause.
        let items = level.rtes.clone();
        let is_it = |it: &super::scope::RteId| {
            let rte = self.rte(*it);
            let unnamed = rte.kind == super::scope::RteKind::Join && rte.name.as_str() == "unnamed_join";
            !unnamed && self.same(&rte.name, &last.ident)
        };
        match items.into_iter().find(is_it) {
            Some(rte) => {
                self.reference_item(rte, last.range);
                let what = match self.rte(rte).kind {
                    super::scope::RteKind::Function => "a function",
                    super::scope::RteKind::TableFunction => "a table function",
                    super::scope::RteKind::Cte => "a WITH query",
                    super::scope::RteKind::Join => "a join",
                    _ => return,
                };
                let message = format!("{strength} cannot be applied to {what}");
                self.refuse(code::FEATURE_NOT_SUPPORTED, range, message);
            }
            None if open => {}
            None => {
                let message =
                    format!("relation \"{}\" in {strength} clause not found in FROM clause", last.ident);
                self.report(code::UNDEFINED_TABLE, range, message);
            }
        }
    }

    pub fn lock_words(&self, range: TextRange) -> &'static str {
        let text = self.slice(range).to_ascii_lowercase();
        let mut words = text.split_ascii_whitespace().skip(1);
        match (words.next(), words.next()) {
            (Some("share"), _) => "FOR SHARE",
            (Some("key"), _) => "FOR KEY SHARE",
            (Some("no"), _) => "FOR NO KEY UPDATE",
            _ => "FOR UPDATE",
        }
    }
}

/// A query that always yields exactly one row: aggregates without GROUP BY and HAVING, or no FROM at all.
pub fn always_one_row(query: &Query, binder: &Binder<'_>) -> bool {
    let QueryBody::Select(select) = &query.body else { return false };
    if query.limit.is_some()
        || query.offset.is_some()
        || !select.group_by.is_empty()
        || select.having.is_some()
    {
        return false;
    }
    // One that belongs to a query around this one makes no row here.
    let depth = binder.depth_now() + 1;
    let own = |it: Resolved| it == Resolved::Aggregate { depth };
    let is_aggregate = |id: ExprId| {
        let id = binder.unparen(id);
        match &binder.expr_node(id).kind {
            ExprKind::Call(_) => own(binder.resolved(id)),
            ExprKind::Coalesce(args) => {
                args.first().is_some_and(|it| own(binder.resolved(binder.unparen(*it))))
            }
            _ => false,
        }
    };
    // A set may have no rows.
    let sets = select.targets.iter().any(|it| {
        let inside = |other: &crate::sql::hir::Expr| it.range.contains_range(other.range);
        let resolved = binder.resolved.iter().zip(&binder.stmt.exprs);
        resolved.into_iter().any(|(to, node)| *to == Resolved::SetReturning && inside(node))
    });
    if sets {
        return false;
    }
    (select.from.is_empty() && select.where_.is_none())
        || select.targets.iter().any(|it| is_aggregate(it.expr))
}

fn only_left_joins(join: &Join) -> bool {
    let plain = |it: &FromItem| match it {
        FromItem::Join(inner) => only_left_joins(inner),
        FromItem::Relation { .. } => true,
        _ => false,
    };
    join.kind == JoinKind::Left && plain(&join.left) && matches!(join.right, FromItem::Relation { .. })
}

/// The SELECT that a query starts with.
fn leftmost(query: &Query) -> Option<TextRange> {
    let mut at = query;
    loop {
        match &at.body {
            QueryBody::Select(select) => return Some(select.range),
            QueryBody::SetOp { left, .. } => at = left,
            QueryBody::Nested(inner) => at = inner,
            _ => return None,
        }
    }
}
