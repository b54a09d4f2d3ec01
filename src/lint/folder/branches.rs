//! Branches of migrations that touch the same: the statements' footprints, as snapshots of version 9 keep them.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::Node;
use crate::catalog::kit::Footprint;

/// So many open ends of the history, the first, are compared with each other.
const N_LEAVES: usize = 12;

/// A statement of the migration at `later`, and one of that at `earlier`, which is in another branch.
pub struct Conflict<'a> {
    pub later: usize,
    pub statement: &'a Footprint,
    pub earlier: usize,
    pub other: &'a Footprint,
}

/// For each two ends of the history, the first two statements of their branches that do not go together.
pub fn conflicts(nodes: &[Node]) -> Vec<Conflict<'_>> {
    // Of several snapshots with one id, the last is read, at the place of the first.
    let mut ids: Vec<&SmolStr> = Vec::new();
    let mut places: FxHashMap<&SmolStr, usize> = FxHashMap::default();
    for (idx, head) in nodes.iter().enumerate().filter_map(|(idx, it)| Some((idx, it.head.as_ref()?))) {
        if places.insert(&head.id, idx).is_none() {
            ids.push(&head.id);
        }
    }
    let head = |id: &SmolStr| nodes.get(*places.get(id)?)?.head.as_ref();
    let parents: FxHashSet<&SmolStr> =
        ids.iter().filter_map(|it| head(it)).flat_map(|it| &it.previous).collect();
    let leaves: Vec<&SmolStr> =
        ids.iter().copied().filter(|it| !parents.contains(it)).take(N_LEAVES).collect();
    if leaves.len() < 2 {
        return Vec::new();
    }
    let ancestors: Vec<FxHashSet<&SmolStr>> = leaves
        .iter()
        .map(|leaf| {
            let (mut found, mut stack) = (FxHashSet::default(), vec![*leaf]);
            while let Some(id) = stack.pop() {
                if let Some(head) = head(id).filter(|_| found.insert(id)) {
                    stack.extend(&head.previous);
                }
            }
            found
        })
        .collect();
    let mut res: Vec<Conflict<'_>> = Vec::new();
    for (position, one) in ancestors.iter().enumerate() {
        for two in ancestors.iter().skip(position + 1) {
            let branch = |own: &FxHashSet<&SmolStr>, other: &FxHashSet<&SmolStr>| -> Vec<Step<'_>> {
                let only = ids.iter().filter(|it| own.contains(**it) && !other.contains(**it));
                let steps = only.filter_map(|it| Some((*places.get(*it)?, head(it)?)));
                steps.flat_map(|(place, it)| it.footprints.iter().map(move |it| (place, it))).collect()
            };
            let (one, two) = (branch(one, two), branch(two, one));
            let found = first(&one, &two).or_else(|| first(&two, &one));
            let Some((left, right)) = found else { continue };
            let (later, earlier) = if left.0 > right.0 { (left, right) } else { (right, left) };
            let conflict =
                Conflict { later: later.0, statement: later.1, earlier: earlier.0, other: earlier.1 };
            let is_known = |it: &Conflict<'_>| {
                std::ptr::eq(it.statement, conflict.statement) && std::ptr::eq(it.other, conflict.other)
            };
            if !res.iter().any(is_known) {
                res.push(conflict);
            }
        }
    }
    res
}

/// A statement with the place of its migration.
type Step<'a> = (usize, &'a Footprint);

/// The first statement of one branch that writes what one of the other touches.
fn first<'a>(from: &[Step<'a>], to: &[Step<'a>]) -> Option<(Step<'a>, Step<'a>)> {
    let mut touching: FxHashMap<&SmolStr, Vec<Step<'a>>> = FxHashMap::default();
    for step in to {
        for it in step.1.writes.iter().chain(&step.1.reads) {
            touching.entry(it).or_default().push(*step);
        }
    }
    from.iter().find_map(|step| {
        step.1.writes.iter().chain(&step.1.shared_writes).find_map(|it| {
            let others = touching.get(it)?;
            let other = others.iter().rev().find(|it| !is_same_change(step.1, it.1))?;
            Some((*step, *other))
        })
    })
}

fn is_same_change(a: &Footprint, b: &Footprint) -> bool {
    a.sql_hash.is_some() && a.statement == b.statement && a.sql_hash == b.sql_hash
}
