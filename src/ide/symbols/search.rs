//! Search for database objects by name.

use rustc_hash::FxHashSet;

use super::{SymbolKind, WorkspaceSymbol, fuzzy};
use crate::base::cancel::Cancellable;
use crate::catalog::{Catalog, Origin, Relation, RelationKind, TypeKind};
use crate::db::Snapshot;
use crate::lint::rules::origin_range;

struct Hit<'a> {
    score: i32,
    name: &'a str,
    container: Option<String>,
    kind: SymbolKind,
    origin: Origin,
}

pub fn search(snap: &Snapshot, query: &str, limit: usize) -> Cancellable<Vec<WorkspaceSymbol>> {
    let model = snap.model();
    let mut res: Vec<(i32, usize, WorkspaceSymbol)> = Vec::new();
    let mut seen = FxHashSet::default();
    let several = model.databases.list.len() > 1;
    for (idx, database) in model.databases.list.iter().enumerate() {
        snap.check()?;
        let Some(built) = model.built(snap, idx) else { continue };
        let mut search = Search { query: Query::new(query), hits: Vec::new() };
        search.catalog(&built.catalog, several.then_some(database.name.as_str()));
        search.hits.sort_by(|a, b| (b.score, a.kind as u8, a.name).cmp(&(a.score, b.kind as u8, b.name)));
        let mut n_found = 0;
        for hit in search.hits {
            if n_found == limit {
                break;
            }
            let Some(at) = origin_range(snap, hit.origin) else { continue };
            // Databases may share their schema modules.
            if seen.insert((at, hit.kind, hit.name.to_owned())) {
                n_found += 1;
                let symbol = WorkspaceSymbol {
                    name: hit.name.to_owned(),
                    container: hit.container,
                    kind: hit.kind,
                    at,
                };
                res.push((hit.score, idx, symbol));
            }
        }
    }
    res.sort_by(|a, b| (b.0, a.2.kind as u8, &a.2.name, a.1).cmp(&(a.0, b.2.kind as u8, &b.2.name, b.1)));
    Ok(res.into_iter().take(limit).map(|it| it.2).collect())
}

/// `name`, or `container.name`.
struct Query<'q> {
    container: Option<&'q str>,
    name: &'q str,
}

impl<'q> Query<'q> {
    fn new(text: &'q str) -> Query<'q> {
        match text.trim().rsplit_once('.') {
            Some((container, name)) => Query { container: Some(container), name },
            None => Query { container: None, name: text.trim() },
        }
    }

    fn score(&self, container: &str, name: &str) -> Option<i32> {
        let own = fuzzy::score(self.name, name)?;
        match self.container {
            Some(it) => Some(own + fuzzy::score(it, container)?),
            None => Some(own),
        }
    }
}

struct Search<'a, 'q> {
    query: Query<'q>,
    hits: Vec<Hit<'a>>,
}

impl<'a> Search<'a, '_> {
    /// `inside`: what the query's first part is compared with; `shown`: what the list says.
    fn add(&mut self, name: &'a str, inside: &str, shown: Option<&str>, kind: SymbolKind, origin: Origin) {
        if origin == Origin::Builtin {
            return;
        }
        if let Some(score) = self.query.score(inside, name) {
            self.hits.push(Hit { score, name, container: shown.map(str::to_owned), kind, origin });
        }
    }

    fn catalog(&mut self, catalog: &'a Catalog, database: Option<&str>) {
        let shown = |schema: &'a str| match schema {
            "public" => database.map(str::to_owned),
            _ => Some(schema.to_owned()),
        };
        for schema in catalog.schemas.values() {
            self.add(schema.name.as_str(), "", database, SymbolKind::Schema, schema.origin);
        }
        for relation in catalog.relations.values() {
            let kind = relation_kind(relation.kind);
            let container = shown(relation.schema.as_str());
            self.add(
                relation.name.as_str(),
                relation.schema.as_str(),
                container.as_deref(),
                kind,
                relation.origin,
            );
            self.relation(relation);
        }
        for info in catalog.types.by_id.iter().flatten() {
            let container = shown(info.schema.as_str());
            let kind = match &info.kind {
                TypeKind::Enum { labels } => {
                    for it in labels {
                        let name = info.name.as_str();
                        self.add(&it.label, name, Some(name), SymbolKind::EnumLabel, it.origin);
                    }
                    SymbolKind::Enum
                }
                TypeKind::Array
                | TypeKind::Composite { relation: Some(_), .. }
                | TypeKind::Multirange { .. } => {
                    continue;
                }
                _ => SymbolKind::Type,
            };
            self.add(info.name.as_str(), info.schema.as_str(), container.as_deref(), kind, info.origin);
        }
        for it in catalog.functions.values().flatten() {
            let container = shown(it.schema.as_str());
            self.add(
                it.name.as_str(),
                it.schema.as_str(),
                container.as_deref(),
                SymbolKind::Function,
                it.origin,
            );
        }
    }

    fn relation(&mut self, relation: &'a Relation) {
        let table = relation.name.as_str();
        let mut add = |name: &'a str, kind, origin| self.add(name, table, Some(table), kind, origin);
        for it in &relation.columns {
            add(it.name.as_str(), SymbolKind::Column, it.origin);
        }
        for it in &relation.indexes {
            if let Some(name) = &it.name {
                add(name.as_str(), SymbolKind::Index, it.origin);
            }
        }
        for it in &relation.policies {
            add(it.name.as_str(), SymbolKind::Policy, it.origin);
        }
        let keys = relation.primary_key.iter().chain(&relation.uniques);
        let keys = keys.filter_map(|it| Some((it.name.as_ref()?, it.origin)));
        let foreign = relation.foreign_keys.iter().filter_map(|it| Some((it.name.as_ref()?, it.origin)));
        let checks = relation.checks.iter().filter_map(|it| Some((it.name.as_ref()?, it.origin)));
        for (name, origin) in keys.chain(foreign).chain(checks) {
            add(name.as_str(), SymbolKind::Constraint, origin);
        }
    }
}

pub fn relation_kind(kind: RelationKind) -> SymbolKind {
    match kind {
        RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign => SymbolKind::Table,
        RelationKind::View | RelationKind::MaterializedView => SymbolKind::View,
        RelationKind::Sequence => SymbolKind::Sequence,
    }
}
