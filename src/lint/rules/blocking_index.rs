//! Indexes that stop all writing while they are built.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{in_transaction, shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::Ddl;

pub const RULE: Lint = Lint::migration("blocking-index", Information, include_str!("blocking-index.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        let Some(Ddl::CreateIndex(index)) = step.ddl() else { continue };
        let Some(table) = step.existing(&index.table).filter(|_| !index.concurrently) else { continue };
        let range = index.name.as_ref().map(|it| it.range).or(index.table.range()).unwrap_or_default();
        let message = format!(
            "CREATE INDEX stops all writing to {} until the index is built (SHARE lock)",
            shown(table)
        );
        let hint = match in_transaction(migration, step.idx) {
            true => {
                "Where the table is large, build it with CREATE INDEX CONCURRENTLY outside of the migrator, and let the migration say IF NOT EXISTS."
            }
            false => "Where the table is large, use CREATE INDEX CONCURRENTLY.",
        };
        acc.report(step.at(range), message).hint(hint);
    }
}
