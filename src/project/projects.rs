//! Real projects on disk, by hand: `COLUMNIST_PROJECTS=/dir/of/checkouts cargo test project::projects -- --nocapture`
//! prints what was found in each.

use std::time::Instant;

use super::Workspace;
use super::database::{Databases, Membership};
use super::eval::{Evaluator, Value, ValueKind};
use super::resolve::Resolver;
use crate::base::path;
use crate::testing::TestWorkspace;

#[test]
fn real_projects() {
    let Ok(root) = std::env::var("COLUMNIST_PROJECTS") else { return };
    let mut dirs: Vec<_> =
        std::fs::read_dir(&root).into_iter().flatten().flatten().map(|it| it.path()).collect();
    dirs.sort();
    for dir in dirs {
        let Some(dir) = dir.to_str().map(path::normalize) else { continue };
        if std::env::var("COLUMNIST_PROJECT").is_ok_and(|it| path::file_name(&dir) != it) {
            continue;
        }
        report(&dir);
    }
}

fn report(dir: &str) {
    let ws = TestWorkspace::on_disk(dir);
    let start = Instant::now();
    let resolver = Resolver::new(&ws);
    let indexed = start.elapsed();
    let eval = Evaluator::new(&ws, &resolver);
    let start = Instant::now();
    let databases = Databases::new(&eval);
    let found = start.elapsed();
    println!(
        "== {} ({} files; resolver {indexed:.0?}, databases {found:.0?})",
        path::file_name(dir),
        ws.n_files()
    );
    for (idx, it) in databases.list.iter().enumerate() {
        let start = Instant::now();
        let (mut n_tables, mut n_unknown, mut n_exports) = (0, 0, 0);
        let mut unknown = Vec::new();
        let mut texts = 0;
        let mut seen = rustc_hash::FxHashSet::default();
        let mut files: Vec<_> = it.schema_files.clone();
        for file in &it.schema_files {
            for (name, value) in eval.exports(*file) {
                n_exports += 1;
                if let Some(decl) = &value.decl {
                    if !files.contains(&decl.file) {
                        files.push(decl.file);
                    }
                    if !seen.insert(decl.clone()) {
                        continue;
                    }
                }
                n_tables += usize::from(is_table(&value));
                if value.is_unknown() {
                    n_unknown += 1;
                    unknown.push(format!("{}:{name}", path::file_name(&ws.path(*file))));
                }
            }
        }
        for file in &files {
            let text = ws.text(*file).unwrap_or_else(|| "".into());
            texts += ["pgTable(", "mysqlTable(", "sqliteTable(", "createTable("]
                .map(|it| text.matches(it).count())
                .iter()
                .sum::<usize>();
        }
        let evaluated = start.elapsed();
        let migrations = it.migrations.as_ref().map(|it| {
            format!(
                "{:?} {} steps, {} missing, {} unlisted",
                it.format,
                it.steps.len(),
                it.missing.len(),
                it.unlisted.len()
            )
        });
        println!(
            "  {idx} {:?} {:?} {:?} casing {:?}: {} schema files, {n_exports} exports, {n_tables} tables of {texts} in the text, {n_unknown} unknown {unknown:?}; {} sql; {migrations:?}; {evaluated:.0?} {:?} {:?}",
            it.name,
            it.dialect,
            it.drizzle_line,
            it.config.as_ref().and_then(|it| it.casing),
            it.schema_files.len(),
            it.sql_files.len(),
            it.problems,
            it.also_configs.iter().map(|it| ws.path(*it)).collect::<Vec<_>>(),
        );
    }
    let start = Instant::now();
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for file in ws.files_below(dir) {
        let text = ws.text(file).unwrap_or_else(|| "".into());
        let is_sql = path::extension(&ws.path(file)) == "sql";
        if is_sql || text.contains("sql`") || text.contains("sql<") {
            let key = match databases.membership(&eval, file) {
                Membership::History { database, .. } => format!("history of {database}"),
                Membership::Database(it) => format!("{} {it}", if is_sql { "sql" } else { "ts" }),
                Membership::None(reason) => format!("{} none: {reason}", if is_sql { "sql" } else { "ts" }),
            };
            if key.contains("none") && std::env::var("COLUMNIST_VERBOSE").is_ok() {
                println!("    {key} {}", ws.path(file));
            }
            *counts.entry(key).or_default() += 1;
        }
    }
    println!("  membership ({:.0?}): {counts:?}", start.elapsed());
}

fn is_table(value: &Value) -> bool {
    match &*value.kind {
        ValueKind::Call { callee, .. } => match &*callee.kind {
            ValueKind::External { path, .. } => path.last().is_some_and(|it| it.ends_with("Table")),
            // `pgSchema('x').table`, `pgTableCreator(…)('x')`, `pgTable(…).enableRLS()`
            ValueKind::Member { object, name, .. } => name == "table" || is_table(object),
            ValueKind::Call { callee, .. } => callee
                .as_external()
                .is_some_and(|(_, path)| path.last().is_some_and(|it| it.ends_with("TableCreator"))),
            _ => false,
        },
        _ => false,
    }
}
