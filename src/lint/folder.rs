//! The folders of drizzle-kit 1.0's migrations, as rules see them from one of the snapshots: which follows which, and what
//! of two branches does not go together. The rules are those of `drizzle-kit check`, which every command of it runs first.

mod branches;
mod order;

use std::sync::Arc;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use smol_str::SmolStr;

use super::history::kit;
use crate::base::file::FileId;
use crate::base::path;
use crate::base::text::{TextRange, range};
use crate::catalog::kit::{FIRST, Part, SnapshotHead};
use crate::db::Look;
use crate::project::Workspace;
use crate::project::database::{Database, MigrationFormat, Migrations};
use crate::project::package::Version;
use crate::sql::Dialect;
pub use branches::Conflict;
pub use order::sorts_after;

pub struct Folder<'a> {
    pub look: &'a Look<'a>,
    pub database: &'a Database,
    pub migrations: &'a Migrations,
    /// All snapshots, in the order of their folders.
    pub nodes: Vec<Node>,
    /// The file's place among them.
    pub own: usize,
}

/// A migration's snapshot.
pub struct Node {
    pub file: FileId,
    /// The folder's name.
    pub name: SmolStr,
    /// `None`: it cannot be read.
    pub head: Option<Arc<SnapshotHead>>,
}

/// Why drizzle-kit cannot put the schema together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Break {
    /// Nothing that it follows holds a whole schema.
    NoBase,
    /// The one at this place is a base already.
    SecondBase(usize),
    /// It follows a snapshot that is in no folder.
    NoParent(SmolStr),
    /// The one at this place, which it follows, sorts behind it.
    BeforeParent(usize),
}

impl<'a> Folder<'a> {
    pub fn new(look: &'a Look<'a>) -> Option<Folder<'a>> {
        let is_own = |it: &&Database| {
            it.migrations
                .as_ref()
                .is_some_and(|it| it.format == MigrationFormat::Folders && it.snapshots.contains(&look.file))
        };
        let database = look.model.databases.list.iter().find(is_own)?;
        let migrations = database.migrations.as_ref()?;
        let node = |file: &FileId| {
            let path = look.snap.path(*file);
            let name = path::parent(&path).map_or("", path::file_name).into();
            let head = look.snap.state(*file).and_then(|it| it.snapshot_head());
            Node { file: *file, name, head }
        };
        let nodes: Vec<Node> = migrations.snapshots.iter().map(node).collect();
        let own = nodes.iter().position(|it| it.file == look.file)?;
        Some(Folder { look, database, migrations, nodes, own })
    }

    /// The file's own.
    pub fn node(&self) -> Option<&Node> {
        self.nodes.get(self.own)
    }

    /// drizzle-kit looks at how they hang together: PostgreSQL's, since they are kept as a base and what changes it. Of one
    /// that cannot be read it speaks first.
    fn is_linked(&self) -> bool {
        let in_parts = |it: &Node| it.head.as_ref().is_some_and(|it| it.is_in_parts());
        self.database.dialect == Dialect::Postgres
            && self.nodes.iter().any(in_parts)
            && self.nodes.iter().all(|it| it.head.is_some())
    }

    /// What is wrong with how a snapshot follows others; the first that drizzle-kit would name.
    pub fn break_at(&self, idx: usize) -> Option<Break> {
        if !self.is_linked() {
            return None;
        }
        let heads = || self.nodes.iter().filter_map(|it| it.head.as_ref());
        let head = self.nodes.get(idx)?.head.as_ref()?;
        if idx == 0 && heads().all(|it| it.part == Part::Diff) {
            return Some(Break::NoBase);
        }
        let base = heads().position(|it| it.part == Part::Base);
        if let Some(base) = base.filter(|it| *it < idx && head.part == Part::Base) {
            return Some(Break::SecondBase(base));
        }
        if head.part == Part::Diff && head.is_first() {
            return Some(Break::NoBase);
        }
        for id in head.previous.iter().filter(|it| *it != FIRST) {
            let Some(parent) = self.place_of(id) else { return Some(Break::NoParent(id.clone())) };
            let (own, other) = (self.nodes.get(idx)?, self.nodes.get(parent)?);
            if !sorts_after(&own.name, &other.name) {
                return Some(Break::BeforeParent(parent));
            }
        }
        None
    }

    /// Snapshots of MySQL's and SQLite's that hold the whole schema each, of a drizzle-kit that compares branches of them. It
    /// does not look whether what they follow is there, nor at the order of their folders.
    fn is_whole(&self) -> bool {
        let (dialect, version) = match self.database.dialect {
            Dialect::Mysql => ("mysql", "6"),
            Dialect::Sqlite => ("sqlite", "7"),
            _ => return false,
        };
        let is_own = |it: &Node| {
            it.head
                .as_ref()
                .is_some_and(|it| it.dialect == dialect && it.version == version && !it.is_in_parts())
        };
        let first = Version { major: 1, minor: 0, patch: 0, pre: Some("rc.4".into()) };
        kit(self.look, self.database).is_some_and(|it| it >= first) && self.nodes.iter().all(is_own)
    }

    /// Two branches that drizzle-kit does not put together, told at the later of the two migrations.
    pub fn conflicts(&self) -> Vec<Conflict> {
        if self.database.dialect != Dialect::Postgres {
            return if self.is_whole() { branches::whole(self) } else { Vec::new() };
        }
        if !self.is_linked() || (0..self.nodes.len()).any(|it| self.break_at(it).is_some()) {
            return Vec::new();
        }
        let mut res = branches::conflicts(&self.nodes);
        res.retain(|it| it.later == self.own);
        res
    }

    /// Of several with one name, the last counts.
    fn place_of(&self, id: &str) -> Option<usize> {
        self.nodes.iter().rposition(|it| it.head.as_ref().is_some_and(|it| it.id == id))
    }

    /// The value of a property of the file; its start where there is none.
    pub fn range_of(&self, property: &str) -> TextRange {
        let parsed =
            jsonc_parser::parse_to_ast(&self.look.state.text, &Default::default(), &Default::default());
        let find = || match parsed.ok()?.value? {
            Value::Object(object) => {
                let found = object.properties.iter().find(|it| it.name.as_str() == property)?;
                Some(range(found.value.start(), found.value.end()))
            }
            _ => None,
        };
        find().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
