//! CREATE STATISTICS (`transformStatsStmt`, `CreateStatistics` of `statscmds.c`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::{Relation, RelationKind};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::CreateStatistics;
use crate::sql::hir::{ExprId, Name};
use crate::sql::token::{TokenKind, significant};

use super::super::binder::Binder;
use super::super::place::Place;
use super::super::scope::system_column;
use super::name::{Object, at, plural};

/// `STATS_MAX_DIMENSIONS`.
const MAX_DIMENSIONS: usize = 8;

impl<'a> Binder<'a> {
    pub fn create_statistics(&mut self, create: &'a CreateStatistics) {
        if self.not_one_relation() {
            return;
        }
        let Some(table) = &create.table else { return };
        let relation = match self.object(table, false) {
            Object::Relation(it) => it,
            Object::Missing => return self.missing_relation(table),
            // Its columns are not known.
            Object::Index { .. } if self.is_exact() => return self.no_statistics(table, "indexes"),
            _ => return,
        };
        let n_problems = self.problems.len();
        for item in &create.items {
            if !self.is_bare(*item) {
                self.beside(&relation, Place::Statistics, |it, _| it.expr(*item));
            }
        }
        if self.problems.len() > n_problems || !self.is_certain(relation.origin) {
            return;
        }
        if matches!(relation.kind, RelationKind::View | RelationKind::Sequence) {
            self.no_statistics(table, plural(relation.kind));
            return;
        }
        if let Some(name) = &create.name
            && self.missing_schema(name, false)
        {
            return;
        }
        if create.if_not_exists
            && create
                .name
                .as_ref()
                .and_then(|it| it.last())
                .is_some_and(|it| self.catalog.others.contains(&("STATISTICS".into(), it.ident.clone())))
        {
            // PostgreSQL looks no further.
            return;
        }
        let n_problems = self.problems.len();
        if let Some(name) = create.name.as_ref().filter(|_| !create.if_not_exists)
            && self.object_taken("STATISTICS", name, "")
        {
            return;
        }
        self.statistics_items(create, &relation);
        self.problems.truncate(n_problems + 1);
    }

    /// What stands behind FROM is no relation, or more than one.
    fn not_one_relation(&mut self) -> bool {
        let text = self.text;
        let tokens = significant(text);
        let mut depth = 0;
        let Some(from) = tokens.iter().position(|it| {
            match it.kind {
                TokenKind::OpenParen => depth += 1,
                TokenKind::CloseParen => depth -= 1,
                _ => {}
            }
            depth == 0 && it.is_word(text, "from")
        }) else {
            return false;
        };
        let behind = tokens.get(from + 1..).unwrap_or_default();
        // What starts with a bracket is a query or a join; what has one behind its name, a function.
        let Some(first) = behind.first() else { return false };
        let mut depth = 0;
        let (mut several, mut other) = (false, false);
        for token in behind {
            match token.kind {
                TokenKind::OpenParen => {
                    other |= depth == 0;
                    depth += 1;
                }
                TokenKind::CloseParen => depth -= 1,
                TokenKind::Comma if depth == 0 => several = true,
                _ if depth == 0 => {
                    other |= ["join", "tablesample", "lateral"].iter().any(|it| token.is_word(text, it));
                }
                _ => {}
            }
        }
        let message = match (several, other) {
            (true, _) => "only a single relation is allowed in CREATE STATISTICS",
            (false, true) => "CREATE STATISTICS only supports relation names in the FROM clause",
            _ => return false,
        };
        self.report(code::FEATURE_NOT_SUPPORTED, first.range, message);
        true
    }

    /// `SET STATISTICS n` of a column (`ATExecSetStatistics`).
    pub fn statistics_target(&mut self, column: &crate::catalog::Column, name: &Name) {
        if column.generated.as_ref().is_some_and(|it| !it.stored) && self.is_certain(column.origin) {
            let message = format!("cannot alter statistics on virtual generated column \"{}\"", column.name);
            self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
            return;
        }
        self.target_too_low(name.range.end());
    }

    /// The number behind the next STATISTICS.
    pub fn target_too_low(&mut self, from: text_size::TextSize) {
        let text = self.text;
        let tokens = significant(text);
        let behind = |it: &crate::sql::token::Token| it.range.start() >= from;
        let Some(at) = tokens.iter().position(|it| behind(it) && it.is_word(text, "statistics")) else {
            return;
        };
        let (Some(minus), Some(number)) = (tokens.get(at + 1), tokens.get(at + 2)) else { return };
        let value: i64 = number.text(text).parse().unwrap_or(0);
        if minus.text(text) == "-" && value > 1 {
            let message = format!("statistics target -{value} is too low");
            self.report(code::INVALID_PARAMETER_VALUE, minus.range.cover(number.range), message);
        }
    }

    fn no_statistics(&mut self, table: &crate::sql::hir::QName, kinds: &str) {
        let Some(last) = table.last() else { return };
        let message = format!("cannot define statistics for relation \"{}\"", last.ident);
        self.report(code::WRONG_OBJECT_TYPE, at(table), message)
            .hint(format!("This operation is not supported for {kinds}."));
    }

