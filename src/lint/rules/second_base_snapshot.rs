//! A second first migration of drizzle-kit 1.0.

use crate::base::file::InFile;
use crate::base::text::TextRange;
use crate::lint::folder::Break;
use crate::lint::history::History;
use crate::lint::rule::{Acc, Lint};
use crate::sema::code::Severity::Error;

pub const RULE: Lint =
    Lint::history("second-base-snapshot", Error, include_str!("second-base-snapshot.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    let Some(folder) = history.folder() else { return };
    let Some(Break::SecondBase(base)) = folder.break_at(folder.own) else { return };
    let (Some(own), Some(base)) = (folder.node(), folder.nodes.get(base)) else { return };
    let (name, first) = (&own.name, &base.name);
    acc.report(
        folder.range_of("type"),
        format!("{name} and {first} are both the first migration: drizzle-kit refuses to go on"),
    )
    .related(InFile::new(base.file, TextRange::default()), "the other one")
    .hint("Take one of the two back with every migration that follows it, and generate them anew.");
}
