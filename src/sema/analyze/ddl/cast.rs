//! CREATE CAST, DROP CAST, COMMENT ON CAST (`CreateCast` of `functioncmds.c`, `get_object_address_cast`).

use crate::base::text::TextRange;
use crate::catalog::pg::{self, CastContext, CastMethod};
use crate::catalog::{FunctionKind, TypeId, TypeKind};
use crate::sema::{Ty, code};
use crate::sql::hir::TypeName;
use crate::sql::hir::ddl::{CastBy, CreateCast, ObjectKind};

use super::super::binder::Binder;

impl<'a> Binder<'a> {
    pub fn create_cast(&mut self, create: &'a CreateCast) {
        let (source, target) = (self.type_name(&create.source), self.type_name(&create.target));
        let (Ty::Known(source), Ty::Known(target)) = (source, target) else { return };
        if !self.is_exact() {
            return;
        }
        let (from, to) = (source.id, target.id);
        for (id, ty, words) in [(from, &create.source, "source"), (to, &create.target, "target")] {
            if self.is_pseudo(id) {
                let message = format!("{words} data type {} is a pseudo-type", self.format_id(id));
                self.report(code::WRONG_OBJECT_TYPE, ty.range, message);
                return;
            }
        }
        let place = create.source.range;
        let mut n_args = 0;
        match &create.by {
            CastBy::Function { name, args } => {
                let Some(found) = self.named_function(ObjectKind::Function, name, args.as_deref(), false)
                else {
                    return;
                };
                n_args = found.params.len();
                if let Some(message) = self.unfit(&found, from, to) {
                    self.invalid_cast(place, message);
                    return;
                }
            }
            CastBy::Binary => {
                if let Some(message) = self.not_binary(from, to) {
                    self.invalid_cast(place, message);
                    return;
                }
            }
            CastBy::Io => {}
        }
        if from == to && n_args < 2 {
            self.invalid_cast(place, "source data type and target data type are the same");
        } else if self.has_cast(from, to) == Some(true) || self.made_cast(from, to) {
            let message = format!(
                "cast from type {} to type {} already exists",
                self.format_id(from),
                self.format_id(to)
            );
            self.report(code::DUPLICATE_OBJECT, place, message);
        }
    }

    /// A cast that the project's scripts have made.
    fn made_cast(&self, from: TypeId, to: TypeId) -> bool {
        let key = crate::catalog::fold::cast_key(from, to);
        self.catalog.objects.get(&key).is_some_and(|it| !it.gone)
    }

    fn invalid_cast(&mut self, at: TextRange, message: &str) {
        self.report(code::INVALID_OBJECT_DEFINITION, at, message);
    }

