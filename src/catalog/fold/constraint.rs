//! Constraints as statements write them, and the tables that theirs goes down to.

mod add;

use smol_str::SmolStr;

use super::Fold;
use super::create::{idents, unwrap_parens};
use crate::base::text::{TextRange, slice};
use crate::catalog::{QualifiedName, Relation, RelationKind};
use crate::sql::Ident;
use crate::sql::hir::ddl::{self, References, TableConstraint, TableConstraintKind};

/// A constraint of the statement being applied, table and column forms alike.
pub(super) struct Pending {
    pub name: Option<Ident>,
    pub kind: PendingKind,
    pub range: TextRange,
    /// `ALTER TABLE ONLY`: partitions get none.
    pub only: bool,
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub deferred: bool,
    pub not_enforced: bool,
    pub not_valid: bool,
    /// See [`Details::tails`](crate::catalog::details::Details::tails).
    pub tail: Option<SmolStr>,
}

#[derive(Clone)]
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

impl Pending {
    /// A key that comes from another table, under a name of its own.
    pub fn copied(kind: PendingKind, range: TextRange, deferrable: bool) -> Pending {
        Pending {
            name: None,
            kind,
            range,
            only: false,
            deferrable,
            deferred: false,
            not_enforced: false,
            not_valid: false,
            tail: None,
        }
    }
}

#[derive(Clone)]
pub(super) struct Reference {
    target: Option<QualifiedName>,
    columns: Vec<Ident>,
    on_delete: SmolStr,
    set_columns: Vec<Ident>,
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
        let is = |attribute| constraint.attributes.iter().any(|it| it.1 == attribute);
        let (deferred, not_enforced) = (is(InitiallyDeferred), is(ddl::ConstraintAttribute::NotEnforced));
        let (range, not_valid, tail) = (constraint.range, constraint.not_valid, self.tail_of(constraint));
        Some(Pending { name, kind, range, only: false, deferrable, deferred, not_enforced, not_valid, tail })
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
            set_columns: idents(&references.set_columns),
            on_update: action(&references.on_update),
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

/// See [`Details::tails`](crate::catalog::details::Details::tails).
pub(super) fn note_tail(relation: &mut Relation, name: Option<&Ident>, tail: Option<SmolStr>) {
    if let (Some(name), Some(tail)) = (name, tail) {
        let details = std::sync::Arc::make_mut(&mut relation.details);
        details.tails.retain(|it| it.0 != *name);
        details.tails.push((name.clone(), tail));
    }
}

/// Whether a relation has a constraint of this name.
pub(super) fn has_constraint(relation: &Relation, name: &Ident) -> bool {
    let is = |it: &Option<Ident>| it.as_ref() == Some(name);
    relation.primary_key.iter().chain(&relation.uniques).any(|it| is(&it.name))
        || relation.checks.iter().any(|it| is(&it.name))
        || relation.foreign_keys.iter().any(|it| is(&it.name))
}
