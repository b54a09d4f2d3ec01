//! Schemas, sequences, extensions; RENAME, SET SCHEMA and COMMENT of every object.

use crate::catalog::{QualifiedName, Relation, RelationKind, TypeKind, fold, lookup};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{ObjectKind, RelationKind as Written};
use crate::sql::hir::{Ddl, Name, QName, StatementKind, TypeName};

use super::super::binder::Binder;
use super::super::relation::qualified;
use super::name::{Object, at, declared_here, relation_origin};

impl<'a> Binder<'a> {
    pub fn create_schema(&mut self, name: Option<&Name>, if_not_exists: bool) {
        let Some(name) = name.filter(|it| !it.ident.is_dynamic()) else { return };
        if self.reserved_schema(name) || if_not_exists {
            return;
        }
        let existing = self.catalog.schemas.get(&name.ident).map(|it| it.origin);
        let always = matches!(name.ident.as_str(), "public" | "pg_catalog" | "information_schema");
        // Others may have dropped `public` before: the dumps of pg_dump make it.
        let taken = existing.is_some_and(|it| self.is_certain(it)) || (always && self.is_exact());
        if taken && !(name.ident.as_str() == "public" && existing.is_none() && self.starts_anew()) {
            let message = format!("schema \"{}\" already exists", name.ident);
            let related = existing.and_then(|it| declared_here(&name.ident, it));
            self.report(code::DUPLICATE_SCHEMA, name.range, message).related.extend(related);
        }
    }

    /// `pg_…` is PostgreSQL's own (`IsReservedName`).
    fn reserved_schema(&mut self, name: &Name) -> bool {
        let own = name.ident.as_str();
        let reserved = own.starts_with("pg_") && !lookup::schema_exists(self.catalog, &name.ident);
        if reserved {
            let message = format!("unacceptable schema name \"{own}\"");
            self.report(code::RESERVED_NAME, name.range, message)
                .hint("The prefix \"pg_\" is reserved for system schemas.");
        }
        reserved
    }

    /// The elements of CREATE SCHEMA, each in the state that those before it leave: tables come before views, and both
    /// before indexes and triggers (`transformCreateSchemaStmtElements`).
    pub fn schema_elements(&mut self, ddl: &'a Ddl, elements: &'a [StatementKind]) {
        if elements.is_empty() || self.depth > 4 {
            return;
        }
        if matches!(ddl, Ddl::CreateSchema { name: None, .. }) {
            // Named after a role that is not known.
            return;
        }
        let rank = |it: &&StatementKind| match it {
            StatementKind::Ddl(ddl) => match &**ddl {
                Ddl::CreateSequence { .. } => 0,
                Ddl::CreateTable(_) => 1,
                Ddl::CreateView(_) => 2,
                Ddl::CreateIndex(_) => 3,
                _ => 4,
            },
            _ => 5,
        };
        let mut ordered: Vec<&StatementKind> = elements.iter().collect();
        ordered.sort_by_key(rank);
        if let Ddl::CreateSchema { name: Some(own), .. } = ddl
            && self.typed
            && !own.ident.is_dynamic()
        {
            let stray = elements.iter().find_map(|it| {
                let name = element_name(it)?;
                let schema = name.schema().filter(|it| it.ident != own.ident && !it.ident.is_dynamic())?;
                Some((at(name), schema.ident.clone()))
            });
            if let Some((place, schema)) = stray {
                let message = format!(
                    "CREATE specifies a schema ({schema}) different from the one being created ({})",
                    own.ident
                );
                self.report(code::INVALID_SCHEMA_DEFINITION, place, message);
                return;
            }
        }
        let mut catalog = fold::schema_made(self.catalog, ddl, &self.stmt.exprs, self.text);
        for element in ordered {
            let ctx = crate::sema::Context { catalog: &catalog, ..self.ctx };
            let mut inner = Binder::new(ctx, self.stmt, self.text);
            inner.statement(element);
            let problems = std::mem::take(&mut inner.problems);
            self.problems.extend(problems);
            catalog = fold::after(&catalog, element, &self.stmt.exprs, self.text);
        }
    }

