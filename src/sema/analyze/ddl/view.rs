//! Views and tables made of queries (`DefineView`, `checkViewColumns`, `create_ctas_internal`).

use crate::base::text::TextRange;
use crate::catalog::{QualifiedName, RelationKind, TypeId};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{CreateView, ViewKind};
use crate::sql::hir::{QName, Query, QueryBody};

use super::super::binder::Binder;
use super::super::scope::{Shape, system_column};
use super::name::{at, new_name};

impl<'a> Binder<'a> {
    pub fn create_view(&mut self, view: &'a CreateView) {
        let name = new_name(self.catalog, &view.name, view.temporary);
        if self.typed
            && view.if_not_exists
            && let Some(name) = &name
            && self.catalog.relations.contains_key(name)
        {
            // PostgreSQL looks no further than at the query.
            self.query(&view.query, true);
            return;
        }
        if self.typed && view.kind == ViewKind::View && into_of(&view.query).is_some() {
            let message = "views must not contain SELECT INTO";
            self.report(code::FEATURE_NOT_SUPPORTED, at(&view.name), message);
            return;
        }
        let shape = self.view_query(view);
        if self.typed {
            self.view_options(view);
            self.view_clauses(view);
        }
        let Some(name) = name.filter(|_| self.typed) else { return };
        let elsewhere = view.name.schema().is_some_and(|it| !it.ident.as_str().starts_with("pg_temp"));
        if view.temporary && elsewhere && view.kind == ViewKind::View && self.is_exact() {
            if !self.missing_schema(&view.name, false) {
                let message = "cannot create temporary relation in non-temporary schema";
                self.report(code::INVALID_TABLE_DEFINITION, at(&view.name), message);
            }
            return;
        }
        if self.missing_schema(&view.name, false) || !view.temporary && self.nowhere(&view.name) {
            return;
        }
        // A view of temporary tables is temporary by itself.
        let of_temporary = self.references.iter().any(|it| {
            matches!(&it.target, crate::sema::Target::Relation(name)
                if name.schema.as_str() == crate::catalog::lookup::TEMP_SCHEMA)
        });
        if of_temporary && view.kind == ViewKind::View && view.name.schema().is_none() {
            return;
        }
        if of_temporary && self.is_exact() {
            let schema = view.name.schema().map(|it| it.ident.as_str());
            let temporary = schema.is_some_and(|it| it.starts_with("pg_temp"));
            match view.kind {
                ViewKind::Materialized => {
                    let message = "materialized views must not use temporary tables or views";
                    self.report(code::FEATURE_NOT_SUPPORTED, at(&view.name), message);
                    return;
                }
                ViewKind::View if !temporary => {
                    let message = "cannot create temporary relation in non-temporary schema";
                    self.report(code::INVALID_TABLE_DEFINITION, at(&view.name), message);
                    return;
                }
                _ => {}
            }
        }
        let existing = self.catalog.relations.get(&name).cloned();
        if existing.is_some() && view.temporary && view.kind == ViewKind::Table {
            // What was made ON COMMIT DROP, or in another session, is gone: nothing tells.
            return;
        }
        let Some(existing) = existing.filter(|_| view.or_replace) else {
            self.taken(&name, at(&view.name), view.if_not_exists);
            return;
        };
        if !self.is_certain(existing.origin) {
            return;
        }
        if existing.kind != RelationKind::View {
            let message = format!("\"{}\" is not a view", existing.name);
            self.report(code::WRONG_OBJECT_TYPE, at(&view.name), message);
            return;
        }
        if let Some(shape) = shape.filter(|_| !existing.open) {
            self.replaced_columns(view, &name, &shape);
        }
    }

    /// What the table that `SELECT … INTO` makes cannot be: there already, with two columns of a name.
    pub fn made_into(&mut self, query: &Query, shape: &Shape) {
        let Some(into) = into_of(query).filter(|it| self.typed && !it.is_dynamic()) else { return };
        let n_before = self.problems.len();
        self.into_taken(into);
        if self.problems.len() == n_before && !shape.open && self.is_exact() {
            let twice = shape.columns.iter().enumerate().find(|(idx, it)| {
                !it.name.is_dynamic() && shape.columns.iter().take(*idx).any(|other| other.name == it.name)
            });
            if let Some((_, column)) = twice {
                let message = format!("column \"{}\" specified more than once", column.name);
                self.report(code::DUPLICATE_COLUMN, column.range.unwrap_or(at(into)), message);
            }
        }
    }

    fn into_taken(&mut self, into: &QName) {
        let n_problems = self.problems.len();
        if n_problems == 0
            && let Some(name) = new_name(self.catalog, into, false)
            && name.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA
            && !self.says_temporary(into)
        {
            self.taken(&name, at(into), false);
        }
    }

