//! The rows of PostgreSQL's catalogs and of the information schema, as the folded catalog has them (manual chapters 35
//! and 52): those that migrations ask whether something is there.

mod information_schema;
mod pg_catalog;

use smol_str::SmolStr;

use super::value::Value;
use crate::catalog::{Catalog, QualifiedName, Relation, RelationKind, lookup, pg};
use crate::sql::Ident;
use crate::sql::hir::{Expr, ExprKind, Literal};

/// A row of a FROM item: its columns by their names.
#[derive(Debug, Clone)]
pub(super) struct Row {
    cells: Vec<(Ident, Value)>,
    /// It certainly is there.
    pub sure: bool,
}

impl Row {
    pub fn of(cells: impl IntoIterator<Item = (Ident, Value)>) -> Row {
        Row { cells: cells.into_iter().collect(), sure: true }
    }

    fn new<const N: usize>(cells: [(&'static str, Value); N]) -> Row {
        Row::of(cells.into_iter().map(|(name, value)| (Ident::new(SmolStr::new_static(name)), value)))
    }

    /// `None`: it has no such column.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.cells.iter().find(|it| it.0.as_str() == name).map(|it| &it.1)
    }
}

/// What a FROM item yields.
pub(super) struct Rows {
    pub rows: Vec<Row>,
    /// There are no others, but for PostgreSQL's own.
    pub complete: bool,
}

/// The identity of a relation, as `to_regclass` finds it.
pub(super) fn relation_oid(catalog: &Catalog, schema: Option<&Ident>, name: &Ident) -> Value {
    match lookup::relation(catalog, schema, name) {
        lookup::Lookup::Found(it) => oid_of(it),
        lookup::Lookup::Missing if knows_relations(catalog) && !schema.is_some_and(lookup::is_hosted) => {
            match catalog.relations.values().any(|it| indexes(it).any(|index| index == name)) {
                true => Value::Unknown,
                false => Value::Null,
            }
        }
        _ => Value::Unknown,
    }
}

fn knows_relations(catalog: &Catalog) -> bool {
    let gaps = &catalog.gaps;
    !gaps.relations && !gaps.partial && gaps.loose.is_none()
}

fn oid_of(relation: &Relation) -> Value {
    oid("relation", &relation.schema, &relation.name)
}

fn oid(kind: &str, schema: &Ident, name: &Ident) -> Value {
    Value::Oid(format!("{kind} {}.{}", schema.quoted(), name.quoted()).into())
}

fn ident(name: &Ident) -> Value {
    Value::text(name.as_str())
}

/// The names of its indexes, those of keys included.
fn indexes(relation: &Relation) -> impl Iterator<Item = &Ident> {
    let keys = relation.primary_key.iter().chain(&relation.uniques).filter_map(|it| it.name.as_ref());
    keys.chain(relation.indexes.iter().filter_map(|it| it.name.as_ref()))
}

/// Whether what a query's constants name can only be the project's own: no object of PostgreSQL, of an extension, a
/// host or a tool, and none that code of the workspace makes.
pub(super) fn tells_all(catalog: &Catalog, exprs: &[Expr]) -> bool {
    let foreign = |name: &str| {
        let ident = Ident::new(name);
        (lookup::is_hosted(&ident) && !catalog.schemas.contains_key(&ident))
            || pg::ext::with_relation(name).next().is_some()
            || lookup::is_of_migrators(name)
            || catalog.gaps.named.contains(&ident)
    };
    // `date` and `uuid` are names only where types are asked for.
    let constants = exprs.iter().filter_map(|it| match &it.kind {
        ExprKind::Literal(Literal::String(it)) => Some(it.as_str()),
        _ => None,
    });
    let asks_types = exprs.iter().any(|it| match &it.kind {
        ExprKind::Column(name) => name.last().is_some_and(|it| it.ident.as_str() == "typname"),
        _ => false,
    });
    let is_type =
        |it: &str| pg::type_named("pg_catalog", it).is_some() || pg::ext::with_type(it).next().is_some();
    !constants.into_iter().any(|it| foreign(it) || (asks_types && is_type(it)))
}

/// The rows of a catalog; `None`: it is not one that is modelled.
pub(super) fn rows(catalog: &Catalog, schema: Option<&Ident>, name: &Ident) -> Option<Rows> {
    // A table of the project is found first.
    if schema.is_none() && catalog.relations.values().any(|it| is_table(it) && it.name == *name) {
        return None;
    }
    let (rows, complete) = match schema.map(Ident::as_str) {
        Some("information_schema") => information_schema::rows(catalog, name.as_str())?,
        None | Some("pg_catalog") => pg_catalog::rows(catalog, name.as_str())?,
        _ => return None,
    };
    Some(Rows { rows, complete })
}

fn relations(catalog: &Catalog) -> impl Iterator<Item = &Relation> {
    catalog.relations.values().map(|it| &**it)
}

fn tables(catalog: &Catalog) -> impl Iterator<Item = &Relation> {
    relations(catalog).filter(|it| is_table(it))
}

/// `information_schema.schemata` and `pg_namespace`.
fn schema_rows(catalog: &Catalog) -> Vec<Row> {
    let builtin = ["public", "pg_catalog", "information_schema"].map(Ident::new);
    let all = builtin.iter().chain(catalog.schemas.keys());
    let row = |it: &Ident| {
        Row::new([
            ("schema_name", ident(it)),
            ("nspname", ident(it)),
            ("oid", Value::Oid(it.as_str().into())),
        ])
    };
    all.map(row).collect()
}

fn is_table(relation: &Relation) -> bool {
    matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign)
}

/// The schemas and names of the relations of a kind, in columns of these names.
fn named(catalog: &Catalog, kind: RelationKind, columns: [&'static str; 2]) -> Vec<Row> {
    let [schema, name] = columns;
    let all = relations(catalog).filter(|it| it.kind == kind);
    all.map(|it| Row::new([(schema, ident(&it.schema)), (name, ident(&it.name))])).collect()
}

/// Name, kind and target of a table's constraints.
fn constraints(relation: &Relation) -> Vec<(&Ident, &'static str, Option<&QualifiedName>)> {
    let mut res = Vec::new();
    let primary = relation.primary_key.iter().filter_map(|it| Some((it.name.as_ref()?, "p", None)));
    res.extend(primary);
    res.extend(relation.uniques.iter().filter_map(|it| Some((it.name.as_ref()?, "u", None))));
    res.extend(relation.checks.iter().filter_map(|it| Some((it.name.as_ref()?, "c", None))));
    res.extend(relation.not_nulls.iter().map(|it| (&it.0, "n", None)));
    let keys = relation.foreign_keys.iter();
    res.extend(keys.filter_map(|it| Some((it.name.as_ref()?, "f", it.target.as_ref()))));
    res
}
