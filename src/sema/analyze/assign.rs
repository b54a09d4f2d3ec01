//! Values for columns: INSERT, UPDATE, ON CONFLICT, MERGE (`transformAssignedExpr`, `checkInsertTargets`,
//! `transformUpdateTargetList`).

use crate::base::text::TextRange;
use crate::catalog::{Column, Identity, Origin, Relation, RelationKind};
use crate::sema::resolve::CoercionContext;
use crate::sema::{Place, Related, Ty, code};
use crate::sql::Ident;
use crate::sql::hir::{Assignment, ExprId, ExprKind, Literal, Subscript, TargetColumn};

use super::binder::Binder;
use super::place::Place as Where;
use super::scope::{Resolved, RteId, Shape, Var, system_column};
use super::suggest::{nearest, rename};
use super::updatable::Change;

/// A column that gets a value.
#[derive(Debug, Clone)]
pub struct Slot {
    pub name: Ident,
    /// Of what is assigned: the column, or the field or element of it that is written.
    pub ty: Ty,
    /// Index into the relation's columns; `None`: not known.
    pub column: Option<u32>,
    pub range: TextRange,
    /// Only a part of the column is written.
    pub part: bool,
}

/// A value on its way into a column.
#[derive(Debug, Clone, Copy)]
pub enum Source {
    Expr(ExprId),
    /// A subquery's column.
    Column {
        ty: Ty,
        id: Option<ExprId>,
        at: TextRange,
    },
}

impl<'a> Binder<'a> {
    /// The column that a target names; reports when there is none.
    pub fn slot(&mut self, rte: RteId, target: &'a TargetColumn) -> Slot {
        let name = &target.name;
        let mut slot = Slot {
            name: name.ident.clone(),
            ty: Ty::Unknown,
            column: None,
            range: name.range,
            part: !target.fields.is_empty() || !target.subscripts.is_empty(),
        };
        if name.ident.is_dynamic() || self.see_assigned(rte, target) {
            return slot;
        }
        let entry = self.rte(rte);
        let found = entry.columns.iter().position(|it| self.same(&it.name, &name.ident));
        match found {
            Some(idx) => {
                slot.column = Some(idx as u32);
                slot.ty = entry.columns[idx].ty;
                self.reference_column(Var { rte, column: idx as u32 }, name.range);
            }
            None if entry.may_have(&name.ident)
                || (!self.typed && super::dialect::is_pseudo_column(self.catalog.dialect, &name.ident)) => {}
            None => self.missing_target(rte, target),
        }
        if slot.part {
            slot.ty = self.part_type(slot.ty, target);
        }
        slot
    }

    fn missing_target(&mut self, rte: RteId, target: &TargetColumn) {
        let name = &target.name;
        let entry = self.rte(rte);
        let relation = entry.relation.as_ref().map_or(entry.name.clone(), |it| it.name.clone());
        let alias = entry.name.clone();
        let similar =
            nearest(name.ident.as_str(), entry.columns.iter().map(|it| it.name.as_str())).map(Ident::new);
        let declared = self.declaration(rte);
        let mut message = format!("column \"{}\" of relation \"{relation}\" does not exist", name.ident);
        let mut state = code::UNDEFINED_COLUMN;
        if self.place_is_update() && system_column(name.ident.as_str()).is_some() {
            state = code::FEATURE_NOT_SUPPORTED;
            message = format!("cannot assign to system column \"{}\"", name.ident);
        }
        let qualified = !target.fields.is_empty() && (name.ident == alias || name.ident == relation);
        let problem = self.report(state, name.range, message);
        problem.related.extend(declared);
        if qualified {
            problem.hint("SET target columns cannot be qualified with the relation name.");
        } else if let Some(similar) = similar {
            problem.hint(format!("Perhaps you meant to reference the column \"{relation}.{similar}\"."));
            problem.fixes.push(rename(name.range, &similar));
        }
    }

    fn place_is_update(&mut self) -> bool {
        self.level().place == Where::UpdateSource
    }

    /// `column[1].field`: a field of the element.
    fn check_element_field(&mut self, column: Ty, target: &TargetColumn) {
        let Ty::Known(column) = column else { return };
        let Some(field) = target.fields.first().filter(|it| !it.ident.is_dynamic()) else { return };
        let Some(element) = self.catalog.element_type(column.id) else { return };
        let Some(columns) = self.composite_columns(element) else {
            if !self.is_composite(element) {
                let message = format!(
                    "cannot assign to field \"{}\" of column \"{}\" because its type {} is not a composite type",
                    field.ident,
                    target.name.ident,
                    self.format_id(element)
                );
                self.refuse(code::DATATYPE_MISMATCH, target.name.range.cover(field.range), message);
            }
            return;
        };
        if !columns.iter().any(|it| it.0 == field.ident) {
            let message = format!(
                "cannot assign to field \"{}\" of column \"{}\" because there is no such column in data type {}",
                field.ident,
                target.name.ident,
                self.format_id(element)
            );
            self.refuse(code::UNDEFINED_COLUMN, target.name.range.cover(field.range), message);
        }
    }

