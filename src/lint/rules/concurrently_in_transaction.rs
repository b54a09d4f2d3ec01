//! What PostgreSQL refuses inside of a transaction.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{in_transaction, top_steps};
use crate::sema::code::Severity::Warning;
use crate::sql::hir::Ddl;
use crate::sql::token::significant;

pub const RULE: Lint = Lint::migration(
    "concurrently-in-transaction",
    Warning,
    include_str!("concurrently-in-transaction.md"),
    run,
)
.state("25001");

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in top_steps(migration) {
        let what = match step.ddl() {
            Some(Ddl::CreateIndex(index)) if index.concurrently => "CREATE INDEX CONCURRENTLY",
            Some(Ddl::Drop(_)) => "DROP INDEX CONCURRENTLY",
            None => "REINDEX CONCURRENTLY",
            _ => continue,
        };
        let tokens = significant(step.text);
        let first = what.split(' ').next().unwrap_or(what);
        let is_it = tokens.first().is_some_and(|it| it.is_word(step.text, first));
        let word = tokens.iter().take(6).find(|it| it.is_word(step.text, "concurrently"));
        if let Some(word) = word.filter(|_| is_it && in_transaction(migration, step.idx)) {
            let at = word.range;
            acc.report(step.at(at), format!("{what} cannot run inside a transaction block"))
                .hint("The migrator runs all migrations in one transaction. Run the statement by hand, or build the index without CONCURRENTLY.");
        }
    }
}
