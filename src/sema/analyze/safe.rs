//! Which of the fixes that look sure are safe (CONTRACTS, "Fixes"): those after which a statement that only reads has
//! one problem less and none that is new.

use crate::base::text::TextSize;
use crate::sema::{Analysis, Context, Fix, Problem};
use crate::sql::hir::{Query, QueryBody, Statement, StatementKind, WrapperKind};
use crate::sql::parse_statement;

use super::binder::Binder;

/// Each trial analyses the statement once more; fixes beyond these are offered as unsafe, until others have been made.
const MAX_TRIALS: usize = 16;

/// Leaves `safe` only where it is true.
pub fn settle(ctx: Context<'_>, statement: &Statement, text: &str, analysis: &mut Analysis) {
    if !analysis.problems.iter().any(|it| it.fixes.iter().any(|it| it.safe)) {
        return;
    }
    let reads = only_reads(&statement.kind);
    let before = analysis.problems.clone();
    let fixes = analysis.problems.iter_mut().flat_map(|it| &mut it.fixes).filter(|it| it.safe);
    for (n, fix) in fixes.enumerate() {
        fix.safe = reads && n < MAX_TRIALS && mends(ctx, text, &before, fix);
    }
}

fn mends(ctx: Context<'_>, text: &str, before: &[Problem], fix: &Fix) -> bool {
    let Some(fixed) = apply(text, fix) else { return false };
    let parsed = parse_statement(&fixed, ctx.catalog.dialect);
    if parsed.error.is_some() {
        return false;
    }
    let mut binder = Binder::new(ctx, &parsed.hir, &fixed);
    binder.statement(&parsed.hir.kind);
    let after = binder.finish();
    let mut old: Vec<(&str, &str)> = before.iter().map(|it| (it.code.name, it.message.as_str())).collect();
    let n_before = old.len();
    let known = after.problems.iter().all(|it| {
        let idx = old.iter().position(|old| *old == (it.code.name, it.message.as_str()));
        idx.map(|idx| old.swap_remove(idx)).is_some()
    });
    known && after.problems.len() < n_before
}

fn apply(text: &str, fix: &Fix) -> Option<String> {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|it| it.0.start());
    let mut res = String::with_capacity(text.len() + 16);
    let mut at = TextSize::default();
    for (range, new) in edits {
        res.push_str(text.get(at.into()..range.start().into())?);
        res.push_str(new);
        at = range.end();
    }
    res.push_str(text.get(at.into()..)?);
    Some(res)
}

/// A wrong guess in a statement that writes would cost data.
fn only_reads(kind: &StatementKind) -> bool {
    match kind {
        StatementKind::Query(it) => query_reads(it),
        StatementKind::Wrapped { kind: WrapperKind::Explain, inner, .. } => only_reads(inner),
        _ => false,
    }
}

fn query_reads(query: &Query) -> bool {
    query.with.iter().flat_map(|it| &it.ctes).all(|it| only_reads(&it.body))
        && match &query.body {
            QueryBody::Select(it) => it.into.is_none(),
            QueryBody::SetOp { left, right, .. } => query_reads(left) && query_reads(right),
            QueryBody::Nested(it) => query_reads(it),
            QueryBody::Values { .. } | QueryBody::Table(_) => true,
            QueryBody::Execute(_) | QueryBody::Missing => false,
        }
}
