//! CREATE INDEX (`transformIndexStmt`, `DefineIndex`, `ComputeIndexAttrs`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::pg;
use crate::catalog::{QualifiedName, Relation, RelationKind, TypeId, TypeKind};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{CreateIndex, IndexItem};
use crate::sql::hir::{ExprId, ExprKind, Name};

use super::super::binder::Binder;
use super::super::classes::is_binary;
use super::super::place::Place;
use super::super::scope::system_column;
use super::name::{Object, at, declared_here, plural, relation_origin};

impl<'a> Binder<'a> {
    pub fn create_index(&mut self, index: &'a CreateIndex) {
        let relation = match self.object(&index.table, false) {
            Object::Relation(it) => it,
            Object::Missing if self.is_row_type(&index.table) => return self.cannot_open(&index.table),
            Object::Missing => return self.missing_relation(&index.table),
            Object::Index { .. } => return self.cannot_open(&index.table),
            Object::Unknown => return self.index_alone(index),
        };
        if matches!(relation.kind, RelationKind::View | RelationKind::Sequence | RelationKind::Foreign) {
            if !self.is_certain(relation.origin) {
                return;
            }
            let message = format!("cannot create index on relation \"{}\"", relation.name);
            self.report(code::WRONG_OBJECT_TYPE, at(&index.table), message)
                .hint(format!("This operation is not supported for {}.", plural(relation.kind)));
            return;
        }
        if let Some(name) = &index.name {
            let full = QualifiedName { schema: relation.schema.clone(), name: name.ident.clone() };
            let existing = relation_origin(self.catalog, &full)
                .filter(|it| !index.if_not_exists && !name.ident.is_dynamic() && self.is_certain(*it))
                .filter(|_| !self.catalog.gaps.keys);
            if let Some(origin) = existing {
                let message = format!("relation \"{}\" already exists", name.ident);
                let related = declared_here(&name.ident, origin);
                self.report(code::DUPLICATE_TABLE, name.range, message).related.extend(related);
            }
        }
        if relation.kind == RelationKind::PartitionedTable && self.is_certain(relation.origin) {
            if index.concurrently {
                let message =
                    format!("cannot create index on partitioned table \"{}\" concurrently", relation.name);
                self.report(code::FEATURE_NOT_SUPPORTED, at(&index.table), message);
                return;
            }
            let columns: Vec<Ident> = index
                .items
                .iter()
                .filter_map(|it| self.plain_column(it.expr))
                .map(|it| it.ident.clone())
                .collect();
            if index.unique {
                self.covers_partition_key(&relation, &columns, "UNIQUE", at(&index.table));
            }
        }
        let method = self.index_method(index);
        if let Some(table) = method.and_then(super::options::index) {
            self.settings(table, &index.options, false);
        }
        for item in &index.items {
            self.index_item(&relation, item, method);
        }
        for name in &index.include {
            let known = relation.columns.iter().any(|it| it.name == name.ident);
            if !known && system_column(name.ident.as_str()).is_some() && !relation.open {
                let message = "index creation on system columns is not supported";
                self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
            } else if !known && !relation.open {
                self.no_column(&relation, name, false);
            }
        }
        if let Some((at, words)) = index.refused_includes.first() {
            let code = match words.starts_with("expressions") {
                true => code::FEATURE_NOT_SUPPORTED,
                false => code::INVALID_OBJECT_DEFINITION,
            };
            self.report(code, *at, *words);
        }
        if let Some(where_) = index.where_ {
            self.immutable("index predicate", |it| {
                it.beside(&relation, Place::IndexPredicate, |it, rte| {
                    it.condition(where_, "WHERE");
                    it.no_system_columns(rte, where_);
                    it.no_virtual_columns(&relation, rte, where_);
                });
            });
        }
    }

    /// The table is not known: only what does not need it.
    fn index_alone(&mut self, index: &'a CreateIndex) {
        self.index_method(index);
    }

