//! The rows of PostgreSQL's catalogs and of the information schema, as the folded catalog has them (manual chapters 35
//! and 52): those that migrations ask whether something is there.

use smol_str::SmolStr;

use super::value::Value;
use crate::catalog::types::format_type_id;
use crate::catalog::{
    Catalog, Column, ColumnDefault, QualifiedName, Relation, RelationKind, TypeKind, lookup, pg,
};
use crate::sql::Ident;
use crate::sql::hir::{Expr, ExprKind, Literal};

#[derive(Debug, Clone)]
pub(super) struct Row {
    cells: Vec<(Ident, Value)>,
    /// It may not be there.
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

fn yes(it: bool) -> Value {
    Value::text(if it { "YES" } else { "NO" })
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
    let gaps = &catalog.gaps;
    let whole = !gaps.partial && gaps.loose.is_none();
    let relations = || catalog.relations.values().map(|it| &**it);
    let tables = || relations().filter(|it| is_table(it));
    let own = schema.is_none() && tables().any(|it| it.name == *name);
    if own {
        return None;
    }
    let known = knows_relations(catalog);
    let (rows, complete): (Vec<Row>, bool) = match (schema.map(Ident::as_str), name.as_str()) {
        (Some("information_schema"), "tables") => (relations().filter_map(table_row).collect(), known),
        (Some("information_schema"), "columns") => {
            let all = relations().filter(|it| is_table(it) || it.kind == RelationKind::View);
            (all.flat_map(|it| column_rows(catalog, it)).collect(), known)
        }
        (Some("information_schema"), "table_constraints") => {
            (tables().flat_map(constraint_rows).collect(), known && !gaps.keys)
        }
        (Some("information_schema"), "views") => {
            let all = relations().filter(|it| it.kind == RelationKind::View);
            let row = |it: &Relation| {
                Row::new([("table_schema", ident(&it.schema)), ("table_name", ident(&it.name))])
            };
            (all.map(row).collect(), known)
        }
        (Some("information_schema"), "sequences") => {
            (named(relations(), RelationKind::Sequence, ["sequence_schema", "sequence_name"]), known)
        }
        (Some("information_schema"), "triggers") => {
            let row = |it: &Relation, name: &SmolStr| {
                Row::new([
                    ("trigger_name", Value::text(name)),
                    ("trigger_schema", ident(&it.schema)),
                    ("event_object_schema", ident(&it.schema)),
                    ("event_object_table", ident(&it.name)),
                ])
            };
            (
                relations().flat_map(|it| it.triggers.iter().map(move |name| row(it, name))).collect(),
                known && !gaps.policies,
            )
        }
        (Some("information_schema"), "schemata") | (None | Some("pg_catalog"), "pg_namespace") => {
            let builtin = ["public", "pg_catalog", "information_schema"].map(Ident::new);
            let all = builtin.iter().chain(catalog.schemas.keys());
            let row = |it: &Ident| {
                Row::new([
                    ("schema_name", ident(it)),
                    ("nspname", ident(it)),
                    ("oid", Value::Oid(it.as_str().into())),
                ])
            };
            (all.map(row).collect(), known)
        }
        (None | Some("pg_catalog"), "pg_tables") => {
            let plain = relations()
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
        (None | Some("pg_catalog"), "pg_views") => {
            (named(relations(), RelationKind::View, ["schemaname", "viewname"]), known)
        }
        (None | Some("pg_catalog"), "pg_matviews") => {
            (named(relations(), RelationKind::MaterializedView, ["schemaname", "matviewname"]), known)
        }
        (None | Some("pg_catalog"), "pg_sequences") => {
            (named(relations(), RelationKind::Sequence, ["schemaname", "sequencename"]), known)
        }
        (None | Some("pg_catalog"), "pg_class") => {
            (relations().flat_map(class_rows).collect(), known && !gaps.keys)
        }
        (None | Some("pg_catalog"), "pg_attribute") => {
            (relations().flat_map(attribute_rows).collect(), known)
        }
        (None | Some("pg_catalog"), "pg_constraint") => {
            (tables().flat_map(pg_constraint_rows).collect(), known && !gaps.keys)
        }
        (None | Some("pg_catalog"), "pg_indexes") => {
            let row = |it: &Relation, name: &Ident| {
                Row::new([
                    ("schemaname", ident(&it.schema)),
                    ("tablename", ident(&it.name)),
                    ("indexname", ident(name)),
                    ("indexdef", Value::Unknown),
                ])
            };
            let all = relations().flat_map(|it| indexes(it).map(move |name| row(it, name)));
            (all.collect(), known && !gaps.keys)
        }
        (None | Some("pg_catalog"), "pg_policies" | "pg_policy") => {
            let row = |it: &Relation, name: &Ident| {
                Row::new([
                    ("schemaname", ident(&it.schema)),
                    ("tablename", ident(&it.name)),
                    ("policyname", ident(name)),
                    ("polname", ident(name)),
                    ("polrelid", oid_of(it)),
                ])
            };
            let all = relations().flat_map(|it| it.policies.iter().map(move |at| row(it, &at.name)));
            (all.collect(), known && !gaps.policies)
        }
        (None | Some("pg_catalog"), "pg_trigger") => {
            let row = |it: &Relation, name: &SmolStr| {
                Row::new([
                    ("tgname", Value::text(name)),
                    ("tgrelid", oid_of(it)),
                    ("tgisinternal", Value::Bool(false)),
                ])
            };
            let all = relations().flat_map(|it| it.triggers.iter().map(move |name| row(it, name)));
            (all.collect(), known && !gaps.policies)
        }
        (None | Some("pg_catalog"), "pg_type") => {
            let row = |info: &crate::catalog::TypeInfo| {
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
        (None | Some("pg_catalog"), "pg_enum") => {
            let row = |info: &crate::catalog::TypeInfo, label: &SmolStr| {
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
        (None | Some("pg_catalog"), "pg_extension") => {
            (catalog.extensions.keys().map(|it| Row::new([("extname", ident(it))])).collect(), false)
        }
        (None | Some("pg_catalog"), "pg_proc") => {
            let row = |it: &QualifiedName| {
                Row::new([
                    ("proname", ident(&it.name)),
                    ("pronamespace", Value::Oid(it.schema.as_str().into())),
                ])
            };
            (catalog.functions.keys().map(row).collect(), false)
        }
        _ => return None,
    };
    Some(Rows { rows, complete: complete && whole })
}

fn is_table(relation: &Relation) -> bool {
    matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign)
}

fn named<'a>(
    relations: impl Iterator<Item = &'a Relation>,
    kind: RelationKind,
    columns: [&'static str; 2],
) -> Vec<Row> {
    let [schema, name] = columns;
    let all = relations.filter(|it| it.kind == kind);
    all.map(|it| Row::new([(schema, ident(&it.schema)), (name, ident(&it.name))])).collect()
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
