//! Casts to pseudo-types (`coerce_type`): most leave the value what it is.

use crate::catalog::{Type, TypeId};
use crate::sema::resolve::CoercionContext;
use crate::sema::{ExprInfo, Ty, code, literal};
use crate::sql::hir::{ExprId, ExprKind, Literal};

use super::binder::{Binder, UNKNOWN_INFO};

/// What such a cast comes to.
pub enum PseudoCast {
    /// `cannot cast type … to …`.
    Refused,
    Done(ExprInfo),
    /// As to any other type.
    Ordinary,
}

/// How a pseudo-type takes values.
#[derive(Clone, Copy)]
enum Takes {
    /// Everything; literals stay undecided.
    All,
    /// Arrays, ranges; literals by an input function that refuses them.
    Containers,
    Enums,
    /// By an input function that refuses even NULL.
    Nothing,
    /// What C code hands around: there is no cast to it.
    Internal,
}

fn takes(id: TypeId) -> Option<Takes> {
    Some(match id {
        TypeId::ANY
        | TypeId::ANYELEMENT
        | TypeId::ANYNONARRAY
        | TypeId::ANYCOMPATIBLE
        | TypeId::ANYCOMPATIBLENONARRAY => Takes::All,
        TypeId::ANYARRAY
        | TypeId::ANYRANGE
        | TypeId::ANYMULTIRANGE
        | TypeId::ANYCOMPATIBLEARRAY
        | TypeId::ANYCOMPATIBLERANGE
        | TypeId::ANYCOMPATIBLEMULTIRANGE => Takes::Containers,
        TypeId::ANYENUM => Takes::Enums,
        TypeId::INTERNAL => Takes::Internal,
        id if literal::refuses_null(id) => Takes::Nothing,
        _ => return None,
    })
}

impl Binder<'_> {
    /// `expr`, already bound, as a `to`.
    pub fn cast_to_pseudo(&mut self, expr: ExprId, to: Type) -> PseudoCast {
        let Some(takes) = takes(to.id) else { return PseudoCast::Ordinary };
        let undecided = self.is_undecided(expr);
        match (takes, self.bare(expr)) {
            (Takes::Enums | Takes::Internal, _) if undecided => PseudoCast::Refused,
            (Takes::All, _) if undecided => PseudoCast::Done(self.info(expr)),
            // A parameter of such a type is one, whatever it is good for.
            (Takes::Containers, ExprKind::Param(number)) => {
                self.decide_param(self.unparen(expr), *number, Ty::Unknown);
                PseudoCast::Done(UNKNOWN_INFO)
            }
            (Takes::Containers, ExprKind::Literal(Literal::String(text))) => {
                match literal::check(self.catalog, to, text) {
                    Ok(()) => PseudoCast::Ordinary,
                    Err(error) => {
                        let at = self.place(expr);
                        self.refuse(error.code, at, error.message);
                        PseudoCast::Done(UNKNOWN_INFO)
                    }
                }
            }
            (Takes::Nothing, ExprKind::Literal(Literal::Null)) => {
                let message = format!("cannot accept a value of type {}", self.format_id(to.id));
                let at = self.place(expr);
                self.refuse(code::FEATURE_NOT_SUPPORTED, at, message);
                PseudoCast::Done(UNKNOWN_INFO)
            }
            (Takes::All | Takes::Containers | Takes::Enums, _)
                if !undecided && matches!(self.ty(expr), Ty::Known(_)) =>
            {
                if self.coerce(expr, Ty::Known(to), CoercionContext::Explicit).is_no() {
                    return PseudoCast::Refused;
                }
                let info = self.info(expr);
                let ty = match (info.ty, takes) {
                    // A domain over an array, a range or an enum is used as what it stands for.
                    (Ty::Known(ty), Takes::Containers | Takes::Enums) => {
                        Ty::Known(self.catalog.base_type(ty))
                    }
                    (other, _) => other,
                };
                PseudoCast::Done(ExprInfo { ty, ..info })
            }
            _ => PseudoCast::Ordinary,
        }
    }
}
