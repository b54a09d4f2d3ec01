//! Commands that keep everybody from a table for as long as it takes to write it anew.

use crate::base::text::TextRange;
use crate::catalog::RelationKind;
use crate::catalog::lookup::{self, Lookup};
use crate::lint::migration::Migration;
use crate::lint::rule::{Acc, Lint};
use crate::lint::safety::{Step, shown, steps};
use crate::sema::code::Severity::Information;
use crate::sql::hir::ddl::{AlterTable, CommandKind, Mentioned};
use crate::sql::hir::{Ddl, QName};
use crate::sql::token::significant;

pub const RULE: Lint =
    Lint::migration("blocking-command", Information, include_str!("blocking-command.md"), run);

fn run(migration: &Migration<'_>, acc: &mut Acc<'_>) {
    for step in steps(migration) {
        if let Some((range, message, hint)) = step.ddl().and_then(|it| found(&step, it)) {
            acc.report(step.at(range), message).hint(hint);
        }
    }
}

fn found(step: &Step<'_>, ddl: &Ddl) -> Option<(TextRange, String, &'static str)> {
    let tokens = significant(step.text);
    let word = |at: usize, text: &str| tokens.get(at).is_some_and(|it| it.is_word(step.text, text));
    let concurrently = tokens.iter().take(6).any(|it| it.is_word(step.text, "concurrently"));
    match ddl {
        Ddl::AlterTable { name, actions, .. } => {
            let table = shown(step.existing(name)?);
            let action = actions.iter().find_map(|it| match it {
                AlterTable::Plain(words @ ("SET LOGGED" | "SET UNLOGGED")) => Some(*words),
                AlterTable::SetAccessMethod(_) => Some("SET ACCESS METHOD"),
                _ => None,
            })?;
            let message = format!("{action} writes all of {table} anew under an ACCESS EXCLUSIVE lock");
            Some((
                name.range()?,
                message,
                "Do it while nobody needs the table, or copy its rows into a new one.",
            ))
        }
        Ddl::Command(command)
            if command.kind == CommandKind::Refresh && !command.flags.0 && !command.flags.1 =>
        {
            let name = &command.tables.first()?.0;
            let view = name.last()?;
            let schema = name.schema().map(|it| &it.ident);
            let Lookup::Found(it) = lookup::relation(&step.before, schema, &view.ident) else { return None };
            let old = it.kind == RelationKind::MaterializedView && !step.is_own(it.origin);
            let message = format!("nobody reads {} until REFRESH MATERIALIZED VIEW is done", shown(it));
            let hint =
                "With a unique index on the view, REFRESH MATERIALIZED VIEW CONCURRENTLY lets others read.";
            old.then(|| name.range().map(|range| (range, message, hint)))?
        }
        Ddl::Named(mentions) if word(0, "cluster") => {
            let name = &mentions.first()?.name;
            let message =
                format!("CLUSTER writes all of {} anew under an ACCESS EXCLUSIVE lock", old(step, name)?);
            Some((name.range()?, message, "Do it by hand while nobody needs the table."))
        }
        Ddl::Named(mentions) if word(0, "reindex") && !concurrently => {
            let mention = mentions.first().filter(|it| matches!(it.what, Mentioned::Reindexed))?;
            let table = old(step, &mention.name)?;
            let message =
                format!("REINDEX stops all writing to {table} until its indexes are built (SHARE lock)");
            Some((
                mention.name.range()?,
                message,
                "Use REINDEX TABLE CONCURRENTLY outside of the migrator's transaction.",
            ))
        }
        _ => None,
    }
}

fn old(step: &Step<'_>, name: &QName) -> Option<String> {
    step.existing(name).map(shown)
}
