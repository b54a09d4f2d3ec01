//! One type for several expressions (`select_common_type`, manual §10.5).

use super::coerce::Cx;
use super::{CoercionContext, CommonOutcome, Construct, Refusal};
use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, Type, TypeId};
use crate::sema::{Ty, code};

/// The type that the expressions of a UNION column, CASE, VALUES column, ARRAY, COALESCE, … have together, with the
/// modifier they share. PostgreSQL looks at CASE's ELSE before its WHENs: pass them in that order. `construct` is the word
/// its messages begin with.
pub fn common_type(catalog: &Catalog, types: &[Ty], construct: Construct) -> CommonOutcome {
    let mut ids: smallvec::SmallVec<[TypeId; 8]> = smallvec::SmallVec::new();
    let mut typmod = None;
    for ty in types {
        let Ty::Known(ty) = ty else { return CommonOutcome::Unknown };
        ids.push(ty.id);
        typmod = match typmod {
            None => Some(ty.typmod),
            Some(it) if it == ty.typmod => Some(it),
            Some(_) => Some(-1),
        };
    }
    let cx = Cx::new(catalog);
    let outcome = select(&cx, &ids, construct);
    if cx.unsure.get() {
        return CommonOutcome::Unknown;
    }
    match outcome {
        // A cast may exist that is not known; a category never changes.
        CommonOutcome::CannotConvert { .. } if catalog.gaps.functions => CommonOutcome::Unknown,
        CommonOutcome::Common(ty) => {
            // `select_common_typmod`: only when every expression has the type itself.
            let same = ids.iter().all(|it| *it == ty.id);
            CommonOutcome::Common(Type { id: ty.id, typmod: typmod.filter(|_| same).unwrap_or(-1) })
        }
        other => other,
    }
}

fn select(cx: &Cx<'_>, ids: &[TypeId], construct: Construct) -> CommonOutcome {
    let common = match choose(cx, ids) {
        Ok(common) => common,
        Err((index, so_far)) => {
            let other = cx.base(ids.get(index).copied().unwrap_or(TypeId::UNKNOWN));
            let message = format!(
                "{construct} types {} and {} cannot be matched",
                format_type_id(cx.catalog, so_far),
                format_type_id(cx.catalog, other),
            );
            let refusal = Refusal { code: code::DATATYPE_MISMATCH, message, hint: None };
            return CommonOutcome::Mismatch { index, refusal };
        }
    };
    for (index, id) in ids.iter().enumerate() {
        if !cx.can_coerce(&[*id], &[common], CoercionContext::Implicit) {
            // CASE's own conversion messages name the branch.
            let place = match construct {
                "CASE" if index == 0 => "CASE/ELSE",
                "CASE" => "CASE/WHEN",
                other => other,
            };
            let message = format!(
                "{place} could not convert type {} to {}",
                format_type_id(cx.catalog, *id),
                format_type_id(cx.catalog, common),
            );
            let refusal = Refusal { code: code::CANNOT_COERCE, message, hint: None };
            return CommonOutcome::CannotConvert { index, refusal };
        }
    }
    CommonOutcome::Common(Type::plain(common))
}

/// `select_common_type_from_oids`, `None` where it refuses.
pub(super) fn of_types(cx: &Cx<'_>, ids: &[TypeId]) -> Option<TypeId> {
    choose(cx, ids).ok()
}

/// The common type, or the expression whose category differs and the type chosen until there.
fn choose(cx: &Cx<'_>, ids: &[TypeId]) -> Result<TypeId, (usize, TypeId)> {
    let Some((first, rest)) = ids.split_first() else { return Ok(TypeId::TEXT) };
    if *first != TypeId::UNKNOWN && rest.iter().all(|it| it == first) {
        return Ok(*first);
    }
    let mut chosen = cx.base(*first);
    let (mut category, mut preferred) = cx.category(chosen);
    for (idx, id) in ids.iter().enumerate().skip(1) {
        let next = cx.base(*id);
        if next == TypeId::UNKNOWN || next == chosen {
            continue;
        }
        let (next_category, next_preferred) = cx.category(next);
        let better = || {
            let can = |from, to| cx.can_coerce(&[from], &[to], CoercionContext::Implicit);
            !preferred && can(chosen, next) && !can(next, chosen)
        };
        if chosen == TypeId::UNKNOWN || (next_category == category && better()) {
            (chosen, category, preferred) = (next, next_category, next_preferred);
        } else if next_category != category {
            return Err((idx, chosen));
        }
    }
    // Undecided all over: text.
    Ok(if chosen == TypeId::UNKNOWN { TypeId::TEXT } else { chosen })
}
