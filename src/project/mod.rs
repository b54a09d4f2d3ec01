//! Room 4: how the files of a workspace hang together: module resolution, what a name means across modules,
//! which files make which database, installed versions. Knows neither the cursor nor LSP.
//!
//! Everything here reads the workspace through [`Workspace`], so that unsaved text, tests and the disk are alike.

pub mod config;
pub mod database;
pub mod eval;
mod glob;
pub mod package;
pub mod resolve;
pub mod scripts;
pub mod settings;

use std::sync::Arc;

use smol_str::SmolStr;

use crate::base::file::FileId;
use crate::facts::SourceMap;
use crate::facts::sql::SqlFacts;
use crate::facts::ts::TsFacts;
use crate::sql::Dialect;

/// The files of the workspace as facts. Paths are absolute and normalised (`base::path`).
pub trait Workspace: Send + Sync {
    /// The file at `path`, if the workspace has it (source files, package.json, tsconfig, SQL, snapshots).
    fn file(&self, path: &str) -> Option<FileId>;
    fn path(&self, file: FileId) -> Arc<str>;
    fn text(&self, file: FileId) -> Option<Arc<str>>;
    /// Facts of a TypeScript or JavaScript file; empty for others.
    fn ts_facts(&self, file: FileId) -> Arc<(TsFacts, SourceMap)>;
    /// Statements of a SQL file; empty for others. Asking again costs nothing where the workspace keeps them.
    fn sql_facts(&self, file: FileId, dialect: Dialect) -> Arc<(SqlFacts, SourceMap)> {
        Arc::new(self.text(file).map(|text| crate::facts::sql::facts(&text, dialect)).unwrap_or_default())
    }
    /// What the words of a file hint at; nothing for files that are neither scripts nor SQL.
    fn hints(&self, file: FileId) -> Arc<database::Hints> {
        Arc::new(self.text(file).map(|it| database::Hints::new(&self.path(file), &it)).unwrap_or_default())
    }
    /// A script's text speaks of drizzle-kit.
    fn mentions_kit(&self, file: FileId) -> bool {
        self.text(file).is_some_and(|it| config::mentions_kit(&it))
    }
    /// What a script imports, as far as its text tells without parsing.
    fn specifiers(&self, file: FileId) -> Arc<Vec<SmolStr>> {
        Arc::new(self.text(file).map(|it| database::specifiers(&it)).unwrap_or_default())
    }
    /// Direct children of a directory (files and directories), as absolute paths, sorted.
    fn read_dir(&self, path: &str) -> Vec<String>;
    /// Every known file below a directory, sorted by path.
    fn files_below(&self, path: &str) -> Vec<FileId>;
    /// The workspace folders.
    fn roots(&self) -> Vec<Arc<str>>;
}

#[cfg(test)]
mod projects;
