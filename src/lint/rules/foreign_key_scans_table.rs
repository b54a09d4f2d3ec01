//! Foreign keys that look at every row under a lock.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::ddl::{AlterTable, TableConstraintKind};

pub const RULE: Lint =
    Lint::migration("foreign-key-scans-table", Information, include_str!("foreign-key-scans-table.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        for (table, action) in step.actions() {
            let AlterTable::AddConstraint(it) = action else { continue };
            let TableConstraintKind::ForeignKey { columns, references, .. } = &it.kind else { continue };
            // Columns that are new hold nothing to look at.
            let is_old = columns.iter().any(|it| step.old_column(table, &it.ident).is_some());
            if it.not_valid || !is_old {
                continue;
            }
            let target = references.table.last().map_or_else(String::new, |it| it.ident.quoted());
            let message = format!(
                "adding a foreign key checks every row of {}, and nobody writes to it or to {target} meanwhile (SHARE ROW EXCLUSIVE lock)",
                shown(table)
            );
            let at = it.name.as_ref().map_or(it.range, |it| it.range);
            acc.report(step.at(at), message)
                .hint("Add it NOT VALID, and VALIDATE CONSTRAINT in a later migration.");
        }
    }
}
