//! Conversions between types (parse_coerce.c).

use std::cell::Cell;

use super::{Coercion, CoercionContext};
use crate::catalog::pg::{self, CastContext, CastMethod};
use crate::catalog::{Catalog, Type, TypeId, TypeInfo, TypeKind};

/// `can_coerce_type` for one type: also polymorphic pseudo-types, `record`, undecided literals.
///
/// `No` becomes `Unknown` where the catalog may miss a cast.
pub fn can_coerce(catalog: &Catalog, from: TypeId, to: TypeId, context: CoercionContext) -> Coercion {
    let cx = Cx::new(catalog);
    let res = match cx.can_coerce(&[from], &[to], context) {
        false => Coercion::No,
        true if from != to && cx.pathway(to, from, context) == Pathway::Io => Coercion::ViaIo,
        true => Coercion::Yes,
    };
    match res {
        _ if cx.unsure.get() => Coercion::Unknown,
        // A cast that was missed is none of a pseudo-type: `CREATE CAST` refuses those.
        Coercion::No if catalog.gaps.functions && from != TypeId::RECORD => Coercion::Unknown,
        res => res,
    }
}

/// How a conversion is done (`CoercionPathType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pathway {
    None,
    Function,
    Relabel,
    Array,
    Io,
}

/// A catalog, and whether an answer met a type that is not known.
pub(super) struct Cx<'a> {
    pub catalog: &'a Catalog,
    pub unsure: Cell<bool>,
}

impl<'a> Cx<'a> {
    pub fn new(catalog: &'a Catalog) -> Cx<'a> {
        Cx { catalog, unsure: Cell::new(false) }
    }

    /// `None` (and unsure) for a type of which nothing is known.
    pub fn info(&self, id: TypeId) -> Option<&'a TypeInfo> {
        let info = self.catalog.type_info(id);
        if info.is_none_or(|it| it.kind == TypeKind::Opaque) {
            self.unsure.set(true);
        }
        info
    }

    /// `getBaseType`.
    pub fn base(&self, id: TypeId) -> TypeId {
        self.catalog.base_type(Type::plain(id)).id
    }

    /// `get_type_category_preferred`.
    pub fn category(&self, id: TypeId) -> (char, bool) {
        // Before PostgreSQL 15 `"char"` was a string type.
        if id == TypeId::CHAR && !self.catalog.serves(15) {
            return ('S', false);
        }
        self.info(id).map_or(('X', false), |it| (it.category, it.preferred))
    }

    /// `get_element_type`: true arrays only, no domains.
    pub fn element(&self, id: TypeId) -> Option<TypeId> {
        if id == TypeId::RECORD_ARRAY {
            // A pseudo-type, and an array all the same.
            return Some(TypeId::RECORD);
        }
        let info = self.info(id)?;
        (info.kind == TypeKind::Array && !info.elem.is_none()).then_some(info.elem)
    }

    /// `ISCOMPLEX`: a composite type or a domain over one.
    pub fn is_complex(&self, id: TypeId) -> bool {
        self.info(self.base(id)).is_some_and(|it| matches!(it.kind, TypeKind::Composite { .. }))
    }

    /// `can_coerce_type`.
    pub fn can_coerce(&self, from: &[TypeId], to: &[TypeId], context: CoercionContext) -> bool {
        let mut have_generics = false;
        for (from, to) in from.iter().copied().zip(to.iter().copied()) {
            if from == to || to == TypeId::ANY {
                continue;
            }
            // The common case by itself: dozens of candidates are tried for one operator.
            if context == CoercionContext::Implicit
                && pg::is_scalar(from)
                && pg::is_scalar(to)
                && self.catalog.casts.is_empty()
            {
                match pg::cast(from, to) {
                    Some(cast) if cast.context == CastContext::Implicit => continue,
                    _ => return false,
                }
            }
            if super::poly::is_polymorphic(to) {
                have_generics = true;
                continue;
            }
            if from == TypeId::UNKNOWN || self.pathway(to, from, context) != Pathway::None {
                continue;
            }
            if (from == TypeId::RECORD && self.is_complex(to))
                || (to == TypeId::RECORD && self.is_complex(from))
            {
                continue;
            }
            if to == TypeId::RECORD_ARRAY && self.element(from).is_some_and(|it| self.is_complex(it)) {
                continue;
            }
            if self.inherits(from, to) {
                continue;
            }
            return false;
        }
        !have_generics || super::poly::check(self, from, to)
    }

    /// `find_coercion_pathway`.
    pub fn pathway(&self, to: TypeId, from: TypeId, context: CoercionContext) -> Pathway {
        let (from, to) = (self.base(from), self.base(to));
        if from == to {
            return Pathway::Relabel;
        }
        let mut res = Pathway::None;
        let own = pg::cast(from, to).filter(|_| pg::since::has_cast(self.catalog, from, to));
        if let Some(cast) = own.or_else(|| self.catalog.casts.get(&(from, to)).copied()) {
            let needed = match cast.context {
                CastContext::Implicit => CoercionContext::Implicit,
                CastContext::Assignment => CoercionContext::Assignment,
                CastContext::Explicit => CoercionContext::Explicit,
            };
            if context >= needed {
                res = match cast.method {
                    CastMethod::Function => Pathway::Function,
                    CastMethod::Io => Pathway::Io,
                    CastMethod::Binary => Pathway::Relabel,
                };
            }
        } else {
            // The vector types take no element-wise conversion.
            if !matches!(to, TypeId(22) | TypeId(30))
                && let (Some(to_elem), Some(from_elem)) = (self.element(to), self.element(from))
                && self.pathway(to_elem, from_elem, context) != Pathway::None
            {
                res = Pathway::Array;
            }
            // CREATE TYPE makes the cast from a range to its multirange.
            if let Some(TypeKind::Multirange { range }) = self.info(to).map(|it| &it.kind)
                && *range == from
                && context >= CoercionContext::Explicit
            {
                res = Pathway::Function;
            }
            if res == Pathway::None {
                let to_string = context >= CoercionContext::Assignment && self.category(to).0 == 'S';
                let from_string = context >= CoercionContext::Explicit && self.category(from).0 == 'S';
                if to_string || from_string {
                    res = Pathway::Io;
                }
            }
        }
        if res == Pathway::None && context == CoercionContext::Plpgsql {
            res = Pathway::Io;
        }
        res
    }

    /// `typeInheritsFrom`: the row type of a child table is usable as its parent's, that of a typed table as its type.
    fn inherits(&self, from: TypeId, to: TypeId) -> bool {
        let relation = |id: TypeId| match &self.info(self.base(id))?.kind {
            TypeKind::Composite { relation, .. } => relation.as_ref(),
            _ => None,
        };
        let child = relation(from);
        // `typeIsOfTypedTable`.
        let of_type = child.and_then(|it| self.catalog.relations.get(it)?.of_type);
        if of_type == Some(to) {
            return true;
        }
        let (Some(child), Some(parent)) = (child, relation(to)) else { return false };
        let mut todo = vec![child];
        let mut seen = 0;
        while let Some(name) = todo.pop() {
            let Some(found) = self.catalog.relations.get(name) else {
                continue;
            };
            if found.parents.contains(parent) {
                return true;
            }
            seen += 1;
            if seen > 64 {
                self.unsure.set(true);
                return false;
            }
            todo.extend(&found.parents);
        }
        false
    }
}
