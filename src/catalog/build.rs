//! All the sources of one database → its catalog (CONTRACTS.md, *Which catalog a piece of SQL is checked against*).
//!
//! SQL first: migrations in their order, then files that describe the schema as it is. Over that, where there are
//! Drizzle modules, what they declare: for whatever Drizzle can say they are the truth, and what only SQL makes
//! (functions, triggers, domains, extensions, raw tables, columns and indexes of hand-written migrations) stays.

use std::sync::Arc;

use super::drizzle::{self, Casing, Finished, Line, Taken};
use super::fold::{self, Infer};
use super::{Catalog, Collation, Extension, Gaps, Origin, RelationKind, Type, kit, pg};
use crate::base::file::FileId;
use crate::project::Workspace;
use crate::project::config::KitCasing;
use crate::project::database::Database;
use crate::project::eval::{Deps, Evaluator};
use crate::project::package::DrizzleLine;
use crate::sql::hir::{Ddl, StatementKind};
use crate::sql::{Dialect, Ident};

mod overlay;

/// A database as it is known.
#[derive(Debug, Clone)]
pub struct Built {
    pub catalog: Arc<Catalog>,
    pub replay: Replay,
    /// The schema as drizzle-kit last saw it, where it left a snapshot.
    pub snapshot: Option<Arc<Catalog>>,
    /// What the Drizzle modules declare, where there are any.
    pub reading: Option<Arc<drizzle::Reading>>,
    /// What the migrations make up to the last snapshot of a database that was there before the first of them.
    pub pulled: Option<Arc<Catalog>>,
}

/// The states that the SQL files of a database lead through.
#[derive(Debug, Clone, Default)]
pub struct Replay {
    pub dialect: Dialect,
    /// Each file with the state before it and the byte offsets where its part begins and ends that runs (see
    /// [`crate::project::database::Migration`]), in the order in which they run.
    pub files: Vec<ReplayFile>,
    /// The state after the last of them.
    pub last: Arc<Catalog>,
}

#[derive(Debug, Clone)]
pub struct ReplayFile {
    pub file: FileId,
    pub before: Arc<Catalog>,
    pub from: u32,
    pub until: Option<u32>,
}

impl Replay {
    /// The catalog before each statement of a history file, one more for the end; empty for files that are no history.
    /// Computed anew at each call, from the state before the file.
    pub fn states(&self, ws: &dyn Workspace, file: FileId, infer: Option<&dyn Infer>) -> Vec<Arc<Catalog>> {
        let Some(step) = self.files.iter().find(|it| it.file == file) else { return Vec::new() };
        let mut catalog = Catalog::clone(&step.before);
        let mut res = Vec::new();
        fold_file(ws, &mut catalog, self.dialect, (step.file, step.from, step.until), infer, &mut |state| {
            res.push(Arc::new(state.clone()));
        });
        res.push(Arc::new(catalog));
        res
    }

    /// The state before the file, or the last state when the file is none of the history.
    pub fn before(&self, file: FileId) -> Arc<Catalog> {
        self.files.iter().find(|it| it.file == file).map_or_else(|| self.last.clone(), |it| it.before.clone())
    }
}

/// An earlier building of the same database: the files that it is described by are the same, and so are the contents
/// of those that are neither modules nor SQL.
pub struct Base<'a> {
    pub built: &'a Built,
    /// The statements of this SQL file are the same too.
    pub same: &'a dyn Fn(FileId) -> bool,
    /// Nothing of this has changed since.
    pub holds: &'a dyn Fn(&Deps) -> bool,
}

/// Builds the catalog of a database. `infer` tells the columns of queries, so that views have types.
pub fn build(eval: &Evaluator<'_>, database: &Database, infer: Option<&dyn Infer>) -> Built {
    build_from(eval, database, infer, None)
}

