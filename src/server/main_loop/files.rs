//! The files on disk: workspace folders, walks, what the client's watcher reports.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;
use tower_lsp::ls_types::{FileChangeType, FileEvent, WorkspaceFoldersChangeEvent};

use super::MainLoop;
use crate::base::file::FileId;
use crate::base::path;
use crate::db::World;
use crate::load::{self, RealDisk};
use crate::project::Workspace;
use crate::server::client::{ClientInfo, Out};
use crate::server::event::{Event, Walked};
use crate::server::{log, settings, uri, watch};

/// From so many files on, a change is a branch switch.
const MANY: usize = 8;

impl MainLoop {
    pub(super) fn initialize(&mut self, client: Arc<ClientInfo>, options: Option<Value>, roots: Vec<String>) {
        self.client = client;
        if let Some(options) = options {
            self.configure(&options);
        }
        self.roots = outermost(roots);
        self.world = World::new(Arc::new(RealDisk), self.roots.clone());
        self.world.set_loading(true);
        self.latest = None;
        self.walk();
    }

    pub(super) fn initialized(&mut self) {
        self.initialized = true;
        let registrations = watch::registrations(&self.client);
        if !registrations.is_empty() {
            self.out.send(Out::Register(registrations));
        }
        self.ask_configuration();
        self.report_start();
        self.tick_soon();
    }

    /// Looks at the workspace folders; a second time after this one where something changes meanwhile.
    fn walk(&mut self) {
        if self.walking {
            self.walk_again = true;
            return;
        }
        self.walking = true;
        let (roots, sender) = (self.roots.clone(), self.sender.clone());
        self.pools.io.push(Box::new(move || {
            let started = Instant::now();
            let real: Vec<String> = roots.iter().filter(|it| Path::new(it).is_dir()).cloned().collect();
            let paths = load::walk(&real);
            let milliseconds = started.elapsed().as_millis() as u64;
            let _ = sender.send(Event::Walked(Walked { roots, paths, milliseconds }));
        }));
    }

    pub(super) fn walked(&mut self, walked: Walked) {
        self.walking = false;
        if std::mem::take(&mut self.walk_again) || walked.roots != self.roots {
            self.walk();
        }
        if walked.roots != self.roots {
            return;
        }
        log::info(&format!("{} files in {} ms", walked.paths.len(), walked.milliseconds));
        self.flush();
        let mut seen = rustc_hash::FxHashSet::default();
        let mut n_new = 0;
        for path in &walked.paths {
            let known = self.world.file(path).is_some_and(|it| self.on_disk.contains(&it));
            if !known {
                self.world.file_on_disk(path);
                n_new += 1;
            }
            if let Some(file) = self.world.file(path) {
                seen.insert(file);
                if !known {
                    self.on_disk.insert(file);
                    self.changed.insert(file);
                }
            }
        }
        let gone: Vec<FileId> = self.on_disk.iter().copied().filter(|it| !seen.contains(it)).collect();
        let snap = self.world.snapshot();
        for file in &gone {
            self.remove_file(*file, &snap.path(*file));
        }
        self.latest = None;
        if !self.ready {
            self.became_ready();
        } else if n_new + gone.len() > 0 {
            self.all_changed = true;
            if n_new + gone.len() > MANY {
                self.many_changed();
            }
        }
    }

    /// The first walk is over: what is not there does not exist.
    fn became_ready(&mut self) {
        self.ready = true;
        self.world.set_loading(false);
        self.many_changed();
        let snap = self.snapshot();
        self.changed.clear();
        self.settled = Some(snap.db.clone());
        if !self.client.pull_diagnostics {
            // The documents on screen first, then the workspace.
            self.recheck(&snap, &Default::default(), true);
        }
        for request in std::mem::take(&mut self.parked) {
            self.dispatch(request);
        }
        self.sweep_all(&snap);
        self.settle_at = Some(Instant::now());
        self.tick_soon();
    }

