//! Every row of a table changed in one transaction.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{in_transaction, shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::StatementKind;

pub const RULE: Lint =
    Lint::migration("unbounded-backfill", Information, include_str!("unbounded-backfill.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        let (table, what) = match &step.statement.kind {
            StatementKind::Update(it) if it.where_.is_none() && it.from.is_empty() => (&it.table, "UPDATE"),
            StatementKind::Delete(it) if it.where_.is_none() && it.using.is_empty() => (&it.table, "DELETE"),
            _ => continue,
        };
        let (Some(found), Some(range)) = (step.existing(table), table.range()) else { continue };
        if in_transaction(migration, step.idx) {
            let message =
                format!("{what} locks every row of {} until the whole migration is committed", shown(found));
            acc.report(step.at(range), message).hint("Change the rows in batches, outside of the migration.");
        }
    }
}
