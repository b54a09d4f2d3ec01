//! Checks that look at every row under the strongest lock.

use crate::catalog::Relation;
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::ddl::{AlterTable, ColumnConstraint, ColumnConstraintKind, TableConstraintKind};

pub const RULE: Lint =
    Lint::migration("check-scans-table", Information, include_str!("check-scans-table.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        for (table, action) in step.actions() {
            if let AlterTable::AddColumn { column, .. } = action {
                let check = |it: &&ColumnConstraint| matches!(it.kind, ColumnConstraintKind::Check(_));
                if let Some(it) = column.constraints.iter().find(check) {
                    acc.report(step.at(it.range), message(table)).hint(HINT);
                }
                continue;
            }
            let AlterTable::AddConstraint(it) = action else { continue };
            if it.not_valid || !matches!(it.kind, TableConstraintKind::Check(_)) {
                continue;
            }
            let at = it.name.as_ref().map_or(it.range, |it| it.range);
            acc.report(step.at(at), message(table)).hint(HINT);
        }
    }
}

const HINT: &str = "Add it NOT VALID, and VALIDATE CONSTRAINT in a later migration.";

fn message(table: &Relation) -> String {
    format!("adding a check reads all of {} under an ACCESS EXCLUSIVE lock", shown(table))
}
