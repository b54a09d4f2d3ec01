//! The SQL of migrations, replayed, against the snapshots that drizzle-kit wrote beside them.
//!
//! The folders below `tests/replay` and the sample application must agree in full after every migration. With
//! `COLUMNIST_PROJECTS=DIR`, every folder of migrations of drizzle-kit below DIR is replayed too, and a table is printed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use columnist::base::file::FileId;
use columnist::catalog::diff::{self, Change, ChangeKind};
use columnist::catalog::{Catalog, fold, kit};
use columnist::facts::Loc;
use columnist::sql::{self, Dialect, Ident, split};

/// A migration of drizzle-kit's.
struct Step {
    tag: String,
    sql: String,
    /// The snapshot of the schema behind it.
    snapshot: Option<String>,
}

/// The migrations in `out`, in their order.
fn steps(out: &Path) -> Vec<Step> {
    let read = |path: PathBuf| std::fs::read_to_string(path).ok();
    let Some(journal) = read(out.join("meta/_journal.json")).and_then(|it| kit::journal(&it)) else {
        let mut folders: Vec<PathBuf> =
            std::fs::read_dir(out).into_iter().flatten().flatten().map(|it| it.path()).collect();
        folders.sort();
        let step = |it: &PathBuf| {
            let tag = it.file_name()?.to_string_lossy().into_owned();
            Some(Step { tag, sql: read(it.join("migration.sql"))?, snapshot: read(it.join("snapshot.json")) })
        };
        return folders.iter().filter_map(step).collect();
    };
    let step = |it: kit::JournalEntry| {
        let number = it.tag.split('_').next().unwrap_or("");
        let snapshot = read(out.join(format!("meta/{number}_snapshot.json")));
        Some(Step { tag: it.tag.to_string(), sql: read(out.join(format!("{}.sql", it.tag)))?, snapshot })
    };
    journal.entries.into_iter().filter_map(step).collect()
}

/// What replaying has found out.
#[derive(Default)]
struct Replayed {
    n_migrations: usize,
    n_statements: usize,
    n_tables: usize,
    n_columns: usize,
    /// Texts that are no SQL to us.
    refused: Vec<String>,
    /// By migration: what the snapshot behind it says and the SQL does not make, and what it makes beyond that; each
    /// difference where it first appears.
    differences: Vec<(String, Change)>,
    extra: Vec<(String, Change)>,
    /// Those that are left behind the last migration.
    last: Vec<Change>,
}

fn dialect_of(snapshot: &str) -> Dialect {
    let value: serde_json::Value = serde_json::from_str(snapshot).unwrap_or_default();
    match value.get("dialect").and_then(|it| it.as_str()).unwrap_or("") {
        "mysql" | "singlestore" => Dialect::Mysql,
        "sqlite" | "turso" => Dialect::Sqlite,
        _ => Dialect::Postgres,
    }
}

fn replay(out: &Path) -> Option<Replayed> {
    let steps = steps(out);
    let dialect = dialect_of(steps.iter().find_map(|it| it.snapshot.as_deref())?);
    let mut catalog = Catalog { dialect, search_path: vec![Ident::new("public")], ..Catalog::default() };
    let mut res = Replayed { n_migrations: steps.len(), ..Replayed::default() };
    let mut texts: Vec<&str> = Vec::new();
    let mut known: Vec<String> = Vec::new();
    for (idx, step) in steps.iter().enumerate() {
        for (loc, piece) in split::split(&step.sql, dialect).into_iter().enumerate() {
            if piece.kind != split::PieceKind::Sql {
                continue;
            }
            let text = &step.sql[usize::from(piece.range.start())..usize::from(piece.range.end())];
            let parsed = sql::parse_statement(text, dialect);
            res.n_statements += 1;
            if let Some(error) = &parsed.error {
                res.refused.push(format!("{}: {} in {text}", step.tag, error.message));
            }
            fold::apply(&mut catalog, FileId(idx as u32), Loc(loc as u32), &parsed, text);
        }
        catalog.search_path = vec![Ident::new("public")];
        let Some(snapshot) = &step.snapshot else { continue };
        texts.push(snapshot);
        let Some(snapshot) = kit::snapshot(&texts) else { continue };
        // The first file of `drizzle-kit pull` is a comment: its tables were there before.
        if idx == 0 && res.n_statements == 0 {
            catalog = snapshot.clone();
        }
        let mut changes = diff::diff(&catalog, &snapshot);
        changes
            .retain(|it| it.kind != ChangeKind::Rename || matches!(it.object, "table" | "column" | "enum"));
        let now: Vec<String> = changes.iter().map(line).collect();
        for change in &changes {
            if !known.contains(&line(change)) {
                let list =
                    if change.kind == ChangeKind::Drop { &mut res.extra } else { &mut res.differences };
                list.push((step.tag.clone(), change.clone()));
            }
        }
        known = now;
        res.n_tables = snapshot.relations.len();
        res.n_columns = snapshot.relations.values().map(|it| it.columns.len()).sum();
        res.last = changes;
    }
    Some(res)
}

