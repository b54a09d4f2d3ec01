//! What each kind of expression derives (`assign_collations_walker`).

use crate::catalog::{Collation, TypeKind, lookup};
use crate::sema::Ty;
use crate::sql::hir::{Call, ExprId, ExprKind, Over, Subscript};

use super::super::binder::Binder;
use super::super::scope::Resolved;
use super::super::walk::{self, Child};
use super::{Derived, Pass, Strength};

/// Deeper expressions are not looked at.
const MAX_DEPTH: u32 = 150;

impl<'a> Binder<'a> {
    pub(super) fn derive(&self, id: ExprId, pass: &mut Pass) -> Derived {
        if let Some(done) = pass.memo.get(&id) {
            return done.clone();
        }
        if pass.depth > MAX_DEPTH {
            return Derived::unsure();
        }
        pass.depth += 1;
        let res = self.derive_node(id, pass);
        pass.depth -= 1;
        pass.memo.insert(id, res.clone());
        res
    }

    fn derive_node(&self, id: ExprId, pass: &mut Pass) -> Derived {
        let at = self.place(id);
        match &self.expr_node(id).kind {
            ExprKind::Paren(inner) => self.derive(*inner, pass),
            ExprKind::Collate { expr, collation } => {
                self.derive(*expr, pass);
                match collation.last().filter(|_| !collation.is_dynamic()) {
                    Some(name) => {
                        let at = self.collation_range(id, *expr);
                        Derived::new(Strength::Explicit, name.ident.as_str(), at)
                    }
                    None => Derived::unsure(),
                }
            }
            ExprKind::Column(_) => match self.resolved(id) {
                Resolved::Var(var) => {
                    let column = self.rte(var.rte).column(var.column);
                    let collation = column.map_or(Collation::OfType, |it| it.collation.clone());
                    self.effective(self.var_ty(var), &collation, at)
                }
                Resolved::WholeRow(_) => Derived::none(),
                _ => self.effective(self.ty(id), &Collation::Unknown, at),
            },
            ExprKind::Param(_) | ExprKind::Literal(_) | ExprKind::SqlValue { .. } => {
                self.effective(self.ty(id), &Collation::OfType, at)
            }
            ExprKind::Field { expr, name } => {
                self.derive(*expr, pass);
                let column = self.row_itself(self.unparen(*expr)).and_then(|it| {
                    let rte = self.rte(it);
                    rte.columns.iter().find(|it| it.name == name.ident).map(|it| it.collation.clone())
                });
                self.effective(self.ty(id), &column.unwrap_or(Collation::Unknown), at)
            }
            ExprKind::Case { operand, whens, else_ } => {
                operand.iter().for_each(|it| drop(self.derive(*it, pass)));
                whens.iter().for_each(|it| drop(self.derive(it.0, pass)));
                let results: Vec<ExprId> = whens.iter().map(|it| it.1).chain(*else_).collect();
                self.derive_all(id, &results, pass)
            }
            ExprKind::Subscript { expr, subscripts } => {
                for it in subscripts {
                    let ids = match it {
                        Subscript::Index(index) => [Some(*index), None],
                        Subscript::Slice(low, high) => [*low, *high],
                    };
                    ids.into_iter().flatten().for_each(|it| drop(self.derive(it, pass)));
                }
                self.derive_all(id, &[*expr], pass)
            }
            ExprKind::Array(args) | ExprKind::Coalesce(args) | ExprKind::MinMax { args, .. } => {
                self.derive_all(id, args, pass)
            }
            ExprKind::NullIf(lhs, rhs) => self.derive_all(id, &[*lhs, *rhs], pass),
            ExprKind::Operator { lhs: Some(lhs), rhs, .. } | ExprKind::IsDistinct { lhs, rhs, .. } => {
                match self.row_pairs(*lhs, *rhs) {
                    Some(pairs) => {
                        for (l, r) in pairs {
                            self.derive_joined(&[l, r], pass);
                        }
                        Derived::none()
                    }
                    None => self.derive_all(id, &[*lhs, *rhs], pass),
                }
            }
            ExprKind::Operator { lhs: None, rhs, .. } => self.derive_all(id, &[*rhs], pass),
            ExprKind::QuantifiedArray { lhs, array, .. } => self.derive_all(id, &[*lhs, *array], pass),
            ExprKind::Like { expr, pattern, escape, .. } => {
                let mut acc = self.derive(*expr, pass);
                let pattern = self.derive_joined(&[&[*pattern][..], escape.as_slice()].concat(), pass);
                acc.merge(pattern, pass);
                Derived::none()
            }
            ExprKind::Between { expr, low, high, .. } => {
                for other in [*low, *high] {
                    if self.row_pairs(*expr, other).is_none() {
                        self.derive_joined(&[*expr, other], pass);
                    }
                }
                Derived::none()
            }
            ExprKind::InList { expr, list, .. } => {
                self.derive_list(*expr, list, pass);
                Derived::none()
            }
            ExprKind::Subquery(_) | ExprKind::ArraySubquery(_) => match self.sub_collations.get(&id) {
                Some((collation, at)) => self.effective(self.ty(id), collation, *at),
                None => self.effective(self.ty(id), &Collation::OfType, at),
            },
            ExprKind::Cast { expr, .. } => self.derive_cast(id, *expr, pass),
            ExprKind::Call(call) => self.derive_call(id, call, pass),
            kind => {
                walk::children(kind, &mut |child| {
                    if let Child::Expr(it) = child {
                        self.derive(it, pass);
                    }
                });
                match kind {
                    ExprKind::Row { .. }
                    | ExprKind::Bool { .. }
                    | ExprKind::Not(_)
                    | ExprKind::Is { .. }
                    | ExprKind::InQuery { .. }
                    | ExprKind::QuantifiedQuery { .. }
                    | ExprKind::Exists(_)
                    | ExprKind::Grouping(_) => Derived::none(),
                    _ => self.effective(self.ty(id), &Collation::Unknown, at),
                }
            }
        }
    }

