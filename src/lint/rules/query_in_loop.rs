//! A query for each element.

use crate::lint::builder::{Kind, Query, Use, use_of};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Hint;
use crate::ts::hir::{ExprId, ExprKind};

pub const RULE: Lint = Lint::query("query-in-loop", Hint, include_str!("query-in-loop.md"), run).off();

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for query in script.queries() {
        let at = script.range(query.outer);
        let functions = script.functions_around(script.module.expr(query.outer).scope);
        let Some((function, innermost)) = functions.first() else { continue };
        let in_loop =
            script.module.loops.iter().any(|it| it.contains_range(at) && innermost.body.contains_range(*it));
        let awaited = matches!(use_of(script, query.outer), Use::Awaited(_));
        let in_map = matches!(use_of(script, query.outer), Use::Awaited(_) | Use::Returned(_))
            && is_mapped_in_parallel(script, *function);
        if !(in_map || in_loop && awaited) {
            continue;
        }
        let Some(first) = query.steps.first() else { continue };
        let hint = batched(query);
        acc.report(first.name_range, "one query for each element").hint(hint);
    }
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
