//! `${…}`: Drizzle tables and columns as holes of a template.

use super::context::{Cx, HoleTable, Holes};
use super::rank::Tier;
use super::typed::Quoting;
use super::{DataKind, Item, ItemKind, relation};
use crate::catalog::{QualifiedName, Relation};
use crate::sema::Ty;
use crate::sema::scope::{Clause, Scope, Slot};

pub fn items(cx: &Cx<'_>) {
    let Some(holes) = cx.holes else { return };
    match cx.scope.map(|it| (it, &it.slot)) {
        Some((scope, Slot::Value { qualifier })) if qualifier.is_empty() && scope.clause != Clause::Limit => {
            columns(cx, holes, scope);
        }
        Some((_, Slot::Relation { schema: None, .. })) => tables(cx, holes, Tier::Table),
        _ if holes.inside() => tables(cx, holes, Tier::Near),
        _ => {}
    }
}

fn columns(cx: &Cx<'_>, holes: &dyn Holes, scope: &Scope) {
    let tier = if holes.is_usual() || holes.inside() { Tier::Fit } else { Tier::Near };
    // A hole is written with the table's own name, which an alias hides.
    let in_scope = scope.items.iter().filter(|it| it.named && !it.aliased);
    let mut seen: Vec<QualifiedName> = Vec::new();
    for (nth, item) in in_scope.enumerate() {
        let Some(relation) = &item.relation else { continue };
        let name = qualified(relation);
        if let Some(table) = holes.table(&name) {
            for (idx, column) in relation.columns.iter().enumerate() {
                let fits = cx.fit(column.ty.map_or(Ty::Unknown, Ty::Known), &scope.expected.types);
                let tier = if fits == 3 && tier == Tier::Fit { Tier::Column } else { tier };
                add_column(cx, holes, relation, column, &table, tier, nth as u32 * 1_000 + idx as u32 + 400);
            }
        }
        seen.push(name);
    }
    // Which tables the query has is not known here: it may be any that the file uses.
    if scope.open || holes.inside() {
        for name in holes.imported().into_iter().filter(|it| !seen.contains(it)) {
            let (Some(relation), Some(table)) = (cx.relation(&name), holes.table(&name)) else { continue };
            let tier = if scope.open && seen.is_empty() { Tier::Column } else { Tier::Rest };
            for (idx, column) in relation.columns.iter().enumerate() {
                add_column(cx, holes, relation, column, &table, tier, 2_000 + idx as u32);
            }
        }
    }
}

fn add_column(
    cx: &Cx<'_>,
    holes: &dyn Holes,
    relation: &Relation,
    column: &crate::catalog::Column,
    table: &HoleTable,
    tier: Tier,
    order: u32,
) {
    let Some(key) = &column.key else { return };
    let expr = format!("{}.{key}", table.expr);
    let mut item = written(cx, holes, &expr, table);
    item.detail = cx.table_detail(column);
    item.origin = Some(relation.name.to_string());
    item.data = cx.data(&relation.schema, &relation.name, Some(&column.name), DataKind::Column);
    let name = match_name(cx, holes, &mut item, &expr, column.name.as_str());
    cx.add(&name, tier, order, item);
}

/// What is typed is compared with the whole hole behind `$`, with the column's name elsewhere.
fn match_name(cx: &Cx<'_>, holes: &dyn Holes, item: &mut Item, expr: &str, name: &str) -> String {
    if holes.inside() {
        return expr.to_owned();
    }
    if cx.quoting() == Quoting::Param {
        return item.label.clone();
    }
    item.filter = Some(name.to_owned());
    name.to_owned()
}

fn tables(cx: &Cx<'_>, holes: &dyn Holes, tier: Tier) {
    let imported = holes.imported();
    let near = if holes.is_usual() || holes.inside() { Tier::Fit } else { tier };
    for name in &imported {
        add_table(cx, holes, name, near);
    }
    // What would have to be imported first is offered to who is looking for it.
    if cx.prefix().len() > 1 || holes.inside() {
        let others = cx.catalog.relations.keys().filter(|it| !imported.contains(it));
        let likely = |it: &&QualifiedName| {
            let typed = cx.prefix().trim_start_matches(['$', '{']);
            super::rank::matching(it.name.as_str(), typed) < super::rank::NO_MATCH
        };
        for name in others.filter(likely).take(50) {
            add_table(cx, holes, name, Tier::Rest);
        }
    }
}

fn add_table(cx: &Cx<'_>, holes: &dyn Holes, name: &QualifiedName, tier: Tier) {
    let (Some(found), Some(table)) = (cx.relation(name), holes.table(name)) else { return };
    let like = relation::item(cx, found, true);
    let mut item = Item {
        detail: like.detail,
        origin: like.origin,
        data: like.data,
        ..written(cx, holes, &table.expr, &table)
    };
    let name = match_name(cx, holes, &mut item, &table.expr, found.name.as_str());
    cx.add(&name, tier, 0, item);
}

fn written(cx: &Cx<'_>, holes: &dyn Holes, expr: &str, table: &HoleTable) -> Item {
    let text = if holes.inside() { expr.to_owned() } else { format!("${{{expr}}}") };
    let mut item = cx.item(text.clone(), ItemKind::Hole, "");
    // TypeScript, not SQL: nothing is escaped.
    item.insert = text;
    item.extra = table.import.iter().cloned().collect();
    item
}

fn qualified(relation: &Relation) -> QualifiedName {
    QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() }
}
