//! `pg_class` and `pg_attribute` of `pg_catalog` and `information_schema`; a relation's columns are read when it is
//! asked for.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::tsv::{self, Row};
use crate::catalog::types::format_type;
use crate::catalog::{
    Catalog, Collation, Column, Key, Origin, QualifiedName, Relation, RelationKind, Type, TypeId,
};
use crate::sql::Ident;

struct Entry {
    kind: char,
    attributes: Vec<Row>,
    parsed: OnceLock<Arc<Relation>>,
}

pub fn relation(name: &QualifiedName) -> Option<&'static Arc<Relation>> {
    let entry = table().get(name.schema.as_str())?.get(name.name.as_str())?;
    Some(entry.parsed.get_or_init(|| {
        let columns = entry.attributes.iter().map(|row| {
            let mut row = row.clone();
            let name = row.text();
            let ty = Type { id: TypeId(row.number()), typmod: row.text().parse().unwrap_or(-1) };
            let mut res = column(name, ty, row.flag());
            // The collatable columns of system tables are all compared by bytes; what views have is not in the data.
            if !matches!(ty.id, TypeId::NAME) && super::type_info(ty.id).is_some_and(|it| it.collatable) {
                let own = super::type_info(ty.id).is_some_and(|it| it.collation.is_some());
                res.collation = match entry.kind {
                    _ if own => Collation::OfType,
                    'r' => Collation::Named("C".into()),
                    _ => Collation::Unknown,
                };
            }
            res
        });
        let mut relation = make(name.clone(), entry.kind, columns.collect());
        relation.primary_key = key(name);
        Arc::new(relation)
    }))
}

/// The primary key of a system table.
fn key(name: &QualifiedName) -> Option<Key> {
    type Keys = FxHashMap<(&'static str, &'static str), &'static str>;
    static KEYS: OnceLock<Keys> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        let rows = tsv::rows(include_str!("data/keys.tsv"));
        rows.map(|mut row| ((row.text(), row.text()), row.text())).collect()
    });
    let columns = keys.get(&(name.schema.as_str(), name.name.as_str()))?;
    Some(Key {
        name: None,
        columns: columns.split(' ').map(Ident::new).collect(),
        nulls_not_distinct: false,
        without_overlaps: false,
        deferrable: false,
        origin: Origin::Builtin,
    })
}

pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    table().iter().flat_map(|(schema, names)| names.keys().map(|name| (*schema, *name)))
}

type Table = FxHashMap<&'static str, FxHashMap<&'static str, Entry>>;

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut attributes: FxHashMap<u32, Vec<Row>> = FxHashMap::default();
        for mut row in tsv::rows(include_str!("data/attributes.tsv")) {
            let oid = row.number();
            row.skip(1);
            attributes.entry(oid).or_default().push(row);
        }
        let mut res = Table::default();
        for mut row in tsv::rows(include_str!("data/relations.tsv")) {
            let oid = row.number();
            let (name, schema) = (row.text(), row.text());
            let attributes = attributes.remove(&oid).unwrap_or_default();
            let entry = Entry { kind: row.char(), attributes, parsed: OnceLock::new() };
            res.entry(schema).or_default().insert(name, entry);
        }
        res
    })
}

pub fn column(name: &str, ty: Type, not_null: bool) -> Column {
    Column {
        ty: Some(ty),
        type_text: format_type(&Catalog::default(), ty).into(),
        collation: Collation::OfType,
        not_null,
        ..Column::new(Ident::new(name), Origin::Builtin)
    }
}

pub fn make(name: QualifiedName, relkind: char, columns: Vec<Column>) -> Relation {
    let kind = match relkind {
        'v' => RelationKind::View,
        'm' => RelationKind::MaterializedView,
        'S' => RelationKind::Sequence,
        'p' => RelationKind::PartitionedTable,
        'f' => RelationKind::Foreign,
        _ => RelationKind::Table,
    };
    Relation { columns, ..Relation::new(name, kind, Origin::Builtin) }
}
