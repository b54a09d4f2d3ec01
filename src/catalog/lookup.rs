//! Names → entities, by the search path (manual §5.10.3, namespace.c).
//!
//! `pg_temp` is searched first for relations and types, then `pg_catalog`, then [`Catalog::search_path`], unless the
//! path itself names `pg_catalog`.

use std::sync::Arc;

use smallvec::SmallVec;

use super::{Catalog, Extension, Function, QualifiedName, Relation, Type, TypeInfo, pg};
use crate::sql::created::any_schema;
use crate::sql::{Ident, hir};

mod suggest;
mod type_name;

pub use suggest::suggest;
pub use type_name::{named_type, type_name};

/// The schema that holds temporary objects in this model.
pub const TEMP_SCHEMA: &str = "pg_temp";
pub const PG_CATALOG: &str = "pg_catalog";

/// What a name means.
#[derive(Debug)]
pub enum Lookup<'a, T> {
    Found(&'a Arc<T>),
    /// Certainly nothing of that name.
    Missing,
    /// It may exist where this catalog cannot see.
    Unknown,
}

/// Something PostgreSQL refuses about a name: which SQLSTATE, and its primary message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub sqlstate: &'static str,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeNameError {
    /// Not known to us: say nothing.
    Unknown,
    /// No such type, schema, relation or column: `type "x" does not exist`.
    Missing(Refusal),
    /// The type exists; its modifier is refused, or it cannot be used so.
    BadModifier(Refusal),
}

/// Schemas that a host puts beside the project's own.
const HOSTED: [&str; 26] = [
    "auth",
    "cron",
    "drizzle",
    "extensions",
    "graphile_worker",
    "graphql",
    "graphql_public",
    "hdb_catalog",
    "net",
    "neon_auth",
    "partman",
    "pgboss",
    "pgbouncer",
    "pglogical",
    "pgmq",
    "pgsodium",
    "pgsodium_masks",
    "realtime",
    "_realtime",
    "storage",
    "supabase_functions",
    "supabase_migrations",
    "tiger",
    "topology",
    "vault",
    "timescaledb_information",
];

/// The tables in which tools that run migrations note what has run. They are there before the first migration.
const OF_MIGRATORS: [&str; 14] = [
    "__diesel_schema_migrations",
    "__drizzle_migrations",
    "_prisma_migrations",
    "_sqlx_migrations",
    "ar_internal_metadata",
    "databasechangelog",
    "flyway_schema_history",
    "goose_db_version",
    "gorp_migrations",
    "knex_migrations",
    "kysely_migration",
    "pgmigrations",
    "schema_migrations",
    "schemaversion",
];

/// Whether a tool that runs migrations makes a table of this name.
pub fn is_of_migrators(name: &str) -> bool {
    OF_MIGRATORS.contains(&name)
}

/// Whether a schema is one of those that a host makes; what is in it the project does not say.
pub fn is_hosted(schema: &Ident) -> bool {
    HOSTED.contains(&schema.as_str())
}

/// A schema's existence: explicit ones, PostgreSQL's own, those of extensions.
pub fn schema_exists(catalog: &Catalog, schema: &Ident) -> bool {
    let name = schema.as_str();
    matches!(name, "pg_catalog" | "information_schema" | "pg_temp" | "pg_toast" | "public")
        || catalog.schemas.contains_key(schema)
        || catalog.extensions.values().any(|it| it.schema == *schema)
}

/// Whether code of the workspace makes a schema that the catalog lacks; what is in it nobody knows.
pub fn is_made_by_code(catalog: &Catalog, schema: &Ident) -> bool {
    let (named, schemas) = (&catalog.gaps.named, &catalog.gaps.schemas);
    let is_made = schemas.contains(schema) || named.contains(schema) || named.contains(&any_schema());
    is_made && !schema_exists(catalog, schema)
}

/// The schemas that an unqualified name is looked up in, in order; `pg_catalog` included.
pub fn effective_path(catalog: &Catalog) -> SmallVec<[&str; 4]> {
    let mut res = SmallVec::new();
    if !catalog.search_path.iter().any(|it| it.as_str() == TEMP_SCHEMA) {
        res.push(TEMP_SCHEMA);
    }
    if !catalog.search_path.iter().any(|it| it.as_str() == PG_CATALOG) {
        res.push(PG_CATALOG);
    }
    res.extend(catalog.search_path.iter().map(Ident::as_str));
    res
}

/// A table, view, sequence or index-like relation by name, PostgreSQL's own and extensions' included.
pub fn relation<'a>(catalog: &'a Catalog, schema: Option<&Ident>, name: &Ident) -> Lookup<'a, Relation> {
    if name.is_dynamic() || schema.is_some_and(Ident::is_dynamic) {
        return Lookup::Unknown;
    }
    if let Some(schema) = schema {
        if let Some(found) = relation_in(catalog, schema, name) {
            return Lookup::Found(found);
        }
    } else {
        for schema in effective_path(catalog) {
            if let Some(found) = relation_in(catalog, &Ident::new(schema), name) {
                return Lookup::Found(found);
            }
        }
    }
    let unknown_extension = catalog.extensions.values().any(|it| !it.known);
    let migrator = is_of_migrators(name.as_str());
    let extension = || pg::ext::with_relation(name.as_str()).any(|it| may_be_installed(catalog, schema, it));
    if catalog.gaps.relations
        || unknown_extension
        || catalog.gaps.named.contains(name)
        || migrator
        || extension()
        || schema.is_some_and(|it| catalog.gaps.schemas.contains(it) && !schema_exists(catalog, it))
    {
        Lookup::Unknown
    } else {
        Lookup::Missing
    }
}

