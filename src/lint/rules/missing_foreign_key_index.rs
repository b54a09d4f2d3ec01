//! Foreign keys that no index serves.

use crate::lint::keys;
use crate::lint::repair::add_index;
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Information;
use crate::sql::Dialect;

pub const RULE: Lint =
    Lint::schema("missing-foreign-key-index", Information, include_str!("missing-foreign-key-index.md"), run)
        .off();

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    // MySQL makes the index itself.
    if schema.database.dialect == Dialect::Mysql {
        return;
    }
    for table in &schema.tables {
        for key in &table.relation.foreign_keys {
            if key.columns.is_empty() || keys::has_index_on(table.relation, &key.columns) {
                continue;
            }
            let columns: Vec<String> = key.columns.iter().map(|it| it.quoted()).collect();
            let message =
                format!("no index of {} begins with ({})", table.name.name.quoted(), columns.join(", "));
            let Some(report) = acc.report_origin(key.origin, message) else { continue };
            let report = match &key.target {
                Some(target) => report.hint(format!(
                    "A row of {} that is deleted looks for rows that point at it, through the whole table.",
                    target.name.quoted()
                )),
                None => report,
            };
            if let Some(edits) = add_index(schema, table, &key.columns) {
                report.fix("Add an index", edits);
            }
        }
    }
}
