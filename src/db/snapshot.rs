//! A moment of the world, to be read from any thread.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use smol_str::SmolStr;

use super::analysis::FileAnalysis;
use super::file::{FileKind, FileState};
use super::files::Files;
use super::found::{self, Found, Look};
use super::model::Model;
use super::shared::{Counts, Shared};
use super::world::Disk;
use crate::base::cancel::{CancelToken, Cancellable, Revision};
use crate::base::file::FileId;
use crate::base::memo::Memo;
use crate::base::path;
use crate::facts::SourceMap;
use crate::facts::sql::SqlFacts;
use crate::facts::ts::TsFacts;
use crate::project::Workspace;
use crate::project::database::Hints;
use crate::project::settings::{self, Located};
use crate::sql::Dialect;

#[derive(Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
    /// Of the one question that is asked with it.
    question: Option<CancelToken>,
}

struct Inner {
    inputs: Inputs,
    model: OnceLock<Arc<Model>>,
    analyses: Memo<FileId, Arc<FileAnalysis>>,
    found: Memo<FileId, Arc<Found>>,
    settings: Memo<Box<str>, Option<Arc<Located>>>,
}

/// What a snapshot is made of.
pub(super) struct Inputs {
    pub disk: Arc<dyn Disk>,
    pub roots: Arc<Vec<Arc<str>>>,
    pub files: Files,
    pub revision: Revision,
    pub loading: bool,
    pub new_files: Option<Arc<BTreeSet<String>>>,
    pub cancel: CancelToken,
    pub shared: Arc<Shared>,
}

impl Snapshot {
    /// Whether a branch has made or changed the file; `None`: nobody has asked for that.
    pub fn is_new_file(&self, file: FileId) -> Option<bool> {
        let files = self.inner.inputs.new_files.as_ref()?;
        Some(files.contains(&*self.path(file)))
    }

    pub(super) fn new(inputs: Inputs) -> Snapshot {
        let (analyses, found, settings) = (Memo::default(), Memo::default(), Memo::default());
        let inner = Inner { inputs, model: OnceLock::new(), analyses, found, settings };
        Snapshot { inner: Arc::new(inner), question: None }
    }

    /// The same moment, for a question that whoever asks may take back: [`Snapshot::check`] says so then.
    pub fn cancelled_by(&self, token: &CancelToken) -> Snapshot {
        Snapshot { inner: Arc::clone(&self.inner), question: Some(token.clone()) }
    }

    pub(super) fn files(&self) -> &Files {
        &self.inner.inputs.files
    }

    pub(super) fn shared_roots(&self) -> &Arc<Vec<Arc<str>>> {
        &self.inner.inputs.roots
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.inner.inputs.shared
    }

    pub fn revision(&self) -> Revision {
        self.inner.inputs.revision
    }

    /// `Err` once the world has moved on and the owner cancelled work on this snapshot, or the question was taken back.
    pub fn check(&self) -> Cancellable<()> {
        self.question.as_ref().map_or(Ok(()), CancelToken::check)?;
        self.inner.inputs.cancel.check()
    }

    /// The file as it is in this snapshot; read from disk when nobody has asked before. `None`: deleted,
    /// unreadable.
    pub fn state(&self, file: FileId) -> Option<Arc<FileState>> {
        let slot = self.files().slot(file)?;
        slot.state
            .get_or_init(|| {
                let path = self.files().path(file)?;
                let kind = FileKind::of(path)?;
                let text = self.inner.inputs.disk.read(path)?;
                Some(Arc::new(FileState::new(kind, text.into())))
            })
            .clone()
    }

    /// The world is not complete yet: sources are still to be told of, so nothing can be said against any file.
    pub fn is_loading(&self) -> bool {
        self.inner.inputs.loading
    }

