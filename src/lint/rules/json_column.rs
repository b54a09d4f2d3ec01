//! Columns of type json where jsonb would do more.

use crate::catalog::lookup;
use crate::catalog::types::TypeId;
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::steps;
use crate::sema::code::Severity::Hint;
use crate::sql::hir::Ddl;
use crate::sql::hir::ddl::{AlterTable, ColumnDef};

pub const RULE: Lint = Lint::migration("json-column", Hint, include_str!("json-column.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        let columns: Vec<&ColumnDef> = match step.ddl() {
            Some(Ddl::CreateTable(table)) => table.columns.iter().collect(),
            Some(Ddl::AlterTable { actions, .. }) => actions
                .iter()
                .filter_map(|it| match it {
                    AlterTable::AddColumn { column, .. } => Some(column),
                    _ => None,
                })
                .collect(),
            _ => continue,
        };
        for column in columns {
            let Some(ty) = &column.ty else { continue };
            if lookup::type_of(&step.before, ty, step.exprs).is_some_and(|it| it.id == TypeId::JSON) {
                let message = "json has no equality: DISTINCT, GROUP BY, UNION and = fail on this column";
                acc.report(step.at(ty.range), message.to_owned())
                    .hint("Use jsonb, unless the text must stay as it was written.");
            }
        }
    }
}
