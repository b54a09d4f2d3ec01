//! The project as a whole: its databases, their catalogs, and how names lead from file to file.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::file::FileKind;
use super::snapshot::Snapshot;
use crate::base::file::FileId;
use crate::catalog::build::{self, Built};
use crate::facts::ts::Export;
use crate::project::Workspace;
use crate::project::database::{Databases, Membership};
use crate::project::eval::{Evaluator, Memory};
use crate::project::resolve::{Resolved, Resolver};
use crate::sql::{Dialect, Ident};

pub struct Model {
    resolver: Resolver,
    memory: Arc<Memory>,
    pub databases: Databases,
    /// Beside `databases.list`; built when first needed.
    built: Vec<OnceLock<Arc<Built>>>,
    created: OnceLock<BTreeSet<Ident>>,
}

impl Model {
    pub(super) fn new(snap: &Snapshot) -> Model {
        let resolver = Resolver::new(snap);
        let memory = Arc::<Memory>::default();
        let databases = Databases::new(&Evaluator::with_memory(snap, &resolver, Arc::clone(&memory)));
        let built = databases.list.iter().map(|_| OnceLock::new()).collect();
        Model { resolver, memory, databases, built, created: OnceLock::new() }
    }

    /// An evaluator over `snap`, which must be the snapshot that this model belongs to.
    pub fn evaluator<'a>(&'a self, snap: &'a Snapshot) -> Evaluator<'a> {
        Evaluator::with_memory(snap, &self.resolver, Arc::clone(&self.memory))
    }

    /// The catalog of a database, with its migrations replayed.
    pub fn built(&self, snap: &Snapshot, database: usize) -> Option<Arc<Built>> {
        let cell = self.built.get(database)?;
        let source = self.databases.list.get(database)?;
        let build = || {
            let mut built = build::build(&self.evaluator(snap), source, Some(&super::infer::QueryColumns));
            let mut named = BTreeSet::clone(self.created(snap));
            if let Some(config) = &source.config {
                // Its migrator keeps its own record.
                named.insert(Ident::new(config.migrations.table.clone()));
            }
            Arc::make_mut(&mut built.catalog).gaps.named = Arc::new(named);
            Arc::new(built)
        };
        Some(Arc::clone(cell.get_or_init(build)))
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
        (0..self.built.len()).into_par_iter().for_each(|idx| {
            let _ = self.built(snap, idx);
        });
    }

    /// The files that a module re-exports from.
    fn imported(&self, snap: &Snapshot, file: FileId) -> Vec<FileId> {
        let facts = snap.ts_facts(file);
        let exports = facts.0.exports.iter().filter_map(|it| match it {
            Export::From { specifier, .. } | Export::All { specifier } => Some(specifier),
            _ => None,
        });
        let resolve = |specifier: &SmolStr| match self.resolver.resolve(snap, file, specifier) {
            Resolved::File(it) => Some(it),
            _ => None,
        };
        exports.filter_map(resolve).collect()
    }

    /// What scripts, and SQL files that are no history, create in some database when they run.
    fn created(&self, snap: &Snapshot) -> &BTreeSet<Ident> {
        self.created.get_or_init(|| {
            let eval = self.evaluator(snap);
            // What history creates is folded, and may be dropped again.
            let counts = |file: FileId| match FileKind::of(&snap.path(file)) {
                Some(FileKind::Script(_)) => true,
                Some(FileKind::Sql) => {
                    !matches!(self.databases.membership(&eval, file), Membership::History { .. })
                }
                _ => false,
            };
            let all: Vec<FileId> = snap.all_files().into_iter().filter(|it| counts(*it)).collect();
            let names = |file: &FileId| Some(snap.state(*file)?.created_names());
            let found: Vec<_> = all.par_iter().filter_map(names).collect();
            found.iter().flat_map(|it| it.iter().cloned()).collect()
        })
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
