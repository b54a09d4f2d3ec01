//! `timestamp` columns that forget the time zone.

use crate::catalog::TypeId;
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Hint;

pub const RULE: Lint =
    Lint::schema("timestamp-without-time-zone", Hint, include_str!("timestamp-without-time-zone.md"), run)
        .off();

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    if !schema.is_postgres() {
        return;
    }
    for table in &schema.tables {
        for column in &table.relation.columns {
            if column.ty.is_some_and(|it| it.id == TypeId::TIMESTAMP) {
                let message = format!("{} has no time zone", column.name.quoted());
                acc.report_origin(column.origin, message);
            }
        }
    }
}
