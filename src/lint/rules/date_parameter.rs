//! `Date` values in templates that postgres.js sends.

use crate::embed::Frame;
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::lint::template::Template;
use crate::sema::code::Severity::Error;
use crate::sema::render::Library;
use crate::ts::hir::{ExprId, ExprKind};

pub const RULE: Lint = Lint::query("date-parameter", Error, include_str!("date-parameter.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for fragment in script.fragments() {
        let template = Template::new(script, fragment);
        let mut dates = template.holes.iter().filter(|it| is_date(script, it.expr)).peekable();
        if dates.peek().is_none()
            || script.library(fragment) != Library::Drizzle
            || !runs_on_postgres_js(script, &fragment.context)
        {
            continue;
        }
        for hole in dates {
            let message = "postgres.js cannot send this Date: Drizzle takes away what would write it";
            let text = format!("{}.toISOString()", script.source(hole.expr));
            let report = acc.report(hole.host, message);
            if matches!(script.expr(hole.expr), ExprKind::Ident(_) | ExprKind::New { .. }) {
                report.fix("Send it as text", vec![(hole.host, text)]);
            }
        }
    }
}

/// `new Date(…)`, a constant that is one, or a parameter whose type says so.
fn is_date(script: &Script<'_>, id: ExprId) -> bool {
    if script.parameter_type(id).is_some_and(|it| it.trim() == "Date") {
        return true;
    }
    let definition = script.definition(id);
    let ExprKind::New { callee, .. } = script.expr(definition) else { return false };
    matches!(script.expr(*callee), ExprKind::Ident(name) if name == "Date")
        && script.binding(*callee).is_none()
}

/// The call around the fragment is made through a handle of `drizzle-orm/postgres-js`.
fn runs_on_postgres_js(script: &Script<'_>, context: &[Frame]) -> bool {
    let mut calls = context.iter().filter_map(|it| match it {
        Frame::Arg { call, .. } => Some(*call),
        _ => None,
    });
    calls.any(|it| script.driver(it).is_some_and(|it| it == "drizzle-orm/postgres-js"))
}