    /// The configuration that holds for the files of a directory: its own or the nearest above.
    pub fn settings(&self, dir: &str) -> Option<Arc<Located>> {
        let known = &self.inner.settings;
        if let Some(known) = known.get(dir) {
            return (*known).clone();
        }
        let here = settings::in_directory(self, dir).map(Arc::new);
        let above = || self.settings(path::parent(dir)?);
        let res = here.or_else(above);
        known.put(&dir.into(), Arc::new(res.clone()));
        res
    }

    /// Databases, catalogs and how modules hang together.
    pub fn model(&self) -> Arc<Model> {
        Arc::clone(self.inner.model.get_or_init(|| self.shared().model(self)))
    }

    /// Computes what the analysis of any file may ask for. To be called by who analyses files on several threads,
    /// before that and from outside of rayon's pool: what is made here is made in parallel, and a thread of the
    /// pool that waits for a part of it could take up a file that asks for the whole.
    /// Costs little where an earlier snapshot of the same files was prepared.
    pub fn prepare(&self) {
        if self.shared().has_model() {
            let model = self.model();
            if model.is_prepared() {
                (0..model.databases.list.len()).for_each(|idx| {
                    let _ = model.known(self, idx);
                });
                return;
            }
        }
        self.all_files().par_iter().for_each(|&file| {
            let is_data = matches!(FileKind::of(&self.path(file)), Some(FileKind::Data) | None);
            if let Some(state) = if is_data { None } else { self.state(file) } {
                let _ =
                    (state.may_hold_fragments(), state.made_names(), state.mentions_kit(), state.drivers());
            }
        });
        self.model().prepare(self);
    }

    /// The file's SQL, analysed. What an earlier snapshot found is taken over where nothing that it rests on has
    /// changed: the `Arc` is the same then.
    pub fn analysis(&self, file: FileId) -> Cancellable<Arc<FileAnalysis>> {
        self.check()?;
        Ok(Arc::clone(&self.inner.analyses.get_or_compute(&file, || super::kept::analysis(self, file))))
    }

