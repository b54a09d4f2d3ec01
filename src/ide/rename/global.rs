//! Renaming tables and columns. A database is changed by a migration: nothing here touches history.

use crate::base::cancel::Cancellable;
use crate::db::Snapshot;
use crate::ide::FilePosition;
use crate::ide::entity::{At, Global, What};
use crate::lint::TextEdit;
use crate::sql::Ident;

/// Objects of a database are renamed by a migration, which nothing here writes.
pub fn name(_snap: &Snapshot, _pos: FilePosition, _at: &At, _global: &Global) -> Option<Ident> {
    None
}

/// Why it is not possible.
pub fn rename(
    _snap: &Snapshot,
    _pos: FilePosition,
    _at: &At,
    global: &Global,
    _new: &Ident,
) -> Cancellable<Result<Vec<TextEdit>, String>> {
    let kind = match &global.what {
        What::Relation(_) => "table",
        What::Column(..) => "column",
        What::Type(_) => "type",
        What::Label(..) => "enum label",
        What::Function(_) => "function",
        What::Schema(_) => "schema",
        What::Extension(_) => "extension",
        What::Constraint(..) => "constraint",
    };
    Ok(Err(format!(
        "a {kind} is renamed in the database by a migration: change the schema and generate one; its uses are then shown as errors, each with a fix"
    )))
}
