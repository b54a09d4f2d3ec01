//! ON CONFLICT (`transformOnConflictClause`, `infer_arbiter_indexes`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::{Relation, RelationKind};
use crate::sema::code;
use crate::sql::hir::{ConflictTarget, ExprId, ExprKind, Name, OnConflict};
use crate::sql::{Dialect, Ident};

use super::binder::Binder;
use super::place::Place;
use super::scope::{NsItem, Rte, RteId};
use super::updatable::Below;

/// The columns of a view and of the table below it; `None`: an expression.
type Names = Vec<(Ident, Option<Ident>)>;

impl<'a> Binder<'a> {
    pub fn on_conflict(&mut self, target: RteId, conflict: &'a OnConflict) {
        self.level().namespace = vec![NsItem::new(target)];
        let system = self.rte(target).relation.as_ref().is_some_and(|it| {
            it.origin == crate::catalog::Origin::Builtin
                && it.kind == RelationKind::Table
                && it.schema.as_str() == "pg_catalog"
        });
        if system && !matches!(conflict.target, ConflictTarget::None if conflict.update.is_some()) {
            let message = "ON CONFLICT is not supported with system catalog tables";
            return self.refuse(code::FEATURE_NOT_SUPPORTED, conflict.range, message);
        }
        match &conflict.target {
            ConflictTarget::None => {
                if conflict.update.is_some() && self.typed {
                    let message = "ON CONFLICT DO UPDATE requires inference specification or constraint name";
                    self.report(code::SYNTAX_ERROR, conflict.range, message)
                        .hint("For example, ON CONFLICT (column_name).");
                }
            }
            ConflictTarget::Index { range, misplaced: Some(words), .. } if self.typed => {
                let message = format!("{words} not allowed in ON CONFLICT clause");
                self.refuse(code::INVALID_COLUMN_REFERENCE, *range, message);
            }
            ConflictTarget::Index { range, items, where_, .. } => {
                let n_problems = self.problems.len();
                // `(id collate "C")` is the column: whether its type has collations is nobody's question.
                let items: Vec<ExprId> = items.iter().map(|it| self.uncollated(*it)).collect();
                self.in_place(Place::IndexExpression, |it| it.exprs(&items));
                // PostgreSQL places a missing column at the parenthesis.
                for problem in self.problems.iter_mut().skip(n_problems) {
                    if problem.code == code::UNDEFINED_COLUMN {
                        problem.range = TextRange::new(range.start(), problem.range.end());
                    }
                }
                if let Some(where_) = where_ {
                    // Compared with the predicates of indexes, never cast to boolean (`transformOnConflictArbiter`).
                    self.in_place(Place::IndexPredicate, |it| it.expr(*where_));
                }
                self.check_arbiter(target, &items, where_.is_some(), *range);
            }
            ConflictTarget::Constraint(name) => self.check_constraint(target, name),
        }
        self.level().namespace = vec![NsItem::new(target)];
        let Some(update) = &conflict.update else { return };
        if self.catalog.dialect == Dialect::Mysql {
            // `VALUES(a)`, a row alias, the columns of the SELECT: what else the values may name is not followed.
            let open = std::mem::replace(&mut self.level().open, true);
            self.assignments(target, &update.set);
            self.level().open = open;
            return;
        }
        let row = Rte { name: Ident::new("excluded"), aliased: true, ..self.rte(target).clone() };
        let excluded = self.add_rte(row);
        // To SQLite an unqualified column is the table's.
        let items = [NsItem::new(target), NsItem { columns: self.typed, ..NsItem::new(excluded) }];
        // A table of that name makes the name ambiguous, where it is said.
        self.level().namespace = items.to_vec();
        self.assignments(target, &update.set);
        if let Some(where_) = update.where_ {
            self.in_place(Place::Where, |it| it.condition(where_, "WHERE"));
        }
        self.level().namespace = vec![NsItem::new(target)];
    }

    fn uncollated(&self, item: ExprId) -> ExprId {
        match self.bare(item) {
            ExprKind::Collate { expr, .. } => *expr,
            _ => item,
        }
    }

