//! Constraints of a table that is altered: dropped, renamed, validated.

use std::sync::Arc;

use crate::catalog::{Relation, RelationKind};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::Name;
use crate::sql::hir::ddl::ConstraintChange;

use super::super::super::binder::Binder;
use super::super::super::relation::qualified;
use super::super::super::suggest;
use super::super::depend::Subject;
use super::super::name::{constraints, declared_here};
use super::State;

impl<'a> Binder<'a> {
    /// Reports a constraint that is not there. `true`: it is there, or may be.
    pub(super) fn no_constraint(&mut self, relation: &Relation, name: &Name, words: &str) -> bool {
        let all = constraints(relation);
        let may_be = !self.is_exact()
            || name.ident.is_dynamic()
            || self.catalog.gaps.keys
            || relation.open
            || all.iter().any(|it| it.0.is_none_or(|it| *it == name.ident))
            // The names of NOT NULL constraints are chosen, and stay when the table is renamed.
            || name.ident.as_str().contains("not_null") && !self.knows_not_nulls(relation);
        if !may_be {
            let message =
                format!("constraint \"{}\" {words} \"{}\" does not exist", name.ident, relation.name);
            let names: Vec<&str> = all.iter().filter_map(|it| it.0.map(Ident::as_str)).collect();
            let similar = suggest::nearest(name.ident.as_str(), names.into_iter()).map(Ident::new);
            let problem = self.report(code::UNDEFINED_OBJECT, name.range, message);
            if let Some(similar) = similar {
                problem.hint(format!("Perhaps you meant the constraint \"{similar}\"."));
                problem.fixes.push(suggest::rename(name.range, &similar));
            }
        }
        may_be
    }

    /// All names of NOT NULL constraints are kept, those that PostgreSQL chose, too.
    fn knows_not_nulls(&self, relation: &Relation) -> bool {
        self.catalog.serves(18) && matches!(relation.origin, crate::catalog::Origin::Sql { .. })
    }

