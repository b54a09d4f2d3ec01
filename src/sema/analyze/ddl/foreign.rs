//! What is foreign: wrappers, servers, user mappings, foreign tables and their options (`foreigncmds.c`).

use std::collections::BTreeSet;

use crate::catalog::fold;
use crate::catalog::object::{ObjectKey, foreign_key};
use crate::catalog::{QualifiedName, Relation};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::QName;
use crate::sql::hir::ddl::{CreateTable, Foreign, GenericOption, OptionChange, Step};

use super::super::binder::Binder;
use super::name::spelled;
use super::wrapper::Holder;

impl<'a> Binder<'a> {
    pub(super) fn foreign(&mut self, foreign: &'a Foreign) {
        if foreign.name.ident.is_dynamic() || foreign.of.as_ref().is_some_and(|it| it.ident.is_dynamic()) {
            return;
        }
        let Some(key) = foreign_key(foreign) else { return };
        let name = QName { parts: vec![foreign.name.clone()] };
        let host = match foreign.kind {
            "USER MAPPING" => Some("SERVER"),
            "SERVER" => Some("FOREIGN DATA WRAPPER"),
            _ => None,
        };
        if foreign.kind != "USER MAPPING" && foreign.step == Step::Create {
            if !foreign.if_exists && self.object_taken(foreign.kind, &name, "") {
                return;
            }
        } else if foreign.kind != "USER MAPPING" && self.surely_gone(foreign.kind, &name, "") {
            let message =
                format!("{} \"{}\" does not exist", super::other::words(foreign.kind), spelled(&name));
            self.report(code::UNDEFINED_OBJECT, foreign.name.range, message);
            return;
        }
        if let (Some(kind), Some(of)) = (host, &foreign.of) {
            let host = QName { parts: vec![of.clone()] };
            if self.surely_gone(kind, &host, "") && !(foreign.step == Step::Drop && foreign.if_exists) {
                let message = format!("{} \"{}\" does not exist", super::other::words(kind), of.ident);
                self.report(code::UNDEFINED_OBJECT, of.range, message);
                return;
            }
        }
        if foreign.kind == "USER MAPPING" && self.refused_mapping(foreign, &key) {
            return;
        }
        if self.refused_functions(foreign) {
            return;
        }
        let known = match foreign.step {
            Step::Create => Some(BTreeSet::new()),
            _ => self.known_parts(&key),
        };
        if self.generic_options(known, &foreign.options) {
            return;
        }
        let named = |it: &Option<crate::sql::hir::Name>| it.as_ref().map(|it| it.ident.as_str().to_owned());
        let (wrapper, holder) = match foreign.kind {
            "FOREIGN DATA WRAPPER" => (Some(foreign.name.ident.as_str().to_owned()), Holder::Wrapper),
            "SERVER" if foreign.step == Step::Create => (named(&foreign.of), Holder::Server),
            "SERVER" => (self.wrapper_of(foreign.name.ident.as_str()).map(str::to_owned), Holder::Server),
            _ => (self.wrapper_of(&key.of).map(str::to_owned), Holder::Mapping),
        };
        // What this makes itself is none of the extension's.
        let makes = foreign.kind == "FOREIGN DATA WRAPPER" && foreign.step == Step::Create;
        if !makes {
            self.wrapper_options(wrapper.as_deref(), holder, &foreign.options);
        }
    }

    /// A mapping that is there, or is not; reported.
    fn refused_mapping(&mut self, foreign: &Foreign, key: &ObjectKey) -> bool {
        let shown = match foreign.name.ident.as_str() {
            "current_user" => "postgres",
            it => it,
        };
        let server = &key.of;
        if foreign.step == Step::Create {
            let taken = !foreign.if_exists && self.certain_object(key).is_some();
            if taken {
                let message = format!("user mapping for \"{shown}\" already exists for server \"{server}\"");
                self.report(code::DUPLICATE_OBJECT, foreign.name.range, message);
            }
            return taken;
        }
        let there = |it: &ObjectKey| self.catalog.objects.get(it).is_some_and(|it| !it.gone);
        // All mappings of a server are known that the project has made; names of the session's role may be any.
        let own = ObjectKey {
            kind: "SERVER".into(),
            of: "".into(),
            name: Ident::new(server.as_str()),
            ..key.clone()
        };
        let session = ObjectKey { name: Ident::new("current_user"), ..key.clone() };
        let public = foreign.name.ident.as_str() == "public";
        let any = |it: &ObjectKey| it.kind == "USER MAPPING" && it.of == *server;
        let may_be = there(key)
            || !public && there(&session)
            || foreign.name.ident == session.name
                && self.catalog.objects.iter().any(|it| any(it.0) && !it.1.gone)
            || self.certain_object(&own).is_none()
            || foreign.if_exists
            || !self.is_exact();
        if !may_be {
            let message = format!("user mapping for \"{shown}\" does not exist for server \"{server}\"");
            self.report(code::UNDEFINED_OBJECT, foreign.name.range, message);
        }
        !may_be
    }

