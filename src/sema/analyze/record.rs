//! Rows as values: fields of composites, `(row).field`, `(row).*` (`transformIndirection`, `unknown_attribute`).

use crate::catalog::TypeId;
use crate::sema::{ExprInfo, Target, Ty, code};
use crate::sql::Ident;
use crate::sql::hir::{ExprId, ExprKind, Name};

use super::binder::{Binder, UNKNOWN_INFO};
use super::scope::{Resolved, RteColumn, RteId, Var, WholeRow};

impl<'a> Binder<'a> {
    /// `(expr).name`.
    pub fn field(&mut self, id: ExprId, expr: ExprId, name: &'a Name) -> ExprInfo {
        self.expr(expr);
        let inner = self.unparen(expr);
        self.set_resolved(id, Resolved::Unknown);
        if name.ident.is_dynamic() || self.see_field(expr, name) {
            return UNKNOWN_INFO;
        }
        if let Some(rte) = self.row_itself(inner) {
            return self.row_field(id, rte, name);
        }
        if self.is_undecided(expr) {
            // `$1.f` is `f($1)`.
            if let Some(info) = self.call_on_value(id, name, super::binder::UNDECIDED, Some(expr)) {
                return info;
            }
            let at = self.place(id);
            let message = format!(
                "column notation .{} applied to type unknown, which is not a composite type",
                name.ident
            );
            self.refuse(code::WRONG_OBJECT_TYPE, at, message);
            self.decide_text(expr);
            return UNKNOWN_INFO;
        }
        let Ty::Known(ty) = self.ty(expr) else { return UNKNOWN_INFO };
        if let Some(columns) = self.row_columns(expr) {
            if let Some((_, field)) = columns.iter().find(|it| it.0 == name.ident) {
                self.use_field(ty.id, &name.ident);
                let ty = field;
                return ExprInfo { ty: *ty, nullable: None };
            }
        } else if (ty.id == TypeId::RECORD && !self.is_bare_record(inner)) || self.is_composite(ty.id) {
            // A composite whose columns are not known, or a record that only the run time knows.
            return UNKNOWN_INFO;
        }
        if let Some(info) = self.call_on_value(id, name, self.ty(expr), None) {
            return info;
        }
        let at = self.place(id);
        let (code, message) = if self.is_composite(ty.id) {
            let ty = self.format_id(ty.id);
            (code::UNDEFINED_COLUMN, format!("column \"{}\" not found in data type {ty}", name.ident))
        } else if ty.id == TypeId::RECORD {
            (
                code::UNDEFINED_COLUMN,
                format!("could not identify column \"{}\" in record data type", name.ident),
            )
        } else {
            let ty = self.format_id(ty.id);
            let message = format!(
                "column notation .{} applied to type {ty}, which is not a composite type",
                name.ident
            );
            (code::WRONG_OBJECT_TYPE, message)
        };
        self.refuse(code, at, message);
        UNKNOWN_INFO
    }

    /// A record whose columns nobody says (`get_expr_result_tupdesc`): what a construct or a function of any type makes.
    fn is_bare_record(&self, id: ExprId) -> bool {
        match &self.expr_node(id).kind {
            ExprKind::Coalesce(_)
            | ExprKind::Case { .. }
            | ExprKind::NullIf(..)
            | ExprKind::MinMax { .. }
            | ExprKind::Subscript { .. }
            | ExprKind::Subquery(_) => true,
            ExprKind::Call(_) => {
                let aggregate =
                    matches!(self.resolved(id), Resolved::Aggregate { .. } | Resolved::Window { .. });
                aggregate && !self.call_rows.contains_key(&id)
            }
            _ => false,
        }
    }

    /// `row::record` is the row itself (`coerce_type`).
    pub fn without_record_casts(&self, id: ExprId) -> ExprId {
        let mut id = self.unparen(id);
        while let ExprKind::Cast { expr, ty, .. } = &self.expr_node(id).kind
            && ty.array_dims == 0
            && ty.name.last().is_some_and(|it| it.ident.as_str() == "record")
            && !self.is_undecided(*expr)
            && self.ty(*expr) == self.ty(id)
        {
            id = self.unparen(*expr);
        }
        id
    }

    /// The row that an expression is. What is called on a row (`t.f` for `f(t)`) belongs to it and is none.
    pub fn row_itself(&self, id: ExprId) -> Option<RteId> {
        let id = self.without_record_casts(id);
        let Resolved::WholeRow(rte) = self.resolved(id) else { return None };
        let called = match &self.expr_node(id).kind {
            ExprKind::Column(it) => it.last().is_some_and(|it| !self.same(&it.ident, &self.rte(rte).name)),
            ExprKind::Field { .. } => true,
            _ => false,
        };
        (!called).then_some(rte)
    }

