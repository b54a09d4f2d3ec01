//! BEGIN and COMMIT in a migration that already runs in a transaction.

use crate::base::text::TextRange;
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{Step, in_transaction, top_steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::StatementKind;
use crate::sql::token::significant;

pub const RULE: Lint = Lint::migration(
    "transaction-in-migration",
    Information,
    include_str!("transaction-in-migration.md"),
    run,
);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    let steps = top_steps(migration);
    let begins = steps.iter().find(|it| starts_with(it, &["begin", "start"]));
    let Some(begin) = begins.filter(|it| in_transaction(migration, it.idx)) else { return };
    let ends = steps.iter().any(|it| it.idx > begin.idx && starts_with(it, &["commit", "end"]));
    let Some(range) = first_word(begin).filter(|_| ends) else { return };
    let message = "the migrator has begun a transaction: the COMMIT below ends that one, and what comes after runs outside";
    acc.report(begin.at(range), message.to_owned())
        .hint("Leave BEGIN and COMMIT out: the migrator commits all migrations together.");
}

fn starts_with(step: &Step<'_>, words: &[&str]) -> bool {
    let tokens = significant(step.text);
    let first = tokens.first().is_some_and(|it| words.iter().any(|word| it.is_word(step.text, word)));
    first && matches!(step.statement.kind, StatementKind::Other(_))
}

fn first_word(step: &Step<'_>) -> Option<TextRange> {
    significant(step.text).first().map(|it| it.range)
}
