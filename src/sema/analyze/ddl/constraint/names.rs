//! What constraints are called, and which names are taken (`ConstraintNameIsUsed`, `AddRelationNotNullConstraints`).

use crate::catalog::{QualifiedName, Relation};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::Name;

use super::super::super::binder::Binder;
use super::super::name::{constraints, declared_here, relation_origin};
use super::super::table::Own;

/// What the constraints of a table are called, and whether one is its primary key.
pub struct Keys {
    pub(super) primary: bool,
    /// Names of constraints of the table.
    pub(super) names: Vec<Ident>,
    /// Names of checks that the statement makes.
    pub(super) checks: Vec<Ident>,
    /// Names of indexes that the statement makes.
    pub(super) indexes: Vec<Ident>,
    /// The columns of its keys: one that is there twice is one.
    pub(super) columns: Vec<Vec<Ident>>,
    /// NOT NULL constraints that are given names: the name and the column.
    pub(super) not_nulls: Vec<(Ident, Ident)>,
    /// Names that the statement has freed.
    pub(super) freed: Vec<Ident>,
    /// The table is altered, not created.
    pub(super) altered: bool,
}

impl Keys {
    /// Of a table that is being made.
    pub fn new(_own: &Own<'_>, _binder: &Binder<'_>) -> Keys {
        Keys {
            primary: false,
            names: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
            columns: Vec::new(),
            not_nulls: Vec::new(),
            freed: Vec::new(),
            altered: false,
        }
    }

    /// Of a table as it is.
    pub fn of(relation: &Relation, binder: &Binder<'_>) -> Keys {
        let certain = |it: &&(Option<&Ident>, crate::catalog::Origin)| binder.is_certain(it.1);
        let all = constraints(relation);
        let names = all.iter().filter(certain).filter_map(|it| it.0.cloned()).collect();
        let primary = relation.primary_key.as_ref().is_some_and(|it| binder.is_certain(it.origin));
        Keys {
            primary,
            names,
            checks: Vec::new(),
            indexes: Vec::new(),
            columns: Vec::new(),
            not_nulls: Vec::new(),
            freed: Vec::new(),
            altered: true,
        }
    }

    pub fn forget(&mut self, name: &Ident, was_primary: bool) {
        self.names.retain(|it| it != name);
        self.freed.push(name.clone());
        self.primary &= !was_primary;
    }
}

impl Binder<'_> {
    /// NOT NULL is a constraint with a name, too (`AddRelationNotNullConstraints`).
    pub(super) fn not_null_name(
        &mut self,
        own: &Own<'_>,
        given: Option<&Name>,
        column: &Name,
        keys: &mut Keys,
    ) {
        let Some(given) = given.filter(|it| !own.taken && !it.ident.is_dynamic() && self.is_exact()) else {
            return;
        };
        if self.catalog.server_version.is_some_and(|it| it < 18) {
            return;
        }
        let name = &given.ident;
        let exists =
            |name: &Ident| format!("constraint \"{name}\" for relation \"{}\" already exists", own.name.name);
        if keys.altered {
            let before = self.catalog.relations.get(own.name);
            let old = before.and_then(|it| it.columns.iter().find(|it| it.name == column.ident));
            if old.is_some_and(|it| it.not_null) {
                let said = before.and_then(|it| it.not_nulls.iter().find(|it| it.1 == column.ident));
                let other = match said {
                    Some((said, _)) => said != name,
                    // A name that was chosen.
                    None => !name.as_str().contains("not_null"),
                };
                if other {
                    let message = format!(
                        "cannot create not-null constraint \"{name}\" on column \"{}\" of table \"{}\"",
                        column.ident, own.name.name
                    );
                    self.report(code::OBJECT_NOT_IN_STATE, given.range, message);
                }
            } else {
                self.constraint_name(own, Some(given), keys);
            }
            return;
        }
        let said = keys.not_nulls.iter().find(|it| it.1 == column.ident).map(|it| it.0.clone());
        if let Some(said) = said {
            if said != *name {
                let message = format!("conflicting not-null constraint names \"{said}\" and \"{name}\"");
                self.report(code::SYNTAX_ERROR, given.range, message);
            }
            return;
        }
        if keys.not_nulls.iter().any(|it| it.0 == *name) {
            self.report(code::DUPLICATE_OBJECT, given.range, exists(name));
        } else if keys.checks.contains(name) {
            self.twice_in_catalog(given);
        } else if keys.names.contains(name) {
            // Keys are made later.
            self.report(code::DUPLICATE_OBJECT, given.range, exists(name));
        }
        keys.not_nulls.push((name.clone(), column.ident.clone()));
    }

    /// Checks are made before NOT NULL constraints, which do not look whether a name is taken.
    pub(super) fn twice_in_catalog(&mut self, given: &Name) {
        let message = "duplicate key value violates unique constraint \"pg_constraint_conrelid_contypid_conname_index\"";
        self.report(code::UNIQUE_VIOLATION, given.range, message);
    }

    /// The name of a key is one of a relation.
    pub(super) fn index_name(&mut self, own: &Own<'_>, given: Option<&Name>, keys: &mut Keys) {
        let Some(given) = given.filter(|it| !own.taken && !it.ident.is_dynamic()) else { return };
        let full = QualifiedName { schema: own.name.schema.clone(), name: given.ident.clone() };
        let existing = relation_origin(self.catalog, &full);
        let stays = !self.catalog.gaps.keys && !keys.freed.contains(&given.ident);
        let existing = existing.filter(|it| self.is_certain(*it) && stays);
        if keys.indexes.contains(&given.ident) || existing.is_some() || given.ident == own.name.name {
            let message = format!("relation \"{}\" already exists", given.ident);
            let related = existing.and_then(|it| declared_here(&given.ident, it));
            self.report(code::DUPLICATE_TABLE, given.range, message).related.extend(related);
            return;
        }
        keys.indexes.push(given.ident.clone());
        self.constraint_name(own, Some(given), keys);
    }

    /// `constraint "x" for relation "t" already exists`.
    pub(super) fn constraint_name(&mut self, own: &Own<'_>, given: Option<&Name>, keys: &mut Keys) {
        let Some(given) = given.filter(|it| !own.taken && !it.ident.is_dynamic()) else { return };
        let not_null = keys.not_nulls.iter().any(|it| it.0 == given.ident);
        let may_be_gone = keys.altered && self.catalog.gaps.keys;
        if (keys.names.contains(&given.ident) || not_null) && !may_be_gone {
            let message =
                format!("constraint \"{}\" for relation \"{}\" already exists", given.ident, own.name.name);
            self.report(code::DUPLICATE_OBJECT, given.range, message);
        }
        keys.names.push(given.ident.clone());
    }

    pub(super) fn check_name(&mut self, own: &Own<'_>, given: Option<&Name>, keys: &mut Keys) {
        let Some(given) = given else { return };
        if !keys.altered && !own.taken && keys.not_nulls.iter().any(|it| it.0 == given.ident) {
            self.twice_in_catalog(given);
            return;
        }
        if !keys.altered && keys.names.contains(&given.ident) && !own.taken {
            let message = format!("check constraint \"{}\" already exists", given.ident);
            self.report(code::DUPLICATE_OBJECT, given.range, message);
            return;
        }
        keys.checks.push(given.ident.clone());
        // A check that is inherited under the same name is merged with it.
        if !own.relation.parents.is_empty() {
            keys.names.push(given.ident.clone());
            return;
        }
        self.constraint_name(own, Some(given), keys);
    }
}
