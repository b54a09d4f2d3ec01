//! Queries that nobody runs.

use crate::lint::builder::{Kind, Query, Step, Use, use_of};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Warning;
use crate::ts::hir::ExprKind;

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
        let statement = match use_of(script, query.outer) {
            Use::Statement => query.outer,
            Use::Other => match script.parent(query.outer) {
                Some(parent) if matches!(script.expr(parent), ExprKind::Unary { op, .. } if op == "void") => {
                    if use_of(script, parent) != Use::Statement {
                        continue;
                    }
                    parent
                }
                _ => continue,
            },
            _ => continue,
        };
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

/// The chain itself runs the query, or it is not known what it does.
fn runs(query: &Query) -> bool {
    let steps = || query.steps.iter().skip(1);
    // The VALUES of an INSERT are no end of it.
    let ends = |it: &Step| {
        RUNS.contains(&it.method.as_str()) && !(query.kind == Kind::Insert && it.method == "values")
    };
    // What a chain does after a method that is not Drizzle's is not known.
    steps().any(ends)
        || !steps().all(|it| is_builder_method(&it.method))
        || query.steps.last().is_some_and(|it| it.method == "$dynamic")
}

fn is_builder_method(method: &str) -> bool {
    const METHODS: [&str; 26] = [
        "from",
        "set",
        "values",
        "where",
        "having",
        "groupBy",
        "orderBy",
        "limit",
        "offset",
        "for",
        "returning",
        "onConflictDoNothing",
        "onConflictDoUpdate",
        "leftJoin",
        "rightJoin",
        "innerJoin",
        "fullJoin",
        "crossJoin",
        "leftJoinLateral",
        "innerJoinLateral",
        "crossJoinLateral",
        "overridingSystemValue",
        "union",
        "unionAll",
        "select",
        "$withCache",
    ];
    METHODS.contains(&method)
}
