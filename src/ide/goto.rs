//! Go to definition, declaration, implementation and type definition.

use super::{FilePosition, NavTarget, RangeInfo};
use crate::base::cancel::Cancellable;
use crate::db::Snapshot;

/// Which of the places that an entity has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Goal {
    /// Where it is declared as the project's truth has it: the Drizzle property, else the DDL; further places of
    /// the same entity behind.
    Definition,
    /// The statement or declaration that introduces it, without further places.
    Declaration,
    /// The migrations' statements that make it in the database.
    Implementation,
    /// The table of an alias, the enum or domain of a column.
    TypeDefinition,
}

pub fn goto(
    _snap: &Snapshot,
    _pos: FilePosition,
    _goal: Goal,
) -> Cancellable<Option<RangeInfo<Vec<NavTarget>>>> {
    Ok(None)
}
