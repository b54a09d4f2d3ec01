//! Defaults that are computed for every row.

use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::catalog::{Catalog, TypeId, TypeKind, lookup, pg};
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::Step;
use crate::lint::safety::{shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::ExprKind;
use crate::sql::hir::ddl::{AlterTable, ColumnConstraintKind, ColumnDef};

pub const RULE: Lint =
    Lint::migration("volatile-default", Information, include_str!("volatile-default.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        for (table, action) in step.actions() {
            let found = match action {
                AlterTable::AddColumn { column, .. } => per_row(&step, column),
                AlterTable::SetExpression { name, .. } => {
                    let column = step.old_column(table, &name.ident);
                    let is_stored = column.and_then(|it| it.generated.as_ref()).is_some_and(|it| it.stored);
                    is_stored.then(|| (name.range, "the new expression".to_owned()))
                }
                _ => None,
            };
            let Some((range, what)) = found else { continue };
            let message = format!(
                "{what} is computed for every row: all of {} is written anew under an ACCESS EXCLUSIVE lock",
                shown(table)
            );
            acc.report(step.at(range), message).hint(
                "Add the column without it, set the default in a second step, and fill the rows in batches.",
            );
        }
    }
}

/// What of a new column has to be computed row by row, and where it stands.
fn per_row(step: &Step<'_>, column: &ColumnDef) -> Option<(TextRange, String)> {
    let serial =
        column.ty.as_ref().and_then(|it| it.name.last()).filter(|it| it.ident.as_str().ends_with("serial"));
    if let Some(name) = serial {
        return Some((name.range, "a serial number".to_owned()));
    }
    if let Some(ty) = column.ty.as_ref()
        && lookup::type_of(&step.before, ty, step.exprs).is_some_and(|it| is_constrained(&step.before, it.id))
    {
        return Some((ty.range, format!("the domain {}", ty.name.last()?.ident.quoted())));
    }
    for constraint in &column.constraints {
        match &constraint.kind {
            ColumnConstraintKind::Identity { .. } => {
                return Some((constraint.range, "an identity".to_owned()));
            }
            ColumnConstraintKind::Generated { stored: true, .. } => {
                return Some((constraint.range, "a stored generated column".to_owned()));
            }
            ColumnConstraintKind::Default(expr) => {
                let whole = step.exprs.get(expr.0 as usize)?.range;
                let inside = step.exprs.iter().filter(|it| whole.contains_range(it.range));
                let mut calls = inside.filter_map(|it| match &it.kind {
                    ExprKind::Call(call) => call.name.last().map(|it| it.ident.as_str()),
                    _ => None,
                });
                let call = calls.find(|it| is_volatile(&step.before, it))?;
                return Some((whole, format!("{call}()")));
            }
            _ => {}
        }
    }
    None
}

/// `pg_proc.provolatile`; functions of the project may be inlined, and nothing is said of them.
fn is_volatile(catalog: &Catalog, function: &str) -> bool {
    // uuid-ossp's and pgcrypto's.
    const INSTALLED: [&str; 4] =
        ["uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "gen_random_bytes"];
    let built_in = pg::functions(function);
    let is_own = catalog.functions.keys().any(|it| it.name.as_str() == function);
    !is_own
        && (INSTALLED.contains(&function)
            || !built_in.is_empty() && built_in.iter().all(|it| pg::volatility(it) == Some('v')))
}

/// A domain with a CHECK or NOT NULL, its own or that of the domain it is over: even NULL has to be looked at.
fn is_constrained(catalog: &Catalog, ty: TypeId) -> bool {
    let mut current = ty;
    for _ in 0..16 {
        let Some(info) = catalog.type_info(current) else { return false };
        let TypeKind::Domain { base, not_null } = &info.kind else { return false };
        let key = SmolStr::from(format!("CONSTRAINT {}", info.name));
        if *not_null || catalog.others.iter().any(|it| it.0 == key) {
            return true;
        }
        current = base.id;
    }
    false
}
