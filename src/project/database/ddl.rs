//! Databases without Drizzle: folders of migrations of other tools, and dumps (`schema.sql`, `structure.sql`).

mod definitions;
mod extension;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Database, Databases, Reason, migrations, sniff};
use crate::base::file::FileId;
use crate::base::path;
use crate::project::Workspace;
use crate::project::eval::{Dep, Evaluator};
use crate::project::package::DrizzleLine;
use crate::sql::Dialect;

/// A folder that may describe a database.
#[derive(Default)]
struct Folder {
    dumps: Vec<FileId>,
    has_migrations: bool,
}

pub(super) fn find(eval: &Evaluator<'_>, acc: &mut Databases, claimed: &dyn Fn(&str) -> bool) {
    let resolver = eval.resolver();
    let mut sql: Vec<(Arc<str>, FileId)> = Vec::new();
    for (file_path, file) in resolver.files() {
        if path::extension(file_path) == "sql" {
            sql.push((file_path.clone(), file));
        }
    }
    sql.sort();
    let owned: Vec<Arc<str>> =
        acc.list.iter().filter_map(|it| it.migrations.as_ref()).map(|it| it.dir.clone()).collect();
    let outs: Vec<Arc<str>> =
        acc.list.iter().filter_map(|it| it.config.as_ref()).map(|it| it.out.clone()).collect();
    let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
    let plans = planned(&sql);
    let is_own = |it: &str| owned.iter().chain(&outs).any(|own| path::is_within(it, own)) || claimed(it);
    let templates = of_templates(eval, &sql, &is_own);
    let extensions = extension::dirs(eval, &sql, &is_own);
    for (file_path, file) in &sql {
        if plans.iter().any(|it| is_step(file_path, it)) {
            acc.left_alone.insert(*file, Reason::Foreign);
            continue;
        }
        if owned.iter().chain(&outs).any(|it| path::is_within(file_path, it)) {
            continue;
        }
        if let Some(reason) = left_alone(eval.workspace(), file_path) {
            acc.left_alone.insert(*file, reason);
            continue;
        }
        if claimed(file_path) {
            continue;
        }
        if extensions.iter().any(|it| path::is_within(file_path, it)) {
            acc.left_alone.insert(*file, Reason::Extension);
            continue;
        }
        if templates.contains(file) {
            acc.left_alone.insert(*file, Reason::Template);
        }
        let dir = path::parent(file_path).unwrap_or("/");
        let name = path::file_name(file_path);
        if is_dump_name(name) {
            folders.entry(dir.to_owned()).or_default().dumps.push(*file);
        } else if name == "migration.sql" || name == "up.sql" {
            if let Some(parent) = path::parent(dir) {
                folders.entry(parent.to_owned()).or_default().has_migrations = true;
            }
        } else if (is_migrations_dir(dir) || is_numbered(name)) && !has_blocks(eval, *file) {
            folders.entry(dir.to_owned()).or_default().has_migrations = true;
        }
    }
    // A dump lies beside the folder of migrations (`db/structure.sql`, `db/migrate`) or in it.
    let dirs: Vec<String> = folders.keys().cloned().collect();
    for dir in dirs {
        let beside = path::parent(&dir).and_then(|it| folders.get_mut(it)).filter(|it| !it.has_migrations);
        let dumps = beside.map(|it| std::mem::take(&mut it.dumps)).unwrap_or_default();
        match folders.get_mut(&dir) {
            Some(folder) if folder.has_migrations => folder.dumps.extend(dumps),
            _ => {
                if let Some(parent) = path::parent(&dir).and_then(|it| folders.get_mut(it)) {
                    parent.dumps.extend(dumps);
                }
            }
        }
    }
    for (dir, folder) in folders {
        add(eval, acc, &dir, folder);
    }
    // Nothing says where the schema is: a folder that only defines things does.
    if acc.list.is_empty() {
        let left: Vec<_> = sql
            .into_iter()
            .filter(|(file_path, file)| !acc.left_alone.contains_key(file) && !claimed(file_path))
            .collect();
        for (dir, files) in definitions::find(eval, &left) {
            let n_before = acc.list.len();
            add(eval, acc, &dir, Folder { dumps: files, has_migrations: false });
            acc.list.iter_mut().skip(n_before).for_each(|it| it.is_guess = true);
        }
        for (_, file) in
            left.iter().filter(|it| !acc.list.is_empty() && eval.workspace().hints(it.1).is_template)
        {
            acc.left_alone.insert(*file, Reason::Template);
        }
    }
}

