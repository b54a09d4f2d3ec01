//! Types that are changed at the price of the whole table.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{TypeChange, changed_types, shown};
use crate::sema::code::Severity::Information;

pub const RULE: Lint = Lint::migration(
    "type-change-rewrites-table",
    Information,
    include_str!("type-change-rewrites-table.md"),
    run,
);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for it in changed_types(migration) {
        if it.change == TypeChange::Rewrite {
            let message = format!(
                "changing {}.{} from {} to {} writes all of the table and its indexes anew under an ACCESS EXCLUSIVE lock",
                shown(&it.table),
                it.column.quoted(),
                it.from,
                it.to
            );
            acc.report(it.at, message).hint(
                "Add a column of the new type, fill it in batches, and switch over in later migrations.",
            );
        }
    }
}
