//! The project as a whole: its databases, their catalogs, and how names lead from file to file.
//!
//! A model is made from the one before and what differs ([`Change`]): as long as nothing touches what makes the
//! databases, it is a handful of `Arc`s of the old one, and what evaluation has found out and the catalogs hold as far
//! as nothing they rest on has changed.

mod catalogs;
mod created;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::change::Change;
use super::drivers::DriverUse;
use super::file::FileKind;
use super::shared::Counters;
use super::snapshot::Snapshot;
use crate::base::file::FileId;
use crate::catalog::build::Built;
use crate::catalog::drift::Drift;
use crate::facts::ts::Export;
use crate::project::Workspace;
use crate::project::database::{Databases, Membership};
use crate::project::eval::{Deps, Evaluator, Memory};
use crate::project::resolve::{Resolved, Resolver};
use crate::sql::Dialect;
use catalogs::Cell;
pub(super) use catalogs::Known;
use created::Created;

pub struct Model {
    structure: Arc<Structure>,
    pub databases: Arc<Databases>,
    memory: Arc<Memory>,
    /// Beside `databases.list`.
    catalogs: Vec<Cell>,
    created: OnceLock<Arc<Created>>,
    counters: Arc<Counters>,
}

/// What depends on which files there are and on their configuration.
struct Structure {
    /// No other structure of the process has it.
    id: u64,
    resolver: Resolver,
    /// What the databases were found by.
    deps: Deps,
    epoch: u64,
    /// The scripts that say something of drivers.
    drivers: Vec<(FileId, Arc<DriverUse>)>,
    /// Somebody has looked at every file for it.
    prepared: AtomicBool,
}

impl Model {
    /// So many epochs lie between two sweeps of what evaluation has found out.
    const SWEEP: u64 = 512;

    /// Searches the workspace. `before`: an earlier model, whose catalogs the new ones are compared to.
    pub(super) fn new(snap: &Snapshot, before: Option<&Model>, counters: &Arc<Counters>) -> Model {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Counters::add(&counters.models);
        let resolver = Resolver::new(snap);
        let memory = Arc::new(before.map_or_else(Memory::default, |it| it.memory.renewed()));
        let eval = Evaluator::with_memory(snap, &resolver, Arc::clone(&memory));
        let databases = Arc::new(Databases::new(&eval));
        let (deps, epoch) = (eval.deps(), memory.epoch());
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let catalogs = databases.list.iter().map(|it| Cell::new(it, before)).collect();
        let is_script = |it: &FileId| matches!(FileKind::of(&snap.path(*it)), Some(FileKind::Script(_)));
        let drivers = |it: FileId| Some((it, snap.state(it)?.drivers()));
        let drivers = snap.all_files().into_iter().filter(is_script).filter_map(drivers);
        let drivers = drivers.filter(|it| !it.1.is_nothing()).collect();
        let prepared = AtomicBool::new(false);
        Model {
            structure: Arc::new(Structure { id, resolver, deps, epoch, drivers, prepared }),
            databases,
            memory,
            catalogs,
            created: OnceLock::new(),
            counters: Arc::clone(counters),
        }
    }

    /// The model of another state of the workspace.
    pub(super) fn next(&self, snap: &Snapshot, change: &Change) -> Model {
        let anew = || Model::new(snap, Some(self), &self.counters);
        if change.anew {
            return anew();
        }
        let memory = self.memory.next(|epoch, log| {
            for (file, parts) in &change.parts {
                log.record(epoch, *file, parts.as_deref());
            }
        });
        let log = memory.log();
        if log.touches(&self.structure.deps, self.structure.epoch) {
            return anew();
        }
        if memory.epoch().is_multiple_of(Model::SWEEP) {
            memory.sweep();
            self.structure.resolver.sweep();
        }
        let has_several = self.databases.list.len() > 1;
        let imports = self.databases.imports_rest_on();
        let same_imports = !change.imports && imports.is_some_and(|it| !log.touches(it, self.memory.epoch()));
        let mut databases = if has_several && !same_imports {
            Arc::new(self.databases.without_imports())
        } else {
            Arc::clone(&self.databases)
        };
        if !change.moved.is_empty() {
            databases = Arc::new(databases.with_moved(snap, &change.moved));
        }
        let created = match self.created.get() {
            Some(known) => OnceLock::from(Created::after(known, &self.databases, change)),
            None => OnceLock::new(),
        };
        let catalogs = self.catalogs.iter().map(|it| it.next(self.memory.epoch())).collect();
        Model {
            structure: Arc::clone(&self.structure),
            databases,
            memory: Arc::new(memory),
            catalogs,
            created,
            counters: Arc::clone(&self.counters),
        }
    }

