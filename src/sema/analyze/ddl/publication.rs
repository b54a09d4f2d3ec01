//! Publications and their members (`CreatePublication`, `AlterPublicationTables`, `AlterPublicationSchemas`).

use crate::base::text::TextRange;
use crate::catalog::depend::Dependent;
use crate::catalog::object::ObjectKey;
use crate::catalog::{Relation, RelationKind, lookup};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{CreatePublication, PublicationChange, Setting};
use crate::sql::hir::{ExprId, ExprKind, Name, QName};

use super::super::binder::Binder;
use super::super::place::Place;
use super::super::relation::qualified;
use super::super::scope::{Resolved, RteId, system_column};
use super::super::walk;
use super::define::named;
use super::name::{Object, at};

impl<'a> Binder<'a> {
    pub fn create_publication(&mut self, create: &'a CreatePublication) {
        let name = QName { parts: vec![create.name.clone()] };
        match create.change {
            None => {
                if self.object_taken("PUBLICATION", &name, "") {
                    return;
                }
            }
            Some(change) => {
                if self.surely_gone("PUBLICATION", &name, "") {
                    let message = format!("publication \"{}\" does not exist", create.name.ident);
                    self.report(code::UNDEFINED_OBJECT, create.name.range, message);
                    return;
                }
                if change == PublicationChange::Drop {
                    self.dropped_from_publication(create);
                    return;
                }
            }
        }
        let n_problems = self.problems.len();
        self.publication_options(&create.options);
        if self.problems.len() > n_problems {
            return;
        }
        let mut seen: Vec<(crate::catalog::QualifiedName, bool, bool)> = Vec::new();
        for (table, columns, where_) in &create.tables {
            let relation = match self.object(table, false) {
                Object::Relation(it) => {
                    // `OpenTableList`.
                    let own = (qualified(&it), where_.is_some(), !columns.is_empty());
                    if let Some(first) = seen.iter().find(|it| it.0 == own.0) {
                        let words = if first.1 || own.1 {
                            "WHERE clauses"
                        } else if first.2 || own.2 {
                            "column lists"
                        } else {
                            continue;
                        };
                        let message = format!("conflicting or redundant {words} for table \"{}\"", it.name);
                        self.report(code::DUPLICATE_OBJECT, at(table), message);
                        return;
                    }
                    seen.push(own);
                    it
                }
                Object::Missing => {
                    self.missing_relation(table);
                    continue;
                }
                Object::Index { .. } => {
                    self.cannot_open(table);
                    continue;
                }
                Object::Unknown => continue,
            };
            if !self.is_certain(relation.origin) {
                continue;
            }
            let n_problems = self.problems.len();
            let through_root = named(&create.options, "publish_via_partition_root").is_some();
            if where_.is_some()
                && relation.kind == RelationKind::PartitionedTable
                && !through_root
                && create.change.is_none()
            {
                let message =
                    format!("cannot use publication WHERE clause for relation \"{}\"", relation.name);
                self.report(code::INVALID_PARAMETER_VALUE, at(table), message);
                continue;
            }
            if let Some(where_) = where_ {
                let before = self.mutable.replace(Vec::new());
                let of_row = self.beside(&relation, Place::Where, |it, rte| {
                    it.condition(*where_, "PUBLICATION WHERE");
                    it.beyond_columns(rte, *where_)
                });
                let mutable = std::mem::replace(&mut self.mutable, before).unwrap_or_default();
                if self.problems.len() == n_problems {
                    self.simple_filter(*where_, mutable.first().copied().or(of_row));
                }
            }
            if self.problems.len() > n_problems {
                continue;
            }
            let of_schemas = !create.schemas.is_empty()
                || create.change == Some(PublicationChange::Add)
                    && self.has_member(&create.name, |it| matches!(it, Dependent::MemberSchema(..)));
            let of_partitions =
                relation.kind == RelationKind::PartitionedTable && !through_root && create.change.is_none();
            if !columns.is_empty() && (of_schemas || of_partitions) {
                let message = format!(
                    "cannot use column list for relation \"{}.{}\" in publication \"{}\"",
                    relation.schema, relation.name, create.name.ident
                );
                self.report(code::INVALID_PARAMETER_VALUE, at(table), message);
                continue;
            }
            if self.member_already(create, table, &relation) {
                continue;
            }
            let plain = matches!(relation.kind, RelationKind::Table | RelationKind::PartitionedTable);
            let temporary = relation.schema.as_str() == lookup::TEMP_SCHEMA;
            // A table of the project's own may stand there, and those of information_schema are ordinary ones.
            let system = relation.origin == crate::catalog::Origin::Builtin
                && relation.schema.as_str() == lookup::PG_CATALOG;
            let unlogged = relation.unlogged;
            if !plain || temporary || system || unlogged {
                let message = format!("cannot add relation \"{}\" to publication", relation.name);
                self.report(code::INVALID_PARAMETER_VALUE, at(table), message);
                continue;
            }
            self.published_columns(&relation, columns);
        }
        for schema in &create.schemas {
            if schema.ident.as_str() == lookup::PG_CATALOG || schema.ident.as_str() == "pg_toast" {
                let message = format!("cannot add schema \"{}\" to publication", schema.ident);
                self.report(code::INVALID_PARAMETER_VALUE, schema.range, message);
                return;
            }
            let entry = Dependent::MemberSchema(create.name.ident.clone(), schema.ident.clone());
            if !self.no_schema(schema, schema.range, false)
                && create.change == Some(PublicationChange::Add)
                && self.knows_members(&create.name)
                && self.catalog.depends.contains_key(&entry)
            {
                let message = format!(
                    "schema \"{}\" is already member of publication \"{}\"",
                    schema.ident, create.name.ident
                );
                self.report(code::DUPLICATE_OBJECT, schema.range, message);
            }
        }
    }

