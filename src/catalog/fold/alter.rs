//! ALTER TABLE (and VIEW, INDEX, SEQUENCE as far as the actions are the same).

mod column;
mod constraint;

use column::{altered, identity};
use constraint::not_null_columns;

use super::Fold;
use super::constraint::Pending;
use super::create::unwrap_parens;
use super::naming::mentions;
use crate::base::text::slice;
use crate::catalog::depend::Used;
use crate::catalog::{ColumnDefault, Generated, Partition, QualifiedName, Relation, RelationKind};
use crate::sql::Ident;
use crate::sql::hir::QName;
use crate::sql::hir::ddl::AlterTable;

impl<'a> Fold<'a> {
    pub(super) fn alter_table(&mut self, name: &QName, only: bool, actions: &[AlterTable]) {
        let Some(table) = self.find(name) else { return self.alter_index(name, actions) };
        let mut ordered: Vec<&AlterTable> = actions.iter().collect();
        if self.is_postgres() {
            ordered.sort_by_key(|it| it.pass());
        }
        for action in ordered {
            match action {
                AlterTable::DropColumn { name, cascade, .. } if only => {
                    // Whoever has it from here has it as its own from now on.
                    self.leave_column(&table, &name.ident);
                    match cascade {
                        true => self.drop_column_with_users(&table, &name.ident),
                        false => self.drop_column(&table, &name.ident),
                    }
                }
                AlterTable::DropConstraint { name, .. } if only => {
                    self.leave_check(&table, &name.ident);
                    let dropped = self.relation_mut(&table).is_some_and(|it| {
                        let n_checks = it.checks.len();
                        it.checks.retain(|it| it.name.as_ref() != Some(&name.ident));
                        it.checks.len() < n_checks
                    });
                    if !dropped {
                        self.drop_constraint(&table, &name.ident);
                    }
                }
                AlterTable::SetNotNull { name } if only => {
                    // Children need not have it.
                    let Some(relation) = self.relation_mut(&table) else { continue };
                    for column in relation.columns.iter_mut().filter(|it| it.name == name.ident) {
                        column.nulls_remain = column.nulls_remain || !column.not_null;
                        column.not_null = true;
                    }
                }
                AlterTable::AddConstraint(constraint) if only => {
                    if let Some(pending) = self.pending(constraint) {
                        self.constraints(&table, vec![Pending { only, ..pending }]);
                    }
                }
                _ => self.action(&table, action),
            }
            if let Some(name) = altered(action) {
                self.note_change(&table, name);
            }
        }
        self.name_not_nulls(&table);
    }

    /// `ALTER INDEX … ATTACH PARTITION`; other actions on an index change nothing that is modelled.
    fn alter_index(&mut self, name: &QName, actions: &[AlterTable]) {
        for action in actions {
            let AlterTable::AttachPartition { partition, .. } = action else { continue };
            let (Some((_, index)), Some((table, part))) = (self.find_index(name), self.find_index(partition))
            else {
                continue;
            };
            let Some(relation) = self.relation_mut(&table) else { continue };
            let parts = relation.indexes.iter_mut().filter(|it| it.name.as_ref() == Some(&part));
            parts.for_each(|it| it.part_of = Some(index.clone()));
        }
    }

