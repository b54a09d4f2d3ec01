//! What an expression of unknown value must be: a plain value, which becomes a parameter, an array of such, or
//! perhaps SQL. Types are read from annotations only; what could be SQL counts as SQL.

mod types;

pub use types::of_type;
use types::{by_name, is_data_type, names_sql, property_type};

use smol_str::SmolStr;

use super::callee_name;
use crate::project::eval::{GLOBAL, ValueKind};
use crate::sema::fragment::Env;
use crate::ts::hir::{Binding, BindingKind, ExprId, ExprKind, Prop, ScopeId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Param,
    /// An array of values.
    List,
    Dynamic,
}

/// Functions that give plain values, by their own names.
const VALUE_FUNCTIONS: [&str; 34] = [
    "Number",
    "String",
    "Boolean",
    "BigInt",
    "parseInt",
    "parseFloat",
    "nanoid",
    "customAlphabet",
    "randomUUID",
    "uuid",
    "uuidv4",
    "uuidv7",
    "v4",
    "v7",
    "cuid",
    "createId",
    "ulid",
    "generateId",
    "generateUUID",
    "hash",
    "encodeURIComponent",
    "decodeURIComponent",
    "stringify",
    "now",
    "abs",
    "floor",
    "ceil",
    "round",
    "random",
    "isArray",
    "subDays",
    "addDays",
    "startOfDay",
    "endOfDay",
];

/// Methods that give plain values, whatever they are called on.
pub(super) const VALUE_METHODS: [&str; 36] = [
    "toString",
    "toISOString",
    "toFixed",
    "toJSON",
    "getTime",
    "valueOf",
    "trim",
    "trimStart",
    "trimEnd",
    "toLowerCase",
    "toUpperCase",
    "padStart",
    "padEnd",
    "replace",
    "replaceAll",
    "substring",
    "substr",
    "charAt",
    "indexOf",
    "includes",
    "startsWith",
    "endsWith",
    "join",
    "getFullYear",
    "getMonth",
    "getDate",
    "getHours",
    "toLocaleString",
    "toDateString",
    "unix",
    "toDate",
    "toPrecision",
    "normalize",
    "test",
    "localeCompare",
    "randomUUID",
];

pub fn of_expr(env: &Env<'_>, id: ExprId) -> Kind {
    of_expr_bounded(env, id, 0)
}

fn of_expr_bounded(env: &Env<'_>, id: ExprId, depth: u32) -> Kind {
    if depth > 24 {
        return Kind::Dynamic;
    }
    let module = env.module;
    let recur = |id| of_expr_bounded(env, id, depth + 1);
    let expr = module.expr(id);
    match &expr.kind {
        ExprKind::String(_)
        | ExprKind::Number(_)
        | ExprKind::BigInt(_)
        | ExprKind::Bool(_)
        | ExprKind::Null
        | ExprKind::Regex(_)
        | ExprKind::Unary { .. }
        | ExprKind::Binary { .. } => Kind::Param,
        ExprKind::Template(it) if it.tag.is_none() => Kind::Param,
        ExprKind::Object(_) => Kind::Param,
        ExprKind::Array(items) => match items.iter().all(|it| element_is_value(env, *it, depth)) {
            true => Kind::List,
            false => Kind::Dynamic,
        },
        ExprKind::Await(_) => match &*(env.value)(id).kind {
            ValueKind::Unknown | ValueKind::Call { .. } => Kind::Param,
            _ => Kind::Dynamic,
        },
        ExprKind::New { callee, .. } => match callee_name(env, *callee).as_deref() {
            Some("Date" | "URL" | "Uint8Array") => Kind::Param,
            _ => Kind::Dynamic,
        },
        ExprKind::Assertion { expr, ty } => match of_type(ty) {
            Some(kind) if kind != Kind::Dynamic => kind,
            _ => recur(*expr),
        },
        ExprKind::Conditional { then, else_, .. } => both(recur(*then), recur(*else_)),
        ExprKind::Logical { op, left, right } => match op.as_str() {
            "&&" => recur(*right),
            _ => both(recur(*left), recur(*right)),
        },
        ExprKind::Call { callee, args, .. } => of_call(env, *callee, args, depth),
        ExprKind::Ident(name) => match module.lookup(expr.scope, name) {
            Some((scope, binding)) => of_binding(env, scope, binding, depth),
            None => Kind::Dynamic,
        },
        ExprKind::Member { object, name, .. } => of_member(env, *object, name, depth),
        ExprKind::Index { object, .. } => match recur(*object) {
            // `const operators = { '=': sql`=`, … }; operators[op]`.
            _ if holds_more_than_values(env, *object, depth) => Kind::Dynamic,
            Kind::List | Kind::Param => Kind::Param,
            Kind::Dynamic => of_member(env, *object, "", depth),
        },
        _ => Kind::Dynamic,
    }
}

