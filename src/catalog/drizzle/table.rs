//! A table's draft → the relation of the catalog: defaults, keys, references and the third argument, with the names
//! that drizzle-kit gives to what has none.

use std::rc::Rc;

use smol_str::{SmolStr, format_smolstr};

use super::casing::Casing;
use super::chain::{Given, field, string};
use super::column::{ColumnDraft, DefaultDraft};
use super::reader::{DraftKind, Reader, TableDraft, stored};
use super::render::{Columns, Renderer};
use super::{Family, Line, defaults, extras, names};
use crate::catalog::{
    Collation, Column, ColumnDefault, ForeignKey, Generated, Key, QualifiedName, Relation, RelationKind,
};
use crate::project::eval::{Value, ValueKind};
use crate::sql::Ident;

pub fn relation(reader: &Reader<'_>, draft: &Rc<TableDraft>) -> Relation {
    let mut res = Relation {
        columns: draft.columns.iter().map(|it| column(reader, draft, it)).collect(),
        open: draft.open,
        row_security: draft.row_security,
        ..Relation::new(draft.name.clone(), RelationKind::Table, draft.origin)
    };
    column_keys(reader, draft, &mut res);
    let n_own_uniques = res.uniques.len();
    if let DraftKind::Table { extras: Some(extras) } = &draft.kind {
        extras::apply(reader, draft, extras, &mut res);
    }
    match reader.line {
        Line::V0 => last_of_each_name(&mut res.foreign_keys),
        Line::V1 => drop_said_twice(draft.family, &mut res, n_own_uniques),
    }
    // The columns of a primary key are NOT NULL, whether the schema says so or not.
    if let Some(key) = &res.primary_key
        && draft.family != Family::Sqlite
    {
        for column in &mut res.columns {
            column.not_null |= key.columns.contains(&column.name);
        }
    }
    res.row_security |= !res.policies.is_empty();
    automatic_values(draft, &mut res);
    res
}

/// drizzle-kit 0.x keeps foreign keys by name: a later one takes the place of an earlier one.
fn last_of_each_name(keys: &mut Vec<ForeignKey>) {
    let mut res: Vec<ForeignKey> = Vec::with_capacity(keys.len());
    for key in keys.drain(..) {
        let same = |it: &&mut ForeignKey| {
            let same_keys = || {
                it.columns == key.columns
                    && it.target == key.target
                    && it.target_columns == key.target_columns
            };
            // A name of this length may have been longer.
            let is_short = |name: &Ident| name.as_str().len() < crate::sql::ident::MAX_BYTES;
            it.name == key.name && it.name.as_ref().is_some_and(|it| is_short(it) || same_keys())
        };
        match res.iter_mut().find(same) {
            Some(earlier) => *earlier = key,
            None => res.push(key),
        }
    }
    *keys = res;
}

/// drizzle-kit 1.0 passes over a column's own `.unique()` where the third argument says the same. The first `n_own`
/// uniques are columns' own.
fn drop_said_twice(family: Family, res: &mut Relation, n_own: usize) {
    let said = |key: &Key| match family {
        Family::Sqlite => res.indexes.iter().any(|it| {
            let columns = it.items.iter().map(|it| it.column.as_ref());
            it.unique && columns.eq(key.columns.iter().map(Some))
        }),
        Family::Pg => res.uniques.iter().skip(n_own).any(|it| it.columns == key.columns),
        _ => false,
    };
    let mut keep: Vec<bool> = res.uniques.iter().take(n_own).map(|it| !said(it)).collect();
    keep.resize(res.uniques.len(), true);
    let mut keep = keep.into_iter();
    res.uniques.retain(|_| keep.next().unwrap_or(true));
}

/// Columns that number themselves need no value: `serial`, AUTO_INCREMENT, SQLite's INTEGER PRIMARY KEY.
fn automatic_values(draft: &TableDraft, res: &mut Relation) {
    let rowid = match &res.primary_key {
        Some(key) if draft.family == Family::Sqlite && key.columns.len() == 1 => key.columns.first().cloned(),
        _ => None,
    };
    for (column, declared) in
        res.columns.iter_mut().zip(&draft.columns).filter(|(it, _)| it.default.is_none())
    {
        column.default = match draft.family {
            Family::Pg if matches!(&*column.type_text, "serial" | "bigserial" | "smallserial") => {
                let sequence = stored(&format!("{}_{}_seq", draft.name.name, column.name)).quoted();
                let schema = match draft.explicit_schema {
                    true => format!("{}.", draft.name.schema.quoted()),
                    false => String::new(),
                };
                let sequence = format!("{schema}{sequence}").replace('\'', "''");
                Some(ColumnDefault::Sql(format_smolstr!("nextval('{sequence}'::regclass)")))
            }
            Family::Sqlite if rowid.as_ref() == Some(&column.name) && column.type_text == "integer" => {
                Some(ColumnDefault::Unknown)
            }
            _ if declared.autoincrement => Some(ColumnDefault::Unknown),
            _ => None,
        };
    }
}