fn line(it: &Change) -> String {
    let show = |text: &Option<String>| text.as_ref().map(|it| format!("`{it}`")).unwrap_or_default();
    format!("{} {} {} {} -> {}", it.kind.as_str(), it.object, it.name, show(&it.before), show(&it.after))
}

/// Folders of drizzle-kit's below `dir`.
fn folders(dir: &Path, acc: &mut Vec<PathBuf>) {
    let Ok(children) = std::fs::read_dir(dir) else { return };
    let mut children: Vec<PathBuf> = children.flatten().map(|it| it.path()).collect();
    children.sort();
    let is_out = dir.join("meta/_journal.json").is_file()
        || children.iter().any(|it| it.join("snapshot.json").is_file() && it.join("migration.sql").is_file());
    if is_out {
        acc.push(dir.to_path_buf());
        return;
    }
    for child in children.iter().filter(|it| it.is_dir() && !it.is_symlink()) {
        let name = child.file_name().unwrap_or_default().to_string_lossy();
        if name != "node_modules" && name != ".git" && name != "target" {
            folders(child, acc);
        }
    }
}

fn below(dir: &Path) -> Vec<PathBuf> {
    let mut res = Vec::new();
    folders(dir, &mut res);
    res
}

#[test]
fn replayed_sql_makes_what_the_snapshots_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut wrong = String::new();
    let mut n_folders = 0;
    for dir in ["replay", "workspaces", "oracle/cases/kit"] {
        for out in below(&root.join(dir)) {
            let Some(found) = replay(&out) else { continue };
            n_folders += 1;
            for it in &found.refused {
                let _ = writeln!(wrong, "{}: {it}", out.display());
            }
            for (tag, it) in found.differences.iter().chain(&found.extra) {
                let _ = writeln!(wrong, "{}: {tag}: {}", out.display(), line(it));
            }
        }
    }
    assert!(n_folders > 5, "{n_folders} folders of migrations");
    assert_eq!(wrong, "");
}

#[test]
fn projects_are_replayed() {
    let Some(dir) = std::env::var_os("COLUMNIST_PROJECTS").map(PathBuf::from) else { return };
    let verbose = std::env::var_os("COLUMNIST_VERBOSE").is_some();
    println!(
        "| folder | dialect | migrations | statements | refused | tables | columns | differences at the end | extra at the end | on the way |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for out in below(&dir) {
        let Some(found) = replay(&out) else { continue };
        let dialect =
            steps(&out).iter().find_map(|it| it.snapshot.as_deref().map(dialect_of)).unwrap_or_default();
        let n_extra = found.last.iter().filter(|it| it.kind == ChangeKind::Drop).count();
        println!(
            "| {} | {dialect:?} | {} | {} | {} | {} | {} | {} | {n_extra} | {} |",
            out.strip_prefix(&dir).unwrap_or(&out).display(),
            found.n_migrations,
            found.n_statements,
            found.refused.len(),
            found.n_tables,
            found.n_columns,
            found.last.len() - n_extra,
            found.differences.len() + found.extra.len(),
        );
        if verbose {
            found.refused.iter().for_each(|it| println!("  refused {it}"));
            for (tag, it) in found.differences.iter().chain(&found.extra) {
                let at_end = if found.last.iter().any(|last| line(last) == line(it)) { "LAST " } else { "" };
                println!("  {at_end}{tag}: {}", line(it));
            }
        }
    }
}
