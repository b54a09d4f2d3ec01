//! Tables, views and CTEs where a relation may stand.

use super::context::Cx;
use super::rank::{NO_MATCH, Tier, matching};
use super::typed::Quoting;
use super::{DataKind, Item, ItemKind, function, join};
use crate::catalog::{QualifiedName, Relation, RelationKind, lookup, pg};
use crate::sema::scope::{ItemKind as FromKind, Scope};
use crate::sql::{Dialect, Ident};

/// With more relations than this only those are listed that match what is typed.
const MANY: usize = 300;

/// Which relations a place is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Anything that has rows.
    Rows,
    /// What INSERT, UPDATE and DELETE can change.
    Change,
    Tables,
    Views,
    MaterializedViews,
    Sequences,
}

impl Want {
    fn takes(self, kind: RelationKind) -> bool {
        use RelationKind::{Foreign, MaterializedView, PartitionedTable, Sequence, Table, View};
        match self {
            Want::Rows => kind != Sequence,
            Want::Change => matches!(kind, Table | PartitionedTable | Foreign | View),
            Want::Tables => matches!(kind, Table | PartitionedTable | Foreign),
            Want::Views => kind == View,
            Want::MaterializedViews => kind == MaterializedView,
            Want::Sequences => kind == Sequence,
        }
    }
}

/// A relation behind FROM, JOIN, INTO, UPDATE …
pub fn items(cx: &Cx<'_>, scope: &Scope, schema: Option<&Ident>, change: bool) {
    if cx.typed.tail().starts_with('.') {
        return schemas(cx);
    }
    if schema.is_none() {
        if !change {
            join::tables(cx, scope);
            for (idx, cte) in scope.ctes.iter().enumerate() {
                let mut item = cx.item(cte.name.as_str(), ItemKind::Cte, &cx.ident(&cte.name));
                let names: Vec<&str> = cte.columns.iter().map(|it| it.name.as_str()).collect();
                item.detail = (!names.is_empty()).then(|| names.join(", "));
                cx.add(cte.name.as_str(), Tier::Fit, idx as u32, item);
            }
        }
        schemas(cx);
    }
    relations(cx, schema, if change { Want::Change } else { Want::Rows }, Some(scope));
    if !change && cx.quoting() == Quoting::Bare {
        function::in_from(cx, schema);
    }
}

/// Relations of a schema, or of all.
pub fn relations(cx: &Cx<'_>, schema: Option<&Ident>, want: Want, scope: Option<&Scope>) {
    let many = cx.catalog.relations.len() > MANY;
    for (name, relation) in cx.catalog.relations.iter() {
        if !want.takes(relation.kind) || schema.is_some_and(|it| *it != name.schema) {
            continue;
        }
        let class = matching(name.name.as_str(), cx.prefix());
        if many && class == NO_MATCH {
            cx.cut();
            continue;
        }
        let visible = schema.is_some() || is_visible(cx, name);
        if !visible && schema_only(cx) {
            continue;
        }
        let used = scope.is_some_and(|it| it.items.iter().any(|it| is(it.relation.as_deref(), relation)));
        let own = if relation.kind == RelationKind::View { 1 } else { 0 };
        let order = u32::from(used) * 2 + own + if visible { 0 } else { 10 };
        cx.add(name.name.as_str(), Tier::Table, order, item(cx, relation, visible));
    }
    let wanted = cx.prefix().to_ascii_lowercase();
    let system = schema.map_or("", |it| it.as_str());
    let asked = matches!(system, "pg_catalog" | "information_schema") || wanted.starts_with("pg_");
    if asked && want == Want::Rows {
        let schema_wanted = if system.is_empty() { "pg_catalog" } else { system };
        for (schema, name) in pg::relation_names().filter(|it| it.0 == schema_wanted) {
            let key = QualifiedName { schema: Ident::new(schema), name: Ident::new(name) };
            if let Some(relation) = pg::relation(&key) {
                cx.add(name, Tier::Rest, 0, item(cx, relation, true));
            }
        }
    }
}

