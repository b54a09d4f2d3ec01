//! UPDATE and DELETE of every row.

use crate::lint::builder::{Kind, Use, use_of};
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
        if runs || matches!(use_of(script, query.outer), Use::Awaited(_)) {
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

fn is_undefined(value: &Value) -> bool {
    match &*value.kind {
        ValueKind::Undefined => true,
        ValueKind::Call { callee, args, .. } => {
            let name = crate::lint::script::drizzle_function(callee);
            matches!(name.as_deref(), Some("and" | "or")) && args.iter().all(is_undefined)
        }
        _ => false,
    }
}
