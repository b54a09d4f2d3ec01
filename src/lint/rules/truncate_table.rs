//! Tables that are emptied.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::Ddl;
use crate::sql::token::significant;

pub const RULE: Lint = Lint::migration("truncate-table", Information, include_str!("truncate-table.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        let Some(Ddl::Truncate { tables }) = step.ddl() else { continue };
        let cascades = significant(step.text).iter().any(|it| it.is_word(step.text, "cascade"));
        for name in tables {
            let (Some(table), Some(range)) = (step.existing(name), name.range()) else { continue };
            let table = shown(table);
            let message = match cascades {
                true => format!("TRUNCATE deletes every row of {table}, and of the tables that reference it"),
                false => format!("TRUNCATE deletes every row of {table}"),
            };
            acc.report(step.at(range), message)
                .hint("Keep a copy if the rows may be needed; DELETE with a condition takes away those that are not.");
        }
    }
}
