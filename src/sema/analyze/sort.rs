//! Which types can be ordered and compared for equality (`get_sort_group_operators`).

use crate::catalog::{TypeId, TypeKind};
use crate::sema::{Ty, code};
use crate::sql::hir::ExprId;

use super::binder::Binder;

impl Binder<'_> {
    /// ORDER BY needs a btree operator class.
    pub fn must_order(&mut self, id: ExprId) {
        if let Ty::Known(ty) = self.ty(id)
            && self.lacks_order(ty.id)
        {
            let at = self.place(id);
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
            && self.lacks_equality(ty.id)
        {
            let message =
                format!("could not identify an equality operator for type {}", self.format_id(ty.id));
            self.refuse(code::UNDEFINED_FUNCTION, at, message);
        }
    }

    fn lacks_order(&self, id: TypeId) -> bool {
        // xid, cid and aclitem hash only.
        self.scalar(id).is_some_and(|id| lacks_equality(id) || matches!(id.0, 28 | 29 | 1033))
    }

    fn lacks_equality(&self, id: TypeId) -> bool {
        self.scalar(id).is_some_and(lacks_equality)
    }

    /// The type below domains and arrays; `None` where that does not decide.
    fn scalar(&self, id: TypeId) -> Option<TypeId> {
        let base = self.base(id);
        let info = self.type_info(base)?;
        match info.kind {
            TypeKind::Base => Some(base),
            TypeKind::Array => self.scalar(info.elem),
            _ => None,
        }
    }
}

/// json, xml, the geometric types without a btree class, jsonpath and a few of the system's own.
fn lacks_equality(id: TypeId) -> bool {
    matches!(id.0, 114 | 142 | 600..=604 | 628 | 718 | 4072 | 3642 | 194 | 32)
}
