//! A migration of drizzle-kit 1.0 that sorts before the one it follows.

use crate::base::file::InFile;
use crate::base::text::TextRange;
use crate::lint::folder::Break;
use crate::lint::history::History;
use crate::lint::rule::{Acc, Lint};
use crate::sema::code::Severity::Error;

pub const RULE: Lint =
    Lint::history("migration-before-parent", Error, include_str!("migration-before-parent.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    let Some(folder) = history.folder() else { return };
    let Some(Break::BeforeParent(parent)) = folder.break_at(folder.own) else { return };
    let (Some(own), Some(parent)) = (folder.node(), folder.nodes.get(parent)) else { return };
    let (name, before) = (&own.name, &parent.name);
    acc.report(
        folder.range_of("prevIds"),
        format!("{name} follows {before} and sorts before it: drizzle-kit refuses to go on"),
    )
    .related(InFile::new(parent.file, TextRange::default()), "what it follows")
    .hint(format!(
        "`migrate` would run it first. Rename the folder so that it sorts behind {before}, if no database has run it yet."
    ));
}