pub fn column(reader: &Reader<'_>, table: &TableDraft, draft: &ColumnDraft) -> Column {
    let type_text = draft.type_text();
    let sql_type = type_text.clone();
    let default = match &draft.default {
        DefaultDraft::None => None,
        DefaultDraft::Text(it) => Some(ColumnDefault::Sql(it.clone())),
        DefaultDraft::Value(it) => {
            let mode = draft.mode.as_deref();
            defaults::default(reader, table.family, &type_text, mode, it)
        }
    };
    let generated = draft.generated.as_ref().map(|it| {
        let expression = it.expression.as_ref().and_then(|it| generated_text(reader, table, it));
        Generated { expression, stored: it.stored }
    });
    Column {
        name: stored(&draft.name),
        key: Some(draft.key.clone()),
        ty: None,
        collation: Collation::declared(&type_text),
        type_text,
        not_null: draft.not_null,
        default,
        generated,
        identity: draft.identity,
        identity_options: draft.identity.and_then(|_| {
            let options = draft.identity_options.as_ref();
            extras::identity_options(options, &sql_type)
        }),
        nulls_remain: false,
        runtime_default: draft.runtime_default,
        text_enum: draft.text_enum.clone(),
        ts_type: draft.ts_type.clone(),
        comment: None,
        origin: draft.origin,
        also: Vec::new(),
    }
}

fn generated_text(reader: &Reader<'_>, table: &TableDraft, value: &Value) -> Option<SmolStr> {
    let value = match &*value.kind {
        ValueKind::Closure(closure) => reader.eval.call(closure, Vec::new()),
        ValueKind::String(it) => return Some(it.clone()),
        _ => value.clone(),
    };
    let columns = if table.family == Family::Sqlite { Columns::Bare } else { Columns::Qualified };
    let text = Renderer::new(reader, table.family, columns).sql(&value)?;
    Some(if table.family == Family::Sqlite { format_smolstr!("({text})") } else { text })
}

/// `.primaryKey()`, `.unique()` and `.references()` of columns.
fn column_keys(reader: &Reader<'_>, draft: &Rc<TableDraft>, res: &mut Relation) {
    let table = draft.name.name.as_str();
    let mut primary: Vec<Ident> = Vec::new();
    let mut primary_origin = res.origin;
    for column in &draft.columns {
        if column.primary {
            primary.push(stored(&column.name));
            primary_origin = column.origin;
        }
        if let Some(unique) = &column.unique {
            let name = unique.name.clone().or_else(|| {
                // 0.x takes the raw key, even when the column's name is cased.
                let column = if reader.line == Line::V0 { &column.raw_name } else { &column.name };
                Some(names::column_unique(reader.line, draft.family, table, column))
            });
            res.uniques.push(Key {
                name: name.map(|it| stored(&it)),
                columns: vec![stored(&column.name)],
                nulls_not_distinct: unique.nulls_not_distinct,
                without_overlaps: false,
                deferrable: false,
                origin: column.origin,
            });
        }
        for (target, options) in &column.references {
            let explicit = Given::in_config(options.as_ref());
            let action = |key: &str| options.as_ref().and_then(|it| field(it, key)).and_then(string).cloned();
            let target = match &*target.kind {
                ValueKind::Closure(closure) => reader.eval.call(closure, Vec::new()),
                _ => target.clone(),
            };
            let targets = [target];
            let mut key = foreign_key(reader, draft, &[column], &targets, explicit);
            key.on_delete = action("onDelete").unwrap_or(key.on_delete);
            key.on_update = action("onUpdate").unwrap_or(key.on_update);
            key.origin = column.origin;
            res.foreign_keys.push(key);
        }
    }
    if !primary.is_empty() {
        let name = (draft.family == Family::Pg).then(|| stored(&format!("{table}_pkey")));
        res.primary_key = Some(Key {
            name,
            columns: primary,
            nulls_not_distinct: false,
            without_overlaps: false,
            deferrable: false,
            origin: primary_origin,
        });
    }
}