    /// What several expressions derive together.
    pub(super) fn derive_joined(&self, ids: &[ExprId], pass: &mut Pass) -> Derived {
        let mut res = Derived::none();
        for id in ids {
            let it = self.derive(*id, pass);
            res.merge(it, pass);
        }
        res
    }

    fn derive_all(&self, id: ExprId, parts: &[ExprId], pass: &mut Pass) -> Derived {
        let inside = self.derive_joined(parts, pass);
        self.bubble(id, inside)
    }

    /// A node over parts: it has their collation if its type has any.
    fn bubble(&self, id: ExprId, inside: Derived) -> Derived {
        let own = self.effective(self.ty(id), &Collation::OfType, self.place(id));
        match own.strength {
            Strength::None => own,
            _ if inside.strength > Strength::None || inside.unsure => inside,
            _ => own,
        }
    }

    /// The values that `(a, b) = (c, d)` compares with each other.
    fn row_pairs(&self, lhs: ExprId, rhs: ExprId) -> Option<Vec<(ExprId, ExprId)>> {
        match (self.bare(lhs), self.bare(rhs)) {
            (ExprKind::Row { items: l, .. }, ExprKind::Row { items: r, .. }) => {
                Some(l.iter().copied().zip(r.iter().copied()).collect())
            }
            (ExprKind::Row { .. }, _) | (_, ExprKind::Row { .. }) => Some(Vec::new()),
            _ => None,
        }
    }

    /// Values without columns become an array, whose elements agree; others are compared one by one.
    fn derive_list(&self, expr: ExprId, list: &[ExprId], pass: &mut Pass) {
        let (named, plain): (Vec<ExprId>, Vec<ExprId>) = list.iter().partition(|it| self.has_names(**it));
        let rows = |it: &ExprId| matches!(self.bare(*it), ExprKind::Row { .. });
        let as_array = plain.len() > 1 && !plain.iter().any(rows) && !rows(&expr);
        if as_array {
            let mut acc = self.derive(expr, pass);
            let array = self.derive_joined(&plain, pass);
            acc.merge(array, pass);
        }
        for &it in named.iter().chain(plain.iter().filter(|_| !as_array)) {
            match self.row_pairs(expr, it) {
                Some(pairs) => pairs.into_iter().for_each(|(l, r)| drop(self.derive_joined(&[l, r], pass))),
                None => drop(self.derive_joined(&[expr, it], pass)),
            }
        }
    }

