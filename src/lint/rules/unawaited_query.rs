//! Queries that nobody runs.

use crate::embed::chain::{self, Kind, Link};
use crate::lint::builder::{Query, Use, constant_of, use_of};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Warning;
use crate::ts::hir::{ExprId, ExprKind};

pub const RULE: Lint = Lint::query("unawaited-query", Warning, include_str!("unawaited-query.md"), run);

const MESSAGE: &str = "this query never runs: nothing awaits it";

/// Methods that run a query, or hand it on.
const RUNS: [&str; 10] =
    ["then", "catch", "finally", "execute", "run", "all", "get", "values", "prepare", "iterator"];

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for query in script.queries() {
        if runs(query) {
            continue;
        }
        let Some(statement) = thrown_away(script, query.outer) else { continue };
        let Some(first) = query.steps.first() else { continue };
        let report = acc.report(first.name_range, MESSAGE);
        let is_async = script
            .functions_around(script.module.expr(statement).scope)
            .first()
            .is_some_and(|(_, it)| it.is_async);
        if is_async && statement == query.outer {
            let at = crate::base::text::TextRange::empty(script.range(statement).start());
            report.fix("Await it", vec![(at, "await ".to_owned())]);
        }
    }
    others(script, acc);
    if script.queries().is_empty() {
        return;
    }
    for call in script.module.statements.iter().copied() {
        let Some((function, it)) = script.called_function(call) else { continue };
        // What an async function returns is awaited for whoever waits for it: it runs.
        let ([returned], false) = (it.returns.as_slice(), it.is_async) else { continue };
        let is_query = |query: &&Query| query.outer == script.bare(*returned) && !runs(query);
        let Some(query) = script.queries().iter().find(is_query) else { continue };
        let (Some(first), Some((callee, _))) = (query.steps.first(), script.call(call)) else { continue };
        if script.functions_around(script.module.expr(query.outer).scope).first().map(|it| it.0)
            != Some(function)
        {
            continue;
        }
        acc.report(script.range(callee), MESSAGE).related_here(first.name_range, "the query");
    }
}

/// `db.execute(…)`, `db.query.users.findMany(…)` and `db.$count(…)` of a handle that is known.
fn others(script: &Script<'_>, acc: &mut Acc<'_>) {
    for id in script.ids() {
        let Some((object, method, _)) = script.method(id) else { continue };
        let is_lazy = match method.as_str() {
            // MySQL's and SQLite's drivers run it at once.
            "execute" => script.is_postgres() && matches!(script.expr(object), ExprKind::Ident(_)),
            "findMany" | "findFirst" => chain::relational_handle(script.module, object).is_some(),
            _ => false,
        };
        if !is_lazy || thrown_away(script, id).is_none() || script.driver(id).is_none() {
            continue;
        }
        let Some((callee, _)) = script.call(id) else { continue };
        if let ExprKind::Member { name_range, .. } = script.expr(callee) {
            acc.report(*name_range, MESSAGE);
        }
    }
}

/// The statement that an expression's value ends with: `query;`, `void query;`, `test && query;`.
fn thrown_away(script: &Script<'_>, id: ExprId) -> Option<ExprId> {
    let mut current = id;
    for _ in 0..8 {
        match use_of(script, current) {
            Use::Statement => return Some(current),
            Use::Bound => return is_never_read(script, current).then_some(current),
            Use::Returned(function) => return is_dropped(script, function).then_some(current),
            Use::Other => {}
            _ => return None,
        }
        let parent = script.parent(current)?;
        let is_last = match script.expr(parent) {
            ExprKind::Unary { op, .. } if op == "void" => return Some(parent),
            ExprKind::Logical { right, .. } => *right == current,
            ExprKind::Conditional { then, else_, .. } => [*then, *else_].contains(&current),
            _ => false,
        };
        current = is_last.then_some(parent)?;
    }
    None
}

/// Nobody looks at what a callback returns: `list.forEach((id) => query)`, `setTimeout(() => query)`. What an async one
/// returns is awaited.
fn is_dropped(script: &Script<'_>, function: ExprId) -> bool {
    const DROP: [&str; 4] = ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"];
    let is_async = matches!(script.expr(function), ExprKind::Function(it) if it.is_async);
    let Some((callee, args)) = script.parent(function).and_then(|it| script.call(it)) else { return false };
    let drops = match script.expr(callee) {
        ExprKind::Member { name, .. } => name == "forEach",
        ExprKind::Ident(name) => DROP.contains(&name.as_str()) && script.binding(callee).is_none(),
        _ => false,
    };
    drops && !is_async && args.first() == Some(&function)
}

/// The constant that holds it is named nowhere else.
fn is_never_read(script: &Script<'_>, init: ExprId) -> bool {
    let Some(binding) = constant_of(script, init) else { return false };
    let text = script.text.as_bytes();
    let is_word = |at: Option<usize>| {
        at.and_then(|it| text.get(it))
            .is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'$'))
    };
    let found = memchr::memmem::find_iter(text, binding.name.as_bytes());
    let mut n_named = 0;
    for at in found {
        n_named += usize::from(!is_word(at.checked_sub(1)) && !is_word(Some(at + binding.name.len())));
    }
    n_named == 1
}

/// The chain itself runs the query, or it is not known what it does.
fn runs(query: &Query) -> bool {
    let steps = || query.steps.iter().skip(1);
    // The VALUES of an INSERT are no end of it.
    let ends = |it: &Link| {
        RUNS.contains(&it.method.as_str()) && !(query.kind == Kind::Insert && it.method == "values")
    };
    // What a chain does after a method that is not Drizzle's is not known.
    steps().any(ends)
        || !steps().all(|it| chain::continues(&it.method))
        || query.steps.last().is_some_and(|it| it.method == "$dynamic")
}
