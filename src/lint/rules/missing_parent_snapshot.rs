//! A migration of drizzle-kit 1.0 whose history is not there.

use crate::lint::folder::Break;
use crate::lint::history::History;
use crate::lint::rule::{Acc, Lint};
use crate::sema::code::Severity::Error;

pub const RULE: Lint =
    Lint::history("missing-parent-snapshot", Error, include_str!("missing-parent-snapshot.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    let Some(folder) = history.folder() else { return };
    let Some(name) = folder.node().map(|it| &it.name) else { return };
    let (property, message, what) = match folder.break_at(folder.own) {
        Some(Break::NoParent(id)) => (
            "prevIds",
            format!("{name} follows the snapshot {id}, which is in no folder: drizzle-kit refuses to go on"),
            "the missing folder",
        ),
        Some(Break::NoBase) => (
            "type",
            format!(
                "{name} says what has changed, and nothing before it is a base: drizzle-kit refuses to go on"
            ),
            "the first folder",
        ),
        _ => return,
    };
    acc.report(folder.range_of(property), message).hint(format!(
        "Restore {what} from version control, or take this migration and what follows it back, and generate them anew."
    ));
}
