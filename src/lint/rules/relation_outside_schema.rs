//! A relation to a table that the handle's schema lacks: drizzle-orm 0.x throws where it is asked for.

use crate::catalog::drizzle::{Cardinality, DrizzleRelation};
use crate::catalog::{QualifiedName, RelationKind};
use crate::lint::handles::{self, Handle, Known};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Error;
use crate::ts::hir::{ExprId, ExprKind, Prop};

pub const RULE: Lint =
    Lint::query("relation-outside-schema", Error, include_str!("relation-outside-schema.md"), run);

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
        let handle = script.value(*handle);
        let Handle::Knows(known) = handles::read(script.look.eval, script.catalog(), &handle) else {
            continue;
        };
        if !known.whole {
            continue;
        }
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
