//! What rules on new migrations share: which are new, what was there before, whether they run in a transaction.
//!
//! Locks and scans are those of PostgreSQL's manual (*Explicit Locking*, *ALTER TABLE*, *CREATE INDEX*). What happens to
//! tables that the migration itself creates concerns nobody: they are empty, and nobody else sees them.

mod type_change;

use std::sync::Arc;

use super::migration::Migration;
use crate::base::file::FileId;
use crate::base::path;
use crate::base::text::{TextRange, TextSize};
use crate::catalog::lookup::{self, Lookup};
use crate::catalog::{Catalog, Column, ForeignKey, Origin, Relation, RelationKind, Type, TypeKind};
use crate::db::UnitKind;
use crate::project::Workspace;
use crate::project::database::Tool;
use crate::sema::fragment::Placement;
use crate::sql::hir::ddl::AlterTable;
use crate::sql::hir::{Assignment, Ddl, Expr, QName, Statement, StatementKind};
use crate::sql::token::significant;
use crate::sql::{Dialect, Ident};
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
        .map(|(idx, it)| Step {
            idx,
            statement: &it.parsed.hir,
            exprs: &it.parsed.hir.exprs,
            text: &it.text,
            before: migration.before(idx),
            file: migration.file,
            start: migration.range(idx).start(),
            in_block: false,
        })
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
            idx,
            statement: &unit.parsed.hir,
            exprs: &unit.parsed.hir.exprs,
            text: &unit.text,
            before: migration.before(idx),
            file: migration.file,
            start: unit.host.start(),
            in_block: true,
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

/// Whether the migration has emptied a table before a statement: what fails for rows does not fail then. What it empties
/// takes the rows that lead there with it, where a foreign key says so.
pub fn is_emptied(migration: &Migration<'_>, idx: usize, table: &Ident) -> bool {
    let mut emptied: Vec<(Ident, bool)> = Vec::new();
    for it in migration.statements.iter().take(idx) {
        match &it.parsed.hir.kind {
            StatementKind::Ddl(ddl) => {
                let Ddl::Truncate { tables } = &**ddl else { continue };
                let cascades =
                    significant(&it.text).last().is_some_and(|word| word.is_word(&it.text, "cascade"));
                emptied.extend(tables.iter().filter_map(|it| Some((it.last()?.ident.clone(), cascades))));
            }
            StatementKind::Delete(delete) if delete.where_.is_none() => {
                emptied.extend(delete.table.last().map(|it| (it.ident.clone(), false)));
            }
            _ => {}
        }
    }
    if emptied.is_empty() || emptied.iter().any(|it| it.0 == *table) {
        return !emptied.is_empty();
    }
    let before = migration.before(idx);
    let mut at = 0;
    while let Some((parent, by_truncate)) = emptied.get(at).cloned() {
        at += 1;
        for it in before.relations.values() {
            let follows = |key: &ForeignKey| {
                key.target.as_ref().is_some_and(|it| it.name == parent)
                    && (by_truncate || key.on_delete == "cascade" && always_leads(it, key))
            };
            if !emptied.iter().any(|known| known.0 == it.name) && it.foreign_keys.iter().any(follows) {
                emptied.push((it.name.clone(), by_truncate));
            }
        }
    }
    emptied.iter().any(|it| it.0 == *table)
}

/// No row of a table is without the one that a foreign key leads to.
fn always_leads(table: &Relation, key: &ForeignKey) -> bool {
    key.columns.iter().all(|name| table.columns.iter().any(|it| it.name == *name && it.not_null))
}

/// A column whose type a new migration changes.
pub struct ChangedType {
    pub idx: usize,
    pub at: TextRange,
    pub table: Relation,
    pub column: Ident,
    pub from: String,
    pub to: String,
    pub change: TypeChange,
}

/// Every change of the type of a column that was there before the migration.
pub fn changed_types(migration: &Migration<'_>) -> Vec<ChangedType> {
    let mut res = Vec::new();
    for step in steps(migration) {
        let Some((table, actions)) = step.alter() else { continue };
        for action in actions {
            let AlterTable::SetType { name, ty, using, .. } = action else { continue };
            let Some(column) = step.old_column(table, &name.ident) else { continue };
            let to = lookup::type_of(&step.before, ty, step.exprs);
            let (Some(from), Some(to)) = (column.ty, to) else { continue };
            let change = match (type_change(&step.before, from, to), using) {
                (TypeChange::Narrow(_), _) if is_prepared(migration, &step, table, &name.ident, to) => {
                    TypeChange::Rewrite
                }
                (TypeChange::Unknown, _) => continue,
                // What becomes of the values somebody has thought about.
                (_, Some(using)) if !is_cast_of(&step, *using, &name.ident) => TypeChange::Rewrite,
                (change, _) => change,
            };
            let show = |it| crate::catalog::types::format_type(&step.before, it);
            res.push(ChangedType {
                idx: step.idx,
                at: step.at(ty.range),
                table: table.clone(),
                column: name.ident.clone(),
                from: show(from),
                to: show(to),
                change,
            });
        }
    }
    res
}

/// Whether somebody has looked after the values: a DO block's conditions, an UPDATE of the column or a DELETE before; or the
/// column had a type that the new one holds all labels of, as drizzle-kit makes an enum anew.
fn is_prepared(
    migration: &Migration<'_>,
    step: &Step<'_>,
    table: &Relation,
    column: &Ident,
    to: Type,
) -> bool {
    let is = |name: &QName| name.last().is_some_and(|it| it.ident == table.name);
    let sets = |it: &Assignment| match it {
        Assignment::One { target, .. } => target.name.ident == *column,
        Assignment::Many { targets, .. } => targets.iter().any(|it| it.name.ident == *column),
    };
    let writes = |it: &Statement| match &it.kind {
        StatementKind::Update(update) => is(&update.table) && update.set.iter().any(sets),
        StatementKind::Delete(delete) => is(&delete.table),
        _ => false,
    };
    if step.in_block || migration.statements.iter().take(step.idx).any(|it| writes(&it.parsed.hir)) {
        return true;
    }
    let labels = |catalog: &Catalog, ty: Type| match &catalog.type_info(ty.id)?.kind {
        TypeKind::Enum { labels } => Some(labels.iter().map(|it| it.label.clone()).collect::<Vec<_>>()),
        _ => None,
    };
    let first = migration.before(0);
    let old = first.relations.values().find(|it| it.name == table.name && it.schema == table.schema);
    let old = old.and_then(|it| it.columns.iter().find(|it| it.name == *column)?.ty);
    let old = old.and_then(|it| labels(&first, it));
    match (old, labels(&step.before, to)) {
        (Some(old), Some(new)) => old.iter().all(|it| new.contains(it)),
        _ => false,
    }
}

/// `x::a::b` of the column itself.
fn is_cast_of(step: &Step<'_>, expr: crate::sql::hir::ExprId, column: &Ident) -> bool {
    use crate::sql::hir::ExprKind;
    match step.exprs.get(expr.0 as usize).map(|it| &it.kind) {
        Some(ExprKind::Cast { expr, .. }) => is_cast_of(step, *expr, column),
        Some(ExprKind::Column(name)) => name.last().is_some_and(|it| it.ident == *column),
        _ => false,
    }
}
