//! Types that not all values fit.

use crate::catalog::Relation;
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::mysql::{MysqlChange, mysql_change};
use crate::lint::safety::{Step, TypeChange, changed_types, is_emptied, shown, steps_of};
use crate::sema::code::Severity::Warning;
use crate::sql::Dialect;
use crate::sql::hir::StatementKind;
use crate::sql::hir::ddl::{AlterMysql, AlterTable};

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
    of_mysql(migration, acc);
}

/// `MODIFY COLUMN`: in strict mode, MySQL's default, it fails for such values; else it changes them.
fn of_mysql(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps_of(migration, &[Dialect::Mysql]) {
        for (table, action) in step.actions() {
            let AlterTable::Mysql(AlterMysql::Redefine { from, column }) = action else { continue };
            let Some(ty) = &column.ty else { continue };
            let Some(old) = step.old_column(table, &from.as_ref().unwrap_or(&column.name).ident) else {
                continue;
            };
            let new = step.text.get(std::ops::Range::<usize>::from(ty.range)).unwrap_or_default();
            let MysqlChange::Narrow(_, why) = mysql_change(&old.type_text, new) else { continue };
            if is_emptied(migration, step.idx, &table.name) || is_written(migration, &step, table) {
                continue;
            }
            let (table, column, from) = (shown(table), column.name.ident.quoted(), &old.type_text);
            acc.report(step.at(ty.range), format!("changing {table}.{column} from {from} to {new}: {why}"))
                .hint("Look at the values that are there first, and change those that do not fit.");
        }
    }
}

/// The migration changes or deletes rows of the table before: somebody has thought of them.
fn is_written(migration: &Migration<'_>, step: &Step<'_>, table: &Relation) -> bool {
    migration.statements.iter().take(step.idx).any(|it| {
        let name = match &it.parsed.hir.kind {
            StatementKind::Update(update) => update.table.last(),
            StatementKind::Delete(delete) => delete.table.last(),
            _ => None,
        };
        name.is_some_and(|it| it.ident == table.name)
    })
}
