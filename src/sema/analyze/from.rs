//! The FROM clause (`transformFromClause`, `transformFromClauseItem`).

use crate::base::text::TextRange;
use crate::catalog::TypeId;
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::{Alias, ExprId, FromItem, QName, Query};

use super::binder::{Binder, known};
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
            FromItem::Relation { name, alias, sample, .. } => {
                let rte = self.from_relation(name, alias.as_ref());
                self.in_place(Place::FromFunction, |it| it.sample(sample));
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

    fn sample(&mut self, args: &'a [ExprId]) {
        for &arg in args {
            self.expr(arg);
            self.coerce_implicit(arg, known(TypeId::FLOAT4));
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
        let rte = self.add_rte(Rte {
            depth: 0,
            kind: RteKind::Subquery,
            name: alias.map_or_else(|| Ident::new("unnamed_subquery"), |it| it.name.ident.clone()),
            aliased: alias.is_some(),
            range: alias.map_or(range, |it| it.name.range),
            columns: shape.columns,
            open: shape.open,
            relation: None,
            qualified: None,
            cte: None,
            scalar: false,
            n_hidden: 0,
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
