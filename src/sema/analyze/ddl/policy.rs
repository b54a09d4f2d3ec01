//! Policies and triggers (`policy.c`, `trigger.c`).

use std::sync::Arc;

use crate::catalog::lookup;
use crate::catalog::{FunctionKind, Relation, RelationKind, TypeId, pg};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{ObjectKind, Policy, TriggerDetails};
use crate::sql::hir::{ExprId, Name, QName};

use super::super::binder::Binder;
use super::super::place::Place;
use super::super::scope::NsItem;
use super::name::{Object, at, spelled};

impl<'a> Binder<'a> {
    pub fn create_policy(&mut self, policy: &'a Policy) {
        let misfit = match policy.command.as_str() {
            "INSERT" if policy.using.is_some() => Some("only WITH CHECK expression allowed for INSERT"),
            "SELECT" | "DELETE" if policy.with_check.is_some() => {
                Some("WITH CHECK cannot be applied to SELECT or DELETE")
            }
            _ => None,
        };
        if let Some(message) = misfit {
            self.report(code::SYNTAX_ERROR, policy.name.range, message);
        }
        if matches!(self.object(&policy.table, true), Object::Index { .. }) && self.is_exact() {
            let Some(last) = policy.table.last() else { return };
            let message = format!("\"{}\" is not a table", last.ident);
            self.report(code::WRONG_OBJECT_TYPE, at(&policy.table), message);
            return;
        }
        let Some(relation) = self.existing_table(&policy.table, false) else { return };
        if relation.kind == RelationKind::Foreign && self.is_certain(relation.origin) {
            let message = format!("\"{}\" is not a table", relation.name);
            self.report(code::WRONG_OBJECT_TYPE, at(&policy.table), message);
            return;
        }
        let existing = relation.policies.iter().find(|it| it.name == policy.name.ident);
        let stays = !self.catalog.gaps.policies;
        if let Some(existing) = existing.filter(|it| stays && self.is_certain(it.origin)) {
            let message =
                format!("policy \"{}\" for table \"{}\" already exists", policy.name.ident, relation.name);
            let related = super::name::declared_here(&policy.name.ident, existing.origin);
            self.report(code::DUPLICATE_OBJECT, policy.name.range, message).related.extend(related);
        }
        self.policy_conditions(&relation, policy);
    }

    fn policy_conditions(&mut self, relation: &Arc<Relation>, policy: &'a Policy) {
        for expr in policy.using.iter().chain(&policy.with_check) {
            self.beside(relation, Place::Policy, |it, _| it.condition(*expr, "POLICY"));
        }
    }

    pub fn alter_policy(&mut self, policy: &'a Policy) {
        let Some(relation) = self.existing_table(&policy.table, false) else { return };
        if self.is_exact() {
            self.missing_inside(ObjectKind::Policy, &relation, &policy.name);
        }
        let existing = relation.policies.iter().find(|it| it.name == policy.name.ident);
        if let Some(existing) = existing {
            let misfit = match existing.command.as_str() {
                "insert" if policy.using.is_some() => Some("only WITH CHECK expression allowed for INSERT"),
                "select" | "delete" if policy.with_check.is_some() => {
                    Some("only USING expression allowed for SELECT, DELETE")
                }
                _ => None,
            };
            if let Some(message) = misfit.filter(|_| self.is_certain(existing.origin)) {
                self.report(code::SYNTAX_ERROR, policy.name.range, message);
            }
        }
        self.policy_conditions(&relation, policy);
    }

    pub fn create_trigger(
        &mut self,
        name: &Name,
        table: &'a QName,
        function: &'a QName,
        or_replace: bool,
        details: &'a TriggerDetails,
    ) {
        if or_replace && details.constraint {
            let message = "CREATE OR REPLACE CONSTRAINT TRIGGER is not supported";
            self.report(code::FEATURE_NOT_SUPPORTED, self.stmt.range, message);
            return;
        }
        let relation = self.existing_relation(table, false);
        if let Some(relation) = &relation {
            self.trigger_on(name, table, relation, or_replace, details);
        }
        self.trigger_function(function, false);
    }

