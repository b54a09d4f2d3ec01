//! What rules on new migrations share: which are new, what was there before, whether they run in a transaction.
//!
//! Locks and scans are those of PostgreSQL's manual (*Explicit Locking*, *ALTER TABLE*, *CREATE INDEX*). What happens to
//! tables that the migration itself creates concerns nobody: they are empty, and nobody else sees them.

mod changed;
pub mod mysql;
mod rows;
mod type_change;

use std::sync::Arc;

use super::migration::Migration;
use crate::base::file::FileId;
use crate::base::path;
use crate::base::text::{TextRange, TextSize};
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{Catalog, Column, Origin, Relation, RelationKind};
use crate::db::UnitKind;
use crate::project::Workspace;
use crate::project::database::Tool;
use crate::sema::fragment::Placement;
use crate::sql::hir::ddl::AlterTable;
use crate::sql::hir::{Ddl, Expr, QName, Statement, StatementKind};
use crate::sql::{Dialect, Ident};
pub use changed::changed_types;
pub use rows::is_emptied;
pub use type_change::{TypeChange, type_change};

/// Where a rule is about what every dialect does.
pub const ALL_DIALECTS: [Dialect; 3] = [Dialect::Postgres, Dialect::Mysql, Dialect::Sqlite];

/// A statement of a new migration.
pub struct Step<'m> {
    pub idx: usize,
    pub statement: &'m Statement,
    pub exprs: &'m [Expr],
    pub text: &'m str,
    /// The schema before it.
    pub before: Arc<Catalog>,
    file: FileId,
    start: TextSize,
    /// It stands in a DO block, whose conditions and handlers may change what becomes of it.
    pub in_block: bool,
}

/// The statements of a migration that is new, of PostgreSQL.
pub fn steps<'m>(migration: &'m Migration<'_>) -> Vec<Step<'m>> {
    steps_of(migration, &[Dialect::Postgres])
}

/// The same of databases of several dialects.
pub fn steps_of<'m>(migration: &'m Migration<'_>, dialects: &[Dialect]) -> Vec<Step<'m>> {
    if !dialects.contains(&migration.database.dialect) || !is_new(migration) {
        return Vec::new();
    }
    let each = migration.statements.iter().enumerate();
    let mut res: Vec<Step<'m>> = each
        .map(|(idx, it)| Step::new(migration, idx, &it.parsed.hir, &it.text, migration.range(idx).start()))
        .collect();
    res.extend(in_blocks(migration));
    res.sort_by_key(|it| it.start);
    res
}

/// Those statements of a new migration that stand by themselves, not in a block.
pub fn top_steps<'m>(migration: &'m Migration<'_>) -> Vec<Step<'m>> {
    let mut res = steps(migration);
    res.retain(|it| !it.in_block);
    res
}

/// What stands in DO blocks as it is.
fn in_blocks<'m>(migration: &'m Migration<'_>) -> impl Iterator<Item = Step<'m>> {
    migration.analysis().units.iter().filter_map(|unit| {
        let UnitKind::Body(loc) = unit.kind else { return None };
        let idx = loc.0 as usize;
        let block = &migration.statements.get(idx)?.parsed.hir.kind;
        let is_block = matches!(block, StatementKind::Ddl(ddl) if matches!(**ddl, Ddl::Do { .. }));
        let is_whole = matches!(unit.placement, Placement::Fragment { wrapper, .. } if usize::from(wrapper) == 0)
            && usize::from(unit.host.len()) == unit.text.len();
        (is_block && is_whole).then(|| Step {
            in_block: true,
            ..Step::new(migration, idx, &unit.parsed.hir, &unit.text, unit.host.start())
        })
    })
}

/// The newest migration is, or those that the branch has made (`check --changed-since`), unless `newMigrations` of
/// `columnist.json` says otherwise.
fn is_new(migration: &Migration<'_>) -> bool {
    let steps = &migration.migrations.steps;
    let snap = migration.look.snap;
    let own = snap.path(migration.file);
    let located = snap.settings(path::parent(&own).unwrap_or("/"));
    let setting = located.and_then(|it| it.parsed.settings.new_migrations.clone());
    match setting.as_deref() {
        None => snap.is_new_file(migration.file).unwrap_or(migration.step + 1 == steps.len()),
        Some("newest") => migration.step + 1 == steps.len(),
        Some("all") => true,
        Some("none") => false,
        Some(first) => steps.iter().position(|it| it.tag == first).is_some_and(|it| it <= migration.step),
    }
}

