//! GRANT, REVOKE and ALTER DEFAULT PRIVILEGES: which privilege is for what (`ExecuteGrantStmt`, `ExecGrant_Relation`,
//! `ExecAlterDefaultPrivilegesStmt`). PostgreSQL tells no place; ours is the privilege.

use crate::catalog::{Relation, RelationKind};
use crate::sema::code;
use crate::sql::hir::Name;
use crate::sql::hir::ddl::{Grant, Mentioned};

use super::super::binder::Binder;

const ALL: [&str; 16] = [
    "insert",
    "select",
    "update",
    "delete",
    "truncate",
    "references",
    "trigger",
    "execute",
    "usage",
    "create",
    "temporary",
    "temp",
    "connect",
    "set",
    "alter",
    "maintain",
];
const RELATION: &[&str] =
    &["insert", "select", "update", "delete", "truncate", "references", "trigger", "maintain"];
const SEQUENCE: &[&str] = &["usage", "select", "update"];
const COLUMN: &[&str] = &["insert", "select", "update", "references"];

/// The rights that there are on a kind of object.
fn rights(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "sequence" => SEQUENCE,
        "function" | "procedure" | "routine" => &["execute"],
        "schema" => &["usage", "create"],
        "type" | "domain" | "language" | "foreign server" | "foreign-data wrapper" => &["usage"],
        "database" => &["create", "temporary", "temp", "connect"],
        "tablespace" => &["create"],
        "parameter" => &["set", "alter"],
        "large object" => &["select", "update"],
        _ => return None,
    })
}

impl<'a> Binder<'a> {
    pub fn grant(&mut self, grant: &'a Grant) {
        if !grant.default {
            self.named(&grant.objects);
        }
        // `GRANT … ON TABLES` as a default is for tables alone.
        let (allowed, words) = match (grant.kind, grant.default) {
            ("", _) => return,
            ("relation", true) => (RELATION.to_vec(), "relation"),
            ("relation", false) => (RELATION.iter().chain(SEQUENCE).copied().collect(), "relation"),
            (kind, _) => (rights(kind).unwrap_or_default().to_vec(), kind),
        };
        let n_problems = self.problems.len();
        for (name, columns) in &grant.privileges {
            if !columns.is_empty() && grant.default {
                let message = "default privileges cannot be set for columns";
                self.report(code::INVALID_GRANT, name.range, message);
                return;
            }
            if !columns.is_empty() && grant.kind != "relation" {
                let message = "column privileges are only valid for relations";
                self.report(code::INVALID_GRANT, name.range, message);
                continue;
            }
            self.privilege(name, &allowed, words);
        }
        if !grant.default && self.problems.len() == n_problems {
            self.usage_of_tables(grant);
            self.granted_to_public();
        }
        if !grant.default || self.problems.len() > n_problems {
            return;
        }
        self.named(&grant.objects);
        let whole = matches!(grant.kind, "schema" | "large object");
        if self.problems.len() == n_problems && whole && !grant.objects.is_empty() {
            let words = if grant.kind == "schema" { "SCHEMAS" } else { "LARGE OBJECTS" };
            let message = format!("cannot use IN SCHEMA clause when using GRANT/REVOKE ON {words}");
            let place = grant.objects.first().and_then(|it| it.name.range()).unwrap_or_default();
            self.report(code::INVALID_GRANT, place, message);
        }
    }

    /// `GRANT USAGE ON ALL TABLES IN SCHEMA s`, where there are tables.
    fn usage_of_tables(&mut self, grant: &Grant) {
        let usage = grant.privileges.iter().find(|it| it.0.ident.as_str() == "usage");
        let Some((name, _)) = usage.filter(|_| grant.kind == "relation" && self.is_exact()) else { return };
        let schemas = grant.objects.iter().filter(|it| it.what == Mentioned::Schema);
        let schemas: Vec<_> = schemas.filter_map(|it| it.name.last()).map(|it| &it.ident).collect();
        let is_table = |it: &Relation| {
            it.kind != RelationKind::Sequence && schemas.contains(&&it.schema) && self.is_certain(it.origin)
        };
        if self.catalog.relations.values().any(|it| is_table(it)) {
            self.report(code::INVALID_GRANT, name.range, "invalid privilege type USAGE for table");
        }
    }

