//! Text search: parsers, templates, dictionaries, configurations and their mappings (`tsearchcmds.c`).

use crate::catalog::object::ObjectKey;
use crate::catalog::pg;
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::QName;
use crate::sql::hir::ddl::{Define, Mention, Mentioned, OptionChange, SearchMapping, Setting};

use super::super::binder::Binder;
use super::define::{named, path};
use super::name::{at, spelled};

const CONFIGURATION: &str = "TEXT SEARCH CONFIGURATION";
const DICTIONARY: &str = "TEXT SEARCH DICTIONARY";

/// A template of dictionaries: the options that it takes, those that must be there first, and how messages name it.
struct Template {
    name: &'static str,
    shown: &'static str,
    options: &'static [&'static str],
    required: &'static [(&'static str, &'static str)],
}

/// `dict_simple.c`, `dict_snowball.c`, `dict_synonym.c`, `dict_ispell.c`, `dict_thesaurus.c`.
const TEMPLATES: [Template; 5] = [
    Template { name: "simple", shown: "simple dictionary", options: &["stopwords", "accept"], required: &[] },
    Template {
        name: "snowball",
        shown: "Snowball",
        options: &["stopwords", "language"],
        required: &[("language", "Language")],
    },
    Template {
        name: "synonym",
        shown: "synonym",
        options: &["synonyms", "casesensitive"],
        required: &[("synonyms", "Synonyms")],
    },
    Template {
        name: "ispell",
        shown: "Ispell",
        options: &["dictfile", "afffile", "stopwords"],
        required: &[("afffile", "AffFile"), ("dictfile", "DictFile")],
    },
    Template {
        name: "thesaurus",
        shown: "Thesaurus",
        options: &["dictfile", "dictionary"],
        required: &[("dictfile", "DictFile"), ("dictionary", "Dictionary")],
    },
];