    /// The type of `column[1].field`, where all of the subscripts stand before the one field.
    fn element_field(&self, column: Ty, target: &TargetColumn) -> Ty {
        let ([field], Ty::Known(column)) = (target.fields.as_slice(), column) else { return Ty::Unknown };
        let before = target.subscripts.iter().all(|it| match it {
            Subscript::Index(id) => self.expr_node(*id).range.end() < field.range.start(),
            Subscript::Slice(..) => false,
        });
        let columns = self.catalog.element_type(column.id).and_then(|it| self.composite_columns(it));
        let found = columns.filter(|_| before).and_then(|it| it.into_iter().find(|it| it.0 == field.ident));
        found.map_or(Ty::Unknown, |it| it.1)
    }

    /// The type of `column.field[1]`.
    fn part_type(&mut self, column: Ty, target: &'a TargetColumn) -> Ty {
        let mut ty = column;
        // `x[1].f`, `x.f[1].g`: in which order is not kept.
        if !target.subscripts.is_empty() && !target.fields.is_empty() {
            let composite = matches!(column, Ty::Known(it) if self.is_composite(it.id));
            if target.fields.len() > 1 || !composite {
                self.check_element_field(column, target);
                let element = matches!(column, Ty::Known(it) if self.catalog.element_type(it.id).is_some());
                if !composite && !element {
                    self.subscripted(column, &target.subscripts, target.name.range);
                }
                return self.element_field(column, target);
            }
        }
        for field in &target.fields {
            let Ty::Known(row) = ty else { return Ty::Unknown };
            let Some(columns) = self.composite_columns(row.id) else {
                if !self.is_composite(row.id) {
                    let message = format!(
                        "cannot assign to field \"{}\" of column \"{}\" because its type {} is not a composite type",
                        field.ident,
                        target.name.ident,
                        self.format_id(row.id)
                    );
                    self.refuse(code::DATATYPE_MISMATCH, target.name.range.cover(field.range), message);
                }
                return Ty::Unknown;
            };
            match columns.into_iter().find(|it| it.0 == field.ident) {
                Some((_, it)) => ty = it,
                None => {
                    let message = format!(
                        "cannot assign to field \"{}\" of column \"{}\" because there is no such column in data type {}",
                        field.ident,
                        target.name.ident,
                        self.format_id(row.id)
                    );
                    self.refuse(code::UNDEFINED_COLUMN, target.name.range.cover(field.range), message);
                    return Ty::Unknown;
                }
            }
        }
        if target.subscripts.is_empty() {
            return ty;
        }
        self.subscripted(ty, &target.subscripts, target.name.range)
    }

    pub fn is_default(&self, id: ExprId) -> bool {
        matches!(self.bare(id), ExprKind::Default)
    }

    /// Converts an analysed value to the column's type.
    pub fn assign(&mut self, slot: &Slot, source: Source) {
        if let Source::Expr(id) | Source::Column { id: Some(id), .. } = source {
            self.note_assigned(None, id, slot);
        }
        if !self.typed {
            return;
        }
        let (from, at) = match source {
            Source::Expr(id) => {
                if self.is_default(id) {
                    if slot.part {
                        self.refuse(
                            code::FEATURE_NOT_SUPPORTED,
                            slot.range,
                            "cannot set an array element to DEFAULT",
                        );
                    }
                    return;
                }
                (self.ty(id), None)
            }
            Source::Column { ty, id: Some(id), .. } if ty == super::binder::UNDECIDED => {
                self.decide(id, slot.ty);
                return;
            }
            Source::Column { ty, at, .. } => (ty, Some(at)),
        };
        let refused = match source {
            Source::Expr(id) => self.coerce(id, slot.ty, CoercionContext::Assignment).is_no(),
            Source::Column { ty, .. } => crate::sema::resolve::assignment(self.catalog, ty, slot.ty).is_no(),
        };
        if !refused {
            return;
        }
        let (Ty::Known(from), Ty::Known(to)) = (from, slot.ty) else { return };
        let (from, to) = (self.format_id(from.id), self.format_id(to.id));
        let message = if slot.part {
            format!(
                "subscripted assignment to \"{}\" requires type {to} but expression is of type {from}",
                slot.name
            )
        } else {
            format!("column \"{}\" is of type {to} but expression is of type {from}", slot.name)
        };
        let at = match source {
            _ if slot.part => slot.range,
            Source::Expr(id) => self.place(id),
            Source::Column { .. } => at.unwrap_or(slot.range),
        };
        self.report(code::DATATYPE_MISMATCH, at, message)
            .hint("You will need to rewrite or cast the expression.");
    }

