//! Names that code uses while the migration runs.

use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::Ddl;
use crate::sql::hir::ddl::{AlterTable, ObjectKind, RelationKind};

pub const RULE: Lint =
    Lint::migration("breaking-rename", Information, include_str!("breaking-rename.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    const HINT: &str = "Add the new one, copy, let the code move, and drop the old one in a later migration; or keep the \
                        old name as a view.";
    for step in steps(migration) {
        match step.ddl() {
            Some(Ddl::Rename {
                object: ObjectKind::Relation(RelationKind::Table), name, new_name, ..
            }) => {
                if let Some(table) = step.existing(name) {
                    let (from, to) = (shown(table), new_name.ident.quoted());
                    let message = format!("renaming table {from} to {to} breaks the code that runs now");
                    acc.report(step.at(new_name.range), message).hint(HINT);
                }
            }
            Some(Ddl::AlterTable { .. }) => {
                let Some((table, actions)) = step.alter() else { continue };
                for action in actions {
                    let AlterTable::RenameColumn { name, new_name } = action else { continue };
                    if step.old_column(table, &name.ident).is_some() {
                        let (from, to) = (name.ident.quoted(), new_name.ident.quoted());
                        let table = shown(table);
                        let message =
                            format!("renaming column {table}.{from} to {to} breaks the code that runs now");
                        acc.report(step.at(new_name.range), message).hint(HINT);
                    }
                }
            }
            _ => {}
        }
    }
}
