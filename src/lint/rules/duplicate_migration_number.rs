//! Two migrations of one number.

use crate::lint::history::History;
use crate::lint::rule::{Acc, Lint};
use crate::sema::code::Severity::Warning;

pub const RULE: Lint =
    Lint::history("duplicate-migration-number", Warning, include_str!("duplicate-migration-number.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    let Some(journal) = history.journal() else { return };
    for (position, entry) in journal.entries.iter().enumerate() {
        let Some((idx, at)) = entry.idx else { continue };
        let earlier = journal.entries.iter().take(position).find(|it| it.idx.is_some_and(|it| it.0 == idx));
        if let Some(earlier) = earlier {
            acc.report(at, format!("{} has the number of {}", entry.tag, earlier.tag))
                .related_here(earlier.at, "the other one")
                .hint("Two branches have each made a migration: drop the later one, merge, and generate it anew.");
        }
    }
}