    /// The access method, where it is one that is known (`pg_am`).
    fn index_method(&mut self, index: &'a CreateIndex) -> Option<&'a str> {
        let Some(name) = &index.method else {
            // An expression from elsewhere stands in a statement that does not tell its method.
            return self.is_exact().then_some("btree");
        };
        let method = name.ident.as_str();
        if name.ident.is_dynamic() {
            return None;
        }
        if self.missing_method(name) || !pg::access_methods().any(|it| it == method) {
            return None;
        }
        let refused = match method {
            "hash" if index.unique => Some("unique indexes"),
            "hash" if index.items.len() > 1 => Some("multicolumn indexes"),
            "hash" | "gin" | "brin" if !index.include.is_empty() => Some("included columns"),
            "gin" | "gist" | "brin" | "spgist" if index.unique => Some("unique indexes"),
            "spgist" if index.items.len() > 1 => Some("multicolumn indexes"),
            _ => None,
        };
        let ordered = index.items.iter().find(|it| it.descending).filter(|_| method != "btree");
        if let Some(refused) = refused {
            let message = format!("access method \"{method}\" does not support {refused}");
            self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
        } else if let Some(item) = index
            .items
            .iter()
            .find(|it| it.nulls_first.is_some())
            .filter(|_| method != "btree" && ordered.is_none())
        {
            let at = self.expr_node(item.expr).range;
            let message = format!("access method \"{method}\" does not support NULLS FIRST/LAST options");
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
        } else if let Some(item) = ordered {
            let at = self.expr_node(item.expr).range;
            let message = format!("access method \"{method}\" does not support ASC/DESC options");
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
        }
        Some(method)
    }

    /// Reports an access method that is neither PostgreSQL's nor one that an extension may bring.
    pub fn missing_method(&mut self, name: &Name) -> bool {
        let method = name.ident.as_str();
        const OTHERS: [&str; 12] = [
            "heap",
            // Read as gist.
            "rtree",
            "hnsw",
            "ivfflat",
            "bloom",
            "rum",
            "bm25",
            "zombodb",
            "pgroonga",
            "diskann",
            "columnstore",
            "vchordrq",
        ];
        let made = ("ACCESS METHOD".into(), name.ident.clone());
        let may_exist = OTHERS.contains(&method)
            || self.catalog.others.contains(&made)
            || name.ident.is_dynamic()
            || pg::access_methods().any(|it| it == method)
            || !self.sees_relations()
            || self.catalog.gaps.functions
            || pg::ext::names().any(|it| it == method);
        if may_exist || !self.is_exact() {
            return false;
        }
        let message = format!("access method \"{method}\" does not exist");
        self.report(code::UNDEFINED_OBJECT, name.range, message);
        true
    }

    /// The column that an item of a key is, where it is nothing else.
    pub fn plain_column(&self, expr: ExprId) -> Option<&'a Name> {
        match &self.expr_node(expr).kind {
            ExprKind::Column(name) if name.parts.len() == 1 => name.last(),
            _ => None,
        }
    }

    pub fn index_item(&mut self, relation: &Arc<Relation>, item: &'a IndexItem, method: Option<&str>) {
        let range = self.expr_node(item.expr).range;
        let ty = match self.plain_column(item.expr) {
            Some(name) => {
                if name.ident.is_dynamic() {
                    return;
                }
                match relation.columns.iter().find(|it| it.name == name.ident) {
                    Some(column) if column.generated.as_ref().is_some_and(|it| !it.stored) => {
                        let message = "indexes on virtual generated columns are not supported";
                        if self.is_certain(column.origin) {
                            self.report(code::FEATURE_NOT_SUPPORTED, range, message);
                        }
                        return;
                    }
                    Some(column) => column.ty.map_or(Ty::Unknown, Ty::Known),
                    None if relation.open => return,
                    None if system_column(name.ident.as_str()).is_some() => {
                        // Its class is looked for before.
                        let n_problems = self.problems.len();
                        if let (Some((_, id)), Some(method), Some(class)) =
                            (system_column(name.ident.as_str()), method, &item.opclass)
                        {
                            self.named_class(id, method, class);
                        }
                        if self.problems.len() > n_problems {
                            return;
                        }
                        let message = "index creation on system columns is not supported";
                        self.report(code::FEATURE_NOT_SUPPORTED, range, message);
                        return;
                    }
                    None => return self.no_column(relation, name, false),
                }
            }
            None => {
                let mut ty = Ty::Unknown;
                let n_problems = self.problems.len();
                self.immutable("index expression", |it| {
                    ty = it.beside(relation, Place::IndexExpression, |it, rte| {
                        it.expr(item.expr);
                        it.decide_text(item.expr);
                        it.no_system_columns(rte, item.expr);
                        it.no_virtual_columns(relation, rte, item.expr);
                        if item.collation.is_none() {
                            it.index_has_collation(item.expr);
                        }
                        it.ty(item.expr)
                    });
                });
                if self.problems.len() > n_problems {
                    return;
                }
                ty
            }
        };
        let Ty::Known(ty) = ty else { return };
        if let Some(collation) = &item.collation {
            self.collation_of(ty.id, collation);
        }
        let Some(method) = method else { return };
        match &item.opclass {
            Some(name) => self.named_class(ty.id, method, name),
            None => self.default_class(ty.id, method, range),
        }
    }

