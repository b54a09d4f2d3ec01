//! The SQL of `columnist schema`: statements that make the catalog's objects in an empty PostgreSQL database, in an
//! order in which they can run. What is not known stands as a comment.

mod index;
mod policy;
mod table;
mod view;

use std::collections::BTreeSet;

use super::parts::sequence_options;
use super::routine::{self, Stage};
use crate::catalog::{Catalog, Column, ColumnDefault, Relation, RelationKind, Type, TypeKind, types};
use crate::sql::{Dialect, Ident};
use view::{in_order, mentions};

/// Every statement ends with `;` and a line end. For other dialects: tables only, as far as they are known.
pub fn schema_sql(catalog: &Catalog) -> String {
    let mut out = Printer { catalog, out: String::new(), unread: false };
    out.extensions();
    out.schemas();
    out.types();
    out.composites(false);
    let tables = out.of_kind(|it| {
        matches!(it, RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign)
    });
    for sequence in out.of_kind(|it| it == RelationKind::Sequence) {
        out.sequence(sequence);
    }
    out.functions(Stage::BeforeTables);
    for table in &tables {
        out.table(table);
    }
    for sequence in out.of_kind(|it| it == RelationKind::Sequence) {
        out.owned(sequence);
    }
    for table in &tables {
        out.later_keys(table);
    }
    for table in &tables {
        out.attach(table);
    }
    for table in &tables {
        for index in &table.indexes {
            out.index(table, index);
        }
    }
    for table in &tables {
        out.foreign_keys(table);
    }
    out.composites(true);
    out.functions(Stage::BehindTables);
    let views = out.of_kind(|it| matches!(it, RelationKind::View | RelationKind::MaterializedView));
    for view in in_order(views) {
        out.view(view);
    }
    out.functions(Stage::BehindViews);
    for relation in out.of_kind(|_| true) {
        out.triggers(relation);
    }
    out.roles(&tables);
    for table in &tables {
        out.policies(table);
    }
    out.out
}

struct Printer<'a> {
    catalog: &'a Catalog,
    out: String,
    /// Bodies of functions are not read from here.
    unread: bool,
}