/// Like [`build`], taking from an earlier one what still holds.
pub fn build_from(
    eval: &Evaluator<'_>,
    database: &Database,
    infer: Option<&dyn Infer>,
    base: Option<&Base<'_>>,
) -> Built {
    let ws = eval.workspace();
    let replay = replay(ws, database, infer, base);
    let mut catalog = Catalog::clone(&replay.last);
    let snapshot = match base {
        Some(base) => base.built.snapshot.clone(),
        None => last_snapshot(ws, database).map(Arc::new),
    };
    for problem in &database.problems {
        // A part of the configuration that could not be read may name any source.
        let file = database.config.as_ref().map_or(FileId(0), |it| it.file);
        catalog.gaps.unreadable.push((file, problem.clone()));
        catalog.gaps.relations = true;
        catalog.gaps.types = true;
        catalog.gaps.functions = true;
    }
    let reading = (!database.schema_files.is_empty()).then(|| {
        for &file in &database.schema_files {
            if ws.text(file).is_none() {
                unreadable(&mut catalog.gaps, file, "the schema module cannot be read");
            }
        }
        Arc::new(read(eval, database, base))
    });
    if let Some(reading) = &reading {
        let bare = catalog.clone();
        let finished = base.and_then(|it| {
            let before = it.built.replay.last.as_ref();
            Some(Finished { reading: it.built.reading.as_deref()?, before, catalog: &it.built.catalog })
        });
        declare(&mut catalog, reading, &replay.last, snapshot.as_deref(), finished);
        if finished.is_some_and(|it| it.catalog.extensions != catalog.extensions) {
            // Types that were not known may be now, or the other way round.
            catalog = bare;
            declare(&mut catalog, reading, &replay.last, snapshot.as_deref(), None);
        }
        if let Some(infer) = infer {
            view_columns(&mut catalog, infer);
        }
    } else if catalog.gaps.partial {
        catalog.gaps.relations = true;
        catalog.gaps.types = true;
        catalog.gaps.functions = true;
    }
    let known = base.filter(|it| Arc::ptr_eq(&it.built.replay.last, &replay.last));
    let pulled = match known {
        Some(known) => known.built.pulled.clone(),
        None => pulled(ws, database, infer).map(Arc::new),
    };
    Built { catalog: Arc::new(catalog), replay, snapshot, reading, pulled }
}

/// `drizzle-kit pull` writes a first migration that is a comment from its first to its last line: what it would make is
/// there, and its snapshot says what that is. The later ones are applied to it.
fn pulled(ws: &dyn Workspace, database: &Database, infer: Option<&dyn Infer>) -> Option<Catalog> {
    let migrations = database.migrations.as_ref()?;
    let first = migrations.steps.first()?;
    if !ws.sql_facts(first.file, database.dialect).0.statements.is_empty() {
        return None;
    }
    let found = kit::snapshot(&[&ws.text(first.snapshot?)?])?;
    let end = migrations.steps.iter().rposition(|it| it.snapshot.is_some())?;
    let mut res = Catalog { search_path: start(database).search_path, ..found };
    for step in migrations.steps.get(1..=end).unwrap_or_default() {
        fold_file(ws, &mut res, database.dialect, (step.file, step.from, step.until), infer, &mut |_| {});
    }
    (!res.relations.is_empty()).then_some(res)
}

/// What the Drizzle modules of a database declare.
pub(super) fn read(eval: &Evaluator<'_>, database: &Database, base: Option<&Base<'_>>) -> drizzle::Reading {
    let base =
        base.and_then(|it| Some(drizzle::Base { reading: it.built.reading.as_deref()?, holds: it.holds }));
    let (files, dialect) = (&database.schema_files, database.dialect);
    drizzle::read(eval, files, line(database), casing(database), dialect, base)
}

fn declare(
    catalog: &mut Catalog,
    reading: &drizzle::Reading,
    replayed: &Catalog,
    snapshot: Option<&Catalog>,
    finished: Option<Finished<'_>>,
) {
    let taken = drizzle::overlay(catalog, reading, finished);
    overlay::keep_handmade(catalog, replayed, snapshot, &taken);
    overlay::mark_dropped(catalog, replayed, snapshot);
    // Where nothing was implied before, what is taken over implies nothing.
    let implied = finished.is_some_and(|it| it.catalog.extensions != catalog.extensions);
    let none = Taken::default();
    drizzle::imply_extensions_but(catalog, if implied { &none } else { &taken });
    drizzle::resolve_types_but(catalog, &taken);
}

/// The line of Drizzle that names a database's constraints.
pub fn line(database: &Database) -> Line {
    match database.drizzle_line {
        DrizzleLine::Zero => Line::V0,
        DrizzleLine::One => Line::V1,
    }
}

/// How names that a column does not say are derived.
pub fn casing(database: &Database) -> Casing {
    match database.config.as_ref().and_then(|it| it.casing) {
        Some(KitCasing::Snake) => Casing::Snake,
        Some(KitCasing::Camel) => Casing::Camel,
        None => Casing::Keep,
    }
}

fn unreadable(gaps: &mut Gaps, file: FileId, why: &str) {
    gaps.unreadable.push((file, why.to_owned()));
    gaps.relations = true;
    gaps.types = true;
    gaps.functions = true;
}

