//! The problems of one file in the protocol's types, and which of them the client has.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tower_lsp::ls_types::{Diagnostic, Uri};
use xxhash_rust::xxh3::xxh3_64;

use super::snapshot::ServerSnapshot;
use super::to_proto;
use crate::base::cancel::Cancellable;
use crate::base::cancel::Revision;
use crate::base::file::FileId;
use crate::base::path;
use crate::db::{FileAnalysis, FileKind};
use crate::lint;
use crate::lint::registry;
use crate::project::Workspace;
use crate::project::settings::{FILE_NAMES, Settings};

/// What was found in a file at one moment.
#[derive(Debug, Clone)]
pub struct Checked {
    pub file: FileId,
    pub revision: Revision,
    /// The document's, where it is open.
    pub version: Option<i32>,
    pub diagnostics: Arc<Vec<Diagnostic>>,
    /// Equal for equal diagnostics: the `resultId` of pull diagnostics.
    pub id: u64,
    /// What they follow from, where the document is open: the same again needs no second look.
    pub analysis: Option<Arc<FileAnalysis>>,
}

impl Checked {
    pub fn result_id(&self) -> String {
        format!("{:016x}", self.id)
    }
}

/// Files that may have problems: scripts, SQL and Columnist's configuration.
pub fn is_checked(path: &str) -> bool {
    match FileKind::of(path) {
        Some(FileKind::Script(_) | FileKind::Sql) => true,
        Some(FileKind::Data) => FILE_NAMES.contains(&path::file_name(path)),
        None => false,
    }
}

/// Checks one file.
pub fn check(snap: &ServerSnapshot, file: FileId) -> Cancellable<Checked> {
    snap.check()?;
    snap.prepare();
    let analysis = snap.db.analysis(file)?;
    let report = lint::check::file(&snap.db, file)?;
    snap.check()?;
    let mut found = report.diagnostics;
    apply_settings(snap, file, &mut found);
    let diagnostics: Vec<Diagnostic> = match snap.lines(file) {
        Some(lines) => found.iter().map(|it| to_proto::diagnostic(snap, &lines, it)).collect(),
        None => Vec::new(),
    };
    let id = id(&diagnostics);
    let (revision, version) = (snap.db.revision(), snap.version(file));
    // Analyses of the whole workspace would fill the memory.
    let analysis = version.is_some().then_some(analysis);
    Ok(Checked { file, revision, version, diagnostics: Arc::new(diagnostics), id, analysis })
}

fn id(diagnostics: &[Diagnostic]) -> u64 {
    if diagnostics.is_empty() {
        return 0;
    }
    xxh3_64(&serde_json::to_vec(diagnostics).unwrap_or_default()).max(1)
}

/// The editor's own severities, over those of the project.
fn apply_settings(snap: &ServerSnapshot, file: FileId, found: &mut Vec<lint::Diagnostic>) {
    if snap.settings.rules.is_empty() {
        return;
    }
    let settings = Settings { rules: snap.settings.rules.clone(), ..Settings::default() };
    let path = snap.db.path(file);
    found.retain_mut(|it| match registry::severity(&settings, &path, it.code, it.severity) {
        Some(severity) => {
            it.severity = severity;
            true
        }
        None => false,
    });
}

/// What the client was told of each file.
#[derive(Debug, Default)]
pub struct Published {
    files: FxHashMap<FileId, Entry>,
    n_problems: usize,
}

#[derive(Debug)]
pub struct Entry {
    pub uri: Uri,
    pub checked: Checked,
}

impl Published {
    /// Takes over what was found; `true` if the client has something else.
    pub fn update(&mut self, uri: Uri, checked: Checked) -> bool {
        let file = checked.file;
        let (old_id, old_n) = match self.files.get(&file) {
            Some(old) if old.checked.revision > checked.revision => return false,
            // The client forgets what it was told under another spelling.
            Some(old) if old.uri == uri => (old.checked.id, old.checked.diagnostics.len()),
            Some(old) => (u64::MAX, old.checked.diagnostics.len()),
            None => (0, 0),
        };
        self.n_problems = self.n_problems + checked.diagnostics.len() - old_n;
        let changed = old_id != checked.id;
        self.files.insert(file, Entry { uri, checked });
        changed
    }

    pub fn get(&self, file: FileId) -> Option<&Entry> {
        self.files.get(&file)
    }

    pub fn remove(&mut self, file: FileId) -> Option<Entry> {
        let entry = self.files.remove(&file)?;
        self.n_problems -= entry.checked.diagnostics.len();
        Some(entry)
    }

    pub fn all(&self) -> impl Iterator<Item = (FileId, &Entry)> {
        self.files.iter().map(|(file, entry)| (*file, entry))
    }

    /// In all files together.
    pub fn n_problems(&self) -> usize {
        self.n_problems
    }
}
