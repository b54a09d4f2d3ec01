//! Triggers, and what partitions have of them.

use std::sync::Arc;

use super::Fold;
use crate::catalog::QualifiedName;
use crate::sql::Ident;
use crate::sql::hir::{Name, QName, ddl};
use crate::sql::token::significant;

impl Fold<'_> {
    pub(super) fn create_trigger(
        &mut self,
        name: &Name,
        table: &QName,
        function: &QName,
        details: &ddl::TriggerDetails,
    ) {
        self.transition_tables();
        let Some(table) = self.find(table) else { return };
        if let Some(relation) = self.relation_mut(&table).filter(|_| details.timing == "INSTEAD OF") {
            relation.instead_of.retain(|it| it.0 != name.ident.as_str());
            relation.instead_of.push((name.ident.as_str().into(), details.events.clone()));
        }
        if let Some(relation) = self.relation_mut(&table)
            && !relation.triggers.iter().any(|it| it == name.ident.as_str())
        {
            relation.triggers.push(name.ident.as_str().into());
        }
        let called = self.candidates(function).into_iter().find(|it| self.catalog.functions.contains_key(it));
        if let (Some(called), Some(relation)) = (called, self.relation_mut(&table)) {
            relation.trigger_functions.retain(|it| it.0 != name.ident.as_str());
            relation.trigger_functions.push((name.ident.as_str().into(), called));
        }
        let own = &name.ident;
        let deferrable = self.says_deferrable();
        let definition = Arc::from(self.text);
        if let Some(relation) = self.relation_mut(&table) {
            let known = Arc::make_mut(&mut relation.details);
            known.forget_trigger(own);
            known.trigger_texts.push((own.clone(), definition));
            if details.constraint {
                known.constraint_triggers.push(own.clone());
                known.deferrable.extend(deferrable.then(|| own.clone()));
            }
            if details.for_each_row {
                known.row_triggers.push(own.clone());
                if details.transition_tables.iter().any(|it| it.1.is_some()) {
                    known.transition_triggers.push(own.clone());
                }
            }
        }
        if details.for_each_row {
            self.clone_trigger(&table, own);
        }
    }

    /// `DEFERRABLE`, or `INITIALLY DEFERRED`, is said of a constraint trigger.
    fn says_deferrable(&self) -> bool {
        let tokens = significant(self.text);
        let word = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(self.text, word));
        (0..tokens.len()).any(|at| {
            word(at, "initially") && word(at + 1, "deferred")
                || word(at, "deferrable") && !(at > 0 && word(at - 1, "not"))
        })
    }

    /// The partitions of a table have its triggers for each row, too (`CreateTriggerFiringOn`).
    fn clone_trigger(&mut self, table: &QualifiedName, name: &Ident) {
        for partition in self.partitions(table) {
            let Some(relation) = self.relation_mut(&partition) else { continue };
            if !relation.triggers.iter().any(|it| it == name.as_str()) {
                relation.triggers.push(name.as_str().into());
                let details = Arc::make_mut(&mut relation.details);
                details.cloned_triggers.push(name.clone());
                details.row_triggers.push(name.clone());
            }
            self.clone_trigger(&partition, name);
        }
    }

    /// What a new partition has from its table (`CloneRowTriggersToPartition`).
    pub(super) fn clone_triggers(&mut self, parent: &QualifiedName) {
        let names = self.relation(parent).map(|it| it.details.row_triggers.clone()).unwrap_or_default();
        for name in names {
            self.clone_trigger(parent, &name);
        }
    }

    /// A trigger of a partitioned table goes from its partitions, too; so do all when a partition leaves.
    pub(super) fn drop_clones(&mut self, table: &QualifiedName, name: Option<&str>) {
        let Some(relation) = self.relation_mut(table) else { return };
        let gone: Vec<Ident> = relation
            .details
            .cloned_triggers
            .iter()
            .filter(|it| name.is_none_or(|name| it.as_str() == name))
            .cloned()
            .collect();
        for own in &gone {
            relation.triggers.retain(|it| it != own.as_str());
            Arc::make_mut(&mut relation.details).forget_trigger(own);
        }
        for partition in self.partitions(table) {
            for own in &gone {
                self.drop_clones(&partition, Some(own.as_str()));
            }
        }
    }

    /// Its clones have the name that a trigger has.
    pub(super) fn rename_clones(&mut self, table: &QualifiedName, from: &Ident, to: &Ident) {
        for partition in self.partitions(table) {
            let Some(relation) = self.relation_mut(&partition) else { continue };
            if relation.details.cloned_triggers.contains(from) {
                let triggers = relation.triggers.iter_mut().filter(|it| *it == from.as_str());
                triggers.for_each(|it| *it = to.as_str().into());
                Arc::make_mut(&mut relation.details).rename(from, to);
            }
            self.rename_clones(&partition, from, to);
        }
    }

    /// `REFERENCING NEW TABLE AS n`: its function can name that table.
    fn transition_tables(&mut self) {
        let tokens = significant(self.text);
        let word = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(self.text, word));
        if !(0..tokens.len()).any(|at| word(at, "referencing")) {
            return;
        }
        let mut names = Vec::new();
        for at in 0..tokens.len() {
            if (word(at, "new") || word(at, "old")) && word(at + 1, "table") {
                let at = at + 2 + usize::from(word(at + 2, "as"));
                names.extend(tokens.get(at).map(|it| Ident::from_source(it.text(self.text))));
            }
        }
        Arc::make_mut(&mut self.catalog.gaps.named).extend(names);
    }
}
