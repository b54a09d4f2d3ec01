//! A query for each element.

use crate::lint::builder::{Kind, Query, Use, use_of};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Hint;
use crate::ts::hir::{ExprId, ExprKind};

pub const RULE: Lint = Lint::query("query-in-loop", Hint, include_str!("query-in-loop.md"), run).off();

const MESSAGE: &str = "one query for each element";

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for query in script.queries() {
        if !is_repeated(script, query.outer) {
            continue;
        }
        let Some(first) = query.steps.first() else { continue };
        acc.report(first.name_range, MESSAGE).hint(batched(query));
    }
    if script.queries().is_empty() {
        return;
    }
    for call in script.ids() {
        let Some((function, _)) = script.called_function(call) else { continue };
        let Some((callee, _)) = script.call(call).filter(|_| is_repeated(script, call)) else { continue };
        let Some(query) = script.queries().iter().find(|it| runs_in(script, it, function)) else { continue };
        let Some(first) = query.steps.first() else { continue };
        acc.report(script.range(callee), format!("{MESSAGE}: {} runs it", script.source(callee)))
            .hint(batched(query))
            .related_here(first.name_range, "the query");
    }
}

/// It is awaited in a loop, or in the callback of `Promise.all(list.map(…))`.
fn is_repeated(script: &Script<'_>, id: ExprId) -> bool {
    let (at, its_use) = (script.range(id), use_of(script, id));
    let functions = script.functions_around(script.module.expr(id).scope);
    let is_mapped = functions.first().is_some_and(|(function, _)| is_mapped_in_parallel(script, *function));
    if is_mapped && matches!(its_use, Use::Awaited(_) | Use::Returned(_)) {
        return true;
    }
    // At the top of a module a loop stands in no function.
    let is_inside = |body: &crate::base::text::TextRange| {
        body.contains_range(at) && functions.first().is_none_or(|(_, it)| it.body.contains_range(*body))
    };
    matches!(its_use, Use::Awaited(_)) && script.module.loops.iter().any(is_inside)
}

/// The function runs the query each time it is called.
fn runs_in(script: &Script<'_>, query: &Query, function: ExprId) -> bool {
    let functions = script.functions_around(script.module.expr(query.outer).scope);
    functions.first().is_some_and(|it| it.0 == function)
        && matches!(use_of(script, query.outer), Use::Awaited(_) | Use::Returned(_))
}

fn batched(query: &Query) -> &'static str {
    match query.kind {
        Kind::Select => {
            "One query with inArray(column, values) before the loop finds the rows of all elements."
        }
        Kind::Insert => "insert(table).values(rows) writes all rows at once.",
        Kind::Update => {
            "UPDATE … FROM (VALUES …), or insert(…).onConflictDoUpdate(…), changes all rows at once."
        }
        Kind::Delete => "delete(table).where(inArray(column, values)) deletes all rows at once.",
    }
}

/// `Promise.all(list.map(function))`.
fn is_mapped_in_parallel(script: &Script<'_>, function: ExprId) -> bool {
    let Some(map) = script.parent(function) else { return false };
    let Some((_, method, args)) = script.method(map) else { return false };
    if method != "map" || args.first() != Some(&function) {
        return false;
    }
    let Some(all) = script.parent(map) else { return false };
    let Some((promise, method, _)) = script.method(all) else { return false };
    matches!(method.as_str(), "all" | "allSettled")
        && matches!(script.expr(promise), ExprKind::Ident(name) if name == "Promise")
}
