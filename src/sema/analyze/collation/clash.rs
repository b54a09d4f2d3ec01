//! Columns of two relations that must have one collation: parents and children, a view and its replacement.

use crate::catalog::{Collation, Column};
use crate::sema::Ty;

use super::super::binder::Binder;

impl Binder<'_> {
    /// The two collations, where they are certainly not the same.
    pub fn other_collation(&self, a: &Column, b: &Column) -> Option<(smol_str::SmolStr, smol_str::SmolStr)> {
        let ty = |it: &Column| it.ty.map_or(Ty::Unknown, Ty::Known);
        self.differ((ty(a), &a.collation), (ty(b), &b.collation))
    }

    pub fn differ(
        &self,
        a: (Ty, &Collation),
        b: (Ty, &Collation),
    ) -> Option<(smol_str::SmolStr, smol_str::SmolStr)> {
        let (one, other) = (self.collation_name(a.0, a.1)?, self.collation_name(b.0, b.1)?);
        (one != other).then_some((one, other))
    }
}
