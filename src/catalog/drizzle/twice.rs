//! Tables, views, enums and sequences that schema modules export more than once under one name.
//!
//! drizzle-kit 0.x keeps tables and enums by name, so that of several the last counts (`generatePgSnapshot`:
//! `result[tableKey] = …`); two views make it stop. 1.0 stops at all of them (`interimToDDL`: `table_name_duplicate`).

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::reader::{self, EnumDraft};
use super::{Collector, Declared, Line};
use crate::catalog::{Entity, Origin, QualifiedName, Relation, RelationKind, diff};
use crate::project::eval::{DeclRef, Value};

/// Two exported declarations of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twice {
    pub name: QualifiedName,
    pub kind: TwiceKind,
    /// The one that counts for drizzle-kit.
    pub kept: Origin,
    pub lost: Origin,
    /// Nobody knows what uses of the lost one mean: it has other columns.
    differs: bool,
    /// drizzle-kit would make the same of the lost one.
    pub is_copy: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwiceKind {
    Table,
    View,
    Enum,
}

impl TwiceKind {
    pub fn as_str(self) -> &'static str {
        match self {
            TwiceKind::Table => "table",
            TwiceKind::View => "view",
            TwiceKind::Enum => "enum",
        }
    }

    /// drizzle-kit makes nothing at all of such a schema.
    pub fn is_refused(self, line: Line) -> bool {
        line == Line::V1 || self == TwiceKind::View
    }
}

impl Twice {
    /// One declaration, which several of the schema's files export.
    pub fn is_same(&self) -> bool {
        self.kept == self.lost
    }
}

impl Collector<'_, '_> {
    /// A table that a module and a barrel export: drizzle-kit 1.0 takes all that each of its files exports, and finds it twice.
    pub(super) fn again(&mut self, value: &Value, met: &mut FxHashMap<DeclRef, bool>) {
        let Some(decl) = value.decl.as_ref().filter(|_| self.reader.line == Line::V1) else { return };
        let entity = self.reading.decls.get(decl).cloned();
        let (name, kind) = match entity {
            Some(Entity::Relation(name)) => {
                let known = self.seen.get(&name).and_then(|it| self.reading.relations.get(*it));
                let Some(known) = known.filter(|it| it.exported) else { return };
                let is_table = known.value.kind == RelationKind::Table;
                (name, if is_table { TwiceKind::Table } else { TwiceKind::View })
            }
            Some(Entity::Enum(name)) => (name, TwiceKind::Enum),
            _ => return,
        };
        match met.get_mut(decl) {
            None => _ = met.insert(decl.clone(), false),
            Some(is_told) if !*is_told => {
                *is_told = true;
                let at = reader::origin(value);
                let twice = Twice { name, kind, kept: at, lost: at, differs: false, is_copy: true };
                self.reading.twice.push(twice);
            }
            Some(_) => {}
        }
    }

    /// Puts a relation into the reading; its place, where it is the one that counts.
    pub(super) fn relation(
        &mut self,
        name: QualifiedName,
        relation: &Arc<Relation>,
        enums: &[EnumDraft],
        exported: bool,
    ) -> Option<usize> {
        let place = match self.seen.get(&name) {
            Some(&place) => {
                self.replaces(&name, relation, exported, place)?;
                place
            }
            None => {
                let place = self.reading.relations.len();
                self.seen.insert(name, place);
                self.reading.relations.push(Declared { value: Arc::clone(relation), exported });
                place
            }
        };
        for enum_ in enums {
            // An enum that is not exported is missing from the migrations; its columns still name it.
            self.enum_(enum_, false);
        }
        Some(place)
    }

    /// Of several exported tables of one name, drizzle-kit 0.x takes the last.
    fn replaces(
        &mut self,
        name: &QualifiedName,
        relation: &Arc<Relation>,
        exported: bool,
        place: usize,
    ) -> Option<()> {
        let known = self.reading.relations.get_mut(place).filter(|it| exported && it.exported)?;
        let is_met = |it: &Twice| it.name == *name && [it.kept, it.lost].contains(&relation.origin);
        if known.value.origin == relation.origin
            || known.value.kind == RelationKind::Sequence
            // A barrel and the module itself: drizzle-kit keeps each table once, where it meets it first.
            || self.reading.twice.iter().any(is_met)
        {
            return None;
        }
        let is_table = known.value.kind == RelationKind::Table && relation.kind == RelationKind::Table;
        let kind = if is_table { TwiceKind::Table } else { TwiceKind::View };
        let differs = !has_same_columns(&known.value, relation);
        let is_copy = diff::is_same(self.dialect, &known.value, relation);
        let is_kept = !kind.is_refused(self.reader.line);
        let (mut kept, mut lost) = (known.value.origin, relation.origin);
        if is_kept {
            std::mem::swap(&mut kept, &mut lost);
            known.value = Arc::clone(relation);
            self.shared.retain(|it| it.1 != place);
            if differs {
                Arc::make_mut(&mut self.reading.decls)
                    .retain(|_, it| !matches!(it, Entity::Relation(it) if it == name));
            }
        }
        self.reading.twice.push(Twice { name: name.clone(), kind, kept, lost, differs, is_copy });
        is_kept.then_some(())
    }

    /// Whether a relation is one that another of its name has displaced, with other columns than that.
    pub(super) fn is_hidden(&self, name: &QualifiedName, relation: &Relation) -> bool {
        let is_it = |it: &Twice| it.differs && it.lost == relation.origin && it.name == *name;
        self.reading.twice.iter().any(is_it)
    }

    /// An enum may be met at a column before it is met among the exports. Of several with one name those count that are
    /// exported, and of these the last.
    pub(super) fn enum_(&mut self, draft: &EnumDraft, exported: bool) {
        let Some(known) = self.seen_enums.get(&draft.name).and_then(|it| self.reading.enums.get_mut(*it))
        else {
            self.seen_enums.insert(draft.name.clone(), self.reading.enums.len());
            self.reading.enums.push(Declared { value: draft.clone(), exported });
            return;
        };
        if !exported {
            return;
        }
        if known.value.origin == draft.origin {
            known.exported = true;
        } else if !known.exported {
            *known = Declared { value: draft.clone(), exported };
        } else {
            let (name, kind) = (draft.name.clone(), TwiceKind::Enum);
            let (mut kept, mut lost) = (known.value.origin, draft.origin);
            let is_copy = labels(&known.value) == labels(draft);
            if !kind.is_refused(self.reader.line) {
                std::mem::swap(&mut kept, &mut lost);
                known.value = draft.clone();
            }
            // Enums it does not keep once: behind a barrel they come again.
            let is_it = |it: &Twice| (it.kept, it.lost) == (lost, kept) || (it.kept, it.lost) == (kept, lost);
            self.reading.twice.retain(|it| !is_it(it));
            self.reading.twice.push(Twice { name, kind, kept, lost, differs: false, is_copy });
        }
    }
}

fn labels(draft: &EnumDraft) -> Option<Vec<&SmolStr>> {
    Some(draft.labels.as_ref()?.iter().map(|it| &it.label).collect())
}

/// Code that uses one of them finds what it asks for in the other, too.
fn has_same_columns(a: &Relation, b: &Relation) -> bool {
    let same = |(a, b): (&crate::catalog::Column, &crate::catalog::Column)| {
        (&a.name, &a.key, &a.type_text) == (&b.name, &b.key, &b.type_text)
    };
    a.columns.len() == b.columns.len() && a.columns.iter().zip(&b.columns).all(same)
}
