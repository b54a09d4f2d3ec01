//! What expressions of a script mean: tables, columns, enums, keys of rows and of relational queries.

use crate::catalog::{self, Catalog, QualifiedName};
use crate::ide::entity::What;
use crate::project::eval::{Value, ValueKind};
use crate::sema::fragment::Env;
use crate::sema::fragment::chain::Chain;
use crate::ts::hir::{ExprId, ExprKind, Module, Prop};

/// `insert(users)`, `update(users)`, `delete(users)`.
pub(super) fn changes(module: &Module, id: ExprId) -> bool {
    let Some(parent) = module.expr(id).parent else { return false };
    let ExprKind::Call { callee, args, .. } = &module.expr(parent).kind else { return false };
    args.first() == Some(&id)
        && matches!(&module.expr(*callee).kind, ExprKind::Member { name, .. }
            if matches!(name.as_str(), "insert" | "update" | "delete"))
}

/// The object that a value is.
pub fn what_of(catalog: &Catalog, value: &Value) -> Option<What> {
    if let Some(entity) = value.decl.as_ref().and_then(|it| catalog.decls.get(it)) {
        return Some(match entity {
            catalog::Entity::Relation(it) | catalog::Entity::Sequence(it) => What::Relation(it.clone()),
            catalog::Entity::Enum(it) => What::Type(it.clone()),
            catalog::Entity::Schema(it) => What::Schema(it.clone()),
        });
    }
    match &*value.kind {
        ValueKind::Member { object, name, .. } => {
            let table = table_of(catalog, object)?;
            column_of(catalog, table, name)
        }
        ValueKind::Call { .. } => table_of(catalog, value).cloned().map(What::Relation),
        _ => None,
    }
}

fn column_of(catalog: &Catalog, table: &QualifiedName, key: &str) -> Option<What> {
    let column = catalog.relations.get(table)?.columns.iter().find(|it| it.key.as_deref() == Some(key))?;
    Some(What::Column(table.clone(), column.name.clone()))
}

/// The table that a value is, under its own name or an alias.
fn table_of<'a>(catalog: &'a Catalog, value: &Value) -> Option<&'a QualifiedName> {
    if let Some(catalog::Entity::Relation(it)) = value.decl.as_ref().and_then(|it| catalog.decls.get(it)) {
        return Some(it);
    }
    let ValueKind::Call { callee, args, .. } = &*value.kind else { return None };
    let (package, path) = callee.as_external()?;
    let name = path.last()?.as_str();
    let known =
        matches!(name, "alias" | "aliasedTable" | "getTableColumns" | "getColumns" | "getViewSelectedFields");
    if package.starts_with("drizzle-orm") && known { table_of(catalog, args.first()?) } else { None }
}

/// `users` of `db.query.users`.
pub(super) fn relational(catalog: &Catalog, module: &Module, object: ExprId, name: &str) -> Option<What> {
    let ExprKind::Member { name: query, .. } = &module.expr(object).kind else { return None };
    if query != "query" && query != "_query" {
        return None;
    }
    relational_table(catalog, name).map(What::Relation)
}

fn relational_table(catalog: &Catalog, name: &str) -> Option<QualifiedName> {
    let mut found = None;
    for (decl, entity) in catalog.decls.iter().filter(|it| it.0.name == name) {
        if let catalog::Entity::Relation(it) = entity {
            if found.is_some() {
                return None;
            }
            let _ = decl;
            found = Some(it.clone());
        }
    }
    found
}

/// The column that a key of `.values({ … })` or `.set({ … })` gives a value.
pub(super) fn assigned(env: &Env<'_>, object: ExprId, key: &str) -> Option<What> {
    let (call, name, path) = argument(env.module, object)?;
    let is_row = match (name, path.as_slice()) {
        ("values" | "set", []) => true,
        ("onConflictDoUpdate" | "onDuplicateKeyUpdate", [it]) => *it == "set",
        _ => false,
    };
    if !is_row {
        return None;
    }
    column_of(env.catalog, &Chain::around(env, call).target()?, key)
}

/// The column that a key of `findMany({ columns: { … }, where: { … } })` chooses.
pub(super) fn selected(env: &Env<'_>, object: ExprId, key: &str) -> Option<What> {
    let (call, name, path) = argument(env.module, object)?;
    if !matches!(name, "findMany" | "findFirst")
        || !matches!(path.as_slice(), ["columns" | "where" | "orderBy"])
    {
        return None;
    }
    let ExprKind::Call { callee, .. } = &env.module.expr(call).kind else { return None };
    let ExprKind::Member { object, .. } = &env.module.expr(*callee).kind else { return None };
    let ExprKind::Member { object: query, name: table, .. } = &env.module.expr(*object).kind else {
        return None;
    };
    let What::Relation(table) = relational(env.catalog, env.module, *query, table).or_else(|| {
        let ExprKind::Member { name, .. } = &env.module.expr(*query).kind else { return None };
        matches!(name.as_str(), "query" | "_query")
            .then(|| relational_table(env.catalog, table))
            .flatten()
            .map(What::Relation)
    })?
    else {
        return None;
    };
    column_of(env.catalog, &table, key)
}

/// The method call that an object literal is (in) an argument of, with the keys between, innermost first.
fn argument(module: &Module, object: ExprId) -> Option<(ExprId, &str, Vec<&str>)> {
    let mut path = Vec::new();
    let mut current = object;
    for _ in 0..8 {
        let parent = module.expr(current).parent?;
        match &module.expr(parent).kind {
            ExprKind::Array(_) | ExprKind::Assertion { .. } => {}
            ExprKind::Object(props) => {
                let key = props.iter().find_map(|it| match it {
                    Prop::Field { key, value, .. } if *value == current => Some(key.as_str()),
                    _ => None,
                })?;
                path.push(key);
            }
            ExprKind::Call { callee, args, .. } if args.contains(&current) => {
                let ExprKind::Member { name, .. } = &module.expr(*callee).kind else { return None };
                return Some((parent, name, path));
            }
            _ => return None,
        }
        current = parent;
    }
    None
}
