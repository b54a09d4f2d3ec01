//! Nothing to insert or to set.

use crate::lint::builder::Kind;
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Error;
use crate::ts::hir::{ExprKind, Prop};

pub const RULE: Lint = Lint::query("empty-values", Error, include_str!("empty-values.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for query in script.queries() {
        let method = match query.kind {
            Kind::Insert => "values",
            Kind::Update => "set",
            _ => continue,
        };
        // What a variable holds may have changed on the way: only what stands here is certain.
        let Some([arg]) = query.step(method).map(|it| it.args.as_slice()) else { continue };
        let message = match (query.kind, script.expr(script.bare(*arg))) {
            (Kind::Insert, ExprKind::Array(items)) if items.is_empty() => {
                "values() must be called with at least one value"
            }
            (Kind::Update, ExprKind::Object(props)) if props.iter().all(|it| is_nothing(script, it)) => {
                "No values to set"
            }
            _ => continue,
        };
        // Columns that are set at every update are values too.
        let by_itself = query.kind == Kind::Update
            && query
                .table
                .as_ref()
                .and_then(|it| script.table(&it.name))
                .is_none_or(|it| it.open || it.columns.iter().any(|it| it.runtime_default));
        if !by_itself {
            acc.report(script.range(*arg), message);
        }
    }
}

/// `name: undefined` is passed over.
fn is_nothing(script: &Script<'_>, prop: &Prop) -> bool {
    matches!(prop, Prop::Field { value, .. } if matches!(script.expr(script.bare(*value)), ExprKind::Undefined))
}