    /// `GRANT … TO PUBLIC WITH GRANT OPTION` (`merge_acl_with_grant`).
    pub fn granted_to_public(&mut self) {
        let text = self.text;
        let tokens = crate::sql::token::significant(text);
        let is = |idx: usize, word: &str| tokens.get(idx).is_some_and(|it| it.is_word(text, word));
        let Some(with) = tokens.len().checked_sub(3).filter(|_| is(0, "grant")) else { return };
        if !is(with, "with") || !is(with + 1, "grant") || !is(with + 2, "option") {
            return;
        }
        let Some(to) = tokens.iter().rposition(|it| it.is_word(text, "to")) else { return };
        let public = tokens.get(to..with).unwrap_or_default().iter().find(|it| it.is_word(text, "public"));
        if let Some(public) = public {
            let message = "grant options can only be granted to roles";
            self.report(code::INVALID_GRANT, public.range, message);
        }
    }

    fn privilege(&mut self, name: &Name, allowed: &[&str], words: &str) {
        let word = name.ident.as_str();
        if name.ident.is_dynamic() || word.is_empty() || word == "rule" {
            return;
        }
        if !ALL.contains(&word) {
            let message = format!("unrecognized privilege type \"{word}\"");
            self.report(code::SYNTAX_ERROR, name.range, message);
        } else if !allowed.contains(&word) {
            let shown = match word {
                "temp" => "TEMP".to_owned(),
                "temporary" => "TEMP".to_owned(),
                "alter" => "ALTER SYSTEM".to_owned(),
                _ => word.to_ascii_uppercase(),
            };
            let message = format!("invalid privilege type {shown} for {words}");
            self.report(code::INVALID_GRANT, name.range, message);
        }
    }

    /// The privileges of a GRANT on tables, before the tables are looked at.
    pub fn table_privileges(&mut self, privileges: &[(Name, Vec<Name>)]) {
        let all: Vec<&str> = RELATION.iter().chain(SEQUENCE).copied().collect();
        for (name, columns) in privileges {
            match columns.is_empty() {
                true => self.privilege(name, &all, "relation"),
                false => self.privilege(name, COLUMN, "column"),
            }
        }
    }

    /// Privileges on a relation that is there.
    pub fn relation_privileges(&mut self, relation: &Relation, privileges: &'a [(Name, Vec<Name>)]) {
        for (name, columns) in privileges {
            // Of sequences more is said in a warning.
            if columns.is_empty() && relation.kind != RelationKind::Sequence && name.ident.as_str() == "usage"
            {
                self.report(code::INVALID_GRANT, name.range, "invalid privilege type USAGE for table");
            }
            for column in columns {
                let known = relation.open
                    || column.ident.is_dynamic()
                    || relation.kind == RelationKind::Sequence
                        && matches!(column.ident.as_str(), "last_value" | "log_cnt" | "is_called")
                    || super::super::scope::system_column(column.ident.as_str()).is_some()
                    || relation.columns.iter().any(|it| it.name == column.ident);
                if !known {
                    self.no_column(relation, column, true);
                }
            }
        }
    }

    /// A type's name in GRANT is no word of the grammar: there is no type called `int`.
    pub fn granted_type(&mut self, what: &Mentioned, name: &crate::sql::hir::QName) -> bool {
        const SPELLINGS: [&str; 10] = [
            "int",
            "integer",
            "bigint",
            "smallint",
            "boolean",
            "real",
            "decimal",
            "dec",
            "character",
            "float",
        ];
        let [only] = name.parts.as_slice() else { return false };
        let plain = matches!(what, Mentioned::Type | Mentioned::Domain)
            && SPELLINGS.contains(&only.ident.as_str())
            && !self.catalog.types.by_name.keys().any(|it| it.name == only.ident);
        if plain && self.is_exact() && !self.catalog.gaps.types {
            let message = format!("type \"{}\" does not exist", only.ident);
            self.report(code::UNDEFINED_OBJECT, only.range, message);
        }
        plain
    }
}
