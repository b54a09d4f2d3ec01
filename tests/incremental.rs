//! Whatever is done to a workspace, what is said of it equals what a fresh start would say; and little is computed for
//! it.

#[path = "incremental/counts.rs"]
mod counts;
#[path = "incremental/projects.rs"]
mod projects;
#[path = "incremental/sources.rs"]
mod sources;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use columnist::db::{Disk, Snapshot, World};
use columnist::lint::{Diagnostic, check};
use columnist::project::Workspace;
use proptest::prelude::*;

/// Files by path; changed behind the world's back, as disks are.
#[derive(Clone, Default)]
struct MapDisk(Arc<Mutex<BTreeMap<String, String>>>);

impl Disk for MapDisk {
    fn read(&self, path: &str) -> Option<String> {
        self.0.lock().expect("no test panics with it").get(path).cloned()
    }
}

impl MapDisk {
    fn new(files: &BTreeMap<String, String>) -> MapDisk {
        MapDisk(Arc::new(Mutex::new(files.clone())))
    }
}

fn world(files: &BTreeMap<String, String>) -> World {
    world_on(MapDisk::new(files), files)
}

fn world_on(disk: MapDisk, files: &BTreeMap<String, String>) -> World {
    let mut world = World::new(Arc::new(disk), vec!["/w".to_owned()]);
    for path in files.keys() {
        world.file_on_disk(path);
    }
    world
}

/// All that is said of a file, with every place it points at.
fn report(snap: &Snapshot, path: &str) -> Vec<String> {
    let Some(file) = snap.file(path) else { return Vec::new() };
    let report = check::file(snap, file).expect("nobody cancels");
    let place = |at: &columnist::base::file::FileRange| format!("{}:{:?}", snap.path(at.file), at.value);
    let show = |it: &Diagnostic| {
        let related: Vec<String> =
            it.related.iter().map(|it| format!("{} {}", place(&it.at), it.message)).collect();
        let fixes: Vec<String> = it
            .fixes
            .iter()
            .flat_map(|it| {
                it.edits.iter().map(|edit| format!("{} {} {}", it.title, place(&edit.at), edit.text))
            })
            .collect();
        let hint = it.hint.as_deref().unwrap_or("");
        format!("{} {} {} {hint} {related:?} {fixes:?} {:?}", place(&it.at), it.code, it.message, it.severity)
    };
    let skipped = report.skipped.iter().map(|it| format!("{:?} {:?} {}", it.host, it.reason, it.detail));
    let mut res: Vec<String> = report.diagnostics.iter().map(show).collect();
    res.extend(skipped);
    res.push(format!("{} checked", report.n_checked));
    res
}

/// Everything that is said of every file, by path.
fn diagnostics(world: &mut World) -> BTreeMap<String, Vec<String>> {
    let snap = world.snapshot();
    snap.all_files()
        .into_iter()
        .map(|it| snap.path(it).to_string())
        .map(|it| (it.clone(), report(&snap, &it)))
        .collect()
}

