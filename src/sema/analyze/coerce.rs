//! Conversions: undecided literals and parameters take the type that their place wants (`coerce_type`,
//! `coerce_to_target_type`, `select_common_type` and their callers).

use crate::base::text::TextRange;
use crate::catalog::{Type, TypeId, TypeKind};
use crate::sema::resolve::{self, Coercion, CoercionContext, CommonOutcome};
use crate::sema::{Place, Related, Target, Ty, code, literal};
use crate::sql::hir::{ExprId, ExprKind, Literal};

use super::binder::{Binder, UNDECIDED, known};

impl<'a> Binder<'a> {
    pub fn is_undecided(&self, id: ExprId) -> bool {
        self.ty(id) == UNDECIDED
    }

    /// Makes `id` a value of type `target`, deciding literals and parameters.
    pub fn coerce(&mut self, id: ExprId, target: Ty, context: CoercionContext) -> Coercion {
        let from = self.ty(id);
        if from == UNDECIDED {
            self.decide(id, target);
            return if target == Ty::Unknown { Coercion::Unknown } else { Coercion::Yes };
        }
        let (Ty::Known(from), Ty::Known(to)) = (from, target) else { return Coercion::Unknown };
        if from.id == to.id {
            return Coercion::Yes;
        }
        match self.coerce_row(id, to, context) {
            Some(true) => return Coercion::Yes,
            Some(false) => {
                let message =
                    format!("cannot cast type {} to {}", self.format_id(from.id), self.format_id(to.id));
                let at = self.place(id);
                self.refuse(code::CANNOT_COERCE, at, message);
                return Coercion::Unknown;
            }
            None => {}
        }
        resolve::can_coerce(self.catalog, from.id, to.id, context)
    }

    /// `ROW(…)` becomes a composite field by field (`coerce_record_to_complex`); `None`: it is no such row.
    pub fn coerce_row(&mut self, id: ExprId, to: Type, context: CoercionContext) -> Option<bool> {
        if to.id == TypeId::RECORD || !self.is_composite(self.base(to.id)) {
            return None;
        }
        let ExprKind::Row { items, .. } = self.bare(id) else {
            // A record that is not written here has no fields to convert.
            let value = match self.bare(id) {
                ExprKind::Call(_) | ExprKind::Coalesce(_) | ExprKind::Case { .. } | ExprKind::Subquery(_) => {
                    true
                }
                ExprKind::Column(_) => {
                    matches!(self.resolved(self.unparen(id)), super::scope::Resolved::Var(_))
                }
                _ => false,
            };
            let record = matches!(self.ty(id), Ty::Known(it) if it.id == TypeId::RECORD);
            return (record && value).then_some(false);
        };
        let columns = self.composite_columns(to.id)?;
        if items.iter().any(|it| self.may_be_several(*it)) {
            return Some(true);
        }
        if columns.len() != items.len() {
            return Some(false);
        }
        let mut fits = true;
        for (item, (_, ty)) in items.iter().zip(columns) {
            fits &= !self.coerce(*item, ty, context).is_no();
        }
        Some(fits)
    }

    /// An argument of a function or operator that takes it as a `target` (`make_fn_arguments`).
    pub fn coerce_argument(&mut self, value: ExprId, target: TypeId) {
        if self.is_undecided(value) {
            self.decide(value, known(target));
        } else if (self.ty(value) == known(TypeId::RECORD)
            || matches!(self.bare(value), ExprKind::Row { .. }))
            && self.coerce_row(value, Type::plain(target), CoercionContext::Implicit) == Some(false)
        {
            let message = format!("cannot cast type record to {}", self.format_id(target));
            let at = self.row_fault(value, target);
            self.refuse(code::CANNOT_COERCE, at, message);
        }
        self.record_becomes(value, target);
        let place = self.place(value);
        self.note_implicit_cast(self.ty(value), target, place);
    }

    /// Where a row is refused as a value of a composite type: at the field that does not fit, or as a whole.
    pub fn row_fault(&self, id: ExprId, to: TypeId) -> TextRange {
        let (ExprKind::Row { items, .. }, Some(columns)) = (self.bare(id), self.composite_columns(to)) else {
            return self.place(id);
        };
        let misfit = items.iter().zip(columns).find(|(item, (_, to))| match (self.ty(**item), *to) {
            (Ty::Known(from), Ty::Known(to)) => {
                resolve::can_coerce(self.catalog, from.id, to.id, CoercionContext::Implicit).is_no()
            }
            _ => false,
        });
        misfit.map_or(self.place(id), |it| self.place(*it.0))
    }

