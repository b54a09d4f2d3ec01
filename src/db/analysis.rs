//! One file's SQL, analysed: each statement or fragment with the map that leads its ranges back to the file.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::catalog::Catalog;
use crate::embed::FragmentId;
use crate::facts::Loc;
use crate::sema::body::Env;
use crate::sema::code::Severity;
use crate::sema::fragment::Placement;
use crate::sema::{Analysis, Context};
use crate::sql::ParsedStatement;

#[derive(Debug, Clone, Default)]
pub struct FileAnalysis {
    /// In text order. A fragment with alternatives has one unit for each combination.
    pub units: Vec<SqlUnit>,
    pub skipped: Vec<Skipped>,
}

/// A statement of a SQL file, or one rendering of a fragment, wrapped into a statement.
#[derive(Debug, Clone)]
pub struct SqlUnit {
    pub kind: UnitKind,
    /// Bytes of the file it stands in.
    pub host: TextRange,
    /// The text that was parsed and analysed.
    pub text: Arc<str>,
    pub parsed: Arc<ParsedStatement>,
    pub analysis: Arc<Analysis>,
    /// Leads ranges of `text` to the file.
    pub placement: Placement,
    /// Index into the model's databases.
    pub database: usize,
    /// Read through a tag of unknown origin: nothing about it is worse than a warning.
    pub doubtful: bool,
    /// What can be named in it beside relations: it is a piece of a function's body.
    pub env: Option<Arc<Env>>,
}

impl SqlUnit {
    /// Nothing was put around the text: it is a statement as it stands.
    pub fn is_whole(&self) -> bool {
        match &self.placement {
            Placement::Plain(_) => true,
            Placement::Fragment { wrapper, len, .. } => {
                usize::from(*wrapper) == 0 && usize::from(*len) == self.text.len()
            }
        }
    }

    /// What it was analysed in.
    pub fn context<'a>(&'a self, catalog: &'a Catalog) -> Context<'a> {
        match &self.env {
            Some(env) => env.context(catalog),
            None => Context { catalog, params: &[], variables: &[] },
        }
    }

    /// The severity that something found in this unit may have at most.
    pub fn cap(&self, severity: Severity) -> Severity {
        if self.doubtful { severity.min(Severity::Warning) } else { severity }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitKind {
    Statement(Loc),
    /// A statement or expression of the body of a function or block; it follows that statement's unit.
    Body(Loc),
    Fragment(FragmentId),
}

/// SQL that was seen and not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub host: TextRange,
    pub reason: SkipReason,
    /// What exactly, for `--explain-skipped`: `hole ${filters} is not known`.
    pub detail: SmolStr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// A hole may be any SQL.
    Dynamic,
    /// No database is known for the file.
    NoDatabase,
    /// The schema could not be read.
    UnreadableSchema,
    /// What the fragment is cannot be told from where it stands.
    UnknownContext,
    /// A tag of a library that is not a SQL tag, a string that is no SQL.
    NotSql,
    /// A file that another tool or another dialect owns.
    ForeignFile,
}

impl SkipReason {
    pub const ALL: [SkipReason; 6] = [
        SkipReason::Dynamic,
        SkipReason::NoDatabase,
        SkipReason::UnreadableSchema,
        SkipReason::UnknownContext,
        SkipReason::NotSql,
        SkipReason::ForeignFile,
    ];

    /// As the coverage line says it.
    pub fn label(self) -> &'static str {
        match self {
            SkipReason::Dynamic => "dynamic",
            SkipReason::NoDatabase => "no database",
            SkipReason::UnreadableSchema => "unreadable schema",
            SkipReason::UnknownContext => "unknown context",
            SkipReason::NotSql => "not SQL",
            SkipReason::ForeignFile => "another tool's file",
        }
    }
}
