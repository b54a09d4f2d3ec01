//! Real projects: `COLUMNIST_PROJECTS=/dir/of/checkouts cargo test --release --test incremental projects`.
//! `COLUMNIST_STEPS` edits are made in each (8 unless set).

use std::sync::Arc;

use columnist::base::file::FileId;
use columnist::base::path;
use columnist::db::{FileKind, World};
use columnist::load;
use columnist::project::Workspace;

use super::{floor, report, sources};

/// Numbers that look random and are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

#[test]
fn real_projects_stay_as_from_scratch() {
    let Ok(root) = std::env::var("COLUMNIST_PROJECTS") else { return };
    let n_steps = std::env::var("COLUMNIST_STEPS").ok().and_then(|it| it.parse().ok()).unwrap_or(8);
    let mut dirs: Vec<String> = std::fs::read_dir(&root)
        .expect("a directory")
        .flatten()
        .filter_map(|it| it.path().to_str().map(path::normalize))
        .collect();
    dirs.sort();
    for (idx, dir) in dirs.iter().enumerate() {
        if std::env::var("COLUMNIST_PROJECT").is_ok_and(|it| path::file_name(dir) != it) {
            continue;
        }
        check(dir, n_steps, Random(88_172_645_463_325_252 + idx as u64));
    }
}

fn check(dir: &str, n_steps: usize, mut random: Random) {
    let mut world = load::world(vec![dir.to_owned()]);
    let snap = world.snapshot();
    snap.prepare();
    // Modules with SQL, SQL files, and what they all rest on: schema modules.
    let has_sql = |it: &FileId| {
        let kind = FileKind::of(&snap.path(*it));
        let state = || snap.state(*it);
        match kind {
            Some(FileKind::Sql) => true,
            Some(FileKind::Script(_)) => state().is_some_and(|it| it.may_hold_fragments()),
            _ => false,
        }
    };
    let model = snap.model();
    let schemas: Vec<FileId> = model.databases.list.iter().flat_map(|it| it.schema_files.clone()).collect();
    let mut files: Vec<FileId> = snap.all_files().into_iter().filter(has_sql).collect();
    let n_with_sql = files.len();
    files.extend(schemas);
    println!("{dir}: {} files, {n_with_sql} with SQL", snap.all_files().len());
    if files.is_empty() {
        return;
    }
    let sample: Vec<String> =
        (0..40).map(|_| snap.path(files[random.below(files.len())]).to_string()).collect();
    drop(snap);
    let mut edits: Vec<(String, Arc<str>)> = Vec::new();
    for step in 0..n_steps {
        let (path, text) = edit(&mut world, &files, &mut random);
        edits.retain(|it| it.0 != path);
        edits.push((path, text));
        let snap = world.snapshot();
        let paths = sample.iter().chain(edits.iter().map(|it| &it.0));
        if step + 1 < n_steps && step % 4 != 3 {
            paths.for_each(|it| drop(report(&snap, it)));
            continue;
        }
        let mut fresh = load::world(vec![dir.to_owned()]);
        for (path, text) in &edits {
            fresh.set_overlay(path, text.clone());
        }
        let fresh = fresh.snapshot();
        fresh.prepare();
        for path in paths {
            let edited: Vec<&String> = edits.iter().map(|it| &it.0).collect();
            assert_eq!(report(&snap, path), report(&fresh, path), "{path} after edits of {edited:?}");
        }
    }
}

/// One edit of one file, in words that make a difference.
fn edit(world: &mut World, files: &[FileId], random: &mut Random) -> (String, Arc<str>) {
    let snap = world.snapshot();
    let file = files[random.below(files.len())];
    let path = snap.path(file).to_string();
    let mut text = snap.text(file).map(|it| it.to_string()).unwrap_or_default();
    if random.below(3) == 0 {
        let at = floor(&text, random.below(text.len() + 1));
        text.insert_str(at, sources::SNIPPETS[random.below(sources::SNIPPETS.len())]);
    } else {
        // A word becomes another word of the same file.
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|it| it.len() > 2).collect();
        if let (Some(from), Some(to)) =
            (words.get(random.below(words.len())), words.get(random.below(words.len())))
        {
            text = text.replacen(*from, to, 1 + random.below(3));
        }
    }
    let text: Arc<str> = text.into();
    world.set_overlay(&path, text.clone());
    (path, text)
}
