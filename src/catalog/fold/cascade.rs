//! What goes with what under CASCADE (`findDependentObjects`).

use std::sync::Arc;

use smol_str::SmolStr;

use super::Fold;
use crate::catalog::depend::{self, Dependent, FunctionKey, Used};
use crate::catalog::{Check, Column, ColumnDefault, Index, Policy, QualifiedName};
use crate::sql::Ident;

impl Fold<'_> {
    /// Drops everything that was made of something.
    pub(super) fn drop_users(&mut self, is: &dyn Fn(&Used) -> bool) {
        let users = self.catalog.depends.iter().filter(|it| it.1.iter().any(is));
        let dead: Vec<Dependent> = users.map(|it| it.0.clone()).collect();
        for it in dead {
            self.drop_dependent(&it);
        }
    }

    fn drop_dependent(&mut self, it: &Dependent) {
        // A view is known to be made of what is written down until it is gone.
        if let Dependent::View(name) = it {
            self.drop_relation(name, true);
        }
        depend::forget(&mut self.catalog.depends, it);
        match it {
            Dependent::View(_) => {}
            Dependent::Function(key) => self.drop_function_key(key, true),
            Dependent::Policy(table, name) => {
                if let Some(relation) = self.relation_mut(table) {
                    relation.policies.retain(|it| it.name != *name);
                }
            }
            Dependent::Rule(table, name) => {
                if let Some(relation) = self.relation_mut(table) {
                    relation.rules.retain(|it| it.name != *name);
                }
                self.forget_rule(name);
            }
            Dependent::Trigger(table, name) => self.drop_trigger(table, name.as_str()),
            Dependent::Index(table, name) => {
                if let Some(relation) = self.relation_mut(table) {
                    relation.indexes.retain(|it| it.name.as_ref() != Some(name));
                }
            }
            Dependent::Object(key) => {
                self.drop_keyed(key, Default::default());
                self.drop_users(&|it| *it == Used::Object(key.clone()));
            }
            Dependent::Type(id) => {
                let name = self.catalog.types.iter().find(|it| it.id == *id);
                let name = name.map(|it| QualifiedName { schema: it.schema.clone(), name: it.name.clone() });
                if let Some(name) = name {
                    self.drop_type_named(&name, true);
                }
            }
            Dependent::Member(..) | Dependent::MemberSchema(..) => {}
        }
    }

    pub(super) fn drop_trigger(&mut self, table: &QualifiedName, name: &str) {
        let Some(relation) = self.relation_mut(table) else { return };
        relation.triggers.retain(|it| it != name);
        relation.trigger_functions.retain(|it| it.0 != name);
        relation.instead_of.retain(|it| it.0 != name);
        Arc::make_mut(&mut relation.details).forget_trigger(&Ident::new(name));
        for partition in self.partitions(table) {
            self.drop_clones(&partition, Some(name));
        }
        depend::forget(&mut self.catalog.depends, &Dependent::Trigger(table.clone(), Ident::new(name)));
    }

    /// What was made of a relation that is gone: with CASCADE it goes, else it is no longer known of what it was made.
    pub(super) fn relation_gone(&mut self, name: &QualifiedName, cascade: bool) {
        if cascade {
            self.drop_users(&|it| it.is_of(name));
        }
        depend::forget_relation(&mut self.catalog.depends, name);
        if self.catalog.depends.values().any(|it| it.iter().any(|it| it.is_of(name))) {
            Arc::make_mut(&mut self.catalog.depends).retain(|_, it| !it.iter().any(|it| it.is_of(name)));
        }
    }

    pub(super) fn drop_function_key(&mut self, key: &FunctionKey, cascade: bool) {
        let functions = Arc::make_mut(&mut self.catalog.functions);
        if let Some(all) = functions.get_mut(&key.name) {
            all.retain(|it| FunctionKey::of(it).as_ref() != Some(key));
            if all.is_empty() {
                functions.remove(&key.name);
            }
        }
        self.function_gone(key, cascade);
    }

    /// What was made of a function that is gone.
    pub(super) fn function_gone(&mut self, key: &FunctionKey, cascade: bool) {
        depend::forget(&mut self.catalog.depends, &Dependent::Function(key.clone()));
        let uses = |it: &Used| matches!(it, Used::Function(own) if own == key);
        if cascade {
            self.drop_users(&uses);
            self.drop_callers(&key.name);
        } else if self.catalog.depends.values().any(|it| it.iter().any(uses)) {
            Arc::make_mut(&mut self.catalog.depends).retain(|_, it| !it.iter().any(uses));
        }
    }

    /// Defaults, checks, generated columns, indexes and policies whose texts call a function of which no overload is left.
    fn drop_callers(&mut self, function: &QualifiedName) {
        if self.catalog.functions.contains_key(function) {
            return;
        }
        let calls = |it: &str| depend::calls(it, function);
        let text = |it: &Option<SmolStr>| it.as_deref().is_some_and(calls);
        let tables: Vec<QualifiedName> = self.catalog.relations.keys().cloned().collect();
        for table in tables {
            let Some(relation) = self.relation(&table) else { continue };
            let default = |it: &Column| match &it.default {
                Some(ColumnDefault::Sql(text)) => calls(text),
                _ => false,
            };
            let generated = |it: &Column| it.generated.as_ref().is_some_and(|it| text(&it.expression));
            let index = |it: &Index| it.items.iter().any(|it| text(&it.expression)) || text(&it.predicate);
            let policy = |it: &Policy| text(&it.using) || text(&it.with_check);
            let check = |it: &Check| text(&it.expression);
            let trigger = |it: &(SmolStr, QualifiedName)| it.1 == *function;
            let concerned = relation.columns.iter().any(|it| default(it) || generated(it))
                || relation.indexes.iter().any(index)
                || relation.policies.iter().any(policy)
                || relation.checks.iter().any(check)
                || relation.trigger_functions.iter().any(trigger);
            if !concerned {
                continue;
            }
            let columns: Vec<Ident> =
                relation.columns.iter().filter(|it| generated(it)).map(|it| it.name.clone()).collect();
            let triggers: Vec<SmolStr> =
                relation.trigger_functions.iter().filter(|it| trigger(it)).map(|it| it.0.clone()).collect();
            for name in triggers {
                self.drop_trigger(&table, &name);
            }
            if let Some(relation) = self.relation_mut(&table) {
                relation.columns.iter_mut().filter(|it| default(it)).for_each(|it| it.default = None);
                relation.indexes.retain(|it| !index(it));
                relation.policies.retain(|it| !policy(it));
                relation.checks.retain(|it| !check(it));
            }
            for column in columns {
                self.drop_column_with_users(&table, &column);
            }
        }
    }

    /// A column with all that was made of it.
    pub(super) fn drop_column_with_users(&mut self, table: &QualifiedName, column: &Ident) {
        self.drop_column(table, column);
        self.drop_users(&|it| matches!(it, Used::Column(own, name) if own == table && name == column));
        let Some(relation) = self.relation(table) else { return };
        let uses = |it: &Column| {
            let text = it.generated.as_ref().and_then(|it| it.expression.as_deref());
            text.is_some_and(|it| super::naming::mentions(it, column))
        };
        let made: Vec<Ident> =
            relation.columns.iter().filter(|it| uses(it)).map(|it| it.name.clone()).collect();
        for own in made {
            self.drop_column_with_users(table, &own);
        }
    }
}
