//! SQL files that never run.

use crate::base::file::InFile;
use crate::base::path;
use crate::base::text::TextRange;
use crate::lint::history::History;
use crate::lint::rule::{Acc, Lint};
use crate::project::Workspace;
use crate::sema::code::Severity::Warning;

pub const RULE: Lint =
    Lint::history("migration-not-in-journal", Warning, include_str!("migration-not-in-journal.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    let Some(journal) = history.journal() else { return };
    if journal.broken.is_some() {
        return;
    }
    let snap = journal.look.snap;
    let unlisted = &journal.migrations.unlisted;
    let name = |it| path::file_name(&snap.path(it)).to_owned();
    let shown: Vec<String> = unlisted.iter().take(3).map(|it| name(*it)).collect();
    let (verb, rest) = match unlisted.len() {
        0 => return,
        1 => ("is", String::new()),
        2 | 3 => ("are", String::new()),
        n => ("are", format!(" and {} more", n - 3)),
    };
    let message = format!(
        "{}{rest} {verb} not in the journal: the migrator never runs what it does not list",
        shown.join(", ")
    );
    let mut report = acc.report(journal.list, message);
    for file in unlisted.iter().take(10) {
        report = report.related(InFile::new(*file, TextRange::default()), "not in the journal");
    }
}
