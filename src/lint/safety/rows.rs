//! What a migration does to rows before a statement that would fail for some of them.

use crate::catalog::{Catalog, ForeignKey, Relation, Type, TypeKind};
use crate::lint::migration::Migration;
use crate::lint::safety::Step;
use crate::sql::Ident;
use crate::sql::hir::{Assignment, Ddl, QName, Statement, StatementKind};
use crate::sql::token::significant;

/// Whether the migration has emptied a table before a statement: what fails for rows does not fail then. What it empties
/// takes the rows that lead there with it, where a foreign key says so.
pub fn is_emptied(migration: &Migration<'_>, idx: usize, table: &Ident) -> bool {
    let mut emptied: Vec<(Ident, bool)> = Vec::new();
    for it in migration.statements.iter().take(idx) {
        match &it.parsed.hir.kind {
            StatementKind::Ddl(ddl) => {
                let Ddl::Truncate { tables } = &**ddl else { continue };
                let cascades =
                    significant(&it.text).last().is_some_and(|word| word.is_word(&it.text, "cascade"));
                emptied.extend(tables.iter().filter_map(|it| Some((it.last()?.ident.clone(), cascades))));
            }
            StatementKind::Delete(delete) if delete.where_.is_none() => {
                emptied.extend(delete.table.last().map(|it| (it.ident.clone(), false)));
            }
            _ => {}
        }
    }
    if emptied.is_empty() || emptied.iter().any(|it| it.0 == *table) {
        return !emptied.is_empty();
    }
    let before = migration.before(idx);
    let mut at = 0;
    while let Some((parent, by_truncate)) = emptied.get(at).cloned() {
        at += 1;
        for it in before.relations.values() {
            let follows = |key: &ForeignKey| {
                key.target.as_ref().is_some_and(|it| it.name == parent)
                    && (by_truncate || key.on_delete == "cascade" && always_leads(it, key))
            };
            if !emptied.iter().any(|known| known.0 == it.name) && it.foreign_keys.iter().any(follows) {
                emptied.push((it.name.clone(), by_truncate));
            }
        }
    }
    emptied.iter().any(|it| it.0 == *table)
}

/// No row of a table is without the one that a foreign key leads to.
fn always_leads(table: &Relation, key: &ForeignKey) -> bool {
    key.columns.iter().all(|name| table.columns.iter().any(|it| it.name == *name && it.not_null))
}

/// Whether somebody has looked after the values: a DO block's conditions, an UPDATE of the column or a DELETE before; or the
/// column had a type that the new one holds all labels of, as drizzle-kit makes an enum anew.
pub fn is_prepared(
    migration: &Migration<'_>,
    step: &Step<'_>,
    table: &Relation,
    column: &Ident,
    to: Type,
) -> bool {
    let is = |name: &QName| name.last().is_some_and(|it| it.ident == table.name);
    let sets = |it: &Assignment| match it {
        Assignment::One { target, .. } => target.name.ident == *column,
        Assignment::Many { targets, .. } => targets.iter().any(|it| it.name.ident == *column),
    };
    let writes = |it: &Statement| match &it.kind {
        StatementKind::Update(update) => is(&update.table) && update.set.iter().any(sets),
        StatementKind::Delete(delete) => is(&delete.table),
        _ => false,
    };
    if step.in_block || migration.statements.iter().take(step.idx).any(|it| writes(&it.parsed.hir)) {
        return true;
    }
    let labels = |catalog: &Catalog, ty: Type| match &catalog.type_info(ty.id)?.kind {
        TypeKind::Enum { labels } => Some(labels.iter().map(|it| it.label.clone()).collect::<Vec<_>>()),
        _ => None,
    };
    let first = migration.before(0);
    let old = first.relations.values().find(|it| it.name == table.name && it.schema == table.schema);
    let old = old.and_then(|it| it.columns.iter().find(|it| it.name == *column)?.ty);
    let old = old.and_then(|it| labels(&first, it));
    match (old, labels(&step.before, to)) {
        (Some(old), Some(new)) => old.iter().all(|it| new.contains(it)),
        _ => false,
    }
}
