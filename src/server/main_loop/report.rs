//! What the client is told without asking: diagnostics, progress, status.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde_json::{Value, json};
use tower_lsp::ls_types::*;

use super::MainLoop;
use crate::base::cancel::{Cancellable, Cancelled};
use crate::base::file::FileId;
use crate::catalog::Catalog;
use crate::catalog::build::Built;
use crate::db::Snapshot;
use crate::project::Workspace;
use crate::server::client::Out;
use crate::server::diagnostics::{self, Checked, is_checked};
use crate::server::event::{Event, Settled, StaleFiles, WorkspacePull};
use crate::server::snapshot::ServerSnapshot;
use crate::server::{handlers, job};

const TOKEN: &str = "columnist/workspace";

/// Work-done progress of reading and checking the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Before the client is initialized.
    Wanted,
    Running,
    /// Done, or the client shows none.
    Over,
}

impl MainLoop {
    /// Checks open documents again: those that were edited first, others where what is known of them has changed.
    pub(super) fn recheck(&mut self, snap: &ServerSnapshot, changed: &FxHashSet<FileId>, all: bool) {
        let mut others = Vec::new();
        for &file in self.open.keys() {
            if changed.contains(&file) || all {
                let (snap, sender) = (snap.clone(), self.sender.clone());
                let focused = self.focus == snap.uri(file);
                self.pools.latency.push(Box::new(move || check(&snap, &sender, file, None, focused)));
            } else {
                others.push((file, self.published.seen_in(file)));
            }
        }
        if others.is_empty() {
            return;
        }
        let (snap, sender) = (snap.clone(), self.sender.clone());
        self.pools.sweep.push(Box::new(move || {
            for (file, before) in others {
                check(&snap, &sender, file, before, false);
            }
        }));
    }

    /// Looks at every file of the workspace that is not open.
    pub(super) fn sweep_all(&mut self, snap: &ServerSnapshot) {
        if self.settings.check_workspace {
            self.sweep_files(snap, snap.db.all_files());
        }
    }

    pub(super) fn sweep_files(&mut self, snap: &ServerSnapshot, files: Vec<FileId>) {
        let pull = self.client.pull_diagnostics;
        let files = files.into_iter().filter(|it| is_checked(&snap.db.path(*it)));
        // Open documents have jobs of their own where diagnostics are pushed.
        let files: Vec<FileId> = files.filter(|it| pull || !self.open.contains_key(it)).collect();
        if !files.is_empty() {
            self.pools.sweep.add(snap, files);
            self.tick_soon();
        }
    }

    pub(super) fn checked(&mut self, checked: Checked) {
        let file = checked.file;
        let open = self.open.get(&file);
        let uri = match open {
            // Another job follows for the text as it is now.
            Some(open) if checked.version != Some(open.version) => return,
            Some(open) => open.uri.clone(),
            None if checked.version.is_some() => return,
            None if !self.on_disk.contains(&file) || !self.settings.check_workspace => return,
            None => {
                let snap = self.world.snapshot();
                let Some(uri) = crate::server::uri::from_path(&snap.path(file)) else { return };
                uri
            }
        };
        let (version, diagnostics) = (checked.version, Arc::clone(&checked.diagnostics));
        let n_before = self.published.n_problems();
        let changed = self.published.update(uri.clone(), checked);
        if changed && !self.client.pull_diagnostics {
            let diagnostics = diagnostics.to_vec();
            self.out.send(Out::Publish(PublishDiagnosticsParams { uri, diagnostics, version }));
        }
        if n_before != self.published.n_problems() {
            self.tick_soon();
        }
    }

    /// The file is no longer any of the client's business.
    pub(super) fn withdraw(&mut self, file: FileId) {
        let Some(entry) = self.published.remove(file).filter(|it| !it.checked.diagnostics.is_empty()) else {
            return;
        };
        if self.client.pull_diagnostics {
            self.gone.insert(entry.uri);
            self.answer_pulls();
        } else {
            let (uri, diagnostics) = (entry.uri, Vec::new());
            self.out.send(Out::Publish(PublishDiagnosticsParams { uri, diagnostics, version: None }));
        }
        self.tick_soon();
    }

    /// It has been quiet for a while: what do the changes since the last time mean for files that are not open?
    pub(super) fn settle(&mut self) {
        let (snap, sender) = (self.snapshot(), self.sender.clone());
        let Some(before) = self.settled.clone() else { return };
        let (changed, all) = (self.unsettled.clone(), self.unsettled_all);
        self.pools.sweep.push(Box::new(move || {
            snap.prepare();
            if let Ok(settled) = settled(&snap.db, &before, &changed, all) {
                let _ = sender.send(Event::Settled(settled));
            }
        }));
    }

