//! NOT NULL constraints have names, too, and keep them (`AddRelationNotNullConstraints`, `ATExecSetNotNull`).

use rustc_hash::FxHashSet;

use super::Fold;
use crate::catalog::{Origin, QualifiedName, Relation, RelationKind};
use crate::sql::Ident;

/// Whether a parent hands a column's NOT NULL down: under which name.
fn handed<'a>(parent: &'a Relation, column: &Ident) -> Option<&'a Ident> {
    let has = parent.columns.iter().any(|it| it.name == *column && it.not_null && !it.nulls_remain);
    parent.not_nulls.iter().find(|it| has && it.1 == *column).map(|it| &it.0)
}

impl Fold<'_> {
    /// Names the NOT NULL constraints of a table and of those below it that have no name yet, and forgets those that
    /// are gone.
    pub(super) fn name_not_nulls(&mut self, table: &QualifiedName) {
        if !self.is_postgres() || !self.catalog.serves(18) {
            return;
        }
        for table in self.with_descendants(table) {
            self.name_own_not_nulls(&table);
        }
    }

    fn name_own_not_nulls(&mut self, table: &QualifiedName) {
        let Some(relation) = self.relation(table) else { return };
        let made_here = matches!(relation.origin, Origin::Sql { .. });
        let has_them = matches!(
            relation.kind,
            RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign
        );
        if !made_here || !has_them {
            return;
        }
        let is_there =
            |it: &(Ident, Ident)| relation.columns.iter().any(|own| own.name == it.1 && own.not_null);
        let mut names: Vec<(Ident, Ident)> = Vec::new();
        for it in relation.not_nulls.iter().filter(|it| is_there(it)) {
            if !names.iter().any(|own| own.1 == it.1) {
                names.push(it.clone());
            }
        }
        let mut written: FxHashSet<Ident> = names.iter().map(|it| it.0.clone()).collect();
        for column in relation.columns.iter().filter(|it| it.not_null) {
            if names.iter().any(|it| it.1 == column.name) {
                continue;
            }
            let parents = relation.parents.iter().filter_map(|it| self.relation(it));
            let name = parents.into_iter().find_map(|it| handed(it, &column.name)).cloned();
            let name = name.unwrap_or_else(|| {
                let own = Some(column.name.as_str());
                self.choose_constraint_name(&table.schema, &table.name, own, "not_null", &written)
            });
            written.insert(name.clone());
            names.push((name, column.name.clone()));
        }
        if names != relation.not_nulls
            && let Some(relation) = self.relation_mut(table)
        {
            relation.not_nulls = names;
        }
    }
}