/// The state that every database starts from.
fn start(database: &Database) -> Catalog {
    let search_path: Vec<Ident> = match database.search_path.as_slice() {
        [] => vec![drizzle::default_schema()],
        path => path.iter().map(|it| Ident::new(it.clone())).collect(),
    };
    let schema = search_path.first().cloned().unwrap_or_else(drizzle::default_schema);
    let server_version = database.server_version;
    let mut res = Catalog { dialect: database.dialect, server_version, search_path, ..Catalog::default() };
    let extensions = Arc::make_mut(&mut res.extensions);
    for name in &database.extensions {
        let name = Ident::new(name.clone());
        let known = pg::has_extension(name.as_str());
        let schema = schema.clone();
        extensions.insert(name.clone(), Extension { name, schema, known, origin: Origin::Builtin });
    }
    res
}

fn replay(
    ws: &dyn Workspace,
    database: &Database,
    infer: Option<&dyn Infer>,
    base: Option<&Base<'_>>,
) -> Replay {
    let steps = database.migrations.iter().flat_map(|it| &it.steps).map(|it| (it.file, it.from, it.until));
    let steps: Vec<Part> = steps.chain(database.sql_files.iter().map(|it| (*it, 0, None))).collect();
    let mut first = start(database);
    first.gaps.partial = database.is_guess || is_partial(ws, database, steps.first().map(|it| it.0));
    if steps.iter().any(|it| ws.hints(it.0).is_unfilled) {
        // What templates make, only who fills them in knows.
        (first.gaps.relations, first.gaps.types, first.gaps.functions) = (true, true, true);
    }
    let repeated = repeatable_names(ws, &steps);
    if !repeated.is_empty() {
        Arc::make_mut(&mut first.gaps.named).extend(repeated);
    }
    let mut before = Arc::new(first);
    let mut files = Vec::new();
    // They reach all states.
    let repeatable = |file: FileId| is_repeatable(ws, file).then_some(file);
    let same = |base: &&Base<'_>| {
        let old: Vec<FileId> = base.built.replay.files.iter().filter_map(|it| repeatable(it.file)).collect();
        let new: Vec<FileId> = steps.iter().filter_map(|it| repeatable(it.0)).collect();
        old == new && new.iter().all(|it| (base.same)(*it))
    };
    if let Some(base) = base.filter(same) {
        let known = base.built.replay.files.as_slice();
        let n_same = known
            .iter()
            .zip(&steps)
            .take_while(|(known, step)| {
                (known.file, known.from, known.until) == **step && (base.same)(known.file)
            })
            .count();
        files.extend(known.iter().take(n_same).cloned());
        match known.get(n_same) {
            Some(next) => before = Arc::clone(&next.before),
            None if steps.len() == n_same => return base.built.replay.clone(),
            None => files.clear(),
        }
    }
    let done = files.len();
    let mut catalog = Catalog::clone(&before);
    for part in steps.into_iter().skip(done) {
        let (file, from, until) = part;
        files.push(ReplayFile { file, before, from, until });
        fold_file(ws, &mut catalog, database.dialect, part, infer, &mut |_| {});
        before = Arc::new(catalog.clone());
    }
    if let Some(migrations) = database.migrations.as_ref().filter(|it| !it.missing.is_empty()) {
        let file = migrations.journal.unwrap_or(FileId(0));
        for tag in &migrations.missing {
            unreadable(&mut catalog.gaps, file, &format!("{tag}.sql is missing"));
        }
    }
    Replay { dialect: database.dialect, files, last: Arc::new(catalog) }
}

fn is_repeatable(ws: &dyn Workspace, file: FileId) -> bool {
    ws.path(file).rsplit('/').next().is_some_and(|it| it.starts_with("R__"))
}

/// What Flyway's repeatable migrations (`R__x.sql`) make: they run last, but they have run before, when a migration was
/// new.
fn repeatable_names(ws: &dyn Workspace, steps: &[Part]) -> Vec<Ident> {
    let mut res = Vec::new();
    for (file, _, _) in steps {
        if is_repeatable(ws, *file)
            && let Some(text) = ws.text(*file)
        {
            crate::sql::created::created_names(&text, &mut res);
        }
    }
    res.retain(|it| !it.is_dynamic());
    res
}

/// A file, and from where to where it runs.
type Part = (FileId, u32, Option<u32>);