/// The methods of a parser or template: which must be there, and what they take.
type Method = (&'static str, bool, &'static [&'static str]);
const PARSER: [Method; 5] = [
    ("start", true, &["internal", "int4"]),
    ("gettoken", true, &["internal", "internal", "internal"]),
    ("end", true, &["internal"]),
    ("headline", false, &["internal", "internal", "internal"]),
    ("lextypes", true, &["internal"]),
];
const TEMPLATE: [Method; 2] =
    [("init", false, &["internal"]), ("lexize", true, &["internal", "internal", "internal", "internal"])];

impl<'a> Binder<'a> {
    pub(super) fn define_text_search(&mut self, made: &'a Define) {
        match made.kind {
            CONFIGURATION => self.define_configuration(made),
            DICTIONARY => self.define_dictionary(made),
            "TEXT SEARCH PARSER" => self.define_methods(made, "text search parser", &PARSER),
            _ => self.define_methods(made, "text search template", &TEMPLATE),
        }
    }

    fn define_methods(&mut self, made: &'a Define, words: &str, methods: &[Method]) {
        let known: Vec<&str> = methods.iter().map(|it| it.0).collect();
        for option in &made.options {
            let Some(word) = option.name.last().filter(|it| !it.ident.is_dynamic()) else { continue };
            let Some((_, _, types)) = methods.iter().find(|it| it.0 == word.ident.as_str()) else {
                self.unknown_option(&made.options, &known, |it| {
                    format!("{words} parameter \"{it}\" not recognized")
                });
                return;
            };
            if path(option).is_some_and(|it| self.no_function(&it, types)) {
                return;
            }
        }
        let lacking = methods.iter().find(|it| it.1 && named(&made.options, it.0).is_none());
        if let Some((method, ..)) = lacking {
            let message = format!("{words} {method} method is required");
            self.report(code::INVALID_OBJECT_DEFINITION, at(&made.name), message);
            return;
        }
        self.object_taken(made.kind, &made.name, "");
    }

    fn define_configuration(&mut self, made: &'a Define) {
        if self.unknown_option(&made.options, &["parser", "copy"], |it| {
            format!("text search configuration parameter \"{it}\" not recognized")
        }) {
            return;
        }
        for option in &made.options {
            let (Some(word), Some(name)) = (option.name.last(), path(option)) else { continue };
            let missing = match word.ident.as_str() {
                "copy" => self.missing_search(CONFIGURATION, &name),
                _ => self.missing_search("TEXT SEARCH PARSER", &name),
            };
            if missing {
                return;
            }
        }
        let has = |it: &str| named(&made.options, it).is_some();
        if has("copy") && has("parser") {
            let message = "cannot specify both PARSER and COPY options";
            self.report(code::SYNTAX_ERROR, at(&made.name), message);
        } else if !has("copy") && !has("parser") && !made.options.is_empty() {
            let message = "text search parser is required";
            self.report(code::INVALID_OBJECT_DEFINITION, at(&made.name), message);
        } else {
            self.object_taken(made.kind, &made.name, "");
        }
    }

    fn define_dictionary(&mut self, made: &'a Define) {
        let template = named(&made.options, "template").and_then(path);
        if let Some(template) = &template
            && self.missing_search("TEXT SEARCH TEMPLATE", template)
        {
            return;
        }
        if named(&made.options, "template").is_none() {
            if !made.options.is_empty() {
                let message = "text search template is required";
                self.report(code::INVALID_OBJECT_DEFINITION, at(&made.name), message);
            }
            return;
        }
        let own = template.as_ref().and_then(|it| it.last()).map(|it| it.ident.clone());
        if let Some(own) = own
            && self.dictionary_options(&own, &made.options, Some(&made.name))
        {
            return;
        }
        self.object_taken(made.kind, &made.name, "");
    }

    /// What a template says of the options of a dictionary (`verify_dictoptions`); of a new one, some must be there.
    fn dictionary_options(&mut self, template: &Ident, options: &[Setting], made: Option<&QName>) -> bool {
        let own =
            self.catalog.objects.keys().any(|it| it.kind == "TEXT SEARCH TEMPLATE" && it.name == *template);
        let Some(template) = TEMPLATES.iter().find(|it| it.name == template.as_str() && !own) else {
            return false;
        };
        for (idx, option) in options.iter().enumerate() {
            let Some(word) = option.name.last().filter(|it| !it.ident.is_dynamic()) else { return false };
            let name = word.ident.as_str();
            if name == "template" {
                continue;
            }
            if !template.options.contains(&name) {
                let message = format!("unrecognized {} parameter: \"{name}\"", template.shown);
                self.report(code::INVALID_PARAMETER_VALUE, word.range, message);
                return true;
            }
            let twice =
                options.iter().take(idx).any(|it| it.name.last().is_some_and(|it| it.ident.as_str() == name));
            if twice && made.is_some() {
                let required = template.required.iter().find(|it| it.0 == name).map(|it| it.1);
                let shown = required.unwrap_or(if name == "accept" { "Accept" } else { "StopWords" });
                let message = format!("multiple {shown} parameters");
                self.report(code::INVALID_PARAMETER_VALUE, word.range, message);
                return true;
            }
            let value = option.value.as_deref().unwrap_or("").trim_matches('"');
            if matches!(name, "accept" | "casesensitive")
                && option.value.is_some()
                && !matches!(value.to_ascii_lowercase().as_str(), "true" | "false" | "on" | "off" | "0" | "1")
            {
                let message = format!("{name} requires a Boolean value");
                self.report(code::SYNTAX_ERROR, option.value_range, message);
                return true;
            }
            let language = value.to_ascii_lowercase();
            if name == "language"
                && option.value.is_some()
                && language != "porter"
                && (language == "simple" || !pg::SEARCH_CONFIGURATIONS.contains(&language.as_str()))
            {
                let message =
                    format!("no Snowball stemmer available for language \"{value}\" and encoding \"UTF8\"");
                self.report(code::UNDEFINED_OBJECT, option.value_range, message);
                return true;
            }
        }
        let Some(name) = made else { return false };
        let lacking = template.required.iter().find(|it| named(options, it.0).is_none());
        if let Some((_, shown)) = lacking {
            let message = format!("missing {shown} parameter");
            self.report(code::INVALID_PARAMETER_VALUE, at(name), message);
        }
        lacking.is_some()
    }

    /// `ALTER TEXT SEARCH DICTIONARY d (…)`.
    pub(super) fn altered_dictionary(&mut self, mention: &'a Mention, options: &[Setting]) {
        let Some(key) = self.object_key(DICTIONARY, &mention.name, "") else { return };
        let template = self.certain_object(&key).and_then(|it| it.on.as_ref()).map(|it| it.name.clone());
        if let Some(template) = template {
            self.dictionary_options(&template, options, None);
        }
    }

    /// Reports what is not there.
    fn missing_search(&mut self, kind: &str, name: &QName) -> bool {
        let message = format!("{} \"{}\" does not exist", kind.to_ascii_lowercase(), spelled(name));
        let n_problems = self.problems.len();
        self.missing_other(kind, name, false, message);
        self.problems.len() > n_problems
    }

    /// `MakeConfigurationMapping`, `DropConfigurationMapping`.
    pub(super) fn search_mapping(&mut self, mapping: &'a SearchMapping) {
        if mapping.name.is_dynamic() || self.missing_search(CONFIGURATION, &mapping.name) {
            return;
        }
        let key = self.object_key(CONFIGURATION, &mapping.name, "");
        let parts = key.and_then(|it| self.certain_object(&it)).and_then(|it| it.parts.clone());
        let builtin = mapping.name.last().is_some_and(|it| {
            pg::SEARCH_CONFIGURATIONS.contains(&it.ident.as_str())
                && !self.catalog.others.iter().any(|own| own.0 == CONFIGURATION && own.1 == it.ident)
        });
        // Only of the default parser the token types are known.
        if parts.is_some() || builtin {
            for token in mapping.tokens.iter().filter(|it| !it.ident.is_dynamic()) {
                let own = token.ident.as_str();
                if !pg::SEARCH_TOKENS.iter().any(|it| it.0 == own) {
                    let message = format!("token type \"{own}\" does not exist");
                    self.report(code::INVALID_PARAMETER_VALUE, token.range, message);
                    return;
                }
            }
        }
        for dictionary in mapping.replaced.iter().chain(&mapping.dictionaries) {
            if self.missing_search(DICTIONARY, dictionary) {
                return;
            }
        }
        let Some(parts) = parts.filter(|_| self.is_exact()) else { return };
        for token in &mapping.tokens {
            let own = token.ident.as_str();
            let there = parts.contains_key(own);
            match mapping.change {
                OptionChange::Add if there => {
                    let message = "duplicate key value violates unique constraint \"pg_ts_config_map_index\"";
                    self.report(code::UNIQUE_VIOLATION, token.range, message)
                        .hint("The token type is mapped already: ALTER MAPPING changes that.");
                    return;
                }
                OptionChange::Drop if !there && !mapping.if_exists => {
                    let message = format!("mapping for token type \"{own}\" does not exist");
                    self.report(code::UNDEFINED_OBJECT, token.range, message);
                    return;
                }
                _ => {}
            }
        }
    }

    /// DROP of what PostgreSQL cannot be without: what initdb makes first.
    pub(super) fn required_search(&mut self, what: &Mentioned, name: &QName) -> bool {
        let Some(last) = name.last().filter(|_| self.is_exact()) else { return false };
        let own = last.ident.as_str();
        let (kind, required) = match what {
            Mentioned::TextSearchParser => ("TEXT SEARCH PARSER", own == "default"),
            Mentioned::TextSearchTemplate => {
                ("TEXT SEARCH TEMPLATE", matches!(own, "simple" | "synonym" | "ispell" | "thesaurus"))
            }
            Mentioned::TextSearchDictionary => (DICTIONARY, own == "simple"),
            Mentioned::TextSearchConfiguration => (CONFIGURATION, own == "simple"),
            _ => return false,
        };
        let is_own = |it: &ObjectKey| it.kind == kind && it.name == last.ident;
        if !required || self.catalog.objects.keys().any(is_own) {
            return false;
        }
        let words = kind.to_ascii_lowercase();
        let message = format!(
            "cannot drop {words} {} because it is required by the database system",
            last.ident.quoted()
        );
        self.report(code::DEPENDENT_OBJECTS, at(name), message);
        true
    }
}
