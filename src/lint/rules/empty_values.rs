//! Nothing to insert or to set.

use crate::embed::chain::Kind;
use crate::lint::builder::written;
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Error;
use crate::ts::hir::{ExprKind, Prop};

pub const RULE: Lint = Lint::query("empty-values", Error, include_str!("empty-values.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for it in written(script) {
        // What a variable holds may have changed on the way: only what stands here is certain.
        let message = match (it.kind, script.expr(script.bare(it.arg))) {
            (Kind::Insert, ExprKind::Array(items)) if items.is_empty() => {
                "values() must be called with at least one value"
            }
            (Kind::Update, ExprKind::Object(props)) if props.iter().all(|it| is_nothing(script, it)) => {
                "No values to set"
            }
            _ => continue,
        };
        // Columns that are set at every update are values too; a conflict's are not.
        let by_itself = it.query.kind == Kind::Update && it.table.columns.iter().any(|it| it.runtime_default);
        if !by_itself {
            acc.report(script.range(it.arg), message);
        }
    }
}

/// `name: undefined` is passed over.
fn is_nothing(script: &Script<'_>, prop: &Prop) -> bool {
    matches!(prop, Prop::Field { value, .. } if matches!(script.expr(script.bare(*value)), ExprKind::Undefined))
}
