//! One file at one moment: its text and, computed when first asked for, its trees and facts.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use smol_str::SmolStr;

use super::drivers::DriverUse;
use crate::base::fingerprint::Fingerprint;
use crate::base::line_index::LineIndex;
use crate::base::path;
use crate::catalog::kit::{self, SnapshotHead};
use crate::embed::{self, Fragment};
use crate::facts::sql::SqlFacts;
use crate::facts::ts::TsFacts;
use crate::facts::{self, SourceMap};
use crate::project::config;
use crate::project::database::{self, Hints};
use crate::sql::created::{added_columns, created_names, created_schemas, declared_tables, keyed_tables};
use crate::sql::{Dialect, Ident};
use crate::ts;

/// What a file is to Columnist, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    Script(ts::Flavor),
    Sql,
    /// package.json, tsconfig, snapshots, lock files: read as they are.
    Data,
}

impl FileKind {
    /// `None`: not a file that Columnist reads.
    pub fn of(file: &str) -> Option<FileKind> {
        Some(match path::extension(file) {
            "ts" | "mts" | "cts" => FileKind::Script(ts::Flavor::TypeScript),
            "tsx" | "jsx" | "js" | "mjs" | "cjs" => FileKind::Script(ts::Flavor::Tsx),
            "sql" => FileKind::Sql,
            "json" | "jsonc" | "yaml" | "yml" | "lock" => FileKind::Data,
            // Of an extension.
            "control" => FileKind::Data,
            // Diesel's, beside a migration.
            "toml" if path::file_name(file) == "metadata.toml" => FileKind::Data,
            _ => return None,
        })
    }
}

/// Parsed statements of an earlier text.
type Earlier = (Dialect, Arc<(SqlFacts, SourceMap)>);

/// Immutable: an edit makes a new one.
#[derive(Debug)]
pub struct FileState {
    pub kind: FileKind,
    pub text: Arc<str>,
    line_index: OnceLock<Arc<LineIndex>>,
    /// `true`: no longer kept once made.
    module: Mutex<(Option<Arc<ts::hir::Module>>, bool)>,
    ts_facts: OnceLock<Arc<(TsFacts, SourceMap)>>,
    fragments: OnceLock<Arc<Vec<Fragment>>>,
    /// By dialect.
    sql_facts: [OnceLock<Arc<(SqlFacts, SourceMap)>>; 3],
    /// Statements of the text before, until those of this one are known.
    earlier: Mutex<Option<Earlier>>,
    hints: OnceLock<Arc<Hints>>,
    mentions_kit: OnceLock<bool>,
    drivers: OnceLock<Arc<DriverUse>>,
    specifiers: OnceLock<Arc<Vec<SmolStr>>>,
    fingerprint: OnceLock<Fingerprint>,
    created: OnceLock<Arc<Vec<Ident>>>,
    keyed: OnceLock<Arc<Vec<Ident>>>,
    added: OnceLock<Arc<Vec<Ident>>>,
    schemas: OnceLock<Arc<Vec<Ident>>>,
    made: OnceLock<Arc<Vec<Ident>>>,
    holds: OnceLock<bool>,
    snapshot_head: OnceLock<Option<Arc<SnapshotHead>>>,
}

impl FileState {
    pub fn new(kind: FileKind, text: Arc<str>) -> FileState {
        FileState {
            kind,
            text,
            line_index: OnceLock::new(),
            module: Mutex::default(),
            holds: OnceLock::new(),
            ts_facts: OnceLock::new(),
            fragments: OnceLock::new(),
            sql_facts: Default::default(),
            earlier: Mutex::default(),
            hints: OnceLock::new(),
            mentions_kit: OnceLock::new(),
            drivers: OnceLock::new(),
            specifiers: OnceLock::new(),
            fingerprint: OnceLock::new(),
            created: OnceLock::new(),
            keyed: OnceLock::new(),
            added: OnceLock::new(),
            schemas: OnceLock::new(),
            made: OnceLock::new(),
            snapshot_head: OnceLock::new(),
        }
    }

