//! Snapshots with one JSON object per table: PostgreSQL 5 to 7, MySQL 5, SQLite 5 and 6.

use std::sync::Arc;

use serde_json::{Map, Value};
use smol_str::SmolStr;

use super::{
    ORIGIN, add, dialect, empty_catalog, empty_column, empty_relation, enum_text, flag, ident, idents, key,
    name, role, scalar, schema, text,
};
use crate::catalog::drizzle::{default_schema, sequence, sequence_text};
use crate::catalog::{
    Catalog, Check, Column, ColumnDefault, EnumLabel, ForeignKey, Generated, Identity, Index, IndexItem,
    Policy, QualifiedName, Relation, RelationKind, Schema,
};
use crate::sql::Dialect;

pub fn catalog(value: &Value) -> Option<Catalog> {
    let mut res = empty_catalog(dialect(value)?);
    let tables = value.get("tables")?.as_object()?;
    for it in values(value, "enums") {
        let Some(name) = name(it, "name") else { continue };
        let labels = match it.get("values") {
            // Version 5 and before keep the labels as an object.
            Some(Value::Object(labels)) => labels.values().filter_map(Value::as_str).collect(),
            Some(Value::Array(labels)) => labels.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let labels = labels.into_iter().map(|it| EnumLabel { label: it.into(), origin: ORIGIN }).collect();
        res.types.intern_enum(QualifiedName { schema: schema(it, "schema"), name }, labels, ORIGIN);
    }
    if let Some(Value::Object(schemas)) = value.get("schemas") {
        let known = Arc::make_mut(&mut res.schemas);
        for name in schemas.values().filter_map(Value::as_str) {
            known.insert(ident(name), Schema { name: ident(name), origin: ORIGIN });
        }
    }
    for it in tables.values() {
        if let Some(relation) = table(&res, it) {
            add(&mut res, relation);
        }
    }
    for it in values(value, "sequences") {
        let Some(name) = name(it, "name") else { continue };
        let get = |key: &str| it.get(key).and_then(scalar).unwrap_or_else(|| "1".into());
        let options = sequence_text(
            &get("increment"),
            &get("minValue"),
            &get("maxValue"),
            &get("startWith"),
            &get("cache"),
            flag(it, "cycle"),
        );
        add(&mut res, sequence(QualifiedName { schema: schema(it, "schema"), name }, options, ORIGIN));
    }
    let roles = values(value, "roles").filter_map(|it| role(it, &["createDb", "createRole", "inherit"]));
    res.roles = Arc::new(roles.map(|it| (it.name.clone(), it)).collect());
    for it in values(value, "views") {
        if let Some(relation) = view(&res, it) {
            add(&mut res, relation);
        }
    }
    Some(res)
}

fn values<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_object).into_iter().flat_map(Map::values)
}

fn table(catalog: &Catalog, value: &Value) -> Option<Relation> {
    let qualified = QualifiedName { schema: schema(value, "schema"), name: name(value, "name")? };
    let mut res = empty_relation(&qualified, RelationKind::Table);
    let mut primary = Vec::new();
    for it in values(value, "columns") {
        let Some(column) = column(catalog, it) else { continue };
        if flag(it, "primaryKey") {
            primary.push(column.name.clone());
        }
        res.columns.push(column);
    }
    if !primary.is_empty() {
        let name = (catalog.dialect == Dialect::Postgres).then(|| ident(&format!("{}_pkey", qualified.name)));
        res.primary_key = Some(key(name, primary));
    }
    for (position, it) in entries(value, "compositePrimaryKeys") {
        let (name, columns) = match it {
            // SQLite and MySQL before version 6: `"name": "a;b"`.
            Value::String(columns) => (Some(ident(position)), columns.split([';', ',']).map(ident).collect()),
            _ => (name(it, "name"), idents(it, "columns")),
        };
        res.primary_key = Some(key(name, columns));
    }
    for it in values(value, "uniqueConstraints") {
        let mut unique = key(name(it, "name"), idents(it, "columns"));
        unique.nulls_not_distinct = flag(it, "nullsNotDistinct");
        res.uniques.push(unique);
    }
    for it in values(value, "foreignKeys") {
        res.foreign_keys.extend(foreign_key(it));
    }
    for it in values(value, "checkConstraints").chain(values(value, "checkConstraint")) {
        res.checks.push(Check {
            name: name(it, "name"),
            expression: text(it, "value"),
            no_inherit: false,
            origin: ORIGIN,
        });
    }
    for it in values(value, "indexes") {
        res.indexes.push(index(it, &res.columns));
    }
    for it in values(value, "policies") {
        res.policies.extend(policy(it, "to"));
    }
    res.row_security = flag(value, "isRLSEnabled") || !res.policies.is_empty();
    Some(res)
}

fn entries<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v str, &'v Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten().map(|(key, it)| (key.as_str(), it))
}

