//! Making and changing a catalog's own types. Every change copies what it changes; other catalogs keep theirs.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{EnumLabel, Type, TypeId, TypeInfo, TypeKind, UserTypes};
use crate::catalog::{Origin, QualifiedName};
use crate::sql::Ident;

impl UserTypes {
    /// The type with this id, if it was not dropped.
    pub fn get(&self, id: TypeId) -> Option<&TypeInfo> {
        let idx = id.0.checked_sub(TypeId::FIRST_USER.0)?;
        self.by_id.get(usize::try_from(idx).ok()?)?.as_deref()
    }

    /// The id of the type of exactly this name.
    pub fn id(&self, name: &QualifiedName) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    /// The type of exactly this name.
    pub fn named(&self, name: &QualifiedName) -> Option<&TypeInfo> {
        self.get(self.id(name)?)
    }

    /// Every name means the same type in both: ids, kinds (not an enum's labels) and what they are made over.
    pub fn have_same_names(&self, other: &UserTypes) -> bool {
        let same = |a: &TypeInfo, b: &TypeInfo| {
            let same_kind = match (&a.kind, &b.kind) {
                (TypeKind::Enum { .. }, TypeKind::Enum { .. }) => true,
                (a, b) => a == b,
            };
            same_kind && (a.id, a.elem, a.array) == (b.id, b.elem, b.array)
        };
        let mut pairs = self.by_id.iter().zip(&*other.by_id);
        self.by_id.len() == other.by_id.len()
            && self.by_name == other.by_name
            && pairs.all(|it| match it {
                (Some(a), Some(b)) => Arc::ptr_eq(a, b) || same(a, b),
                (None, None) => true,
                _ => false,
            })
    }

    /// Every living type, arrays included, in the order of creation.
    pub fn iter(&self) -> impl Iterator<Item = &TypeInfo> {
        self.by_id.iter().filter_map(|it| it.as_deref())
    }

    /// `CREATE TYPE … AS ENUM`; its array type comes with it. A type of that name is replaced.
    pub fn intern_enum(&mut self, name: QualifiedName, labels: Vec<EnumLabel>, origin: Origin) -> TypeId {
        self.intern(name, TypeKind::Enum { labels }, 'E', false, origin)
    }

    /// `CREATE DOMAIN`. `base_info` is the base type's (its category is the domain's), where known.
    pub fn intern_domain(
        &mut self,
        name: QualifiedName,
        base: Type,
        not_null: bool,
        base_info: Option<&TypeInfo>,
        origin: Origin,
    ) -> TypeId {
        let category = base_info.map_or('U', |it| it.category);
        let collatable = base_info.is_some_and(|it| it.collatable);
        let id = self.intern(name, TypeKind::Domain { base, not_null }, category, collatable, origin);
        self.set_collation(id, base_info.and_then(|it| it.collation.clone()));
        id
    }

    /// Gives a type and its array type a collation of their own.
    pub fn set_collation(&mut self, id: TypeId, collation: Option<SmolStr>) {
        if collation.is_none() || !id.is_user() {
            return;
        }
        let first = (id.0 - TypeId::FIRST_USER.0) as usize;
        for info in Arc::make_mut(&mut self.by_id).iter_mut().skip(first).take(2).flatten() {
            Arc::make_mut(info).collation.clone_from(&collation);
        }
    }

    /// `CREATE TYPE … AS (…)`.
    pub fn intern_composite(
        &mut self,
        name: QualifiedName,
        columns: Vec<(Ident, Option<Type>)>,
        origin: Origin,
    ) -> TypeId {
        self.intern(name, TypeKind::Composite { relation: None, columns }, 'C', false, origin)
    }

    /// The row type that PostgreSQL makes beside every table, view, materialized view and foreign table. Its columns
    /// are the relation's, looked up when asked for.
    pub fn intern_row_type(&mut self, relation: QualifiedName, origin: Origin) -> TypeId {
        let kind = TypeKind::Composite { relation: Some(relation.clone()), columns: Vec::new() };
        self.intern(relation, kind, 'C', false, origin)
    }

    /// `CREATE TYPE … AS RANGE` with its multirange (named by PostgreSQL's rule unless `multirange` says it).
    pub fn intern_range(
        &mut self,
        name: QualifiedName,
        subtype: TypeId,
        multirange: Option<Ident>,
        origin: Origin,
    ) -> TypeId {
        let multi = multirange.unwrap_or_else(|| multirange_name(&name.name));
        let multi = QualifiedName { schema: name.schema.clone(), name: multi };
        let range = self.intern(name, TypeKind::Range { subtype }, 'R', false, origin);
        self.intern(multi, TypeKind::Multirange { range }, 'R', false, origin);
        range
    }

