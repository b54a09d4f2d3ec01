//! A world in memory with the cursor in one of its files.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::file::InFile;
use crate::base::path;
use crate::base::text::{TextRange, TextSize, slice};
use crate::db::{Disk, Snapshot, World};
use crate::ide::FilePosition;
use crate::lint::TextEdit;
use crate::project::Workspace;

/// Stands for the cursor; `$0` would be SQL.
pub const CURSOR: &str = "<|>";

/// `//- /path` starts a file; the workspace folder is `/`; at most one file holds [`CURSOR`].
pub struct Fixture {
    pub snap: Snapshot,
    pos: Option<FilePosition>,
}

struct MapDisk(BTreeMap<String, String>);

impl Disk for MapDisk {
    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }
}

impl Fixture {
    #[track_caller]
    pub fn new(fixture: &str) -> Fixture {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut current = None;
        for line in fixture.split_inclusive('\n') {
            match line.trim_start().strip_prefix("//- ") {
                Some(name) => {
                    let name = path::normalize(name.trim());
                    files.insert(name.clone(), String::new());
                    current = Some(name);
                }
                None => {
                    if let Some(text) = current.as_ref().and_then(|it| files.get_mut(it)) {
                        text.push_str(line);
                    }
                }
            }
        }
        let mut cursor = None;
        for (name, text) in &mut files {
            if let Some(at) = text.find(CURSOR) {
                assert!(cursor.is_none(), "two files hold a cursor");
                text.replace_range(at..at + CURSOR.len(), "");
                assert!(!text.contains(CURSOR), "two cursors");
                cursor = Some((name.clone(), TextSize::from(at as u32)));
            }
        }
        let names: Vec<String> = files.keys().cloned().collect();
        let mut world = World::new(Arc::new(MapDisk(files)), vec!["/".to_owned()]);
        for name in &names {
            world.file_on_disk(name);
        }
        let snap = world.snapshot();
        let at = |(name, offset): (String, TextSize)| {
            Some(InFile::new(snap.file(&name).expect("its name is one that Columnist reads"), offset))
        };
        let pos = cursor.and_then(at);
        Fixture { snap, pos }
    }

    /// The cursor, which the fixture must hold.
    #[track_caller]
    pub fn pos(&self) -> FilePosition {
        self.pos.expect("the fixture holds a cursor")
    }

    /// `app.ts:3:7 email`: path without its first slash, line and column from 1 (in characters), text under it.
    pub fn show(&self, at: InFile<TextRange>) -> String {
        let text = self.snap.text(at.file).unwrap_or_default();
        let before = slice(&text, TextRange::up_to(at.value.start()));
        let line = before.matches('\n').count() + 1;
        let col = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let path = self.snap.path(at.file);
        format!("{}:{line}:{col} {}", path.trim_start_matches('/'), slice(&text, at.value))
    }

    /// The text of the cursor's file after the edits, which must be disjoint and in that file.
    #[track_caller]
    pub fn apply(&self, edits: &[TextEdit]) -> String {
        let file = self.pos().file;
        let mut edits = edits.to_vec();
        edits.sort_by_key(|it| (it.at.value.start(), it.at.value.end()));
        let mut text = self.snap.text(file).unwrap_or_default().to_string();
        for edit in edits.iter().rev() {
            assert_eq!(edit.at.file, file, "an edit of another file");
            let range = usize::from(edit.at.value.start())..usize::from(edit.at.value.end());
            text.replace_range(range, &edit.text);
        }
        text
    }
}
