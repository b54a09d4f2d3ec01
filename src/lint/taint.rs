//! Texts that somebody else chooses: parameters that are strings, parts of requests, and what is made of them.

mod callers;

use smol_str::SmolStr;

use self::callers::{Param, arguments};
use super::script::Script;
use crate::project::eval::{Value, ValueKind};
use crate::ts::hir::{BindingKind, ExprId, ExprKind, Function, Prop};

/// Longer ways from a text to where it comes from are not followed.
const MAX_DEPTH: u32 = 16;

/// Methods that make a string of a string and leave what is in it.
const KEEP: [&str; 14] = [
    "trim",
    "trimStart",
    "trimEnd",
    "toLowerCase",
    "toUpperCase",
    "toLocaleLowerCase",
    "toString",
    "normalize",
    "slice",
    "substring",
    "padStart",
    "padEnd",
    "concat",
    "repeat",
];

/// What of a request its sender writes.
const SENT: [&str; 6] = ["query", "params", "body", "headers", "cookies", "searchParams"];

/// Whether whoever calls the function, or sends the request, chooses the text.
pub fn is_foreign(script: &Script<'_>, id: ExprId) -> bool {
    foreign(script, id, &[], 0)
}

/// The parts that a callback of an array's method, a template or a concatenation makes of it.
pub fn elements<'a>(script: &Script<'a>, list: ExprId) -> Option<&'a [ExprId]> {
    match script.expr(script.definition(list)) {
        ExprKind::Array(items) => Some(items),
        _ => None,
    }
}

/// The function that `list.map(function)` calls with each element, where its elements are foreign texts.
pub fn mapped<'a>(script: &Script<'a>, list: ExprId) -> Option<&'a Function> {
    let (object, method, args) = script.method(script.definition(list))?;
    let ([function], "map") = (args, method.as_str()) else { return None };
    match script.expr(*function) {
        ExprKind::Function(it) if is_list(script, object) => Some(it),
        _ => None,
    }
}

/// Whether its elements are foreign texts.
pub fn is_list(script: &Script<'_>, id: ExprId) -> bool {
    list(script, id, &[], 0)
}

fn list(script: &Script<'_>, id: ExprId, path: &[SmolStr], depth: u32) -> bool {
    let id = script.definition(id);
    let Some(param) = param(script, id, path, depth) else { return false };
    let Some(ty) = annotation(script, &param) else { return false };
    let ty = ty.trim();
    let ty = ty.strip_prefix("readonly ").unwrap_or(ty).trim();
    let inner = ty.strip_prefix("Array<").or_else(|| ty.strip_prefix("ReadonlyArray<"));
    let is_strings = matches!(inner.and_then(|it| it.strip_suffix('>')), Some("string")) || ty == "string[]";
    is_strings && may_be(script, &param, |it, path| list(script, it, path, depth + 1))
}

/// Whether some caller may give a parameter what is foreign: one that is not seen may.
fn may_be(script: &Script<'_>, param: &Param, is_foreign: impl Fn(ExprId, &[SmolStr]) -> bool) -> bool {
    arguments(script, param).is_none_or(|args| args.iter().any(|it| is_foreign(*it, &param.path)))
}

