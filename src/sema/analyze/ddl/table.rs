//! CREATE TABLE (`transformCreateStmt`, `DefineRelation`, `MergeAttributes`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::lookup::Lookup;
use crate::catalog::{QualifiedName, Relation, RelationKind, TypeId, TypeKind, fold};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{ColumnConstraintKind, ColumnDef, CreateTable, TableConstraintKind};
use crate::sql::hir::{Ddl, Name, QName};

use super::super::binder::{Binder, known};
use super::super::place::Place;
use super::super::scope::system_column;
use super::constraint::Keys;
use super::name::{Object, at, is_table, new_name, plural};

/// The integer type behind `serial` and its kin.
pub fn serial(name: &QName) -> Option<TypeId> {
    let [name] = name.parts.as_slice() else { return None };
    match name.ident.as_str() {
        "serial" | "serial4" => Some(TypeId::INT4),
        "bigserial" | "serial8" => Some(TypeId::INT8),
        "smallserial" | "serial2" => Some(TypeId::INT2),
        _ => None,
    }
}

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
        if table.if_not_exists && self.catalog.relations.contains_key(&name) {
            // PostgreSQL looks no further.
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
        self.columns_of(table, &own);
        self.typed_columns(table, &relation, sources);
        let mut keys = Keys::new(&own, self);
        for column in &table.columns {
            self.column_constraints(&own, column, &mut keys);
        }
        for constraint in &table.constraints {
            self.table_constraint(&own, constraint, &mut keys);
            self.unlike_not_null(table, constraint);
        }
        self.partition_key(table, &relation);
        self.partition_checks(table);
        self.table_clauses(table, &relation);
    }

    /// NOT NULL of a table that says another thing of children than its column does (`AddRelationNotNullConstraints`).
    fn unlike_not_null(&mut self, table: &CreateTable, constraint: &crate::sql::hir::ddl::TableConstraint) {
        let TableConstraintKind::NotNull(name) = &constraint.kind else { return };
        let in_key = table.constraints.iter().any(|it| match &it.kind {
            TableConstraintKind::PrimaryKey { columns, using_index: None } => {
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
            self.missing_method(method);
        }
        if let Some(at) = table.on_commit.filter(|_| !table.temporary) {
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
    fn is_row_type(&self, name: &QName) -> bool {
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

    /// Names and types of the columns that are written.
    fn columns_of(&mut self, table: &'a CreateTable, own: &Own<'_>) {
        let mut seen: Vec<&Ident> = Vec::new();
        for column in &table.columns {
            let name = &column.name;
            if name.ident.is_dynamic() {
                continue;
            }
            self.system_column_name(name);
            if seen.contains(&&name.ident) {
                let message = format!("column \"{}\" specified more than once", name.ident);
                self.report(code::DUPLICATE_COLUMN, name.range, message);
                continue;
            }
            seen.push(&name.ident);
            self.column_type(column);
            self.one_of_each(column, own);
            self.misplaced(column);
        }
        let own_key =
            table.constraints.iter().any(|it| matches!(it.kind, TableConstraintKind::PrimaryKey { .. }))
                || table
                    .columns
                    .iter()
                    .flat_map(|it| &it.constraints)
                    .any(|it| matches!(it.kind, ColumnConstraintKind::PrimaryKey));
        for (idx, like) in table.likes.iter().enumerate() {
            let Lookup::Found(source) = self.find_relation(&like.source) else { continue };
            if own_key && like.including_indexes && source.primary_key.is_some() {
                let message =
                    format!("multiple primary keys for table \"{}\" are not allowed", own.name.name);
                self.report(code::INVALID_TABLE_DEFINITION, at(&like.source), message);
            }
            let earlier =
                table.likes.iter().take(idx).filter_map(|it| match self.find_relation(&it.source) {
                    Lookup::Found(it) => Some(it),
                    _ => None,
                });
            let mut copied = earlier.flat_map(|it| &it.columns).map(|it| &it.name);
            let twice = source.columns.iter().map(|it| &it.name).find(|it| seen.contains(it));
            let twice = twice.or_else(|| copied.find(|it| source.columns.iter().any(|own| own.name == **it)));
            if let Some(twice) = twice {
                let message = format!("column \"{twice}\" specified more than once");
                self.report(code::DUPLICATE_COLUMN, at(&like.source), message);
            }
        }
    }

    pub fn misplaced(&mut self, column: &ColumnDef) {
        if let Some((at, message)) = column.misplaced.first() {
            self.report(code::SYNTAX_ERROR, *at, *message);
        }
    }

    /// `ctid` and its like cannot be columns.
    pub fn system_column_name(&mut self, name: &Name) {
        if system_column(name.ident.as_str()).is_some() {
            let message = format!("column name \"{}\" conflicts with a system column name", name.ident);
            self.report(code::DUPLICATE_COLUMN, name.range, message);
        }
    }

    /// The type that a column is declared with.
    pub fn column_type(&mut self, column: &'a ColumnDef) -> Ty {
        let Some(ty) = &column.ty else { return Ty::Unknown };
        if let Some(id) = serial(&ty.name) {
            if ty.array_dims > 0 {
                self.report(code::FEATURE_NOT_SUPPORTED, ty.range, "array of serial is not implemented");
            }
            return known(id);
        }
        let found = self.type_name(ty);
        let id = match found {
            Ty::Known(it) => Some(it.id),
            Ty::Unknown => None,
        };
        if let Some(storage) = &column.storage {
            self.column_storage(id, storage);
        }
        if let Some(method) = &column.compression {
            self.column_compression(id, method);
        }
        if let Ty::Known(found) = found {
            if self.is_pseudo(found.id) {
                let message =
                    format!("column \"{}\" has pseudo-type {}", column.name.ident, self.format_id(found.id));
                self.report(code::INVALID_TABLE_DEFINITION, ty.range, message);
                return Ty::Unknown;
            }
            self.virtual_type(column, found.id, ty.range);
            if let Some(collation) = &column.collation {
                self.collation_of(found.id, collation);
            }
        }
        found
    }

    /// What is computed when it is read has a type of PostgreSQL's own (`CheckAttributeType`).
    fn virtual_type(&mut self, column: &ColumnDef, id: TypeId, at: TextRange) {
        let is_virtual = column
            .constraints
            .iter()
            .any(|it| matches!(it.kind, ColumnConstraintKind::Generated { stored: false, .. }));
        if !is_virtual || !(id.is_user() || id.is_extension()) {
            return;
        }
        let words = match self.type_info(id).map(|it| &it.kind) {
            Some(TypeKind::Domain { .. }) => "domain",
            Some(TypeKind::Opaque) | None => return,
            _ => "user-defined",
        };
        let message =
            format!("virtual generated column \"{}\" cannot have a {words} type", column.name.ident);
        self.report(code::FEATURE_NOT_SUPPORTED, at, message);
    }

    /// `COLLATE` behind a type that has none.
    pub fn collation_of(&mut self, id: TypeId, collation: &QName) {
        let known = self.type_info(id).filter(|it| it.kind != TypeKind::Opaque);
        let start = at(collation).start();
        let place = self.word_before(start, "collate").unwrap_or_else(|| at(collation));
        if self.missing_collation(collation, place.cover(at(collation)), false) {
            return;
        }
        if known.is_some_and(|it| !it.collatable) {
            let message = format!("collations are not supported by type {}", self.format_id(id));
            self.report(code::DATATYPE_MISMATCH, place.cover(at(collation)), message);
        }
    }

    /// Clauses of a column that exclude each other (`transformColumnDefinition`).
    pub fn one_of_each(&mut self, column: &ColumnDef, own: &Own<'_>) {
        let (name, table) = (&column.name.ident, &own.name.name);
        let is_serial = column.ty.as_ref().is_some_and(|it| serial(&it.name).is_some());
        let (mut default, mut identity, mut generated) = (is_serial, false, false);
        let mut nullable: Option<bool> = is_serial.then_some(false);
        let mut said: Option<(TextRange, String)> = None;
        let mut say = |at: TextRange, what: String| {
            said.get_or_insert((at, what));
        };
        let of = format!("column \"{name}\" of table \"{table}\"");
        for constraint in &column.constraints {
            let range = constraint.range;
            match &constraint.kind {
                ColumnConstraintKind::Null => {
                    if nullable == Some(false) {
                        say(range, format!("conflicting NULL/NOT NULL declarations for {of}"));
                    }
                    nullable = Some(true);
                }
                ColumnConstraintKind::NotNull { .. } | ColumnConstraintKind::PrimaryKey => {
                    if nullable == Some(true) {
                        say(range, format!("conflicting NULL/NOT NULL declarations for {of}"));
                    }
                    nullable = Some(false);
                }
                ColumnConstraintKind::Default(_) => {
                    if default {
                        say(range, format!("multiple default values specified for {of}"));
                    }
                    default = true;
                }
                ColumnConstraintKind::Identity { .. } => {
                    if identity {
                        say(range, format!("multiple identity specifications for {of}"));
                    }
                    if nullable == Some(true) {
                        say(range, format!("conflicting NULL/NOT NULL declarations for {of}"));
                    }
                    identity = true;
                    nullable = Some(false);
                }
                ColumnConstraintKind::Generated { .. } => {
                    if generated {
                        say(range, format!("multiple generation clauses specified for {of}"));
                    }
                    generated = true;
                }
                _ => {}
            }
            for (a, b, words) in [
                (default, identity, "both default and identity"),
                (default, generated, "both default and generation expression"),
                (identity, generated, "both identity and generation expression"),
            ] {
                if a && b {
                    say(range, format!("{words} specified for {of}"));
                }
            }
        }
        if let Some((at, message)) = said {
            self.report(code::SYNTAX_ERROR, at, message);
        } else if let Some(at) = unlike_not_nulls(column, is_serial || identity) {
            let message =
                format!("conflicting NO INHERIT declarations for not-null constraints on column \"{name}\"");
            self.report(code::SYNTAX_ERROR, at, message);
        }
        if identity
            && let Some(ty) = &column.ty
            && let Ok(found) = crate::catalog::lookup::type_name(self.catalog, ty, &self.stmt.exprs)
        {
            self.identity_type(found.id, ty.range);
        }
    }

    /// Identity columns are integers.
    pub fn identity_type(&mut self, id: TypeId, at: TextRange) {
        let opaque = self.type_info(self.base(id)).is_none_or(|it| it.kind == TypeKind::Opaque);
        if !opaque && !matches!(id, TypeId::INT2 | TypeId::INT4 | TypeId::INT8) {
            let message = "identity column type must be smallint, integer, or bigint";
            self.report(code::INVALID_PARAMETER_VALUE, at, message);
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
        let mut types: Vec<(Ident, Option<TypeId>)> = Vec::new();
        for parent in &table.inherits {
            let Lookup::Found(found) = self.find_relation(parent) else { return };
            for column in &found.columns {
                let ty = column.ty.map(|it| it.id);
                match types.iter().find(|it| it.0 == column.name) {
                    Some((_, Some(other))) if ty.is_some_and(|it| it != *other) => {
                        let message = format!("inherited column \"{}\" has a type conflict", column.name);
                        self.report(code::DATATYPE_MISMATCH, at(parent), message);
                    }
                    Some(_) => {}
                    None => types.push((column.name.clone(), ty)),
                }
            }
        }
        for column in &table.columns {
            let Some((_, Some(inherited))) = types.iter().find(|it| it.0 == column.name.ident) else {
                continue;
            };
            let Some(written) = &column.ty else { continue };
            let found = match serial(&written.name) {
                Some(id) => Some(id),
                None => crate::catalog::lookup::type_name(self.catalog, written, &self.stmt.exprs)
                    .ok()
                    .map(|it| it.id),
            };
            if found.is_some_and(|it| it != *inherited) {
                let message = format!("column \"{}\" has a type conflict", column.name.ident);
                self.report(code::DATATYPE_MISMATCH, written.range, message);
            }
        }
    }

    /// `PARTITION BY strategy (…)` (`transformPartitionSpec`, `ComputePartitionAttrs`).
    fn partition_key(&mut self, table: &'a CreateTable, relation: &Arc<Relation>) {
        let Some(by) = &table.partition_by else { return };
        let strategy = by.strategy.ident.as_str().to_ascii_lowercase();
        if !matches!(strategy.as_str(), "list" | "range" | "hash") {
            let message = format!("unrecognized partitioning strategy \"{strategy}\"");
            self.report(code::INVALID_PARAMETER_VALUE, by.strategy.range, message);
            return;
        }
        if !table.inherits.is_empty() {
            let message = "cannot create partitioned table as inheritance child";
            self.report(code::INVALID_OBJECT_DEFINITION, by.strategy.range, message);
        }
        if by.strategy.ident.as_str() == "list" && by.items.len() > 1 {
            let message = "cannot use \"list\" partition strategy with more than one column";
            self.report(code::INVALID_OBJECT_DEFINITION, by.strategy.range, message);
        }
        let method = if by.strategy.ident.as_str() == "hash" { "hash" } else { "btree" };
        for item in &by.items {
            if let Some(name) = self.plain_column(item.expr) {
                if name.ident.is_dynamic() || relation.open {
                    continue;
                }
                match relation.columns.iter().find(|it| it.name == name.ident) {
                    Some(column) if column.generated.is_some() => {
                        let message = "cannot use generated column in partition key";
                        self.report(code::INVALID_OBJECT_DEFINITION, name.range, message);
                    }
                    Some(column) => {
                        if let (Some(ty), None) = (column.ty, &item.opclass) {
                            self.default_class(ty.id, method, name.range);
                        }
                    }
                    None if system_column(name.ident.as_str()).is_some() => {
                        let message = format!("cannot use system column \"{}\" in partition key", name.ident);
                        self.report(code::INVALID_OBJECT_DEFINITION, name.range, message);
                    }
                    None => {
                        let message =
                            format!("column \"{}\" named in partition key does not exist", name.ident);
                        self.missing_attribute(relation, name, message);
                    }
                }
                continue;
            }
            // The table's own row type is there when its key is read.
            let text = self.slice(self.expr_node(item.expr).range);
            let own = |it: &crate::sql::token::Token| Ident::from_source(it.text(text)) == relation.name;
            if crate::sql::token::significant(text).iter().any(own) {
                continue;
            }
            self.immutable("partition key expression", |it| {
                it.beside(relation, Place::PartitionKey, |it, _| {
                    it.expr(item.expr);
                });
            });
        }
    }

    /// Unique keys of a partitioned table hold the columns that it is partitioned by.
    pub fn covers_partition(&mut self, table: &CreateTable, columns: &[Ident], words: &str, at: TextRange) {
        let Some(by) = &table.partition_by else { return };
        let all: Option<Vec<&Name>> = by.items.iter().map(|it| self.plain_column(it.expr)).collect();
        let Some(all) = all else {
            let message = format!("unsupported {words} constraint with partition key definition");
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
            return;
        };
        let Some(lacking) = all.into_iter().find(|it| !columns.contains(&it.ident)) else { return };
        let message = "unique constraint on partitioned table must include all partitioning columns";
        self.report(code::FEATURE_NOT_SUPPORTED, at, message).hint(format!(
            "{words} constraint lacks column \"{}\" which is part of the partition key.",
            lacking.ident
        ));
    }

    /// The same of a table that is there (`DefineIndex`).
    pub fn covers_partition_key(&mut self, table: &Relation, columns: &[Ident], words: &str, at: TextRange) {
        let Some(partition) =
            table.partition.as_ref().filter(|_| table.kind == RelationKind::PartitionedTable)
        else {
            return;
        };
        let known = |it: &Ident| table.columns.iter().any(|own| own.name == *it);
        if !self.is_certain(table.origin) || !columns.iter().all(known) {
            return;
        }
        let key: Option<Vec<&Ident>> = partition.key.iter().map(Option::as_ref).collect();
        let Some(key) = key else {
            let message = format!("unsupported {words} constraint with partition key definition");
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
            return;
        };
        let Some(lacking) = key.into_iter().find(|it| !columns.contains(it)) else { return };
        let message = "unique constraint on partitioned table must include all partitioning columns";
        self.report(code::FEATURE_NOT_SUPPORTED, at, message).hint(format!(
            "{words} constraint on table \"{}\" lacks column \"{lacking}\" which is part of the partition key.",
            table.name
        ));
    }

    /// The partition keys of a table that is being made.
    pub fn partition_checks(&mut self, table: &'a CreateTable) {
        if let Some(of) = &table.partition_of
            && let Lookup::Found(parent) = self.find_relation(of)
            && self.is_certain(parent.origin)
        {
            // The partition gets its parent's keys.
            let keys = parent.primary_key.iter().map(|it| (it.columns.clone(), "PRIMARY KEY"));
            let keys: Vec<_> =
                keys.chain(parent.uniques.iter().map(|it| (it.columns.clone(), "UNIQUE"))).collect();
            let n_problems = self.problems.len();
            for (columns, words) in keys {
                if self.problems.len() == n_problems {
                    self.covers_partition(table, &columns, words, at(&table.name));
                }
            }
        }
        for column in &table.columns {
            for constraint in &column.constraints {
                let words = match constraint.kind {
                    ColumnConstraintKind::PrimaryKey => "PRIMARY KEY",
                    ColumnConstraintKind::Unique { .. } => "UNIQUE",
                    _ => continue,
                };
                self.covers_partition(
                    table,
                    std::slice::from_ref(&column.name.ident),
                    words,
                    constraint.range,
                );
            }
        }
        for constraint in &table.constraints {
            let (columns, words) = match &constraint.kind {
                TableConstraintKind::PrimaryKey { columns, using_index: None } => (columns, "PRIMARY KEY"),
                TableConstraintKind::Unique { columns, using_index: None, .. } => (columns, "UNIQUE"),
                _ => continue,
            };
            let columns: Vec<Ident> = columns.iter().map(|it| it.ident.clone()).collect();
            self.covers_partition(table, &columns, words, constraint.range);
        }
    }
}

/// Where the NOT NULL constraints of a column say different things of children; a key's and an identity's is handed
/// down.
fn unlike_not_nulls(column: &ColumnDef, implied: bool) -> Option<TextRange> {
    let key = column.constraints.iter().any(|it| matches!(it.kind, ColumnConstraintKind::PrimaryKey));
    let mut first = (implied || key).then_some(false);
    for constraint in &column.constraints {
        if let ColumnConstraintKind::NotNull { no_inherit } = constraint.kind {
            if first.is_some_and(|it| it != no_inherit) {
                return Some(constraint.range);
            }
            first = Some(no_inherit);
        }
    }
    None
}

/// The table that a statement makes or changes, as the statement leaves it.
pub struct Own<'r> {
    pub name: &'r QualifiedName,
    pub relation: &'r Arc<Relation>,
    /// It cannot be made: what its constraints are called does not matter.
    pub taken: bool,
}
