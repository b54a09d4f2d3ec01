//! `inArray(column, [])`.

use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Warning;
use crate::ts::hir::ExprKind;

pub const RULE: Lint = Lint::query("empty-list", Warning, include_str!("empty-list.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for id in script.ids() {
        let Some((callee, [column, list])) = script.call(id) else { continue };
        let what = match script.drizzle_call_name(callee) {
            Some("inArray") => "no row has a value of an empty list",
            Some("notInArray") => "no value is in an empty list: this is every row",
            _ => continue,
        };
        // What a variable holds may have changed on the way.
        let is_empty = matches!(script.expr(script.bare(*list)), ExprKind::Array(items) if items.is_empty());
        if is_empty && script.drizzle(callee).is_some() && script.column(*column).is_some() {
            acc.report(script.range(*list), what);
        }
    }
}
