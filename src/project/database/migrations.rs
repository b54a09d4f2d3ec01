//! A folder of migrations → its steps in order: drizzle-kit's journal, one folder a migration (drizzle-kit 1.0,
//! Prisma), or plain files of other tools.

use std::sync::Arc;

use memchr::memmem;
use smol_str::SmolStr;

use crate::base::file::FileId;
use crate::base::path;
use crate::project::Workspace;
use crate::project::resolve::Resolver;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrations {
    pub dir: Arc<str>,
    pub format: MigrationFormat,
    /// In the order in which they run.
    pub steps: Vec<Migration>,
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
    /// `20260101000000_name/migration.sql`: drizzle-kit 1.0, Prisma.
    Folders,
    /// Files that run in the order of their names.
    Plain,
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
    /// Byte offset where the part begins that undoes it (`-- migrate:down`, `-- +goose Down`).
    pub until: Option<u32>,
}

/// The migrations of `dir`, if it has any.
pub(super) fn read(ws: &dyn Workspace, resolver: &Resolver, dir: &str) -> Option<Migrations> {
    let children = ws.read_dir(dir);
    let mut res = Migrations {
        dir: dir.into(),
        format: MigrationFormat::Plain,
        steps: Vec::new(),
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
        res.format = MigrationFormat::Journal;
        let text = ws.text(journal)?;
        for entry in journal_entries(&text) {
            match resolver.file(&path::join(dir, &format!("{}.sql", entry.tag))) {
                Some(file) => {
                    let number = entry.tag.split('_').next().unwrap_or("");
                    let snapshot = path::join(dir, &format!("meta/{number}_snapshot.json"));
                    let snapshot = resolver.file(&snapshot);
                    res.steps.push(Migration {
                        file,
                        tag: entry.tag,
                        snapshot,
                        when: entry.when,
                        until: None,
                    });
                }
                None => res.missing.push(entry.tag),
            }
        }
        res.unlisted = sql
            .iter()
            .map(|(_, file)| *file)
            .filter(|it| !res.steps.iter().any(|step| step.file == *it))
            .collect();
        return Some(res);
    }
    for child in &children {
        if let Some(file) = resolver.file(&path::join(child, "migration.sql")) {
            let snapshot = resolver.file(&path::join(child, "snapshot.json"));
            let tag = path::file_name(child).into();
            res.steps.push(Migration { file, tag, snapshot, when: None, until: None });
        }
    }
    if !res.steps.is_empty() {
        res.format = MigrationFormat::Folders;
        return Some(res);
    }
    let mut plain: Vec<(&String, FileId)> = sql;
    plain.retain(|(it, _)| !is_down(path::file_name(it)));
    plain.sort_by_key(|(a, _)| order_key(a));
    for (file_path, file) in plain {
        let tag = path::file_name(file_path).trim_end_matches(".sql").into();
        let until = ws.hints(file).down;
        res.steps.push(Migration { file, tag, snapshot: None, when: None, until });
    }
    (!res.steps.is_empty()).then_some(res)
}

struct JournalEntry {
    idx: i64,
    tag: SmolStr,
    when: Option<i64>,
}

/// Entries of `_journal.json`, by their number.
fn journal_entries(text: &str) -> Vec<JournalEntry> {
    let json: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let entries = json.get("entries").and_then(|it| it.as_array());
    let mut res: Vec<JournalEntry> = entries
        .into_iter()
        .flatten()
        .filter_map(|it| {
            let tag = it.get("tag")?.as_str()?.into();
            let idx = it.get("idx").and_then(|it| it.as_i64()).unwrap_or(i64::MAX);
            Some(JournalEntry { idx, tag, when: it.get("when").and_then(|it| it.as_i64()) })
        })
        .collect();
    res.sort_by_key(|it| it.idx);
    res
}

/// Undoes a migration: `0001_x.down.sql`, Flyway's `U1__x.sql`.
pub(super) fn is_down(file_name: &str) -> bool {
    file_name.ends_with(".down.sql") || file_name.ends_with("_down.sql") || {
        let rest = file_name.strip_prefix('U').unwrap_or("");
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

/// Where the part starts that undoes the migration: dbmate's and goose's marks.
pub(super) fn down_part(text: &str) -> Option<u32> {
    let marks = ["-- migrate:down", "-- +goose Down", "-- +goose down", "--//@UNDO", "-- +migrate Down"];
    let at = marks.iter().filter_map(|it| memmem::find(text.as_bytes(), it.as_bytes())).min()?;
    u32::try_from(at).ok()
}
