//! A catalog written out: the `schema` command's JSON and SQL.

mod json;
mod parts;
mod routine;
mod sql;

pub use json::{DatabaseJson, SchemaJson, schema_json};
pub use sql::schema_sql;

use super::{Catalog, Column};

/// The column's type as `format_type()` spells it, or as it was declared where it could not be resolved. `None` when
/// it is not known.
pub fn column_type(catalog: &Catalog, column: &Column) -> Option<String> {
    match column.ty {
        Some(ty) => Some(super::types::format_type(catalog, ty)),
        None if column.type_text.is_empty() => None,
        None => Some(column.type_text.to_string()),
    }
}

#[cfg(test)]
mod tests;