/// Files that a program fills in, by `{{ … }}` where SQL has no braces, or where one beside them has such.
fn of_templates(
    eval: &Evaluator<'_>,
    sql: &[(Arc<str>, FileId)],
    is_own: &dyn Fn(&str) -> bool,
) -> BTreeSet<FileId> {
    let ws = eval.workspace();
    let mut dirs: BTreeMap<&str, (bool, Vec<FileId>)> = BTreeMap::new();
    for (file_path, file) in sql.iter().filter(|it| !is_own(&it.0)) {
        eval.note(Dep::hints(*file));
        let hints = ws.hints(*file);
        let (is_any, files) = dirs.entry(path::parent(file_path).unwrap_or("/")).or_default();
        *is_any |= hints.is_unfilled;
        if hints.is_unfilled || hints.is_template {
            files.push(*file);
        }
    }
    dirs.into_values().filter(|it| it.0).flat_map(|it| it.1).collect()
}

/// The directories of Sqitch, whose `deploy` and `revert` hold files in an order that only its plan tells.
fn planned(sql: &[(Arc<str>, FileId)]) -> Vec<String> {
    let above =
        |file_path: &str, part: &str| file_path.split_once(&format!("/{part}/")).map(|it| it.0.to_owned());
    let mut res: Vec<String> = sql.iter().filter_map(|(it, _)| above(it, "deploy")).collect();
    res.dedup();
    res.retain(|dir| sql.iter().any(|(it, _)| above(it, "revert").as_deref() == Some(dir)));
    res
}

/// A file of Sqitch's.
fn is_step(file_path: &str, dir: &str) -> bool {
    let part =
        file_path.strip_prefix(dir).and_then(|it| it.strip_prefix('/')).and_then(|it| it.split('/').next());
    matches!(part, Some("deploy" | "revert" | "verify"))
}

fn add(eval: &Evaluator<'_>, acc: &mut Databases, dir: &str, folder: Folder) {
    let (ws, resolver) = (eval.workspace(), eval.resolver());
    let migrations = if folder.has_migrations { migrations::read(ws, resolver, dir) } else { None };
    let steps = migrations.iter().flat_map(|it| &it.steps).map(|it| it.file);
    let files: Vec<FileId> = folder.dumps.iter().copied().chain(steps).collect();
    for file in &files {
        eval.note(Dep::hints(*file));
    }
    let hints: Vec<Arc<sniff::Hints>> = files.iter().map(|it| ws.hints(*it)).collect();
    if !hints.iter().any(|it| it.is_ddl) {
        return;
    }
    let packages = resolver.packages();
    let told = migrations.as_ref().and_then(|it| it.journal_dialect(ws)).map(sniff::Sniffed::Known);
    let told = told.or_else(|| sniff::dialect_of_path(dir).filter(|it| *it == sniff::Sniffed::Foreign));
    let told = told.or_else(|| hints.iter().find_map(|it| it.dialect));
    let sniffed = told.or_else(|| sniff::dialect_of_path(dir)).or_else(|| {
        // Nothing tells: PostgreSQL, unless the project only talks to others.
        let has = |names: &[&str]| names.iter().any(|it| packages.installed(ws, it, dir).is_some());
        let other =
            ["mysql2", "mysql", "better-sqlite3", "sqlite3", "@libsql/client", "mssql", "wrangler", "sql.js"];
        let postgres =
            ["pg", "postgres", "@vercel/postgres", "@neondatabase/serverless", "@electric-sql/pglite"];
        (has(&postgres) || !has(&other)).then_some(sniff::Sniffed::Known(Dialect::Postgres))
    });
    let Some(sniff::Sniffed::Known(dialect)) = sniffed else {
        for file in files {
            acc.left_alone.insert(file, Reason::OtherDialect);
        }
        return;
    };
    let near: Arc<str> = home(dir).into();
    let package = packages.nearest(dir).map(|it| it.dir.clone());
    // Drizzle's own schema with another tool's migrations is one database.
    let drizzle = acc.list.iter_mut().find(|it| {
        it.config.is_some()
            && it.migrations.is_none()
            && it.dialect == dialect
            && Some(&it.dir) == package.as_ref()
    });
    if let Some(database) = drizzle {
        database.migrations = migrations;
        return;
    }
    let is_generated = |it: &FileId| ws.hints(*it).is_generated;
    let dumps = match &migrations {
        // Which of the two is newer only a dump that its tool writes after every migration tells.
        Some(_) => folder.dumps.into_iter().filter(is_generated).collect(),
        None => folder.dumps,
    };
    let make = |sql_files: Vec<FileId>, migrations: Option<migrations::Migrations>| Database {
        name: SmolStr::default(),
        dialect,
        foreign: None,
        dir: near.clone(),
        config: None,
        also_configs: Vec::new(),
        schema_files: Vec::new(),
        migrations,
        sql_files,
        search_path: Vec::new(),
        extensions: Vec::new(),
        server_version: None,
        drizzle_line: DrizzleLine::Zero,
        is_guess: false,
        problems: Vec::new(),
    };
    acc.list.push(make(dumps, migrations));
}

