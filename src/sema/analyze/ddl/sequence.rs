//! CREATE and ALTER SEQUENCE (`init_params` of `sequence.c`).

use crate::base::text::TextRange;
use crate::catalog::{RelationKind, TypeId, TypeKind};
use crate::sema::{Ty, code};
use crate::sql::hir::ddl::{SequenceOption, SequenceOptionKind};
use crate::sql::hir::{QName, TypeName};

use super::super::binder::Binder;
use super::name::{Object, at, new_name};

impl<'a> Binder<'a> {
    pub fn create_sequence(
        &mut self,
        name: &'a QName,
        if_not_exists: bool,
        ty: Option<&'a TypeName>,
        owned_by: Option<&'a QName>,
        options: &[SequenceOption],
    ) {
        let Some(full) = new_name(self.catalog, name, false) else { return };
        if if_not_exists && self.catalog.relations.contains_key(&full) {
            // PostgreSQL looks no further.
            return;
        }
        if !self.missing_schema(name, false) {
            self.taken(&full, at(name), if_not_exists);
        }
        let ty = self.sequence_type(ty);
        if !if_not_exists && self.nowhere(name) {
            return;
        }
        self.no_sequence_name(options);
        self.sequence_options(options, ty, true);
        if let Some(owner) = owned_by {
            self.owned_by(owner);
        }
    }

    /// The type of a sequence; `None`: not known, or refused.
    fn sequence_type(&mut self, ty: Option<&'a TypeName>) -> Option<TypeId> {
        let Some(ty) = ty else { return Some(TypeId::INT8) };
        let Ty::Known(found) = self.type_name(ty) else { return None };
        let opaque = self.type_info(found.id).is_none_or(|it| it.kind == TypeKind::Opaque);
        if matches!(found.id, TypeId::INT2 | TypeId::INT4 | TypeId::INT8) {
            return Some(found.id);
        }
        if !opaque {
            let message = "sequence type must be smallint, integer, or bigint";
            self.report(code::INVALID_PARAMETER_VALUE, ty.range, message);
        }
        None
    }

    pub fn alter_sequence(
        &mut self,
        name: &'a QName,
        if_exists: bool,
        ty: Option<&'a TypeName>,
        owned_by: Option<&'a QName>,
        options: &[SequenceOption],
    ) {
        let found = self.object(name, if_exists);
        match &found {
            Object::Relation(relation) if relation.kind != RelationKind::Sequence => {
                if self.is_certain(relation.origin) {
                    let message = format!("cannot open relation \"{}\"", relation.name);
                    self.report(code::WRONG_OBJECT_TYPE, at(name), message);
                }
                return;
            }
            Object::Relation(_) => {}
            Object::Index { .. } if self.is_exact() => {
                let Some(last) = name.last() else { return };
                let message = format!("cannot open relation \"{}\"", last.ident);
                self.report(code::WRONG_OBJECT_TYPE, at(name), message);
                return;
            }
            Object::Missing if if_exists => return,
            Object::Missing => self.missing_relation(name),
            _ => return,
        }
        self.no_sequence_name(options);
        if ty.is_some() && matches!(found, Object::Relation(_)) {
            self.sequence_type(ty);
        }
        self.sequence_options(options, None, false);
        if let Object::Relation(relation) = &found
            && let Some(option) = options.iter().find(|it| it.kind == SequenceOptionKind::OwnedBy)
            && self.is_identity_sequence(relation)
        {
            let message = "cannot change ownership of identity sequence";
            self.report(code::FEATURE_NOT_SUPPORTED, option.range, message);
            return;
        }
        if let Some(owner) = owned_by {
            self.owned_by(owner);
        }
    }

    fn no_sequence_name(&mut self, options: &[SequenceOption]) {
        if let Some(option) = options.iter().find(|it| it.kind == SequenceOptionKind::Name) {
            self.report(code::SYNTAX_ERROR, option.range, "invalid sequence option SEQUENCE NAME");
        }
    }

    /// Whether a sequence belongs to an identity column.
    pub fn is_identity_sequence(&self, sequence: &crate::catalog::Relation) -> bool {
        let owner = sequence.parents.first().and_then(|it| self.catalog.relations.get(it));
        let column = sequence.definition.as_deref();
        self.is_certain(sequence.origin)
            && owner.is_some_and(|it| {
                it.columns.iter().any(|it| Some(it.name.as_str()) == column && it.identity.is_some())
            })
    }

