//! Columns that SQLite cannot add to a table.

use crate::base::text::TextRange;
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{Step, is_emptied, steps_of};
use crate::sema::code::Severity::{Information, Warning};
use crate::sql::Dialect;
use crate::sql::hir::ddl::{AlterTable, ColumnConstraintKind, ColumnDef};
use crate::sql::hir::{ExprId, ExprKind};

pub const RULE: Lint =
    Lint::migration("sqlite-add-column", Warning, include_str!("sqlite-add-column.md"), run);

const HINT: &str =
    "Make the table anew: create it under another name, copy the rows, drop the old one, rename the new one.";

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps_of(migration, &[Dialect::Sqlite]) {
        for (table, action) in step.actions() {
            let AlterTable::AddColumn { column, .. } = action else { continue };
            let Some((range, message, of_rows)) = refused(&step, column) else { continue };
            if of_rows && is_emptied(migration, step.idx, &table.name) {
                continue;
            }
            // Whether there are rows nobody knows here.
            let severity = if of_rows { Information } else { Warning };
            acc.report(step.at(range), message).severity(severity).hint(HINT);
        }
    }
}

/// SQLite's words (`sqlite3AlterFinishAddColumn`), and whether a table without rows takes the column.
fn refused(step: &Step<'_>, column: &ColumnDef) -> Option<(TextRange, &'static str, bool)> {
    column.constraints.iter().find_map(|it| {
        let (message, of_rows) = match &it.kind {
            ColumnConstraintKind::PrimaryKey => ("Cannot add a PRIMARY KEY column", false),
            ColumnConstraintKind::Unique { .. } => ("Cannot add a UNIQUE column", false),
            ColumnConstraintKind::Generated { stored: true, .. } => ("cannot add a STORED column", true),
            ColumnConstraintKind::Default(expr) if !may_be_constant(step, *expr) => {
                ("Cannot add a column with non-constant default", true)
            }
            _ => return None,
        };
        Some((it.range, message, of_rows))
    })
}

/// What is computed is none: functions, `CURRENT_TIMESTAMP`, operators between two values.
fn may_be_constant(step: &Step<'_>, expr: ExprId) -> bool {
    match step.exprs.get(expr.0 as usize).map(|it| &it.kind) {
        Some(ExprKind::Paren(inner)) => may_be_constant(step, *inner),
        Some(ExprKind::Call(_) | ExprKind::SqlValue { .. } | ExprKind::Operator { lhs: Some(_), .. }) => {
            false
        }
        _ => true,
    }
}