    /// Nothing has been made yet.
    fn starts_anew(&self) -> bool {
        self.catalog.relations.is_empty()
    }

    pub fn create_extension(&mut self, name: &Name, if_not_exists: bool) {
        if if_not_exists || name.ident.is_dynamic() {
            return;
        }
        let Some(origin) = self.catalog.extensions.get(&name.ident).map(|it| it.origin) else { return };
        // Configuration says what is installed in the end.
        if self.is_certain(origin) && origin != crate::catalog::Origin::Builtin {
            let message = format!("extension \"{}\" already exists", name.ident);
            let related = declared_here(&name.ident, origin);
            self.report(code::DUPLICATE_OBJECT, name.range, message).related.extend(related);
        }
    }

    /// `OWNED BY table.column`.
    pub(super) fn owned_by(&mut self, owner: &'a QName) {
        if owner.is_dynamic() {
            return;
        }
        if owner.parts.len() < 2 {
            self.report(code::SYNTAX_ERROR, at(owner), "invalid OWNED BY option")
                .hint("Specify OWNED BY table.column or OWNED BY NONE.");
            return;
        }
        self.column_of(owner, true);
    }

    /// `table.column`, where both must be there; `owner`: it is to have a sequence.
    fn column_of(&mut self, name: &QName, owner: bool) -> Option<std::sync::Arc<Relation>> {
        let mut table = name.clone();
        let column = table.parts.pop()?;
        let schema = table.schema().map(|it| &it.ident);
        let hosted = self.missing_schema(&table, false);
        if hosted {
            return None;
        }
        let found = crate::catalog::lookup::relation(self.catalog, schema, &table.last()?.ident);
        let relation = match found {
            crate::catalog::lookup::Lookup::Found(it) => std::sync::Arc::clone(it),
            crate::catalog::lookup::Lookup::Missing => {
                self.missing_relation(&table);
                return None;
            }
            crate::catalog::lookup::Lookup::Unknown => return None,
        };
        let may_own = !matches!(relation.kind, RelationKind::Sequence | RelationKind::MaterializedView);
        if owner && !may_own && self.is_certain(relation.origin) {
            let message = format!("sequence cannot be owned by relation \"{}\"", relation.name);
            self.report(code::WRONG_OBJECT_TYPE, at(&table), message);
            return None;
        }
        if relation.kind == RelationKind::Sequence && self.is_exact() {
            return Some(relation);
        }
        let known = relation.columns.iter().any(|it| it.name == column.ident)
            || super::super::scope::system_column(column.ident.as_str()).is_some();
        if !known && !relation.open && !column.ident.is_dynamic() {
            self.no_column(&relation, &column, true);
        }
        Some(relation)
    }

    pub fn rename(
        &mut self,
        object: ObjectKind,
        name: &'a QName,
        args: Option<&'a [TypeName]>,
        if_exists: bool,
        to: &Name,
    ) {
        if name.is_dynamic() || to.ident.is_dynamic() {
            return;
        }
        match object {
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate if self.is_exact() => {
                self.rename_function(object, name, args, to);
            }
            ObjectKind::Constraint => {
                let n_problems = self.problems.len();
                self.domain_constraint_of(name, false);
                if self.problems.len() == n_problems {
                    self.domain_constraint_taken(name, to);
                }
            }
            ObjectKind::Role => self.role_renamed(name, to),
            ObjectKind::Relation(written) => self.rename_relation(written, name, if_exists, to),
            ObjectKind::Type | ObjectKind::Domain => self.rename_type(object, name, to),
            ObjectKind::Schema => {
                let Some(from) = name.last().filter(|_| self.is_exact()) else { return };
                if !self.no_schema(from, from.range, false) {
                    let existing = self.catalog.schemas.get(&to.ident);
                    if existing.is_some() || to.ident.as_str() == "public" {
                        let message = format!("schema \"{}\" already exists", to.ident);
                        self.report(code::DUPLICATE_SCHEMA, to.range, message);
                    } else {
                        self.reserved_schema(to);
                    }
                }
            }
            ObjectKind::Trigger | ObjectKind::Policy => self.rename_inside(object, name, to),
            _ => {}
        }
    }