    /// What `make` finds in a file, beside its analysis; `None` where there is no file. What it found in an earlier
    /// snapshot is taken over where nothing that it looked at has changed. There is one finding a file: `make` is
    /// always the same function.
    pub fn found<T: Any + Send + Sync>(
        &self,
        file: FileId,
        make: impl FnOnce(&Look<'_>) -> T,
    ) -> Cancellable<Option<Arc<T>>> {
        let analysis = self.analysis(file)?;
        let Some(state) = self.state(file) else { return Ok(None) };
        let found = self.inner.found.get_or_compute(&file, || {
            let shared = self.shared();
            let known = shared.found.get(&file);
            if let Some(known) = known.as_ref().filter(|it| it.holds(self, file)) {
                return Arc::clone(known);
            }
            let made = Arc::new(found::look(self, file, state, analysis, make));
            if known.is_none_or(|it| made.is_newer(&it)) {
                shared.found.put(&file, Arc::clone(&made));
            }
            made
        });
        Ok(Arc::clone(&found.value).downcast().ok())
    }

    /// Forgets what [`Snapshot::analysis`] found in a file and what it was found in: for who is done with the file
    /// and has many others to look at. Asking again computes it anew.
    pub fn release(&self, file: FileId) {
        self.inner.analyses.remove(&file);
        self.shared().kept.remove(&file);
        self.inner.found.remove(&file);
        self.shared().found.remove(&file);
        if let Some(state) = self.state(file) {
            state.release();
        }
    }

    /// Of `files`, those of which [`crate::lint::check::file`] may say something else than it did of `before`: their
    /// text is another, what they belong to or mean has changed, or a place that a problem points at has moved.
    /// Never too few; those that nobody has checked in `before` are among them.
    pub fn affected(&self, before: &Snapshot, files: &[FileId]) -> Cancellable<Vec<FileId>> {
        let same_roots = Arc::ptr_eq(self.shared_roots(), before.shared_roots());
        if self.is_loading() != before.is_loading() || !same_roots {
            return Ok(files.to_vec());
        }
        let changed = self.shared().changed(before.revision(), before.files(), self);
        let is_data = |it: &FileId| FileKind::of(&self.path(*it)) == Some(FileKind::Data);
        if changed.iter().any(is_data) {
            return Ok(files.to_vec());
        }
        let mut res = Vec::new();
        for &file in files {
            let known = before.inner.analyses.get(&file);
            let same = !changed.contains(&file)
                && known.is_some_and(|it| self.analysis(file).is_ok_and(|now| Arc::ptr_eq(&*it, &now)));
            self.check()?;
            let kept = self.shared().kept.get(&file);
            let found = before.inner.found.get(&file);
            let found = same && found.is_some_and(|it| it.holds(self, file));
            if !found || kept.is_some_and(|it| it.points_into(&changed)) {
                res.push(file);
            }
        }
        Ok(res)
    }

    /// How often something was computed since the world was made.
    pub fn counts(&self) -> Counts {
        let load = |it: &std::sync::atomic::AtomicU64| it.load(std::sync::atomic::Ordering::Relaxed);
        let counters = &self.shared().counters;
        Counts {
            files: load(&counters.files),
            statements: load(&counters.statements),
            catalogs: load(&counters.catalogs),
            models: load(&counters.models),
            declarations: self.model().memory().n_evaluated(),
        }
    }

    /// How many things are kept from snapshot to snapshot: findings of evaluation, analyses, statements.
    pub fn n_kept(&self) -> usize {
        self.model().memory().len() + self.shared().n_kept()
    }

    /// Statements of a SQL file, in the dialect of its database.
    pub fn statements(&self, file: FileId) -> Arc<(SqlFacts, SourceMap)> {
        self.sql_facts(file, self.model().dialect_of(self, file))
    }

    /// Every file that exists, by number.
    pub fn all_files(&self) -> Vec<FileId> {
        self.files().all().collect()
    }

    /// Paths below a directory with their files.
    fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a Arc<str>, FileId)> + 'a {
        let from = (std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded);
        let found = self.files().names.by_path.range::<str, _>(from);
        found
            .take_while(move |(path, _)| path.starts_with(prefix))
            .map(|(path, id)| (path, *id))
            .filter(|(_, id)| self.files().slot(*id).is_some())
    }
}

impl Workspace for Snapshot {
    fn file(&self, path: &str) -> Option<FileId> {
        self.files().id(path).filter(|it| self.files().slot(*it).is_some())
    }

    fn path(&self, file: FileId) -> Arc<str> {
        self.files().path(file).cloned().unwrap_or_else(|| "".into())
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

    fn hints(&self, file: FileId) -> Arc<Hints> {
        self.state(file).map(|state| state.hints(&self.path(file))).unwrap_or_default()
    }

    fn mentions_kit(&self, file: FileId) -> bool {
        self.state(file).is_some_and(|state| state.mentions_kit())
    }

    fn specifiers(&self, file: FileId) -> Arc<Vec<SmolStr>> {
        self.state(file).map(|state| state.specifiers()).unwrap_or_default()
    }

    fn read_dir(&self, dir: &str) -> Vec<String> {
        let mut res: Vec<String> = Vec::new();
        let prefix = directory(dir);
        for (path, _) in self.below(&prefix) {
            let rest = path.strip_prefix(prefix.as_str()).unwrap_or(path);
            let child = path::join(dir, rest.split('/').next().unwrap_or(rest));
            if res.last() != Some(&child) {
                res.push(child);
            }
        }
        res
    }

    fn files_below(&self, dir: &str) -> Vec<FileId> {
        self.below(&directory(dir)).map(|(_, id)| id).collect()
    }

    fn roots(&self) -> Vec<Arc<str>> {
        self.inner.inputs.roots.to_vec()
    }
}

/// What the paths in a directory begin with.
fn directory(dir: &str) -> String {
    if dir.ends_with('/') { dir.to_owned() } else { format!("{dir}/") }
}
