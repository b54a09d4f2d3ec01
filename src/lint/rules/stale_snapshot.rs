//! A last migration without its snapshot.

use crate::lint::history::History;
use crate::lint::rule::{Acc, Lint};
use crate::sema::code::Severity::Information;

pub const RULE: Lint = Lint::history("stale-snapshot", Information, include_str!("stale-snapshot.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    let Some(journal) = history.journal() else { return };
    let Some(entry) = journal.entries.last() else { return };
    let step = journal.migrations.steps.last().filter(|it| it.tag == entry.tag.as_str());
    let kept = !journal.migrations.snapshots.is_empty();
    if step.is_some_and(|it| it.snapshot.is_none()) && kept {
        acc.report(entry.at, format!("{} has no snapshot: drizzle-kit goes on from an older one", entry.tag))
            .hint("The next `generate` writes again what this migration has done. `drizzle-kit generate --custom` makes a migration with its snapshot.");
    }
}
