//! Rows that go with a table of SQLite's that is made anew.

use crate::catalog::Relation;
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{in_transaction, rebuilt, shown, steps_of};
use crate::sema::code::Severity::Information;
use crate::sql::Dialect;
use crate::sql::hir::Ddl;
use crate::sql::hir::ddl::{ObjectKind, RelationKind};

pub const RULE: Lint =
    Lint::migration("rebuild-cascades", Information, include_str!("rebuild-cascades.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps_of(migration, &[Dialect::Sqlite]) {
        let Some(Ddl::Drop(drop)) = step.ddl() else { continue };
        if drop.object != ObjectKind::Relation(RelationKind::Table) || !in_transaction(migration, step.idx) {
            continue;
        }
        for name in &drop.names {
            let Some(range) = name.name.range() else { continue };
            let Some(table) = step.existing(&name.name) else { continue };
            if rebuilt(migration, &step, &table.name).is_none() {
                continue;
            }
            let first = migration.before(0);
            let had_rows = |it: &Relation| {
                it.name != table.name && first.relations.values().any(|old| old.name == it.name)
            };
            for child in step.before.relations.values().filter(|it| had_rows(it)) {
                let references = |target: &crate::catalog::QualifiedName| target.name == table.name;
                let effect = child.foreign_keys.iter().find_map(|it| {
                    it.target.as_ref().filter(|it| references(it))?;
                    match it.on_delete.as_str() {
                        "cascade" => Some("deletes the rows of"),
                        "set null" => Some("sets to null what references it in"),
                        _ => None,
                    }
                });
                let Some(effect) = effect else { continue };
                let message = format!(
                    "PRAGMA foreign_keys does nothing inside a transaction: where foreign keys are enforced, dropping {} {effect} {}",
                    shown(table),
                    shown(child)
                );
                acc.report(step.at(range), message).hint(
                    "Run the migration with foreign keys off (PRAGMA foreign_keys = OFF before migrate()), or copy those rows, too.",
                );
            }
        }
    }
}