    pub(super) fn take_settled(&mut self, settled: Settled) {
        let snap = self.snapshot();
        if settled.snap.revision() != snap.db.revision() {
            // A change came in between; it is looked at together with those before it.
            return;
        }
        self.n_tables = settled.n_tables;
        self.settled = Some(settled.snap);
        self.unsettled.clear();
        self.unsettled_all = false;
        self.tick_soon();
        match settled.stale {
            StaleFiles::All => {
                self.sweep_all(&snap);
                self.refresh();
            }
            StaleFiles::Some(files) if self.settings.check_workspace => self.sweep_files(&snap, files),
            StaleFiles::Some(_) => {}
        }
    }

    /// Tells the client that answers it was given before are no longer right.
    pub(super) fn refresh(&mut self) {
        if self.client.pull_diagnostics && self.client.diagnostics_refresh {
            self.out.send(Out::RefreshDiagnostics);
        }
        if self.client.lens_refresh {
            self.out.send(Out::RefreshLenses);
        }
        if self.client.tokens_refresh {
            self.out.send(Out::RefreshTokens);
        }
    }

    pub(super) fn swept(&mut self) {
        self.answer_pulls();
        self.report_end();
        self.tick_soon();
    }

    fn report_end(&mut self) {
        if self.progress == Progress::Running && self.ready {
            self.progress = Progress::Over;
            let n = self.published.n_problems();
            let message = Some(format!("{} files, {n} problems", self.on_disk.len()));
            self.report(WorkDoneProgress::End(WorkDoneProgressEnd { message }));
        }
    }

    /// Starts to show progress; the client is initialized now.
    pub(super) fn report_start(&mut self) {
        let done = self.ready && self.pools.sweep.extent().n_left == 0;
        if !self.client.progress || done || self.progress != Progress::Wanted {
            self.progress = Progress::Over;
            return;
        }
        self.progress = Progress::Running;
        self.out.send(Out::CreateProgress(NumberOrString::String(TOKEN.to_owned())));
        let folders: Vec<&str> = self.roots.iter().map(|it| crate::base::path::file_name(it)).collect();
        self.report(WorkDoneProgress::Begin(WorkDoneProgressBegin {
            title: "Columnist".to_owned(),
            cancellable: Some(false),
            message: Some(format!("reading {}", folders.join(", "))),
            percentage: Some(0),
        }));
    }

    fn report(&self, step: WorkDoneProgress) {
        let value = ProgressParamsValue::WorkDone(step);
        self.out
            .send(Out::Progress(ProgressParams { token: NumberOrString::String(TOKEN.to_owned()), value }));
    }

    /// Tells how far things are, at most ten times a second.
    pub(super) fn tick(&mut self) {
        if !self.initialized {
            return;
        }
        let extent = self.pools.sweep.extent();
        if self.progress == Progress::Running && self.ready {
            let n_all = extent.n_done + extent.n_left;
            if extent.n_left == 0 {
                self.report_end();
            } else {
                self.report(WorkDoneProgress::Report(WorkDoneProgressReport {
                    cancellable: Some(false),
                    message: Some(format!("checked {} of {n_all} files", extent.n_done)),
                    percentage: Some((100 * extent.n_done / n_all) as u32),
                }));
            }
        }
        if extent.n_left > 0 {
            self.tick_soon();
        }
        self.tell_status();
    }

    fn tell_status(&mut self) {
        let mut status = json!({
            "state": if self.ready { "ready" } else { "loading" },
            "tables": self.n_tables,
            "files": self.on_disk.len(),
            "problems": self.published.n_problems(),
        });
        if let (Some((_, coverage)), Some(status)) = (&self.coverage, status.as_object_mut()) {
            status.insert("file".to_owned(), coverage.clone());
        }
        if status != self.status {
            self.status = status.clone();
            self.out.send(Out::Status(status));
        }
    }

    pub(super) fn covered(&mut self, uri: Uri, value: Value) {
        if self.focus.as_ref() == Some(&uri) {
            self.coverage = Some((uri, value));
            self.tick_soon();
        }
    }

    /// `workspace/diagnostic`: answered when the sweep has found something that the client does not have.
    pub(super) fn pull(&mut self, pull: WorkspacePull) {
        self.pulls.push(pull);
        if self.ready && self.pools.sweep.extent().n_left == 0 {
            self.answer_pulls();
        }
    }

    fn answer_pulls(&mut self) {
        let pulls = std::mem::take(&mut self.pulls);
        for pull in pulls {
            if pull.reply.is_closed() {
                continue;
            }
            let (items, news) = self.workspace_report(&pull);
            // One that knows nothing yet may be asking once; one that knows all waits for news.
            if news || pull.known.is_empty() {
                self.gone.clear();
                let report = WorkspaceDiagnosticReport { items };
                let _ = pull.reply.send(Ok(WorkspaceDiagnosticReportResult::Report(report)));
            } else {
                self.pulls.push(pull);
            }
        }
    }

