//! Columns that the rows which are there have no value for.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{Step, is_emptied, shown, steps_of};
use crate::sema::code::Severity::Warning;
use crate::sql::Dialect;
use crate::sql::hir::ddl::{AlterTable, ColumnConstraintKind, ColumnDef};
use crate::sql::hir::{ExprId, ExprKind, Literal};

pub const RULE: Lint =
    Lint::migration("not-null-without-default", Warning, include_str!("not-null-without-default.md"), run)
        .state("23502");

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    // SQLite refuses it too, where there is a row; MySQL makes up a value.
    for step in steps_of(migration, &[Dialect::Postgres, Dialect::Sqlite]) {
        for (table, action) in step.actions() {
            let AlterTable::AddColumn { column, .. } = action else { continue };
            let exists = table.columns.iter().any(|it| it.name == column.name.ident);
            if exists || !lacks_value(&step, column) || is_emptied(migration, step.idx, &table.name) {
                continue;
            }
            let (column, table) = (&column.name, shown(table));
            let message = format!(
                "column {} of {table} has no value for the rows that are there",
                column.ident.quoted()
            );
            acc.report(step.at(column.range), message)
                .hint("Give it a DEFAULT, or add it without NOT NULL, fill it, and set NOT NULL afterwards.");
        }
    }
}

/// NOT NULL, and nothing that gives a value.
fn lacks_value(step: &Step<'_>, column: &ColumnDef) -> bool {
    let any =
        |test: &dyn Fn(&ColumnConstraintKind) -> bool| column.constraints.iter().any(|it| test(&it.kind));
    let serial = column
        .ty
        .as_ref()
        .and_then(|it| it.name.last())
        .is_some_and(|it| it.ident.as_str().contains("serial"));
    any(&|it| matches!(it, ColumnConstraintKind::NotNull { .. } | ColumnConstraintKind::PrimaryKey))
        && !serial
        && !any(&|it| matches!(it, ColumnConstraintKind::Default(expr) if !is_null(step, *expr)))
        && !any(&|it| {
            matches!(it, ColumnConstraintKind::Generated { .. } | ColumnConstraintKind::Identity { .. })
        })
}

fn is_null(step: &Step<'_>, expr: ExprId) -> bool {
    matches!(step.exprs.get(expr.0 as usize).map(|it| &it.kind), Some(ExprKind::Literal(Literal::Null)))
}
