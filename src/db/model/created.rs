//! Names that code of the workspace creates when it runs, counted, so that a change of one file is a matter of that file.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::change::Change;
use super::super::file::{FileKind, FileState};
use super::super::snapshot::Snapshot;
use crate::base::file::FileId;
use crate::project::database::Databases;
use crate::sql::Ident;

#[derive(Clone, Default)]
pub(super) struct Created {
    /// By how many places.
    counts: FxHashMap<Ident, u32>,
    pub names: Arc<BTreeSet<Ident>>,
}

impl Created {
    /// Looks at every file.
    pub fn new(snap: &Snapshot, databases: &Databases) -> Created {
        let mut res = Created::default();
        for file in snap.files().all() {
            if let Some(state) = Some(file).filter(|it| may_create(snap, *it)).and_then(|it| snap.state(it)) {
                for name in counted(&state, file, databases).iter() {
                    *res.counts.entry(name.clone()).or_default() += 1;
                }
            }
        }
        res.names = Arc::new(res.counts.keys().cloned().collect());
        res
    }

    /// The names after a change.
    pub fn after(before: &Arc<Created>, databases: &Databases, change: &Change) -> Arc<Created> {
        let mut res = Arc::clone(before);
        for (file, [old, new]) in &change.states {
            let names = |state: &Option<Arc<FileState>>| {
                state.as_ref().map(|it| counted(it, *file, databases)).unwrap_or_default()
            };
            let (old, new) = (names(old), names(new));
            if old != new {
                Arc::make_mut(&mut res).replace(&old, &new);
            }
        }
        res
    }

    fn replace(&mut self, old: &[Ident], new: &[Ident]) {
        for name in new {
            *self.counts.entry(name.clone()).or_default() += 1;
        }
        for name in old {
            if let Some(count) = self.counts.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    self.counts.remove(name);
                }
            }
        }
        let same =
            self.counts.len() == self.names.len() && self.names.iter().all(|it| self.counts.contains_key(it));
        if !same {
            self.names = Arc::new(self.counts.keys().cloned().collect());
        }
    }
}

fn may_create(snap: &Snapshot, file: FileId) -> bool {
    let kind = snap.files().path(file).and_then(|it| FileKind::of(it));
    matches!(kind, Some(FileKind::Script(_) | FileKind::Sql))
}

/// What history creates is folded, and may be dropped again.
fn counted(state: &FileState, file: FileId, databases: &Databases) -> Arc<Vec<Ident>> {
    if databases.is_history(file) {
        return Arc::default();
    }
    let is_schema = databases.list.iter().any(|it| it.schema_files.contains(&file));
    if is_schema { state.created_names() } else { state.made_names() }
}
