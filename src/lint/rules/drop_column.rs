//! Columns whose values are lost.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::ddl::AlterTable;

pub const RULE: Lint = Lint::migration("drop-column", Information, include_str!("drop-column.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        let Some((table, actions)) = step.alter() else { continue };
        for action in actions {
            let AlterTable::DropColumn { name, .. } = action else { continue };
            if step.old_column(table, &name.ident).is_some() {
                let (table, column) = (shown(table), name.ident.quoted());
                acc.report(
                    step.at(name.range),
                    format!("dropping column {table}.{column} deletes its values"),
                )
                .hint("Deploy code that no longer reads or writes it first.");
            }
        }
    }
}
