//! Composite types and what holds values of them (`DefineCompositeType`, `ATExecAddColumn` and its like).

use crate::catalog::{TypeId, TypeInfo, TypeKind};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::AlterTable;
use crate::sql::hir::{Name, QName, TypeName};

use super::super::binder::Binder;
use super::super::suggest::nearest;
use super::name::at;

/// An attribute of a composite type, and its type where that is known.
type Attribute = (Ident, Option<crate::catalog::Type>);

impl<'a> Binder<'a> {
    pub fn create_composite(
        &mut self,
        name: &QName,
        columns: &'a [(Name, TypeName)],
        collations: &'a [Option<QName>],
    ) {
        self.new_type(name);
        let mut seen: Vec<&Ident> = Vec::new();
        for (idx, (column, ty)) in columns.iter().enumerate() {
            if seen.contains(&&column.ident) {
                let message = format!("column \"{}\" specified more than once", column.ident);
                self.report(code::DUPLICATE_COLUMN, column.range, message);
                continue;
            }
            seen.push(&column.ident);
            self.attribute_type(column, ty);
            if let Some(Some(collation)) = collations.get(idx)
                && let Ok(found) = crate::catalog::lookup::type_name(self.catalog, ty, &self.stmt.exprs)
            {
                self.collation_of(found.id, collation);
            }
        }
    }

    fn attribute_type(&mut self, column: &Name, ty: &'a TypeName) {
        if let Ty::Known(found) = self.type_name(ty)
            && !self.only_shell(found.id, ty)
            && self.is_pseudo(found.id)
        {
            let message = format!("column \"{}\" has pseudo-type {}", column.ident, self.format_id(found.id));
            self.report(code::INVALID_TABLE_DEFINITION, ty.range, message);
        }
    }

    pub fn alter_composite(&mut self, name: &'a QName, actions: &'a [AlterTable]) {
        // RENAME ATTRIBUTE is taken for the columns of any relation.
        let renames = actions.iter().all(|it| matches!(it, AlterTable::RenameColumn { .. }));
        if renames && matches!(self.find_relation(name), crate::catalog::lookup::Lookup::Found(_)) {
            return;
        }
        let Some((info, columns)) = self.altered_composite(name) else { return };
        let mut names: Vec<Ident> = columns.iter().map(|it| it.0.clone()).collect();
        for action in actions {
            if let AlterTable::SetType { name: own, .. } = action
                && names.contains(&own.ident)
                && self.composite_in_use(info, own)
            {
                return;
            }
            if self.has_typed_tables(info, &names, action) {
                let message =
                    format!("cannot alter type \"{}\" because it is the type of a typed table", info.name);
                self.report(code::DEPENDENT_OBJECTS, at(name), message)
                    .hint("Use ALTER ... CASCADE to alter the typed tables too.");
                return;
            }
            match action {
                AlterTable::AddColumn { column, .. } => {
                    let own = &column.name;
                    if names.contains(&own.ident) && self.is_certain(info.origin) {
                        let message =
                            format!("column \"{}\" of relation \"{}\" already exists", own.ident, info.name);
                        self.report(code::DUPLICATE_COLUMN, own.range, message);
                    }
                    if let Some(ty) = &column.ty {
                        self.attribute_type(own, ty);
                        self.attribute_of_itself(info, ty);
                    }
                    names.push(own.ident.clone());
                }
                AlterTable::DropColumn { name: own, if_exists, cascade } => {
                    if !if_exists {
                        self.no_attribute(&names, own, info, true);
                    }
                    if !cascade && names.contains(&own.ident) && self.is_exact() {
                        let full = crate::catalog::QualifiedName {
                            schema: info.schema.clone(),
                            name: info.name.clone(),
                        };
                        let words =
                            format!("cannot drop column {} of composite type {}", own.ident, info.name);
                        let found = self.column_users(&full, &own.ident);
                        self.refuse_all(&found, own.range, &words);
                    }
                    names.retain(|it| *it != own.ident);
                }
                AlterTable::SetType { name: own, ty, collation, .. } => {
                    self.attribute_type(own, ty);
                    if self.no_attribute(&names, own, info, true) {
                        self.attribute_of_itself(info, ty);
                    }
                    if let Some(collation) = collation
                        && let Ok(found) =
                            crate::catalog::lookup::type_name(self.catalog, ty, &self.stmt.exprs)
                    {
                        self.collation_of(found.id, collation);
                    }
                }
                AlterTable::RenameColumn { name: own, new_name }
                    if self.no_attribute(&names, own, info, false)
                        && names.contains(&new_name.ident)
                        && self.is_exact() =>
                {
                    let message =
                        format!("column \"{}\" of relation \"{}\" already exists", new_name.ident, info.name);
                    self.report(code::DUPLICATE_COLUMN, new_name.range, message);
                }
                _ => {}
            }
        }
    }

    /// Whether an action on a type is refused for its tables' sake (`find_typed_table_dependencies`).
    fn has_typed_tables(&self, info: &TypeInfo, names: &[Ident], action: &AlterTable) -> bool {
        if let AlterTable::SetType { name, .. } = action
            && !names.contains(&name.ident)
        {
            return false;
        }
        let cascade =
            crate::sql::token::significant(self.text).iter().any(|it| it.is_word(self.text, "cascade"));
        let typed = |it: &std::sync::Arc<crate::catalog::Relation>| {
            it.of_type == Some(info.id) && it.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA
        };
        !cascade && self.is_exact() && self.catalog.relations.values().any(typed)
    }

