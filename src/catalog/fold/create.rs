//! CREATE TABLE and what belongs to relations: constraints, indexes, sequences, policies, triggers.

mod source;

use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::constraint::{Pending, PendingKind};
use super::naming::replace_name;
use super::{Fold, empty_column, empty_relation};
use crate::base::text::slice;
use crate::catalog::{
    Collation, ColumnDefault, Generated, Identity, Origin, Policy, QualifiedName, Relation, RelationKind,
    Schema, Type, types,
};
use crate::sql::hir::ddl::{ColumnConstraintKind, ColumnDef, CreateTable};
use crate::sql::hir::{Name, StatementKind, ddl};
use crate::sql::{Dialect, Ident};

pub(super) fn idents(names: &[Name]) -> Vec<Ident> {
    names.iter().map(|it| it.ident.clone()).collect()
}

impl<'a> Fold<'a> {
    pub(super) fn create_schema(&mut self, name: Option<&Name>, elements: &'a [StatementKind]) {
        let Some(name) = name.filter(|it| !it.ident.is_dynamic()) else {
            // Named after a role that is not known.
            self.catalog.gaps.relations |= !elements.is_empty();
            return;
        };
        let schema = Schema { name: name.ident.clone(), origin: self.origin(name.range) };
        std::sync::Arc::make_mut(&mut self.catalog.schemas).entry(name.ident.clone()).or_insert(schema);
        // The elements are made in the new schema.
        let path = self.catalog.search_path.clone();
        self.catalog.search_path.insert(0, name.ident.clone());
        for element in elements {
            self.statement(element);
        }
        self.catalog.search_path = path;
    }

    pub(super) fn create_table(&mut self, table: &CreateTable) {
        let Some(name) = self.new_name(&table.name, table.temporary) else {
            // A name put together at run time.
            self.catalog.gaps.relations |= table.name.is_dynamic();
            return;
        };
        let origin = self.origin(table.name.last().map_or_else(Default::default, |it| it.range));
        if table.temporary && !table.if_not_exists && self.is_postgres() {
            // An earlier one was made ON COMMIT DROP.
            self.drop_relation(&name, true);
        } else if self.makes_its_own(&name, table.if_not_exists) {
            self.drop_relation(&name, false);
        }
        let is_script = self.catalog.gaps.loose.is_some();
        if let Some(existing) = self.relation_mut(&name) {
            existing.also.push(origin);
            // Where there is none of that name, the file has the table that it writes.
            for column in table.columns.iter().filter(|_| is_script && table.if_not_exists) {
                if !existing.columns.iter().any(|it| it.name == column.name.ident) {
                    existing.doubt(&column.name.ident);
                }
            }
            return;
        }
        let kind = match table.partitioned {
            true => RelationKind::PartitionedTable,
            false if table.foreign => RelationKind::Foreign,
            false => RelationKind::Table,
        };
        let mut relation = empty_relation(&name, kind, origin);
        let mut pending = Vec::new();
        let mut sequences = Vec::new();

        relation.unlogged = table.unlogged;
        // `CREATE VIRTUAL TABLE … USING module (…)`.
        relation.open = table.method.is_some() && self.catalog.dialect == Dialect::Sqlite;
        if table.partition_by.is_some() || table.bound.is_some() {
            relation.partition = Some(Arc::new(self.partition(table)));
        }
        for parent in table.inherits.iter().chain(&table.partition_of) {
            self.inherit_columns(&mut relation, parent);
        }
        if let Some(ty) = &table.of_type {
            self.columns_of_type(&mut relation, ty);
        }
        let mut copied = Vec::new();
        for (idx, column) in table.columns.iter().enumerate() {
            for like in table.likes.iter().filter(|it| it.position as usize == idx) {
                copied.extend(self.like(&mut relation, like, &mut sequences));
            }
            self.column(&name, &mut relation, column, &mut pending, &mut sequences);
        }
        for like in table.likes.iter().filter(|it| it.position as usize >= table.columns.len()) {
            copied.extend(self.like(&mut relation, like, &mut sequences));
        }
        self.follow_rebuild(&name, &mut relation);
        // What is made with a table has no old rows that NOT VALID could leave out.
        let made = table.constraints.iter().filter_map(|it| self.pending(it));
        pending.extend(made.map(|it| Pending { not_valid: false, ..it }));

        for sequence in sequences {
            self.insert(sequence);
        }
        self.insert(relation);
        let pending = self.merged(pending, &super::keys::apart(&table.constraints));
        self.constraints(&name, pending);
        for index in copied {
            self.clone_index(&name, index);
        }
        for index in &table.indexes {
            self.create_index_on(&name, index);
        }
        if let Some(parent) = table.partition_of.as_ref().and_then(|it| self.find(it)) {
            self.attach(&parent, &name);
        }
        self.name_not_nulls(&name);
    }

