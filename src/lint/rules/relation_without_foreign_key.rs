//! Relations that no foreign key holds.

use crate::catalog::drizzle::Cardinality;
use crate::lint::repair::{behind_column, column_path};
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Information;

pub const RULE: Lint = Lint::schema(
    "relation-without-foreign-key",
    Information,
    include_str!("relation-without-foreign-key.md"),
    run,
)
.off();

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    for relation in schema.relations() {
        let Some(target) = &relation.target else { continue };
        if relation.cardinality != Cardinality::One
            || relation.fields.is_empty()
            || relation.fields.len() != relation.references.len()
        {
            continue;
        }
        let (Some(from), Some(to)) = (schema.relation(&relation.source), schema.relation(target)) else {
            continue;
        };
        let leads = |a: &crate::catalog::Relation, b: &crate::catalog::QualifiedName, columns: &[_]| {
            a.foreign_keys.iter().any(|it| {
                it.target.is_none()
                    || it.target.as_ref() == Some(b)
                        && it
                            .columns
                            .iter()
                            .all(|it| columns.iter().any(|c: &smol_str::SmolStr| c == it.as_str()))
            })
        };
        if leads(from, target, &relation.fields) || leads(to, &relation.source, &relation.references) {
            continue;
        }
        let message = format!(
            "no foreign key holds the relation from {} ({}) to {}",
            relation.source.name.quoted(),
            relation.fields.join(", "),
            target.name.quoted()
        );
        let Some(report) = acc.report_origin(relation.origin, message) else { continue };
        let ([field], [reference]) = (relation.fields.as_slice(), relation.references.as_slice()) else {
            continue;
        };
        let edit = || {
            let column = from.columns.iter().find(|it| it.name.as_str() == field.as_str())?;
            let path = column_path(schema.script, target, to, reference)?;
            behind_column(schema.script, column, &format!(".references(() => {path})"))
        };
        if let Some(edit) = edit() {
            report.fix("Add the foreign key", vec![edit]);
        }
    }
}
