//! Our reading of a Drizzle schema against the snapshot that drizzle-kit wrote for the same schema.
//!
//! The cases under `tests/oracle/cases/kit` and the sample application must agree in full. With
//! `COLUMNIST_PROJECTS=DIR`, public projects checked out below DIR are compared too (with node and the modules of `tests/oracle`), and what differs is printed.

use std::path::Path;

use columnist::base::file::FileId;
use columnist::catalog::diff::{Change, diff};
use columnist::catalog::drizzle::{Casing, Line, catalog, read};
use columnist::catalog::{Catalog, kit};
use columnist::db::Snapshot;
use columnist::load;
use columnist::project::Workspace;
use columnist::project::eval::Evaluator;
use columnist::project::resolve::Resolver;
use columnist::sql::Dialect;

#[path = "schema/projects.rs"]
mod projects;

use projects::Case;

fn root() -> String {
    env!("CARGO_MANIFEST_DIR").replace('\\', "/")
}

fn snapshot_of(dir: &str) -> Snapshot {
    load::world(vec![dir.to_owned()]).snapshot()
}

/// The catalog of the schema modules, by our reading.
fn reading(snap: &Snapshot, files: &[FileId], line: Line, casing: Casing, dialect: Dialect) -> Catalog {
    let resolver = Resolver::new(snap);
    let eval = Evaluator::new(snap, &resolver);
    catalog(&read(&eval, files, line, casing, dialect, None), dialect)
}

/// drizzle-kit's snapshots below `out`, in order.
fn kit_snapshots(out: &str) -> Vec<String> {
    let mut paths: Vec<std::path::PathBuf> = Vec::new();
    let meta = Path::new(out).join("meta");
    if let Some(journal) =
        std::fs::read_to_string(meta.join("_journal.json")).ok().and_then(|it| kit::journal(&it))
    {
        for entry in journal.entries {
            let prefix = entry.tag.split('_').next().unwrap_or("").to_owned();
            paths.push(meta.join(format!("{prefix}_snapshot.json")));
        }
    } else {
        let folders = std::fs::read_dir(out).into_iter().flatten().flatten();
        paths.extend(folders.map(|it| it.path().join("snapshot.json")));
        paths.sort();
    }
    paths.iter().filter_map(|it| std::fs::read_to_string(it).ok()).collect()
}

fn kit_catalog(out: &str) -> Option<Catalog> {
    let texts = kit_snapshots(out);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    kit::snapshot(&texts)
}

fn picture(changes: &[Change]) -> String {
    let mut res = String::new();
    for it in changes {
        let show = |text: &Option<String>| text.as_ref().map(|it| format!("`{it}`")).unwrap_or_default();
        let (before, after) = (show(&it.before), show(&it.after));
        res.push_str(&format!("{} {} {} {before} -> {after}\n", it.kind.as_str(), it.object, it.name));
    }
    res
}

fn check_case(name: &str, line: Line, casing: Casing, dialect: Dialect) {
    let dir = format!("{}/tests/oracle/cases/kit/{name}", root());
    let snap = snapshot_of(&dir);
    let file = snap.file(&format!("{dir}/schema.ts")).expect("the case has a schema");
    let ours = reading(&snap, &[file], line, casing, dialect);
    let theirs = kit_catalog(&format!("{dir}/drizzle")).expect("the case has snapshots");
    assert!(theirs.relations.len() > 1, "{name}: the snapshot is empty");
    assert_eq!(picture(&diff(&theirs, &ours)), "", "{name}");
}

#[test]
fn stable_postgres_agrees_with_drizzle_kit() {
    check_case("stable-pg", Line::V0, Casing::Keep, Dialect::Postgres);
    check_case("casing-pg", Line::V0, Casing::Snake, Dialect::Postgres);
}

/// Helpers, mixins, maps, factories: what the evaluator must see through.
#[test]
fn forms_of_declarations_agree_with_drizzle_kit() {
    check_case("forms-pg", Line::V0, Casing::Keep, Dialect::Postgres);
}

