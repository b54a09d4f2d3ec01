//! A scan under the strongest lock.

use crate::catalog::Relation;
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::Ident;
use crate::sql::hir::ddl::AlterTable;
use crate::sql::token::significant;

pub const RULE: Lint = Lint::migration("set-not-null", Information, include_str!("set-not-null.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        for (table, action) in step.actions() {
            let AlterTable::SetNotNull { name } = action else { continue };
            let column = table.columns.iter().find(|it| it.name == name.ident);
            if column.is_some_and(|it| !it.not_null) && !is_proven(table, &name.ident) {
                let message = format!(
                    "SET NOT NULL reads all of {} under an ACCESS EXCLUSIVE lock, and fails if {} is null anywhere",
                    shown(table),
                    name.ident.quoted()
                );
                acc.report(step.at(name.range), message).hint(
                    "Add CHECK (… IS NOT NULL) NOT VALID, validate it in a later migration, and set NOT NULL after that.",
                );
            }
        }
    }
}

/// A check says that the column is never null: PostgreSQL does not look then.
fn is_proven(table: &Relation, column: &Ident) -> bool {
    table.checks.iter().filter_map(|it| it.expression.as_deref()).any(|text| {
        let tokens = significant(text);
        let word = |idx: usize, word: &str| tokens.get(idx).is_some_and(|it| it.is_word(text, word));
        tokens.iter().enumerate().any(|(idx, it)| {
            Ident::from_source(it.text(text)) == *column
                && word(idx + 1, "is")
                && word(idx + 2, "not")
                && word(idx + 3, "null")
        })
    })
}
