//! What a new table takes from others: parents, LIKE, the attributes of a type, indexes of the tables it belongs to.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::super::constraint::{Pending, PendingKind};
use super::super::naming::columns_part;
use super::super::{Fold, empty_column, empty_relation};
use crate::catalog::{
    Collation, Column, Index, IndexItem, Key, QualifiedName, Relation, RelationKind, Type, pg, types,
};
use crate::sql::Ident;
use crate::sql::hir::QName;
use crate::sql::hir::ddl::Like;

/// Stand for a key among the indexes that LIKE copies.
const PRIMARY: &str = "\u{0}primary";
const UNIQUE: &str = "\u{0}unique";
/// The predicate of such a stand-in, where the key is one WITHOUT OVERLAPS.
const OVERLAPS: &str = "\u{0}without overlaps";

impl Fold<'_> {
    /// Columns, defaults and checks of a parent.
    pub(super) fn inherit_columns(&mut self, relation: &mut Relation, parent: &QName) {
        let Some(name) = self.find(parent) else {
            relation.open = true;
            return;
        };
        let Some(parent) = self.relation(&name).cloned() else { return };
        relation.open |= parent.open;
        for column in &parent.columns {
            match relation.columns.iter_mut().find(|it| it.name == column.name) {
                Some(own) => own.not_null |= column.not_null && !column.nulls_remain,
                None => {
                    // Identity is not inherited by INHERITS, but is by partitions.
                    let mut column = column.clone();
                    column.not_null &= !column.nulls_remain;
                    column.nulls_remain = false;
                    if parent.kind != RelationKind::PartitionedTable {
                        column.identity = None;
                    }
                    relation.columns.push(column);
                }
            }
        }
        for check in parent.checks.iter().filter(|it| !it.no_inherit) {
            if !relation.checks.iter().any(|it| it.name == check.name) {
                relation.checks.push(check.clone());
                if let Some(name) = &check.name {
                    std::sync::Arc::make_mut(&mut relation.details).take_state(&parent.details, name);
                }
            }
        }
        relation.parents.push(name);
    }

    /// What a new partition takes over from its table: keys, indexes, foreign keys.
    pub(in crate::catalog::fold) fn attach(&mut self, parent: &QualifiedName, partition: &QualifiedName) {
        let Some(parent) = self.relation(parent).cloned() else { return };
        let Some(own) = self.relation(partition).cloned() else { return };
        if let Some(key) = &parent.primary_key
            && own.primary_key.is_none()
        {
            let name = Some(self.choose_relation_name(&partition.schema, &partition.name, None, "pkey"));
            let key = Key { name, ..key.clone() };
            self.set_not_null(partition, &key.columns, true);
            if let Some(relation) = self.relation_mut(partition) {
                relation.primary_key = Some(key);
            }
        }
        for key in &parent.uniques {
            if own.uniques.iter().any(|it| it.columns == key.columns) {
                continue;
            }
            let part = columns_part(&key.columns.iter().map(Ident::to_string).collect::<Vec<_>>());
            let name =
                Some(self.choose_relation_name(&partition.schema, &partition.name, Some(&part), "key"));
            let key = Key { name, ..key.clone() };
            if let Some(relation) = self.relation_mut(partition) {
                relation.uniques.push(key);
            }
        }
        let above = QualifiedName { schema: parent.schema.clone(), name: parent.name.clone() };
        self.clone_triggers(&above);
        for index in parent.indexes {
            self.take_index(partition, index);
        }
        if let Some(relation) = self.relation_mut(partition) {
            for key in parent.foreign_keys {
                if !relation.foreign_keys.iter().any(|it| it.name == key.name) {
                    if let Some(name) = &key.name {
                        std::sync::Arc::make_mut(&mut relation.details).take_state(&parent.details, name);
                    }
                    relation.foreign_keys.push(key);
                }
            }
        }
    }

    pub(super) fn columns_of_type(&self, relation: &mut Relation, name: &QName) {
        let id = self.find_type(name).and_then(|it| self.catalog.types.id(&it));
        relation.of_type = id;
        let Some(columns) = id.and_then(|it| self.catalog.composite_columns(it)) else {
            relation.open = true;
            return;
        };
        let columns = self.columns_from(columns, relation.origin);
        relation.columns.extend(columns);
    }

    /// The attributes of a type as columns.
    fn columns_from(
        &self,
        columns: Vec<(Ident, Option<Type>)>,
        origin: crate::catalog::Origin,
    ) -> Vec<Column> {
        let column = |(name, ty): (Ident, Option<Type>)| {
            let text = ty.map_or_else(SmolStr::default, |it| types::format_type(self.catalog, it).into());
            // What collations attributes were given is not kept.
            let collatable = ty.and_then(|it| self.catalog.type_info(it.id)).is_some_and(|it| it.collatable);
            let collation = if collatable { Collation::Unknown } else { Collation::OfType };
            Column { type_text: text, ty, collation, ..empty_column(name, origin) }
        };
        columns.into_iter().map(column).collect()
    }

    /// Copies what LIKE says; the indexes and keys to copy come back, for they need the table to exist.
    pub(super) fn like(
        &mut self,
        relation: &mut Relation,
        like: &Like,
        sequences: &mut Vec<Relation>,
    ) -> Vec<Index> {
        let found = self.find(&like.source).and_then(|it| self.relation(&it).cloned());
        let composite = || {
            let id = self.catalog.types.id(&self.find_type(&like.source)?)?;
            let columns = self.catalog.composite_columns(id)?;
            let table = QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() };
            let mut res = empty_relation(&table, RelationKind::Table, relation.origin);
            res.columns = self.columns_from(columns, relation.origin);
            Some(res)
        };
        let system = || {
            let name = self.candidates(&like.source);
            name.iter().find_map(pg::relation).map(|it| (**it).clone())
        };
        let Some(source) = found.or_else(composite).or_else(system) else {
            relation.open = true;
            return Vec::new();
        };
        relation.open |= source.open;
        let table = QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() };
        for column in &source.columns {
            let mut column = Column { also: Vec::new(), key: None, ..column.clone() };
            if !like.including_defaults {
                column.default = None;
            }
            if !like.including_generated {
                column.generated = None;
            }
            if !like.including_identity || relation.kind == RelationKind::Foreign {
                column.identity = None;
            } else if column.identity.is_some() {
                let taken: FxHashSet<Ident> = sequences.iter().map(|it| it.name.clone()).collect();
                let mut copy = self.owned_sequence(&table, &column, &taken, &[]);
                let of = QualifiedName { schema: source.schema.clone(), name: source.name.clone() };
                let old = self.owned_sequences(&of, Some(&column.name));
                let old = old.first().and_then(|it| self.relation(it));
                copy.details = old.map(|it| std::sync::Arc::clone(&it.details)).unwrap_or_default();
                sequences.push(copy);
            }
            match relation.columns.iter_mut().find(|it| it.name == column.name) {
                // A parent's.
                Some(own) if !relation.parents.is_empty() => own.origin = relation.origin,
                _ => relation.columns.push(column),
            }
        }
        for (name, column) in &source.not_nulls {
            if !relation.not_nulls.iter().any(|it| it.1 == *column) {
                relation.not_nulls.push((name.clone(), column.clone()));
            }
        }
        if like.including_constraints {
            relation.checks.extend(source.checks.iter().cloned());
            for name in source.checks.iter().filter_map(|it| it.name.as_ref()) {
                std::sync::Arc::make_mut(&mut relation.details).take_state(&source.details, name);
            }
        }
        if !like.including_indexes {
            return Vec::new();
        }
        let as_index = |key: &Key, method: &str| Index {
            name: None,
            unique: true,
            method: method.into(),
            items: key.columns.iter().map(|it| column_item(it.clone())).collect(),
            predicate: key.without_overlaps.then(|| OVERLAPS.into()),
            nulls_not_distinct: key.nulls_not_distinct,
            include: Vec::new(),
            part_of: None,
            origin: key.origin,
        };
        let keys = source.primary_key.iter().map(|it| as_index(it, PRIMARY));
        let uniques = source.uniques.iter().map(|it| as_index(it, UNIQUE));
        keys.chain(uniques).chain(source.indexes.iter().cloned()).collect()
    }

    /// A partition's part of an index: one that is the same already, else a copy (`AttachPartitionEnsureIndexes`).
    pub(in crate::catalog::fold) fn take_index(&mut self, partition: &QualifiedName, index: Index) {
        let same = |it: &&mut Index| {
            it.items == index.items
                && it.unique == index.unique
                && it.method == index.method
                && it.predicate == index.predicate
                && it.part_of.is_none()
        };
        // Foreign tables have none.
        let Some(relation) = self.relation_mut(partition).filter(|it| it.kind != RelationKind::Foreign)
        else {
            return;
        };
        if let Some(own) = relation.indexes.iter_mut().find(same).filter(|_| !index.items.is_empty()) {
            own.part_of.clone_from(&index.name);
            return;
        }
        // What an item or a condition is may be written in another way.
        let unsure = index.predicate.is_some() || index.items.iter().any(|it| it.column.is_none());
        if unsure
            && relation
                .indexes
                .iter()
                .any(|it| it.items.len() == index.items.len() && it.unique == index.unique)
        {
            let same = |it: &Index| it.items == index.items && it.unique == index.unique;
            if relation.indexes.iter().any(same) {
                return;
            }
        }
        let n_before = relation.indexes.len();
        let part_of = index.name.clone();
        self.clone_index(partition, index);
        if let Some(own) = self.relation_mut(partition).and_then(|it| it.indexes.get_mut(n_before)) {
            own.part_of = part_of;
        }
    }

    /// Adds a copy of an index (or of a key, see [`PRIMARY`]) under a name of its own.
    pub(in crate::catalog::fold) fn clone_index(&mut self, table: &QualifiedName, mut index: Index) {
        let columns: Vec<Ident> = index.items.iter().filter_map(|it| it.column.clone()).collect();
        let range = Default::default();
        let origin = index.origin;
        let without_overlaps = index.predicate.as_deref() == Some(OVERLAPS);
        match index.method.as_str() {
            PRIMARY => {
                let kind = PendingKind::PrimaryKey { columns, without_overlaps };
                self.constraint(table, Pending::copied(kind, range, false), &FxHashSet::default());
                // A partition's is its parent's.
                if let Some(relation) = self.relation_mut(table).filter(|it| !it.parents.is_empty())
                    && let Some(key) = relation.primary_key.as_mut()
                {
                    key.origin = origin;
                }
            }
            UNIQUE => {
                let n_before = self.relation(table).map_or(0, |it| it.uniques.len());
                let nulls_not_distinct = index.nulls_not_distinct;
                let kind = PendingKind::Unique { columns, nulls_not_distinct, without_overlaps };
                self.constraint(table, Pending::copied(kind, range, false), &FxHashSet::default());
                if n_before < self.relation(table).map_or(0, |it| it.uniques.len())
                    && let Some(relation) = self.relation_mut(table).filter(|it| !it.parents.is_empty())
                    && let Some(key) = relation.uniques.last_mut()
                {
                    key.origin = origin;
                }
            }
            _ => {
                let names: Vec<String> = index
                    .items
                    .iter()
                    .map(|it| it.column.as_ref().map_or_else(|| expression_name(it), Ident::to_string))
                    .chain(index.include.iter().map(Ident::to_string))
                    .collect();
                let part = columns_part(&names);
                index.part_of = None;
                index.name = Some(self.choose_relation_name(&table.schema, &table.name, Some(&part), "idx"));
                if let Some(relation) = self.relation_mut(table) {
                    relation.indexes.push(index);
                }
            }
        }
    }
}

fn column_item(column: Ident) -> IndexItem {
    IndexItem { column: Some(column), ..IndexItem::default() }
}

/// What an index on an expression is named after: the function it calls, else `expr`.
fn expression_name(item: &IndexItem) -> String {
    let text = item.expression.as_deref().unwrap_or("");
    let tokens = crate::sql::token::significant(text);
    match tokens.as_slice() {
        [name, paren, ..]
            if paren.kind == crate::sql::token::TokenKind::OpenParen && !text.starts_with('(') =>
        {
            Ident::from_source(name.text(text)).to_string()
        }
        _ => "expr".into(),
    }
}