impl<'a> Printer<'a> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn of_kind(&self, test: impl Fn(RelationKind) -> bool) -> Vec<&'a Relation> {
        let catalog = self.catalog;
        let exported = catalog.relations.iter().filter(|(name, _)| !catalog.unexported.contains(name));
        exported.map(|(_, it)| &**it).filter(|it| test(it.kind)).collect()
    }

    /// The schema is left out where the search path finds the object without it.
    fn name(&self, schema: &Ident, name: &Ident) -> String {
        if self.catalog.search_path.first() == Some(schema) {
            name.quoted()
        } else {
            format!("{}.{}", schema.quoted(), name.quoted())
        }
    }

    fn extensions(&mut self) {
        for extension in self.catalog.extensions.values() {
            let default = self.catalog.search_path.first() == Some(&extension.schema)
                || extension.name.as_str() == "plpgsql"
                || !self.catalog.schemas.contains_key(&extension.schema);
            let schema =
                if default { String::new() } else { format!(" SCHEMA {}", extension.schema.quoted()) };
            if !schema.is_empty() {
                self.line(&format!("CREATE SCHEMA IF NOT EXISTS {};", extension.schema.quoted()));
            }
            self.line(&format!("CREATE EXTENSION IF NOT EXISTS {}{schema};", extension.name.quoted()));
        }
    }

    fn schemas(&mut self) {
        let mut names: BTreeSet<&Ident> = self.catalog.schemas.keys().collect();
        names.extend(self.catalog.relations.keys().map(|it| &it.schema));
        names.extend(self.catalog.types.iter().map(|it| &it.schema));
        for name in names {
            if name.as_str() != "public" && self.catalog.dialect == Dialect::Postgres {
                self.line(&format!("CREATE SCHEMA IF NOT EXISTS {};", name.quoted()));
            }
        }
    }

    fn types(&mut self) {
        let ty = |catalog: &Catalog, ty: Type| types::format_type(catalog, ty);
        for info in self.catalog.types.iter() {
            let name = self.name(&info.schema, &info.name);
            match &info.kind {
                TypeKind::Enum { labels } => {
                    let labels: Vec<String> =
                        labels.iter().map(|it| format!("'{}'", it.label.replace('\'', "''"))).collect();
                    self.line(&format!("CREATE TYPE {name} AS ENUM ({});", labels.join(", ")));
                }
                TypeKind::Domain { base, not_null } => {
                    let base = ty(self.catalog, *base);
                    let not_null = if *not_null { " NOT NULL" } else { "" };
                    self.line(&format!("CREATE DOMAIN {name} AS {base}{not_null};"));
                }
                TypeKind::Range { subtype } => {
                    let subtype = types::format_type_id(self.catalog, *subtype);
                    self.line(&format!("CREATE TYPE {name} AS RANGE (subtype = {subtype});"));
                }
                TypeKind::Opaque => self.line(&format!("-- type {name}: not known")),
                _ => {}
            }
        }
    }

    /// Composite types, each behind those that it is made of; `late`: those that are made of the rows of tables.
    fn composites(&mut self, late: bool) {
        for (info, is_late) in routine::composites(self.catalog) {
            let TypeKind::Composite { columns, .. } = &info.kind else { continue };
            if is_late == late {
                let name = self.name(&info.schema, &info.name);
                let columns: Vec<String> = columns
                    .iter()
                    .map(|(column, it)| {
                        let it =
                            it.map_or_else(|| "text".to_owned(), |it| types::format_type(self.catalog, it));
                        format!("{} {it}", column.quoted())
                    })
                    .collect();
                self.line(&format!("CREATE TYPE {name} AS ({});", columns.join(", ")));
            }
        }
    }

    fn sequence(&mut self, sequence: &Relation) {
        let name = self.name(&sequence.schema, &sequence.name);
        if !sequence.parents.is_empty() {
            if self.owner(sequence).is_some() {
                let options = sequence.details.sequence.map(sequence_options).unwrap_or_default();
                self.line(&format!("CREATE SEQUENCE {name}{options};"));
            }
            return;
        }
        let options = sequence.definition.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
        self.line(&format!("CREATE SEQUENCE {name}{options};"));
    }

    /// The table and column of a sequence that is made by itself: one that a column owns (its name stands as the definition)
    /// comes with the column, unless that is an integer whose default reads it.
    fn owner(&self, sequence: &Relation) -> Option<(&'a Relation, &'a Column)> {
        let catalog = self.catalog;
        let table = catalog.relations.get(sequence.parents.first()?)?;
        let column =
            table.columns.iter().find(|it| Some(it.name.as_str()) == sequence.definition.as_deref())?;
        let reads_it =
            matches!(&column.default, Some(ColumnDefault::Sql(it)) if mentions(it, sequence.name.as_str()));
        let by_hand = column.identity.is_none() && reads_it && !column.type_text.ends_with("serial");
        by_hand.then_some((&**table, column))
    }

    fn owned(&mut self, sequence: &Relation) {
        let Some((table, column)) = self.owner(sequence) else { return };
        let name = self.name(&sequence.schema, &sequence.name);
        let table = self.name(&table.schema, &table.name);
        self.line(&format!("ALTER SEQUENCE {name} OWNED BY {table}.{};", column.name.quoted()));
    }

    /// Those that are made now; bodies are read when all is there (`check_function_bodies`).
    fn functions(&mut self, now: Stage) {
        let catalog = self.catalog;
        for function in catalog.functions.values().flatten() {
            let name = self.name(&function.schema, &function.name);
            match routine::function(function, &name) {
                Some((stage, text)) if stage.max(routine::stage_of(catalog, function)) == now => {
                    if !std::mem::replace(&mut self.unread, true) {
                        self.line("SET check_function_bodies = off;");
                    }
                    self.line(&format!("{text};"));
                }
                None if now == Stage::BehindTables => {
                    let params: Vec<String> = function
                        .params
                        .iter()
                        .map(|it| {
                            it.ty.map_or_else(|| "?".to_owned(), |id| types::format_type_id(catalog, id))
                        })
                        .collect();
                    self.line(&format!("-- function {name}({})", params.join(", ")));
                }
                _ => {}
            }
        }
    }

    fn triggers(&mut self, relation: &Relation) {
        let texts = routine::triggers(relation, &|schema, name| self.name(schema, name));
        for text in texts {
            self.line(&format!("{text};"));
        }
    }
}