#[test]
fn release_candidates_for_postgres_agree_with_drizzle_kit() {
    check_case("rc4-pg", Line::V1, Casing::Keep, Dialect::Postgres);
    check_case("rc-pg", Line::V1, Casing::Keep, Dialect::Postgres);
}

/// `drizzle-kit up` rewrote the snapshots of 0.x: names are those of 0.x.
#[test]
fn upgraded_snapshots_agree_with_drizzle_kit() {
    check_case("up-pg", Line::V0, Casing::Keep, Dialect::Postgres);
}

#[test]
fn mysql_agrees_with_drizzle_kit() {
    check_case("stable-mysql", Line::V0, Casing::Keep, Dialect::Mysql);
    check_case("rc-mysql", Line::V1, Casing::Keep, Dialect::Mysql);
}

#[test]
fn sqlite_agrees_with_drizzle_kit() {
    check_case("stable-sqlite", Line::V0, Casing::Keep, Dialect::Sqlite);
    check_case("rc-sqlite", Line::V1, Casing::Keep, Dialect::Sqlite);
}

#[test]
fn the_sample_application_agrees_with_drizzle_kit() {
    let dir = format!("{}/tests/workspaces/blog", root());
    let snap = snapshot_of(&dir);
    let files: Vec<FileId> =
        snap.read_dir(&format!("{dir}/src/lib/db/schemas")).iter().filter_map(|it| snap.file(it)).collect();
    let ours = reading(&snap, &files, Line::V0, Casing::Snake, Dialect::Postgres);
    let theirs = kit_catalog(&format!("{dir}/src/lib/db/migrations")).expect("the sample has snapshots");
    assert_eq!(picture(&diff(&theirs, &ours)), "");
}