    /// An evaluator over `snap`, which must be the snapshot that this model belongs to.
    pub fn evaluator<'a>(&'a self, snap: &'a Snapshot) -> Evaluator<'a> {
        Evaluator::with_memory(snap, &self.structure.resolver, Arc::clone(&self.memory))
    }

    /// What the workspace's scripts say of drizzle-orm's drivers. Findings need no note of it.
    pub fn drivers(&self) -> &[(FileId, Arc<DriverUse>)] {
        &self.structure.drivers
    }

    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Changes when the files of the workspace or its configuration do.
    pub(super) fn structure(&self) -> u64 {
        self.structure.id
    }

    /// The catalog of a database, with its migrations replayed.
    pub fn built(&self, snap: &Snapshot, database: usize) -> Option<Arc<Built>> {
        Some(Arc::clone(&self.known(snap, database)?.built))
    }

    /// How far the sources of a database have drifted apart; `None` where there is nothing to compare. Kept as long as
    /// its catalog is.
    pub fn drift(&self, snap: &Snapshot, database: usize) -> Option<Arc<Vec<Drift>>> {
        let source = self.databases.list.get(database)?;
        self.known(snap, database)?.drift(snap, source)
    }

    pub(super) fn known(&self, snap: &Snapshot, database: usize) -> Option<&Arc<Known>> {
        let source = self.databases.list.get(database)?;
        Some(self.catalogs.get(database)?.get(|before| catalogs::build(self, snap, source, before)))
    }

    /// See [`Snapshot::prepare`].
    pub(super) fn prepare(&self, snap: &Snapshot) {
        let eval = self.evaluator(snap);
        self.databases.prepare(&eval);
        let mut seen = FxHashSet::default();
        let mut level: Vec<FileId> =
            self.databases.list.iter().flat_map(|it| it.schema_files.iter().copied()).collect();
        while !level.is_empty() {
            level.retain(|it| seen.insert(*it));
            let next: Vec<Vec<FileId>> = level.par_iter().map(|it| self.imported(snap, *it)).collect();
            level = next.into_iter().flatten().collect();
        }
        let _ = self.created(snap);
        (0..self.catalogs.len()).into_par_iter().for_each(|idx| {
            let _ = self.known(snap, idx);
        });
        self.structure.prepared.store(true, Ordering::Relaxed);
    }

    /// An earlier model was prepared and this one goes on from there.
    pub(super) fn is_prepared(&self) -> bool {
        self.structure.prepared.load(Ordering::Relaxed)
    }

    /// The files that a module re-exports from.
    fn imported(&self, snap: &Snapshot, file: FileId) -> Vec<FileId> {
        let facts = snap.ts_facts(file);
        let exports = facts.0.exports.iter().filter_map(|it| match it {
            Export::From { specifier, .. } | Export::All { specifier } => Some(specifier),
            _ => None,
        });
        let resolve = |specifier: &SmolStr| match self.structure.resolver.resolve(snap, file, specifier) {
            Resolved::File(it) => Some(it),
            _ => None,
        };
        exports.filter_map(resolve).collect()
    }

    /// What scripts, and SQL files that are no history, create in some database when they run.
    fn created(&self, snap: &Snapshot) -> &Arc<Created> {
        self.created.get_or_init(|| Arc::new(Created::new(snap, &self.databases)))
    }

    pub fn membership(&self, snap: &Snapshot, file: FileId) -> Membership {
        self.databases.membership(&self.evaluator(snap), file)
    }

    /// The dialect of the database that a file belongs to; PostgreSQL for one that belongs to none.
    pub fn dialect_of(&self, snap: &Snapshot, file: FileId) -> Dialect {
        let database = match self.membership(snap, file) {
            Membership::Database(database) | Membership::History { database, .. } => database,
            Membership::None(_) => return Dialect::default(),
        };
        self.databases.list.get(database).map_or(Dialect::default(), |it| it.dialect)
    }
}
