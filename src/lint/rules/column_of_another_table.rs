//! Indexes, constraints and checks over columns of another table.

use crate::catalog::drizzle::chain::{Head, field, unwind};
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::{Schema, Table};
use crate::project::eval::{Value, ValueKind};
use crate::sema::code::Severity::Error;

pub const RULE: Lint =
    Lint::schema("column-of-another-table", Error, include_str!("column-of-another-table.md"), run);

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    for table in &schema.tables {
        for extra in schema.extras(table) {
            entity(schema, table, &extra, acc);
        }
    }
}

fn entity(schema: &Schema<'_>, table: &Table<'_>, extra: &Value, acc: &mut Acc<'_>) {
    let chain = unwind(extra);
    let what = match chain.head.function() {
        Some("index" | "uniqueIndex") => "index",
        Some("unique") => "unique constraint",
        Some("primaryKey") => "primary key",
        Some("foreignKey") => "foreign key",
        Some("check") => "check",
        _ => return,
    };
    let mut columns: Vec<&Value> = Vec::new();
    let args = chain.head.args();
    match what {
        "index" | "unique constraint" => {
            for method in chain.methods.iter().filter(|it| matches!(it.name, "on" | "onOnly" | "using")) {
                columns.extend(method.args);
            }
        }
        "check" => columns.extend(args.get(1)),
        _ => {
            if let Some(ValueKind::Array { items, .. }) =
                args.first().and_then(|it| field(it, "columns")).map(|it| &*it.kind)
            {
                columns.extend(items);
            }
        }
    }
    for value in columns {
        let value = bare(value);
        match &*value.kind {
            ValueKind::Template { holes, .. } => {
                holes.iter().for_each(|it| column(schema, table, it, what, acc))
            }
            _ => column(schema, table, value, what, acc),
        }
    }
}

/// The column under `.asc()`, `.op('…')`.
fn bare(value: &Value) -> &Value {
    match unwind(value).head {
        Head::Value(it) => it,
        _ => value,
    }
}

fn column(schema: &Schema<'_>, table: &Table<'_>, value: &Value, what: &str, acc: &mut Acc<'_>) {
    let ValueKind::Member { site, .. } = &*value.kind else { return };
    let Some((relation, found)) = schema.script.column_of(value) else { return };
    if relation.name == table.name || site.file != schema.script.file {
        return;
    }
    let Some(state) = schema.script.look.snap.state(site.file) else { return };
    let at = state.ts_facts().1.range(site.loc);
    let message = format!(
        "{} is a column of {}, not of {}, whose {what} this is",
        found.name.quoted(),
        relation.name.name.quoted(),
        table.name.name.quoted()
    );
    acc.report(at, message).related_origin(found.origin, "the column");
}
