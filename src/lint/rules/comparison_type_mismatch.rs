//! `eq(a, b)` over columns of types that PostgreSQL does not compare.

use crate::lint::keys;
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Error;

pub const RULE: Lint =
    Lint::query("comparison-type-mismatch", Error, include_str!("comparison-type-mismatch.md"), run)
        .state("42883");

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    if !script.is_postgres() {
        return;
    }
    for id in script.ids() {
        let Some((callee, [left, right])) = script.call(id) else { continue };
        // A look at the name first: most calls are none of these.
        let sign = match script.drizzle_call_name(callee) {
            Some("eq") => "=",
            Some("ne") => "<>",
            Some("gt") => ">",
            Some("gte") => ">=",
            Some("lt") => "<",
            Some("lte") => "<=",
            _ => continue,
        };
        if script.drizzle(callee).is_none() {
            continue;
        }
        let (Some((_, a)), Some((_, b))) = (script.column(*left), script.column(*right)) else { continue };
        let (Some(a_type), Some(b_type)) = (a.ty, b.ty) else { continue };
        if let Some(message) = keys::comparison_refused(script.catalog(), sign, a_type, b_type) {
            acc.report(script.range(id), message)
                .related_origin(a.origin, format!("{} is {}", a.name.quoted(), a.type_text))
                .related_origin(b.origin, format!("{} is {}", b.name.quoted(), b.type_text));
        }
    }
}
