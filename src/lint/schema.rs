//! What a script declares of a database's schema, as rules see it.

use std::sync::Arc;

use super::script::Script;
use crate::catalog::{Catalog, Entity, Origin, QualifiedName, Relation, RelationKind};
use crate::facts::Loc;
use crate::project::database::Database;
use crate::project::eval::{DeclRef, Value};
use crate::sql::Dialect;
use smol_str::SmolStr;

pub struct Schema<'a> {
    pub script: &'a Script<'a>,
    pub database: &'a Database,
    /// The tables that the script declares.
    pub tables: Vec<Table<'a>>,
}

/// A table that the script declares.
pub struct Table<'a> {
    /// The variable.
    pub decl: DeclRef,
    pub loc: Loc,
    pub name: QualifiedName,
    pub relation: &'a Arc<Relation>,
}

impl<'a> Schema<'a> {
    pub fn new(script: &'a Script<'a>, database: &'a Database) -> Schema<'a> {
        let file = script.file;
        let facts = script.look.snap.state(file).map(|it| it.ts_facts()).unwrap_or_default();
        let mut tables = Vec::new();
        for decl in &facts.0.decls {
            let reference = DeclRef { file, name: decl.name.clone() };
            let Some(Entity::Relation(name)) = script.catalog().decls.get(&reference) else { continue };
            let Some(relation) = script.table(name) else { continue };
            // Of two declarations of one table, the catalog has the first; views have no keys.
            let own = matches!(relation.origin, Origin::Ts { file: its, .. } if its == file);
            let is_table = matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable);
            if own && is_table {
                tables.push(Table { decl: reference, loc: decl.loc, name: name.clone(), relation });
            }
        }
        Schema { script, database, tables }
    }

    /// The values of the script's declarations, with their names.
    pub fn declarations(&self) -> Vec<(SmolStr, Value)> {
        let script = self.script;
        let facts = script.look.snap.state(script.file).map(|it| it.ts_facts()).unwrap_or_default();
        let value = |name: &SmolStr| {
            let decl = DeclRef { file: script.file, name: name.clone() };
            (name.clone(), script.look.eval.decl(&decl))
        };
        facts.0.decls.iter().map(|it| value(&it.name)).collect()
    }

    pub fn catalog(&self) -> &'a Catalog {
        self.script.catalog()
    }

    pub fn is_postgres(&self) -> bool {
        self.database.dialect == Dialect::Postgres
    }

    /// What the catalog knows of a relation.
    pub fn relation(&self, name: &QualifiedName) -> Option<&'a Arc<Relation>> {
        self.script.table(name)
    }
}
