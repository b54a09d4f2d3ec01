//! Which views take changes (`view_query_is_auto_updatable`, `rewriteTargetView`).

use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{FunctionKind, Relation, RelationKind};
use crate::sema::code;
use crate::sql::hir::{
    Distinct, ExprKind, FromItem, MergeAction, MergeWhen, QName, QueryBody, Select, Statement, StatementKind,
};
use crate::sql::{Dialect, parse_statement};

use super::binder::Binder;
use super::scope::RteId;

/// What is done to a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Insert,
    Update,
    Delete,
}

/// Views on views on views: no more are followed.
const MAX_VIEWS: u32 = 16;

impl Binder<'_> {
    /// Reports a change of a view that certainly takes none.
    pub fn check_updatable(&mut self, target: RteId, table: &QName, change: Change) {
        let Some(relation) = self.rte(target).relation.clone() else { return };
        // A rule may take the change, and what code does to the database is not known.
        let gaps = &self.catalog.gaps;
        if !self.typed || gaps.rules || gaps.relations || relation.kind != RelationKind::View {
            return;
        }
        let Some(name) = self.refusing_view(&relation, change, 0) else { return };
        let message = match change {
            Change::Insert => format!("cannot insert into view \"{name}\""),
            Change::Update => format!("cannot update view \"{name}\""),
            Change::Delete => format!("cannot delete from view \"{name}\""),
        };
        let Some(at) = table.range() else { return };
        self.report(code::NOT_UPDATABLE, at, message).hint(
            "Only a view whose rows each stand for one row of a table passes changes on; others need an INSTEAD OF trigger.",
        );
    }

    pub fn check_merged_view(&mut self, target: RteId, table: &QName, whens: &[MergeWhen]) {
        for when in whens {
            let change = match when.action {
                MergeAction::DoNothing => continue,
                MergeAction::Delete => Change::Delete,
                MergeAction::Update(_) => Change::Update,
                MergeAction::Insert { .. } => Change::Insert,
            };
            let n_problems = self.problems.len();
            self.check_updatable(target, table, change);
            if self.problems.len() > n_problems {
                return;
            }
        }
    }

    /// The view, this or one below, that refuses; `None`: none does, or it is not certain.
    fn refusing_view(&self, relation: &Relation, change: Change, depth: u32) -> Option<String> {
        if depth > MAX_VIEWS || !relation.triggers.is_empty() {
            return None;
        }
        let refused = || Some(relation.name.as_str().to_owned());
        let text = relation.definition.as_deref()?;
        let parsed = parse_statement(text, Dialect::Postgres);
        let StatementKind::Query(query) = &parsed.hir.kind else { return None };
        if parsed.error.is_some() {
            return None;
        }
        let (clauses, body) = super::query::unwrap(query);
        if !clauses.with.is_empty() || clauses.limit.is_some() || clauses.offset.is_some() {
            return refused();
        }
        let base = match body {
            QueryBody::Select(select) => match self.base_of(&parsed.hir, select, change) {
                Base::Refused => return refused(),
                Base::Unknown => return None,
                Base::Relation(name) => name,
            },
            QueryBody::Table(name) => name,
            QueryBody::Values { .. } | QueryBody::SetOp { .. } => return refused(),
            QueryBody::Nested(_) | QueryBody::Missing => return None,
        };
        let schema = base.schema().map(|it| &it.ident);
        let Lookup::Found(below) = lookup::relation(self.catalog, schema, &base.last()?.ident) else {
            return None;
        };
        match below.kind {
            RelationKind::View => self.refusing_view(below, change, depth + 1),
            RelationKind::MaterializedView | RelationKind::Sequence => refused(),
            RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign => None,
        }
    }

    fn base_of<'s>(&self, statement: &'s Statement, select: &'s Select, change: Change) -> Base<'s> {
        let grouped =
            select.distinct != Distinct::No || !select.group_by.is_empty() || select.having.is_some();
        let [item] = select.from.as_slice() else { return Base::Refused };
        if grouped {
            return Base::Refused;
        }
        let FromItem::Relation { name, sample, .. } = item else {
            return if matches!(item, FromItem::Missing(_)) { Base::Unknown } else { Base::Refused };
        };
        if !sample.is_empty() {
            return Base::Refused;
        }
        let mut plain_column = false;
        for target in &select.targets {
            plain_column |= matches!(
                statement.expr(target.expr).kind,
                ExprKind::Column(_) | ExprKind::Star { .. } | ExprKind::FieldStar(_) | ExprKind::Missing
            );
            let mut unknown = false;
            let mut refused = false;
            super::walk::expr(statement, target.expr, &mut |id| match &statement.expr(id).kind {
                ExprKind::Call(call) => {
                    refused |= call.over.is_some();
                    let schema = call.name.schema().map(|it| &it.ident);
                    let found = call
                        .name
                        .last()
                        .map(|it| lookup::functions(self.catalog, schema, &it.ident))
                        .unwrap_or_default();
                    let special =
                        |it: &&crate::catalog::Function| it.kind == FunctionKind::Aggregate || it.returns_set;
                    let n_special = found.iter().filter(|it| special(it)).count();
                    refused |= n_special > 0 && n_special == found.len();
                    unknown |= n_special < found.len() && n_special > 0 || found.is_empty();
                    true
                }
                ExprKind::SqlFunction { name, .. } => {
                    refused |= name.ends_with("AGG");
                    true
                }
                ExprKind::Subquery(_) | ExprKind::Exists(_) | ExprKind::ArraySubquery(_) => false,
                ExprKind::InQuery { .. } | ExprKind::QuantifiedQuery { .. } => false,
                _ => true,
            });
            if unknown {
                return Base::Unknown;
            }
            if refused {
                return Base::Refused;
            }
        }
        // At least one column must be there to be written.
        if !plain_column && change != Change::Delete {
            return Base::Refused;
        }
        Base::Relation(name)
    }
}

enum Base<'s> {
    Relation(&'s QName),
    Refused,
    Unknown,
}
