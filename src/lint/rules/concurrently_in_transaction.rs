//! What PostgreSQL refuses inside of a transaction.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{in_transaction, top_steps};
use crate::sema::code::Severity::Warning;
use crate::sql::token::{Token, significant};

pub const RULE: Lint = Lint::migration(
    "concurrently-in-transaction",
    Warning,
    include_str!("concurrently-in-transaction.md"),
    run,
)
.state("25001");

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in top_steps(migration) {
        let tokens = significant(step.text);
        let Some((what, word)) = refused(step.text, &tokens) else { continue };
        if !in_transaction(migration, step.idx) {
            continue;
        }
        let hint = match what.ends_with("INDEX CONCURRENTLY") {
            true => {
                "The migrator runs all migrations in one transaction. Run the statement by hand, or build the index without CONCURRENTLY."
            }
            false => "The migrator runs all migrations in one transaction. Run the statement by hand.",
        };
        acc.report(step.at(word.range), format!("{what} cannot run inside a transaction block")).hint(hint);
    }
}

/// What PostgreSQL runs in no transaction (`PreventInTransactionBlock`), in its words, and the word that says so.
fn refused<'t>(text: &str, tokens: &'t [Token]) -> Option<(&'static str, &'t Token)> {
    let word = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(text, word));
    let is = |words: &[&str]| words.iter().enumerate().all(|(at, it)| word(at, it));
    const WHOLE: [(&[&str], &str); 9] = [
        (&["vacuum"], "VACUUM"),
        (&["create", "database"], "CREATE DATABASE"),
        (&["drop", "database"], "DROP DATABASE"),
        (&["create", "tablespace"], "CREATE TABLESPACE"),
        (&["drop", "tablespace"], "DROP TABLESPACE"),
        (&["alter", "system"], "ALTER SYSTEM"),
        (&["reindex", "database"], "REINDEX DATABASE"),
        (&["reindex", "system"], "REINDEX SYSTEM"),
        (&["reindex", "schema"], "REINDEX SCHEMA"),
    ];
    if let Some((words, what)) = WHOLE.iter().find(|it| is(it.0)) {
        return Some((what, tokens.get(words.len() - 1)?));
    }
    let concurrently = tokens.iter().position(|it| it.is_word(text, "concurrently"))?;
    let what = if is(&["create", "index"]) || is(&["create", "unique", "index"]) {
        "CREATE INDEX CONCURRENTLY"
    } else if is(&["drop", "index"]) {
        "DROP INDEX CONCURRENTLY"
    } else if is(&["reindex"]) {
        "REINDEX CONCURRENTLY"
    } else if is(&["alter", "table"]) && tokens.iter().any(|it| it.is_word(text, "detach")) {
        "ALTER TABLE ... DETACH CONCURRENTLY"
    } else {
        return None;
    };
    let is_early = concurrently < 6 || what.starts_with("ALTER");
    tokens.get(concurrently).filter(|_| is_early).map(|it| (what, it))
}
