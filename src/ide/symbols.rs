//! Outlines of files and search for database objects by name.

use crate::base::cancel::Cancellable;
use crate::base::file::{FileId, FileRange};
use crate::base::text::TextRange;
use crate::db::Snapshot;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SymbolKind {
    Schema,
    Table,
    View,
    Column,
    Enum,
    EnumLabel,
    Type,
    Function,
    Sequence,
    Index,
    Constraint,
    Policy,
    Trigger,
    /// A statement of a SQL file, a fragment of a script.
    Statement,
    Cte,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    /// `text not null`, `select`, …
    pub detail: String,
    pub kind: SymbolKind,
    /// The whole of it, and its name.
    pub range: TextRange,
    pub focus: TextRange,
    pub children: Vec<Symbol>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    pub name: String,
    /// The table of a column, the schema or database of a table.
    pub container: Option<String>,
    pub kind: SymbolKind,
    pub at: FileRange,
}

/// The file's outline, in text order.
pub fn document(_snap: &Snapshot, _file: FileId) -> Cancellable<Vec<Symbol>> {
    Ok(Vec::new())
}

/// Objects of every database whose name fits `query`, best first, at most `limit`.
pub fn workspace(_snap: &Snapshot, _query: &str, _limit: usize) -> Cancellable<Vec<WorkspaceSymbol>> {
    Ok(Vec::new())
}