    /// A type of which only the name is known (`CREATE TYPE x (INPUT = …)`, of an unknown extension).
    pub fn intern_opaque(&mut self, name: QualifiedName, origin: Origin) -> TypeId {
        self.intern(name, TypeKind::Opaque, 'U', false, origin)
    }

    /// Drops a type with its array type (and a range's multirange). No cascade to what uses it.
    pub fn drop(&mut self, name: &QualifiedName) -> Option<TypeId> {
        let id = self.id(name)?;
        let array = self.get(id)?.array;
        let multirange = self
            .iter()
            .find(|it| matches!(it.kind, TypeKind::Multirange { range } if range == id))
            .map(|it| (it.id, it.array));
        let mut dead = vec![id, array];
        dead.extend(multirange.into_iter().flat_map(|(id, array)| [id, array]));
        let slots = Arc::make_mut(&mut self.by_id);
        for id in &dead {
            if let Some(slot) = slot(id).and_then(|idx| slots.get_mut(idx)) {
                *slot = None;
            }
        }
        Arc::make_mut(&mut self.by_name).retain(|_, it| !dead.contains(it));
        Some(id)
    }

    /// `ALTER TYPE … RENAME TO`; the array type is renamed with it.
    pub fn rename(&mut self, from: &QualifiedName, to: Ident) {
        let to = QualifiedName { schema: from.schema.clone(), name: to };
        self.relabel(from, to);
    }

    /// `ALTER TYPE … SET SCHEMA`.
    pub fn set_schema(&mut self, name: &QualifiedName, schema: Ident) {
        let to = QualifiedName { schema, name: name.name.clone() };
        self.relabel(name, to);
    }

    /// `ALTER TYPE … ADD VALUE`: before or after a label, else last. Adding a label that exists changes nothing.
    pub fn add_label(
        &mut self,
        name: &QualifiedName,
        label: EnumLabel,
        before: Option<&str>,
        after: Option<&str>,
    ) -> bool {
        self.change(name, |info| {
            let TypeKind::Enum { labels } = &mut info.kind else { return false };
            if labels.iter().any(|it| it.label == label.label) {
                return false;
            }
            let position = |text: &str| labels.iter().position(|it| it.label == text);
            let at = match (before, after) {
                (Some(text), _) => position(text),
                (None, Some(text)) => position(text).map(|it| it + 1),
                (None, None) => None,
            };
            let at = at.unwrap_or(labels.len());
            labels.insert(at, label);
            true
        })
    }

    /// `ALTER TYPE … RENAME VALUE`.
    pub fn rename_label(&mut self, name: &QualifiedName, from: &str, to: SmolStr) -> bool {
        self.change(name, |info| {
            let TypeKind::Enum { labels } = &mut info.kind else { return false };
            let Some(found) = labels.iter_mut().find(|it| it.label == from) else { return false };
            found.label = to;
            true
        })
    }

    /// Changes the type's description in place (columns of a composite, NOT NULL of a domain). `edit` says whether
    /// it changed anything.
    pub fn change(&mut self, name: &QualifiedName, edit: impl FnOnce(&mut TypeInfo) -> bool) -> bool {
        let Some(idx) = self.id(name).as_ref().and_then(slot) else { return false };
        let Some(Some(info)) = Arc::make_mut(&mut self.by_id).get_mut(idx) else { return false };
        edit(Arc::make_mut(info))
    }

    /// What declares a type stands elsewhere now; its array type goes with it.
    pub fn relocate(&mut self, name: &QualifiedName, from: Origin, to: Origin) {
        if from == to {
            return;
        }
        let Some(array) = self.named(name).filter(|it| it.origin == from).map(|it| it.array) else { return };
        let id = self.id(name);
        let slots = Arc::make_mut(&mut self.by_id);
        for idx in id.iter().chain([&array]).filter_map(slot) {
            if let Some(Some(info)) = slots.get_mut(idx) {
                Arc::make_mut(info).origin = to;
            }
        }
    }

