//! Snapshots of drizzle-kit 1.0: a flat list of rows, each of an entity type; in version 9 of PostgreSQL only the
//! first migration has them all, the others say what changed.

use std::sync::Arc;

use serde_json::Value;
use smol_str::{SmolStr, format_smolstr};

use super::{
    ORIGIN, add, dialect, empty_catalog, empty_column, empty_relation, enum_text, flag, ident, idents, key,
    name, objects, role, scalar, schema, text,
};
use crate::catalog::drizzle::{sequence, sequence_text};
use crate::catalog::{
    Catalog, Check, Column, ColumnDefault, EnumLabel, ForeignKey, Generated, Identity, Index, IndexItem,
    QualifiedName, Relation, RelationKind, Schema,
};

pub fn catalog(texts: &[&str], last: &Value) -> Option<Catalog> {
    let dialect = dialect(last)?;
    let rows = match last.get("ddl") {
        Some(Value::Array(rows)) => rows.clone(),
        _ => accumulate(texts)?,
    };
    let mut res = empty_catalog(dialect);
    let of_kind = |kind: &'static str| {
        rows.iter().filter(move |it| it.get("entityType").and_then(Value::as_str) == Some(kind))
    };
    for it in of_kind("schemas") {
        let Some(name) = name(it, "name") else { continue };
        Arc::make_mut(&mut res.schemas).insert(name.clone(), Schema { name, origin: ORIGIN });
    }
    for it in of_kind("enums") {
        let Some(name) = name(it, "name") else { continue };
        let labels = match it.get("values") {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let labels = labels.into_iter().map(|it| EnumLabel { label: it.into(), origin: ORIGIN }).collect();
        res.types.intern_enum(QualifiedName { schema: schema(it, "schema"), name }, labels, ORIGIN);
    }
    for it in of_kind("tables") {
        let Some(name) = name(it, "name") else { continue };
        let name = QualifiedName { schema: schema(it, "schema"), name };
        let mut relation = empty_relation(&name, RelationKind::Table);
        relation.row_security = flag(it, "isRlsEnabled");
        let mut of_table = |kind: &'static str, read: &mut dyn FnMut(&mut Relation, &Value)| {
            for row in of_kind(kind) {
                let same_schema = schema(row, "schema") == name.schema;
                if same_schema
                    && row.get("table").and_then(Value::as_str).map(ident).as_ref() == Some(&name.name)
                {
                    read(&mut relation, row);
                }
            }
        };
        of_table("columns", &mut |relation, row| relation.columns.extend(column(row)));
        of_table("pks", &mut |relation, row| {
            relation.primary_key = Some(key(super::name(row, "name"), idents(row, "columns")));
        });
        of_table("uniques", &mut |relation, row| {
            let mut unique = key(super::name(row, "name"), idents(row, "columns"));
            unique.nulls_not_distinct = flag(row, "nullsNotDistinct");
            relation.uniques.push(unique);
        });
        of_table("fks", &mut |relation, row| relation.foreign_keys.extend(foreign_key(row)));
        of_table("checks", &mut |relation, row| {
            let expression = text(row, "value");
            relation.checks.push(Check {
                name: super::name(row, "name"),
                expression,
                no_inherit: false,
                origin: ORIGIN,
            });
        });
        of_table("indexes", &mut |relation, row| relation.indexes.push(index(row)));
        of_table("policies", &mut |relation, row| relation.policies.extend(objects::policy(row, "roles")));
        relation.row_security |= !relation.policies.is_empty();
        add(&mut res, relation);
    }
    for it in of_kind("sequences") {
        let Some(name) = name(it, "name") else { continue };
        let get = |key: &str| it.get(key).and_then(scalar).unwrap_or_else(|| "1".into());
        let options = sequence_text(
            &get("incrementBy"),
            &get("minValue"),
            &get("maxValue"),
            &get("startWith"),
            &get("cacheSize"),
            flag(it, "cycle"),
        );
        add(&mut res, sequence(QualifiedName { schema: schema(it, "schema"), name }, options, ORIGIN));
    }
    let roles = of_kind("roles").filter_map(|it| role(it, &[]));
    res.roles = Arc::new(roles.map(|it| (it.name.clone(), it)).collect());
    for it in of_kind("views") {
        let Some(name) = name(it, "name") else { continue };
        let kind = if flag(it, "materialized") { RelationKind::MaterializedView } else { RelationKind::View };
        let mut relation = empty_relation(&QualifiedName { schema: schema(it, "schema"), name }, kind);
        relation.definition = text(it, "definition").map(|it| it.as_str().into());
        relation.open = true;
        add(&mut res, relation);
    }
    Some(res)
}

/// The rows after base and deltas, in order. A snapshot with a full list starts over.
fn accumulate(texts: &[&str]) -> Option<Vec<Value>> {
    let mut rows: Vec<(String, Value)> = Vec::new();
    let mut seen = false;
    for text in texts {
        let Ok(value) = serde_json::from_str::<Value>(text) else { continue };
        if let Some(Value::Array(list)) = value.get("ddl") {
            rows = list.iter().map(|it| (row_key(it), it.clone())).collect();
            seen = true;
        }
        let Some(Value::Array(deltas)) = value.get("deltas") else { continue };
        for delta in deltas {
            apply(&mut rows, delta);
        }
    }
    seen.then(|| rows.into_iter().map(|(_, it)| it).collect())
}

