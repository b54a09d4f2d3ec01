//! PostgreSQL 18's own catalog, and those of the extensions Columnist knows, as generated data
//! (`tests/oracle/dump-catalog.mjs`). Parsed lazily, each table once, from text that is part of the program.

use std::sync::Arc;

use super::{Function, QualifiedName, Relation, TypeInfo};
use crate::catalog::TypeId;

mod casts;
pub mod elsewhere;
pub mod ext;
mod functions;
mod misc;
mod operators;
mod relations;
pub mod settings;
pub mod since;
mod tsv;
mod types;

pub use casts::{Cast, CastContext, CastMethod, cast};
pub use misc::{
    OpClass, SEARCH_CONFIGURATIONS, SEARCH_TOKENS, access_methods, collation_exists, is_condition,
    may_be_locale, opclasses,
};
pub use operators::Operator;

/// A type by its oid.
pub fn type_info(id: TypeId) -> Option<&'static TypeInfo> {
    types::types().get(id)
}

/// A type of `pg_catalog` or `information_schema` by its name.
pub fn type_named(schema: &str, name: &str) -> Option<&'static TypeInfo> {
    types::types().named(schema, name)
}

/// A built-in base type that is no array: only `pg_cast` converts it implicitly.
pub fn is_scalar(id: TypeId) -> bool {
    types::types().is_scalar(id)
}

/// Whether a built-in type takes a modifier (`varchar(20)`).
pub fn is_modifiable(id: TypeId) -> bool {
    types::types().is_modifiable(id)
}

/// Every built-in type, in the order of oids.
pub fn all_types() -> impl Iterator<Item = &'static TypeInfo> {
    types::types().iter()
}

/// Functions, aggregates, window functions of this name (`pg_catalog` and `information_schema`), in the order of oids.
pub fn functions(name: &str) -> &'static [Function] {
    functions::named(name)
}

/// The names of all built-in functions, unordered.
pub fn function_names() -> impl Iterator<Item = &'static str> {
    functions::names()
}

/// `pg_proc`'s description of a function, for hovers.
pub fn description(function: &Function) -> Option<String> {
    functions::description(function)
}

/// `pg_proc.provolatile` of a built-in function: `i`, `s` or `v`.
pub fn volatility(function: &Function) -> Option<char> {
    functions::volatility(function)
}

/// The same of the function behind an operator or a cast, by its oid.
pub fn volatility_of(oid: u32) -> Option<char> {
    functions::volatility_of(oid)
}

/// The oid of the function that a built-in cast calls; `None`: there is none.
pub fn cast_function(source: TypeId, target: TypeId) -> Option<u32> {
    casts::function(source, target)
}

/// Operators of this name, sorted by operand types.
pub fn operators(name: &str) -> &'static [Operator] {
    operators::named(name)
}

/// Every built-in operator, sorted by name, then operand types.
pub fn all_operators() -> &'static [Operator] {
    operators::all()
}

/// The operator that takes exactly these operand types.
pub fn operator(name: &str, left: TypeId, right: TypeId) -> Option<&'static Operator> {
    operators::exact(name, left, right)
}

/// A table or view of `pg_catalog` or `information_schema`.
pub fn relation(name: &QualifiedName) -> Option<&'static Arc<Relation>> {
    relations::relation(name)
}

/// Every relation of `pg_catalog` and `information_schema`: schema and name.
pub fn relation_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    relations::names()
}

/// Whether Columnist has the data of this extension.
pub fn has_extension(name: &str) -> bool {
    ext::has(name)
}

#[cfg(test)]
mod tests;
