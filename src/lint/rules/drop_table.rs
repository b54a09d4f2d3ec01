//! Tables whose rows are lost.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{ALL_DIALECTS, rebuilt, shown, steps_of};
use crate::sema::code::Severity::Information;
use crate::sql::hir::Ddl;
use crate::sql::hir::ddl::{ObjectKind, RelationKind};

pub const RULE: Lint = Lint::migration("drop-table", Information, include_str!("drop-table.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps_of(migration, &ALL_DIALECTS) {
        let Some(Ddl::Drop(drop)) = step.ddl() else { continue };
        if drop.object != ObjectKind::Relation(RelationKind::Table) {
            continue;
        }
        for name in &drop.names {
            let (Some(table), Some(range)) = (step.existing(&name.name), name.name.range()) else { continue };
            if rebuilt(migration, &step, &table.name).is_some() {
                continue;
            }
            acc.report(step.at(range), format!("dropping table {} deletes its rows", shown(table)))
                .hint("Deploy code that no longer reads it first; keep a copy if the rows may be needed.");
        }
    }
}
