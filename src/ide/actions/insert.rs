//! Adds the columns that an INSERT has to give values.

use super::{Action, Spot};
use crate::base::text::TextRange;
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{Catalog, Column, Relation, TypeId, TypeKind};
use crate::lint::Diagnostic;
use crate::sema::{Problem, code};
use crate::sql::Ident;
use crate::sql::hir::{ExprId, ExprKind, Insert, InsertSource, Query, QueryBody, Statement, StatementKind};
use crate::sql::token::significant;

pub fn missing(spot: &Spot<'_>, problem: &Problem, diagnostic: &Diagnostic, acc: &mut Vec<Action>) {
    if problem.code != code::MISSING_REQUIRED_COLUMN {
        return;
    }
    let Some(insert) = find(&spot.unit.parsed.hir.kind, problem.range) else { return };
    let Some(catalog) = spot.lab.catalog(spot.idx) else { return };
    let schema = insert.table.schema().map(|it| &it.ident);
    let Some(table) = insert.table.last() else { return };
    let Lookup::Found(relation) = lookup::relation(&catalog, schema, &table.ident) else { return };
    let Some((edits, names)) = edits(spot, &catalog, relation, insert) else { return };
    let title = match names.as_slice() {
        [one] => format!("Add the required column {}", one.quoted()),
        many => {
            let names: Vec<String> = many.iter().map(Ident::quoted).collect();
            format!("Add the required columns {}", names.join(", "))
        }
    };
    acc.extend(spot.mend(title, &edits, problem, diagnostic));
}

type Edits = (Vec<(TextRange, String)>, Vec<Ident>);

fn edits(spot: &Spot<'_>, catalog: &Catalog, relation: &Relation, insert: &Insert) -> Option<Edits> {
    let stmt = &spot.unit.parsed.hir;
    if insert.columns_range.is_none() && insert.columns.is_empty() {
        return without_list(spot, catalog, relation, insert);
    }
    let given: Vec<&Ident> = insert.columns.iter().map(|it| &it.name.ident).collect();
    let missing: Vec<&Column> = relation
        .columns
        .iter()
        .filter(|it| is_required(relation, it) && !given.contains(&&it.name))
        .collect();
    let values: Vec<String> = missing.iter().map(|it| placeholder(catalog, it)).collect::<Option<_>>()?;
    if missing.is_empty() {
        return None;
    }
    let mut edits = Vec::new();
    let last = insert.columns.last()?;
    let list_end = if last.fields.is_empty() && last.subscripts.is_empty() {
        last.name.range.end()
    } else {
        // Before the parenthesis.
        insert.columns_range?.end().checked_sub(1.into())?
    };
    let names: Vec<Ident> = missing.iter().map(|it| it.name.clone()).collect();
    let quoted: String = names.iter().map(|it| format!(", {}", it.quoted())).collect();
    edits.push((TextRange::empty(list_end), quoted));
    let values: String = values.iter().map(|it| format!(", {it}")).collect();
    let InsertSource::Query(query) = &insert.source else { return None };
    for end in row_ends(stmt, query, insert.columns.len())? {
        edits.push((end, values.clone()));
    }
    Some((edits, names))
}

/// Where each row of a source of `width` values ends.
fn row_ends(stmt: &Statement, query: &Query, width: usize) -> Option<Vec<TextRange>> {
    match &query.body {
        QueryBody::Values { rows, .. } => {
            let end = |row: &Vec<ExprId>| {
                (row.len() == width).then_some(())?;
                row_end(stmt, *row.last()?)
            };
            rows.iter().map(end).collect()
        }
        QueryBody::Select(select) if select.targets.len() == width => {
            let star = |id: ExprId| {
                stmt.exprs.get(id.0 as usize).is_none_or(|it| {
                    matches!(it.kind, ExprKind::Star { .. } | ExprKind::FieldStar(_) | ExprKind::Missing)
                })
            };
            if select.targets.iter().any(|it| star(it.expr)) {
                return None;
            }
            Some(vec![TextRange::empty(select.targets.last()?.range.end())])
        }
        _ => None,
    }
}

fn row_end(stmt: &Statement, id: ExprId) -> Option<TextRange> {
    let expr = stmt.exprs.get(id.0 as usize)?;
    (expr.kind != ExprKind::Missing).then(|| TextRange::empty(expr.range.end()))
}

