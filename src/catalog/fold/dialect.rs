//! Where SQLite and MySQL part from PostgreSQL: tables that are dropped while others refer to them, keys that belong to
//! their table alone, columns that are described anew.

use std::sync::Arc;

use super::constraint::Pending;
use super::{Fold, empty_relation};
use crate::catalog::{Column, Key, QualifiedName, Relation, RelationKind};
use crate::sql::hir::QName;
use crate::sql::hir::ddl::{AlterMysql, ColumnDef, ObjectKind, RelationKind as Written};
use crate::sql::{Dialect, Ident};

impl<'a> Fold<'a> {
    pub(super) fn is_postgres(&self) -> bool {
        self.catalog.dialect == Dialect::Postgres
    }

    /// Foreign keys to a table that is dropped: PostgreSQL drops them with CASCADE and else refuses. In SQLite and in
    /// MySQL without its checks they stay, and mean the table that takes the name next (`__new_users` → `users`).
    pub(super) fn keeps_dangling(&self) -> bool {
        !self.is_postgres()
    }

    /// SQLite changes a table by making another, `__new_users`, and giving it the name: its columns are those of the old
    /// one, changed here.
    pub(super) fn follow_rebuild(&self, name: &QualifiedName, relation: &mut Relation) {
        let Some(old) = name.name.as_str().strip_prefix("__new_").filter(|_| !self.is_postgres()) else {
            return;
        };
        let old = QualifiedName { schema: name.schema.clone(), name: Ident::new(old) };
        let Some(old) = self.relation(&old) else { return };
        for column in &mut relation.columns {
            let Some(before) = old.columns.iter().find(|it| it.name == column.name) else { continue };
            let is_same = before.type_text.eq_ignore_ascii_case(&column.type_text)
                && before.default == column.default
                && before.not_null == column.not_null;
            let now = std::mem::replace(&mut column.origin, before.origin);
            column.also.clone_from(&before.also);
            if !is_same {
                column.also.push(now);
            }
        }
    }

    pub(super) fn rename_tables(&mut self, pairs: &[(QName, QName)]) {
        for (from, to) in pairs {
            if let Some(to) = to.last() {
                self.rename(ObjectKind::Relation(Written::Table), from, None, &to.ident);
            }
        }
    }

    pub(super) fn alter_mysql(&mut self, table: &QualifiedName, action: &AlterMysql) {
        match action {
            AlterMysql::Redefine { from, column } => {
                if let Some(from) = from.as_ref().filter(|it| it.ident != column.name.ident) {
                    self.rename_column(table, &from.ident, &column.name.ident);
                }
                self.redefine(table, column);
            }
            AlterMysql::AddIndex(index) => self.create_index_on(table, index),
            AlterMysql::DropIndex { name } => self.drop_index_of(table, &name.ident),
            AlterMysql::DropPrimaryKey => {
                if let Some(relation) = self.relation_mut(table) {
                    relation.primary_key = None;
                }
            }
            AlterMysql::RenameIndex { name, new_name } => {
                let Some(relation) = self.relation_mut(table) else { return };
                let names = relation.uniques.iter_mut().map(|it| &mut it.name);
                let names = names.chain(relation.indexes.iter_mut().map(|it| &mut it.name));
                for it in names.filter(|it| it.as_ref() == Some(&name.ident)) {
                    *it = Some(new_name.ident.clone());
                }
            }
        }
    }

    /// MODIFY says all of a column, but for the keys that it is part of.
    fn redefine(&mut self, table: &QualifiedName, def: &ColumnDef) {
        let Some(origin) = self.relation(table).map(|it| it.origin) else { return };
        let mut fresh = empty_relation(table, RelationKind::Table, origin);
        let (mut pending, mut sequences): (Vec<Pending>, _) = (Vec::new(), Vec::new());
        self.column(table, &mut fresh, def, &mut pending, &mut sequences);
        let Some(mut column) = fresh.columns.pop() else { return };
        let is_sqlite = self.catalog.dialect == Dialect::Sqlite;
        let Some(relation) = self.relation_mut(table) else { return };
        if is_sqlite {
            // libSQL says the references of the column anew, too.
            relation.foreign_keys.retain(|it| it.columns != [column.name.clone()]);
        }
        let is_key = |key: &Key| key.columns.contains(&column.name);
        column.not_null |= relation.primary_key.as_ref().is_some_and(is_key);
        let Some(old) = relation.columns.iter_mut().find(|it| it.name == column.name) else { return };
        let (origin, also) = (old.origin, std::mem::take(&mut old.also));
        *old = Column { origin, also, ..column };
        self.constraints(table, pending);
    }

    /// An index or unique key of this table.
    pub(super) fn drop_index_of(&mut self, table: &QualifiedName, name: &Ident) {
        if let Some(relation) = self.relation_mut(table) {
            relation.indexes.retain(|it| it.name.as_ref() != Some(name));
            relation.uniques.retain(|it| it.name.as_ref() != Some(name));
        }
    }

    /// MySQL takes a column that is dropped out of its keys; those that are left with none go.
    pub(super) fn take_out_of_keys(&mut self, table: &QualifiedName, name: &Ident) {
        let Some(relation) = Arc::make_mut(&mut self.catalog.relations).get_mut(table).map(Arc::make_mut)
        else {
            return;
        };
        for key in relation.primary_key.iter_mut().chain(&mut relation.uniques) {
            key.columns.retain(|it| it != name);
        }
        for index in &mut relation.indexes {
            index.items.retain(|it| it.column.as_ref() != Some(name));
        }
        relation.primary_key.take_if(|it| it.columns.is_empty());
        relation.uniques.retain(|it| !it.columns.is_empty());
        relation.indexes.retain(|it| !it.items.is_empty());
    }
}