    fn rename_relation(&mut self, written: Written, name: &'a QName, if_exists: bool, to: &Name) {
        let mut is_sequence = written == Written::Sequence;
        let schema = match self.object(name, if_exists) {
            Object::Relation(relation) => {
                is_sequence |= relation.kind == RelationKind::Sequence;
                // ALTER INDEX renames tables, too.
                if written != Written::Index && !self.is_written_kind(&relation, written, name) {
                    return;
                }
                relation.schema.clone()
            }
            Object::Index { table, .. } => {
                if !matches!(written, Written::Index | Written::Table) && self.is_exact() {
                    let words = if written == Written::Sequence { "sequence" } else { "view" };
                    let Some(last) = name.last() else { return };
                    let message = format!("\"{}\" is not a {words}", last.ident);
                    self.report(code::WRONG_OBJECT_TYPE, at(name), message);
                    return;
                }
                is_sequence = true;
                table.schema.clone()
            }
            Object::Missing => {
                if !if_exists && self.is_exact() {
                    self.missing_relation(name);
                }
                return;
            }
            Object::Unknown => return,
        };
        let full = QualifiedName { schema, name: to.ident.clone() };
        if let Some(origin) = relation_origin(self.catalog, &full) {
            if self.is_certain(origin) {
                let message = format!("relation \"{}\" already exists", to.ident);
                let related = declared_here(&to.ident, origin);
                self.report(code::DUPLICATE_TABLE, to.range, message).related.extend(related);
            }
        } else if written != Written::Index && !is_sequence {
            self.type_taken(&full, to.range);
        }
    }

    fn rename_type(&mut self, object: ObjectKind, name: &QName, to: &Name) {
        if !self.is_exact() {
            return;
        }
        let Some(id) = self.existing_type(name, false) else { return };
        let Some(info) = self.type_info(id).filter(|_| id.is_user()) else { return };
        let shown = self.format_id(id);
        match &info.kind {
            TypeKind::Domain { .. } | TypeKind::Opaque => {}
            _ if object == ObjectKind::Domain => {
                self.report(code::WRONG_OBJECT_TYPE, at(name), format!("{shown} is not a domain"));
                return;
            }
            TypeKind::Composite { relation: Some(_), .. } => {
                self.report(code::WRONG_OBJECT_TYPE, at(name), format!("{shown} is a table's row type"))
                    .hint("Use ALTER TABLE instead.");
                return;
            }
            TypeKind::Array => {
                self.report(code::WRONG_OBJECT_TYPE, at(name), format!("cannot alter array type {shown}"));
                return;
            }
            _ => {}
        }
        let full = QualifiedName { schema: info.schema.clone(), name: to.ident.clone() };
        // A composite type is renamed as a relation.
        let composite = matches!(info.kind, TypeKind::Composite { .. });
        if composite && let Some(origin) = relation_origin(self.catalog, &full) {
            if self.is_certain(origin) {
                let message = format!("relation \"{}\" already exists", to.ident);
                let related = declared_here(&to.ident, origin);
                self.report(code::DUPLICATE_TABLE, to.range, message).related.extend(related);
            }
            return;
        }
        self.type_taken(&full, to.range);
    }