/// Two migrations of one sample, with every kind of change that its author made between them.
#[test]
fn changes_between_snapshots_are_told() {
    let out = format!("{}/tests/oracle/cases/kit/stable-pg/drizzle", root());
    let texts = kit_snapshots(&out);
    let (Some(first), Some(last)) = (texts.first(), texts.last()) else { panic!("the sample has snapshots") };
    let (Some(before), Some(after)) = (kit::snapshot(&[first]), kit::snapshot(&[last])) else {
        panic!("the sample's snapshots can be read")
    };
    expect_test::expect![[r#"
        alter enum public.mood `sad, ok, happy` -> `sad, ok, happy, elated`
        drop column public.posts.body `text` -> 
        alter column public.posts.title `text` -> `varchar(200)`
        alter check public.users.age_check `age >= 18` -> `age >= 21`
        alter column public.users.nick `null` -> `not null`
        add column public.users.phone  -> `varchar(32)`
    "#]]
    .assert_eq(&picture(&diff(&before, &after)));
}

/// The snapshot that drizzle-kit makes of the schema as it is now (`tests/oracle/kit-snapshot.mjs`).
fn fresh_snapshot(case: &Case) -> Result<Catalog, String> {
    let [dialect, casing] = case.words();
    let next = (case.line == Line::V1).then_some("--next");
    let output = std::process::Command::new("node")
        .arg(format!("{}/tests/oracle/kit-snapshot.mjs", root()))
        .args(next)
        .args([dialect, casing])
        .args(&case.files)
        .output()
        .map_err(|it| it.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    kit::snapshot(&[&text]).ok_or_else(|| {
        let errors = String::from_utf8_lossy(&output.stderr);
        errors.lines().filter(|it| it.contains("Error")).take(2).collect::<Vec<_>>().join("; ")
    })
}

/// How many tables, columns, indexes and keys there are.
fn counts(catalog: &Catalog) -> [usize; 4] {
    let tables = || {
        let is_known = |it: &&std::sync::Arc<columnist::catalog::Relation>| {
            it.kind == columnist::catalog::RelationKind::Table
        };
        catalog.relations.values().filter(is_known)
    };
    let keys = |it: &columnist::catalog::Relation| {
        usize::from(it.primary_key.is_some()) + it.uniques.len() + it.foreign_keys.len()
    };
    [
        tables().count(),
        tables().map(|it| it.columns.len()).sum(),
        tables().map(|it| it.indexes.len()).sum(),
        tables().map(|it| keys(it)).sum(),
    ]
}

/// Differences to drizzle-kit's own reading of the same modules fail; differences to the last snapshot that the project
/// committed are drift, which must be what drizzle-kit finds. Prints a table. Projects that are not in the list are compared
/// as Columnist finds their databases, and only printed.
#[test]
fn public_projects_agree_with_drizzle_kit() {
    let Ok(dir) = std::env::var("COLUMNIST_PROJECTS") else { return };
    let only = std::env::var("COLUMNIST_PROJECT").ok();
    let mut failures = 0;
    let mut table = String::from(
        "| project | commit | dialect | line | tables | columns | indexes | keys | unknown | to drizzle-kit now | to the last snapshot | drizzle-kit's own | verdict |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for case in projects::cases(&dir, only.as_deref()) {
        let ids: Vec<FileId> = case.files.iter().filter_map(|it| case.snap.file(it)).collect();
        let ours = reading(&case.snap, &ids, case.line, case.casing, case.dialect);
        let unknown =
            ours.relations.values().flat_map(|it| &it.columns).filter(|it| it.type_text.is_empty()).count()
                + ours.relations.values().filter(|it| it.open).count();
        let fresh = fresh_snapshot(&case);
        let committed = case.out.as_ref().and_then(|it| kit_catalog(it));
        let to_fresh = fresh.as_ref().map(|it| diff(it, &ours));
        let to_committed = committed.as_ref().map(|it| picture(&diff(it, &ours)));
        let drift = match (&committed, &fresh) {
            (Some(committed), Ok(fresh)) => Some(picture(&diff(committed, fresh))),
            _ => None,
        };
        let verdict = match (&to_fresh, &to_committed, &drift) {
            (Err(_), Some(it), _) if it.is_empty() => "equal to the last snapshot",
            (Err(_), ..) => "drizzle-kit cannot be asked",
            (Ok(it), ..) if !it.is_empty() => "DIFFERENT",
            (_, None, _) => "equal to drizzle-kit's reading",
            (_, Some(it), _) if it.is_empty() => "equal",
            // The readings are the same, and so is what they differ from.
            _ => "drift, as drizzle-kit finds it",
        };
        let n_lines =
            |it: Option<&String>| it.map_or_else(|| "–".to_owned(), |it| it.lines().count().to_string());
        let [tables, columns, indexes, keys] = counts(&ours);
        table.push_str(&format!(
            "| {} | {} | {:?} | {:?} | {tables} | {columns} | {indexes} | {keys} | {unknown} | {} | {} | {} | {verdict} |\n",
            case.name,
            case.commit,
            case.dialect,
            case.line,
            to_fresh.as_ref().map_or_else(|_| "–".to_owned(), |it| it.len().to_string()),
            n_lines(to_committed.as_ref()),
            n_lines(drift.as_ref()),
        ));
        if verdict == "DIFFERENT" {
            failures += usize::from(case.is_listed);
            println!(
                "{}: to drizzle-kit's reading now:\n{}",
                case.name,
                picture(to_fresh.as_deref().unwrap_or_default())
            );
        }
        if let Err(reason) = &fresh {
            println!("{}: drizzle-kit: {reason}", case.name);
        }
        if verdict == "DIFFERENT" || fresh.is_err() || only.is_some() {
            println!("{}: to the last snapshot:\n{}", case.name, to_committed.unwrap_or_default());
        }
    }
    println!("{table}");
    if std::env::var_os("UPDATE").is_some() && only.is_none() {
        let path = format!("{}/tests/oracle/ledger/kit-projects.md", root());
        let before = std::fs::read_to_string(&path).expect("the ledger");
        let head = before.split("| project").next().unwrap_or_default();
        std::fs::write(&path, format!("{head}{table}")).expect("the ledger");
    }
    assert_eq!(failures, 0, "differences to drizzle-kit");
}
