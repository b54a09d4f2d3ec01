//! What an index needs to be the replica identity (`ATExecReplicaIdentity`).

use std::sync::Arc;

use crate::catalog::{Index, Relation};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::Name;

use super::super::super::binder::Binder;

impl Binder<'_> {
    /// `REPLICA IDENTITY USING INDEX`. `table`: as the statement leaves it, for what it adds is there before, wherever it
    /// stands.
    pub(super) fn replica_identity(&mut self, table: &Arc<Relation>, name: &Name) {
        let index = table.indexes.iter().find(|it| it.name.as_ref() == Some(&name.ident));
        let mut keys = table.primary_key.iter().chain(&table.uniques);
        let key = keys.find(|it| it.name.as_ref() == Some(&name.ident));
        if key.is_some_and(|it| it.deferrable) && self.is_exact() {
            let message = format!("cannot use non-immediate index \"{}\" as replica identity", name.ident);
            self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
            return;
        }
        let found = self.index_of(table, name, false);
        // Of exclusion constraints the items are not kept, but what stands behind their names is.
        let excludes = table.details.tail(Some(&name.ident)).is_some();
        match (index.filter(|it| !it.items.is_empty() || excludes), key) {
            (Some(index), _) if !index.unique && found => {
                let message = format!("cannot use non-unique index \"{}\" as replica identity", name.ident);
                self.report(code::WRONG_OBJECT_TYPE, name.range, message);
            }
            (Some(index), _) if index.unique && self.is_exact() => self.identifies(table, index, name),
            (None, Some(key)) if found && self.is_certain(key.origin) => {
                self.identifies_by(table, key.columns.iter(), name);
            }
            _ => {}
        }
    }

    /// Whether a unique index tells rows apart.
    fn identifies(&mut self, relation: &Relation, index: &Index, name: &Name) {
        let own = &name.ident;
        let message = if index.items.iter().any(|it| it.column.is_none()) {
            format!("cannot use expression index \"{own}\" as replica identity")
        } else if index.predicate.is_some() {
            format!("cannot use partial index \"{own}\" as replica identity")
        } else {
            let columns = index.items.iter().filter_map(|it| it.column.as_ref());
            self.identifies_by(relation, columns, name);
            return;
        };
        self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
    }

    /// None of the columns is NULL anywhere.
    fn identifies_by<'c>(
        &mut self,
        relation: &Relation,
        mut columns: impl Iterator<Item = &'c Ident>,
        name: &Name,
    ) {
        let nullable = columns.find(|it| {
            relation.columns.iter().any(|own| own.name == **it && !own.not_null && !own.nulls_remain)
        });
        if let Some(column) = nullable {
            let message = format!(
                "index \"{}\" cannot be used as replica identity because column \"{column}\" is nullable",
                name.ident
            );
            self.report(code::WRONG_OBJECT_TYPE, name.range, message);
        }
    }
}
