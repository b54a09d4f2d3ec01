//! CREATE TABLE (`transformCreateStmt`, `DefineRelation`, `MergeAttributes`).

mod column;
pub mod inherit;
mod partition;

use std::sync::Arc;

use crate::catalog::lookup::Lookup;
use crate::catalog::types::serial;
use crate::catalog::{Catalog, QualifiedName, Relation, RelationKind, TypeKind, fold};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{ColumnConstraintKind, CreateTable, TableConstraintKind};
use crate::sql::hir::{Ddl, QName};

use super::super::binder::Binder;
use super::constraint::Keys;
use super::name::{Object, at, is_table, new_name, plural, relation_origin};

impl<'a> Binder<'a> {
    pub fn create_table(&mut self, ddl: &'a Ddl, table: &'a CreateTable) {
        let Some(name) = new_name(self.catalog, &table.name, table.temporary) else { return };
        let place = at(&table.name);
        if table.temporary && table.name.schema().is_some_and(|it| !it.ident.as_str().starts_with("pg_temp"))
        {
            if self.missing_schema(&table.name, false) {
                return;
            }
            let message = "cannot create temporary relation in non-temporary schema";
            self.report(code::INVALID_TABLE_DEFINITION, place, message);
            return;
        }
        if table.if_not_exists && relation_origin(self.catalog, &name).is_some() {
            // PostgreSQL looks no further.
            return;
        }
        if !table.temporary && self.nowhere(&table.name) {
            return;
        }
        if table.temporary && self.catalog.relations.contains_key(&name) {
            // What was made ON COMMIT DROP, or in another session, is gone: nothing tells.
            return;
        }
        let lost = self.missing_schema(&table.name, false);
        let taken = !lost && self.taken(&name, place, table.if_not_exists);
        let sources = self.sources(table);
        let after = fold::preview(self.catalog, ddl, &self.stmt.exprs, self.text);
        let Some(relation) = after.relations.get(&name).cloned() else { return };
        let own = Own { name: &name, relation: &relation, taken: taken || lost };
        let n_before = self.problems.len();
        let stray = self.temporary_parents(table);
        self.no_identity(table);
        self.columns_of(table, &own);
        let n_problems = self.problems.len();
        self.typed_columns(table, &relation, sources);
        if sources && !stray && self.problems.len() == n_problems {
            self.inherited_clauses(table);
        }
        let mut keys = Keys::new(&own, self);
        for column in &table.columns {
            self.column_constraints(&own, column, &mut keys);
        }
        for constraint in &table.constraints {
            self.table_constraint(&own, constraint, &mut keys);
            self.unlike_not_null(table, constraint);
        }
        self.copied_checks(table, &name);
        self.partition_key(table, &relation);
        self.partition_checks(table);
        self.table_clauses(table, &relation);
        self.own_sequences(&name, &after, n_before);
    }

    /// The sequences of serial and identity columns are made before the table (`generateSerialExtraStmts`): defaults may
    /// name them.
    fn own_sequences(&mut self, table: &QualifiedName, after: &Catalog, from: usize) {
        let own = |it: &&Arc<Relation>| it.kind == RelationKind::Sequence && it.parents.contains(table);
        let messages = |it: &Arc<Relation>| {
            let (schema, name) = (&it.schema, &it.name);
            [
                format!("relation \"{name}\" does not exist"),
                format!("relation \"{schema}.{name}\" does not exist"),
            ]
        };
        if self.problems.len() == from {
            return;
        }
        let made: Vec<String> = after.relations.values().filter(own).flat_map(messages).collect();
        let mut idx = 0;
        self.problems.retain(|it| {
            idx += 1;
            idx <= from || it.code != code::UNDEFINED_TABLE || !made.contains(&it.message)
        });
    }

    /// Columns of typed tables and partitions are no identity columns of their own (`transformColumnDefinition`).
    fn no_identity(&mut self, table: &CreateTable) {
        let words = match (&table.of_type, &table.partition_of) {
            (Some(_), _) => "typed tables",
            (_, Some(_)) => "partitions",
            _ => return,
        };
        let constraints = table.columns.iter().flat_map(|it| &it.constraints);
        let identity = |it: &&crate::sql::hir::ddl::ColumnConstraint| {
            matches!(it.kind, ColumnConstraintKind::Identity { .. })
        };
        if let Some(found) = { constraints }.find(identity) {
            let message = format!("identity columns are not supported on {words}");
            self.report(code::FEATURE_NOT_SUPPORTED, found.range, message);
        }
    }