fn relation_in<'a>(catalog: &'a Catalog, schema: &Ident, name: &Ident) -> Option<&'a Arc<Relation>> {
    let key = QualifiedName { schema: schema.clone(), name: name.clone() };
    if let Some(found) = catalog.relations.get(&key) {
        return Some(found);
    }
    if matches!(schema.as_str(), PG_CATALOG | "information_schema") {
        return pg::since::relation(catalog, &key);
    }
    known_extensions(catalog, schema.as_str()).find_map(|it| it.relations.get(name.as_str()))
}

/// The data of the extensions that this catalog has in `schema`.
pub(crate) fn known_extensions<'a>(
    catalog: &'a Catalog,
    schema: &'a str,
) -> impl Iterator<Item = &'static pg::ext::ExtensionData> + 'a {
    catalog
        .extensions
        .values()
        .filter(move |it| it.known && it.schema.as_str() == schema)
        .filter_map(|it: &Extension| pg::ext::extension(it.name.as_str()))
}

/// Whether an extension may be there although this catalog does not say so: extensions are often installed by hand, by
/// the host, or by another tool. Hosts that give them a schema named `extensions` put it on every role's path.
pub fn may_be_installed(
    catalog: &Catalog,
    schema: Option<&Ident>,
    extension: &pg::ext::ExtensionData,
) -> bool {
    if schema.is_some_and(|it| matches!(it.as_str(), PG_CATALOG | "information_schema")) {
        return false;
    }
    match catalog.extensions.get(&Ident::new(extension.name)) {
        None => true,
        Some(it) => schema.is_none() && it.schema.as_str() == "extensions",
    }
}

/// Every function, procedure and aggregate that a name may mean, in the order of the search path, PostgreSQL's own and
/// those of known extensions included.
pub fn functions<'a>(
    catalog: &'a Catalog,
    schema: Option<&Ident>,
    name: &Ident,
) -> SmallVec<[&'a Function; 8]> {
    let mut res = SmallVec::new();
    match schema {
        Some(schema) => functions_in(catalog, schema.as_str(), name, &mut res),
        None => {
            for schema in effective_path(catalog) {
                // Temporary functions are never found without their schema.
                if schema != TEMP_SCHEMA {
                    functions_in(catalog, schema, name, &mut res);
                }
            }
        }
    }
    res
}

fn functions_in<'a>(catalog: &'a Catalog, schema: &str, name: &Ident, acc: &mut SmallVec<[&'a Function; 8]>) {
    if matches!(schema, PG_CATALOG | "information_schema") {
        let own = pg::functions(name.as_str()).iter().filter(|it| it.schema.as_str() == schema);
        acc.extend(own.filter(|it| pg::since::has_function(catalog, it)));
    }
    if !catalog.functions.is_empty() {
        let key = QualifiedName { schema: Ident::new(schema), name: name.clone() };
        acc.extend(catalog.functions.get(&key).into_iter().flatten().map(|it| &**it));
    }
    if !catalog.extensions.is_empty() {
        for extension in known_extensions(catalog, schema) {
            acc.extend(extension.functions.get(name.as_str()).into_iter().flatten());
        }
    }
}

/// Every operator of this name, in the order of the search path; of the project's own those that are understood.
pub fn operators<'a>(
    catalog: &'a Catalog,
    schema: Option<&Ident>,
    name: &str,
) -> impl Iterator<Item = &'a pg::Operator> + use<'a> {
    let mut res: SmallVec<[&'a [pg::Operator]; 4]> = SmallVec::new();
    let path = match schema {
        Some(schema) => SmallVec::from_slice(&[schema.as_str()]),
        None => effective_path(catalog),
    };
    for schema in path {
        if schema == PG_CATALOG {
            res.push(pg::operators(name));
        }
        if !catalog.extensions.is_empty() {
            res.extend(
                known_extensions(catalog, schema).filter_map(|it| Some(it.operators.get(name)?.as_slice())),
            );
        }
        if !catalog.objects.is_empty() {
            let own = super::object::operators(&catalog.objects, schema, name);
            res.extend(own.map(|it| std::slice::from_ref(&**it)));
        }
    }
    res.into_iter().flatten()
}

/// Whether the bare name means this type (`TypeIsVisible`).
pub(crate) fn type_is_visible(catalog: &Catalog, info: &TypeInfo) -> bool {
    type_name::named_type(catalog, None, &info.name).is_some_and(|it| it == info.id)
}

/// The schema a type lives in: an extension's types follow the extension.
pub(crate) fn type_schema<'a>(catalog: &'a Catalog, info: &'a TypeInfo) -> &'a Ident {
    pg::ext::owner(info.id)
        .and_then(|name| catalog.extensions.get(&Ident::new(name)))
        .map_or(&info.schema, |it| &it.schema)
}

/// The type of a name as a [`hir::TypeName`] means it; see [`type_name`]. `None` when it is not known or refused.
pub fn type_of(catalog: &Catalog, name: &hir::TypeName, exprs: &[hir::Expr]) -> Option<Type> {
    type_name(catalog, name, exprs).ok()
}

#[cfg(test)]
mod tests;
