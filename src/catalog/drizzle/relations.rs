//! Drizzle's relations, v1 (`relations(table, …)`) and v2 (`defineRelations(schema, …)`), as data.

use smol_str::SmolStr;

use super::chain::{Head, field, string, unwind};
use super::reader::Reader;
use super::{Cardinality, DrizzleRelation};
use crate::catalog::{Origin, QualifiedName};
use crate::project::eval::{Entry, Value, ValueKind};

/// Adds the relations that a value declares, if it declares any.
pub fn read(reader: &Reader<'_>, value: &Value, acc: &mut Vec<DrizzleRelation>) {
    let chain = unwind(value);
    let args = chain.head.args();
    match (chain.head.function(), args) {
        (Some("relations"), [table, callback, ..]) => v1(reader, table, callback, acc),
        (Some("defineRelations" | "defineRelationsPart"), [schema, callback, ..]) => {
            v2(reader, schema, callback, acc);
        }
        _ => {}
    }
}

fn bound(name: &str) -> Value {
    Value { kind: ValueKind::Bound(name.into()).into(), decl: None, site: None }
}

fn entry_origin(entry: &Entry) -> Origin {
    Origin::Ts { file: entry.site.file, loc: entry.site.loc }
}

fn v1(reader: &Reader<'_>, table: &Value, callback: &Value, acc: &mut Vec<DrizzleRelation>) {
    let Some(source) = reader.table(table) else { return };
    let ValueKind::Closure(closure) = &*callback.kind else { return };
    let helpers = Value {
        kind: ValueKind::Object {
            entries: ["one", "many"]
                .into_iter()
                .filter_map(|name| {
                    let site = table.site.or(callback.site).or(value_site(callback))?;
                    Some(Entry { key: name.into(), site, value: bound(name) })
                })
                .collect(),
            open: false,
        }
        .into(),
        decl: None,
        site: None,
    };
    let res = reader.eval.call(closure, vec![helpers]);
    let ValueKind::Object { entries, .. } = &*res.kind else { return };
    for entry in entries {
        let Some((kind, args)) = helper_call(&entry.value) else { continue };
        let target = args.first().and_then(|it| reader.table(it));
        let config = args.get(1);
        acc.push(DrizzleRelation {
            source: source.name.clone(),
            name: entry.key.clone(),
            cardinality: kind,
            target: target.map(|it| it.name.clone()),
            configured: config.is_some(),
            fields: column_list(reader, config, "fields"),
            references: column_list(reader, config, "references"),
            through: None,
            alias: config.and_then(|it| field(it, "relationName")).and_then(string).cloned(),
            version: 1,
            origin: entry_origin(entry),
        });
    }
}

fn value_site(value: &Value) -> Option<crate::project::eval::Site> {
    match &*value.kind {
        ValueKind::Closure(closure) => {
            Some(crate::project::eval::Site { file: closure.file, loc: crate::facts::Loc(0) })
        }
        _ => None,
    }
}

/// `one(users, …)` or `r.one.users(…)`.
fn helper_call(value: &Value) -> Option<(Cardinality, &[Value])> {
    let ValueKind::Call { callee, args, .. } = &*value.kind else { return None };
    match &*callee.kind {
        ValueKind::Bound(name) => Some((cardinality(name)?, args)),
        _ => None,
    }
}

fn cardinality(name: &str) -> Option<Cardinality> {
    match name {
        "one" => Some(Cardinality::One),
        "many" => Some(Cardinality::Many),
        _ => None,
    }
}

fn column_list(reader: &Reader<'_>, config: Option<&Value>, key: &str) -> Vec<SmolStr> {
    let Some(value) = config.and_then(|it| field(it, key)) else { return Vec::new() };
    let ValueKind::Array { items, .. } = &*value.kind else { return Vec::new() };
    items.iter().filter_map(|it| reader.column_of(it)).map(|(_, name)| name).collect()
}

fn v2(reader: &Reader<'_>, schema: &Value, callback: &Value, acc: &mut Vec<DrizzleRelation>) {
    let ValueKind::Closure(closure) = &*callback.kind else { return };
    let res = reader.eval.call(closure, vec![bound("r")]);
    let ValueKind::Object { entries, .. } = &*res.kind else { return };
    let table = |key: &str| {
        let value = match &*schema.kind {
            ValueKind::Object { .. } => field(schema, key).cloned()?,
            _ => reader.eval.member(schema, key),
        };
        reader.table(&value)
    };
    // `r.posts.authorId` → the table's key and the column's database name.
    let side = |value: &Value| -> Option<(SmolStr, SmolStr)> {
        let ValueKind::Member { object, name, .. } = &*value.kind else { return None };
        let ValueKind::Member { name: key, .. } = &*object.kind else { return None };
        let draft = table(key)?;
        let column = draft.columns.iter().find(|it| it.key == *name)?;
        Some((key.clone(), column.name.clone()))
    };
    for entry in entries {
        let Some(source) = table(&entry.key) else { continue };
        let ValueKind::Object { entries: fields, .. } = &*entry.value.kind else { continue };
        for relation in fields {
            let ValueKind::Call { callee, args, .. } = &*relation.value.kind else { continue };
            let ValueKind::Member { object, name: target, .. } = &*callee.kind else { continue };
            let ValueKind::Member { name: helper, .. } = &*object.kind else { continue };
            let Some(kind) = cardinality(helper) else { continue };
            let config = args.first();
            let mut through = None;
            let mut sides = |key: &str| -> Vec<SmolStr> {
                let Some(value) = config.and_then(|it| field(it, key)) else { return Vec::new() };
                let single = std::slice::from_ref(value);
                let items = match &*value.kind {
                    ValueKind::Array { items, .. } => items.as_slice(),
                    _ => single,
                };
                items
                    .iter()
                    .filter_map(|it| {
                        let chain = unwind(it);
                        let junction = chain.method("through").and_then(|it| it.args.first()).and_then(&side);
                        if let Some((key, _)) = junction {
                            through = table(&key).map(|it| it.name.clone());
                        }
                        match &chain.head {
                            Head::Value(it) => side(it).map(|(_, column)| column),
                            _ => None,
                        }
                    })
                    .collect()
            };
            let fields = sides("from");
            let references = sides("to");
            let name: QualifiedName = source.name.clone();
            acc.push(DrizzleRelation {
                source: name,
                name: relation.key.clone(),
                cardinality: kind,
                target: table(target).map(|it| it.name.clone()),
                configured: config.is_some_and(|it| field(it, "from").is_some() || field(it, "to").is_some()),
                fields,
                references,
                through,
                alias: config.and_then(|it| field(it, "alias")).and_then(string).cloned(),
                version: 2,
                origin: entry_origin(relation),
            });
        }
    }
}
