//! Columns of tables that a query does not have.

use crate::base::text::TextRange;
use crate::embed::chain::{Kind, is_logical, is_operator};
use crate::lint::builder::{Query, Use, names_of, use_of};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Error;
use crate::ts::hir::{ExprId, ExprKind, Prop};

pub const RULE: Lint =
    Lint::query("table-not-in-query", Error, include_str!("table-not-in-query.md"), run).state("42P01");

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for query in script.queries() {
        // A query that is not run here may stand in another, whose tables it sees.
        let runs = match use_of(script, query.outer) {
            Use::Awaited(_) => true,
            // What an async function returns is awaited: nobody joins anything to it any more.
            Use::Returned(function) => {
                matches!(script.expr(function), ExprKind::Function(it) if it.is_async) && !query.has("as")
            }
            _ => false,
        };
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
                look(script, query, *arg, Known::default(), 0, acc);
            }
        }
    }
}

/// How an expression came to stand in the query.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Where the query names the constant that the expression is the value of.
    at: Option<TextRange>,
    /// Other queries name it too: of its alternatives each may take its own.
    is_shared: bool,
}

fn look(script: &Script<'_>, query: &Query, id: ExprId, known: Known, depth: u32, acc: &mut Acc<'_>) {
    if depth > 24 {
        return;
    }
    let mut each = |id| look(script, query, id, known, depth + 1, acc);
    match script.expr(id) {
        ExprKind::Member { .. } | ExprKind::Ident(_) => {
            let Some((relation, _)) = script.column(id) else {
                let definition = script.definition(id);
                if definition != id && matches!(script.expr(id), ExprKind::Ident(_)) {
                    let at = known.at.or_else(|| Some(script.range(id)));
                    let is_shared = known.is_shared || is_named_again(script, id);
                    look(script, query, definition, Known { at, is_shared }, depth + 1, acc);
                }
                return;
            };
            let relations = query.relations.iter().flatten();
            if relations.clone().any(|it| *it == relation) {
                return;
            }
            let name = relation.alias.as_ref().unwrap_or(&relation.name.name);
            let message = format!("table {} is not part of the query", name.quoted());
            let same = relations.clone().find(|it| it.name == relation.name);
            let report = acc.report(known.at.unwrap_or_else(|| script.range(id)), message);
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
        ExprKind::Conditional { .. } | ExprKind::Logical { .. } if known.is_shared => {}
        ExprKind::Conditional { then, else_, .. } => {
            each(*then);
            each(*else_);
        }
        ExprKind::Logical { op, left, right } => {
            if op != "&&" {
                each(*left);
            }
            each(*right);
        }
        _ => {}
    }
}

/// A constant that is named more than once.
fn is_named_again(script: &Script<'_>, name: ExprId) -> bool {
    script.binding(name).is_some_and(|(_, it)| names_of(script, it).nth(1).is_some())
}
