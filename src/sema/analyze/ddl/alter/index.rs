//! ALTER INDEX: options, statistics of expressions, partitions (`ATExecSetStatistics`, `ATExecAttachPartitionIdx`).

use std::sync::Arc;

use crate::catalog::{Relation, RelationKind, pg};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::AlterTable;
use crate::sql::hir::{Name, QName};

use super::super::super::binder::Binder;
use super::super::super::relation::qualified;
use super::super::name::{Object, at, index_in, indexes};

impl<'a> Binder<'a> {
    /// `ALTER INDEX`.
    pub(super) fn alter_index(&mut self, name: &QName, table: &Relation, actions: &'a [AlterTable]) {
        let Some(last) = name.last().filter(|_| self.is_certain(table.origin)) else { return };
        let index = table.indexes.iter().find(|it| it.name.as_ref() == Some(&last.ident));
        let method = index.map_or("btree", |it| it.method.as_str());
        for action in actions {
            match action {
                AlterTable::Options { options, reset } => {
                    if let Some(known) = super::super::options::index(method) {
                        self.settings(known, options, *reset);
                    }
                }
                AlterTable::AttachPartition { .. } if table.kind != RelationKind::PartitionedTable => {
                    self.wrong_action(name, "ATTACH PARTITION", "indexes");
                }
                AlterTable::AttachPartition { partition, .. } => self.attach_index(table, last, partition),
                AlterTable::Other => self.index_statistics(table, last),
                _ => {}
            }
        }
    }

    /// `ALTER INDEX parent ATTACH PARTITION child` (`ATExecAttachPartitionIdx`).
    fn attach_index(&mut self, table: &Relation, index: &Name, partition: &'a QName) {
        let exact = self.is_exact() && !self.catalog.gaps.keys;
        let Some(last) = partition.last().filter(|_| exact) else { return };
        let child = match self.object(partition, false) {
            Object::Index { table, .. } => table,
            Object::Missing => return self.missing_relation(partition),
            Object::Relation(_) => {
                let message = format!("\"{}\" is not an index", last.ident);
                self.report(code::INVALID_OBJECT_DEFINITION, at(partition), message);
                return;
            }
            Object::Unknown => return,
        };
        let columns = |relation: &Relation, name: &Ident| -> Option<(Vec<Ident>, bool, bool)> {
            let keys = relation.primary_key.iter().chain(&relation.uniques);
            if let Some(key) = keys.into_iter().find(|it| it.name.as_ref() == Some(name)) {
                return Some((key.columns.clone(), true, true));
            }
            let found = relation.indexes.iter().find(|it| it.name.as_ref() == Some(name))?;
            let plain = found.items.iter().map(|it| it.column.clone()).collect::<Option<Vec<_>>>()?;
            (!plain.is_empty()).then_some((plain, found.unique, false))
        };
        let unlike = match (columns(table, &index.ident), columns(&child, &last.ident)) {
            (Some((a, unique, key)), Some((b, other, other_key))) => {
                a != b || unique != other || key && !other_key
            }
            _ => false,
        };
        let is_partition = child.parents.contains(&qualified(table));
        // `refuseDupeIndexAttach`, and the index that is part of another one already.
        let other =
            child.indexes.iter().any(|it| match (&it.part_of, it.name.as_ref() == Some(&last.ident)) {
                (Some(whole), true) => *whole != index.ident,
                (Some(whole), false) => is_partition && *whole == index.ident,
                (None, _) => false,
            });
        if !is_partition || unlike || other {
            let message =
                format!("cannot attach index \"{}\" as a partition of index \"{}\"", last.ident, index.ident);
            let code = match is_partition && !other {
                true => code::INVALID_OBJECT_DEFINITION,
                false => code::OBJECT_NOT_IN_STATE,
            };
            self.report(code, at(partition), message);
        }
    }