    /// What LIKE copies, and what partitioned tables cannot have of it.
    fn copied_checks(&mut self, table: &CreateTable, own: &QualifiedName) {
        for like in table.likes.iter().filter(|it| it.including_constraints) {
            let Lookup::Found(source) = self.find_relation(&like.source) else { continue };
            let source = Arc::clone(source);
            if !self.is_certain(source.origin) {
                continue;
            }
            if table.partitioned && source.checks.iter().any(|it| it.no_inherit) {
                let message =
                    format!("cannot add NO INHERIT constraint to partitioned table \"{}\"", own.name);
                self.report(code::INVALID_TABLE_DEFINITION, at(&like.source), message);
                return;
            }
            let names = table.constraints.iter().filter_map(|it| it.name.as_ref());
            let is_check = |name: &Ident| source.checks.iter().any(|it| it.name.as_ref() == Some(name));
            if let Some(name) = { names }.find(|it| is_check(&it.ident)) {
                let message =
                    format!("constraint \"{}\" for relation \"{}\" already exists", name.ident, own.name);
                self.report(code::DUPLICATE_OBJECT, name.range, message);
                return;
            }
        }
    }

    /// NOT NULL of a table that says another thing of children than its column does (`AddRelationNotNullConstraints`).
    fn unlike_not_null(&mut self, table: &CreateTable, constraint: &crate::sql::hir::ddl::TableConstraint) {
        let TableConstraintKind::NotNull(name) = &constraint.kind else { return };
        let in_key = table.constraints.iter().any(|it| match &it.kind {
            TableConstraintKind::PrimaryKey { columns, using_index: None, .. } => {
                columns.iter().any(|it| it.ident == name.ident)
            }
            _ => false,
        });
        let of_column = table.columns.iter().find(|it| it.name.ident == name.ident).and_then(|it| {
            let serial = it.ty.as_ref().is_some_and(|it| serial(&it.name).is_some());
            it.constraints
                .iter()
                .find_map(|it| match it.kind {
                    ColumnConstraintKind::NotNull { no_inherit } => Some(no_inherit),
                    ColumnConstraintKind::PrimaryKey | ColumnConstraintKind::Identity { .. } => Some(false),
                    _ => None,
                })
                .or(serial.then_some(false))
        });
        let other = of_column.or(in_key.then_some(false));
        if other.is_some_and(|it| it != constraint.no_inherit) {
            let message = format!(
                "conflicting NO INHERIT declaration for not-null constraint on column \"{}\"",
                name.ident
            );
            self.report(code::SYNTAX_ERROR, constraint.range, message);
        }
    }

    /// What is said behind the columns.
    fn table_clauses(&mut self, table: &'a CreateTable, relation: &Arc<Relation>) {
        if let Some(bound) = &table.bound
            && let Some(parent) = &table.partition_of
            && let Lookup::Found(parent) = self.find_relation(parent)
        {
            let parent = Arc::clone(parent);
            self.partition_bound(&parent, bound, &relation.name);
        }
        if table.partitioned && !table.options.is_empty() {
            let place = at(&table.name);
            let message = "cannot specify storage parameters for a partitioned table";
            self.report(code::WRONG_OBJECT_TYPE, place, message);
        } else {
            self.settings(super::options::HEAP, &table.options, false);
        }
        if let Some(method) = &table.method {
            let own = method.ident.as_str();
            if crate::catalog::pg::access_methods().any(|it| it == own) && own != "heap" {
                let message = format!("access method \"{own}\" is not of type TABLE");
                self.report(code::OBJECT_NOT_IN_STATE, method.range, message);
            } else {
                self.missing_method(method);
            }
        }
        let in_temp = table.name.schema().is_some_and(|it| it.ident.as_str().starts_with("pg_temp"));
        if table.unlogged && in_temp {
            let message = "only temporary relations may be created in temporary schemas";
            self.report(code::INVALID_TABLE_DEFINITION, at(&table.name), message);
        }
        if table.unlogged && table.partitioned {
            let message = "partitioned tables cannot be unlogged";
            self.report(code::FEATURE_NOT_SUPPORTED, at(&table.name), message);
        }
        if let Some(at) = table.on_commit.filter(|_| !table.temporary && !in_temp) {
            let message = "ON COMMIT can only be used on temporary tables";
            self.report(code::INVALID_TABLE_DEFINITION, at, message);
        }
    }

