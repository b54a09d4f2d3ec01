//! A journal that is no JSON.

use crate::lint::history::History;
use crate::lint::rule::{Acc, Lint};
use crate::sema::code::Severity::Error;

pub const RULE: Lint = Lint::history("broken-journal", Error, include_str!("broken-journal.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    let Some(journal) = history.journal() else { return };
    if let Some((at, why)) = &journal.broken {
        acc.report(*at, format!("the journal is no JSON: {why}"))
            .hint("drizzle-kit and the migrator stop here. Conflict markers of a merge are taken out by hand, keeping the entries of both sides.");
    }
}
