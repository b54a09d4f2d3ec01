//! Queries of every form: WITH around SELECT, VALUES, TABLE, set operations and parenthesised queries.

use crate::catalog::{Collation, TypeId};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::{ExprId, ExprKind, Locking, OrderItem, QName, Query, QueryBody, With};

use super::binder::{Binder, UNDECIDED};
use super::place::Place;
use super::relation::Source;
use super::scope::{NsItem, Rte, RteColumn, RteKind, Shape};
use super::target::{Entry, Targets, Value};

/// The clauses around a query's body; those of enclosing parentheses count for the body inside.
pub struct Clauses<'a> {
    pub with: Vec<&'a With>,
    pub order_by: &'a [OrderItem],
    pub limit: Option<ExprId>,
    pub offset: Option<ExprId>,
    pub locking: &'a [Locking],
}

/// Deeper queries are not analysed.
const MAX_LEVELS: usize = 64;

impl<'a> Binder<'a> {
    /// Analyses a query in a level of its own. `resolve`: undecided output columns become text.
    pub fn query(&mut self, query: &'a Query, resolve: bool) -> Shape {
        if self.levels.len() > MAX_LEVELS {
            return Shape { open: true, has_rows: true, ..Shape::default() };
        }
        self.push_level();
        let res = self.query_here(query, resolve);
        self.pop_level();
        res
    }

    /// Analyses a query in the current, fresh level.
    pub fn query_here(&mut self, query: &'a Query, resolve: bool) -> Shape {
        let (clauses, body) = unwrap(query);
        for with in &clauses.with {
            self.with_clause(with);
        }
        match body {
            QueryBody::Select(select) => self.select(&clauses, select, resolve),
            QueryBody::Values { rows, .. } => self.values(&clauses, rows),
            QueryBody::Table(name) => self.table(&clauses, name),
            QueryBody::SetOp { .. } => self.set_operation(&clauses, body, resolve),
            QueryBody::Execute(it) => self.execute(it),
            QueryBody::Nested(_) | QueryBody::Missing => {
                Shape { open: true, has_rows: true, ..Shape::default() }
            }
        }
    }

    /// `TABLE name`.
    fn table(&mut self, clauses: &Clauses<'a>, name: &'a QName) -> Shape {
        let rte = match self.from_source(name) {
            Source::Relation(relation) => self.relation_rte(Some(relation), name, None),
            Source::Cte(cte) => self.cte_rte(cte, name, None),
            Source::Unknown => self.relation_rte(None, name, None),
        };
        self.level().namespace.push(NsItem::new(rte));
        let entries = (0..self.rte(rte).columns.len()).map(|idx| {
            let var = super::scope::Var { rte, column: idx as u32 };
            let column = &self.rte(rte).columns[idx];
            // No expression stands for the column; an id out of range has no place.
            let value = Value::Var { var, star: ExprId(u32::MAX) };
            Entry { name: column.name.clone(), value, nullable: column.nullable, range: column.range }
        });
        let targets = Targets { entries: entries.collect(), open: self.rte(rte).open };
        self.order_by(clauses.order_by, &targets);
        self.limits(clauses);
        self.shape(targets)
    }

    /// `VALUES (…), (…)` as a query (`transformValuesClause`).
    fn values(&mut self, clauses: &Clauses<'a>, rows: &'a [Vec<ExprId>]) -> Shape {
        if let Some(lock) = clauses.locking.first() {
            let message = format!("{} cannot be applied to VALUES", self.lock_words(lock.range));
            self.refuse(code::FEATURE_NOT_SUPPORTED, lock.range, message);
        }
        let mut open = false;
        let cells: Vec<Vec<Cell>> =
            self.in_place(Place::Values, |it| rows.iter().map(|row| it.row_cells(row, &mut open)).collect());
        let width = cells.first().map_or(0, Vec::len);
        if let Some((_, row)) = cells.iter().zip(rows).find(|it| it.0.len() != width).filter(|_| !open) {
            if let Some(item) = row.first() {
                let at = self.place(*item);
                self.report(code::WRONG_COLUMN_COUNT, at, "VALUES lists must all be the same length");
            }
            open = true;
        }
        let mut columns = Vec::new();
        for idx in 0..width {
            let of_column: Vec<Cell> = cells.iter().filter_map(|it| it.get(idx).copied()).collect();
            let ids: Vec<Option<ExprId>> =
                of_column.iter().filter(|it| it.id.is_some()).map(|it| it.id).collect();
            // Unlike a select list, VALUES leaves no type open, whatever is around it.
            let ty = match (of_column.as_slice(), ids.as_slice()) {
                ([_], [Some(id)]) => {
                    self.decide_text(*id);
                    self.ty(*id)
                }
                (all, written) if all.len() == written.len() => self.unify(&ids, "VALUES"),
                (all, _) => self.unify_cells(all),
            };
            let starred = ids.len() < of_column.len();
            let nullable = match starred {
                true => None,
                false => super::nullable::any(ids.iter().flatten().map(|it| self.info(*it).nullable)),
            };
            let collation = if starred { Collation::Unknown } else { self.values_collation(&ids, ty) };
            let mut column = RteColumn::new(Ident::new(format!("column{}", idx + 1)), ty);
            column.nullable = nullable;
            column.collation = collation;
            columns.push(column);
        }
        let rte = self.add_rte(Rte {
            range: self.stmt.range,
            open,
            ..Rte::new(RteKind::Values, Ident::new("*VALUES*"), columns)
        });
        self.level().namespace.push(NsItem::new(rte));
        let first = rows.first();
        let entries = self.rte(rte).columns.iter().enumerate().map(|(idx, column)| {
            let star = first.and_then(|it| it.get(idx)).copied().unwrap_or(ExprId(u32::MAX));
            let value = Value::Var { var: super::scope::Var { rte, column: idx as u32 }, star };
            Entry { name: column.name.clone(), value, nullable: column.nullable, range: None }
        });
        let targets = Targets { entries: entries.collect(), open };
        self.order_by(clauses.order_by, &targets);
        self.limits(clauses);
        let mut shape = self.shape(targets);
        if rows.len() == 1 && cells.iter().flatten().all(|it| it.id.is_some()) {
            shape.exprs = rows.first().map(|it| it.iter().copied().map(Some).collect()).unwrap_or_default();
        }
        shape
    }

