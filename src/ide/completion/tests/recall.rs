//! Recall: every table and column that a project's SQL names is offered where it is deleted; and what is offered for
//! a name is a name there.

use std::sync::Arc;

use super::super::{Item, ItemKind, completion};
use super::CONFIG;
use crate::base::file::{FileId, InFile};
use crate::base::text::{TextRange, slice};
use crate::db::{Disk, World};
use crate::project::Workspace;
use crate::sema::{Target, code};
use crate::sql::Ident;

struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(path).ok()
    }
}

struct Name {
    file: FileId,
    at: TextRange,
    ident: Ident,
    is_column: bool,
}

/// What was found for the names of a workspace.
#[derive(Debug, Default)]
struct Figures {
    n_names: usize,
    n_offered: usize,
    /// Among the first one, five and ten.
    ranks: [usize; 3],
    /// The same once the first letter is typed.
    typed: [usize; 3],
    n_accepted: usize,
    broken: Vec<String>,
    missed: Vec<String>,
    far: Vec<String>,
    micros: Vec<u128>,
}

fn open(dir: &str) -> World {
    let mut world = World::new(Arc::new(RealDisk), vec![dir.to_owned()]);
    for file in crate::load::walk(&[dir.to_owned()]) {
        world.file_on_disk(&file);
    }
    world
}

fn names(world: &mut World) -> Vec<Name> {
    let snap = world.snapshot();
    let mut res: Vec<Name> = Vec::new();
    for file in snap.all_files() {
        let Ok(analysis) = snap.analysis(file) else { continue };
        let text = snap.text(file).unwrap_or_default();
        for unit in &analysis.units {
            // What is wrong already is not to be offered.
            let wrong =
                |at: TextRange| unit.analysis.problems.iter().any(|it| it.range.intersect(at).is_some());
            for reference in &unit.analysis.references {
                let (ident, is_column) = match &reference.target {
                    Target::Relation(name) => (name.name.clone(), false),
                    Target::Column(_, name) => (name.clone(), true),
                    _ => continue,
                };
                let Some(at) = unit.placement.to_host_exact(reference.range) else { continue };
                let written = Ident::from_source(slice(&text, at));
                if written == ident && !wrong(reference.range) && unit.parsed.error.is_none() {
                    res.push(Name { file, at, ident, is_column });
                }
            }
        }
    }
    res.sort_by_key(|it| (it.file, it.at.start()));
    res.dedup_by_key(|it| (it.file, it.at.start()));
    res
}

fn names_it(item: &Item, name: &Name) -> bool {
    let kinds: &[ItemKind] = match name.is_column {
        true => &[ItemKind::Column, ItemKind::Alias],
        false => &[ItemKind::Table, ItemKind::View, ItemKind::Alias],
    };
    let last = item.label.rsplit('.').next().unwrap_or(&item.label);
    kinds.contains(&item.kind) && last == name.ident.as_str()
        || item.kind == ItemKind::Join && item.filter.as_deref() == Some(name.ident.as_str())
}

