//! A folder of migrations → its steps in order: drizzle-kit's journal, one folder a migration (drizzle-kit 1.0,
//! Prisma, Diesel), or plain files of other tools. Only what runs forward is a step.

mod parts;

use std::sync::Arc;

use smol_str::SmolStr;

use crate::base::file::FileId;
use crate::base::path;
use crate::project::resolve::Resolver;
use crate::project::{Dialect, Workspace};
pub use parts::Parts;
pub(super) use parts::parts;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrations {
    pub dir: Arc<str>,
    pub format: MigrationFormat,
    /// Who runs them.
    pub tool: Tool,
    /// In the order in which they run.
    pub steps: Vec<Migration>,
    /// drizzle-kit's snapshots, in the order of their names: whatever the journal says, it goes on from the last.
    pub snapshots: Vec<FileId>,
    /// `meta/_journal.json`.
    pub journal: Option<FileId>,
    /// Tags of the journal whose file does not exist.
    pub missing: Vec<SmolStr>,
    /// `.sql` files beside a journal that does not list them: they never run.
    pub unlisted: Vec<FileId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MigrationFormat {
    /// drizzle-kit 0.x: `0001_name.sql` and `meta/_journal.json`.
    Journal,
    /// `20260101000000_name/migration.sql`: drizzle-kit 1.0, Prisma; `name/up.sql`: Diesel.
    Folders,
    /// Files that run in the order of their names.
    Plain,
}

/// Whose migrations they are, as far as their files tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tool {
    DrizzleKit,
    Prisma,
    Diesel,
    Supabase,
    Flyway,
    /// `x.up.sql` and `x.down.sql`: golang-migrate, sqlx.
    UpDown,
    Goose,
    SqlMigrate,
    Dbmate,
    NodePgMigrate,
    Other,
}

