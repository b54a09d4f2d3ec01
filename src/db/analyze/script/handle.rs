//! What the handle that runs a fragment says of its database: the program's own Drizzle schema may have other columns than
//! the configuration's, and a client may be connected to another database.

use rustc_hash::FxHashSet;

use crate::base::text::slice;
use crate::catalog::drizzle::chain::{string, unwind};
use crate::catalog::drizzle::{Casing, chain};
use crate::embed::{Fragment, Frame, Source};
use crate::project::eval::{Evaluator, Value, ValueKind};
use crate::sema::fragment::Env;
use crate::sql::Ident;
use crate::ts::hir::{BindingKind, ExprId, ExprKind, Module, Prop};

/// `db` of ``db.execute(sql`…`)``, `client` of `client.query('…')`.
fn handle(module: &Module, fragment: &Fragment) -> Option<ExprId> {
    if let Source::Execute { receiver, .. } = &fragment.source {
        return Some(*receiver);
    }
    let call = fragment.context.iter().find_map(|it| match it {
        Frame::Arg { call, method, .. }
            if matches!(method.as_str(), "execute" | "run" | "all" | "get" | "values") =>
        {
            Some(*call)
        }
        _ => None,
    })?;
    object_of(module, call)
}

/// `db` of the call `db.execute(…)`.
fn object_of(module: &Module, call: ExprId) -> Option<ExprId> {
    let ExprKind::Call { callee, .. } = &module.expr(call).kind else { return None };
    match &module.expr(*callee).kind {
        ExprKind::Member { object, .. } => Some(*object),
        _ => None,
    }
}

/// `db` for the `tx` of `db.transaction(async (tx) => …)`.
fn outside_of_transaction(module: &Module, handle: ExprId) -> Option<ExprId> {
    let expr = module.expr(handle);
    let ExprKind::Ident(name) = &expr.kind else { return None };
    let (scope, binding) = module.lookup(expr.scope, name)?;
    if !matches!(&binding.kind, BindingKind::Param { index: 0, path } if path.is_empty()) {
        return None;
    }
    let call = module.expr(module.scope(scope).function?).parent?;
    let ExprKind::Call { callee, .. } = &module.expr(call).kind else { return None };
    match &module.expr(*callee).kind {
        ExprKind::Member { object, name, .. } if name == "transaction" => Some(*object),
        _ => None,
    }
}

/// What `drizzle(client, { schema })` was given that made the handle of a fragment.
pub(super) fn schema(env: &Env<'_>, fragment: &Fragment) -> Option<Value> {
    let mut handle = handle(env.module, fragment)?;
    for _ in 0..4 {
        match outside_of_transaction(env.module, handle) {
            Some(outside) => handle = outside,
            None => break,
        }
    }
    (env.value)(handle).alternatives().iter().find_map(given)
}

fn given(handle: &Value) -> Option<Value> {
    let ValueKind::Call { callee, args, .. } = &*handle.kind else { return None };
    let (package, path) = callee.as_external()?;
    let is_drizzle = package.starts_with("drizzle-orm/") && matches!(path, [name] if name == "drizzle");
    chain::field(args.last().filter(|_| is_drizzle)?, "schema").cloned()
}

/// Whether a table of that name is in the schema and has that column.
pub(super) fn has_column(eval: &Evaluator<'_>, schema: &Value, table: &Ident, column: &Ident) -> bool {
    let has =
        |value: &Value| columns_of(value, table).is_some_and(|it| it.iter().any(|it| names(it, column)));
    match &*schema.kind {
        ValueKind::Object { entries, .. } => entries.iter().any(|it| has(&it.value)),
        ValueKind::Namespace(file) => eval.exports(*file).iter().any(|it| has(&it.1)),
        _ => false,
    }
}

/// The columns that `pgTable('name', { … })` is given, with their keys.
fn columns_of(value: &Value, table: &Ident) -> Option<Vec<(String, Value)>> {
    let chain = unwind(value);
    let method = chain.methods.iter().find(|it| it.name == "table" || it.name == "withRLS");
    let args = match method {
        Some(method) => method.args,
        None => chain.head.args(),
    };
    let makes_table = method.is_some() || chain.head.function().is_some_and(|it| it.ends_with("Table"));
    let [name, columns, ..] = args else { return None };
    if !makes_table || string(name).is_none_or(|it| it != table.as_str()) {
        return None;
    }
    let entries = columns.as_object()?;
    Some(entries.iter().map(|it| (it.key.to_string(), it.value.clone())).collect())
}

/// Whether a column of a key has that name in the database, in some casing where it is given none.
fn names((key, value): &(String, Value), column: &Ident) -> bool {
    let chain = unwind(value);
    match chain.head.args().first().and_then(string) {
        Some(name) => name == column.as_str(),
        None => {
            [Casing::Keep, Casing::Snake, Casing::Camel].iter().any(|it| it.apply(key) == column.as_str())
        }
    }
}

/// A client that names its database, in a file with another client that names another one: which of them is the project's,
/// nothing says.
pub(super) fn is_of_some_database(module: &Module, text: &str, fragment: &Fragment) -> bool {
    let Some(own) = handle(module, fragment).and_then(|it| made_by(module, it)) else { return false };
    if database_of(module, own).is_none() {
        return false;
    }
    let all = (0..u32::try_from(module.exprs.len()).unwrap_or(0)).map(ExprId);
    let named = all.filter_map(|it| database_of(module, it));
    let texts: FxHashSet<&str> = named.map(|it| slice(text, module.expr(it).range)).collect();
    texts.len() > 1
}

/// The expression that a constant is initialised with.
fn made_by(module: &Module, handle: ExprId) -> Option<ExprId> {
    let expr = module.expr(handle);
    let ExprKind::Ident(name) = &expr.kind else { return None };
    match &module.lookup(expr.scope, name)?.1.kind {
        BindingKind::Const { init, path } if path.is_empty() => *init,
        _ => None,
    }
}

/// `DB` of `new Client({ …, database: DB })`.
fn database_of(module: &Module, made: ExprId) -> Option<ExprId> {
    let ExprKind::New { args, .. } = &module.expr(made).kind else { return None };
    let ExprKind::Object(props) = &module.expr(*args.first()?).kind else { return None };
    props.iter().find_map(|it| match it {
        Prop::Field { key, value, .. } if key == "database" => Some(*value),
        _ => None,
    })
}

/// The texts of other modules that a file executes, and that make or change tables: `await pg.unsafe(createTables)`.
pub(super) fn executed_elsewhere(env: &Env<'_>) -> Vec<String> {
    let module = env.module;
    let mut res = Vec::new();
    for expr in &module.exprs {
        let ExprKind::Call { callee, args, .. } = &expr.kind else { continue };
        let ExprKind::Member { name, .. } = &module.expr(*callee).kind else { continue };
        let runs = ["unsafe", "query", "exec", "execute", "run", "raw"].contains(&name.as_str());
        let Some(&first) = args.first().filter(|_| runs) else { continue };
        let arg = module.expr(first);
        let ExprKind::Ident(name) = &arg.kind else { continue };
        let imported =
            module.lookup(arg.scope, name).is_some_and(|it| matches!(it.1.kind, BindingKind::Import(_)));
        if imported && let Some(text) = (env.value)(first).as_str() {
            res.push(text.to_string());
        }
    }
    res
}
