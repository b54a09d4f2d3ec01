//! What differs between two catalogs of one database, as far as the analysis of a statement can tell: the names whose
//! meaning has changed. A statement that says none of them means what it meant before.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::{FxHashSet, FxHasher};

use super::{Catalog, Column, Entity, Function, Origin, QualifiedName, Relation, TypeId, TypeInfo, TypeKind};
use crate::project::eval::{Dep, Deps};

/// The words of a text, without regard to case: whatever an identifier in it may be made of.
#[derive(Debug, Clone, Default)]
pub struct Words {
    hashes: FxHashSet<u32>,
    /// It may name anything: an identifier is written with escapes.
    any: bool,
}

impl Words {
    pub fn add(&mut self, text: &str) {
        self.any |= text.contains("U&") || text.contains("u&");
        self.hashes.extend(words(text));
    }

    fn has(&self, name: &str) -> bool {
        let mut all = words(name).peekable();
        self.any || all.peek().is_none() || all.all(|it| self.hashes.contains(&it))
    }
}

fn words(text: &str) -> impl Iterator<Item = u32> + '_ {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii();
    text.split(move |c: char| !part(c)).filter(|it| !it.is_empty()).map(|it| {
        let mut hasher = FxHasher::default();
        // Longer names are cut by PostgreSQL, at 63 bytes.
        let n_chars = if it.is_ascii() { 63 } else { 15 };
        for c in it.chars().take(n_chars).flat_map(char::to_lowercase) {
            c.hash(&mut hasher);
        }
        let hash = hasher.finish();
        ((hash >> 32) ^ hash) as u32
    })
}

#[derive(Debug, Clone, Default)]
pub struct Touched {
    /// Something that any statement may mean without naming it: the search path, an extension, a reason for silence.
    pub everything: bool,
    /// Relations, types, functions and names that code creates, without their schemas.
    names: FxHashSet<String>,
    /// What is declared at another place and is the same otherwise.
    moved: FxHashSet<String>,
    /// There are other names than before, to be suggested or not.
    renamed: bool,
    /// Drizzle declarations that stand for something else.
    decls: FxHashSet<Dep>,
    /// Drizzle declarations were added, or are gone.
    redeclared: bool,
    /// Something that no statement can tell differs.
    other: bool,
}

/// What an analysis may have looked at.
pub struct Mentions<'a> {
    pub words: &'a Words,
    /// It suggests other names for some that it did not find.
    pub suggests: bool,
    /// It points at places where things are declared.
    pub points: bool,
}

impl Touched {
    /// What leads from `old` to `new`.
    pub fn between(old: &Catalog, new: &Catalog) -> Touched {
        let mut res = Touched::default();
        let (a, b) = (&old.gaps, &new.gaps);
        res.everything = old.dialect != new.dialect
            || old.server_version != new.server_version
            || old.search_path != new.search_path
            || !old.schemas.keys().eq(new.schemas.keys())
            || !old
                .extensions
                .values()
                .map(|it| (&it.name, &it.schema, it.known))
                .eq(new.extensions.values().map(|it| (&it.name, &it.schema, it.known)))
            || (a.relations, a.functions, a.types, a.partial, a.policies, a.keys, a.classes)
                != (b.relations, b.functions, b.types, b.partial, b.policies, b.keys, b.classes)
            || a.operators != b.operators
            || old.casts != new.casts;
        res.other = old.schemas != new.schemas
            || old.extensions != new.extensions
            || a.unreadable != b.unreadable
            || old.unexported != new.unexported
            || old.unexported_types != new.unexported_types
            || old.unexported_schemas != new.unexported_schemas
            || old.drizzle_relations != new.drizzle_relations
            || old.twice != new.twice;
        res.names.extend(a.named.symmetric_difference(&b.named).map(|it| it.as_str().to_owned()));
        res.names.extend(a.keyed.symmetric_difference(&b.keyed).map(|it| it.as_str().to_owned()));
        res.names.extend(a.schemas.symmetric_difference(&b.schemas).map(|it| it.as_str().to_owned()));
        for column in a.added.symmetric_difference(&b.added) {
            res.names.extend(column.as_str().rsplit_once('.').map(|it| it.1.to_owned()));
        }
        for (kind, name) in old.others.symmetric_difference(&new.others) {
            res.names.extend([kind.rsplit(' ').next().unwrap_or(kind), name.as_str()].map(str::to_owned));
        }
        if !Arc::ptr_eq(&old.objects, &new.objects) {
            for key in old.objects.keys().chain(new.objects.keys()) {
                if old.objects.get(key) != new.objects.get(key) {
                    let word = key.kind.rsplit(' ').next().unwrap_or(&key.kind);
                    res.names.extend([word, key.name.as_str()].map(str::to_owned));
                }
            }
        }
        if !Arc::ptr_eq(&old.depends, &new.depends) {
            for key in old.depends.keys().chain(new.depends.keys()) {
                let (a, b) = (old.depends.get(key), new.depends.get(key));
                if a != b {
                    let used = a.into_iter().chain(b).flatten();
                    res.names.extend(used.filter_map(|it| it.name()).map(str::to_owned));
                    res.names.extend(key.publication().map(str::to_owned));
                }
            }
        }
        let mut types = res.types(old, new);
        let mut relations = res.relations(old, new);
        spread(old, new, &mut types, &mut relations, &mut res);
        res.functions(old, new, &types);
        res.declarations(old, new, &relations);
        res
    }