    fn trigger_on(
        &mut self,
        name: &Name,
        table: &QName,
        relation: &Arc<Relation>,
        or_replace: bool,
        details: &'a TriggerDetails,
    ) {
        let row = details.for_each_row;
        if let Some(from) = &details.from
            && self.existing_relation(from, false).is_none()
        {
            return;
        }
        let refused = match relation.kind {
            RelationKind::Table | RelationKind::PartitionedTable if details.timing == "INSTEAD OF" => {
                Some(("a table", "Tables cannot have INSTEAD OF triggers."))
            }
            RelationKind::View
                if details.timing != "INSTEAD OF" && details.events.iter().any(|it| it == "TRUNCATE") =>
            {
                Some(("a view", "Views cannot have TRUNCATE triggers."))
            }
            RelationKind::View if details.timing != "INSTEAD OF" && row => {
                Some(("a view", "Views cannot have row-level BEFORE or AFTER triggers."))
            }
            _ => None,
        };
        if matches!(relation.kind, RelationKind::MaterializedView | RelationKind::Sequence)
            && self.is_certain(relation.origin)
        {
            let message = format!("relation \"{}\" cannot have triggers", relation.name);
            self.report(code::WRONG_OBJECT_TYPE, at(table), message);
            return;
        }
        let foreign = relation.kind == RelationKind::Foreign && self.is_certain(relation.origin);
        let unfit = if details.timing == "INSTEAD OF" {
            Some("Foreign tables cannot have INSTEAD OF triggers.")
        } else if details.constraint {
            Some("Foreign tables cannot have constraint triggers.")
        } else if !details.transition_tables.is_empty() {
            Some("Triggers on foreign tables cannot have transition tables.")
        } else {
            None
        };
        if let Some(hint) = unfit.filter(|_| foreign) {
            self.report(
                code::WRONG_OBJECT_TYPE,
                at(table),
                format!("\"{}\" is a foreign table", relation.name),
            )
            .hint(hint);
            return;
        }
        if let Some((kind, hint)) = refused.filter(|_| self.is_certain(relation.origin)) {
            self.report(code::WRONG_OBJECT_TYPE, at(table), format!("\"{}\" is {kind}", relation.name))
                .hint(hint);
            return;
        }
        if details.timing == "INSTEAD OF" {
            let message = if !row {
                Some("INSTEAD OF triggers must be FOR EACH ROW")
            } else if details.when.is_some() {
                Some("INSTEAD OF triggers cannot have WHEN conditions")
            } else if !details.columns.is_empty() {
                Some("INSTEAD OF triggers cannot have column lists")
            } else {
                None
            };
            if let Some(message) = message {
                self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                return;
            }
        }
        if row && details.events.iter().any(|it| it == "TRUNCATE") {
            let message = "TRUNCATE FOR EACH ROW triggers are not supported";
            self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
            return;
        }
        if self.transition_tables(name, table, details, relation) {
            return;
        }
        self.trigger_columns(relation, details);
        if let Some(when) = details.when {
            self.trigger_when(relation, details, when);
        }
        if self.other_trigger(name, relation, or_replace, row) {
            return;
        }
        let taken = relation.triggers.iter().any(|it| it == name.ident.as_str());
        // Where a trigger was made is not kept; a trigger of the same name may have been made by another file.
        if taken && !or_replace && self.is_exact() && !self.catalog.gaps.policies {
            let message =
                format!("trigger \"{}\" for relation \"{}\" already exists", name.ident, relation.name);
            self.report(code::DUPLICATE_OBJECT, name.range, message);
        }
    }

    /// A trigger of the name that is none to be replaced, or one of a partition.
    fn other_trigger(&mut self, name: &Name, relation: &Relation, or_replace: bool, row: bool) -> bool {
        if !self.is_exact() || self.catalog.gaps.policies {
            return false;
        }
        let own = &name.ident;
        let words = if or_replace && relation.details.cloned_triggers.contains(own) {
            Some("is an internal or a child trigger")
        } else if or_replace && relation.details.constraint_triggers.contains(own) {
            Some("is a constraint trigger")
        } else {
            None
        };
        if let Some(words) = words {
            let message = format!("trigger \"{own}\" for relation \"{}\" {words}", relation.name);
            self.report(code::DUPLICATE_OBJECT, name.range, message);
            return true;
        }
        row && !or_replace
            && !relation.triggers.iter().any(|it| it == own.as_str())
            && self.in_partitions(relation, name)
    }

    /// A partition has a trigger of the name.
    pub fn in_partitions(&mut self, relation: &Relation, name: &Name) -> bool {
        let full = super::super::relation::qualified(relation);
        let holder = self.catalog.relations.values().find(|it| {
            it.kind != RelationKind::Sequence
                && it.triggers.iter().any(|it| it == name.ident.as_str())
                && self.partitioned_parents(it).contains(&full)
        });
        let Some(holder) = holder.map(|it| it.name.clone()) else { return false };
        let message = format!("trigger \"{}\" for relation \"{holder}\" already exists", name.ident);
        self.report(code::DUPLICATE_OBJECT, name.range, message);
        true
    }

