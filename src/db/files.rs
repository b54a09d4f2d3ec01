//! Which files there are, at one moment; cheap to copy, however many there are.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::file::FileState;
use crate::base::cancel::Revision;
use crate::base::file::FileId;

/// One file's slot: known by name, read when first needed.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// `Some(None)`: could not be read.
    pub state: OnceLock<Option<Arc<FileState>>>,
}

/// Every path that was ever seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pub paths: Vec<Arc<str>>,
    pub by_path: BTreeMap<Arc<str>, FileId>,
}

/// The files by number and by path: most of them in a list that is shared, those that changed lately beside it.
#[derive(Debug, Clone, Default)]
pub(super) struct Files {
    pub names: Arc<Names>,
    /// A missing slot: the file was deleted.
    base: Arc<Vec<Option<Arc<Slot>>>>,
    recent: Arc<FxHashMap<FileId, Option<Arc<Slot>>>>,
}

impl Files {
    /// So many files may differ from the shared list before it is made anew.
    const MAX_RECENT: usize = 64;

    pub fn slot(&self, id: FileId) -> Option<&Arc<Slot>> {
        match self.recent.get(&id) {
            Some(slot) => slot.as_ref(),
            None => self.base.get(id.0 as usize)?.as_ref(),
        }
    }

    pub fn path(&self, id: FileId) -> Option<&Arc<str>> {
        self.names.paths.get(id.0 as usize)
    }

    pub fn id(&self, path: &str) -> Option<FileId> {
        self.names.by_path.get(path).copied()
    }

    pub fn all(&self) -> impl Iterator<Item = FileId> + '_ {
        (0..self.names.paths.len() as u32).map(FileId).filter(|it| self.slot(*it).is_some())
    }

    /// The number of a path, now or from now on.
    pub fn intern(&mut self, path: &str) -> FileId {
        if let Some(id) = self.id(path) {
            return id;
        }
        let names = Arc::make_mut(&mut self.names);
        let id = FileId(names.paths.len() as u32);
        let path: Arc<str> = path.into();
        names.paths.push(Arc::clone(&path));
        names.by_path.insert(path, id);
        id
    }

    pub fn set(&mut self, id: FileId, slot: Option<Arc<Slot>>) {
        if let Some(base) = Arc::get_mut(&mut self.base) {
            put(base, id, slot);
            if self.recent.contains_key(&id) {
                Arc::make_mut(&mut self.recent).remove(&id);
            }
            return;
        }
        Arc::make_mut(&mut self.recent).insert(id, slot);
        if self.recent.len() > Files::MAX_RECENT {
            let mut base = Vec::clone(&self.base);
            for (id, slot) in std::mem::take(&mut self.recent).iter() {
                put(&mut base, *id, slot.clone());
            }
            self.base = Arc::new(base);
        }
    }

    /// The files that are not the same in both.
    pub fn different(&self, other: &Files) -> Vec<FileId> {
        let same = |id: FileId| match (self.slot(id), other.slot(id)) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        let n_files = self.names.paths.len().max(other.names.paths.len()) as u32;
        (0..n_files).map(FileId).filter(|it| !same(*it)).collect()
    }
}

fn put(base: &mut Vec<Option<Arc<Slot>>>, id: FileId, slot: Option<Arc<Slot>>) {
    let idx = id.0 as usize;
    if base.len() <= idx {
        base.resize(idx + 1, None);
    }
    if let Some(place) = base.get_mut(idx) {
        *place = slot;
    }
}

/// The latest changes, to tell what two revisions differ in.
#[derive(Debug, Default)]
pub(super) struct Journal {
    changes: VecDeque<(Revision, FileId)>,
    /// Changes up to here are forgotten.
    start: Revision,
}

impl Journal {
    const MAX: usize = 4_096;

    pub fn push(&mut self, revision: Revision, file: FileId) {
        self.changes.push_back((revision, file));
        while self.changes.len() > Journal::MAX {
            if let Some((revision, _)) = self.changes.pop_front() {
                self.start = revision;
            }
        }
    }

    /// The files that changed between two revisions, in any order; `None`: that was too long ago.
    pub fn between(&self, a: Revision, b: Revision) -> Option<Vec<FileId>> {
        let (from, to) = (a.min(b), a.max(b));
        if from < self.start {
            return None;
        }
        let later = self.changes.iter().rev().take_while(|it| it.0 > from);
        let mut res: Vec<FileId> = later.filter(|it| it.0 <= to).map(|it| it.1).collect();
        res.sort_unstable();
        res.dedup();
        Some(res)
    }
}