    fn intern(
        &mut self,
        name: QualifiedName,
        kind: TypeKind,
        category: char,
        collatable: bool,
        origin: Origin,
    ) -> TypeId {
        match self.named(&name).map(|it| (it.id, it.kind == TypeKind::Array)) {
            // An array type makes way (`moveArrayTypeName`).
            Some((array, true)) => {
                let moved = self.array_name(&name.schema, &name.name);
                self.rekey(array, QualifiedName { schema: name.schema.clone(), name: moved });
            }
            // A shell is completed: what names it means the same type.
            Some((shell, false)) if self.get(shell).is_some_and(|it| it.kind == TypeKind::Opaque) => {
                self.change(&name, |info| {
                    info.kind = kind;
                    (info.category, info.collatable, info.origin) = (category, collatable, origin);
                    true
                });
                return shell;
            }
            Some(_) => {
                self.drop(&name);
            }
            None => {}
        }
        let id = TypeId(TypeId::FIRST_USER.0 + u32::try_from(self.by_id.len()).unwrap_or(0));
        let array = TypeId(id.0 + 1);
        let QualifiedName { schema, name } = name;
        let array_name = self.array_name(&schema, &name);
        let info = TypeInfo {
            id,
            schema: schema.clone(),
            name: name.clone(),
            kind,
            category,
            preferred: false,
            elem: TypeId::NONE,
            array,
            collatable,
            collation: None,
            origin,
        };
        let array_info = TypeInfo {
            id: array,
            schema: schema.clone(),
            name: array_name.clone(),
            kind: TypeKind::Array,
            category: 'A',
            preferred: false,
            elem: id,
            array: TypeId::NONE,
            collatable,
            collation: None,
            origin,
        };
        let slots = Arc::make_mut(&mut self.by_id);
        slots.push(Some(Arc::new(info)));
        slots.push(Some(Arc::new(array_info)));
        let names = Arc::make_mut(&mut self.by_name);
        names.insert(QualifiedName { schema: schema.clone(), name }, id);
        names.insert(QualifiedName { schema, name: array_name }, array);
        id
    }

    /// `_name`, else `_name_1` and so on while that is taken (`makeArrayTypeName`).
    fn array_name(&self, schema: &Ident, name: &Ident) -> Ident {
        let mut suffix = String::new();
        for pass in 1..=self.by_name.len() + 1 {
            let ident = object_name(name.as_str(), &suffix);
            let key = QualifiedName { schema: schema.clone(), name: ident.clone() };
            if !self.by_name.contains_key(&key) {
                return ident;
            }
            suffix = format!("_{pass}");
        }
        object_name(name.as_str(), &suffix)
    }

    fn relabel(&mut self, from: &QualifiedName, to: QualifiedName) {
        let Some(id) = self.id(from) else { return };
        let array = self.get(id).map_or(TypeId::NONE, |it| it.array);
        self.rekey(id, to.clone());
        if !array.is_none() {
            // The old array name no longer counts as taken.
            let names = Arc::make_mut(&mut self.by_name);
            names.retain(|_, it| *it != array);
            let name = self.array_name(&to.schema, &to.name);
            self.rekey(array, QualifiedName { schema: to.schema, name });
        }
    }

    fn rekey(&mut self, id: TypeId, to: QualifiedName) {
        let names = Arc::make_mut(&mut self.by_name);
        names.retain(|_, it| *it != id);
        names.insert(to.clone(), id);
        let Some(idx) = slot(&id) else { return };
        if let Some(Some(info)) = Arc::make_mut(&mut self.by_id).get_mut(idx) {
            let info = Arc::make_mut(info);
            info.schema = to.schema.clone();
            info.name = to.name.clone();
            // A row type follows its relation.
            if let TypeKind::Composite { relation: Some(relation), .. } = &mut info.kind {
                *relation = to;
            }
        }
    }
}

/// `_` + name + suffix, the name cut so that the whole fits an identifier (`makeObjectName`).
fn object_name(name: &str, suffix: &str) -> Ident {
    let room = crate::sql::ident::MAX_BYTES.saturating_sub(1 + suffix.len());
    let mut end = name.len().min(room);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    Ident::new(format!("_{}{suffix}", name.get(..end).unwrap_or(name)))
}

fn slot(id: &TypeId) -> Option<usize> {
    usize::try_from(id.0.checked_sub(TypeId::FIRST_USER.0)?).ok()
}

/// `makeMultirangeTypeName`: the last `range` becomes `multirange`, else `_multirange` is appended.
fn multirange_name(range: &Ident) -> Ident {
    let name = range.as_str();
    let res = match name.rfind("range") {
        Some(at) => format!("{}multi{}", &name[..at], &name[at..]),
        None => format!("{name}_multirange"),
    };
    Ident::new(res)
}
