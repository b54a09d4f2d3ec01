//! Migrations that are skipped without a word.

use crate::lint::history::History;
use crate::lint::rule::{Acc, Lint};
use crate::sema::code::Severity::Warning;

pub const RULE: Lint =
    Lint::history("journal-out-of-order", Warning, include_str!("journal-out-of-order.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    let Some(journal) = history.journal() else { return };
    let mut newest: Option<(i64, &str)> = None;
    for (position, entry) in journal.entries.iter().enumerate() {
        let Some((when, at)) = entry.when else { continue };
        if let Some((latest, tag)) = newest.filter(|(latest, _)| when <= *latest) {
            let message =
                format!("{} is not newer than {tag}: where that has run already, it is skipped", entry.tag);
            let report = acc.report(at, message).hint(
                "The migrator runs an entry only if its `when` is later than that of the last one it ran.",
            );
            let next = journal.entries.get(position + 1).and_then(|it| it.when);
            if next.is_none_or(|(next, _)| next > latest + 1) {
                report.fix("Date it after the one before", vec![(at, (latest + 1).to_string())]);
            }
        }
        if newest.is_none_or(|(latest, _)| when > latest) {
            newest = Some((when, &entry.tag));
        }
    }
}
