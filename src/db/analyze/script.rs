//! Fragments of a script: rendered, wrapped, parsed and analysed.

mod agree;
mod handle;

use std::sync::Arc;

use smol_str::{SmolStr, format_smolstr};

use super::super::analysis::{FileAnalysis, SkipReason, Skipped, SqlUnit, UnitKind};
use super::super::units::{Key, Reuse, Unit};
use super::{Input, Start};
use crate::base::file::FileId;
use crate::base::fingerprint::Fingerprint;
use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::{Catalog, fold};
use crate::embed::{Fragment, Frame, Source};
use crate::facts::Loc;
use crate::project::Workspace;
use crate::project::database::Membership;
use crate::project::eval::Evaluator;
use crate::sema::code::{self, Code};
use crate::sema::fragment::{Env, Place, Placement, Role, role, wrap};
use crate::sema::render::values::Values;
use crate::sema::render::{self, Columns, Library, Rendered};
use crate::sema::{self, Problem, Target};
use crate::sql::created::{created_names, remade_tables, temporary_names};
use crate::sql::{Dialect, Ident, split};
use crate::ts::hir::{BindingKind, ExprKind, Module};

pub(super) fn analyze(input: &Input<'_>, starts: &mut Vec<(usize, Start)>) -> FileAnalysis {
    let &Input { snap, model, eval, file, state, .. } = input;
    let fragments = state.fragments();
    let module = state.module();
    let mut res = FileAnalysis::default();
    // Whose tags these are does not depend on the database.
    let empty = Catalog::default();
    let values = Values::new(eval, &empty, &module, file);
    let value = |id| values.value(id);
    let package = |file: FileId, ty: &str, path: &[SmolStr]| values.package(file, ty, path);
    let env = Env { module: &module, file, catalog: &empty, value: &value, package: &package };
    let ours: Vec<(&Fragment, Library)> = fragments
        .iter()
        .map(|it| (it, render::library_of(&env, it)))
        .filter(|(_, library)| *library != Library::Foreign)
        .collect();
    if ours.is_empty() {
        return res;
    }
    if let Some(engine) = other_engine(&module) {
        let detail = format_smolstr!("it imports the client of another engine: {engine}");
        let skip = |host| Skipped { host, reason: SkipReason::ForeignFile, detail: detail.clone() };
        res.skipped = ours.iter().map(|(it, _)| skip(it.host)).collect();
        return res;
    }
    let databases = match input.membership {
        Membership::Database(database) | Membership::History { database, .. } => vec![database],
        Membership::None(reason) => {
            if input.candidates.is_empty() {
                res.skipped = ours.iter().map(|(it, _)| super::skipped(it.host, reason)).collect();
                return res;
            }
            input.candidates.to_vec()
        }
    };
    let mut readings = Vec::new();
    let mut altered = altered_tables(&state.text, &state.created_names());
    for text in handle::executed_elsewhere(&env) {
        let mut created = Vec::new();
        created_names(&text, &mut created);
        altered.extend(altered_tables(&text, &created));
        altered.extend(created.into_iter().filter(|it| !it.is_dynamic()));
    }
    altered.sort();
    altered.dedup();
    let retyped = retyped_columns(&state.text);
    for database in databases {
        let Some(known) = model.known(snap, database) else { continue };
        starts.push((database, Start::Version(known.version())));
        let dialect = model.databases.list.get(database).map_or_else(Default::default, |it| it.dialect);
        let mut catalog = Arc::clone(&known.built.catalog);
        // Programs make the tables of SQLite themselves.
        let makes_any = || dialect == Dialect::Sqlite && catalog.gaps.named.iter().any(Ident::is_dynamic);
        let makes_unknown = state.created_names().iter().any(Ident::is_dynamic)
            || asks_for_tables(&state.text)
            || makes_any();
        let gaps = &mut Arc::make_mut(&mut catalog).gaps;
        // When its definitions run, nobody knows.
        gaps.loose = Some(file);
        // It may make relations whose names are not known.
        gaps.relations |= makes_unknown;
        let is_guess = model.databases.list.get(database).is_some_and(|it| it.is_guess);
        if is_guess && is_history(&Workspace::path(snap, file)) {
            let all: Vec<Ident> = catalog.relations.keys().map(|it| it.name.clone()).collect();
            loosen(Arc::make_mut(&mut catalog), &all);
        }
        loosen(Arc::make_mut(&mut catalog), &altered);
        forget_types(Arc::make_mut(&mut catalog), &altered, &retyped);
        let values = Values::new(eval, &catalog, &module, file);
        let value = |id| values.value(id);
        let package = |file: FileId, ty: &str, path: &[SmolStr]| values.package(file, ty, path);
        let env = Env { module: &module, file, catalog: &catalog, value: &value, package: &package };
        let start = match (makes_unknown, altered.is_empty()) {
            (true, true) => Key::OPEN,
            (false, true) => 0,
            (makes_unknown, false) => Fingerprint::of(&(makes_unknown, &altered, &retyped)).0,
        };
        let is_drizzles = model.databases.list.get(database).is_some_and(|it| !it.schema_files.is_empty());
        let cx = Cx {
            eval,
            is_drizzles,
            env: &env,
            text: &state.text,
            file,
            dialect,
            database,
            start,
            reuse: input.reuse,
        };
        let mut reading = FileAnalysis::default();
        for (fragment, library) in &ours {
            cx.fragment(fragment, *library, &mut reading);
        }
        readings.push(reading);
    }
    kindest(readings)
}

