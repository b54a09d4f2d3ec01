//! PRIMARY KEY and UNIQUE (`transformIndexConstraint`).

use crate::base::text::TextRange;
use crate::catalog::QualifiedName;
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::Name;

use super::super::super::binder::Binder;
use super::super::super::scope::system_column;
use super::super::table::Own;
use super::Keys;

impl<'a> Binder<'a> {
    /// `multiple primary keys for table "t" are not allowed`.
    pub(super) fn primary_key(&mut self, own: &Own<'_>, at: TextRange, keys: &mut Keys) -> bool {
        if keys.primary && !(keys.altered && self.catalog.gaps.keys) {
            let message = format!("multiple primary keys for table \"{}\" are not allowed", own.name.name);
            self.report(code::INVALID_TABLE_DEFINITION, at, message);
        }
        std::mem::replace(&mut keys.primary, true)
    }

    /// PRIMARY KEY or UNIQUE over columns; whether it is the primary one, and one WITHOUT OVERLAPS.
    pub(super) fn key(
        &mut self,
        own: &Own<'_>,
        columns: &'a [Name],
        given: Option<&Name>,
        (primary, overlaps): (bool, bool),
        at: TextRange,
        keys: &mut Keys,
    ) {
        if primary && self.primary_key(own, at, keys) && !keys.altered {
            return;
        }
        let listed: Vec<Ident> = columns.iter().map(|it| it.ident.clone()).collect();
        // One over the same columns as another may be that other.
        let merged = |given: &Name| {
            let made = || own.relation.primary_key.iter().chain(&own.relation.uniques);
            let is = |it: &crate::catalog::Key| it.name.as_ref() == Some(&given.ident);
            made().any(|it| it.columns == listed) && !made().any(is)
        };
        if keys.altered || !keys.columns.contains(&listed) && !given.is_some_and(merged) {
            self.index_name(own, given, keys);
        }
        if keys.altered {
            let words = if primary { "PRIMARY KEY" } else { "UNIQUE" };
            self.covers_partition_key(own.relation, &listed, words, at);
        }
        keys.columns.push(listed);
        let mut seen: Vec<&Ident> = Vec::new();
        let mut unclassed: Vec<(crate::catalog::TypeId, TextRange)> = Vec::new();
        for name in columns {
            if name.ident.is_dynamic() {
                continue;
            }
            if seen.contains(&&name.ident) {
                let words = if primary { "primary key" } else { "unique" };
                let message = format!("column \"{}\" appears twice in {words} constraint", name.ident);
                self.report(code::DUPLICATE_COLUMN, at, message);
                return;
            }
            seen.push(&name.ident);
            match own.relation.columns.iter().find(|it| it.name == name.ident) {
                Some(column) if column.generated.as_ref().is_some_and(|it| !it.stored) => {
                    let what = if primary { "primary keys" } else { "unique constraints" };
                    if self.is_certain(column.origin) {
                        self.no_virtual(what, at);
                    }
                    return;
                }
                Some(column) => {
                    if overlaps && name.range == columns.last().map_or(at, |it| it.range) {
                        if self.overlaps_nothing(column, at) {
                            return;
                        }
                        if columns.len() < 2 {
                            let message = "constraint using WITHOUT OVERLAPS needs at least two columns";
                            self.report(code::SYNTAX_ERROR, at, message);
                            return;
                        }
                    }
                    if let Some(ty) = column.ty {
                        unclassed.push((ty.id, name.range));
                    }
                }
                None if own.relation.open => {}
                None if system_column(name.ident.as_str()).is_some() => {
                    let message = "index creation on system columns is not supported";
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                }
                None if overlaps && keys.altered && columns.len() < 2 => {
                    let message = "constraint using WITHOUT OVERLAPS needs at least two columns";
                    self.report(code::SYNTAX_ERROR, at, message);
                }
                None => self.no_key_column(own, name, at),
            }
        }
        for (ty, at) in unclassed {
            self.default_class(ty, if overlaps { "gist" } else { "btree" }, at);
        }
    }

