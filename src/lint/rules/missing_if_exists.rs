//! Statements that fail when they run twice, among others that do not.

use crate::base::text::TextRange;
use crate::catalog::lookup::{self, Lookup};
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{Step, top_steps};
use crate::project::Workspace;
use crate::sema::code::Severity::Hint;
use crate::sql::hir::ddl::{AlterTable, Drop};
use crate::sql::hir::{Ddl, StatementKind};

pub const RULE: Lint = Lint::migration("missing-if-exists", Hint, include_str!("missing-if-exists.md"), run);

/// So many statements make a habit, and this share of them must have the clause.
const AT_LEAST: usize = 8;
const OUT_OF_TEN: usize = 9;

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    let steps = top_steps(migration);
    if steps.is_empty() {
        return;
    }
    // By kind of statement: how many of the migrations before have the clause, of how many.
    let mut habits = [(0, 0); Kind::N];
    for earlier in migration.migrations.steps.iter().take(migration.step) {
        let facts = migration.look.snap.sql_facts(earlier.file, migration.database.dialect);
        for statement in &facts.0.statements {
            if let StatementKind::Ddl(ddl) = &statement.parsed.hir.kind {
                each(ddl, &mut |kind, has, _| {
                    if let Some((with, all)) = habits.get_mut(kind as usize) {
                        *with += usize::from(has);
                        *all += 1;
                    }
                });
            }
        }
    }
    for step in &steps {
        let Some(ddl) = step.ddl() else { continue };
        each(ddl, &mut |kind, has, range| {
            let (with, all) = habits.get(kind as usize).copied().unwrap_or_default();
            if has || all < AT_LEAST || with * 10 < all * OUT_OF_TEN || makes_anew(step, ddl) {
                return;
            }
            let clause = kind.clause();
            acc.report(
                step.at(range),
                format!("no {clause}, which {with} of {all} such statements before it have"),
            );
        });
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    CreateTable,
    CreateIndex,
    AddColumn,
    Drop,
    DropColumn,
    DropConstraint,
}

impl Kind {
    const N: usize = 6;

    fn clause(self) -> &'static str {
        match self {
            Kind::CreateTable | Kind::CreateIndex | Kind::AddColumn => "IF NOT EXISTS",
            Kind::Drop | Kind::DropColumn | Kind::DropConstraint => "IF EXISTS",
        }
    }
}

/// Calls `f` with each part of a statement that may have the clause, whether it has it, and where it names its object.
fn each(ddl: &Ddl, f: &mut dyn FnMut(Kind, bool, TextRange)) {
    match ddl {
        Ddl::CreateTable(it) if !it.temporary => {
            f(Kind::CreateTable, it.if_not_exists, it.name.range().unwrap_or_default());
        }
        Ddl::CreateIndex(it) => {
            let range = it.name.as_ref().map(|it| it.range).unwrap_or_default();
            if it.name.is_some() {
                f(Kind::CreateIndex, it.if_not_exists, range);
            }
        }
        Ddl::Drop(Drop { names, if_exists, .. }) => {
            let range = names.first().and_then(|it| it.name.range()).unwrap_or_default();
            f(Kind::Drop, *if_exists, range);
        }
        Ddl::AlterTable { actions, .. } => {
            for action in actions {
                match action {
                    AlterTable::AddColumn { column, if_not_exists } => {
                        f(Kind::AddColumn, *if_not_exists, column.name.range);
                    }
                    AlterTable::DropColumn { name, if_exists, .. } => {
                        f(Kind::DropColumn, *if_exists, name.range)
                    }
                    AlterTable::DropConstraint { name, if_exists, .. } => {
                        f(Kind::DropConstraint, *if_exists, name.range);
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// A table that the migration has dropped just before must be made anew.
fn makes_anew(step: &Step<'_>, ddl: &Ddl) -> bool {
    let Ddl::CreateTable(table) = ddl else { return false };
    let name = table.name.last().map(|it| &it.ident);
    let found = name.map(|it| lookup::relation(&step.before, table.name.schema().map(|it| &it.ident), it));
    matches!(found, Some(Lookup::Found(_)))
}
