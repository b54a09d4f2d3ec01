//! The binder: statement × catalog → names, types, parameters and what PostgreSQL's parse analysis refuses
//! (`analyze.c` and `parse_*.c`). It goes through a statement in PostgreSQL's order, so that parameters get their
//! types from the same place, but does not stop at an error: what depends on a failure is unknown and silent.

mod aggregate;
mod assign;
mod binder;
mod bindings;
mod call;
mod classes;
mod coerce;
mod collation;
mod column;
mod command;
mod conflict;
mod cte;
mod ddl;
mod dialect;
mod explain;
mod expr;
mod from;
mod group;
mod inline;
mod insert;
mod join;
mod jsonwords;
mod merge;
mod nullable;
mod operator;
mod order;
mod params;
mod place;
mod probe;
mod procedure;
mod pseudo;
mod query;
mod record;
mod recursion;
mod relation;
mod required;
mod returning;
mod rewrite;
mod safe;
mod same;
mod scope;
mod searching;
mod select;
mod session;
mod setop;
mod sort;
mod sqljson;
mod sublink;
mod subscript;
mod suggest;
mod table_function;
mod target;
mod types;
mod updatable;
mod update;
mod used;
mod utility;
mod variable;
mod version;
mod walk;
mod window;

pub use used::uses;

use super::{Analysis, Context, LocalRows, Problem, Target, code};
use crate::catalog::Catalog;
use crate::sql::Ident;
use crate::sql::created::column_of;
use crate::sql::hir::Statement;

/// Analyses one statement; `text` is the statement's own text.
pub fn statement(ctx: Context<'_>, statement: &Statement, text: &str) -> Analysis {
    let env = super::body::inline_env(ctx.catalog, statement);
    let ctx = env.as_ref().map_or(ctx, |it| it.context(ctx.catalog));
    let mut binder = binder::Binder::new(ctx, statement, text);
    binder.statement(&statement.kind);
    binder.utility();
    binder.check_collations();
    let mut res = binder.finish();
    if let Some(env) = &env {
        super::body::sql::bound_params(statement, env.params.len(), &mut res);
        res.params.clear();
    }
    version::check(ctx.catalog, statement, text, &mut res);
    safe::settle(ctx, statement, text, &mut res);
    forgive_added(ctx.catalog, &mut res);
    res
}

/// A column that some file of the workspace adds to a table of the statement may be there.
fn forgive_added(catalog: &Catalog, analysis: &mut Analysis) {
    let added = &catalog.gaps.added;
    if added.is_empty() || analysis.problems.is_empty() {
        return;
    }
    let tables = analysis.references.iter().filter_map(|it| match &it.target {
        Target::Relation(name) => Some(&name.name),
        _ => None,
    });
    let tables: Vec<&Ident> = tables.collect();
    analysis.problems.retain(|it| {
        let named = missing_column(it);
        !named.is_some_and(|column| tables.iter().any(|it| added.contains(&column_of(it, &column))))
    });
}

/// The column that is told missing: that of `column "c" does not exist`, `column t.c does not exist`, `column "c" of relation "t" does not exist`.
pub fn missing_column(problem: &Problem) -> Option<Ident> {
    let rest =
        Some(problem).filter(|it| it.code == code::UNDEFINED_COLUMN)?.message.strip_prefix("column ")?;
    let name = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?.0,
        None => rest.strip_suffix(" does not exist")?.rsplit_once('.')?.1.trim_matches('"'),
    };
    Some(Ident::new(name))
}

/// What names are bound to; see `sema::bindings`.
pub fn bindings(
    ctx: Context<'_>,
    statement: &Statement,
    text: &str,
) -> (Analysis, super::bindings::Bindings) {
    let mut binder = binder::Binder::new(ctx, statement, text);
    binder.stars = Some(Vec::new());
    binder.statement(&statement.kind);
    let bindings = binder.take_bindings();
    (binder.finish(), bindings)
}

/// The rows of CTEs, subqueries and functions in FROM.
pub fn local_rows(ctx: Context<'_>, statement: &Statement, text: &str) -> Vec<LocalRows> {
    let mut binder = binder::Binder::new(ctx, statement, text);
    binder.done_ctes = Some(Vec::new());
    binder.statement(&statement.kind);
    let rows = |range, columns: Vec<scope::RteColumn>, open| LocalRows {
        range,
        columns: columns.into_iter().map(scope::RteColumn::output).collect(),
        open,
    };
    let ctes = binder.done_ctes.take().unwrap_or_default();
    let mut res: Vec<LocalRows> = ctes.into_iter().map(|it| rows(it.range, it.columns, it.open)).collect();
    for it in binder.rtes {
        if it.relation.is_none() && it.cte.is_none() {
            res.push(rows(it.range, it.columns, it.open));
        }
    }
    res
}

/// What the place of the stand-in name lets name; see `sema::scope`.
pub fn scope(ctx: Context<'_>, statement: &Statement, text: &str) -> Option<super::scope::Scope> {
    let mut binder = binder::Binder::new(ctx, statement, text);
    binder.probe = Some(Box::default());
    binder.statement(&statement.kind);
    binder.finish_probe()
}

#[cfg(test)]
mod tests;