    /// Whether a publication of the project's own has such a member.
    fn has_member(&self, publication: &Name, is: impl Fn(&Dependent) -> bool) -> bool {
        let own = publication.ident.as_str();
        self.knows_members(publication)
            && self.catalog.depends.keys().any(|it| it.publication() == Some(own) && is(it))
    }

    /// All members are known: the project's scripts have made it.
    fn knows_members(&self, publication: &Name) -> bool {
        let key = ObjectKey {
            kind: "PUBLICATION".into(),
            schema: Ident::new(""),
            name: publication.ident.clone(),
            of: "".into(),
        };
        self.is_exact() && !self.catalog.gaps.relations && self.certain_object(&key).is_some()
    }

    /// `relation "t" is already member of publication "p"` (`publication_add_relation`).
    fn member_already(&mut self, create: &CreatePublication, table: &QName, relation: &Relation) -> bool {
        let entry = Dependent::Member(create.name.ident.clone(), qualified(relation));
        let there = create.change == Some(PublicationChange::Add)
            && self.knows_members(&create.name)
            && self.catalog.depends.contains_key(&entry);
        if there {
            let message = format!(
                "relation \"{}\" is already member of publication \"{}\"",
                relation.name, create.name.ident
            );
            self.report(code::DUPLICATE_OBJECT, at(table), message);
        }
        there
    }

    /// `ALTER PUBLICATION … DROP`: names alone (`PublicationDropTables`, `PublicationDropSchemas`).
    fn dropped_from_publication(&mut self, create: &'a CreatePublication) {
        let known = self.knows_members(&create.name);
        for (table, columns, where_) in &create.tables {
            let found = self.object(table, false);
            if matches!(found, Object::Missing) {
                self.missing_relation(table);
                return;
            }
            if !columns.is_empty() {
                let message = "column list must not be specified in ALTER PUBLICATION ... DROP";
                self.report(code::SYNTAX_ERROR, at(table), message);
                return;
            }
            if where_.is_some() {
                let message = "cannot use a WHERE clause when removing a table from a publication";
                self.report(code::SYNTAX_ERROR, at(table), message);
                return;
            }
            if let Object::Relation(relation) = found
                && known
                && !self
                    .catalog
                    .depends
                    .contains_key(&Dependent::Member(create.name.ident.clone(), qualified(&relation)))
            {
                let message = format!("relation \"{}\" is not part of the publication", relation.name);
                self.report(code::UNDEFINED_OBJECT, at(table), message);
                return;
            }
        }
        for schema in &create.schemas {
            if self.no_schema(schema, schema.range, false) {
                return;
            }
            let entry = Dependent::MemberSchema(create.name.ident.clone(), schema.ident.clone());
            if known && !schema.ident.is_dynamic() && !self.catalog.depends.contains_key(&entry) {
                let message =
                    format!("tables from schema \"{}\" are not part of the publication", schema.ident);
                self.report(code::UNDEFINED_OBJECT, schema.range, message);
                return;
            }
        }
    }