    /// A column's name without brackets.
    fn is_bare(&self, item: ExprId) -> bool {
        self.plain_column(item).is_some_and(|it| {
            let behind = self.text.get(usize::from(it.range.end())..).unwrap_or("").trim_start();
            let before = self.text.get(..usize::from(it.range.start())).unwrap_or("").trim_end();
            !(before.ends_with('(') && behind.starts_with(')'))
        })
    }

    fn statistics_items(&mut self, create: &'a CreateStatistics, relation: &Arc<Relation>) {
        if create.items.len() > MAX_DIMENSIONS {
            let place = create.table.as_ref().map_or_else(Default::default, at);
            let message = format!("cannot have more than {MAX_DIMENSIONS} columns in statistics");
            self.report(code::TOO_MANY_COLUMNS, place, message);
            return;
        }
        let mut columns: Vec<&Ident> = Vec::new();
        let mut twice: Option<&'a Name> = None;
        let several = create.items.len() > 1;
        let mut n_expressions = 0;
        for item in &create.items {
            // A column in brackets is one without.
            let Some(name) = self.plain_column(self.unparen(*item)) else {
                n_expressions += 1;
                if let Some(at) = self.virtual_in(*item, relation) {
                    let message = "statistics creation on virtual generated columns is not supported";
                    self.report(code::FEATURE_NOT_SUPPORTED, at, message);
                    return;
                }
                let ty = self.ty(*item);
                if several && let Ty::Known(ty) = ty {
                    let range = self.expr_node(*item).range;
                    let message = format!(
                        "expression cannot be used in multivariate statistics because its type {} has no default btree operator class",
                        self.format_id(ty.id)
                    );
                    self.unsorted(ty.id, range, message);
                }
                continue;
            };
            if name.ident.is_dynamic() || relation.open {
                return;
            }
            match relation.columns.iter().find(|it| it.name == name.ident) {
                Some(column) => {
                    let is_virtual = column.generated.as_ref().is_some_and(|it| !it.stored);
                    if is_virtual {
                        let message = "statistics creation on virtual generated columns is not supported";
                        self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                        return;
                    }
                    if let Some(ty) = column.ty {
                        let message = format!(
                            "column \"{}\" cannot be used in statistics because its type {} has no default btree operator class",
                            name.ident,
                            self.format_id(ty.id)
                        );
                        self.unsorted(ty.id, name.range, message);
                    }
                }
                None if system_column(name.ident.as_str()).is_some()
                    || self.plain_column(*item).is_none() && name.ident == relation.name =>
                {
                    let message = "statistics creation on system columns is not supported";
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                    return;
                }
                None => return self.no_column(relation, name, false),
            }
            if columns.contains(&&name.ident) {
                twice = Some(name);
            }
            columns.push(&name.ident);
        }
        let place = create.table.as_ref().map_or_else(Default::default, at);
        let single = n_expressions == 1 && create.items.len() == 1;
        if single && !create.kinds.is_empty() {
            let message =
                "when building statistics on a single expression, statistics kinds may not be specified";
            self.report(code::FEATURE_NOT_SUPPORTED, place, message);
            return;
        }
        let unknown =
            create.kinds.iter().find(|it| !matches!(it.ident.as_str(), "ndistinct" | "dependencies" | "mcv"));
        if let Some(kind) = unknown {
            let message = format!("unrecognized statistics kind \"{}\"", kind.ident);
            self.report(code::SYNTAX_ERROR, kind.range, message);
        } else if create.items.len() < 2 && !single {
            let message = "extended statistics require at least 2 columns";
            self.report(code::INVALID_OBJECT_DEFINITION, place, message);
        } else if let Some(name) = twice {
            let message = "duplicate column name in statistics definition";
            self.report(code::DUPLICATE_COLUMN, name.range, message);
        } else {
            let words = |it: ExprId| -> Vec<&str> {
                let text = crate::base::text::slice(self.text, self.expr_node(it).range);
                significant(text).iter().map(|it| it.text(text)).collect()
            };
            let mut seen: Vec<Vec<&str>> = Vec::new();
            for item in create.items.iter().filter(|it| !self.is_bare(**it)) {
                let own = words(*item);
                if seen.contains(&own) {
                    let message = "duplicate expression in statistics definition";
                    let at = self.expr_node(*item).range;
                    self.report(code::DUPLICATE_COLUMN, at, message);
                    return;
                }
                seen.push(own);
            }
        }
    }

    /// Where an expression names a column that is computed when it is read.
    fn virtual_in(&self, item: ExprId, relation: &Relation) -> Option<TextRange> {
        let mut found = None;
        super::super::walk::expr(self.stmt, item, &mut |id| {
            if let Some(name) = self.plain_column(id)
                && relation.columns.iter().any(|it| {
                    let computed = it.generated.as_ref().is_some_and(|it| !it.stored);
                    it.name == name.ident && computed && self.is_certain(it.origin)
                })
            {
                found.get_or_insert(name.range);
            }
            found.is_none()
        });
        found
    }

    /// A type whose values cannot be put in order.
    fn unsorted(&mut self, id: crate::catalog::TypeId, at: crate::base::text::TextRange, message: String) {
        let n_problems = self.problems.len();
        self.default_class(id, "btree", at);
        if let Some(problem) = self.problems.get_mut(n_problems) {
            problem.code = code::FEATURE_NOT_SUPPORTED;
            problem.message = message;
            problem.hint = None;
        }
    }
}