    /// `INTO TEMP t`: what is between the word and the name is not kept.
    fn says_temporary(&self, into: &QName) -> bool {
        let before = self.text.get(..usize::from(at(into).start())).unwrap_or("").to_ascii_lowercase();
        let mut words = before.split_ascii_whitespace().rev().take(2);
        words.any(|it| matches!(it, "temp" | "temporary"))
    }

    /// `USING method`, `ON COMMIT …`.
    fn view_clauses(&mut self, view: &CreateView) {
        if let Some(method) = &view.method {
            self.missing_method(method);
        }
        if let Some(at) = view.on_commit.filter(|_| !view.temporary && self.is_exact()) {
            let temporary = view.name.schema().is_some_and(|it| it.ident.as_str().starts_with("pg_temp"));
            if !temporary {
                let message = "ON COMMIT can only be used on temporary tables";
                self.report(code::INVALID_TABLE_DEFINITION, at, message);
            }
        }
    }

    fn view_options(&mut self, view: &CreateView) {
        let table = if view.kind == ViewKind::View { super::options::VIEW } else { super::options::HEAP };
        self.settings(table, &view.options, false);
        let by_option = view
            .options
            .iter()
            .find(|it| it.name.last().is_some_and(|it| it.ident.as_str() == "check_option"))
            .and_then(|it| it.name.range());
        if let (Some(at), Some(_)) = (view.check_option, by_option) {
            let message = "parameter \"check_option\" specified more than once";
            self.report(code::INVALID_PARAMETER_VALUE, at, message);
            return;
        }
        let Some(at) = view.check_option.or(by_option).filter(|_| view.kind == ViewKind::View) else {
            return;
        };
        if self.is_exact() && !self.catalog.gaps.relations && self.takes_no_changes(&view.query) {
            let message = "WITH CHECK OPTION is supported only on automatically updatable views";
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
        }
    }

    /// Whether a view of the query is certainly not updatable by its shape (`view_query_is_auto_updatable`).
    fn takes_no_changes(&self, query: &Query) -> bool {
        use crate::sql::hir::{Distinct, FromItem};
        if query.with.is_some() || query.limit.is_some() || query.offset.is_some() {
            return true;
        }
        match &query.body {
            QueryBody::Select(select) => {
                select.distinct != Distinct::No
                    || !select.group_by.is_empty()
                    || select.having.is_some()
                    || select.from.len() != 1
                    || !select.from.iter().all(|it| matches!(it, FromItem::Relation { .. }))
                    || select.targets.iter().any(|it| self.is_aggregated(it.expr))
                    // At least one column must be there to be written.
                    || !select.targets.iter().any(|it| {
                        use crate::sql::hir::ExprKind;
                        matches!(
                            self.bare(it.expr),
                            ExprKind::Column(_)
                                | ExprKind::Star { .. }
                                | ExprKind::FieldStar(_)
                                | ExprKind::Field { .. }
                                // One that changes nothing leaves the column as it is.
                                | ExprKind::Cast { .. }
                                | ExprKind::Missing
                        )
                    })
            }
            QueryBody::Nested(_) => false,
            _ => true,
        }
    }

    fn is_aggregated(&self, expr: crate::sql::hir::ExprId) -> bool {
        match self.bare(expr) {
            crate::sql::hir::ExprKind::Call(call) => {
                call.over.is_some()
                    || call.star
                    || call.name.parts.len() == 1
                        && call.name.last().is_some_and(|it| {
                            matches!(it.ident.as_str(), "sum" | "avg" | "min" | "max" | "count" | "array_agg")
                        })
            }
            _ => false,
        }
    }

    /// The query of a view, and the names of its columns; `None`: reported, or not known.
    pub fn view_query(&mut self, view: &'a CreateView) -> Option<Shape> {
        let n_problems = self.problems.len();
        let shape = self.query(&view.query, true);
        if shape.open {
            return None;
        }
        let n_columns = shape.columns.len();
        if view.columns.len() > n_columns {
            let message = match view.kind {
                ViewKind::View => "CREATE VIEW specifies more column names than columns",
                ViewKind::Materialized | ViewKind::Table => "too many column names were specified",
            };
            let at = view.columns.get(n_columns).map_or(view.query_range, |it| it.range);
            self.report(code::SYNTAX_ERROR, at, message);
            return None;
        }
        let mut seen: Vec<Ident> = Vec::new();
        for (idx, column) in shape.columns.iter().enumerate() {
            let written = view.columns.get(idx);
            let name = written.map_or(&column.name, |it| &it.ident);
            let at = written.map(|it| it.range).or(column.range).unwrap_or(view.query_range);
            if seen.contains(name) {
                let message = format!("column \"{name}\" specified more than once");
                self.report(code::DUPLICATE_COLUMN, at, message);
                return None;
            }
            if self.typed && view.kind != ViewKind::View && system_column(name.as_str()).is_some() {
                let message = format!("column name \"{name}\" conflicts with a system column name");
                self.report(code::DUPLICATE_COLUMN, at, message);
            }
            if let Ty::Known(ty) = column.ty
                && (matches!(ty.id, TypeId::RECORD | TypeId::RECORD_ARRAY) || self.is_void(ty.id))
                && self.typed
            {
                let message = format!("column \"{name}\" has pseudo-type {}", self.format_id(ty.id));
                self.report(code::INVALID_TABLE_DEFINITION, at, message);
                return None;
            }
            if let Ty::Known(ty) = column.ty
                && column.collation == crate::catalog::Collation::Indeterminate
                && self.type_info(ty.id).is_some_and(|it| it.collatable)
            {
                let message = match view.kind {
                    ViewKind::View => {
                        format!("could not determine which collation to use for view column \"{name}\"")
                    }
                    ViewKind::Materialized | ViewKind::Table => format!(
                        "no collation was derived for column \"{name}\" with collatable type {}",
                        self.format_id(ty.id)
                    ),
                };
                self.report(code::INDETERMINATE_COLLATION, at, message)
                    .hint("Use the COLLATE clause to set the collation explicitly.");
            }
            seen.push(name.clone());
        }
        (self.problems.len() == n_problems).then_some(shape)
    }

