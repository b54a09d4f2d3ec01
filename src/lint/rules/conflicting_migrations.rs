//! Branches of drizzle-kit 1.0's migrations that touch the same.

use crate::base::file::InFile;
use crate::base::text::TextRange;
use crate::catalog::kit::Footprint;
use crate::lint::history::History;
use crate::lint::rule::{Acc, Lint};
use crate::sema::code::Severity::Error;
use crate::sql::Dialect;

pub const RULE: Lint =
    Lint::history("conflicting-migrations", Error, include_str!("conflicting-migrations.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    let Some(folder) = history.folder() else { return };
    for it in folder.conflicts() {
        let Some(other) = folder.nodes.get(it.earlier) else { continue };
        let (own, theirs, name) = (describe(&it.statement), describe(&it.other), &other.name);
        acc.report(
            folder.range_of("prevIds"),
            format!("{own} does not go with {theirs} of {name}, another branch: drizzle-kit refuses to go on"),
        )
        .related(InFile::new(other.file, TextRange::default()), "the other branch")
        .hint(match folder.database.dialect {
            Dialect::Postgres => "Take the migrations of one branch back and generate them anew; `drizzle-kit generate --fix-conflicts` does that for both.",
            _ => "Take the migrations of one branch back and generate them anew, or let `drizzle-kit generate --ignore-conflicts` write one that follows both.",
        });
    }
}

/// `alter_column of users.email`
fn describe(it: &Footprint) -> String {
    let mut parts: Vec<&str> = it.target.iter().skip(1).map(|it| it.as_str()).collect();
    if parts.len() > 1 && matches!(parts.first(), Some(&"public" | &"")) {
        parts.remove(0);
    }
    format!("{} of {}", it.statement, parts.join("."))
}