    /// `REFERENCING NEW TABLE AS n` (`CreateTriggerFiringOn`); `true`: one of them is refused.
    fn transition_tables(
        &mut self,
        name: &Name,
        table: &QName,
        details: &TriggerDetails,
        relation: &Relation,
    ) -> bool {
        let has = |event: &str| details.events.iter().any(|it| it == event);
        let certain = self.is_certain(relation.origin);
        let row = details.for_each_row;
        let partition = !self.partitioned_parents(relation).is_empty();
        let mut seen: Vec<(bool, &Ident)> = Vec::new();
        for (new, own) in &details.transition_tables {
            let words = if *new { "NEW" } else { "OLD" };
            let unsupported = if own.is_none() {
                Some("ROW variable naming in the REFERENCING clause is not supported".to_owned())
            } else if relation.kind == RelationKind::View && certain {
                let message = format!("\"{}\" is a view", relation.name);
                self.report(code::WRONG_OBJECT_TYPE, at(table), message)
                    .hint("Triggers on views cannot have transition tables.");
                return true;
            } else if row && certain && relation.kind == RelationKind::PartitionedTable {
                Some(format!("\"{}\" is a partitioned table", relation.name))
            } else if row && certain && !relation.parents.is_empty() {
                let kind = if partition { "partitions" } else { "inheritance children" };
                Some(format!("ROW triggers with transition tables are not supported on {kind}"))
            } else if details.timing != "AFTER" {
                let message = "transition table name can only be specified for an AFTER trigger";
                self.report(code::INVALID_OBJECT_DEFINITION, name.range, message);
                return true;
            } else if has("TRUNCATE") {
                Some("TRUNCATE triggers with transition tables are not supported".to_owned())
            } else if details.events.len() > 1 {
                Some("transition tables cannot be specified for triggers with more than one event".to_owned())
            } else if !details.columns.is_empty() {
                Some("transition tables cannot be specified for triggers with column lists".to_owned())
            } else {
                None
            };
            if let Some(message) = unsupported {
                self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                return true;
            }
            let Some(own) = own else { continue };
            let invalid = if *new && !has("INSERT") && !has("UPDATE") {
                "NEW TABLE can only be specified for an INSERT or UPDATE trigger".to_owned()
            } else if !*new && !has("DELETE") && !has("UPDATE") {
                "OLD TABLE can only be specified for a DELETE or UPDATE trigger".to_owned()
            } else if seen.iter().any(|it| it.0 == *new) {
                format!("{words} TABLE cannot be specified multiple times")
            } else if seen.iter().any(|it| *it.1 == own.ident) {
                "OLD TABLE name and NEW TABLE name cannot be the same".to_owned()
            } else {
                seen.push((*new, &own.ident));
                continue;
            };
            self.report(code::INVALID_OBJECT_DEFINITION, own.range, invalid);
            return true;
        }
        false
    }

    fn trigger_columns(&mut self, relation: &Relation, details: &TriggerDetails) {
        let mut seen: Vec<&Ident> = Vec::new();
        for column in &details.columns {
            let known = relation.open || relation.columns.iter().any(|it| it.name == column.ident);
            if !known && !column.ident.is_dynamic() {
                self.no_column(relation, column, true);
            } else if seen.contains(&&column.ident) {
                let message = format!("column \"{}\" specified more than once", column.ident);
                self.report(code::DUPLICATE_COLUMN, column.range, message);
            }
            seen.push(&column.ident);
        }
    }

    /// `WHEN (…)`: the rows before and after are `old` and `new`.
    fn trigger_when(&mut self, relation: &Arc<Relation>, details: &'a TriggerDetails, when: ExprId) {
        self.push_level();
        let old = self.row_of(relation, Ident::new("old"), true);
        let new = self.row_of(relation, Ident::new("new"), true);
        self.level().namespace = vec![NsItem::new(old), NsItem::new(new)];
        self.in_place(Place::TriggerWhen, |it| it.condition(when, "WHEN"));
        let only = |event: &str| details.events.len() == 1 && details.events.iter().all(|it| it == event);
        let has = |event: &str| details.events.iter().any(|it| it == event);
        for (rte, event, words) in [
            (old, "INSERT", "INSERT trigger's WHEN condition cannot reference OLD values"),
            (new, "DELETE", "DELETE trigger's WHEN condition cannot reference NEW values"),
        ] {
            let Some((id, _)) = self.vars(rte, when).into_iter().next() else { continue };
            let at = self.expr_node(id).range;
            if !details.for_each_row {
                let words = "statement trigger's WHEN condition cannot reference column values";
                self.report(code::INVALID_OBJECT_DEFINITION, at, words);
                break;
            }
            if only(event) || has(event) {
                self.report(code::INVALID_OBJECT_DEFINITION, at, words);
            }
        }
        self.trigger_new_columns(relation, details, new, when);
        self.pop_level();
    }