    fn rename_inside(&mut self, object: ObjectKind, name: &'a QName, to: &Name) {
        let mut table = name.clone();
        let Some(own) = table.parts.pop().filter(|_| self.is_exact()) else { return };
        let schema = table.schema().map(|it| &it.ident);
        let Some(last) = table.last() else { return };
        let found = crate::catalog::lookup::relation(self.catalog, schema, &last.ident);
        let relation = match found {
            crate::catalog::lookup::Lookup::Found(it) => std::sync::Arc::clone(it),
            crate::catalog::lookup::Lookup::Missing => return self.missing_relation(&table),
            crate::catalog::lookup::Lookup::Unknown => return,
        };
        let taken = match object {
            ObjectKind::Trigger => relation.triggers.iter().any(|it| it == to.ident.as_str()),
            _ => relation.policies.iter().any(|it| it.name == to.ident),
        };
        let exists = |this: &mut Self| {
            let message = match object {
                ObjectKind::Trigger => {
                    format!("trigger \"{}\" for relation \"{}\" already exists", to.ident, relation.name)
                }
                _ => format!("policy \"{}\" for table \"{}\" already exists", to.ident, relation.name),
            };
            this.report(code::DUPLICATE_OBJECT, to.range, message);
        };
        if object == ObjectKind::Trigger
            && (relation.details.cloned_triggers.contains(&own.ident)
                || !relation.triggers.iter().any(|it| it == own.ident.as_str()))
            && !self.catalog.gaps.policies
            && self.partitioned_parents(&relation).iter().any(|it| {
                let above = self.catalog.relations.get(it);
                above.is_some_and(|it| it.triggers.iter().any(|it| it == own.ident.as_str()))
            })
        {
            let message = format!("cannot rename trigger \"{}\" on table \"{}\"", own.ident, relation.name);
            self.report(code::FEATURE_NOT_SUPPORTED, own.range, message);
            return;
        }
        // PostgreSQL looks at a policy's new name before it looks for the old one.
        let policy_taken = object == ObjectKind::Policy && taken;
        if policy_taken || (self.missing_inside(object, &relation, &own) && taken && own.ident != to.ident) {
            exists(self);
        } else if object == ObjectKind::Trigger && !self.catalog.gaps.policies {
            self.in_partitions(&relation, to);
        }
    }

    pub fn set_schema(
        &mut self,
        object: ObjectKind,
        name: &'a QName,
        args: Option<&'a [TypeName]>,
        if_exists: bool,
        schema: &Name,
    ) {
        if name.is_dynamic() || schema.ident.is_dynamic() || !self.is_exact() {
            return;
        }
        if matches!(object, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate) {
            let found = self.named_function(object, name, args, false);
            if let Some(found) = found.filter(|it| it.schema != schema.ident) {
                self.function_moved(&found, schema);
                return;
            }
        }
        let full = match object {
            ObjectKind::Relation(written) => {
                if matches!(self.object(name, true), Object::Index { .. }) {
                    self.index_moved(written, name);
                    return;
                }
                let Some(relation) = self.existing_relation(name, if_exists) else { return };
                if !self.is_written_kind(&relation, written, name) {
                    return;
                }
                if relation.kind == RelationKind::Sequence && !relation.parents.is_empty() {
                    let message = "cannot move an owned sequence into another schema";
                    self.report(code::FEATURE_NOT_SUPPORTED, at(name), message);
                    return;
                }
                Some(qualified(&relation))
            }
            ObjectKind::Type | ObjectKind::Domain => {
                let Some(id) = self.existing_type(name, if_exists) else { return };
                let info = self.type_info(id).filter(|_| id.is_user());
                info.map(|it| QualifiedName { schema: it.schema.clone(), name: it.name.clone() })
            }
            _ => None,
        };
        if self.no_schema(schema, schema.range, false) {
            return;
        }
        let is_temporary =
            |it: &Ident| it.as_str() == crate::catalog::lookup::TEMP_SCHEMA || it.as_str() == "pg_temp";
        if let Some(full) = full.as_ref().filter(|it| it.schema != schema.ident)
            && (is_temporary(&schema.ident) || is_temporary(&full.schema))
            && matches!(object, ObjectKind::Relation(_))
        {
            let message = "cannot move objects into or out of temporary schemas";
            self.report(code::FEATURE_NOT_SUPPORTED, schema.range, message);
            return;
        }
        // Into the schema where it is already: nothing happens.
        let Some(full) = full.filter(|it| it.schema != schema.ident) else { return };
        let moved = QualifiedName { schema: schema.ident.clone(), name: full.name.clone() };
        match object {
            ObjectKind::Relation(_) => {
                if relation_origin(self.catalog, &moved).is_some() {
                    let message =
                        format!("relation \"{}\" already exists in schema \"{}\"", moved.name, moved.schema);
                    self.report(code::DUPLICATE_TABLE, schema.range, message);
                }
            }
            _ => {
                if self.catalog.types.named(&moved).is_some_and(|it| it.kind != TypeKind::Array) {
                    let message =
                        format!("type \"{}\" already exists in schema \"{}\"", moved.name, moved.schema);
                    self.report(code::DUPLICATE_OBJECT, schema.range, message);
                }
            }
        }
    }