#[derive(Debug, Clone)]
enum Step {
    /// Types text into (or deletes it from) a file that is open from then on.
    Edit {
        file: usize,
        at: usize,
        delete: usize,
        insert: String,
    },
    /// Writes one word for another, everywhere in an open file.
    Replace {
        file: usize,
        words: (&'static str, &'static str),
    },
    Close {
        file: usize,
    },
    /// The file is written to, or created, by another program.
    Write {
        file: usize,
        words: (&'static str, &'static str),
    },
    Delete {
        file: usize,
    },
    /// To another name, open or not.
    Rename {
        file: usize,
        to: usize,
    },
    /// One file is looked at, and a snapshot is kept to be looked at later.
    Look {
        file: usize,
    },
    /// The snapshot that was kept is asked again.
    LookBack {
        file: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let file = || 0usize..sources::PATHS.len();
    let words = prop::sample::select(sources::SNIPPETS.to_vec());
    let pair = || prop::sample::select(sources::REPLACEMENTS.to_vec());
    prop_oneof![
        6 => (file(), any::<u16>(), 0usize..6, words).prop_map(|(file, at, delete, insert)| Step::Edit {
            file, at: at as usize, delete, insert: insert.to_owned()
        }),
        6 => (file(), pair()).prop_map(|(file, words)| Step::Replace { file, words }),
        1 => file().prop_map(|file| Step::Close { file }),
        2 => (file(), pair()).prop_map(|(file, words)| Step::Write { file, words }),
        1 => file().prop_map(|file| Step::Delete { file }),
        1 => (file(), file()).prop_map(|(file, to)| Step::Rename { file, to }),
        2 => file().prop_map(|file| Step::Look { file }),
        2 => file().prop_map(|file| Step::LookBack { file }),
    ]
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The world under test, and what it must be equal to.
struct Double {
    disk: MapDisk,
    /// Open documents.
    open: BTreeMap<String, String>,
    world: World,
    kept: Option<Snapshot>,
}

impl Double {
    fn new(files: &BTreeMap<String, String>) -> Double {
        let disk = MapDisk::new(files);
        let world = world_on(disk.clone(), files);
        Double { disk, open: BTreeMap::new(), world, kept: None }
    }

    fn on_disk(&self) -> BTreeMap<String, String> {
        self.disk.0.lock().expect("no test panics with it").clone()
    }

    fn text(&self, path: &str) -> Option<String> {
        self.open.get(path).cloned().or_else(|| self.on_disk().get(path).cloned())
    }

    fn open(&mut self, path: &str, text: String) {
        self.world.set_overlay(path, text.as_str().into());
        self.open.insert(path.to_owned(), text);
    }

    fn write(&mut self, path: &str, text: Option<String>) {
        let mut files = self.disk.0.lock().expect("no test panics with it");
        match text {
            Some(text) => files.insert(path.to_owned(), text),
            None => files.remove(path),
        };
        let exists = files.contains_key(path);
        drop(files);
        if exists { self.world.file_on_disk(path) } else { self.world.file_deleted(path) }
    }

    fn apply(&mut self, step: &Step) {
        match step {
            Step::Edit { file, at, delete, insert } => {
                let path = sources::PATHS[*file];
                let mut text = self.text(path).unwrap_or_default();
                let from = floor(&text, at % (text.len() + 1));
                let to = floor(&text, from + delete).max(from);
                text.replace_range(from..to, insert);
                self.open(path, text);
            }
            Step::Replace { file, words } => {
                let path = sources::PATHS[*file];
                let text = self.text(path).unwrap_or_default().replace(words.0, words.1);
                self.open(path, text);
            }
            Step::Close { file } => {
                let path = sources::PATHS[*file];
                self.open.remove(path);
                self.world.close(path);
            }
            Step::Write { file, words } => {
                let path = sources::PATHS[*file];
                let text = self.on_disk().get(path).cloned().unwrap_or_else(|| sources::original(path));
                self.write(path, Some(text.replace(words.0, words.1)));
            }
            Step::Delete { file } => self.write(sources::PATHS[*file], None),
            Step::Rename { file, to } => {
                let (from, to) = (sources::PATHS[*file], sources::PATHS[*to]);
                let Some(text) = self.on_disk().get(from).cloned() else { return };
                self.write(from, None);
                self.write(to, Some(text));
                if let Some(text) = self.open.remove(from) {
                    self.world.close(from);
                    self.open(to, text);
                }
            }
            Step::Look { file } => {
                let snap = self.world.snapshot();
                report(&snap, sources::PATHS[*file]);
                self.kept = Some(snap);
            }
            Step::LookBack { file } => {
                // It may have been cancelled; that must hurt nobody.
                if let Some(snap) = &self.kept
                    && let Some(file) = snap.file(sources::PATHS[*file])
                {
                    let _ = snap.model().membership(snap, file);
                    for database in 0..snap.model().databases.list.len() {
                        let _ = snap.model().built(snap, database);
                    }
                }
            }
        }
    }

    fn fresh(&self) -> World {
        let mut world = world(&self.on_disk());
        for (path, text) in &self.open {
            world.set_overlay(path, text.as_str().into());
        }
        world
    }
}

fn run(files: &BTreeMap<String, String>, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut double = Double::new(files);
    diagnostics(&mut double.world);
    for step in steps {
        double.apply(step);
        if matches!(step, Step::Look { .. } | Step::LookBack { .. }) {
            continue;
        }
        let expected = diagnostics(&mut double.fresh());
        prop_assert_eq!(diagnostics(&mut double.world), expected, "after {:?}", step);
    }
    Ok(())
}

/// `PROPTEST_CASES` says how many; this many if it is not set.
fn config(cases: u32) -> ProptestConfig {
    let default = ProptestConfig { max_shrink_iters: 400, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => default,
        None => ProptestConfig { cases, ..default },
    }
}

proptest! {
    #![proptest_config(config(32))]
    #[test]
    fn incremental_equals_from_scratch(steps in prop::collection::vec(step(), 1..14)) {
        run(&sources::workspace(), &steps)?;
    }

    #[test]
    fn with_several_databases_too(steps in prop::collection::vec(step(), 1..14)) {
        run(&sources::two_databases(), &steps)?;
    }

    #[test]
    fn with_carriage_returns_too(steps in prop::collection::vec(step(), 1..8)) {
        let files = sources::workspace().into_iter().map(|(path, text)| (path, text.replace('\n', "\r\n")));
        run(&files.collect(), &steps)?;
    }
}
