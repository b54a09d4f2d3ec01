//! `sql<T>` against the type that the driver gives.

use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, Type, TypeId, TypeKind};
use crate::embed::{Fragment, Frame, Source, chain};
use crate::lint::builder::{Use, constant_of, names_of, use_of};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::project::Workspace;
use crate::sema::Ty;
use crate::sema::code::Severity::Warning;
use crate::sema::render::Library;
use crate::ts::hir::{ExprId, ExprKind};

pub const RULE: Lint = Lint::query("sql-type-argument", Warning, include_str!("sql-type-argument.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    if !script.is_postgres() {
        return;
    }
    for fragment in script.fragments() {
        let Some(said) = fragment.type_arg.as_deref().and_then(said) else { continue };
        let Some(mut calls) = selected(script, fragment) else { continue };
        if script.library(fragment) != Library::Drizzle {
            continue;
        }
        calls.retain(|it| !is_subquery(script, *it));
        if calls.is_empty() {
            continue;
        }
        let Some(ty) = inferred(script, fragment) else { continue };
        let Some(real) = runtime(script.catalog(), ty) else { continue };
        if said.contains(&real) || is_up_to_the_driver(script, &calls, ty, &said) {
            continue;
        }
        let name = format_type_id(script.catalog(), ty.id);
        let list = said.iter().map(|it| it.label()).collect::<Vec<_>>().join(" | ");
        let message = format!("sql<{list}> is {name}: the value is a {} at run time", real.label());
        let Source::Tagged { tag } = fragment.source else { continue };
        let at = crate::base::text::TextRange::new(
            fragment.host.start().min(script.range(tag).start()),
            script.range(tag).end(),
        );
        let report = acc.report(at, message);
        if said == [Js::Number] && real == Js::String && matches!(ty.id, TypeId::INT8 | TypeId::NUMERIC) {
            let end = crate::base::text::TextRange::empty(fragment.host.end());
            report.fix("Map it to a number", vec![(end, ".mapWith(Number)".to_owned())]);
        }
    }
}

/// What a value is in JavaScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Js {
    Number,
    String,
    Boolean,
    Bigint,
    Date,
}

impl Js {
    fn label(self) -> &'static str {
        match self {
            Js::Number => "number",
            Js::String => "string",
            Js::Boolean => "boolean",
            Js::Bigint => "bigint",
            Js::Date => "Date",
        }
    }
}

/// The primitive types that a type argument says, `null` and `undefined` aside; `None` where it says others.
fn said(text: &str) -> Option<Vec<Js>> {
    let mut res = Vec::new();
    for part in text.split('|').map(str::trim).filter(|it| !it.is_empty()) {
        let it = match part {
            "null" | "undefined" => continue,
            "number" => Js::Number,
            "string" => Js::String,
            "boolean" | "true" | "false" => Js::Boolean,
            "bigint" => Js::Bigint,
            "Date" => Js::Date,
            _ if is_quoted(part) => Js::String,
            _ if part.parse::<f64>().is_ok() => Js::Number,
            _ => return None,
        };
        if !res.contains(&it) {
            res.push(it);
        }
    }
    (!res.is_empty()).then_some(res)
}

fn is_quoted(part: &str) -> bool {
    part.len() >= 2
        && (part.starts_with('\'') && part.ends_with('\'') || part.starts_with('"') && part.ends_with('"'))
}

/// What every driver of Drizzle's for PostgreSQL gives for a type in a template without a decoder; `None` where they
/// differ.
fn runtime(catalog: &Catalog, ty: Type) -> Option<Js> {
    let ty = catalog.base_type(ty);
    Some(match ty.id {
        TypeId::BOOL => Js::Boolean,
        TypeId::INT2 | TypeId::INT4 | TypeId::FLOAT4 | TypeId::FLOAT8 => Js::Number,
        TypeId::INT8 | TypeId::NUMERIC => Js::String,
        TypeId::TEXT | TypeId::VARCHAR | TypeId::BPCHAR | TypeId::UUID => Js::String,
        TypeId::TIMESTAMP | TypeId::TIMESTAMPTZ | TypeId::DATE | TypeId::TIME | TypeId::INTERVAL => {
            Js::String
        }
        id => match catalog.type_info(id)?.kind {
            TypeKind::Enum { .. } => Js::String,
            _ => return None,
        },
    })
}

/// The calls of whose select list it is a field, as it stands or as a constant: its value reaches the program undecoded.
/// `None`: of no select list.
fn selected(script: &Script<'_>, fragment: &Fragment) -> Option<Vec<ExprId>> {
    for frame in &fragment.context {
        match frame {
            Frame::Receiver { method, .. } if method == "as" => {}
            Frame::Key { .. } => {}
            Frame::Arg { call, method, index } => {
                return is_select_list(method, *index as usize).then(|| vec![*call]);
            }
            Frame::Variable { .. } => {
                let binding = constant_of(script, fragment.expr)?;
                let calls: Vec<ExprId> =
                    names_of(script, binding).filter_map(|it| select_around(script, it)).collect();
                return (!calls.is_empty()).then_some(calls);
            }
            _ => return None,
        }
    }
    None
}

