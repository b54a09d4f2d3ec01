//! Types that not all values fit.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{TypeChange, changed_types, is_emptied, shown};
use crate::sema::code::Severity::Warning;

pub const RULE: Lint =
    Lint::migration("narrowing-type-change", Warning, include_str!("narrowing-type-change.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for it in changed_types(migration) {
        let TypeChange::Narrow(why) = &it.change else { continue };
        if is_emptied(migration, it.idx, &it.table.name) {
            continue;
        }
        let (table, column) = (shown(&it.table), it.column.quoted());
        acc.report(it.at, format!("changing {table}.{column} from {} to {}: {why}", it.from, it.to))
            .hint("Look at the values that are there first, or say with USING what becomes of them.");
    }
}