    /// What a table is made from: parents, LIKE, OF. `true`: all is known of them.
    fn sources(&mut self, table: &'a CreateTable) -> bool {
        let mut res = true;
        for like in &table.likes {
            match self.object(&like.source, false) {
                Object::Relation(it) if it.kind == RelationKind::Sequence => {
                    self.bad_like(&like.source, plural(it.kind));
                }
                Object::Index { .. } => self.bad_like(&like.source, "indexes"),
                Object::Relation(_) => continue,
                Object::Missing if self.is_row_type(&like.source) => continue,
                Object::Missing => self.missing_relation(&like.source),
                Object::Unknown => {}
            }
            res = false;
        }
        let mut seen: Vec<QualifiedName> = Vec::new();
        for parent in &table.inherits {
            if let Object::Relation(found) = self.object(parent, true)
                && seen.contains(&super::super::relation::qualified(&found))
            {
                let message = format!("relation \"{}\" would be inherited from more than once", found.name);
                self.report(code::DUPLICATE_TABLE, at(parent), message);
                res = false;
                continue;
            }
            if matches!(self.object(parent, true), Object::Index { .. }) {
                self.cannot_open(parent);
                res = false;
                continue;
            }
            let Some(found) = self.existing_relation(parent, false) else {
                res = false;
                continue;
            };
            let full = super::super::relation::qualified(&found);
            let name = &found.name;
            if !is_table(found.kind) {
                let message = format!("inherited relation \"{name}\" is not a table or foreign table");
                self.report(code::WRONG_OBJECT_TYPE, at(parent), message);
                res = false;
            } else if found.kind == RelationKind::PartitionedTable {
                let message = format!("cannot inherit from partitioned table \"{name}\"");
                self.report(code::WRONG_OBJECT_TYPE, at(parent), message);
                res = false;
            } else if !self.partitioned_parents(&found).is_empty() && self.is_certain(found.origin) {
                let message = format!("cannot inherit from partition \"{name}\"");
                self.report(code::WRONG_OBJECT_TYPE, at(parent), message);
                res = false;
            }
            seen.push(full);
        }
        if let Some(parent) = &table.partition_of {
            if matches!(self.object(parent, true), Object::Index { .. }) {
                self.cannot_open(parent);
            }
            match self.existing_relation(parent, false) {
                Some(found) if found.kind != RelationKind::PartitionedTable => {
                    // Drizzle does not say whether a table is partitioned.
                    if self.is_certain(found.origin)
                        && matches!(found.origin, crate::catalog::Origin::Sql { .. })
                    {
                        if is_table(found.kind) {
                            let message = format!("\"{}\" is not partitioned", found.name);
                            self.report(code::INVALID_OBJECT_DEFINITION, at(parent), message);
                        } else {
                            let message = format!(
                                "inherited relation \"{}\" is not a table or foreign table",
                                found.name
                            );
                            self.report(code::WRONG_OBJECT_TYPE, at(parent), message);
                        }
                    }
                    res = false;
                }
                Some(_) => {}
                None => res = false,
            }
        }
        if let Some(of) = &table.of_type {
            res &= self.row_type_of(of);
        }
        res
    }

    /// A composite type that stands by itself.
    pub fn is_row_type(&self, name: &QName) -> bool {
        let schema = name.schema().map(|it| &it.ident);
        let id =
            name.last().and_then(|it| crate::catalog::lookup::named_type(self.catalog, schema, &it.ident));
        let info = id.and_then(|it| self.type_info(it));
        info.is_some_and(|it| matches!(it.kind, TypeKind::Composite { .. } | TypeKind::Opaque))
    }

    fn bad_like(&mut self, source: &QName, kinds: &str) {
        let Some(last) = source.last() else { return };
        let message = format!("relation \"{}\" is invalid in LIKE clause", last.ident);
        self.report(code::WRONG_OBJECT_TYPE, at(source), message)
            .hint(format!("This operation is not supported for {kinds}."));
    }

