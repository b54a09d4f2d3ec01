//! Constraints and indexes, in PostgreSQL's order and with its names.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::Fold;
use super::create::{idents, unwrap_parens};
use super::naming::{columns_part, mentions};
use crate::base::text::slice;
use crate::catalog::{Check, ForeignKey, Index, Key, QualifiedName, Relation, RelationKind};
use crate::sql::Ident;
use crate::sql::hir::ddl::{self, References, TableConstraint, TableConstraintKind};

/// A constraint of the statement being applied, table and column forms alike.
pub(super) struct Pending {
    pub name: Option<Ident>,
    pub kind: PendingKind,
    pub range: crate::base::text::TextRange,
    /// `ALTER TABLE ONLY`: partitions get none.
    pub only: bool,
    pub deferrable: bool,
    pub not_enforced: bool,
    pub not_valid: bool,
    /// See [`Details::tails`](crate::catalog::details::Details::tails).
    pub tail: Option<SmolStr>,
}

pub(super) enum PendingKind {
    PrimaryKey {
        columns: Vec<Ident>,
        without_overlaps: bool,
    },
    Unique {
        columns: Vec<Ident>,
        nulls_not_distinct: bool,
        without_overlaps: bool,
    },
    Check {
        text: SmolStr,
        no_inherit: bool,
    },
    ForeignKey {
        columns: Vec<Ident>,
        references: Reference,
    },
    /// The names that its index's columns get.
    Exclude {
        columns: Vec<String>,
    },
    UsingIndex {
        index: Ident,
        primary: bool,
    },
    NotNull {
        column: Ident,
        nulls_remain: bool,
        no_inherit: bool,
    },
}

#[derive(Clone)]
pub(super) struct Reference {
    target: Option<QualifiedName>,
    columns: Vec<Ident>,
    on_delete: SmolStr,
    on_update: SmolStr,
}

impl<'a> Fold<'a> {
    pub(super) fn pending(&self, constraint: &TableConstraint) -> Option<Pending> {
        let kind = match &constraint.kind {
            TableConstraintKind::PrimaryKey { using_index: Some(index), .. } => {
                PendingKind::UsingIndex { index: index.ident.clone(), primary: true }
            }
            TableConstraintKind::Unique { using_index: Some(index), .. } => {
                PendingKind::UsingIndex { index: index.ident.clone(), primary: false }
            }
            TableConstraintKind::PrimaryKey { columns, without_overlaps, .. } => {
                PendingKind::PrimaryKey { columns: idents(columns), without_overlaps: *without_overlaps }
            }
            TableConstraintKind::Unique { columns, nulls_not_distinct, without_overlaps, .. } => {
                PendingKind::Unique {
                    columns: idents(columns),
                    nulls_not_distinct: *nulls_not_distinct,
                    without_overlaps: *without_overlaps,
                }
            }
            TableConstraintKind::ForeignKey { columns, references, .. } => PendingKind::ForeignKey {
                columns: idents(columns),
                references: self.reference(references, None),
            },
            TableConstraintKind::Check(expr) => PendingKind::Check {
                text: unwrap_parens(&self.expr_text(*expr)?),
                no_inherit: constraint.no_inherit,
            },
            TableConstraintKind::Exclude(exclude) => {
                let name = |it: &(ddl::IndexItem, crate::sql::hir::OpName)| {
                    super::naming::figure_column(self.exprs, it.0.expr).unwrap_or_else(|| "expr".into())
                };
                PendingKind::Exclude { columns: exclude.items.iter().map(name).collect() }
            }
            TableConstraintKind::NotNull(column) => PendingKind::NotNull {
                column: column.ident.clone(),
                nulls_remain: constraint.not_valid || constraint.no_inherit,
                no_inherit: constraint.no_inherit,
            },
        };
        let name = constraint.name.as_ref().map(|it| it.ident.clone());
        use ddl::ConstraintAttribute::{Deferrable, InitiallyDeferred};
        let deferrable =
            constraint.attributes.iter().any(|it| matches!(it.1, Deferrable | InitiallyDeferred));
        let not_enforced =
            constraint.attributes.iter().any(|it| it.1 == ddl::ConstraintAttribute::NotEnforced);
        let (range, not_valid, tail) = (constraint.range, constraint.not_valid, self.tail_of(constraint));
        Some(Pending { name, kind, range, only: false, deferrable, not_enforced, not_valid, tail })
    }