/// `insert into t values (1)`: the values of the first columns, in their order; `insert into t default values`.
fn without_list(spot: &Spot<'_>, catalog: &Catalog, relation: &Relation, insert: &Insert) -> Option<Edits> {
    let stmt = &spot.unit.parsed.hir;
    let required = |it: &&Column| is_required(relation, it);
    match &insert.source {
        InsertSource::DefaultValues => {
            let missing: Vec<&Column> = relation.columns.iter().filter(required).collect();
            let values: Vec<String> =
                missing.iter().map(|it| placeholder(catalog, it)).collect::<Option<_>>()?;
            let names: Vec<Ident> = missing.iter().map(|it| it.name.clone()).collect();
            let quoted: Vec<String> = names.iter().map(Ident::quoted).collect();
            let tokens = significant(&spot.unit.text);
            let after = insert.table.range()?.end();
            let text = &*spot.unit.text;
            let at = tokens.windows(2).find_map(|it| match it {
                [a, b]
                    if a.range.start() >= after
                        && a.is_word(text, "default")
                        && b.is_word(text, "values") =>
                {
                    Some(a.range.cover(b.range))
                }
                _ => None,
            })?;
            let new = format!("({}) values ({})", quoted.join(", "), values.join(", "));
            Some((vec![(at, new)], names))
        }
        InsertSource::Query(query) => {
            let QueryBody::Values { rows, .. } = &query.body else { return None };
            let width = rows.first()?.len();
            let last = relation.columns.iter().rposition(|it| is_required(relation, it))?;
            // A column among those that are written has DEFAULT for its value: which row, is not ours to decide.
            if relation
                .columns
                .iter()
                .take(width)
                .any(|it| is_required(relation, it) && is_default(stmt, rows))
            {
                return None;
            }
            let mut values = String::new();
            let mut names = Vec::new();
            for column in relation.columns.iter().take(last + 1).skip(width) {
                if is_required(relation, column) {
                    names.push(column.name.clone());
                    values.push_str(&format!(", {}", placeholder(catalog, column)?));
                } else {
                    values.push_str(", default");
                }
            }
            if names.is_empty() {
                return None;
            }
            let ends = row_ends(stmt, query, width)?;
            Some((ends.into_iter().map(|it| (it, values.clone())).collect(), names))
        }
        InsertSource::Missing => None,
    }
}

fn is_default(stmt: &Statement, rows: &[Vec<ExprId>]) -> bool {
    let default = |id: &ExprId| stmt.exprs.get(id.0 as usize).is_some_and(|it| it.kind == ExprKind::Default);
    rows.iter().flatten().any(default)
}

/// As the rule sees it: NOT NULL, and nothing gives it a value.
fn is_required(relation: &Relation, column: &Column) -> bool {
    let in_key = relation.primary_key.as_ref().is_some_and(|it| it.columns.contains(&column.name));
    (column.not_null || in_key)
        && column.default.is_none()
        && column.generated.is_none()
        && column.identity.is_none()
}

/// A value to be written over that PostgreSQL takes for the column; `None` where none is plain.
fn placeholder(catalog: &Catalog, column: &Column) -> Option<String> {
    let ty = column.ty?;
    let info = catalog.type_info(ty.id)?;
    let text = match (ty.id, &info.kind) {
        (_, TypeKind::Enum { labels }) => format!("'{}'", labels.first()?.label.replace('\'', "''")),
        (_, TypeKind::Array) => "'{}'".to_owned(),
        (_, TypeKind::Domain { .. } | TypeKind::Opaque) => return None,
        (TypeId::UUID, _) => "gen_random_uuid()".to_owned(),
        (TypeId::DATE, _) => "current_date".to_owned(),
        (TypeId::TIMESTAMPTZ | TypeId::TIMESTAMP, _) => "now()".to_owned(),
        (TypeId::TIME | TypeId::TIMETZ, _) => "'00:00'".to_owned(),
        (TypeId::INTERVAL, _) => "'0'".to_owned(),
        (TypeId::JSON | TypeId::JSONB, _) => "'{}'".to_owned(),
        (TypeId::BOOL, _) => "false".to_owned(),
        (TypeId::MONEY, _) => "0".to_owned(),
        _ => match info.category {
            'N' => "0".to_owned(),
            'S' => "''".to_owned(),
            _ if ty.id == TypeId::BYTEA => "''".to_owned(),
            _ => return None,
        },
    };
    Some(text)
}

/// The INSERT whose table stands at `at`.
fn find(kind: &StatementKind, at: TextRange) -> Option<&Insert> {
    let with = match kind {
        StatementKind::Insert(it) if it.table.range() == Some(at) => return Some(it),
        StatementKind::Insert(it) => &it.with,
        StatementKind::Query(it) => &it.with,
        StatementKind::Update(it) => &it.with,
        StatementKind::Delete(it) => &it.with,
        StatementKind::Merge(it) => &it.with,
        StatementKind::Wrapped { inner, .. } => return find(inner, at),
        StatementKind::Ddl(_) | StatementKind::Session(_) | StatementKind::Other(_) => return None,
    };
    with.iter().flat_map(|it| &it.ctes).find_map(|it| find(&it.body, at))
}
