//! ALTER TABLE and what is written like it (`ATController`, `ATPrepCmd`, `ATExecCmd`).

mod allowed;
mod children;
mod column;
mod constraint;
mod identify;
mod inherit;
mod persistence;
mod rebuild;
mod retype;
mod typed;
mod value;
mod index;

use allowed::allowed;

use std::sync::Arc;

use crate::catalog::{Relation, RelationKind, Type, TypeKind, fold};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{AlterTable, RelationKind as Written};
use crate::sql::hir::{Ddl, Name, QName};

use super::super::binder::Binder;
use super::super::relation::qualified;
use super::constraint::Keys;
use super::name::{Object, at, plural};
use super::table::Own;

/// The table as the actions so far leave it.
struct State {
    relation: Relation,
    keys: Keys,
    retyped: Vec<Ident>,
    /// The columns that got types: what they had, what they have.
    typed: Vec<(Name, Type, Type)>,
    /// How many are to get types yet.
    n_untyped: usize,
    /// When the statement began.
    n_problems: usize,
    /// A column was dropped with all that depended on it.
    cascaded: bool,
}

impl<'a> Binder<'a> {
    pub fn alter_table(
        &mut self,
        ddl: &'a Ddl,
        name: &'a QName,
        written: Written,
        if_exists: bool,
        only: bool,
        actions: &'a [AlterTable],
    ) {
        let relation = match self.object(name, if_exists) {
            Object::Relation(it) => it,
            Object::Index { table, .. } if written == Written::Index => {
                self.alter_index(name, &table, actions);
                return;
            }
            Object::Index { origin, .. } if written != Written::Table => {
                if self.is_certain(origin) {
                    self.is_no(written, name);
                }
                return;
            }
            Object::Index { .. } => {
                if let Some((words, _)) = actions.first().and_then(allowed) {
                    self.wrong_action(name, words, "indexes");
                }
                return;
            }
            Object::Missing => return self.missing_altered(name, if_exists),
            Object::Unknown => return,
        };
        // A column of any relation can be renamed under any word.
        let renames = actions.iter().all(|it| matches!(it, AlterTable::RenameColumn { .. }));
        if !renames && !self.is_written_kind(&relation, written, name) {
            return;
        }
        let after = fold::preview(self.catalog, ddl, &self.stmt.exprs, self.text);
        let full = qualified(&relation);
        let Some(left) = after.relations.get(&full).cloned() else { return };
        let own = Own { name: &full, relation: &left, taken: false };
        let keys = Keys::of(&relation, self);
        let mut state = State {
            relation: Relation::clone(&relation),
            keys,
            retyped: Vec::new(),
            typed: Vec::new(),
            n_untyped: actions.iter().filter(|it| matches!(it, AlterTable::SetType { .. })).count(),
            n_problems: self.problems.len(),
            cascaded: false,
        };
        let mut refused: Vec<&str> = Vec::new();
        let mut ordered: Vec<&'a AlterTable> = actions.iter().collect();
        ordered.sort_by_key(|it| it.pass());
        let all = ordered.clone();
        for action in ordered {
            if let Some((words, kinds)) = allowed(action)
                && !kinds.contains(&relation.kind)
            {
                // Drizzle does not say whether a table is partitioned.
                let drizzle = relation.kind == RelationKind::Table
                    && kinds.contains(&RelationKind::PartitionedTable)
                    && !matches!(relation.origin, crate::catalog::Origin::Sql { .. });
                if drizzle {
                    continue;
                }
                if !refused.contains(&words) && self.is_certain(relation.origin) {
                    self.wrong_action(name, words, plural(relation.kind));
                    refused.push(words);
                }
                continue;
            }
            if only && self.only_of_partitioned(&relation, action) {
                continue;
            }
            if only && self.misses_children(&relation, &state, action) {
                if let AlterTable::AddColumn { column, .. } = action {
                    self.system_column_name(&column.name);
                    self.column_type(column);
                }
                continue;
            }
            self.action(&own, &relation, &mut state, (action, &all));
        }
    }