    /// What is printed of a constraint, but for what the catalog keeps in parts.
    fn tail_of(&self, constraint: &TableConstraint) -> Option<SmolStr> {
        if let TableConstraintKind::Exclude(_) = &constraint.kind {
            let text = slice(self.text, constraint.range);
            let tokens = crate::sql::token::significant(text);
            let first = tokens.iter().find(|it| it.is_word(text, "exclude"))?;
            return Some(text.get(first.range.end().into()..)?.trim().into());
        }
        let include = idents(&constraint.include);
        let include: Vec<String> = include.iter().map(Ident::quoted).collect();
        (!include.is_empty()).then(|| format!("INCLUDE ({})", include.join(", ")).into())
    }

    /// `own`: the table being made, which may reference itself before it exists.
    pub(super) fn reference(&self, references: &References, own: Option<&QualifiedName>) -> Reference {
        let target = self.find(&references.table).or_else(|| {
            let own = own?;
            self.candidates(&references.table).into_iter().find(|it| it == own)
        });
        // A table that is not known keeps the name it was given.
        let target = target.or_else(|| self.new_name(&references.table, false));
        let action = |it: &Option<SmolStr>| {
            it.as_ref().map_or_else(|| "no action".into(), |it| SmolStr::from(it.to_ascii_lowercase()))
        };
        Reference {
            target,
            columns: idents(&references.columns),
            on_delete: action(&references.on_delete),
            on_update: action(&references.on_update),
        }
    }

    /// Adds constraints to a table in PostgreSQL's order: checks, the primary key, other keys, foreign keys.
    pub(super) fn constraints(&mut self, table: &QualifiedName, pending: Vec<Pending>) {
        let rank = |it: &Pending| match it.kind {
            PendingKind::NotNull { .. } | PendingKind::Check { .. } => 0,
            PendingKind::PrimaryKey { .. } => 1,
            PendingKind::Unique { .. } | PendingKind::Exclude { .. } | PendingKind::UsingIndex { .. } => 2,
            PendingKind::ForeignKey { .. } => 3,
        };
        let mut pending = pending;
        pending.sort_by_key(rank);
        // The names that are written are taken before any is chosen.
        let written: FxHashSet<Ident> = pending.iter().filter_map(|it| it.name.clone()).collect();
        for constraint in pending {
            self.constraint(table, constraint, &written);
        }
    }

