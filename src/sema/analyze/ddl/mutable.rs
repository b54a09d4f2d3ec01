//! What in an expression is not immutable (`contain_mutable_functions`): only what certainly is not.

use crate::base::text::TextRange;
use crate::catalog::fold::IMMUTABLE;
use crate::catalog::pg::{self, CastMethod};
use crate::catalog::{Function, Type, TypeId, TypeKind};
use crate::sema::Ty;
use crate::sema::resolve::ResolvedOperator;

use super::super::binder::Binder;

impl Binder<'_> {
    pub fn note_mutable(&mut self, at: TextRange) {
        if let Some(places) = &mut self.mutable {
            places.push(at);
        }
    }

    pub fn note_function(&mut self, function: &Function, at: TextRange) {
        if self.mutable.is_none() {
            return;
        }
        let changed = || self.catalog.others.contains(&(IMMUTABLE.into(), function.name.clone()));
        if function.mutable && !changed() {
            self.note_mutable(at);
        }
    }

    pub fn note_operator(
        &mut self,
        found: &ResolvedOperator<'_>,
        left: Option<Ty>,
        right: Ty,
        at: TextRange,
    ) {
        if self.mutable.is_none() || found.decl.code == 0 {
            return;
        }
        // `text || anything` is a function in SQL: the other side is cast to text.
        if found.decl.name == "||" && matches!(found.decl.result, TypeId::TEXT) {
            for side in left.into_iter().chain([right]) {
                self.note_cast(side, Ty::Known(Type::plain(TypeId::TEXT)), at);
            }
            return;
        }
        if matches!(pg::volatility_of(found.decl.code), Some('s' | 'v')) {
            self.note_mutable(at);
        }
    }

    /// A cast that calls a function which is not immutable. A literal is read when the statement is.
    pub fn note_cast(&mut self, from: Ty, to: Ty, at: TextRange) {
        let (Ty::Known(from), Ty::Known(to)) = (from, to) else { return };
        if self.mutable.is_some() && from.id != TypeId::UNKNOWN && self.is_mutable_cast(from.id, to.id, 0) {
            self.note_mutable(at);
        }
    }

    /// A cast that nobody wrote, of an argument.
    pub fn note_implicit_cast(&mut self, from: Ty, to: TypeId, at: TextRange) {
        let Ty::Known(from) = from else { return };
        if self.mutable.is_none() {
            return;
        }
        let (from, to) = (self.base(from.id), self.base(to));
        let by_function = pg::cast(from, to).is_some_and(|it| it.method == CastMethod::Function);
        if from != to && by_function && self.is_mutable_cast(from, to, 0) {
            self.note_mutable(at);
        }
    }

    fn is_mutable_cast(&self, from: TypeId, to: TypeId, depth: u32) -> bool {
        let (from, to) = (self.base(from), self.base(to));
        if from == to || depth > 8 {
            return false;
        }
        match pg::cast(from, to).map(|it| it.method) {
            Some(CastMethod::Binary) => false,
            Some(CastMethod::Function) => {
                let function = pg::cast_function(from, to);
                function.and_then(pg::volatility_of).is_some_and(|it| it != 'i')
            }
            Some(CastMethod::Io) => self.is_stable_io(from, "out") || self.is_stable_io(to, "in"),
            None => match (self.catalog.element_type(from), self.catalog.element_type(to)) {
                (Some(from), Some(to)) => self.is_mutable_cast(from, to, depth + 1),
                _ => self.is_stable_io(from, "out") || self.is_stable_io(to, "in"),
            },
        }
    }

    /// Whether the input or output function of a type is certainly not immutable.
    fn is_stable_io(&self, id: TypeId, direction: &str) -> bool {
        let Some(info) = self.type_info(id) else { return false };
        match info.kind {
            TypeKind::Enum { .. }
            | TypeKind::Array
            | TypeKind::Range { .. }
            | TypeKind::Multirange { .. } => true,
            TypeKind::Base if !id.is_user() && !id.is_extension() => {
                let names = [format!("{}_{direction}", info.name), format!("{}{direction}", info.name)];
                let found = names.iter().find_map(|it| pg::functions(it).first());
                found.and_then(pg::volatility).is_some_and(|it| it != 'i')
            }
            _ => false,
        }
    }
}
