//! UPDATE and DELETE (`transformUpdateStmt`, `transformDeleteStmt`).

use crate::sql::hir::{Delete, ExprId, FromItem, Name, QName, Update};

use super::binder::Binder;
use super::place::Place;
use super::rewrite::Written;
use super::scope::{NsItem, RteId, Shape};
use super::updatable::Change;

impl<'a> Binder<'a> {
    pub fn update(&mut self, update: &'a Update) -> Shape {
        if let Some(with) = &update.with {
            self.with_clause(with);
        }
        let target = self.changed_table(&update.table, update.alias.as_ref(), &update.from);
        let written = Written {
            returning: !update.returning.is_empty(),
            on_conflict: false,
            with: update.with.is_some(),
        };
        self.check_changed(target, &update.table, Change::Update, written, update.where_);
        self.where_clause(update.where_);
        let namespace = self.level().namespace.clone();
        let shape = self.returning(&update.returning, &update.returning_names, &[target], target, [false; 2]);
        self.level().namespace = namespace;
        self.assignments(target, &update.set);
        shape
    }

    pub fn delete(&mut self, delete: &'a Delete) -> Shape {
        if let Some(with) = &delete.with {
            self.with_clause(with);
        }
        let target = self.changed_table(&delete.table, delete.alias.as_ref(), &delete.using);
        let written = Written {
            returning: !delete.returning.is_empty(),
            on_conflict: false,
            with: delete.with.is_some(),
        };
        self.check_changed(target, &delete.table, Change::Delete, written, delete.where_);
        self.where_clause(delete.where_);
        self.returning(&delete.returning, &delete.returning_names, &[target], target, [false, true])
    }

    /// What views and rules refuse, the first of it.
    fn check_changed(
        &mut self,
        target: RteId,
        table: &QName,
        change: Change,
        written: Written,
        where_: Option<ExprId>,
    ) {
        let n_problems = self.problems.len();
        self.check_updatable(target, table, change);
        if self.problems.len() == n_problems && !self.check_rules(target, table, change, written) {
            self.check_current_of(target, where_);
        }
    }

    fn where_clause(&mut self, where_: Option<ExprId>) {
        if let Some(where_) = where_ {
            self.in_place(Place::Where, |it| it.condition(where_, "WHERE"));
        }
    }

    /// The table that a statement changes, visible beside its FROM or USING clause.
    fn changed_table(&mut self, table: &'a QName, alias: Option<&Name>, from: &'a [FromItem]) -> RteId {
        let target = self.target_rte(table, alias);
        // LATERAL items of FROM cannot see it.
        let item = NsItem { lateral_only: true, lateral_ok: false, ..NsItem::new(target) };
        self.level().namespace.push(item);
        self.from_clause(from);
        target
    }

    pub fn target_rte(&mut self, table: &'a QName, alias: Option<&Name>) -> RteId {
        let relation = self.target_relation(table);
        let known = relation.is_some();
        let target = self.relation_rte(relation, table, alias);
        if !known {
            self.open_rte(target);
            if table.is_dynamic() && alias.is_none() {
                self.level().open = true;
            }
        }
        target
    }
}