    /// `ON CONFLICT (a, b)` needs a unique key of exactly these columns. Silent where expression or partial indexes
    /// might serve.
    fn check_arbiter(&mut self, target: RteId, items: &[ExprId], partial: bool, range: TextRange) {
        let Some(mut relation) = self.rte(target).relation.clone() else { return };
        let mut names: Option<Names> = None;
        if relation.kind == RelationKind::View {
            let Some((base, columns)) = self.base_of_view(&relation) else { return };
            relation = base;
            names = Some(columns);
        }
        // A partition has its parent's keys; a table that inherits has none of them.
        let Some(owners) = self.key_owners(&relation) else { return };
        let is_table = matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable);
        if !self.typed || relation.open || !is_table {
            return;
        }
        let mut wanted: Vec<Ident> = Vec::new();
        for &item in items {
            match self.bare(item) {
                ExprKind::Column(name) if name.parts.len() == 1 && !name.is_dynamic() => {
                    let Some(name) = name.last() else { return };
                    let below = match &names {
                        None => &name.ident,
                        Some(names) => match names.iter().find(|it| it.0 == name.ident) {
                            Some((_, Some(below))) => below,
                            Some((_, None)) if !has_expressions(&owners) => {
                                wanted.push(Ident::new(""));
                                continue;
                            }
                            _ => return,
                        },
                    };
                    if !relation.columns.iter().any(|it| it.name == *below) {
                        return;
                    }
                    wanted.push(below.clone());
                }
                ExprKind::Missing | ExprKind::Column(_) => return,
                // An expression needs an index on an expression.
                _ => {
                    if has_expressions(&owners) {
                        return;
                    }
                    wanted.push(Ident::new(""));
                }
            }
        }
        wanted.sort();
        wanted.dedup();
        if owners.iter().any(|it| has_arbiter(it, &wanted, partial) != Some(false)) {
            return;
        }
        if self.catalog.gaps.keys {
            return;
        }
        let message = "there is no unique or exclusion constraint matching the ON CONFLICT specification";
        let related = self.declaration(target);
        self.report(code::INVALID_COLUMN_REFERENCE, range, message).related.extend(related);
    }

    /// The table below a view, and its names for the view's columns.
    fn base_of_view(&self, view: &Relation) -> Option<(Arc<Relation>, Names)> {
        let gaps = &self.catalog.gaps;
        if gaps.rules || gaps.relations {
            return None;
        }
        let mut base = None;
        let mut names = Names::new();
        for (idx, column) in view.columns.iter().enumerate() {
            let below = match self.below_view(view, idx, 0)? {
                Below::Column(relation, below) => {
                    base = Some(relation);
                    Some(below.name)
                }
                Below::Expression { .. } => None,
            };
            names.push((column.name.clone(), below));
        }
        Some((base?, names))
    }

    /// The tables whose keys a table has: itself, and what it is a partition of. `None`: not all are known.
    fn key_owners(&self, relation: &Arc<Relation>) -> Option<Vec<Arc<Relation>>> {
        let mut res = vec![relation.clone()];
        let mut last = relation.clone();
        // Partitions of partitions are few; the bound guards against a circle.
        for _ in 0..16 {
            let parents: Option<Vec<&Arc<Relation>>> =
                last.parents.iter().map(|it| self.catalog.relations.get(it)).collect();
            let Some(parent) = parents?.into_iter().find(|it| it.kind != RelationKind::Table) else {
                return Some(res);
            };
            if parent.kind != RelationKind::PartitionedTable || parent.open {
                return None;
            }
            last = parent.clone();
            res.push(last.clone());
        }
        None
    }

    fn check_constraint(&mut self, target: RteId, name: &Name) {
        if self.see_constraint(target, name) {
            return;
        }
        let Some(relation) = self.rte(target).relation.clone() else { return };
        if !self.typed || name.ident.is_dynamic() || relation.open || !relation.parents.is_empty() {
            return;
        }
        let keys = relation.primary_key.iter().chain(&relation.uniques).map(|it| it.name.as_ref());
        let others = relation
            .foreign_keys
            .iter()
            .map(|it| it.name.as_ref())
            .chain(relation.checks.iter().map(|it| it.name.as_ref()));
        let names: Vec<Option<&Ident>> = keys.chain(others).collect();
        // A name that the database chose may be this one; exclusion constraints are not kept.
        if names.iter().any(|it| it.is_none_or(|it| *it == name.ident)) {
            return;
        }
        let similar =
            super::suggest::nearest(name.ident.as_str(), names.iter().flatten().map(|it| it.as_str()))
                .map(Ident::new);
        let gaps = &self.catalog.gaps;
        let sure = !gaps.relations
            && !gaps.keys
            && !gaps.partial
            && gaps.loose.is_none()
            && !name.ident.as_str().contains("excl");
        if similar.is_none() && !sure {
            return;
        }
        let message = format!("constraint \"{}\" for table \"{}\" does not exist", name.ident, relation.name);
        let problem = self.report(code::UNDEFINED_OBJECT, name.range, message);
        if let Some(similar) = similar {
            problem.hint(format!("Perhaps you meant the constraint \"{similar}\"."));
            problem.fixes.push(super::suggest::rename(name.range, &similar));
        }
    }
}

/// A unique index has an expression.
fn has_expressions(owners: &[Arc<Relation>]) -> bool {
    let unique = owners.iter().flat_map(|it| &it.indexes).filter(|it| it.unique);
    unique.flat_map(|it| &it.items).any(|it| it.column.is_none())
}

/// Whether a unique key of exactly these columns exists; `None`: not sure. `partial`: the conflict target has a
/// WHERE, which a partial index needs.
fn has_arbiter(relation: &Relation, wanted: &[Ident], partial: bool) -> Option<bool> {
    let same = |columns: &[Ident]| {
        let mut columns = columns.to_vec();
        columns.sort();
        columns.dedup();
        columns == wanted
    };
    if relation.primary_key.iter().chain(&relation.uniques).any(|it| same(&it.columns)) {
        return Some(true);
    }
    for index in relation.indexes.iter().filter(|it| it.unique) {
        if index.predicate.is_some() && !partial {
            continue;
        }
        // An index on expressions does not serve columns; one that is not known might.
        if index.items.iter().any(|it| it.column.is_none() && it.expression.is_none()) {
            return None;
        }
        let columns: Option<Vec<Ident>> = index.items.iter().map(|it| it.column.clone()).collect();
        match columns {
            Some(columns) if same(&columns) => return index.predicate.is_none().then_some(true),
            _ => {}
        }
    }
    Some(false)
}
