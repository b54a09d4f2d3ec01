//! A moment of the world, to be read from any thread.

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::analysis::FileAnalysis;
use super::file::{FileKind, FileState};
use super::model::Model;
use super::world::{Disk, Files};
use crate::base::cancel::{CancelToken, Cancellable, Revision};
use crate::base::file::FileId;
use crate::base::memo::Memo;
use crate::base::path;
use crate::facts::SourceMap;
use crate::facts::sql::SqlFacts;
use crate::facts::ts::TsFacts;
use crate::project::Workspace;
use crate::sql::Dialect;

#[derive(Clone)]
pub struct Snapshot(Arc<Inner>);

struct Inner {
    disk: Arc<dyn Disk>,
    roots: Arc<Vec<Arc<str>>>,
    files: Arc<Files>,
    revision: Revision,
    cancel: CancelToken,
    model: OnceLock<Arc<Model>>,
    analyses: Memo<FileId, FileAnalysis>,
}

impl Snapshot {
    pub(super) fn new(
        disk: Arc<dyn Disk>,
        roots: Arc<Vec<Arc<str>>>,
        files: Arc<Files>,
        revision: Revision,
        cancel: CancelToken,
    ) -> Snapshot {
        let model = OnceLock::new();
        Snapshot(Arc::new(Inner { disk, roots, files, revision, cancel, model, analyses: Memo::default() }))
    }

    pub fn revision(&self) -> Revision {
        self.0.revision
    }

    /// `Err` once the world has moved on and the owner cancelled work on this snapshot.
    pub fn check(&self) -> Cancellable<()> {
        self.0.cancel.check()
    }

    /// The file as it is in this snapshot; read from disk when nobody has asked before. `None`: deleted,
    /// unreadable.
    pub fn state(&self, file: FileId) -> Option<Arc<FileState>> {
        let slot = self.0.files.slots.get(file.0 as usize)?.as_ref()?;
        slot.state
            .get_or_init(|| {
                let path = self.0.files.paths.get(file.0 as usize)?;
                let kind = FileKind::of(path)?;
                let text = self.0.disk.read(path)?;
                Some(Arc::new(FileState::new(kind, text.into())))
            })
            .clone()
    }

    /// Databases, catalogs and how modules hang together.
    pub fn model(&self) -> Arc<Model> {
        Arc::clone(self.0.model.get_or_init(|| Arc::new(Model::new(self))))
    }

    /// Computes what the analysis of any file may ask for. To be called by who analyses files on several threads,
    /// before that and from outside of rayon's pool: what is made here is made in parallel, and a thread of the
    /// pool that waits for a part of it could take up a file that asks for the whole.
    pub fn prepare(&self) {
        self.all_files().par_iter().for_each(|&file| {
            let is_data = matches!(FileKind::of(&self.path(file)), Some(FileKind::Data) | None);
            if let Some(state) = if is_data { None } else { self.state(file) } {
                let _ = (state.may_hold_fragments(), state.created_names());
            }
        });
        self.model().prepare(self);
    }

    /// The file's SQL, analysed.
    pub fn analysis(&self, file: FileId) -> Cancellable<Arc<FileAnalysis>> {
        self.check()?;
        Ok(self.0.analyses.get_or_compute(&file, || super::analyze::file(self, file)))
    }

    /// Forgets what [`Snapshot::analysis`] found in a file and what it was found in: for who is done with the file
    /// and has many others to look at. Asking again computes it anew.
    pub fn release(&self, file: FileId) {
        self.0.analyses.remove(&file);
        if let Some(state) = self.state(file) {
            state.release();
        }
    }

    /// Statements of a SQL file, in the dialect of its database.
    pub fn statements(&self, file: FileId) -> Arc<(SqlFacts, SourceMap)> {
        self.sql_facts(file, self.model().dialect_of(self, file))
    }

    /// Every file that exists, by number.
    pub fn all_files(&self) -> Vec<FileId> {
        let slots = self.0.files.slots.iter().enumerate();
        slots.filter(|(_, slot)| slot.is_some()).map(|(idx, _)| FileId(idx as u32)).collect()
    }
}

impl Workspace for Snapshot {
    fn file(&self, path: &str) -> Option<FileId> {
        let id = *self.0.files.by_path.get(path)?;
        self.0.files.slots.get(id.0 as usize)?.as_ref()?;
        Some(id)
    }

    fn path(&self, file: FileId) -> Arc<str> {
        self.0.files.paths.get(file.0 as usize).cloned().unwrap_or_else(|| "".into())
    }

    fn text(&self, file: FileId) -> Option<Arc<str>> {
        Some(Arc::clone(&self.state(file)?.text))
    }

    fn ts_facts(&self, file: FileId) -> Arc<(TsFacts, SourceMap)> {
        self.state(file).map(|state| state.ts_facts()).unwrap_or_default()
    }

    fn sql_facts(&self, file: FileId, dialect: Dialect) -> Arc<(SqlFacts, SourceMap)> {
        self.state(file).map(|state| state.sql_facts(dialect)).unwrap_or_default()
    }

    fn read_dir(&self, dir: &str) -> Vec<String> {
        let mut res: Vec<String> = Vec::new();
        let prefix = if dir.ends_with('/') { dir.to_owned() } else { format!("{dir}/") };
        for (path, id) in self
            .0
            .files
            .by_path
            .range::<str, _>((std::ops::Bound::Included(prefix.as_str()), std::ops::Bound::Unbounded))
        {
            let Some(rest) = path.strip_prefix(prefix.as_str()) else { break };
            if self.0.files.slots.get(id.0 as usize).is_none_or(Option::is_none) {
                continue;
            }
            let child = rest.split('/').next().unwrap_or(rest);
            let child = path::join(dir, child);
            if res.last() != Some(&child) {
                res.push(child);
            }
        }
        res
    }

    fn files_below(&self, dir: &str) -> Vec<FileId> {
        let prefix = if dir.ends_with('/') { dir.to_owned() } else { format!("{dir}/") };
        let below = self
            .0
            .files
            .by_path
            .range::<str, _>((std::ops::Bound::Included(prefix.as_str()), std::ops::Bound::Unbounded));
        below
            .take_while(|(path, _)| path.starts_with(prefix.as_str()))
            .map(|(_, &id)| id)
            .filter(|id| self.0.files.slots.get(id.0 as usize).is_some_and(Option::is_some))
            .collect()
    }

    fn roots(&self) -> Vec<Arc<str>> {
        self.0.roots.to_vec()
    }
}
