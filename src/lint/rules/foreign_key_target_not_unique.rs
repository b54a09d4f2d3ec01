//! Foreign keys to columns that are no key.

use crate::catalog::RelationKind;
use crate::lint::keys;
use crate::lint::repair::behind_column;
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Error;

pub const RULE: Lint = Lint::schema(
    "foreign-key-target-not-unique",
    Error,
    include_str!("foreign-key-target-not-unique.md"),
    run,
)
.state("42830");

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    if !schema.is_postgres() {
        return;
    }
    for (_, key, target) in schema.foreign_keys() {
        let is_table = matches!(target.kind, RelationKind::Table | RelationKind::PartitionedTable);
        let known = !target.open
            && !key.target_columns.is_empty()
            && key.columns.len() == key.target_columns.len()
            // An index whose columns are not known may be the one.
            && !target.indexes.iter().any(|it| {
                it.unique && it.items.iter().any(|it| it.column.is_none() && it.expression.is_none())
            });
        if !is_table || !known || keys::is_key(target, &key.target_columns) {
            continue;
        }
        let message = format!(
            "there is no unique constraint matching given keys for referenced table \"{}\"",
            target.name
        );
        let Some(report) = acc.report_origin(key.origin, message) else { continue };
        let column = target.columns.iter().find(|it| Some(&it.name) == key.target_columns.first());
        let report = report
            .related_origin(column.map_or(target.origin, |it| it.origin), "this is not unique by itself");
        let single = column.filter(|_| key.target_columns.len() == 1);
        let edit = single.and_then(|it| behind_column(schema.script, it, ".unique()"));
        if let (Some(column), Some(edit)) = (single, edit) {
            report.fix(format!("Make {} unique", column.name.quoted()), vec![edit]);
        }
    }
}