/// Whether a history begins before its first file: that is empty, as after `drizzle-kit pull`, or changes tables that
/// nobody has made.
fn is_partial(ws: &dyn Workspace, database: &Database, first: Option<FileId>) -> bool {
    let Some(migrations) = &database.migrations else { return false };
    let Some(first) = first.filter(|it| migrations.steps.first().is_some_and(|step| step.file == *it)) else {
        return false;
    };
    if migrations.missing.iter().any(|it| it.starts_with("0000")) {
        return true;
    }
    let facts = ws.sql_facts(first, database.dialect);
    let mut made: Vec<Ident> = Vec::new();
    for statement in &facts.0.statements {
        let StatementKind::Ddl(ddl) = &statement.parsed.hir.kind else { continue };
        let changed = match &**ddl {
            Ddl::CreateTable(it) => {
                made.extend(it.name.last().map(|it| it.ident.clone()));
                continue;
            }
            Ddl::CreateView(it) => {
                made.extend(it.name.last().map(|it| it.ident.clone()));
                continue;
            }
            Ddl::AlterTable { name, if_exists: false, .. } => name,
            Ddl::CreateIndex(it) => &it.table,
            _ => continue,
        };
        return changed.last().is_some_and(|it| !made.contains(&it.ident));
    }
    // A first migration may make other things than tables; one without any statement makes nothing.
    facts.0.statements.is_empty() && migrations.steps.len() > 1
}

/// Applies the statements of a file, showing the state before each. A session ends with its file.
fn fold_file(
    ws: &dyn Workspace,
    catalog: &mut Catalog,
    dialect: Dialect,
    (file, from, until): Part,
    infer: Option<&dyn Infer>,
    before_each: &mut dyn FnMut(&Catalog),
) {
    if ws.text(file).is_none() {
        unreadable(&mut catalog.gaps, file, "the file cannot be read");
        return;
    }
    let search_path = catalog.search_path.clone();
    let facts = ws.sql_facts(file, dialect);
    for (idx, statement) in facts.0.statements.iter().enumerate() {
        let loc = crate::facts::Loc(u32::try_from(idx).unwrap_or(u32::MAX));
        before_each(catalog);
        let start = u32::from(facts.1.range(loc).start());
        let undoes = start < from || until.is_some_and(|until| start >= until);
        if !undoes {
            fold::apply_with(catalog, file, loc, &statement.parsed, &statement.text, infer);
        }
    }
    catalog.search_path = search_path;
    fold::end_session(catalog, file);
}

fn last_snapshot(ws: &dyn Workspace, database: &Database) -> Option<Catalog> {
    let migrations = database.migrations.as_ref()?;
    let mut texts = migrations.snapshots.iter().filter_map(|it| ws.text(*it));
    let texts: Vec<Arc<str>> = match database.drizzle_line {
        DrizzleLine::One => texts.collect(),
        // Only drizzle-kit 1.0 needs those before the last, and together they are large.
        DrizzleLine::Zero => texts.next_back().into_iter().collect(),
    };
    if texts.is_empty() {
        return None;
    }
    let texts: Vec<&str> = texts.iter().map(|it| &**it).collect();
    kit::snapshot(&texts)
}

/// The columns of views whose query is known as text and whose columns are not.
fn view_columns(catalog: &mut Catalog, infer: &dyn Infer) {
    let is_view = |kind| matches!(kind, RelationKind::View | RelationKind::MaterializedView);
    let names: Vec<_> = catalog
        .relations
        .iter()
        .filter(|(_, it)| is_view(it.kind) && it.definition.is_some())
        .filter(|(_, it)| it.open || it.columns.iter().any(|it| it.ty.is_none()))
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        let Some(definition) = catalog.relations.get(&name).and_then(|it| it.definition.clone()) else {
            continue;
        };
        let parsed = crate::sql::parse_statement(&definition, catalog.dialect);
        if parsed.error.is_some() {
            continue;
        }
        let Some(columns) = infer.query_columns(catalog, &parsed.hir, &definition) else { continue };
        let Some(relation) = Arc::make_mut(&mut catalog.relations).get_mut(&name) else { continue };
        let relation = Arc::make_mut(relation);
        for (column, ty, collation) in columns {
            give_type(relation, &column, ty, collation);
        }
        relation.open = false;
    }
}

fn give_type(relation: &mut super::Relation, name: &Ident, ty: Option<Type>, collation: Collation) {
    let collation = if collation == Collation::Indeterminate { Collation::Unknown } else { collation };
    match relation.columns.iter_mut().find(|it| it.name == *name) {
        Some(column) if column.ty.is_none() => (column.ty, column.collation) = (ty, collation),
        Some(_) => {}
        None => {
            let mut column = kit::empty_column(name.clone(), smol_str::SmolStr::default());
            column.ty = ty;
            column.collation = collation;
            column.origin = relation.origin;
            relation.columns.push(column);
        }
    }
}

#[cfg(test)]
mod tests;
