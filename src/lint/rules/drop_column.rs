//! Columns whose values are lost.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{ALL_DIALECTS, Step, rebuilt, shown, steps_of};
use crate::sema::code::Severity::Information;
use crate::sql::hir::ddl::{AlterTable, ObjectKind, RelationKind};
use crate::sql::hir::{Ddl, StatementKind};
use crate::sql::token::significant;
use crate::sql::{Dialect, Ident};

pub const RULE: Lint = Lint::migration("drop-column", Information, include_str!("drop-column.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps_of(migration, &ALL_DIALECTS) {
        left_behind(migration, &step, acc);
        for (table, action) in step.actions() {
            let AlterTable::DropColumn { name, .. } = action else { continue };
            if step.old_column(table, &name.ident).is_some() {
                let (table, column) = (shown(table), name.ident.quoted());
                acc.report(
                    step.at(name.range),
                    format!("dropping column {table}.{column} deletes its values"),
                )
                .hint(HINT);
            }
        }
    }
}

const HINT: &str = "Deploy code that no longer reads or writes it first.";

/// SQLite's way to alter a table: make it anew, copy the rows, drop the old one. What is not copied is lost.
fn left_behind(migration: &Migration<'_>, step: &Step<'_>, acc: &mut Acc<'_>) {
    let Some(Ddl::Drop(drop)) = step.ddl().filter(|_| migration.database.dialect == Dialect::Sqlite) else {
        return;
    };
    if drop.object != ObjectKind::Relation(RelationKind::Table) {
        return;
    }
    for name in &drop.names {
        let (Some(table), Some(range)) = (step.existing(&name.name), name.name.range()) else { continue };
        let Some(new) = rebuilt(migration, step, &table.name) else { continue };
        let Some(copy) = migration.statements.iter().take(step.idx).find(|it| {
            matches!(&it.parsed.hir.kind, StatementKind::Insert(it) if it.table.last().is_some_and(|it| it.ident == new.name))
        }) else {
            continue;
        };
        let tokens = significant(&copy.text);
        let is_copied =
            |column: &Ident| tokens.iter().any(|it| Ident::from_source(it.text(&copy.text)) == *column);
        for column in table.columns.iter().map(|it| &it.name) {
            if !new.columns.iter().any(|it| it.name == *column) && !is_copied(column) {
                let (table, column) = (shown(table), column.quoted());
                let message = format!("dropping column {table}.{column} deletes its values");
                acc.report(step.at(range), message).hint(HINT);
            }
        }
    }
}
