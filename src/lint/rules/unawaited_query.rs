//! Queries that nobody runs.

use crate::lint::builder::{Kind, Use, use_of};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Warning;
use crate::ts::hir::ExprKind;

pub const RULE: Lint = Lint::query("unawaited-query", Warning, include_str!("unawaited-query.md"), run);

/// Methods that run a query, or hand it on.
const RUNS: [&str; 10] =
    ["then", "catch", "finally", "execute", "run", "all", "get", "values", "prepare", "iterator"];

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    if !script.is_postgres() {
        return;
    }
    for query in script.queries() {
        // The VALUES of an INSERT are no end of it.
        let runs = query.steps.iter().skip(1).any(|it| {
            RUNS.contains(&it.method.as_str()) && !(query.kind == Kind::Insert && it.method == "values")
        });
        let last = query.steps.last().map(|it| it.method.as_str());
        // What a chain does after a method that is not Drizzle's is not known.
        let known = query.steps.iter().skip(1).all(|it| is_builder_method(&it.method));
        if runs || !known || last == Some("$dynamic") {
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
        let report = acc.report(first.name_range, "this query never runs: nothing awaits it");
        let is_async = script
            .functions_around(script.module.expr(statement).scope)
            .first()
            .is_some_and(|(_, it)| it.is_async);
        if is_async && statement == query.outer {
            let at = crate::base::text::TextRange::empty(script.range(statement).start());
            report.fix("Await it", vec![(at, "await ".to_owned())]);
        }
    }
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