    /// A composite type that stands by itself; reported where it is none.
    fn altered_composite(&mut self, name: &'a QName) -> Option<(&'a TypeInfo, &'a [Attribute])> {
        let last = name.last()?;
        let schema = name.schema().map(|it| &it.ident);
        if name.is_dynamic() || self.missing_schema(name, false) {
            return None;
        }
        let id =
            crate::catalog::lookup::named_type(self.catalog, schema, &last.ident).filter(|it| !it.is_none());
        let Some(info) = id.and_then(|it| self.type_info(it)) else {
            if matches!(self.find_relation(name), crate::catalog::lookup::Lookup::Missing)
                && !self.catalog.gaps.types
                && self.is_exact()
            {
                self.missing_relation(name);
            }
            return None;
        };
        match &info.kind {
            TypeKind::Composite { relation: None, columns } => Some((info, columns)),
            TypeKind::Opaque => None,
            TypeKind::Composite { .. } => {
                let message = format!("\"{}\" is not a composite type", last.ident);
                self.report(code::WRONG_OBJECT_TYPE, at(name), message);
                None
            }
            _ => {
                // To PostgreSQL other types are no relations at all.
                let message = format!("relation \"{}\" does not exist", last.ident);
                self.report(code::UNDEFINED_TABLE, at(name), message);
                None
            }
        }
    }

    /// `composite type c cannot be made a member of itself`.
    fn attribute_of_itself(&mut self, info: &TypeInfo, ty: &TypeName) {
        let Ok(found) = crate::catalog::lookup::type_name(self.catalog, ty, &self.stmt.exprs) else { return };
        if self.is_exact() && self.holds(found.id, info.id, 0) {
            let message = format!("composite type {} cannot be made a member of itself", info.name);
            self.report(code::INVALID_TABLE_DEFINITION, ty.range, message);
        }
    }

    /// Whether a type is another, or is made of it (`CheckAttributeType`).
    pub fn holds(&self, id: TypeId, wanted: TypeId, depth: u32) -> bool {
        if id == wanted {
            return true;
        }
        if depth > 8 {
            return false;
        }
        if let Some(element) = self.catalog.element_type(id) {
            return self.holds(element, wanted, depth + 1);
        }
        match self.type_info(id).map(|it| &it.kind) {
            Some(TypeKind::Domain { base, .. }) => self.holds(base.id, wanted, depth + 1),
            Some(TypeKind::Range { subtype }) => self.holds(*subtype, wanted, depth + 1),
            Some(TypeKind::Multirange { range }) => self.holds(*range, wanted, depth + 1),
            Some(TypeKind::Composite { .. }) => {
                let columns = self.catalog.composite_columns(id).unwrap_or_default();
                columns.iter().any(|it| it.1.is_some_and(|it| self.holds(it.id, wanted, depth + 1)))
            }
            _ => false,
        }
    }

    /// `true`: the attribute is there.
    fn no_attribute(&mut self, names: &[Ident], own: &Name, info: &TypeInfo, in_relation: bool) -> bool {
        let known = names.contains(&own.ident) || own.ident.is_dynamic();
        if !known && self.is_exact() {
            let message = match in_relation {
                true => format!("column \"{}\" of relation \"{}\" does not exist", own.ident, info.name),
                false => format!("column \"{}\" does not exist", own.ident),
            };
            let similar = nearest(own.ident.as_str(), names.iter().map(Ident::as_str)).map(Ident::new);
            let problem = self.report(code::UNDEFINED_COLUMN, own.range, message);
            if let Some(similar) = similar {
                problem.hint(format!("Perhaps you meant the column \"{similar}\"."));
                problem.fixes.push(super::super::suggest::rename(own.range, &similar));
            }
        }
        known
    }

    /// `cannot alter type "c" because column "t.x" uses it`.
    fn composite_in_use(&mut self, info: &TypeInfo, own: &Name) -> bool {
        let found = self.column_holding(info.id).filter(|_| self.is_exact());
        let holds = found.is_some();
        if let Some((table, column)) = found {
            let message =
                format!("cannot alter type \"{}\" because column \"{table}.{column}\" uses it", info.name);
            self.report(code::FEATURE_NOT_SUPPORTED, own.range, message);
        }
        holds
    }

    /// A column of a table whose values hold values of a type.
    pub fn column_holding(&self, id: TypeId) -> Option<(Ident, Ident)> {
        use crate::catalog::RelationKind::{MaterializedView, PartitionedTable, Table};
        self.catalog.relations.iter().find_map(|(name, relation)| {
            let is_table = matches!(relation.kind, Table | MaterializedView | PartitionedTable);
            // What is temporary may be gone.
            let lasts = name.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA;
            let column = relation.columns.iter().find(|it| it.ty.is_some_and(|it| self.holds(it.id, id, 0)));
            column.filter(|_| is_table && lasts).map(|it| (name.name.clone(), it.name.clone()))
        })
    }
}
