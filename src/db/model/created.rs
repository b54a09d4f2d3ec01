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
    names: Counted,
    keyed: Counted,
    added: Counted,
    schemas: Counted,
}

/// Names with by how many places they are said.
#[derive(Clone, Default)]
struct Counted {
    counts: FxHashMap<Ident, u32>,
    names: Arc<BTreeSet<Ident>>,
}

impl Created {
    /// Looks at every file.
    pub fn new(snap: &Snapshot, databases: &Databases) -> Created {
        let mut res = Created::default();
        for file in snap.files().all() {
            if let Some(state) = Some(file).filter(|it| may_create(snap, *it)).and_then(|it| snap.state(it)) {
                res.names.add(&counted(&state, file, databases));
                res.keyed.add(&keyed(&state, file, databases));
                res.added.add(&added(&state, file, databases));
                res.schemas.add(&schemas(&state, file, databases));
            }
        }
        res.names.settle();
        res.keyed.settle();
        res.added.settle();
        res.schemas.settle();
        res
    }

    /// The names after a change.
    pub fn after(before: &Arc<Created>, databases: &Databases, change: &Change) -> Arc<Created> {
        let mut res = Arc::clone(before);
        for (file, [old, new]) in &change.states {
            let of = |state: &Option<Arc<FileState>>, names: &dyn Fn(&FileState) -> Arc<Vec<Ident>>| {
                state.as_ref().map(|it| names(it)).unwrap_or_default()
            };
            let names = |it: &FileState| counted(it, *file, databases);
            let (before, after) = (of(old, &names), of(new, &names));
            if before != after {
                Arc::make_mut(&mut res).names.replace(&before, &after);
            }
            let names = |it: &FileState| keyed(it, *file, databases);
            let (before, after) = (of(old, &names), of(new, &names));
            if before != after {
                Arc::make_mut(&mut res).keyed.replace(&before, &after);
            }
            let names = |it: &FileState| added(it, *file, databases);
            let (before, after) = (of(old, &names), of(new, &names));
            if before != after {
                Arc::make_mut(&mut res).added.replace(&before, &after);
            }
            let names = |it: &FileState| schemas(it, *file, databases);
            let (before, after) = (of(old, &names), of(new, &names));
            if before != after {
                Arc::make_mut(&mut res).schemas.replace(&before, &after);
            }
        }
        res
    }

    /// Whether the other says the same, as far as their counting shows.
    pub fn is(&self, other: &Created) -> bool {
        Arc::ptr_eq(self.names(), other.names())
            && Arc::ptr_eq(self.keyed(), other.keyed())
            && Arc::ptr_eq(self.added(), other.added())
            && Arc::ptr_eq(self.schemas(), other.schemas())
    }

    pub fn names(&self) -> &Arc<BTreeSet<Ident>> {
        &self.names.names
    }

    /// Tables with unique indexes that no history makes.
    pub fn keyed(&self) -> &Arc<BTreeSet<Ident>> {
        &self.keyed.names
    }

    /// Columns that no history adds.
    pub fn added(&self) -> &Arc<BTreeSet<Ident>> {
        &self.added.names
    }

    /// Schemas that no history makes.
    pub fn schemas(&self) -> &Arc<BTreeSet<Ident>> {
        &self.schemas.names
    }
}

impl Counted {
    fn add(&mut self, names: &[Ident]) {
        for name in names {
            *self.counts.entry(name.clone()).or_default() += 1;
        }
    }

    fn replace(&mut self, old: &[Ident], new: &[Ident]) {
        self.add(new);
        for name in old {
            if let Some(count) = self.counts.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    self.counts.remove(name);
                }
            }
        }
        self.settle();
    }

    fn settle(&mut self) {
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

/// An index of the history is folded, and may be dropped again.
fn keyed(state: &FileState, file: FileId, databases: &Databases) -> Arc<Vec<Ident>> {
    if databases.is_history(file) { Arc::default() } else { state.keyed_tables() }
}

/// So is a column of the history; what undoes a migration brings back what it has dropped.
fn added(state: &FileState, file: FileId, databases: &Databases) -> Arc<Vec<Ident>> {
    let is_no_news = databases.is_history(file) || databases.never_runs(file);
    if is_no_news { Arc::default() } else { state.added_columns() }
}

/// So is a schema of the history.
fn schemas(state: &FileState, file: FileId, databases: &Databases) -> Arc<Vec<Ident>> {
    let is_no_news = databases.is_history(file) || databases.never_runs(file);
    if is_no_news { Arc::default() } else { state.created_schemas() }
}
