//! The catalog of one database from model to model: kept, patched, or built anew from where it changed; with what each
//! new one differs in from the one before.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::super::infer::QueryColumns;
use super::super::shared::Counters;
use super::super::snapshot::Snapshot;
use super::Model;
use super::created::Created;
use crate::catalog::Catalog;
use crate::catalog::build::{self, Base, Built};
use crate::catalog::drift::{self, Drift};
use crate::catalog::touched::Touched;
use crate::project::Workspace;
use crate::project::database::Database;
use crate::project::eval::{Dep, Deps};
use crate::sql::Ident;

/// A database as it is known, and what that rests on.
pub(in crate::db) struct Known {
    pub built: Arc<Built>,
    deps: Deps,
    /// What code creates, as it was counted.
    created: Arc<Created>,
    /// How far its sources have drifted apart, once somebody asked.
    drift: OnceLock<Option<Arc<Vec<Drift>>>>,
    /// The versions of the catalog that led to this one, each with what it changed; its own is the last.
    line: Arc<Vec<(u64, Arc<Touched>)>>,
}

impl Known {
    /// So many versions are remembered.
    const MAX_LINE: usize = 64;

    /// No other catalog of the process has it.
    pub fn version(&self) -> u64 {
        self.line.last().map_or(0, |it| it.0)
    }

    /// See [`Model::drift`].
    pub fn drift(&self, snap: &Snapshot, source: &Database) -> Option<Arc<Vec<Drift>>> {
        // `column.getSQLType = …`
        let writes_types = || {
            let mut texts = snap.files().all().filter_map(|it| Workspace::text(snap, it));
            texts.any(|it| memchr::memmem::find(it.as_bytes(), b".getSQLType =").is_some())
        };
        let drift = || drift::drift(source, &self.built, &writes_types).map(Arc::new);
        self.drift.get_or_init(drift).clone()
    }

    /// What has changed since a version; `None`: it is none of those that led here.
    pub fn since(&self, version: u64) -> Option<&[(u64, Arc<Touched>)]> {
        let at = self.line.iter().position(|it| it.0 == version)?;
        self.line.get(at + 1..)
    }
}

/// The place of a catalog in a model.
pub(super) struct Cell {
    /// The name of the database.
    name: smol_str::SmolStr,
    now: OnceLock<Arc<Known>>,
    before: Option<Before>,
}

/// An earlier catalog of the database.
#[derive(Clone)]
pub(super) struct Before {
    known: Arc<Known>,
    /// The epoch in which it was right, where the database was made of the same files.
    epoch: Option<u64>,
}

impl Cell {
    pub fn new(database: &Database, model: Option<&Model>) -> Cell {
        let same = model.and_then(|it| it.catalogs.iter().find(|it| it.name == database.name));
        let known = same.and_then(|it| it.now.get().or(it.before.as_ref().map(|it| &it.known)));
        let before = known.map(|it| Before { known: Arc::clone(it), epoch: None });
        Cell { name: database.name.clone(), now: OnceLock::new(), before }
    }

    /// The place in the next model, `epoch` being that of this one.
    pub fn next(&self, epoch: u64) -> Cell {
        let before = match self.now.get() {
            Some(known) => Some(Before { known: Arc::clone(known), epoch: Some(epoch) }),
            None => self.before.clone(),
        };
        Cell { name: self.name.clone(), now: OnceLock::new(), before }
    }

    pub fn get(&self, build: impl FnOnce(Option<&Before>) -> Arc<Known>) -> &Arc<Known> {
        self.now.get_or_init(|| build(self.before.as_ref()))
    }
}

/// The catalog as it is now.
pub(super) fn build(
    model: &Model,
    snap: &Snapshot,
    source: &Database,
    before: Option<&Before>,
) -> Arc<Known> {
    let log = model.memory.log();
    let unchanged = before.filter(|it| it.epoch.is_some_and(|epoch| !log.touches(&it.known.deps, epoch)));
    let created = Arc::clone(model.created(snap));
    if let Some(before) = unchanged
        && created.is(&before.known.created)
    {
        return Arc::clone(&before.known);
    }
    let named = named(created.names(), source, before.map(|it| &*it.known.built.catalog));
    let (mut built, deps) = match unchanged {
        Some(before) => (Built::clone(&before.known.built), before.known.deps.clone()),
        None => anew(model, snap, source, before),
    };
    let gaps = &mut Arc::make_mut(&mut built.catalog).gaps;
    gaps.named = named;
    gaps.keyed = Arc::clone(created.keyed());
    gaps.added = Arc::clone(created.added());
    gaps.schemas = Arc::clone(created.schemas());
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let version = || NEXT.fetch_add(1, Ordering::Relaxed);
    let Some(before) = before else {
        let line = Arc::new(vec![(version(), Arc::default())]);
        return Arc::new(Known { built: Arc::new(built), deps, created, drift: OnceLock::new(), line });
    };
    let touched = Touched::between(&before.known.built.catalog, &built.catalog);
    if touched.is_empty() {
        // Whoever holds the old one holds the new one.
        built.catalog = Arc::clone(&before.known.built.catalog);
        return Arc::new(Known {
            built: Arc::new(built),
            deps,
            created,
            drift: OnceLock::new(),
            line: Arc::clone(&before.known.line),
        });
    }
    let skip = (before.known.line.len() + 1).saturating_sub(Known::MAX_LINE);
    let mut line: Vec<(u64, Arc<Touched>)> = before.known.line.iter().skip(skip).cloned().collect();
    line.push((version(), Arc::new(touched)));
    Arc::new(Known { built: Arc::new(built), deps, created, drift: OnceLock::new(), line: Arc::new(line) })
}

/// Reads the sources again, those that changed.
fn anew(model: &Model, snap: &Snapshot, source: &Database, before: Option<&Before>) -> (Built, Deps) {
    Counters::add(&model.counters.catalogs);
    let eval = model.evaluator(snap);
    let steps = source.migrations.iter().flat_map(|it| &it.steps).map(|it| it.file);
    for file in steps.chain(source.sql_files.iter().copied()) {
        eval.note(Dep::sql(file));
    }
    let log = model.memory.log();
    let base = before.and_then(|it| Some((it, it.epoch?)));
    let built = match base {
        Some((before, epoch)) => {
            let same = |file| !log.touches_one(file, Dep::sql(file), epoch);
            let holds = |deps: &Deps| !log.touches(deps, epoch);
            let base = Base { built: &before.known.built, same: &same, holds: &holds };
            build::build_from(&eval, source, Some(&QueryColumns), Some(&base))
        }
        None => build::build(&eval, source, Some(&QueryColumns)),
    };
    (built, eval.deps())
}

/// Names that code creates, and the table of the migrator, which keeps its own record; those of `known`, if they are
/// the same.
fn named(created: &Arc<BTreeSet<Ident>>, source: &Database, known: Option<&Catalog>) -> Arc<BTreeSet<Ident>> {
    let mut res = BTreeSet::clone(created);
    res.extend(source.config.as_ref().map(|it| Ident::new(it.migrations.table.clone())));
    match known.map(|it| &it.gaps.named).filter(|it| ***it == res) {
        Some(known) => Arc::clone(known),
        None => Arc::new(res),
    }
}
