//! SQL files: each statement against the schema as it is at that point.

mod bodies;

use std::sync::Arc;

use super::super::analysis::{FileAnalysis, SqlUnit, UnitKind};
use super::super::snapshot::Snapshot;
use super::super::units::Key;
use super::{Input, Start};
use crate::base::file::FileId;
use crate::base::fingerprint::Fingerprint;
use crate::base::path;
use crate::base::text::TextSize;
use crate::catalog::{Catalog, Origin, fold, lookup};
use crate::facts::Loc;
use crate::facts::sql::{SqlFacts, SqlStatement};
use crate::project::Workspace;
use crate::project::database::{Database, Membership, MigrationFormat, Place};
use crate::sema::code;
use crate::sema::fragment::Placement;
use crate::sql::ParsedStatement;
use crate::sql::created::any_schema;
use crate::sql::hir::{Ddl, StatementKind};
use crate::sql::token::{TokenKind, significant};

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
        see_later(&mut catalog, &built.replay.last, file);
    }
    let is_behind = |it: &Database| {
        place.is_some_and(|place| is_behind_baseline(snap, it, place))
            || is_other_baseline(it, &facts.0, &catalog, file)
    };
    let behind = source.is_some_and(is_behind);
    if step.is_none() || unordered || behind {
        catalog.gaps.loose = Some(file);
    }
    if behind {
        // Its tables had other columns then.
        for relation in Arc::make_mut(&mut catalog.relations).values_mut().filter(|it| !it.open) {
            Arc::make_mut(relation).open = true;
        }
    }
    if source.is_some_and(is_part) {
        see_neighbours(input, database, &mut catalog, starts);
    }
    // Code that makes schemas of names that it computes may do so before the first migration.
    let schemas = any_schema();
    if step.is_some() && built.catalog.gaps.named.contains(&schemas) {
        Arc::make_mut(&mut catalog.gaps.named).insert(schemas);
    }
    // So may a script that is no migration, as the one that these migrations go on from.
    if step.is_some() {
        catalog.gaps.schemas = Arc::clone(&built.catalog.gaps.schemas);
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
    // Each block is sent by itself.
    let start = facts.0.statements.iter().any(|it| it.block.is_some()).then(|| (catalog.clone(), state));
    let mut block = None;
    for (idx, statement) in facts.0.statements.iter().enumerate() {
        let loc = Loc(idx as u32);
        let host = facts.1.range(loc);
        if host.start() >= until {
            break;
        }
        if host.start() < from {
            continue;
        }
        if block != statement.block.as_ref()
            && let Some(start) = &start
        {
            (catalog, state) = start.clone();
        }
        block = statement.block.as_ref();
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
        // Nobody knows what a program puts into its holes.
        let is_template = step.is_none() && unit.parsed.error.is_some() && has_hole(&text);
        let (parsed, analysis) = match is_template {
            true => (
                Arc::new(ParsedStatement { error: None, ..ParsedStatement::clone(&unit.parsed) }),
                Arc::default(),
            ),
            false => (Arc::clone(&unit.parsed), Arc::clone(&unit.analysis)),
        };
        res.units.push(SqlUnit {
            kind: UnitKind::Statement(loc),
            host,
            text: Arc::clone(&text),
            parsed,
            analysis,
            placement: Placement::Plain(host.start()),
            database,
            doubtful: false,
            env: None,
        });
        if let Some(body) = looked_at {
            let search_path = catalog.search_path.clone();
            let (body, statement) = (Arc::clone(body), res.units.len() - 1);
            checks.found.push(bodies::Found { body, statement, loc, search_path });
        }
    }
    bodies::add(input, known, &catalog, checks, &mut res, starts);
    // What other files make is a matter of today.
    let rests_on_today = starts.iter().any(|it| matches!(it.1, Start::Version(_)));
    if step.is_some() && !rests_on_today && (misses_schemas(&res) || lacks(&catalog, &built.catalog)) {
        starts.push((database, Start::Version(known.version())));
    }
    res
}

/// `{}`, `{0}`, `{name}`: a hole that Rust's `format!` or Python's `str.format` fills. A brace begins no token of SQL.
fn has_hole(text: &str) -> bool {
    let tokens = significant(text);
    let is = |at: usize, brace: &str| {
        tokens.get(at).is_some_and(|it| it.kind == TokenKind::Unknown && it.text(text) == brace)
    };
    let is_name = |at: usize| {
        tokens.get(at).is_some_and(|it| matches!(it.kind, TokenKind::Word | TokenKind::Number(_)))
    };
    (0..tokens.len()).any(|at| is(at, "{") && (is(at + 1, "}") || is_name(at + 1) && is(at + 2, "}")))
}