/// Whether a file asks PostgreSQL which tables there are: what it does with one that is not there it may never do.
fn asks_for_tables(text: &str) -> bool {
    let asked = ["to_regclass", "information_schema.tables", "pg_tables", "pg_class"];
    asked.iter().any(|it| memchr::memmem::find(text.as_bytes(), it.as_bytes()).is_some())
}

/// Whether a file asks PostgreSQL if there is a column of this name: what it does with one that is gone it never does.
fn asks_for_column(text: &str, column: &Ident) -> bool {
    let has = |it: &str| memchr::memmem::find(text.as_bytes(), it.as_bytes()).is_some();
    (has("information_schema.columns") || has("pg_attribute"))
        && ['\'', '"'].iter().any(|quote| has(&format!("{quote}{column}{quote}")))
}

/// Tables whose columns the file itself changes when it runs (a test that puts an older schema back), or that it makes in a
/// schema or database of its own or for the session, where they hide those of the schema.
fn altered_tables(text: &str, created: &[Ident]) -> Vec<Ident> {
    let mut res = Vec::new();
    if memchr::memmem::find(text.as_bytes(), b"search_path").is_some() {
        res.extend(created.iter().filter(|it| !it.is_dynamic()).cloned());
    }
    temporary_names(text, &mut res);
    remade_tables(text, &mut res);
    for word in ["alter table", "ALTER TABLE"] {
        for at in memchr::memmem::find_iter(text.as_bytes(), word) {
            let mut words = text.get(at + word.len()..).unwrap_or("").split_whitespace().peekable();
            while words.next_if(|it| ["if", "exists", "only"].contains(&&*it.to_ascii_lowercase())).is_some()
            {
            }
            let Some(name) = words.next() else { continue };
            // What is only added is known: see [`crate::sql::created::added_columns`].
            let behind = text.get(at..).and_then(|it| it.split_once(name)).map_or("", |it| it.1);
            if only_adds_columns(behind) {
                continue;
            }
            let last = name.rsplit('.').next().unwrap_or(name).trim_matches(['"', '`', '\\', ';']);
            res.push(Ident::new(last));
        }
    }
    res.sort();
    res.dedup();
    res
}

/// The columns that a file gives another type when it runs: `ALTER COLUMN c SET DATA TYPE …`.
fn retyped_columns(text: &str) -> Vec<Ident> {
    let mut res = Vec::new();
    for word in ["alter column", "ALTER COLUMN"] {
        for at in memchr::memmem::find_iter(text.as_bytes(), word) {
            let mut words = text.get(at + word.len()..).unwrap_or("").split_whitespace();
            let Some(name) = words.next() else { continue };
            let next: Vec<&str> = words.take(3).collect();
            let is = |at: usize, word: &str| next.get(at).is_some_and(|it| it.eq_ignore_ascii_case(word));
            if is(0, "type") || is(0, "set") && is(1, "data") && is(2, "type") {
                res.push(Ident::new(name.trim_matches(['"', '\\'])));
            }
        }
    }
    res.sort();
    res.dedup();
    res
}

/// What these columns of altered tables hold, nobody knows.
fn forget_types(catalog: &mut Catalog, altered: &[Ident], retyped: &[Ident]) {
    if retyped.is_empty() {
        return;
    }
    for (_, relation) in
        Arc::make_mut(&mut catalog.relations).iter_mut().filter(|it| altered.contains(&it.0.name))
    {
        let columns = Arc::make_mut(relation).columns.iter_mut();
        columns.filter(|it| retyped.contains(&it.name)).for_each(|it| it.ty = None);
    }
}

