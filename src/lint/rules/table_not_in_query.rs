//! Columns of tables that a query does not have.

use crate::embed::chain::{Kind, is_logical, is_operator};
use crate::lint::builder::{Query, Use, use_of};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Error;
use crate::ts::hir::{ExprId, ExprKind, Prop};

pub const RULE: Lint =
    Lint::query("table-not-in-query", Error, include_str!("table-not-in-query.md"), run).state("42P01");

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for query in script.queries() {
        // A query that is not run here may stand in another, whose tables it sees.
        let runs = matches!(use_of(script, query.outer), Use::Awaited(_));
        if !runs || !query.is_closed() || query.relations.is_empty() {
            continue;
        }
        for step in &query.steps {
            let args = match step.method.as_str() {
                "select" | "selectDistinct" | "where" | "having" | "groupBy" | "orderBy" => {
                    step.args.as_slice()
                }
                "returning" if query.kind != Kind::Insert => step.args.as_slice(),
                "leftJoin" | "rightJoin" | "innerJoin" | "fullJoin" => step.args.get(1..).unwrap_or_default(),
                _ => continue,
            };
            for arg in args {
                look(script, query, *arg, 0, acc);
            }
        }
    }
}

fn look(script: &Script<'_>, query: &Query, id: ExprId, depth: u32, acc: &mut Acc<'_>) {
    if depth > 24 {
        return;
    }
    let mut each = |id| look(script, query, id, depth + 1, acc);
    match script.expr(id) {
        ExprKind::Member { .. } => {
            let Some((relation, _)) = script.column(id) else { return };
            let known = query.relations.iter().flatten();
            if known.clone().any(|it| *it == relation) {
                return;
            }
            let name = relation.alias.as_ref().unwrap_or(&relation.name.name);
            let message = format!("table {} is not part of the query", name.quoted());
            let same = known.clone().find(|it| it.name == relation.name);
            let report = acc.report(script.range(id), message);
            match same.map(|it| &it.alias) {
                Some(Some(alias)) => {
                    report.hint(format!("The query has it under the name {}.", alias.quoted()));
                }
                Some(None) => {
                    report.hint("The query has it under its own name.");
                }
                None => {
                    report.hint("Join it, or take the column of a table that the query has.");
                }
            }
        }
        ExprKind::Call { callee, args, .. } => {
            // `users.id.asc()` is no method of a column; operators are functions.
            let name = script.drizzle_call_name(*callee);
            if name.is_some_and(|it| is_logical(it) || is_operator(it)) && script.drizzle(*callee).is_some() {
                args.iter().for_each(|it| each(*it));
            }
        }
        ExprKind::Object(props) => {
            for prop in props {
                if let Prop::Field { value, .. } = prop {
                    each(*value);
                }
            }
        }
        ExprKind::Array(items) => items.iter().for_each(|it| each(*it)),
        ExprKind::Assertion { expr, .. } => each(*expr),
        _ => {}
    }
}
