//! Polymorphic pseudo-types (manual §36.2.5): `check_generic_type_consistency` and
//! `enforce_generic_type_consistency`.

use smallvec::SmallVec;

use super::coerce::Cx;
use super::{CoercionContext, Refusal, common};
use crate::catalog::types::format_type_id;
use crate::catalog::{TypeId, TypeKind};
use crate::sema::code;

type Types = SmallVec<[TypeId; 4]>;

/// `IsPolymorphicType`.
pub fn is_polymorphic(id: TypeId) -> bool {
    is_family_one(id) || is_family_two(id)
}

fn is_family_one(id: TypeId) -> bool {
    matches!(
        id,
        TypeId::ANYELEMENT
            | TypeId::ANYARRAY
            | TypeId::ANYNONARRAY
            | TypeId::ANYENUM
            | TypeId::ANYRANGE
            | TypeId::ANYMULTIRANGE
    )
}

fn is_family_two(id: TypeId) -> bool {
    matches!(
        id,
        TypeId::ANYCOMPATIBLE
            | TypeId::ANYCOMPATIBLEARRAY
            | TypeId::ANYCOMPATIBLENONARRAY
            | TypeId::ANYCOMPATIBLERANGE
            | TypeId::ANYCOMPATIBLEMULTIRANGE
    )
}

/// Whether actual types fit polymorphic parameters together. Other parameters are not looked at.
pub fn check(cx: &Cx<'_>, actual: &[TypeId], declared: &[TypeId]) -> bool {
    Bindings::collect(cx, actual, declared).is_some_and(|it| it.fits(cx))
}

/// What polymorphic parameters and the result become; `declared` is changed to the types that the arguments are converted
/// to. Untouched where nothing is polymorphic.
pub fn enforce(
    cx: &Cx<'_>,
    actual: &[TypeId],
    declared: &mut [TypeId],
    result: TypeId,
) -> Result<TypeId, Refusal> {
    let n_one = declared.iter().filter(|it| is_family_one(**it)).count();
    let have_two = declared.iter().any(|it| is_family_two(*it));
    if n_one == 0 && !have_two {
        return Ok(result);
    }
    let Some(mut bound) = Bindings::collect(cx, actual, declared) else {
        return Err(mismatch("arguments declared \"anyelement\" are not all alike"));
    };
    if bound.array == TypeId::ANYARRAY {
        if n_one != 1 || (result != TypeId::ANYARRAY && is_family_one(result)) {
            return Err(mismatch("cannot determine element type of \"anyarray\" argument"));
        }
        bound.elem = TypeId::ANYELEMENT;
    } else if !bound.fits(cx) {
        return Err(mismatch("arguments declared \"anyelement\" are not all alike"));
    }
    bound.complete(cx);
    if n_one > 0 && bound.elem.is_none() {
        return Err(mismatch("could not determine polymorphic type because input has type unknown"));
    }
    let two = if have_two { bound.common(cx) } else { TypeId::NONE };

    for (declared, actual) in declared.iter_mut().zip(actual.iter().copied()) {
        if !is_polymorphic(*declared) {
            continue;
        }
        *declared = match *declared {
            TypeId::ANYELEMENT | TypeId::ANYNONARRAY | TypeId::ANYENUM => bound.elem,
            // A domain over an array is used as the array.
            TypeId::ANYARRAY if actual != TypeId::UNKNOWN => cx.base(actual),
            TypeId::ANYRANGE | TypeId::ANYMULTIRANGE if actual != TypeId::UNKNOWN => cx.base(actual),
            other => bound.result(cx, other, two)?,
        };
    }
    if is_polymorphic(result) { bound.result(cx, result, two) } else { Ok(result) }
}

fn mismatch(message: &str) -> Refusal {
    Refusal { code: code::DATATYPE_MISMATCH, message: message.to_owned(), hint: None }
}

/// What the arguments say about each family; [`TypeId::NONE`] where nothing.
#[derive(Default)]
struct Bindings {
    elem: TypeId,
    array: TypeId,
    range: TypeId,
    multirange: TypeId,
    nonarray: bool,
    enum_: bool,
    compatible: Types,
    compatible_range: TypeId,
    compatible_multirange: TypeId,
    compatible_nonarray: bool,
}