fn is_select_list(method: &str, index: usize) -> bool {
    index == 0 && matches!(method, "select" | "selectDistinct" | "returning")
        || index == 1 && method == "selectDistinctOn"
}

/// The call in whose select list a name is a field.
fn select_around(script: &Script<'_>, name: ExprId) -> Option<ExprId> {
    let mut current = name;
    loop {
        let parent = script.parent(current)?;
        match script.expr(parent) {
            ExprKind::Object(_) => current = parent,
            ExprKind::Call { args, .. } if current != name => {
                let index = args.iter().position(|it| *it == current)?;
                let (_, method, _) = script.method(parent)?;
                return is_select_list(method, index).then_some(parent);
            }
            _ => return None,
        }
    }
}

/// Whether another driver than most, or the program itself, may make something else of the type. Where nothing is
/// known of the handle, every driver of the workspace may run the query.
fn is_up_to_the_driver(script: &Script<'_>, calls: &[ExprId], ty: Type, said: &[Js]) -> bool {
    /// They give `bigint` as a number, or what somebody else makes of it.
    const OTHER: [&str; 5] = ["pglite", "aws-data-api", "pg-proxy", "xata-http", "prisma"];
    let is_date = said.contains(&Js::Date);
    // What 1.0 makes of dates depends on the driver.
    if is_date && script.is_v1() {
        return true;
    }
    let all = script.look.model.drivers();
    if matches!(ty.id, TypeId::INT8 | TypeId::NUMERIC) && all.iter().any(|it| it.1.parses) {
        return true;
    }
    // Bun makes dates of dates.
    let is_other = |it: &str| OTHER.iter().any(|name| it.contains(name)) || is_date && it.contains("bun-sql");
    let handles: Vec<_> = calls.iter().map(|it| script.driver(*it)).collect();
    let is_known = handles.iter().all(Option::is_some);
    let snap = script.look.snap;
    handles.iter().flatten().any(|it| is_other(it))
        || script.module.imports.iter().any(|it| is_other(&it.specifier))
        || !is_known
            && all.iter().any(|(file, it)| {
                it.modules.iter().any(|it| is_other(it)) && !is_test(&Workspace::path(snap, *file))
            })
}

/// A script that only tests run: what it opens is not what the program talks to.
fn is_test(path: &str) -> bool {
    let is = |part: &str| {
        let part = part.to_ascii_lowercase();
        ["test", "tests", "__tests__", "e2e", "spec", "mocks", "__mocks__", "fixtures"]
            .contains(&part.as_str())
            || [".test.", ".spec.", "test-", "-test"].iter().any(|it| part.contains(it))
    };
    path.split('/').any(is)
}

/// The rows of a select go to another query, not to the program: a subquery, a common table expression, the operand of
/// `inArray` or `exists`, what an INSERT takes.
fn is_subquery(script: &Script<'_>, select: ExprId) -> bool {
    let mut outer = select;
    for link in chain::outward(script.module, select) {
        if link.method == "as" {
            return true;
        }
        outer = link.call;
    }
    match use_of(script, outer) {
        Use::Awaited(_) | Use::Statement => false,
        Use::Returned(function) => {
            let around = script.parent(function).and_then(|it| script.method(it));
            around.is_some_and(|(_, method, _)| matches!(method.as_str(), "as" | "select"))
        }
        Use::Bound => constant_of(script, outer).is_some_and(|binding| {
            names_of(script, binding).any(|it| match script.parent(it).map(|it| script.expr(it)) {
                Some(ExprKind::Call { args, .. }) => args.contains(&it),
                Some(ExprKind::Member { name, .. }) => name == "as",
                _ => false,
            })
        }),
        Use::Other => {
            let mut current = outer;
            while let Some(parent) = script.parent(current) {
                match script.expr(parent) {
                    ExprKind::Assertion { .. } => current = parent,
                    ExprKind::Call { args, .. } => return args.contains(&current),
                    _ => return false,
                }
            }
            false
        }
    }
}

/// The type of the fragment, the same in each of its renderings.
fn inferred(script: &Script<'_>, fragment: &Fragment) -> Option<Type> {
    let mut res: Option<Type> = None;
    for unit in script.units(fragment) {
        if unit.parsed.error.is_some() || !unit.analysis.problems.is_empty() || unit.analysis.columns_open {
            return None;
        }
        let [column] = unit.analysis.columns.as_slice() else { return None };
        let Ty::Known(ty) = column.ty else { return None };
        if res.is_some_and(|it| it.id != ty.id) {
            return None;
        }
        res = Some(ty);
    }
    res
}
