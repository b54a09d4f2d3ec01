//! Partitions that come and go while others want the table.

use crate::base::text::TextRange;
use crate::catalog::{Relation, RelationKind};
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{Step, is_emptied, shown, steps};
use crate::sema::code::Severity::{Hint, Information};
use crate::sql::hir::ddl::{AlterTable, BoundKind, PartitionBound};
use crate::sql::hir::{ExprId, ExprKind, QName};
use crate::sql::token::significant;

pub const RULE: Lint =
    Lint::migration("blocking-partition", Information, include_str!("blocking-partition.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        let Some((table, actions)) = step.alter() else { continue };
        if table.kind != RelationKind::PartitionedTable {
            continue;
        }
        for action in actions {
            match action {
                AlterTable::AttachPartition { partition, bound: Some(bound) } => {
                    let Some((at, name)) = read_by_attach(migration, &step, partition, bound) else {
                        continue;
                    };
                    let message =
                        format!("ATTACH PARTITION reads all of {name} under an ACCESS EXCLUSIVE lock");
                    acc.report(step.at(at), message).hint(
                        "Add a CHECK that says the bounds NOT VALID, and VALIDATE it, in migrations before: nothing is read then.",
                    );
                }
                AlterTable::DetachPartition(partition) if !is_concurrent(&step) => {
                    let Some(at) = partition.range() else { continue };
                    let message = format!(
                        "DETACH PARTITION waits for all that use {}, and keeps everybody from it meanwhile",
                        shown(table)
                    );
                    acc.report(step.at(at), message)
                        .severity(Hint)
                        .hint("Use DETACH PARTITION … CONCURRENTLY outside of the migrator's transaction.");
                }
                _ => {}
            }
        }
    }
}

/// A table whose rows PostgreSQL must look at: no constraint says that they fit.
fn read_by_attach(
    migration: &Migration<'_>,
    step: &Step<'_>,
    partition: &QName,
    bound: &PartitionBound,
) -> Option<(TextRange, String)> {
    let table: &Relation = step.existing(partition)?;
    let is_plain = table.kind == RelationKind::Table && !table.open;
    // What the checks say is PostgreSQL's to prove; NOT NULL alone proves a range of everything.
    let may_be_proven = !table.checks.is_empty() || is_everything(step, bound);
    if !is_plain || may_be_proven || is_emptied(migration, step.idx, &table.name) {
        return None;
    }
    Some((partition.range()?, shown(table)))
}

/// DEFAULT, or from MINVALUE to MAXVALUE.
fn is_everything(step: &Step<'_>, bound: &PartitionBound) -> bool {
    let is = |id: &ExprId, word: &str| match step.exprs.get(id.0 as usize).map(|it| &it.kind) {
        Some(ExprKind::Column(name)) => name.last().is_some_and(|it| it.ident.as_str() == word),
        _ => false,
    };
    match &bound.kind {
        BoundKind::Default => true,
        BoundKind::Range { from, to } => {
            from.first().is_some_and(|it| is(it, "minvalue"))
                && to.first().is_some_and(|it| is(it, "maxvalue"))
        }
        _ => false,
    }
}

fn is_concurrent(step: &Step<'_>) -> bool {
    significant(step.text).iter().any(|it| it.is_word(step.text, "concurrently"))
}