    pub fn coerce_implicit(&mut self, id: ExprId, target: Ty) -> Coercion {
        self.coerce(id, target, CoercionContext::Implicit)
    }

    /// An undecided literal or parameter becomes a `target`; a string is read as that type.
    pub fn decide(&mut self, id: ExprId, target: Ty) {
        if let Ty::Known(ty) = target
            && (Self::is_polymorphic(ty.id) || ty.id == TypeId::ANY || ty.id == TypeId::UNKNOWN)
        {
            return;
        }
        match &self.expr_node(id).kind {
            ExprKind::Paren(inner) => self.decide(*inner, target),
            ExprKind::Collate { expr, .. } => self.decide(*expr, target),
            // `x::unknown` and `x::anyelement` are x itself.
            ExprKind::Cast { expr, .. } if self.is_undecided(*expr) => self.decide(*expr, target),
            ExprKind::Literal(Literal::String(value)) => self.read_literal(id, value, target),
            ExprKind::Param(number) => {
                self.decide_param(id, *number, target);
                // A modifier is the cast's, never the parameter's.
                if let Ty::Known(ty) = target {
                    self.set_ty(id, known(ty.id));
                    return;
                }
            }
            _ => {}
        }
        self.set_ty(id, target);
    }

    /// `b'…'` and `x'…'` are read as what they are.
    pub fn bit_digits(&mut self, id: ExprId, digits: &str) {
        if let Err(error) = literal::check(self.catalog, crate::catalog::Type::plain(TypeId::BIT), digits)
            && self.typed
        {
            let at = self.expr_node(id).range;
            self.report(error.code, at, error.message);
        }
    }

    /// A constant that becomes a value of a type.
    pub fn read_literal(&mut self, id: ExprId, value: &str, target: Ty) {
        let Ty::Known(ty) = target else { return };
        let range = self.expr_node(id).range;
        if !self.typed || value.contains(crate::sql::ident::DYNAMIC_MARK) {
            return;
        }
        match literal::check(self.catalog, ty, value) {
            Ok(()) => self.reference_label(range, ty.id, value),
            Err(error) => {
                let related = self.type_declaration(ty.id);
                let labels = self.enum_labels(ty.id);
                let near =
                    super::suggest::nearest(value, labels.iter().map(|it| it.as_str())).map(str::to_owned);
                let names = labels.iter().map(|it| it.as_str());
                let sure = near.as_ref().is_some_and(|it| super::suggest::is_slip(value, it, names));
                let problem = self.report(error.code, range, error.message);
                problem.related.extend(related);
                if let Some(label) = near {
                    problem.hint(format!("Perhaps you meant '{label}'."));
                    problem.fixes.push(crate::sema::Fix {
                        title: format!("Change to '{label}'"),
                        safe: sure,
                        edits: vec![(range, format!("'{}'", label.replace('\'', "''")))],
                    });
                }
            }
        }
    }

    fn reference_label(&mut self, range: TextRange, id: TypeId, value: &str) {
        let base = self.base(id);
        if let Some(info) = self.type_info(base)
            && let TypeKind::Enum { labels } = &info.kind
            && let Some(label) = labels.iter().find(|it| it.label == value)
        {
            self.reference(range, Target::EnumLabel(base, label.label.clone()));
        }
    }

    fn enum_labels(&self, id: TypeId) -> Vec<smol_str::SmolStr> {
        match self.type_info(self.base(id)).map(|it| &it.kind) {
            Some(TypeKind::Enum { labels }) => labels.iter().map(|it| it.label.clone()).collect(),
            _ => Vec::new(),
        }
    }

    fn type_declaration(&self, id: TypeId) -> Option<Related> {
        let info = self.type_info(self.base(id))?;
        let origin = info.origin;
        (origin != crate::catalog::Origin::Builtin).then(|| Related {
            place: Place::Origin(origin),
            message: format!("type \"{}\" is declared here", info.name),
        })
    }

    /// An undecided value that nothing else decides is text.
    pub fn decide_text(&mut self, id: ExprId) {
        if self.is_undecided(id) {
            self.decide(id, known(TypeId::TEXT));
        }
    }

