//! Objects of which only the names are kept: whether a name is taken, or certainly gone (`report_namespace_conflict`).

use crate::base::text::TextRange;
use crate::catalog::fold;
use crate::catalog::object::{Object, ObjectKey, has_schema};
use crate::catalog::{Relation, lookup};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::QName;
use crate::sql::hir::ddl::{CreateEventTrigger, CreateRule, Mention, MentionChange, Mentioned};

use super::super::binder::Binder;
use super::name::{at, declared_here, spelled};

/// What PostgreSQL's messages call a kind of objects.
pub fn words(kind: &str) -> String {
    match kind {
        "STATISTICS" => "statistics object".to_owned(),
        "FOREIGN DATA WRAPPER" => "foreign-data wrapper".to_owned(),
        it => it.to_ascii_lowercase(),
    }
}

/// Its catalog does not look before: an index finds it.
fn index_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "TEXT SEARCH CONFIGURATION" => "pg_ts_config_cfgname_index",
        "TEXT SEARCH DICTIONARY" => "pg_ts_dict_dictname_index",
        "TEXT SEARCH PARSER" => "pg_ts_parser_prsname_index",
        "TEXT SEARCH TEMPLATE" => "pg_ts_template_tmplname_index",
        _ => return None,
    })
}

/// Whether event triggers know the tag of a command (`cmdtaglist.h`); `None`: there is none such.
fn is_tag(tag: &str) -> Option<bool> {
    const KINDS: &str = "access method|aggregate|cast|collation|constraint|conversion|default privileges|domain|extension|\
        foreign data wrapper|foreign table|function|index|language|large object|materialized view|operator|\
        operator class|operator family|owned|policy|procedure|publication|routine|rule|schema|sequence|server|\
        statistics|subscription|table|table as|text search configuration|text search dictionary|text search parser|\
        text search template|transform|trigger|type|user mapping|view";
    const OTHERS: &str = "comment|grant|revoke|import foreign schema|refresh materialized view|reindex|security label|\
        select into|login";
    const REFUSED: &str = "create database|alter database|drop database|create role|alter role|drop role|\
        create tablespace|alter tablespace|drop tablespace|create event trigger|alter event trigger|\
        drop event trigger|grant role|revoke role|alter system|analyze|reassign owned|select|insert|update|delete|\
        merge|copy|vacuum|truncate table|begin|commit|rollback|call|do|explain|set|reset|show|listen|notify|\
        lock table|cluster|discard all|load|prepare|execute|deallocate|declare cursor|fetch|move|close cursor|\
        savepoint|checkpoint";
    let among = |list: &str, word: &str| list.split('|').any(|it| it.trim() == word);
    if among(REFUSED, tag) {
        return Some(false);
    }
    let made = tag
        .split_once(' ')
        .is_some_and(|(verb, kind)| matches!(verb, "create" | "alter" | "drop") && among(KINDS, kind));
    (made || among(OTHERS, tag)).then_some(true)
}

