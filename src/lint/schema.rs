//! What a script declares of a database's schema, as rules see it.

use std::sync::Arc;

use super::script::Script;
use crate::catalog::build;
use crate::catalog::drizzle::{self, DrizzleRelation, chain};
use crate::catalog::{Catalog, Column, Entity, ForeignKey, Origin, QualifiedName, Relation, RelationKind};
use crate::facts::Loc;
use crate::project::database::Database;
use crate::project::eval::{DeclRef, Value, ValueKind};
use crate::sql::Dialect;
use crate::ts::hir::ExprKind;
use smol_str::SmolStr;

pub struct Schema<'a> {
    pub script: &'a Script<'a>,
    pub database: &'a Database,
    /// Its place among the workspace's.
    pub database_idx: Option<usize>,
    /// The tables that the script declares.
    pub tables: Vec<Table<'a>>,
    /// Drizzle's relations that it declares beside the schema's modules: 1.0 hands them to `drizzle(…)` only.
    beside: Vec<DrizzleRelation>,
}

/// A table that the script declares.
pub struct Table<'a> {
    /// The variable.
    pub decl: DeclRef,
    pub loc: Loc,
    pub name: QualifiedName,
    pub relation: &'a Arc<Relation>,
}

/// A script beside the schema's modules that only calls drizzle-orm's `relations(…)`, of tables that the catalog has: what is
/// written there concerns these, and no others of the same names.
fn relates_known_tables(script: &Script<'_>) -> bool {
    if memchr::memmem::find(script.text.as_bytes(), b"relations(").is_none() {
        return false;
    }
    let mut found = false;
    for id in script.ids() {
        let Some((callee, args)) = script.call(id) else { continue };
        let ExprKind::Ident(name) = script.expr(callee) else { continue };
        if !matches!(name.as_str(), "relations" | "one" | "many") {
            continue;
        }
        let is_drizzle = script.drizzle(callee).is_some();
        if name == "relations" && !is_drizzle {
            continue;
        }
        let Some(decl) = args.first().and_then(|it| script.value(*it).decl) else { return false };
        if !matches!(script.catalog().decls.get(&decl), Some(Entity::Relation(_))) {
            return false;
        }
        found = true;
    }
    found
}

impl<'a> Schema<'a> {
    /// `None`: the script declares nothing of it.
    pub fn new(script: &'a Script<'a>, database: &'a Database) -> Option<Schema<'a>> {
        let file = script.file;
        let facts = script.look.state.ts_facts_of(script.module);
        let is_known =
            |name: &SmolStr| script.catalog().decls.contains_key(&DeclRef { file, name: name.clone() });
        let is_own = |it: &DrizzleRelation| matches!(it.origin, Origin::Ts { file: its, .. } if its == file);
        let has_relations = script.catalog().drizzle_relations.iter().any(is_own);
        let mut beside = Vec::new();
        if !has_relations
            && match script.is_v1() {
                true => memchr::memmem::find(script.text.as_bytes(), b"defineRelations").is_some(),
                false => relates_known_tables(script),
            }
        {
            let (line, casing) = (build::line(database), build::casing(database));
            let read = drizzle::read(script.look.eval, &[file], line, casing, database.dialect, None);
            beside = read.drizzle_relations;
            beside.retain(is_own);
            for it in &beside {
                script.look.note(it.source.name.as_str());
            }
        }
        let declares = database.schema_files.contains(&file)
            || facts.0.decls.iter().any(|it| is_known(&it.name))
            || has_relations
            || !beside.is_empty();
        if !declares {
            return None;
        }
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
        let list = &script.look.model.databases.list;
        let database_idx = list.iter().position(|it| it.name == database.name);
        Some(Schema { script, database, database_idx, tables, beside })
    }

    /// What the third argument of a table holds: indexes, keys, checks, policies.
    pub fn extras(&self, table: &Table<'_>) -> Vec<Value> {
        let eval = self.script.look.eval;
        let value = eval.decl(&table.decl);
        let chain = chain::unwind(&value);
        let mut lists = std::iter::once(chain.head.args()).chain(chain.methods.iter().map(|it| it.args));
        let Some(extras) = lists.find_map(|it| it.get(2)) else { return Vec::new() };
        let list = match &*extras.kind {
            ValueKind::Closure(closure) => eval.call_with(closure, vec![value.clone()]),
            _ => extras.clone(),
        };
        match &*list.kind {
            ValueKind::Array { items, .. } => items.clone(),
            ValueKind::Object { entries, .. } => entries.iter().map(|it| it.value.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// The values of the script's declarations, with their names.
    pub fn declarations(&self) -> Vec<(SmolStr, Value)> {
        let script = self.script;
        let facts = script.look.state.ts_facts_of(script.module);
        let value = |name: &SmolStr| {
            let decl = DeclRef { file: script.file, name: name.clone() };
            (name.clone(), script.look.eval.decl(&decl))
        };
        facts.0.decls.iter().map(|it| value(&it.name)).collect()
    }

    /// The foreign keys of its tables, each with its table and the one that it leads to, as far as that is known.
    pub fn foreign_keys(&self) -> impl Iterator<Item = (&Table<'a>, &'a ForeignKey, &'a Relation)> {
        self.tables.iter().flat_map(move |table| {
            let led = move |key: &'a ForeignKey| {
                let target = self.relation(key.target.as_ref()?)?;
                Some((table, key, &**target))
            };
            table.relation.foreign_keys.iter().filter_map(led)
        })
    }

    pub fn catalog(&self) -> &'a Catalog {
        self.script.catalog()
    }

    /// Whether the catalog has a relation: those of scripts beside the schema's modules it has not, nor, then, what may lead
    /// back from another such script.
    pub fn is_in_catalog(&self, relation: &DrizzleRelation) -> bool {
        !self.beside.contains(relation)
    }

    /// Drizzle's relations that the script declares.
    pub fn relations<'s>(&'s self) -> impl Iterator<Item = &'s DrizzleRelation> + use<'s, 'a> {
        let file = self.script.file;
        let own =
            move |it: &&DrizzleRelation| matches!(it.origin, Origin::Ts { file: its, .. } if its == file);
        self.script.catalog().drizzle_relations.iter().filter(own).chain(&self.beside)
    }

    /// The columns that a relation compares, pair by pair; none where one of them is not known, or Drizzle refuses it.
    pub fn column_pairs(&self, relation: &DrizzleRelation) -> Vec<(&'a Column, &'a Column)> {
        let target = relation.target.as_ref().and_then(|it| self.relation(it));
        let (Some(from), Some(to)) = (self.relation(&relation.source), target) else { return Vec::new() };
        if relation.fields.len() != relation.references.len() || relation.error.is_some() {
            return Vec::new();
        }
        let find = |table: &'a Relation, name: &SmolStr| {
            table.columns.iter().find(|it| it.name.as_str() == name.as_str())
        };
        let pair = |(a, b): (&SmolStr, &SmolStr)| Some((find(from, a)?, find(to, b)?));
        let pairs: Option<Vec<_>> = relation.fields.iter().zip(&relation.references).map(pair).collect();
        pairs.unwrap_or_default()
    }

    pub fn is_postgres(&self) -> bool {
        self.database.dialect == Dialect::Postgres
    }

    /// What the catalog knows of a relation.
    pub fn relation(&self, name: &QualifiedName) -> Option<&'a Arc<Relation>> {
        self.script.table(name)
    }
}