/// `path`: what is taken of the value, outermost last.
fn foreign(script: &Script<'_>, id: ExprId, path: &[SmolStr], depth: u32) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let deeper = |id: ExprId, path: &[SmolStr]| foreign(script, id, path, depth + 1);
    if let Some(param) = param(script, id, path, 0)
        && annotation(script, &param).is_some_and(is_string)
    {
        return may_be(script, &param, deeper);
    }
    match script.expr(script.bare(id)) {
        ExprKind::Ident(_) => match script.binding(script.bare(id)).map(|it| &it.1.kind) {
            Some(BindingKind::Const { init: Some(init), path: own }) => deeper(*init, &joined(own, path)),
            Some(BindingKind::Param { path: own, .. }) => {
                is_sent(script, script.bare(id), &joined(own, path))
                    || path.is_empty() && is_element(script, script.bare(id), depth)
                    || is_validated_string(script, script.bare(id), &joined(own, path))
            }
            _ => false,
        },
        ExprKind::Member { object, name, .. } => deeper(*object, &joined(std::slice::from_ref(name), path)),
        ExprKind::Object(props) => path.split_first().is_some_and(|(first, rest)| {
            let is_it = |it: &&Prop| matches!(it, Prop::Field { key, .. } if key == first);
            match props.iter().rfind(is_it) {
                Some(Prop::Field { value, .. }) => deeper(*value, rest),
                _ => props.iter().any(|it| matches!(it, Prop::Spread(it) if deeper(*it, path))),
            }
        }),
        ExprKind::Await(inner) => deeper(*inner, path),
        ExprKind::Logical { left, right, .. } => deeper(*left, path) || deeper(*right, path),
        ExprKind::Conditional { then, else_, .. } => deeper(*then, path) || deeper(*else_, path),
        ExprKind::Call { callee, args, .. } => match (script.expr(*callee), args.as_slice()) {
            (ExprKind::Ident(name), [arg]) if name == "String" || name == "decodeURIComponent" => {
                path.is_empty() && deeper(*arg, path)
            }
            (ExprKind::Member { object, name, .. }, args) => {
                let is_kept = path.is_empty() && KEEP.contains(&name.as_str()) && deeper(*object, &[]);
                is_kept || gives(script, *object, name, args, path)
            }
            _ => false,
        },
        _ => false,
    }
}

fn joined(own: &[SmolStr], path: &[SmolStr]) -> Vec<SmolStr> {
    own.iter().chain(path).cloned().collect()
}

/// A method of a request that gives what its sender wrote: `searchParams.get('x')`, `c.req.param('x')`, `req.json()`.
fn gives(script: &Script<'_>, object: ExprId, method: &str, args: &[ExprId], path: &[SmolStr]) -> bool {
    let last = |id: ExprId| -> Option<SmolStr> {
        let id = script.bare(id);
        match script.expr(id) {
            ExprKind::Member { name, .. } => Some(name.clone()),
            ExprKind::Ident(_) => match &script.binding(id)?.1.kind {
                BindingKind::Const { init: Some(init), path } if path.is_empty() => {
                    match script.expr(script.bare(*init)) {
                        ExprKind::Member { name, .. } => Some(name.clone()),
                        ExprKind::Await(inner) => {
                            script.method(*inner).filter(|it| it.1 == "formData").map(|it| it.1.clone())
                        }
                        _ => None,
                    }
                }
                BindingKind::Const { path, .. } => path.last().cloned(),
                _ => None,
            },
            _ => None,
        }
    };
    match (method, args.len()) {
        ("get", 1) => path.is_empty() && matches!(last(object).as_deref(), Some("searchParams" | "formData")),
        ("query" | "param" | "header", 1) => {
            path.is_empty() && matches!(script.expr(object), ExprKind::Member { name, .. } if name == "req")
        }
        ("json", 0) => !path.is_empty() && is_request(script, object),
        _ => false,
    }
}

/// `req.query.x`, of a request whose type says no more.
fn is_sent(script: &Script<'_>, id: ExprId, path: &[SmolStr]) -> bool {
    path.len() > 1 && path.first().is_some_and(|it| SENT.contains(&it.as_str())) && is_request(script, id)
}

fn is_request(script: &Script<'_>, id: ExprId) -> bool {
    let ExprKind::Ident(name) = script.expr(id) else { return false };
    let is_param = |it: &BindingKind| matches!(it, BindingKind::Param { path, .. } if path.is_empty());
    let Some((_, binding)) = script.binding(id).filter(|it| is_param(&it.1.kind)) else { return false };
    const TYPES: [&str; 6] =
        ["Request", "NextRequest", "NextApiRequest", "FastifyRequest", "express.Request", "IncomingMessage"];
    match binding.ty.as_deref().map(str::trim) {
        Some(ty) => TYPES.contains(&ty),
        None => name == "req" || name == "request",
    }
}

