//! A relation to a table that the handle's schema lacks: drizzle-orm 0.x throws where it is asked for.

use crate::catalog::drizzle::chain::{Head, unwind};
use crate::catalog::drizzle::{Cardinality, DrizzleRelation};
use crate::catalog::{Entity, QualifiedName, RelationKind};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::project::eval::{Value, ValueKind};
use crate::sema::code::Severity::Error;
use crate::ts::hir::{ExprId, ExprKind, Prop};
use smol_str::SmolStr;

pub const RULE: Lint =
    Lint::query("relation-outside-schema", Error, include_str!("relation-outside-schema.md"), run);

/// Packages whose calls make no tables.
const OTHERS: [&str; 7] =
    ["zod", "drizzle-zod", "valibot", "drizzle-valibot", "arktype", "drizzle-arktype", "drizzle-typebox"];

/// What is given to `drizzle(client, { schema })`.
struct Known {
    tables: Vec<(SmolStr, QualifiedName)>,
    /// The tables whose `relations(…)` are there too.
    related: Vec<QualifiedName>,
}

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    if script.database.is_none() || script.is_v1() {
        return;
    }
    for id in script.ids() {
        let Some((object, "findMany" | "findFirst", [options])) =
            script.method(id).map(|it| (it.0, it.1.as_str(), it.2))
        else {
            continue;
        };
        let ExprKind::Member { object: query, name: table, .. } = script.expr(object) else { continue };
        let ExprKind::Member { object: handle, name, .. } = script.expr(*query) else { continue };
        if name != "query" || field(script, *options, "with").is_none() {
            continue;
        }
        let Some(known) = known(script, &script.value(*handle)) else { continue };
        let Some((_, table)) = known.tables.iter().find(|it| it.0 == *table) else { continue };
        script.look.note_all();
        level(script, &known, table, *options, acc);
    }
}

/// One `{ with: { … } }` and those within it.
fn level(script: &Script<'_>, known: &Known, table: &QualifiedName, options: ExprId, acc: &mut Acc<'_>) {
    let Some(with) = field(script, options, "with") else { return };
    let ExprKind::Object(props) = script.expr(with) else { return };
    if known.related.iter().filter(|it| *it == table).count() != 1 {
        return;
    }
    for prop in props {
        let Prop::Field { key, key_range, value, .. } = prop else { continue };
        if !matches!(script.expr(*value), ExprKind::Bool(true) | ExprKind::Object(_)) {
            continue;
        }
        let Some(relation) = relation(script, table, key) else { continue };
        let Some(target) = &relation.target else { continue };
        if known.tables.iter().any(|it| it.1 == *target) {
            level(script, known, target, *value, acc);
            continue;
        }
        // With its columns said, Drizzle does not look for the table there.
        let is_said = relation.cardinality == Cardinality::One && relation.configured;
        let is_table = script.table(target).is_some_and(|it| it.kind == RelationKind::Table);
        if is_said || !is_table {
            continue;
        }
        let message = format!("Table \"{}\" not found in schema", target.name.as_str());
        acc.report(*key_range, message).related_origin(relation.origin, "the relation");
    }
}

/// The one relation of this name.
fn relation<'a>(script: &Script<'a>, table: &QualifiedName, name: &str) -> Option<&'a DrizzleRelation> {
    let all = script.catalog().drizzle_relations.iter();
    let mut found = all.filter(|it| it.source == *table && it.name == name);
    found.next().filter(|it| it.version == 1 && found.next().is_none())
}

fn field(script: &Script<'_>, object: ExprId, name: &str) -> Option<ExprId> {
    let ExprKind::Object(props) = script.expr(object) else { return None };
    let mut found = None;
    for prop in props {
        match prop {
            Prop::Field { key, value, .. } if key == name => found = Some(*value),
            Prop::Field { .. } => {}
            Prop::Computed { .. } | Prop::Spread(_) => return None,
        }
    }
    found
}

/// The schema of a handle, where every entry of it is known.
fn known(script: &Script<'_>, handle: &Value) -> Option<Known> {
    let ValueKind::Call { callee, args, .. } = &*handle.kind else { return None };
    let (package, path) = callee.as_external()?;
    if !package.starts_with("drizzle-orm/") || !matches!(path, [name] if name == "drizzle") {
        return None;
    }
    let ValueKind::Object { entries, open: false } = &*args.last()?.kind else { return None };
    let schema = &entries.iter().find(|it| it.key == "schema")?.value;
    let eval = script.look.eval;
    let entries: Vec<(SmolStr, Value)> = match &*schema.kind {
        ValueKind::Object { entries, open: false } => {
            entries.iter().map(|it| (it.key.clone(), it.value.clone())).collect()
        }
        ValueKind::Namespace(file) if !eval.has_unknown_exports(*file) => eval.exports(*file),
        _ => return None,
    };
    if entries.iter().any(|it| it.0 == "default") {
        return None;
    }
    let mut res = Known { tables: Vec::new(), related: Vec::new() };
    for (key, value) in entries {
        if let Some(table) = table(script, &value) {
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
            _ => {}
        }
        let chain = unwind(&value);
        let Head::Call { package, path, args, .. } = &chain.head else { return None };
        match path.last().map(SmolStr::as_str) {
            Some("relations") if *package == "drizzle-orm" => {
                res.related.push(table(script, args.first()?)?);
            }
            Some("pgEnum" | "mysqlEnum" | "pgRole" | "pgSequence" | "pgPolicy")
                if chain.methods.is_empty() && package.starts_with("drizzle-orm/") => {}
            Some("pgSchema" | "mysqlSchema" | "customType" | "pgTableCreator")
                if chain.methods.is_empty() && package.starts_with("drizzle-orm/") => {}
            _ if OTHERS.contains(package) => {}
            _ => return None,
        }
    }
    Some(res)
}

fn table(script: &Script<'_>, value: &Value) -> Option<QualifiedName> {
    match script.catalog().decls.get(value.decl.as_ref()?)? {
        Entity::Relation(name) => Some(name.clone()),
        _ => None,
    }
}
