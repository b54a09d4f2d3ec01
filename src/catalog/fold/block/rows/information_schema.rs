//! The views of the information schema (manual chapter 35).

use smol_str::SmolStr;

use super::super::value::Value;
use super::{Row, constraints, ident, is_table, knows_relations, named, relations, schema_rows, tables};
use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, Column, ColumnDefault, QualifiedName, Relation, RelationKind, TypeKind};
use crate::sql::Ident;

/// The rows of a view, and whether there are no others, but for PostgreSQL's own.
pub(super) fn rows(catalog: &Catalog, name: &str) -> Option<(Vec<Row>, bool)> {
    let gaps = &catalog.gaps;
    let known = knows_relations(catalog);
    Some(match name {
        "tables" => (relations(catalog).filter_map(table_row).collect(), known),
        "columns" => {
            let all = relations(catalog).filter(|it| is_table(it) || it.kind == RelationKind::View);
            (all.flat_map(|it| column_rows(catalog, it)).collect(), known)
        }
        "table_constraints" => (tables(catalog).flat_map(constraint_rows).collect(), known && !gaps.keys),
        "views" => {
            let all = relations(catalog).filter(|it| it.kind == RelationKind::View);
            let row = |it: &Relation| {
                Row::new([("table_schema", ident(&it.schema)), ("table_name", ident(&it.name))])
            };
            (all.map(row).collect(), known)
        }
        "sequences" => (named(catalog, RelationKind::Sequence, ["sequence_schema", "sequence_name"]), known),
        "triggers" => {
            let row = |it: &Relation, name: &SmolStr| {
                Row::new([
                    ("trigger_name", Value::text(name)),
                    ("trigger_schema", ident(&it.schema)),
                    ("event_object_schema", ident(&it.schema)),
                    ("event_object_table", ident(&it.name)),
                ])
            };
            (
                relations(catalog).flat_map(|it| it.triggers.iter().map(move |name| row(it, name))).collect(),
                known && !gaps.policies,
            )
        }
        "schemata" => (schema_rows(catalog), known),
        _ => return None,
    })
}

fn table_row(relation: &Relation) -> Option<Row> {
    let kind = match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable => "BASE TABLE",
        RelationKind::View => "VIEW",
        RelationKind::Foreign => "FOREIGN",
        _ => return None,
    };
    Some(Row::new([
        ("table_schema", ident(&relation.schema)),
        ("table_name", ident(&relation.name)),
        ("table_type", Value::text(kind)),
    ]))
}

fn column_rows(catalog: &Catalog, relation: &Relation) -> Vec<Row> {
    let row = |name: Value, cells: [Value; 6]| {
        let [data_type, udt_name, nullable, default, identity, generated] = cells;
        Row::new([
            ("table_schema", ident(&relation.schema)),
            ("table_name", ident(&relation.name)),
            ("column_name", name),
            ("data_type", data_type),
            ("udt_name", udt_name),
            ("is_nullable", nullable),
            ("column_default", default),
            ("is_identity", identity),
            ("is_generated", generated),
        ])
    };
    let mut res: Vec<Row> = Vec::new();
    for column in &relation.columns {
        let (data_type, udt_name) = type_names(catalog, column);
        let default = match (&column.default, column.type_text.ends_with("serial")) {
            (None, false) => Value::Null,
            (Some(ColumnDefault::Sql(_)), _) | (None, true) => {
                Value::text(&crate::sql::DYNAMIC_MARK.to_string())
            }
            (Some(ColumnDefault::Unknown), _) => Value::Unknown,
        };
        let generated = if column.generated.is_some() { "ALWAYS" } else { "NEVER" };
        let cells = [
            data_type,
            udt_name,
            yes(!column.not_null),
            default,
            yes(column.identity.is_some()),
            Value::text(generated),
        ];
        let sure = !relation.may_have(&column.name);
        res.push(Row { sure, ..row(ident(&column.name), cells) });
    }
    if relation.open {
        let unknown = || [(); 6].map(|()| Value::Unknown);
        match &relation.unlisted {
            None => res.push(Row { sure: false, ..row(Value::Unknown, unknown()) }),
            Some(names) => {
                let more = names.iter().map(|it| Row { sure: false, ..row(ident(it), unknown()) });
                res.extend(more);
            }
        }
    }
    res
}

/// `data_type` and `udt_name`.
fn type_names(catalog: &Catalog, column: &Column) -> (Value, Value) {
    let Some(info) = column.ty.and_then(|it| catalog.type_info(it.id)) else {
        return (Value::Unknown, Value::Unknown);
    };
    let data_type = match &info.kind {
        TypeKind::Array => Value::text("ARRAY"),
        TypeKind::Domain { .. } => Value::Unknown,
        _ if info.id.is_user() || info.id.is_extension() => Value::text("USER-DEFINED"),
        _ => Value::Text(format_type_id(catalog, info.id).into()),
    };
    (data_type, ident(&info.name))
}

fn constraint_rows(relation: &Relation) -> Vec<Row> {
    let row = |(name, kind, _): (&Ident, &'static str, Option<&QualifiedName>)| {
        let kind = match kind {
            "p" => "PRIMARY KEY",
            "u" => "UNIQUE",
            "f" => "FOREIGN KEY",
            _ => "CHECK",
        };
        Row::new([
            ("table_schema", ident(&relation.schema)),
            ("table_name", ident(&relation.name)),
            ("constraint_schema", ident(&relation.schema)),
            ("constraint_name", ident(name)),
            ("constraint_type", Value::text(kind)),
        ])
    };
    constraints(relation).into_iter().map(row).collect()
}

fn yes(it: bool) -> Value {
    Value::text(if it { "YES" } else { "NO" })
}
