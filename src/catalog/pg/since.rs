//! What PostgreSQL 15 to 18 brought (`data/since.tsv`, made from servers of every version): a catalog that names an older
//! server does not have it. What an older server has and 18 has no longer is known by name: nothing is said of it.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::tsv;
use crate::catalog::{Catalog, Function, QualifiedName, Relation, TypeId};

/// The oldest version that is told from others.
pub const OLDEST: u32 = 14;
/// The version that the data are of.
pub const NEWEST: u32 = 18;

#[derive(Default)]
struct Table {
    /// By name: the argument types, and the version.
    functions: FxHashMap<&'static str, Vec<(&'static str, u32)>>,
    lost_functions: FxHashMap<&'static str, u32>,
    lost_operators: FxHashMap<&'static str, u32>,
    relations: FxHashMap<&'static str, u32>,
    columns: FxHashMap<&'static str, Vec<(&'static str, u32)>>,
    lost_columns: FxHashMap<&'static str, u32>,
    casts: FxHashMap<(u32, u32), u32>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut res = Table::default();
        for mut row in tsv::rows(include_str!("data/since.tsv")) {
            let (kind, name, detail, since) = (row.text(), row.text(), row.text(), row.number());
            match kind {
                "function" => res.functions.entry(name).or_default().push((detail, since)),
                "lost-function" => drop(res.lost_functions.insert(name, since)),
                "lost-operator" => drop(res.lost_operators.insert(name, since)),
                "relation" => drop(res.relations.insert(name, since)),
                "column" => res.columns.entry(name).or_default().push((detail, since)),
                "cast" => {
                    if let (Ok(source), Ok(target)) = (name.parse(), detail.parse()) {
                        res.casts.insert((source, target), since);
                    }
                }
                "lost-column" => drop(res.lost_columns.insert(name, since)),
                _ => {}
            }
        }
        res
    })
}

impl Catalog {
    /// Whether the server is of this version or a later one; true where nobody says its version.
    pub fn serves(&self, version: u32) -> bool {
        self.server_version.is_none_or(|it| it >= version)
    }

    /// The version, where it is older than what the data are of.
    pub(crate) fn old_version(&self) -> Option<u32> {
        self.server_version.filter(|it| *it < NEWEST).map(|it| it.max(OLDEST))
    }
}

/// Whether the catalog's server has a built-in function.
pub fn has_function(catalog: &Catalog, function: &Function) -> bool {
    let Some(version) = catalog.old_version() else { return true };
    let Some(all) = table().functions.get(function.name.as_str()) else { return true };
    if function.schema.as_str() != "pg_catalog" {
        return true;
    }
    let args: Vec<String> =
        function.params.iter().map(|it| it.ty.map_or_else(String::new, |it| it.0.to_string())).collect();
    let args = args.join(",");
    all.iter().find(|it| it.0 == args).is_none_or(|it| it.1 <= version)
}

/// Whether the catalog's server has a cast that the newest has.
pub fn has_cast(catalog: &Catalog, source: TypeId, target: TypeId) -> bool {
    let Some(version) = catalog.old_version() else { return true };
    table().casts.get(&(source.0, target.0)).is_none_or(|since| *since <= version)
}

/// Whether the server may have other functions of this name.
pub fn has_lost_function(catalog: &Catalog, name: &str) -> bool {
    catalog.old_version().is_some_and(|it| table().lost_functions.get(name).is_some_and(|lost| it < *lost))
}

/// Whether the server may have other operators of this name.
pub fn has_lost_operator(catalog: &Catalog, name: &str) -> bool {
    catalog.old_version().is_some_and(|it| table().lost_operators.get(name).is_some_and(|lost| it < *lost))
}

/// A relation of PostgreSQL's own as the catalog's server has it.
pub fn relation<'a>(catalog: &Catalog, name: &QualifiedName) -> Option<&'a Arc<Relation>> {
    let newest = super::relation(name)?;
    let Some(version) = catalog.old_version() else { return Some(newest) };
    let full = format!("{}.{}", name.schema, name.name);
    let table = table();
    if table.relations.get(full.as_str()).is_some_and(|since| *since > version) {
        return None;
    }
    if !table.columns.contains_key(full.as_str()) && !table.lost_columns.contains_key(full.as_str()) {
        return Some(newest);
    }
    Some(changed(version).get(full.as_str()).unwrap_or(newest))
}

type Changed = FxHashMap<String, Arc<Relation>>;

/// The relations that had other columns in a version.
fn changed(version: u32) -> &'static Changed {
    static BY_VERSION: [OnceLock<Changed>; (NEWEST - OLDEST) as usize] =
        [const { OnceLock::new() }; (NEWEST - OLDEST) as usize];
    static NOTHING: OnceLock<Changed> = OnceLock::new();
    let slot = version.checked_sub(OLDEST).and_then(|it| BY_VERSION.get(it as usize)).unwrap_or(&NOTHING);
    slot.get_or_init(|| {
        let table = table();
        let mut res = Changed::default();
        for full in table.columns.keys().chain(table.lost_columns.keys()) {
            let Some((schema, name)) = full.split_once('.') else { continue };
            let name =
                QualifiedName { schema: crate::sql::Ident::new(schema), name: crate::sql::Ident::new(name) };
            let Some(newest) = super::relation(&name) else { continue };
            let mut relation = Relation::clone(newest);
            let newer: Vec<&str> = table
                .columns
                .get(full)
                .into_iter()
                .flatten()
                .filter(|it| it.1 > version)
                .map(|it| it.0)
                .collect();
            relation.columns.retain(|it| !newer.contains(&it.name.as_str()));
            relation.open = table.lost_columns.get(full).is_some_and(|lost| version < *lost);
            res.insert((*full).to_owned(), Arc::new(relation));
        }
        res
    })
}

#[cfg(test)]
mod tests;
