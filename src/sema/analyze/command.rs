//! Commands that name relations: COPY, TRUNCATE, LOCK, REFRESH, ANALYZE, GRANT. PostgreSQL tells no place in them; ours
//! is the name.

use crate::catalog::lookup::{Lookup, named_type};
use crate::catalog::{Relation, RelationKind, TypeKind};
use crate::sema::{Target, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{Command, CommandKind};
use crate::sql::hir::{FromItem, Name, QName, QueryBody, StatementKind, WrapperKind};

use super::binder::Binder;
use super::relation::qualified;

impl<'a> Binder<'a> {
    /// The options of EXPLAIN, and what a cursor that locks rows cannot be.
    pub fn check_options(
        &mut self,
        kind: WrapperKind,
        options: &'a [(Name, Option<Name>)],
        inner: &'a StatementKind,
    ) {
        if kind == WrapperKind::Explain && self.typed {
            self.explain_options(options);
        }
        let (WrapperKind::DeclareCursor, StatementKind::Query(query)) = (kind, inner) else { return };
        let (Some(lock), QueryBody::Select(select)) = (query.locking.first(), &query.body) else { return };
        if !select.from.iter().any(|it| matches!(it, FromItem::Relation { .. })) {
            return;
        }
        let strength = self.lock_words(lock.range);
        let message = if options.iter().any(|it| it.0.ident.as_str() == "hold") {
            format!("DECLARE CURSOR WITH HOLD ... {strength} is not supported")
        } else if options.iter().any(|it| it.0.ident.as_str() == "scroll") {
            format!("DECLARE SCROLL CURSOR ... {strength} is not supported")
        } else if options.iter().any(|it| it.0.ident.as_str() == "insensitive") {
            let message = format!("DECLARE INSENSITIVE CURSOR ... {strength} is not valid");
            return self.refuse(code::INVALID_CURSOR_DEFINITION, lock.range, message);
        } else {
            return;
        };
        self.refuse(code::FEATURE_NOT_SUPPORTED, lock.range, message);
    }

    /// `COPY (SELECT … INTO …) TO` (`BeginCopyTo`).
    pub fn copies_into(&mut self, inner: &StatementKind) -> bool {
        let StatementKind::Query(query) = inner else { return false };
        let into = super::ddl::into_of(query).and_then(QName::range);
        if let Some(at) = into {
            self.refuse(code::FEATURE_NOT_SUPPORTED, at, "COPY (SELECT INTO) is not supported");
        }
        into.is_some()
    }

    /// Words of DECLARE that exclude each other (`transformDeclareCursorStmt`).
    pub fn contradicting_cursor(&mut self, options: &'a [(Name, Option<Name>)]) -> bool {
        let find = |word: &str| options.iter().find(|it| it.0.ident.as_str() == word);
        for (one, other) in [("scroll", "no scroll"), ("asensitive", "insensitive")] {
            if let (Some(_), Some((at, _))) = (find(one), find(other)) {
                let message = format!(
                    "cannot specify both {} and {}",
                    one.to_ascii_uppercase(),
                    other.to_ascii_uppercase()
                );
                self.refuse(code::INVALID_CURSOR_DEFINITION, at.range, message);
                return true;
            }
        }
        false
    }

    pub fn command(&mut self, command: &'a Command) {
        if self.typed {
            self.table_privileges(&command.privileges);
        }
        for (name, columns) in &command.tables {
            let maintains = matches!(command.kind, CommandKind::Analyze | CommandKind::Vacuum);
            if maintains && self.is_skipped(name) {
                continue;
            }
            if self.typed && self.is_index(command.kind, name) {
                continue;
            }
            let Some(relation) = self.target_relation(name) else { continue };
            self.kind_for(command.kind, name, &relation);
            if command.kind == CommandKind::Refresh && command.flags.0 && self.typed {
                self.refresh_concurrently(name, &relation, command.flags.1);
            }
            if command.kind == CommandKind::Grant && self.typed {
                let n_problems = self.problems.len();
                self.relation_privileges(&relation, &command.privileges);
                if self.problems.len() == n_problems {
                    self.granted_to_public();
                }
            }
            if maintains && relation.kind != RelationKind::Table {
                // The columns of a partitioned table are looked at when its partitions are.
                if relation.kind == RelationKind::PartitionedTable
                    && self.catalog.gaps.loose.is_none()
                    && self.catalog.relations.values().any(|it| it.parents.contains(&qualified(&relation)))
                {
                    self.named_columns(command.kind, &relation, columns);
                }
                continue;
            }
            self.named_columns(command.kind, &relation, columns);
        }
    }

    /// REFRESH … CONCURRENTLY compares rows by a key (`ExecRefreshMatView`).
    fn refresh_concurrently(&mut self, name: &QName, relation: &Relation, no_data: bool) {
        let at = name.range().unwrap_or_default();
        if relation.kind != RelationKind::MaterializedView {
            return;
        }
        let exact = self.catalog.gaps.loose.is_none();
        if relation.unpopulated && exact {
            let message = "CONCURRENTLY cannot be used when the materialized view is not populated";
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
            return;
        }
        if no_data {
            let message = "REFRESH options CONCURRENTLY and WITH NO DATA cannot be used together";
            self.report(code::SYNTAX_ERROR, at, message);
            return;
        }
        let tells_apart = |it: &crate::catalog::Index| {
            it.unique && it.predicate.is_none() && it.items.iter().all(|it| it.expression.is_none())
        };
        let written = matches!(relation.origin, crate::catalog::Origin::Sql { .. });
        if exact && written && !self.catalog.gaps.keys && !relation.indexes.iter().any(tells_apart) {
            let message = format!(
                "cannot refresh materialized view \"{}.{}\" concurrently",
                relation.schema, relation.name
            );
            self.report(code::OBJECT_NOT_IN_STATE, at, message).hint(
                "Create a unique index with no WHERE clause on one or more columns of the materialized view.",
            );
        }
    }

    /// ANALYZE leaves out what is no table with a warning: indexes and composite types are relations, too.
    fn is_skipped(&self, name: &QName) -> bool {
        if let Lookup::Found(relation) = self.find_relation(name) {
            return matches!(relation.kind, RelationKind::View | RelationKind::Sequence);
        }
        let Some(last) = name.last() else { return true };
        let schema = name.schema().map(|it| &it.ident);
        let ty = named_type(self.catalog, schema, &last.ident);
        let composite = ty
            .and_then(|it| self.type_info(it))
            .is_some_and(|it| matches!(it.kind, TypeKind::Composite { .. } | TypeKind::Opaque));
        self.typed
            && (composite
                || ty.is_some_and(|it| it.is_none())
                || self
                    .catalog
                    .relations
                    .values()
                    .any(|it| super::ddl::indexes(it).any(|it| *it.0 == last.ident)))
    }

    /// An index, where the command is not for one.
    fn is_index(&mut self, kind: CommandKind, name: &'a QName) -> bool {
        let Some(last) = name.last().filter(|_| !name.is_dynamic()) else { return false };
        if !matches!(self.find_relation(name), Lookup::Missing) || self.catalog.gaps.loose.is_some() {
            return false;
        }
        let schema = name.schema().map(|it| &it.ident);
        let composite = named_type(self.catalog, schema, &last.ident)
            .and_then(|it| self.type_info(it))
            .is_some_and(|it| matches!(it.kind, TypeKind::Composite { relation: None, .. }));
        let index = matches!(self.object(name, true), super::ddl::Object::Index { .. });
        if !index && !composite {
            return false;
        }
        let shown = &last.ident;
        let message = match kind {
            CommandKind::CopyFrom | CommandKind::CopyTo => format!("cannot open relation \"{shown}\""),
            CommandKind::Lock => format!("cannot lock relation \"{shown}\""),
            CommandKind::Refresh => format!("\"{shown}\" is not a table or materialized view"),
            CommandKind::Grant if index => format!("\"{shown}\" is an index"),
            CommandKind::Grant => format!("\"{shown}\" is a composite type"),
            CommandKind::Analyze | CommandKind::Vacuum => return true,
        };
        self.wrong_kind(name, message);
        true
    }

    /// TRUNCATE of an index.
    fn truncates_index(&mut self, name: &'a QName) -> bool {
        let missing = matches!(self.find_relation(name), Lookup::Missing);
        let found = self.typed
            && missing
            && !name.is_dynamic()
            && self.catalog.gaps.loose.is_none()
            && matches!(self.object(name, true), super::ddl::Object::Index { .. });
        if found && let Some(last) = name.last() {
            self.wrong_kind(name, format!("\"{}\" is not a table", last.ident));
        }
        found
    }

    pub fn truncate(&mut self, tables: &'a [QName]) {
        for name in tables {
            if self.truncates_index(name) {
                continue;
            }
            let Some(relation) = self.target_relation(name) else { continue };
            if !matches!(
                relation.kind,
                RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign
            ) {
                self.wrong_kind(name, format!("\"{}\" is not a table", relation.name));
            } else if relation.kind == RelationKind::PartitionedTable
                && self.catalog.gaps.loose.is_none()
                && name.range().is_some_and(|it| self.word_before(it.start(), "only").is_some())
            {
                let message = "cannot truncate only a partitioned table";
                self.wrong_kind(name, message.to_owned());
                return;
            }
        }
        self.truncates_referenced(tables);
    }

    /// A table that keys of other tables reference goes with those, or with CASCADE (`heap_truncate_check_FKs`).
    fn truncates_referenced(&mut self, tables: &'a [QName]) {
        let cascades = self.text.trim_end_matches([';', ' ', '\n']).to_ascii_lowercase().ends_with("cascade");
        if !self.typed || cascades || self.catalog.gaps.loose.is_some() {
            return;
        }
        let mut named = Vec::new();
        for name in tables {
            let Lookup::Found(found) = self.find_relation(name) else { return };
            named.push((name, qualified(found)));
        }
        for (name, full) in &named {
            let referring = self.catalog.relations.iter().find(|(own, it)| {
                it.foreign_keys.iter().any(|it| it.target.as_ref() == Some(full))
                    && it.parents.is_empty()
                    && own.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA
                    && !named.iter().any(|it| it.1 == **own)
            });
            if let (Some((own, _)), Some(at)) = (referring, name.range()) {
                let hint =
                    format!("Truncate table \"{}\" at the same time, or use TRUNCATE ... CASCADE.", own.name);
                let message = "cannot truncate a table referenced in a foreign key constraint";
                self.report(code::FEATURE_NOT_SUPPORTED, at, message).hint(hint);
                return;
            }
        }
    }

    fn wrong_kind(&mut self, name: &QName, message: String) {
        let Some(at) = name.range() else { return };
        self.refuse(code::WRONG_OBJECT_TYPE, at, message);
    }

    fn kind_for(&mut self, kind: CommandKind, name: &QName, relation: &Relation) {
        let shown = &relation.name;
        match (kind, relation.kind) {
            (CommandKind::CopyTo, RelationKind::View) => {
                self.wrong_kind(name, format!("cannot copy from view \"{shown}\""));
            }
            (CommandKind::CopyTo, RelationKind::PartitionedTable) => {
                self.wrong_kind(name, format!("cannot copy from partitioned table \"{shown}\""));
            }
            (CommandKind::CopyTo, RelationKind::Sequence) => {
                self.wrong_kind(name, format!("cannot copy from sequence \"{shown}\""));
            }
            (CommandKind::Lock, RelationKind::MaterializedView | RelationKind::Sequence) => {
                self.wrong_kind(name, format!("cannot lock relation \"{shown}\""));
            }
            (CommandKind::Refresh, RelationKind::View | RelationKind::Sequence) => {
                self.wrong_kind(name, format!("\"{shown}\" is not a table or materialized view"));
            }
            (CommandKind::Refresh, RelationKind::Table | RelationKind::PartitionedTable) => {
                let Some(at) = name.range() else { return };
                let message = format!("\"{shown}\" is not a materialized view");
                self.refuse(code::FEATURE_NOT_SUPPORTED, at, message);
            }
            _ => {}
        }
    }

    fn named_columns(&mut self, kind: CommandKind, relation: &Relation, columns: &[Name]) {
        let mut seen: Vec<&Ident> = Vec::new();
        let grants = kind == CommandKind::Grant;
        let rows = !matches!(relation.kind, RelationKind::Sequence);
        if grants && !rows {
            return;
        }
        for column in columns.iter().filter(|it| !it.ident.is_dynamic() && !it.ident.as_str().is_empty()) {
            let Some(found) = relation.columns.iter().find(|it| self.same(&it.name, &column.ident)) else {
                let system = grants && super::scope::system_column(column.ident.as_str()).is_some();
                if !relation.open && !system {
                    let message = format!(
                        "column \"{}\" of relation \"{}\" does not exist",
                        column.ident, relation.name
                    );
                    self.report(code::UNDEFINED_COLUMN, column.range, message);
                }
                continue;
            };
            self.reference(column.range, Target::Column(qualified(relation), found.name.clone()));
            let copies = matches!(kind, CommandKind::CopyTo | CommandKind::CopyFrom);
            if copies && found.generated.is_some() {
                let message = format!("column \"{}\" is a generated column", column.ident);
                self.refuse(code::INVALID_COLUMN_REFERENCE, column.range, message);
            }
            if !grants && seen.contains(&&column.ident) {
                let message = match copies {
                    true => format!("column \"{}\" specified more than once", column.ident),
                    false => format!(
                        "column \"{}\" of relation \"{}\" appears more than once",
                        column.ident, relation.name
                    ),
                };
                self.refuse(code::DUPLICATE_COLUMN, column.range, message);
            }
            seen.push(&column.ident);
        }
    }
}
