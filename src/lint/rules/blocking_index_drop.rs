//! Indexes that are dropped under the strongest lock.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{Step, in_transaction, shown, steps};
use crate::sema::code::Severity::Hint;
use crate::sql::hir::ddl::{ObjectKind, RelationKind};
use crate::sql::hir::{Ddl, QName};
use crate::sql::token::significant;

pub const RULE: Lint =
    Lint::migration("blocking-index-drop", Hint, include_str!("blocking-index-drop.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        let Some(Ddl::Drop(drop)) = step.ddl() else { continue };
        let tokens = significant(step.text);
        let concurrently = tokens.iter().take(4).any(|it| it.is_word(step.text, "concurrently"));
        if drop.object != ObjectKind::Relation(RelationKind::Index) || concurrently {
            continue;
        }
        for name in &drop.names {
            let (Some(table), Some(range)) = (table_of(&step, &name.name), name.name.range()) else {
                continue;
            };
            let message = format!(
                "DROP INDEX waits for every query on {table}, and whatever comes after waits behind it (ACCESS EXCLUSIVE lock)"
            );
            let hint = match in_transaction(migration, step.idx) {
                true => {
                    "Where the table is busy, drop it with DROP INDEX CONCURRENTLY outside of the migrator, and let the migration say IF EXISTS."
                }
                false => "Where the table is busy, use DROP INDEX CONCURRENTLY.",
            };
            acc.report(step.at(range), message).hint(hint);
        }
    }
}

/// The table of an index that was there before the migration.
fn table_of(step: &Step<'_>, index: &QName) -> Option<String> {
    let name = &index.last()?.ident;
    let schema = index.schema().map(|it| &it.ident);
    let table = step.before.relations.values().find(|it| {
        schema.is_none_or(|schema| *schema == it.schema)
            && it.indexes.iter().any(|it| it.name.as_ref() == Some(name) && !step.is_own(it.origin))
    })?;
    (!step.is_own(table.origin)).then(|| shown(table))
}