    /// The last column of a key WITHOUT OVERLAPS is no range.
    pub(super) fn overlaps_nothing(&mut self, column: &crate::catalog::Column, at: TextRange) -> bool {
        use crate::catalog::TypeKind;
        let kind = column.ty.and_then(|it| self.type_info(self.base(it.id))).map(|it| &it.kind);
        let range = kind.is_none_or(|it| {
            matches!(it, TypeKind::Range { .. } | TypeKind::Multirange { .. } | TypeKind::Opaque)
        });
        if !range {
            let message =
                format!("column \"{}\" in WITHOUT OVERLAPS is not a range or multirange type", column.name);
            self.report(code::DATATYPE_MISMATCH, at, message);
        }
        !range
    }

    pub(super) fn no_key_column(&mut self, own: &Own<'_>, name: &Name, at: TextRange) {
        let message = format!("column \"{}\" named in key does not exist", name.ident);
        let n_problems = self.problems.len();
        self.missing_attribute(own.relation, name, message);
        // PostgreSQL's place is the constraint.
        if let Some(problem) = self.problems.get_mut(n_problems) {
            problem.range = TextRange::new(at.start(), name.range.end().max(at.start()));
        }
    }

    /// `… USING INDEX index`.
    pub(super) fn using_index(&mut self, own: &Own<'_>, index: &'a Name, place: TextRange) {
        if own.relation.open || index.ident.is_dynamic() || !self.is_exact() {
            return;
        }
        // The statement turns the index into a key.
        let Some(before) = self.catalog.relations.get(own.name) else { return };
        if before.kind == crate::catalog::RelationKind::PartitionedTable {
            let message = "ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables";
            self.report(code::FEATURE_NOT_SUPPORTED, place, message);
            return;
        }
        let found = before.indexes.iter().find(|it| it.name.as_ref() == Some(&index.ident));
        let at = TextRange::new(place.start(), index.range.end().max(place.start()));
        let Some(found) = found else {
            let is_key = before
                .primary_key
                .iter()
                .chain(&before.uniques)
                .any(|it| it.name.as_ref() == Some(&index.ident));
            let elsewhere = QualifiedName { schema: own.name.schema.clone(), name: index.ident.clone() };
            let name = &index.ident;
            if is_key {
                let message = format!("index \"{name}\" is already associated with a constraint");
                self.report(code::OBJECT_NOT_IN_STATE, at, message);
            } else if self.catalog.relations.contains_key(&elsewhere) {
                self.report(code::WRONG_OBJECT_TYPE, at, format!("\"{name}\" is not an index"));
            } else if let Some((_, key, _)) =
                super::super::name::index_in(self.catalog, &elsewhere.schema, &elsewhere.name)
            {
                let message = match key {
                    true => format!("index \"{name}\" is already associated with a constraint"),
                    false => {
                        format!("index \"{name}\" does not belong to table \"{}\"", own.name.name)
                    }
                };
                self.report(code::OBJECT_NOT_IN_STATE, at, message);
            } else if !self.catalog.gaps.keys {
                self.report(code::UNDEFINED_OBJECT, at, format!("index \"{name}\" does not exist"));
            }
            return;
        };
        let name = &index.ident;
        let message = if !found.unique {
            format!("\"{name}\" is not a unique index")
        } else if found.items.iter().any(|it| it.column.is_none()) {
            format!("index \"{name}\" contains expressions")
        } else if found.predicate.is_some() {
            format!("\"{name}\" is a partial index")
        } else if let Some(idx) =
            found.items.iter().position(|it| it.descending || it.nulls.as_deref() == Some("first"))
        {
            format!("index \"{name}\" column number {} does not have default sorting behavior", idx + 1)
        } else {
            return;
        };
        self.report(code::WRONG_OBJECT_TYPE, at, message)
            .hint("Cannot create a primary key or unique constraint using such an index.");
    }
}