    pub(super) fn action(&mut self, table: &QualifiedName, action: &AlterTable) {
        match action {
            AlterTable::AddColumn { column, .. } => self.add_column(table, column),
            AlterTable::DropColumn { name, cascade, .. } => {
                if *cascade {
                    self.drop_views_of(table, &name.ident);
                }
                self.drop_inherited_column(table, &name.ident, *cascade);
            }
            AlterTable::RenameColumn { name, new_name } => {
                for table in self.with_descendants(table) {
                    self.rename_column(&table, &name.ident, &new_name.ident);
                }
            }
            AlterTable::SetType { name, ty, collation, .. } => {
                let collation = crate::catalog::Collation::written(collation.as_ref());
                let found = self.type_of(ty);
                self.make_stale(table, &name.ident, found);
                let text: smol_str::SmolStr = slice(self.text, ty.range).into();
                self.keep_type_of_default(table, &name.ident, found);
                self.retype_identity(table, &name.ident, found);
                self.columns(table, &name.ident, |it| {
                    it.ty = found;
                    it.type_text = text.clone();
                    it.collation = collation.clone();
                });
            }
            AlterTable::SetDefault { name, expr } => {
                let text = self.expr_text(*expr);
                // `SET DEFAULT NULL` is no default.
                let default = match text {
                    Some(text) if text.eq_ignore_ascii_case("null") => None,
                    Some(text) => Some(ColumnDefault::Sql(text)),
                    None => Some(ColumnDefault::Unknown),
                };
                self.columns(table, &name.ident, |it| it.default = default.clone());
            }
            AlterTable::DropDefault { name } => self.columns(table, &name.ident, |it| it.default = None),
            AlterTable::SetNotNull { name } => {
                self.set_not_null(table, std::slice::from_ref(&name.ident), true)
            }
            AlterTable::DropNotNull { name } => {
                self.set_not_null(table, std::slice::from_ref(&name.ident), false)
            }
            AlterTable::ValidateConstraint { name } => {
                for table in self.with_descendants(table) {
                    let own = table.name.clone();
                    let Some(relation) = self.relation_mut(&table) else { continue };
                    let found = not_null_columns(relation, &own, &name.ident);
                    let columns = relation.columns.iter_mut().filter(|it| found.contains(&it.name));
                    columns.for_each(|it| it.nulls_remain = false);
                    if relation.details.not_valid.contains(&name.ident) {
                        let details = std::sync::Arc::make_mut(&mut relation.details);
                        details.not_valid.retain(|it| *it != name.ident);
                    }
                }
            }
            AlterTable::AddIdentity { name, always, options } => {
                self.add_identity(table, &name.ident, *always, options);
            }
            AlterTable::SetIdentity { name, always, options } => {
                for sequence in self.owned_sequences(table, Some(&name.ident)) {
                    self.change_sequence(&sequence, None, options);
                }
                let Some(identity) = always.map(identity) else { return };
                self.columns(table, &name.ident, |it| it.identity = it.identity.and(Some(identity)));
            }
            AlterTable::DropIdentity { name } => {
                let had = self.relation(table).is_some_and(|it| {
                    it.columns.iter().any(|it| it.name == name.ident && it.identity.is_some())
                });
                if had {
                    self.columns(table, &name.ident, |it| it.identity = None);
                    self.drop_sequences(table, Some(&name.ident));
                }
            }
            AlterTable::SetExpression { name, expr } => {
                let text = self.expr_text(*expr).map(|it| unwrap_parens(&it));
                self.columns(table, &name.ident, |it| {
                    let stored = it.generated.as_ref().is_some_and(|it| it.stored);
                    it.generated = Some(Generated { expression: text.clone(), stored });
                });
            }
            AlterTable::DropExpression { name } => self.columns(table, &name.ident, |it| it.generated = None),
            AlterTable::AddConstraint(constraint) => {
                if let Some(pending) = self.pending(constraint) {
                    self.constraints(table, vec![pending]);
                }
            }
            AlterTable::DropConstraint { name, cascade, .. } => {
                if *cascade {
                    let own = &name.ident;
                    self.drop_users(&|it| matches!(it, Used::Key(of, key) if of == table && key == own));
                }
                self.drop_constraint(table, &name.ident);
            }
            AlterTable::RenameConstraint { name, new_name } => {
                self.rename_constraint(table, &name.ident, &new_name.ident);
            }
            AlterTable::RowSecurity { enabled } => {
                if let Some(relation) = self.relation_mut(table) {
                    relation.row_security = *enabled;
                }
            }
            AlterTable::Inherit { parent, inherit } => self.set_parent(table, parent, *inherit),
            AlterTable::AttachPartition { partition, bound } => {
                let bound = bound.as_ref().map(|it| self.bound(it));
                // A table that is below itself is refused (`circular inheritance not allowed`).
                let found = self.find(partition).filter(|it| !self.with_descendants(it).contains(table));
                if let Some(partition) = found {
                    if let Some(relation) = self.relation_mut(&partition)
                        && !relation.parents.contains(table)
                    {
                        relation.parents.push(table.clone());
                        let old = relation.partition.as_deref().cloned().unwrap_or_default();
                        relation.partition = Some(std::sync::Arc::new(Partition { bound, ..old }));
                    }
                    self.attach(table, &partition);
                }
            }
            AlterTable::DetachPartition(partition) => {
                let Some(partition) = self.find(partition) else { return };
                if let Some(relation) = self.relation_mut(&partition) {
                    relation.parents.retain(|it| it != table);
                    relation.indexes.iter_mut().for_each(|it| it.part_of = None);
                }
                self.drop_clones(&partition, None);
                // Identity is the partitioned table's (`DetachPartitionFinalize`).
                for own in self.with_descendants(&partition) {
                    if let Some(relation) = self.relation_mut(&own) {
                        relation.columns.iter_mut().for_each(|it| it.identity = None);
                    }
                }
            }
            AlterTable::AlterConstraint { name, change } => {
                self.alter_constraint(table, &name.ident, *change);
            }
            AlterTable::ClusterOn(name) => {
                if let Some(relation) = self.relation_mut(table) {
                    std::sync::Arc::make_mut(&mut relation.details).clustered = Some(name.ident.clone());
                }
            }
            AlterTable::ReplicaIdentity(name) => {
                if let Some(relation) = self.relation_mut(table) {
                    std::sync::Arc::make_mut(&mut relation.details).identity_index = Some(name.ident.clone());
                }
            }
            AlterTable::Plain("SET WITHOUT CLUSTER") => {
                if let Some(relation) = self.relation_mut(table) {
                    std::sync::Arc::make_mut(&mut relation.details).clustered = None;
                }
            }
            AlterTable::Plain("REPLICA IDENTITY") => {
                if let Some(relation) = self.relation_mut(table) {
                    std::sync::Arc::make_mut(&mut relation.details).identity_index = None;
                }
            }
            AlterTable::Of(ty) => {
                let id = self.find_type(ty).and_then(|it| self.catalog.types.id(&it));
                if let Some(relation) = self.relation_mut(table) {
                    relation.of_type = id;
                }
            }
            AlterTable::NotOf => {
                if let Some(relation) = self.relation_mut(table) {
                    relation.of_type = None;
                }
            }
            AlterTable::Plain(words @ ("SET LOGGED" | "SET UNLOGGED")) => {
                if let Some(relation) = self.relation_mut(table) {
                    relation.unlogged = *words == "SET UNLOGGED";
                }
            }
            AlterTable::Rule(name) => {
                if let Some(relation) = self.relation_mut(table) {
                    let rules = relation.rules.iter_mut().filter(|it| it.name == name.ident);
                    rules.for_each(|it| it.switched = true);
                }
            }
            AlterTable::Mysql(action) => self.alter_mysql(table, action),
            _ => {}
        }
    }