/// A column of a table that `drizzle-orm/supabase` declares: `authUsers.id`.
fn hosted(value: &Value) -> Option<(QualifiedName, &'static str)> {
    let ValueKind::Member { object, name, .. } = &*value.kind else { return None };
    let ValueKind::External { package, path } = &*object.kind else { return None };
    let column = |of: &[(&str, &'static str)]| of.iter().find(|it| it.0 == name).map(|it| it.1);
    let (schema, table, column) = match (package.as_str(), path.as_slice()) {
        ("drizzle-orm/supabase", [it]) if it == "authUsers" => {
            ("auth", "users", column(&[("id", "id"), ("email", "email"), ("phone", "phone")])?)
        }
        ("drizzle-orm/supabase", [it]) if it == "realtimeMessages" => {
            ("realtime", "messages", column(&[("id", "id")])?)
        }
        _ => return None,
    };
    Some((QualifiedName { schema: Ident::new(schema), name: Ident::new(table) }, column))
}

/// A foreign key from columns of `draft` to the columns that `targets` are.
pub fn foreign_key(
    reader: &Reader<'_>,
    draft: &Rc<TableDraft>,
    columns: &[&ColumnDraft],
    targets: &[Value],
    explicit: Given,
) -> ForeignKey {
    let mut res = ForeignKey {
        name: explicit.clone().or_else(|| None).map(|it| stored(&it)),
        columns: columns.iter().map(|it| stored(&it.name)).collect(),
        target: None,
        target_columns: Vec::new(),
        key: None,
        on_delete: "no action".into(),
        set_columns: Vec::new(),
        on_update: "no action".into(),
        origin: draft.origin,
    };
    if let ([column], [target]) = (columns, targets)
        && let Some((table, name)) = hosted(target)
    {
        let (from, to) = (draft.name.name.as_str(), table.name.as_str());
        let made = explicit.or_else(|| match reader.line {
            Line::V0 => {
                let mut made = format!("{from}_{}_{to}_{name}_fk", column.raw_name);
                recase(reader.casing, &mut made, columns.iter());
                Some(made.into())
            }
            Line::V1 => Some(names::foreign_key(draft.family, from, &column.name, to, name)),
        });
        res.name = made.map(|it| stored(&it));
        res.target = Some(table);
        res.target_columns = vec![stored(name)];
        return res;
    }
    let found: Option<Vec<_>> = targets.iter().map(|it| reader.column_draft_of(it)).collect();
    let Some(found) = found.filter(|it| !it.is_empty() && it.len() == columns.len()) else {
        // The table may still be known where the column is not.
        res.target = targets.iter().find_map(|it| match &*it.kind {
            ValueKind::Member { object, .. } => Some(reader.table(object)?.name.clone()),
            _ => None,
        });
        return res;
    };
    let target_drafts: Vec<&ColumnDraft> =
        found.iter().filter_map(|(table, idx)| table.columns.get(*idx)).collect();
    let Some((target, _)) = found.first() else { return res };
    res.target = Some(target.name.clone());
    res.target_columns = target_drafts.iter().map(|it| stored(&it.name)).collect();
    let raw = |drafts: &[&ColumnDraft]| {
        drafts.iter().map(|it| it.raw_name.to_string()).collect::<Vec<_>>().join("_")
    };
    let cased =
        |drafts: &[&ColumnDraft]| drafts.iter().map(|it| it.name.to_string()).collect::<Vec<_>>().join("_");
    let (from, to) = (draft.name.name.as_str(), target.name.name.as_str());
    let name = explicit.or_else(|| {
        Some(match reader.line {
            Line::V0 => format_smolstr!("{from}_{}_{to}_{}_fk", raw(columns), raw(&target_drafts)),
            Line::V1 => names::foreign_key(draft.family, from, &cased(columns), to, &cased(&target_drafts)),
        })
    });
    res.name = name.map(|it| {
        let mut name = it.to_string();
        if reader.line == Line::V0 {
            recase(reader.casing, &mut name, columns.iter().chain(&target_drafts));
        }
        stored(&name)
    });
    res
}

/// drizzle-kit 0.x replaces the first occurrence of each raw name by the cased one, in explicit names too.
pub fn recase<'a>(casing: Casing, name: &mut String, columns: impl Iterator<Item = &'a &'a ColumnDraft>) {
    if casing == Casing::Keep {
        return;
    }
    for column in columns {
        *name = name.replacen(column.raw_name.as_str(), &column.name, 1);
    }
}