    fn function_moved(&mut self, found: &crate::catalog::Function, schema: &Name) {
        if self.no_schema(schema, schema.range, false) {
            return;
        }
        let full = QualifiedName { schema: schema.ident.clone(), name: found.name.clone() };
        let types = |it: &crate::catalog::Function| it.params.iter().map(|it| it.ty).collect::<Vec<_>>();
        let own = types(found);
        let same = |it: &crate::catalog::Function| types(it) == own && self.is_certain(it.origin);
        let taken = self.catalog.functions.get(&full).is_some_and(|all| all.iter().any(|it| same(it)));
        if taken && !own.contains(&None) {
            let list: Vec<String> = own.iter().flatten().map(|it| self.format_id(*it)).collect();
            let message = format!(
                "function {}({}) already exists in schema \"{}\"",
                found.name,
                list.join(", "),
                schema.ident
            );
            self.report(code::DUPLICATE_FUNCTION, schema.range, message);
        }
    }

    /// `SET SCHEMA` of an index.
    fn index_moved(&mut self, written: Written, name: &QName) {
        let Some(last) = name.last() else { return };
        let message = match written {
            Written::View => format!("\"{}\" is not a view", last.ident),
            Written::MaterializedView => format!("\"{}\" is not a materialized view", last.ident),
            Written::Sequence => format!("\"{}\" is not a sequence", last.ident),
            Written::ForeignTable => format!("\"{}\" is not a foreign table", last.ident),
            Written::Table => format!("cannot change schema of index \"{}\"", last.ident),
            Written::Index => return,
        };
        self.report(code::WRONG_OBJECT_TYPE, at(name), message);
    }

