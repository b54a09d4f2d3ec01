//! Signatures of functions, with the overload and parameter that the cursor is about.

use super::context::{Callee, Context};
use super::{Around, Label, Signature, SignatureHelp, special};
use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, Function, FunctionKind, Origin, Type, TypeId, lookup, pg};
use crate::sema::Ty;
use crate::sema::resolve::{Coercion, CoercionContext, coerce};
use crate::sql::hir::{Call, ExprKind};
use crate::sql::keywords::{Category, keyword};
use crate::sql::{Dialect, Ident};

/// More overloads help nobody.
const MAX_SIGNATURES: usize = 64;

pub fn help(around: &Around<'_>, context: &Context, callee: &Callee) -> Option<SignatureHelp> {
    if around.catalog.dialect != Dialect::Postgres || callee.name.is_dynamic() {
        return None;
    }
    if callee.schema.is_none()
        && let Some(found) = special::help(callee.name.as_str(), context)
    {
        return Some(found);
    }
    // `varchar(20)`, `numeric(10, 2)`: types.
    if callee.schema.is_none()
        && keyword(callee.name.as_str())
            .is_some_and(|it| matches!(it.category, Category::ColumnName | Category::Reserved))
    {
        return None;
    }
    let functions = lookup::functions(around.catalog, callee.schema.as_ref(), &callee.name);
    let args = argument_types(around, callee);
    let mut scored: Vec<(i32, usize, &Function)> = Vec::new();
    for (idx, function) in functions.iter().enumerate() {
        let seen = scored.iter().any(|it| same_shape(it.2, function));
        if !seen && is_callable(function) {
            scored.push((score(around.catalog, function, context, &args), idx, function));
        }
    }
    let best = scored.iter().enumerate().max_by_key(|(idx, it)| (it.0, std::cmp::Reverse(*idx)))?.0;
    let mut signatures = Vec::new();
    let mut active = 0;
    for (idx, (_, _, function)) in scored.iter().enumerate() {
        if signatures.len() == MAX_SIGNATURES && idx != best {
            continue;
        }
        if idx == best {
            active = signatures.len();
        }
        signatures.push(signature(around.catalog, function, parameter(function, context)));
    }
    Some(SignatureHelp { signatures, active })
}

/// Functions that take or give `internal` and the like are not for users.
fn is_callable(function: &Function) -> bool {
    const INTERNAL: TypeId = TypeId(2281);
    !function.params.iter().any(|it| it.ty == Some(INTERNAL)) && function.returns != Some(INTERNAL)
}

fn same_shape(a: &Function, b: &Function) -> bool {
    a.schema == b.schema && a.params == b.params && a.returns == b.returns
}

/// The types of the arguments that the analysed call has; unknown where there is no tree.
fn argument_types(around: &Around<'_>, callee: &Callee) -> Vec<Ty> {
    let Some(unit) = around.unit.filter(|_| !callee.range.is_empty()) else { return Vec::new() };
    let is_it = |it: &&Call| it.name.last().is_some_and(|it| it.range == callee.range);
    let calls = unit.parsed.hir.exprs.iter().filter_map(|it| match &it.kind {
        ExprKind::Call(call) => Some(&**call),
        _ => None,
    });
    let Some(call) = calls.into_iter().find(is_it) else { return Vec::new() };
    let ty = |id: crate::sql::hir::ExprId| {
        let missing = unit.parsed.hir.exprs.get(id.0 as usize).is_none_or(|it| it.kind == ExprKind::Missing);
        match unit.analysis.exprs.get(id.0 as usize) {
            Some(info) if !missing => info.ty,
            _ => Ty::Unknown,
        }
    };
    call.args.iter().map(|it| ty(it.value)).collect()
}

