//! Enums and schemas that drizzle-kit does not see.

use crate::catalog::drizzle::chain::{Head, string, unwind};
use crate::catalog::{QualifiedName, RelationKind};
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::project::eval::Value;
use crate::sema::code::Severity::Warning;
use crate::sql::Ident;
use crate::ts::hir::{Export, ScopeId};

pub const RULE: Lint = Lint::schema("unexported-type", Warning, include_str!("unexported-type.md"), run);

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    let script = schema.script;
    if !schema.is_postgres() || !schema.database.schema_files.contains(&script.file) {
        return;
    }
    let module = script.module;
    // `export default` and `module.exports` may hold anything.
    if module.exports.iter().any(|it| matches!(it, Export::DefaultExpr(_))) {
        return;
    }
    let is_exported = |name: &str| {
        module.exports.iter().any(|it| matches!(it, Export::Local { local, .. } if local == name))
    };
    for (name, value) in schema.declarations() {
        if is_exported(&name) {
            continue;
        }
        // Another module's, under a name of its own.
        if value.decl.as_ref().is_none_or(|it| it.file != script.file || it.name != name) {
            continue;
        }
        let Some(found) = declared(&value) else { continue };
        let user = schema.tables.iter().find(|it| match &found {
            Found::Enum(name) => it.relation.columns.iter().any(|column| {
                let id = column.ty.map(|it| schema.catalog().element_type(it.id).unwrap_or(it.id));
                id.and_then(|it| schema.catalog().type_info(it))
                    .is_some_and(|it| it.schema == name.schema && it.name == name.name)
            }),
            Found::Schema(name) => it.name.schema == *name,
        });
        let Some(user) = user.filter(|it| it.relation.kind == RelationKind::Table) else { continue };
        if schema.catalog().unexported.contains(&user.name) || is_made_by_migrations(schema, &found) {
            continue;
        }
        let Some(binding) = module.scope(ScopeId::MODULE).bindings.iter().find(|it| it.name == name) else {
            continue;
        };
        let (what, effect) = match &found {
            Found::Enum(_) => ("enum", "CREATE TYPE"),
            Found::Schema(_) => ("schema", "CREATE SCHEMA"),
        };
        let message = format!(
            "table {} uses this {what}, which is not exported: drizzle-kit writes no {effect}",
            user.name.name.quoted()
        );
        let mut report =
            acc.report(binding.name_range, message).related_origin(user.relation.origin, "the table");
        let declaration = crate::base::text::slice(script.text, binding.decl);
        if declaration.starts_with("const ") {
            let start = crate::base::text::TextRange::empty(binding.decl.start());
            report = report.fix(format!("Export {name}"), vec![(start, "export ".to_owned())]);
        }
        let _ = report;
    }
}

enum Found {
    Enum(QualifiedName),
    Schema(Ident),
}

fn declared(value: &Value) -> Option<Found> {
    let chain = unwind(value);
    let Head::Call { package, path, args, .. } = &chain.head else { return None };
    if *package != "drizzle-orm/pg-core" {
        return None;
    }
    let name = Ident::new(args.first().and_then(string)?.clone());
    match (path.last()?.as_str(), chain.methods.as_slice()) {
        ("pgEnum", []) => Some(Found::Enum(QualifiedName { schema: Ident::new("public"), name })),
        ("pgSchema", []) => Some(Found::Schema(name)),
        _ => None,
    }
}

/// Hand-written migrations have made it: nothing is missing.
fn is_made_by_migrations(schema: &Schema<'_>, found: &Found) -> bool {
    let look = schema.script.look;
    let Some(last) = schema.database_idx.and_then(|it| look.replayed(it)) else { return true };
    match found {
        Found::Enum(name) => last.types.named(name).is_some(),
        Found::Schema(name) => last.schemas.contains_key(name),
    }
}