    fn row_field(&mut self, id: ExprId, rte: RteId, name: &'a Name) -> ExprInfo {
        match self.scan(rte, &name.ident) {
            super::column::Scan::One(idx) => {
                let var = Var { rte, column: idx };
                self.set_resolved(id, Resolved::Var(self.flatten(var)));
                self.reference_column(var, name.range);
                ExprInfo { ty: self.var_ty(var), nullable: None }
            }
            super::column::Scan::None => match self.column_as_function(id, rte, name) {
                Some(info) => info,
                None => {
                    let at = self.place(id);
                    let message = format!("column {}.{} does not exist", self.rte(rte).name, name.ident);
                    self.refuse(code::UNDEFINED_COLUMN, at, message);
                    UNKNOWN_INFO
                }
            },
            _ => UNKNOWN_INFO,
        }
    }

    /// A record that a function takes as a composite: only ROW(…) and whole rows can be taken apart, and must have its
    /// fields (`coerce_record_to_complex`).
    pub fn record_becomes(&mut self, id: ExprId, target: TypeId) {
        use crate::sema::resolve::{CoercionContext, can_coerce};
        if self.ty(id) != super::binder::known(TypeId::RECORD) || !self.is_composite(self.base(target)) {
            return;
        }
        let Some(wanted) = self.composite_columns(target) else { return };
        let inner = self.unparen(id);
        let taken_apart = match &self.expr_node(inner).kind {
            ExprKind::Row { .. } => true,
            _ => self.row_itself(inner).is_some(),
        };
        let given = self.row_columns(id).filter(|_| taken_apart);
        // The first field that does not fit, or one too few or too many.
        let wrong = given.as_ref().and_then(|given| {
            let misfit = given.iter().zip(&wanted).position(|it| match (it.0.1, it.1.1) {
                (Ty::Known(from), Ty::Known(to)) => {
                    can_coerce(self.catalog, from.id, to.id, CoercionContext::Implicit).is_no()
                }
                _ => false,
            });
            misfit.or((given.len() != wanted.len()).then_some(usize::MAX))
        });
        let opaque = matches!(self.resolved(inner), Resolved::Var(_));
        if wrong.is_some() || opaque {
            let field = match &self.expr_node(inner).kind {
                ExprKind::Row { items, .. } if !items.iter().any(|it| self.may_be_several(*it)) => {
                    wrong.and_then(|it| items.get(it).copied())
                }
                _ => None,
            };
            let at = self.place(field.unwrap_or(id));
            let message = format!("cannot cast type record to {}", self.format_id(target));
            self.refuse(code::CANNOT_COERCE, at, message);
        } else {
            // What is open in ROW(…) is decided by the fields.
            self.coerce_row(id, crate::catalog::Type::plain(target), CoercionContext::Implicit);
        }
    }

    /// The columns of a row value, where they are known.
    pub fn row_columns(&self, id: ExprId) -> Option<Vec<(Ident, Ty)>> {
        let inner = self.without_record_casts(id);
        if let Some(columns) = self.call_rows.get(&inner) {
            return Some(columns.clone());
        }
        if let Some(rte) = self.row_itself(inner) {
            let rte = self.rte(rte);
            let columns = rte.columns.iter().map(|it| (it.name.clone(), it.ty)).collect();
            return (!rte.open && rte.row != WholeRow::Scalar).then_some(columns);
        }
        if let Resolved::Var(var) = self.resolved(inner)
            && let Some(fields) = self.rte(var.rte).column(var.column).and_then(|it| it.fields.clone())
        {
            return Some(fields.to_vec());
        }
        match &self.expr_node(inner).kind {
            ExprKind::Row { items, .. } => {
                let values = self.row_operands(items)?;
                let named = values.iter().enumerate();
                return Some(named.map(|(idx, it)| (Ident::new(format!("f{}", idx + 1)), it.ty)).collect());
            }
            // A cast to `record` changes nothing.
            ExprKind::Cast { expr, .. } if self.ty(inner) == super::binder::known(TypeId::RECORD) => {
                return self.row_columns(*expr);
            }
            _ => {}
        }
        let Ty::Known(ty) = self.ty(id) else { return None };
        self.composite_columns(ty.id)
    }

