//! Functions and types.

use super::text::{self, MAX_COLUMNS, MAX_ITEMS, Page};
use crate::catalog::types::{format_type, format_type_id};
use crate::catalog::{Catalog, Function, FunctionKind, TypeInfo, TypeKind, pg};
use crate::ide::builtin;

/// `function lower(text) RETURNS text`.
pub fn function(catalog: &Catalog, it: &Function) -> String {
    let kind = match it.kind {
        FunctionKind::Function => "function",
        FunctionKind::Procedure => "procedure",
        FunctionKind::Aggregate => "aggregate",
        FunctionKind::Window => "window function",
    };
    let signature = builtin::signature(catalog, it).replace(" RETURNS ", " returns ");
    format!("{kind} {}{signature}", it.name.quoted())
}

/// All overloads; `None` when there are none.
pub fn functions(catalog: &Catalog, overloads: &[&Function], page: &mut Page) -> Option<()> {
    overloads.first()?;
    for it in overloads.iter().take(MAX_ITEMS) {
        page.code(&function(catalog, it));
    }
    if overloads.len() > MAX_ITEMS {
        page.item(&format!("… {} more overloads", overloads.len() - MAX_ITEMS));
    }
    if let Some(about) = overloads.iter().find_map(|it| pg::description(it)) {
        page.say(about);
    }
    Some(())
}

pub fn type_page(catalog: &Catalog, info: &TypeInfo, page: &mut Page) {
    let name = format_type_id(catalog, info.id);
    match &info.kind {
        TypeKind::Enum { labels } => {
            let labels = labels.iter().map(|it| format!("'{}'", it.label.replace('\'', "''")));
            page.code(&format!("enum {name} ({})", text::list(labels, MAX_COLUMNS)));
            users(catalog, info, page);
        }
        TypeKind::Domain { base, not_null } => {
            let not_null = if *not_null { " not null" } else { "" };
            page.code(&format!("domain {name} as {}{not_null}", format_type(catalog, *base)));
            users(catalog, info, page);
        }
        TypeKind::Composite { .. } => {
            let columns = catalog.composite_columns(info.id).unwrap_or_default();
            let mut text = format!("type {name} as (\n");
            for (name, ty) in columns.iter().take(MAX_COLUMNS) {
                let ty = ty.map_or_else(|| "unknown".to_owned(), |it| format_type(catalog, it));
                text.push_str(&format!("  {} {ty}\n", name.quoted()));
            }
            if columns.len() > MAX_COLUMNS {
                text.push_str(&format!("  -- … {} more\n", columns.len() - MAX_COLUMNS));
            }
            text.push(')');
            page.code(&text);
        }
        TypeKind::Range { subtype } => {
            page.code(&format!("type {name} as range (subtype = {})", format_type_id(catalog, *subtype)));
        }
        TypeKind::Multirange { range } => {
            page.code(&format!("type {name}"));
            page.item(&format!("multirange of `{}`", format_type_id(catalog, *range)));
        }
        TypeKind::Base | TypeKind::Array | TypeKind::Pseudo | TypeKind::Opaque => {
            page.code(&format!("type {name}"));
            if name != info.name.as_str() {
                page.item(&format!("`{}.{}`", info.schema, info.name));
            }
            if let Some(extension) = pg::ext::owner(info.id) {
                page.item(&format!("of the extension `{extension}`"));
            }
        }
    }
}

/// The columns that have the type.
fn users(catalog: &Catalog, info: &TypeInfo, page: &mut Page) {
    let of_it = |it: &crate::catalog::Type| it.id == info.id || catalog.element_type(it.id) == Some(info.id);
    let columns = catalog.relations.values().flat_map(|relation| {
        let columns = relation.columns.iter().filter(|it| it.ty.as_ref().is_some_and(of_it));
        columns.map(|it| format!("`{}.{}`", relation.name, it.name))
    });
    let shown = text::list(columns, MAX_ITEMS);
    if !shown.is_empty() {
        page.item(&format!("of {shown}"));
    }
}

pub fn label_page(catalog: &Catalog, info: &TypeInfo, label: &str, page: &mut Page) {
    let name = format_type_id(catalog, info.id);
    page.code(&format!("'{}'::{name}", label.replace('\'', "''")));
    if let TypeKind::Enum { labels } = &info.kind {
        let all = labels.iter().map(|it| match it.label == label {
            true => format!("**`'{}'`**", it.label),
            false => format!("`'{}'`", it.label),
        });
        page.item(&format!("enum `{name}`: {}", text::list(all, MAX_COLUMNS)));
    }
}
