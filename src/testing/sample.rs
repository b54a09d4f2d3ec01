//! The sample application as a snapshot, for laws that hold everywhere.

use crate::base::file::FileId;
use crate::base::path;
use crate::db::{FileKind, Snapshot, World};
use crate::project::Workspace;

/// The world of `tests/workspaces/blog`.
pub fn blog() -> World {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workspaces/blog");
    crate::load::world(vec![path::normalize(root)])
}

/// Its scripts and SQL files with their texts, the planted mistakes included.
pub fn files(snap: &Snapshot) -> Vec<(FileId, String)> {
    let mut res: Vec<(FileId, String)> = Vec::new();
    for file in snap.all_files() {
        if matches!(FileKind::of(&snap.path(file)), Some(FileKind::Sql | FileKind::Script(_))) {
            res.push((file, snap.text(file).expect("readable").to_string()));
        }
    }
    assert!(res.len() > 25, "the sample has {} files", res.len());
    res
}

/// The project in a directory of the disk.
pub fn project(dir: &str) -> Snapshot {
    crate::load::world(vec![path::normalize(dir)]).snapshot()
}