    pub(super) fn missing_altered(&mut self, name: &'a QName, if_exists: bool) {
        let schema = name.schema().map(|it| &it.ident);
        let id =
            name.last().and_then(|it| crate::catalog::lookup::named_type(self.catalog, schema, &it.ident));
        let composite = id.and_then(|it| self.type_info(it));
        if composite.is_some_and(|it| matches!(it.kind, TypeKind::Composite { relation: None, .. })) {
            let Some(last) = name.last() else { return };
            let message = format!("\"{}\" is a composite type", last.ident);
            self.report(code::WRONG_OBJECT_TYPE, at(name), message).hint("Use ALTER TYPE instead.");
        } else if !if_exists {
            self.missing_relation(name);
        }
    }

    /// An action, of all of the statement.
    fn action(
        &mut self,
        own: &Own<'_>,
        before: &Arc<Relation>,
        state: &mut State,
        (action, ordered): (&'a AlterTable, &[&'a AlterTable]),
    ) {
        if let AlterTable::AddIdentity { name, .. }
        | AlterTable::SetIdentity { name, .. }
        | AlterTable::DropIdentity { name } = action
            && self.identity_of_partition(before, action, name)
        {
            return;
        }
        match action {
            AlterTable::AddColumn { column, if_not_exists } => {
                self.add_column(own, state, column, *if_not_exists);
            }
            AlterTable::DropColumn { name, if_exists, cascade } => {
                self.drop_column(before, state, name, *if_exists, *cascade);
            }
            AlterTable::RenameColumn { name, new_name } => self.rename_column(before, name, new_name),
            AlterTable::SetType { name, ty, using, collation } => {
                self.set_type(before, state, name, ty, *using, collation.as_ref());
                state.n_untyped -= 1;
                if state.n_untyped == 0 && self.problems.len() == state.n_problems && self.is_exact() {
                    self.rebuilt(&state.relation, &state.typed);
                }
            }
            AlterTable::SetDefault { name, expr } => self.set_default(state, name, *expr),
            AlterTable::DropDefault { name } => {
                let Some(column) = self.altered_column(state, name) else { return };
                if column.identity.is_some() {
                    self.is_identity(state, name).hint = drop_hint("IDENTITY");
                } else if column.generated.is_some() {
                    self.is_generated(state, name).hint = drop_hint("EXPRESSION");
                } else if let Some(idx) = self.altered_index(state, name)
                    && let Some(column) = state.relation.columns.get_mut(idx)
                {
                    column.default = None;
                }
            }
            AlterTable::SetNotNull { name } => {
                let own = state.relation.not_nulls.iter().find(|it| it.1 == name.ident).map(|it| &it.0);
                if let Some(own) = own.filter(|it| before.details.no_inherit.contains(it) && self.is_exact())
                {
                    let message = format!(
                        "cannot change NO INHERIT status of NOT NULL constraint \"{own}\" on relation \"{}\"",
                        before.name
                    );
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                    return;
                }
                if let Some(idx) = self.altered_index(state, name)
                    && let Some(column) = state.relation.columns.get_mut(idx)
                {
                    column.not_null = true;
                }
            }
            AlterTable::DropNotNull { name } => self.drop_not_null(before, state, name),
            AlterTable::AddIdentity { name, options, .. } => {
                let ty = state.relation.columns.iter().find(|it| it.name == name.ident);
                let id = ty.and_then(|it| it.ty).map(|it| it.id);
                self.add_identity(state, name);
                self.sequence_name_taken(own, options);
                use crate::catalog::TypeId;
                if let Some(id @ (TypeId::INT2 | TypeId::INT4 | TypeId::INT8)) = id {
                    self.sequence_options(options, super::sequence::Of::New(id));
                }
            }
            AlterTable::SetIdentity { name, .. } | AlterTable::DropIdentity { name } => {
                if let AlterTable::SetIdentity { options, .. } = action {
                    self.identity_options(own.name, &name.ident, options);
                }
                // Whether `IF EXISTS` is written, the tree does not tell.
                let tolerant = self.says_if_exists(name);
                let Some(column) = self.altered_column(state, name) else { return };
                if column.identity.is_none() && !tolerant && self.is_certain(column.origin) {
                    let message = format!(
                        "column \"{}\" of relation \"{}\" is not an identity column",
                        name.ident, state.relation.name
                    );
                    self.report(code::OBJECT_NOT_IN_STATE, name.range, message);
                }
                if let (AlterTable::DropIdentity { .. }, Some(idx)) =
                    (action, self.altered_index(state, name))
                    && let Some(column) = state.relation.columns.get_mut(idx)
                {
                    column.identity = None;
                }
            }
            AlterTable::SetExpression { name, expr } => {
                let Some(column) = self.altered_column(state, name) else { return };
                if column.generated.is_none() {
                    self.not_generated(state, name);
                } else if column.generated.as_ref().is_some_and(|it| !it.stored)
                    && !before.checks.is_empty()
                    && self.is_exact()
                {
                    let message = "ALTER TABLE / SET EXPRESSION is not supported for virtual generated columns in tables with check constraints";
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                } else {
                    self.generated(
                        own.relation,
                        &name.ident,
                        column.ty.map_or(Ty::Unknown, Ty::Known),
                        *expr,
                    );
                }
            }
            AlterTable::DropExpression { name } => {
                let tolerant = self.says_if_exists(name);
                let Some(column) = self.altered_column(state, name) else { return };
                if self.is_inherited(before, &name.ident) && self.is_exact() {
                    let message = "cannot drop generation expression from inherited column";
                    self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
                    return;
                }
                if column.generated.is_none() && !tolerant {
                    self.not_generated(state, name);
                } else if column.generated.as_ref().is_some_and(|it| !it.stored) {
                    let message =
                        "ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns";
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                } else if let Some(idx) = self.altered_index(state, name)
                    && let Some(column) = state.relation.columns.get_mut(idx)
                {
                    column.generated = None;
                }
            }
            AlterTable::AddConstraint(constraint) => {
                self.table_constraint(own, constraint, &mut state.keys);
            }
            AlterTable::DropConstraint { name, if_exists, cascade } => {
                self.drop_constraint(before, state, name, *if_exists, *cascade);
            }
            AlterTable::RenameConstraint { name, new_name } => {
                self.rename_constraint(before, name, new_name);
            }
            AlterTable::ValidateConstraint { name } => {
                let added = ordered.iter().any(|it| match it {
                    AlterTable::AddConstraint(it) => {
                        it.name.as_ref().is_some_and(|it| it.ident == name.ident)
                    }
                    _ => false,
                });
                if !added && self.no_constraint(&state.relation, name, "of relation") {
                    self.not_validated(&state.relation, name);
                }
            }
            AlterTable::Inherit { parent, inherit } => self.inherit(before, parent, *inherit),
            AlterTable::AttachPartition { partition, bound } => {
                if let Object::Relation(it) = self.object(partition, true)
                    && matches!(
                        it.kind,
                        RelationKind::View | RelationKind::MaterializedView | RelationKind::Sequence
                    )
                    && self.is_certain(it.origin)
                {
                    self.wrong_action(partition, "ATTACH PARTITION", plural(it.kind));
                    return;
                }
                let is_temporary = |it: &Relation| it.schema.as_str() == crate::catalog::lookup::TEMP_SCHEMA;
                if let Object::Relation(it) = self.object(partition, true)
                    && is_temporary(&it) != is_temporary(before)
                    && it.parents.is_empty()
                    && self.is_exact()
                {
                    let (child, parent) = match is_temporary(before) {
                        true => ("permanent", "temporary"),
                        false => ("temporary", "permanent"),
                    };
                    let message = format!(
                        "cannot attach a {child} relation as partition of {parent} relation \"{}\"",
                        before.name
                    );
                    self.report(code::WRONG_OBJECT_TYPE, at(partition), message);
                    return;
                }
                self.attach(before, partition, bound.as_ref());
            }
            AlterTable::DetachPartition(partition) => {
                if let Some(found) = self.existing_relation(partition, false)
                    && !found.parents.contains(own.name)
                    && self.is_certain(found.origin)
                {
                    let message = format!(
                        "relation \"{}\" is not a partition of relation \"{}\"",
                        found.name, before.name
                    );
                    self.report(code::UNDEFINED_TABLE, at(partition), message);
                } else if self.says("concurrently") && self.has_default_partition(before) {
                    let message = "cannot detach partitions concurrently when a default partition exists";
                    self.report(code::OBJECT_NOT_IN_STATE, at(partition), message);
                }
            }
            AlterTable::SetStorage { name, storage } => {
                let Some(column) = self.altered_column(state, name) else { return };
                self.column_storage(column.ty.map(|it| it.id), storage);
            }
            AlterTable::SetCompression { name, method } => {
                let Some(column) = self.altered_column(state, name) else { return };
                self.column_compression(column.ty.map(|it| it.id), method);
            }
            AlterTable::ColumnOptions { name, options, reset } => {
                let Some(column) = self.altered_column(state, name) else { return };
                if options.is_empty() {
                    self.statistics_target(&column, name);
                } else {
                    self.settings(super::options::COLUMN, options, *reset);
                }
            }
            AlterTable::AlterConstraint { name, change } => {
                if self.no_constraint(&state.relation, name, "of relation") {
                    self.not_changeable(&state.relation, name, *change);
                }
            }
            AlterTable::Trigger(name) => {
                if self.is_exact() {
                    self.missing_inside(crate::sql::hir::ddl::ObjectKind::Trigger, before, name);
                }
            }
            AlterTable::Rule(name) => {
                self.missing_rule(before, name, false);
            }
            AlterTable::ClusterOn(name) => {
                if self.index_of(before, name, true) && before.kind == RelationKind::PartitionedTable {
                    let message = "cannot mark index clustered in partitioned table";
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                }
            }
            AlterTable::ReplicaIdentity(name) => self.replica_identity(own.relation, name),
            AlterTable::SetAccessMethod(name) => {
                self.missing_method(name);
            }
            AlterTable::Of(ty) => {
                if !before.parents.is_empty() && self.is_exact() && self.row_type_of(ty) {
                    self.report(code::WRONG_OBJECT_TYPE, at(ty), "typed tables cannot inherit");
                    return;
                }
                if self.row_type_of(ty) {
                    self.has_columns_of(before, ty);
                }
            }
            AlterTable::Options { options, reset } => {
                if before.kind == RelationKind::PartitionedTable && !options.is_empty() && !reset {
                    let message = "cannot specify storage parameters for a partitioned table";
                    let at = options.first().and_then(|it| it.name.range()).unwrap_or_default();
                    self.report(code::WRONG_OBJECT_TYPE, at, message);
                    return;
                }
                let n_problems = self.problems.len();
                self.relation_options(before, options, *reset);
                if self.problems.len() == n_problems && !reset && before.kind == RelationKind::View {
                    self.checks_nothing(before, options);
                }
            }
            AlterTable::NotOf => {
                if before.of_type.is_none() && self.is_certain(before.origin) {
                    let message = format!("\"{}\" is not a typed table", before.name);
                    let place = self.word_before_end("not");
                    self.report(code::WRONG_OBJECT_TYPE, place, message);
                }
            }
            AlterTable::Plain(words) => self.plain_action(before, words),
            AlterTable::Generic { column, options } => {
                self.foreign_table_options(own.name, before, column.as_ref(), options);
            }
            AlterTable::RowSecurity { .. } | AlterTable::Mysql(_) | AlterTable::Other => {}
        }
    }

    fn word_before_end(&self, word: &str) -> crate::base::text::TextRange {
        let end = text_size::TextSize::of(self.text);
        self.word_before(end, word).unwrap_or_default()
    }

    /// `… IF EXISTS` behind the column's name.
    fn says_if_exists(&self, name: &Name) -> bool {
        let rest = self.text.get(usize::from(name.range.end())..).unwrap_or("");
        let end = rest.find(',').unwrap_or(rest.len());
        let rest = rest.get(..end).unwrap_or("").to_ascii_lowercase();
        let words: Vec<&str> = rest.split_ascii_whitespace().collect();
        words
            .windows(2)
            .any(|it| it.first() == Some(&"if") && it.get(1).is_some_and(|it| it.starts_with("exists")))
    }
}

fn drop_hint(what: &str) -> Option<String> {
    Some(format!("Use ALTER TABLE ... ALTER COLUMN ... DROP {what} instead."))
}
