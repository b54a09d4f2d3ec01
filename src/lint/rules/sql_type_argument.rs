//! `sql<T>` against the type that the driver gives.

use crate::catalog::types::format_type_id;
use crate::catalog::{Type, TypeId};
use crate::embed::{Fragment, Frame, Source, chain};
use crate::lint::builder::{Use, constant_of, names_of, use_of};
use crate::lint::delivered::{Js, is_up_to_the_driver, runtime, said};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
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
