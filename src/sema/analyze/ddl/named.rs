//! Statements that only name objects: each must be there.

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::{Relation, RelationKind, TypeKind, pg};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{Mention, MentionChange, Mentioned, RelationKind as Written};
use crate::sql::hir::{Name, QName};

use super::super::binder::Binder;
use super::super::relation::qualified;
use super::name::{Object, at, index_in, indexes, spelled};

/// Extensions that bring nothing for text search.
const WITHOUT_SEARCH: [&str; 10] = [
    "btree_gin",
    "btree_gist",
    "citext",
    "hstore",
    "ltree",
    "pg_stat_statements",
    "pg_trgm",
    "pgcrypto",
    "uuid-ossp",
    "vector",
];

/// Families of operator classes, of all access methods (`pg_opfamily`).
const FAMILIES: &str = "aclitem_ops array_ops bit_minmax_ops bit_ops bool_ops box_inclusion_ops box_ops \
    bpchar_bloom_ops bpchar_minmax_ops bpchar_ops bpchar_pattern_ops bytea_bloom_ops bytea_minmax_ops bytea_ops \
    char_bloom_ops char_minmax_ops char_ops cid_ops circle_ops date_ops datetime_bloom_ops \
    datetime_minmax_multi_ops datetime_minmax_ops datetime_ops enum_ops float_bloom_ops float_minmax_multi_ops \
    float_minmax_ops float_ops integer_bloom_ops integer_minmax_multi_ops integer_minmax_ops integer_ops \
    interval_bloom_ops interval_minmax_multi_ops interval_minmax_ops interval_ops jsonb_ops jsonb_path_ops \
    kd_point_ops macaddr8_bloom_ops macaddr8_minmax_multi_ops macaddr8_minmax_ops macaddr8_ops macaddr_bloom_ops \
    macaddr_minmax_multi_ops macaddr_minmax_ops macaddr_ops money_ops multirange_ops name_bloom_ops \
    name_minmax_ops network_bloom_ops network_inclusion_ops network_minmax_multi_ops network_minmax_ops \
    network_ops numeric_bloom_ops numeric_minmax_multi_ops numeric_minmax_ops numeric_ops oid_bloom_ops \
    oid_minmax_multi_ops oid_minmax_ops oid_ops oidvector_ops pg_lsn_bloom_ops pg_lsn_minmax_multi_ops \
    pg_lsn_minmax_ops pg_lsn_ops point_ops poly_ops quad_point_ops range_inclusion_ops range_ops \
    record_image_ops record_ops text_bloom_ops text_minmax_ops text_ops text_pattern_ops tid_bloom_ops \
    tid_minmax_multi_ops tid_minmax_ops tid_ops time_bloom_ops time_minmax_multi_ops time_minmax_ops time_ops \
    timestamp_ops timestamptz_ops timetz_bloom_ops timetz_minmax_multi_ops timetz_minmax_ops timetz_ops \
    tsquery_ops tsvector_ops uuid_bloom_ops uuid_minmax_multi_ops uuid_minmax_ops uuid_ops varbit_minmax_ops \
    varbit_ops xid8_ops xid_ops";