    /// Why a function cannot be a cast's.
    fn unfit(&self, found: &crate::catalog::Function, from: TypeId, to: TypeId) -> Option<&'static str> {
        let types: Option<Vec<TypeId>> = found.params.iter().map(|it| it.ty).collect();
        let types = types?;
        if !(1..=3).contains(&types.len()) {
            return Some("cast function must take one to three arguments");
        }
        let first = types.first().copied()?;
        if self.coercible(from, first)? {
            if types.get(1).is_some_and(|it| *it != TypeId::INT4) {
                return Some("second argument of cast function must be type integer");
            }
            if types.get(2).is_some_and(|it| *it != TypeId::BOOL) {
                return Some("third argument of cast function must be type boolean");
            }
        } else {
            return Some("argument of cast function must match or be binary-coercible from source data type");
        }
        if !self.coercible(found.returns?, to)? {
            return Some(
                "return data type of cast function must match or be binary-coercible to target data type",
            );
        }
        if found.kind != FunctionKind::Function {
            return Some("cast function must be a normal function");
        }
        found.returns_set.then_some("cast function must not return a set")
    }

    /// `IsBinaryCoercible`; `None`: not sure.
    pub fn coercible(&self, from: TypeId, to: TypeId) -> Option<bool> {
        if from == to || to == TypeId::ANY {
            return Some(true);
        }
        let (source, target) = (self.type_info(from)?, self.type_info(to)?);
        let clear = |it: &TypeKind| {
            matches!(
                it,
                TypeKind::Base
                    | TypeKind::Array
                    | TypeKind::Enum { .. }
                    | TypeKind::Range { .. }
                    | TypeKind::Multirange { .. }
                    | TypeKind::Composite { .. }
            )
        };
        let kinds_clear = clear(&source.kind) && clear(&target.kind);
        if !kinds_clear || from.is_extension() || to.is_extension() {
            return None;
        }
        let binary = pg::cast(from, to)
            .is_some_and(|it| it.method == CastMethod::Binary && it.context == CastContext::Implicit);
        Some(binary)
    }

    /// Why values of one type cannot be values of the other.
    fn not_binary(&self, from: TypeId, to: TypeId) -> Option<&'static str> {
        const DIFFERENT: &str = "source and target data types are not physically compatible";
        let (source, target) = (&self.type_info(from)?.kind, &self.type_info(to)?.kind);
        if let (Some(a), Some(b)) = (self.physical(from), self.physical(to))
            && a != b
        {
            return Some(DIFFERENT);
        }
        let either = |is: fn(&TypeKind) -> bool| is(source) || is(target);
        if either(|it| matches!(it, TypeKind::Opaque | TypeKind::Pseudo)) {
            return None;
        }
        // Whatever is said first, it is refused.
        if either(|it| matches!(it, TypeKind::Composite { .. })) {
            return Some("composite data types are not binary-compatible");
        }
        if either(|it| matches!(it, TypeKind::Array)) {
            return Some("array data types are not binary-compatible");
        }
        if either(|it| matches!(it, TypeKind::Range { .. } | TypeKind::Multirange { .. })) {
            return Some("range data types are not binary-compatible");
        }
        if either(|it| matches!(it, TypeKind::Enum { .. })) {
            return Some("enum data types are not binary-compatible");
        }
        either(|it| matches!(it, TypeKind::Domain { .. }))
            .then_some("domain data types must not be marked binary-compatible")
    }

    /// Length and alignment of a type's values (`pg_type.typlen`, `typalign`), of the common types.
    fn physical(&self, id: TypeId) -> Option<(i16, char)> {
        let base = self.base(id);
        Some(match self.type_info(base)?.kind {
            TypeKind::Enum { .. } => (4, 'i'),
            TypeKind::Composite { .. } => (-1, 'd'),
            TypeKind::Base => match base.0 {
                16 | 18 => (1, 'c'),
                19 => (64, 'c'),
                21 => (2, 's'),
                23 | 26 | 700 | 1082 => (4, 'i'),
                20 | 701 | 1083 | 1114 | 1184 => (8, 'd'),
                17 | 25 | 114 | 142 | 650 | 869 | 1042 | 1043 | 1560 | 1562 | 1700 | 3802 => (-1, 'i'),
                600 | 1186 => (16, 'd'),
                2950 => (16, 'c'),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// `None`: not known.
    fn has_cast(&self, from: TypeId, to: TypeId) -> Option<bool> {
        let brought = self.catalog.extensions.values().any(|it| !it.known);
        // One of the project's own goes with its function.
        if self.catalog.casts.contains_key(&(from, to)) {
            return None;
        }
        if self.catalog.gaps.functions || from.is_extension() || to.is_extension() {
            return None;
        }
        if from.is_user() || to.is_user() {
            return (!brought).then_some(false);
        }
        match pg::cast(from, to) {
            Some(_) => Some(true),
            // An extension may have one between PostgreSQL's own types.
            None => (!brought && pg::ext::cast(from, to).is_none()).then_some(false),
        }
    }

    /// A cast that must be there.
    pub fn named_cast(&mut self, source: &TypeName, target: &TypeName, if_exists: bool, drops: bool) {
        let mut ids = Vec::new();
        for name in [source, target] {
            match crate::catalog::lookup::type_name(self.catalog, name, &self.stmt.exprs) {
                Ok(found) => ids.push(found.id),
                Err(crate::catalog::lookup::TypeNameError::Missing(refusal)) if !if_exists => {
                    let code = super::super::types::code_of(refusal.sqlstate);
                    self.report(code, name.range, refusal.message);
                    return;
                }
                Err(_) => return,
            }
        }
        let [from, to] = ids.as_slice() else { return };
        if !self.is_exact() {
            return;
        }
        let shown = format!("from type {} to type {}", self.format_id(*from), self.format_id(*to));
        let shown_dropped = shown.replace("type ", "");
        match self.has_cast(*from, *to) {
            Some(false) if !if_exists => {
                let message = format!("cast {shown} does not exist");
                self.report(code::UNDEFINED_OBJECT, source.range, message);
            }
            Some(true) if drops => {
                let message =
                    format!("cannot drop cast {shown_dropped} because it is required by the database system");
                self.report(code::DEPENDENT_OBJECTS, source.range, message);
            }
            _ => {}
        }
    }
}
