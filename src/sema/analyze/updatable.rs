//! Which views take changes (`view_query_is_auto_updatable`, `rewriteTargetView`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{Column, FunctionKind, Origin, Relation, RelationKind};
use crate::sema::code;
use crate::sql::hir::{
    Distinct, ExprKind, FromItem, MergeAction, MergeWhen, QName, QueryBody, Select, Statement, StatementKind,
};
use crate::sql::{Dialect, Ident, parse_statement};

use super::assign::{Slot, always_generated, declared};
use super::binder::Binder;
use super::scope::RteId;

/// What is done to a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Insert,
    Update,
    Delete,
}

impl Change {
    /// As rules and triggers name it.
    pub fn event(self) -> &'static str {
        match self {
            Change::Insert => "INSERT",
            Change::Update => "UPDATE",
            Change::Delete => "DELETE",
        }
    }
}

/// Views on views on views: no more are followed.
const MAX_VIEWS: u32 = 16;

/// What a view's column is in the table below.
pub enum Below {
    Column(Arc<Relation>, Box<Column>),
    /// The view's own expression: nothing can be written there.
    Expression {
        view: Ident,
        column: Ident,
    },
}

impl Binder<'_> {
    /// Reports a value for a column of a view that stands for none of the table's, or for one that takes no value. False
    /// where the target is no view, or nothing is wrong with it.
    pub fn check_written_view(
        &mut self,
        rte: RteId,
        slot: &Slot,
        change: Change,
        overriding: bool,
        at: TextRange,
    ) -> bool {
        let (column, detail) = match self.below_slot(rte, slot) {
            None => return false,
            Some(Below::Expression { .. }) => return self.check_view_expression(rte, slot, change, at),
            Some(Below::Column(_, column)) => match always_generated(&column) {
                Some(detail) if !(overriding && column.generated.is_none()) => (column, detail),
                _ => return false,
            },
        };
        let name = &column.name;
        let message = match change {
            Change::Insert => format!("cannot insert a non-DEFAULT value into column \"{name}\""),
            _ => format!("column \"{name}\" can only be updated to DEFAULT"),
        };
        let related = declared(&column);
        self.report(code::GENERATED_ALWAYS, at, message).hint(detail).related.extend(related);
        true
    }

    /// Reports a column of a view that stands for none of the table's; DEFAULT is a value there, too.
    pub fn check_view_expression(&mut self, rte: RteId, slot: &Slot, change: Change, at: TextRange) -> bool {
        let Some(Below::Expression { view, column }) = self.below_slot(rte, slot) else { return false };
        let message = match change {
            Change::Insert => format!("cannot insert into column \"{column}\" of view \"{view}\""),
            _ => format!("cannot update column \"{column}\" of view \"{view}\""),
        };
        self.report(code::FEATURE_NOT_SUPPORTED, at, message)
            .hint("View columns that are not columns of their base relation are not updatable.");
        true
    }

    fn below_slot(&self, rte: RteId, slot: &Slot) -> Option<Below> {
        let gaps = &self.catalog.gaps;
        let relation = self.rte(rte).relation.clone()?;
        if !self.typed || gaps.rules || gaps.relations || relation.kind != RelationKind::View {
            return None;
        }
        self.below_view(&relation, slot.column? as usize, 0)
    }

    /// What the column at `idx` of a view that takes changes is; `None`: not certain.
    pub fn below_view(&self, view: &Relation, idx: usize, depth: u32) -> Option<Below> {
        if depth > MAX_VIEWS || view.open || !view.triggers.is_empty() || !view.rules.is_empty() {
            return None;
        }
        let parsed = parse_statement(view.definition.as_deref()?, Dialect::Postgres);
        let StatementKind::Query(query) = &parsed.hir.kind else { return None };
        let (clauses, body) = super::query::unwrap(query);
        let plain = clauses.with.is_empty() && clauses.limit.is_none() && clauses.offset.is_none();
        if parsed.error.is_some() || !plain {
            return None;
        }
        let (name, targets) = match body {
            QueryBody::Select(select) => match self.base_of(&parsed.hir, select, Change::Delete) {
                Base::Relation(name) => (name, Some(&select.targets)),
                _ => return None,
            },
            QueryBody::Table(name) => (name, None),
            _ => return None,
        };
        let schema = name.schema().map(|it| &it.ident);
        let Lookup::Found(base) = lookup::relation(self.catalog, schema, &name.last()?.ident) else {
            return None;
        };
        if base.open {
            return None;
        }
        // Indexes into the columns below.
        let all = || (0..base.columns.len()).map(Some);
        let mut columns: Vec<Option<usize>> = Vec::new();
        match targets {
            None => columns.extend(all()),
            Some(targets) => {
                for target in targets {
                    let mut id = target.expr;
                    while let ExprKind::Paren(inner) = parsed.hir.expr(id).kind {
                        id = inner;
                    }
                    match &parsed.hir.expr(id).kind {
                        ExprKind::Star { .. } => columns.extend(all()),
                        ExprKind::Column(column) => {
                            let column = &column.last()?.ident;
                            let found = base.columns.iter().position(|it| it.name == *column);
                            // A system column, or the whole row.
                            let other = super::scope::system_column(column.as_str()).is_some()
                                || name.last().is_some_and(|it| it.ident == *column);
                            if found.is_none() && !other {
                                return None;
                            }
                            columns.push(found);
                        }
                        // A field of the whole row is the column of that name.
                        ExprKind::Field { expr, .. } if is_row(&parsed.hir, *expr, name) => return None,
                        ExprKind::FieldStar(_) | ExprKind::Missing => return None,
                        _ => columns.push(None),
                    }
                }
            }
        }
        if columns.len() != view.columns.len() {
            return None;
        }
        let own = view.columns.get(idx)?;
        match columns.get(idx)? {
            None => Some(Below::Expression { view: view.name.clone(), column: own.name.clone() }),
            Some(at) if base.kind == RelationKind::View => self.below_view(base, *at, depth + 1),
            Some(at) if matches!(base.kind, RelationKind::Table | RelationKind::PartitionedTable) => {
                Some(Below::Column(base.clone(), Box::new(base.columns.get(*at)?.clone())))
            }
            Some(_) => None,
        }
    }

    /// Reports a change of a view that certainly takes none.
    pub fn check_updatable(&mut self, target: RteId, table: &QName, change: Change) {
        let Some(relation) = self.rte(target).relation.clone() else { return };
        let kept = matches!(relation.kind, RelationKind::MaterializedView | RelationKind::Sequence);
        if kept && self.typed && self.is_certain(relation.origin) {
            let message = format!("cannot change {} \"{}\"", relation.kind.words(), relation.name);
            let Some(at) = table.range() else { return };
            self.report(code::WRONG_OBJECT_TYPE, at, message);
            return;
        }
        if !self.typed || relation.kind != RelationKind::View {
            return;
        }
        // A rule may take the change, and what code does to the database is not known.
        let gaps = &self.catalog.gaps;
        let refusing = match relation.origin {
            Origin::Builtin => refusing_builtin(&relation, change),
            _ if gaps.rules || gaps.relations => None,
            _ => self.refusing_view(&relation, change, 0),
        };
        let Some(name) = refusing else { return };
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
        let relation = self.rte(target).relation.clone();
        // PostgreSQL's own view with rules.
        let settings = |it: &Relation| it.origin == Origin::Builtin && it.name.as_str() == "pg_settings";
        let ruled = |it: &Relation| {
            it.rules.iter().any(|it| self.is_certain(it.origin)) && !it.rules.iter().any(|it| it.switched)
        };
        if let Some(relation) = relation.filter(|it| self.typed && (settings(it) || ruled(it)))
            && let Some(at) = table.range()
        {
            let message = format!("cannot execute MERGE on relation \"{}\"", relation.name);
            self.report(code::FEATURE_NOT_SUPPORTED, at, message)
                .hint("MERGE is not supported for relations with rules.");
            return;
        }
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
        if depth > MAX_VIEWS {
            return None;
        }
        let event = change.event();
        let refused = || Some(relation.name.as_str().to_owned());
        // Triggers whose events are not known may take it.
        let told = |name: &str| relation.instead_of.iter().find(|it| it.0 == name);
        let takes = |it: &smol_str::SmolStr| {
            told(it).is_none_or(|it| it.1.is_empty() || it.1.iter().any(|it| it == event))
        };
        if self.catalog.gaps.policies || relation.triggers.iter().any(takes) {
            return None;
        }
        if relation.rules.iter().any(|it| it.switched) {
            return None;
        }
        let mut rules = relation.rules.iter().filter(|it| it.event == event && it.instead).peekable();
        if rules.peek().is_some() {
            // One with a condition leaves the others to the view, which does not take them then.
            let conditional = rules.all(|it| it.conditional);
            return if conditional && depth == 0 { refused() } else { None };
        }
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
            QueryBody::Nested(_) | QueryBody::Execute(_) | QueryBody::Missing => return None,
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
                // A cast that changes nothing leaves the column as it is.
                ExprKind::Column(_)
                    | ExprKind::Star { .. }
                    | ExprKind::FieldStar(_)
                    | ExprKind::Cast { .. }
                    | ExprKind::Paren(_)
                    | ExprKind::Missing
            );
            let mut unknown = false;
            let mut refused = false;
            super::walk::expr(statement, target.expr, &mut |id| match &statement.expr(id).kind {
                ExprKind::Call(call) => {
                    // Only aggregates take a star.
                    refused |= call.over.is_some() || call.star;
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
            if refused {
                return Base::Refused;
            }
            if unknown {
                return Base::Unknown;
            }
        }
        // At least one column must be there to be written.
        if !plain_column && change != Change::Delete {
            return Base::Refused;
        }
        Base::Relation(name)
    }
}

/// The views of PostgreSQL's own take no changes, but for a few (`pg_relation_is_updatable`).
fn refusing_builtin(view: &Relation, change: Change) -> Option<String> {
    let taken = match view.name.as_str() {
        "pg_settings" => change == Change::Update,
        // Some of their columns stand for a table's.
        "pg_group" | "pg_stat_database_conflicts" | "enabled_roles" => true,
        // It hands changes on to a view that takes none.
        "pg_user" => return Some("pg_shadow".to_owned()),
        _ => !matches!(view.schema.as_str(), "pg_catalog" | "information_schema"),
    };
    (!taken).then(|| view.name.as_str().to_owned())
}

/// The whole row of the relation `name`.
fn is_row(statement: &Statement, mut expr: crate::sql::hir::ExprId, name: &QName) -> bool {
    while let ExprKind::Paren(inner) = statement.expr(expr).kind {
        expr = inner;
    }
    let last = |it: &QName| it.last().map(|it| it.ident.clone());
    matches!(&statement.expr(expr).kind, ExprKind::Column(it) if last(it) == last(name))
}

enum Base<'s> {
    Relation(&'s QName),
    Refused,
    Unknown,
}