    /// The catalogs are the same.
    pub fn is_empty(&self) -> bool {
        !self.everything
            && !self.other
            && !self.renamed
            && !self.redeclared
            && self.names.is_empty()
            && self.moved.is_empty()
            && self.decls.is_empty()
    }

    /// Whether the analysis of a statement may differ.
    pub fn concerns(&self, it: &Mentions<'_>) -> bool {
        self.everything
            || (it.suggests && self.renamed)
            || self.names.iter().any(|name| it.words.has(name))
            || (it.points && self.moved.iter().any(|name| it.words.has(name)))
    }

    /// Whether what a file's fragments render to may differ. `asks`: it looks for tables by the names of their
    /// declarations.
    pub fn concerns_holes(&self, deps: &Deps, asks: bool) -> bool {
        self.everything || (asks && self.redeclared) || self.decls.iter().any(|it| deps.contains(*it))
    }

    /// Whether what Drizzle says beside tables may differ: its relations, schemas, what is not exported.
    pub fn concerns_drizzle(&self) -> bool {
        self.everything || self.other
    }

    /// The ids that mean another type.
    fn types(&mut self, old: &Catalog, new: &Catalog) -> FxHashSet<TypeId> {
        let mut ids = FxHashSet::default();
        if Arc::ptr_eq(&old.types.by_id, &new.types.by_id) {
            return ids;
        }
        let (a, b) = (&old.types.by_id, &new.types.by_id);
        for idx in 0..a.len().max(b.len()) {
            let (before, after) =
                (a.get(idx).and_then(|it| it.as_ref()), b.get(idx).and_then(|it| it.as_ref()));
            let same = match (before, after) {
                (None, None) => continue,
                (Some(a), Some(b)) if Arc::ptr_eq(a, b) || a == b => continue,
                (Some(a), Some(b)) => same_type(a, b),
                _ => false,
            };
            for it in before.into_iter().chain(after) {
                if same {
                    self.moved.insert(it.name.as_str().to_owned());
                    continue;
                }
                self.everything |= matches!(it.kind, TypeKind::Range { .. } | TypeKind::Multirange { .. });
                self.names.insert(it.name.as_str().to_owned());
                ids.insert(it.id);
            }
            self.renamed |= before.map(|it| &it.name) != after.map(|it| &it.name);
        }
        ids
    }

    fn relations(&mut self, old: &Catalog, new: &Catalog) -> FxHashSet<QualifiedName> {
        let mut res = FxHashSet::default();
        if Arc::ptr_eq(&old.relations, &new.relations) {
            return res;
        }
        both(&old.relations, &new.relations, |name, before, after| {
            let same = match (before, after) {
                (Some(a), Some(b)) if Arc::ptr_eq(a, b) || a == b => return,
                (Some(a), Some(b)) => same_relation(a, b),
                _ => {
                    self.renamed = true;
                    false
                }
            };
            if same {
                self.moved.insert(name.name.as_str().to_owned());
            } else {
                res.insert(name.clone());
            }
        });
        res
    }

    fn functions(&mut self, old: &Catalog, new: &Catalog, types: &FxHashSet<TypeId>) {
        let uses = |it: &Arc<Function>| {
            let columns = it.out_columns.iter().filter_map(|(_, ty)| Some(ty.as_ref()?.id));
            it.params
                .iter()
                .filter_map(|it| it.ty)
                .chain(it.returns)
                .chain(columns)
                .any(|it| types.contains(&it))
        };
        both(&old.functions, &new.functions, |name, before, after| {
            let none = Vec::new();
            let (a, b) = (before.unwrap_or(&none), after.unwrap_or(&none));
            self.renamed |= a.is_empty() != b.is_empty();
            if a == b && !a.iter().any(uses) {
                return;
            }
            // What a body says concerns no statement.
            let plain = |it: &Arc<Function>| Function {
                origin: Origin::Builtin,
                definition: None,
                ..Function::clone(it)
            };
            let same = a.iter().map(plain).eq(b.iter().map(plain)) && !a.iter().any(uses);
            let names = if same { &mut self.moved } else { &mut self.names };
            names.insert(name.name.as_str().to_owned());
        });
    }

