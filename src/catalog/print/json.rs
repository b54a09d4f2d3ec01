//! The JSON of `columnist schema`; CONTRACTS.md, *Machine output*, holds its shape.

use serde::Serialize;

use super::column_type;
use crate::catalog::{
    Catalog, ColumnDefault, FunctionKind, Identity, Index, Key, Origin, QualifiedName, Relation,
    RelationKind, TypeKind, types,
};
use crate::sql::{Dialect, Ident};

#[derive(Debug, Serialize)]
pub struct SchemaJson {
    pub version: u32,
    pub databases: Vec<DatabaseJson>,
}

#[derive(Debug, Serialize)]
pub struct DatabaseJson {
    pub name: String,
    pub dialect: String,
    pub schemas: Vec<String>,
    pub enums: Vec<EnumJson>,
    pub tables: Vec<TableJson>,
    pub views: Vec<ViewJson>,
    pub sequences: Vec<SequenceJson>,
    pub functions: Vec<FunctionJson>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnumJson {
    pub schema: String,
    pub name: String,
    pub labels: Vec<String>,
    pub defined_at: Option<serde_json::Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableJson {
    pub schema: String,
    pub name: String,
    pub columns: Vec<ColumnJson>,
    pub primary_key: Option<KeyJson>,
    pub uniques: Vec<KeyJson>,
    pub foreign_keys: Vec<ForeignKeyJson>,
    pub checks: Vec<CheckJson>,
    pub indexes: Vec<IndexJson>,
    pub policies: Vec<PolicyJson>,
    pub defined_at: Option<serde_json::Value>,
}

#[derive(Debug, Serialize)]
pub struct ColumnJson {
    pub name: String,
    pub key: Option<String>,
    #[serde(rename = "type")]
    pub ty: Option<String>,
    pub nullable: bool,
    pub default: Option<String>,
    pub generated: Option<GeneratedJson>,
    pub identity: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub struct GeneratedJson {
    pub expression: Option<String>,
    pub stored: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyJson {
    pub name: Option<String>,
    pub columns: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nulls_not_distinct: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ForeignKeyJson {
    pub name: Option<String>,
    pub columns: Vec<String>,
    pub foreign_table: Option<NameJson>,
    pub foreign_columns: Vec<String>,
    pub on_delete: String,
    pub on_update: String,
}

#[derive(Debug, Serialize)]
pub struct NameJson {
    pub schema: String,
    pub name: String,
}

#[derive(Debug, Serialize)]
pub struct CheckJson {
    pub name: Option<String>,
    pub expression: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct IndexJson {
    pub name: Option<String>,
    pub unique: bool,
    pub method: String,
    pub items: Vec<IndexItemJson>,
    #[serde(rename = "where")]
    pub predicate: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct IndexItemJson {
    pub column: Option<String>,
    pub expression: Option<String>,
    pub opclass: Option<String>,
    pub descending: bool,
    pub nulls: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyJson {
    pub name: String,
    pub permissive: bool,
    pub command: String,
    pub roles: Vec<String>,
    pub using: Option<String>,
    pub with_check: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ViewJson {
    pub schema: String,
    pub name: String,
    pub materialized: bool,
    pub columns: Vec<ColumnJson>,
    pub definition: Option<String>,
    pub defined_at: Option<serde_json::Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SequenceJson {
    pub schema: String,
    pub name: String,
    pub defined_at: Option<serde_json::Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FunctionJson {
    pub schema: String,
    pub name: String,
    pub kind: &'static str,
    pub arguments: Vec<Option<String>>,
    pub returns: Option<String>,
    pub returns_set: bool,
    pub defined_at: Option<serde_json::Value>,
}

/// One database of the payload. `locate` says where an origin is, as CONTRACTS.md writes a place; `None` when it is
/// nowhere in the workspace.
pub fn schema_json(
    name: &str,
    catalog: &Catalog,
    locate: &dyn Fn(Origin) -> Option<serde_json::Value>,
) -> DatabaseJson {
    let mut res = DatabaseJson {
        name: name.to_owned(),
        dialect: match catalog.dialect {
            Dialect::Postgres => "postgresql",
            Dialect::Sqlite => "sqlite",
            Dialect::Mysql => "mysql",
        }
        .to_owned(),
        schemas: catalog.schemas.keys().map(Ident::to_string).collect(),
        enums: Vec::new(),
        tables: Vec::new(),
        views: Vec::new(),
        sequences: Vec::new(),
        functions: Vec::new(),
    };
    for info in catalog.types.iter() {
        if let TypeKind::Enum { labels } = &info.kind {
            res.enums.push(EnumJson {
                schema: info.schema.to_string(),
                name: info.name.to_string(),
                labels: labels.iter().map(|it| it.label.to_string()).collect(),
                defined_at: locate(info.origin),
            });
        }
    }
    res.enums.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
    for (name, relation) in catalog.relations.iter() {
        if catalog.unexported.contains(name) {
            continue;
        }
        match relation.kind {
            RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign => {
                res.tables.push(table(catalog, relation, locate));
            }
            RelationKind::View | RelationKind::MaterializedView => res.views.push(ViewJson {
                schema: relation.schema.to_string(),
                name: relation.name.to_string(),
                materialized: relation.kind == RelationKind::MaterializedView,
                columns: columns(catalog, relation),
                definition: relation.definition.as_ref().map(|it| it.to_string()),
                defined_at: locate(relation.origin),
            }),
            // One that a column owns is part of the column.
            RelationKind::Sequence if !relation.parents.is_empty() => {}
            RelationKind::Sequence => res.sequences.push(SequenceJson {
                schema: relation.schema.to_string(),
                name: relation.name.to_string(),
                defined_at: locate(relation.origin),
            }),
        }
    }
    for function in catalog.functions.values().flatten() {
        res.functions.push(FunctionJson {
            schema: function.schema.to_string(),
            name: function.name.to_string(),
            kind: match function.kind {
                FunctionKind::Function => "function",
                FunctionKind::Procedure => "procedure",
                FunctionKind::Aggregate => "aggregate",
                FunctionKind::Window => "window",
            },
            arguments: function
                .params
                .iter()
                .map(|it| it.ty.map(|id| types::format_type_id(catalog, id)))
                .collect(),
            returns: function.returns.map(|id| types::format_type_id(catalog, id)),
            returns_set: function.returns_set,
            defined_at: locate(function.origin),
        });
    }
    res
}

fn names(columns: &[Ident]) -> Vec<String> {
    columns.iter().map(Ident::to_string).collect()
}

fn key(key: &Key) -> KeyJson {
    KeyJson {
        name: key.name.as_ref().map(Ident::to_string),
        columns: names(&key.columns),
        nulls_not_distinct: key.nulls_not_distinct,
    }
}

fn qualified(name: &QualifiedName) -> NameJson {
    NameJson { schema: name.schema.to_string(), name: name.name.to_string() }
}

fn columns(catalog: &Catalog, relation: &Relation) -> Vec<ColumnJson> {
    relation
        .columns
        .iter()
        .map(|it| ColumnJson {
            name: it.name.to_string(),
            key: it.key.as_ref().map(ToString::to_string),
            ty: column_type(catalog, it),
            nullable: !it.not_null,
            default: match &it.default {
                Some(ColumnDefault::Sql(text)) => Some(text.to_string()),
                _ => None,
            },
            generated: it.generated.as_ref().map(|it| GeneratedJson {
                expression: it.expression.as_ref().map(ToString::to_string),
                stored: it.stored,
            }),
            identity: it.identity.map(|it| match it {
                Identity::Always => "always",
                Identity::ByDefault => "by default",
            }),
        })
        .collect()
}

fn index(index: &Index) -> IndexJson {
    IndexJson {
        name: index.name.as_ref().map(Ident::to_string),
        unique: index.unique,
        method: index.method.to_string(),
        items: index
            .items
            .iter()
            .map(|it| IndexItemJson {
                column: it.column.as_ref().map(Ident::to_string),
                expression: it.expression.as_ref().map(ToString::to_string),
                opclass: it.opclass.as_ref().map(|class| match &it.opclass_schema {
                    Some(schema) => format!("{schema}.{class}"),
                    None => class.to_string(),
                }),
                descending: it.descending,
                nulls: it.nulls.as_ref().map(ToString::to_string),
            })
            .collect(),
        predicate: index.predicate.as_ref().map(ToString::to_string),
    }
}

fn table(
    catalog: &Catalog,
    relation: &Relation,
    locate: &dyn Fn(Origin) -> Option<serde_json::Value>,
) -> TableJson {
    TableJson {
        schema: relation.schema.to_string(),
        name: relation.name.to_string(),
        columns: columns(catalog, relation),
        primary_key: relation.primary_key.as_ref().map(key),
        uniques: relation.uniques.iter().map(key).collect(),
        foreign_keys: relation
            .foreign_keys
            .iter()
            .map(|it| ForeignKeyJson {
                name: it.name.as_ref().map(Ident::to_string),
                columns: names(&it.columns),
                foreign_table: it.target.as_ref().map(qualified),
                foreign_columns: names(&it.target_columns),
                on_delete: it.on_delete.to_string(),
                on_update: it.on_update.to_string(),
            })
            .collect(),
        checks: relation
            .checks
            .iter()
            .map(|it| CheckJson {
                name: it.name.as_ref().map(Ident::to_string),
                expression: it.expression.as_ref().map(ToString::to_string),
            })
            .collect(),
        indexes: relation.indexes.iter().map(index).collect(),
        policies: relation
            .policies
            .iter()
            .map(|it| PolicyJson {
                name: it.name.to_string(),
                permissive: it.permissive,
                command: it.command.to_string(),
                roles: it.roles.iter().map(ToString::to_string).collect(),
                using: it.using.as_ref().map(ToString::to_string),
                with_check: it.with_check.as_ref().map(ToString::to_string),
            })
            .collect(),
        defined_at: locate(relation.origin),
    }
}
