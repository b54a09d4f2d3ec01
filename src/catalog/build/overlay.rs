//! What Drizzle's description of a table leaves out although the database has it: columns, indexes and constraints of
//! hand-written migrations. What drizzle-kit's last snapshot knows was Drizzle's own, and is gone when the schema no
//! longer declares it; what no snapshot knows was written by hand.

use std::sync::Arc;

use crate::catalog::drizzle::Taken;
use crate::catalog::{Catalog, Index, Key, QualifiedName, Relation};
use crate::sql::Ident;

/// Adds to the relations that Drizzle declares what migrations made by hand; those of `done` have it already.
pub fn keep_handmade(catalog: &mut Catalog, replayed: &Catalog, snapshot: Option<&Catalog>, done: &Taken) {
    let unexported = catalog.unexported.clone();
    let relations = Arc::make_mut(&mut catalog.relations);
    let others = replayed.relations.iter().filter(|(name, _)| !unexported.contains(name));
    for (name, before) in others {
        let Some(now) = relations.get_mut(name) else { continue };
        if Arc::ptr_eq(now, before) || done.has(now) {
            // The schema does not declare it, or it has them already.
            continue;
        }
        let drawn = snapshot.and_then(|it| it.relations.get(name)).map(|it| &**it);
        keep(Arc::make_mut(now), before, drawn);
    }
}

fn keep(now: &mut Relation, before: &Relation, drawn: Option<&Relation>) {
    let column = |relation: &Relation, name: &Ident| relation.columns.iter().position(|it| it.name == *name);
    for old in &before.columns {
        let was_drawn = drawn.and_then(|it| it.columns.iter().find(|it| it.name == old.name));
        match now.columns.iter_mut().find(|it| it.name == old.name) {
            Some(new) => {
                // `ALTER COLUMN … SET DEFAULT` by hand: the column needs no value.
                let drawn_default = was_drawn.is_some_and(|it| it.default.is_some());
                let serial = new.type_text.ends_with("serial");
                if new.default.is_none() && new.generated.is_none() && !serial && !drawn_default {
                    new.default.clone_from(&old.default);
                }
            }
            None if was_drawn.is_none() => now.columns.push(old.clone()),
            None => {}
        }
    }
    let known = |name: &Option<Ident>, columns: &[Ident]| {
        columns.iter().all(|it| column(now, it).is_some()) && name.is_some()
    };
    let uniques: Vec<Key> = before
        .uniques
        .iter()
        .filter(|it| known(&it.name, &it.columns))
        .filter(|it| !has_key(now, it) && !drawn.is_some_and(|drawn| has_key(drawn, it)))
        .cloned()
        .collect();
    let indexes: Vec<Index> = before
        .indexes
        .iter()
        .filter(|it| {
            let columns: Vec<Ident> = it.items.iter().filter_map(|it| it.column.clone()).collect();
            known(&it.name, &columns)
        })
        .filter(|it| !has_index(now, it) && !drawn.is_some_and(|drawn| has_index(drawn, it)))
        .cloned()
        .collect();
    if now.primary_key.is_none() && drawn.is_none_or(|it| it.primary_key.is_none()) {
        now.primary_key.clone_from(&before.primary_key);
    }
    now.uniques.extend(uniques);
    now.indexes.extend(indexes);
}

fn has_key(relation: &Relation, key: &Key) -> bool {
    let same = |it: &Key| it.name == key.name || it.columns == key.columns;
    relation.uniques.iter().chain(&relation.primary_key).any(same)
        || relation.indexes.iter().any(|it| it.name == key.name)
}

fn has_index(relation: &Relation, index: &Index) -> bool {
    relation.indexes.iter().any(|it| it.name == index.name)
        || relation.uniques.iter().any(|it| it.name == index.name)
}

/// A relation that the last snapshot has and the schema no longer declares: its migration is still to be written.
pub fn mark_dropped(catalog: &mut Catalog, replayed: &Catalog, snapshot: Option<&Catalog>) {
    let Some(snapshot) = snapshot else { return };
    let relations = Arc::make_mut(&mut catalog.relations);
    let dropped: Vec<QualifiedName> = replayed
        .relations
        .iter()
        .filter(|(name, before)| {
            let untouched = relations.get(*name).is_some_and(|now| Arc::ptr_eq(now, before));
            untouched && snapshot.relations.contains_key(*name)
        })
        .map(|(name, _)| name.clone())
        .collect();
    for name in dropped {
        if let Some(relation) = relations.get_mut(&name) {
            Arc::make_mut(relation).dropped_in_schema = true;
        }
    }
}
