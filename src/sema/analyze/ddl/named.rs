//! Statements that only name objects: each must be there.

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::{Relation, RelationKind, TypeKind, pg};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{Mention, Mentioned, RelationKind as Written};
use crate::sql::hir::{Name, QName};

use super::super::binder::Binder;
use super::super::relation::qualified;
use super::name::{Object, at, index_in, indexes, spelled};

impl<'a> Binder<'a> {
    pub fn named(&mut self, mentions: &'a [Mention]) {
        for mention in mentions {
            if !mention.name.is_dynamic() && !(mention.name.parts.is_empty()) {
                self.mention(mention);
            }
        }
    }

    fn mention(&mut self, mention: &'a Mention) {
        let (name, if_exists) = (&mention.name, mention.if_exists);
        match &mention.what {
            Mentioned::Relation(written) => self.mentioned_relation(*written, name, if_exists),
            Mentioned::IndexOf(table) => {
                let Some(relation) = self.existing_relation(table, false) else { return };
                if let Some(last) = name.last() {
                    self.index_of(&relation, last, true);
                }
            }
            Mentioned::Function { object, args } => {
                if self.is_exact() {
                    self.named_function(*object, name, args.as_deref(), if_exists);
                }
            }
            Mentioned::Type => {
                self.existing_type(name, if_exists);
            }
            Mentioned::Domain => {
                let Some(id) = self.existing_type(name, if_exists) else { return };
                let Some(info) = self.type_info(id) else { return };
                if !matches!(info.kind, TypeKind::Domain { .. } | TypeKind::Opaque) {
                    let shown = self.format_id(id);
                    self.report(code::WRONG_OBJECT_TYPE, at(name), format!("\"{shown}\" is not a domain"));
                }
            }
            Mentioned::Schema => {
                if let Some(last) = name.last() {
                    self.no_schema(last, last.range, if_exists);
                }
            }
            Mentioned::Collation => {
                self.missing_collation(name, at(name), if_exists);
            }
            Mentioned::AccessMethod => {
                if let Some(last) = name.last() {
                    self.missing_method(last);
                }
            }
            Mentioned::Statistics => {
                let message = format!("statistics object \"{}\" does not exist", spelled(name));
                self.missing_other("STATISTICS", name, if_exists, message);
            }
            Mentioned::Rule(table) => {
                let Some(relation) = self.existing_relation(table, if_exists) else { return };
                if let Some(last) = name.last() {
                    self.missing_rule(&relation, last, if_exists);
                }
            }
            Mentioned::TextSearchParser => {
                let message = format!("text search parser \"{}\" does not exist", spelled(name));
                self.missing_other("TEXT SEARCH PARSER", name, if_exists, message);
            }
            Mentioned::TextSearchTemplate => {
                let message = format!("text search template \"{}\" does not exist", spelled(name));
                self.missing_other("TEXT SEARCH TEMPLATE", name, if_exists, message);
            }
            Mentioned::TextSearchDictionary => {
                let message = format!("text search dictionary \"{}\" does not exist", spelled(name));
                self.missing_other("TEXT SEARCH DICTIONARY", name, if_exists, message);
            }
            Mentioned::TextSearchConfiguration => {
                let message = format!("text search configuration \"{}\" does not exist", spelled(name));
                self.missing_other("TEXT SEARCH CONFIGURATION", name, if_exists, message);
            }
            // Whether a role, a language or what a host installs is there, files do not tell.
            Mentioned::Extension | Mentioned::Language | Mentioned::New(_) => {}
        }
    }

    fn mentioned_relation(&mut self, written: Option<Written>, name: &'a QName, if_exists: bool) {
        let found = self.object(name, if_exists);
        let not = |words: &str, name: &Ident| format!("\"{name}\" is not {words}");
        match (found, written) {
            // Indexes of the system's tables and of exclusion constraints are not all known.
            (Object::Missing, Some(Written::Index))
                if name.last().is_some_and(|it| {
                    let name = it.ident.as_str();
                    name.starts_with("pg_") || name.contains("excl")
                }) => {}
            (Object::Missing, _) if !if_exists => self.missing_relation(name),
            (Object::Relation(relation), Some(Written::Index)) if self.is_certain(relation.origin) => {
                self.report(code::WRONG_OBJECT_TYPE, at(name), not("an index", &relation.name));
            }
            (Object::Relation(relation), Some(Written::Sequence))
                if relation.kind != RelationKind::Sequence && self.is_certain(relation.origin) =>
            {
                self.report(code::WRONG_OBJECT_TYPE, at(name), not("a sequence", &relation.name));
            }
            _ => {}
        }
    }

    /// An index of a table, by its bare name; `clusters`: rows are to be put in its order.
    pub fn index_of(&mut self, relation: &Arc<Relation>, name: &Name, clusters: bool) -> bool {
        if name.ident.is_dynamic() || !self.is_exact() || relation.open {
            return false;
        }
        if indexes(relation).any(|it| *it.0 == name.ident) {
            let found = relation.indexes.iter().find(|it| it.name.as_ref() == Some(&name.ident));
            if let Some(index) = found.filter(|_| clusters) {
                let message = if !matches!(index.method.as_str(), "btree" | "gist") {
                    let known = pg::access_methods().any(|it| it == index.method);
                    known.then(|| {
                        format!(
                            "cannot cluster on index \"{}\" because access method does not support clustering",
                            name.ident
                        )
                    })
                } else if index.predicate.is_some() {
                    Some(format!("cannot cluster on partial index \"{}\"", name.ident))
                } else {
                    None
                };
                if let Some(message) = message {
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                    return false;
                }
            }
            return true;
        }
        // Exclusion constraints without a name have one that is not known.
        if relation.indexes.iter().any(|it| it.name.is_none()) {
            return false;
        }
        let own = qualified(relation);
        let full = crate::catalog::QualifiedName { schema: own.schema, name: name.ident.clone() };
        let elsewhere = self.catalog.relations.contains_key(&full)
            || index_in(self.catalog, &full.schema, &full.name).is_some();
        if elsewhere {
            let message = format!("\"{}\" is not an index for table \"{}\"", name.ident, relation.name);
            self.report(code::WRONG_OBJECT_TYPE, name.range, message);
        } else {
            let message = format!("index \"{}\" for table \"{}\" does not exist", name.ident, relation.name);
            self.report(code::UNDEFINED_OBJECT, name.range, message);
        }
        false
    }