fn element_is_value(env: &Env<'_>, id: ExprId, depth: u32) -> bool {
    match &env.module.expr(id).kind {
        ExprKind::Spread(inner) => of_expr_bounded(env, *inner, depth + 1) == Kind::List,
        _ => of_expr_bounded(env, id, depth + 1) == Kind::Param,
    }
}

/// `undefined` beside a value is that value: what is undefined renders to nothing, and nobody means that.
fn both(a: Kind, b: Kind) -> Kind {
    if a == b { a } else { Kind::Dynamic }
}

fn of_call(env: &Env<'_>, callee: ExprId, args: &[ExprId], depth: u32) -> Kind {
    let name = callee_name(env, callee).unwrap_or_default();
    if VALUE_FUNCTIONS.contains(&name.as_str()) {
        return Kind::Param;
    }
    let ExprKind::Member { object, .. } = &env.module.expr(callee).kind else { return Kind::Dynamic };
    if VALUE_METHODS.contains(&name.as_str()) {
        return Kind::Param;
    }
    match name.as_str() {
        "split" | "matchAll" => Kind::List,
        "keys" if is_global(env, *object, "Object") => Kind::List,
        "slice" | "filter" | "concat" | "sort" | "reverse" => of_expr_bounded(env, *object, depth + 1),
        "at" | "pop" | "shift" | "find" => match of_expr_bounded(env, *object, depth + 1) {
            Kind::List => Kind::Param,
            _ => Kind::Dynamic,
        },
        // `rows.map((it) => it.id)`.
        "map" => match args.first().map(|it| &env.module.expr(*it).kind) {
            Some(ExprKind::Function(it)) if !it.returns.is_empty() => {
                match it.returns.iter().all(|it| of_expr_bounded(env, *it, depth + 1) == Kind::Param) {
                    true => Kind::List,
                    false => Kind::Dynamic,
                }
            }
            _ => Kind::Dynamic,
        },
        _ if is_global(env, *object, "Math") || is_global(env, *object, "Date") => Kind::Param,
        "from" if is_global(env, *object, "Array") => match args.first() {
            Some(first) => of_expr_bounded(env, *first, depth + 1),
            None => Kind::Dynamic,
        },
        _ => Kind::Dynamic,
    }
}

/// Whether an object, whose literal is known, has a property that may be SQL.
fn holds_more_than_values(env: &Env<'_>, id: ExprId, depth: u32) -> bool {
    let module = env.module;
    let expr = module.expr(id);
    match &expr.kind {
        _ if depth > 24 => true,
        ExprKind::Object(props) => props.iter().any(|it| match it {
            Prop::Field { value, .. } | Prop::Computed { value, .. } => {
                of_expr_bounded(env, *value, depth + 1) == Kind::Dynamic
            }
            Prop::Spread(it) => holds_more_than_values(env, *it, depth + 1),
        }),
        ExprKind::Assertion { expr, .. } => holds_more_than_values(env, *expr, depth + 1),
        ExprKind::Ident(name) => match module.lookup(expr.scope, name) {
            Some((_, binding)) => match &binding.kind {
                BindingKind::Const { init: Some(init), path } if path.is_empty() => {
                    holds_more_than_values(env, *init, depth + 1)
                }
                _ => false,
            },
            None => false,
        },
        _ => false,
    }
}

fn is_global(env: &Env<'_>, id: ExprId, name: &str) -> bool {
    match (env.value)(id).as_external() {
        Some((GLOBAL, path)) => path.len() == 1 && path.first().is_some_and(|it| it == name),
        _ => false,
    }
}

fn of_binding(env: &Env<'_>, scope: ScopeId, binding: &Binding, depth: u32) -> Kind {
    if let Some(kind) = binding.ty.as_deref().and_then(of_type) {
        return kind;
    }
    match &binding.kind {
        BindingKind::Const { init: Some(init), path } if path.is_empty() => {
            of_expr_bounded(env, *init, depth + 1)
        }
        // TypeScript gives `let x = 10` the type of its first value.
        BindingKind::Let { init: Some(init), path, .. } if path.is_empty() => {
            match of_expr_bounded(env, *init, depth + 1) {
                Kind::Param if !matches!(env.module.expr(*init).kind, ExprKind::Null) => Kind::Param,
                _ => Kind::Dynamic,
            }
        }
        // `const { id } = await params`.
        BindingKind::Const { init: Some(init), path } | BindingKind::Let { init: Some(init), path, .. } => {
            match is_data(env, *init, depth) && !path.iter().any(|it| names_sql(it)) {
                true => Kind::Param,
                false => Kind::Dynamic,
            }
        }
        BindingKind::Param { index, path } => of_param(env, scope, *index, path, depth),
        _ => Kind::Dynamic,
    }
}

