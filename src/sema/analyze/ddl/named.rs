//! Statements that only name objects: each must be there.

use std::sync::Arc;

use crate::catalog::{RelationKind, TypeKind, pg};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::QName;
use crate::sql::hir::ddl::{Mention, MentionChange, Mentioned, RelationKind as Written};

use super::super::binder::Binder;
use super::name::{Object, at, index_in, spelled};

impl<'a> Binder<'a> {
    pub fn named(&mut self, mentions: &'a [Mention]) {
        for mention in mentions {
            if mention.name.is_dynamic() || mention.name.parts.is_empty() {
                continue;
            }
            let n_problems = self.problems.len();
            self.mention(mention);
            if self.problems.len() == n_problems {
                self.object_changed(mention);
                self.object_dropped(mention);
            }
        }
    }

    fn mention(&mut self, mention: &'a Mention) {
        let (name, if_exists) = (&mention.name, mention.if_exists);
        if self.granted_type(&mention.what, name) {
            return;
        }
        if mention.drops && self.required_search(&mention.what, name) {
            return;
        }
        match &mention.what {
            Mentioned::Reindexed => self.reindexed(name),
            Mentioned::Trigger => self.mentioned_trigger(name),
            Mentioned::AlteredType => self.altered_type(name),
            Mentioned::OperatorClass(method) => self.operator_class(method, name, if_exists, "class"),
            Mentioned::OperatorFamily(method) => self.operator_class(method, name, if_exists, "family"),
            Mentioned::Operator(operator) => {
                if self.named_operator(operator, if_exists, mention.drops)
                    && let Some(MentionChange::Set(settings)) = &mention.change
                {
                    self.operator_settings(operator, settings);
                }
            }
            Mentioned::Conversion => {
                let builtin = name.last().is_some_and(|it| it.ident.as_str().contains("_to_"));
                if !builtin || self.surely_gone("CONVERSION", name, "") {
                    let message = format!("conversion \"{}\" does not exist", spelled(name));
                    self.missing_other("CONVERSION", name, if_exists, message);
                }
            }
            Mentioned::Transform(ty) => self.named_transform(ty, name, if_exists),
            Mentioned::Relation(written) => {
                self.mentioned_relation(*written, name, if_exists);
                if written.is_none() {
                    self.clustered_before(name);
                }
            }
            Mentioned::IndexOf(table) => {
                let Some(relation) = self.existing_relation(table, false) else { return };
                if let Some(last) = name.last() {
                    self.index_of(&relation, last, true);
                }
            }
            Mentioned::Function { object, args } => {
                if self.is_exact() {
                    let found = self.named_function(*object, name, args.as_deref(), if_exists);
                    if let (Some(found), Some(MentionChange::Clauses(clauses))) = (found, &mention.change) {
                        self.altered_clauses(&found, clauses);
                    }
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
                if !self.missing_collation(name, at(name), if_exists) && mention.drops {
                    self.system_collation(name);
                    if !mention.cascade {
                        self.collation_in_use(name);
                    }
                }
            }
            Mentioned::AccessMethod => {
                let Some(last) = name.last().filter(|_| !if_exists) else { return };
                let own = last.ident.as_str();
                let system = own == "heap" || pg::access_methods().any(|it| it == own);
                if mention.drops && system && self.is_exact() {
                    let message = format!(
                        "cannot drop access method {own} because it is required by the database system"
                    );
                    self.report(code::DEPENDENT_OBJECTS, last.range, message);
                } else {
                    self.missing_method(last);
                }
            }
            Mentioned::Statistics => {
                let message = format!("statistics object \"{}\" does not exist", spelled(name));
                self.missing_other("STATISTICS", name, if_exists, message);
                if let (Some(at), false) = (name.range(), mention.drops) {
                    self.target_too_low(at.end());
                }
            }
            Mentioned::Rule(table) => {
                let Some(relation) = self.existing_relation(table, if_exists) else { return };
                let Some(last) = name.last() else { return };
                if last.ident.as_str() == "_RETURN" {
                    self.return_rule(&relation, last, mention);
                } else if self.missing_rule(&relation, last, if_exists)
                    && let Some(change) = &mention.change
                {
                    self.rule_renamed(&relation, change);
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
                if let Some(MentionChange::Set(options)) = &mention.change {
                    self.altered_dictionary(mention, options);
                }
            }
            Mentioned::TextSearchConfiguration => {
                let message = format!("text search configuration \"{}\" does not exist", spelled(name));
                self.missing_other("TEXT SEARCH CONFIGURATION", name, if_exists, message);
            }
            Mentioned::New(kind) => {
                let reserved = *kind == "ROLE" && name.last().is_some_and(|it| self.reserved_role(it));
                if !reserved {
                    self.object_taken(kind, name, "");
                }
            }
            Mentioned::AnyConstraint => self.any_constraint(name),
            Mentioned::Language => self.hosted_object("LANGUAGE", mention),
            Mentioned::Hosted("LANGUAGE") if mention.drops => {
                let own = name.last().map_or("", |it| it.ident.as_str());
                if matches!(own, "sql" | "c" | "internal") && self.is_exact() {
                    let message =
                        format!("cannot drop language {own} because it is required by the database system");
                    self.report(code::DEPENDENT_OBJECTS, at(name), message);
                } else {
                    self.hosted_object("LANGUAGE", mention);
                }
            }
            Mentioned::Hosted(kind) => self.hosted_object(kind, mention),
            // Whether what a host installs is there, files do not tell.
            Mentioned::Extension => {}
        }
    }

    fn mentioned_relation(&mut self, written: Option<Written>, name: &'a QName, if_exists: bool) {
        let system = name.last().is_some_and(|it| it.ident.as_str().starts_with("pg_"))
            && name.schema().is_none_or(|it| matches!(it.ident.as_str(), "pg_catalog" | "pg_toast"));
        let reindexes = self.text.trim_start().get(..7).is_some_and(|it| it.eq_ignore_ascii_case("reindex"));
        if written == Some(Written::Index)
            && system
            && reindexes
            && self.says("concurrently")
            && self.is_exact()
        {
            let own = name.last().map(|it| it.ident.as_str().to_owned()).unwrap_or_default();
            // PostgreSQL's own names.
            if own.ends_with("_index") || own.starts_with("pg_toast_") {
                let message = "cannot reindex system catalogs concurrently";
                self.report(code::FEATURE_NOT_SUPPORTED, at(name), message);
            }
            return;
        }
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
            (Object::Index { .. }, Some(Written::Sequence)) if self.is_exact() => {
                let Some(last) = name.last() else { return };
                self.report(code::WRONG_OBJECT_TYPE, at(name), not("a sequence", &last.ident));
            }
            (Object::Relation(relation), Some(Written::Sequence))
                if relation.kind != RelationKind::Sequence && self.is_certain(relation.origin) =>
            {
                self.report(code::WRONG_OBJECT_TYPE, at(name), not("a sequence", &relation.name));
            }
            _ => {}
        }
    }

    /// REINDEX TABLE.
    fn reindexed(&mut self, name: &'a QName) {
        let shown = match self.object(name, false) {
            Object::Relation(it) if it.schema.as_str() == "pg_catalog" && self.says("concurrently") => {
                let message = "cannot reindex system catalogs concurrently";
                self.report(code::FEATURE_NOT_SUPPORTED, at(name), message);
                return;
            }
            Object::Missing => return self.missing_relation(name),
            Object::Relation(it) if self.is_certain(it.origin) => match it.kind {
                RelationKind::View | RelationKind::Sequence => it.name.clone(),
                _ => return,
            },
            Object::Index { origin, .. } if self.is_certain(origin) => match name.last() {
                Some(last) => last.ident.clone(),
                None => return,
            },
            _ => return,
        };
        let message = format!("\"{shown}\" is not a table or materialized view");
        self.report(code::WRONG_OBJECT_TYPE, at(name), message);
    }

    /// SET CONSTRAINTS: a constraint of any table.
    fn any_constraint(&mut self, name: &QName) {
        let Some(last) = name.last().filter(|_| self.is_exact() && !self.catalog.gaps.keys) else { return };
        if self.missing_schema(name, false) {
            return;
        }
        let own = &last.ident;
        let chosen = ["_fkey", "_key", "_pkey", "_excl", "_check", "_not_null"];
        let may_be = chosen.iter().any(|it| own.as_str().contains(it))
            || self.catalog.gaps.policies
            || self.catalog.gaps.relations
            || self.catalog.relations.values().any(|it| {
                it.open
                    || it.triggers.iter().any(|it| it == own.as_str())
                    || super::name::constraints(it).iter().any(|it| it.0.is_none_or(|it| it == own))
            });
        if !may_be {
            let message = format!("constraint \"{}\" does not exist", spelled(name));
            self.report(code::UNDEFINED_OBJECT, at(name), message);
        } else if self.says("deferred") {
            self.not_deferrable(name);
        }
    }

    /// Whether a word stands in the statement.
    pub fn says(&self, word: &str) -> bool {
        crate::sql::token::significant(self.text).iter().any(|it| it.is_word(self.text, word))
    }

    /// A trigger of a relation: the relation's parts, then the trigger's name.
    fn mentioned_trigger(&mut self, name: &QName) {
        let mut table = name.clone();
        let Some(own) = table.parts.pop().filter(|_| self.is_exact()) else { return };
        let Some(last) = table.last() else { return };
        if self.missing_schema(&table, false) {
            return;
        }
        let schema = table.schema().map(|it| &it.ident);
        match crate::catalog::lookup::relation(self.catalog, schema, &last.ident) {
            crate::catalog::lookup::Lookup::Found(it) => {
                let relation = Arc::clone(it);
                self.missing_inside(crate::sql::hir::ddl::ObjectKind::Trigger, &relation, &own);
            }
            crate::catalog::lookup::Lookup::Missing => {
                if index_in(self.catalog, &Ident::new("public"), &last.ident).is_none() {
                    self.missing_relation(&table);
                }
            }
            crate::catalog::lookup::Lookup::Unknown => {}
        }
    }

    /// ALTER TYPE … OWNER TO and its like.
    fn altered_type(&mut self, name: &QName) {
        let Some(id) = self.existing_type(name, false) else { return };
        let Some(info) = self.type_info(id).filter(|_| id.is_user() && self.is_exact()) else { return };
        let shown = self.format_id(id);
        match &info.kind {
            TypeKind::Composite { relation: Some(_), .. } => {
                let message = format!("{shown} is a table's row type");
                self.report(code::WRONG_OBJECT_TYPE, at(name), message).hint("Use ALTER TABLE instead.");
            }
            TypeKind::Array => {
                let message = format!("cannot alter array type {shown}");
                self.report(code::WRONG_OBJECT_TYPE, at(name), message);
            }
            TypeKind::Multirange { .. } => {
                let message = format!("cannot alter multirange type {shown}");
                self.report(code::WRONG_OBJECT_TYPE, at(name), message);
            }
            _ => {}
        }
    }
}
