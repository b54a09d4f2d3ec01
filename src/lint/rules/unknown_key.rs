//! Keys of `values` and `set` that are no columns.

use crate::embed::chain::Kind;
use crate::lint::builder::written;
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::project::eval::{Site, Value, ValueKind};
use crate::sema::code::Severity::Warning;
use crate::ts::hir::{ExprId, ExprKind, Prop};

pub const RULE: Lint = Lint::query("unknown-key", Warning, include_str!("unknown-key.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for written in written(script) {
        let table = written.table;
        let is_column = |key: &str| table.columns.iter().any(|it| it.key.as_deref() == Some(key));
        if table.columns.iter().all(|it| it.key.is_none()) {
            continue;
        }
        for row in written.rows(script) {
            // An object's own keys are TypeScript's business where it stands; those of what is spread into it, and of one
            // that was made before, are nobody's.
            let spreads: Vec<ExprId> = match script.expr(row) {
                ExprKind::Object(props) => {
                    let spread = |it: &Prop| match it {
                        Prop::Spread(it) => Some(*it),
                        _ => None,
                    };
                    props.iter().filter_map(spread).collect()
                }
                ExprKind::Ident(_) if matches!(script.expr(script.definition(row)), ExprKind::Object(_)) => {
                    vec![row]
                }
                _ => continue,
            };
            for spread in &spreads {
                let value = script.value(*spread);
                let Some(key) = keys(&value).into_iter().find(|it| !is_column(it)) else { continue };
                let effect = match written.kind {
                    Kind::Insert => "it is dropped in silence",
                    _ => "it is dropped, and alone it makes an UPDATE without SET",
                };
                let message = format!("{} has no column \"{key}\": {effect}", table.name.quoted());
                acc.report(script.range(*spread), message).related_origin(table.origin, "the table");
            }
        }
    }
}

/// The keys that an object certainly has.
fn keys(value: &Value) -> Vec<&str> {
    let ValueKind::Object { entries, .. } = &*value.kind else { return Vec::new() };
    let is_certain =
        |it: &Value| !matches!(*it.kind, ValueKind::OneOf(_) | ValueKind::Undefined | ValueKind::Unknown);
    let entries = entries.iter().filter(|it| it.site != Site::NOWHERE && is_certain(&it.value));
    entries.map(|it| it.key.as_str()).collect()
}
