//! Commands that name relations: COPY, TRUNCATE, LOCK, REFRESH, ANALYZE, GRANT. PostgreSQL tells no place in them; ours
//! is the name.

use crate::catalog::{Relation, RelationKind};
use crate::sema::{Target, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{Command, CommandKind};
use crate::sql::hir::{Name, QName};

use super::binder::Binder;
use super::relation::qualified;

impl<'a> Binder<'a> {
    pub fn command(&mut self, command: &'a Command) {
        for (name, columns) in &command.tables {
            if command.kind == CommandKind::Analyze && self.is_skipped(name) {
                continue;
            }
            let Some(relation) = self.target_relation(name) else { continue };
            self.kind_for(command.kind, name, &relation);
            self.named_columns(command.kind, &relation, columns);
        }
    }

    /// ANALYZE leaves out what is no table with a warning: indexes and composite types are relations, too.
    fn is_skipped(&self, name: &QName) -> bool {
        use crate::catalog::lookup::{Lookup, named_type};
        if let Lookup::Found(relation) = self.find_relation(name) {
            return matches!(relation.kind, RelationKind::View | RelationKind::Sequence);
        }
        let Some(last) = name.last() else { return true };
        let schema = name.schema().map(|it| &it.ident);
        self.typed
            && (named_type(self.catalog, schema, &last.ident).is_some()
                || self
                    .catalog
                    .relations
                    .values()
                    .any(|it| super::ddl::indexes(it).any(|it| *it.0 == last.ident)))
    }

    pub fn truncate(&mut self, tables: &'a [QName]) {
        for name in tables {
            let Some(relation) = self.target_relation(name) else { continue };
            if !matches!(
                relation.kind,
                RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign
            ) {
                self.wrong_kind(name, format!("\"{}\" is not a table", relation.name));
            }
        }
    }

    fn wrong_kind(&mut self, name: &QName, message: String) {
        let Some(at) = name.range() else { return };
        self.refuse(code::WRONG_OBJECT_TYPE, at, message);
    }

    fn kind_for(&mut self, kind: CommandKind, name: &QName, relation: &Relation) {
        let shown = &relation.name;
        match (kind, relation.kind) {
            (CommandKind::CopyTo, RelationKind::View) => {
                self.wrong_kind(name, format!("cannot copy from view \"{shown}\""));
            }
            (CommandKind::CopyTo, RelationKind::Sequence) => {
                self.wrong_kind(name, format!("cannot copy from sequence \"{shown}\""));
            }
            (CommandKind::Lock, RelationKind::MaterializedView | RelationKind::Sequence) => {
                self.wrong_kind(name, format!("cannot lock relation \"{shown}\""));
            }
            (CommandKind::Refresh, RelationKind::View | RelationKind::Sequence) => {
                self.wrong_kind(name, format!("\"{shown}\" is not a table or materialized view"));
            }
            (CommandKind::Refresh, RelationKind::Table) => {
                let Some(at) = name.range() else { return };
                let message = format!("\"{shown}\" is not a materialized view");
                self.refuse(code::FEATURE_NOT_SUPPORTED, at, message);
            }
            _ => {}
        }
    }

    fn named_columns(&mut self, kind: CommandKind, relation: &Relation, columns: &[Name]) {
        let mut seen: Vec<&Ident> = Vec::new();
        for column in columns.iter().filter(|it| !it.ident.is_dynamic() && !it.ident.as_str().is_empty()) {
            let Some(found) = relation.columns.iter().find(|it| self.same(&it.name, &column.ident)) else {
                if !relation.open {
                    let message = format!(
                        "column \"{}\" of relation \"{}\" does not exist",
                        column.ident, relation.name
                    );
                    self.report(code::UNDEFINED_COLUMN, column.range, message);
                }
                continue;
            };
            self.reference(column.range, Target::Column(qualified(relation), found.name.clone()));
            let copies = matches!(kind, CommandKind::CopyTo | CommandKind::CopyFrom);
            if copies && found.generated.is_some() {
                let message = format!("column \"{}\" is a generated column", column.ident);
                self.refuse(code::INVALID_COLUMN_REFERENCE, column.range, message);
            }
            if seen.contains(&&column.ident) {
                let message = match copies {
                    true => format!("column \"{}\" specified more than once", column.ident),
                    false => format!(
                        "column \"{}\" of relation \"{}\" appears more than once",
                        column.ident, relation.name
                    ),
                };
                self.refuse(code::DUPLICATE_COLUMN, column.range, message);
            }
            seen.push(&column.ident);
        }
    }
}
