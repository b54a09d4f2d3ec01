//! Views: declared columns, or the selection of a query.

use std::rc::Rc;

use smol_str::SmolStr;

use super::chain::{Chain, Head, string, unwind};
use super::reader::{DraftKind, Reader, TableDraft, stored};
use super::render::{Columns, Renderer, is_sql};
use super::table;
use crate::catalog::{Collation, Column, Origin, Relation, RelationKind};
use crate::project::eval::{Entry, Value, ValueKind};

pub fn relation(reader: &Reader<'_>, draft: &Rc<TableDraft>) -> Relation {
    let mut res = table::relation(reader, draft);
    let DraftKind::View { materialized, declared_columns, existing, query } = &draft.kind else { return res };
    res.kind = if *materialized { RelationKind::MaterializedView } else { RelationKind::View };
    res.primary_key = None;
    res.uniques.clear();
    res.foreign_keys.clear();
    let query = query.as_ref().map(|it| match &*it.kind {
        ValueKind::Closure(closure) => {
            let builder = ValueKind::Bound("qb".into());
            reader.eval.call(closure, vec![Value { kind: builder.into(), decl: None, site: None }])
        }
        _ => it.clone(),
    });
    let Some(query) = query else {
        // Nothing was said but names: the view exists elsewhere.
        res.open |= !declared_columns || !existing;
        return res;
    };
    if is_sql(&query) {
        res.definition =
            Renderer::new(reader, draft.family, Columns::Qualified).sql(&query).map(|it| it.as_str().into());
        res.open |= !declared_columns;
        return res;
    }
    let selection = select(reader, &unwind(&query));
    res.definition = super::query::render(reader, draft.family, &query).map(|it| it.into());
    res.columns = selection.columns;
    res.open = selection.open;
    // Column defaults and the like are the table's, not the view's.
    for column in &mut res.columns {
        column.default = None;
        column.generated = None;
        column.identity = None;
        column.runtime_default = false;
    }
    res
}

struct Selection {
    columns: Vec<Column>,
    open: bool,
}

const UNKNOWN: Selection = Selection { columns: Vec::new(), open: true };

fn select(reader: &Reader<'_>, chain: &Chain<'_>) -> Selection {
    let Some(fields) = chain.methods.iter().find(|it| it.name.starts_with("select")) else { return UNKNOWN };
    let fields = match fields.name {
        "selectDistinctOn" => fields.args.get(1),
        "select" | "selectDistinct" => fields.args.first(),
        _ => return UNKNOWN,
    };
    let joined = chain.methods.iter().any(|it| it.name.ends_with("Join"));
    // An outer join makes columns nullable; which ones is not worth telling apart here.
    let outer = chain.methods.iter().any(|it| matches!(it.name, "leftJoin" | "rightJoin" | "fullJoin"));
    let mut res = Selection { columns: Vec::new(), open: false };
    match fields {
        None => {
            let from = chain.method("from").and_then(|it| it.args.first()).and_then(|it| reader.table(it));
            let Some(from) = from.filter(|_| !joined) else { return UNKNOWN };
            res.columns.extend(from.columns.iter().map(|it| table::column(reader, &from, it)));
            res.open = from.open || res.columns.is_empty();
        }
        Some(value) => {
            let ValueKind::Object { entries, open } = &*value.kind else { return UNKNOWN };
            res.open = *open;
            for entry in entries {
                match field_column(reader, entry) {
                    Some(it) => res.columns.push(it),
                    None => res.open = true,
                }
            }
        }
    }
    if outer {
        for column in &mut res.columns {
            column.not_null = false;
        }
    }
    res
}

/// The view's column for a field of the selection; `None` when its name is not known.
fn field_column(reader: &Reader<'_>, entry: &Entry) -> Option<Column> {
    if let Some((from, idx)) = reader.column_draft_of(&entry.value) {
        let mut res = table::column(reader, &from, from.columns.get(idx)?);
        res.key = Some(entry.key.clone());
        return Some(res);
    }
    let chain = unwind(&entry.value);
    let alias = chain.method("as").and_then(|it| it.args.first()).and_then(string)?;
    let mut res = unknown_column(alias, entry);
    // `users.email.as('mail')` keeps its type.
    if let Head::Value(inner) = &chain.head
        && let Some((from, idx)) = reader.column_draft_of(inner)
    {
        let column = table::column(reader, &from, from.columns.get(idx)?);
        res.type_text = column.type_text;
        res.not_null = column.not_null;
        res.ts_type = column.ts_type;
        res.text_enum = column.text_enum;
    }
    Some(res)
}

fn unknown_column(name: &SmolStr, entry: &Entry) -> Column {
    let origin = Origin::Ts { file: entry.site.file, loc: entry.site.loc };
    Column { key: Some(entry.key.clone()), collation: Collation::OfType, ..Column::new(stored(name), origin) }
}
