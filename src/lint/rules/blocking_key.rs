//! Keys whose index is built under the strongest lock.

use crate::catalog::Relation;
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::ddl::{AlterTable, ColumnConstraintKind, TableConstraintKind};

pub const RULE: Lint = Lint::migration("blocking-key", Information, include_str!("blocking-key.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        for (table, action) in step.actions() {
            if let AlterTable::AddColumn { column, .. } = action {
                let key = column.constraints.iter().find_map(|it| match it.kind {
                    ColumnConstraintKind::PrimaryKey => Some((it.range, "a primary key")),
                    ColumnConstraintKind::Unique { .. } => Some((it.range, "a unique constraint")),
                    _ => None,
                });
                if let Some((range, what)) = key {
                    acc.report(step.at(range), message(what, table)).hint(HINT);
                }
                continue;
            }
            let AlterTable::AddConstraint(it) = action else { continue };
            let what = match &it.kind {
                TableConstraintKind::PrimaryKey { using_index: None, .. } => "a primary key",
                TableConstraintKind::Unique { using_index: None, .. } => "a unique constraint",
                TableConstraintKind::Exclude(_) => "an exclusion constraint",
                _ => continue,
            };
            let at = it.name.as_ref().map_or(it.range, |it| it.range);
            acc.report(step.at(at), message(what, table)).hint(HINT);
        }
    }
}

const HINT: &str = "Build a unique index CONCURRENTLY first, and add the constraint USING INDEX.";

fn message(what: &str, table: &Relation) -> String {
    format!(
        "adding {what} builds its index while nobody reads or writes {} (ACCESS EXCLUSIVE lock)",
        shown(table)
    )
}
