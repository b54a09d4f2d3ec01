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
use crate::db::{FileKind, Snapshot};
use crate::lint;
use crate::lint::registry;
use crate::project::Workspace;
use crate::project::settings::Settings;

/// What was found in a file at one moment.
#[derive(Clone)]
pub struct Checked {
    pub file: FileId,
    pub revision: Revision,
    /// The document's, where it is open.
    pub version: Option<i32>,
    pub diagnostics: Arc<Vec<Diagnostic>>,
    /// Equal for equal diagnostics: the `resultId` of pull diagnostics.
    pub id: u64,
    /// Where the document is open: the world in which it was looked at.
    pub snap: Option<Snapshot>,
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
        Some(FileKind::Data) => lint::check::is_checked_data(path),
        None => false,
    }
}

/// Checks one file.
pub fn check(snap: &ServerSnapshot, file: FileId) -> Cancellable<Checked> {
    snap.check()?;
    snap.prepare();
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
    let snap = version.is_some().then(|| snap.db.clone());
    Ok(Checked { file, revision, version, diagnostics: Arc::new(diagnostics), id, snap })
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
#[derive(Default)]
pub struct Published {
    files: FxHashMap<FileId, Entry>,
    n_problems: usize,
}

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

    /// The world in which an open document was last looked at.
    pub fn seen_in(&self, file: FileId) -> Option<Snapshot> {
        self.files.get(&file)?.checked.snap.clone()
    }

    /// A later world says the same of an open document.
    pub fn still(&mut self, file: FileId, snap: Snapshot) {
        if let Some(entry) = self.files.get_mut(&file)
            && entry.checked.revision < snap.revision()
            && entry.checked.snap.is_some()
        {
            entry.checked.revision = snap.revision();
            entry.checked.snap = Some(snap);
        }
    }

    /// The client may have forgotten what it was told of a file, as Neovim does when it closes one: it is told again.
    pub fn forgotten(&mut self, file: FileId) {
        if let Some(entry) = self.files.get_mut(&file).filter(|it| !it.checked.diagnostics.is_empty()) {
            entry.checked.id = u64::MAX;
        }
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