fn apply(rows: &mut Vec<(String, Value)>, delta: &Value) {
    let key = delta.get("key").and_then(Value::as_str).unwrap_or("");
    match delta.get("op").and_then(Value::as_str) {
        Some("create") => {
            if let Some(row) = delta.get("row") {
                rows.push((row_key(row), row.clone()));
            }
        }
        Some("drop") => rows.retain(|(it, _)| it != key),
        Some("alter") | Some("rename") => {
            let Some(Value::Object(set)) = delta.get("set") else { return };
            let Some((row_key_, row)) = rows.iter_mut().find(|(it, _)| it == key) else { return };
            let before = row.clone();
            if let Value::Object(fields) = row {
                fields.extend(set.iter().map(|(key, it)| (key.clone(), it.clone())));
            }
            *row_key_ = row_key(row);
            let after = row.clone();
            if delta.get("op").and_then(Value::as_str) == Some("rename") {
                renamed(rows, &before, &after);
            }
        }
        _ => {}
    }
}

/// A renamed table takes what belongs to it along.
fn renamed(rows: &mut [(String, Value)], before: &Value, after: &Value) {
    if before.get("entityType").and_then(Value::as_str) != Some("tables") {
        return;
    }
    for (key, row) in rows {
        if row.get("table") == before.get("name") && row.get("schema") == before.get("schema") {
            row["table"] = after["name"].clone();
            *key = row_key(row);
        }
        if row.get("tableTo") == before.get("name") && row.get("schemaTo") == before.get("schema") {
            row["tableTo"] = after["name"].clone();
        }
    }
}

/// `columns\u{0}["public","posts","body"]`: how deltas name a row.
fn row_key(row: &Value) -> String {
    let kind = row.get("entityType").and_then(Value::as_str).unwrap_or("");
    let parts: Vec<&Value> = ["schema", "table", "name"].iter().filter_map(|it| row.get(it)).collect();
    format!("{kind}\u{0}{}", serde_json::to_string(&parts).unwrap_or_default())
}

fn column(row: &Value) -> Option<Column> {
    let ty = text(row, "type")?;
    let dimensions = row.get("dimensions").and_then(Value::as_u64).unwrap_or(0);
    let base = match row.get("typeSchema").and_then(Value::as_str) {
        Some(schema) => enum_text(schema, &ty),
        None => ty,
    };
    let brackets = "[]".repeat(usize::try_from(dimensions.min(8)).unwrap_or(0));
    let mut res = empty_column(name(row, "name")?, format_smolstr!("{base}{brackets}"));
    res.not_null = flag(row, "notNull");
    res.default = row.get("default").and_then(scalar).map(ColumnDefault::Sql);
    if let Some(it) = row.get("generated").filter(|it| it.is_object()) {
        let stored = text(it, "type").is_none_or(|it| it == "stored");
        res.generated = Some(Generated { expression: text(it, "as"), stored });
    }
    res.identity = match row.get("identity").and_then(|it| it.get("type")).and_then(Value::as_str) {
        Some("always") => Some(Identity::Always),
        Some(_) => Some(Identity::ByDefault),
        None => None,
    };
    res.identity_options =
        row.get("identity").filter(|it| it.is_object()).and_then(super::objects::identity_options);
    Some(res)
}

fn foreign_key(row: &Value) -> Option<ForeignKey> {
    let action = |key: &str| -> SmolStr {
        text(row, key).map_or_else(|| "no action".into(), |it| it.to_ascii_lowercase().into())
    };
    Some(ForeignKey {
        name: name(row, "name"),
        columns: idents(row, "columns"),
        target: Some(QualifiedName { schema: schema(row, "schemaTo"), name: name(row, "tableTo")? }),
        target_columns: idents(row, "columnsTo"),
        key: None,
        on_delete: action("onDelete"),
        set_columns: Vec::new(),
        on_update: action("onUpdate"),
        origin: ORIGIN,
    })
}

fn index(row: &Value) -> Index {
    let items = match row.get("columns") {
        Some(Value::Array(items)) => items.iter().map(item).collect(),
        _ => Vec::new(),
    };
    Index {
        name: name(row, "name"),
        unique: flag(row, "isUnique"),
        method: text(row, "method").unwrap_or_else(|| "btree".into()),
        items,
        predicate: text(row, "where"),
        nulls_not_distinct: false,
        include: Vec::new(),
        part_of: None,
        origin: ORIGIN,
    }
}

fn item(value: &Value) -> IndexItem {
    let is_expression = flag(value, "isExpression");
    let descending = !value.get("asc").and_then(Value::as_bool).unwrap_or(true);
    IndexItem {
        column: if is_expression { None } else { name(value, "value") },
        expression: if is_expression { text(value, "value") } else { None },
        collation: None,
        opclass: value.get("opclass").and_then(|it| text(it, "name")),
        opclass_schema: None,
        descending,
        nulls: value
            .get("nullsFirst")
            .and_then(Value::as_bool)
            .map(|it| if it { "first".into() } else { "last".into() }),
    }
}
