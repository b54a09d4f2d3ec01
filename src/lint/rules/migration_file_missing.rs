//! Entries of the journal without their file.

use crate::lint::history::History;
use crate::lint::rule::{Acc, Lint};
use crate::sema::code::Severity::Error;

pub const RULE: Lint =
    Lint::history("migration-file-missing", Error, include_str!("migration-file-missing.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    let Some(journal) = history.journal() else { return };
    for entry in &journal.entries {
        if journal.migrations.missing.iter().any(|it| *it == entry.tag) {
            acc.report(entry.at, format!("there is no file {}.sql: the migrator stops here", entry.tag))
                .hint("Restore the file, or take the entry out of the journal.");
        }
    }
}
