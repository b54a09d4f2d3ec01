//! ORDER BY a parameter, which is a value and no column.

use crate::embed::{Fragment, Frame};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::lint::template::{Hole, Template};
use crate::project::eval::ValueKind;
use crate::sema::code::Severity::Warning;
use crate::sema::render::Library;
use crate::sql::token::{Token, TokenKind, lex};
use crate::ts::hir::ExprId;

pub const RULE: Lint = Lint::query("constant-order", Warning, include_str!("constant-order.md"), run);

/// Words that may follow what is sorted by.
const FOLLOW: [&str; 8] = ["asc", "desc", "nulls", "limit", "offset", "fetch", "for", "using"];

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for fragment in script.fragments() {
        if script.library(fragment) != Library::Drizzle {
            continue;
        }
        let template = Template::new(script, fragment);
        for hole in &template.holes {
            if is_sorted_by(fragment, &template, hole) && is_plain(script, hole.expr) {
                let message = "this sorts by a parameter, which is the same for every row";
                acc.report(hole.host, message).hint(
                    "A column's name is ${sql.identifier(name)}; Drizzle's own columns are best: ${users.name}.",
                );
            }
        }
    }
}

/// A string or a number for certain: a constant, or a parameter whose type says so.
fn is_plain(script: &Script<'_>, id: ExprId) -> bool {
    let is_literal = |it: &str| {
        it.len() >= 2 && ['\'', '"'].iter().any(|quote| it.starts_with(*quote) && it.ends_with(*quote))
    };
    let id = script.definition(id);
    if let Some(ty) = script.parameter_type(id) {
        return ty.split('|').map(str::trim).all(|it| matches!(it, "string" | "number") || is_literal(it));
    }
    let value = script.value(id);
    value.alternatives().iter().all(|it| matches!(*it.kind, ValueKind::String(_) | ValueKind::Number(_)))
}

/// The hole is all that ORDER BY, or one item of it, sorts by.
fn is_sorted_by(fragment: &Fragment, template: &Template, hole: &Hole) -> bool {
    // A look at the bytes first: what stands before most holes is something else.
    let before = template.before(hole).trim_end();
    let ends_by = before.len().checked_sub(2).and_then(|at| before.get(at..));
    let is_comment = before.ends_with("*/") || before.lines().last().is_some_and(|it| it.contains("--"));
    if !before.is_empty() && !is_comment && !ends_by.is_some_and(|it| it.eq_ignore_ascii_case("by")) {
        return false;
    }
    let words = |text: &str| -> Vec<String> {
        let is_trivia = |it: &Token| {
            matches!(it.kind, TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. })
        };
        let tokens = lex(text).into_iter().filter(|it| !is_trivia(it));
        tokens.map(|it| it.text(text).to_ascii_lowercase()).collect()
    };
    let after = words(template.after(hole));
    let ends = match after.first().map(String::as_str) {
        None | Some("," | ";" | ")") => true,
        Some(word) => FOLLOW.contains(&word),
    };
    if !ends {
        return false;
    }
    let before = words(template.before(hole));
    match before.as_slice() {
        [.., order, by] if order == "order" && by == "by" => true,
        // Of a list only its first item is looked at: what stands before a later one may be a function's argument.
        [] => matches!(fragment.context.first(), Some(Frame::Arg { method, .. }) if method == "orderBy"),
        _ => false,
    }
}
