//! Parameters of functions that are pasted into SQL.

use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Hint;
use crate::ts::hir::{ExprId, ExprKind};

pub const RULE: Lint = Lint::query("raw-interpolation", Hint, include_str!("raw-interpolation.md"), run);

/// Longer concatenations are not followed.
const MAX_DEPTH: u32 = 16;

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    let mut told = rustc_hash::FxHashSet::default();
    for id in script.ids() {
        let Some((_, method, [arg, ..])) = script.method(id) else { continue };
        let is_raw = match method.as_str() {
            "raw" => script.call(id).is_some_and(|it| script.drizzle(it.0).as_deref() == Some("sql.raw")),
            // A string is run as it stands.
            "execute" => script.driver(id).is_some(),
            _ => false,
        };
        if !is_raw {
            continue;
        }
        let mut found = Vec::new();
        pasted(script, *arg, false, 0, &mut found);
        for part in found.into_iter().filter(|it| told.insert(*it)) {
            let message = format!(
                "{} is pasted into the SQL: whoever chooses it can write any SQL",
                script.source(part)
            );
            acc.report(script.range(part), message);
        }
    }
}

/// The parts of a text that whoever calls the function decides, through constants too. A parameter that is the whole text is
/// the caller's SQL, and the caller's business.
fn pasted(script: &Script<'_>, id: ExprId, is_part: bool, depth: u32, acc: &mut Vec<ExprId>) {
    if depth > MAX_DEPTH {
        return;
    }
    let definition = script.definition(id);
    match script.expr(definition) {
        ExprKind::Template(template) if template.tag.is_none() => {
            template.holes.iter().for_each(|it| pasted(script, *it, true, depth + 1, acc));
        }
        ExprKind::Binary { op, left, right } if op == "+" => {
            for it in [*left, *right] {
                pasted(script, it, true, depth + 1, acc);
            }
        }
        ExprKind::Conditional { then, else_, .. } => {
            for it in [*then, *else_] {
                pasted(script, it, is_part, depth + 1, acc);
            }
        }
        _ if is_part && is_string_parameter(script, definition) => acc.push(definition),
        _ => {}
    }
}

/// A parameter that the function's own types call a string.
fn is_string_parameter(script: &Script<'_>, id: ExprId) -> bool {
    script.parameter_type(id).is_some_and(|it| it.split('|').map(str::trim).any(|it| it == "string"))
}
