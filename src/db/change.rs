//! What differs between two states of the workspace, as far as anybody can rest on it.

use std::sync::Arc;

use super::file::{FileKind, FileState};
use super::files::Files;
use super::model::Model;
use super::snapshot::Snapshot;
use crate::base::file::FileId;
use crate::project::Workspace;
use crate::project::eval::{Dep, memory};
use crate::sql::Dialect;

#[derive(Default)]
pub(super) struct Change {
    /// Which files there are, or what they make together, has to be found out anew.
    pub anew: bool,
    /// A script imports something else.
    pub imports: bool,
    /// What changed of each file; `None`: everything.
    pub parts: Vec<(FileId, Option<Vec<Dep>>)>,
    /// Migrations whose part that runs stands elsewhere.
    pub moved: Vec<FileId>,
    /// The files with their states, before and after.
    pub states: Vec<(FileId, [Option<Arc<FileState>>; 2])>,
}

impl Change {
    /// From `old`, of which `model` was made, to `snap`, where at most `files` differ.
    pub fn between(old: &Files, snap: &Snapshot, files: &[FileId], model: &Model) -> Change {
        let mut res = Change::default();
        let has_imports = model.databases.imports_rest_on().is_some();
        for &file in files {
            let (Some(before), Some(_)) = (old.slot(file), snap.files().slot(file)) else {
                res.anew |= old.slot(file).is_some() != snap.files().slot(file).is_some();
                continue;
            };
            let after = snap.state(file);
            // Never read: nothing rests on it.
            let Some(before) = before.state.get() else {
                res.parts.push((file, None));
                continue;
            };
            match (before, &after) {
                (None, None) => {}
                (Some(before), Some(after)) => res.file(snap, file, before, after, has_imports),
                _ => res.anew = true,
            }
            res.states.push((file, [before.clone(), after]));
        }
        res
    }

    fn file(
        &mut self,
        snap: &Snapshot,
        file: FileId,
        before: &FileState,
        after: &FileState,
        has_imports: bool,
    ) {
        if before.text == after.text {
            return;
        }
        let mut parts = vec![Dep::text(file)];
        let path = snap.path(file);
        match after.kind {
            FileKind::Data => {
                self.anew = true;
                return;
            }
            FileKind::Script(_) => {
                self.anew |=
                    before.mentions_kit() != after.mentions_kit() || before.drivers() != after.drivers();
                self.imports |= has_imports && before.specifiers() != after.specifiers();
                match before.known_ts_facts() {
                    Some(known) => {
                        memory::differences(file, &known.0, &after.ts_facts().0, &mut parts);
                    }
                    None => {
                        self.parts.push((file, None));
                        return;
                    }
                }
            }
            FileKind::Sql => {
                let same = |dialect| match before.parsed_sql(dialect) {
                    Some(known) => {
                        let (old, new) = (&known.0.statements, &after.sql_facts(dialect).0.statements);
                        old.len() == new.len() && old.iter().zip(new).all(|(a, b)| a.text == b.text)
                    }
                    None => true,
                };
                let dialects = [Dialect::Postgres, Dialect::Sqlite, Dialect::Mysql];
                // Nobody has looked at statements that were never parsed; who does so now sees another state.
                let parsed = dialects.iter().any(|it| before.parsed_sql(*it).is_some());
                if !parsed || !dialects.into_iter().all(same) {
                    parts.push(Dep::sql(file));
                }
            }
        }
        let (old, new) = (before.hints(&path), after.hints(&path));
        if old.is_moved(&new) {
            if old != new {
                self.moved.push(file);
                parts.push(Dep::sql(file));
            }
        } else {
            parts.push(Dep::hints(file));
        }
        self.parts.push((file, Some(parts)));
    }
}
