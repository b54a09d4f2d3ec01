//! `PARTITION BY`, and what it asks of keys (`transformPartitionSpec`, `ComputePartitionAttrs`, `DefineIndex`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::lookup::Lookup;
use crate::catalog::{Relation, RelationKind};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::Name;
use crate::sql::hir::ddl::{ColumnConstraintKind, CreateTable, TableConstraintKind};

use super::super::super::binder::Binder;
use super::super::super::place::Place;
use super::super::super::relation::qualified;
use super::super::super::scope::system_column;
use super::super::name::at;

impl<'a> Binder<'a> {
    /// `PARTITION BY strategy (…)` (`transformPartitionSpec`, `ComputePartitionAttrs`).
    pub(super) fn partition_key(&mut self, table: &'a CreateTable, relation: &Arc<Relation>) {
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
        for (idx, item) in by.items.iter().enumerate() {
            if let Some(name) = self.plain_column(item.expr) {
                if name.ident.is_dynamic() || relation.open {
                    continue;
                }
                match relation.columns.iter().find(|it| it.name == name.ident) {
                    Some(column) if column.generated.is_some() => {
                        let message = "cannot use generated column in partition key";
                        self.report(code::INVALID_OBJECT_DEFINITION, name.range, message);
                    }
                    Some(column)
                        if item.collation.is_some()
                            && column.ty.is_some()
                            && self.refuses_collation(column.ty, item) => {}
                    Some(column) => match (column.ty, &item.opclass) {
                        (Some(ty), None) => self.default_class(ty.id, method, name.range),
                        (Some(ty), Some(class)) => self.named_class(ty.id, method, class),
                        _ => {}
                    },
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
            if self.is_constant_key(item.expr, idx) {
                continue;
            }
            self.immutable("partition key expression", |it| {
                it.beside(relation, Place::PartitionKey, |it, _| {
                    it.expr(item.expr);
                    it.partition_has_collation(item.expr, idx);
                });
            });
        }
    }

    fn refuses_collation(
        &mut self,
        ty: Option<crate::catalog::Type>,
        item: &'a crate::sql::hir::ddl::IndexItem,
    ) -> bool {
        let (Some(ty), Some(collation)) = (ty, &item.collation) else { return false };
        let n_problems = self.problems.len();
        self.collation_of(ty.id, collation);
        self.problems.len() > n_problems
    }

    /// A key that is a constant, or a row (`ComputePartitionAttrs`).
    fn is_constant_key(&mut self, expr: crate::sql::hir::ExprId, idx: usize) -> bool {
        use crate::sql::hir::{ExprKind, Literal};
        let place = self.expr_node(expr).range;
        let pseudo = match self.bare(expr) {
            ExprKind::Literal(Literal::String(_)) => "unknown",
            ExprKind::Row { .. } => "record",
            ExprKind::Literal(_) => {
                let message = "cannot use constant expression as partition key";
                self.report(code::INVALID_OBJECT_DEFINITION, place, message);
                return true;
            }
            _ => return false,
        };
        let message = format!("partition key column {} has pseudo-type {pseudo}", idx + 1);
        self.report(code::INVALID_TABLE_DEFINITION, place, message);
        true
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
        let Some(lacking) = key.into_iter().find(|it| !columns.contains(it)) else {
            // Its partitions get the key, too.
            let own = qualified(table);
            let n_problems = self.problems.len();
            let catalog = self.catalog;
            let foreign = catalog.relations.values().any(|it| {
                it.kind == RelationKind::Foreign && it.parents.contains(&own) && self.is_certain(it.origin)
            });
            if foreign {
                let message = format!("cannot create unique index on partitioned table \"{}\"", table.name);
                self.report(code::WRONG_OBJECT_TYPE, at, message);
                return;
            }
            let below = catalog
                .relations
                .values()
                .filter(|it| it.kind == RelationKind::PartitionedTable && it.parents.contains(&own));
            for partition in below {
                if self.problems.len() == n_problems {
                    self.covers_partition_key(partition, columns, words, at);
                }
            }
            return;
        };
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
            let indexes = parent.indexes.iter().filter(|it| it.unique && !it.items.is_empty());
            let indexes = indexes.map(|it| {
                let columns = it.items.iter().filter_map(|it| it.column.clone()).collect::<Vec<_>>();
                (columns, "UNIQUE")
            });
            let keys: Vec<_> = keys
                .chain(parent.uniques.iter().map(|it| (it.columns.clone(), "UNIQUE")))
                .chain(indexes)
                .collect();
            let n_problems = self.problems.len();
            let own_key = table.has_primary_key();
            if own_key && keys.iter().any(|it| it.1 == "PRIMARY KEY") {
                let own = table.name.last().map_or_else(String::new, |it| it.ident.to_string());
                let message = format!("multiple primary keys for table \"{own}\" are not allowed");
                self.report(code::INVALID_TABLE_DEFINITION, at(&table.name), message);
                return;
            }
            for (columns, words) in keys {
                if self.problems.len() == n_problems {
                    self.covers_partition(table, &columns, words, at(&table.name));
                }
            }
        }
        for like in table.likes.iter().filter(|it| it.including_indexes) {
            let Lookup::Found(source) = self.find_relation(&like.source) else { continue };
            if !self.is_certain(source.origin) || source.kind != RelationKind::Table {
                continue;
            }
            let keys = source.primary_key.iter().map(|it| (it.columns.clone(), "PRIMARY KEY"));
            let keys: Vec<_> =
                keys.chain(source.uniques.iter().map(|it| (it.columns.clone(), "UNIQUE"))).collect();
            let n_problems = self.problems.len();
            for (columns, words) in keys {
                if self.problems.len() == n_problems {
                    self.covers_partition(table, &columns, words, at(&like.source));
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
                TableConstraintKind::PrimaryKey { columns, using_index: None, .. } => {
                    (columns, "PRIMARY KEY")
                }
                TableConstraintKind::Unique { columns, using_index: None, .. } => (columns, "UNIQUE"),
                _ => continue,
            };
            let columns: Vec<Ident> = columns.iter().map(|it| it.ident.clone()).collect();
            self.covers_partition(table, &columns, words, constraint.range);
        }
    }
}
