//! CREATE and ALTER SEQUENCE (`init_params` of `sequence.c`).

use crate::base::text::TextRange;
use crate::catalog::details::Sequence;
use crate::catalog::{QualifiedName, RelationKind, TypeId, TypeKind};
use crate::sema::{Ty, code};
use crate::sql::Ident;
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
        self.sequence_options(options, ty.map_or(Of::Unknown, Of::New));
        if let Some(owner) = owned_by {
            let n_problems = self.problems.len();
            self.owned_by(owner);
            if self.problems.len() == n_problems {
                self.owned_elsewhere(&full.schema, owner);
            }
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
        let mut changed = None;
        if ty.is_some() && matches!(found, Object::Relation(_)) {
            let n_problems = self.problems.len();
            changed = self.sequence_type(ty);
            if self.problems.len() > n_problems {
                return;
            }
        }
        let known = match &found {
            Object::Relation(it) if self.is_exact() => it.details.sequence,
            _ => None,
        };
        self.sequence_options(options, known.map_or(Of::Unknown, |it| Of::Old(it, changed)));
        if let Object::Relation(relation) = &found
            && let Some(option) = options.iter().find(|it| it.kind == SequenceOptionKind::OwnedBy)
            && self.is_identity_sequence(relation)
        {
            let message = "cannot change ownership of identity sequence";
            self.report(code::FEATURE_NOT_SUPPORTED, option.range, message);
            return;
        }
        if let Some(owner) = owned_by {
            let n_problems = self.problems.len();
            self.owned_by(owner);
            if let Object::Relation(relation) = &found
                && self.problems.len() == n_problems
            {
                self.owned_elsewhere(&relation.schema, owner);
            }
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

    pub fn sequence_options(&mut self, options: &[SequenceOption], of: Of) {
        use SequenceOptionKind::{Max, Min, NoMax, NoMin};
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
        let refused = match of {
            Of::New(ty) => Sequence::with(None, Some(ty), options).err(),
            Of::Old(old, ty) => Sequence::with(Some(old), ty, options).err(),
            Of::Unknown => among_themselves(options),
        };
        if let Some((at, message)) = refused {
            self.report(code::INVALID_PARAMETER_VALUE, at, message);
        }
    }

    /// The options of the sequence of an identity column that is altered.
    pub fn identity_options(&mut self, table: &QualifiedName, column: &Ident, options: &[SequenceOption]) {
        let owned = self.catalog.relations.values().find(|it| {
            it.kind == RelationKind::Sequence
                && it.parents.contains(table)
                && it.definition.as_deref() == Some(column.as_str())
        });
        let known = owned.filter(|it| self.is_exact() && self.is_certain(it.origin));
        let of = known.and_then(|it| it.details.sequence).map_or(Of::Unknown, |it| Of::Old(it, None));
        self.sequence_options(options, of);
    }
}

impl<'a> Binder<'a> {
    /// A sequence and the table that it belongs to are in one schema (`process_owned_by`).
    fn owned_elsewhere(&mut self, sequence: &Ident, owner: &'a QName) {
        let mut table = owner.clone();
        table.parts.pop();
        let Some(last) = table.last() else { return };
        let schema = table.schema().map(|it| &it.ident);
        let crate::catalog::lookup::Lookup::Found(found) =
            crate::catalog::lookup::relation(self.catalog, schema, &last.ident)
        else {
            return;
        };
        if found.schema != *sequence && self.is_exact() {
            let message = "sequence must be in same schema as table it is linked to";
            self.report(code::OBJECT_NOT_IN_STATE, at(owner), message);
        }
    }

    /// `SEQUENCE NAME s` of an identity column: nothing has the name.
    pub fn sequence_name_taken(&mut self, own: &super::table::Own<'_>, options: &[SequenceOption]) {
        let Some(option) = options.iter().find(|it| it.kind == SequenceOptionKind::Name) else { return };
        let text = crate::base::text::slice(self.text, option.range);
        let tokens = crate::sql::token::significant(text);
        let ident = |at: usize| tokens.get(at).map(|it| Ident::from_source(it.text(text)));
        let (Some(name), None) = (ident(2), ident(3)) else { return };
        let full = QualifiedName { schema: own.name.schema.clone(), name };
        let origin = super::name::relation_origin(self.catalog, &full);
        if origin.is_some_and(|it| self.is_certain(it)) && !own.taken {
            let message = format!("relation \"{}\" already exists", full.name);
            self.report(code::DUPLICATE_TABLE, option.range, message);
        }
    }
}

/// What the options are of.
pub enum Of {
    /// A new sequence of a type.
    New(TypeId),
    /// One that is there; the type that it gets.
    Old(Sequence, Option<TypeId>),
    Unknown,
}

/// What of the options alone is wrong whatever the sequence is.
fn among_themselves(options: &[SequenceOption]) -> Option<(TextRange, String)> {
    use SequenceOptionKind::{Cache, Increment, Max, Min, Restart, Start};
    let find = |kind| options.iter().find(|it| it.kind == kind);
    let value = |kind| find(kind).and_then(|it| it.value.map(|value| (value, it.range)));
    if let Some((0, at)) = value(Increment) {
        return Some((at, "INCREMENT must not be zero".into()));
    }
    let (min, max) = (value(Min).map(|it| it.0), value(Max).map(|it| it.0));
    if let (Some(min), Some(max)) = (min, max)
        && min >= max
    {
        let at = value(Min).map(|it| it.1).unwrap_or_default();
        return Some((at, format!("MINVALUE ({min}) must be less than MAXVALUE ({max})")));
    }
    for (what, kind) in [("START", Start), ("RESTART", Restart)] {
        let Some((number, at)) = value(kind) else { continue };
        if let Some(min) = min.filter(|it| number < *it) {
            return Some((at, format!("{what} value ({number}) cannot be less than MINVALUE ({min})")));
        }
        if let Some(max) = max.filter(|it| number > *it) {
            return Some((at, format!("{what} value ({number}) cannot be greater than MAXVALUE ({max})")));
        }
    }
    let (number, at) = value(Cache).filter(|it| it.0 <= 0)?;
    Some((at, format!("CACHE ({number}) must be greater than zero")))
}
