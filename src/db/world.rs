//! The inputs: which files there are and what stands in them. Unsaved text wins over the disk.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::file::{FileKind, FileState};
use super::files::{Files, Slot};
use super::shared::Shared;
use super::snapshot::Snapshot;
use crate::base::cancel::{CancelToken, Revision};
use crate::base::file::FileId;

/// How the owner of a world reads files; tests hand in a map.
pub trait Disk: Send + Sync {
    /// `None`: unreadable, not UTF-8, or too large. Must not panic and must not write.
    fn read(&self, path: &str) -> Option<String>;
}

pub struct World {
    disk: Arc<dyn Disk>,
    roots: Arc<Vec<Arc<str>>>,
    files: Files,
    /// Files that the disk is said to have.
    on_disk: FxHashSet<FileId>,
    /// Text of open documents.
    overlays: FxHashMap<FileId, Arc<str>>,
    revision: Revision,
    loading: bool,
    /// See [`World::set_new_files`].
    new_files: Option<Arc<BTreeSet<String>>>,
    cancel: CancelToken,
    latest: Option<Snapshot>,
    shared: Arc<Shared>,
}

impl World {
    /// `roots`: absolute, normalised directories.
    pub fn new(disk: Arc<dyn Disk>, roots: Vec<String>) -> World {
        World {
            disk,
            roots: Arc::new(roots.into_iter().map(Arc::from).collect()),
            files: Files::default(),
            on_disk: FxHashSet::default(),
            overlays: FxHashMap::default(),
            revision: Revision::default(),
            loading: false,
            new_files: None,
            cancel: CancelToken::default(),
            latest: None,
            shared: Arc::default(),
        }
    }

    /// Other workspace folders: absolute, normalised directories.
    pub fn set_roots(&mut self, roots: Vec<String>) {
        self.roots = Arc::new(roots.into_iter().map(Arc::from).collect());
        self.moved_on();
    }

    /// Says that a file exists on disk (found by a walk, created, or changed): its text is read when needed.
    /// Files that Columnist does not read are ignored.
    pub fn file_on_disk(&mut self, path: &str) {
        if FileKind::of(path).is_none() {
            return;
        }
        let id = self.files.intern(path);
        self.on_disk.insert(id);
        if !self.overlays.contains_key(&id) {
            self.set_slot(id, Some(Arc::default()));
        }
    }

    pub fn file_deleted(&mut self, path: &str) {
        let Some(id) = self.files.id(path) else { return };
        self.on_disk.remove(&id);
        if !self.overlays.contains_key(&id) && self.files.slot(id).is_some() {
            self.set_slot(id, None);
        }
    }

    /// An open document's text, whatever the disk says, until [`World::close`].
    pub fn set_overlay(&mut self, path: &str, text: Arc<str>) -> Option<FileId> {
        let kind = FileKind::of(path)?;
        let id = self.files.intern(path);
        self.overlays.insert(id, Arc::clone(&text));
        let before = self.files.slot(id).and_then(|it| it.state.get()).and_then(Option::as_ref);
        let state = match before {
            Some(before) => FileState::after(kind, text, before),
            None => FileState::new(kind, text),
        };
        let slot = Slot::default();
        let _ = slot.state.set(Some(Arc::new(state)));
        self.set_slot(id, Some(Arc::new(slot)));
        Some(id)
    }

    /// The document was closed: the disk counts again.
    pub fn close(&mut self, path: &str) {
        if let Some(id) = self.files.id(path)
            && self.overlays.remove(&id).is_some()
        {
            self.set_slot(id, self.on_disk.contains(&id).then(Arc::default));
        }
    }

    pub fn file(&self, path: &str) -> Option<FileId> {
        self.files.id(path)
    }

    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Whether there are sources of which the world has not been told yet: until then, nothing is said against any
    /// file (see [`Snapshot::is_loading`]).
    pub fn set_loading(&mut self, loading: bool) {
        if self.loading != loading {
            self.loading = loading;
            self.moved_on();
        }
    }

    /// Absolute paths of what a branch has made or changed: migrations among them are the new ones, unless configuration
    /// says which are.
    pub fn set_new_files(&mut self, files: BTreeSet<String>) {
        self.new_files = Some(Arc::new(files));
        self.moved_on();
    }

    /// The world as it is now. Asking twice without a change in between gives the same snapshot.
    pub fn snapshot(&mut self) -> Snapshot {
        if let Some(snapshot) = &self.latest {
            return snapshot.clone();
        }
        let snapshot = Snapshot::new(super::snapshot::Inputs {
            disk: Arc::clone(&self.disk),
            roots: Arc::clone(&self.roots),
            files: self.files.clone(),
            revision: self.revision,
            loading: self.loading,
            new_files: self.new_files.clone(),
            cancel: self.cancel.clone(),
            shared: Arc::clone(&self.shared),
        });
        self.latest = Some(snapshot.clone());
        snapshot
    }

    fn set_slot(&mut self, id: FileId, slot: Option<Arc<Slot>>) {
        self.moved_on();
        if slot.is_none() {
            self.shared.kept.remove(&id);
        }
        self.files.set(id, slot);
        self.shared.journal.lock().unwrap_or_else(PoisonError::into_inner).push(self.revision, id);
    }

    fn moved_on(&mut self) {
        self.revision.0 += 1;
        // Whoever works on the old world answers nobody any more.
        std::mem::take(&mut self.cancel).cancel();
        self.latest = None;
    }
}
