//! Types behind `::`, in CAST, in column definitions.

use super::context::Cx;
use super::rank::Tier;
use super::{DataKind, ItemKind};
use crate::catalog::types::TypeKind;
use crate::catalog::{lookup, pg};
use crate::sql::{Dialect, Ident};

/// As people write PostgreSQL's types, the usual ones first.
const USUAL: [&str; 45] = [
    "text",
    "integer",
    "int",
    "bigint",
    "uuid",
    "boolean",
    "timestamptz",
    "timestamp",
    "date",
    "jsonb",
    "numeric",
    "varchar",
    "json",
    "double precision",
    "real",
    "smallint",
    "time",
    "interval",
    "bytea",
    "char",
    "text[]",
    "integer[]",
    "uuid[]",
    "timestamp with time zone",
    "timestamp without time zone",
    "character varying",
    "decimal",
    "float",
    "bool",
    "int4",
    "int8",
    "int2",
    "float8",
    "float4",
    "tsvector",
    "tsquery",
    "inet",
    "cidr",
    "macaddr",
    "xml",
    "money",
    "bit",
    "point",
    "regclass",
    "oid",
];

/// Types that only columns of tables have a use for.
const SERIAL: [&str; 3] = ["serial", "bigserial", "smallserial"];

pub fn items(cx: &Cx<'_>, schema: Option<&Ident>, definition: bool) {
    if cx.dialect() != Dialect::Postgres {
        return other_dialects(cx);
    }
    for info in cx.catalog.types.iter() {
        let is_row = matches!(&info.kind, TypeKind::Composite { relation: Some(_), .. });
        if info.kind == TypeKind::Array || schema.is_some_and(|it| *it != info.schema) {
            continue;
        }
        let visible = schema.is_some()
            || lookup::named_type(cx.catalog, None, &info.name).is_some_and(|it| it == info.id);
        let bare = cx.ident(&info.name);
        let sql = if visible { bare } else { format!("{}.{bare}", cx.quote(&info.schema)) };
        let mut item =
            cx.item(if visible { info.name.to_string() } else { sql.clone() }, ItemKind::Type, &sql);
        item.detail = Some(match &info.kind {
            TypeKind::Enum { labels } => {
                let labels: Vec<&str> = labels.iter().map(|it| it.label.as_str()).take(8).collect();
                format!("enum ({})", labels.join(", "))
            }
            TypeKind::Domain { .. } => "domain".to_owned(),
            TypeKind::Composite { relation: Some(_), .. } => "row type".to_owned(),
            TypeKind::Composite { .. } => "composite".to_owned(),
            TypeKind::Range { .. } | TypeKind::Multirange { .. } => "range".to_owned(),
            _ => "type".to_owned(),
        });
        item.origin = cx.origin(info.origin);
        item.data = cx.data(&info.schema, &info.name, None, DataKind::Type);
        cx.add(info.name.as_str(), if is_row { Tier::Rest } else { Tier::Fit }, 0, item);
    }
    if schema.is_some_and(|it| it.as_str() != lookup::PG_CATALOG) {
        return;
    }
    let usual = USUAL.iter().copied().chain(SERIAL.iter().copied().filter(|_| definition));
    for (idx, name) in usual.enumerate() {
        let item = cx.item(name, ItemKind::Type, name);
        cx.add(name, Tier::Column, idx as u32, item);
    }
    for extension in cx.catalog.extensions.values().filter(|it| it.known) {
        let Some(data) = pg::ext::extension(extension.name.as_str()) else { continue };
        for name in data.types.iter().map(|it| it.name.as_str()).filter(|it| !it.starts_with('_')) {
            let mut item = cx.item(name, ItemKind::Type, &cx.ident(&Ident::new(name)));
            item.origin = Some(extension.name.to_string());
            cx.add(name, Tier::Near, 0, item);
        }
    }
    if cx.prefix().is_empty() {
        return cx.cut();
    }
    for info in pg::all_types().filter(|it| it.schema.as_str() == lookup::PG_CATALOG) {
        let name = info.name.as_str();
        let known = USUAL.contains(&name) || info.kind == TypeKind::Array || name.starts_with('_');
        if !known && !matches!(info.kind, TypeKind::Pseudo | TypeKind::Composite { .. }) {
            let item = cx.item(name, ItemKind::Type, &cx.ident(&info.name));
            cx.add(name, Tier::Rest, 0, item);
        }
    }
}

fn other_dialects(cx: &Cx<'_>) {
    let names: &[&str] = match cx.dialect() {
        Dialect::Sqlite => &["integer", "text", "real", "blob", "numeric"],
        _ => &[
            "int",
            "bigint",
            "varchar(255)",
            "text",
            "datetime",
            "timestamp",
            "date",
            "decimal(10, 2)",
            "boolean",
            "json",
            "double",
            "float",
            "char",
            "tinyint",
            "smallint",
            "binary",
            "blob",
        ],
    };
    for (idx, name) in names.iter().enumerate() {
        let item = cx.item(*name, ItemKind::Type, name);
        cx.add(name, Tier::Column, idx as u32, item);
    }
}
