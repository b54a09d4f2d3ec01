//! The databases of a project, by name.

use std::sync::Arc;

use anyhow::bail;

use crate::catalog::Catalog;
use crate::db::Snapshot;

pub struct Database {
    pub name: String,
    pub catalog: Arc<Catalog>,
    /// The name of a dialect of which only the tables are known.
    pub foreign: Option<smol_str::SmolStr>,
}

/// Every database, in the model's order.
pub fn all(snap: &Snapshot) -> Vec<Database> {
    let model = snap.model();
    let all = model.databases.list.iter().enumerate();
    all.map(|(idx, it)| Database {
        name: it.name.to_string(),
        catalog: model.built(snap, idx).map(|built| shown(it, &built.catalog)).unwrap_or_default(),
        foreign: it.foreign.clone(),
    })
    .collect()
}

/// Of a dialect whose SQL is not read, types are shown as they were declared.
fn shown(database: &crate::project::database::Database, catalog: &Arc<Catalog>) -> Arc<Catalog> {
    if database.foreign.is_none() {
        return Arc::clone(catalog);
    }
    let mut res = Catalog::clone(catalog);
    res.dialect = crate::sql::Dialect::Mysql;
    Arc::new(res)
}

/// Whether a database of this name is meant by `name`: the whole name, or the end of it from a `/` on.
pub fn is_named(database: &str, name: &str) -> bool {
    let name = name.trim_end_matches('/');
    database == name || database.strip_suffix(name).is_some_and(|rest| rest.ends_with('/'))
}

/// The one that is called `name`: the whole name, or the end of it from a `/` on.
pub fn named<'a>(databases: &'a [Database], name: &str) -> anyhow::Result<&'a Database> {
    let name = name.trim_end_matches('/');
    if let Some(it) = databases.iter().find(|it| it.name == name) {
        return Ok(it);
    }
    let by_end: Vec<&Database> = databases
        .iter()
        .filter(|it| it.name.strip_suffix(name).is_some_and(|rest| rest.ends_with('/')))
        .collect();
    if let [one] = by_end[..] {
        return Ok(one);
    }
    let names: Vec<&str> = databases.iter().map(|it| it.name.as_str()).collect();
    match names[..] {
        [] => bail!("no database is called {name:?}: the project has none"),
        _ => bail!("no single database is called {name:?}; there are: {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_be_shortened_where_they_stay_unique() {
        let database =
            |name: &str| Database { name: name.to_owned(), catalog: Arc::default(), foreign: None };
        let all = [database("apps/web"), database("packages/web"), database("packages/db")];
        let name = |asked: &str| named(&all, asked).map(|it| it.name.as_str()).ok();
        assert_eq!(name("apps/web"), Some("apps/web"));
        assert_eq!(name("db/"), Some("packages/db"));
        assert_eq!(name("web"), None);
        assert_eq!(name("b"), None);
    }
}
