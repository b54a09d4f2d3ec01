//! Tables, views, their keys and indexes.

use std::fmt::Write;

use super::text::{self, MAX_COLUMNS, MAX_ITEMS, Page};
use crate::catalog::{Catalog, ForeignKey, Index, Relation, RelationKind};
use crate::sql::Ident;

pub fn kind(relation: &Relation) -> &'static str {
    match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable => "table",
        RelationKind::View => "view",
        RelationKind::MaterializedView => "materialized view",
        RelationKind::Sequence => "sequence",
        RelationKind::Foreign => "foreign table",
    }
}

/// The name with its schema where that is not the first of the search path.
pub fn name(catalog: &Catalog, relation: &Relation) -> String {
    let visible = catalog.search_path.first() == Some(&relation.schema);
    match visible {
        true => relation.name.quoted(),
        false => format!("{}.{}", relation.schema.quoted(), relation.name.quoted()),
    }
}

pub fn page(catalog: &Catalog, relation: &Relation, page: &mut Page) {
    page.code(&definition(catalog, relation));
    if let Some(comment) = &relation.comment {
        page.say(comment.as_str());
    }
    facts(catalog, relation, page);
}

fn definition(catalog: &Catalog, relation: &Relation) -> String {
    let mut res = format!("{} {}", kind(relation), name(catalog, relation));
    if relation.kind == RelationKind::Sequence {
        return res;
    }
    res.push_str(" (\n");
    let shown = || relation.columns.iter().take(MAX_COLUMNS);
    let width = shown().map(|it| it.name.quoted().chars().count()).max().unwrap_or(0);
    let single_key = |column: &Ident| {
        relation.primary_key.as_ref().is_some_and(|it| it.columns == std::slice::from_ref(column))
    };
    for column in shown() {
        let key = if single_key(&column.name) { " primary key" } else { "" };
        let _ = writeln!(res, "  {:width$} {}{key}", column.name.quoted(), text::column(catalog, column));
    }
    let n_more = relation.columns.len().saturating_sub(MAX_COLUMNS);
    if n_more > 0 {
        let _ = writeln!(res, "  -- … {n_more} more columns");
    }
    if relation.open {
        res.push_str("  -- … and columns that are not known\n");
    }
    res.push(')');
    res
}

fn facts(catalog: &Catalog, relation: &Relation, page: &mut Page) {
    if let Some(key) = relation.primary_key.as_ref().filter(|it| it.columns.len() > 1) {
        page.item(&format!("primary key ({})", text::idents(&key.columns)));
    }
    if !relation.uniques.is_empty() {
        let keys = relation.uniques.iter().map(|it| format!("({})", text::idents(&it.columns)));
        page.item(&format!("unique {}", text::list(keys, MAX_ITEMS)));
    }
    if !relation.foreign_keys.is_empty() {
        let keys = relation.foreign_keys.iter().map(foreign_key);
        page.item(&format!("references {}", text::list(keys, MAX_ITEMS)));
    }
    let referencing = referencing(catalog, relation, None);
    if !referencing.is_empty() {
        page.item(&format!("referenced by {}", text::list(referencing.into_iter(), MAX_ITEMS)));
    }
    if !relation.indexes.is_empty() {
        let indexes = relation.indexes.iter().map(|it| format!("`{}`", index(it)));
        page.item(&format!("indexes {}", text::list(indexes, MAX_ITEMS)));
    }
    if !relation.checks.is_empty() {
        let checks = relation.checks.iter().map(|it| {
            let text = it.expression.as_deref().or(it.name.as_ref().map(Ident::as_str)).unwrap_or("…");
            format!("`{}`", text::short(text))
        });
        page.item(&format!("checks {}", text::list(checks, MAX_ITEMS)));
    }
    if relation.row_security || !relation.policies.is_empty() {
        let policies = relation.policies.iter().map(|it| format!("`{}` for {}", it.name, it.command));
        page.item(format!("row level security {}", text::list(policies, MAX_ITEMS)).trim_end());
    }
    if !relation.triggers.is_empty() {
        let triggers = relation.triggers.iter().map(|it| format!("`{it}`"));
        page.item(&format!("triggers {}", text::list(triggers, MAX_ITEMS)));
    }
    if relation.dropped_in_schema {
        page.item("the Drizzle schema no longer declares it");
    }
}

fn foreign_key(it: &ForeignKey) -> String {
    let target = match &it.target {
        Some(target) => format!("{}({})", target.name.quoted(), text::idents(&it.target_columns)),
        None => "…".to_owned(),
    };
    let delete = match it.on_delete.as_str() {
        "no action" | "" => String::new(),
        action => format!(" on delete {action}"),
    };
    format!("`({}) → {target}{delete}`", text::idents(&it.columns))
}

/// Foreign keys that point to the relation, or to one column of it: `posts.author_id`.
pub fn referencing(catalog: &Catalog, relation: &Relation, column: Option<&Ident>) -> Vec<String> {
    let mut res = Vec::new();
    for other in catalog.relations.values() {
        for key in &other.foreign_keys {
            let points = key
                .target
                .as_ref()
                .is_some_and(|it| it.name == relation.name && it.schema == relation.schema);
            if points && column.is_none_or(|it| key.target_columns.contains(it)) {
                res.push(format!("`{}.{}`", other.name.quoted(), text::idents(&key.columns)));
            }
        }
    }
    res
}

/// `posts_slug_key unique (lower(slug)) where …`.
fn index(it: &Index) -> String {
    let items: Vec<String> = it
        .items
        .iter()
        .map(|item| {
            let of = item
                .column
                .as_ref()
                .map(Ident::quoted)
                .or_else(|| item.expression.as_deref().map(text::short))
                .unwrap_or_else(|| "…".to_owned());
            if item.descending { format!("{of} desc") } else { of }
        })
        .collect();
    let name = it.name.as_ref().map(|it| format!("{} ", it.quoted())).unwrap_or_default();
    let unique = if it.unique { "unique " } else { "" };
    let method = match it.method.as_str() {
        "" | "btree" => String::new(),
        method => format!("using {method} "),
    };
    let predicate = match it.predicate.as_deref() {
        Some("") => " where …".to_owned(),
        Some(it) => format!(" where {}", text::short(it)),
        None => String::new(),
    };
    format!("{name}{unique}{method}({}){predicate}", items.join(", "))
}

/// A key, check or index.
pub fn constraint_page(relation: &Relation, name: &Ident, page: &mut Page) -> Option<()> {
    let named = |it: &Option<Ident>| it.as_ref() == Some(name);
    let text = if let Some(it) = relation.indexes.iter().find(|it| named(&it.name)) {
        format!("index {} on {}", index(it), relation.name.quoted())
    } else if let Some(it) = relation.primary_key.as_ref().filter(|it| named(&it.name)) {
        format!("constraint {} primary key ({})", name.quoted(), text::idents(&it.columns))
    } else if let Some(it) = relation.uniques.iter().find(|it| named(&it.name)) {
        format!("constraint {} unique ({})", name.quoted(), text::idents(&it.columns))
    } else if let Some(it) = relation.checks.iter().find(|it| named(&it.name)) {
        let expression = it.expression.as_deref().map_or_else(|| "…".to_owned(), text::short);
        format!("constraint {} check ({expression})", name.quoted())
    } else {
        let it = relation.foreign_keys.iter().find(|it| named(&it.name))?;
        let key = foreign_key(it);
        format!("constraint {} foreign key {}", name.quoted(), key.trim_matches('`'))
    };
    page.code(&text);
    page.item(&format!("of table `{}`", relation.name));
    Some(())
}
