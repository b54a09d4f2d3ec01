//! Schemas with their elements, and extensions (`schemacmds.c`, `extension.c`).

use crate::catalog::{fold, lookup};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::{Ddl, Name, QName, StatementKind};

use super::super::binder::Binder;
use super::name::{at, declared_here};

impl<'a> Binder<'a> {
    pub fn create_schema(&mut self, name: Option<&Name>, if_not_exists: bool) {
        let Some(name) = name.filter(|it| !it.ident.is_dynamic()) else { return };
        if self.reserved_schema(name) || if_not_exists {
            return;
        }
        let existing = self.catalog.schemas.get(&name.ident).map(|it| it.origin);
        let always = matches!(name.ident.as_str(), "public" | "pg_catalog" | "information_schema");
        // Others may have dropped `public` before: the dumps of pg_dump make it.
        let own = QName { parts: vec![name.clone()] };
        let always = always && !self.surely_gone("SCHEMA", &own, "");
        let taken = existing.is_some_and(|it| self.is_certain(it)) || (always && self.is_exact());
        if taken && !(name.ident.as_str() == "public" && existing.is_none() && self.starts_anew()) {
            let message = format!("schema \"{}\" already exists", name.ident);
            let related = existing.and_then(|it| declared_here(&name.ident, it));
            self.report(code::DUPLICATE_SCHEMA, name.range, message).related.extend(related);
        }
    }

    /// `pg_…` is PostgreSQL's own (`IsReservedName`).
    pub(super) fn reserved_schema(&mut self, name: &Name) -> bool {
        let own = name.ident.as_str();
        let reserved = own.starts_with("pg_") && !lookup::schema_exists(self.catalog, &name.ident);
        if reserved {
            let message = format!("unacceptable schema name \"{own}\"");
            self.report(code::RESERVED_NAME, name.range, message)
                .hint("The prefix \"pg_\" is reserved for system schemas.");
        }
        reserved
    }

    /// The elements of CREATE SCHEMA, each in the state that those before it leave: tables come before views, and both
    /// before indexes and triggers (`transformCreateSchemaStmtElements`).
    pub fn schema_elements(&mut self, ddl: &'a Ddl, elements: &'a [StatementKind]) {
        if elements.is_empty() || self.depth > 4 {
            return;
        }
        if matches!(ddl, Ddl::CreateSchema { name: None, .. }) {
            // Named after a role that is not known.
            return;
        }
        let rank = |it: &&StatementKind| match it {
            StatementKind::Ddl(ddl) => match &**ddl {
                Ddl::CreateSequence { .. } => 0,
                Ddl::CreateTable(_) => 1,
                Ddl::CreateView(_) => 2,
                Ddl::CreateIndex(_) => 3,
                _ => 4,
            },
            _ => 5,
        };
        let mut ordered: Vec<&StatementKind> = elements.iter().collect();
        ordered.sort_by_key(rank);
        if let Ddl::CreateSchema { name: Some(own), .. } = ddl
            && self.typed
            && !own.ident.is_dynamic()
        {
            let stray = elements.iter().find_map(|it| {
                let name = element_name(it)?;
                // That of what is temporary may not be written.
                let schema = name.schema().filter(|it| !it.range.is_empty())?;
                let schema = Some(schema).filter(|it| it.ident != own.ident && !it.ident.is_dynamic())?;
                Some((at(name), schema.ident.clone()))
            });
            if let Some((place, schema)) = stray {
                let message = format!(
                    "CREATE specifies a schema ({schema}) different from the one being created ({})",
                    own.ident
                );
                self.report(code::INVALID_SCHEMA_DEFINITION, place, message);
                return;
            }
        }
        let mut catalog = fold::schema_made(self.catalog, ddl, &self.stmt.exprs, self.text);
        for element in ordered {
            if let Some(name) = element_name(element).filter(|_| self.typed && is_temporary(element)) {
                let message = "cannot create temporary relation in non-temporary schema";
                self.report(code::INVALID_TABLE_DEFINITION, at(name), message);
                return;
            }
            let ctx = crate::sema::Context { catalog: &catalog, ..self.ctx };
            let mut inner = Binder::new(ctx, self.stmt, self.text);
            inner.statement(element);
            let problems = std::mem::take(&mut inner.problems);
            self.problems.extend(problems);
            catalog = fold::after(&catalog, element, &self.stmt.exprs, self.text);
        }
    }

    /// Nothing has been made yet.
    fn starts_anew(&self) -> bool {
        self.catalog.relations.is_empty()
    }

    /// An extension that needs another, without CASCADE (`get_required_extension`).
    fn lacks_required(&mut self, name: &Name) {
        let Some(data) = crate::catalog::pg::ext::extension(name.ident.as_str()) else { return };
        let installed = |it: &&&str| !self.catalog.extensions.contains_key(&Ident::new(**it));
        let Some(required) = data.requires.iter().find(installed) else { return };
        let cascade =
            crate::sql::token::significant(self.text).iter().any(|it| it.is_word(self.text, "cascade"));
        if !cascade && self.is_exact() && !self.catalog.gaps.functions {
            let message = format!("required extension \"{required}\" is not installed");
            self.report(code::UNDEFINED_OBJECT, name.range, message)
                .hint("Use CREATE EXTENSION ... CASCADE to install required extensions too.");
        }
    }

    pub fn create_extension(&mut self, name: &Name, if_not_exists: bool, schema: Option<&Name>) {
        if name.ident.is_dynamic() {
            return;
        }
        let Some(origin) = self.catalog.extensions.get(&name.ident).map(|it| it.origin) else {
            if let Some(schema) = schema
                && self.no_schema(schema, schema.range, false)
            {
                return;
            }
            return self.lacks_required(name);
        };
        if if_not_exists {
            return;
        }
        // Configuration says what is installed in the end.
        if self.is_certain(origin) && origin != crate::catalog::Origin::Builtin {
            let message = format!("extension \"{}\" already exists", name.ident);
            let related = declared_here(&name.ident, origin);
            self.report(code::DUPLICATE_OBJECT, name.range, message).related.extend(related);
        }
    }
}

/// What an element of CREATE SCHEMA makes, or is made on.
fn element_name(element: &StatementKind) -> Option<&QName> {
    let StatementKind::Ddl(ddl) = element else { return None };
    match &**ddl {
        Ddl::CreateTable(it) => Some(&it.name),
        Ddl::CreateView(it) => Some(&it.name),
        Ddl::CreateSequence { name, .. } => Some(name),
        Ddl::CreateIndex(it) => Some(&it.table),
        Ddl::CreateTrigger { table, .. } => Some(table),
        _ => None,
    }
}

/// TEMPORARY: the schema that is made is none of the session's.
fn is_temporary(element: &StatementKind) -> bool {
    let StatementKind::Ddl(ddl) = element else { return false };
    match &**ddl {
        Ddl::CreateTable(it) => it.temporary,
        Ddl::CreateView(it) => it.temporary,
        Ddl::CreateSequence { name, .. } => name.schema().is_some_and(|it| it.range.is_empty()),
        _ => false,
    }
}