    /// SET (`transformUpdateTargetList`).
    pub fn assignments(&mut self, rte: RteId, set: &'a [Assignment]) {
        self.in_place(Where::UpdateSource, |it| it.assignments_here(rte, set));
    }

    fn assignments_here(&mut self, rte: RteId, set: &'a [Assignment]) {
        let listed = set.iter().flat_map(|it| match it {
            Assignment::One { target, .. } => std::slice::from_ref(target),
            Assignment::Many { targets, .. } => targets,
        });
        self.note_listed(listed.map(|it| &it.name.ident));
        // All values first, then what they are assigned to.
        let shapes: Vec<Option<Shape>> = set.iter().map(|it| self.assigned_value(it)).collect();
        let mut seen: Vec<(u32, bool)> = Vec::new();
        for (assignment, shape) in set.iter().zip(shapes) {
            match assignment {
                Assignment::One { target, value } => {
                    let slot = self.slot(rte, target);
                    self.note_assigned(Some(rte), *value, &slot);
                    self.assign(&slot, Source::Expr(*value));
                    self.check_update(rte, &slot, Some(*value));
                    self.check_twice(&slot, &mut seen);
                }
                Assignment::Many { targets, value } => {
                    let slots: Vec<Slot> = targets.iter().map(|it| self.slot(rte, it)).collect();
                    self.assign_many(rte, &slots, *value, shape);
                    for slot in &slots {
                        self.check_twice(slot, &mut seen);
                    }
                }
            }
        }
    }

    fn assigned_value(&mut self, assignment: &'a Assignment) -> Option<Shape> {
        match assignment {
            Assignment::One { value, .. } => {
                if !self.is_default(*value) {
                    self.expr(*value);
                }
                None
            }
            Assignment::Many { value, .. } => match self.bare(*value) {
                ExprKind::Row { items, .. } => {
                    self.row_values(items);
                    None
                }
                // Its open columns become text.
                ExprKind::Subquery(query) => Some(self.query(query, true)),
                _ => {
                    self.expr(*value);
                    None
                }
            },
        }
    }

    fn assign_many(&mut self, rte: RteId, slots: &[Slot], value: ExprId, shape: Option<Shape>) {
        let mismatch = "number of columns does not match number of values";
        let at = self.place(value);
        if let Some(shape) = shape {
            if shape.open {
                return;
            }
            if shape.columns.len() != slots.len() {
                self.report(code::WRONG_COLUMN_COUNT, at, mismatch);
                return;
            }
            let places = match self.bare(value) {
                ExprKind::Subquery(query) => self.output_places(query, &shape),
                _ => Vec::new(),
            };
            for (idx, (slot, column)) in slots.iter().zip(&shape.columns).enumerate() {
                let source = Source::Column {
                    ty: column.ty,
                    id: shape.exprs.get(idx).copied().flatten(),
                    at: places.get(idx).copied().unwrap_or(at),
                };
                self.assign(slot, source);
                self.check_update(rte, slot, None);
            }
            return;
        }
        match self.bare(value) {
            ExprKind::Row { items, .. } => {
                let Some(sources) = self.row_sources(items) else { return };
                if sources.len() != slots.len() {
                    self.report(code::WRONG_COLUMN_COUNT, at, mismatch);
                    return;
                }
                for (slot, source) in slots.iter().zip(sources) {
                    self.assign(slot, source);
                    let value = match source {
                        Source::Expr(it) => Some(it),
                        Source::Column { .. } => None,
                    };
                    self.check_update(rte, slot, value);
                }
            }
            ExprKind::Column(name) if name.is_dynamic() => {}
            ExprKind::Missing => {}
            _ => {
                // `(a) = 1` is fine to neither.
                let at = self.raw_place(value);
                self.refuse(
                    code::FEATURE_NOT_SUPPORTED,
                    at,
                    "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression",
                );
            }
        }
    }

    fn check_twice(&mut self, slot: &Slot, seen: &mut Vec<(u32, bool)>) {
        let Some(column) = slot.column else { return };
        // Several parts of a column may be assigned, but not the whole besides.
        if seen.iter().any(|it| it.0 == column && !(it.1 && slot.part)) {
            let message = format!("multiple assignments to same column \"{}\"", slot.name);
            self.report(code::SYNTAX_ERROR, slot.range, message);
        }
        seen.push((column, slot.part));
    }

