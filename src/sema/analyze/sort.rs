//! Which types can be ordered and compared for equality (`get_sort_group_operators`).

use crate::sema::{Ty, code};
use crate::sql::hir::ExprId;

use super::binder::Binder;

impl Binder<'_> {
    /// ORDER BY needs a btree operator class.
    pub fn must_order(&mut self, id: ExprId) {
        if let Ty::Known(ty) = self.ty(id)
            && self.comparison(ty.id).is_some_and(|it| !it.order)
        {
            let at = self.raw_place(id);
            let message =
                format!("could not identify an ordering operator for type {}", self.format_id(ty.id));
            self.report(code::UNDEFINED_FUNCTION, at, message)
                .hint("Use an explicit ordering operator or modify the query.");
        }
    }

    /// GROUP BY, DISTINCT, UNION and PARTITION BY need equality.
    pub fn must_equal(&mut self, id: ExprId) {
        let at = self.place(id);
        let ty = self.ty(id);
        self.type_must_equal(ty, at);
    }

    pub fn type_must_equal(&mut self, ty: Ty, at: crate::base::text::TextRange) {
        if let Ty::Known(ty) = ty
            && self.comparison(ty.id).is_some_and(|it| !it.equality)
        {
            let message =
                format!("could not identify an equality operator for type {}", self.format_id(ty.id));
            self.refuse(code::UNDEFINED_FUNCTION, at, message);
        }
    }
}
