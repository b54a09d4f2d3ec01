//! One file at one moment: its text and, computed when first asked for, its trees and facts.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::base::fingerprint::Fingerprint;
use crate::base::line_index::LineIndex;
use crate::base::path;
use crate::embed::{self, Fragment};
use crate::facts::SourceMap;
use crate::facts::sql::SqlFacts;
use crate::facts::ts::TsFacts;
use crate::sql::created::created_names;
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
            _ => return None,
        })
    }
}

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
    sql_facts: OnceLock<Arc<(SqlFacts, SourceMap)>>,
    fingerprint: OnceLock<Fingerprint>,
    created: OnceLock<Arc<Vec<Ident>>>,
    holds: OnceLock<bool>,
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
            sql_facts: OnceLock::new(),
            fingerprint: OnceLock::new(),
            created: OnceLock::new(),
        }
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

    /// In text order; empty for files that are no scripts.
    pub fn fragments(&self) -> Arc<Vec<Fragment>> {
        Arc::clone(self.fragments.get_or_init(|| match self.kind {
            FileKind::Script(_) if self.may_hold_fragments() => {
                Arc::new(embed::fragments(&self.module(), &self.text))
            }
            _ => Arc::default(),
        }))
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

    /// Statements of a SQL file; empty for others. The dialect is that of the file's database, which does not
    /// change during a file's life.
    pub fn sql_facts(&self, dialect: Dialect) -> Arc<(SqlFacts, SourceMap)> {
        Arc::clone(self.sql_facts.get_or_init(|| match self.kind {
            FileKind::Sql => Arc::new(crate::facts::sql::facts(&self.text, dialect)),
            _ => Arc::default(),
        }))
    }
}
