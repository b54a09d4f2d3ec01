//! `one(…)` whose columns name more than one row.

use crate::catalog::drizzle::Cardinality;
use crate::lint::keys;
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Information;
use crate::sql::Ident;

pub const RULE: Lint = Lint::schema(
    "relation-target-not-unique",
    Information,
    include_str!("relation-target-not-unique.md"),
    run,
);

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    for relation in schema.relations().filter(|it| it.cardinality == Cardinality::One && it.through.is_none())
    {
        let Some(target) = relation.target.as_ref().filter(|_| relation.error.is_none()) else { continue };
        if relation.references.is_empty() || relation.fields.len() != relation.references.len() {
            continue;
        }
        let Some(table) = schema.relation(target).filter(|it| !it.open) else { continue };
        let is_table = matches!(
            table.kind,
            crate::catalog::RelationKind::Table | crate::catalog::RelationKind::PartitionedTable
        );
        let columns: Vec<Ident> = relation.references.iter().map(|it| Ident::new(it.clone())).collect();
        // Unique where something holds only: who declared it knows which rows are meant.
        let partly = table.indexes.iter().any(|it| {
            it.unique && keys::columns(it).is_none_or(|set| set.iter().all(|it| columns.contains(it)))
        });
        if !is_table || partly || keys::is_unique_by(table, &columns) {
            continue;
        }
        let names: Vec<String> = columns.iter().map(Ident::quoted).collect();
        let message = format!(
            "{} ({}) is not unique: one(…) gives any of several rows",
            target.name.quoted(),
            names.join(", ")
        );
        if let Some(report) = acc.report_origin(relation.origin, message) {
            report.related_origin(table.origin, "the table");
        }
    }
}
