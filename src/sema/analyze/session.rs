//! EXECUTE, and what is done with cursors (`ExecuteQuery`, `EvaluateParams`, `PerformPortalFetch`). They are judged by
//! what the session did before; of names that it has not made itself nothing is said.

use crate::catalog::Catalog;
use crate::catalog::session::Named;
use crate::sema::code::{self, Severity};
use crate::sema::resolve::CoercionContext;
use crate::sema::{Context, OutputColumn, Ty};
use crate::sql::hir::{Ddl, Execute, Name, Session, Statement, StatementKind, WrapperKind};
use crate::sql::{Dialect, parse_statement};

use super::binder::Binder;
use super::place::Place;
use super::scope::{RteColumn, Shape};

/// What a prepared statement takes and yields; a cursor takes nothing.
struct Inside {
    params: Vec<Ty>,
    columns: Vec<OutputColumn>,
    open: bool,
    is_query: bool,
}

impl<'a> Binder<'a> {
    /// EXECUTE as a query: its values, and the rows of the statement that PREPARE has named (`ExecuteQuery`).
    pub fn execute(&mut self, execute: &'a Execute) -> Shape {
        let open = Shape { open: true, has_rows: true, ..Shape::default() };
        let name = &execute.name.ident;
        let text = match self.catalog.session.prepared.get(name) {
            Named::There { text, .. } => text,
            Named::Gone => {
                let message = format!("prepared statement \"{name}\" does not exist");
                self.report(code::UNDEFINED_PREPARED_STATEMENT, execute.name.range, message);
                return open;
            }
            Named::Unknown => return open,
        };
        let Some(inside) = inside(self.catalog, text) else { return open };
        self.parameters(execute, &inside.params);
        let makes = matches!(&self.stmt.kind, StatementKind::Ddl(it) if matches!(**it, Ddl::CreateView(_)));
        if makes && !inside.is_query {
            let message = "prepared statement is not a SELECT";
            self.report(code::WRONG_OBJECT_TYPE, execute.name.range, message);
            return open;
        }
        let has_rows = inside.is_query || !inside.columns.is_empty();
        let columns = inside.columns.into_iter().map(|it| {
            let mut column = RteColumn::new(it.name, it.ty);
            column.nullable = it.nullable;
            column.source = it.source;
            column.collation = it.collation;
            column
        });
        Shape { columns: columns.collect(), open: inside.open, has_rows, exprs: Vec::new() }
    }

    /// The values that a prepared statement is given; one that takes none takes any.
    fn parameters(&mut self, execute: &'a Execute, expected: &[Ty]) {
        let (args, name) = (&execute.args, &execute.name);
        if expected.is_empty() || args.iter().any(|it| self.may_be_several(*it)) {
            return;
        }
        if args.len() != expected.len() {
            let message = format!("wrong number of parameters for prepared statement \"{}\"", name.ident);
            let detail = format!("Expected {} parameters but got {}.", expected.len(), args.len());
            self.report(code::SYNTAX_ERROR, name.range, message).hint(detail);
            return;
        }
        self.params.none = true;
        for (idx, (&arg, &expected)) in args.iter().zip(expected).enumerate() {
            self.in_place(Place::ExecuteParameter, |it| it.expr(arg));
            let given = self.ty(arg);
            if !self.coerce(arg, expected, CoercionContext::Assignment).is_no() {
                continue;
            }
            if let (Ty::Known(given), Ty::Known(expected)) = (given, expected) {
                let message = format!(
                    "parameter ${} of type {} cannot be coerced to the expected type {}",
                    idx + 1,
                    self.format_id(given.id),
                    self.format_id(expected.id)
                );
                let at = self.place(arg);
                self.report(code::DATATYPE_MISMATCH, at, message)
                    .hint("You will need to rewrite or cast the expression.");
            }
        }
    }

    /// FETCH, MOVE, CLOSE and DEALLOCATE.
    pub fn session(&mut self, session: &'a Session) {
        let held = &self.catalog.session;
        match session {
            Session::Fetch { cursor, moves } => match held.cursors.get(&cursor.ident) {
                Named::There { text, .. } if !moves => match inside(self.catalog, text) {
                    Some(inside) => (self.columns, self.columns_open) = (inside.columns, inside.open),
                    None => self.columns_open = true,
                },
                Named::There { .. } => {}
                Named::Gone => self.no_cursor(cursor),
                Named::Unknown => self.columns_open = !moves,
            },
            Session::Close(Some(cursor)) if *held.cursors.get(&cursor.ident) == Named::Gone => {
                self.no_cursor(cursor);
            }
            Session::Deallocate(Some(name)) if *held.prepared.get(&name.ident) == Named::Gone => {
                let message = format!("prepared statement \"{}\" does not exist", name.ident);
                self.report(code::UNDEFINED_PREPARED_STATEMENT, name.range, message);
            }
            Session::Close(_) | Session::Deallocate(_) => {}
        }
    }

    fn no_cursor(&mut self, name: &Name) {
        let message = format!("cursor \"{}\" does not exist", name.ident);
        self.report(code::UNDEFINED_CURSOR, name.range, message);
    }

    /// PREPARE and DECLARE of a name that is taken.
    pub fn session_name_taken(&mut self, kind: WrapperKind, name: &Name) {
        let held = &self.catalog.session;
        let (names, code, words) = match kind {
            WrapperKind::Prepare => {
                (&held.prepared, code::DUPLICATE_PREPARED_STATEMENT, "prepared statement")
            }
            WrapperKind::DeclareCursor => (&held.cursors, code::DUPLICATE_CURSOR, "cursor"),
            _ => return,
        };
        if let Named::There { origin, .. } = names.get(&name.ident) {
            let related = super::ddl::name::declared_here(&name.ident, *origin);
            let message = format!("{words} \"{}\" already exists", name.ident);
            self.report(code, name.range, message).related.extend(related);
        }
    }
}

/// `None`: PREPARE or DECLARE was wrong itself.
fn inside(catalog: &Catalog, text: &str) -> Option<Inside> {
    let parsed = parse_statement(text, Dialect::Postgres);
    let before = Catalog { session: Default::default(), ..catalog.clone() };
    let statement: &Statement = &parsed.hir;
    let StatementKind::Wrapped { kind, param_types, inner, .. } = &statement.kind else { return None };
    let ctx = Context { catalog: &before, params: &[], variables: &[] };
    let mut binder = Binder::new(ctx, statement, text);
    if *kind == WrapperKind::Prepare {
        binder.declare_params(param_types);
    }
    binder.statement(inner);
    let analysis = binder.finish();
    let is_wrong = analysis.problems.iter().any(|it| it.code.severity == Severity::Error);
    if parsed.error.is_some() || is_wrong {
        return None;
    }
    Some(Inside {
        params: analysis.params,
        columns: analysis.columns,
        open: analysis.columns_open,
        is_query: matches!(**inner, StatementKind::Query(_)),
    })
}

#[cfg(test)]
mod tests;