impl Bindings {
    /// `None`: two arguments contradict each other at once.
    fn collect(cx: &Cx<'_>, actual: &[TypeId], declared: &[TypeId]) -> Option<Bindings> {
        let mut res = Bindings::default();
        for (actual, declared) in actual.iter().copied().zip(declared.iter().copied()) {
            match declared {
                TypeId::ANYNONARRAY => res.nonarray = true,
                TypeId::ANYENUM => res.enum_ = true,
                TypeId::ANYCOMPATIBLENONARRAY => res.compatible_nonarray = true,
                _ => {}
            }
            if actual == TypeId::UNKNOWN {
                continue;
            }
            match declared {
                TypeId::ANYELEMENT | TypeId::ANYNONARRAY | TypeId::ANYENUM => bind(&mut res.elem, actual)?,
                TypeId::ANYARRAY => bind(&mut res.array, cx.base(actual))?,
                TypeId::ANYRANGE => bind(&mut res.range, cx.base(actual))?,
                TypeId::ANYMULTIRANGE => bind(&mut res.multirange, cx.base(actual))?,
                TypeId::ANYCOMPATIBLE | TypeId::ANYCOMPATIBLENONARRAY => res.compatible.push(actual),
                TypeId::ANYCOMPATIBLEARRAY => res.compatible.push(cx.element(cx.base(actual))?),
                TypeId::ANYCOMPATIBLERANGE => {
                    let actual = cx.base(actual);
                    if res.compatible_range.is_none() {
                        res.compatible.push(range_subtype(cx, actual)?);
                    }
                    bind(&mut res.compatible_range, actual)?;
                }
                TypeId::ANYCOMPATIBLEMULTIRANGE => {
                    let actual = cx.base(actual);
                    if res.compatible_multirange.is_none() {
                        let range = multirange_range(cx, actual)?;
                        res.compatible.push(range_subtype(cx, range)?);
                    }
                    bind(&mut res.compatible_multirange, actual)?;
                }
                _ => {}
            }
        }
        Some(res)
    }

    fn fits(&self, cx: &Cx<'_>) -> bool {
        self.family_one_fits(cx).is_some() && self.family_two_fits(cx).is_some()
    }

    fn family_one_fits(&self, cx: &Cx<'_>) -> Option<()> {
        let mut elem = self.elem;
        // `anyarray` itself (pg_statistic's columns) is let through here.
        if !self.array.is_none() && self.array != TypeId::ANYARRAY {
            bind(&mut elem, cx.element(self.array)?)?;
        }
        let mut range = self.range;
        if !self.multirange.is_none() {
            bind(&mut range, multirange_range(cx, self.multirange)?)?;
        }
        if !range.is_none() {
            bind(&mut elem, range_subtype(cx, range)?)?;
        }
        if self.nonarray && !elem.is_none() && cx.element(cx.base(elem)).is_some() {
            return None;
        }
        if self.enum_ {
            if elem.is_none() {
                return None;
            }
            matches!(cx.info(elem)?.kind, TypeKind::Enum { .. } | TypeKind::Opaque).then_some(())?;
        }
        Some(())
    }

    fn family_two_fits(&self, cx: &Cx<'_>) -> Option<()> {
        let mut range = self.compatible_range;
        if !self.compatible_multirange.is_none() {
            bind(&mut range, multirange_range(cx, self.compatible_multirange)?)?;
        }
        if self.compatible.is_empty() {
            return Some(());
        }
        let common = common::of_types(cx, &self.compatible)?;
        let fits = |it: &TypeId| cx.can_coerce(&[*it], &[common], CoercionContext::Implicit);
        if !self.compatible.iter().all(fits) {
            return None;
        }
        if self.compatible_nonarray && cx.element(cx.base(common)).is_some() {
            return None;
        }
        if !range.is_none() && range_subtype(cx, range)? != common {
            return None;
        }
        Some(())
    }

