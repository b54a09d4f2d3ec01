//! Choosing among overloads: `func_match_argtypes` and `func_select_candidate` (parse_func.c), which operators use too.

use smallvec::SmallVec;

use super::CoercionContext;
use super::coerce::Cx;
use crate::catalog::TypeId;

pub type Args = SmallVec<[TypeId; 4]>;

/// Those whose parameters all inputs can be converted to implicitly.
pub fn matching<T>(cx: &Cx<'_>, inputs: &[TypeId], candidates: &mut Vec<(Args, T)>) {
    candidates.retain(|it| cx.can_coerce(inputs, &it.0, CoercionContext::Implicit));
}

/// The index of the best of several candidates that all match; `None`: the call is ambiguous.
pub fn best<T>(cx: &Cx<'_>, inputs: &[TypeId], candidates: &[(Args, T)]) -> Option<usize> {
    let is_unknown = |id: &TypeId| *id == TypeId::UNKNOWN;
    let mut bases: Args = inputs.iter().map(|it| if is_unknown(it) { *it } else { cx.base(*it) }).collect();
    let n_unknown = bases.iter().filter(|it| is_unknown(it)).count();
    let args = |idx: usize| candidates.get(idx).map_or(&[][..], |it| &it.0);
    let mut live: SmallVec<[usize; 16]> = (0..candidates.len()).collect();

    // Most exact matches first.
    keep_most(&mut live, |idx| {
        bases.iter().zip(args(idx)).filter(|(base, arg)| !is_unknown(base) && base == arg).count()
    });
    if let [only] = live[..] {
        return Some(only);
    }

    // Then most exact matches or preferred types of the input's category.
    let categories: SmallVec<[char; 4]> = bases.iter().map(|it| cx.category(*it).0).collect();
    keep_most(&mut live, |idx| {
        let slots = bases.iter().zip(args(idx)).zip(&categories);
        slots
            .filter(|((base, arg), category)| {
                !is_unknown(base) && (base == arg || cx.category(**arg) == (**category, true))
            })
            .count()
    });
    if let [only] = live[..] {
        return Some(only);
    }
    if n_unknown == 0 {
        return None;
    }

    // Undecided inputs take the category that the candidates agree on; string wins over disagreement.
    if let Some(slots) = unknown_slots(cx, &bases, &live, args) {
        let kept: SmallVec<[usize; 16]> = live
            .iter()
            .copied()
            .filter(|idx| {
                slots.iter().all(|(slot, category, has_preferred)| {
                    let found = args(*idx).get(*slot).map_or(('X', false), |it| cx.category(*it));
                    found.0 == *category && (!has_preferred || found.1)
                })
            })
            .collect();
        if !kept.is_empty() {
            live = kept;
        }
        if let [only] = live[..] {
            return Some(only);
        }
    }

    // Last: if the known inputs have one type, the undecided ones may have it too.
    if n_unknown < bases.len() {
        let mut known = bases.iter().copied().filter(|it| !is_unknown(it));
        let first = known.next()?;
        if known.all(|it| it == first) {
            bases.iter_mut().for_each(|it| *it = first);
            let mut fitting = live
                .iter()
                .copied()
                .filter(|idx| cx.can_coerce(&bases, args(*idx), CoercionContext::Implicit));
            if let (Some(only), None) = (fitting.next(), fitting.next()) {
                return Some(only);
            }
        }
    }
    None
}

/// For each undecided input: its place, the category to take, whether only preferred types of it stay. `None` when the
/// candidates disagree.
fn unknown_slots<'a>(
    cx: &Cx<'_>,
    bases: &[TypeId],
    live: &[usize],
    args: impl Fn(usize) -> &'a [TypeId],
) -> Option<SmallVec<[(usize, char, bool); 4]>> {
    let mut res = SmallVec::new();
    for (slot, base) in bases.iter().enumerate() {
        if *base != TypeId::UNKNOWN {
            continue;
        }
        let mut chosen: Option<(char, bool)> = None;
        let mut conflict = false;
        for idx in live {
            let (category, preferred) = args(*idx).get(slot).map_or(('X', false), |it| cx.category(*it));
            chosen = match chosen {
                None => Some((category, preferred)),
                Some((it, has)) if it == category => Some((it, has || preferred)),
                Some(_) if category == 'S' => Some((category, preferred)),
                other => {
                    conflict = true;
                    other
                }
            };
        }
        let (category, has_preferred) = chosen?;
        if conflict && category != 'S' {
            return None;
        }
        res.push((slot, category, has_preferred));
    }
    Some(res)
}

/// Keeps those with the highest score.
fn keep_most(live: &mut SmallVec<[usize; 16]>, score: impl Fn(usize) -> usize) {
    let scores: SmallVec<[usize; 16]> = live.iter().map(|it| score(*it)).collect();
    let most = scores.iter().copied().max().unwrap_or(0);
    let mut scores = scores.into_iter();
    live.retain(|_| scores.next() == Some(most));
}