/// The parameter of a callback that gets each element of a list of foreign texts.
fn is_element(script: &Script<'_>, id: ExprId, depth: u32) -> bool {
    let Some((scope, binding)) = script.binding(id) else { return false };
    let BindingKind::Param { index: 0, path } = &binding.kind else { return false };
    let Some(function) = script.module.scope(scope).function.filter(|_| path.is_empty()) else {
        return false;
    };
    let Some((object, method, args)) = script.parent(function).and_then(|it| script.method(it)) else {
        return false;
    };
    depth < MAX_DEPTH
        && args.first() == Some(&function)
        && matches!(method.as_str(), "map" | "flatMap" | "forEach" | "filter")
        && is_list(script, object)
}

/// The parameter that an expression is, or is a part of.
fn param(script: &Script<'_>, id: ExprId, path: &[SmolStr], depth: u32) -> Option<Param> {
    let id = script.bare(id);
    if depth > MAX_DEPTH {
        return None;
    }
    match script.expr(id) {
        ExprKind::Member { object, name, .. } => {
            param(script, *object, &joined(std::slice::from_ref(name), path), depth + 1)
        }
        ExprKind::Ident(_) => {
            let (scope, binding) = script.binding(id)?;
            match &binding.kind {
                BindingKind::Const { init: Some(init), path: own } => {
                    param(script, *init, &joined(own, path), depth + 1)
                }
                BindingKind::Param { index, path: own } => {
                    let function = script.module.scope(scope).function?;
                    Some(Param { function, index: *index, path: joined(own, path) })
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// The text of the type annotation of what is taken of a parameter.
fn annotation<'a>(script: &Script<'a>, param: &Param) -> Option<&'a str> {
    let ExprKind::Function(function) = script.expr(param.function) else { return None };
    let found = function.params.get(param.index as usize).filter(|it| !it.rest)?;
    member(found.ty.as_deref()?, &param.path)
}

fn is_string(ty: &str) -> bool {
    ty.split('|').map(str::trim).any(|it| it == "string")
}

/// The type of a member of an object type: `{ sort: string; page?: number }`.
fn member<'a>(ty: &'a str, path: &[SmolStr]) -> Option<&'a str> {
    let ty = ty.trim();
    let [first, rest @ ..] = path else { return Some(ty) };
    let body = ty.strip_prefix('{')?.strip_suffix('}')?;
    let (mut depth, mut start) = (0i32, 0usize);
    let mut fields: Vec<&str> = Vec::new();
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            b'{' | b'(' | b'[' | b'<' => depth += 1,
            b'}' | b')' | b']' => depth -= 1,
            b'>' if !body.get(..at).is_some_and(|it| it.ends_with('=')) => depth -= 1,
            b';' | b',' | b'\n' if depth == 0 => {
                fields.extend(body.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    fields.extend(body.get(start..));
    let field = fields.into_iter().find_map(|it| {
        let it = it.trim();
        let (key, ty) = it.strip_prefix("readonly ").unwrap_or(it).split_once(':')?;
        let key = key.trim().trim_end_matches('?').trim().trim_matches(['\'', '"']);
        (key == first).then_some(ty)
    })?;
    member(field, rest)
}

/// `data` of a server function whose validator lets every string through: `createServerFn().validator((d: string) => d)
/// .handler(async ({ data }) => …)`, or a schema of arktype's or zod's that says `string` there.
fn is_validated_string(script: &Script<'_>, id: ExprId, path: &[SmolStr]) -> bool {
    let found = || {
        let (scope, _) = script.binding(id)?;
        let function = script.module.scope(scope).function?;
        let call = script.parent(function)?;
        let (mut object, method, _) = script.method(call)?;
        let (data, rest) = path.split_first()?;
        if method != "handler" || data != "data" {
            return None;
        }
        for _ in 0..MAX_DEPTH {
            let (inner, method, args) = script.method(object)?;
            if matches!(method.as_str(), "validator" | "inputValidator") {
                return args.first().map(|it| lets_through(script, *it, rest));
            }
            object = inner;
        }
        None
    };
    found().unwrap_or(false)
}

fn lets_through(script: &Script<'_>, validator: ExprId, path: &[SmolStr]) -> bool {
    if let ExprKind::Function(it) = script.expr(validator) {
        // It gives back what it gets.
        let ([param], [returned]) = (it.params.as_slice(), it.returns.as_slice()) else { return false };
        let same =
            matches!(script.expr(*returned), ExprKind::Ident(name) if param.name.as_ref() == Some(name));
        return same && param.ty.as_deref().and_then(|it| member(it, path)).is_some_and(is_string);
    }
    schema_is_string(&script.value(validator), path, 0)
}

/// Whether a schema of arktype's or zod's says `string`, and no more than its length.
fn schema_is_string(value: &Value, path: &[SmolStr], depth: u32) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match &*value.kind {
        ValueKind::String(definition) => path.is_empty() && is_string_definition(definition),
        ValueKind::Object { entries, .. } => {
            let Some((first, rest)) = path.split_first() else { return false };
            let entry = entries.iter().find(|it| it.key.trim_end_matches('?') == first.as_str());
            entry.is_some_and(|it| schema_is_string(&it.value, rest, depth + 1))
        }
        ValueKind::Call { callee, args, .. } => match &*callee.kind {
            ValueKind::External { package, path: name } => match (package.as_str(), name.last()) {
                ("arktype", Some(last)) if last == "type" => {
                    args.first().is_some_and(|it| schema_is_string(it, path, depth + 1))
                }
                ("zod" | "zod/v4", Some(last)) if last == "object" => {
                    args.first().is_some_and(|it| schema_is_string(it, path, depth + 1))
                }
                ("zod" | "zod/v4", Some(last)) => last == "string" && path.is_empty(),
                _ => false,
            },
            ValueKind::Member { object, name, .. } => {
                const KEEP: [&str; 8] =
                    ["min", "max", "length", "nonempty", "trim", "optional", "nullable", "describe"];
                KEEP.contains(&name.as_str()) && schema_is_string(object, path, depth + 1)
            }
            _ => false,
        },
        _ => false,
    }
}

/// `string`, `string > 0`, `1 <= string <= 20` of arktype's language.
fn is_string_definition(text: &str) -> bool {
    let is_bound =
        |it: char| it.is_ascii_digit() || it.is_whitespace() || matches!(it, '<' | '>' | '=' | '?');
    match text.split_once("string") {
        Some((before, after)) => before.chars().chain(after.chars()).all(is_bound),
        None => false,
    }
}

/// Whether the function looks at the text before: compares it, looks it up in a list, hands it to something that may
/// refuse it. What is made of `text` itself (`pasted`) is no look.
pub fn is_checked(script: &Script<'_>, text: ExprId, pasted: ExprId) -> bool {
    const SPEAK: [&str; 4] = ["console", "logger", "log", "span"];
    let functions = script.functions_around(script.module.expr(text).scope);
    let within = functions.last().map(|it| it.1.body);
    let source = script.source(text);
    let root_of = |mut id: ExprId| {
        while let ExprKind::Member { object, .. } = script.expr(script.bare(id)) {
            id = *object;
        }
        script.binding(script.bare(id)).map(|it| it.1.name_range)
    };
    let binding = root_of(text);
    let is_it = |id: ExprId| script.source(script.bare(id)) == source && id != text && root_of(id) == binding;
    let whole = script.range(pasted);
    script.ids().any(|id| {
        let at = script.range(id);
        if within.is_some_and(|it| !it.contains_range(at)) || whole.contains_range(at) {
            return false;
        }
        match script.expr(id) {
            ExprKind::Binary { op, left, right } => {
                matches!(op.as_str(), "===" | "!==" | "==" | "!=" | "in") && (is_it(*left) || is_it(*right))
            }
            ExprKind::Index { index, .. } => is_it(*index),
            ExprKind::Call { callee, args, .. } => {
                let root = script.source(*callee).split(['.', '(']).next().unwrap_or("");
                let is_method_of_it =
                    matches!(script.expr(*callee), ExprKind::Member { object, name, .. } if is_it(*object) && matches!(name.as_str(), "match" | "startsWith"));
                let takes = args.iter().any(|it| is_it(*it)) && !matches!(root, "String" | "decodeURIComponent");
                // Drizzle's own functions refuse nothing.
                (takes || is_method_of_it)
                    && !SPEAK.contains(&root)
                    && (!takes || script.drizzle(*callee).is_none())
            }
            _ => false,
        }
    })
}
