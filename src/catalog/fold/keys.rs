//! Which keys a statement makes, and on which of them a foreign key hangs.

use super::Fold;
use super::constraint::{Pending, PendingKind, has_constraint};
use crate::base::text::{TextRange, TextSize};
use crate::catalog::{Origin, QualifiedName, Relation};
use crate::facts::Loc;
use crate::sql::Ident;
use crate::sql::hir::ddl::TableConstraint;

/// Columns, `NULLS NOT DISTINCT`, `WITHOUT OVERLAPS`, `DEFERRABLE`.
type Shape<'p> = (&'p [Ident], bool, bool, bool);

impl Fold<'_> {
    /// PRIMARY KEY and UNIQUE over the same columns in one statement are one key: the primary one, else the first, under
    /// the first name that any of them was given, its own before others (`transformIndexConstraints`).
    pub(super) fn merged(&self, pending: Vec<Pending>, apart: &[TextRange]) -> Vec<Pending> {
        if !self.is_postgres() {
            return pending;
        }
        let mut pending = pending;
        let is_primary = |it: &Pending| matches!(it.kind, PendingKind::PrimaryKey { .. });
        pending.sort_by_key(|it| (!is_primary(it), it.range.start()));
        let mut res: Vec<Pending> = Vec::new();
        for it in pending {
            let mergeable = |it: &Pending| !apart.contains(&it.range);
            let own = shape(&it).filter(|_| mergeable(&it));
            let prior = res.iter_mut().find(|prior| own.is_some() && mergeable(prior) && shape(prior) == own);
            match prior {
                Some(prior) => prior.name = prior.name.take().or(it.name),
                None => res.push(it),
            }
        }
        res
    }

    /// The key or index that a foreign key hangs on: the primary key where no columns are named
    /// (`transformFkeyGetPrimaryKey`), else the oldest that fits (`transformFkeyCheckAttrs`, `RelationGetIndexList`).
    pub(super) fn key_for(&self, target: &QualifiedName, columns: &[Ident], named: bool) -> Option<Ident> {
        let target = self.relation(target).filter(|_| self.is_postgres())?;
        if !named {
            return target.primary_key.as_ref()?.name.clone();
        }
        let found = target.keys_over(columns)?;
        if let [only] = found.as_slice() {
            return only.name.cloned();
        }
        let mut oldest: Option<(_, Option<&Ident>)> = None;
        for it in &found {
            let age = self.age(target, it.origin, it.primary)?;
            if oldest.as_ref().is_none_or(|(other, _)| age < *other) {
                oldest = Some((age, it.name));
            }
        }
        oldest?.1.cloned()
    }

    /// Dynamic SQL may have dropped what a constraint would clash with: it has, if this one is made.
    pub(super) fn make_way(&mut self, table: &QualifiedName, pending: &Pending) {
        let primary = matches!(
            pending.kind,
            PendingKind::PrimaryKey { .. } | PendingKind::UsingIndex { primary: true, .. }
        );
        let Some(relation) = self.relation(table) else { return };
        let taken = pending.name.as_ref().is_some_and(|it| has_constraint(relation, it));
        if !primary && !taken {
            return;
        }
        let Some(relation) = self.relation_mut(table) else { return };
        let is = |it: &Option<Ident>| it.is_some() && *it == pending.name;
        relation.primary_key.take_if(|it| primary || is(&it.name));
        relation.uniques.retain(|it| !is(&it.name));
        relation.checks.retain(|it| !is(&it.name));
        relation.foreign_keys.retain(|it| !is(&it.name));
    }

    /// When an index was made, to be compared with others of its table; `None`: that is not known.
    fn age(&self, table: &Relation, origin: Origin, primary: bool) -> Option<(usize, Loc, bool, TextSize)> {
        let Origin::Sql { file, loc, range } = origin else { return None };
        let at = self.catalog.applied.iter().position(|it| *it == file)?;
        // CREATE TABLE makes the primary key first.
        let first = primary
            && matches!(table.origin, Origin::Sql { file: of, loc: at, .. } if (of, at) == (file, loc));
        Some((at, loc, !first, range.start()))
    }

    /// A key or index of a table has another name.
    pub(super) fn follow_key(&mut self, table: &QualifiedName, from: &Ident, to: &Ident) {
        for holder in self.referring(table, |it| it.key.as_ref() == Some(from)) {
            let Some(relation) = self.relation_mut(&holder) else { continue };
            let keys = relation.foreign_keys.iter_mut().filter(|it| it.target.as_ref() == Some(table));
            for key in keys.filter(|it| it.key.as_ref() == Some(from)) {
                key.key = Some(to.clone());
            }
        }
    }
}

fn shape(it: &Pending) -> Option<Shape<'_>> {
    match &it.kind {
        PendingKind::PrimaryKey { columns, without_overlaps } => {
            Some((columns, false, *without_overlaps, it.deferrable))
        }
        PendingKind::Unique { columns, nulls_not_distinct, without_overlaps } => {
            Some((columns, *nulls_not_distinct, *without_overlaps, it.deferrable))
        }
        _ => None,
    }
}

/// Constraints that are not the same as a plain one over their columns.
pub(super) fn apart(constraints: &[TableConstraint]) -> Vec<TextRange> {
    constraints.iter().filter(|it| !it.include.is_empty()).map(|it| it.range).collect()
}