    fn published_columns(&mut self, relation: &crate::catalog::Relation, columns: &'a [Name]) {
        let mut seen: Vec<&Ident> = Vec::new();
        for name in columns.iter().filter(|it| !it.ident.is_dynamic()) {
            let column = relation.columns.iter().find(|it| it.name == name.ident);
            if column.is_none() && system_column(name.ident.as_str()).is_some() {
                let message =
                    format!("cannot use system column \"{}\" in publication column list", name.ident);
                self.report(code::INVALID_COLUMN_REFERENCE, name.range, message);
                return;
            }
            if column.is_none() && !relation.open {
                self.no_column(relation, name, true);
                return;
            }
            if seen.contains(&&name.ident) {
                let message = format!("duplicate column \"{}\" in publication column list", name.ident);
                self.report(code::DUPLICATE_OBJECT, name.range, message);
                return;
            }
            seen.push(&name.ident);
        }
    }

    /// What of a row is none of its table's columns of PostgreSQL's own types: system columns, the row, columns of
    /// types that somebody made.
    fn beyond_columns(&self, rte: RteId, expr: ExprId) -> Option<TextRange> {
        let mut found = None;
        walk::expr(self.stmt, expr, &mut |id| {
            let made = match self.ty(id) {
                Ty::Known(ty) => ty.id.is_user() || ty.id.is_extension(),
                _ => false,
            };
            let system = match self.expr_node(id).kind {
                ExprKind::Column(_) => self.vars(rte, id).iter().any(|it| it.1.column > u32::MAX - 8),
                _ => false,
            };
            if made || system || self.resolved(id) == Resolved::WholeRow(rte) {
                found.get_or_insert(self.place(id));
            }
            found.is_none()
        });
        found
    }

    /// `check_simple_rowfilter_expr`.
    fn simple_filter(&mut self, expr: ExprId, mutable: Option<TextRange>) {
        let mut found = mutable;
        walk::expr(self.stmt, expr, &mut |id| {
            let node = self.expr_node(id);
            if matches!(
                node.kind,
                ExprKind::Subquery(_)
                    | ExprKind::Exists(_)
                    | ExprKind::InQuery { .. }
                    | ExprKind::ArraySubquery(_)
            ) {
                found.get_or_insert(node.range);
            }
            true
        });
        if let Some(at) = found {
            self.report(code::FEATURE_NOT_SUPPORTED, at, "invalid publication WHERE expression");
        }
    }

    fn publication_options(&mut self, options: &[Setting]) {
        const KNOWN: [&str; 3] = ["publish", "publish_via_partition_root", "publish_generated_columns"];
        if self.unknown_option(options, &KNOWN, |it| format!("unrecognized publication parameter: \"{it}\""))
        {
            return;
        }
        let name = |it: &Setting| it.name.last().map(|it| it.ident.clone());
        let twice = options
            .iter()
            .enumerate()
            .find(|(idx, it)| options.iter().take(*idx).any(|other| name(other) == name(it)));
        if let Some((_, option)) = twice {
            let at = option.name.range().unwrap_or(option.value_range);
            self.report(code::SYNTAX_ERROR, at, "conflicting or redundant options");
            return;
        }
        if let Some(option) = named(options, "publish_via_partition_root")
            && let Some(value) = option.value.as_deref()
        {
            let known = ["true", "false", "on", "off", "1", "0"];
            if !known.iter().any(|it| value.eq_ignore_ascii_case(it)) && value.is_ascii() {
                let message = "publish_via_partition_root requires a Boolean value";
                self.report(code::SYNTAX_ERROR, option.value_range, message);
                return;
            }
        }
        if let Some(option) = named(options, "publish_generated_columns")
            && let value = option.value.as_deref().unwrap_or("")
            && !["none", "stored"].iter().any(|it| value.eq_ignore_ascii_case(it))
            && value.is_ascii()
        {
            let message =
                format!("invalid value for publication parameter \"publish_generated_columns\": \"{value}\"");
            self.report(code::SYNTAX_ERROR, option.value_range, message);
            return;
        }
        let Some(option) = named(options, "publish") else { return };
        let value = option.value.as_deref().unwrap_or("");
        if !value.trim().is_empty() && value.split(',').any(|it| it.trim().is_empty()) {
            let message = "invalid list syntax in parameter \"publish\"";
            self.report(code::SYNTAX_ERROR, option.value_range, message);
            return;
        }
        for word in option.value.as_deref().unwrap_or("").split(',').map(str::trim) {
            let known = ["insert", "update", "delete", "truncate", ""];
            if !known.iter().any(|it| word.eq_ignore_ascii_case(it)) && word.is_ascii() {
                let message = format!("unrecognized value for publication option \"publish\": \"{word}\"");
                self.report(code::SYNTAX_ERROR, option.value_range, message);
                return;
            }
        }
    }
}
