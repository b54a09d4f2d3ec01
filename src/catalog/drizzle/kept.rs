//! What of an earlier catalog of the same database stands as it was: an edit of a module changes a few tables, and the others
//! are taken over with their types and their places in the maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Declared, Reading};
use crate::catalog::{Catalog, Origin, QualifiedName, Relation, RelationKind};

/// An earlier catalog of the same database.
#[derive(Clone, Copy)]
pub struct Finished<'a> {
    /// What it was made of.
    pub reading: &'a Reading,
    pub before: &'a Catalog,
    pub catalog: &'a Catalog,
}

/// Relations that are as they came out in the end, by address. Their maker keeps them alive.
#[derive(Debug, Default)]
pub struct Taken(FxHashSet<usize>);

impl Taken {
    pub fn has(&self, relation: &Arc<Relation>) -> bool {
        self.0.contains(&address(relation))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(&mut self, relation: &Arc<Relation>) {
        self.0.insert(address(relation));
    }
}

fn address(relation: &Arc<Relation>) -> usize {
    Arc::as_ptr(relation) as usize
}

pub(super) fn name_of(relation: &Relation) -> QualifiedName {
    QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() }
}

impl Finished<'_> {
    /// The same enums and relations are declared, each at its place, over the same migrations: whatever they are made of,
    /// their types have the same ids.
    pub fn has_same_types(&self, catalog: &Catalog, reading: &Reading) -> bool {
        let same_relation = |a: &Declared<Arc<Relation>>, b: &Declared<Arc<Relation>>| {
            let is_same = |a: &Relation, b: &Relation| {
                let sequence = RelationKind::Sequence;
                (&a.name, &a.schema, a.kind == sequence) == (&b.name, &b.schema, b.kind == sequence)
            };
            a.exported == b.exported && (Arc::ptr_eq(&a.value, &b.value) || is_same(&a.value, &b.value))
        };
        let (old, new) = (self.reading, reading);
        Arc::ptr_eq(&self.before.types.by_id, &catalog.types.by_id)
            && Arc::ptr_eq(&self.before.relations, &catalog.relations)
            && old.enums == new.enums
            && old.relations.len() == new.relations.len()
            && old.relations.iter().zip(&new.relations).all(|(a, b)| same_relation(a, b))
    }

    /// The map of the earlier catalog, with what only migrations make as they left it. Whatever is declared anew is still to
    /// be put in. For catalogs that [`Finished::has_same_types`].
    pub fn map(&self) -> BTreeMap<QualifiedName, Arc<Relation>> {
        let mut res = BTreeMap::clone(&self.catalog.relations);
        if self.before.relations.is_empty() {
            return res;
        }
        for (name, relation) in &mut res {
            if !matches!(relation.origin, Origin::Ts { .. })
                && let Some(made) = self.before.relations.get(name)
            {
                *relation = Arc::clone(made);
            }
        }
        res
    }

    /// The relations of the earlier catalog that are made of the same as now. Views are not among them: their columns
    /// follow from other relations.
    pub(super) fn relations(
        &self,
        catalog: &Catalog,
        reading: &Reading,
    ) -> FxHashMap<QualifiedName, Arc<Relation>> {
        let mut raw: FxHashMap<QualifiedName, &Declared<Arc<Relation>>> = FxHashMap::default();
        for declared in &self.reading.relations {
            raw.insert(name_of(&declared.value), declared);
        }
        let is_same = |name: &QualifiedName, declared: &Declared<Arc<Relation>>| {
            let before = (self.before.relations.get(name), catalog.relations.get(name));
            let same_before = match before {
                (None, None) => true,
                (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                _ => false,
            };
            same_before
                && declared.value.kind == RelationKind::Table
                && raw.get(name).is_some_and(|it| {
                    Arc::ptr_eq(&it.value, &declared.value) && it.exported == declared.exported
                })
        };
        let names = reading.relations.iter().map(|it| (name_of(&it.value), it));
        names
            .filter(|(name, declared)| is_same(name, declared))
            .filter_map(|(name, _)| {
                let taken = Arc::clone(self.catalog.relations.get(&name)?);
                Some((name, taken))
            })
            .collect()
    }
}
