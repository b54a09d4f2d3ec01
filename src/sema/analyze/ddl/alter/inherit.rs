//! INHERIT and partitions that are attached (`MergeAttributesIntoExisting`, `ATExecAttachPartition`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::{Column, Relation, RelationKind};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::QName;
use crate::sql::hir::ddl::PartitionBound;

use super::super::super::binder::Binder;
use super::super::super::relation::qualified;
use super::super::name::{at, is_table, plural};

/// Why a column cannot be a child of another of its type.
fn unlike(child: &Relation, own: &Column, parent: &Column) -> Option<String> {
    let name = &own.name;
    if parent.not_null && !parent.nulls_remain && !own.not_null {
        return Some(format!("column \"{name}\" in child table \"{}\" must be marked NOT NULL", child.name));
    }
    match (&own.generated, &parent.generated) {
        (None, Some(_)) => Some(format!("column \"{name}\" in child table must be a generated column")),
        (Some(_), None) => Some(format!("column \"{name}\" in child table must not be a generated column")),
        (Some(a), Some(b)) if a.stored != b.stored => {
            Some(format!("column \"{name}\" inherits from generated column of different kind"))
        }
        _ => None,
    }
}

impl<'a> Binder<'a> {
    pub(super) fn inherit(&mut self, child: &Arc<Relation>, parent: &'a QName, inherit: bool) {
        let Some(found) = self.existing_relation(parent, false) else { return };
        if !is_table(found.kind) {
            return self.wrong_action(parent, "INHERIT", plural(found.kind));
        }
        if !self.is_certain(child.origin) || !self.is_certain(found.origin) {
            return;
        }
        let refused = if child.of_type.is_some() && inherit {
            Some("cannot change inheritance of typed table".to_owned())
        } else if !self.partitioned_parents(child).is_empty() {
            Some("cannot change inheritance of a partition".to_owned())
        } else if child.kind == RelationKind::PartitionedTable && inherit {
            Some("cannot change inheritance of partitioned table".to_owned())
        } else if found.kind == RelationKind::PartitionedTable && inherit {
            Some(format!("cannot inherit from partitioned table \"{}\"", found.name))
        } else if !self.partitioned_parents(&found).is_empty() && inherit {
            Some("cannot inherit from a partition".to_owned())
        } else {
            None
        };
        if let Some(message) = refused {
            self.report(code::WRONG_OBJECT_TYPE, at(parent), message);
            return;
        }
        let full = qualified(&found);
        let has = child.parents.contains(&full);
        if !inherit {
            if !has {
                let message =
                    format!("relation \"{}\" is not a parent of relation \"{}\"", found.name, child.name);
                self.report(code::UNDEFINED_TABLE, at(parent), message);
            }
            return;
        }
        if has {
            let message = format!("relation \"{}\" would be inherited from more than once", found.name);
            self.report(code::DUPLICATE_TABLE, at(parent), message);
            return;
        }
        if full == qualified(child) || self.descends(&found, &qualified(child)) {
            self.report(code::DUPLICATE_TABLE, at(parent), "circular inheritance not allowed");
            return;
        }
        if self.has_transition_trigger(child, "an inheritance child", at(parent)) {
            return;
        }
        self.child_columns(child, &found, at(parent));
    }

    /// Whether a relation inherits from another, at any depth.
    fn descends(&self, relation: &Relation, from: &crate::catalog::QualifiedName) -> bool {
        let mut seen = relation.parents.clone();
        let mut idx = 0;
        while let Some(parent) = seen.get(idx).cloned() {
            if parent == *from {
                return true;
            }
            let more = self.catalog.relations.get(&parent).map(|it| it.parents.clone()).unwrap_or_default();
            for it in more {
                if !seen.contains(&it) && seen.len() < 256 {
                    seen.push(it);
                }
            }
            idx += 1;
        }
        false
    }

