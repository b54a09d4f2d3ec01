//! What children have from their parents, and what is their own (`attislocal`, `conislocal`): a column or check that
//! a child has from a parent alone stands where the parent's stands; one of its own has a place of its own.

use super::Fold;
use crate::catalog::{Origin, QualifiedName, Relation, RelationKind};
use crate::sql::Ident;

impl Fold<'_> {
    /// Drops a column, and with it what children have from here alone (`ATExecDropColumn`).
    pub(super) fn drop_inherited_column(&mut self, table: &QualifiedName, name: &Ident, cascade: bool) {
        let Some((partitioned, origin)) = self.part(table, name, column_origin) else { return };
        match cascade {
            true => self.drop_column_with_users(table, name),
            false => self.drop_column(table, name),
        }
        for child in self.children(table) {
            if self.outlives(&child, name, partitioned, origin, column_origin, set_column_origin) {
                continue;
            }
            self.drop_inherited_column(&child, name, cascade);
        }
    }

    /// Drops a check, and with it what children have from here alone (`ATExecDropConstraint`).
    pub(super) fn drop_inherited_check(&mut self, table: &QualifiedName, name: &Ident) {
        let Some((partitioned, origin)) = self.part(table, name, check_origin) else { return };
        if let Some(relation) = self.relation_mut(table) {
            relation.checks.retain(|it| it.name.as_ref() != Some(name));
        }
        for child in self.children(table) {
            if self.outlives(&child, name, partitioned, origin, check_origin, set_check_origin) {
                continue;
            }
            self.drop_inherited_check(&child, name);
        }
    }

    /// `ALTER TABLE ONLY … DROP`: what children have from here is their own from now on.
    pub(super) fn leave_column(&mut self, table: &QualifiedName, name: &Ident) {
        self.leave(table, name, column_origin, set_column_origin);
    }

    pub(super) fn leave_check(&mut self, table: &QualifiedName, name: &Ident) {
        self.leave(table, name, check_origin, set_check_origin);
    }

    /// What a table has is its own before a parent has it, too (`INHERIT`).
    pub(super) fn keep_own(&mut self, table: &QualifiedName) {
        let Some(relation) = self.relation_mut(table) else { return };
        let own = relation.origin;
        relation.columns.iter_mut().for_each(|it| it.origin = own);
        relation.checks.iter_mut().for_each(|it| it.origin = own);
    }

    fn leave(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        get: fn(&Relation, &Ident) -> Option<Origin>,
        set: fn(&mut Relation, &Ident, Origin),
    ) {
        let Some((_, origin)) = self.part(table, name, get) else { return };
        for child in self.children(table) {
            if let Some(relation) = self.relation_mut(&child).filter(|it| get(it, name) == Some(origin)) {
                let own = relation.origin;
                set(relation, name, own);
            }
        }
    }

    fn part(
        &self,
        table: &QualifiedName,
        name: &Ident,
        get: fn(&Relation, &Ident) -> Option<Origin>,
    ) -> Option<(bool, Origin)> {
        let relation = self.relation(table)?;
        Some((relation.kind == RelationKind::PartitionedTable, get(relation, name)?))
    }

    /// Whether a child keeps something that a parent has lost: its own, or another parent's.
    fn outlives(
        &mut self,
        child: &QualifiedName,
        name: &Ident,
        partitioned: bool,
        origin: Origin,
        get: fn(&Relation, &Ident) -> Option<Origin>,
        set: fn(&mut Relation, &Ident, Origin),
    ) -> bool {
        let Some(relation) = self.relation(child) else { return true };
        if !partitioned && get(relation, name).is_some_and(|it| it != origin) {
            return true;
        }
        let other = relation.parents.iter().find_map(|it| get(self.relation(it)?, name));
        if let (Some(other), Some(relation)) = (other, self.relation_mut(child)) {
            set(relation, name, other);
        }
        other.is_some()
    }
}

fn column_origin(relation: &Relation, name: &Ident) -> Option<Origin> {
    relation.columns.iter().find(|it| it.name == *name).map(|it| it.origin)
}

fn set_column_origin(relation: &mut Relation, name: &Ident, origin: Origin) {
    relation.columns.iter_mut().filter(|it| it.name == *name).for_each(|it| it.origin = origin);
}

fn check_origin(relation: &Relation, name: &Ident) -> Option<Origin> {
    relation.checks.iter().find(|it| it.name.as_ref() == Some(name)).map(|it| it.origin)
}

fn set_check_origin(relation: &mut Relation, name: &Ident, origin: Origin) {
    relation.checks.iter_mut().filter(|it| it.name.as_ref() == Some(name)).for_each(|it| it.origin = origin);
}