/// What extensions call theirs.
const BROUGHT: [&str; 8] = ["unaccent", "intdict", "xsyn", "zh", "jieba", "cfg", "mecab", "synonym"];

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
                    self.operator_settings(settings);
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

    /// An index of a table, by its bare name; `clusters`: rows are to be put in its order.
    pub fn index_of(&mut self, relation: &Arc<Relation>, name: &Name, clusters: bool) -> bool {
        if name.ident.is_dynamic() || !self.is_exact() || relation.open || self.catalog.gaps.keys {
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

    /// The rule that makes a view one.
    fn return_rule(&mut self, relation: &Relation, name: &Name, mention: &Mention) {
        if relation.kind != RelationKind::View || !self.is_certain(relation.origin) {
            return;
        }
        if mention.drops {
            let own = &relation.name;
            let message = format!("cannot drop rule _RETURN on view {own} because view {own} requires it");
            self.report(code::DEPENDENT_OBJECTS, name.range, message)
                .hint(format!("You can drop view {own} instead."));
        } else if matches!(mention.change, Some(MentionChange::Rename(_))) {
            let message = "renaming an ON SELECT rule is not allowed";
            self.report(code::INVALID_OBJECT_DEFINITION, name.range, message);
        }
    }

    /// Reports a rule that is not there. `true`: it is there, or may be.
    pub fn missing_rule(&mut self, relation: &Relation, name: &Name, if_exists: bool) -> bool {
        // Others' rules of the name do not matter where all of this relation's are known.
        let own = relation.rules.iter().any(|it| it.name == name.ident);
        let all_known = matches!(relation.origin, crate::catalog::Origin::Sql { .. });
        let known =
            |it: &(smol_str::SmolStr, Ident)| it.0 == "RULE" && it.1 == name.ident && (own || !all_known);
        let may_be = if_exists
            || !self.is_exact()
            || name.ident.is_dynamic()
            || name.ident.as_str() == "_RETURN"
            || self.catalog.gaps.relations
            || self.catalog.gaps.rules
            || self.catalog.others.iter().any(known);
        if !may_be {
            let message =
                format!("rule \"{}\" for relation \"{}\" does not exist", name.ident, relation.name);
            self.report(code::UNDEFINED_OBJECT, name.range, message);
        }
        may_be
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

    /// An operator class or family of an access method.
    pub fn operator_class(&mut self, method: &Name, name: &QName, if_exists: bool, words: &str) {
        if if_exists
            || self.missing_method(method)
            || !pg::access_methods().any(|it| it == method.ident.as_str())
        {
            return;
        }
        let Some(last) = name.last() else { return };
        let class = last.ident.as_str();
        let method = method.ident.as_str();
        let kind = if words == "family" { "OPERATOR FAMILY" } else { "OPERATOR CLASS" };
        let stem = |it: &'static str| it.strip_suffix("_ops").unwrap_or(it);
        // The names of families are not kept: `integer_ops` holds `int4_ops`, `datetime_ops` holds `date_ops`.
        let may_be = if_exists
            || !self.is_exact()
            || self.catalog.gaps.functions
            || self.catalog.others.contains(&(kind.into(), last.ident.clone()))
                && !self.surely_gone(kind, name, method)
                && !self.of_others_alone(kind, &last.ident, method)
            || self.catalog.extensions.values().any(|it| !it.known)
            || last.ident.is_dynamic()
            || words == "class" && pg::opclasses().iter().any(|it| it.name == class && it.method == method)
            || words == "family"
                && (FAMILIES.split_ascii_whitespace().any(|it| it == class)
                    || pg::opclasses().iter().any(|it| it.name == class || stem(it.name) == class))
            || pg::ext::names()
                .filter_map(pg::ext::extension)
                .any(|it| it.opclasses.iter().any(|it| it.name == class));
        if !may_be && !self.missing_schema(name, false) {
            let message = format!(
                "operator {words} \"{}\" does not exist for access method \"{method}\"",
                spelled(name)
            );
            self.report(code::UNDEFINED_OBJECT, at(name), message);
        }
    }

    /// Objects of the name are known, and all of them are of other access methods.
    fn of_others_alone(&self, kind: &str, name: &Ident, method: &str) -> bool {
        let all = self.catalog.objects.iter().filter(|it| it.0.kind == kind && it.0.name == *name);
        let mut there = all.filter(|it| !it.1.gone).map(|it| it.0.of.as_str()).peekable();
        there.peek().is_some() && there.all(|it| it != method)
    }

    /// PostgreSQL has none of its own.
    fn named_transform(&mut self, ty: &'a crate::sql::hir::TypeName, language: &QName, if_exists: bool) {
        let Some(last) = language.last().filter(|_| !if_exists) else { return };
        let crate::sema::Ty::Known(found) = self.type_name(ty) else { return };
        let builtin = matches!(last.ident.as_str(), "sql" | "plpgsql" | "c" | "internal");
        let made = self.catalog.others.iter().any(|it| it.0 == "TRANSFORM");
        if builtin && !made && !if_exists && self.is_exact() && !self.catalog.gaps.functions {
            let message = format!(
                "transform for type {} language \"{}\" does not exist",
                self.format_id(found.id),
                last.ident
            );
            self.report(code::UNDEFINED_OBJECT, at(language), message);
        }
    }

    /// DROP COLLATION of one that PostgreSQL cannot be without.
    fn system_collation(&mut self, name: &QName) {
        let Some(last) = name.last().filter(|_| self.is_exact()) else { return };
        let own = self.catalog.others.iter().any(|it| it.0 == "COLLATION" && it.1 == last.ident);
        let system = name.schema().is_none_or(|it| it.ident.as_str() == "pg_catalog");
        if system && !own && matches!(last.ident.as_str(), "default" | "C" | "POSIX" | "ucs_basic") {
            let message = format!(
                "cannot drop collation \"{}\" because it is required by the database system",
                last.ident
            );
            self.report(code::DEPENDENT_OBJECTS, at(name), message);
        }
    }

    /// Columns of tables that have a collation of the project's own.
    fn collation_in_use(&mut self, name: &QName) {
        let Some(last) = name.last().filter(|_| self.is_exact()) else { return };
        let own =
            self.catalog.objects.iter().filter(|it| it.0.kind == "COLLATION" && it.0.name == last.ident);
        if own.count() != 1 || pg::collation_exists(last.ident.as_str()) {
            return;
        }
        let uses = |it: &crate::catalog::Column| matches!(&it.collation, crate::catalog::Collation::Named(it) if it == last.ident.as_str());
        let is_table =
            |it: &Relation| matches!(it.kind, RelationKind::Table | RelationKind::PartitionedTable);
        let mut found = Vec::new();
        for (table, relation) in self.catalog.relations.iter().filter(|it| is_table(it.1)) {
            for column in relation.columns.iter().filter(|it| uses(it)) {
                let words = format!("column {} of table {}", column.name, relation.name);
                found.push(super::depend::Dependent { words, name: table.clone() });
            }
        }
        let words = format!("cannot drop collation {}", spelled(name));
        self.refuse_all(&found, at(name), &words);
    }

    /// An object of which only the names are kept.
    pub fn missing_other(&mut self, kind: &str, name: &QName, if_exists: bool, message: String) {
        // Dictionaries and templates.
        const BUILTIN: [&str; 6] = ["default", "synonym", "ispell", "thesaurus", "snowball", "polish"];
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
            || text_search && (BUILTIN.contains(&own) || pg::SEARCH_CONFIGURATIONS.contains(&own) || own.ends_with("_stem"))
            // Extensions bring some.
            || text_search && self.catalog.extensions.keys().any(|it| !WITHOUT_SEARCH.contains(&it.as_str()))
            || text_search && BROUGHT.iter().any(|it| own.contains(it))
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
        let gone = self.surely_gone("COLLATION", name, "");
        let may_be = if_exists
            || !self.is_exact()
            || last.ident.is_dynamic()
            || !gone && pg::may_be_locale(own)
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
