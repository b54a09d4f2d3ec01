//! ON CONFLICT over columns that no unique index has.

use crate::catalog::RelationKind;
use crate::embed::chain::Kind;
use crate::lint::keys;
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::sema::code::Severity::Error;
use crate::sql::Ident;
use crate::ts::hir::{ExprId, ExprKind, Prop};

pub const RULE: Lint =
    Lint::query("conflict-target-not-unique", Error, include_str!("conflict-target-not-unique.md"), run)
        .state("42P10");

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    if !script.is_postgres() {
        return;
    }
    for query in script.queries().iter().filter(|it| it.kind == Kind::Insert) {
        let Some(name) = query.table.as_ref().map(|it| &it.name) else { continue };
        for method in ["onConflictDoUpdate", "onConflictDoNothing"] {
            let Some(step) = query.step(method) else { continue };
            let [config] = step.args.as_slice() else { continue };
            let ExprKind::Object(props) = script.expr(script.bare(*config)) else { continue };
            let plain = props.iter().all(|it| matches!(it, Prop::Field { .. }));
            let has = |key: &str| props.iter().any(|it| matches!(it, Prop::Field { key: k, .. } if k == key));
            if !plain || has("targetWhere") || has("where") {
                continue;
            }
            let target = props.iter().find_map(|it| match it {
                Prop::Field { key, value, .. } if key == "target" => Some(*value),
                _ => None,
            });
            let Some(target) = target else { continue };
            let Some(columns) = columns(script, target, name) else { continue };
            let Some(table) = script.table(name).filter(|it| !it.open && it.kind == RelationKind::Table)
            else {
                continue;
            };
            // A unique index over an expression, or of which something is not known, may be the one.
            let unknown = table.indexes.iter().any(|it| {
                it.unique && it.items.iter().any(|it| it.column.is_none() && it.expression.is_none())
            });
            let is_keyed = script.catalog().gaps.keyed.contains(&table.name);
            if unknown || is_keyed || keys::is_key(table, &columns) {
                continue;
            }
            let message = "there is no unique or exclusion constraint matching the ON CONFLICT specification";
            let report = acc.report(script.range(target), message);
            let names: Vec<String> = columns.iter().map(Ident::quoted).collect();
            let partial = table.indexes.iter().any(|it| {
                it.unique
                    && it.predicate.is_some()
                    && keys::columns(it).is_some_and(|set| {
                        set.len() == columns.len() && columns.iter().all(|c| set.contains(&c))
                    })
            });
            let list = names.join(", ");
            let report = report.hint(match partial {
                true => {
                    format!("The unique index over ({list}) is partial: repeat its condition in targetWhere.")
                }
                false => format!("Exactly ({list}) must be a primary key or unique."),
            });
            report.related_origin(table.origin, "the table");
        }
    }
}

/// The columns of the table that an expression, or the array it is, names; `None` where one is not known.
fn columns(script: &Script<'_>, target: ExprId, table: &crate::catalog::QualifiedName) -> Option<Vec<Ident>> {
    let target = script.bare(target);
    let items = match script.expr(target) {
        ExprKind::Array(items) => items.as_slice(),
        _ => std::slice::from_ref(&target),
    };
    let column = |id: &ExprId| {
        let (relation, column) = script.column(*id)?;
        (relation.name == *table).then(|| column.name.clone())
    };
    let mut res: Vec<Ident> = items.iter().map(column).collect::<Option<_>>()?;
    res.sort();
    res.dedup();
    (!res.is_empty()).then_some(res)
}