/// A parameter without a type of its own.
fn of_param(env: &Env<'_>, scope: ScopeId, index: u32, path: &[SmolStr], depth: u32) -> Kind {
    let module = env.module;
    let Some(function) = module.scope(scope).function else { return Kind::Dynamic };
    let ExprKind::Function(it) = &module.expr(function).kind else { return Kind::Dynamic };
    let param = it.params.get(index as usize);
    if let Some(ty) = param.and_then(|it| it.ty.as_deref()) {
        return match path {
            [] => of_type(ty).unwrap_or(Kind::Dynamic),
            [key] => property_type(ty, key).and_then(of_type).unwrap_or_else(|| by_name(key, ty)),
            [.., key] => by_name(key, ty),
        };
    }
    if let (Some(default), []) = (param.and_then(|it| it.default), path) {
        return match module.expr(default).kind {
            ExprKind::String(_) | ExprKind::Number(_) | ExprKind::Bool(_) => Kind::Param,
            _ => Kind::Dynamic,
        };
    }
    match element_of(env, function, depth) {
        // An element of an array of values, a property of one of objects.
        Some(Kind::List) if index == 0 => Kind::Param,
        // What the database or a request gave is no SQL.
        Some(_) if index == 0 && path.is_empty() && list_of_data(env, function, depth) => Kind::Param,
        Some(_) if index == 1 && path.is_empty() => Kind::Param,
        Some(_) => Kind::Dynamic,
        None if path.is_empty() => Kind::Dynamic,
        // `.handler(async ({ data }) => …)`.
        None => match path.last() {
            Some(key) if !hands_out_sql(env, function) && !names_sql(key) => Kind::Param,
            _ => Kind::Dynamic,
        },
    }
}

/// For the callback of `list.map(…)`: the kind of the list.
fn element_of(env: &Env<'_>, function: ExprId, depth: u32) -> Option<Kind> {
    let module = env.module;
    let ExprKind::Call { callee, .. } = &module.expr(module.expr(function).parent?).kind else { return None };
    let ExprKind::Member { object, name, .. } = &module.expr(*callee).kind else { return None };
    match name.as_str() {
        "map" | "flatMap" | "forEach" | "filter" | "some" | "every" | "find" => {
            Some(of_expr_bounded(env, *object, depth + 1))
        }
        _ => None,
    }
}

/// Whether the call that a function literal is given to may hand it columns and tables.
fn hands_out_sql(env: &Env<'_>, function: ExprId) -> bool {
    let module = env.module;
    let mut child = function;
    for _ in 0..8 {
        let Some(parent) = module.expr(child).parent else { return false };
        if let ExprKind::Call { callee, .. } = &module.expr(parent).kind {
            let name = callee_name(env, *callee).unwrap_or_default();
            return matches!(
                name.as_str(),
                "pgTable"
                    | "table"
                    | "findMany"
                    | "findFirst"
                    | "where"
                    | "on"
                    | "as"
                    | "select"
                    | "orderBy"
                    | "relations"
                    | "having"
                    | "groupBy"
                    | "createTable"
                    | "pgView"
                    | "pgMaterializedView"
                    | "$with"
                    | "set"
                    | "extras"
                    | "returning"
                    | "leftJoin"
                    | "innerJoin"
                    | "check"
            ) || name.ends_with("Join")
                || name.ends_with("Table");
        }
        child = parent;
    }
    false
}

fn of_member(env: &Env<'_>, object: ExprId, name: &str, depth: u32) -> Kind {
    if matches!(name, "length" | "size") {
        return Kind::Param;
    }
    if let Some((GLOBAL, path)) = (env.value)(object).as_external()
        && path.first().is_some_and(|it| it == "process" || it == "Number" || it == "Math")
    {
        return Kind::Param;
    }
    // `args.limit` of `args: { limit: number }`.
    if let ExprKind::Ident(it) = &env.module.expr(object).kind
        && let Some((scope, binding)) = env.module.lookup(env.module.expr(object).scope, it)
    {
        let ty = binding.ty.as_deref().or_else(|| param_type(env, scope, binding));
        if let Some(kind) = ty.and_then(|it| property_type(it, name)).and_then(of_type) {
            return kind;
        }
    }
    match is_data(env, object, depth) && !names_sql(name) {
        true => Kind::Param,
        false => Kind::Dynamic,
    }
}

