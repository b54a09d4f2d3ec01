//! SET CONSTRAINTS (`AfterTriggerSetState`).

use crate::catalog::{Relation, lookup};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::QName;

use super::super::super::binder::Binder;
use super::super::name::at;

impl Binder<'_> {
    /// SET CONSTRAINTS … DEFERRED of one that cannot be (`AfterTriggerSetState`).
    pub fn not_deferrable(&mut self, name: &QName) {
        let Some(last) = name.last() else { return };
        let own = &last.ident;
        let schemas: Vec<Ident> = match name.schema() {
            Some(schema) => vec![schema.ident.clone()],
            None => lookup::effective_path(self.catalog).into_iter().map(Ident::new).collect(),
        };
        let has = |it: &Relation| super::super::name::constraints(it).iter().any(|it| it.0 == Some(own));
        let trigger = |it: &Relation| it.details.constraint_triggers.contains(own);
        let found = schemas.iter().find_map(|schema| {
            let all = self.catalog.relations.values().filter(|it| it.schema == *schema);
            let found: Vec<_> = all.filter(|it| has(it) || trigger(it)).collect();
            (!found.is_empty()).then_some(found)
        });
        let is_deferrable = |it: &Relation| {
            let mut keys = it.primary_key.iter().chain(&it.uniques);
            it.details.deferrable.contains(own)
                || keys.any(|it| it.deferrable && it.name.as_ref() == Some(own))
                || !matches!(it.origin, crate::catalog::Origin::Sql { .. })
        };
        if found.is_some_and(|it| it.iter().any(|it| !is_deferrable(it))) {
            let message = format!("constraint \"{own}\" is not deferrable");
            self.report(code::WRONG_OBJECT_TYPE, at(name), message);
        }
    }
}
