//! What is there after a branch of which it is not known whether it was taken: whatever may be there, and for what
//! differs that it is not known.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::{
    Catalog, Collation, Column, ColumnDefault, QualifiedName, Relation, Type, TypeId, TypeKind,
};

/// Makes of `catalog` what may be there where it, or `other`, holds.
pub(super) fn unite(catalog: &mut Catalog, other: &Catalog) {
    unite_gaps(catalog, other);
    extend(&mut catalog.schemas, &other.schemas);
    extend(&mut catalog.extensions, &other.extensions);
    extend(&mut catalog.objects, &other.objects);
    if !Arc::ptr_eq(&catalog.others, &other.others) {
        Arc::make_mut(&mut catalog.others).extend(other.others.iter().cloned());
    }
    // What is made of something in one of them only may be dropped with it.
    if !Arc::ptr_eq(&catalog.depends, &other.depends) && catalog.depends != other.depends {
        let theirs = other.depends.clone();
        Arc::make_mut(&mut catalog.depends).retain(|key, used| theirs.get(key) == Some(used));
    }
    unite_types(catalog, other);
    if !Arc::ptr_eq(&catalog.functions, &other.functions) && catalog.functions != other.functions {
        let functions = Arc::make_mut(&mut catalog.functions);
        for (name, overloads) in other.functions.iter() {
            functions.entry(name.clone()).or_insert_with(|| overloads.clone());
        }
        catalog.gaps.functions = true;
    }
    unite_relations(catalog, other);
}

fn extend<K: Ord + Clone, V: Clone>(own: &mut Arc<BTreeMap<K, V>>, other: &Arc<BTreeMap<K, V>>) {
    if Arc::ptr_eq(own, other) || other.keys().all(|it| own.contains_key(it)) {
        return;
    }
    let own = Arc::make_mut(own);
    for (key, value) in other.iter() {
        own.entry(key.clone()).or_insert_with(|| value.clone());
    }
}

fn unite_gaps(catalog: &mut Catalog, other: &Catalog) {
    let (own, theirs) = (&mut catalog.gaps, &other.gaps);
    own.relations |= theirs.relations;
    own.functions |= theirs.functions;
    own.types |= theirs.types;
    own.classes |= theirs.classes;
    own.rules |= theirs.rules;
    own.policies |= theirs.policies;
    own.keys |= theirs.keys;
    own.partial |= theirs.partial;
    own.loose = own.loose.or(theirs.loose);
    if !Arc::ptr_eq(&own.operators, &theirs.operators) {
        Arc::make_mut(&mut own.operators).extend(theirs.operators.iter().cloned());
    }
}

fn unite_types(catalog: &mut Catalog, other: &Catalog) {
    for info in other.types.iter() {
        let name = QualifiedName { schema: info.schema.clone(), name: info.name.clone() };
        match catalog.types.named(&name) {
            None => {
                let (origin, own) = (info.origin, &mut catalog.types);
                match &info.kind {
                    // They come with their elements.
                    TypeKind::Array => continue,
                    TypeKind::Enum { labels } => own.intern_enum(name, labels.clone(), origin),
                    TypeKind::Composite { relation: Some(relation), .. } => {
                        own.intern_row_type(relation.clone(), origin)
                    }
                    _ => own.intern_opaque(name, origin),
                };
            }
            Some(own) => {
                let same = match (&own.kind, &info.kind) {
                    (TypeKind::Enum { labels: a }, TypeKind::Enum { labels: b }) => a == b,
                    _ => true,
                };
                catalog.gaps.types |= !same;
            }
        }
    }
}

/// The same type there: the two give their own types numbers of their own.
fn translate(catalog: &Catalog, other: &Catalog, ty: Option<Type>) -> Option<Type> {
    let ty = ty?;
    if ty.id < TypeId::FIRST_USER || ty.id >= TypeId::FIRST_EXTENSION {
        return Some(ty);
    }
    let info = other.types.get(ty.id)?;
    let name = QualifiedName { schema: info.schema.clone(), name: info.name.clone() };
    Some(Type { id: catalog.types.id(&name)?, ..ty })
}

