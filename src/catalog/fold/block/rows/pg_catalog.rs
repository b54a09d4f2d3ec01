//! The system catalogs and their views (manual chapters 52 and 53).

use smol_str::SmolStr;

use super::super::value::Value;
use super::{
    Row, constraints, ident, indexes, knows_relations, named, oid, oid_of, relations, schema_rows, tables,
};
use crate::catalog::{Catalog, QualifiedName, Relation, RelationKind, TypeInfo, TypeKind};
use crate::sql::Ident;

/// The rows of a catalog or view, and whether there are no others, but for PostgreSQL's own.
pub(super) fn rows(catalog: &Catalog, name: &str) -> Option<(Vec<Row>, bool)> {
    let gaps = &catalog.gaps;
    let known = knows_relations(catalog);
    Some(match name {
        "pg_namespace" => (schema_rows(catalog), known),
        "pg_tables" => {
            let plain = relations(catalog)
                .filter(|it| matches!(it.kind, RelationKind::Table | RelationKind::PartitionedTable));
            let row = |it: &Relation| {
                Row::new([
                    ("schemaname", ident(&it.schema)),
                    ("tablename", ident(&it.name)),
                    ("rowsecurity", Value::Bool(it.row_security)),
                ])
            };
            (plain.map(row).collect(), known)
        }
        "pg_views" => (named(catalog, RelationKind::View, ["schemaname", "viewname"]), known),
        "pg_matviews" => {
            (named(catalog, RelationKind::MaterializedView, ["schemaname", "matviewname"]), known)
        }
        "pg_sequences" => (named(catalog, RelationKind::Sequence, ["schemaname", "sequencename"]), known),
        "pg_class" => (relations(catalog).flat_map(class_rows).collect(), known && !gaps.keys),
        "pg_attribute" => (relations(catalog).flat_map(attribute_rows).collect(), known),
        "pg_constraint" => (tables(catalog).flat_map(pg_constraint_rows).collect(), known && !gaps.keys),
        "pg_indexes" => {
            let row = |it: &Relation, name: &Ident| {
                Row::new([
                    ("schemaname", ident(&it.schema)),
                    ("tablename", ident(&it.name)),
                    ("indexname", ident(name)),
                    ("indexdef", Value::Unknown),
                ])
            };
            let all = relations(catalog).flat_map(|it| indexes(it).map(move |name| row(it, name)));
            (all.collect(), known && !gaps.keys)
        }
        "pg_policies" | "pg_policy" => {
            let row = |it: &Relation, name: &Ident| {
                Row::new([
                    ("schemaname", ident(&it.schema)),
                    ("tablename", ident(&it.name)),
                    ("policyname", ident(name)),
                    ("polname", ident(name)),
                    ("polrelid", oid_of(it)),
                ])
            };
            let all = relations(catalog).flat_map(|it| it.policies.iter().map(move |at| row(it, &at.name)));
            (all.collect(), known && !gaps.policies)
        }
        "pg_trigger" => {
            let row = |it: &Relation, name: &SmolStr| {
                Row::new([
                    ("tgname", Value::text(name)),
                    ("tgrelid", oid_of(it)),
                    ("tgisinternal", Value::Bool(false)),
                ])
            };
            let all = relations(catalog).flat_map(|it| it.triggers.iter().map(move |name| row(it, name)));
            (all.collect(), known && !gaps.policies)
        }
        "pg_type" => {
            let row = |info: &TypeInfo| {
                let kind = match &info.kind {
                    TypeKind::Enum { .. } => "e",
                    TypeKind::Composite { .. } => "c",
                    TypeKind::Domain { .. } => "d",
                    TypeKind::Range { .. } => "r",
                    TypeKind::Multirange { .. } => "m",
                    _ => "b",
                };
                Row::new([
                    ("oid", oid("type", &info.schema, &info.name)),
                    ("typname", ident(&info.name)),
                    ("typnamespace", Value::Oid(info.schema.as_str().into())),
                    ("typtype", Value::text(kind)),
                ])
            };
            (catalog.types.iter().map(row).collect(), known && !gaps.types)
        }
        "pg_enum" => {
            let row = |info: &TypeInfo, label: &SmolStr| {
                Row::new([
                    ("enumtypid", oid("type", &info.schema, &info.name)),
                    ("enumlabel", Value::text(label)),
                ])
            };
            let mut res = Vec::new();
            for info in catalog.types.iter() {
                if let TypeKind::Enum { labels } = &info.kind {
                    res.extend(labels.iter().map(|it| row(info, &it.label)));
                }
            }
            (res, known && !gaps.types)
        }
        // Others have them, too.
        "pg_extension" => {
            (catalog.extensions.keys().map(|it| Row::new([("extname", ident(it))])).collect(), false)
        }
        "pg_proc" => {
            let row = |it: &QualifiedName| {
                Row::new([
                    ("proname", ident(&it.name)),
                    ("pronamespace", Value::Oid(it.schema.as_str().into())),
                ])
            };
            (catalog.functions.keys().map(row).collect(), false)
        }
        _ => return None,
    })
}

fn class_rows(relation: &Relation) -> Vec<Row> {
    let kind = match relation.kind {
        RelationKind::Table => "r",
        RelationKind::PartitionedTable => "p",
        RelationKind::View => "v",
        RelationKind::MaterializedView => "m",
        RelationKind::Sequence => "S",
        RelationKind::Foreign => "f",
    };
    let row = |name: &Ident, kind: &'static str, oid: Value| {
        Row::new([
            ("oid", oid),
            ("relname", ident(name)),
            ("relnamespace", Value::Oid(relation.schema.as_str().into())),
            ("relkind", Value::text(kind)),
            ("relrowsecurity", Value::Bool(relation.row_security)),
        ])
    };
    let mut res = vec![row(&relation.name, kind, oid_of(relation))];
    res.extend(indexes(relation).map(|it| row(it, "i", oid("relation", &relation.schema, it))));
    res
}

fn attribute_rows(relation: &Relation) -> Vec<Row> {
    let row = |name: Value, not_null: Value| {
        Row::new([
            ("attrelid", oid_of(relation)),
            ("attname", name),
            ("attnotnull", not_null),
            ("attisdropped", Value::Bool(false)),
            ("attnum", Value::Unknown),
        ])
    };
    let mut res: Vec<Row> = Vec::new();
    for column in &relation.columns {
        let sure = !relation.may_have(&column.name);
        res.push(Row { sure, ..row(ident(&column.name), Value::Bool(column.not_null)) });
    }
    if relation.open {
        res.push(Row { sure: false, ..row(Value::Unknown, Value::Unknown) });
    }
    res
}

fn pg_constraint_rows(relation: &Relation) -> Vec<Row> {
    let row = |(name, kind, target): (&Ident, &'static str, Option<&QualifiedName>)| {
        let of = match (kind, target) {
            ("f", None) => Value::Unknown,
            (_, Some(it)) => oid("relation", &it.schema, &it.name),
            _ => Value::Oid("0".into()),
        };
        Row::new([
            ("conname", ident(name)),
            ("contype", Value::text(kind)),
            ("conrelid", oid_of(relation)),
            ("confrelid", of),
            ("connamespace", Value::Oid(relation.schema.as_str().into())),
            ("convalidated", Value::Bool(!relation.details.not_valid.contains(name))),
        ])
    };
    constraints(relation).into_iter().map(row).collect()
}
