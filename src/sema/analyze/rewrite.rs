//! What rules make of a change, as far as PostgreSQL refuses it (`RewriteQuery` of `rewriteHandler.c`): RETURNING that no
//! rule answers, ON CONFLICT, and WITH where one statement becomes several.

use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{Relation, RelationKind};
use crate::sema::code;
use crate::sql::hir::{Ddl, ExprId, ExprKind, QName, StatementKind};
use crate::sql::{Dialect, parse_statement};

use super::binder::Binder;
use super::scope::RteId;
use super::updatable::Change;

/// What of a change the rules decide about.
#[derive(Debug, Clone, Copy)]
pub struct Written {
    pub returning: bool,
    pub on_conflict: bool,
    pub with: bool,
}

/// The rules of one event together.
#[derive(Debug, Default)]
struct Rules {
    /// One without a condition takes the place of the statement.
    instead: bool,
    conditional: bool,
    /// Actions but NOTHING, and those of them that are queries or changes.
    n_actions: usize,
    n_queries: usize,
    /// A rule beside the statement does something.
    also: bool,
    n_returning: usize,
    /// An action is not understood, or has rules behind it that are.
    unknown: bool,
}

impl Binder<'_> {
    /// Reports what the rules of the changed table do not let through; true where something was.
    pub fn check_rules(&mut self, target: RteId, table: &QName, change: Change, written: Written) -> bool {
        let Some(relation) = self.rte(target).relation.clone() else { return false };
        let Some(at) = table.range().filter(|_| self.typed && !relation.rules.is_empty()) else {
            return false;
        };
        let certain = relation.rules.iter().all(|it| self.is_certain(it.origin) && !it.switched);
        if !certain || self.catalog.gaps.rules || self.catalog.gaps.policies {
            return false;
        }
        let event = change.event();
        let rules = self.rules_of(&relation, event);
        if rules.n_returning > 1 && written.returning {
            let message = "cannot have RETURNING lists in multiple rules";
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
            return true;
        }
        if written.returning && (rules.instead || rules.conditional) && rules.n_returning == 0 {
            if rules.unknown {
                return false;
            }
            let message = format!("cannot perform {event} RETURNING on relation \"{}\"", relation.name);
            self.report(code::FEATURE_NOT_SUPPORTED, at, message).hint(format!(
                "You need an unconditional ON {event} DO INSTEAD rule with a RETURNING clause."
            ));
            return true;
        }
        // A view that passes changes on leaves the question to its table.
        let passes_on = relation.kind == RelationKind::View && !rules.instead;
        let updates = relation.rules.iter().any(|it| it.event == "UPDATE");
        if written.on_conflict && !passes_on && (rules.n_actions > 0 || updates) {
            let message =
                "INSERT with ON CONFLICT clause cannot be used with table that has INSERT or UPDATE rules";
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
            return true;
        }
        let several = usize::from(!rules.instead) + rules.n_queries > 1;
        if written.with && several && !passes_on && !rules.unknown {
            let message = "WITH cannot be used in a query that is rewritten by rules into multiple queries";
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
            return true;
        }
        false
    }

    /// A change in WITH must stay one statement.
    pub fn check_rules_in_with(&mut self, body: &StatementKind) {
        let (table, change) = match body {
            StatementKind::Insert(it) => (&it.table, Change::Insert),
            StatementKind::Update(it) => (&it.table, Change::Update),
            StatementKind::Delete(it) => (&it.table, Change::Delete),
            _ => return,
        };
        let schema = table.schema().map(|it| &it.ident);
        let Some(name) = table.last() else { return };
        let Lookup::Found(relation) = lookup::relation(self.catalog, schema, &name.ident) else { return };
        let certain = relation.rules.iter().all(|it| self.is_certain(it.origin) && !it.switched);
        if !self.typed || !certain || self.catalog.gaps.rules || self.catalog.gaps.policies {
            return;
        }
        let rules = self.rules_of(relation, change.event());
        let view = relation.kind == RelationKind::View;
        if rules.unknown || view && !rules.instead {
            return;
        }
        let n_left = usize::from(!rules.instead) + rules.n_actions;
        let what = match n_left {
            0 => "DO INSTEAD NOTHING rules are",
            1 if rules.n_actions == 1 && rules.n_queries == 0 => "DO INSTEAD NOTIFY rules are",
            1 => return,
            _ if rules.conditional => "conditional DO INSTEAD rules are",
            _ if rules.also => "DO ALSO rules are",
            _ => "multi-statement DO INSTEAD rules are",
        };
        let Some(at) = table.range() else { return };
        self.refuse(
            code::FEATURE_NOT_SUPPORTED,
            at,
            format!("{what} not supported for data-modifying statements in WITH"),
        );
    }

    fn rules_of(&self, relation: &Relation, event: &str) -> Rules {
        let mut res = Rules::default();
        for rule in relation.rules.iter().filter(|it| it.event == event) {
            res.instead |= rule.instead && !rule.conditional;
            res.conditional |= rule.instead && rule.conditional;
            let parsed = parse_statement(&rule.definition, Dialect::Postgres);
            let made = match &parsed.hir.kind {
                StatementKind::Ddl(ddl) if parsed.error.is_none() => match &**ddl {
                    Ddl::CreateRule(it) => it,
                    _ => return Rules { unknown: true, ..res },
                },
                _ => return Rules { unknown: true, ..res },
            };
            res.also |= !rule.instead && !made.actions.is_empty();
            for action in &made.actions {
                res.n_actions += 1;
                let (table, returns) = match action {
                    StatementKind::Query(_) => (None, false),
                    StatementKind::Insert(it) => (Some(&it.table), !it.returning.is_empty()),
                    StatementKind::Update(it) => (Some(&it.table), !it.returning.is_empty()),
                    StatementKind::Delete(it) => (Some(&it.table), !it.returning.is_empty()),
                    StatementKind::Other(it) if it == "NOTIFY" => continue,
                    _ => return Rules { unknown: true, ..res },
                };
                res.n_queries += 1;
                res.n_returning += usize::from(returns);
                res.unknown |= table.is_some_and(|it| !self.stays_one(it));
            }
        }
        res
    }

    /// A change of the table remains one statement: it certainly is a table without rules.
    fn stays_one(&self, table: &QName) -> bool {
        let schema = table.schema().map(|it| &it.ident);
        let found = table.last().map(|it| lookup::relation(self.catalog, schema, &it.ident));
        let Some(Lookup::Found(relation)) = found else { return false };
        relation.rules.is_empty() && relation.kind != RelationKind::View
    }

    /// `WHERE CURRENT OF` finds rows of tables only (`ReplaceVarsFromTargetList`).
    pub fn check_current_of(&mut self, target: RteId, where_: Option<ExprId>) {
        let is_view = self.rte(target).relation.as_ref().is_some_and(|it| it.kind == RelationKind::View);
        let Some(at) = where_.filter(|_| is_view && !self.catalog.gaps.rules) else { return };
        if matches!(self.expr_node(at).kind, ExprKind::CurrentOf(_)) {
            let at = self.expr_node(at).range;
            self.refuse(code::FEATURE_NOT_SUPPORTED, at, "WHERE CURRENT OF on a view is not implemented");
        }
    }
}

/// The messages of this file.
pub fn is_refusal(message: &str) -> bool {
    [
        " RETURNING on relation ",
        "RETURNING lists in multiple rules",
        "ON CONFLICT clause cannot be used with table",
    ]
    .iter()
    .any(|it| message.contains(it))
        || message.starts_with("WITH cannot be used in a query that is rewritten")
        || message.ends_with("not supported for data-modifying statements in WITH")
        || message.starts_with("WHERE CURRENT OF on a view")
}
