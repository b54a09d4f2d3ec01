//! SET LOGGED and SET UNLOGGED (`ATPrepChangePersistence`).

use crate::base::text::TextRange;
use crate::catalog::{Relation, RelationKind};
use crate::sema::code;

use super::super::super::binder::Binder;
use super::super::super::relation::qualified;

impl<'a> Binder<'a> {
    pub(super) fn set_persistence(&mut self, relation: &Relation, logged: bool, place: TextRange) {
        if !self.is_exact() || relation.kind != RelationKind::Table || relation.unlogged != logged {
            if relation.schema.as_str() == crate::catalog::lookup::TEMP_SCHEMA && self.is_exact() {
                let message = format!(
                    "cannot change logged status of table \"{}\" because it is temporary",
                    relation.name
                );
                self.report(code::INVALID_TABLE_DEFINITION, place, message);
            }
            return;
        }
        let own = qualified(relation);
        let other = if logged {
            let mut targets = relation.foreign_keys.iter().filter_map(|it| it.target.as_ref());
            targets.find(|it| **it != own && self.catalog.relations.get(*it).is_some_and(|it| it.unlogged))
        } else {
            let mut all = self.catalog.relations.iter();
            let refers = |it: &Relation| {
                !it.unlogged && it.foreign_keys.iter().any(|it| it.target.as_ref() == Some(&own))
            };
            all.find(|it| *it.0 != own && refers(it.1)).map(|it| it.0)
        };
        let Some(other) = other else { return };
        let (to, of) = if logged { ("logged", "unlogged") } else { ("unlogged", "logged") };
        let message = format!(
            "could not change table \"{}\" to {to} because it references {of} table \"{}\"",
            own.name, other.name
        );
        self.report(code::INVALID_TABLE_DEFINITION, place, message);
    }

    pub(super) fn plain_action(&mut self, relation: &Relation, words: &str) {
        if !self.is_certain(relation.origin) {
            return;
        }
        let place = self.word_before_end("set");
        if let "SET LOGGED" | "SET UNLOGGED" = words {
            return self.set_persistence(relation, words == "SET LOGGED", place);
        }
        if words == "SET WITHOUT CLUSTER" && relation.kind == RelationKind::PartitionedTable {
            let message = "cannot mark index clustered in partitioned table";
            self.report(code::FEATURE_NOT_SUPPORTED, place, message);
        }
    }
}
