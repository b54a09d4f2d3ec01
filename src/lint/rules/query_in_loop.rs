//! A query for each element.

use std::sync::Arc;

use crate::catalog::Entity;
use crate::embed::chain::{self, Kind};
use crate::facts::sym::Sym;
use crate::lint::builder::{Query, Use, constant_of, use_of};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::project::eval::{Closure, ValueKind};
use crate::sema::code::Severity::Hint;
use crate::sema::render;
use crate::ts::hir::{Binding, BindingKind, ExprId, ExprKind};

pub const RULE: Lint = Lint::query("query-in-loop", Hint, include_str!("query-in-loop.md"), run).off();

const MESSAGE: &str = "one query for each element";

/// Functions that call each other are not followed further.
const MAX_HELPERS: usize = 4;

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    for query in script.queries() {
        if !is_repeated(script, query.outer) {
            continue;
        }
        let Some(first) = query.steps.first() else { continue };
        acc.report(first.name_range, MESSAGE).hint(batched(query));
    }
    for call in script.ids() {
        relational(script, call, acc);
        imported(script, call, acc);
        mapper(script, call, acc);
    }
    if script.queries().is_empty() {
        return;
    }
    for call in script.ids() {
        let Some((function, _)) = script.called_function(call) else { continue };
        let Some((callee, _)) = script.call(call).filter(|_| is_repeated(script, call)) else { continue };
        let Some(query) = script.queries().iter().find(|it| runs_in(script, it, function)) else { continue };
        let Some(first) = query.steps.first() else { continue };
        acc.report(script.range(callee), format!("{MESSAGE}: {} runs it", script.source(callee)))
            .hint(batched(query))
            .related_here(first.name_range, "the query");
    }
}

/// It is awaited in a loop or in a callback that is called for each element, or many are awaited together.
fn is_repeated(script: &Script<'_>, id: ExprId) -> bool {
    let (at, its_use) = (script.range(id), use_of(script, id));
    let functions = script.functions_around(script.module.expr(id).scope);
    let is_called =
        functions.first().is_some_and(|(function, _)| is_called_for_each(script, *function, its_use));
    if is_called {
        return true;
    }
    // At the top of a module a loop stands in no function.
    let is_inside = |body: &crate::base::text::TextRange| {
        body.contains_range(at) && functions.first().is_none_or(|(_, it)| it.body.contains_range(*body))
    };
    (matches!(its_use, Use::Awaited(_)) || is_gathered(script, id))
        && script.module.loops.iter().any(is_inside)
}

/// `db.query.users.findFirst(…)`, where `users` is a table.
fn relational(script: &Script<'_>, call: ExprId, acc: &mut Acc<'_>) {
    let Some((object, "findMany" | "findFirst", _)) =
        script.method(call).map(|it| (it.0, it.1.as_str(), it.2))
    else {
        return;
    };
    let ExprKind::Member { name: table, .. } = script.expr(object) else { return };
    let Some(handle) = chain::relational_handle(script.module, object) else { return };
    if !is_repeated(script, call) {
        return;
    }
    let is_drizzle = match &*script.value(handle).kind {
        ValueKind::Call { callee, .. } => render::drizzle_function(callee).is_some_and(|it| it == "drizzle"),
        _ => false,
    };
    if !is_drizzle {
        script.look.note_all();
        let mut tables = script.catalog().decls.iter().filter(|(_, it)| matches!(it, Entity::Relation(_)));
        if !tables.any(|(decl, _)| decl.name == *table) {
            return;
        }
    }
    if let Some((callee, _)) = script.call(call)
        && let ExprKind::Member { name_range, .. } = script.expr(callee)
    {
        acc.report(*name_range, MESSAGE)
            .hint("findMany with inArray(column, values) before the loop finds the rows of all elements.");
    }
}

/// A function of another module that runs a query each time it is called, or one that calls such a function.
fn imported(script: &Script<'_>, call: ExprId, acc: &mut Acc<'_>) {
    let Some((callee, _)) = script.call(call) else { return };
    let root = match script.expr(callee) {
        ExprKind::Member { object, .. } => *object,
        _ => callee,
    };
    let is_import = script.binding(root).is_some_and(|it| matches!(it.1.kind, BindingKind::Import(_)));
    let is_own = script.called_function(call).is_some();
    if !is_import && !is_own || !is_repeated(script, call) {
        return;
    }
    let value = script.value(callee);
    let ValueKind::Closure(closure) = &*value.kind else { return };
    let runs = if is_own {
        !queries(closure) && passes_on(script, closure)
    } else {
        queries(closure) || passes_on(script, closure)
    };
    if runs {
        acc.report(script.range(callee), format!("{MESSAGE}: {} runs it", script.source(callee)))
            .hint("One query for all elements takes one round trip.");
    }
}

/// `Promise.all(ids.map(findUser))`.
fn mapper(script: &Script<'_>, call: ExprId, acc: &mut Acc<'_>) {
    let Some((_, method, [function])) = script.method(call) else { return };
    let is_name = matches!(script.expr(*function), ExprKind::Ident(_) | ExprKind::Member { .. });
    if !matches!(method.as_str(), "map" | "flatMap") || !is_name || !are_awaited(script, call) {
        return;
    }
    let value = script.value(*function);
    let ValueKind::Closure(closure) = &*value.kind else { return };
    if queries(closure) || passes_on(script, closure) {
        let message = format!("{MESSAGE}: {} runs it", script.source(*function));
        acc.report(script.range(*function), message).hint("One query for all elements takes one round trip.");
    }
}

