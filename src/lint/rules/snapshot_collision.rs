//! Two snapshots that follow the same one.

use crate::base::file::InFile;
use crate::base::path;
use crate::base::text::TextRange;
use crate::lint::history::History;
use crate::lint::rule::{Acc, Lint};
use crate::project::Workspace;
use crate::sema::code::Severity::Error;

pub const RULE: Lint = Lint::history("snapshot-collision", Error, include_str!("snapshot-collision.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    let Some(journal) = history.journal() else { return };
    let snap = journal.look.snap;
    let name = |it| path::file_name(&snap.path(it)).to_owned();
    let snapshots = journal.snapshots();
    for (position, it) in snapshots.iter().enumerate() {
        let Some(head) = it.head.as_ref().filter(|it| !it.previous.is_empty()) else { continue };
        let same = |other: &&crate::lint::journal::Snapshot| {
            other.head.as_ref().is_some_and(|other| other.previous == head.previous)
        };
        if let Some(earlier) = snapshots.iter().take(position).find(same) {
            let (a, b) = (name(earlier.file), name(it.file));
            let at = journal.entries.last().map_or(journal.list, |it| it.at);
            let at = journal
                .entries
                .iter()
                .find(|entry| b.starts_with(entry.tag.split('_').next().unwrap_or("?")))
                .map_or(at, |it| it.at);
            acc.report(at, format!("{a} and {b} follow the same snapshot: drizzle-kit refuses to go on"))
                .related(InFile::new(earlier.file, TextRange::default()), "one")
                .related(InFile::new(it.file, TextRange::default()), "the other")
                .hint("Two branches have each made a migration: drop the later one with its snapshot, and generate it anew.");
        }
    }
}