    fn child_columns(&mut self, child: &Relation, parent: &Relation, at: TextRange) {
        if child.open || parent.open {
            return;
        }
        for column in &parent.columns {
            match child.columns.iter().find(|it| it.name == column.name) {
                None => {
                    let message = format!("child table is missing column \"{}\"", column.name);
                    self.report(code::DATATYPE_MISMATCH, at, message);
                    return;
                }
                Some(own) => {
                    let (Some(a), Some(b)) = (own.ty, column.ty) else { continue };
                    if a != b {
                        let message = format!(
                            "child table \"{}\" has different type for column \"{}\"",
                            child.name, column.name
                        );
                        self.report(code::DATATYPE_MISMATCH, at, message);
                        return;
                    }
                    if self.other_collation(own, column).is_some() {
                        let message = format!(
                            "child table \"{}\" has different collation for column \"{}\"",
                            child.name, column.name
                        );
                        self.report(code::COLLATION_MISMATCH, at, message);
                        return;
                    }
                    if let Some(message) = unlike(child, own, column) {
                        self.report(code::DATATYPE_MISMATCH, at, message);
                        return;
                    }
                }
            }
        }
        // `MergeConstraintsIntoExisting`.
        let has = |name: &Ident| child.checks.iter().any(|it| it.name.as_ref().is_none_or(|it| it == name));
        if self.catalog.gaps.keys {
            return;
        }
        let handed = parent.checks.iter().filter(|it| !it.no_inherit).filter_map(|it| it.name.as_ref());
        if let Some(lacking) = handed.into_iter().find(|it| !has(it)) {
            let message = format!("child table is missing constraint \"{lacking}\"");
            self.report(code::DATATYPE_MISMATCH, at, message);
            return;
        }
        let mine = |it: &&crate::catalog::Check| {
            it.name.is_some() && parent.checks.iter().any(|own| own.name == it.name && !own.no_inherit)
        };
        let other = child.checks.iter().filter(mine).find(|it| {
            let above = parent.checks.iter().find(|own| own.name == it.name);
            let texts = it.expression.as_deref().zip(above.and_then(|it| it.expression.as_deref()));
            texts.is_some_and(|(a, b)| super::super::table::inherit::unlike(a, b))
        });
        if let Some(name) = other.and_then(|it| it.name.as_ref()) {
            let message = format!(
                "child table \"{}\" has different definition for check constraint \"{name}\"",
                child.name
            );
            self.report(code::DATATYPE_MISMATCH, at, message);
            return;
        }
        let unlike = child.checks.iter().filter(mine).find(|it| it.no_inherit);
        if let Some(name) = unlike.and_then(|it| it.name.as_ref()) {
            let message = format!(
                "constraint \"{name}\" conflicts with non-inherited constraint on child table \"{}\"",
                child.name
            );
            self.report(code::INVALID_OBJECT_DEFINITION, at, message);
        }
    }

    pub(super) fn attach(
        &mut self,
        parent: &Arc<Relation>,
        partition: &'a QName,
        bound: Option<&'a PartitionBound>,
    ) {
        let Some(found) = self.existing_relation(partition, false) else { return };
        if !self.is_certain(found.origin) {
            return;
        }
        let is_partition = found.parents.iter().any(|it| {
            self.catalog.relations.get(it).is_some_and(|it| it.kind == RelationKind::PartitionedTable)
        });
        // The bound is read before the table is looked at, and compared with others behind that.
        let mut overlapping = None;
        if let Some(bound) = bound {
            let n_problems = self.problems.len();
            self.partition_bound(parent, bound, &found.name);
            let overlaps = |it: &crate::sema::Problem| it.message.contains("overlap");
            if self.problems.get(n_problems).is_some_and(overlaps) {
                overlapping = self.problems.get(n_problems).cloned().filter(|_| !is_partition);
                self.problems.truncate(n_problems);
            }
            if self.problems.len() > n_problems {
                return;
            }
        }
        let n_problems = self.problems.len();
        self.attached(parent, &found, partition, is_partition);
        if self.problems.len() == n_problems {
            self.problems.extend(overlapping);
        }
    }