/// The directory whose database a folder of DDL describes: `app` for `app/db/migrations`.
fn home(dir: &str) -> &str {
    let is_place = |it: &str| {
        matches!(
            it,
            "db" | "database" | "databases" | "sql" | "schema" | "schemas" | "prisma" | "supabase" | "src"
        )
    };
    let mut res = dir;
    while let Some(parent) = path::parent(res).filter(|it| it.len() > 1) {
        if !is_migrations_dir(res) && !is_place(path::file_name(res)) {
            break;
        }
        res = parent;
    }
    res
}

/// Files that no project's database is described by.
pub(super) fn left_alone(ws: &dyn Workspace, file_path: &str) -> Option<Reason> {
    // Where the workspace itself lies says nothing about its files.
    let roots = ws.roots();
    let root = roots.iter().filter(|it| path::is_within(file_path, it)).max_by_key(|it| it.len());
    let below = root.and_then(|it| file_path.strip_prefix(&**it)).unwrap_or(file_path);
    let name = path::file_name(below);
    if migrations::is_down(name) {
        return Some(Reason::Undoes);
    }
    let is_test = |part: &str| {
        matches!(
            part,
            "test"
                | "tests"
                | "__tests__"
                | "spec"
                | "specs"
                | "fixture"
                | "fixtures"
                | "__fixtures__"
                | "testdata"
                | "test-data"
                | "e2e"
                | "mocks"
                | "__mocks__"
                | "snapshots"
                | "__snapshots__"
                | "corpus"
                | "bench"
                | "benchmarks"
        )
    };
    if path::parent(below).is_some_and(|it| it.split('/').any(is_test)) {
        return Some(Reason::TestData);
    }
    let is_foreign =
        |part: &str| matches!(part, "node_modules" | "vendor" | "third_party" | "target" | "dist" | ".next");
    below.split('/').any(is_foreign).then_some(Reason::Foreign)
}

/// Queries with names, whatever their folder is called.
fn has_blocks(eval: &Evaluator<'_>, file: FileId) -> bool {
    eval.note(Dep::hints(file));
    eval.workspace().hints(file).has_blocks
}

fn is_dump_name(name: &str) -> bool {
    matches!(
        name,
        "schema.sql" | "structure.sql" | "init.sql" | "ddl.sql" | "tables.sql" | "database.sql" | "db.sql"
    ) || name.ends_with(".schema.sql")
}

fn is_migrations_dir(dir: &str) -> bool {
    let name = path::file_name(dir);
    matches!(
        name,
        "migrations" | "migration" | "migrate" | "sql-migrations" | "db-migrations" | "migrations-sql"
    )
}

/// `0001_name.sql`, `20240101120000-name.sql`, `V1__name.sql`.
fn is_numbered(name: &str) -> bool {
    let digits = name.strip_prefix('V').unwrap_or(name);
    let end = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len());
    end >= 1
        && digits.get(end..).is_some_and(|it| it.starts_with(['_', '-', '.']))
        && (end >= 3 || name.starts_with('V'))
}