    /// A script that is no part of the schema makes a table that the schema has, too: it is a dump of a database of its own.
    fn makes_its_own(&self, name: &QualifiedName, if_not_exists: bool) -> bool {
        let is_elsewhere =
            |it: &Relation| !matches!(it.origin, Origin::Sql { file, .. } if file == self.file);
        !if_not_exists
            && self.catalog.gaps.loose == Some(self.file)
            && self.catalog.relations.get(name).is_some_and(|it| is_elsewhere(it))
    }

    /// One column with its constraints: what cannot be done before the table exists goes to `pending`.
    pub(super) fn column(
        &mut self,
        table: &QualifiedName,
        relation: &mut Relation,
        def: &ColumnDef,
        pending: &mut Vec<Pending>,
        sequences: &mut Vec<Relation>,
    ) {
        let origin = self.origin(def.name.range);
        let mut column = empty_column(def.name.ident.clone(), origin);
        // A column of a parent or of the type is refined, not added.
        let merged = relation.columns.iter().position(|it| it.name == column.name);
        if let Some(idx) = merged {
            column = relation.columns[idx].clone();
            if !relation.parents.is_empty() && def.ty.is_some() {
                // Its own, too.
                column.origin = origin;
            }
        }
        let mut owns = false;
        let mut identity: &[ddl::SequenceOption] = &[];
        if let Some(ty) = &def.ty {
            column.type_text = slice(self.text, ty.range).into();
            column.collation = Collation::written(def.collation.as_ref());
            match types::serial(&ty.name) {
                // An alias of `bigint unsigned not null auto_increment unique`.
                Some(_) if !self.is_postgres() => {
                    column.ty = self.type_of(ty);
                    column.not_null = true;
                }
                Some(id) => {
                    column.ty = Some(Type::plain(id));
                    column.type_text = types::format_type_id(self.catalog, id).into();
                    column.not_null = true;
                    owns = true;
                }
                None => column.ty = self.type_of(ty),
            }
        }
        let columns = vec![def.name.ident.clone()];
        for constraint in &def.constraints {
            let kind = match &constraint.kind {
                ColumnConstraintKind::NotNull { no_inherit } => {
                    column.not_null = true;
                    column.nulls_remain = *no_inherit;
                    let chosen = || {
                        let own = Some(def.name.ident.as_str());
                        let none = FxHashSet::default();
                        self.choose_constraint_name(&table.schema, &table.name, own, "not_null", &none)
                    };
                    let name = constraint.name.as_ref().map(|it| it.ident.clone());
                    if let Some(name) = name.or_else(|| no_inherit.then(chosen)) {
                        if *no_inherit {
                            Arc::make_mut(&mut relation.details).no_inherit.push(name.clone());
                        }
                        relation.not_nulls.retain(|it| it.1 != def.name.ident);
                        relation.not_nulls.push((name, def.name.ident.clone()));
                    }
                    continue;
                }
                ColumnConstraintKind::Null => continue,
                ColumnConstraintKind::Default(expr) => {
                    column.default =
                        Some(self.expr_text(*expr).map_or(ColumnDefault::Unknown, ColumnDefault::Sql));
                    continue;
                }
                ColumnConstraintKind::Generated { expr, stored } => {
                    let expression = self.expr_text(*expr).map(|it| unwrap_parens(&it));
                    column.generated = Some(Generated { expression, stored: *stored });
                    continue;
                }
                ColumnConstraintKind::Identity { always, options } => {
                    identity = options;
                    column.identity = Some(if *always { Identity::Always } else { Identity::ByDefault });
                    column.not_null = true;
                    owns = true;
                    continue;
                }
                ColumnConstraintKind::Unique { nulls_not_distinct } => PendingKind::Unique {
                    columns: columns.clone(),
                    nulls_not_distinct: *nulls_not_distinct,
                    without_overlaps: false,
                },
                ColumnConstraintKind::PrimaryKey => {
                    PendingKind::PrimaryKey { columns: columns.clone(), without_overlaps: false }
                }
                ColumnConstraintKind::References(references) => {
                    let references = self.reference(references, Some(table));
                    PendingKind::ForeignKey { columns: columns.clone(), references }
                }
                ColumnConstraintKind::Check(expr) => {
                    let Some(text) = self.expr_text(*expr) else { continue };
                    PendingKind::Check { text: unwrap_parens(&text), no_inherit: constraint.no_inherit }
                }
            };
            let name = constraint.name.as_ref().map(|it| it.ident.clone());
            let (deferrable, deferred) = (constraint.deferrable, constraint.deferred);
            let (range, not_enforced) = (constraint.range, constraint.not_enforced);
            pending.push(Pending {
                name,
                kind,
                range,
                only: false,
                deferrable,
                deferred,
                not_enforced,
                not_valid: false,
                tail: None,
            });
        }
        if owns {
            let taken: FxHashSet<Ident> = sequences.iter().map(|it| it.name.clone()).collect();
            let sequence = self.owned_sequence(table, &column, &taken, identity);
            if column.identity.is_none() {
                column.default = Some(ColumnDefault::Sql(default_of_sequence(&sequence, self)));
            }
            sequences.push(sequence);
        }
        match merged {
            Some(idx) => relation.columns[idx] = column,
            None => relation.columns.push(column),
        }
    }