fn is(a: Option<&Relation>, b: &Relation) -> bool {
    a.is_some_and(|it| it.name == b.name && it.schema == b.schema)
}

/// In `"…"` only one name can be written.
fn schema_only(cx: &Cx<'_>) -> bool {
    cx.quoting() == Quoting::Ident
}

/// Whether the bare name means this relation.
pub fn is_visible(cx: &Cx<'_>, name: &QualifiedName) -> bool {
    if cx.dialect() != Dialect::Postgres {
        return true;
    }
    let path = lookup::effective_path(cx.catalog);
    let Some(place) = path.iter().position(|it| *it == name.schema.as_str()) else { return false };
    path.iter().take(place).all(|schema| {
        let key = QualifiedName { schema: Ident::new(*schema), name: name.name.clone() };
        !(cx.catalog.relations.contains_key(&key) || *schema == "pg_catalog" && pg::relation(&key).is_some())
    })
}

/// A relation's name as it must be written: with its schema where the bare name means something else.
pub fn written(cx: &Cx<'_>, name: &QualifiedName) -> String {
    match is_visible(cx, name) {
        true => cx.quote(&name.name),
        false => format!("{}.{}", cx.quote(&name.schema), cx.quote(&name.name)),
    }
}

pub fn item(cx: &Cx<'_>, relation: &Relation, visible: bool) -> Item {
    let kind = match relation.kind {
        RelationKind::View | RelationKind::MaterializedView => ItemKind::View,
        _ => ItemKind::Table,
    };
    let bare = cx.ident(&relation.name);
    let mut res = match visible {
        true => cx.item(relation.name.as_str(), kind, &bare),
        false => {
            let mut res = cx.item(
                format!("{}.{}", relation.schema, relation.name),
                kind,
                &format!("{}.{bare}", cx.quote(&relation.schema)),
            );
            res.filter = Some(relation.name.to_string());
            res
        }
    };
    let what = match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable => "table",
        RelationKind::Foreign => "foreign table",
        RelationKind::View => "view",
        RelationKind::MaterializedView => "materialized view",
        RelationKind::Sequence => "sequence",
    };
    let n = relation.columns.len();
    res.detail = Some(match relation.kind {
        RelationKind::Sequence => what.to_owned(),
        _ => format!("{what}, {n} column{}", if n == 1 { "" } else { "s" }),
    });
    res.origin = cx.origin(relation.origin);
    res.data = cx.data(&relation.schema, &relation.name, None, DataKind::Relation);
    res.deprecated = relation.dropped_in_schema;
    res
}

/// Schemas that hold something.
pub fn schemas(cx: &Cx<'_>) {
    if cx.dialect() != Dialect::Postgres {
        return;
    }
    let mut names: Vec<&str> = cx.catalog.schemas.keys().map(Ident::as_str).collect();
    names.extend(cx.catalog.search_path.iter().map(Ident::as_str));
    names.extend(["public", "pg_catalog", "information_schema"]);
    let mut seen = rustc_hash::FxHashSet::default();
    for name in names.into_iter().filter(|it| seen.insert(it.to_owned())) {
        let item = cx.item(name, ItemKind::Schema, &cx.ident(&Ident::new(name)));
        let order = u32::from(matches!(name, "pg_catalog" | "information_schema"));
        cx.add(name, Tier::Rest, order, item);
    }
}

pub fn is_schema(cx: &Cx<'_>, name: &Ident) -> bool {
    cx.dialect() == Dialect::Postgres && lookup::schema_exists(cx.catalog, name)
}

/// What `FOR UPDATE OF` may name.
pub fn locked(cx: &Cx<'_>, scope: &Scope) {
    let items = scope.items.iter().filter(|it| it.named && it.distance == 0);
    for (idx, it) in items.filter(|it| it.kind != FromKind::Join).enumerate() {
        let item = cx.item(it.name.as_str(), ItemKind::Alias, &cx.ident(&it.name));
        cx.add(it.name.as_str(), Tier::Fit, idx as u32, item);
    }
}