    /// Fills in what follows from the rest.
    fn complete(&mut self, cx: &Cx<'_>) {
        if self.elem.is_none() && !self.array.is_none() {
            self.elem = cx.element(self.array).unwrap_or(TypeId::NONE);
        }
        if self.range.is_none() && !self.multirange.is_none() {
            self.range = multirange_range(cx, self.multirange).unwrap_or(TypeId::NONE);
        }
        if self.elem.is_none() && !self.range.is_none() {
            self.elem = range_subtype(cx, self.range).unwrap_or(TypeId::NONE);
        }
        if self.compatible_range.is_none() && !self.compatible_multirange.is_none() {
            let range = multirange_range(cx, self.compatible_multirange);
            self.compatible_range = range.unwrap_or(TypeId::NONE);
        }
    }

    /// The type of `anycompatible`: text when nothing says otherwise.
    fn common(&self, cx: &Cx<'_>) -> TypeId {
        if self.compatible.is_empty() {
            return TypeId::TEXT;
        }
        common::of_types(cx, &self.compatible).unwrap_or(TypeId::TEXT)
    }

    /// What a polymorphic type stands for.
    fn result(&self, cx: &Cx<'_>, declared: TypeId, two: TypeId) -> Result<TypeId, Refusal> {
        let array_of = |elem: TypeId| {
            cx.catalog.array_type(elem).ok_or_else(|| Refusal {
                code: code::UNDEFINED_OBJECT,
                message: format!(
                    "could not find array type for data type {}",
                    format_type_id(cx.catalog, elem)
                ),
                hint: None,
            })
        };
        let known = |id: TypeId, name: &str| {
            if id.is_none() {
                return Err(mismatch(&format!(
                    "could not determine polymorphic type {name} because input has type unknown"
                )));
            }
            Ok(id)
        };
        match declared {
            TypeId::ANYELEMENT | TypeId::ANYNONARRAY | TypeId::ANYENUM => Ok(self.elem),
            TypeId::ANYARRAY if !self.array.is_none() => Ok(self.array),
            TypeId::ANYARRAY => array_of(self.elem),
            TypeId::ANYRANGE => known(self.range, "anyrange"),
            TypeId::ANYMULTIRANGE if !self.multirange.is_none() => Ok(self.multirange),
            TypeId::ANYMULTIRANGE => {
                let range = known(self.range, "anymultirange")?;
                multirange_of(cx, range).map_or_else(|| known(TypeId::NONE, "anymultirange"), Ok)
            }
            TypeId::ANYCOMPATIBLE | TypeId::ANYCOMPATIBLENONARRAY => Ok(two),
            TypeId::ANYCOMPATIBLEARRAY => array_of(two),
            TypeId::ANYCOMPATIBLERANGE => known(self.compatible_range, "anycompatiblerange"),
            TypeId::ANYCOMPATIBLEMULTIRANGE if !self.compatible_multirange.is_none() => {
                Ok(self.compatible_multirange)
            }
            TypeId::ANYCOMPATIBLEMULTIRANGE => {
                let range = known(self.compatible_range, "anycompatiblemultirange")?;
                multirange_of(cx, range).map_or_else(|| known(TypeId::NONE, "anycompatiblemultirange"), Ok)
            }
            other => Ok(other),
        }
    }
}

/// Sets `slot`, or says that it is set to another type.
fn bind(slot: &mut TypeId, id: TypeId) -> Option<()> {
    if slot.is_none() {
        *slot = id;
    }
    (*slot == id).then_some(())
}

pub fn range_subtype(cx: &Cx<'_>, range: TypeId) -> Option<TypeId> {
    match cx.info(range)?.kind {
        TypeKind::Range { subtype } => Some(subtype),
        _ => None,
    }
}

pub fn multirange_range(cx: &Cx<'_>, multirange: TypeId) -> Option<TypeId> {
    match cx.info(multirange)?.kind {
        TypeKind::Multirange { range } => Some(range),
        _ => None,
    }
}

fn multirange_of(cx: &Cx<'_>, range: TypeId) -> Option<TypeId> {
    let of = |kind: &TypeKind| matches!(kind, TypeKind::Multirange { range: it } if *it == range);
    if range.is_user() {
        return cx.catalog.types.iter().find(|it| of(&it.kind)).map(|it| it.id);
    }
    crate::catalog::pg::all_types().find(|it| of(&it.kind)).map(|it| it.id)
}
