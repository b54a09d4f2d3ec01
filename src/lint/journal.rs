//! `meta/_journal.json`, as rules see it: drizzle-kit's list of its migrations, with the files that it speaks of.

use std::sync::Arc;

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use crate::base::file::FileId;
use crate::base::text::{TextRange, range};
use crate::catalog::kit::SnapshotHead;
use crate::db::Look;
use crate::project::database::{Database, Migrations};

/// Of so many snapshots, the newest, it is looked how they hang together: each is a description of the whole schema.
const N_SNAPSHOTS: usize = 6;

pub struct Journal<'a> {
    pub look: &'a Look<'a>,
    pub database: &'a Database,
    pub migrations: &'a Migrations,
    /// Where it is no JSON, with the reason.
    pub broken: Option<(TextRange, String)>,
    /// The word `entries`; the start of the file where there is none.
    pub list: TextRange,
    /// In the order of the file, which is the order in which they run.
    pub entries: Vec<Entry>,
}

pub struct Entry {
    pub tag: String,
    /// Of the tag without its quotes.
    pub at: TextRange,
    pub idx: Option<(i64, TextRange)>,
    /// Milliseconds since 1970.
    pub when: Option<(i64, TextRange)>,
}

/// A snapshot beside the journal.
pub struct Snapshot {
    pub file: FileId,
    /// `None`: it cannot be read.
    pub head: Option<Arc<SnapshotHead>>,
}

/// The newest snapshots, oldest first.
pub fn newest(migrations: &Migrations) -> &[FileId] {
    let all = &migrations.snapshots;
    all.get(all.len().saturating_sub(N_SNAPSHOTS)..).unwrap_or_default()
}

impl<'a> Journal<'a> {
    /// The file as the journal of a database, if it is one.
    pub fn new(look: &'a Look<'a>) -> Option<Journal<'a>> {
        let is_journal = |it: &&Database| it.migrations.as_ref().and_then(|it| it.journal) == Some(look.file);
        let database = look.model.databases.list.iter().find(is_journal)?;
        let migrations = database.migrations.as_ref()?;
        let mut res = Journal {
            look,
            database,
            migrations,
            broken: None,
            list: TextRange::default(),
            entries: Vec::new(),
        };
        match jsonc_parser::parse_to_ast(&look.state.text, &Default::default(), &Default::default()) {
            Ok(parsed) => {
                if let Some(Value::Object(object)) = parsed.value {
                    res.read(&object);
                }
            }
            Err(error) => {
                let at = error.range();
                res.broken = Some((range(at.start, at.end), error.kind().to_string()));
            }
        }
        Some(res)
    }

    fn read(&mut self, object: &Object<'_>) {
        let Some(prop) = object.properties.iter().find(|it| it.name.as_str() == "entries") else { return };
        self.list = range(prop.name.start(), prop.name.end());
        let Value::Array(items) = &prop.value else { return };
        for item in &items.elements {
            let Value::Object(item) = item else { continue };
            let get =
                |name: &str| item.properties.iter().find(|it| it.name.as_str() == name).map(|it| &it.value);
            let number = |name: &str| {
                let literal = get(name)?.as_number_lit()?;
                Some((literal.value.parse().ok()?, range(literal.start(), literal.end())))
            };
            let Some(tag) = get("tag").and_then(|it| it.as_string_lit()) else { continue };
            self.entries.push(Entry {
                tag: tag.value.to_string(),
                at: range(tag.start() + 1, tag.end().saturating_sub(1)),
                idx: number("idx"),
                when: number("when"),
            });
        }
    }

    /// The newest snapshots, oldest first.
    pub fn snapshots(&self) -> Vec<Snapshot> {
        let read = |file: &FileId| {
            let state = self.look.snap.state(*file)?;
            Some(Snapshot { file: *file, head: state.snapshot_head() })
        };
        newest(self.migrations).iter().filter_map(read).collect()
    }
}
