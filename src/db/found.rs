//! What a room above finds in a file (rules), kept with what it rests on: text, SQL, declarations, names of the catalog.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::analysis::FileAnalysis;
use super::file::FileState;
use super::model::Model;
use super::snapshot::Snapshot;
use crate::base::file::FileId;
use crate::catalog::Catalog;
use crate::catalog::drift::Drift;
use crate::catalog::touched::{Mentions, Touched, Words};
use crate::project::database::{Database, Databases, Membership};
use crate::project::eval::{Deps, Evaluator};

/// What was found in a file.
pub(super) struct Found {
    pub value: Arc<dyn Any + Send + Sync>,
    state: Arc<FileState>,
    analysis: Arc<FileAnalysis>,
    deps: Deps,
    names: Words,
    /// Files with places that the findings point at.
    pointed: Vec<(FileId, Arc<FileState>)>,
    epoch: u64,
    structure: u64,
    databases: Arc<Databases>,
    membership: Membership,
    /// Versions of the catalogs that were looked at.
    versions: Vec<(usize, u64)>,
    drifts: Vec<(usize, Drifts)>,
    /// Any change of those catalogs concerns it.
    any_change: bool,
    /// What migrations had made, where that was looked at.
    replayed: Vec<(usize, Arc<Catalog>)>,
}

/// How far the sources of a database have drifted apart.
type Drifts = Option<Arc<Vec<Drift>>>;

/// A file that is looked at, and what is looked up for it: all of it is noted.
pub struct Look<'a> {
    pub snap: &'a Snapshot,
    pub model: &'a Model,
    pub eval: &'a Evaluator<'a>,
    pub file: FileId,
    pub state: Arc<FileState>,
    /// The file's SQL.
    pub analysis: Arc<FileAnalysis>,
    pub membership: Membership,
    names: RefCell<Words>,
    pointed: RefCell<Vec<FileId>>,
    versions: RefCell<BTreeMap<usize, u64>>,
    drifts: RefCell<Vec<(usize, Drifts)>>,
    any_change: Cell<bool>,
    replayed: RefCell<Vec<(usize, Arc<Catalog>)>>,
}

impl Look<'_> {
    pub fn database(&self, idx: usize) -> Option<&Database> {
        self.model.databases.list.get(idx)
    }

    /// The catalog of a database. Each relation, type or function of it that is looked at, or that might have been
    /// there, must be told to [`Look::note`]; Drizzle's relations, schemas and extensions need no telling.
    pub fn catalog(&self, idx: usize) -> Option<Arc<Catalog>> {
        let known = self.model.known(self.snap, idx)?;
        self.versions.borrow_mut().insert(idx, known.version());
        Some(Arc::clone(&known.built.catalog))
    }

    /// How far the sources of a database have drifted apart.
    pub fn drift(&self, idx: usize) -> Option<Arc<Vec<Drift>>> {
        let res = self.model.drift(self.snap, idx);
        self.drifts.borrow_mut().push((idx, res.clone()));
        res
    }

    /// The state after the last migration of a database.
    pub fn replayed(&self, idx: usize) -> Option<Arc<Catalog>> {
        let last = Arc::clone(&self.model.known(self.snap, idx)?.built.replay.last);
        self.replayed.borrow_mut().push((idx, Arc::clone(&last)));
        Some(last)
    }

    /// All of the catalog is looked at.
    pub fn note_all(&self) {
        self.any_change.set(true);
    }

    /// A relation, type or function of this name, of whatever schema, is looked at.
    pub fn note(&self, name: &str) {
        self.names.borrow_mut().add(name);
    }

    /// A finding shows a place in another file.
    pub fn points_at(&self, file: FileId) {
        let mut pointed = self.pointed.borrow_mut();
        if file != self.file && !pointed.contains(&file) {
            pointed.push(file);
        }
    }
}

/// Looks at a file.
pub(super) fn look<T: Any + Send + Sync>(
    snap: &Snapshot,
    file: FileId,
    state: Arc<FileState>,
    analysis: Arc<FileAnalysis>,
    make: impl FnOnce(&Look<'_>) -> T,
) -> Found {
    let model = snap.model();
    let eval = model.evaluator(snap);
    let membership = model.databases.membership(&eval, file);
    let (names, pointed, versions, drifts, any_change, replayed) = Default::default();
    let look = Look {
        snap,
        model: &model,
        eval: &eval,
        file,
        state,
        analysis,
        membership,
        names,
        pointed,
        versions,
        drifts,
        any_change,
        replayed,
    };
    let value = Arc::new(make(&look));
    let Look { state, analysis, names, pointed, versions, drifts, any_change, replayed, .. } = look;
    let pointed = pointed.into_inner().into_iter().filter_map(|it| Some((it, snap.state(it)?))).collect();
    Found {
        value,
        state,
        analysis,
        deps: eval.deps(),
        names: names.into_inner(),
        pointed,
        epoch: model.memory().epoch(),
        structure: model.structure(),
        databases: Arc::clone(&model.databases),
        membership,
        versions: versions.into_inner().into_iter().collect(),
        drifts: drifts.into_inner(),
        any_change: any_change.get(),
        replayed: replayed.into_inner(),
    }
}

impl Found {
    /// Made of a later state than another.
    pub fn is_newer(&self, other: &Found) -> bool {
        self.epoch >= other.epoch
    }

    /// Whether it is right in a snapshot.
    pub fn holds(&self, snap: &Snapshot, file: FileId) -> bool {
        let model = snap.model();
        let (memory, epoch) = (model.memory(), model.memory().epoch());
        let same_text = |file, known: &Arc<FileState>| {
            snap.state(file).is_some_and(|it| Arc::ptr_eq(&it, known) || it.text == known.text)
        };
        if self.structure != model.structure()
            || self.epoch > epoch
            || !same_text(file, &self.state)
            || !self.pointed.iter().all(|(file, state)| same_text(*file, state))
            || memory.log().touches(&self.deps, self.epoch)
        {
            return false;
        }
        if !Arc::ptr_eq(&self.databases, &model.databases)
            && model.databases.membership(&model.evaluator(snap), file) != self.membership
        {
            return false;
        }
        if !snap.analysis(file).is_ok_and(|it| Arc::ptr_eq(&it, &self.analysis)) {
            return false;
        }
        let same = |a: &Drifts, b: &Drifts| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
            (a, b) => a.is_none() && b.is_none(),
        };
        if !self.drifts.iter().all(|(database, it)| same(it, &model.drift(snap, *database))) {
            return false;
        }
        let same_history = self.replayed.iter().all(|(database, last)| {
            model.known(snap, *database).is_some_and(|it| Arc::ptr_eq(&it.built.replay.last, last))
        });
        same_history
            && self.versions.iter().all(|(database, version)| {
                let known = model.known(snap, *database);
                let touched = known.as_ref().and_then(|it| it.since(*version));
                touched.is_some_and(|it| !it.iter().any(|(_, it)| self.is_concerned(it)))
            })
    }

    fn is_concerned(&self, touched: &Touched) -> bool {
        let mentions = Mentions { words: &self.names, suggests: false, points: true };
        self.any_change && !touched.is_empty()
            || touched.concerns(&mentions)
            || touched.concerns_holes(&self.deps, true)
            || touched.concerns_drizzle()
    }
}