    pub(super) fn watched(&mut self, events: &[FileEvent]) {
        let mut walk = false;
        let mut n_files = 0;
        for event in events {
            let Some(file) = uri::to_path(&event.uri) else { continue };
            if watch::decides_about_others(&file) {
                walk = true;
                continue;
            }
            let known = self.world.file(&file).is_some_and(|it| self.on_disk.contains(&it));
            match event.typ {
                FileChangeType::DELETED if known => {
                    if let Some(id) = self.world.file(&file) {
                        self.remove_file(id, &file);
                        n_files += 1;
                    }
                }
                FileChangeType::DELETED => n_files += self.remove_below(&file),
                _ if known => {
                    self.file_changed(&file);
                    n_files += 1;
                }
                // It may be one that ignore files leave out: the walk knows.
                _ if load::is_wanted(&file) || path::extension(&file).is_empty() => walk = true,
                _ => {}
            }
        }
        if n_files > MANY {
            self.many_changed();
        }
        if walk {
            self.walk();
        }
    }

    /// A file that is known has other content now.
    pub(super) fn file_changed(&mut self, path: &str) {
        let Some(file) = self.world.file(path) else { return };
        self.world.file_on_disk(path);
        self.latest = None;
        if !self.open.contains_key(&file) {
            self.changed.insert(file);
        }
    }

    fn remove_file(&mut self, file: FileId, path: &str) {
        self.on_disk.remove(&file);
        self.world.file_deleted(path);
        self.latest = None;
        if !self.open.contains_key(&file) {
            self.changed.remove(&file);
            self.all_changed = true;
            self.withdraw(file);
        }
    }

    /// A directory was deleted: some clients report nothing else.
    fn remove_below(&mut self, dir: &str) -> usize {
        let snap = self.world.snapshot();
        let files = snap.files_below(dir);
        for file in &files {
            self.remove_file(*file, &snap.path(*file));
        }
        files.len()
    }

    pub(super) fn folders(&mut self, change: &WorkspaceFoldersChangeEvent) {
        let removed: Vec<String> = change.removed.iter().filter_map(|it| uri::to_path(&it.uri)).collect();
        let added = change.added.iter().filter_map(|it| uri::to_path(&it.uri));
        let mut roots: Vec<String> = self.roots.iter().filter(|it| !removed.contains(it)).cloned().collect();
        roots.extend(added);
        self.roots = outermost(roots);
        self.world.set_roots(self.roots.clone());
        self.latest = None;
        self.all_changed = true;
        self.walk();
    }

    pub(super) fn configuration_changed(&mut self, value: Value) {
        if self.client.configuration {
            self.ask_configuration();
        } else {
            self.configure(&value);
        }
    }

    fn ask_configuration(&mut self) {
        if !self.client.configuration {
            return;
        }
        let sender = self.sender.clone();
        self.out.send(Out::Configuration(Box::new(move |value| {
            let _ = sender.send(Event::Configuration(value));
        })));
    }

    pub(super) fn configure(&mut self, value: &Value) {
        // A client that has no such section leaves the settings as they are.
        if value.is_null() {
            return;
        }
        let (settings, problems) = settings::read(value);
        for problem in problems {
            log::info(&problem);
            self.out.send(Out::Log(tower_lsp::ls_types::MessageType::WARNING, problem));
        }
        if settings == *self.settings {
            return;
        }
        let workspace_before = self.settings.check_workspace;
        self.settings = Arc::new(settings);
        self.latest = None;
        if !self.ready {
            return;
        }
        self.all_changed = true;
        if workspace_before && !self.settings.check_workspace {
            let closed: Vec<FileId> =
                self.published.all().map(|it| it.0).filter(|it| !self.open.contains_key(it)).collect();
            for file in closed {
                self.withdraw(file);
            }
        }
    }
}

/// A folder inside another one is read with it.
fn outermost(mut roots: Vec<String>) -> Vec<String> {
    roots.sort_unstable();
    roots.dedup();
    let inside = |it: &String| roots.iter().any(|other| other != it && path::is_within(it, other));
    let keep: Vec<bool> = roots.iter().map(|it| !inside(it)).collect();
    let mut keep = keep.into_iter();
    roots.retain(|_| keep.next().unwrap_or(true));
    roots
}
