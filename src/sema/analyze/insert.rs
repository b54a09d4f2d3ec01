//! INSERT (`transformInsertStmt`, `transformInsertRow`) and the dispatch of data-modifying statements.

use crate::base::text::TextRange;
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::{
    ExprId, Insert, InsertSource, Overriding, Query, QueryBody, StatementKind, TargetColumn,
};

use super::assign::{Slot, Source, always_generated};
use super::binder::Binder;
use super::place::Place;
use super::required::Given;
use super::rewrite::Written;
use super::scope::{RteId, Shape, Var};
use super::updatable::Change;

impl<'a> Binder<'a> {
    /// A query or data-modifying statement; the rows it yields.
    pub fn modifying(&mut self, kind: &'a StatementKind) -> Shape {
        match kind {
            StatementKind::Query(query) => self.query(query, true),
            StatementKind::Insert(it) => self.in_level(|this| this.insert(it)),
            StatementKind::Update(it) => self.in_level(|this| this.update(it)),
            StatementKind::Delete(it) => self.in_level(|this| this.delete(it)),
            StatementKind::Merge(it) => self.in_level(|this| this.merge(it)),
            _ => Shape::default(),
        }
    }

    fn in_level(&mut self, inner: impl FnOnce(&mut Self) -> Shape) -> Shape {
        self.push_level();
        let res = inner(self);
        self.pop_level();
        res
    }

    fn insert(&mut self, insert: &'a Insert) -> Shape {
        if let Some(with) = &insert.with {
            self.with_clause(with);
        }
        let relation = self.target_relation(&insert.table);
        let known = relation.is_some();
        let rte = self.relation_rte(relation, &insert.table, insert.alias.as_ref());
        if !known {
            self.open_rte(rte);
        }
        let n_problems = self.problems.len();
        self.check_updatable(rte, &insert.table, Change::Insert);
        let taken = self.problems.len() == n_problems;
        let slots = self.insert_slots(rte, &insert.columns, insert.columns_range.is_some());
        let mut given = Given::default();
        match &insert.source {
            InsertSource::DefaultValues => {}
            InsertSource::Missing => given.unknown = true,
            InsertSource::Query(query) => self.insert_source(rte, query, &slots, insert, &mut given),
        }
        given.unknown |= slots.open;
        // What gets a value is part of the statement, written or not.
        given.columns.iter().for_each(|it| self.use_column(Var { rte, column: *it }));
        self.check_required(rte, &insert.table, &slots.slots, &given);
        if let Some(conflict) = &insert.on_conflict {
            self.on_conflict(rte, conflict);
        }
        let written = Written {
            returning: !insert.returning.is_empty(),
            on_conflict: insert.on_conflict.is_some(),
            with: insert.with.is_some(),
        };
        if taken {
            self.check_rules(rte, &insert.table, Change::Insert, written);
        }
        self.returning(&insert.returning, &insert.returning_names, &[rte], rte, [true, false])
    }

    /// An unknown relation's columns may be any.
    pub fn open_rte(&mut self, rte: RteId) {
        if let Some(it) = self.rtes.get_mut(rte.0 as usize) {
            it.open = true;
        }
    }

    /// The columns that get values (`checkInsertTargets`).
    pub fn insert_slots(&mut self, rte: RteId, columns: &'a [TargetColumn], written: bool) -> Slots {
        let mut res = Slots { written, ..Slots::default() };
        self.note_listed(columns.iter().map(|it| &it.name.ident));
        if !written && columns.is_empty() {
            let entry = self.rte(rte);
            res.open = entry.open;
            let slots = entry.columns.iter().enumerate().map(|(idx, it)| Slot {
                name: it.name.clone(),
                ty: it.ty,
                column: Some(idx as u32),
                range: entry.range,
                part: false,
            });
            res.slots = slots.collect();
            return res;
        }
        let mut seen: Vec<(Ident, bool)> = Vec::new();
        for target in columns {
            let slot = self.slot(rte, target);
            res.open |= target.name.ident.is_dynamic();
            if slot.column.is_some() {
                // Several parts of a column may be given, but not the whole besides.
                if seen.iter().any(|it| it.0 == slot.name && !(it.1 && slot.part)) {
                    let message = format!("column \"{}\" specified more than once", slot.name);
                    self.report(code::DUPLICATE_COLUMN, slot.range, message);
                }
                seen.push((slot.name.clone(), slot.part));
            }
            res.slots.push(slot);
        }
        res
    }