    /// Generated and identity columns take only DEFAULT; NULL never fits a NOT NULL column.
    fn check_update(&mut self, rte: RteId, slot: &Slot, value: Option<ExprId>) {
        // A view has no default for it: DEFAULT is NULL there.
        if self.check_written_view(rte, slot, Change::Update, false, slot.range) {
            return;
        }
        if value.is_some_and(|it| self.is_default(it)) {
            return;
        }
        let Some((relation, column)) = self.slot_column(rte, slot) else { return };
        if let Some(detail) = always_generated(&column) {
            let message = format!("column \"{}\" can only be updated to DEFAULT", slot.name);
            self.report(code::GENERATED_ALWAYS, slot.range, message).hint(detail);
        } else if let Some(value) = value {
            self.check_null(&relation, &column, slot, value);
        }
    }

    pub fn slot_column(&self, rte: RteId, slot: &Slot) -> Option<(std::sync::Arc<Relation>, Column)> {
        if !self.typed {
            return None;
        }
        let relation = self.rte(rte).relation.clone()?;
        let column = relation.columns.get(slot.column? as usize)?.clone();
        let is_table = matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable);
        is_table.then_some((relation, column))
    }

    /// `NULL` written for a NOT NULL column.
    pub fn check_null(&mut self, relation: &Relation, column: &Column, slot: &Slot, value: ExprId) {
        let mut bare = self.unparen(value);
        while let ExprKind::Cast { expr, .. } = &self.expr_node(bare).kind {
            bare = self.unparen(*expr);
        }
        let is_null = matches!(self.expr_node(bare).kind, ExprKind::Literal(Literal::Null));
        // A trigger may put a value there.
        if !is_null || !column.not_null || slot.part || !relation.triggers.is_empty() {
            return;
        }
        let message = format!(
            "null value in column \"{}\" of relation \"{}\" violates not-null constraint",
            column.name, relation.name
        );
        let at = self.expr_node(self.unparen(value)).range;
        let related = declared(column);
        self.report(code::NULL_IN_NOT_NULL_COLUMN, at, message).related.extend(related);
    }

    /// The values of an analysed row, the columns of its stars among them; `None`: not all are known.
    pub fn row_sources(&self, row: &[ExprId]) -> Option<Vec<Source>> {
        let mut res = Vec::new();
        let column = |ty: Ty, id: ExprId| Source::Column { ty, id: None, at: self.star_place(id) };
        for &id in row {
            let rte = match &self.expr_node(id).kind {
                ExprKind::Star { .. } => match self.resolved(id) {
                    Resolved::WholeRow(rte) => rte,
                    _ => return None,
                },
                ExprKind::FieldStar(inner) => match self.row_itself(self.unparen(*inner)) {
                    Some(rte) => rte,
                    None => {
                        res.extend(self.row_columns(*inner)?.into_iter().map(|it| column(it.1, id)));
                        continue;
                    }
                },
                _ if self.may_be_several(id) => return None,
                _ => {
                    res.push(Source::Expr(id));
                    continue;
                }
            };
            let entry = self.rte(rte);
            if entry.open {
                return None;
            }
            let n_columns = entry.columns.len().saturating_sub(entry.n_hidden) as u32;
            res.extend((0..n_columns).map(|column_| column(self.var_ty(Var { rte, column: column_ }), id)));
        }
        Some(res)
    }

    /// Every expression of a row that may hold DEFAULT.
    pub fn row_values(&mut self, row: &'a [ExprId]) {
        for &it in row {
            match &self.expr_node(it).kind {
                ExprKind::Default => {}
                ExprKind::Star { qualifier } => {
                    self.star(it, qualifier);
                }
                ExprKind::Missing => self.set_resolved(it, Resolved::Unknown),
                _ => {
                    self.expr(it);
                }
            }
        }
    }
}

/// Where a column was declared.
pub fn declared(column: &Column) -> Option<Related> {
    (column.origin != Origin::Builtin).then(|| Related {
        place: Place::Origin(column.origin),
        message: format!("\"{}\" is declared here", column.name),
    })
}

/// Why a column takes no value but DEFAULT.
pub fn always_generated(column: &Column) -> Option<String> {
    if column.generated.is_some() {
        return Some(format!("Column \"{}\" is a generated column.", column.name));
    }
    (column.identity == Some(Identity::Always))
        .then(|| format!("Column \"{}\" is an identity column defined as GENERATED ALWAYS.", column.name))
}
