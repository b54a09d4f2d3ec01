//! Rules: CREATE (`transformRuleStmt`, `DefineQueryRewrite`), and which there are.

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::{Relation, RelationKind};
use crate::sema::{Code, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{CreateRule, Mention, MentionChange};
use crate::sql::hir::{ExprKind, Name, StatementKind};

use super::super::binder::Binder;
use super::super::place::Place;
use super::super::scope::{NsItem, RteId};
use super::name::{Object, at, plural};

/// What the parse analysis of an action decides; other codes come from the rewriter or the planner.
const PARSED: [Code; 16] = [
    code::SYNTAX_ERROR,
    code::WRONG_COLUMN_COUNT,
    code::UNDEFINED_COLUMN,
    code::UNDEFINED_TABLE,
    code::UNDEFINED_FUNCTION,
    code::UNDEFINED_OBJECT,
    code::UNDEFINED_PARAMETER,
    code::DATATYPE_MISMATCH,
    code::AMBIGUOUS_COLUMN,
    code::AMBIGUOUS_FUNCTION,
    code::DUPLICATE_COLUMN,
    code::GROUPING_ERROR,
    code::WINDOWING_ERROR,
    code::CANNOT_COERCE,
    code::INVALID_TEXT_REPRESENTATION,
    code::INVALID_DATETIME,
];

impl<'a> Binder<'a> {
    pub fn create_rule(&mut self, rule: &'a CreateRule) {
        let relation = match self.object(&rule.table, false) {
            Object::Relation(it) => it,
            Object::Missing => return self.missing_relation(&rule.table),
            Object::Index { .. } => return self.cannot_open(&rule.table),
            Object::Unknown => return,
        };
        if !self.is_certain(relation.origin) {
            return;
        }
        let n_problems = self.problems.len();
        if relation.kind == RelationKind::MaterializedView {
            let message = "rules on materialized views are not supported";
            self.report(code::FEATURE_NOT_SUPPORTED, at(&rule.table), message);
            return;
        }
        if let Some(where_) = rule.where_ {
            self.push_level();
            let (old, new) = self.old_and_new(&relation);
            let mut seen = Vec::new();
            if rule.event != "INSERT" {
                seen.push(NsItem::new(old));
            }
            if matches!(rule.event.as_str(), "INSERT" | "UPDATE") {
                seen.push(NsItem::new(new));
            }
            self.level().namespace = seen;
            self.in_place(Place::Where, |it| it.condition(where_, "WHERE"));
            self.pop_level();
        }
        for action in &rule.actions {
            self.rule_action(rule, &relation, action);
        }
        self.problems.retain({
            let mut idx = 0;
            move |it| {
                idx += 1;
                idx <= n_problems
                    || PARSED.contains(&it.code)
                    || it.code == code::INVALID_OBJECT_DEFINITION
                    || it.message.starts_with("RETURNING lists are not supported")
            }
        });
        if self.problems.len() == n_problems {
            self.rule_kind(rule, &relation);
        }
        if self.problems.len() == n_problems {
            self.rule_taken(rule, &relation);
        }
    }

    fn old_and_new(&mut self, relation: &Arc<Relation>) -> (RteId, RteId) {
        let old = self.row_of(relation, Ident::new("old"), true);
        let new = self.row_of(relation, Ident::new("new"), true);
        (old, new)
    }

    /// An action names the rows `old` and `new`, not their columns alone.
    fn rule_action(&mut self, rule: &'a CreateRule, relation: &Arc<Relation>, action: &'a StatementKind) {
        let is_other =
            matches!(action, StatementKind::Session(_) | StatementKind::Other(_) | StatementKind::Ddl(_));
        if is_other {
            if rule.where_.is_some() {
                let message =
                    "rules with WHERE conditions can only have SELECT, INSERT, UPDATE, or DELETE actions";
                self.report(code::INVALID_OBJECT_DEFINITION, rule.name.range, message);
            }
            return;
        }
        self.push_level();
        let (old, new) = self.old_and_new(relation);
        self.level().namespace =
            [old, new].into_iter().map(|it| NsItem { columns: false, ..NsItem::new(it) }).collect();
        let n_references = self.references.len();
        self.statement(action);
        let columns = std::mem::take(&mut self.columns);
        let known = !std::mem::replace(&mut self.columns_open, false) && !relation.open;
        self.references.truncate(n_references);
        self.pop_level();
        let uses = |this: &Self, name: &str| -> Option<TextRange> {
            let range = this.rule_range(rule);
            let found = this.stmt.exprs.iter().find(|it| match &it.kind {
                ExprKind::Column(path) if path.parts.len() == 2 => {
                    it.range.start() >= range.start()
                        && path.parts.first().is_some_and(|it| it.ident.as_str() == name)
                }
                _ => false,
            });
            found.map(|it| it.range)
        };
        let refused = match rule.event.as_str() {
            "SELECT" => [("old", "ON SELECT rule cannot use OLD"), ("new", "ON SELECT rule cannot use NEW")]
                .into_iter()
                .find_map(|(name, message)| Some((uses(self, name)?, message))),
            "INSERT" => uses(self, "old").map(|it| (it, "ON INSERT rule cannot use OLD")),
            "DELETE" => uses(self, "new").map(|it| (it, "ON DELETE rule cannot use NEW")),
            _ => None,
        };
        if let Some((at, message)) = refused {
            self.report(code::INVALID_OBJECT_DEFINITION, at, message);
            return;
        }
        let of_view = rule.event == "SELECT" && relation.kind == RelationKind::View;
        let returning = rule.event != "SELECT" && returns(action);
        if returning && (rule.where_.is_some() || !rule.instead) {
            let rules = if rule.where_.is_some() { "conditional" } else { "non-INSTEAD" };
            let message = format!("RETURNING lists are not supported in {rules} rules");
            self.report(code::FEATURE_NOT_SUPPORTED, at(&rule.table), message);
        } else if known
            && (of_view && rule.instead && rule.where_.is_none() || returning && !self.returns_rows(action))
        {
            self.rule_result(rule, relation, &columns, of_view);
        }
    }

    /// RETURNING names `new` or `old`: the rows of the rule, or those of the action.
    fn returns_rows(&self, action: &StatementKind) -> bool {
        let targets = match action {
            StatementKind::Insert(it) => &it.returning,
            StatementKind::Update(it) => &it.returning,
            StatementKind::Delete(it) => &it.returning,
            _ => return false,
        };
        targets.iter().any(|it| {
            let text = crate::base::text::slice(self.text, self.expr_node(it.expr).range);
            let tokens = crate::sql::token::significant(text);
            tokens.iter().any(|it| it.is_word(text, "new") || it.is_word(text, "old"))
        })
    }

    /// What a rule yields are the relation's columns (`checkRuleResultList`).
    fn rule_result(
        &mut self,
        rule: &CreateRule,
        relation: &Relation,
        columns: &[crate::sema::OutputColumn],
        select: bool,
    ) {
        let what = if select { "SELECT rule's target" } else { "RETURNING" };
        let mut own = relation.columns.iter();
        for (idx, column) in columns.iter().enumerate() {
            let message = match own.next() {
                None => format!("{what} list has too many entries"),
                Some(it) if select && it.name != column.name => format!(
                    "SELECT rule's target entry {} has different column name from column \"{}\"",
                    idx + 1,
                    it.name
                ),
                Some(it) => match (it.ty, column.ty) {
                    (Some(a), crate::sema::Ty::Known(b))
                        if a.id != b.id && b.id != crate::catalog::TypeId::UNKNOWN =>
                    {
                        let entry = if select { "target entry" } else { "list's entry" };
                        let what = if select { "SELECT rule's" } else { "RETURNING" };
                        format!("{what} {entry} {} has different type from column \"{}\"", idx + 1, it.name)
                    }
                    _ => continue,
                },
            };
            self.report(code::INVALID_OBJECT_DEFINITION, at(&rule.table), message);
            return;
        }
        if own.next().is_some() {
            let message = format!("{what} list has too few entries");
            self.report(code::INVALID_OBJECT_DEFINITION, at(&rule.table), message);
        }
    }

    /// From the table's name on.
    fn rule_range(&self, rule: &CreateRule) -> TextRange {
        at(&rule.table)
    }

    fn rule_kind(&mut self, rule: &'a CreateRule, relation: &Relation) {
        let place = at(&rule.table);
        let name = &relation.name;
        let plain = matches!(
            relation.kind,
            RelationKind::Table | RelationKind::PartitionedTable | RelationKind::View
        );
        if !plain {
            self.report(code::WRONG_OBJECT_TYPE, place, format!("relation \"{name}\" cannot have rules"))
                .hint(format!("This operation is not supported for {}.", plural(relation.kind)));
            return;
        }
        if rule.event != "SELECT" && rule.name.ident.as_str() == "_RETURN" {
            let message = format!("non-view rule for \"{name}\" must not be named \"_RETURN\"");
            self.report(code::INVALID_OBJECT_DEFINITION, rule.name.range, message);
            return;
        }
        if rule.event == "SELECT" {
            if relation.kind != RelationKind::View {
                let message = format!("relation \"{name}\" cannot have ON SELECT rules");
                self.report(code::WRONG_OBJECT_TYPE, place, message)
                    .hint(format!("This operation is not supported for {}.", plural(relation.kind)));
                return;
            }
            let message = match rule.actions.as_slice() {
                [] => "INSTEAD NOTHING rules on SELECT are not implemented",
                [StatementKind::Query(_)] if rule.instead => return self.select_rule(rule, relation),
                [_] => "rules on SELECT must have action INSTEAD SELECT",
                _ => "multiple actions for rules on SELECT are not implemented",
            };
            self.report(code::FEATURE_NOT_SUPPORTED, place, message);
        }
    }

    /// A view has one.
    fn select_rule(&mut self, rule: &CreateRule, relation: &Relation) {
        if rule.where_.is_some() {
            let message = "event qualifications are not implemented for rules on SELECT";
            self.report(code::FEATURE_NOT_SUPPORTED, at(&rule.table), message);
        } else if !rule.or_replace && self.is_exact() {
            let message = format!("\"{}\" is already a view", relation.name);
            self.report(code::OBJECT_NOT_IN_STATE, at(&rule.table), message);
        }
    }

    /// The rule that makes a view one.
    pub(super) fn return_rule(&mut self, relation: &Relation, name: &Name, mention: &Mention) {
        if relation.kind != RelationKind::View || !self.is_certain(relation.origin) {
            return;
        }
        if mention.drops {
            let own = &relation.name;
            let message = format!("cannot drop rule _RETURN on view {own} because view {own} requires it");
            self.report(code::DEPENDENT_OBJECTS, name.range, message)
                .hint(format!("You can drop view {own} instead."));
        } else if matches!(mention.change, Some(MentionChange::Rename(_))) {
            let message = "renaming an ON SELECT rule is not allowed";
            self.report(code::INVALID_OBJECT_DEFINITION, name.range, message);
        }
    }

    /// Reports a rule that is not there. `true`: it is there, or may be.
    pub fn missing_rule(&mut self, relation: &Relation, name: &Name, if_exists: bool) -> bool {
        // Others' rules of the name do not matter where all of this relation's are known.
        let own = relation.rules.iter().any(|it| it.name == name.ident);
        let all_known = matches!(relation.origin, crate::catalog::Origin::Sql { .. });
        let known =
            |it: &(smol_str::SmolStr, Ident)| it.0 == "RULE" && it.1 == name.ident && (own || !all_known);
        let may_be = if_exists
            || !self.is_exact()
            || name.ident.is_dynamic()
            || name.ident.as_str() == "_RETURN"
            || self.catalog.gaps.relations
            || self.catalog.gaps.rules
            || self.catalog.others.iter().any(known);
        if !may_be {
            let message =
                format!("rule \"{}\" for relation \"{}\" does not exist", name.ident, relation.name);
            self.report(code::UNDEFINED_OBJECT, name.range, message);
        }
        may_be
    }
}

/// Whether an action has RETURNING.
fn returns(action: &StatementKind) -> bool {
    match action {
        StatementKind::Insert(it) => !it.returning.is_empty(),
        StatementKind::Update(it) => !it.returning.is_empty(),
        StatementKind::Delete(it) => !it.returning.is_empty(),
        _ => false,
    }
}
