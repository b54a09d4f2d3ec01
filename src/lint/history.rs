//! How the migrations of a database hang together, as rules see it from one file: drizzle-kit's journal, a snapshot beside
//! it, or one that stands in the folder of its migration.

use super::folder::Folder;
use super::journal::{Journal, newest};
use crate::db::Look;
use crate::project::database::{Database, MigrationFormat};
use crate::project::package::Version;

pub enum History<'a> {
    /// `meta/_journal.json` of drizzle-kit 0.x.
    Journal(Journal<'a>),
    /// `20260101000000_name/snapshot.json` of drizzle-kit 1.0.
    Folder(Folder<'a>),
    /// `meta/0000_snapshot.json` of drizzle-kit 0.x, of the newest.
    Kept(Kept<'a>),
}

/// A snapshot beside a journal.
pub struct Kept<'a> {
    pub look: &'a Look<'a>,
    pub database: &'a Database,
}

impl<'a> Kept<'a> {
    fn new(look: &'a Look<'a>) -> Option<Kept<'a>> {
        let is_own = |it: &&Database| {
            it.migrations
                .as_ref()
                .is_some_and(|it| it.format == MigrationFormat::Journal && newest(it).contains(&look.file))
        };
        Some(Kept { look, database: look.model.databases.list.iter().find(is_own)? })
    }
}

/// The drizzle-kit that is installed where a database is configured, as far as package.json and lock files tell.
pub fn kit(look: &Look<'_>, database: &Database) -> Option<Version> {
    let eval = look.eval;
    eval.resolver().packages().installed(eval.workspace(), "drizzle-kit", &database.dir)?.version
}

impl<'a> History<'a> {
    /// Calls `each` with what the file tells of the history of a database, if it belongs to one.
    pub fn with(look: &'a Look<'a>, each: impl FnOnce(&History<'_>)) {
        let found = Journal::new(look).map(History::Journal);
        let found = found.or_else(|| Folder::new(look).map(History::Folder));
        let found = found.or_else(|| Kept::new(look).map(History::Kept));
        if let Some(found) = found {
            each(&found);
        }
    }

    pub fn journal(&self) -> Option<&Journal<'a>> {
        match self {
            History::Journal(it) => Some(it),
            _ => None,
        }
    }

    pub fn folder(&self) -> Option<&Folder<'a>> {
        match self {
            History::Folder(it) => Some(it),
            _ => None,
        }
    }
}