    fn attached(&mut self, parent: &Relation, found: &Arc<Relation>, partition: &QName, is_partition: bool) {
        if is_partition {
            let message = format!("\"{}\" is already a partition", found.name);
            self.report(code::WRONG_OBJECT_TYPE, at(partition), message);
            return;
        }
        if self.is_exact() && found.kind != RelationKind::Sequence {
            let own = qualified(found);
            let has_children = || {
                let mut all = self.catalog.relations.values();
                all.any(|it| it.kind != RelationKind::Sequence && it.parents.contains(&own))
            };
            let message = if found.of_type.is_some() {
                Some("cannot attach a typed table as partition")
            } else if !found.parents.is_empty() {
                Some("cannot attach inheritance child as partition")
            } else if found.kind == RelationKind::Table && has_children() {
                Some("cannot attach inheritance parent as partition")
            } else {
                None
            };
            if let Some(message) = message {
                self.report(code::WRONG_OBJECT_TYPE, at(partition), message);
                return;
            }
        }
        if qualified(found) == qualified(parent) || self.descends(parent, &qualified(found)) {
            self.report(code::DUPLICATE_TABLE, at(partition), "circular inheritance not allowed");
            return;
        }
        if !is_table(found.kind) {
            return;
        }
        let identity = found.columns.iter().find(|it| it.identity.is_some());
        if let Some(column) =
            identity.filter(|_| self.catalog.server_version.is_none_or(|it| it >= 17) && self.is_exact())
        {
            let message = format!(
                "table \"{}\" being attached contains an identity column \"{}\"",
                found.name, column.name
            );
            self.report(code::OBJECT_NOT_IN_STATE, at(partition), message);
            return;
        }
        let more = found.columns.iter().find(|it| !parent.columns.iter().any(|own| own.name == it.name));
        if let Some(more) = more.filter(|_| !found.open && !parent.open) {
            let message = format!(
                "table \"{}\" contains column \"{}\" not found in parent \"{}\"",
                found.name, more.name, parent.name
            );
            self.report(code::DATATYPE_MISMATCH, at(partition), message);
            return;
        }
        if self.has_transition_trigger(found, "a partition", at(partition)) {
            return;
        }
        let n_problems = self.problems.len();
        self.child_columns(found, parent, at(partition));
        if self.problems.len() > n_problems || !self.is_exact() || self.catalog.gaps.keys {
            return;
        }
        // `AttachPartitionEnsureIndexes`.
        if let (Some(own), Some(key)) = (&found.primary_key, &parent.primary_key)
            && own.columns != key.columns
        {
            let message = format!("multiple primary keys for table \"{}\" are not allowed", found.name);
            self.report(code::INVALID_TABLE_DEFINITION, at(partition), message);
            return;
        }
        // `CloneRowTriggersToPartition`.
        let twice =
            parent.details.row_triggers.iter().find(|it| found.triggers.iter().any(|own| own == it.as_str()));
        if let Some(name) = twice.filter(|_| !self.catalog.gaps.policies) {
            let message = format!("trigger \"{name}\" for relation \"{}\" already exists", found.name);
            self.report(code::DUPLICATE_OBJECT, at(partition), message);
        }
    }

    /// Triggers for each row with transition tables are not for children (`FindTriggerIncompatibleWithInheritance`).
    fn has_transition_trigger(&mut self, child: &Relation, what: &str, at: TextRange) -> bool {
        let Some(name) = child.details.transition_triggers.first().filter(|_| self.is_exact()) else {
            return false;
        };
        let message = format!("trigger \"{name}\" prevents table \"{}\" from becoming {what}", child.name);
        self.report(code::FEATURE_NOT_SUPPORTED, at, message);
        true
    }
}
