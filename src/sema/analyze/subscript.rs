//! Subscripts of arrays and jsonb (`transformContainerSubscripts`, `array_subscript_transform`).

use crate::catalog::{TypeId, TypeKind};
use crate::sema::resolve::CoercionContext;
use crate::sema::{ExprInfo, Ty, code};
use crate::sql::hir::{ExprId, Subscript};

use super::binder::{Binder, UNKNOWN_INFO, known};

impl<'a> Binder<'a> {
    pub fn subscript(&mut self, id: ExprId, expr: ExprId, subscripts: &'a [Subscript]) -> ExprInfo {
        self.expr(expr);
        let container = self.ty(expr);
        let at = self.place(id);
        let ty = self.subscripted(container, subscripts, at);
        ExprInfo { ty, nullable: if ty == Ty::Unknown { None } else { Some(true) } }
    }

    /// The type of `container[…]`; analyses the subscripts.
    pub fn subscripted(
        &mut self,
        container: Ty,
        subscripts: &'a [Subscript],
        at: crate::base::text::TextRange,
    ) -> Ty {
        let mut slice = false;
        let mut indexes: Vec<ExprId> = Vec::new();
        for it in subscripts {
            match it {
                Subscript::Index(index) => indexes.push(*index),
                Subscript::Slice(low, high) => {
                    slice = true;
                    indexes.extend(low.iter().chain(high));
                }
            }
        }
        self.exprs(&indexes);
        let Ty::Known(ty) = container else {
            for it in indexes {
                self.forget_params(Some(it));
            }
            return UNKNOWN_INFO.ty;
        };
        let base = self.base(ty.id);
        if base == TypeId::JSONB {
            self.jsonb_subscripts(&indexes, slice, subscripts, at);
            return known(TypeId::JSONB);
        }
        // Those of fixed length (point, box, name, …) have elements too.
        let own = !base.is_user() && !base.is_extension();
        let fixed = || {
            let info = self.type_info(base).filter(|it| own && it.kind == TypeKind::Base && it.elem.0 != 0);
            info.map(|it| it.elem)
        };
        if let Some(element) = self.catalog.element_type(base).or_else(fixed) {
            if subscripts.len() > 6 {
                let n = subscripts.len();
                let message = format!("number of array dimensions ({n}) exceeds the maximum allowed (6)");
                self.refuse(code::PROGRAM_LIMIT_EXCEEDED, at, message);
            }
            for it in indexes {
                let from = self.ty(it);
                if self.coerce(it, known(TypeId::INT4), CoercionContext::Assignment).is_no()
                    && from != Ty::Unknown
                {
                    let at = self.raw_place(it);
                    self.refuse(code::DATATYPE_MISMATCH, at, "array subscript must have type integer");
                }
            }
            // The modifier is the container's (`exprTypmod`).
            let id = match (slice, base) {
                // Slices of vectors are arrays (`transformContainerType`).
                (true, TypeId(22)) => TypeId(1005),
                (true, TypeId(30)) => TypeId(1028),
                (true, _) => base,
                (false, _) => element,
            };
            return Ty::Known(crate::catalog::Type { id, typmod: ty.typmod });
        }
        // `hstore_subscript_transform`.
        let hstore =
            base.is_extension() && self.type_info(base).is_some_and(|it| it.name.as_str() == "hstore");
        if let (true, false, [key]) = (hstore, slice, indexes.as_slice()) {
            self.coerce(*key, known(TypeId::TEXT), CoercionContext::Assignment);
            return known(TypeId::TEXT);
        }
        for it in indexes {
            self.forget_params(Some(it));
        }
        // Types of extensions have rules of their own.
        let plain = matches!(base, TypeId::RECORD | TypeId::UNKNOWN | TypeId::ANYARRAY)
            || own && self.type_info(base).is_some_and(|it| it.kind == TypeKind::Base && it.elem.0 == 0);
        let named = self.type_info(base).is_some_and(|it| {
            matches!(
                it.kind,
                TypeKind::Enum { .. }
                    | TypeKind::Composite { .. }
                    | TypeKind::Range { .. }
                    | TypeKind::Multirange { .. }
            )
        });
        if plain || named {
            let message = format!(
                "cannot subscript type {} because it does not support subscripting",
                self.format_id(base)
            );
            self.refuse(code::DATATYPE_MISMATCH, at, message);
        }
        Ty::Unknown
    }

    fn jsonb_subscripts(
        &mut self,
        indexes: &[ExprId],
        slice: bool,
        subscripts: &[Subscript],
        at: crate::base::text::TextRange,
    ) {
        if slice {
            // At the first subscript, whether or not it is the slice.
            let bound = subscripts.first().and_then(|it| match it {
                Subscript::Slice(low, high) => high.or(*low),
                Subscript::Index(index) => Some(*index),
            });
            let at = bound.map_or(at, |it| self.raw_place(it));
            self.refuse(code::DATATYPE_MISMATCH, at, "jsonb subscript does not support slices");
            return;
        }
        for &it in indexes {
            if self.is_undecided(it) {
                self.decide_text(it);
                continue;
            }
            // Either as an integer or as a text.
            let from = self.ty(it);
            let fits =
                [TypeId::INT4, TypeId::TEXT].map(|to| self.coerce(it, known(to), CoercionContext::Implicit));
            if let (true, Ty::Known(from)) = (fits.iter().all(|it| it.is_no()), from) {
                let at = self.place(it);
                let message = format!("subscript type {} is not supported", self.format_id(from.id));
                self.refuse(code::DATATYPE_MISMATCH, at, message);
            }
        }
    }
}
