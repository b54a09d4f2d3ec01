//! BEGIN and COMMIT in a migration that already runs in a transaction.

use crate::base::text::TextRange;
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{Step, in_transaction, steps_of, top_steps};
use crate::sema::code::Severity::Information;
use crate::sql::Dialect;
use crate::sql::hir::{Ddl, StatementKind};
use crate::sql::token::significant;

pub const RULE: Lint = Lint::migration(
    "transaction-in-migration",
    Information,
    include_str!("transaction-in-migration.md"),
    run,
);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    if migration.database.dialect == Dialect::Mysql {
        commits_unasked(migration, acc);
        return;
    }
    let steps = top_steps(migration);
    let begins = steps.iter().find(|it| starts_with(it, &["begin", "start"]));
    let Some(begin) = begins.filter(|it| in_transaction(migration, it.idx)) else { return };
    let ends = steps.iter().any(|it| it.idx > begin.idx && starts_with(it, &["commit", "end"]));
    let Some(range) = first_word(begin).filter(|_| ends) else { return };
    let message = "the migrator has begun a transaction: the COMMIT below ends that one, and what comes after runs outside";
    acc.report(begin.at(range), message.to_owned())
        .hint("Leave BEGIN and COMMIT out: the migrator commits all migrations together.");
}

/// MySQL commits before and after most definitions (MySQL manual, *Statements That Cause an Implicit Commit*): what was begun
/// ends there.
fn commits_unasked(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    let mut begun = false;
    for step in steps_of(migration, &[Dialect::Mysql]) {
        let tokens = significant(step.text);
        let is = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(step.text, word));
        let is_begin = is(0, "start") && is(1, "transaction")
            || is(0, "begin")
                && tokens.iter().skip(1).all(|it| {
                    it.is_word(step.text, "work")
                        || step.text.get(std::ops::Range::from(it.range)) == Some(";")
                });
        if is_begin {
            begun = true;
        } else if is(0, "commit") || is(0, "rollback") {
            begun = false;
        } else if begun && commits(&step) {
            let Some(range) = first_word(&step) else { continue };
            acc.report(
                step.at(range),
                "MySQL commits here: what was begun above cannot be rolled back any more",
            )
            .hint("Leave START TRANSACTION out, or keep definitions out of it.");
            begun = false;
        }
    }
}

fn commits(step: &Step<'_>) -> bool {
    match step.ddl() {
        Some(Ddl::CreateTable(it)) => !it.temporary,
        Some(Ddl::AlterTable { .. } | Ddl::CreateIndex(_) | Ddl::Truncate { .. }) => true,
        _ => false,
    }
}

fn starts_with(step: &Step<'_>, words: &[&str]) -> bool {
    let tokens = significant(step.text);
    let first = tokens.first().is_some_and(|it| words.iter().any(|word| it.is_word(step.text, word)));
    first && matches!(step.statement.kind, StatementKind::Other(_))
}

fn first_word(step: &Step<'_>) -> Option<TextRange> {
    significant(step.text).first().map(|it| it.range)
}