fn column(catalog: &Catalog, value: &Value) -> Option<Column> {
    let ty = value.get("type")?.as_str()?;
    let base = ty.split('[').next().unwrap_or(ty);
    let is_enum = |schema| {
        let name = QualifiedName { schema, name: ident(base) };
        catalog.types.id(&name).is_some()
    };
    let type_text: SmolStr = match value.get("typeSchema").and_then(Value::as_str) {
        Some(schema) => enum_text(schema, ty),
        None if is_enum(default_schema()) => enum_text("", ty),
        // Drizzle 0.x says no schema for enums that are made of objects.
        None => match catalog.types.iter().find(|it| it.name.as_str() == base) {
            Some(found) => enum_text(found.schema.as_str(), ty),
            None => ty.into(),
        },
    };
    let mut res = empty_column(name(value, "name")?, type_text);
    res.not_null = flag(value, "notNull");
    res.default = value.get("default").and_then(scalar).map(ColumnDefault::Sql);
    if let Some(it) = value.get("generated").filter(|it| it.is_object()) {
        let stored = text(it, "type").is_none_or(|it| it == "stored");
        res.generated = Some(Generated { expression: text(it, "as"), stored });
    }
    res.identity = identity(value);
    res.identity_options = value.get("identity").filter(|it| it.is_object()).and_then(identity_options);
    Some(res)
}

/// Of 0.x and 1.0 alike.
pub(super) fn identity_options(it: &Value) -> Option<SmolStr> {
    let get = |key: &str| it.get(key).and_then(scalar);
    let options = sequence_text(
        &get("increment")?,
        &get("minValue")?,
        &get("maxValue")?,
        &get("startWith")?,
        &get("cache")?,
        flag(it, "cycle"),
    );
    Some(options.into())
}

fn identity(value: &Value) -> Option<Identity> {
    match value.get("identity")? {
        // Shown as text inside a version 7 snapshot of early 0.26: `name;always;…`.
        Value::String(it) if it.contains("always") => Some(Identity::Always),
        Value::String(_) => Some(Identity::ByDefault),
        it => match it.get("type")?.as_str()? {
            "always" => Some(Identity::Always),
            _ => Some(Identity::ByDefault),
        },
    }
}

fn foreign_key(value: &Value) -> Option<ForeignKey> {
    let action = |key: &str| text(value, key).map_or_else(|| "no action".into(), |it| lower(&it));
    Some(ForeignKey {
        name: name(value, "name"),
        columns: idents(value, "columnsFrom"),
        target: Some(QualifiedName { schema: schema(value, "schemaTo"), name: name(value, "tableTo")? }),
        target_columns: idents(value, "columnsTo"),
        key: None,
        on_delete: action("onDelete"),
        set_columns: Vec::new(),
        on_update: action("onUpdate"),
        origin: ORIGIN,
    })
}

fn lower(text: &str) -> SmolStr {
    text.to_ascii_lowercase().into()
}

fn index(value: &Value, columns: &[Column]) -> Index {
    let items = match value.get("columns") {
        Some(Value::Array(items)) => items.iter().map(|it| item(it, columns)).collect(),
        _ => Vec::new(),
    };
    Index {
        name: name(value, "name"),
        unique: flag(value, "isUnique"),
        method: text(value, "method").unwrap_or_else(|| "btree".into()),
        items,
        predicate: text(value, "where"),
        nulls_not_distinct: false,
        include: Vec::new(),
        part_of: None,
        origin: ORIGIN,
    }
}

fn item(value: &Value, columns: &[Column]) -> IndexItem {
    let mut res = IndexItem::default();
    if let Some(column) = value.as_str() {
        // MySQL and SQLite write expressions among the names.
        let is_column = columns.iter().any(|it| it.name.as_str() == column);
        if !is_column && column.contains(['(', ' ', '`', '"']) {
            res.expression = Some(column.into());
        } else {
            res.column = Some(ident(column));
        }
        return res;
    }
    if flag(value, "isExpression") {
        res.expression = text(value, "expression");
    } else {
        res.column = name(value, "expression");
    }
    res.opclass = text(value, "opclass");
    res.descending = !value.get("asc").and_then(Value::as_bool).unwrap_or(true);
    res.nulls = text(value, "nulls");
    res
}

/// `roles`: the key under which the policy's roles stand.
pub(super) fn policy(value: &Value, roles: &str) -> Option<Policy> {
    let mut roles: Vec<SmolStr> = match value.get(roles) {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(SmolStr::new).collect(),
        _ => Vec::new(),
    };
    roles.sort();
    Some(Policy {
        name: name(value, "name")?,
        command: text(value, "for").unwrap_or_else(|| "ALL".into()),
        permissive: text(value, "as").is_none_or(|it| !it.eq_ignore_ascii_case("restrictive")),
        roles,
        using: text(value, "using"),
        with_check: text(value, "withCheck"),
        origin: ORIGIN,
    })
}

fn view(catalog: &Catalog, value: &Value) -> Option<Relation> {
    let kind = if flag(value, "materialized") { RelationKind::MaterializedView } else { RelationKind::View };
    let name = QualifiedName { schema: schema(value, "schema"), name: name(value, "name")? };
    let mut res = empty_relation(&name, kind);
    for it in values(value, "columns") {
        res.columns.extend(column(catalog, it));
    }
    for column in &mut res.columns {
        column.default = None;
        column.generated = None;
        column.identity = None;
    }
    res.definition = text(value, "definition").map(|it| it.as_str().into());
    // `sql.as()` columns are missing from the list.
    res.open = true;
    Some(res)
}