    fn insert_source(
        &mut self,
        rte: RteId,
        query: &'a Query,
        slots: &Slots,
        insert: &'a Insert,
        given: &mut Given,
    ) {
        let (clauses, body) = super::query::unwrap(query);
        let plain = clauses.with.is_empty()
            && clauses.order_by.is_empty()
            && clauses.limit.is_none()
            && clauses.offset.is_none();
        match body {
            QueryBody::Values { rows, .. } if plain => {
                let place = if rows.len() == 1 { Place::ValuesSingle } else { Place::Values };
                // PostgreSQL finishes a row before the next: parameters get their types so.
                for (idx, row) in rows.iter().enumerate() {
                    self.in_place(place, |it| it.row_values(row));
                    if idx == 0 {
                        self.check_widths(rows);
                    }
                    self.insert_row(rte, row, slots, insert.overriding, idx == 0, given);
                }
            }
            _ => {
                let shape = self.query(query, false);
                let places = self.output_places(query, &shape);
                given.unknown |= shape.open;
                if shape.open {
                    return;
                }
                self.check_row_width(slots, shape.columns.len(), |idx| places.get(idx).copied());
                for (idx, (slot, column)) in slots.slots.iter().zip(&shape.columns).enumerate() {
                    let source = Source::Column {
                        ty: column.ty,
                        id: shape.exprs.get(idx).copied().flatten(),
                        at: places.get(idx).copied().unwrap_or(query.range),
                    };
                    if let Source::Column { id: Some(id), .. } = source {
                        self.note_assigned(Some(rte), id, slot);
                    }
                    self.assign(slot, source);
                    self.check_generated(rte, slot, insert.overriding, slot.range);
                    given.columns.extend(slot.column);
                }
            }
        }
    }

    /// One row of values (`transformInsertRow`).
    pub fn insert_row(
        &mut self,
        rte: RteId,
        row: &'a [ExprId],
        slots: &Slots,
        overriding: Option<Overriding>,
        first: bool,
        given: &mut Given,
    ) {
        self.note_row(rte, row, &slots.slots);
        let Some(sources) = self.row_sources(row) else {
            given.unknown = true;
            return;
        };
        // PostgreSQL counts the first row; the others are as long as it.
        if first {
            let place = |it: &Source| match it {
                Source::Expr(id) => self.place(*id),
                Source::Column { at, .. } => *at,
            };
            let places: Vec<TextRange> = sources.iter().map(place).collect();
            self.check_row_width(slots, places.len(), |idx| places.get(idx).copied());
        }
        for (slot, source) in slots.slots.iter().zip(sources) {
            self.assign(slot, source);
            let (value, at) = match source {
                Source::Expr(value) if self.is_default(value) => {
                    self.check_view_expression(rte, slot, Change::Insert, slot.range);
                    continue;
                }
                Source::Expr(value) => (Some(value), self.place(value)),
                Source::Column { at, .. } => (None, at),
            };
            given.columns.extend(slot.column);
            let at = if slots.written { slot.range } else { at };
            self.check_generated(rte, slot, overriding, at);
            if let (Some(value), Some((relation, column))) = (value, self.slot_column(rte, slot)) {
                self.check_null(&relation, &column, slot, value);
            }
        }
    }

    fn check_row_width(
        &mut self,
        slots: &Slots,
        n_values: usize,
        place: impl Fn(usize) -> Option<TextRange>,
    ) {
        if slots.open {
            return;
        }
        let n_slots = slots.slots.len();
        if n_values > n_slots {
            if let Some(at) = place(n_slots) {
                self.report(code::WRONG_COLUMN_COUNT, at, "INSERT has more expressions than target columns");
            }
        } else if n_values < n_slots
            && slots.written
            && let Some(slot) = slots.slots.get(n_values)
        {
            let at = slot.range;
            self.report(code::WRONG_COLUMN_COUNT, at, "INSERT has more target columns than expressions");
        }
    }

    fn check_generated(&mut self, rte: RteId, slot: &Slot, overriding: Option<Overriding>, at: TextRange) {
        if self.check_written_view(rte, slot, Change::Insert, overriding.is_some(), at) {
            return;
        }
        let Some((_, column)) = self.slot_column(rte, slot) else { return };
        let Some(detail) = always_generated(&column) else { return };
        let identity = column.generated.is_none();
        if identity && overriding.is_some() {
            return;
        }
        let mut hint = detail;
        if identity {
            hint.push_str(" Use OVERRIDING SYSTEM VALUE to override.");
        }
        let message = format!("cannot insert a non-DEFAULT value into column \"{}\"", slot.name);
        let related = super::assign::declared(&column);
        let problem = self.report(code::GENERATED_ALWAYS, at, message);
        problem.hint(hint).related.extend(related);
    }
}

/// The columns of an INSERT.
#[derive(Debug, Default)]
pub struct Slots {
    pub slots: Vec<Slot>,
    /// A column list was written.
    pub written: bool,
    /// Not all are known.
    pub open: bool,
}
