//! Branches of migrations that touch the same: the statements' footprints, as snapshots of version 9 keep them; for MySQL and
//! SQLite, what leads from the snapshot that both follow to the ends of the branches.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::{Folder, Node};
use crate::catalog::kit::steps::{Step, collision, steps};
use crate::catalog::kit::{Footprint, SnapshotHead};

/// So many open ends of the history, the first, are compared with each other.
const N_LEAVES: usize = 12;

/// A statement of the migration at `later`, and one of that at `earlier`, which is in another branch.
pub struct Conflict {
    pub later: usize,
    pub statement: Footprint,
    pub earlier: usize,
    pub other: Footprint,
}

/// For each two ends of the history, the first two statements of their branches that do not go together.
pub fn conflicts(nodes: &[Node]) -> Vec<Conflict> {
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
    let mut res: Vec<(Step9<'_>, Step9<'_>)> = Vec::new();
    for (position, one) in ancestors.iter().enumerate() {
        for two in ancestors.iter().skip(position + 1) {
            let branch = |own: &FxHashSet<&SmolStr>, other: &FxHashSet<&SmolStr>| -> Vec<Step9<'_>> {
                let only = ids.iter().filter(|it| own.contains(**it) && !other.contains(**it));
                let steps = only.filter_map(|it| Some((*places.get(*it)?, head(it)?)));
                steps.flat_map(|(place, it)| it.footprints.iter().map(move |it| (place, it))).collect()
            };
            let (one, two) = (branch(one, two), branch(two, one));
            let found = first(&one, &two).or_else(|| first(&two, &one));
            let Some((left, right)) = found else { continue };
            let pair = if left.0 > right.0 { (left, right) } else { (right, left) };
            let is_known = |it: &(Step9<'_>, Step9<'_>)| {
                std::ptr::eq(it.0.1, pair.0.1) && std::ptr::eq(it.1.1, pair.1.1)
            };
            if !res.iter().any(is_known) {
                res.push(pair);
            }
        }
    }
    let conflict = |(later, earlier): (Step9<'_>, Step9<'_>)| Conflict {
        later: later.0,
        statement: later.1.clone(),
        earlier: earlier.0,
        other: earlier.1.clone(),
    };
    res.into_iter().map(conflict).collect()
}

/// A statement with the place of its migration.
type Step9<'a> = (usize, &'a Footprint);

/// The first statement of one branch that writes what one of the other touches.
fn first<'a>(from: &[Step9<'a>], to: &[Step9<'a>]) -> Option<(Step9<'a>, Step9<'a>)> {
    let mut touching: FxHashMap<&SmolStr, Vec<Step9<'a>>> = FxHashMap::default();
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

/// The same for snapshots that hold the whole schema, of the branch that ends at the folder's own: what the other branches
/// that end before it have done since they parted. Each pair of ends is told once.
pub fn whole(folder: &Folder<'_>) -> Vec<Conflict> {
    // Of several snapshots with one id, the last is read.
    let mut places: FxHashMap<&SmolStr, usize> = FxHashMap::default();
    let heads = || folder.nodes.iter().enumerate().filter_map(|(idx, it)| Some((idx, it.head.as_deref()?)));
    places.extend(heads().map(|(idx, it)| (&it.id, idx)));
    let living = || heads().filter(|(idx, it)| places.get(&it.id) == Some(idx));
    let mut children: FxHashMap<&SmolStr, Vec<usize>> = FxHashMap::default();
    for (idx, head) in living() {
        for it in &head.previous {
            children.entry(it).or_default().push(idx);
        }
    }
    let is_leaf = |it: &SnapshotHead| !children.contains_key(&it.id);
    let Some((own, _)) = living().find(|(idx, it)| *idx == folder.own && is_leaf(it)) else {
        return Vec::new();
    };
    let earlier: FxHashSet<usize> =
        living().filter(|(idx, it)| *idx < own && is_leaf(it)).map(|it| it.0).take(N_LEAVES).collect();
    if earlier.is_empty() {
        return Vec::new();
    }
    let leaves = |child: usize| {
        let (mut found, mut seen, mut stack) = (FxHashSet::default(), FxHashSet::default(), vec![child]);
        while let Some(idx) = stack.pop() {
            if !seen.insert(idx) {
                continue;
            }
            let id = folder.nodes.get(idx).and_then(|it| Some(&it.head.as_ref()?.id));
            match id.and_then(|it| children.get(it)) {
                Some(next) => stack.extend(next),
                None => {
                    found.insert(idx);
                }
            }
        }
        found
    };
    let dialect = folder.database.dialect;
    let text = |idx: usize| {
        let file = folder.nodes.get(idx)?.file;
        folder.look.points_at(file);
        Some(folder.look.snap.state(file)?.text.clone())
    };
    let mut known: FxHashMap<(Option<usize>, usize), Option<Vec<Step>>> = FxHashMap::default();
    let mut res: Vec<Conflict> = Vec::new();
    for (parent, of_parent) in children.iter().filter(|it| it.1.len() > 1) {
        let ends: Vec<FxHashSet<usize>> = of_parent.iter().map(|it| leaves(*it)).collect();
        for one in ends.iter().filter(|it| it.contains(&own)) {
            for two in ends.iter().filter(|it| it.is_disjoint(one)) {
                for &end in two.iter().filter(|it| earlier.contains(*it)) {
                    if res.iter().any(|it| it.earlier == end) {
                        continue;
                    }
                    let from = places.get(parent).copied();
                    for to in [own, end] {
                        known.entry((from, to)).or_insert_with(|| {
                            let start = match from {
                                Some(it) => Some(text(it)?),
                                None => None,
                            };
                            steps(dialect, start.as_deref(), &text(to)?)
                        });
                    }
                    let of = |to: usize| known.get(&(from, to))?.as_deref();
                    let (Some(own_steps), Some(other)) = (of(own), of(end)) else { continue };
                    if let Some((left, right)) = collision(dialect, own_steps, other) {
                        let (statement, other) = (footprint(left), footprint(right));
                        res.push(Conflict { later: own, statement, earlier: end, other });
                    }
                }
            }
        }
    }
    res.sort_by_key(|it| it.earlier);
    res
}

fn footprint(step: &Step) -> Footprint {
    let mut target: Vec<SmolStr> = vec![SmolStr::default(), step.object.clone()];
    target.extend((!step.part.is_empty()).then(|| step.part.clone()));
    Footprint { statement: step.action.into(), target, ..Footprint::default() }
}
