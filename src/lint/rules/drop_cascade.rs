//! Whatever else goes with what is dropped.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::steps;
use crate::sema::code::Severity::Information;
use crate::sql::hir::Ddl;
use crate::sql::hir::ddl::AlterTable;
use crate::sql::token::significant;

pub const RULE: Lint = Lint::migration("drop-cascade", Information, include_str!("drop-cascade.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        let cascades = match step.ddl() {
            Some(Ddl::Drop(drop)) => drop.cascade && !drop.names.iter().all(|it| is_own(&step, &it.name)),
            Some(Ddl::AlterTable { .. }) => step.alter().is_some_and(|(_, actions)| {
                actions.iter().any(|it| {
                    matches!(
                        it,
                        AlterTable::DropColumn { cascade: true, .. }
                            | AlterTable::DropConstraint { cascade: true, .. }
                    )
                })
            }),
            _ => false,
        };
        let tokens = significant(step.text);
        if let Some(word) =
            tokens.iter().rev().find(|it| it.is_word(step.text, "cascade")).filter(|_| cascades)
        {
            let at = word.range;
            acc.report(step.at(at), "CASCADE drops whatever depends on it, whether it is known here or not")
                .hint("Drop what depends on it by name, so that the migration fails where there is more.");
        }
    }
}

fn is_own(step: &crate::lint::safety::Step<'_>, name: &crate::sql::hir::QName) -> bool {
    use crate::catalog::lookup::{self, Lookup};
    let Some(last) = name.last() else { return false };
    match lookup::relation(&step.before, name.schema().map(|it| &it.ident), &last.ident) {
        Lookup::Found(it) => step.is_own(it.origin),
        _ => false,
    }
}
