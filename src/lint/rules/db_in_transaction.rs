//! The outer handle used inside a transaction's callback.

use std::sync::Arc;

use crate::facts::sym::Sym;
use crate::lint::builder::is_run;
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::project::eval::{Closure, DeclRef, ValueKind};
use crate::sema::code::Severity::Warning;
use crate::sql::Dialect;
use crate::ts::hir::{ExprId, ExprKind, Function, Prop};

pub const RULE: Lint = Lint::query("db-in-transaction", Warning, include_str!("db-in-transaction.md"), run);

/// What of a handle runs on its connection.
const RUNS: [&str; 10] = [
    "select",
    "selectDistinct",
    "selectDistinctOn",
    "insert",
    "update",
    "delete",
    "execute",
    "query",
    "$count",
    "refreshMaterializedView",
];

/// Array methods that call their argument at once.
const AT_ONCE: [&str; 5] = ["map", "flatMap", "forEach", "filter", "reduce"];

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    if script.database.is_none() {
        return;
    }
    for id in script.ids() {
        let Some((handle, method, args)) = script.method(id) else { continue };
        let (true, Some(&function)) = (method == "transaction", args.first()) else { continue };
        let ExprKind::Function(callback) = script.expr(function) else { continue };
        let Some(outer) = name(script, handle) else { continue };
        let inner = match callback.params.as_slice() {
            // Whose callback takes no handle is not known to be Drizzle's.
            [] if script.driver(id).is_none() => continue,
            [] => None,
            [param, ..] => match &param.name {
                Some(it) => Some(it.as_str()),
                None => continue,
            },
        };
        if has_one_connection(script, id) {
            continue;
        }
        let transaction = Transaction { script, handle, outer, inner, function };
        for it in script.ids().filter(|it| callback.body.contains_range(script.range(*it))) {
            transaction.direct(it, acc);
            transaction.helper(it, acc);
        }
    }
}

/// SQLite's drivers have one connection, and all that is run meanwhile runs in the transaction; libsql's takes another.
fn has_one_connection(script: &Script<'_>, call: ExprId) -> bool {
    script.database.is_some_and(|it| it.dialect == Dialect::Sqlite)
        && !script.driver(call).is_some_and(|it| it.contains("libsql"))
}

struct Transaction<'s, 'a> {
    script: &'s Script<'a>,
    /// What `transaction` is called on.
    handle: ExprId,
    outer: Name<'a>,
    /// The callback's parameter.
    inner: Option<&'s str>,
    function: ExprId,
}

impl Transaction<'_, '_> {
    /// `db.select(…)` in the callback.
    fn direct(&self, used: ExprId, acc: &mut Acc<'_>) {
        let script = self.script;
        if !self.is_outer(used)
            || !runs(script, used)
            || !self.is_builders(used)
            || !is_run_by(script, used, self.function)
            || !is_executed(script, used)
        {
            return;
        }
        self.report(used, acc);
    }

    /// No method of a handle that begins a query takes the other handle, nor more than drizzle-orm's own do:
    /// `this.model.update(where, values, tx)` is a class's.
    fn is_builders(&self, handle: ExprId) -> bool {
        let script = self.script;
        let Some((_, method, args)) =
            script.parent(handle).and_then(|it| script.parent(it)).and_then(|it| script.method(it))
        else {
            return true;
        };
        let most = match method.as_str() {
            "selectDistinctOn" | "$count" => 2,
            _ => 1,
        };
        method == "query" || args.len() <= most && !args.iter().any(|it| self.is_inner(*it))
    }

    fn is_inner(&self, id: ExprId) -> bool {
        self.inner.is_some_and(|inner| self.script.source(id) == inner)
    }

    /// An argument is the handle, or an object that has it: `remove(id, { tx })`.
    fn hands_over(&self, arg: ExprId) -> bool {
        let is_it = |prop: &Prop| matches!(prop, Prop::Field { value, .. } if self.is_inner(*value));
        let has_it = matches!(self.script.expr(arg), ExprKind::Object(props) if props.iter().any(is_it));
        has_it || self.is_inner(arg)
    }

    fn report(&self, used: ExprId, acc: &mut Acc<'_>) {
        let at = self.script.range(used);
        let message = format!("this runs outside of the transaction: {}", self.instead());
        let report = acc.report(at, message);
        if let Some(inner) = self.inner.filter(|_| self.script.source(used) == self.outer.text) {
            report.fix(format!("Use {inner}"), vec![(at, inner.to_owned())]);
        }
    }

    fn instead(&self) -> String {
        match self.inner {
            Some(inner) => format!("{inner} is the handle here"),
            None => "its handle is the callback's parameter".to_owned(),
        }
    }

    fn is_outer(&self, id: ExprId) -> bool {
        name(self.script, id).as_ref() == Some(&self.outer)
    }

