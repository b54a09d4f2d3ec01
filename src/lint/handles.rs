//! What `drizzle(client, { schema })` is given: the tables and relations that drizzle-orm 0.x knows of, and no others.

use smol_str::SmolStr;

use super::script::{Script, is_test};
use crate::catalog::drizzle::chain::{Head, unwind};
use crate::catalog::{Catalog, Entity, QualifiedName};
use crate::project::Workspace;
use crate::project::database::Membership;
use crate::project::eval::{DeclRef, Evaluator, Value, ValueKind};
use crate::sema::render::values::Values;
use crate::ts::hir::{BindingKind, ExprId, ExprKind, Module};

/// Packages whose calls make no tables.
const OTHERS: [&str; 7] =
    ["zod", "drizzle-zod", "valibot", "drizzle-valibot", "arktype", "drizzle-arktype", "drizzle-typebox"];

/// What is given to `drizzle(client, { schema })`.
pub struct Known {
    pub tables: Vec<(SmolStr, QualifiedName)>,
    /// The tables whose `relations(…)` are there too.
    pub related: Vec<QualifiedName>,
    /// The declarations of these.
    pub relations: Vec<DeclRef>,
    /// Nothing else is there that may be a table or relations.
    pub whole: bool,
}

/// What `drizzle(…)` returns, by what it was given.
pub enum Handle {
    Knows(Known),
    /// It is given no schema.
    Bare,
    /// Relations may be there that are not known.
    Unknown,
}

/// The handles that scripts of a database make, but for those of tests.
pub fn of_database(script: &Script<'_>, database: usize) -> Vec<Handle> {
    let (look, eval) = (script.look, script.look.eval);
    let mut res = Vec::new();
    for (file, _) in look.model.drivers().iter().filter(|it| !it.1.modules.is_empty()) {
        let is_ours = |it: Membership| it == Membership::Database(database);
        if is_test(&Workspace::path(look.snap, *file))
            || !is_ours(look.model.databases.membership(eval, *file))
        {
            continue;
        }
        let Some(state) = look.snap.state(*file) else { continue };
        look.points_at(*file);
        let module = state.module();
        let values = Values::new(eval, script.catalog(), &module, *file);
        for idx in 0..u32::try_from(module.exprs.len()).unwrap_or(0) {
            if makes_handle(&module, ExprId(idx)) {
                res.push(read(eval, script.catalog(), &values.value(ExprId(idx))));
            }
        }
    }
    res
}

/// A call of a name that is imported from drizzle-orm's drivers.
fn makes_handle(module: &Module, call: ExprId) -> bool {
    let ExprKind::Call { callee, .. } = &module.expr(call).kind else { return false };
    let callee = module.expr(*callee);
    let ExprKind::Ident(name) = &callee.kind else { return false };
    let Some((_, binding)) = module.lookup(callee.scope, name) else { return false };
    let BindingKind::Import(idx) = binding.kind else { return false };
    let import = module.imports.get(idx as usize);
    import.is_some_and(|it| it.specifier.starts_with("drizzle-orm/") && name.contains("rizzle"))
}

/// What a handle is.
pub fn read(eval: &Evaluator<'_>, catalog: &Catalog, handle: &Value) -> Handle {
    let ValueKind::Call { callee, args, .. } = &*handle.kind else { return Handle::Unknown };
    let is_drizzle = callee.as_external().is_some_and(|(package, path)| {
        package.starts_with("drizzle-orm/") && matches!(path, [name] if name == "drizzle")
    });
    let Some(last) = args.last().filter(|_| is_drizzle) else { return Handle::Unknown };
    let schema = match &*last.kind {
        ValueKind::Object { entries, open } => match entries.iter().find(|it| it.key == "schema") {
            Some(it) if !*open => &it.value,
            None if !*open => return Handle::Bare,
            _ => return Handle::Unknown,
        },
        ValueKind::String(_) | ValueKind::New { .. } => return Handle::Bare,
        _ => return Handle::Unknown,
    };
    known(eval, catalog, schema).map_or(Handle::Unknown, Handle::Knows)
}

fn known(eval: &Evaluator<'_>, catalog: &Catalog, schema: &Value) -> Option<Known> {
    let entries: Vec<(SmolStr, Value)> = match &*schema.kind {
        ValueKind::Object { entries, open: false } => {
            entries.iter().map(|it| (it.key.clone(), it.value.clone())).collect()
        }
        ValueKind::Namespace(file) if !eval.has_unknown_exports(*file) => eval.exports(*file),
        _ => return None,
    };
    let whole = entries.iter().all(|it| it.0 != "default");
    let mut res = Known { tables: Vec::new(), related: Vec::new(), relations: Vec::new(), whole };
    for (key, value) in entries {
        if let Some(table) = table(catalog, &value) {
            res.tables.push((key, table));
            continue;
        }
        match &*value.kind {
            // Neither a table nor relations.
            ValueKind::Closure(_)
            | ValueKind::String(_)
            | ValueKind::Number(_)
            | ValueKind::Bool(_)
            | ValueKind::Array { .. }
            | ValueKind::Object { .. } => continue,
            // What a package makes or hands out is no relations.
            ValueKind::External { .. } | ValueKind::New { .. } => {
                res.whole = false;
                continue;
            }
            _ => {}
        }
        let chain = unwind(&value);
        let Head::Call { package, path, args, .. } = &chain.head else { return None };
        match path.last().map(SmolStr::as_str) {
            Some("relations") if *package == "drizzle-orm" => {
                match args.first().and_then(|it| table(catalog, it)) {
                    Some(table) => res.related.push(table),
                    None => res.whole = false,
                }
                res.relations.push(value.decl.clone()?);
            }
            Some("pgEnum" | "mysqlEnum" | "pgRole" | "pgSequence" | "pgPolicy")
                if chain.methods.is_empty() && package.starts_with("drizzle-orm/") => {}
            Some("pgSchema" | "mysqlSchema" | "customType" | "pgTableCreator")
                if chain.methods.is_empty() && package.starts_with("drizzle-orm/") => {}
            _ if OTHERS.contains(package) => {}
            _ => res.whole = false,
        }
    }
    Some(res)
}

fn table(catalog: &Catalog, value: &Value) -> Option<QualifiedName> {
    match catalog.decls.get(value.decl.as_ref()?)? {
        Entity::Relation(name) => Some(name.clone()),
        _ => None,
    }
}
