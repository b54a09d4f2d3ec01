//! What stands at the cursor: in SQL, in a `${…}` hole, or where TypeScript declares or mentions it.

mod ddl;
pub mod history;
pub mod local;
pub mod names;
pub mod place;
pub mod resolve;
pub mod script;
mod sql;
pub mod visit;

use std::sync::Arc;

use smol_str::SmolStr;

use super::FilePosition;
use super::cursor::{self, Spot};
use crate::base::cancel::Cancellable;
use crate::base::file::FileId;
use crate::base::text::TextRange;
use crate::catalog::build::Built;
use crate::catalog::{Origin, QualifiedName, Relation};
use crate::db::{FileAnalysis, FileKind, Model, Snapshot, SqlUnit, UnitKind};
use crate::project::Workspace;
use crate::sql::Ident;
use crate::sql::hir::ExprId;
use names::{Named, Use};

/// An object of a database, by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    Relation(QualifiedName),
    Column(QualifiedName, Ident),
    Type(QualifiedName),
    Label(QualifiedName, SmolStr),
    Function(QualifiedName),
    Schema(Ident),
    Extension(Ident),
    /// A key, check or index of a relation.
    Constraint(QualifiedName, Ident),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Global {
    /// Index into the model's databases.
    pub database: usize,
    pub what: What,
}

/// What was found at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    Global(Global),
    /// Introduced by the statement: where, in the unit's text.
    Local(TextRange),
    /// An operator, a call of a built-in function, a cast, a literal, a parameter, …
    Expr(ExprId),
    /// The keyword of a statement that yields rows.
    Row,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the file.
    pub range: TextRange,
    /// Index into the analysis' units; `None` for TypeScript.
    pub unit: Option<usize>,
    pub seen: Seen,
}

/// Everything at a cursor.
pub struct At {
    pub analysis: Arc<FileAnalysis>,
    /// The likeliest first. A column of `USING (…)` is two; a column that tables share by a spread is many.
    pub found: Vec<Found>,
}

impl At {
    pub fn unit(&self, found: &Found) -> Option<&SqlUnit> {
        self.analysis.units.get(found.unit?)
    }

    pub fn globals(&self) -> Vec<Global> {
        let mut res: Vec<Global> = Vec::new();
        for it in &self.found {
            if let Seen::Global(global) = &it.seen
                && !res.contains(global)
            {
                res.push(global.clone());
            }
        }
        res
    }
}

/// Finds what stands at the cursor.
pub fn at(snap: &Snapshot, pos: FilePosition) -> Cancellable<At> {
    let inside = snap.text(pos.file).is_some_and(|it| it.is_char_boundary(usize::from(pos.value)));
    if !inside {
        return Ok(At { analysis: Arc::default(), found: Vec::new() });
    }
    let Spot { analysis, units } = cursor::spot(snap, pos)?;
    let model = snap.model();
    let mut found: Vec<Found> = Vec::new();
    for (idx, offset) in units {
        snap.check()?;
        let Some(unit) = analysis.units.get(idx) else { continue };
        let Some(built) = model.built(snap, unit.database) else { continue };
        for (range, seen) in sql::at(&built, unit, pos.file, offset) {
            let Some(host) = unit.placement.to_host(range).filter(|it| it.contains_inclusive(pos.value))
            else {
                continue;
            };
            let seen = match seen {
                sql::Sight::Name(it) => match it.named {
                    Named::Local(range) => Seen::Local(range),
                    Named::Global(what) => {
                        let what = today(snap, &model, pos, unit, it.declares, what);
                        Seen::Global(Global { database: unit.database, what })
                    }
                },
                sql::Sight::Expr(id) => Seen::Expr(id),
                sql::Sight::Row => Seen::Row,
            };
            let is_new = match &seen {
                Seen::Global(_) => !found.iter().any(|it| it.seen == seen),
                // Alternatives of one fragment say the same.
                _ => !found.iter().any(|it| it.range == host && it.unit != Some(idx)),
            };
            if is_new {
                found.push(Found { range: host, unit: Some(idx), seen });
            }
        }
    }
    let is_script = matches!(FileKind::of(&snap.path(pos.file)), Some(FileKind::Script(_)));
    if found.is_empty() && is_script {
        for (range, global) in script::at(snap, &model, pos)? {
            found.push(Found { range, unit: None, seen: Seen::Global(global) });
        }
    }
    Ok(At { analysis, found })
}

fn today(
    snap: &Snapshot,
    model: &Model,
    pos: FilePosition,
    unit: &SqlUnit,
    declares: bool,
    what: What,
) -> What {
    match (unit.kind, &unit.placement) {
        (UnitKind::Statement(loc) | UnitKind::Body(loc), _) => {
            let in_history = model
                .built(snap, unit.database)
                .is_some_and(|it| it.replay.files.iter().any(|it| it.file == pos.file));
            if in_history {
                history::Renames::new(snap, model, unit.database).today(pos.file, loc, declares, what)
            } else {
                what
            }
        }
        _ => what,
    }
}

/// The names of a unit that stand in the file byte for byte, with their places there.
pub fn host_names(built: &Built, unit: &SqlUnit, file: FileId) -> Vec<(TextRange, Use)> {
    let all = names::names(built, unit, file);
    all.into_iter().filter_map(|it| Some((unit.placement.to_host_exact(it.range)?, it))).collect()
}

/// Where a key, check, index or policy of this name was declared.
pub fn constraint(relation: &Relation, name: &Ident) -> Option<Origin> {
    let named = |it: &Option<Ident>| it.as_ref() == Some(name);
    let keys = relation.primary_key.iter().chain(&relation.uniques);
    keys.filter(|it| named(&it.name))
        .map(|it| it.origin)
        .chain(relation.indexes.iter().filter(|it| named(&it.name)).map(|it| it.origin))
        .chain(relation.foreign_keys.iter().filter(|it| named(&it.name)).map(|it| it.origin))
        .chain(relation.checks.iter().filter(|it| named(&it.name)).map(|it| it.origin))
        .next()
}

impl What {
    /// As SQL writes it without its schema.
    pub fn name(&self) -> SmolStr {
        match self {
            What::Relation(it) | What::Type(it) | What::Function(it) => it.name.as_str().into(),
            What::Column(_, it) | What::Constraint(_, it) => it.as_str().into(),
            What::Label(_, it) => it.clone(),
            What::Schema(it) | What::Extension(it) => it.as_str().into(),
        }
    }

    /// For lists of places: `users.email`.
    pub fn title(&self) -> String {
        match self {
            What::Column(relation, it) => format!("{}.{it}", relation.name),
            What::Label(ty, it) => format!("{}.{it}", ty.name),
            other => other.name().to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
