//! `email` → `u.email`.

use super::{Action, Spot};
use crate::base::text::{TextRange, slice};
use crate::ide::lab::Keep;
use crate::sema::bindings::Bound;
use crate::sql::hir::{ExprKind, StatementKind};

pub fn qualify(spot: &Spot<'_>, acc: &mut Vec<Action>) {
    let hir = &spot.unit.parsed.hir;
    // In definitions the qualified name is unusual, and mostly refused.
    if matches!(hir.kind, StatementKind::Ddl(_) | StatementKind::Session(_) | StatementKind::Other(_)) {
        return;
    }
    let bare = |kind: &ExprKind| matches!(kind, ExprKind::Column(name) if name.parts.len() == 1 && !name.is_dynamic());
    if !hir.exprs.iter().any(|it| bare(&it.kind) && it.range.contains_inclusive(spot.offset)) {
        return;
    }
    let Some(trial) = spot.lab.trial(spot.idx, &spot.unit.text) else { return };
    let mut all: Vec<(TextRange, String)> = Vec::new();
    let mut here: Option<(TextRange, String)> = None;
    for (expr, bound) in hir.exprs.iter().zip(&trial.bindings.exprs) {
        let Some(Bound::Column { item, .. }) = bound else { continue };
        let Some(item) = trial.bindings.items.get(*item as usize).filter(|_| bare(&expr.kind)) else {
            continue;
        };
        if spot.unit.placement.to_host_exact(expr.range).is_none() {
            continue;
        }
        let edit = (expr.range, format!("{}.{}", item.name.quoted(), slice(&spot.unit.text, expr.range)));
        if expr.range.contains_inclusive(spot.offset) && here.is_none() {
            here = Some(edit.clone());
        }
        // A lone name of an ORDER BY is both clause item and expression.
        if !all.iter().any(|it| it.0 == edit.0) {
            all.push(edit);
        }
    }
    let Some(here) = here else { return };
    let title = format!("Qualify: {}", here.1);
    acc.extend(spot.rewrite(title, std::slice::from_ref(&here), Keep::Meaning));
    if all.len() > 1 {
        acc.extend(spot.rewrite("Qualify all columns of the statement".to_owned(), &all, Keep::Meaning));
    }
}