    /// Before a row is written it has no generated columns.
    fn trigger_new_columns(
        &mut self,
        relation: &Relation,
        details: &TriggerDetails,
        new: crate::sema::analyze::scope::RteId,
        when: ExprId,
    ) {
        if details.timing != "BEFORE" || !details.for_each_row || !self.is_certain(relation.origin) {
            return;
        }
        let rows = self.stmt.exprs.iter().find(|it| match &it.kind {
            crate::sql::hir::ExprKind::Star { qualifier } => {
                qualifier.parts.len() == 1 && qualifier.last().is_some_and(|it| it.ident.as_str() == "new")
            }
            _ => false,
        });
        if let Some(row) = rows.filter(|_| relation.columns.iter().any(|it| it.generated.is_some())) {
            let message = "BEFORE trigger's WHEN condition cannot reference NEW generated columns";
            let at = row.range;
            self.report(code::INVALID_OBJECT_DEFINITION, at, message);
            return;
        }
        let generated =
            |it: &str| relation.columns.iter().any(|own| own.name.as_str() == it && own.generated.is_some());
        for (id, _) in self.vars(new, when) {
            let node = self.expr_node(id);
            let crate::sql::hir::ExprKind::Column(path) = &node.kind else { continue };
            if path.parts.len() == 1 && relation.columns.iter().any(|it| it.generated.is_some()) {
                let at = node.range;
                let message = "BEFORE trigger's WHEN condition cannot reference NEW generated columns";
                self.report(code::INVALID_OBJECT_DEFINITION, at, message);
                return;
            }
            let [_, column] = path.parts.as_slice() else { continue };
            let (name, at) = (column.ident.as_str(), node.range);
            if generated(name) {
                let message = "BEFORE trigger's WHEN condition cannot reference NEW generated columns";
                self.report(code::INVALID_OBJECT_DEFINITION, at, message);
                return;
            }
            let system = super::super::scope::system_column(name).is_some() && name != "tableoid";
            if system || name == "tableoid" {
                let message = "BEFORE trigger's WHEN condition cannot reference NEW system columns";
                self.report(code::FEATURE_NOT_SUPPORTED, at, message);
                return;
            }
        }
    }

    /// The function that a trigger calls takes no arguments and returns `trigger`, that of an event trigger
    /// `event_trigger`.
    pub fn trigger_function(&mut self, function: &'a QName, of_event: bool) {
        let Some(last) = function.last().filter(|_| !function.is_dynamic()) else { return };
        let schema = function.schema().map(|it| &it.ident);
        let gaps = &self.catalog.gaps;
        let unknown = gaps.functions
            || gaps.named.contains(&last.ident)
            || self.catalog.extensions.values().any(|it| !it.known)
            || schema.is_some_and(|it| !lookup::schema_exists(self.catalog, it))
            || pg::ext::with_function(last.ident.as_str())
                .any(|it| lookup::may_be_installed(self.catalog, schema, it));
        if unknown {
            return;
        }
        let all = lookup::functions(self.catalog, schema, &last.ident);
        let found = all.iter().find(|it| it.params.is_empty() && it.kind == FunctionKind::Function);
        match found {
            None => {
                let names = self.catalog.functions.keys().map(|it| it.name.as_str());
                let similar = super::super::suggest::nearest(last.ident.as_str(), names).map(Ident::new);
                let message = format!("function {}() does not exist", spelled(function));
                let problem = self.report(code::UNDEFINED_FUNCTION, at(function), message);
                if let Some(similar) = similar {
                    problem.hint(format!("Perhaps you meant the function \"{similar}\"."));
                    problem.fixes.push(super::super::suggest::rename(last.range, &similar));
                }
            }
            Some(found) => {
                let (wanted, words) = match of_event {
                    true => (TypeId::EVENT_TRIGGER, "event_trigger"),
                    false => (TypeId::TRIGGER, "trigger"),
                };
                if found.returns.is_some_and(|it| it != wanted) && !found.returns_set {
                    let message = format!("function {} must return type {words}", spelled(function));
                    self.report(code::INVALID_OBJECT_DEFINITION, at(function), message);
                }
            }
        }
    }
}
