//! Defaults that are computed for every row.

use crate::base::text::TextRange;
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::Step;
use crate::lint::safety::{shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::ExprKind;
use crate::sql::hir::ddl::{AlterTable, ColumnConstraintKind, ColumnDef};

pub const RULE: Lint =
    Lint::migration("volatile-default", Information, include_str!("volatile-default.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        let Some((table, actions)) = step.alter() else { continue };
        for action in actions {
            let AlterTable::AddColumn { column, .. } = action else { continue };
            let Some((range, what)) = per_row(&step, column) else { continue };
            let message = format!(
                "{what} is computed for every row: all of {} is written anew under an ACCESS EXCLUSIVE lock",
                shown(table)
            );
            acc.report(step.at(range), message).hint(
                "Add the column without it, set the default in a second step, and fill the rows in batches.",
            );
        }
    }
}

/// What of a new column has to be computed row by row, and where it stands.
fn per_row(step: &Step<'_>, column: &ColumnDef) -> Option<(TextRange, String)> {
    const VOLATILE: [&str; 13] = [
        "random",
        "random_normal",
        "gen_random_uuid",
        "uuidv4",
        "uuidv7",
        "uuid_generate_v1",
        "uuid_generate_v1mc",
        "uuid_generate_v4",
        "gen_random_bytes",
        "clock_timestamp",
        "timeofday",
        "nextval",
        "txid_current",
    ];
    let serial =
        column.ty.as_ref().and_then(|it| it.name.last()).filter(|it| it.ident.as_str().ends_with("serial"));
    if let Some(name) = serial {
        return Some((name.range, "a serial number".to_owned()));
    }
    for constraint in &column.constraints {
        match &constraint.kind {
            ColumnConstraintKind::Identity { .. } => {
                return Some((constraint.range, "an identity".to_owned()));
            }
            ColumnConstraintKind::Generated { stored: true, .. } => {
                return Some((constraint.range, "a stored generated column".to_owned()));
            }
            ColumnConstraintKind::Default(expr) => {
                let whole = step.exprs.get(expr.0 as usize)?.range;
                let inside = step.exprs.iter().filter(|it| whole.contains_range(it.range));
                let mut calls = inside.filter_map(|it| match &it.kind {
                    ExprKind::Call(call) => call.name.last().map(|it| it.ident.as_str().to_owned()),
                    _ => None,
                });
                let call = calls.find(|it| VOLATILE.contains(&it.as_str()))?;
                return Some((whole, format!("{call}()")));
            }
            _ => {}
        }
    }
    None
}