    fn declarations(&mut self, old: &Catalog, new: &Catalog, relations: &FxHashSet<QualifiedName>) {
        let concerned = |it: &Entity| match it {
            Entity::Relation(name) | Entity::Sequence(name) => relations.contains(name),
            Entity::Enum(name) => self.names.contains(name.name.as_str()),
            Entity::Schema(_) => false,
        };
        let dep = |it: &crate::project::eval::DeclRef| Dep::value(it.file, &it.name);
        for (decl, entity) in old.decls.iter() {
            let after = new.decls.get(decl);
            self.redeclared |= after.is_none();
            if after != Some(entity) || concerned(entity) {
                self.decls.insert(dep(decl));
            }
        }
        for decl in new.decls.keys().filter(|it| !old.decls.contains_key(*it)) {
            self.redeclared = true;
            self.decls.insert(dep(decl));
        }
    }
}

/// What is made of what was touched is touched: rows of a relation, columns of a type, arrays and domains over it.
fn spread(
    old: &Catalog,
    new: &Catalog,
    types: &mut FxHashSet<TypeId>,
    relations: &mut FxHashSet<QualifiedName>,
    res: &mut Touched,
) {
    if types.is_empty() && relations.is_empty() {
        return;
    }
    // What both catalogs share is looked at once.
    let mut all: Vec<(&QualifiedName, &Relation)> = Vec::with_capacity(new.relations.len());
    both(&old.relations, &new.relations, |name, before, after| {
        let shared = matches!((before, after), (Some(a), Some(b)) if Arc::ptr_eq(a, b));
        all.extend(before.filter(|_| !shared).into_iter().chain(after).map(|it| (name, it.as_ref())));
    });
    loop {
        let before = (types.len(), relations.len());
        for catalog in [old, new] {
            for it in catalog.types.iter().filter(|it| it.kind != TypeKind::Base) {
                if !types.contains(&it.id) && rests_on(it, types, relations) {
                    types.insert(it.id);
                    res.names.insert(it.name.as_str().to_owned());
                }
            }
        }
        let uses = |it: &Column| it.ty.is_some_and(|it| types.contains(&it.id));
        for (name, it) in &all {
            let touched = it.columns.iter().any(uses) || it.parents.iter().any(|it| relations.contains(it));
            if touched && !relations.contains(*name) {
                relations.insert((*name).clone());
            }
        }
        if before == (types.len(), relations.len()) {
            break;
        }
    }
    res.names.extend(relations.iter().map(|it| it.name.as_str().to_owned()));
}

fn rests_on(it: &TypeInfo, types: &FxHashSet<TypeId>, relations: &FxHashSet<QualifiedName>) -> bool {
    let has = |id: &TypeId| types.contains(id);
    has(&it.elem)
        || match &it.kind {
            TypeKind::Composite { relation, columns } => {
                relation.as_ref().is_some_and(|it| relations.contains(it))
                    || columns.iter().any(|(_, ty)| ty.is_some_and(|it| has(&it.id)))
            }
            TypeKind::Domain { base, .. } => has(&base.id),
            TypeKind::Range { subtype } => has(subtype),
            TypeKind::Multirange { range } => has(range),
            _ => false,
        }
}

/// The names of both maps in order, each once, with what either holds of it.
fn both<'a, V>(
    old: &'a BTreeMap<QualifiedName, V>,
    new: &'a BTreeMap<QualifiedName, V>,
    mut each: impl FnMut(&'a QualifiedName, Option<&'a V>, Option<&'a V>),
) {
    let (mut left, mut right) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        let before = if order.is_le() { left.next() } else { None };
        let after = if order.is_ge() { right.next() } else { None };
        if let Some((name, _)) = before.or(after) {
            each(name, before.map(|it| it.1), after.map(|it| it.1));
        }
    }
}

fn same_type(a: &TypeInfo, b: &TypeInfo) -> bool {
    let plain = |it: &TypeInfo| {
        let mut it = TypeInfo { origin: Origin::Builtin, ..it.clone() };
        if let TypeKind::Enum { labels } = &mut it.kind {
            labels.iter_mut().for_each(|it| it.origin = Origin::Builtin);
        }
        it
    };
    plain(a) == plain(b)
}

/// The relations differ in nothing but where they, or parts of them, are declared.
fn same_relation(a: &Relation, b: &Relation) -> bool {
    plain(a) == plain(b)
}

fn plain(relation: &Relation) -> Relation {
    let mut it = Relation { origin: Origin::Builtin, also: Vec::new(), ..relation.clone() };
    for column in &mut it.columns {
        column.origin = Origin::Builtin;
        column.also.clear();
    }
    it.uniques.iter_mut().chain(&mut it.primary_key).for_each(|it| it.origin = Origin::Builtin);
    it.foreign_keys.iter_mut().for_each(|it| it.origin = Origin::Builtin);
    it.checks.iter_mut().for_each(|it| it.origin = Origin::Builtin);
    it.indexes.iter_mut().for_each(|it| it.origin = Origin::Builtin);
    it.policies.iter_mut().for_each(|it| it.origin = Origin::Builtin);
    it.rules.iter_mut().for_each(|it| it.origin = Origin::Builtin);
    it
}

#[cfg(test)]
mod tests;
