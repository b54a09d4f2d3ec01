//! RENAME and SET SCHEMA of every object (`alter.c`).

use crate::catalog::{QualifiedName, RelationKind, TypeKind};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{ObjectKind, RelationKind as Written};
use crate::sql::hir::{Name, QName, TypeName};

use super::super::binder::Binder;
use super::super::relation::qualified;
use super::name::{Object, at, declared_here, relation_origin};

impl<'a> Binder<'a> {
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
                    let own = QName { parts: vec![to.clone()] };
                    let public = to.ident.as_str() == "public" && !self.surely_gone("SCHEMA", &own, "");
                    if existing.is_some() || public {
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
                if self.is_exact() {
                    self.missing_altered(name, if_exists);
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
                let is_domain = self
                    .type_info(id)
                    .is_none_or(|it| matches!(it.kind, TypeKind::Domain { .. } | TypeKind::Opaque));
                if object == ObjectKind::Domain && !is_domain {
                    let message = format!("{} is not a domain", self.format_id(id));
                    self.report(code::WRONG_OBJECT_TYPE, at(name), message);
                    return;
                }
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
}
