//! Operators, calls, casts, literals, parameters.

use super::routine;
use super::text::{self, Page};
use crate::catalog::pg::{CastContext, CastMethod};
use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, FunctionKind, Type, TypeId, lookup, pg};
use crate::db::SqlUnit;
use crate::ide::entity::resolve;
use crate::sema::Ty;
use crate::sema::resolve::FuncOutcome;
use crate::sql::hir::{Call, ExprId, ExprKind, Literal};

pub fn hover(unit: &SqlUnit, catalog: &Catalog, id: ExprId) -> Option<String> {
    let exprs = &unit.parsed.hir.exprs;
    let ty = |id: ExprId| resolve::ty(unit, id);
    let kind = &exprs.get(id.0 as usize)?.kind;
    let mut page = Page::default();
    if let Some(applied) = resolve::applied(unit, catalog, kind) {
        operator(catalog, &applied, ty(id), &mut page);
    }
    match kind {
        ExprKind::Operator { .. } | ExprKind::Like { .. } => {}
        ExprKind::QuantifiedArray { all, .. } => {
            page.item(if *all { "with every element of the array" } else { "with any element of the array" });
        }
        ExprKind::QuantifiedQuery { lhs, op, all, .. } => {
            page.code(&format!("{} {} …", text::ty(catalog, ty(*lhs)), op.op));
            page.item(if *all { "with every row of the query" } else { "with any row of the query" });
        }
        ExprKind::InList { list, .. } => page.item(&text::count(list.len(), "value", "values")),
        ExprKind::Call(it) => call(unit, catalog, id, it, &mut page)?,
        ExprKind::Cast { expr, .. } => cast(catalog, ty(*expr), ty(id), &mut page),
        ExprKind::Param(number) => {
            page.code(&format!("${number} {}", text::ty(catalog, ty(id))));
            page.say("Parameter");
        }
        ExprKind::Literal(it) => {
            let Ty::Known(known) = ty(id) else { return None };
            if known.id == TypeId::UNKNOWN {
                return None;
            }
            let shown = match it {
                Literal::Null => "null".to_owned(),
                Literal::Bool(it) => it.to_string(),
                Literal::Integer(it) => it.to_string(),
                Literal::Numeric(it) => it.to_string(),
                Literal::String(it) => format!("'{}'", text::short(it).replace('\'', "''")),
                Literal::Bit(it) => it.to_string(),
            };
            page.code(&format!("{shown}::{}", text::ty(catalog, ty(id))));
        }
        ExprKind::Star { .. } => {
            if unit.analysis.columns.is_empty() {
                return None;
            }
            let rows = text::rows(catalog, &unit.analysis.columns, unit.analysis.columns_open);
            page.code(&format!("row (\n{rows})"));
        }
        ExprKind::Column(name) => {
            // A variable, or a name that is not known: only its type, if at all.
            let Ty::Known(_) = ty(id) else { return None };
            page.code(&format!("{} {}", name.last()?.ident.quoted(), text::ty(catalog, ty(id))));
        }
        ExprKind::Coalesce(_)
        | ExprKind::NullIf(..)
        | ExprKind::MinMax { .. }
        | ExprKind::SqlFunction { .. }
        | ExprKind::SqlValue { .. } => {
            let range = exprs.get(id.0 as usize)?.range;
            let word = crate::base::text::slice(&unit.text, range);
            let word: String = word.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
            page.code(&format!("{} → {}", word.to_lowercase(), text::ty(catalog, ty(id))));
        }
        _ => return None,
    }
    Some(page.finish())
}

fn operator(catalog: &Catalog, applied: &resolve::Applied<'_>, result: Ty, page: &mut Page) {
    let named = |it: TypeId| format_type_id(catalog, it);
    let signature = |lhs: Option<String>, rhs: String, result: String| {
        let lhs = lhs.map(|it| format!("{it} ")).unwrap_or_default();
        format!("{lhs}{} {rhs} → {result}", applied.op)
    };
    let Some(found) = resolve::operator(catalog, applied) else {
        let lhs = applied.lhs.map(|it| text::ty(catalog, it));
        page.code(&signature(lhs, text::ty(catalog, applied.rhs), text::ty(catalog, result)));
        return;
    };
    let here = signature(found.lhs.map(named), named(found.rhs), named(found.result));
    page.code(&here);
    let declared = signature(found.decl.left.map(named), named(found.decl.right), named(found.decl.result));
    if declared != here {
        page.item(&format!("operator `{declared}`"));
    }
    if let Some(extension) = found.decl.extension {
        page.item(&format!("of the extension `{extension}`"));
    }
}

fn call(unit: &SqlUnit, catalog: &Catalog, id: ExprId, call: &Call, page: &mut Page) -> Option<()> {
    let last = call.name.last()?;
    let schema = call.name.schema().map(|it| &it.ident);
    let overloads = lookup::functions(catalog, schema, &last.ident);
    match resolve::call(unit, catalog, call)? {
        FuncOutcome::Resolved(it) => {
            page.code(&routine::function(catalog, it.decl));
            let result = text::ty(catalog, resolve::ty(unit, id));
            let declared = it.decl.returns.map(|it| format_type_id(catalog, it));
            if declared.is_some_and(|it| it != result) && result != "unknown" {
                let args: Vec<String> = it.args.iter().map(|it| format_type_id(catalog, *it)).collect();
                page.item(&format!("here `({}) → {result}`", args.join(", ")));
            }
            if it.kind == FunctionKind::Aggregate && call.over.is_some() {
                page.item("used as a window function");
            }
            if let Some(about) = pg::description(it.decl) {
                page.say(about);
            }
            if overloads.len() > 1 {
                page.item(&format!("one of {} overloads", overloads.len()));
            }
        }
        FuncOutcome::Cast(target) => {
            let from = call.args.first().map_or(Ty::Unknown, |it| resolve::ty(unit, it.value));
            cast(catalog, from, Ty::Known(Type::plain(target)), page);
        }
        _ => routine::functions(catalog, &overloads, page)?,
    }
    Some(())
}

fn cast(catalog: &Catalog, from: Ty, to: Ty, page: &mut Page) {
    let (source, target) = (text::ty(catalog, from), text::ty(catalog, to));
    page.code(&format!("{source} → {target}"));
    let (Ty::Known(from), Ty::Known(to)) = (from, to) else { return };
    if from.id == to.id {
        page.say("Read as this type");
        return;
    }
    let Some(cast) = pg::cast(from.id, to.id) else {
        page.say("Cast");
        return;
    };
    let context = match cast.context {
        CastContext::Implicit => "Cast, also made without being written",
        CastContext::Assignment => "Cast, also made when a column is assigned",
        CastContext::Explicit => "Cast, made only where it is written",
    };
    page.say(context);
    page.item(match cast.method {
        CastMethod::Function => "by a function",
        CastMethod::Io => "through the text form",
        CastMethod::Binary => "the bytes stay as they are",
    });
}