    fn has_names(&self, id: ExprId) -> bool {
        let mut res = false;
        walk::expr(self.stmt, id, &mut |it| {
            res |= matches!(
                self.expr_node(it).kind,
                ExprKind::Column(_) | ExprKind::Star { .. } | ExprKind::Missing
            );
            !res
        });
        res
    }

    fn derive_cast(&self, id: ExprId, expr: ExprId, pass: &mut Pass) -> Derived {
        let inner = self.derive(expr, pass);
        let (Ty::Known(ty), from) = (self.ty(id), self.ty(expr)) else { return Derived::unsure() };
        let own = || self.effective(self.ty(id), &Collation::OfType, self.place(id));
        if self.is_string(expr) {
            return own();
        }
        if matches!(from, Ty::Known(from) if from.id == ty.id) {
            return inner;
        }
        let info = self.type_info(ty.id);
        let domain = info.filter(|it| matches!(it.kind, TypeKind::Domain { .. }));
        match domain.and_then(|it| it.collation.as_ref()) {
            // `CoerceToDomain`.
            Some(_) => own(),
            None => self.bubble(id, inner),
        }
    }

    fn derive_call(&self, id: ExprId, call: &Call, pass: &mut Pass) -> Derived {
        let args: Vec<ExprId> = call.args.iter().map(|it| it.value).collect();
        let mut inside = match self.takes_domains(call) {
            false => self.derive_joined(&args, pass),
            true => {
                args.iter().for_each(|it| drop(self.derive(*it, pass)));
                Derived::unsure()
            }
        };
        call.filter.iter().for_each(|it| drop(self.derive(*it, pass)));
        let name = call.name.last().map_or("", |it| it.ident.as_str());
        let sorted: Vec<ExprId> = call.within_group.iter().map(|it| it.expr).collect();
        if matches!(name, "rank" | "dense_rank" | "percent_rank" | "cume_dist") {
            let first = args.len().saturating_sub(sorted.len());
            for (l, r) in args.iter().skip(first).zip(&sorted) {
                let pair = self.derive_joined(&[*l, *r], pass);
                pass.found.extend(pair.conflict());
                if sorted.len() == 1 {
                    inside.merge(pair, pass);
                }
            }
        } else {
            for &it in &sorted {
                let it = self.derive(it, pass);
                pass.found.extend(it.conflict());
                match sorted.len() {
                    1 => inside.merge(it, pass),
                    _ => inside.unsure = true,
                }
            }
        }
        for item in &call.order_by {
            let it = self.derive(item.expr, pass);
            pass.found.extend(it.conflict());
        }
        if call.distinct {
            for &it in &args {
                let it = self.derive(it, pass);
                pass.found.extend(it.conflict());
            }
        }
        if let Some(Over::Window(window)) = &call.over {
            let keys = window.partition_by.iter().chain(window.order_by.iter().map(|it| &it.expr));
            keys.chain(&window.frame_offsets).for_each(|it| drop(self.derive(*it, pass)));
        }
        self.bubble(id, inside)
    }

    /// A function of the project takes a domain with a collation of its own: its arguments get that.
    fn takes_domains(&self, call: &Call) -> bool {
        let Some(name) = call.name.last() else { return true };
        let schema = call.name.schema().map(|it| &it.ident);
        lookup::functions(self.catalog, schema, &name.ident).iter().any(|it| {
            let types = it.params.iter().filter_map(|it| it.ty).filter(|it| it.is_user());
            types.filter_map(|it| self.type_info(it)).any(|it| it.collation.is_some())
        })
    }
}