    pub fn missing_rule(&mut self, relation: &Relation, name: &Name, if_exists: bool) {
        let known = |it: &(smol_str::SmolStr, Ident)| it.0 == "RULE" && it.1 == name.ident;
        let may_be = if_exists
            || !self.is_exact()
            || name.ident.is_dynamic()
            || name.ident.as_str() == "_RETURN"
            || self.catalog.gaps.relations
            || self.catalog.others.iter().any(known);
        if !may_be {
            let message =
                format!("rule \"{}\" for relation \"{}\" does not exist", name.ident, relation.name);
            self.report(code::UNDEFINED_OBJECT, name.range, message);
        }
    }

    /// An object of which only the names are kept.
    fn missing_other(&mut self, kind: &str, name: &QName, if_exists: bool, message: String) {
        const BUILTIN: [&str; 36] = [
            "default",
            "simple",
            "arabic",
            "armenian",
            "basque",
            "catalan",
            "danish",
            "dutch",
            "english",
            "estonian",
            "finnish",
            "french",
            "german",
            "greek",
            "hindi",
            "hungarian",
            "indonesian",
            "irish",
            "italian",
            "lithuanian",
            "nepali",
            "norwegian",
            "portuguese",
            "romanian",
            "russian",
            "serbian",
            "spanish",
            "swedish",
            "tamil",
            "turkish",
            "yiddish",
            "synonym",
            "ispell",
            "thesaurus",
            "snowball",
            "polish",
        ];
        let Some(last) = name.last() else { return };
        let own = last.ident.as_str();
        let known = |it: &(smol_str::SmolStr, Ident)| it.0 == kind && it.1 == last.ident;
        let text_search = kind.starts_with("TEXT SEARCH");
        // Statistics without a name get one.
        let chosen =
            kind == "STATISTICS" && own.trim_end_matches(|it: char| it.is_ascii_digit()).ends_with("_stat");
        let may_be = if_exists
            || !self.is_exact()
            || chosen
            || self.catalog.gaps.relations
            || text_search && (BUILTIN.contains(&own) || own.ends_with("_stem"))
            // Extensions bring some.
            || text_search && !self.catalog.extensions.is_empty()
            || self.catalog.extensions.values().any(|it| !it.known)
            || self.catalog.others.iter().any(known);
        if !may_be && !self.missing_schema(name, false) {
            self.report(code::UNDEFINED_OBJECT, at(name), message);
        }
    }

    /// Reports a collation that no server has (`get_collation_oid`). What an operating system brings is not known: names
    /// that may be those of locales are left alone.
    pub fn missing_collation(&mut self, name: &QName, at: TextRange, if_exists: bool) -> bool {
        let Some(last) = name.last() else { return false };
        let own = last.ident.as_str();
        let known = |it: &(smol_str::SmolStr, Ident)| it.0 == "COLLATION" && it.1 == last.ident;
        let may_be = if_exists
            || !self.is_exact()
            || last.ident.is_dynamic()
            || may_be_locale(own)
            || pg::collation_exists(own)
            || self.catalog.extensions.values().any(|it| !it.known)
            || self.catalog.others.iter().any(known);
        if may_be || self.missing_schema(name, false) {
            return false;
        }
        let message = format!("collation \"{}\" for encoding \"UTF8\" does not exist", spelled(name));
        self.report(code::UNDEFINED_OBJECT, at, message);
        true
    }
}

/// `de_DE`, `de_DE.utf8`, `und-x-icu`, `German_Germany.1252`, and the names that `locale.alias` may give to locales.
fn may_be_locale(name: &str) -> bool {
    const ALIASES: [&str; 36] = [
        "bokmal",
        "catalan",
        "croatian",
        "czech",
        "danish",
        "dansk",
        "deutsch",
        "dutch",
        "eesti",
        "estonian",
        "finnish",
        "french",
        "galego",
        "galician",
        "german",
        "greek",
        "hebrew",
        "hrvatski",
        "hungarian",
        "icelandic",
        "italian",
        "japanese",
        "korean",
        "lithuanian",
        "norwegian",
        "nynorsk",
        "polish",
        "portuguese",
        "romanian",
        "russian",
        "slovak",
        "slovene",
        "slovenian",
        "spanish",
        "swedish",
        "turkish",
    ];
    let lower = name.to_ascii_lowercase();
    let language = lower.split(['_', '-', '.', '@']).next().unwrap_or("");
    !name.is_ascii()
        || name.contains(['-', '.', '@', ' '])
        || language.len() <= 3
        || ALIASES.contains(&lower.as_str())
        // `english_united states` and the like.
        || ALIASES.contains(&language)
        || matches!(language, "english" | "posix" | "ucs" | "unicode" | "default" | "chinese")
}