    pub(super) fn drop_constraint(
        &mut self,
        before: &Arc<Relation>,
        state: &mut State,
        name: &Name,
        if_exists: bool,
        cascade: bool,
    ) {
        if !if_exists && !self.no_constraint(&state.relation, name, "of relation") {
            return;
        }
        if self.has_from_parent(before, &name.ident, true) {
            let message = format!(
                "cannot drop inherited constraint \"{}\" of relation \"{}\"",
                name.ident, before.name
            );
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        if self.not_null_of_key(before, state, name) {
            return;
        }
        let key =
            before.primary_key.iter().chain(&before.uniques).find(|it| it.name.as_ref() == Some(&name.ident));
        if key.is_some() && !cascade && self.is_exact() && !self.catalog.gaps.keys {
            let subject = Subject::Key(qualified(before), name.ident.clone());
            let words = format!("cannot drop constraint {} on table {}", name.ident, before.name);
            self.refuse_dependents(&subject, name.range, &words);
        }
        state.cascaded |= cascade;
        let was_primary = before.primary_key.as_ref().is_some_and(|it| it.name.as_ref() == Some(&name.ident));
        let is = |it: &Option<Ident>| it.as_ref() == Some(&name.ident);
        state.keys.forget(&name.ident, was_primary);
        state.relation.primary_key.take_if(|it| is(&it.name));
        state.relation.uniques.retain(|it| !is(&it.name));
        state.relation.checks.retain(|it| !is(&it.name));
        state.relation.foreign_keys.retain(|it| !is(&it.name));
        state.relation.indexes.retain(|it| !(it.items.is_empty() && is(&it.name)));
        state.relation.not_nulls.retain(|it| it.0 != name.ident);
    }

    /// DROP of the NOT NULL constraint of a primary key's column (`dropconstraint_internal`).
    fn not_null_of_key(&mut self, before: &Relation, state: &State, name: &Name) -> bool {
        let older = self.catalog.server_version.is_some_and(|it| it < 18);
        if self.in_primary_key(before, state, name) {
            return true;
        }
        let of = before.not_nulls.iter().find(|it| it.0 == name.ident).map(|it| &it.1);
        let column = of.and_then(|of| state.relation.columns.iter().find(|it| it.name == *of));
        if let Some(column) = column.filter(|_| !older && self.is_exact()) {
            if column.identity.is_some() {
                let message = format!(
                    "column \"{}\" of relation \"{}\" is an identity column",
                    column.name, before.name
                );
                self.report(code::SYNTAX_ERROR, name.range, message);
                return true;
            }
            if self.identifies_rows(before, &column.name, name) {
                return true;
            }
        }
        false
    }

    fn in_primary_key(&mut self, before: &Relation, state: &State, name: &Name) -> bool {
        let older = self.catalog.server_version.is_some_and(|it| it < 18);
        let Some(key) = before.primary_key.as_ref().filter(|_| !older && self.is_exact()) else {
            return false;
        };
        let said = before.not_nulls.iter().find(|it| it.0 == name.ident).map(|it| it.1.clone());
        let chosen = || {
            let own = |it: &&Ident| {
                let said = before.not_nulls.iter().any(|not_null| not_null.1 == **it);
                !said && name.ident.as_str() == format!("{}_{it}_not_null", before.name)
            };
            key.columns.iter().find(own).cloned()
        };
        let Some(column) = said.or_else(chosen).filter(|it| key.columns.contains(it)) else { return false };
        if state.relation.primary_key.is_none() {
            return false;
        }
        let message = format!("column \"{column}\" is in a primary key");
        self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
        true
    }

    /// NOT NULL of a column of the index that is the table's replica identity.
    pub(super) fn identifies_rows(&mut self, relation: &Relation, column: &Ident, place: &Name) -> bool {
        let Some(index) = relation.details.identity_index.as_ref().filter(|_| self.is_exact()) else {
            return false;
        };
        let found = relation.indexes.iter().find(|it| it.name.as_ref() == Some(index));
        let key = relation.uniques.iter().find(|it| it.name.as_ref() == Some(index));
        let has = found.is_some_and(|it| it.items.iter().any(|it| it.column.as_ref() == Some(column)))
            || key.is_some_and(|it| it.columns.contains(column));
        if has {
            let message = format!("column \"{column}\" is in index used as replica identity");
            self.report(code::INVALID_TABLE_DEFINITION, place.range, message);
        }
        has
    }

    /// Whether a constraint is surely a parent's, too (`pg_constraint.coninhcount`); keys of partitions `with_keys`.
    fn has_from_parent(&self, relation: &Relation, name: &Ident, with_keys: bool) -> bool {
        let is = |it: &Option<Ident>| it.as_ref() == Some(name);
        let parents = relation.parents.iter().filter_map(|it| self.catalog.relations.get(it));
        self.is_exact()
            && !self.catalog.gaps.keys
            && relation.kind != RelationKind::Sequence
            && parents.into_iter().any(|parent| {
                let check = relation.checks.iter().any(|it| is(&it.name))
                    && parent.checks.iter().any(|it| is(&it.name) && !it.no_inherit);
                let keys = |it: &Relation| -> Vec<crate::catalog::Key> {
                    it.primary_key.iter().chain(&it.uniques).cloned().collect()
                };
                let partition = with_keys && parent.kind == RelationKind::PartitionedTable;
                // What was made for a partition stands where its parent's was made.
                let key = partition
                    && keys(relation).iter().filter(|it| is(&it.name)).any(|own| {
                        keys(parent).iter().any(|it| it.origin == own.origin && it.columns == own.columns)
                    });
                let foreign = partition
                    && relation.foreign_keys.iter().filter(|it| is(&it.name)).any(|own| {
                        let made = |it: &crate::catalog::ForeignKey| {
                            it.origin == own.origin && it.columns == own.columns && it.name == own.name
                        };
                        parent.foreign_keys.iter().any(made)
                    });
                let column = relation.not_nulls.iter().find(|it| it.0 == *name).map(|it| &it.1);
                let not_null = column.is_some_and(|column| {
                    self.knows_not_nulls(parent)
                        && self.knows_not_nulls(relation)
                        && parent
                            .columns
                            .iter()
                            .any(|it| it.name == *column && it.not_null && !it.nulls_remain)
                });
                check || key || foreign || not_null
            })
    }

    pub(super) fn rename_constraint(&mut self, relation: &Arc<Relation>, name: &Name, to: &Name) {
        if relation.of_type.is_some() && self.is_certain(relation.origin) {
            let message = "cannot rename column of typed table";
            self.report(code::WRONG_OBJECT_TYPE, name.range, message);
            return;
        }
        if !self.no_constraint(relation, name, "for table") {
            return;
        }
        if self.has_from_parent(relation, &name.ident, false) {
            let message = format!("cannot rename inherited constraint \"{}\"", name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, name.range, message);
            return;
        }
        let known = constraints(relation).iter().any(|it| it.0 == Some(&name.ident));
        let is_index = relation
            .primary_key
            .iter()
            .chain(&relation.uniques)
            .map(|it| &it.name)
            .chain(relation.indexes.iter().filter(|it| it.items.is_empty()).map(|it| &it.name))
            .any(|it| it.as_ref() == Some(&name.ident));
        // A key is renamed as the index that it is.
        let full = crate::catalog::QualifiedName { schema: relation.schema.clone(), name: to.ident.clone() };
        let index = super::super::name::relation_origin(self.catalog, &full);
        if let Some(origin) = index.filter(|it| is_index && known && self.is_certain(*it)) {
            let message = format!("relation \"{}\" already exists", to.ident);
            let related = declared_here(&to.ident, origin);
            self.report(code::DUPLICATE_TABLE, to.range, message).related.extend(related);
            return;
        }
        let taken = constraints(relation).into_iter().find(|it| it.0 == Some(&to.ident));
        if let Some((_, origin)) = taken.filter(|it| known && self.is_certain(it.1)) {
            let message =
                format!("constraint \"{}\" for relation \"{}\" already exists", to.ident, relation.name);
            let related = declared_here(&to.ident, origin);
            self.report(code::DUPLICATE_OBJECT, to.range, message).related.extend(related);
        }
    }

    /// VALIDATE of what is never not valid.
    pub(super) fn not_validated(&mut self, relation: &Relation, name: &Name) {
        if !self.is_exact() || name.ident.is_dynamic() {
            return;
        }
        let is = |it: &Option<Ident>| it.as_ref() == Some(&name.ident);
        if relation.details.not_enforced.contains(&name.ident) && !self.catalog.gaps.keys {
            let message = "cannot validate NOT ENFORCED constraint";
            self.report(code::OBJECT_NOT_IN_STATE, name.range, message);
            return;
        }
        let keys = relation.primary_key.iter().chain(&relation.uniques);
        let exclusion = relation.indexes.iter().any(|it| it.items.is_empty() && is(&it.name));
        if exclusion || keys.into_iter().any(|it| is(&it.name)) {
            let message =
                format!("cannot validate constraint \"{}\" of relation \"{}\"", name.ident, relation.name);
            self.report(code::WRONG_OBJECT_TYPE, name.range, message);
        }
    }

    /// ALTER CONSTRAINT of another kind than those that can change so.
    pub(super) fn not_changeable(&mut self, relation: &Relation, name: &Name, change: ConstraintChange) {
        if !self.is_exact() || name.ident.is_dynamic() {
            return;
        }
        let is = |it: &Option<Ident>| it.as_ref() == Some(&name.ident);
        let foreign = relation.foreign_keys.iter().any(|it| is(&it.name));
        let other = relation.primary_key.iter().chain(&relation.uniques).any(|it| is(&it.name))
            || relation.checks.iter().any(|it| is(&it.name))
            || relation.indexes.iter().any(|it| it.items.is_empty() && is(&it.name));
        let not_null =
            relation.not_nulls.iter().any(|it| it.0 == name.ident) && self.knows_not_nulls(relation);
        let (refused, words) = match change {
            ConstraintChange::Nothing => return,
            ConstraintChange::Inheritability(_) => (foreign || other, "is not a not-null constraint"),
            ConstraintChange::Deferrability { .. } | ConstraintChange::Enforceability(_) => {
                (other || not_null, "is not a foreign key constraint")
            }
        };
        if refused {
            let message = format!("constraint \"{}\" of relation \"{}\" {words}", name.ident, relation.name);
            self.report(code::WRONG_OBJECT_TYPE, name.range, message);
        }
    }
}