    pub(super) fn create_policy(&mut self, policy: &ddl::Policy) {
        let Some(table) = self.find(&policy.table) else { return };
        let made = self.policy(policy);
        if let Some(relation) = self.relation_mut(&table)
            && !relation.policies.iter().any(|it| it.name == made.name)
        {
            relation.policies.push(made);
            self.note_policy(&table, &policy.name.ident);
        }
    }

    pub(super) fn alter_policy(&mut self, policy: &ddl::Policy) {
        let Some(table) = self.find(&policy.table) else { return };
        let new = self.policy(policy);
        let Some(relation) = self.relation_mut(&table) else { return };
        if let Some(own) = relation.policies.iter_mut().find(|it| it.name == new.name) {
            if !new.roles.is_empty() {
                own.roles = new.roles;
            }
            own.using = new.using.or_else(|| own.using.take());
            own.with_check = new.with_check.or_else(|| own.with_check.take());
        }
        self.note_policy(&table, &policy.name.ident);
    }

    fn policy(&self, policy: &ddl::Policy) -> Policy {
        let text = |it: Option<_>| it.and_then(|it| self.expr_text(it)).map(|it| unwrap_parens(&it));
        Policy {
            name: policy.name.ident.clone(),
            command: policy.command.to_ascii_lowercase().into(),
            permissive: policy.permissive,
            roles: policy.roles.iter().map(|it| it.ident.as_str().into()).collect(),
            using: text(policy.using),
            with_check: text(policy.with_check),
            origin: self.origin(policy.name.range),
        }
    }
}

/// `nextval('public.t_id_seq'::regclass)`, as PostgreSQL prints it.
fn default_of_sequence(sequence: &Relation, fold: &Fold<'_>) -> SmolStr {
    let visible = fold.catalog.search_path.contains(&sequence.schema);
    let name = match visible {
        true => sequence.name.quoted(),
        false => format!("{}.{}", sequence.schema.quoted(), sequence.name.quoted()),
    };
    format!("nextval('{}'::regclass)", name.replace('\'', "''")).into()
}

/// Without the parentheses that the grammar asks for around it.
pub(super) fn unwrap_parens(text: &str) -> SmolStr {
    let inner = text.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let Some(inner) = inner else { return text.into() };
    let mut depth = 0i32;
    for token in crate::sql::token::significant(inner) {
        match token.kind {
            crate::sql::token::TokenKind::OpenParen => depth += 1,
            crate::sql::token::TokenKind::CloseParen => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return text.into();
        }
    }
    inner.trim().into()
}

/// Renames a column in a text of SQL.
pub(super) fn renamed(text: &Option<SmolStr>, from: &Ident, to: &Ident) -> Option<SmolStr> {
    text.as_ref().map(|it| replace_name(it, from, to).into())
}