    pub(super) fn constraint(&mut self, table: &QualifiedName, pending: Pending, written: &FxHashSet<Ident>) {
        let origin = self.origin(pending.range);
        if self.catalog.gaps.keys {
            self.make_way(table, &pending);
        }
        let (deferrable, not_enforced, not_valid) =
            (pending.deferrable, pending.not_enforced, pending.not_valid);
        let tail = pending.tail.clone();
        let Some(relation) = self.relation(table) else { return };
        if let (PendingKind::Check { .. }, Some(name)) = (&pending.kind, &pending.name)
            && relation.parents.iter().filter_map(|it| self.relation(it)).any(|it| hands_down(it, name))
        {
            // A parent's, which is the table's own from now on, too.
            let name = name.clone();
            if let Some(relation) = self.relation_mut(table) {
                let checks = relation.checks.iter_mut().filter(|it| it.name.as_ref() == Some(&name));
                checks.for_each(|it| it.origin = origin);
            }
            return;
        }
        if pending.name.as_ref().is_some_and(|it| self.is_postgres() && has_constraint(relation, it)) {
            // Refused: 42710, or 42P07 for keys.
            return;
        }
        let (schema, own) = (&table.schema, &table.name);
        match pending.kind {
            PendingKind::NotNull { column, nulls_remain, no_inherit } => {
                let known = relation.not_nulls.iter().any(|it| it.1 == column);
                let name = match pending.name {
                    None if !known && no_inherit => {
                        let own_column = Some(column.as_str());
                        Some(self.choose_constraint_name(schema, own, own_column, "not_null", written))
                    }
                    name => name,
                };
                if let (Some(name), Some(relation)) = (name, self.relation_mut(table)) {
                    relation.not_nulls.retain(|it| it.1 != column);
                    if no_inherit {
                        std::sync::Arc::make_mut(&mut relation.details).no_inherit.push(name.clone());
                    }
                    relation.not_nulls.push((name, column.clone()));
                }
                if !no_inherit {
                    self.set_not_null(table, std::slice::from_ref(&column), true);
                }
                let tables = if no_inherit { vec![table.clone()] } else { self.with_descendants(table) };
                for table in tables {
                    let Some(relation) = self.relation_mut(&table) else { continue };
                    for own in relation.columns.iter_mut().filter(|it| it.name == column) {
                        own.not_null = true;
                        own.nulls_remain = nulls_remain;
                    }
                }
            }
            PendingKind::Check { text, no_inherit } => {
                let name = pending.name.unwrap_or_else(|| {
                    let mut used = relation.columns.iter().filter(|it| mentions(&text, &it.name));
                    let column = used.next().filter(|_| used.next().is_none());
                    self.choose_constraint_name(
                        schema,
                        own,
                        column.map(|it| it.name.as_str()),
                        "check",
                        written,
                    )
                });
                let check = Check { name: Some(name), expression: Some(text), no_inherit, origin };
                let tables = if no_inherit { vec![table.clone()] } else { self.with_descendants(table) };
                for table in tables {
                    if let Some(relation) = self.relation_mut(&table)
                        && !relation.checks.iter().any(|it| it.name == check.name)
                    {
                        relation.checks.push(check.clone());
                        if let Some(name) = &check.name {
                            note(relation, name, false, not_enforced, not_valid);
                        }
                    }
                }
            }
            PendingKind::PrimaryKey { columns, without_overlaps } => {
                let name =
                    pending.name.unwrap_or_else(|| self.choose_relation_name(schema, own, None, "pkey"));
                let key = Key {
                    name: Some(name),
                    columns: columns.clone(),
                    nulls_not_distinct: false,
                    without_overlaps,
                    deferrable,
                    origin,
                };
                self.set_not_null(table, &columns, true);
                if let Some(relation) = self.relation_mut(table) {
                    note_tail(relation, key.name.as_ref(), tail);
                    relation.primary_key.get_or_insert(key);
                }
                let partitions = if pending.only { Vec::new() } else { self.partitions(table) };
                for partition in partitions {
                    let kind = PendingKind::PrimaryKey { columns: columns.clone(), without_overlaps };
                    let range = pending.range;
                    let own = Pending {
                        name: None,
                        kind,
                        range,
                        only: false,
                        deferrable,
                        not_enforced: false,
                        not_valid: false,
                        tail: None,
                    };
                    self.constraint(&partition, own, written);
                }
            }
            PendingKind::Unique { columns, nulls_not_distinct, without_overlaps } => {
                let same = |it: &Key| it.columns == columns && it.nulls_not_distinct == nulls_not_distinct;
                // Two spellings of one key make one index.
                let once = pending.name.is_none() && !self.is_postgres();
                if once && relation.primary_key.iter().any(|it| it.columns == columns) {
                    return;
                }
                let name = pending.name.unwrap_or_else(|| {
                    let part = columns_part(&columns.iter().map(Ident::to_string).collect::<Vec<_>>());
                    self.choose_relation_name(schema, own, Some(&part), "key")
                });
                let key = Key {
                    name: Some(name),
                    columns: columns.clone(),
                    nulls_not_distinct,
                    without_overlaps,
                    deferrable,
                    origin,
                };
                if let Some(relation) = self.relation_mut(table)
                    && !relation.uniques.iter().any(|it| same(it) && it.name == key.name)
                {
                    note_tail(relation, key.name.as_ref(), tail);
                    relation.uniques.push(key);
                }
                let partitions = if pending.only { Vec::new() } else { self.partitions(table) };
                for partition in partitions {
                    let kind = PendingKind::Unique {
                        columns: columns.clone(),
                        nulls_not_distinct,
                        without_overlaps,
                    };
                    let range = pending.range;
                    let own = Pending {
                        name: None,
                        kind,
                        range,
                        only: false,
                        deferrable,
                        not_enforced: false,
                        not_valid: false,
                        tail: None,
                    };
                    self.constraint(&partition, own, written);
                }
            }
            PendingKind::Exclude { columns } => {
                let method = "gist".into();
                let name = pending.name.unwrap_or_else(|| {
                    self.choose_relation_name(schema, own, Some(&columns_part(&columns)), "excl")
                });
                let index = Index {
                    name: Some(name.clone()),
                    unique: false,
                    method,
                    items: Vec::new(),
                    predicate: None,
                    nulls_not_distinct: false,
                    include: Vec::new(),
                    part_of: None,
                    origin,
                };
                if let Some(relation) = self.relation_mut(table) {
                    relation.indexes.push(index);
                    note(relation, &name, deferrable, false, false);
                    note_tail(relation, Some(&name), tail);
                }
            }
            PendingKind::UsingIndex { index, primary } => {
                let Some(relation) = self.relation_mut(table) else { return };
                let Some(at) = relation.indexes.iter().position(|it| it.name.as_ref() == Some(&index)) else {
                    return;
                };
                let index = relation.indexes.remove(at);
                let columns: Vec<Ident> = index.items.iter().filter_map(|it| it.column.clone()).collect();
                let name = pending.name.or_else(|| index.name.clone());
                let renamed = index.name.clone().zip(name.clone()).filter(|it| it.0 != it.1);
                let key = Key {
                    name,
                    columns: columns.clone(),
                    nulls_not_distinct: index.nulls_not_distinct,
                    without_overlaps: false,
                    deferrable,
                    origin,
                };
                if primary {
                    relation.primary_key = Some(key);
                    self.set_not_null(table, &columns, true);
                } else {
                    relation.uniques.push(key);
                }
                if let Some((from, to)) = renamed {
                    self.follow_key(table, &from, &to);
                }
            }
            PendingKind::ForeignKey { columns, references } => {
                let name = pending.name.unwrap_or_else(|| {
                    let part = columns_part(&columns.iter().map(Ident::to_string).collect::<Vec<_>>());
                    self.choose_constraint_name(schema, own, Some(&part), "fkey", written)
                });
                let mut target_columns = references.columns;
                let hangs_on = references
                    .target
                    .as_ref()
                    .and_then(|it| self.key_for(it, &target_columns, !target_columns.is_empty()));
                if target_columns.is_empty()
                    && let Some(key) =
                        references.target.as_ref().and_then(|it| self.relation(it)?.primary_key.clone())
                {
                    target_columns = key.columns;
                }
                let key = ForeignKey {
                    name: Some(name),
                    columns,
                    target: references.target,
                    target_columns,
                    key: hangs_on,
                    on_delete: references.on_delete,
                    on_update: references.on_update,
                    origin,
                };
                for table in std::iter::once(table.clone()).chain(self.partitions(table)) {
                    if let Some(relation) = self.relation_mut(&table) {
                        relation.foreign_keys.push(key.clone());
                        if let Some(name) = &key.name {
                            note(relation, name, deferrable, not_enforced, not_valid);
                        }
                    }
                }
            }
        }
    }

