//! Foreign keys between columns of types that cannot be compared.

use crate::lint::keys;
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Error;

pub const RULE: Lint =
    Lint::schema("foreign-key-type-mismatch", Error, include_str!("foreign-key-type-mismatch.md"), run)
        .state("42804");

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    if !schema.is_postgres() {
        return;
    }
    for (table, key, target) in schema.foreign_keys() {
        if key.columns.len() != key.target_columns.len() {
            continue;
        }
        for (from, to) in key.columns.iter().zip(&key.target_columns) {
            let from = table.relation.columns.iter().find(|it| it.name == *from);
            let to = target.columns.iter().find(|it| it.name == *to);
            let (Some(from), Some(to)) = (from, to) else { continue };
            let (Some(a), Some(b)) = (from.ty, to.ty) else { continue };
            let Some((a, b)) = keys::foreign_key_refused(schema.catalog(), a, b) else { continue };
            let message = match &key.name {
                Some(name) => format!("foreign key constraint \"{name}\" cannot be implemented"),
                None => "foreign key constraint cannot be implemented".to_owned(),
            };
            let Some(report) = acc.report_origin(key.origin, message) else { continue };
            report
                .hint(format!(
                    "Key columns \"{}\" of the referencing table and \"{}\" of the referenced table are of \
                     incompatible types: {a} and {b}.",
                    from.name, to.name
                ))
                .related_origin(to.origin, "the referenced column");
            break;
        }
    }
}