/// The table that takes the place of one that a statement drops: SQLite's way to alter a table is to make it anew under
/// another name, to copy the rows, to drop the old one and to rename the new one.
pub fn rebuilt<'s>(migration: &Migration<'_>, step: &'s Step<'_>, table: &Ident) -> Option<&'s Relation> {
    migration.statements.iter().skip(step.idx + 1).find_map(|it| {
        let StatementKind::Ddl(ddl) = &it.parsed.hir.kind else { return None };
        let Ddl::Rename { name, new_name, .. } = &**ddl else { return None };
        let (old, _) = (name.last()?, (new_name.ident == *table).then_some(())?);
        let found = step.before.relations.values().find(|it| it.name == old.ident);
        found.map(|it| &**it).filter(|it| step.is_own(it.origin))
    })
}

/// Whether a statement certainly runs in a transaction that its migrator has begun.
pub fn in_transaction(migration: &Migration<'_>, idx: usize) -> bool {
    let step = migration.migrations.steps.get(migration.step);
    let ends =
        |it: &Statement| matches!(&it.kind, StatementKind::Other(words) if words.starts_with("COMMIT"));
    migration.migrations.tool.in_transaction() == Some(true)
        && !has_other_migrator(migration)
        && step.is_some_and(|it| !it.no_transaction)
        && !migration.statements.iter().take(idx).any(|it| ends(&it.parsed.hir))
}

/// The program runs drizzle-kit's migrations without a transaction, or in a way of its own: with `readMigrationFiles`.
fn has_other_migrator(migration: &Migration<'_>) -> bool {
    const MIGRATORS: [&str; 4] =
        ["migrator", "neon-http/migrator", "xata-http/migrator", "pg-proxy/migrator"];
    let mut modules = migration.look.model.drivers().iter().flat_map(|it| &it.1.modules);
    migration.migrations.tool == Tool::DrizzleKit && modules.any(|it| MIGRATORS.contains(&it.as_str()))
}

impl<'m> Step<'m> {
    fn new(
        migration: &Migration<'_>,
        idx: usize,
        statement: &'m Statement,
        text: &'m str,
        start: TextSize,
    ) -> Step<'m> {
        let (exprs, before) = (statement.exprs.as_slice(), migration.before(idx));
        Step { idx, statement, exprs, text, before, file: migration.file, start, in_block: false }
    }

    pub fn ddl(&self) -> Option<&'m Ddl> {
        match &self.statement.kind {
            StatementKind::Ddl(it) => Some(it),
            _ => None,
        }
    }

    /// The actions of ALTER TABLE on a table that was there before the migration.
    pub fn alter(&self) -> Option<(&Relation, &'m [AlterTable])> {
        match self.ddl()? {
            Ddl::AlterTable { name, actions, .. } => Some((self.existing(name)?, actions)),
            _ => None,
        }
    }

    /// Those actions one by one, each with the table.
    pub fn actions(&self) -> impl Iterator<Item = (&Relation, &'m AlterTable)> {
        self.alter().into_iter().flat_map(|(table, actions)| actions.iter().map(move |it| (table, it)))
    }

    /// All of the statement.
    pub fn statement_range(&self) -> TextRange {
        TextRange::up_to(TextSize::of(self.text.trim_end()))
    }

    /// Where a range of the statement stands in the file.
    pub fn at(&self, range: TextRange) -> TextRange {
        range + self.start
    }

    /// A table that was there before the migration.
    pub fn existing(&self, name: &QName) -> Option<&Relation> {
        let last = name.last().filter(|it| !it.ident.is_dynamic())?;
        match lookup::relation(&self.before, name.schema().map(|it| &it.ident), &last.ident) {
            Lookup::Found(it) => {
                let is_table = matches!(it.kind, RelationKind::Table | RelationKind::PartitionedTable);
                let is_temporary = it.schema.as_str() == lookup::TEMP_SCHEMA;
                (is_table && !is_temporary && !self.is_own(it.origin)).then_some(it)
            }
            _ => None,
        }
    }

    /// A column that was there before the migration.
    pub fn old_column<'r>(&self, relation: &'r Relation, name: &Ident) -> Option<&'r Column> {
        relation.columns.iter().find(|it| it.name == *name && !self.is_own(it.origin))
    }

    /// The migration itself has made it.
    pub fn is_own(&self, origin: Origin) -> bool {
        matches!(origin, Origin::Sql { file, .. } if file == self.file)
    }
}

/// `users`, `auth.users`: as SQL says it.
pub fn shown(relation: &Relation) -> String {
    match relation.schema.as_str() {
        "public" => relation.name.quoted(),
        _ => format!("{}.{}", relation.schema.quoted(), relation.name.quoted()),
    }
}