    /// The state after an edit of `before`, whose parsed statements serve again.
    pub(super) fn after(kind: FileKind, text: Arc<str>, before: &FileState) -> FileState {
        let res = FileState::new(kind, text);
        if kind == FileKind::Sql {
            let known = before.known_sql();
            *res.earlier.lock().unwrap_or_else(PoisonError::into_inner) = known;
        }
        res
    }

    /// Statements that were parsed already, of this text or of one before.
    fn known_sql(&self) -> Option<Earlier> {
        let all = [Dialect::Postgres, Dialect::Sqlite, Dialect::Mysql];
        let known = all.into_iter().find_map(|it| Some((it, Arc::clone(self.parsed_sql(it)?))));
        known.or_else(|| self.earlier.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// Statements in a dialect, if anybody has asked for them.
    pub(super) fn parsed_sql(&self, dialect: Dialect) -> Option<&Arc<(SqlFacts, SourceMap)>> {
        self.sql_facts.get(dialect as usize)?.get()
    }

    /// Facts of a script, if anybody has asked for them.
    pub(super) fn known_ts_facts(&self) -> Option<&Arc<(TsFacts, SourceMap)>> {
        self.ts_facts.get()
    }

    /// What the words of the file at `path` hint at.
    pub(super) fn hints(&self, path: &str) -> Arc<Hints> {
        Arc::clone(self.hints.get_or_init(|| Arc::new(Hints::new(path, &self.text))))
    }

    /// A script that speaks of drizzle-kit.
    pub(super) fn mentions_kit(&self) -> bool {
        *self.mentions_kit.get_or_init(|| config::mentions_kit(&self.text))
    }

    /// What a script says of drizzle-orm's drivers; other files say nothing.
    pub(super) fn drivers(&self) -> Arc<DriverUse> {
        Arc::clone(self.drivers.get_or_init(|| match self.kind {
            FileKind::Script(_) => Arc::new(DriverUse::new(&self.text, &self.specifiers())),
            _ => Arc::default(),
        }))
    }

    /// What a script imports, by a look at its bytes.
    pub(super) fn specifiers(&self) -> Arc<Vec<SmolStr>> {
        Arc::clone(self.specifiers.get_or_init(|| Arc::new(database::specifiers(&self.text))))
    }

    pub fn line_index(&self) -> Arc<LineIndex> {
        Arc::clone(self.line_index.get_or_init(|| Arc::new(LineIndex::new(&self.text))))
    }

    /// Of the text's bytes.
    pub fn fingerprint(&self) -> Fingerprint {
        *self.fingerprint.get_or_init(|| Fingerprint::of_text(&self.text))
    }

    /// Empty for files that are no scripts.
    pub fn module(&self) -> Arc<ts::hir::Module> {
        let FileKind::Script(flavor) = self.kind else { return Arc::default() };
        let mut kept = self.module.lock().unwrap_or_else(PoisonError::into_inner);
        let (module, released) = &mut *kept;
        if let Some(module) = module {
            return Arc::clone(module);
        }
        let made = Arc::new(ts::parse(&self.text, flavor));
        // Without fragments only the facts are made from it, and they are kept.
        if !*released && self.may_hold_fragments() {
            *module = Some(Arc::clone(&made));
        }
        made
    }

    /// Lets the module's tree go: nobody is going to ask for it soon. Who does waits for another parse.
    pub fn release(&self) {
        *self.module.lock().unwrap_or_else(PoisonError::into_inner) = (None, true);
    }

    /// A cheap look at the bytes: `false` where a script holds no fragment.
    pub fn may_hold_fragments(&self) -> bool {
        *self.holds.get_or_init(|| {
            matches!(self.kind, FileKind::Script(_)) && embed::sniff::may_hold_fragments(&self.text)
        })
    }

    pub fn ts_facts(&self) -> Arc<(TsFacts, SourceMap)> {
        Arc::clone(self.ts_facts.get_or_init(|| match self.kind {
            FileKind::Script(_) => Arc::new(crate::facts::ts::facts(&self.module())),
            _ => Arc::default(),
        }))
    }

    /// The facts, for who holds the module's tree: it is not parsed again.
    pub fn ts_facts_of(&self, module: &ts::hir::Module) -> Arc<(TsFacts, SourceMap)> {
        Arc::clone(self.ts_facts.get_or_init(|| Arc::new(crate::facts::ts::facts(module))))
    }

    /// In text order; empty for files that are no scripts.
    pub fn fragments(&self) -> Arc<Vec<Fragment>> {
        Arc::clone(self.fragments.get_or_init(|| match self.kind {
            FileKind::Script(_) if self.may_hold_fragments() => {
                Arc::new(embed::fragments(&self.module(), &self.text))
            }
            _ => Arc::default(),
        }))
    }

    /// What a snapshot of drizzle-kit's says of itself; `None` where the file is none.
    pub fn snapshot_head(&self) -> Option<Arc<SnapshotHead>> {
        let read = || kit::head(&self.text).map(Arc::new);
        self.snapshot_head.get_or_init(read).clone()
    }

    /// Names of database objects that a script or SQL file creates when it runs.
    pub fn created_names(&self) -> Arc<Vec<Ident>> {
        Arc::clone(self.created.get_or_init(|| {
            let mut names = Vec::new();
            if !matches!(self.kind, FileKind::Data) {
                created_names(&self.text, &mut names);
            }
            Arc::new(names)
        }))
    }

    /// Tables that a SQL file makes unique indexes on when it runs.
    pub fn keyed_tables(&self) -> Arc<Vec<Ident>> {
        Arc::clone(self.keyed.get_or_init(|| {
            let mut names = Vec::new();
            if matches!(self.kind, FileKind::Sql | FileKind::Script(_)) {
                keyed_tables(&self.text, &mut names);
            }
            Arc::new(names)
        }))
    }

    /// Columns that a script or SQL file adds to tables when it runs, as [`crate::sql::created::column_of`] writes them.
    pub fn added_columns(&self) -> Arc<Vec<Ident>> {
        Arc::clone(self.added.get_or_init(|| {
            let mut names = Vec::new();
            if !matches!(self.kind, FileKind::Data) {
                added_columns(&self.text, &mut names);
            }
            Arc::new(names)
        }))
    }

    /// Schemas that a script or SQL file creates when it runs.
    pub fn created_schemas(&self) -> Arc<Vec<Ident>> {
        Arc::clone(self.schemas.get_or_init(|| {
            let mut names = Vec::new();
            if !matches!(self.kind, FileKind::Data) {
                created_schemas(&self.text, &mut names);
            }
            Arc::new(names)
        }))
    }

    /// The names that [`FileState::created_names`] tells, and the tables that a script declares: one that is no part of a schema makes them in its own way.
    pub fn made_names(&self) -> Arc<Vec<Ident>> {
        Arc::clone(self.made.get_or_init(|| {
            let created = self.created_names();
            let mut declared = Vec::new();
            if matches!(self.kind, FileKind::Script(_)) {
                declared_tables(&self.text, &mut declared);
            }
            match declared.is_empty() {
                true => created,
                false => {
                    declared.extend(created.iter().cloned());
                    Arc::new(declared)
                }
            }
        }))
    }

    /// Statements of a SQL file; empty for others.
    pub fn sql_facts(&self, dialect: Dialect) -> Arc<(SqlFacts, SourceMap)> {
        let (FileKind::Sql, Some(cell)) = (self.kind, self.sql_facts.get(dialect as usize)) else {
            return Arc::default();
        };
        Arc::clone(cell.get_or_init(|| {
            let earlier = self.earlier.lock().unwrap_or_else(PoisonError::into_inner).take();
            let earlier = earlier.filter(|(it, _)| *it == dialect);
            Arc::new(facts::sql::facts_from(&self.text, dialect, earlier.as_ref().map(|it| &it.1.0)))
        }))
    }
}
