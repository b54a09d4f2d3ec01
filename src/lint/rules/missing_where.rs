//! UPDATE and DELETE of every row.

use crate::embed::chain::Kind;
use crate::lint::builder::{Use, constant_of, names_of, use_of};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::project::eval::{Value, ValueKind};
use crate::sema::code::Severity::{Information, Warning};
use crate::ts::hir::{ExprId, ExprKind};

pub const RULE: Lint = Lint::query("missing-where", Information, include_str!("missing-where.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    // Tests and seeds empty tables all the time.
    let path = crate::project::Workspace::path(script.look.snap, script.file).to_ascii_lowercase();
    let clears =
        ["test", "spec", "seed", "fixture", "e2e", "reset", "clean"].iter().any(|it| path.contains(it));
    for query in script.queries() {
        let what = match query.kind {
            Kind::Update if query.has("set") => "updates",
            Kind::Delete => "deletes",
            _ => continue,
        };
        let Some(table) = query.table.as_ref().map(|it| it.name.name.quoted()) else { continue };
        let Some(first) = query.steps.first() else { continue };
        if let Some(filter) = query.step("where") {
            if let [condition] = filter.args.as_slice()
                && is_nothing(script, *condition)
            {
                let message = format!("this condition is nothing: the query {what} every row of {table}");
                acc.report(script.range(*condition), message).severity(Warning);
            } else if let [condition] = filter.args.as_slice()
                && !clears
                && !is_tested(script, *condition)
                && may_be_nothing(script, *condition, 0)
            {
                let message = format!("where this is undefined, the query {what} every row of {table}");
                acc.report(script.range(*condition), message);
            }
            continue;
        }
        if query.has("$dynamic") || query.has("limit") || query.has("from") || query.has("innerJoin") {
            continue;
        }
        // A builder that is kept or handed on may get its condition later.
        let runs = query.has("execute") || query.has("then") || query.has("run");
        if clears {
            continue;
        }
        let its_use = use_of(script, query.outer);
        if runs
            || matches!(its_use, Use::Awaited(_))
            || its_use == Use::Bound && is_run_as_it_is(script, query.outer)
        {
            acc.report(first.name_range, format!("this {what} every row of {table}"));
        }
    }
}

/// `undefined`, or a conjunction of nothing else: Drizzle writes no WHERE for it.
fn is_nothing(script: &Script<'_>, id: ExprId) -> bool {
    if matches!(script.expr(script.bare(id)), ExprKind::Undefined) {
        return true;
    }
    is_undefined(&script.value(id))
}

/// `undefined` in one case of several: Drizzle writes no WHERE then.
fn may_be_nothing(script: &Script<'_>, id: ExprId, depth: u32) -> bool {
    if depth > 8 {
        return false;
    }
    let id = script.definition(id);
    match script.expr(id) {
        ExprKind::Undefined => true,
        ExprKind::Conditional { then, else_, .. } => {
            [*then, *else_].iter().any(|it| may_be_nothing(script, *it, depth + 1))
        }
        ExprKind::Call { callee, args, .. } => {
            matches!(script.drizzle_call_name(*callee), Some("and" | "or"))
                && script.drizzle(*callee).is_some()
                && args.iter().all(|it| may_be_nothing(script, *it, depth + 1))
        }
        _ => false,
    }
}

/// The program looks elsewhere whether the condition is one: `if (!condition) return;`.
fn is_tested(script: &Script<'_>, condition: ExprId) -> bool {
    let condition = script.bare(condition);
    let Some((_, binding)) = script.binding(condition) else { return false };
    names_of(script, binding).filter(|it| *it != condition).any(|it| script.is_tested(it))
}

/// The constant that holds the query is awaited, and nothing else is done with it.
fn is_run_as_it_is(script: &Script<'_>, outer: ExprId) -> bool {
    let Some(binding) = constant_of(script, outer) else { return false };
    let uses: Vec<ExprId> = names_of(script, binding).collect();
    let is_exported = script
        .module
        .exports
        .iter()
        .any(|it| matches!(it, crate::ts::hir::Export::Local { local, .. } if *local == binding.name));
    !uses.is_empty() && !is_exported && uses.iter().all(|it| matches!(use_of(script, *it), Use::Awaited(_)))
}

fn is_undefined(value: &Value) -> bool {
    match &*value.kind {
        ValueKind::Undefined => true,
        ValueKind::Call { callee, args, .. } => {
            let name = crate::sema::render::drizzle_function(callee);
            matches!(name.as_deref(), Some("and" | "or")) && args.iter().all(is_undefined)
        }
        _ => false,
    }
}
