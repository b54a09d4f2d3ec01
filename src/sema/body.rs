//! Bodies of functions, procedures and DO blocks: the SQL inside, each piece with what can be named there.
//!
//! A body in SQL is checked when its function is made (`fmgr_sql_validator` of pg_proc.c); the SQL inside of PL/pgSQL
//! is only parsed then, and looked into when it is reached: what is wrong with it is a warning (CONTRACTS, "Severity").

mod cursor;
mod literal;
mod plpgsql;
mod result;
pub(super) mod routine;
pub(super) mod sql;

use std::sync::Arc;

use super::code::Severity;
use super::{Analysis, Context, Problem, Variable};
use crate::base::text::{TextRange, TextSize};
use crate::catalog::{Catalog, Type};
use crate::sql::hir::{Ddl, Statement, StatementKind};
use crate::sql::{Dialect, Ident, ParsedStatement};
use crate::ts::hir::LiteralMap;

pub use cursor::{Here, at};
pub(super) use result::mismatch;
pub(super) use routine::inline_env;

/// What can be named in a piece of a body beside relations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Env {
    /// `$1`, …
    pub params: Vec<Option<Type>>,
    /// Innermost first.
    pub variables: Vec<Variable>,
    /// `SET search_path` of the function.
    pub search_path: Option<Vec<Ident>>,
}

impl Env {
    pub fn context<'a>(&'a self, catalog: &'a Catalog) -> Context<'a> {
        Context { catalog, params: &self.params, variables: &self.variables }
    }

    /// The catalog as the function sees it.
    pub fn catalog<'a>(&self, catalog: &'a Catalog) -> std::borrow::Cow<'a, Catalog> {
        match &self.search_path {
            Some(path) => std::borrow::Cow::Owned(Catalog { search_path: path.clone(), ..catalog.clone() }),
            None => std::borrow::Cow::Borrowed(catalog),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Sql,
    Plpgsql,
}

/// A body that was read.
#[derive(Debug, Clone)]
pub struct Body {
    pub language: Language,
    /// It runs at once (DO), not whenever somebody calls it.
    pub at_once: bool,
    /// Where the body's text stands in the statement, with its escapes.
    pub map: LiteralMap,
    /// The bytes of the body, escapes decoded.
    pub len: TextSize,
    pub pieces: Vec<Piece>,
}

/// A statement or expression of a body.
#[derive(Debug, Clone)]
pub struct Piece {
    /// What was analysed: `wrapper` bytes, then those of `range`, perhaps with some written over.
    pub text: Arc<str>,
    pub wrapper: TextSize,
    /// In the body.
    pub range: TextRange,
    pub parsed: Arc<ParsedStatement>,
    pub analysis: Arc<Analysis>,
    pub env: Arc<Env>,
}

/// The pieces of a statement's body; `None` for statements without one, and for those that cannot be read.
/// `catalog`: as the statement leaves it.
pub fn read(catalog: &Catalog, statement: &Statement, text: &str) -> Option<Body> {
    if catalog.dialect != Dialect::Postgres {
        return None;
    }
    let StatementKind::Ddl(ddl) = &statement.kind else { return None };
    // Another session will run it.
    let other = (catalog.session != Default::default())
        .then(|| Catalog { session: Default::default(), ..catalog.clone() });
    let catalog = other.as_ref().unwrap_or(catalog);
    match &**ddl {
        Ddl::CreateFunction(create) => {
            let (body, range) = create.body.as_ref()?;
            let map = literal::map(text, body, *range)?;
            let language = create.language.as_ref()?;
            match language.ident.as_str() {
                "sql" => Some(sql::read(catalog, statement, create, body, map)),
                "plpgsql" => Some(plpgsql::function(catalog, statement, create, body, map)),
                _ => None,
            }
        }
        Ddl::Do { language, body, body_range } => {
            let plpgsql = language.as_ref().is_none_or(|it| it.ident.as_str() == "plpgsql");
            let map = literal::map(text, body, *body_range)?;
            plpgsql.then(|| plpgsql::block(catalog, body, map))
        }
        _ => None,
    }
}

/// Triggers call the function, so that what their tables have decides what its rows have.
pub fn is_called_by_triggers(catalog: &Catalog, statement: &Statement) -> bool {
    let StatementKind::Ddl(ddl) = &statement.kind else { return false };
    let Ddl::CreateFunction(create) = &**ddl else { return false };
    let returns = create.returns.as_ref().and_then(|it| it.name.last());
    returns.is_some_and(|it| it.ident.as_str() == "trigger")
        && plpgsql::of_triggers(catalog, create).is_some()
}

impl Body {
    pub fn has_problems(&self) -> bool {
        self.pieces.iter().any(|it| !it.analysis.problems.is_empty())
    }

    /// The place in the statement's text of one in a piece's.
    pub fn host(&self, piece: &Piece, at: TextSize) -> TextSize {
        let inside = u32::from((at + piece.range.start()).checked_sub(piece.wrapper).unwrap_or_default());
        let mut shift = u32::from(self.map.host.start());
        for escape in self.map.escapes.iter().take_while(|it| it.end <= inside) {
            shift = escape.host_end - escape.end;
        }
        TextSize::from(inside + shift)
    }

    /// Leaves the problems of what another reading of the same body refuses for whatever reason.
    pub fn agree_somehow(&mut self, other: Option<&Body>) {
        let Some(other) = other else { return };
        for (own, other) in self.pieces.iter_mut().zip(&other.pieces) {
            if other.analysis.problems.is_empty() && !own.analysis.problems.is_empty() {
                Arc::make_mut(&mut own.analysis).problems.clear();
            }
        }
    }

    /// Leaves the problems that another reading of the same body has too.
    pub fn agree(&mut self, other: Option<&Body>) {
        let Some(other) = other else { return };
        for (own, other) in self.pieces.iter_mut().zip(&other.pieces) {
            let known = |it: &Problem| {
                other.analysis.problems.iter().any(|other| other.range == it.range && other.code == it.code)
            };
            if !own.analysis.problems.iter().all(known) {
                Arc::make_mut(&mut own.analysis).problems.retain(known);
            }
        }
    }
}

/// A problem of what is not looked at before it runs.
fn soften(problem: &mut Problem) {
    problem.code.severity = problem.code.severity.min(Severity::Warning);
}

#[cfg(test)]
mod tests;
