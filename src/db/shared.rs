//! What the snapshots of one world share, so that each goes on where another left off.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::change::Change;
use super::files::{Files, Journal};
use super::found::Found;
use super::kept::Kept;
use super::model::Model;
use super::snapshot::Snapshot;
use crate::base::cancel::Revision;
use crate::base::file::FileId;
use crate::base::memo::Memo;

#[derive(Default)]
pub(super) struct Shared {
    pub journal: Mutex<Journal>,
    /// Of each file the latest analysis.
    pub kept: Memo<FileId, Kept>,
    /// Of each file the latest findings.
    pub found: Memo<FileId, Found>,
    pub counters: Arc<Counters>,
    head: Mutex<Option<Head>>,
}

/// The model that was made last, of whatever snapshot, and what it was made from. Models are made one after the other,
/// each from the one before and what differs: their states form one line, which is what lets findings of one serve
/// in another.
struct Head {
    model: Arc<Model>,
    files: Files,
    roots: Arc<Vec<Arc<str>>>,
    revision: Revision,
}

impl Shared {
    /// The model of a snapshot that has none.
    pub fn model(&self, snap: &Snapshot) -> Arc<Model> {
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        let model = match &*head {
            None => Arc::new(Model::new(snap, None, &self.counters)),
            Some(known) => {
                let files = self.changed(known.revision, &known.files, snap);
                let mut change = Change::between(&known.files, snap, &files, &known.model);
                change.anew |= !Arc::ptr_eq(&known.roots, snap.shared_roots());
                Arc::new(known.model.next(snap, &change))
            }
        };
        let (roots, revision) = (Arc::clone(snap.shared_roots()), snap.revision());
        *head = Some(Head { model: Arc::clone(&model), files: snap.files().clone(), roots, revision });
        model
    }

    /// Some snapshot has a model.
    pub fn has_model(&self) -> bool {
        self.head.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Analyses and analysed texts that are kept.
    pub fn n_kept(&self) -> usize {
        let mut res = self.kept.len();
        self.kept.retain_values(|_, it| {
            res += it.n_units();
            true
        });
        res
    }

    /// The files that differ between a state and a snapshot.
    pub fn changed(&self, revision: Revision, files: &Files, snap: &Snapshot) -> Vec<FileId> {
        let journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        let known = journal.between(revision, snap.revision());
        drop(journal);
        known.unwrap_or_else(|| files.different(snap.files()))
    }
}

/// What was computed since the world was made; for tests and status reports.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub files: AtomicU64,
    pub statements: AtomicU64,
    pub catalogs: AtomicU64,
    pub models: AtomicU64,
}

impl Counters {
    pub fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// How often something was computed since the world was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Files whose SQL was analysed.
    pub files: u64,
    /// Statements and renderings of fragments that were analysed.
    pub statements: u64,
    pub catalogs: u64,
    /// Searches for databases, each through the whole workspace.
    pub models: u64,
    /// Declarations that were evaluated.
    pub declarations: u64,
}
