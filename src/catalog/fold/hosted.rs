//! What is foreign (wrappers, servers, user mappings, foreign tables) and what text search is made of: options, mappings,
//! and what hangs on them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smol_str::SmolStr;

use super::Fold;
use crate::catalog::depend::{self, Dependent, Used};
use crate::catalog::object::{Object, ObjectKey, foreign_key};
use crate::catalog::{QualifiedName, pg};
use crate::sql::Ident;
use crate::sql::hir::ddl::{
    AlterTable, CreateTable, Define, Foreign, GenericOption, OptionChange, SearchMapping, Step,
};
use crate::sql::hir::{Name, QName};

type Parts = BTreeMap<SmolStr, Vec<ObjectKey>>;

const CONFIGURATION: &str = "TEXT SEARCH CONFIGURATION";
const DICTIONARY: &str = "TEXT SEARCH DICTIONARY";

impl Fold<'_> {
    // -------------------------------------------------------------- foreign

    pub(super) fn foreign(&mut self, foreign: &Foreign) {
        let key = foreign_key(foreign);
        let Some(key) = key.filter(|it| !it.name.is_dynamic()) else { return };
        match foreign.step {
            Step::Create => {
                let there = self.catalog.objects.get(&key).is_some_and(|it| !it.gone);
                if there && foreign.if_exists {
                    return;
                }
                let name = QName { parts: vec![foreign.name.clone()] };
                // One that may have been there before may have another wrapper.
                let wrapper = foreign.of.as_ref().filter(|_| foreign.kind == "SERVER" && !foreign.if_exists);
                let wrapper =
                    wrapper.map(|it| QualifiedName { schema: Ident::new(""), name: it.ident.clone() });
                self.make_object(foreign.kind, &name, &key.of, wrapper);
                let host = match foreign.kind {
                    "USER MAPPING" => "SERVER",
                    _ => "FOREIGN DATA WRAPPER",
                };
                self.note_host(Dependent::Object(key.clone()), host, foreign.of.as_ref());
                // One that may have been there before has other options.
                self.set_parts(&key, (!foreign.if_exists).then(Parts::new));
                self.change_options(&key, &foreign.options);
            }
            Step::Alter => self.change_options(&key, &foreign.options),
            Step::Drop => {
                depend::forget(&mut self.catalog.depends, &Dependent::Object(key.clone()));
                self.drop_keyed(&key, foreign.name.range);
            }
        }
    }

    /// CREATE FOREIGN TABLE.
    pub(super) fn foreign_table(&mut self, table: &CreateTable) {
        let Some((server, options)) = &table.server else { return };
        let Some(full) = self.find(&table.name).filter(|_| !table.if_not_exists) else { return };
        self.note_host(Dependent::View(full.clone()), "SERVER", Some(server));
        self.keep_parts(&table_key(&full, None), server, options);
        for column in &table.columns {
            self.keep_parts(&table_key(&full, Some(&column.name.ident)), server, &column.options);
        }
    }

    /// OPTIONS of a foreign table and its columns.
    pub(super) fn foreign_options(&mut self, name: &QName, actions: &[AlterTable]) {
        for action in actions {
            let Some(full) = self.find(name) else { continue };
            let own = self.catalog.objects.contains_key(&table_key(&full, None));
            match action {
                AlterTable::Generic { column, options } => {
                    self.change_options(&table_key(&full, column.as_ref().map(|it| &it.ident)), options);
                }
                AlterTable::AddColumn { column, .. } if own => {
                    let key = table_key(&full, Some(&column.name.ident));
                    self.keep_parts(&key, &column.name, &column.options);
                }
                AlterTable::DropColumn { name, .. } | AlterTable::RenameColumn { name, .. } if own => {
                    let key = table_key(&full, Some(&name.ident));
                    Arc::make_mut(&mut self.catalog.objects).remove(&key);
                }
                _ => {}
            }
        }
    }

    fn note_host(&mut self, dependent: Dependent, kind: &str, host: Option<&Name>) {
        let host = host.and_then(|it| self.object_key(kind, &QName { parts: vec![it.clone()] }, ""));
        if let Some(host) = host {
            let used = BTreeSet::from([Used::Object(host)]);
            Arc::make_mut(&mut self.catalog.depends).insert(dependent, used);
        }
    }

    fn keep_parts(&mut self, key: &ObjectKey, at: &Name, options: &[GenericOption]) {
        let origin = self.origin(at.range);
        let parts = Some(Arc::new(Parts::new()));
        let made = Object { origin, on: None, gone: false, operator: None, parts };
        Arc::make_mut(&mut self.catalog.objects).insert(key.clone(), made);
        self.change_options(key, options);
    }

    fn change_options(&mut self, key: &ObjectKey, options: &[GenericOption]) {
        let found = self.catalog.objects.get(key).filter(|it| !it.gone);
        let Some(mut parts) = found.and_then(|it| it.parts.clone()) else { return };
        for option in options {
            let name = SmolStr::new(option.name.ident.as_str());
            match option.change {
                OptionChange::Add | OptionChange::Set => {
                    Arc::make_mut(&mut parts).insert(name, Vec::new());
                }
                OptionChange::Drop => {
                    Arc::make_mut(&mut parts).remove(&name);
                }
            }
        }
        self.set_parts(key, Some(Parts::clone(&parts)));
    }

    pub(super) fn set_parts(&mut self, key: &ObjectKey, parts: Option<Parts>) {
        if let Some(object) = Arc::make_mut(&mut self.catalog.objects).get_mut(key) {
            object.parts = parts.map(Arc::new);
        }
    }

    /// An object has another key.
    pub(super) fn rename_parts(&mut self, old: &ObjectKey, new: &ObjectKey) {
        let says = |it: &Object| it.parts.as_ref().is_some_and(|it| it.values().any(|it| it.contains(old)));
        // User mappings are told apart by the names of their servers.
        let mapped =
            |it: &ObjectKey| old.kind == "SERVER" && it.kind == "USER MAPPING" && it.of == old.name.as_str();
        if self.catalog.objects.iter().any(|it| says(it.1) || mapped(it.0)) {
            let objects = Arc::make_mut(&mut self.catalog.objects);
            for object in objects.values_mut().filter(|it| says(it)) {
                let parts = object.parts.as_mut().map(Arc::make_mut);
                let all = parts.into_iter().flat_map(|it| it.values_mut()).flatten();
                all.filter(|it| *it == old).for_each(|it| *it = new.clone());
            }
            let moved: Vec<ObjectKey> = objects.keys().filter(|it| mapped(it)).cloned().collect();
            for key in moved {
                let Some(object) = objects.remove(&key) else { continue };
                let renamed = ObjectKey { of: new.name.as_str().into(), ..key.clone() };
                objects.insert(renamed.clone(), object);
                depend::rename_made(&mut self.catalog.depends, &key, &renamed);
            }
        }
    }

    // ---------------------------------------------------------- text search

    pub(super) fn define(&mut self, made: &Define) {
        let option = |name: &str| {
            made.options.iter().find(|it| it.name.last().is_some_and(|it| it.ident.as_str() == name))
        };
        // The template of a dictionary says which options it takes.
        let template = option("template").and_then(|it| it.value.as_deref());
        let template = template.filter(|_| made.kind == DICTIONARY).map(|it| {
            let name = it.rsplit('.').next().unwrap_or(it);
            QualifiedName { schema: Ident::new("pg_catalog"), name: Ident::from_source(name) }
        });
        self.make_object(made.kind, &made.name, "", template);
        if made.kind != CONFIGURATION {
            return;
        }
        let Some(key) = self.new_key(CONFIGURATION, &made.name, "") else { return };
        let parts = match (option("copy"), option("parser")) {
            (Some(copied), _) => self.copied_parts(copied.value.as_deref().unwrap_or("")),
            (None, Some(parser)) => {
                let value = parser.value.as_deref().unwrap_or("");
                let name = value.trim_start_matches("pg_catalog.").trim_matches('"');
                (name == "default").then(Parts::new)
            }
            _ => None,
        };
        self.keep_mapping(&key, parts);
    }

    /// The mappings of a configuration that another is a copy of.
    fn copied_parts(&self, text: &str) -> Option<Parts> {
        let part = |it| Name { ident: Ident::from_source(it), range: Default::default() };
        let name = QName { parts: text.split('.').map(part).collect() };
        if let Some(key) = self.object_key(CONFIGURATION, &name, "") {
            return self.catalog.objects.get(&key)?.parts.as_deref().cloned();
        }
        let builtin = pg::SEARCH_CONFIGURATIONS.contains(&name.last()?.ident.as_str());
        let all = pg::SEARCH_TOKENS.iter().filter(|it| it.1);
        builtin.then(|| all.map(|it| (SmolStr::new_static(it.0), Vec::new())).collect())
    }

    pub(super) fn map_tokens(&mut self, mapping: &SearchMapping) {
        let Some(key) = self.object_key(CONFIGURATION, &mapping.name, "") else { return };
        let Some(mut parts) = self.catalog.objects.get(&key).and_then(|it| it.parts.as_deref().cloned())
        else {
            return;
        };
        let mut dictionaries = Vec::new();
        for it in &mapping.dictionaries {
            dictionaries.extend(self.object_key(DICTIONARY, it, ""));
        }
        if let Some(replaced) = &mapping.replaced {
            let Some(old) = self.object_key(DICTIONARY, replaced, "") else {
                // Which token types one of PostgreSQL's own serves is not kept.
                for (_, all) in parts.iter_mut().filter(|it| concerns(mapping, it.0)) {
                    all.extend(dictionaries.iter().cloned());
                }
                return self.keep_mapping(&key, Some(parts));
            };
            for (_, all) in parts.iter_mut().filter(|it| concerns(mapping, it.0)) {
                if all.contains(&old) {
                    all.retain(|it| *it != old);
                    all.extend(dictionaries.iter().cloned());
                }
            }
            return self.keep_mapping(&key, Some(parts));
        }
        for token in &mapping.tokens {
            let name = SmolStr::new(token.ident.as_str());
            match mapping.change {
                OptionChange::Drop => parts.remove(&name),
                OptionChange::Add | OptionChange::Set => parts.insert(name, dictionaries.clone()),
            };
        }
        self.keep_mapping(&key, Some(parts));
    }

    fn keep_mapping(&mut self, key: &ObjectKey, parts: Option<Parts>) {
        let used: BTreeSet<Used> =
            parts.iter().flat_map(|it| it.values()).flatten().cloned().map(Used::Object).collect();
        Arc::make_mut(&mut self.catalog.depends).insert(Dependent::Object(key.clone()), used);
        self.set_parts(key, parts);
    }
}

/// Whether ALTER MAPPING … REPLACE is about a token type.
fn concerns(mapping: &SearchMapping, token: &str) -> bool {
    mapping.tokens.is_empty() || mapping.tokens.iter().any(|it| it.ident.as_str() == token)
}

/// What keeps the options of a foreign table.
pub fn table_key(table: &QualifiedName, column: Option<&Ident>) -> ObjectKey {
    ObjectKey {
        kind: "FOREIGN TABLE".into(),
        schema: table.schema.clone(),
        name: table.name.clone(),
        of: column.map_or("", |it| it.as_str()).into(),
    }
}
