//! A table without a primary key.

use crate::lint::repair::behind_column;
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Information;

pub const RULE: Lint =
    Lint::schema("missing-primary-key", Information, include_str!("missing-primary-key.md"), run);

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    for table in &schema.tables {
        let it = table.relation;
        // A partition's key is its parent's.
        if it.open || it.primary_key.is_some() || !it.parents.is_empty() || it.columns.is_empty() {
            continue;
        }
        let report = acc.report_origin(it.origin, format!("table {} has no primary key", it.name.quoted()));
        let Some(mut report) = report else { continue };
        let unique = it.uniques.iter().find(|key| {
            let is_not_null =
                |name: &crate::sql::Ident| it.columns.iter().any(|it| it.name == *name && it.not_null);
            key.columns.iter().all(is_not_null)
        });
        if let Some(unique) = unique {
            let columns: Vec<String> = unique.columns.iter().map(|it| it.quoted()).collect();
            report =
                report.hint(format!("({}) is unique and not null: it can be the key.", columns.join(", ")));
        }
        let single = unique.and_then(|it| it.columns.first().filter(|_| it.columns.len() == 1));
        let column = it.columns.iter().find(|it| match single {
            Some(name) => it.name == *name,
            None => it.name.as_str() == "id",
        });
        let edit = column.and_then(|it| behind_column(schema.script, it, ".primaryKey()"));
        if let (Some(column), Some(edit)) = (column, edit) {
            report.fix(format!("Make {} the primary key", column.name.quoted()), vec![edit]);
        }
    }
}