    /// `data type json has no default operator class for access method "btree"`.
    pub fn default_class(&mut self, id: TypeId, method: &str, at: TextRange) {
        if !self.knows_classes() || self.has_default_class(id, method) != Some(false) {
            return;
        }
        let message = format!(
            "data type {} has no default operator class for access method \"{method}\"",
            self.format_id(id)
        );
        self.report(code::UNDEFINED_OBJECT, at, message).hint(
            "You must specify an operator class for the index or define a default operator class for the data type.",
        );
    }

    /// A class of the project's own, by its access method.
    fn own_class(&mut self, method: &str, name: &crate::sql::hir::QName, last: &Name) {
        let all = self.catalog.objects.iter().filter(|it| it.0.kind == "OPERATOR CLASS");
        let mut own =
            all.filter(|it| it.0.name == last.ident && !it.1.gone).map(|it| it.0.of.as_str()).peekable();
        let builtin = pg::opclasses().iter().any(|it| it.name == last.ident.as_str() && it.method == method);
        if own.peek().is_some() && own.all(|it| it != method) && !builtin && !self.catalog.gaps.relations {
            let message =
                format!("operator class \"{}\" does not exist for access method \"{method}\"", last.ident);
            self.report(code::UNDEFINED_OBJECT, at(name), message);
        }
    }

    /// An operator class that is named.
    pub fn named_class(&mut self, id: TypeId, method: &str, name: &crate::sql::hir::QName) {
        let Some(last) = name.last().filter(|it| !it.ident.is_dynamic()) else { return };
        let class = last.ident.as_str();
        let gaps = &self.catalog.gaps;
        let knows = !gaps.functions && !gaps.types && self.catalog.extensions.values().all(|it| it.known);
        if !knows || !self.is_exact() || name.schema().is_some_and(|it| it.ident.as_str() != "pg_catalog") {
            return;
        }
        if self.catalog.others.contains(&("OPERATOR CLASS".into(), last.ident.clone())) {
            return self.own_class(method, name, last);
        }
        let is = |it: &&pg::OpClass| it.method == method && it.name == class;
        let installed = self.catalog.extensions.keys().filter_map(|it| pg::ext::extension(it.as_str()));
        let found = pg::opclasses()
            .iter()
            .find(is)
            .or_else(|| installed.flat_map(|it| &it.opclasses).find(|it| is(it) && it.input != TypeId::NONE));
        let brought = pg::ext::names()
            .filter_map(pg::ext::extension)
            .any(|it| it.opclasses.iter().any(|it| it.name == class && it.method == method));
        match found {
            Some(found) => {
                let base = self.base(id);
                let polymorphic = Self::is_polymorphic(found.input) || found.input == TypeId::RECORD;
                let opaque = self.type_info(base).is_none_or(|it| it.kind == TypeKind::Opaque);
                if found.input != base && !polymorphic && !opaque && !is_binary(base, found.input) {
                    let message = format!(
                        "operator class \"{class}\" does not accept data type {}",
                        self.format_id(id)
                    );
                    self.report(code::DATATYPE_MISMATCH, last.range, message);
                }
            }
            None if brought => {}
            None => {
                let message =
                    format!("operator class \"{class}\" does not exist for access method \"{method}\"");
                let names = pg::opclasses().iter().filter(|it| it.method == method).map(|it| it.name);
                let similar = super::super::suggest::nearest(class, names).map(Ident::new);
                let problem = self.report(code::UNDEFINED_OBJECT, at(name), message);
                if let Some(similar) = similar {
                    problem.hint(format!("Perhaps you meant \"{similar}\"."));
                    problem.fixes.push(super::super::suggest::rename(last.range, &similar));
                }
            }
        }
    }
}
