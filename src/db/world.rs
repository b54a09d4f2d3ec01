//! The inputs: which files there are and what stands in them. Unsaved text wins over the disk.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::file::{FileKind, FileState};
use super::snapshot::Snapshot;
use crate::base::cancel::{CancelToken, Revision};
use crate::base::file::FileId;

/// How the owner of a world reads files; tests hand in a map.
pub trait Disk: Send + Sync {
    /// `None`: unreadable, not UTF-8, or too large. Must not panic and must not write.
    fn read(&self, path: &str) -> Option<String>;
}

/// One file's slot: known by name, read when first needed.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// `Some(None)`: could not be read.
    pub state: OnceLock<Option<Arc<FileState>>>,
}

/// The files by number and by path; shared by snapshots, copied on write.
#[derive(Debug, Clone, Default)]
pub(super) struct Files {
    pub paths: Vec<Arc<str>>,
    pub by_path: BTreeMap<Arc<str>, FileId>,
    /// A missing slot: the file was deleted.
    pub slots: Vec<Option<Arc<Slot>>>,
}

pub struct World {
    disk: Arc<dyn Disk>,
    roots: Arc<Vec<Arc<str>>>,
    files: Arc<Files>,
    /// Text of open documents.
    overlays: FxHashMap<FileId, Arc<str>>,
    revision: Revision,
    cancel: CancelToken,
    latest: Option<Snapshot>,
}

impl World {
    /// `roots`: absolute, normalised directories.
    pub fn new(disk: Arc<dyn Disk>, roots: Vec<String>) -> World {
        World {
            disk,
            roots: Arc::new(roots.into_iter().map(Arc::from).collect()),
            files: Arc::default(),
            overlays: FxHashMap::default(),
            revision: Revision::default(),
            cancel: CancelToken::default(),
            latest: None,
        }
    }

    /// Other workspace folders: absolute, normalised directories.
    pub fn set_roots(&mut self, roots: Vec<String>) {
        self.roots = Arc::new(roots.into_iter().map(Arc::from).collect());
        self.revision.0 += 1;
        std::mem::take(&mut self.cancel).cancel();
        self.latest = None;
    }

    /// Says that a file exists on disk (found by a walk, created, or changed): its text is read when needed.
    /// Files that Columnist does not read are ignored.
    pub fn file_on_disk(&mut self, path: &str) {
        if FileKind::of(path).is_none() {
            return;
        }
        let id = self.intern(path);
        if !self.overlays.contains_key(&id) {
            self.set_slot(id, Some(Arc::default()));
        }
    }

    pub fn file_deleted(&mut self, path: &str) {
        if let Some(&id) = self.files.by_path.get(path)
            && !self.overlays.contains_key(&id)
        {
            self.set_slot(id, None);
        }
    }

    /// An open document's text, whatever the disk says, until [`World::close`].
    pub fn set_overlay(&mut self, path: &str, text: Arc<str>) -> Option<FileId> {
        let kind = FileKind::of(path)?;
        let id = self.intern(path);
        self.overlays.insert(id, Arc::clone(&text));
        let slot = Slot::default();
        let _ = slot.state.set(Some(Arc::new(FileState::new(kind, text))));
        self.set_slot(id, Some(Arc::new(slot)));
        Some(id)
    }

    /// The document was closed: the disk counts again.
    pub fn close(&mut self, path: &str) {
        if let Some(&id) = self.files.by_path.get(path)
            && self.overlays.remove(&id).is_some()
        {
            self.set_slot(id, Some(Arc::default()));
        }
    }

    pub fn file(&self, path: &str) -> Option<FileId> {
        self.files.by_path.get(path).copied()
    }

    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The world as it is now. Asking twice without a change in between gives the same snapshot.
    pub fn snapshot(&mut self) -> Snapshot {
        if let Some(snapshot) = &self.latest {
            return snapshot.clone();
        }
        let snapshot = Snapshot::new(
            Arc::clone(&self.disk),
            Arc::clone(&self.roots),
            Arc::clone(&self.files),
            self.revision,
            self.cancel.clone(),
        );
        self.latest = Some(snapshot.clone());
        snapshot
    }

    fn intern(&mut self, path: &str) -> FileId {
        if let Some(&id) = self.files.by_path.get(path) {
            return id;
        }
        let files = Arc::make_mut(&mut self.files);
        let id = FileId(files.paths.len() as u32);
        let path: Arc<str> = path.into();
        files.paths.push(Arc::clone(&path));
        files.by_path.insert(path, id);
        files.slots.push(None);
        id
    }

    fn set_slot(&mut self, id: FileId, slot: Option<Arc<Slot>>) {
        let files = Arc::make_mut(&mut self.files);
        if let Some(place) = files.slots.get_mut(id.0 as usize) {
            *place = slot;
        }
        self.revision.0 += 1;
        // Whoever works on the old world answers nobody any more.
        std::mem::take(&mut self.cancel).cancel();
        self.latest = None;
    }
}