/// The type of the parameter that a binding is.
fn param_type<'e>(env: &Env<'e>, scope: ScopeId, binding: &Binding) -> Option<&'e str> {
    let BindingKind::Param { index, path } = &binding.kind else { return None };
    let ExprKind::Function(it) = &env.module.expr(env.module.scope(scope).function?).kind else {
        return None;
    };
    let ty = it.params.get(*index as usize)?.ty.as_deref()?;
    path.is_empty().then_some(ty)
}

/// Whether an expression holds data of the application rather than columns, tables or queries.
fn is_data(env: &Env<'_>, id: ExprId, depth: u32) -> bool {
    if depth > 24 {
        return false;
    }
    let module = env.module;
    let expr = module.expr(id);
    match &expr.kind {
        ExprKind::Await(_) => true,
        ExprKind::Assertion { expr, ty } => {
            ty.is_empty() && is_data(env, *expr, depth + 1) || is_data_type(ty)
        }
        ExprKind::Member { object, name, .. } => !names_sql(name) && is_data(env, *object, depth + 1),
        ExprKind::Index { object, .. } => is_data(env, *object, depth + 1),
        ExprKind::Logical { left, right, .. } => {
            is_data(env, *left, depth + 1)
                && (is_data(env, *right, depth + 1)
                    || matches!(module.expr(*right).kind, ExprKind::Object(_)))
        }
        ExprKind::Call { callee, .. } => match callee_name(env, *callee).as_deref() {
            Some("parse" | "safeParse" | "json" | "find" | "at" | "get" | "assert") => {
                matches!(module.expr(*callee).kind, ExprKind::Member { .. }) && is_data_receiver(env, *callee)
            }
            _ => false,
        },
        ExprKind::Ident(name) => {
            let Some((scope, binding)) = module.lookup(expr.scope, name) else { return false };
            if let Some(ty) = &binding.ty {
                return is_data_type(ty);
            }
            match &binding.kind {
                BindingKind::Const { init: Some(init), .. } | BindingKind::Let { init: Some(init), .. } => {
                    is_data(env, *init, depth + 1)
                }
                BindingKind::Param { index, path } => {
                    let Some(function) = module.scope(scope).function else { return false };
                    let ExprKind::Function(it) = &module.expr(function).kind else { return false };
                    let ty = it.params.get(*index as usize).and_then(|it| it.ty.as_deref());
                    match ty {
                        Some(ty) => is_data_type(ty) && !path.iter().any(|it| names_sql(it)),
                        None => match element_of(env, function, depth) {
                            Some(_) => list_of_data(env, function, depth),
                            None => {
                                !path.is_empty()
                                    && !hands_out_sql(env, function)
                                    && !path.iter().any(|it| names_sql(it))
                            }
                        },
                    }
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// `schema.parse(x)` gives data, `users.find` is none of that.
fn is_data_receiver(env: &Env<'_>, callee: ExprId) -> bool {
    match &env.module.expr(callee).kind {
        ExprKind::Member { object, .. } => !(env.value)(*object).is_unknown() || is_data(env, *object, 20),
        _ => false,
    }
}

/// For the callback of `rows.map(…)`: whether `rows` is data.
fn list_of_data(env: &Env<'_>, function: ExprId, depth: u32) -> bool {
    let module = env.module;
    let Some(parent) = module.expr(function).parent else { return false };
    let ExprKind::Call { callee, .. } = &module.expr(parent).kind else { return false };
    let ExprKind::Member { object, .. } = &module.expr(*callee).kind else { return false };
    is_data(env, *object, depth + 1)
}

/// Whether an expression is taken for a plain value only because of how its type is called: `target.relation` of
/// `target: RetentionTarget` may be SQL as well.
pub fn is_guess(env: &Env<'_>, id: ExprId) -> bool {
    let module = env.module;
    let mut root = id;
    while let ExprKind::Member { object, .. } | ExprKind::Index { object, .. } = &module.expr(root).kind {
        root = *object;
    }
    let ExprKind::Ident(name) = &module.expr(root).kind else { return false };
    let Some((scope, binding)) = module.lookup(module.expr(root).scope, name) else { return false };
    let param = || match &binding.kind {
        BindingKind::Param { index, .. } => match &module.expr(module.scope(scope).function?).kind {
            ExprKind::Function(it) => it.params.get(*index as usize)?.ty.as_deref(),
            _ => None,
        },
        _ => None,
    };
    let is_inside =
        root != id || matches!(&binding.kind, BindingKind::Param { path, .. } if !path.is_empty());
    let named = |ty: &str| of_type(ty).is_none() && !ty.starts_with('{');
    is_inside && binding.ty.as_deref().or_else(param).is_some_and(named)
}
