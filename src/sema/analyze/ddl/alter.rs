//! ALTER TABLE and what is written like it (`ATController`, `ATPrepCmd`, `ATExecCmd`).

mod column;
mod constraint;
mod inherit;
mod persistence;
mod rebuild;
mod retype;
mod index;

use std::sync::Arc;

use crate::catalog::{Relation, RelationKind, TypeKind, fold};
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
        let mut state =
            State { relation: Relation::clone(&relation), keys, retyped: Vec::new(), cascaded: false };
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

    /// `ALTER TABLE ONLY` of a table that others inherit from.
    fn misses_children(&mut self, relation: &Relation, state: &State, action: &AlterTable) -> bool {
        let own = qualified(relation);
        let inherited = self.is_exact()
            && self
                .catalog
                .relations
                .values()
                .any(|it| it.kind != RelationKind::Sequence && it.parents.contains(&own));
        if !inherited {
            return false;
        }
        let (name, message) = match action {
            AlterTable::DropExpression { name } => {
                let message = "ALTER TABLE / DROP EXPRESSION must be applied to child tables too";
                self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                return true;
            }
            AlterTable::AddColumn { column, .. }
                if !state.relation.columns.iter().any(|it| it.name == column.name.ident) =>
            {
                (&column.name, "column must be added to child tables too".to_owned())
            }
            AlterTable::RenameColumn { name, .. } => {
                (name, format!("inherited column \"{}\" must be renamed in child tables too", name.ident))
            }
            AlterTable::RenameConstraint { name, .. }
                if relation
                    .checks
                    .iter()
                    .any(|it| it.name.as_ref() == Some(&name.ident) && !it.no_inherit) =>
            {
                (name, format!("inherited constraint \"{}\" must be renamed in child tables too", name.ident))
            }
            AlterTable::SetType { name, .. }
                if state.relation.columns.iter().any(|it| it.name == name.ident) =>
            {
                let message = format!(
                    "type of inherited column \"{}\" must be changed in child tables too",
                    name.ident
                );
                (name, message)
            }
            AlterTable::SetNotNull { name }
                if relation.kind == RelationKind::PartitionedTable
                    && relation.columns.iter().any(|it| it.name == name.ident && !it.not_null) =>
            {
                (name, "constraint must be added to child tables too".to_owned())
            }
            AlterTable::AddConstraint(constraint)
                if matches!(constraint.kind, crate::sql::hir::ddl::TableConstraintKind::Check(_))
                    && !constraint.no_inherit
                    && constraint.name.as_ref().is_none_or(|it| {
                        relation.checks.iter().all(|own| own.name.as_ref() != Some(&it.ident))
                    }) =>
            {
                let message = "constraint must be added to child tables too";
                self.report(code::INVALID_TABLE_DEFINITION, constraint.range, message);
                return true;
            }
            AlterTable::DropColumn { name, .. }
                if relation.kind == RelationKind::PartitionedTable
                    && state.relation.columns.iter().any(|it| it.name == name.ident) =>
            {
                let message = "cannot drop column from only the partitioned table when partitions exist";
                (name, message.to_owned())
            }
            _ => return false,
        };
        self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
        true
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

    /// `ALTER VIEW t` of a table.
    pub fn is_written_kind(&mut self, relation: &Relation, written: Written, name: &QName) -> bool {
        let fits = match written {
            // ALTER TABLE is for relations of every kind.
            Written::Table => true,
            Written::View => relation.kind == RelationKind::View,
            Written::MaterializedView => relation.kind == RelationKind::MaterializedView,
            Written::Sequence => relation.kind == RelationKind::Sequence,
            Written::ForeignTable => relation.kind == RelationKind::Foreign,
            Written::Index => false,
        };
        // What is temporary may be gone.
        let lasts = relation.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA;
        if !fits && lasts && self.is_certain(relation.origin) {
            self.is_no(written, name);
        }
        fits
    }

    /// `"x" is not a view`.
    fn is_no(&mut self, written: Written, name: &QName) {
        let words = match written {
            Written::View => "a view",
            Written::MaterializedView => "a materialized view",
            Written::Sequence => "a sequence",
            Written::Index => "an index",
            Written::ForeignTable => "a foreign table",
            Written::Table => "a table",
        };
        let Some(last) = name.last() else { return };
        let message = format!("\"{}\" is not {words}", last.ident);
        self.report(code::WRONG_OBJECT_TYPE, at(name), message);
    }

    fn wrong_action(&mut self, name: &QName, words: &str, kinds: &str) {
        let Some(last) = name.last() else { return };
        let message = format!("ALTER action {words} cannot be performed on relation \"{}\"", last.ident);
        self.report(code::WRONG_OBJECT_TYPE, at(name), message)
            .hint(format!("This operation is not supported for {kinds}."));
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
                if matches!(
                    id,
                    Some(
                        crate::catalog::TypeId::INT2
                            | crate::catalog::TypeId::INT4
                            | crate::catalog::TypeId::INT8
                    )
                ) {
                    self.sequence_options(options, id, true);
                }
            }
            AlterTable::SetIdentity { name, .. } | AlterTable::DropIdentity { name } => {
                if let AlterTable::SetIdentity { options, .. } = action {
                    self.sequence_options(options, None, false);
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
                if self.altered_index(state, name).is_some() {
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
                self.index_of(before, name, true);
            }
            AlterTable::ReplicaIdentity(name) => {
                let found = before.indexes.iter().find(|it| it.name.as_ref() == Some(&name.ident));
                let mut keys = before.primary_key.iter().chain(&before.uniques);
                let deferrable = keys.any(|it| it.deferrable && it.name.as_ref() == Some(&name.ident));
                if deferrable && self.is_exact() {
                    let message =
                        format!("cannot use non-immediate index \"{}\" as replica identity", name.ident);
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                    return;
                }
                if self.index_of(before, name, false)
                    && found.is_some_and(|it| !it.unique && !it.items.is_empty())
                {
                    let message =
                        format!("cannot use non-unique index \"{}\" as replica identity", name.ident);
                    self.report(code::WRONG_OBJECT_TYPE, name.range, message);
                } else if let Some(index) = found.filter(|it| !it.items.is_empty() && self.is_exact()) {
                    self.identifies(&state.relation, index, name);
                }
            }
            AlterTable::SetAccessMethod(name) => {
                self.missing_method(name);
            }
            AlterTable::Of(ty) => {
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
                self.relation_options(before, options, *reset);
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

    /// Partitions have the identity columns of their table.
    fn identity_of_partition(&mut self, relation: &Relation, action: &AlterTable, name: &Name) -> bool {
        let is_partition = self.is_exact()
            && self.catalog.server_version.is_none_or(|it| it >= 17)
            && relation.columns.iter().any(|it| it.name == name.ident)
            && relation.parents.iter().any(|it| {
                self.catalog.relations.get(it).is_some_and(|it| it.kind == RelationKind::PartitionedTable)
            });
        if is_partition {
            let message = match action {
                AlterTable::AddIdentity { .. } => "cannot add identity to a column of a partition",
                AlterTable::DropIdentity { .. } => "cannot drop identity from a column of a partition",
                _ => "cannot change identity column of a partition",
            };
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
        }
        is_partition
    }

    /// Whether a unique index tells rows apart (`ATExecReplicaIdentity`).
    fn identifies(&mut self, relation: &Relation, index: &crate::catalog::Index, name: &Name) {
        let nullable = index.items.iter().find_map(|it| {
            let column = relation.columns.iter().find(|own| Some(&own.name) == it.column.as_ref())?;
            (!column.not_null).then_some(&column.name)
        });
        let own = &name.ident;
        let message = if index.items.iter().any(|it| it.column.is_none()) {
            format!("cannot use expression index \"{own}\" as replica identity")
        } else if index.predicate.is_some() {
            format!("cannot use partial index \"{own}\" as replica identity")
        } else if let Some(column) = nullable {
            format!(
                "index \"{own}\" cannot be used as replica identity because column \"{column}\" is nullable"
            )
        } else {
            return;
        };
        let code = match index.items.iter().any(|it| it.column.is_none()) || index.predicate.is_some() {
            true => code::FEATURE_NOT_SUPPORTED,
            false => code::WRONG_OBJECT_TYPE,
        };
        self.report(code, name.range, message);
    }

    fn word_before_end(&self, word: &str) -> crate::base::text::TextRange {
        let end = text_size::TextSize::of(self.text);
        self.word_before(end, word).unwrap_or_default()
    }

    /// `OF type`: the table's columns are the type's (`ATExecAddOf`).
    fn has_columns_of(&mut self, relation: &Relation, of: &QName) {
        if relation.open || !self.is_certain(relation.origin) {
            return;
        }
        let schema = of.schema().map(|it| &it.ident);
        let id = of.last().and_then(|it| crate::catalog::lookup::named_type(self.catalog, schema, &it.ident));
        let Some(TypeKind::Composite { relation: None, columns }) =
            id.and_then(|it| self.type_info(it)).map(|it| &it.kind)
        else {
            return;
        };
        let mut own = relation.columns.iter();
        for (name, ty) in columns {
            let message = match own.next() {
                None => format!("table is missing column \"{name}\""),
                Some(column) if column.name != *name => {
                    format!("table has column \"{}\" where type requires \"{name}\"", column.name)
                }
                Some(column) => match (column.ty, ty) {
                    (Some(a), Some(b)) if a != *b => {
                        format!("table \"{}\" has different type for column \"{name}\"", relation.name)
                    }
                    _ => continue,
                },
            };
            self.report(code::DATATYPE_MISMATCH, at(of), message);
            return;
        }
        if let Some(column) = own.next() {
            let message = format!("table has extra column \"{}\"", column.name);
            self.report(code::DATATYPE_MISMATCH, at(of), message);
        }
    }

    fn plain_action(&mut self, relation: &Relation, words: &str) {
        if !self.is_certain(relation.origin) {
            return;
        }
        let place = self.word_before_end("set");
        if let "SET LOGGED" | "SET UNLOGGED" = words {
            return self.set_persistence(relation, words == "SET LOGGED", place);
        }
        if words == "SET WITHOUT CLUSTER" && relation.kind == RelationKind::PartitionedTable {
            let message = "cannot mark index clustered in partitioned table";
            self.report(code::FEATURE_NOT_SUPPORTED, place, message);
        }
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

type Kinds = &'static [RelationKind];

/// How PostgreSQL calls an action, and what it can be done to; `None`: to anything.
fn allowed(action: &AlterTable) -> Option<(&'static str, Kinds)> {
    use RelationKind::{Foreign, MaterializedView, PartitionedTable, Table, View};
    const TABLES: Kinds = &[Table, PartitionedTable, Foreign];
    const OR_VIEWS: Kinds = &[Table, PartitionedTable, Foreign, View];
    const STORED: Kinds = &[Table, PartitionedTable, Foreign, MaterializedView];
    const OWN: Kinds = &[Table, PartitionedTable];
    Some(match action {
        AlterTable::AddColumn { .. } => ("ADD COLUMN", TABLES),
        AlterTable::Generic { column: None, .. } => ("OPTIONS", &[Foreign]),
        AlterTable::Generic { .. } => ("ALTER COLUMN ... OPTIONS", &[Foreign]),
        AlterTable::DropColumn { .. } => ("DROP COLUMN", TABLES),
        AlterTable::SetType { .. } => ("ALTER COLUMN ... SET DATA TYPE", TABLES),
        AlterTable::SetDefault { .. } | AlterTable::DropDefault { .. } => {
            ("ALTER COLUMN ... SET DEFAULT", OR_VIEWS)
        }
        AlterTable::SetNotNull { .. } => ("ALTER COLUMN ... SET NOT NULL", TABLES),
        AlterTable::DropNotNull { .. } => ("ALTER COLUMN ... DROP NOT NULL", TABLES),
        AlterTable::AddIdentity { .. } => ("ALTER COLUMN ... ADD IDENTITY", OR_VIEWS),
        AlterTable::SetIdentity { .. } => ("ALTER COLUMN ... SET", OR_VIEWS),
        AlterTable::DropIdentity { .. } => ("ALTER COLUMN ... DROP IDENTITY", OR_VIEWS),
        AlterTable::SetExpression { .. } => ("ALTER COLUMN ... SET EXPRESSION", TABLES),
        AlterTable::DropExpression { .. } => ("ALTER COLUMN ... DROP EXPRESSION", TABLES),
        AlterTable::AddConstraint(_) => ("ADD CONSTRAINT", TABLES),
        AlterTable::DropConstraint { .. } => ("DROP CONSTRAINT", TABLES),
        AlterTable::ValidateConstraint { .. } => ("VALIDATE CONSTRAINT", TABLES),
        AlterTable::RowSecurity { enabled: true } => ("ENABLE ROW SECURITY", OWN),
        AlterTable::RowSecurity { enabled: false } => ("DISABLE ROW SECURITY", OWN),
        AlterTable::Inherit { inherit: true, .. } => ("INHERIT", TABLES),
        AlterTable::Inherit { inherit: false, .. } => ("NO INHERIT", TABLES),
        AlterTable::AttachPartition { .. } => ("ATTACH PARTITION", &[PartitionedTable]),
        AlterTable::DetachPartition(_) => ("DETACH PARTITION", &[PartitionedTable]),
        AlterTable::SetStorage { .. } => ("ALTER COLUMN ... SET STORAGE", STORED),
        AlterTable::SetCompression { .. } => ("ALTER COLUMN ... SET COMPRESSION", STORED),
        AlterTable::ColumnOptions { options, .. } if options.is_empty() => {
            ("ALTER COLUMN ... SET STATISTICS", STORED)
        }
        AlterTable::ColumnOptions { .. } => ("ALTER COLUMN ... SET", STORED),
        AlterTable::AlterConstraint { .. } => ("ALTER CONSTRAINT", OWN),
        AlterTable::Trigger(_) => ("ENABLE TRIGGER", TABLES),
        AlterTable::Rule(_) => ("ENABLE RULE", OWN),
        AlterTable::Of(_) => ("OF", OWN),
        AlterTable::NotOf => ("NOT OF", OWN),
        AlterTable::Plain("REPLICA IDENTITY") | AlterTable::ReplicaIdentity(_) => {
            ("REPLICA IDENTITY", &[Table, PartitionedTable, MaterializedView])
        }
        AlterTable::Plain(words @ ("SET LOGGED" | "SET UNLOGGED")) => {
            (*words, &[Table, RelationKind::Sequence])
        }
        AlterTable::Plain("SET WITHOUT CLUSTER") => {
            ("SET WITHOUT CLUSTER", &[Table, PartitionedTable, MaterializedView])
        }
        AlterTable::ClusterOn(_) => ("CLUSTER ON", &[Table, PartitionedTable, MaterializedView]),
        _ => return None,
    })
}
