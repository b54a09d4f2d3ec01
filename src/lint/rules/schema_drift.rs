//! Declarations that no migration holds yet.

use std::collections::BTreeMap;

use crate::catalog::Origin;
use crate::catalog::diff::Change;
use crate::catalog::drift::Side;
use crate::facts::Loc;
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::project::database::Membership;
use crate::project::scripts;
use crate::sema::code::Severity::Information;

/// More places than this are a folder of migrations that nobody keeps up, and told at once.
const MAX_PLACES: usize = 12;

pub const RULE: Lint = Lint::schema("schema-drift", Information, include_str!("schema-drift.md"), run);

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    let look = schema.script.look;
    let Membership::Database(database) = look.membership else { return };
    let Some(drifts) = look.drift(database) else { return };
    let Some(drift) = drifts.iter().find(|it| it.to == Side::Schema) else { return };
    // One report a place, however much differs there.
    let mut by_place: BTreeMap<Loc, Vec<&Change>> = BTreeMap::new();
    for change in &drift.changes {
        let place = match change.origin {
            Origin::Ts { file, loc } if file == look.file => Some(loc),
            Origin::Ts { .. } => None,
            // What was dropped is told where it was: at its table.
            _ => schema.tables.iter().find_map(|it| {
                let name = format!("{}.{}", it.name.schema, it.name.name);
                let own = change.name.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.'));
                match it.relation.origin {
                    Origin::Ts { loc, .. } if own => Some(loc),
                    _ => None,
                }
            }),
        };
        if let Some(place) = place {
            by_place.entry(place).or_default().push(change);
        }
    }
    if by_place.is_empty() {
        return;
    }
    let command = scripts::generate_command(look.eval, schema.database);
    if by_place.len() > MAX_PLACES {
        let n_changes: usize = by_place.values().map(Vec::len).sum();
        let first = by_place.keys().next().map(|&loc| Origin::Ts { file: look.file, loc });
        let message = format!("{n_changes} changes of this module are in no migration yet");
        if let Some(origin) = first
            && let Some(report) = acc.report_origin(origin, message)
        {
            report.hint(format!("`columnist drift` lists them, and `{command}` writes the migration."));
        }
        return;
    }
    for (loc, changes) in by_place {
        let lines: Vec<String> = changes.iter().map(|it| it.describe()).collect();
        let origin = Origin::Ts { file: look.file, loc };
        if let Some(report) = acc.report_origin(origin, format!("in no migration yet: {}", lines.join("; ")))
        {
            report.hint(format!("`{command}` writes the migration."));
        }
    }
}
