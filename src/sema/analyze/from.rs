//! The FROM clause (`transformFromClause`, `transformFromClauseItem`).

use crate::base::text::TextRange;
use crate::catalog::TypeId;
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::{Alias, ExprId, FromItem, QName, Query};

use super::binder::Binder;
use super::place::Place;
use super::relation::Source;
use super::scope::{NsItem, Rte, RteId, RteKind};

impl NsItem {
    pub fn new(rte: RteId) -> NsItem {
        NsItem {
            rte,
            named: true,
            columns: true,
            lateral_only: false,
            lateral_ok: true,
            nulled: false,
            joined: false,
        }
    }
}

impl<'a> Binder<'a> {
    pub fn from_clause(&mut self, items: &'a [FromItem]) {
        for item in items {
            let mut added = self.from_item(item);
            let before = self.level().namespace.clone();
            self.check_conflicts(&before, &added);
            // Until the whole clause is read, what stands in it is visible to LATERAL only.
            for it in &mut added {
                it.lateral_only = true;
                it.lateral_ok = true;
            }
            self.level().namespace.extend(added);
        }
        for it in &mut self.level().namespace {
            it.lateral_only = false;
            it.lateral_ok = true;
        }
    }

    pub fn from_item(&mut self, item: &'a FromItem) -> Vec<NsItem> {
        match item {
            FromItem::Relation { name, alias, sample, sample_method, .. } => {
                let rte = self.from_relation(name, alias.as_ref());
                if let Some((method, n_args)) = sample_method {
                    self.sample_method(rte, name, method, *n_args);
                }
                let n_args = sample_method.as_ref().map_or(0, |it| it.1 as usize);
                self.in_place(Place::FromFunction, |it| it.sample(sample, n_args));
                if name.is_dynamic() && alias.is_none() {
                    self.level().open = true;
                }
                vec![NsItem::new(rte)]
            }
            FromItem::Query { range, lateral, query, alias } => {
                self.from_query(*range, *lateral, query, alias.as_ref())
            }
            FromItem::Function(item) => vec![self.from_function(item)],
            FromItem::Table(item) => vec![self.from_table_function(item)],
            FromItem::Join(join) => self.join(join),
            FromItem::Missing(_) => {
                self.level().open = true;
                Vec::new()
            }
        }
    }

    fn from_relation(&mut self, name: &'a QName, alias: Option<&Alias>) -> RteId {
        let alias_name = alias.map(|it| &it.name);
        let rte = match self.from_source(name) {
            Source::Relation(relation) => self.relation_rte(Some(relation), name, alias_name),
            Source::Cte(cte) => self.cte_rte(cte, name, alias_name),
            Source::Unknown => self.relation_rte(None, name, alias_name),
        };
        self.apply_column_aliases(rte, alias);
        rte
    }

    /// Extensions may bring methods of other names (`tsm_system_rows`).
    fn sample_method(&mut self, rte: RteId, name: &QName, method: &QName, n_args: u32) {
        use crate::catalog::RelationKind;
        if !self.typed || method.is_dynamic() || name.is_dynamic() {
            return;
        }
        let entry = self.rte(rte);
        let samples = match &entry.relation {
            Some(it) => {
                !matches!(it.kind, RelationKind::View | RelationKind::Sequence | RelationKind::Foreign)
            }
            None => entry.kind != RteKind::Cte,
        };
        if !samples {
            let Some(at) = name.range() else { return };
            let message = "TABLESAMPLE clause can only be applied to tables and materialized views";
            self.refuse(code::FEATURE_NOT_SUPPORTED, at, message);
            return;
        }
        let (Some(last), Some(at)) = (method.last(), method.range()) else { return };
        let own = method.schema().is_none_or(|it| it.ident.as_str() == "pg_catalog");
        if own && matches!(last.ident.as_str(), "bernoulli" | "system") {
            if n_args > 1 {
                let message = format!("tablesample method {} requires 1 argument, not {n_args}", last.ident);
                self.refuse(code::INVALID_TABLESAMPLE_ARGUMENT, at, message);
            }
            return;
        }
        let gaps = self.catalog.gaps.functions || self.catalog.extensions.values().any(|it| !it.known);
        if gaps || last.ident.as_str().starts_with("system_") || last.ident.is_dynamic() {
            return;
        }
        let written: Vec<&str> = method.parts.iter().map(|it| it.ident.as_str()).collect();
        let message = format!("tablesample method {} does not exist", written.join("."));
        self.refuse(code::UNDEFINED_OBJECT, at, message);
    }

    fn sample(&mut self, args: &'a [ExprId], n_args: usize) {
        for (idx, &arg) in args.iter().enumerate() {
            self.expr(arg);
            if idx < n_args {
                self.must_be(arg, TypeId::FLOAT4, "TABLESAMPLE");
            } else {
                self.must_be(arg, TypeId::FLOAT8, "REPEATABLE");
            }
        }
    }

    fn from_query(
        &mut self,
        range: TextRange,
        lateral: bool,
        query: &'a Query,
        alias: Option<&Alias>,
    ) -> Vec<NsItem> {
        self.level().lateral_active = lateral;
        let shape = self.in_place(Place::FromSubquery, |it| it.query(query, true));
        self.level().lateral_active = false;
        let name = alias.map_or_else(|| Ident::new("unnamed_subquery"), |it| it.name.ident.clone());
        let rte = self.add_rte(Rte {
            aliased: alias.is_some(),
            range: alias.map_or(range, |it| it.name.range),
            open: shape.open,
            ..Rte::new(RteKind::Subquery, name, shape.columns)
        });
        self.apply_column_aliases(rte, alias);
        vec![NsItem { named: alias.is_some(), ..NsItem::new(rte) }]
    }

    /// `table name "x" specified more than once`. Two unaliased relations of different schemas may share a name.
    pub fn check_conflicts(&mut self, before: &[NsItem], added: &[NsItem]) {
        for new in added.iter().filter(|it| it.named) {
            let clash = before.iter().filter(|it| it.named).any(|old| {
                let (old, new) = (self.rte(old.rte), self.rte(new.rte));
                let both_plain = old.kind == RteKind::Relation
                    && new.kind == RteKind::Relation
                    && !old.aliased
                    && !new.aliased;
                let other = match (&old.relation, &new.relation) {
                    (Some(old), Some(new)) => old.schema != new.schema,
                    _ => true,
                };
                self.same(&old.name, &new.name) && !(both_plain && other)
            });
            if clash {
                let entry = self.rte(new.rte);
                let (name, range) = (entry.name.clone(), entry.range);
                if !name.is_dynamic() && !name.as_str().is_empty() {
                    self.report(
                        code::DUPLICATE_ALIAS,
                        range,
                        format!("table name \"{name}\" specified more than once"),
                    );
                }
            }
        }
    }
}