    /// `removeUser(id)` and `removeUser(db, id)`, where the function runs a query through the outer handle.
    fn helper(&self, call: ExprId, acc: &mut Acc<'_>) {
        let script = self.script;
        let Some((callee, args)) = script.call(call) else { return };
        if !matches!(script.expr(callee), ExprKind::Ident(_) | ExprKind::Member { .. })
            || args.iter().any(|it| matches!(script.expr(*it), ExprKind::Spread(_)))
            || !is_run_by(script, call, self.function)
            || !is_executed(script, call)
        {
            return;
        }
        let value = script.value(callee);
        let ValueKind::Closure(closure) = &*value.kind else { return };
        let Sym::Function { queries: Some(handle), params, .. } = &*closure.function else { return };
        let own = match &**handle {
            Sym::Param { depth: 0, index, path, .. } if path.is_empty() => match args.get(*index as usize) {
                Some(arg) => {
                    if self.is_outer(*arg) {
                        self.report(*arg, acc);
                    }
                    return;
                }
                None => match params.get(*index as usize).and_then(|it| it.default.as_ref()) {
                    Some(default) => default,
                    None => return,
                },
            },
            handle => handle,
        };
        // `if (tx) { …; return }`: its own handle is for the calls without one.
        if args.iter().any(|it| self.hands_over(*it)) {
            return;
        }
        // Only a handle that Drizzle itself makes is known not to look for the transaction that is on.
        let outer = script.value(self.handle).decl.clone();
        if outer.is_none()
            || script.driver_of(self.handle).is_none()
            || decl_of(script, closure, own) != outer
        {
            return;
        }
        let message = format!(
            "this runs outside of the transaction: {} uses {}, and {}",
            script.source(callee),
            self.outer.text,
            self.instead()
        );
        acc.report(script.range(callee), message);
    }
}

/// What a name in a function is declared as.
fn decl_of(script: &Script<'_>, closure: &Closure, name: &Sym) -> Option<DeclRef> {
    let ret = Some(Box::new(name.clone()));
    let function = Sym::Function {
        params: Vec::new(),
        ret,
        is_async: false,
        ty: None,
        makes: None,
        runs: Vec::new(),
        queries: None,
    };
    let function = Closure { file: closure.file, function: Arc::new(function), env: closure.env.clone() };
    script.look.eval.call_with(&function, Vec::new()).decl
}

/// `db.select(…)`, `db.query.users.findFirst(…)`.
fn runs(script: &Script<'_>, handle: ExprId) -> bool {
    let Some(member) = script.parent(handle) else { return false };
    let ExprKind::Member { object, name, .. } = script.expr(member) else { return false };
    if *object != handle || !RUNS.contains(&name.as_str()) {
        return false;
    }
    let Some(parent) = script.parent(member) else { return false };
    match script.expr(parent) {
        ExprKind::Call { callee, .. } => *callee == member && name != "query",
        ExprKind::Member { .. } => name == "query",
        _ => false,
    }
}

/// The query is awaited, or runs otherwise: it is no part of another.
fn is_executed(script: &Script<'_>, start: ExprId) -> bool {
    const EXECUTE: [&str; 4] = ["execute", "then", "catch", "finally"];
    let mut current = start;
    while let Some(parent) = script.parent(current) {
        match script.expr(parent) {
            ExprKind::Member { object, name, .. } if *object == current => {
                if EXECUTE.contains(&name.as_str()) && current != start {
                    return true;
                }
            }
            ExprKind::Call { callee, .. } if *callee == current => {}
            _ => break,
        }
        current = parent;
    }
    is_run(script, current)
}

/// The transaction's callback itself runs an expression: a function that is declared in it and runs elsewhere is another
/// matter.
fn is_run_by(script: &Script<'_>, id: ExprId, callback: ExprId) -> bool {
    let at_once = |function: ExprId, _: &Function| {
        let Some((_, method, args)) = script.parent(function).and_then(|it| script.method(it)) else {
            return false;
        };
        AT_ONCE.contains(&method.as_str()) && args.first() == Some(&function)
    };
    for (function, it) in script.functions_around(script.module.expr(id).scope) {
        if function == callback {
            return true;
        }
        if !at_once(function, it) {
            return false;
        }
    }
    false
}

/// A handle by its name and what the name is bound to.
#[derive(PartialEq)]
struct Name<'a> {
    text: &'a str,
    scope: u32,
}

fn name<'a>(script: &Script<'a>, id: ExprId) -> Option<Name<'a>> {
    let text = script.source(id);
    match script.expr(id) {
        ExprKind::Ident(_) => {
            let (scope, _) = script.binding(id)?;
            Some(Name { text, scope: scope.0 })
        }
        ExprKind::Member { object, .. } => match script.expr(*object) {
            ExprKind::This => Some(Name { text, scope: u32::MAX }),
            ExprKind::Ident(_) => {
                let (scope, _) = script.binding(*object)?;
                Some(Name { text, scope: scope.0 })
            }
            _ => None,
        },
        _ => None,
    }
}
