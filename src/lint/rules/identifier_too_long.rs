//! Names that PostgreSQL cuts.

use crate::catalog::QualifiedName;
use crate::catalog::drizzle::chain::{Head, unwind};
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Information;
use crate::sql::ident::MAX_BYTES;
use crate::ts::hir::ExprKind;

pub const RULE: Lint =
    Lint::schema("identifier-too-long", Information, include_str!("identifier-too-long.md"), run);

/// Functions of Drizzle's whose first argument names something in the database.
const NAMING: [&str; 14] = [
    "pgTable",
    "pgView",
    "pgMaterializedView",
    "pgEnum",
    "pgSchema",
    "pgSequence",
    "pgPolicy",
    "pgRole",
    "index",
    "uniqueIndex",
    "unique",
    "check",
    "table",
    "enum",
];

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    let script = schema.script;
    if !schema.is_postgres() {
        return;
    }
    for id in script.ids() {
        let Some((callee, args)) = script.call(id) else { continue };
        let Some(first) = args.first().copied() else { continue };
        let ExprKind::String(name) = script.expr(first) else { continue };
        if name.value.len() <= MAX_BYTES {
            continue;
        }
        let is_naming = match script.drizzle(callee) {
            Some(function) => NAMING.contains(&function.as_str()) || is_builder(&function),
            None => {
                let value = script.value(id);
                matches!(unwind(&value).head, Head::Call { package, .. } if package.starts_with("drizzle-orm"))
            }
        };
        if is_naming {
            let message =
                format!("the name has {} bytes; PostgreSQL keeps the first {MAX_BYTES}", name.value.len());
            acc.report(script.range(first), message);
        }
    }
    for table in &schema.tables {
        for key in table.relation.foreign_keys.iter().filter(|it| it.name.is_some()) {
            let Some(QualifiedName { name: target, .. }) = &key.target else { continue };
            let join = |list: &[crate::sql::Ident]| {
                list.iter().map(crate::sql::Ident::as_str).collect::<Vec<_>>().join("_")
            };
            let name = format!(
                "{}_{}_{target}_{}_fk",
                table.name.name,
                join(&key.columns),
                join(&key.target_columns)
            );
            let cut = key
                .name
                .as_ref()
                .is_some_and(|it| it.as_str().len() < name.len() && name.starts_with(it.as_str()));
            if name.len() > MAX_BYTES && cut && !script.is_v1() {
                let message = format!(
                    "the name of this foreign key has {} bytes; PostgreSQL keeps the first {MAX_BYTES}",
                    name.len()
                );
                if let Some(report) = acc.report_origin(key.origin, message) {
                    report.hint("foreignKey({ name: '…', columns, foreignColumns }) gives it a shorter one.");
                }
            }
        }
    }
}

/// A column builder: named like a type.
fn is_builder(function: &str) -> bool {
    const BUILDERS: [&str; 22] = [
        "text",
        "varchar",
        "char",
        "integer",
        "bigint",
        "smallint",
        "serial",
        "bigserial",
        "boolean",
        "timestamp",
        "date",
        "time",
        "uuid",
        "json",
        "jsonb",
        "numeric",
        "decimal",
        "real",
        "doublePrecision",
        "interval",
        "inet",
        "vector",
    ];
    BUILDERS.contains(&function)
}