/// Whether what follows `ALTER TABLE t` does nothing but add columns of names that are written out.
fn only_adds_columns(behind: &str) -> bool {
    let end = behind.find([';', '`']).unwrap_or(behind.len());
    let Some(actions) = behind.get(..end).filter(|it| !it.contains("${")) else { return false };
    let mut depth = 0usize;
    let actions = actions.split(|it| {
        match it {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        it == ',' && depth == 0
    });
    actions.map(str::trim_start).all(|it| {
        let rest = ["add column ", "ADD COLUMN "].iter().find_map(|words| it.strip_prefix(*words));
        let name = |it: &str| {
            let name = it.trim_start();
            name.strip_prefix('"')
                .unwrap_or(name)
                .starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        };
        rest.is_some_and(name)
    })
}

/// A step that the schema went through before it was what its files say now.
fn is_history(path: &str) -> bool {
    let is =
        |part: &str| ["migration", "alteration", "migrate", "upgrade"].iter().any(|it| part.starts_with(it));
    path.split('/').any(is)
}

/// Columns may be added to these tables, and any may be NULL.
fn loosen(catalog: &mut Catalog, altered: &[Ident]) {
    if altered.is_empty() {
        return;
    }
    for (name, relation) in Arc::make_mut(&mut catalog.relations) {
        if altered.contains(&name.name) {
            let relation = Arc::make_mut(relation);
            relation.open = true;
            relation.columns.iter_mut().for_each(|it| it.not_null = false);
        }
    }
}

/// The module that brings a file the client of an engine that is none of Drizzle's dialects: which of its SQL is
/// meant for which, nothing says.
fn other_engine(module: &Module) -> Option<&SmolStr> {
    const ENGINES: [&str; 6] = ["duckdb", "motherduck", "clickhouse", "bigquery", "snowflake", "databricks"];
    let names_engine = |it: &&SmolStr| {
        let specifier = it.to_ascii_lowercase();
        ENGINES.iter().any(|engine| specifier.contains(engine))
    };
    module.imports.iter().map(|it| &it.specifier).find(names_engine)
}

/// Of several databases that a file may belong to, each fragment is taken to belong to the one that has the least
/// to say against it.
fn kindest(mut readings: Vec<FileAnalysis>) -> FileAnalysis {
    let Some(mut res) = readings.pop() else { return FileAnalysis::default() };
    let n_problems = |units: &[SqlUnit], host: TextRange| -> Option<usize> {
        let of_it = units.iter().filter(|it| it.host == host);
        let count = |it: &SqlUnit| it.analysis.problems.len() + usize::from(it.parsed.error.is_some());
        of_it.map(count).reduce(|a, b| a + b)
    };
    for other in readings.into_iter().rev() {
        let mut hosts: Vec<TextRange> = other.units.iter().map(|it| it.host).collect();
        hosts.dedup();
        for host in hosts {
            let better = match n_problems(&res.units, host) {
                Some(now) => n_problems(&other.units, host).is_some_and(|it| it <= now),
                None => true,
            };
            if better {
                res.units.retain(|it| it.host != host);
                res.skipped.retain(|it| it.host != host);
                res.units.extend(other.units.iter().filter(|it| it.host == host).cloned());
            }
        }
    }
    res.units.sort_by_key(|it| it.host.start());
    res
}

/// Why SQL that stands in PostgreSQL's project is not meant for its database as it is now.
fn stranger(env: &Env<'_>, text: &str, fragment: &Fragment, library: Library) -> Option<SmolStr> {
    let drizzles = |it: &&SmolStr| it.starts_with("drizzle-orm/");
    let specifiers = || env.module.imports.iter().map(|it| &it.specifier).filter(drizzles);
    let others = ["sqlite", "d1", "libsql", "mysql", "planetscale", "singlestore"];
    let is_other = |it: &SmolStr| others.iter().any(|other| it.contains(other));
    if let Some(other) = specifiers().find(|it| is_other(it))
        && specifiers().all(is_other)
    {
        return Some(format_smolstr!("it imports {other}"));
    }
    // Databases of PostgreSQL have no such methods (drizzle-orm, `PgDatabase`).
    if library == Library::Drizzle
        && let Some(method) = role::method_of_sqlite(env, fragment)
    {
        return Some(format_smolstr!(".{method}() runs it, as on SQLite"));
    }
    // Kysely's manual writes migrations for `Kysely<any>`: they stay as they were when the schema was another.
    (library == Library::Kysely && text.contains("Kysely<any>"))
        .then(|| "a migration of Kysely, for an older schema".into())
}

struct Cx<'a, 'e> {
    eval: &'a Evaluator<'e>,
    env: &'a Env<'e>,
    text: &'a str,
    file: FileId,
    dialect: Dialect,
    database: usize,
    /// The state of the catalog before any statement; see [`Key::state`].
    start: u64,
    reuse: &'a Reuse<'a>,
    /// The schema is Drizzle's.
    is_drizzles: bool,
}

impl Cx<'_, '_> {
    fn fragment(&self, fragment: &Fragment, library: Library, res: &mut FileAnalysis) {
        let place = role::place(self.env, fragment);
        if place.role == Role::Nested {
            return;
        }
        let skip = |reason, detail: SmolStr| Skipped { host: fragment.host, reason, detail };
        if self.dialect == Dialect::Postgres
            && let Some(detail) = stranger(self.env, self.text, fragment, library)
        {
            res.skipped.push(skip(SkipReason::ForeignFile, detail));
            return;
        }
        if fragment.unclosed {
            res.skipped.push(skip(SkipReason::UnknownContext, "its closing delimiter is missing".into()));
            return;
        }
        // Elements of an index are written without their table.
        let columns = if place.role == Role::IndexItem { Columns::Bare } else { Columns::Qualified };
        let rendering = render::render(self.env, fragment, columns);
        let is_refused = is_expected_to_be_refused(self.env.module, &fragment.context);
        let mut alternatives: Vec<Vec<SqlUnit>> = Vec::new();
        let mut why = None;
        for rendered in &rendering.alternatives {
            match self.rendered(fragment, library, &place, rendered) {
                Ok(mut found) => {
                    found.iter_mut().for_each(|it| mute(it, &place, rendered));
                    if rendered.params.iter().any(|it| self.may_be_column(it)) {
                        found.iter_mut().for_each(|it| forget(it, |it| it.code == code::AMBIGUOUS_FUNCTION));
                    }
                    if is_refused {
                        found.iter_mut().for_each(|it| forget(it, |_| true));
                    }
                    alternatives.push(found);
                }
                Err(reason) => why = why.or(Some(reason)),
            }
        }
        agree::settle(&mut alternatives, why.is_some());
        let mut units: Vec<SqlUnit> = alternatives.into_iter().flatten().collect();
        if is_of_other_library(fragment, library) {
            let elsewhere = |it: &Problem| is_in_other_schema(self.env.catalog, it);
            units.iter_mut().for_each(|it| forget(it, elsewhere));
            if self.is_drizzles {
                units.iter_mut().for_each(|it| mute_stranger(it, self.env.catalog));
            }
        }
        self.forgive_other_schema(fragment, &mut units);
        let is_asked_for =
            |it: &Problem| sema::missing_column(it).is_some_and(|it| asks_for_column(self.text, &it));
        units.iter_mut().for_each(|it| forget(it, is_asked_for));
        match (units.is_empty(), why) {
            (true, Some((reason, detail))) => res.skipped.push(skip(reason, detail)),
            (true, None) => res.skipped.push(skip(SkipReason::NotSql, "empty".into())),
            _ => res.units.extend(units),
        }
    }

    /// The columns of the schema that the fragment's own handle was given are there, too, and nothing is known of those of
    /// another database.
    fn forgive_other_schema(&self, fragment: &Fragment, units: &mut [SqlUnit]) {
        let is_missing = |it: &Problem| {
            matches!(it.code, code::UNDEFINED_COLUMN | code::UNDEFINED_TABLE | code::UNDEFINED_SCHEMA)
        };
        if !units.iter().any(|it| it.analysis.problems.iter().any(is_missing)) {
            return;
        }
        if handle::is_of_some_database(self.env.module, self.text, fragment) {
            units.iter_mut().for_each(|it| forget(it, is_missing));
            return;
        }
        let Some(schema) = handle::schema(self.env, fragment) else { return };
        for unit in units {
            let tables = unit.analysis.references.iter().filter_map(|it| match &it.target {
                Target::Relation(name) => Some(name.name.clone()),
                _ => None,
            });
            let tables: Vec<Ident> = tables.collect();
            let is_there = |column: &Ident| {
                tables.iter().any(|table| handle::has_column(self.eval, &schema, table, column))
            };
            forget(unit, |it| sema::missing_column(it).is_some_and(|it| is_there(&it)));
        }
    }

    fn rendered(
        &self,
        fragment: &Fragment,
        library: Library,
        place: &Place,
        rendered: &Rendered,
    ) -> Result<Vec<SqlUnit>, (SkipReason, SmolStr)> {
        if rendered.text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let column = self.assigned_column(place);
        let readings = wrap::wrap(place, &rendered.text, &rendered.mentioned, column.as_deref());
        let n_readings = readings.len();
        for wrapped in readings {
            let map = Arc::new(rendered.map.clone());
            let placement = Placement::Fragment {
                wrapper: wrapped.prefix.into(),
                start: TextSize::default(),
                len: TextSize::of(rendered.text.as_str()),
                map: Arc::clone(&map),
            };
            let units = if wrapped.role == Role::Statement {
                self.statements(fragment, &wrapped.text, &map)
            } else {
                vec![self.unit(fragment, self.env.catalog, self.start, &wrapped.text, placement).0]
            };
            let broken = units.iter().any(|it| it.parsed.error.is_some());
            if !broken {
                return Ok(doubtful(units, library));
            }
            if let Some(hole) = rendered.dynamic.first() {
                let text = slice(self.text, hole.host);
                return Err((SkipReason::Dynamic, format_smolstr!("{text} may be any SQL")));
            }
            let guessed =
                |it: &&render::Param| it.expr.is_some_and(|it| render::kind::is_guess(self.env, it));
            if let Some(param) = rendered.params.iter().find(guessed) {
                let text = slice(self.text, param.host);
                return Err((SkipReason::Dynamic, format_smolstr!("{text} may be any SQL")));
            }
            if n_readings == 1 && place.role != Role::Unknown {
                return Ok(doubtful(units, library));
            }
        }
        Err((SkipReason::UnknownContext, "where it is used cannot be seen from here".into()))
    }

    /// A property of an object of which nothing is known may be a column, and no parameter.
    fn may_be_column(&self, param: &render::Param) -> bool {
        let Some(id) = param.expr else { return false };
        let ExprKind::Member { object, .. } = &self.env.module.expr(id).kind else { return false };
        let object = self.env.module.expr(*object);
        let ExprKind::Ident(name) = &object.kind else { return false };
        let found = self.env.module.lookup(object.scope, name);
        found.is_some_and(|(_, it)| matches!(it.kind, BindingKind::Const { .. }) && it.ty.is_none())
    }

    /// Each statement of a text, in order, on the catalog that those before it leave.
    fn statements(&self, fragment: &Fragment, text: &str, map: &Arc<render::OffsetMap>) -> Vec<SqlUnit> {
        let pieces = split::split(text, self.dialect);
        let mut pieces = pieces.into_iter().filter(|it| it.kind == split::PieceKind::Sql).peekable();
        let mut changed: Option<Catalog> = None;
        let mut state = self.start;
        let mut units = Vec::new();
        while let Some(piece) = pieces.next() {
            let (start, len) = (piece.range.start(), piece.range.len());
            let placement = Placement::Fragment { wrapper: 0.into(), start, len, map: Arc::clone(map) };
            let catalog = changed.as_ref().unwrap_or(self.env.catalog);
            let (unit, made) = self.unit(fragment, catalog, state, slice(text, piece.range), placement);
            if pieces.peek().is_some() {
                let catalog = changed.get_or_insert_with(|| self.env.catalog.clone());
                let loc = Loc(u32::MAX);
                if made.apply(catalog, |it| fold::apply(it, self.file, loc, &unit.parsed, &unit.text)) {
                    state = Fingerprint::of(&(state, &*unit.text)).0;
                }
            }
            units.push(unit);
        }
        units
    }

    fn unit(
        &self,
        fragment: &Fragment,
        catalog: &Catalog,
        state: u64,
        text: &str,
        placement: Placement,
    ) -> (SqlUnit, Arc<Unit>) {
        let key = Key { text: text.into(), database: self.database, dialect: self.dialect, state };
        let (text, unit) = self.reuse.unit(key, catalog, None, None);
        let res = SqlUnit {
            kind: UnitKind::Fragment(fragment.id),
            host: fragment.host,
            text,
            parsed: Arc::clone(&unit.parsed),
            analysis: Arc::clone(&unit.analysis),
            placement,
            database: self.database,
            doubtful: false,
            env: None,
        };
        (res, unit)
    }

    /// The SQL name of the column that a value is assigned to.
    fn assigned_column(&self, place: &Place) -> Option<String> {
        let Role::Assigned { table, key, .. } = &place.role else { return None };
        let relation = self.env.catalog.relations.get(table)?;
        let column = relation.columns.iter().find(|it| it.key.as_ref() == Some(key))?;
        Some(column.name.to_string())
    }
}

/// Sent through another library than Drizzle: a driver's `query`, Kysely's tag.
fn is_of_other_library(fragment: &Fragment, library: Library) -> bool {
    match &fragment.source {
        Source::Execute { method, .. } => {
            !matches!(method.as_str(), "execute" | "run" | "all" | "get" | "values")
        }
        _ => !matches!(library, Library::Drizzle | Library::Text),
    }
}

/// What names nothing of a database whose queries go through Drizzle, sent by other means, speaks of another database.
fn mute_stranger(unit: &mut SqlUnit, catalog: &Catalog) {
    let is_ours = |it: &Target| matches!(it, Target::Relation(name) if catalog.relations.contains_key(name));
    let is_missing = |it: &Problem| {
        matches!(it.code, code::UNDEFINED_TABLE | code::UNDEFINED_SCHEMA | code::UNDEFINED_FUNCTION)
    };
    let problems = &unit.analysis.problems;
    // A name that is nearly one of ours is a slip.
    let is_slip = problems.iter().any(|it| is_missing(it) && !it.fixes.is_empty());
    if is_slip
        || !problems.iter().any(is_missing)
        || unit.analysis.references.iter().any(|it| is_ours(&it.target))
    {
        return;
    }
    Arc::make_mut(&mut unit.analysis).problems.retain(|it| !is_missing(it));
}

fn forget(unit: &mut SqlUnit, is_it: impl Fn(&Problem) -> bool) {
    if unit.analysis.problems.iter().any(&is_it) {
        Arc::make_mut(&mut unit.analysis).problems.retain(|it| !is_it(it));
    }
}

/// A bare name of a table that another schema has: a driver's connection, or its role, may have that one in its path.
fn is_in_other_schema(catalog: &Catalog, problem: &Problem) -> bool {
    let name =
        problem.message.strip_prefix("relation \"").and_then(|it| it.strip_suffix("\" does not exist"));
    problem.code == code::UNDEFINED_TABLE
        && name.is_some_and(|name| catalog.relations.keys().any(|it| it.name.as_str() == name))
}

/// A test says that PostgreSQL refuses it: `expect(client.query('…')).rejects`, `assert.rejects(client.query('…'))`.
fn is_expected_to_be_refused(module: &Module, context: &[Frame]) -> bool {
    context.iter().any(|it| match it {
        Frame::Arg { method, .. } if method == "rejects" => true,
        Frame::Arg { call, method, .. } if method == "expect" => module.expr(*call).parent.is_some_and(
            |it| matches!(&module.expr(it).kind, ExprKind::Member { name, .. } if name == "rejects"),
        ),
        _ => false,
    })
}

/// Takes out what the whole query, of which a fragment is a part, may say otherwise.
fn mute(unit: &mut SqlUnit, place: &Place, rendered: &Rendered) {
    let piece = place.role == Role::Unknown;
    if unit.is_whole() && rendered.dynamic.is_empty() && !piece {
        return;
    }
    let elsewhere = |it: &Problem| {
        let code = it.code;
        // GROUP BY stands in another call; a parameter's type may come from what surrounds the fragment, or from
        // a hole that is not known.
        code == code::INDETERMINATE_DATATYPE
            || code == code::AMBIGUOUS_PARAMETER
            || (place.scope.grouped && code == code::GROUPING_ERROR)
            // Put together elsewhere: WITH and FROM of the whole query bring names.
            || piece && PIECEWISE.contains(&code)
            || piece && code == code::UNDEFINED_COLUMN && it.message.starts_with("column \"")
    };
    if unit.analysis.problems.iter().any(elsewhere) {
        Arc::make_mut(&mut unit.analysis).problems.retain(|it| !elsewhere(it));
    }
}

/// What cannot be said of a piece of a query that is put together elsewhere.
const PIECEWISE: [Code; 6] = [
    code::UNDEFINED_TABLE,
    code::AMBIGUOUS_COLUMN,
    code::WRONG_COLUMN_COUNT,
    code::SUBSELECT_CARDINALITY,
    code::SYNTAX_ERROR,
    code::GROUPING_ERROR,
];

fn doubtful(mut units: Vec<SqlUnit>, library: Library) -> Vec<SqlUnit> {
    for unit in &mut units {
        unit.doubtful = library == Library::Unknown;
    }
    units
}
