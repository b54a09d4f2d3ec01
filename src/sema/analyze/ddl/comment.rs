//! COMMENT ON every kind of object (`CommentObject`), and the columns that statements name behind their table's name.

use crate::catalog::{Relation, RelationKind, TypeKind};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{ObjectKind, RelationKind as Written};
use crate::sql::hir::{QName, TypeName};

use super::super::binder::Binder;
use super::name::{Object, at};

impl<'a> Binder<'a> {
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
}