    /// The values of a row of VALUES; `open` where there may be others.
    fn row_cells(&mut self, row: &'a [ExprId], open: &mut bool) -> Vec<Cell> {
        let mut cells = Vec::new();
        for &item in row {
            let entries = match &self.expr_node(item).kind {
                ExprKind::Star { qualifier } => {
                    let (entries, more) = self.star(item, qualifier);
                    *open |= more;
                    entries
                }
                ExprKind::FieldStar(row) => {
                    let mut targets = Targets::default();
                    self.field_star(item, *row, &mut targets);
                    *open |= targets.open;
                    targets.entries
                }
                _ => {
                    self.expr(item);
                    *open |= self.may_be_several(item);
                    cells.push(Cell { id: Some(item), ty: Ty::Unknown });
                    continue;
                }
            };
            cells.extend(entries.iter().map(|it| Cell { id: None, ty: self.value_ty(it.value) }));
        }
        cells
    }

    /// The type of a column of VALUES to which a star contributes.
    fn unify_cells(&mut self, cells: &[Cell]) -> Ty {
        let types: Vec<Ty> = cells.iter().map(|it| it.id.map_or(it.ty, |id| self.ty(id))).collect();
        let (common, problem) = self.common(&types, "VALUES");
        if let Some((idx, refusal)) = problem
            && let Some(id) = cells.get(idx).and_then(|it| it.id)
        {
            let at = self.place(id);
            self.report(refusal.code, at, refusal.message).hint = refusal.hint;
        }
        for id in cells.iter().filter_map(|it| it.id) {
            if self.is_undecided(id) {
                self.decide(id, common);
            }
        }
        common
    }

    /// Rows of different lengths; true when that was reported.
    pub fn check_widths(&mut self, rows: &[Vec<ExprId>]) -> bool {
        let several = |row: &Vec<ExprId>, this: &Self| row.iter().any(|it| this.may_be_several(*it));
        let Some(first) = rows.first() else { return false };
        if several(first, self) {
            return true;
        }
        for row in rows {
            if row.len() != first.len() && !several(row, self) {
                let Some(item) = row.first() else { continue };
                let at = self.place(*item);
                self.report(code::WRONG_COLUMN_COUNT, at, "VALUES lists must all be the same length");
                return true;
            }
        }
        false
    }

    /// A hole or a star: any number of columns.
    pub fn may_be_several(&self, id: ExprId) -> bool {
        match &self.expr_node(id).kind {
            ExprKind::Column(name) => name.is_dynamic(),
            ExprKind::Star { .. } | ExprKind::FieldStar(_) | ExprKind::Missing => true,
            _ => false,
        }
    }

    /// An undecided column of a query becomes text.
    pub fn text_if_undecided(ty: Ty) -> Ty {
        if ty == UNDECIDED { super::binder::known(TypeId::TEXT) } else { ty }
    }
}

/// A value of VALUES: as it is written, or a column that a star stands for.
#[derive(Clone, Copy)]
struct Cell {
    id: Option<ExprId>,
    ty: Ty,
}

/// The clauses that hold for a body inside parentheses, and the body.
pub fn unwrap(query: &Query) -> (Clauses<'_>, &QueryBody) {
    let mut res = Clauses {
        with: query.with.iter().collect(),
        order_by: &query.order_by,
        limit: query.limit,
        offset: query.offset,
        locking: &query.locking,
    };
    let mut body = &query.body;
    while let QueryBody::Nested(inner) = body {
        res.with.extend(&inner.with);
        if res.order_by.is_empty() {
            res.order_by = &inner.order_by;
        }
        res.limit = res.limit.or(inner.limit);
        res.offset = res.offset.or(inner.offset);
        if res.locking.is_empty() {
            res.locking = &inner.locking;
        }
        body = &inner.body;
    }
    (res, body)
}

/// The name of a query's first output column, as `FigureColname` finds it for a subquery.
pub fn first_output_name(binder: &Binder<'_>, query: &Query) -> Option<Ident> {
    match unwrap(query).1 {
        QueryBody::Select(select) => {
            let target = select.targets.first()?;
            match &target.alias {
                Some(alias) => Some(alias.ident.clone()),
                None => match &binder.expr_node(target.expr).kind {
                    crate::sql::hir::ExprKind::Star { .. } => None,
                    _ => Some(binder.column_name(target.expr)),
                },
            }
        }
        QueryBody::Values { .. } => Some(Ident::new("column1")),
        QueryBody::SetOp { left, .. } => first_output_name(binder, left),
        _ => None,
    }
}
