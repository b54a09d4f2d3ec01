//! Operator classes: which access methods serve a type, and so what can be sorted and compared.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::catalog::pg::{self, CastContext, CastMethod, OpClass};
use crate::catalog::{TypeId, TypeKind};

use super::binder::Binder;

/// What `lookup_type_cache` finds of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// There is a `<`.
    pub order: bool,
    /// There is an `=`.
    pub equality: bool,
}

impl Binder<'_> {
    /// Whether every operator class that may be there is known.
    pub fn knows_classes(&self) -> bool {
        !self.catalog.gaps.functions
            && !self.catalog.gaps.classes
            && !self.catalog.gaps.types
            && self.catalog.extensions.values().all(|it| it.known)
    }

    /// `GetDefaultOpClass`; `None`: not sure.
    pub fn has_default_class(&self, id: TypeId, method: &str) -> Option<bool> {
        let base = self.base(id);
        let info = self.type_info(base)?;
        if base.is_extension() {
            // Its own extension decides, or one beside it.
            return None;
        }
        let classes = || pg::opclasses().iter().filter(|it| it.method == method && it.default);
        let fits = |it: &OpClass| it.input == base || is_binary(base, it.input);
        if classes().any(fits) {
            return Some(true);
        }
        let any = |id: u32| classes().any(|it| it.input == TypeId(id));
        let by_kind = match info.kind {
            TypeKind::Array => any(2277),
            TypeKind::Enum { .. } => any(3500),
            TypeKind::Range { .. } => any(3831),
            TypeKind::Multirange { .. } => any(4537),
            TypeKind::Composite { .. } => any(2249),
            TypeKind::Base => false,
            _ => return None,
        };
        if by_kind {
            return Some(true);
        }
        // An extension that brings one may be there.
        let brought = pg::ext::names().filter_map(pg::ext::extension).any(|extension| {
            extension.opclasses.iter().any(|it| {
                it.method == method
                    && it.default
                    && (it.input == base
                        || is_binary(base, it.input)
                        || matches!(it.input.0, 2277 | 3500)
                            && matches!(info.kind, TypeKind::Array | TypeKind::Enum { .. }))
            })
        });
        if brought { None } else { Some(false) }
    }

    /// The operators that sorting, grouping and DISTINCT take (`lookup_type_cache`: the default btree class of the type, or for
    /// equality its hash class; arrays and rows need them of what they hold). `None`: not sure.
    pub fn comparison(&self, id: TypeId) -> Option<Comparison> {
        self.knows_classes().then(|| self.comparison_at(id, 0)).flatten()
    }

    fn comparison_at(&self, id: TypeId, depth: u32) -> Option<Comparison> {
        const DEEPEST: u32 = 16;
        let base = self.base(id);
        if sorted().contains(&base) || base == TypeId::RECORD_ARRAY {
            return Some(Comparison { order: true, equality: true });
        }
        let kind = &self.type_info(base)?.kind;
        let order = match kind {
            _ if depth > DEEPEST => return None,
            // Nothing is an element of it.
            TypeKind::Pseudo if base == TypeId::ANYARRAY => false,
            TypeKind::Pseudo => {
                pg::opclasses().iter().any(|it| it.default && it.input == base && it.method == "btree")
            }
            _ => self.has_default_class(base, "btree")?,
        };
        let equality = order || (*kind != TypeKind::Pseudo && self.has_default_class(base, "hash")?);
        let mut res = Comparison { order, equality };
        let mut hold = |inner: Comparison| {
            res.order &= inner.order;
            res.equality &= inner.equality;
        };
        match kind {
            TypeKind::Array => hold(self.comparison_at(self.type_info(base)?.elem, depth + 1)?),
            TypeKind::Composite { .. } => {
                let fields = self.catalog.composite_columns(base)?;
                let fields: Vec<Option<Comparison>> = fields
                    .iter()
                    .map(|it| it.1.and_then(|it| self.comparison_at(it.id, depth + 1)))
                    .collect();
                fields.iter().flatten().for_each(|it| hold(*it));
                // One that certainly has none decides, whatever the others are.
                if res.equality && fields.contains(&None) {
                    return None;
                }
            }
            _ => {}
        }
        Some(res)
    }
}

/// The scalar types with a default btree class of their own.
fn sorted() -> &'static HashSet<TypeId> {
    static SORTED: OnceLock<HashSet<TypeId>> = OnceLock::new();
    SORTED.get_or_init(|| {
        let classes = pg::opclasses().iter().filter(|it| it.default && it.method == "btree");
        classes.map(|it| it.input).filter(|it| pg::is_scalar(*it)).collect()
    })
}

/// Values of one type are values of the other (`IsBinaryCoercible`).
pub fn is_binary(from: TypeId, to: TypeId) -> bool {
    from == to
        || pg::cast(from, to)
            .is_some_and(|it| it.method == CastMethod::Binary && it.context == CastContext::Implicit)
}
