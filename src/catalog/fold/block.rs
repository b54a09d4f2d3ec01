//! DO blocks: the DDL inside, as far as it can be seen.

use std::sync::Arc;

use super::Fold;
use crate::base::text::{TextRange, slice};
use crate::sql::hir::{Ddl, Name, StatementKind};
use crate::sql::plpgsql::{Step, StepKind, leading_string, steps};
use crate::sql::{Dialect, parse_statement};

/// Blocks inside blocks.
const MAX_DEPTH: u32 = 4;

impl Fold<'_> {
    pub(super) fn do_block(&mut self, language: Option<&Name>, body: &str, range: TextRange) {
        let plpgsql = language.is_none_or(|it| it.ident.as_str() == "plpgsql");
        if !plpgsql || self.depth >= MAX_DEPTH {
            self.unknown_effects();
            return;
        }
        for step in steps(body) {
            self.step(body, range, step);
        }
    }

    fn step(&mut self, body: &str, body_range: TextRange, step: Step) {
        let text = slice(body, step.range);
        match step.kind {
            StepKind::Sql => self.inner(text, body_range.start() + step.range.start(), step.alternative),
            StepKind::Dynamic => match leading_string(text) {
                Some((sql, true)) => {
                    self.inner(&sql, body_range.start() + step.range.start(), step.alternative)
                }
                Some((start, false)) => self.dynamic(&start),
                None => self.unknown_effects(),
            },
        }
    }

    /// Applies a statement of the block. One of several branches only adds: what it takes away may well be there.
    fn inner(&mut self, text: &str, at: crate::base::text::TextSize, alternative: bool) {
        let parsed = parse_statement(text, Dialect::Postgres);
        let StatementKind::Ddl(ddl) = &parsed.hir.kind else { return };
        if alternative && !is_creation(ddl) {
            self.unknown_effects();
            return;
        }
        let mut fold = Fold {
            catalog: &mut *self.catalog,
            file: self.file,
            loc: self.loc,
            text,
            exprs: &parsed.hir.exprs,
            infer: self.infer,
            shift: self.shift + at,
            depth: self.depth + 1,
        };
        fold.ddl(ddl);
    }

    /// SQL of which only the beginning is known.
    fn dynamic(&mut self, start: &str) {
        let words: Vec<String> = start.split_whitespace().take(4).map(str::to_ascii_lowercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            [
                "grant" | "revoke" | "comment" | "insert" | "update" | "delete" | "select" | "truncate"
                | "refresh" | "reindex" | "analyze" | "vacuum" | "notify" | "lock" | "cluster" | "copy"
                | "set" | "listen",
                ..,
            ] => {}
            ["create" | "drop", "role" | "user" | "publication" | "subscription", ..] => {}
            ["create" | "drop" | "alter", "policy" | "trigger", ..]
            | ["create", "constraint", "trigger", ..]
            | ["create", "or", "replace", "trigger"] => self.catalog.gaps.policies = true,
            ["create" | "drop" | "alter", "index", ..] | ["create", "unique", "index", ..] => {
                self.catalog.gaps.keys = true;
            }
            ["alter", "role" | "user" | "database" | "default" | "publication" | "system", ..] => {}
            ["create", "or", "replace", "function" | "procedure"]
            | ["create" | "alter" | "drop", "function" | "procedure" | "aggregate", ..] => {
                self.catalog.gaps.functions = true;
            }
            ["create" | "alter" | "drop", "type" | "domain", ..] => self.catalog.gaps.types = true,
            ["create" | "alter" | "drop", "sequence" | "view" | "materialized", ..]
            | ["create", "table" | "unlogged" | "temp", ..] => {
                self.catalog.gaps.relations = true;
            }
            ["alter", "table", ..] if is_harmless(start) => self.catalog.gaps.keys = true,
            ["drop", "table", ..] => {}
            _ => self.unknown_effects(),
        }
    }

    /// Anything may exist afterwards, and any table may have more columns.
    fn unknown_effects(&mut self) {
        let gaps = &mut self.catalog.gaps;
        gaps.relations = true;
        gaps.functions = true;
        gaps.types = true;
        gaps.rules = true;
        gaps.policies = true;
        gaps.keys = true;
        for relation in Arc::make_mut(&mut self.catalog.relations).values_mut() {
            if !relation.open {
                Arc::make_mut(relation).open = true;
            }
        }
    }
}

/// ALTER TABLE that changes no columns, by the words in its text.
fn is_harmless(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let changes =
        ["add column", "rename", "drop column", "alter column", "set schema", "inherit", "attach", "%s"];
    let known = [
        "row level security",
        "owner to",
        "constraint",
        "trigger",
        "replica identity",
        "foreign key",
        "check",
    ];
    !changes.iter().any(|it| text.contains(it)) && known.iter().any(|it| text.contains(it))
}

fn is_creation(ddl: &Ddl) -> bool {
    matches!(
        ddl,
        Ddl::CreateSchema { .. }
            | Ddl::CreateTable(_)
            | Ddl::CreateView(_)
            | Ddl::CreateIndex(_)
            | Ddl::CreateSequence { .. }
            | Ddl::CreateEnum { .. }
            | Ddl::CreateComposite { .. }
            | Ddl::CreateDomain { .. }
            | Ddl::CreateExtension { .. }
            | Ddl::CreateFunction(_)
            | Ddl::CreateTrigger { .. }
            | Ddl::CreatePolicy(_)
    )
}
