//! Changes for which MySQL copies the table while nobody can write to it.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::mysql::{MysqlChange, mysql_change};
use crate::lint::safety::{Step, shown, steps_of};
use crate::sema::code::Severity::Information;
use crate::sql::Dialect;
use crate::sql::hir::ddl::{AlterMysql, AlterTable, ColumnConstraintKind, TableConstraintKind};
use crate::sql::hir::{Statement, StatementKind};

pub const RULE: Lint =
    Lint::migration("mysql-table-copy", Information, include_str!("mysql-table-copy.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps_of(migration, &[Dialect::Mysql]) {
        let Some((table, actions)) = step.alter() else { continue };
        let mut tell = |at, what: &str| {
            let message = format!(
                "MySQL copies {} for this, and nobody can write to it meanwhile: {what}",
                shown(table)
            );
            acc.report(step.at(at), message).hint(
                "On a table that is large, gh-ost or pt-online-schema-change copies it while it is written to.",
            );
        };
        for action in actions {
            match action {
                AlterTable::Mysql(AlterMysql::Redefine { from, column }) => {
                    let old = from.as_ref().unwrap_or(&column.name);
                    let Some(old) = step.old_column(table, &old.ident) else { continue };
                    let Some(ty) = &column.ty else { continue };
                    let new = step.text.get(std::ops::Range::<usize>::from(ty.range)).unwrap_or_default();
                    if let MysqlChange::Copy(why) | MysqlChange::Narrow(why, _) =
                        mysql_change(&old.type_text, new)
                    {
                        tell(ty.range, &why);
                    }
                }
                AlterTable::Mysql(AlterMysql::DropPrimaryKey) if !actions.iter().any(is_primary_key) => {
                    tell(step.statement_range(), "the primary key goes, and no other comes with it");
                }
                AlterTable::AddConstraint(it)
                    if matches!(it.kind, TableConstraintKind::ForeignKey { .. })
                        && !checks_are_off(migration, &step) =>
                {
                    let at = it.name.as_ref().map_or(it.range, |it| it.range);
                    tell(at, "a foreign key is added while foreign_key_checks is on");
                }
                AlterTable::AddColumn { column, .. } => {
                    let stored = column
                        .constraints
                        .iter()
                        .find(|it| matches!(it.kind, ColumnConstraintKind::Generated { stored: true, .. }));
                    if let Some(it) = stored {
                        tell(it.range, "a stored generated column is added; a virtual one is not written");
                    }
                }
                _ => {}
            }
        }
    }
}

fn is_primary_key(action: &AlterTable) -> bool {
    matches!(action, AlterTable::AddConstraint(it) if matches!(it.kind, TableConstraintKind::PrimaryKey { .. }))
}

/// `SET foreign_key_checks = 0` stands before it.
fn checks_are_off(migration: &Migration<'_>, step: &Step<'_>) -> bool {
    migration.statements.iter().take(step.idx).any(|it| {
        let is_set = |it: &Statement| matches!(it.kind, StatementKind::Other(_));
        let text = it.text.to_ascii_lowercase();
        (is_set(&it.parsed.hir) || text.trim_start().starts_with("set"))
            && text.contains("foreign_key_checks")
    })
}
