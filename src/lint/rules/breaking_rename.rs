//! Names that code uses while the migration runs.

use crate::base::text::TextRange;
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{Relation, RelationKind};
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{Step, shown, steps_of};
use crate::sema::code::Severity::Information;
use crate::sql::Dialect;
use crate::sql::hir::ddl::{AlterEnum, AlterTable, ObjectKind};
use crate::sql::hir::{Ddl, QName};

pub const RULE: Lint =
    Lint::migration("breaking-rename", Information, include_str!("breaking-rename.md"), run);

const HINT: &str = "Add the new one, copy, let the code move, and drop the old one in a later migration; or keep the old name as a view.";
const HINT_LABEL: &str =
    "Add the new value, let the code move, change the rows, and leave the old value where it is.";

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps_of(migration, &[Dialect::Postgres, Dialect::Mysql]) {
        let mut report = |at: TextRange, what: &str, hint: &str| {
            acc.report(step.at(at), format!("{what} breaks the code that runs now")).hint(hint);
        };
        match step.ddl() {
            Some(Ddl::Rename { object: ObjectKind::Relation(_), name, new_name, .. }) => {
                if let Some((kind, from)) = relation(&step, name) {
                    let to = new_name.ident.quoted();
                    report(new_name.range, &format!("renaming {kind} {from} to {to}"), HINT);
                }
            }
            Some(Ddl::RenameTables(pairs)) => {
                for (name, new) in pairs {
                    if let (Some((kind, from)), Some(new)) = (relation(&step, name), new.last()) {
                        let to = new.ident.quoted();
                        report(new.range, &format!("renaming {kind} {from} to {to}"), HINT);
                    }
                }
            }
            Some(Ddl::Rename { object: ObjectKind::Schema, name, new_name, .. }) => {
                let Some(old) = name.last().map(|it| &it.ident) else { continue };
                let lies_in = |it: &Relation| it.schema == *old && !step.is_own(it.origin);
                if step.before.relations.values().any(|it| lies_in(it)) {
                    let (from, to) = (old.quoted(), new_name.ident.quoted());
                    report(new_name.range, &format!("renaming schema {from} to {to}"), HINT);
                }
            }
            Some(Ddl::SetSchema { object: ObjectKind::Relation(_), name, schema, .. }) => {
                // In the search path it is found under its bare name all the same.
                let is_found = step.before.search_path.contains(&schema.ident);
                if let Some((kind, from)) = relation(&step, name).filter(|_| !is_found) {
                    let to = schema.ident.quoted();
                    report(schema.range, &format!("moving {kind} {from} to schema {to}"), HINT);
                }
            }
            Some(Ddl::AlterEnum { name, action: AlterEnum::RenameValue { from, to, to_range, .. } }) => {
                let Some(last) = name.last() else { continue };
                let schema = name.schema().map(|it| &it.ident);
                let id = lookup::named_type(&step.before, schema, &last.ident);
                let info = id.and_then(|it| step.before.type_info(it));
                if info.is_some_and(|it| !step.is_own(it.origin)) {
                    let ty = last.ident.quoted();
                    report(*to_range, &format!("renaming value '{from}' of {ty} to '{to}'"), HINT_LABEL);
                }
            }
            Some(Ddl::AlterTable { .. }) => {
                let Some((table, actions)) = step.alter() else { continue };
                for action in actions {
                    let AlterTable::RenameColumn { name, new_name } = action else { continue };
                    if step.old_column(table, &name.ident).is_some() {
                        let (from, to) = (name.ident.quoted(), new_name.ident.quoted());
                        let table = shown(table);
                        report(new_name.range, &format!("renaming column {table}.{from} to {to}"), HINT);
                    }
                }
            }
            _ => {}
        }
    }
}

/// A table or view that was there before the migration: what it is, and its name.
fn relation(step: &Step<'_>, name: &QName) -> Option<(&'static str, String)> {
    if let Some(table) = step.existing(name) {
        return Some(("table", shown(table)));
    }
    let last = name.last().filter(|it| !it.ident.is_dynamic())?;
    match lookup::relation(&step.before, name.schema().map(|it| &it.ident), &last.ident) {
        Lookup::Found(it) if !step.is_own(it.origin) => match it.kind {
            RelationKind::View => Some(("view", shown(it))),
            RelationKind::MaterializedView => Some(("materialized view", shown(it))),
            _ => None,
        },
        _ => None,
    }
}