    /// A modifier is certainly there.
    fn modified(&self, ty: crate::catalog::Type) -> bool {
        ty != crate::catalog::Type::plain(ty.id)
    }

    fn is_void(&self, id: TypeId) -> bool {
        self.is_pseudo(id) && self.format_id(id) == "void"
    }

    /// `SET (check_option = …)` of a view that takes no changes (`ATExecSetRelOptions`).
    pub fn checks_nothing(
        &mut self,
        view: &crate::catalog::Relation,
        options: &[crate::sql::hir::ddl::Setting],
    ) {
        let option =
            options.iter().find(|it| it.name.last().is_some_and(|it| it.ident.as_str() == "check_option"));
        let Some(place) = option.and_then(|it| it.name.range()) else { return };
        let Some(text) = view.definition.as_deref().filter(|_| self.is_exact()) else { return };
        let parsed = crate::sql::parse_statement(text, self.catalog.dialect);
        let crate::sql::hir::StatementKind::Query(query) = &parsed.hir.kind else { return };
        if parsed.error.is_none() && Binder::new(self.ctx, &parsed.hir, text).takes_no_changes(query) {
            let message = "WITH CHECK OPTION is supported only on automatically updatable views";
            self.report(code::FEATURE_NOT_SUPPORTED, place, message);
        }
    }

    /// CREATE OR REPLACE keeps the columns that were there.
    fn replaced_columns(&mut self, view: &CreateView, name: &QualifiedName, shape: &Shape) {
        let Some(existing) = self.catalog.relations.get(name).cloned() else { return };
        let place: TextRange = at(&view.name);
        let old: Vec<_> = existing.columns.iter().filter(|it| !it.name.as_str().is_empty()).collect();
        if shape.columns.len() < old.len() {
            self.report(code::INVALID_TABLE_DEFINITION, place, "cannot drop columns from view");
            return;
        }
        for (idx, (old, new)) in old.iter().zip(&shape.columns).enumerate() {
            let new_name = view.columns.get(idx).map_or(&new.name, |it| &it.ident);
            if *new_name != old.name {
                let message = format!("cannot change name of view column \"{}\" to \"{new_name}\"", old.name);
                self.report(code::INVALID_TABLE_DEFINITION, place, message)
                    .hint("Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.");
                return;
            }
            let (Some(before), Ty::Known(after)) = (old.ty, new.ty) else { continue };
            let certain = self.is_exact() && matches!(existing.origin, crate::catalog::Origin::Sql { .. });
            let modified = certain || self.modified(before) && self.modified(after);
            if before != after && (before.id != after.id || modified) {
                let message = format!(
                    "cannot change data type of view column \"{}\" from {} to {}",
                    old.name,
                    self.type_words(before),
                    self.type_words(after)
                );
                self.report(code::INVALID_TABLE_DEFINITION, place, message);
                return;
            }
            let ty = crate::sema::Ty::Known(before);
            if let Some((before, after)) = self.differ((ty, &old.collation), (new.ty, &new.collation)) {
                let message = format!(
                    "cannot change collation of view column \"{}\" from \"{before}\" to \"{after}\"",
                    old.name
                );
                self.report(code::INVALID_TABLE_DEFINITION, place, message);
                return;
            }
        }
    }
}

/// What the first SELECT of a query names behind INTO.
pub fn into_of(query: &Query) -> Option<&QName> {
    match super::super::query::unwrap(query).1 {
        QueryBody::Select(select) => select.into.as_ref(),
        QueryBody::SetOp { left, .. } => into_of(left),
        _ => None,
    }
}