fn queries(closure: &Closure) -> bool {
    matches!(*closure.function, Sym::Function { queries: Some(_), .. })
}

/// It returns what a function returns that runs a query.
fn passes_on(script: &Script<'_>, closure: &Closure) -> bool {
    let mut current = closure.clone();
    for _ in 0..MAX_HELPERS {
        let Some(callee) = returned_call(&current) else { return false };
        // What the name means where it stands.
        let name = Sym::Function {
            params: Vec::new(),
            ret: Some(Box::new(callee.clone())),
            is_async: false,
            ty: None,
            makes: None,
            runs: Vec::new(),
            queries: None,
        };
        let name = Closure { file: current.file, function: Arc::new(name), env: Vec::new() };
        let value = script.look.eval.call_with(&name, Vec::new());
        let ValueKind::Closure(inner) = &*value.kind else { return false };
        if queries(inner) {
            return true;
        }
        current = inner.clone();
    }
    false
}

/// The name of the function that a function calls to return what that returns.
fn returned_call(closure: &Closure) -> Option<&Sym> {
    let Sym::Function { ret: Some(ret), .. } = &*closure.function else { return None };
    let mut current = &**ret;
    loop {
        match current {
            Sym::Await(inner) | Sym::Assertion(inner, _) => current = inner,
            Sym::Call { callee, .. } => return Some(&**callee).filter(|it| is_name(it)),
            _ => return None,
        }
    }
}

/// `load`, `users.load`.
fn is_name(sym: &Sym) -> bool {
    match sym {
        Sym::Name(..) => true,
        Sym::Member(object, ..) => is_name(object),
        _ => false,
    }
}

/// The function runs the query each time it is called.
fn runs_in(script: &Script<'_>, query: &Query, function: ExprId) -> bool {
    let functions = script.functions_around(script.module.expr(query.outer).scope);
    functions.first().is_some_and(|it| it.0 == function)
        && matches!(use_of(script, query.outer), Use::Awaited(_) | Use::Returned(_))
}

fn batched(query: &Query) -> &'static str {
    match query.kind {
        Kind::Select => {
            "One query with inArray(column, values) before the loop finds the rows of all elements."
        }
        Kind::Insert => "insert(table).values(rows) writes all rows at once.",
        Kind::Update => {
            "UPDATE … FROM (VALUES …), or insert(…).onConflictDoUpdate(…), changes all rows at once."
        }
        Kind::Delete => "delete(table).where(inArray(column, values)) deletes all rows at once.",
    }
}

/// `Promise.all(list.map(function))`, `list.forEach(async …)`, `list.reduce(async …)`.
fn is_called_for_each(script: &Script<'_>, function: ExprId, its_use: Use) -> bool {
    let Some(call) = script.parent(function) else { return false };
    let Some((object, method, args)) = script.method(call) else { return false };
    let is_awaited = matches!(its_use, Use::Awaited(_));
    match (method.as_str(), args) {
        ("forEach", [it]) | ("reduce" | "reduceRight", [it, _]) => *it == function && is_awaited,
        ("map" | "flatMap", [it]) => {
            *it == function
                && (is_awaited || matches!(its_use, Use::Returned(_)))
                && are_awaited(script, call)
        }
        // `Array.from(list, function)`.
        ("from", [_, it]) => {
            *it == function
                && matches!(script.expr(object), ExprKind::Ident(name) if name == "Array")
                && (is_awaited || matches!(its_use, Use::Returned(_)))
                && are_awaited(script, call)
        }
        _ => false,
    }
}

/// `promises.push(query)`, all of which are awaited together.
fn is_gathered(script: &Script<'_>, id: ExprId) -> bool {
    let Some((list, method, _)) = script.parent(id).and_then(|it| script.method(it)) else { return false };
    method == "push" && is_awaited_list(script, list)
}

/// `Promise.all(list)`, or a constant that `Promise.all` is given.
fn are_awaited(script: &Script<'_>, list: ExprId) -> bool {
    match use_of(script, list) {
        Use::Bound => constant_of(script, list).is_some_and(|it| is_awaited_name(script, it)),
        _ => script.parent(list).is_some_and(|it| is_promise_all(script, it)),
    }
}

fn is_awaited_list(script: &Script<'_>, list: ExprId) -> bool {
    script.binding(list).is_some_and(|it| is_awaited_name(script, it.1))
}

fn is_awaited_name(script: &Script<'_>, binding: &Binding) -> bool {
    script.ids().any(|id| {
        is_promise_all(script, id)
            && script
                .call(id)
                .and_then(|it| it.1.first())
                .is_some_and(|it| script.binding(*it).is_some_and(|it| it.1.name_range == binding.name_range))
    })
}

fn is_promise_all(script: &Script<'_>, call: ExprId) -> bool {
    let Some((promise, method, _)) = script.method(call) else { return false };
    matches!(method.as_str(), "all" | "allSettled")
        && matches!(script.expr(promise), ExprKind::Ident(name) if name == "Promise")
}
