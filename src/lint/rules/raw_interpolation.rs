//! Texts that somebody else chooses, pasted into SQL.

use crate::lint::rule::{Acc, Lint};
use crate::lint::script::{Script, is_test};
use crate::lint::taint;
use crate::project::Workspace;
use crate::sema::code::Severity::Hint;
use crate::ts::hir::{ExprId, ExprKind};

pub const RULE: Lint = Lint::query("raw-interpolation", Hint, include_str!("raw-interpolation.md"), run);

/// Longer concatenations are not followed.
const MAX_DEPTH: u32 = 16;

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    // Whatever a test pastes, it has chosen itself.
    if is_test(&script.look.snap.path(script.file)) {
        return;
    }
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
        pasted(script, *arg, is_part(script, id), 0, &mut found);
        for part in found.into_iter().filter(|it| told.insert(*it)) {
            if [part, script.definition(part)].iter().any(|it| taint::is_checked(script, *it, id)) {
                continue;
            }
            let message = format!(
                "{} is pasted into the SQL: whoever chooses it can write any SQL",
                script.source(part)
            );
            acc.report(script.range(part), message);
        }
    }
}

/// What `sql.raw` makes stands in a template, or in a query that a builder makes.
fn is_part(script: &Script<'_>, raw: ExprId) -> bool {
    let Some(parent) = script.parent(raw) else { return false };
    match script.expr(parent) {
        ExprKind::Template(_) => true,
        ExprKind::Call { args, .. } => {
            args.contains(&raw)
                && script
                    .method(parent)
                    .is_some_and(|it| matches!(it.1.as_str(), "where" | "having" | "orderBy" | "groupBy"))
        }
        _ => false,
    }
}

/// The parts of a text that somebody else decides, through constants too. A parameter that is the whole text is the caller's
/// SQL, and the caller's business; of a request nothing is.
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
        // `parts.join(', ')`.
        ExprKind::Call { .. } if script.method(definition).is_some_and(|it| it.1 == "join") => {
            let Some((list, ..)) = script.method(definition) else { return };
            if let Some(function) = taint::mapped(script, list) {
                function.returns.iter().for_each(|it| pasted(script, *it, true, depth + 1, acc));
            } else if let Some(items) = taint::elements(script, list) {
                items.iter().for_each(|it| pasted(script, *it, true, depth + 1, acc));
            } else if taint::is_list(script, list) {
                acc.push(list);
            }
        }
        _ if is_part && taint::is_foreign(script, id) => acc.push(id),
        _ => {}
    }
}