    /// The relation and everything that inherits from it.
    pub(super) fn with_descendants(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        let mut res = vec![table.clone()];
        let mut at = 0;
        while let Some(next) = res.get(at).cloned() {
            at += 1;
            for child in self.children(&next) {
                if !res.contains(&child) {
                    res.push(child);
                }
            }
        }
        res
    }

    /// The partitions of a partitioned table, directly under it.
    pub(super) fn partitions(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        match self.relation(table) {
            Some(it) if it.kind == RelationKind::PartitionedTable => self.children(table),
            _ => Vec::new(),
        }
    }

    pub(super) fn set_not_null(&mut self, table: &QualifiedName, columns: &[Ident], not_null: bool) {
        for table in self.with_descendants(table) {
            let Some(relation) = self.relation_mut(&table) else { continue };
            for column in relation.columns.iter_mut().filter(|it| columns.contains(&it.name)) {
                column.not_null = not_null;
                column.nulls_remain = false;
            }
        }
    }
}

/// Keeps what a constraint is said to be.
fn note(relation: &mut Relation, name: &Ident, deferrable: bool, not_enforced: bool, not_valid: bool) {
    if deferrable || not_enforced || not_valid {
        let details = std::sync::Arc::make_mut(&mut relation.details);
        details.deferrable.extend(deferrable.then(|| name.clone()));
        details.not_enforced.extend(not_enforced.then(|| name.clone()));
        details.not_valid.extend(not_valid.then(|| name.clone()));
    }
}

pub(super) fn note_tail(relation: &mut Relation, name: Option<&Ident>, tail: Option<SmolStr>) {
    if let (Some(name), Some(tail)) = (name, tail) {
        let details = std::sync::Arc::make_mut(&mut relation.details);
        details.tails.retain(|it| it.0 != *name);
        details.tails.push((name.clone(), tail));
    }
}

/// Whether children have a check of this name from the relation.
fn hands_down(relation: &Relation, name: &Ident) -> bool {
    relation.checks.iter().any(|it| it.name.as_ref() == Some(name) && !it.no_inherit)
}

/// Whether a relation has a constraint of this name.
pub(super) fn has_constraint(relation: &Relation, name: &Ident) -> bool {
    let is = |it: &Option<Ident>| it.as_ref() == Some(name);
    relation.primary_key.iter().chain(&relation.uniques).any(|it| is(&it.name))
        || relation.checks.iter().any(|it| is(&it.name))
        || relation.foreign_keys.iter().any(|it| is(&it.name))
}
