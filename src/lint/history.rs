//! How the migrations of a database hang together, as rules see it from one file: drizzle-kit's journal, or a snapshot that
//! stands in the folder of its migration.

use super::folder::Folder;
use super::journal::Journal;
use crate::db::Look;

pub enum History<'a> {
    /// `meta/_journal.json` of drizzle-kit 0.x.
    Journal(Journal<'a>),
    /// `20260101000000_name/snapshot.json` of drizzle-kit 1.0.
    Folder(Folder<'a>),
}

impl<'a> History<'a> {
    /// Calls `each` with what the file tells of the history of a database, if it belongs to one.
    pub fn with(look: &'a Look<'a>, each: impl FnOnce(&History<'_>)) {
        let found = Journal::new(look).map(History::Journal);
        let found = found.or_else(|| Folder::new(look).map(History::Folder));
        if let Some(found) = found {
            each(&found);
        }
    }

    pub fn journal(&self) -> Option<&Journal<'a>> {
        match self {
            History::Journal(it) => Some(it),
            History::Folder(_) => None,
        }
    }

    pub fn folder(&self) -> Option<&Folder<'a>> {
        match self {
            History::Folder(it) => Some(it),
            History::Journal(_) => None,
        }
    }
}