    /// `ALTER INDEX i ALTER COLUMN n SET STATISTICS …`: of expressions alone (`ATExecSetStatistics`).
    fn index_statistics(&mut self, table: &Relation, index: &Name) {
        let text = self.text;
        let tokens = crate::sql::token::significant(text);
        let Some(set) = tokens.windows(2).position(|it| {
            let [a, b] = it else { return false };
            a.is_word(text, "set") && b.is_word(text, "statistics")
        }) else {
            return;
        };
        let Some(token) = set.checked_sub(1).and_then(|it| tokens.get(it)) else { return };
        let Ok(number) = token.text(text).parse::<usize>() else { return };
        if number == 0 || number > 32_767 {
            let message = "column number must be in range from 1 to 32767";
            self.report(code::INVALID_PARAMETER_VALUE, token.range, message);
            return;
        }
        let keys = table.primary_key.iter().chain(&table.uniques);
        let key = keys.into_iter().find(|it| it.name.as_ref() == Some(&index.ident));
        let found = table.indexes.iter().find(|it| it.name.as_ref() == Some(&index.ident));
        let n_columns = match (key, found) {
            (Some(key), _) => Some(key.columns.len()),
            (_, Some(index)) if !index.items.is_empty() => Some(index.items.len() + index.include.len()),
            _ => None,
        };
        if n_columns.is_some_and(|it| number > it) && key.is_none() {
            let message = format!("column number {number} of relation \"{}\" does not exist", index.ident);
            self.report(code::UNDEFINED_COLUMN, token.range, message);
            return;
        }
        let column = match (key, found) {
            (Some(key), _) => key.columns.get(number.wrapping_sub(1)).cloned(),
            (_, Some(index)) if !index.items.is_empty() => {
                index.items.get(number.wrapping_sub(1)).and_then(|it| it.column.clone())
            }
            _ => None,
        };
        if let Some(column) = column {
            let message = format!(
                "cannot alter statistics on non-expression column \"{column}\" of index \"{}\"",
                index.ident
            );
            self.report(code::FEATURE_NOT_SUPPORTED, token.range, message)
                .hint("Alter statistics on table column instead.");
        } else {
            self.target_too_low(token.range.end());
        }
    }

    /// An index of a table, by its bare name; `clusters`: rows are to be put in its order.
    pub fn index_of(&mut self, relation: &Arc<Relation>, name: &Name, clusters: bool) -> bool {
        if name.ident.is_dynamic() || !self.is_exact() || relation.open || self.catalog.gaps.keys {
            return false;
        }
        if indexes(relation).any(|it| *it.0 == name.ident) {
            let found = relation.indexes.iter().find(|it| it.name.as_ref() == Some(&name.ident));
            if let Some(index) = found.filter(|_| clusters) {
                let message = if !matches!(index.method.as_str(), "btree" | "gist") {
                    let known = pg::access_methods().any(|it| it == index.method);
                    known.then(|| {
                        format!(
                            "cannot cluster on index \"{}\" because access method does not support clustering",
                            name.ident
                        )
                    })
                } else if index.predicate.is_some() {
                    Some(format!("cannot cluster on partial index \"{}\"", name.ident))
                } else {
                    None
                };
                if let Some(message) = message {
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                    return false;
                }
            }
            return true;
        }
        // Exclusion constraints without a name have one that is not known.
        if relation.indexes.iter().any(|it| it.name.is_none()) {
            return false;
        }
        let own = qualified(relation);
        let full = crate::catalog::QualifiedName { schema: own.schema, name: name.ident.clone() };
        let elsewhere = self.catalog.relations.contains_key(&full)
            || index_in(self.catalog, &full.schema, &full.name).is_some();
        if elsewhere {
            let message = format!("\"{}\" is not an index for table \"{}\"", name.ident, relation.name);
            self.report(code::WRONG_OBJECT_TYPE, name.range, message);
        } else {
            let message = format!("index \"{}\" for table \"{}\" does not exist", name.ident, relation.name);
            self.report(code::UNDEFINED_OBJECT, name.range, message);
        }
        false
    }
}
