//! Adds the table of `posts.title` to FROM, where a foreign key says how it is joined.

use super::walk::{self, Part};
use super::{Action, Spot};
use crate::base::text::{TextRange, TextSize};
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{QualifiedName, Relation};
use crate::lint::Diagnostic;
use crate::sema::{Problem, code};
use crate::sql::Ident;
use crate::sql::hir::{ExprKind, FromItem, QName, Select};

pub fn missing(spot: &Spot<'_>, problem: &Problem, diagnostic: &Diagnostic, acc: &mut Vec<Action>) {
    if problem.code != code::UNDEFINED_TABLE || !problem.message.starts_with("missing FROM-clause entry") {
        return;
    }
    let hir = &spot.unit.parsed.hir;
    let qualifier =
        hir.exprs.iter().filter(|it| it.range.contains_range(problem.range)).find_map(|it| match &it.kind {
            ExprKind::Column(name) if name.parts.len() > 1 => {
                let parts = name.parts.split_last()?.1.to_vec();
                Some(QName { parts })
            }
            ExprKind::Star { qualifier } if !qualifier.parts.is_empty() => Some(qualifier.clone()),
            _ => None,
        });
    let (Some(qualifier), Some(catalog)) = (qualifier, spot.lab.catalog(spot.idx)) else { return };
    let Some(table) = qualifier.last() else { return };
    let schema = qualifier.schema().map(|it| &it.ident);
    let Lookup::Found(relation) = lookup::relation(&catalog, schema, &table.ident) else { return };
    let mut innermost: Option<&Select> = None;
    walk::parts(&spot.unit.parsed.hir, &mut |part| {
        let Part::Select(it) = part else { return };
        let holds = it.range.contains_range(problem.range);
        if holds && innermost.is_none_or(|old| it.range.len() < old.range.len()) {
            innermost = Some(it);
        }
    });
    let Some(select) = innermost else { return };
    let written = match schema {
        Some(schema) => format!("{}.{}", schema.quoted(), table.ident.quoted()),
        None => table.ident.quoted(),
    };
    let Some(last) = select.from.last() else {
        let Some(target) = select.targets.last() else { return };
        let edit = (TextRange::empty(target.range.end()), format!(" from {written}"));
        acc.extend(spot.mend(format!("Add from {written}"), &[edit], problem, diagnostic));
        return;
    };
    let Some(end) = end_of(last) else { return };
    let mut present: Vec<(String, &Relation)> = Vec::new();
    for item in &select.from {
        present_relations(&catalog, item, &mut present);
    }
    for (name, other) in present {
        for condition in conditions(relation, &table.ident.quoted(), other, &name) {
            let edit = (TextRange::empty(end), format!(" join {written} on {condition}"));
            let title = format!("Join {written} on {condition}");
            acc.extend(spot.mend(title, &[edit], problem, diagnostic));
        }
    }
}

/// What foreign keys between two tables say, in either direction.
fn conditions(new: &Relation, new_name: &str, old: &Relation, old_name: &str) -> Vec<String> {
    let key = |it: &Relation| QualifiedName { schema: it.schema.clone(), name: it.name.clone() };
    let mut res = Vec::new();
    let mut add = |from: &Relation, from_name: &str, to: &Relation, to_name: &str| {
        for it in from.foreign_keys.iter().filter(|it| it.target.as_ref() == Some(&key(to))) {
            if it.columns.len() != it.target_columns.len() || it.columns.is_empty() {
                continue;
            }
            let pair = |(a, b): (&Ident, &Ident)| {
                let (a, b) = (format!("{from_name}.{}", a.quoted()), format!("{to_name}.{}", b.quoted()));
                if from_name == new_name { format!("{a} = {b}") } else { format!("{b} = {a}") }
            };
            let pairs: Vec<String> = it.columns.iter().zip(&it.target_columns).map(pair).collect();
            res.push(pairs.join(" and "));
        }
    };
    add(new, new_name, old, old_name);
    add(old, old_name, new, new_name);
    res
}

/// Tables of the catalog in a FROM item, with the names they go by.
fn present_relations<'c>(
    catalog: &'c crate::catalog::Catalog,
    item: &FromItem,
    acc: &mut Vec<(String, &'c Relation)>,
) {
    match item {
        FromItem::Relation { name, alias, .. } => {
            let Some(last) = name.last() else { return };
            if let Lookup::Found(it) =
                lookup::relation(catalog, name.schema().map(|it| &it.ident), &last.ident)
            {
                let shown = alias.as_ref().map_or(&last.ident, |it| &it.name.ident);
                acc.push((shown.quoted(), it));
            }
        }
        FromItem::Join(it) if it.alias.is_none() => {
            present_relations(catalog, &it.left, acc);
            present_relations(catalog, &it.right, acc);
        }
        _ => {}
    }
}

fn end_of(item: &FromItem) -> Option<TextSize> {
    Some(match item {
        FromItem::Relation { range, .. } | FromItem::Query { range, .. } => range.end(),
        FromItem::Function(it) => it.range.end(),
        FromItem::Join(it) => it.range.end(),
        FromItem::Table(it) => it.range.end(),
        FromItem::Missing(_) => return None,
    })
}