impl Tool {
    /// Whether a migration runs in a transaction when it says nothing of it; `None`: not known, or only because
    /// several statements that are sent at once are one.
    pub fn in_transaction(self) -> Option<bool> {
        match self {
            Tool::DrizzleKit | Tool::Goose | Tool::SqlMigrate | Tool::Dbmate | Tool::Diesel => Some(true),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    pub file: FileId,
    /// File or folder name without its extension.
    pub tag: SmolStr,
    /// drizzle-kit's snapshot of the schema after it.
    pub snapshot: Option<FileId>,
    /// The journal's time stamp, milliseconds since 1970.
    pub when: Option<i64>,
    /// Byte offset from which it runs, where the part that undoes it stands first.
    pub from: u32,
    /// Byte offset where the part begins that undoes it (`-- migrate:down`, `-- +goose Down`).
    pub until: Option<u32>,
    /// It says that it runs outside of a transaction.
    pub no_transaction: bool,
}

impl Migration {
    fn new(file: FileId, tag: SmolStr, snapshot: Option<FileId>, when: Option<i64>) -> Migration {
        Migration { file, tag, snapshot, when, from: 0, until: None, no_transaction: false }
    }
}

impl Migrations {
    /// The same, in a folder that a config of drizzle-kit names.
    pub(super) fn of_kit(mut self) -> Migrations {
        if self.format == MigrationFormat::Folders {
            self.tool = Tool::DrizzleKit;
        }
        self
    }

    /// What drizzle-kit's journal calls the dialect, if there is one and its SQL is read.
    pub(super) fn journal_dialect(&self, ws: &dyn Workspace) -> Option<Dialect> {
        let json: serde_json::Value = serde_json::from_str(&ws.text(self.journal?)?).ok()?;
        match json.get("dialect")?.as_str()? {
            "postgresql" | "pg" => Some(Dialect::Postgres),
            "mysql" => Some(Dialect::Mysql),
            "sqlite" | "turso" => Some(Dialect::Sqlite),
            _ => None,
        }
    }
}

/// The migrations of `dir`, if it has any.
pub(super) fn read(ws: &dyn Workspace, resolver: &Resolver, dir: &str) -> Option<Migrations> {
    let children = ws.read_dir(dir);
    let mut res = Migrations {
        dir: dir.into(),
        format: MigrationFormat::Plain,
        tool: Tool::Other,
        steps: Vec::new(),
        snapshots: Vec::new(),
        journal: resolver.file(&path::join(dir, "meta/_journal.json")),
        missing: Vec::new(),
        unlisted: Vec::new(),
    };
    let sql: Vec<(&String, FileId)> = children
        .iter()
        .filter(|it| path::extension(it) == "sql")
        .filter_map(|it| Some((it, resolver.file(it)?)))
        .collect();
    if let Some(journal) = res.journal {
        (res.format, res.tool) = (MigrationFormat::Journal, Tool::DrizzleKit);
        let text = ws.text(journal)?;
        for entry in journal_entries(&text) {
            match resolver.file(&path::join(dir, &format!("{}.sql", entry.tag))) {
                Some(file) => {
                    let number = entry.tag.split('_').next().unwrap_or("");
                    let snapshot = resolver.file(&path::join(dir, &format!("meta/{number}_snapshot.json")));
                    res.steps.push(Migration::new(file, entry.tag, snapshot, entry.when));
                }
                None => res.missing.push(entry.tag),
            }
        }
        let mut meta = ws.read_dir(&path::join(dir, "meta"));
        meta.retain(|it| it.ends_with("_snapshot.json"));
        meta.sort();
        res.snapshots = meta.iter().filter_map(|it| resolver.file(it)).collect();
        res.unlisted = sql
            .iter()
            .map(|(_, file)| *file)
            .filter(|it| !res.steps.iter().any(|step| step.file == *it))
            .collect();
        return Some(res);
    }
    for (name, tool) in [("migration.sql", Tool::Prisma), ("up.sql", Tool::Diesel)] {
        let mut children: Vec<&String> = children.iter().collect();
        if tool == Tool::Diesel {
            children.sort_by_cached_key(|it| diesel_version(path::file_name(it)));
        }
        for child in &children {
            if let Some(file) = resolver.file(&path::join(child, name)) {
                let snapshot = resolver.file(&path::join(child, "snapshot.json"));
                let metadata = resolver.file(&path::join(child, "metadata.toml"));
                let no_transaction = metadata.and_then(|it| ws.text(it)).is_some_and(|it| runs_alone(&it));
                let step = Migration::new(file, path::file_name(child).into(), snapshot, None);
                res.steps.push(Migration { no_transaction, ..step });
            }
        }
        if !res.steps.is_empty() {
            // Those of folders without SQL too: drizzle-kit reads them.
            let snapshots = children.iter().map(|it| path::join(it, "snapshot.json"));
            res.snapshots = snapshots.filter_map(|it| resolver.file(&it)).collect();
            res.tool = if res.snapshots.is_empty() { tool } else { Tool::DrizzleKit };
            res.format = MigrationFormat::Folders;
            return Some(res);
        }
    }
    let mut plain: Vec<(&String, FileId)> = sql;
    plain.retain(|(it, file)| !is_down(path::file_name(it)) && !ws.hints(*file).has_blocks);
    // db-migrate's pairs: `x-up.sql` and `x-down.sql`.
    let ups: Vec<&str> = plain.iter().filter_map(|(it, _)| it.strip_suffix("-up.sql")).collect();
    let undoes = |it: &str| it.strip_suffix("-down.sql").is_some_and(|it| ups.contains(&it));
    let undone: Vec<&String> = plain.iter().map(|it| it.0).filter(|it| undoes(it)).collect();
    plain.retain(|(it, _)| !undone.contains(it));
    if is_supabase(dir) && plain.iter().any(|(it, _)| is_numbered(path::file_name(it))) {
        plain.retain(|(it, _)| is_numbered(path::file_name(it)));
    }
    plain.sort_by_key(|(a, _)| order_key(a));
    res.tool = tool_of(dir, &plain);
    for (file_path, file) in plain {
        let name = path::file_name(file_path);
        let tag = name.trim_end_matches(".sql").trim_end_matches(".up").into();
        let parts = ws.hints(file).parts;
        if let (Tool::Other, Some(tool)) = (res.tool, parts.tool) {
            res.tool = tool;
        }
        let Parts { from, until, no_transaction, .. } = parts;
        res.steps.push(Migration { from, until, no_transaction, ..Migration::new(file, tag, None, None) });
    }
    (!res.steps.is_empty()).then_some(res)
}

/// Whose plain files these are, by their names.
fn tool_of(dir: &str, files: &[(&String, FileId)]) -> Tool {
    let any = |test: &dyn Fn(&str) -> bool| files.iter().any(|(it, _)| test(path::file_name(it)));
    if is_supabase(dir) {
        Tool::Supabase
    } else if any(&|it| it.contains("__") && it.starts_with('V')) {
        Tool::Flyway
    } else if any(&|it| it.ends_with(".up.sql")) {
        Tool::UpDown
    } else {
        Tool::Other
    }
}

fn is_supabase(dir: &str) -> bool {
    path::parent(dir).is_some_and(|it| path::file_name(it) == "supabase")
}

/// `20240101000000_name.sql`: Supabase's command line leaves other files alone (`pkg/migration/list.go`,
/// `migrateFilePattern`).
fn is_numbered(file_name: &str) -> bool {
    let digits = file_name.find(|it: char| !it.is_ascii_digit()).unwrap_or(0);
    digits > 0 && file_name.get(digits..).is_some_and(|it| it.starts_with('_'))
}

struct JournalEntry {
    tag: SmolStr,
    when: Option<i64>,
}

/// Entries of `_journal.json`, in the order of the file: so the migrator takes them, whatever their `idx`.
fn journal_entries(text: &str) -> Vec<JournalEntry> {
    let json: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let entries = json.get("entries").and_then(|it| it.as_array());
    let entry = |it: &serde_json::Value| {
        let tag = it.get("tag")?.as_str()?.into();
        Some(JournalEntry { tag, when: it.get("when").and_then(|it| it.as_i64()) })
    };
    entries.into_iter().flatten().filter_map(entry).collect()
}

/// What Diesel's `metadata.toml` says of a migration: `run_in_transaction = false`.
fn runs_alone(metadata: &str) -> bool {
    let value = |line: &str| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "run_in_transaction").then(|| value.trim() == "false")
    };
    metadata.lines().find_map(value).unwrap_or(false)
}