fn measure(dir: &str, step: usize, n_accept: usize) -> Figures {
    let mut world = open(dir);
    let names = names(&mut world);
    let mut res = Figures::default();
    for (nth, name) in names.iter().step_by(step.max(1)).enumerate() {
        let snap = world.snapshot();
        let path = snap.path(name.file);
        let text = snap.text(name.file).unwrap_or_default();
        let written = slice(&text, name.at).to_owned();
        let (start, end) = (usize::from(name.at.start()), usize::from(name.at.end()));
        let mut shown = |world: &mut World, typed: &str| {
            let mut changed = text.to_string();
            changed.replace_range(start..end, typed);
            world.set_overlay(&path, changed.as_str().into());
            let snap = world.snapshot();
            let _ = snap.model();
            let pos = InFile::new(name.file, name.at.start() + crate::base::text::TextSize::of(typed));
            let begin = std::time::Instant::now();
            let items = completion(&snap, pos, CONFIG).ok().flatten().map(|it| it.items).unwrap_or_default();
            res.micros.push(begin.elapsed().as_micros());
            (items, changed)
        };
        res.n_names += 1;
        let (items, changed) = shown(&mut world, "");
        let rank = items.iter().position(|it| names_it(it, name));
        let first: String = written.chars().take(1).filter(|it| it.is_alphabetic()).collect();
        let typed_rank = match first.is_empty() {
            true => rank,
            false => shown(&mut world, &first).0.iter().position(|it| names_it(it, name)),
        };
        for (ranks, rank) in [(&mut res.ranks, rank), (&mut res.typed, typed_rank)] {
            for (count, limit) in ranks.iter_mut().zip([1, 5, 10]) {
                *count += usize::from(rank.is_some_and(|it| it < limit));
            }
        }
        if typed_rank.is_none_or(|it| it >= 10) {
            let line = text[..start].matches('\n').count() + 1;
            res.far.push(format!("{path}:{line} {written} at {typed_rank:?} with {first}"));
        }
        match rank {
            Some(_) => res.n_offered += 1,
            None => {
                let line = text[..start].matches('\n').count() + 1;
                let kind = if name.is_column { "column" } else { "table" };
                res.missed.push(format!("{path}:{line} {kind} {written} ({} items)", items.len()));
            }
        }
        let accept = items.iter().filter(|it| {
            matches!(it.kind, ItemKind::Column | ItemKind::Table | ItemKind::View) && !it.snippet
        });
        let accept: Vec<&Item> = accept.collect();
        for pick in 0..n_accept.min(accept.len()) {
            let Some(item) = accept.get((nth * 7 + pick * 5) % accept.len()) else { continue };
            // Another table in its place takes the names from the rest of the statement.
            let mut accepted = changed.clone();
            accepted.replace_range(
                usize::from(item.replace.start())..usize::from(item.replace.end()),
                &item.insert,
            );
            world.set_overlay(&path, accepted.as_str().into());
            let snap = world.snapshot();
            let Ok(analysis) = snap.analysis(name.file) else { continue };
            let put =
                TextRange::at(item.replace.start(), crate::base::text::TextSize::of(item.insert.as_str()));
            res.n_accepted += 1;
            for unit in &analysis.units {
                for problem in &unit.analysis.problems {
                    let missing = problem.code == code::UNDEFINED_COLUMN
                        || problem.code == code::UNDEFINED_TABLE
                        || problem.code == code::AMBIGUOUS_COLUMN;
                    let here = unit.placement.to_host(problem.range).and_then(|it| it.intersect(put));
                    if missing && here.is_some_and(|it| !it.is_empty()) {
                        let line = text[..start].matches('\n').count() + 1;
                        res.broken.push(format!("{path}:{line} {}: {}", item.insert, problem.message));
                    }
                }
            }
        }
        world.set_overlay(&path, text);
    }
    res
}

fn report(name: &str, figures: &mut Figures) {
    figures.micros.sort_unstable();
    let at = |share: usize| figures.micros.get(figures.micros.len().saturating_sub(1) * share / 100).copied();
    eprintln!(
        "{name}: {} of {} names offered; first {}, five {}, ten {}; with one letter first {}, five {}, ten {}; {} accepted, {} broken; p50 {:?} µs, p99 {:?} µs",
        figures.n_offered,
        figures.n_names,
        figures.ranks[0],
        figures.ranks[1],
        figures.ranks[2],
        figures.typed[0],
        figures.typed[1],
        figures.typed[2],
        figures.n_accepted,
        figures.broken.len(),
        at(50),
        at(99),
    );
    for line in figures
        .missed
        .iter()
        .take(15)
        .chain(figures.broken.iter().take(15))
        .chain(figures.far.iter().take(12))
    {
        eprintln!("  {line}");
    }
}

#[test]
fn names_of_the_sample_are_offered() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workspaces/blog");
    let mut figures = measure(dir, 1, 1);
    report("sample", &mut figures);
    assert!(figures.n_names > 100);
    assert_eq!(figures.broken, Vec::<String>::new());
    assert_eq!(figures.missed, Vec::<String>::new());
}

#[test]
fn names_of_real_projects_are_offered() {
    let Ok(dir) = std::env::var("COLUMNIST_PROJECTS") else { return };
    let only = std::env::var("COLUMNIST_PROJECT").ok();
    let mut all: Vec<_> = std::fs::read_dir(&dir).map(|it| it.flatten().collect()).unwrap_or_default();
    all.sort_by_key(std::fs::DirEntry::path);
    for entry in all {
        let path = entry.path().to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|it| !path.ends_with(it.as_str())) {
            continue;
        }
        let n = names(&mut open(&path)).len();
        if n > 0 {
            let mut figures = measure(&path, n / 100 + 1, 1);
            report(&path, &mut figures);
        }
    }
}
