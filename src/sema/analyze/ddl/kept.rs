//! Objects of which little more than the names is kept: operator classes and families, transforms, collations, those of
//! text search. Whether one is missing.

use crate::base::text::TextRange;
use crate::catalog::{Relation, RelationKind, pg};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::{Name, QName};

use super::super::binder::Binder;
use super::name::{at, spelled};

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
    pub(super) fn named_transform(
        &mut self,
        ty: &'a crate::sql::hir::TypeName,
        language: &QName,
        if_exists: bool,
    ) {
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
    pub(super) fn system_collation(&mut self, name: &QName) {
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
    pub(super) fn collation_in_use(&mut self, name: &QName) {
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
