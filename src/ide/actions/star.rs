//! `*` → the columns that it stands for.

use super::{Action, Spot};
use crate::base::text::{TextRange, TextSize};
use crate::ide::lab::Keep;
use crate::sema::bindings::{Bindings, StarColumn};
use crate::sql::Ident;
use crate::sql::hir::ExprKind;

pub fn expand(spot: &Spot<'_>, acc: &mut Vec<Action>) {
    let exprs = &spot.unit.parsed.hir.exprs;
    let under = |range: TextRange| range.contains_inclusive(spot.offset);
    let Some(idx) = exprs.iter().position(|it| matches!(it.kind, ExprKind::Star { .. }) && under(it.range))
    else {
        return;
    };
    let Some(expr) = exprs.get(idx) else { return };
    let ExprKind::Star { qualifier } = &expr.kind else { return };
    let Some(trial) = spot.lab.trial(spot.idx, &spot.unit.text) else { return };
    let found = trial.bindings.stars.iter().find(|it| it.0.0 as usize == idx);
    let Some((_, Some(columns))) = found else { return };
    if columns.is_empty() {
        return;
    }
    let names: Vec<String> = match qualifier.range() {
        // As it is written.
        Some(at) => {
            let qualifier = crate::base::text::slice(&spot.unit.text, at);
            columns.iter().map(|it| format!("{qualifier}.{}", it.name.quoted())).collect()
        }
        None => columns.iter().map(|it| name(it, columns, &trial.bindings)).collect(),
    };
    let what = qualifier.last().map_or("*".to_owned(), |it| format!("{}.*", it.ident.quoted()));
    let text = layout(spot, expr.range, &names);
    acc.extend(spot.rewrite(format!("Expand {what} into its columns"), &[(expr.range, text)], Keep::Output));
}

/// The shortest name that is surely right.
fn name(column: &StarColumn, all: &[StarColumn], bindings: &Bindings) -> String {
    let alone = all.iter().filter(|it| it.name == column.name).count() == 1;
    let one_item = all.iter().all(|it| it.item == column.item && it.item.is_some());
    let item: Option<&Ident> = column.item.and_then(|it| bindings.items.get(it as usize)).map(|it| &it.name);
    match item {
        Some(_) if one_item && alone => column.name.quoted(),
        // Columns that USING merges have only the bare name in all kinds of joins.
        _ if column.joined && alone => column.name.quoted(),
        Some(item) => format!("{}.{}", item.quoted(), column.name.quoted()),
        None => column.name.quoted(),
    }
}

/// On one line, or on one line each where that would be too long for it.
fn layout(spot: &Spot<'_>, at: TextRange, names: &[String]) -> String {
    const MAX_WIDTH: usize = 80;
    let line = names.join(", ");
    let before = spot.unit.text.get(..usize::from(at.start())).unwrap_or("");
    let own_line = before.rsplit('\n').next().unwrap_or("");
    let column = TextSize::of(own_line);
    if usize::from(column) + line.len() <= MAX_WIDTH || own_line.trim().is_empty() && line.len() <= MAX_WIDTH
    {
        return line;
    }
    if !own_line.trim().is_empty() {
        return line;
    }
    // The star stands on a line of its own: so do the columns.
    let indent: String = own_line.chars().filter(|it| it.is_whitespace()).collect();
    names.join(&format!(",\n{indent}"))
}
