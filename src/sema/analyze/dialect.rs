//! SQLite and MySQL: only names are checked, and these names exist without being declared.

use crate::catalog::Relation;
use crate::catalog::lookup::{self, Lookup};
use crate::sql::hir::QName;
use crate::sql::{Dialect, Ident};

use super::binder::Binder;

/// SQLite's `rowid` and its other spellings, and the hidden columns of its virtual tables; MySQL's units of
/// `TIMESTAMPDIFF` and its like (manual of MySQL, "Temporal Intervals"), which stand where columns do.
pub fn is_pseudo_column(dialect: Dialect, name: &Ident) -> bool {
    const UNITS: [&str; 9] =
        ["microsecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"];
    let name = name.as_str();
    let is_one_of = |names: &[&str]| names.iter().any(|it| it.eq_ignore_ascii_case(name));
    match dialect {
        Dialect::Postgres => false,
        Dialect::Sqlite => is_one_of(&["rowid", "oid", "_rowid_", "rank", "docid"]),
        Dialect::Mysql => is_one_of(&UNITS),
    }
}

/// Relations of the system and table-valued functions.
fn is_pseudo_relation(dialect: Dialect, name: &QName) -> bool {
    let Some(last) = name.last() else { return true };
    let word = last.ident.as_str().to_ascii_lowercase();
    match dialect {
        Dialect::Postgres => false,
        Dialect::Sqlite => {
            word.starts_with("sqlite_")
                || word.starts_with("pragma_")
                || matches!(word.as_str(), "json_each" | "json_tree" | "jsonb_each" | "jsonb_tree" | "generate_series" | "dbstat" | "bytecode" | "excluded" | "fts5vocab")
                // Another attached database.
                || name.schema().is_some_and(|it| !it.ident.as_str().eq_ignore_ascii_case("main"))
        }
        Dialect::Mysql => {
            matches!(word.as_str(), "dual" | "excluded")
                // Another database on the server.
                || name.schema().is_some()
        }
    }
}

impl<'a> Binder<'a> {
    /// Whether two names are one: SQLite and MySQL do not tell cases apart.
    pub fn same(&self, a: &Ident, b: &Ident) -> bool {
        a == b || (!self.typed && a.as_str().eq_ignore_ascii_case(b.as_str()))
    }

    /// A relation by its written name.
    pub fn find_relation(&self, name: &QName) -> Lookup<'a, Relation> {
        let Some(last) = name.last() else { return Lookup::Unknown };
        if name.is_dynamic() || name.parts.len() > 2 {
            return Lookup::Unknown;
        }
        let catalog = self.catalog;
        let schema = name.schema().map(|it| &it.ident);
        let found = lookup::relation(catalog, schema, &last.ident);
        if self.typed || !matches!(found, Lookup::Missing) {
            return found;
        }
        if is_pseudo_relation(catalog.dialect, name) {
            return Lookup::Unknown;
        }
        let same = catalog.relations.values().find(|it| self.same(&it.name, &last.ident));
        same.map_or(Lookup::Missing, Lookup::Found)
    }
}
