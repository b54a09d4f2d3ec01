//! Indexes, and their parts on partitions.

use smol_str::SmolStr;

use super::Fold;
use super::constraint::note_tail;
use super::create::idents;
use super::naming::columns_part;
use crate::catalog::{Index, IndexItem, QualifiedName};
use crate::sql::hir::ExprKind;
use crate::sql::hir::ddl::{self, CreateIndex};
use crate::sql::{Dialect, Ident};

impl Fold<'_> {
    /// CREATE INDEX (`DefineIndex`).
    pub(super) fn create_index(&mut self, create: &CreateIndex) {
        let Some(table) = self.find(&create.table) else { return };
        self.create_index_on(&table, create);
    }

    /// Makes an index of a table, and its parts on the partitions.
    pub(super) fn create_index_on(&mut self, table: &QualifiedName, create: &CreateIndex) {
        let items = create.items.iter().map(|it| self.index_item(it)).collect();
        let name = match &create.name {
            Some(name) => name.ident.clone(),
            None => {
                let part = columns_part(&self.index_columns(create));
                self.choose_relation_name(&table.schema, &table.name, Some(&part), "idx")
            }
        };
        let range = create.name.as_ref().map(|it| it.range).or(create.table.range()).unwrap_or_default();
        let method =
            create.method.as_ref().map_or_else(|| "btree".into(), |it| SmolStr::from(it.ident.as_str()));
        let index = Index {
            name: Some(name.clone()),
            unique: create.unique,
            method,
            items,
            predicate: create.where_.map(|it| self.expr_text(it).unwrap_or_default()),
            nulls_not_distinct: create.nulls_not_distinct,
            include: idents(&create.include),
            part_of: None,
            origin: self.origin(range),
        };
        let owner = self.index_owner(&table.schema, &name);
        // MySQL's index names are their table's own.
        let is_here = self.relation(table).is_some_and(|it| {
            it.indexes.iter().any(|it| it.name.as_ref() == Some(&name))
                || it.uniques.iter().any(|it| it.name.as_ref() == Some(&name))
        });
        let exists = match self.catalog.dialect {
            Dialect::Mysql => is_here,
            _ => create.name.is_some() && owner.is_some(),
        };
        if let Some(relation) = self.relation_mut(table).filter(|_| !exists) {
            note_tail(relation, Some(&name), with_options(&create.options));
            relation.indexes.push(index.clone());
            let partitions = if create.only { Vec::new() } else { self.partitions(table) };
            for partition in partitions {
                self.index_part(&partition, &index);
            }
        }
    }

    /// A partition's part of an index, and those of its own partitions.
    fn index_part(&mut self, partition: &QualifiedName, index: &Index) {
        self.take_index(partition, index.clone());
        let part = self.relation(partition).and_then(|it| {
            it.indexes.iter().find(|it| it.part_of.is_some() && it.part_of == index.name).cloned()
        });
        let Some(part) = part else { return };
        for below in self.partitions(partition) {
            self.index_part(&below, &part);
        }
    }

    fn index_item(&self, item: &ddl::IndexItem) -> IndexItem {
        let column = match self.exprs.get(item.expr.0 as usize).map(|it| &it.kind) {
            Some(ExprKind::Column(name)) if name.parts.len() == 1 => name.last().map(|it| it.ident.clone()),
            _ => None,
        };
        let expression = if column.is_none() { self.expr_text(item.expr) } else { None };
        IndexItem {
            column,
            expression,
            collation: item.collation.as_ref().and_then(|it| it.last()).map(|it| it.ident.as_str().into()),
            opclass: item.opclass.as_ref().and_then(|it| it.last()).map(|it| it.ident.as_str().into()),
            opclass_schema: item.opclass.as_ref().and_then(|it| it.schema()).map(|it| it.ident.clone()),
            descending: item.descending,
            nulls: item.nulls_first.map(|it| if it { "first".into() } else { "last".into() }),
        }
    }

    /// The relation in `schema` that has an index or key constraint of this name.
    pub(super) fn index_owner(&self, schema: &Ident, name: &Ident) -> Option<QualifiedName> {
        let first = QualifiedName { schema: schema.clone(), name: Ident::new("") };
        let mut all = self.catalog.relations.range(first..).take_while(|(it, _)| it.schema == *schema);
        let found = all.find(|(_, it)| {
            let keys = it.primary_key.iter().chain(&it.uniques).any(|it| it.name.as_ref() == Some(name));
            keys || it.indexes.iter().any(|it| it.name.as_ref() == Some(name))
        });
        found.map(|(name, _)| name.clone())
    }
}

/// `WITH (…)`.
pub(super) fn with_options(options: &[ddl::Setting]) -> Option<SmolStr> {
    let option = |it: &ddl::Setting| {
        let name: Vec<String> = it.name.parts.iter().map(|it| it.ident.quoted()).collect();
        let name = name.join(".");
        match &it.value {
            None => name,
            Some(value) if value.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'.') => {
                format!("{name} = {value}")
            }
            Some(value) => format!("{name} = '{}'", value.replace('\'', "''")),
        }
    };
    let options: Vec<String> = options.iter().map(option).collect();
    (!options.is_empty()).then(|| format!("WITH ({})", options.join(", ")).into())
}
