//! Constraints of domains, which every table with such a column is read for.

use crate::catalog::TypeKind;
use crate::catalog::lookup;
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::Ddl;
use crate::sql::hir::ddl::AlterDomain;
use crate::sql::token::significant;

pub const RULE: Lint = Lint::migration(
    "domain-constraint-scans-tables",
    Information,
    include_str!("domain-constraint-scans-tables.md"),
    run,
);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        let Some(Ddl::AlterDomain { name, action }) = step.ddl() else { continue };
        let what = match action {
            AlterDomain::AddCheck { .. } if !is_not_valid(step.text) => "adding a check to",
            AlterDomain::AddNotNull { .. } | AlterDomain::SetNotNull => "SET NOT NULL on",
            _ => continue,
        };
        let Some(last) = name.last().filter(|it| !it.ident.is_dynamic()) else { continue };
        let Some(id) = lookup::named_type(&step.before, name.schema().map(|it| &it.ident), &last.ident)
        else {
            continue;
        };
        if !step.before.type_info(id).is_some_and(|it| matches!(it.kind, TypeKind::Domain { .. })) {
            continue;
        }
        let mut tables: Vec<String> = step
            .before
            .relations
            .values()
            .filter(|it| !step.is_own(it.origin))
            .filter(|it| matches!(it.kind, crate::catalog::RelationKind::Table))
            .filter(|it| it.columns.iter().any(|it| it.ty.is_some_and(|it| it.id == id)))
            .map(|it| shown(it))
            .collect();
        tables.sort();
        if tables.is_empty() {
            continue;
        }
        let (domain, tables) = (last.ident.quoted(), tables.join(", "));
        let message = format!("{what} {domain} reads all of {tables} under a SHARE lock");
        acc.report(step.at(last.range), message).hint(
            "Writers wait meanwhile. A check that is added NOT VALID reads nothing and binds new values.",
        );
    }
}

fn is_not_valid(text: &str) -> bool {
    let tokens = significant(text);
    tokens.windows(2).any(|it| it[0].is_word(text, "not") && it[1].is_word(text, "valid"))
}