    fn workspace_report(&self, pull: &WorkspacePull) -> (Vec<WorkspaceDocumentDiagnosticReport>, bool) {
        let mut items = Vec::new();
        let mut news = false;
        let mut found = FxHashSet::default();
        // Open documents are asked for by themselves.
        for (_, entry) in self.published.all().filter(|it| !self.open.contains_key(&it.0)) {
            found.insert(entry.uri.clone());
            let (known, result_id) = (pull.known.get(&entry.uri), entry.checked.result_id());
            let (uri, version) = (entry.uri.clone(), entry.checked.version.map(i64::from));
            if known.is_none() && entry.checked.diagnostics.is_empty() {
                continue;
            }
            if known == Some(&result_id) {
                let report = UnchangedDocumentDiagnosticReport { result_id };
                items.push(WorkspaceDocumentDiagnosticReport::Unchanged(
                    WorkspaceUnchangedDocumentDiagnosticReport {
                        uri,
                        version,
                        unchanged_document_diagnostic_report: report,
                    },
                ));
                continue;
            }
            news = true;
            let items_of_file = entry.checked.diagnostics.to_vec();
            let report = FullDocumentDiagnosticReport { result_id: Some(result_id), items: items_of_file };
            items.push(full(uri, version, report));
        }
        let nothing = format!("{:016x}", 0);
        let known = pull.known.iter().filter(|it| *it.1 != nothing).map(|it| it.0);
        let gone: FxHashSet<&Uri> = known.chain(&self.gone).collect();
        for uri in gone.into_iter().filter(|it| !found.contains(*it) && !self.docs.contains_key(*it)) {
            news = true;
            let report = FullDocumentDiagnosticReport { result_id: Some(nothing.clone()), items: Vec::new() };
            items.push(full(uri.clone(), None, report));
        }
        (items, news)
    }
}

fn full(
    uri: Uri,
    version: Option<i64>,
    full_document_diagnostic_report: FullDocumentDiagnosticReport,
) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
        uri,
        version,
        full_document_diagnostic_report,
    })
}

/// Checks an open document; `before`: the world in which it was last checked.
fn check(
    snap: &ServerSnapshot,
    sender: &std::sync::mpsc::Sender<Event>,
    file: FileId,
    before: Option<Snapshot>,
    focused: bool,
) {
    let path = || snap.db.path(file).to_string();
    let checked = job::isolated("checking a document", path, || {
        if let Some(before) = before
            && snap.db.affected(&before, &[file])?.is_empty()
        {
            return Ok(None);
        }
        diagnostics::check(snap, file).map(Some)
    });
    match checked {
        Some(Ok(Some(checked))) => {
            let _ = sender.send(Event::Checked(Box::new(checked)));
        }
        Some(Ok(None)) => {
            let _ = sender.send(Event::Unaffected(file, snap.db.clone()));
            return;
        }
        Some(Err(Cancelled)) | None => return,
    }
    if !focused {
        return;
    }
    let coverage = job::isolated("telling the coverage", path, || handlers::coverage::of_file(snap, file));
    if let (Some(uri), Some(Ok(coverage))) = (snap.uri(file), coverage) {
        let _ = sender.send(Event::Coverage(uri, coverage));
    }
}

/// Compares two worlds as far as files that are not open are concerned.
fn settled(
    snap: &Snapshot,
    before: &Snapshot,
    changed: &FxHashSet<FileId>,
    all: bool,
) -> Cancellable<Settled> {
    snap.check()?;
    let new = catalogs(snap);
    let n_tables = new.iter().map(|it| n_tables(&it.catalog)).sum();
    let old = catalogs(before);
    let same = old.len() == new.len()
        && old.iter().zip(&new).all(|(old, new)| Arc::ptr_eq(&old.catalog, &new.catalog));
    let stale = if all || !same {
        StaleFiles::All
    } else {
        // What others see of a module are its facts.
        let is_other = |it: &&FileId| snap.ts_facts(**it).0 != before.ts_facts(**it).0;
        let modules: Vec<FileId> = changed.iter().filter(is_other).copied().collect();
        StaleFiles::Some(if modules.is_empty() { Vec::new() } else { snap.importers(&modules)? })
    };
    Ok(Settled { snap: snap.clone(), n_tables, stale })
}

fn catalogs(snap: &Snapshot) -> Vec<Arc<Built>> {
    let model = snap.model();
    (0..model.databases.list.len()).filter_map(|it| model.built(snap, it)).collect()
}

/// Tables and views that the project itself has.
fn n_tables(catalog: &Catalog) -> usize {
    let system = ["pg_catalog", "information_schema"];
    catalog.relations.keys().filter(|it| !system.contains(&it.schema.as_str())).count()
}
