//! The collations of what queries yield: select lists, VALUES, set operations, recursive queries
//! (`transformSetOperationTree`, `transformValuesClause`, `analyzeCTE`).

use crate::base::text::TextRange;
use crate::catalog::Collation;
use crate::sema::{Ty, code};
use crate::sql::hir::{ExprId, Query};

use super::super::binder::Binder;
use super::super::cte::Recursion;
use super::super::scope::{Resolved, RteColumn, Shape, Var};
use super::super::target::Value;
use super::{Derived, Pass};

impl<'a> Binder<'a> {
    /// The collation of an output column.
    pub fn value_collation(&self, value: Value) -> Collation {
        let of_var = |var: Var| {
            let column = self.rte(var.rte).column(var.column);
            column.map_or(Collation::OfType, |it| it.collation.clone())
        };
        match value {
            Value::Var { var, .. } => of_var(var),
            Value::Field { .. } => Collation::Unknown,
            Value::Expr(id) => match self.resolved(self.unparen(id)) {
                Resolved::Var(var) if matches!(self.bare(id), crate::sql::hir::ExprKind::Column(_)) => {
                    of_var(var)
                }
                _ if !self.collated => Collation::OfType,
                _ => {
                    let it = self.derive(id, &mut Pass::default());
                    self.as_collation(self.ty(id), &it)
                }
            },
        }
    }

    /// What a subquery that is used as a value has: the collation of its first column.
    pub fn keep_sub_collation(&mut self, id: ExprId, query: &Query, shape: &Shape) {
        let Some(column) = shape.columns.first().filter(|_| !shape.open) else {
            self.sub_collations.insert(id, (Collation::Unknown, TextRange::default()));
            return;
        };
        if self.collated {
            let at = self.output_places(query, shape).first().copied();
            let at = at.unwrap_or_else(|| self.expr_node(id).range);
            self.sub_collations.insert(id, (column.collation.clone(), at));
        }
    }

    /// What columns merge to; a conflict is none.
    pub fn common_collation(&self, ty: Ty, columns: &[&RteColumn]) -> Collation {
        let mut acc = Derived::none();
        for it in columns {
            let it = self.effective(it.ty, &it.collation, TextRange::default());
            acc.merge(it, &mut Pass::default());
        }
        self.as_collation(ty, &acc)
    }

    /// A column of VALUES: its rows need not agree, but what is said in them must.
    pub fn values_collation(&mut self, ids: &[Option<ExprId>], ty: Ty) -> Collation {
        if !self.collated || !self.typed {
            return Collation::OfType;
        }
        let mut pass = Pass::default();
        let ids: Vec<ExprId> = ids.iter().copied().flatten().collect();
        for it in &ids {
            self.derive(*it, &mut pass);
        }
        // What is wrong inside of a value is told later.
        pass.found.clear();
        let all = self.derive_joined(&ids, &mut pass);
        for (at, message) in pass.found {
            self.mismatch(at, message, false);
        }
        self.as_collation(ty, &all)
    }

    /// A column of a set operation: of each side the column, whether it is written in a select list, its expression
    /// and its place. `none_ok`: UNION ALL compares nothing.
    pub(in super::super) fn set_collation(
        &mut self,
        sides: [(&RteColumn, bool, Option<ExprId>, TextRange); 2],
        ty: Ty,
        none_ok: bool,
    ) -> Collation {
        let known = |it: &RteColumn| it.collation == Collation::OfType && !self.is_collated(it);
        if !self.typed {
            return Collation::OfType;
        }
        if !self.collated && sides.iter().all(|it| known(it.0)) {
            return Collation::OfType;
        }
        let mut acc = Derived::none();
        let mut pass = Pass::default();
        let derived: Vec<Derived> = sides
            .iter()
            .map(|(column, written, id, at)| match id {
                Some(id) if *written => self.derive(*id, &mut pass),
                _ => self.effective(Self::text_if_undecided(column.ty), &column.collation, *at),
            })
            .collect();
        pass.found.clear();
        for it in derived {
            acc.merge(it, &mut pass);
        }
        for (at, message) in pass.found {
            self.mismatch(at, message, false);
        }
        if let Some((at, message)) = acc.conflict().filter(|_| !none_ok) {
            self.mismatch(at, message, true);
            return Collation::Unknown;
        }
        self.as_collation(ty, &acc)
    }

    /// The first term of a recursive query decides the collations of its columns: of the column what it is, its expression
    /// where it is written in a select list, and its place. What the column was given is not asked where it is written:
    /// then it may not have been known yet that anything here has another collation than the default.
    pub(in super::super) fn recursive_collation(
        &mut self,
        recursion: &Recursion<'a>,
        idx: usize,
        (first, written, at): (&RteColumn, Option<ExprId>, TextRange),
        ty: Ty,
        overall: &Collation,
    ) {
        if !self.recursive_uses.iter().any(|it| it.0 == recursion.cte.name.ident) {
            return;
        }
        let before = Self::text_if_undecided(first.ty);
        let same_type = matches!((before, ty), (Ty::Known(a), Ty::Known(b)) if a == b);
        let own = match written.filter(|_| self.collated) {
            Some(id) => {
                let it = self.derive(id, &mut Pass::default());
                self.as_collation(before, &it)
            }
            None => first.collation.clone(),
        };
        let (Some(one), Some(other)) = (self.collation_name(before, &own), self.collation_name(ty, overall))
        else {
            return;
        };
        if same_type && one != other {
            let message = format!(
                "recursive query \"{}\" column {} has collation \"{one}\" in non-recursive term but collation \"{other}\" overall",
                recursion.cte.name.ident,
                idx + 1
            );
            self.report(code::COLLATION_MISMATCH, at, message)
                .hint("Use the COLLATE clause to set the collation of the non-recursive term.");
        }
    }
}