impl<'a> Binder<'a> {
    /// The object of a key, if it is certainly there when the statement runs.
    pub fn certain_object(&self, key: &ObjectKey) -> Option<&'a Object> {
        self.catalog.objects.get(key).filter(|it| !it.gone && self.is_certain(it.origin))
    }

    /// CREATE of an object whose name is taken.
    pub fn object_taken(&mut self, kind: &str, name: &QName, of: &str) -> bool {
        let Some(last) = name.last().filter(|_| !name.is_dynamic()) else { return false };
        let schema = match has_schema(kind) {
            true => match fold::created_name(self.catalog, name, false) {
                Some(it) => it.schema,
                None => return false,
            },
            false => Ident::new(""),
        };
        let key = ObjectKey { kind: kind.into(), schema, name: last.ident.clone(), of: of.into() };
        let Some(origin) = self.certain_object(&key).map(|it| it.origin) else { return false };
        let words = words(kind);
        let (code, message) = match kind {
            "OPERATOR" => (code::DUPLICATE_FUNCTION, format!("operator {} already exists", last.ident)),
            "OPERATOR CLASS" | "OPERATOR FAMILY" => {
                let message = format!("{words} \"{}\" for access method \"{of}\" already exists", last.ident);
                (code::DUPLICATE_OBJECT, message)
            }
            _ => match index_of(kind) {
                Some(index) => (
                    code::UNIQUE_VIOLATION,
                    format!("duplicate key value violates unique constraint \"{index}\""),
                ),
                None => (code::DUPLICATE_OBJECT, format!("{words} \"{}\" already exists", last.ident)),
            },
        };
        let related = declared_here(&last.ident, origin);
        self.report(code, at(name), message).related.extend(related);
        true
    }

    /// The key of an object that a name means, if it is known.
    pub(super) fn object_key(&self, kind: &str, name: &QName, of: &str) -> Option<ObjectKey> {
        let last = name.last()?;
        let schemas: Vec<Ident> = match (has_schema(kind), name.schema()) {
            (false, _) => vec![Ident::new("")],
            (true, Some(schema)) => vec![schema.ident.clone()],
            (true, None) => lookup::effective_path(self.catalog).into_iter().map(Ident::new).collect(),
        };
        let keys = schemas.into_iter().map(|schema| ObjectKey {
            kind: kind.into(),
            schema,
            name: last.ident.clone(),
            of: of.into(),
        });
        let all: Vec<ObjectKey> = keys.filter(|it| self.catalog.objects.contains_key(it)).collect();
        let there = |it: &&ObjectKey| self.catalog.objects.get(*it).is_some_and(|it| !it.gone);
        all.iter().find(there).or(all.first()).cloned()
    }

    /// Whether the project's scripts have dropped it.
    pub fn surely_gone(&self, kind: &str, name: &QName, of: &str) -> bool {
        let key = self.object_key(kind, name, of);
        self.is_exact()
            && !self.catalog.gaps.relations
            && key.and_then(|it| self.catalog.objects.get(&it)).is_some_and(|it| it.gone)
    }

    /// An object of a kind that the project does not make alone.
    pub fn hosted_object(&mut self, kind: &str, mention: &Mention) {
        if !mention.if_exists && self.surely_gone(kind, &mention.name, "") {
            let message = format!("{} \"{}\" does not exist", words(kind), spelled(&mention.name));
            self.report(code::UNDEFINED_OBJECT, at(&mention.name), message);
        }
    }

    /// What ALTER does to an object that is there, or may be.
    pub fn object_changed(&mut self, mention: &'a Mention) {
        let Some(change) = &mention.change else { return };
        if let MentionChange::Schema(schema) = change
            && self.no_schema(schema, schema.range, false)
        {
            return;
        }
        let Some(kind) = mention.what.kind() else { return };
        let of = match &mention.what {
            Mentioned::OperatorClass(method) | Mentioned::OperatorFamily(method) => method.ident.as_str(),
            Mentioned::Operator(_) => return,
            _ => "",
        };
        let Some(old) = self.object_key(kind, &mention.name, of) else { return };
        let (new, place) = match change {
            MentionChange::Rename(to) => (ObjectKey { name: to.ident.clone(), ..old }, to.range),
            MentionChange::Schema(to) if to.ident != old.schema => {
                (ObjectKey { schema: to.ident.clone(), ..old }, to.range)
            }
            _ => return,
        };
        let Some(origin) = self.certain_object(&new).map(|it| it.origin) else { return };
        self.conflict(&new, place, origin);
    }

    /// DROP of what others were made of.
    pub fn object_dropped(&mut self, mention: &'a Mention) {
        let Some(kind) = mention.what.kind().filter(|_| mention.drops && !mention.cascade && self.is_exact())
        else {
            return;
        };
        let (of, name) = match &mention.what {
            Mentioned::OperatorClass(method) | Mentioned::OperatorFamily(method) => {
                let shown = format!("{} for access method {}", spelled(&mention.name), method.ident);
                (method.ident.as_str().to_owned(), shown)
            }
            Mentioned::Operator(operator) => {
                let side = |it: &Option<crate::sql::hir::TypeName>| match it {
                    Some(ty) => lookup::type_name(self.catalog, ty, &self.stmt.exprs).ok().map(Some),
                    None => Some(None),
                };
                let (Some(left), Some(right)) = (side(&operator.left), side(&operator.right)) else { return };
                let shown = |it: Option<crate::catalog::Type>| {
                    it.map_or_else(|| "NONE".to_owned(), |it| self.format_id(it.id))
                };
                let words = format!("{}({},{})", operator.op.op, shown(left), shown(right));
                (fold::sides(left, right), words)
            }
            _ => (String::new(), spelled(&mention.name)),
        };
        let Some(key) = self.object_key(kind, &mention.name, &of) else { return };
        let found = self.dependents(&super::depend::Subject::Object(key));
        let words = format!("cannot drop {} {name}", words(kind));
        self.refuse_all(&found, at(&mention.name), &words);
    }

    fn conflict(&mut self, key: &ObjectKey, place: TextRange, origin: crate::catalog::Origin) {
        let (words, name) = (words(&key.kind), &key.name);
        let message = match (has_schema(&key.kind), key.of.is_empty()) {
            (false, _) => format!("{words} \"{name}\" already exists"),
            (true, true) => format!("{words} \"{name}\" already exists in schema \"{}\"", key.schema),
            (true, false) => format!(
                "{words} \"{name}\" for access method \"{}\" already exists in schema \"{}\"",
                key.of, key.schema
            ),
        };
        let related = declared_here(name, origin);
        self.report(code::DUPLICATE_OBJECT, place, message).related.extend(related);
    }

    /// RENAME of a role.
    pub fn role_renamed(&mut self, name: &QName, to: &crate::sql::hir::Name) {
        if self.surely_gone("ROLE", name, "") {
            let message = format!("role \"{}\" does not exist", spelled(name));
            self.report(code::UNDEFINED_OBJECT, at(name), message);
            return;
        }
        if self.reserved_role(to) {
            return;
        }
        let new = QName { parts: vec![to.clone()] };
        self.object_taken("ROLE", &new, "");
    }

    /// `pg_…` is PostgreSQL's own.
    pub fn reserved_role(&mut self, name: &crate::sql::hir::Name) -> bool {
        let reserved = name.ident.as_str().starts_with("pg_");
        if reserved {
            let message = format!("role name \"{}\" is reserved", name.ident);
            self.report(code::RESERVED_NAME, name.range, message);
        }
        reserved
    }

    /// A rule of a relation that is there already.
    pub fn rule_taken(&mut self, rule: &CreateRule, relation: &Relation) {
        let name = &rule.name;
        let found = relation.rules.iter().find(|it| it.name == name.ident);
        let Some(found) = found.filter(|it| !rule.or_replace && self.is_certain(it.origin)) else { return };
        let message = format!("rule \"{}\" for relation \"{}\" already exists", name.ident, relation.name);
        let related = declared_here(&name.ident, found.origin);
        self.report(code::DUPLICATE_OBJECT, name.range, message).related.extend(related);
    }

    /// RENAME of a rule.
    pub fn rule_renamed(&mut self, relation: &Relation, change: &MentionChange) {
        let MentionChange::Rename(to) = change else { return };
        let found = relation.rules.iter().find(|it| it.name == to.ident);
        let Some(origin) = found.map(|it| it.origin).filter(|it| self.is_certain(*it)) else { return };
        let message = format!("rule \"{}\" for relation \"{}\" already exists", to.ident, relation.name);
        let related = declared_here(&to.ident, origin);
        self.report(code::DUPLICATE_OBJECT, to.range, message).related.extend(related);
    }

    /// `CreateEventTrigger`.
    pub fn create_event_trigger(&mut self, create: &'a CreateEventTrigger) {
        const EVENTS: [&str; 5] =
            ["ddl_command_start", "ddl_command_end", "sql_drop", "login", "table_rewrite"];
        let event = create.event.ident.as_str();
        if create.event.ident.is_dynamic() || create.name.ident.is_dynamic() {
            return;
        }
        if !EVENTS.contains(&event) {
            let message = format!("unrecognized event name \"{event}\"");
            self.report(code::SYNTAX_ERROR, create.event.range, message);
            return;
        }
        let mut seen = false;
        for (variable, values) in &create.filters {
            let name = variable.ident.as_str();
            if name != "tag" {
                let message = format!("unrecognized filter variable \"{name}\"");
                self.report(code::SYNTAX_ERROR, variable.range, message);
                return;
            }
            if std::mem::replace(&mut seen, true) {
                let message = "filter variable \"tag\" specified more than once";
                self.report(code::SYNTAX_ERROR, variable.range, message);
                return;
            }
            for (value, range) in values {
                if event == "login" {
                    continue;
                }
                let tag = value.to_ascii_lowercase();
                let rewrites =
                    matches!(tag.as_str(), "alter table" | "alter type" | "alter materialized view");
                if event == "table_rewrite" && !rewrites && is_tag(&tag).is_some() {
                    let message =
                        format!("event triggers are not supported for {}", value.to_ascii_uppercase());
                    self.report(code::FEATURE_NOT_SUPPORTED, *range, message);
                    return;
                }
                let message = match is_tag(&value.to_ascii_lowercase()) {
                    Some(true) => continue,
                    Some(false) => {
                        let tag = value.to_ascii_uppercase();
                        let message = format!("event triggers are not supported for {tag}");
                        self.report(code::FEATURE_NOT_SUPPORTED, *range, message);
                        return;
                    }
                    None => format!("filter value \"{value}\" not recognized for filter variable \"tag\""),
                };
                self.report(code::SYNTAX_ERROR, *range, message);
                return;
            }
        }
        if seen && event == "login" {
            let message = "tag filtering is not supported for login event triggers";
            self.report(code::FEATURE_NOT_SUPPORTED, create.event.range, message);
            return;
        }
        let name = QName { parts: vec![create.name.clone()] };
        if !self.object_taken("EVENT TRIGGER", &name, "") {
            self.trigger_function(&create.function, true);
        }
    }
}