    /// An expression that must be boolean: `argument of WHERE must be type boolean, not type integer`.
    pub fn condition(&mut self, id: ExprId, construct: &str) {
        self.expr(id);
        self.must_be(id, TypeId::BOOL, construct);
    }

    /// `coerce_to_boolean`, `coerce_to_specific_type`.
    pub fn must_be(&mut self, id: ExprId, target: TypeId, construct: &str) {
        self.note_must_be(id, target);
        if !self.typed {
            return;
        }
        let from = self.ty(id);
        if self.coerce(id, known(target), CoercionContext::Assignment).is_no() {
            let Ty::Known(from) = from else { return };
            let message = format!(
                "argument of {construct} must be type {}, not type {}",
                self.format_id(target),
                self.format_id(from.id)
            );
            let at = self.place(id);
            self.report(code::DATATYPE_MISMATCH, at, message);
        } else if self.returns_set(id) && self.level().place.refuses_sets().is_none() {
            let at = self.place(id);
            self.report(
                code::DATATYPE_MISMATCH,
                at,
                format!("argument of {construct} must not return a set"),
            );
        }
    }

    /// One type for several expressions, which are converted to it. `None` stands for an absent ELSE.
    pub fn unify(&mut self, ids: &[Option<ExprId>], construct: &'static str) -> Ty {
        let types: smallvec::SmallVec<[Ty; 8]> =
            ids.iter().map(|it| it.map_or(UNDECIDED, |it| self.ty(it))).collect();
        let (common, problem) = self.common(&types, construct);
        if let Some((idx, refusal)) = problem
            && let Some(at) = ids.get(idx).copied().flatten()
        {
            let at = self.place(at);
            let problem = self.report(refusal.code, at, refusal.message);
            problem.hint = refusal.hint;
        }
        for id in ids.iter().flatten() {
            if self.is_undecided(*id) {
                self.decide(*id, common);
            } else if let Ty::Known(to) = common {
                self.note_implicit_cast(self.ty(*id), to.id, self.place(*id));
            }
        }
        common
    }

    /// The common type of several; what PostgreSQL refuses, with the index of whom.
    pub fn common(&self, types: &[Ty], construct: &'static str) -> (Ty, Option<(usize, resolve::Refusal)>) {
        if !self.typed {
            return (Ty::Unknown, None);
        }
        // The everyday case: all of one type.
        if let Some(Ty::Known(first)) = types.first().copied()
            && first.id != TypeId::UNKNOWN
            && types.iter().all(|it| *it == Ty::Known(first))
        {
            return (Ty::Known(first), None);
        }
        match resolve::common_type(self.catalog, types, construct) {
            CommonOutcome::Common(ty) => (Ty::Known(ty), None),
            CommonOutcome::Mismatch { index, refusal } | CommonOutcome::CannotConvert { index, refusal } => {
                (Ty::Unknown, Some((index, refusal)))
            }
            CommonOutcome::Unknown => (Ty::Unknown, None),
        }
    }

    /// The type of a column merged by JOIN USING; reports when the two sides do not fit.
    pub fn merged_type(&mut self, name: &crate::sql::hir::Name, left: Ty, right: Ty) -> Ty {
        if !self.typed || left == right {
            return left;
        }
        // Before PostgreSQL 16 the common type was looked for first.
        if !self.catalog.serves(16)
            && let (_, Some((_, refusal))) = self.common(&[left, right], "JOIN/USING")
        {
            self.report(refusal.code, name.range, refusal.message);
            return Ty::Unknown;
        }
        // The condition `left = right` comes first.
        let equals = resolve::operator(self.catalog, None, "=", Some(left), right);
        if let resolve::OpOutcome::Refused(refusal) = equals {
            let problem = self.report(refusal.code, name.range, refusal.message);
            problem.hint = refusal.hint;
            return Ty::Unknown;
        }
        let (common, problem) = self.common(&[left, right], "JOIN/USING");
        if let Some((_, refusal)) = problem {
            self.report(refusal.code, name.range, refusal.message);
        }
        match common {
            // Merging loses a modifier that differs.
            Ty::Known(ty) if left != right => Ty::Known(Type::plain(ty.id)),
            other => other,
        }
    }

    /// Whether it, or a part of it outside of subqueries, does (`expression_returns_set`).
    pub fn returns_set(&self, id: ExprId) -> bool {
        self.holds_outside_queries(id, |it, id| it.resolved(id) == super::scope::Resolved::SetReturning)
    }
}
