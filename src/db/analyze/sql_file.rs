//! SQL files: each statement against the schema as it is at that point.

mod bodies;

use std::sync::Arc;

use super::super::analysis::{FileAnalysis, SqlUnit, UnitKind};
use super::super::units::Key;
use super::{Input, Start};
use crate::base::file::FileId;
use crate::base::fingerprint::Fingerprint;
use crate::base::text::TextSize;
use crate::catalog::{Catalog, Origin, fold};
use crate::facts::Loc;
use crate::facts::sql::{SqlFacts, SqlStatement};
use crate::project::Workspace;
use crate::project::database::{Database, Membership, MigrationFormat, Place};
use crate::sema::fragment::Placement;
use crate::sql::hir::{Ddl, StatementKind};

pub(super) fn analyze(input: &Input<'_>, starts: &mut Vec<(usize, Start)>) -> FileAnalysis {
    let &Input { snap, model, file, .. } = input;
    let (database, place) = match input.membership {
        Membership::Database(database) => (database, None),
        Membership::History { database, place } => (database, Some(place)),
        Membership::None(reason) => {
            let facts = snap.sql_facts(file, crate::sql::Dialect::Postgres);
            let skipped = facts.1.ranges.iter().map(|&range| super::skipped(range, reason)).collect();
            return FileAnalysis { units: Vec::new(), skipped };
        }
    };
    let Some(known) = model.known(snap, database) else { return FileAnalysis::default() };
    let built = &known.built;
    let source = model.databases.list.get(database);
    let dialect = source.map_or_else(Default::default, |it| it.dialect);
    let facts = snap.sql_facts(file, dialect);
    // History begins where the file before it ended; a script, with the schema as it is today.
    let step = place.and_then(|place| Some((place, built.replay.files.iter().find(|it| it.file == file)?)));
    let unordered = step.is_some_and(|(place, _)| source.is_some_and(|it| is_unordered(it, place)));
    let mut catalog = match step {
        Some((_, step)) => {
            let start = match unordered {
                // What stands in the files behind it counts, too.
                true => Start::Version(known.version()),
                false => Start::State(Arc::clone(&step.before)),
            };
            starts.push((database, start));
            Catalog::clone(&step.before)
        }
        None => {
            starts.push((database, Start::Version(known.version())));
            Catalog::clone(&built.catalog)
        }
    };
    if unordered {
        see_later(&mut catalog, &built.replay.last);
    }
    if step.is_none() || unordered || source.is_some_and(|it| is_other_baseline(it, &facts.0, &catalog, file))
    {
        catalog.gaps.loose = Some(file);
    }
    if step.is_some() && catalog.gaps.partial {
        catalog.gaps.relations = true;
        catalog.gaps.types = true;
        catalog.gaps.functions = true;
    }
    // What stands behind it undoes the migration: it runs on another day's schema.
    let from = step.map_or(TextSize::default(), |it| TextSize::from(it.1.from));
    let until = step.and_then(|it| it.1.until).map_or(TextSize::from(u32::MAX), TextSize::from);
    let mut res = FileAnalysis::default();
    // The statements that made the catalog what it is, with their numbers: places of declarations name them.
    let mut state = if step.is_some() { Key::HISTORY } else { 0 };
    let mut checks = bodies::Checks::default();
    for (idx, statement) in facts.0.statements.iter().enumerate() {
        let loc = Loc(idx as u32);
        let host = facts.1.range(loc);
        if host.start() >= until {
            break;
        }
        if host.start() < from {
            continue;
        }
        let key = Key { text: Arc::clone(&statement.text), database, dialect, state };
        let (text, unit) = input.reuse.unit(key, &catalog, Some(&statement.parsed), Some((file, loc)));
        checks.see(&unit.parsed, &text);
        let looked_at = unit.body.as_ref().filter(|_| checks.on);
        let infer = Some(&super::super::infer::QueryColumns as &dyn fold::Infer);
        let changes = unit.apply(&mut catalog, |catalog| {
            fold::apply_with(catalog, file, loc, &unit.parsed, &text, infer);
        });
        if changes {
            state = Fingerprint::of(&(state, idx, &*text)).0;
        }
        res.units.push(SqlUnit {
            kind: UnitKind::Statement(loc),
            host,
            text: Arc::clone(&text),
            parsed: Arc::clone(&unit.parsed),
            analysis: Arc::clone(&unit.analysis),
            placement: Placement::Plain(host.start()),
            database,
            doubtful: false,
            env: None,
        });
        if let Some(body) = looked_at {
            checks.found.push(bodies::Found { body: Arc::clone(body), statement: res.units.len() - 1, loc });
        }
    }
    bodies::add(input, known, &catalog, checks, &mut res, starts);
    res
}

/// A file that describes the schema beside others that do: nothing says which of them comes first.
fn is_unordered(database: &Database, place: Place) -> bool {
    matches!(place, Place::Schema(_)) && (database.sql_files.len() > 1 || database.migrations.is_some())
}

/// Names that only later files make are no mistakes, nor are columns that they add.
fn see_later(catalog: &mut Catalog, last: &Catalog) {
    let mut named = std::collections::BTreeSet::clone(&catalog.gaps.named);
    named.extend(
        last.relations.keys().filter(|it| !catalog.relations.contains_key(it)).map(|it| it.name.clone()),
    );
    named.extend(last.types.by_name.keys().map(|it| it.name.clone()));
    named.extend(last.functions.keys().map(|it| it.name.clone()));
    named.extend(last.schemas.keys().cloned());
    catalog.gaps.named = Arc::new(named);
    let mut schemas = std::collections::BTreeMap::clone(&catalog.schemas);
    for (name, schema) in last.schemas.iter() {
        schemas.entry(name.clone()).or_insert_with(|| schema.clone());
    }
    catalog.schemas = Arc::new(schemas);
    for (name, relation) in Arc::make_mut(&mut catalog.relations) {
        let grows = last.relations.get(name).is_none_or(|last| last.columns.len() != relation.columns.len());
        if grows && !relation.open {
            Arc::make_mut(relation).open = true;
        }
    }
}

/// One of a folder's several beginnings: it makes tables that other files have made.
fn is_other_baseline(database: &Database, facts: &SqlFacts, before: &Catalog, file: FileId) -> bool {
    let plain = database.migrations.as_ref().is_some_and(|it| it.format == MigrationFormat::Plain);
    let again = |it: &&SqlStatement| {
        let StatementKind::Ddl(ddl) = &it.parsed.hir.kind else { return false };
        let Ddl::CreateTable(table) = &**ddl else { return false };
        let name = fold::created_name(before, &table.name, table.temporary);
        let existing = name.and_then(|it| before.relations.get(&it));
        let elsewhere = |it: Origin| !matches!(it, Origin::Sql { file: own, .. } if own == file);
        !table.if_not_exists && existing.is_some_and(|it| elsewhere(it.origin))
    };
    plain && facts.statements.iter().filter(again).count() > 1
}