/// Whether some schema is not there, which another file may make.
fn misses_schemas(analysis: &FileAnalysis) -> bool {
    let mut problems = analysis.units.iter().flat_map(|it| &it.analysis.problems);
    problems.any(|it| [code::UNDEFINED_SCHEMA, code::UNDEFINED_TABLE].contains(&it.code))
}

/// Whether other files make schemas that history does not have.
fn lacks(catalog: &Catalog, now: &Catalog) -> bool {
    now.gaps.schemas.iter().any(|it| !lookup::schema_exists(catalog, it))
}

/// A file that describes the schema beside others that do: nothing says which of them comes first.
fn is_unordered(database: &Database, place: Place) -> bool {
    matches!(place, Place::Schema(_)) && (database.sql_files.len() > 1 || database.migrations.is_some())
}

/// Names that only later files make are no mistakes, nor are columns that they add.
fn see_later(catalog: &mut Catalog, last: &Catalog, file: FileId) {
    let mut named = std::collections::BTreeSet::clone(&catalog.gaps.named);
    named.extend(
        last.relations.keys().filter(|it| !catalog.relations.contains_key(it)).map(|it| it.name.clone()),
    );
    named.extend(last.types.by_name.keys().map(|it| it.name.clone()));
    named.extend(last.functions.keys().map(|it| it.name.clone()));
    named.extend(last.schemas.keys().cloned());
    catalog.gaps.named = Arc::new(named);
    let mut schemas = std::collections::BTreeMap::clone(&catalog.schemas);
    let is_own = |it: Origin| matches!(it, Origin::Sql { file: own, .. } if own == file);
    for (name, schema) in last.schemas.iter().filter(|it| !is_own(it.1.origin)) {
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

/// A folder of another tool's, which says nothing of a schema as a whole: it may go on from what another folder makes.
fn is_part(database: &Database) -> bool {
    database.config.is_none() && database.schema_files.is_empty() && database.migrations.is_some()
}

/// What the workspace's other databases have is no mistake in a folder that may run behind theirs.
fn see_neighbours(input: &Input<'_>, own: usize, catalog: &mut Catalog, starts: &mut Vec<(usize, Start)>) {
    let list = &input.model.databases.list;
    for (idx, other) in list.iter().enumerate() {
        let same = other.dialect == catalog.dialect && other.foreign.is_none();
        let Some(known) = input.model.known(input.snap, idx).filter(|_| idx != own && same) else { continue };
        starts.push((idx, Start::Version(known.version())));
        let theirs = &known.built.catalog;
        let relations = theirs.relations.keys().map(|it| &it.name);
        let types = theirs.types.by_name.keys().map(|it| &it.name);
        let functions = theirs.functions.keys().map(|it| &it.name);
        let names = relations.chain(types).chain(functions).chain(theirs.schemas.keys());
        Arc::make_mut(&mut catalog.gaps.named).extend(names.cloned());
    }
}

/// A step behind a `0001_baseline.sql`, which holds what once was made by the files behind it: those run where the
/// baseline never did.
fn is_behind_baseline(snap: &Snapshot, database: &Database, place: Place) -> bool {
    let (Place::Migration(at), Some(migrations)) = (place, &database.migrations) else { return false };
    let first = migrations.steps.first().map(|it| snap.path(it.file));
    let name = first.as_deref().map(|it| path::file_name(it).to_ascii_lowercase());
    let is_baseline =
        |it: String| ["baseline", "squash", "consolidated"].iter().any(|word| it.contains(word));
    at > 0 && migrations.format == MigrationFormat::Plain && name.is_some_and(is_baseline)
}

/// One of a folder's several beginnings: it makes what other files have made.
fn is_other_baseline(database: &Database, facts: &SqlFacts, before: &Catalog, file: FileId) -> bool {
    let plain = database.migrations.as_ref().is_some_and(|it| it.format == MigrationFormat::Plain);
    let again = |it: &&SqlStatement| {
        let StatementKind::Ddl(ddl) = &it.parsed.hir.kind else { return false };
        let table = match &**ddl {
            Ddl::CreateTable(table) => table,
            Ddl::CreateEnum { name, .. } => {
                let name = fold::created_name(before, name, false);
                return name.is_some_and(|it| before.types.id(&it).is_some());
            }
            _ => return false,
        };
        let name = fold::created_name(before, &table.name, table.temporary);
        let existing = name.and_then(|it| before.relations.get(&it));
        let elsewhere = |it: Origin| !matches!(it, Origin::Sql { file: own, .. } if own == file);
        !table.if_not_exists && existing.is_some_and(|it| elsewhere(it.origin))
    };
    plain && facts.statements.iter().filter(again).count() > 1
}