    pub fn comment(&mut self, object: ObjectKind, name: &'a QName, args: Option<&'a [TypeName]>) {
        if name.is_dynamic() {
            return;
        }
        match object {
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate if self.is_exact() => {
                self.named_function(object, name, args, false);
            }
            ObjectKind::Relation(written) => match self.object(name, false) {
                Object::Relation(relation) => {
                    if self.is_certain(relation.origin) {
                        let fits = written == Written::Table
                            && matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable);
                        if written == Written::Table && !fits {
                            let message = format!("\"{}\" is not a table", relation.name);
                            self.report(code::WRONG_OBJECT_TYPE, at(name), message);
                        } else {
                            self.is_written_kind(&relation, written, name);
                        }
                    }
                }
                Object::Missing => self.missing_relation(name),
                Object::Index { .. } if written != Written::Index && self.is_exact() => {
                    let words = match written {
                        Written::View => "a view",
                        Written::MaterializedView => "a materialized view",
                        Written::Sequence => "a sequence",
                        Written::ForeignTable => "a foreign table",
                        _ => "a table",
                    };
                    let Some(last) = name.last() else { return };
                    let message = format!("\"{}\" is not {words}", last.ident);
                    self.report(code::WRONG_OBJECT_TYPE, at(name), message);
                }
                Object::Index { .. } | Object::Unknown => {}
            },
            ObjectKind::Column => {
                if name.parts.len() < 2 {
                    self.report(code::SYNTAX_ERROR, at(name), "column name must be qualified");
                } else if self.commented_index(name) {
                    let mut table = name.clone();
                    let own = table.parts.pop();
                    let Some(last) = table.last() else { return };
                    // An index has its columns' names, and no other.
                    if let Some(own) = own.filter(|it| !self.index_may_have(&table, &it.ident)) {
                        let message =
                            format!("column \"{}\" of relation \"{}\" does not exist", own.ident, last.ident);
                        self.report(code::UNDEFINED_COLUMN, own.range, message);
                        return;
                    }
                    let message = format!("cannot set comment on relation \"{}\"", last.ident);
                    self.report(code::WRONG_OBJECT_TYPE, at(&table), message);
                } else {
                    self.commented_column(name);
                }
            }
            ObjectKind::Type | ObjectKind::Domain => {
                let Some(id) = self.existing_type(name, false) else { return };
                let Some(info) = self.type_info(id) else { return };
                let fits = object == ObjectKind::Type
                    || matches!(info.kind, TypeKind::Domain { .. } | TypeKind::Opaque);
                if !fits {
                    let shown = self.format_id(id);
                    self.report(code::WRONG_OBJECT_TYPE, at(name), format!("\"{shown}\" is not a domain"));
                }
            }
            ObjectKind::Schema => {
                if let Some(last) = name.last() {
                    self.no_schema(last, last.range, false);
                }
            }
            ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Constraint => {
                self.commented_inside(object, name);
            }
            _ => {}
        }
    }

    /// Whether an index may have a column of this name: those of its keys and of its expressions.
    fn index_may_have(&self, index: &QName, column: &Ident) -> bool {
        let Some(last) = index.last() else { return true };
        let path = crate::catalog::lookup::effective_path(self.catalog);
        let schemas: Vec<Ident> = match index.schema() {
            Some(it) => vec![it.ident.clone()],
            None => path.into_iter().map(Ident::new).collect(),
        };
        let found =
            schemas.iter().find_map(|schema| super::name::index_in(self.catalog, schema, &last.ident));
        let Some((table, _, _)) = found else { return true };
        // What it was made of may have another name since.
        let system = super::super::scope::system_column(column.as_str()).is_some();
        !system && {
            let columns: Vec<&Ident> = table
                .indexes
                .iter()
                .filter(|it| it.name.as_ref() == Some(&last.ident))
                .flat_map(|it| it.items.iter().map(|it| it.column.as_ref()))
                .flatten()
                .chain(
                    table
                        .primary_key
                        .iter()
                        .chain(&table.uniques)
                        .filter(|it| it.name.as_ref() == Some(&last.ident))
                        .flat_map(|it| &it.columns),
                )
                .collect();
            columns.contains(&column) || !table.columns.iter().any(|it| it.name == *column)
        }
    }

    fn commented_index(&self, name: &QName) -> bool {
        let mut table = name.clone();
        table.parts.pop();
        let Some(last) = table.last() else { return false };
        let schema = table.schema().map(|it| &it.ident);
        let is_relation = matches!(
            crate::catalog::lookup::relation(self.catalog, schema, &last.ident),
            crate::catalog::lookup::Lookup::Found(_)
        );
        let path = crate::catalog::lookup::effective_path(self.catalog);
        let schemas: Vec<Ident> = match schema {
            Some(it) => vec![it.clone()],
            None => path.into_iter().map(Ident::new).collect(),
        };
        !is_relation
            && self.is_exact()
            && schemas
                .into_iter()
                .any(|schema| super::name::index_in(self.catalog, &schema, &last.ident).is_some())
    }

    fn commented_column(&mut self, name: &QName) {
        // A composite type's attribute is a column, too.
        let mut owner = name.clone();
        owner.parts.pop();
        let schema = owner.schema().map(|it| &it.ident);
        let Some(last) = owner.last() else { return };
        if let Some(id) = crate::catalog::lookup::named_type(self.catalog, schema, &last.ident)
            && let Some(info) = self.type_info(id)
            && let TypeKind::Composite { relation: None, columns } = &info.kind
        {
            let Some(own) = name.last().filter(|_| self.is_exact()) else { return };
            if columns.iter().all(|it| it.0 != own.ident) {
                let message =
                    format!("column \"{}\" of relation \"{}\" does not exist", own.ident, info.name);
                self.report(code::UNDEFINED_COLUMN, own.range, message);
            }
            return;
        }
        let found = self.column_of(name, false);
        if let Some(relation) = found.filter(|it| it.kind == RelationKind::Sequence && self.is_exact()) {
            let Some(column) = name.last() else { return };
            let known = matches!(column.ident.as_str(), "last_value" | "log_cnt" | "is_called")
                || super::super::scope::system_column(column.ident.as_str()).is_some();
            if known {
                let message = format!("cannot set comment on relation \"{}\"", relation.name);
                self.report(code::WRONG_OBJECT_TYPE, at(&owner), message);
            } else {
                self.no_column(&relation, column, true);
            }
        }
    }

    /// `… ON DOMAIN d`.
    fn says_domain(&self, name: &QName) -> bool {
        let mut table = name.clone();
        table.parts.pop();
        let before = self.text.get(..usize::from(at(&table).start())).unwrap_or("").trim_end();
        before.to_ascii_lowercase().ends_with(" domain")
    }

    /// `COMMENT ON CONSTRAINT c ON t`: the table's parts, then the name.
    fn commented_inside(&mut self, object: ObjectKind, name: &'a QName) {
        let mut table = name.clone();
        let Some(own) = table.parts.pop() else { return };
        let schema = table.schema().map(|it| &it.ident);
        let Some(last) = table.last() else { return };
        if object == ObjectKind::Constraint && self.says_domain(name) {
            if self.existing_type(&table, false).is_some() {
                self.domain_constraint_of(name, false);
            }
            return;
        }
        if object == ObjectKind::Constraint
            && crate::catalog::lookup::named_type(self.catalog, schema, &last.ident)
                .and_then(|it| self.type_info(it))
                .is_some_and(|it| matches!(it.kind, TypeKind::Domain { .. } | TypeKind::Opaque))
        {
            self.domain_constraint_of(name, false);
            return;
        }
        let found = crate::catalog::lookup::relation(self.catalog, schema, &last.ident);
        let relation = match found {
            crate::catalog::lookup::Lookup::Found(it) => std::sync::Arc::clone(it),
            crate::catalog::lookup::Lookup::Missing => return self.missing_relation(&table),
            crate::catalog::lookup::Lookup::Unknown => return,
        };
        if object != ObjectKind::Constraint {
            if self.is_exact() {
                self.missing_inside(object, &relation, &own);
            }
            return;
        }
        let all = super::name::constraints(&relation);
        let may_be = !self.is_exact()
            || relation.open
            || self.catalog.gaps.keys
            || own.ident.as_str().contains("not_null")
            || all.iter().any(|it| it.0.is_none_or(|it| *it == own.ident));
        if !may_be {
            let message =
                format!("constraint \"{}\" for table \"{}\" does not exist", own.ident, relation.name);
            self.report(code::UNDEFINED_OBJECT, own.range, message);
        }
    }
}

/// What an element of CREATE SCHEMA makes, or is made on.
fn element_name(element: &StatementKind) -> Option<&QName> {
    let StatementKind::Ddl(ddl) = element else { return None };
    match &**ddl {
        Ddl::CreateTable(it) => Some(&it.name),
        Ddl::CreateView(it) => Some(&it.name),
        Ddl::CreateSequence { name, .. } => Some(name),
        Ddl::CreateIndex(it) => Some(&it.table),
        Ddl::CreateTrigger { table, .. } => Some(table),
        _ => None,
    }
}
