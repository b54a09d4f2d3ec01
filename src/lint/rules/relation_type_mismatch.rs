//! Relations whose columns PostgreSQL does not compare.

use crate::lint::keys;
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Error;

pub const RULE: Lint =
    Lint::schema("relation-type-mismatch", Error, include_str!("relation-type-mismatch.md"), run)
        .state("42883");

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    if !schema.is_postgres() {
        return;
    }
    for relation in schema.relations().filter(|it| it.through.is_none()) {
        for (from, to) in schema.column_pairs(relation) {
            let (Some(a), Some(b)) = (from.ty, to.ty) else { continue };
            let Some(message) = keys::comparison_refused(schema.catalog(), "=", a, b) else { continue };
            let Some(report) = acc.report_origin(relation.origin, message) else { continue };
            report
                .related_origin(from.origin, format!("{} is {}", from.name.quoted(), from.type_text))
                .related_origin(to.origin, format!("{} is {}", to.name.quoted(), to.type_text));
            break;
        }
    }
}