    /// HANDLER and VALIDATOR (`parse_func_options`).
    fn refused_functions(&mut self, foreign: &'a Foreign) -> bool {
        for (idx, (word, range, function)) in foreign.functions.iter().enumerate() {
            if foreign.functions.iter().take(idx).any(|it| it.0 == *word) {
                self.report(code::SYNTAX_ERROR, *range, "conflicting or redundant options");
                return true;
            }
            let Some(function) = function else { continue };
            let types: &[&str] = if *word == "handler" { &[] } else { &["_text", "oid"] };
            if self.no_function(function, types) {
                return true;
            }
        }
        false
    }

    fn known_parts(&self, key: &ObjectKey) -> Option<BTreeSet<Ident>> {
        let parts = self.certain_object(key)?.parts.as_ref().filter(|_| self.is_exact())?;
        Some(parts.keys().map(|it| Ident::new(it.as_str())).collect())
    }

    /// `transformGenericOptions`: each option as those before it leave them.
    fn generic_options(&mut self, known: Option<BTreeSet<Ident>>, options: &[GenericOption]) -> bool {
        let Some(mut known) = known else { return false };
        for option in options {
            let name = &option.name.ident;
            if name.is_dynamic() {
                return false;
            }
            let there = known.contains(name);
            match option.change {
                OptionChange::Add if there => {
                    let message = format!("option \"{name}\" provided more than once");
                    self.report(code::DUPLICATE_OBJECT, option.name.range, message);
                    return true;
                }
                OptionChange::Set | OptionChange::Drop if !there => {
                    let message = format!("option \"{name}\" not found");
                    self.report(code::UNDEFINED_OBJECT, option.name.range, message);
                    return true;
                }
                OptionChange::Drop => {
                    known.remove(name);
                }
                _ => {
                    known.insert(name.clone());
                }
            }
        }
        false
    }

    /// The server of a foreign table, and its options.
    pub(super) fn foreign_table(&mut self, table: &'a CreateTable) {
        let Some((server, options)) = &table.server else { return };
        let name = QName { parts: vec![server.clone()] };
        if self.surely_gone("SERVER", &name, "") {
            let message = format!("server \"{}\" does not exist", server.ident);
            self.report(code::UNDEFINED_OBJECT, server.range, message);
            return;
        }
        let wrapper = self.wrapper_of(server.ident.as_str()).map(str::to_owned);
        let wrapper = wrapper.as_deref();
        for column in &table.columns {
            if self.generic_options(Some(BTreeSet::new()), &column.options)
                || self.wrapper_options(wrapper, Holder::Column, &column.options)
            {
                return;
            }
        }
        if !self.generic_options(Some(BTreeSet::new()), options) {
            self.wrapper_options(wrapper, Holder::Table, options);
        }
    }

    /// ALTER FOREIGN TABLE … OPTIONS.
    pub(super) fn foreign_table_options(
        &mut self,
        table: &QualifiedName,
        relation: &Relation,
        column: Option<&'a crate::sql::hir::Name>,
        options: &[GenericOption],
    ) {
        if let Some(column) = column {
            let known = relation.open
                || column.ident.is_dynamic()
                || relation.columns.iter().any(|it| it.name == column.ident);
            if !known {
                self.no_column(relation, column, true);
                return;
            }
        }
        let known = self.known_parts(&fold::table_key(table, column.map(|it| &it.ident)));
        if !self.generic_options(known, options) {
            let wrapper = self.wrapper_of_table(table, relation).map(str::to_owned);
            let holder = if column.is_some() { Holder::Column } else { Holder::Table };
            self.wrapper_options(wrapper.as_deref(), holder, options);
        }
    }
}