/// How well an overload fits what is written.
fn score(catalog: &Catalog, function: &Function, context: &Context, args: &[Ty]) -> i32 {
    let n_params = function.params.len();
    let mut res = 0;
    if context.n_args > n_params && !function.variadic {
        res -= 1000;
    }
    if let Some(name) = &context.arg_name
        && !function.params.iter().any(|it| it.name.as_ref() == Some(name))
    {
        res -= 500;
    }
    // One that needs no more arguments than are written.
    let required = n_params
        - (function.n_defaults as usize).min(n_params)
        - usize::from(function.variadic && n_params > 0);
    if context.n_args < required {
        res -= (required - context.n_args) as i32;
    }
    for (idx, arg) in args.iter().enumerate() {
        let Ty::Known(given) = arg else { continue };
        let Some(wanted) = parameter_type(catalog, function, idx) else { continue };
        let polymorphic =
            catalog.type_info(wanted).is_some_and(|it| it.kind == crate::catalog::TypeKind::Pseudo);
        res += if given.id == wanted {
            20
        } else if given.id == TypeId::UNKNOWN {
            // A literal: `text` is what it becomes where nothing else decides.
            if wanted == TypeId::TEXT { 6 } else { 4 }
        } else if polymorphic {
            5
        } else {
            match coerce(catalog, *arg, Ty::Known(Type::plain(wanted)), CoercionContext::Implicit) {
                Coercion::Yes => 10,
                Coercion::No => -100,
                _ => 0,
            }
        };
    }
    res
}

fn parameter_type(catalog: &Catalog, function: &Function, idx: usize) -> Option<TypeId> {
    let last = function.params.len().checked_sub(1)?;
    if function.variadic && idx >= last {
        let array = function.params.last()?.ty?;
        return Some(catalog.element_type(array).unwrap_or(array));
    }
    function.params.get(idx)?.ty
}

/// The parameter that the cursor is in.
fn parameter(function: &Function, context: &Context) -> Option<usize> {
    if let Some(name) = &context.arg_name {
        return function.params.iter().position(|it| it.name.as_ref() == Some(name));
    }
    let n = function.params.len();
    if function.variadic && context.arg + 1 >= n { n.checked_sub(1) } else { Some(context.arg) }
}

fn signature(catalog: &Catalog, function: &Function, active: Option<usize>) -> Signature {
    let mut label = Label::default();
    let builtin = function.schema.as_str() == lookup::PG_CATALOG;
    let on_path = lookup::effective_path(catalog).contains(&function.schema.as_str());
    if !builtin && !on_path {
        label.push(&format!("{}.", function.schema.quoted()));
    }
    label.push(&function.name.quoted());
    label.push("(");
    let n_params = function.params.len();
    let first_default = n_params - (function.n_defaults as usize).min(n_params);
    let direct = function.direct_args.map_or(n_params, |it| it as usize);
    for (idx, param) in function.params.iter().enumerate() {
        if idx == direct {
            label.push(") within group (order by ");
        } else if idx > 0 {
            label.push(", ");
        }
        let mut text = String::new();
        if function.variadic && idx + 1 == n_params {
            text.push_str("variadic ");
        }
        if let Some(name) = &param.name {
            text.push_str(&name.quoted());
            text.push(' ');
        }
        text.push_str(&param.ty.map_or_else(|| "?".to_owned(), |it| format_type_id(catalog, it)));
        label.param(&if idx >= first_default { format!("[{text}]") } else { text });
    }
    if function.params.is_empty() && function.kind == FunctionKind::Aggregate {
        label.push("*");
    }
    label.push(")");
    if function.kind != FunctionKind::Procedure {
        label.push(&format!(" → {}", result(catalog, function)));
    }
    label.finish(active, documentation(function))
}

fn result(catalog: &Catalog, function: &Function) -> String {
    if function.out_columns.len() > 1 || (function.returns_set && !function.out_columns.is_empty()) {
        let column = |(name, ty): &(Ident, Option<Type>)| {
            let ty = ty.map_or_else(|| "?".to_owned(), |it| format_type_id(catalog, it.id));
            format!("{} {ty}", name.quoted())
        };
        let columns: Vec<String> = function.out_columns.iter().map(column).collect();
        let word = if function.returns_set { "table" } else { "record" };
        return format!("{word}({})", columns.join(", "));
    }
    let set = if function.returns_set { "setof " } else { "" };
    format!("{set}{}", function.returns.map_or_else(|| "?".to_owned(), |it| format_type_id(catalog, it)))
}

fn documentation(function: &Function) -> Option<String> {
    let kind = match function.kind {
        FunctionKind::Aggregate => Some("aggregate"),
        FunctionKind::Window => Some("window function"),
        FunctionKind::Procedure => Some("procedure"),
        FunctionKind::Function => None,
    };
    let text = (function.origin == Origin::Builtin).then(|| pg::description(function)).flatten();
    match (kind, text) {
        (Some(kind), Some(text)) => Some(format!("*{kind}*: {text}")),
        (Some(kind), None) => Some(format!("*{kind}*")),
        (None, text) => text,
    }
}