fn unite_relations(catalog: &mut Catalog, other: &Catalog) {
    if Arc::ptr_eq(&catalog.relations, &other.relations) {
        return;
    }
    let mut relations = catalog.relations.clone();
    for (name, theirs) in other.relations.iter() {
        if relations.get(name).is_some_and(|own| Arc::ptr_eq(own, theirs)) {
            continue;
        }
        let mut theirs = Relation::clone(theirs);
        theirs.columns.iter_mut().for_each(|it| it.ty = translate(catalog, other, it.ty));
        let relations = Arc::make_mut(&mut relations);
        match relations.get_mut(name) {
            Some(own) if **own == theirs => {}
            Some(own) => {
                let (keys, policies) = unite_relation(Arc::make_mut(own), theirs);
                catalog.gaps.keys |= keys;
                catalog.gaps.policies |= policies;
            }
            None => {
                relations.insert(name.clone(), Arc::new(theirs));
            }
        }
    }
    catalog.relations = relations;
}

/// Whether keys differ, and whether policies or triggers do.
fn unite_relation(own: &mut Relation, theirs: Relation) -> (bool, bool) {
    let mut doubtful: Vec<_> = Vec::new();
    let has = |it: &Relation, column: &Column| it.columns.iter().any(|it| it.name == column.name);
    doubtful.extend(own.columns.iter().filter(|it| !has(&theirs, it)).map(|it| it.name.clone()));
    for column in &theirs.columns {
        match own.columns.iter_mut().find(|it| it.name == column.name) {
            Some(own) => unite_column(own, column),
            None => {
                doubtful.push(column.name.clone());
                own.columns.push(column.clone());
            }
        }
    }
    match (theirs.open, &theirs.unlisted) {
        (true, None) => own.open_wide(),
        (true, Some(names)) => doubtful.extend(names.iter().cloned()),
        _ => {}
    }
    for name in &doubtful {
        own.doubt(name);
    }
    let keys = own.primary_key != theirs.primary_key
        || own.uniques != theirs.uniques
        || own.foreign_keys != theirs.foreign_keys
        || own.checks != theirs.checks
        || own.indexes != theirs.indexes
        || own.not_nulls != theirs.not_nulls
        || own.details != theirs.details
        || own.parents != theirs.parents;
    let policies = own.policies != theirs.policies
        || own.triggers != theirs.triggers
        || own.rules != theirs.rules
        || own.row_security != theirs.row_security;
    if own.primary_key.is_none() {
        own.primary_key = theirs.primary_key;
    }
    add(&mut own.uniques, theirs.uniques, |a, b| a.name == b.name);
    add(&mut own.foreign_keys, theirs.foreign_keys, |a, b| a.name == b.name);
    add(&mut own.checks, theirs.checks, |a, b| a.name == b.name);
    add(&mut own.indexes, theirs.indexes, |a, b| a.name == b.name);
    add(&mut own.policies, theirs.policies, |a, b| a.name == b.name);
    add(&mut own.triggers, theirs.triggers, |a, b| a == b);
    if own.definition != theirs.definition {
        own.definition = None;
    }
    (keys, policies)
}

fn add<T>(own: &mut Vec<T>, theirs: Vec<T>, same: impl Fn(&T, &T) -> bool) {
    for it in theirs {
        if !own.iter().any(|own| same(own, &it)) {
            own.push(it);
        }
    }
}

fn unite_column(own: &mut Column, theirs: &Column) {
    if own.ty != theirs.ty {
        own.ty = None;
    }
    own.nulls_remain |= theirs.nulls_remain || own.not_null != theirs.not_null;
    own.not_null &= theirs.not_null;
    if own.default != theirs.default {
        own.default = Some(ColumnDefault::Unknown);
    }
    if own.generated != theirs.generated {
        own.generated = None;
        own.default = Some(ColumnDefault::Unknown);
    }
    if own.identity != theirs.identity {
        own.identity = None;
        own.default = Some(ColumnDefault::Unknown);
    }
    if own.collation != theirs.collation {
        own.collation = Collation::Unknown;
    }
}
