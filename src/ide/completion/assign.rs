//! Columns that get values: INSERT's list, SET, and the columns that USING joins by.

use super::context::{Cx, Seg};
use super::rank::Tier;
use super::typed::Quoting;
use super::{ItemKind, value};
use crate::catalog::{Column as TableColumn, Identity, Relation};
use crate::sema::scope::{Column, Item as FromItem, Scope};
use crate::sql::Ident;

/// `INSERT INTO t (|)`, `SET |`: the columns not named yet.
pub fn items(cx: &Cx<'_>, scope: &Scope, target: &FromItem, insert: bool) {
    let is_listed = |name: &Ident| scope.listed.contains(name);
    for (idx, column) in target.columns.iter().enumerate().filter(|it| !is_listed(&it.1.name)) {
        let declared =
            target.relation.as_ref().and_then(|it| it.columns.iter().find(|it| it.name == column.name));
        let written = cx.ident(&column.name);
        let assigned = !insert && cx.quoting() == Quoting::Bare && !assigned_already(cx);
        let mut item = match assigned {
            true => cx.snippet(
                column.name.as_str(),
                ItemKind::Column,
                &[Seg::Text(format!("{written} = ")), Seg::Stop(0, String::new())],
            ),
            false => cx.item(column.name.as_str(), ItemKind::Column, &written),
        };
        item.detail = cx.column_detail(column);
        if let Some(relation) = &target.relation {
            item.origin = Some(relation.name.to_string());
            item.data =
                cx.data(&relation.schema, &relation.name, Some(&column.name), super::DataKind::Column);
        }
        let tier = match declared {
            Some(it) if refuses(it) => Tier::Near,
            Some(it) if insert && is_required(it) => Tier::Fit,
            _ => Tier::Column,
        };
        cx.add(column.name.as_str(), tier, idx as u32, item);
    }
    if insert
        && cx.quoting() == Quoting::Bare
        && let Some(relation) = &target.relation
    {
        lists(cx, scope, relation);
    }
}

/// All columns at once.
fn lists(cx: &Cx<'_>, scope: &Scope, relation: &Relation) {
    let rest = || relation.columns.iter().filter(|it| !scope.listed.contains(&it.name) && !refuses(it));
    let required: Vec<&TableColumn> = rest().filter(|it| is_required(it)).collect();
    let all: Vec<&TableColumn> = rest().collect();
    let mut offered = Vec::new();
    for (label, columns) in [("required columns", required), ("all columns", all)] {
        let sql = columns.iter().map(|it| cx.quote(&it.name)).collect::<Vec<_>>().join(", ");
        if columns.len() > 1 && !offered.contains(&sql) {
            let mut item = cx.item(label, ItemKind::Snippet, &sql);
            item.detail = Some(sql.clone());
            cx.add(label, Tier::Best, offered.len() as u32, item);
            offered.push(sql);
        }
    }
}

/// `INSERT INTO t |`: the list of columns with a row of values.
pub fn columns_and_values(cx: &Cx<'_>, relation: &Relation) {
    let rest = || relation.columns.iter().filter(|it| !refuses(it));
    let required: Vec<&TableColumn> = rest().filter(|it| is_required(it)).collect();
    let all: Vec<&TableColumn> = rest().collect();
    let mut seen: Vec<usize> = Vec::new();
    for (label, columns) in [("(required columns) values (…)", required), ("(all columns) values (…)", all)]
    {
        if columns.is_empty() || seen.contains(&columns.len()) {
            continue;
        }
        seen.push(columns.len());
        let names: Vec<String> = columns.iter().map(|it| cx.quote(&it.name)).collect();
        let mut segs = vec![Seg::Text(format!("({}) {} (", names.join(", "), cx.keyword("values")))];
        segs.extend(row(cx, &columns));
        segs.push(Seg::Text(")".to_owned()));
        let mut item = cx.snippet(label, ItemKind::Snippet, &segs);
        item.detail = Some(names.join(", "));
        cx.add(label, Tier::Best, seen.len() as u32, item);
    }
}

/// A row of samples, one for each column.
fn row(cx: &Cx<'_>, columns: &[&TableColumn]) -> Vec<Seg> {
    let mut res = Vec::new();
    for (idx, column) in columns.iter().enumerate() {
        if idx > 0 {
            res.push(Seg::Text(", ".to_owned()));
        }
        res.extend(value::sample(cx, column).into_iter().map(|it| match it {
            Seg::Stop(_, text) => Seg::Stop(idx as u32 + 1, text),
            text => text,
        }));
    }
    res
}

/// A value must be given: nothing else brings one.
fn is_required(column: &TableColumn) -> bool {
    column.not_null && column.default.is_none() && column.identity.is_none() && column.generated.is_none()
}

/// The database takes no value for it.
fn refuses(column: &TableColumn) -> bool {
    column.generated.is_some() || column.identity == Some(Identity::Always)
}

fn assigned_already(cx: &Cx<'_>) -> bool {
    let tail = cx.typed.tail().trim_start();
    tail.starts_with('=')
        || tail.starts_with('.')
        || tail.starts_with('[')
        || cx.words_before(1).first().is_some_and(|it| it == "(")
}

/// `USING (|)`: the columns that both sides have.
pub fn using(cx: &Cx<'_>, scope: &Scope, left: &[Column], right: &[Column]) {
    for (idx, column) in left.iter().enumerate() {
        if right.iter().any(|it| it.name == column.name) && !scope.listed.contains(&column.name) {
            let mut item = cx.item(column.name.as_str(), ItemKind::Column, &cx.ident(&column.name));
            item.detail = cx.column_detail(column);
            cx.add(column.name.as_str(), Tier::Fit, idx as u32, item);
        }
    }
}