/// Diesel's order of folders: what stands before the first `_`, without dashes, so that `2017-09-23-182408_a` comes behind
/// `20170428154714_b` (`diesel_migrations`, `version_from_string`).
fn diesel_version(folder: &str) -> String {
    folder.split('_').next().unwrap_or(folder).replace('-', "")
}

/// Undoes a migration: `0001_x.down.sql`, `0001_x_rollback.sql`, Diesel's `down.sql`, Flyway's `U1__x.sql`.
pub(super) fn is_down(file_name: &str) -> bool {
    let stem = file_name.strip_suffix(".sql").unwrap_or("");
    let undoes = |it: &str| matches!(it, "down" | "undo" | "rollback" | "revert");
    let last = stem.rsplit('.').next().unwrap_or(stem);
    undoes(last) || stem.ends_with("_down") || stem.ends_with("_rollback") || {
        let rest = stem.strip_prefix('U').unwrap_or("");
        rest.contains("__") && rest.starts_with(|it: char| it.is_ascii_digit())
    }
}

/// By the number in front, Flyway's `V1_2__x` by its parts, repeatable ones last; then by name.
fn order_key(file_path: &str) -> (bool, Vec<u128>, String) {
    let name = path::file_name(file_path);
    let is_repeatable = name.starts_with("R__");
    let digits = name.strip_prefix('V').unwrap_or(name);
    let mut numbers = Vec::new();
    let version = digits.split("__").next().unwrap_or(digits);
    for part in version.split(['_', '.', '-']) {
        match part.parse() {
            Ok(number) => numbers.push(number),
            Err(_) => break,
        }
    }
    if numbers.is_empty() && !is_repeatable {
        // `0001name.sql`: still by its number.
        let end = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(0);
        numbers.extend(digits.get(..end).and_then(|it| it.parse::<u128>().ok()));
    }
    (is_repeatable, numbers, name.to_owned())
}