    pub fn composite_columns(&self, id: TypeId) -> Option<Vec<(Ident, Ty)>> {
        let columns = self.catalog.composite_columns(id)?;
        Some(columns.into_iter().map(|(name, ty)| (name, ty.map_or(Ty::Unknown, Ty::Known))).collect())
    }

    /// The same as columns of a range table entry.
    pub fn row_rte_columns(columns: Vec<(Ident, Ty)>) -> Vec<RteColumn> {
        columns.into_iter().map(|(name, ty)| RteColumn::new(name, ty)).collect()
    }

    /// `t.name` where `t` has no such column: a function of one row argument may be meant.
    pub fn column_as_function(&mut self, id: ExprId, rte: RteId, name: &'a Name) -> Option<ExprInfo> {
        if !self.typed {
            return None;
        }
        let row = self.row_type(rte);
        let info = self.call_on_value(id, name, row, None)?;
        if self.resolved(id) == Resolved::Unknown {
            let resolved = self.row_resolved(rte);
            self.set_resolved(id, resolved);
        }
        Some(info)
    }

    /// `name(value)`, written as a field; `None` when there is no such function. `undecided` becomes what it takes.
    fn call_on_value(
        &mut self,
        id: ExprId,
        name: &'a Name,
        value: Ty,
        undecided: Option<ExprId>,
    ) -> Option<ExprInfo> {
        use crate::sema::resolve::{ArgTy, CallShape, FuncOutcome, function};
        // The everyday mistake, a column that does not exist, must stay cheap and certain.
        let candidates = crate::catalog::lookup::functions(self.catalog, None, &name.ident);
        let fits = candidates.iter().any(|it| {
            let n_params = it.params.len();
            n_params >= 1 && (n_params - 1 <= it.n_defaults as usize || it.variadic)
        });
        // A type's name is a cast.
        let cast = || crate::catalog::lookup::named_type(self.catalog, None, &name.ident).is_some();
        if !fits && !self.catalog.gaps.functions && !cast() {
            return None;
        }
        let is_row = matches!(value, Ty::Known(ty) if ty.id == TypeId::RECORD || self.is_composite(ty.id));
        let builtin = candidates.iter().all(|it| it.origin == crate::catalog::Origin::Builtin);
        let builtin = builtin && !self.catalog.gaps.functions;
        let args = [ArgTy { name: None, ty: value }];
        let param = undecided.is_some_and(|it| matches!(self.bare(it), ExprKind::Param(_)));
        match function(self.catalog, None, &name.ident, &args, CallShape { param, ..CallShape::default() }) {
            FuncOutcome::Resolved(it) => {
                if let (Some(expr), Some(target)) = (undecided, it.args.first()) {
                    self.decide(expr, super::binder::known(*target));
                }
                if let (ExprKind::Field { expr, .. }, Some(target)) =
                    (&self.expr_node(id).kind, it.args.first())
                {
                    self.record_becomes(*expr, *target);
                }
                if it.kind == crate::catalog::FunctionKind::Aggregate {
                    self.note_aggregate(id, &[], None, None);
                }
                self.use_function(it.decl);
                if it.decl.origin != crate::catalog::Origin::Builtin {
                    let key = crate::catalog::QualifiedName {
                        schema: it.decl.schema.clone(),
                        name: it.decl.name.clone(),
                    };
                    self.reference(name.range, Target::Function(key));
                }
                Some(ExprInfo { ty: it.result, nullable: None })
            }
            // A row never becomes a string this way.
            FuncOutcome::Cast(_) if is_row => None,
            FuncOutcome::Unknown(_) | FuncOutcome::Column(_) if is_row && builtin => None,
            FuncOutcome::Cast(to) => {
                if let Some(expr) = undecided {
                    self.decide(expr, super::binder::known(to));
                }
                Some(ExprInfo { ty: super::binder::known(to), nullable: None })
            }
            // Whoever asks has looked at the columns.
            FuncOutcome::Column(Ty::Unknown) if is_row && self.knows_functions(&name.ident) => None,
            FuncOutcome::Column(_) | FuncOutcome::Unknown(_) => Some(UNKNOWN_INFO),
            FuncOutcome::Refused(refusal) if refusal.code == code::WRONG_OBJECT_TYPE => {
                let at = self.place(id);
                self.report(refusal.code, at, refusal.message).hint = refusal.hint;
                Some(UNKNOWN_INFO)
            }
            FuncOutcome::Refused(_) => None,
        }
    }
}