    /// `OF type`: a composite type that stands by itself.
    pub fn row_type_of(&mut self, of: &QName) -> bool {
        let Some(id) = self.existing_type(of, false) else { return false };
        let Some(last) = of.last() else { return false };
        match self.type_info(id).map(|it| &it.kind) {
            Some(TypeKind::Composite { relation: None, .. }) => true,
            Some(TypeKind::Composite { .. }) => {
                let message = format!("type {} is the row type of another table", last.ident);
                self.report(code::WRONG_OBJECT_TYPE, at(of), message);
                false
            }
            Some(TypeKind::Opaque) | None => false,
            Some(_) => {
                let message = format!("type {} is not a composite type", last.ident);
                self.report(code::WRONG_OBJECT_TYPE, at(of), message);
                false
            }
        }
    }

    /// Columns that a type, a partitioned table or a parent gives types to.
    fn typed_columns(&mut self, table: &'a CreateTable, relation: &Relation, known: bool) {
        if !known || relation.open {
            return;
        }
        if table.of_type.is_some() || table.partition_of.is_some() {
            let given: Vec<&Ident> = match (&table.of_type, &table.partition_of) {
                (_, Some(parent)) => match self.find_relation(parent) {
                    Lookup::Found(it) if !it.open => it.columns.iter().map(|it| &it.name).collect(),
                    _ => return,
                },
                (Some(of), _) => {
                    let schema = of.schema().map(|it| &it.ident);
                    let id = of
                        .last()
                        .and_then(|it| crate::catalog::lookup::named_type(self.catalog, schema, &it.ident));
                    let info = id.and_then(|it| self.type_info(it));
                    let Some(TypeKind::Composite { columns, .. }) = info.map(|it| &it.kind) else { return };
                    columns.iter().map(|it| &it.0).collect()
                }
                _ => return,
            };
            for column in &table.columns {
                if !given.contains(&&column.name.ident) && !column.name.ident.is_dynamic() {
                    let message = format!("column \"{}\" does not exist", column.name.ident);
                    self.missing_attribute(relation, &column.name, message);
                }
            }
            return;
        }
        self.inherited_types(table);
    }

    /// The same column of two parents, or of a parent and the table, has one type.
    fn inherited_types(&mut self, table: &'a CreateTable) {
        let mut types: Vec<(Ident, Option<crate::catalog::Type>)> = Vec::new();
        let mut columns: Vec<crate::catalog::Column> = Vec::new();
        for parent in &table.inherits {
            let Lookup::Found(found) = self.find_relation(parent) else { return };
            for column in &found.columns {
                let ty = column.ty;
                match types.iter().find(|it| it.0 == column.name) {
                    Some((_, Some(other))) if ty.is_some_and(|it| it != *other) => {
                        let message = format!("inherited column \"{}\" has a type conflict", column.name);
                        self.report(code::DATATYPE_MISMATCH, at(parent), message);
                    }
                    Some(_) => {
                        let other = columns.iter().find(|it| it.name == column.name);
                        if other.is_some_and(|it| self.other_collation(it, column).is_some()) {
                            let message =
                                format!("inherited column \"{}\" has a collation conflict", column.name);
                            self.report(code::COLLATION_MISMATCH, at(parent), message);
                        }
                    }
                    None => {
                        types.push((column.name.clone(), ty));
                        columns.push(column.clone());
                    }
                }
            }
        }
        for column in &table.columns {
            let Some((_, Some(inherited))) = types.iter().find(|it| it.0 == column.name.ident) else {
                continue;
            };
            let Some(written) = &column.ty else { continue };
            let found = match serial(&written.name) {
                Some(id) => Some(crate::catalog::Type::plain(id)),
                None => crate::catalog::lookup::type_name(self.catalog, written, &self.stmt.exprs).ok(),
            };
            if found.is_some_and(|it| it != *inherited) {
                let message = format!("column \"{}\" has a type conflict", column.name.ident);
                self.report(code::DATATYPE_MISMATCH, written.range, message);
                continue;
            }
            let other = columns.iter().find(|it| it.name == column.name.ident);
            if let (Some(ty), Some(other)) = (found, other) {
                let collation = crate::catalog::Collation::written(column.collation.as_ref());
                let ty = super::super::binder::known(ty.id);
                if self.differ((ty, &other.collation), (ty, &collation)).is_some() {
                    let message = format!("column \"{}\" has a collation conflict", column.name.ident);
                    self.report(code::COLLATION_MISMATCH, written.range, message);
                }
            }
        }
    }
}

/// The table that a statement makes or changes, as the statement leaves it.
pub struct Own<'r> {
    pub name: &'r QualifiedName,
    pub relation: &'r Arc<Relation>,
    /// It cannot be made: what its constraints are called does not matter.
    pub taken: bool,
}
