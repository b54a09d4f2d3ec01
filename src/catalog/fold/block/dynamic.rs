//! Texts that are put together and of which a part is not known: what statements of their kind can change.

use std::sync::Arc;

use super::Fold;
use crate::base::text::{TextSize, slice};
use crate::catalog::{ColumnDefault, QualifiedName, Relation, RelationKind};
use crate::sql::hir::ddl::{AlterTable, ObjectKind, RelationKind as Written};
use crate::sql::hir::{Ddl, QName, StatementKind};
use crate::sql::{DYNAMIC_MARK, Dialect, Ident, parse};

/// A word of which a part is not known is not known.
fn blur(text: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | DYNAMIC_MARK);
    let mut res = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(DYNAMIC_MARK) {
        let (before, behind) = rest.split_at(at);
        res.push_str(before.trim_end_matches(is_part));
        let behind = behind.trim_start_matches(is_part);
        res.push(DYNAMIC_MARK);
        rest = behind;
        // Within quotes the name goes on.
        if res.ends_with(&format!("\"{DYNAMIC_MARK}"))
            && let Some(end) = rest.find('"')
        {
            res.push('"');
            rest = rest.get(end + 1..).unwrap_or("");
        }
    }
    res.push_str(rest);
    res
}

impl Fold<'_> {
    /// SQL of which a part is not known.
    pub(super) fn approximate(&mut self, text: &str) {
        let text = blur(text);
        let start = text.trim_start();
        if start.is_empty() || start.starts_with(DYNAMIC_MARK) {
            self.unknown_effects();
            return;
        }
        for (range, parsed) in parse(&text, Dialect::Postgres).statements {
            let text = slice(&text, range);
            match &parsed.hir.kind {
                StatementKind::Ddl(ddl) => {
                    self.inside(text, &parsed.hir.exprs, TextSize::default()).vague(ddl, text);
                }
                StatementKind::Other(_) => self.by_words(text),
                _ => {}
            }
        }
    }

    /// What is not read is judged by its first words.
    fn by_words(&mut self, text: &str) {
        let words: Vec<String> = text.split_whitespace().take(2).map(str::to_ascii_lowercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] => {}
            [
                "grant" | "revoke" | "comment" | "insert" | "update" | "delete" | "select" | "truncate"
                | "refresh" | "reindex" | "analyze" | "vacuum" | "notify" | "lock" | "cluster" | "copy"
                | "set" | "reset" | "listen" | "with" | "call",
                ..,
            ]
            | ["create" | "drop", "role" | "user" | "publication" | "subscription" | "server"]
            | ["alter", "role" | "user" | "database" | "default" | "publication" | "system"] => {}
            _ => self.unknown_effects(),
        }
    }

    fn vague(&mut self, ddl: &Ddl, text: &str) {
        let gaps = &mut self.catalog.gaps;
        match ddl {
            Ddl::CreateTable(_) | Ddl::CreateView(_) | Ddl::CreateSequence { .. } | Ddl::RenameTables(_) => {
                gaps.relations = true;
            }
            Ddl::CreateSchema { .. } | Ddl::CreateExtension { .. } => {
                gaps.relations = true;
                gaps.functions = true;
                gaps.types = true;
            }
            Ddl::CreateIndex(_) => gaps.keys = true,
            Ddl::CreateEnum { .. }
            | Ddl::CreateComposite { .. }
            | Ddl::CreateRange { .. }
            | Ddl::CreateShellType { .. }
            | Ddl::CreateDomain { .. }
            | Ddl::AlterEnum { .. }
            | Ddl::AlterComposite { .. }
            | Ddl::AlterDomain { .. } => gaps.types = true,
            Ddl::CreateFunction(_) | Ddl::CreateAggregate(_) => gaps.functions = true,
            Ddl::CreateTrigger { .. } | Ddl::CreatePolicy(_) | Ddl::AlterPolicy(_) => gaps.policies = true,
            Ddl::AlterTable { name, kind, actions, .. } => self.vague_actions(name, *kind, actions, text),
            Ddl::Rename { object, name, new_name, .. } => self.vague_rename(*object, name, &new_name.ident),
            Ddl::SetSchema { object, .. } => match object {
                ObjectKind::Function | ObjectKind::Procedure => gaps.functions = true,
                ObjectKind::Type | ObjectKind::Domain => gaps.types = true,
                _ => gaps.relations = true,
            },
            Ddl::Drop(drop) => match drop.object {
                ObjectKind::Trigger | ObjectKind::Policy => gaps.policies = true,
                ObjectKind::Relation(Written::Index) => gaps.keys = true,
                ObjectKind::Function | ObjectKind::Procedure => gaps.functions = true,
                ObjectKind::Type | ObjectKind::Domain => gaps.types = true,
                // What is gone is not looked for.
                _ => {}
            },
            Ddl::CreateStatistics(_)
            | Ddl::AlterSequence { .. }
            | Ddl::Comment { .. }
            | Ddl::Truncate { .. }
            | Ddl::Command(_)
            | Ddl::Grant(_)
            | Ddl::Named(_)
            | Ddl::CreatePublication(_)
            | Ddl::CreateEventTrigger(_) => {}
            Ddl::CreateRule(_) => gaps.rules = true,
            _ => self.unknown_effects(),
        }
    }

    /// The tables that a name may mean.
    fn meant(&self, name: &QName) -> Vec<QualifiedName> {
        if !name.is_dynamic() {
            return self.find(name).into_iter().collect();
        }
        let schema = name.schema().map(|it| &it.ident).filter(|it| !it.is_dynamic());
        let last = name.last().map(|it| &it.ident).filter(|it| !it.is_dynamic());
        let is_table = |it: &Relation| {
            matches!(it.kind, RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign)
        };
        let all = self.catalog.relations.iter().filter(|it| is_table(it.1)).map(|it| it.0);
        let all = all.filter(|it| schema.is_none_or(|schema| it.schema == *schema));
        all.filter(|it| last.is_none_or(|last| it.name == *last)).cloned().collect()
    }

    fn each(&mut self, tables: &[QualifiedName], change: impl Fn(&mut Relation)) {
        for table in tables {
            self.relation_mut(table).into_iter().for_each(&change);
        }
    }

    fn vague_actions(&mut self, name: &QName, kind: Written, actions: &[AlterTable], text: &str) {
        if matches!(kind, Written::Index | Written::Sequence) {
            self.catalog.gaps.keys = true;
            return;
        }
        let tables = self.meant(name);
        // `ALTER TABLE t %s`: nothing of it is read.
        if actions.is_empty() || segments(text).iter().any(|it| it.starts_with(DYNAMIC_MARK)) {
            self.each(&tables, Relation::open_wide);
            self.catalog.gaps.keys = true;
            return;
        }
        let certain = !name.is_dynamic();
        let written = segments(text);
        for (idx, action) in actions.iter().enumerate() {
            let segment = written.get(idx).filter(|_| written.len() == actions.len());
            match action {
                AlterTable::Other if segment.is_some_and(|it| it.starts_with("add constraint ")) => {
                    self.catalog.gaps.keys = true;
                }
                AlterTable::AddColumn { column, .. } => {
                    let column = &column.name.ident;
                    if column.is_dynamic() {
                        self.each(&tables, Relation::open_wide);
                    } else if certain && let Some(table) = tables.first() {
                        self.action(table, action);
                    } else {
                        self.each(&tables, |it| {
                            if !it.columns.iter().any(|it| it.name == *column) {
                                it.doubt(column);
                            }
                        });
                    }
                    self.catalog.gaps.keys = true;
                }
                AlterTable::DropColumn { name, .. } => {
                    let name = &name.ident;
                    self.each(&tables, |it| {
                        if name.is_dynamic() {
                            it.open_wide();
                        } else if it.columns.iter().any(|it| it.name == *name) {
                            it.doubt(name);
                        }
                    });
                    self.catalog.gaps.keys = true;
                }
                AlterTable::RenameColumn { name, new_name } => {
                    self.vague_column_name(&tables, &name.ident, &new_name.ident);
                }
                AlterTable::SetDefault { name, .. } | AlterTable::DropDefault { name } => {
                    self.each_column(&tables, &name.ident, |it| it.default = Some(ColumnDefault::Unknown));
                }
                // Where it is not known, it is as if there were none.
                AlterTable::SetNotNull { .. } => {}
                AlterTable::DropNotNull { name } => {
                    self.each_column(&tables, &name.ident, |it| it.not_null = false);
                }
                AlterTable::SetType { name, .. } => {
                    self.each_column(&tables, &name.ident, |it| it.ty = None);
                }
                AlterTable::AddIdentity { name, .. }
                | AlterTable::SetIdentity { name, .. }
                | AlterTable::DropIdentity { name } => {
                    self.each_column(&tables, &name.ident, |it| {
                        it.identity = None;
                        it.default = Some(ColumnDefault::Unknown);
                    });
                }
                AlterTable::AddConstraint(_)
                | AlterTable::DropConstraint { .. }
                | AlterTable::RenameConstraint { .. }
                | AlterTable::ValidateConstraint { .. }
                | AlterTable::AlterConstraint { .. }
                | AlterTable::AttachPartition { .. }
                | AlterTable::DetachPartition(_) => self.catalog.gaps.keys = true,
                AlterTable::RowSecurity { .. }
                | AlterTable::Plain(_)
                | AlterTable::SetStorage { .. }
                | AlterTable::SetCompression { .. }
                | AlterTable::ColumnOptions { .. }
                | AlterTable::Trigger(_)
                | AlterTable::Rule(_)
                | AlterTable::ClusterOn(_)
                | AlterTable::ReplicaIdentity(_)
                | AlterTable::SetAccessMethod(_)
                | AlterTable::Options { .. } => {}
                _ => {
                    self.each(&tables, Relation::open_wide);
                    self.catalog.gaps.keys = true;
                }
            }
        }
    }

    fn vague_column_name(&mut self, tables: &[QualifiedName], from: &Ident, to: &Ident) {
        self.each(tables, |it| match from.is_dynamic() || to.is_dynamic() {
            true => it.open_wide(),
            false if it.columns.iter().any(|it| it.name == *from) => {
                it.doubt(from);
                it.doubt(to);
            }
            false => {}
        });
    }

    fn each_column(
        &mut self,
        tables: &[QualifiedName],
        name: &Ident,
        change: impl Fn(&mut crate::catalog::Column),
    ) {
        self.each(tables, |it| {
            let columns = it.columns.iter_mut();
            columns.filter(|it| name.is_dynamic() || it.name == *name).for_each(&change);
        });
    }

    fn vague_rename(&mut self, object: ObjectKind, name: &QName, to: &Ident) {
        let gaps = &mut self.catalog.gaps;
        match object {
            ObjectKind::Constraint => gaps.keys = true,
            ObjectKind::Trigger | ObjectKind::Policy => gaps.policies = true,
            ObjectKind::Function | ObjectKind::Procedure => gaps.functions = true,
            ObjectKind::Type | ObjectKind::Domain => gaps.types = true,
            ObjectKind::Role => {}
            ObjectKind::Relation(Written::Index) => gaps.keys = true,
            ObjectKind::Column => {
                let (Some(from), table) = (name.last(), name.parts.split_last()) else { return };
                let parts = table.map(|it| it.1.to_vec()).unwrap_or_default();
                let tables = self.meant(&QName { parts });
                self.vague_column_name(&tables, &from.ident, to);
            }
            // Another name for what is there: what is missing may be it.
            _ => gaps.relations = true,
        }
    }

    /// Anything may exist afterwards, and any table may have more columns.
    pub(super) fn unknown_effects(&mut self) {
        let gaps = &mut self.catalog.gaps;
        gaps.relations = true;
        gaps.functions = true;
        gaps.types = true;
        gaps.rules = true;
        gaps.policies = true;
        gaps.keys = true;
        for relation in Arc::make_mut(&mut self.catalog.relations).values_mut() {
            if !relation.open || relation.unlisted.is_some() {
                Arc::make_mut(relation).open_wide();
            }
        }
    }
}

/// The actions of ALTER TABLE in lower case, behind the table's name.
fn segments(text: &str) -> Vec<String> {
    let tokens = crate::sql::token::significant(text);
    let words: Vec<String> = tokens.iter().map(|it| it.text(text).to_ascii_lowercase()).collect();
    let is = |at: usize, wanted: &str| words.get(at).is_some_and(|it| it == wanted);
    let mut at = 2;
    while is(at, "if") || is(at, "exists") || is(at, "only") {
        at += 1;
    }
    at += 1;
    while is(at, ".") {
        at += 2;
    }
    let mut depth = 0usize;
    let mut res = vec![String::new()];
    for word in words.iter().skip(at) {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                res.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = res.last_mut() {
            last.push_str(word);
            last.push(' ');
        }
    }
    res
}
