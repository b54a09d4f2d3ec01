//! Room 9: the disk. The one place that walks directories and reads files of the workspace; it never writes,
//! and never leaves the workspace folders by a symbolic link.

use std::path::Path;
use std::sync::Mutex;

use ignore::{WalkBuilder, WalkState};

use crate::base::path;
use crate::db::{Disk, FileKind, World};

#[cfg(test)]
mod tests;

/// Larger files are not read: nobody writes SQL by hand in them.
pub const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// The real file system.
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, path: &str) -> Option<String> {
        let meta = std::fs::metadata(path).ok()?;
        if !meta.is_file() || meta.len() > MAX_BYTES {
            return None;
        }
        String::from_utf8(std::fs::read(path).ok()?).ok()
    }
}

/// drizzle-kit's journals and snapshots beside migrations: ignore files keep them out of searches and reviews, and are
/// nothing to drizzle-kit.
fn kit_meta(paths: &[String]) -> Vec<String> {
    let with_sql: std::collections::BTreeSet<&str> =
        paths.iter().filter(|it| path::extension(it) == "sql").filter_map(|it| path::parent(it)).collect();
    let mut res = Vec::new();
    for dir in with_sql {
        let meta = path::child(dir, "meta");
        if !Path::new(&path::child(&meta, "_journal.json")).is_file() {
            continue;
        }
        let Ok(entries) = std::fs::read_dir(&meta) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if name == "_journal.json" || name.ends_with("_snapshot.json") {
                res.push(path::child(&meta, name));
            }
        }
    }
    res
}

/// The SQL of migrations beside what drizzle-kit keeps of them: where `*.sql` is ignored, it is there all the same.
fn kit_sql(paths: &[String]) -> Vec<String> {
    let mut res = Vec::new();
    for it in paths {
        let Some(dir) = path::parent(it) else { continue };
        match path::file_name(it) {
            "_journal.json" if path::file_name(dir) == "meta" => {
                let Some(Ok(entries)) = path::parent(dir).map(std::fs::read_dir) else { continue };
                for entry in entries.flatten() {
                    let is_file = entry.file_type().is_ok_and(|it| it.is_file());
                    if let Some(found) = entry.path().to_str().filter(|it| is_file && it.ends_with(".sql")) {
                        res.push(path::normalize(found));
                    }
                }
            }
            "snapshot.json" => {
                let sql = path::child(dir, "migration.sql");
                if std::fs::symlink_metadata(&sql).is_ok_and(|it| it.is_file()) {
                    res.push(sql);
                }
            }
            _ => {}
        }
    }
    res
}

/// Every file below `roots` that Columnist may read, absolute and normalised, sorted. Obeys `.gitignore` and
/// `.ignore`, skips hidden directories and `node_modules`, does not follow symbolic links. What
/// drizzle-kit keeps beside its migrations is read in any case.
pub fn walk(roots: &[String]) -> Vec<String> {
    let Some((first, rest)) = roots.split_first() else { return Vec::new() };
    let mut builder = WalkBuilder::new(first);
    for root in rest {
        builder.add(root);
    }
    builder
        .follow_links(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != "node_modules")
        .threads(std::thread::available_parallelism().map_or(2, |n| n.get().min(8)));
    let found = Mutex::new(Vec::new());
    builder.build_parallel().run(|| {
        let mut batch = Batch { found: &found, paths: Vec::new() };
        Box::new(move |entry| {
            if let Ok(entry) = entry
                && entry.file_type().is_some_and(|it| it.is_file())
                && let Some(path) = entry.path().to_str()
                && is_wanted(path)
            {
                batch.paths.push(path::normalize(path));
            }
            WalkState::Continue
        })
    });
    let mut paths = found.into_inner().unwrap_or_default();
    let meta = kit_meta(&paths);
    paths.extend(meta);
    let sql = kit_sql(&paths);
    paths.extend(sql);
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// Files whose text can matter: scripts and SQL always, of data files only those that some reader asks for.
pub fn is_wanted(path: &str) -> bool {
    let name = Path::new(path).file_name().and_then(|it| it.to_str()).unwrap_or("");
    match FileKind::of(path) {
        None => false,
        Some(FileKind::Script(_) | FileKind::Sql) => !name.ends_with(".min.js"),
        Some(FileKind::Data) => {
            matches!(
                name,
                "package.json" | "columnist.json" | "columnist.jsonc" | "_journal.json" | "snapshot.json"
            ) || matches!(name, "metadata.toml")
                || name.ends_with(".control")
                || matches!(
                    name,
                    "pnpm-workspace.yaml" | "pnpm-lock.yaml" | "package-lock.json" | "yarn.lock" | "bun.lock"
                )
                || name.starts_with("tsconfig")
                || name.starts_with("jsconfig")
                || name.ends_with("_snapshot.json")
                || name.starts_with("drizzle") && name.ends_with(".json")
        }
    }
}

/// Collects a thread's paths and hands them over at its end.
struct Batch<'a> {
    found: &'a Mutex<Vec<String>>,
    paths: Vec<String>,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if let Ok(mut found) = self.found.lock() {
            found.append(&mut self.paths);
        }
    }
}

/// A world of the files below `roots`.
pub fn world(roots: Vec<String>) -> World {
    let paths = walk(&roots);
    let mut world = World::new(std::sync::Arc::new(RealDisk), roots);
    for path in &paths {
        world.file_on_disk(path);
    }
    world
}
