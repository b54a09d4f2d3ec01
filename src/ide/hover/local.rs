//! Aliases, CTEs, output columns, and the rows of whole statements.

use super::Cx;
use super::text::{self, Page};
use crate::base::text::{TextRange, slice};
use crate::catalog::Catalog;
use crate::db::SqlUnit;
use crate::ide::entity::local::{self, Local};
use crate::ide::entity::{Global, What, names};
use crate::sema::{self, LocalRows, Target, Ty};
use crate::sql::hir::FromItem;

pub fn hover(cx: &Cx<'_>, unit: &SqlUnit, catalog: &Catalog, range: TextRange) -> Option<String> {
    let found = local::local(unit, range)?;
    let name = slice(&unit.text, range);
    let mut page = Page::default();
    match &found {
        Local::From(FromItem::Relation { name: table, .. }) => {
            alias(cx, unit, catalog, &found, name, table.last()?.range, &mut page)?;
        }
        Local::Modified(table) => {
            alias(cx, unit, catalog, &found, name, table.last()?.range, &mut page)?;
        }
        Local::Cte(cte) => {
            page.code(&rows_of(unit, catalog, range, &format!("with {}", cte.name.ident.quoted())));
            page.say("Common table expression");
        }
        Local::From(item) => {
            let what = match item {
                FromItem::Query { .. } => "Subquery",
                FromItem::Function(_) | FromItem::Table(_) => "Function in FROM",
                _ => "Join",
            };
            let named = name.len() < 64 && !name.contains(char::is_whitespace);
            page.code(&rows_of(unit, catalog, range, if named { name } else { "row" }));
            page.say(what);
        }
        Local::Output(target) => {
            let info = unit.analysis.exprs.get(target.expr.0 as usize)?;
            let null = match info.nullable {
                Some(false) => " not null",
                _ => "",
            };
            let shown = target.alias.as_ref().map_or_else(|| text::short(name), |it| it.ident.quoted());
            page.code(&format!("{shown} {}{null}", text::ty(catalog, info.ty)));
            page.say("Output column");
            if target.alias.is_some()
                && let Some(expr) = unit.parsed.hir.exprs.get(target.expr.0 as usize)
            {
                page.item(&format!("`{}`", text::short(slice(&unit.text, expr.range))));
            }
        }
        Local::CteColumn(_) | Local::AliasColumn(_) => {
            let ident = names::ident_at(unit, range);
            let owner = match &found {
                Local::CteColumn(cte) => Some(cte.name.range),
                Local::AliasColumn(item) => alias_range(item),
                _ => None,
            };
            let rows = rows(unit, catalog);
            let column = owner
                .and_then(|owner| rows.iter().find(|it| it.range == owner))
                .and_then(|it| it.columns.iter().find(|it| it.name == ident));
            let ty = column.map_or(Ty::Unknown, |it| it.ty);
            page.code(&format!("{} {}", ident.quoted(), text::ty(catalog, ty)));
            page.say("Column");
        }
        Local::Window => {
            page.code(&format!("window {name}"));
        }
        Local::Merged => {
            page.code(name);
            page.say("Column merged by USING");
        }
    }
    Some(page.finish())
}

fn alias_range(item: &FromItem) -> Option<TextRange> {
    let alias = match item {
        FromItem::Relation { alias, .. } | FromItem::Query { alias, .. } => alias.as_ref(),
        FromItem::Function(it) => it.alias.as_ref(),
        FromItem::Table(it) => it.alias.as_ref(),
        FromItem::Join(it) => it.alias.as_ref(),
        FromItem::Missing(_) => None,
    };
    alias.map(|it| it.name.range)
}

fn alias(
    cx: &Cx<'_>,
    unit: &SqlUnit,
    catalog: &Catalog,
    found: &Local<'_>,
    name: &str,
    table: TextRange,
    page: &mut Page,
) -> Option<()> {
    let written = slice(&unit.text, table);
    match local::behind(unit, found) {
        Some(Target::Relation(relation)) => {
            let global = Global { database: unit.database, what: What::Relation(relation.clone()) };
            *page = cx.global(&global)?;
            if name != written {
                page.say(format!("`{name}` is `{written}` here"));
            }
        }
        Some(Target::Local(range)) => {
            page.code(&rows_of(unit, catalog, *range, &format!("with {written}")));
            page.say(format!("`{name}` is the common table expression `{written}` here"));
        }
        _ => {
            page.code(&format!("{written} as {name}"));
        }
    }
    Some(())
}

fn rows(unit: &SqlUnit, catalog: &Catalog) -> Vec<LocalRows> {
    sema::local_rows(unit.context(catalog), &unit.parsed.hir, &unit.text)
}

fn rows_of(unit: &SqlUnit, catalog: &Catalog, range: TextRange, title: &str) -> String {
    match rows(unit, catalog).iter().find(|it| it.range == range) {
        Some(it) => format!("{title} (\n{})", text::rows(catalog, &it.columns, it.open)),
        None => title.to_owned(),
    }
}

/// The row type of a statement and its parameters.
pub fn row(catalog: &Catalog, unit: &SqlUnit) -> String {
    let mut page = Page::default();
    let analysis = &unit.analysis;
    page.code(&format!("row (\n{})", text::rows(catalog, &analysis.columns, analysis.columns_open)));
    if !analysis.params.is_empty() {
        let params = analysis
            .params
            .iter()
            .enumerate()
            .map(|(idx, ty)| format!("`${} {}`", idx + 1, text::ty(catalog, *ty)));
        page.item(&format!("parameters {}", text::list(params, text::MAX_COLUMNS)));
    }
    page.finish()
}