    /// The relations with a foreign key to `table` for which `test` holds.
    pub(super) fn referring(
        &self,
        table: &QualifiedName,
        test: impl Fn(&crate::catalog::ForeignKey) -> bool,
    ) -> Vec<QualifiedName> {
        let all = self.catalog.relations.iter();
        let found = all
            .filter(|(_, it)| it.foreign_keys.iter().any(|it| it.target.as_ref() == Some(table) && test(it)));
        found.map(|(name, _)| name.clone()).collect()
    }

    /// The stored texts of views that mention a name which changed: PostgreSQL follows the change, we do not.
    pub(super) fn forget_definitions(&mut self, name: &Ident) {
        self.forget_definitions_where(|it| mentions(it, name));
    }

    fn forget_definitions_where(&mut self, changed: impl Fn(&str) -> bool) {
        let is_stale = |it: &&std::sync::Arc<Relation>| {
            matches!(it.kind, RelationKind::View | RelationKind::MaterializedView)
                && it.definition.as_deref().is_some_and(&changed)
        };
        let stale: Vec<QualifiedName> = self
            .catalog
            .relations
            .values()
            .filter(is_stale)
            .map(|it| QualifiedName { schema: it.schema.clone(), name: it.name.clone() })
            .collect();
        for view in stale {
            if let Some(view) = self.relation_mut(&view) {
                view.definition = None;
            }
        }
    }

    fn set_parent(&mut self, table: &QualifiedName, parent: &QName, inherit: bool) {
        let Some(parent) = self.find(parent) else { return };
        if inherit && self.with_descendants(table).contains(&parent) {
            return;
        }
        if inherit {
            self.keep_own(table);
        }
        if let Some(relation) = self.relation_mut(table) {
            relation.parents.retain(|it| *it != parent);
            if inherit {
                relation.parents.push(parent);
            }
        }
    }
}
