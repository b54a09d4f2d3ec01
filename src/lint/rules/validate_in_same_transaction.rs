//! NOT VALID for nothing.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{in_transaction, shown, top_steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::ddl::AlterTable;

pub const RULE: Lint = Lint::migration(
    "validate-in-same-transaction",
    Information,
    include_str!("validate-in-same-transaction.md"),
    run,
);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    let mut added = Vec::new();
    for step in top_steps(migration) {
        for (table, action) in step.actions() {
            match action {
                AlterTable::AddConstraint(it) if it.not_valid => {
                    added.extend(it.name.as_ref().map(|it| (table.name.clone(), it.ident.clone())));
                }
                AlterTable::ValidateConstraint { name } => {
                    let is_new = added.contains(&(table.name.clone(), name.ident.clone()));
                    if is_new && in_transaction(migration, step.idx) {
                        let message = format!(
                            "{} is validated in the transaction that adds it: the lock on {} is held while every row is read",
                            name.ident.quoted(),
                            shown(table)
                        );
                        acc.report(step.at(name.range), message)
                            .hint("Validate it in a later migration, deployed on its own.");
                    }
                }
                _ => {}
            }
        }
    }
}