    /// `ty`: of a new sequence.
    pub fn sequence_options(&mut self, options: &[SequenceOption], ty: Option<TypeId>, new: bool) {
        use SequenceOptionKind::{Cache, Increment, Max, Min, NoMax, NoMin, Restart, Start};
        let same = |a: SequenceOptionKind, b: SequenceOptionKind| {
            a == b || matches!((a, b), (Min | NoMin, Min | NoMin) | (Max | NoMax, Max | NoMax))
        };
        for (idx, option) in options.iter().enumerate() {
            if options.iter().take(idx).any(|it| same(it.kind, option.kind)) {
                self.report(code::SYNTAX_ERROR, option.range, "conflicting or redundant options");
                return;
            }
        }
        if let Some((option, odd)) = options.iter().find_map(|it| Some((it, it.odd.as_ref()?))) {
            if odd.contains(['.', 'e', 'E']) {
                let message = format!("invalid input syntax for type bigint: \"{odd}\"");
                self.report(code::INVALID_TEXT_REPRESENTATION, option.range, message);
            } else if odd.bytes().all(|it| it.is_ascii_digit() || it == b'-') {
                let message = format!("value \"{odd}\" is out of range for type bigint");
                self.report(code::NUMERIC_OUT_OF_RANGE, option.range, message);
            }
            return;
        }
        let find = |kind| options.iter().find(|it| it.kind == kind);
        let value = |kind| find(kind).and_then(|it| it.value.map(|value| (value, it.range)));
        let mut refused: Option<(TextRange, String)> = None;
        let mut refuse = |at: TextRange, message: String| {
            refused.get_or_insert((at, message));
        };
        let increment = value(Increment);
        if let Some((0, at)) = increment {
            refuse(at, "INCREMENT must not be zero".into());
        }
        let (low, high, words) = match ty {
            Some(TypeId::INT2) => (i64::from(i16::MIN), i64::from(i16::MAX), "smallint"),
            Some(TypeId::INT4) => (i64::from(i32::MIN), i64::from(i32::MAX), "integer"),
            _ => (i64::MIN, i64::MAX, "bigint"),
        };
        let ascending = increment.is_none_or(|it| it.0 > 0);
        for (kind, name) in [(Max, "MAXVALUE"), (Min, "MINVALUE")] {
            if let Some((number, at)) = value(kind).filter(|it| it.0 < low || it.0 > high) {
                refuse(at, format!("{name} ({number}) is out of range for sequence data type {words}"));
            }
        }
        // What is not said is only known of new sequences.
        let default_max = if ascending { high } else { -1 };
        let default_min = if ascending { 1 } else { low };
        let known = new && ty.is_some();
        let max = value(Max).map(|it| it.0).or(known.then_some(default_max));
        let min = value(Min).map(|it| it.0).or(known.then_some(default_min));
        let place = value(Min).or(value(Max)).map_or_else(TextRange::default, |it| it.1);
        if let (Some(min), Some(max)) = (min, max)
            && min >= max
        {
            refuse(place, format!("MINVALUE ({min}) must be less than MAXVALUE ({max})"));
        }
        let start = value(Start);
        // Without START the first value is one of the bounds.
        let starts = start.map(|it| it.0).or(if !known {
            None
        } else if ascending {
            min
        } else {
            max
        });
        for (what, number, at) in [
            ("START", starts, start.map_or(place, |it| it.1)),
            ("RESTART", value(Restart).map(|it| it.0), value(Restart).map_or(place, |it| it.1)),
        ] {
            let Some(number) = number else { continue };
            if let Some(min) = min.filter(|it| number < *it) {
                refuse(at, format!("{what} value ({number}) cannot be less than MINVALUE ({min})"));
            }
            if let Some(max) = max.filter(|it| number > *it) {
                refuse(at, format!("{what} value ({number}) cannot be greater than MAXVALUE ({max})"));
            }
        }
        if let Some((number, at)) = value(Cache).filter(|it| it.0 <= 0) {
            refuse(at, format!("CACHE ({number}) must be greater than zero"));
        }
        if let Some((at, message)) = refused {
            self.report(code::INVALID_PARAMETER_VALUE, at, message);
        }
    }
}
