//! Columns.

use super::relation::{self, referencing};
use super::text::{self, MAX_ITEMS, Page};
use crate::catalog::{Catalog, Column, Relation, TypeKind};

/// `decl`: the name of the table's Drizzle declaration.
pub fn page(catalog: &Catalog, relation: &Relation, column: &Column, decl: Option<&str>, page: &mut Page) {
    let name = format!("{}.{}", relation::name(catalog, relation), column.name.quoted());
    page.code(&format!("{name} {}", text::column(catalog, column)));
    if let Some(comment) = &column.comment {
        page.say(comment.as_str());
    }
    if let Some(ty) = &column.ts_type {
        let null = if column.not_null { "" } else { " | null" };
        let at = match (decl, &column.key) {
            (Some(decl), Some(key)) => format!(" as `{decl}.{key}`"),
            _ => String::new(),
        };
        page.item(&format!("TypeScript: `{}{null}`{at}", text::short(ty)));
    } else if let (Some(decl), Some(key)) = (decl, &column.key) {
        page.item(&format!("TypeScript: `{decl}.{key}`"));
    }
    if column.runtime_default {
        page.item("Drizzle gives it a value when none is said");
    }
    if let Some(TypeKind::Enum { labels }) =
        column.ty.and_then(|it| catalog.type_info(catalog.base_type(it).id)).map(|it| &it.kind)
    {
        let labels = labels.iter().map(|it| format!("`'{}'`", it.label));
        page.item(&format!("one of {}", text::list(labels, MAX_ITEMS)));
    } else if !column.text_enum.is_empty() {
        let labels = column.text_enum.iter().map(|it| format!("`'{it}'`"));
        page.item(&format!("one of {}, which the database does not check", text::list(labels, MAX_ITEMS)));
    }
    keys(catalog, relation, column, page);
}

fn keys(catalog: &Catalog, relation: &Relation, column: &Column, page: &mut Page) {
    if let Some(key) = relation.primary_key.as_ref().filter(|it| it.columns.contains(&column.name)) {
        page.item(&match key.columns.len() {
            1 => "primary key".to_owned(),
            _ => format!("part of the primary key ({})", text::idents(&key.columns)),
        });
    }
    for key in relation.uniques.iter().filter(|it| it.columns.contains(&column.name)).take(MAX_ITEMS) {
        page.item(&match key.columns.len() {
            1 => "unique".to_owned(),
            _ => format!("unique together ({})", text::idents(&key.columns)),
        });
    }
    for key in relation.foreign_keys.iter().filter(|it| it.columns.contains(&column.name)).take(MAX_ITEMS) {
        let place = key.columns.iter().position(|it| *it == column.name);
        let target = key.target.as_ref().map(|target| {
            let of = place.and_then(|it| key.target_columns.get(it));
            of.map_or_else(|| target.name.quoted(), |it| format!("{}.{}", target.name.quoted(), it.quoted()))
        });
        let delete = match key.on_delete.as_str() {
            "no action" | "" => String::new(),
            action => format!(" on delete {action}"),
        };
        page.item(&format!("references `{}`{delete}", target.as_deref().unwrap_or("…")));
    }
    let from = referencing(catalog, relation, Some(&column.name));
    if !from.is_empty() {
        page.item(&format!("referenced by {}", text::list(from.into_iter(), MAX_ITEMS)));
    }
    let is_in =
        |it: &&crate::catalog::Index| it.items.iter().any(|it| it.column.as_ref() == Some(&column.name));
    let indexes: Vec<String> = relation
        .indexes
        .iter()
        .filter(is_in)
        .filter_map(|it| it.name.as_ref())
        .map(|it| format!("`{it}`"))
        .collect();
    if !indexes.is_empty() {
        page.item(&format!("indexed by {}", text::list(indexes.into_iter(), MAX_ITEMS)));
    }
}
