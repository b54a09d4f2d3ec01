//! Snapshots that drizzle-kit cannot go on from.

use crate::base::file::InFile;
use crate::base::path;
use crate::base::text::TextRange;
use crate::lint::folder::Folder;
use crate::lint::history::History;
use crate::lint::journal::Journal;
use crate::lint::rule::{Acc, Lint};
use crate::project::Workspace;
use crate::sema::code::Severity::Error;

pub const RULE: Lint =
    Lint::history("unreadable-snapshot", Error, include_str!("unreadable-snapshot.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    match history {
        History::Journal(it) => of_journal(it, acc),
        History::Folder(it) => of_folder(it, acc),
    }
}

fn of_journal(journal: &Journal<'_>, acc: &mut Acc<'_>) {
    let snap = journal.look.snap;
    for it in journal.snapshots().iter().filter(|it| it.head.is_none()) {
        let name = path::file_name(&snap.path(it.file)).to_owned();
        let own = |tag: &str| name.starts_with(tag.split('_').next().unwrap_or("?"));
        let at = journal.entries.iter().find(|it| own(&it.tag)).map_or(journal.list, |it| it.at);
        acc.report(at, format!("{name} is no snapshot of drizzle-kit: it refuses to go on"))
            .related(InFile::new(it.file, TextRange::default()), "no JSON, or without version and id")
            .hint("Restore it, or drop the migration with its snapshot and generate it anew.");
    }
}

fn of_folder(folder: &Folder<'_>, acc: &mut Acc<'_>) {
    if folder.node().is_some_and(|it| it.head.is_none()) {
        acc.report(TextRange::default(), "this is no snapshot of drizzle-kit: it refuses to go on").hint(
            "It is no JSON, or without version, id and prevIds. Restore it, or take the migration back and generate it anew.",
        );
    }
}
