//! What a new table has from its parents beside types: defaults, generated columns, checks (`MergeAttributes`,
//! `MergeChildAttribute`, `MergeWithExistingConstraint`).

use std::sync::Arc;

use crate::catalog::lookup::{Lookup, TEMP_SCHEMA};
use crate::catalog::{Column, ColumnDefault, Relation};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::Name;
use crate::sql::hir::ddl::{ColumnConstraintKind, ColumnDef, CreateTable, TableConstraintKind};
use crate::sql::token::{TokenKind, significant};

use super::super::super::binder::Binder;
use super::super::name::at;

/// A number that a default is, without sign or brackets.
fn number(text: &str) -> Option<f64> {
    let plain = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Whether two defaults are certainly not the same: PostgreSQL compares trees, not texts.
fn differ(a: &Column, b: &Column) -> bool {
    let value = |it: &Column| match &it.default {
        Some(ColumnDefault::Sql(text)) => number(text),
        _ => None,
    };
    // A string without anything behind it.
    let string = |it: &Column| match &it.default {
        Some(ColumnDefault::Sql(text)) => match significant(text).as_slice() {
            [only] if matches!(only.kind, TokenKind::String { .. }) && text.starts_with('\'') => {
                Some(text.clone())
            }
            _ => None,
        },
        _ => None,
    };
    let is_text = |it: &Column| it.ty.is_some_and(|it| it.id == crate::catalog::TypeId::TEXT);
    // A function that is called without arguments.
    let call = |it: &Column| match &it.default {
        Some(ColumnDefault::Sql(text)) => match significant(text).as_slice() {
            [name, open, close]
                if name.kind == TokenKind::Word
                    && open.kind == TokenKind::OpenParen
                    && close.kind == TokenKind::CloseParen =>
            {
                Some(name.text(text).to_ascii_lowercase())
            }
            _ => None,
        },
        _ => None,
    };
    match (call(a), call(b)) {
        (Some(a), Some(b)) => return a != b,
        (Some(_), None) if value(b).is_some() || string(b).is_some() => return true,
        (None, Some(_)) if value(a).is_some() || string(a).is_some() => return true,
        _ => {}
    }
    match (value(a), value(b)) {
        (Some(a), Some(b)) => (a - b).abs() > 0.5,
        _ => match (string(a), string(b)) {
            (Some(x), Some(y)) => is_text(a) && is_text(b) && x != y,
            _ => false,
        },
    }
}

/// Whether two generated columns are certainly not computed in the same way.
fn computed_otherwise(a: &Column, b: &Column) -> bool {
    let text = |it: &Column| it.generated.as_ref().and_then(|it| it.expression.clone());
    matches!((text(a), text(b)), (Some(a), Some(b)) if unlike(&a, &b))
}

/// Whether two conditions are certainly not the same: they differ in constants alone.
pub fn unlike(a: &str, b: &str) -> bool {
    let (left, right) = (significant(a), significant(b));
    let mut differs = false;
    let alike = left.len() == right.len()
        && left.iter().zip(&right).all(|(x, y)| {
            let (x_text, y_text) = (x.text(a), y.text(b));
            if x.kind == y.kind && x.kind != TokenKind::Word && x_text != y_text {
                let string = |it: TokenKind| matches!(it, TokenKind::String { .. });
                // Strings of letters are the same value of no type.
                let letters = |it: &str| it.chars().all(|it| it == '\'' || it.is_ascii_alphabetic());
                if string(x.kind) && x_text.starts_with('\'') && letters(x_text) && letters(y_text) {
                    differs |= !x_text.eq_ignore_ascii_case(y_text);
                    return true;
                }
                let numbers = number(x_text).zip(number(y_text));
                differs |= numbers.is_some_and(|(x, y)| (x - y).abs() > 0.5);
                return numbers.is_some();
            }
            x.kind == y.kind && x_text.eq_ignore_ascii_case(y_text)
        });
    alike && differs
}

impl<'a> Binder<'a> {
    /// Parents and children are both temporary, or neither is.
    pub(super) fn temporary_parents(&mut self, table: &'a CreateTable) -> bool {
        let is_temporary = |it: &Relation| it.schema.as_str() == TEMP_SCHEMA;
        for (name, partition) in
            table.inherits.iter().map(|it| (it, false)).chain(table.partition_of.iter().map(|it| (it, true)))
        {
            let Lookup::Found(found) = self.find_relation(name) else { continue };
            let parent = is_temporary(found);
            if parent == table.temporary || !self.is_exact() || (!partition && table.temporary) {
                continue;
            }
            let own = &found.name;
            let message = match (partition, parent) {
                (false, _) => format!("cannot inherit from temporary relation \"{own}\""),
                (true, true) => {
                    format!("cannot create a permanent relation as partition of temporary relation \"{own}\"")
                }
                (true, false) => {
                    format!("cannot create a temporary relation as partition of permanent relation \"{own}\"")
                }
            };
            self.report(code::WRONG_OBJECT_TYPE, at(name), message);
            return true;
        }
        false
    }

    /// Columns of several parents, and of parents and the table itself.
    pub(super) fn inherited_clauses(&mut self, table: &'a CreateTable) {
        let mut parents: Vec<Arc<Relation>> = Vec::new();
        for name in table.inherits.iter().chain(&table.partition_of) {
            let Lookup::Found(found) = self.find_relation(name) else { return };
            if found.open {
                return;
            }
            parents.push(Arc::clone(found));
        }
        if parents.is_empty() {
            return;
        }
        let place = at(&table.name);
        let mut columns: Vec<(Column, bool)> = Vec::new();
        for column in parents.iter().flat_map(|it| &it.columns) {
            let Some((first, bogus)) = columns.iter_mut().find(|it| it.0.name == column.name) else {
                columns.push((column.clone(), false));
                continue;
            };
            let stored = |it: &Column| it.generated.as_ref().map(|it| it.stored);
            if stored(first) != stored(column) {
                let message = format!("inherited column \"{}\" has a generation conflict", column.name);
                self.report(code::DATATYPE_MISMATCH, place, message);
                return;
            }
            *bogus |= differ(first, column) || computed_otherwise(first, column);
            if first.default.is_none() {
                first.default = column.default.clone();
            }
        }
        for column in &table.columns {
            let Some((inherited, bogus)) = columns.iter_mut().find(|it| it.0.name == column.name.ident)
            else {
                continue;
            };
            let said =
                |it: fn(&ColumnConstraintKind) -> bool| column.constraints.iter().any(|own| it(&own.kind));
            if said(|it| {
                matches!(it, ColumnConstraintKind::Default(_) | ColumnConstraintKind::Generated { .. })
            }) {
                *bogus = false;
            }
            let older = self.catalog.server_version.is_some_and(|it| it < 18);
            if !older
                && inherited.not_null
                && !inherited.nulls_remain
                && said(|it| matches!(it, ColumnConstraintKind::NotNull { no_inherit: true }))
            {
                let message = format!(
                    "cannot define not-null constraint with NO INHERIT on column \"{}\"",
                    column.name.ident
                );
                self.report(code::DATATYPE_MISMATCH, column.name.range, message);
                return;
            }
            if let Some(message) = merged(column, inherited) {
                self.report(code::INVALID_COLUMN_DEFINITION, column.name.range, message);
                return;
            }
        }
        if let Some((column, _)) = columns.iter().find(|it| it.1) {
            let (what, hint) = match column.generated {
                Some(_) => ("generation expressions", "specify a generation expression explicitly."),
                None => ("default values", "specify a default explicitly."),
            };
            let message = format!("column \"{}\" inherits conflicting {what}", column.name);
            self.report(code::INVALID_COLUMN_DEFINITION, place, message)
                .hint(format!("To resolve the conflict, {hint}"));
            return;
        }
        self.merged_checks(table, &parents);
    }

    /// A check of the table and one of a parent under the same name are the same.
    fn merged_checks(&mut self, table: &'a CreateTable, parents: &[Arc<Relation>]) {
        let of_columns =
            table.columns.iter().flat_map(|it| &it.constraints).filter_map(|it| match &it.kind {
                ColumnConstraintKind::Check(expr) => Some((it.name.as_ref()?, *expr, it.no_inherit)),
                _ => None,
            });
        let of_table = table.constraints.iter().filter_map(|it| match &it.kind {
            TableConstraintKind::Check(expr) => Some((it.name.as_ref()?, *expr, it.no_inherit)),
            _ => None,
        });
        let all: Vec<(&Name, crate::sql::hir::ExprId, bool)> = of_columns.chain(of_table).collect();
        let own = table.name.last().map(|it| it.ident.clone()).unwrap_or_else(|| Ident::new(""));
        for (name, expr, no_inherit) in all {
            let inherited = parents
                .iter()
                .flat_map(|it| &it.checks)
                .find(|it| !it.no_inherit && it.name.as_ref() == Some(&name.ident));
            let Some(inherited) = inherited.filter(|it| self.is_certain(it.origin)) else { continue };
            let text = crate::base::text::slice(self.text, self.expr_node(expr).range);
            let text = text.trim().strip_prefix('(').and_then(|it| it.strip_suffix(')')).unwrap_or(text);
            let other = inherited.expression.as_deref().is_some_and(|it| unlike(text, it));
            if other {
                let message = format!("constraint \"{}\" for relation \"{own}\" already exists", name.ident);
                self.report(code::DUPLICATE_OBJECT, name.range, message);
                return;
            }
            if no_inherit {
                let message = format!(
                    "constraint \"{}\" conflicts with inherited constraint on relation \"{own}\"",
                    name.ident
                );
                self.report(code::INVALID_OBJECT_DEFINITION, name.range, message);
                return;
            }
        }
    }
}

/// What a column of the table may not say of one that it has from a parent.
fn merged(column: &ColumnDef, inherited: &Column) -> Option<String> {
    let name = &inherited.name;
    let stored = column.constraints.iter().find_map(|it| match it.kind {
        ColumnConstraintKind::Generated { stored, .. } => Some(stored),
        _ => None,
    });
    let says = |it: fn(&ColumnConstraintKind) -> bool| column.constraints.iter().any(|own| it(&own.kind));
    match (&inherited.generated, stored) {
        (None, Some(_)) => Some(format!("child column \"{name}\" specifies generation expression")),
        (Some(parent), Some(own)) if parent.stored != own => {
            Some(format!("column \"{name}\" inherits from generated column of different kind"))
        }
        (Some(_), None) if says(|it| matches!(it, ColumnConstraintKind::Default(_))) => {
            Some(format!("column \"{name}\" inherits from generated column but specifies default"))
        }
        (Some(_), None) if says(|it| matches!(it, ColumnConstraintKind::Identity { .. })) => {
            Some(format!("column \"{name}\" inherits from generated column but specifies identity"))
        }
        _ => None,
    }
}
