//! Outlines of files and search for database objects by name.

mod fuzzy;
mod search;
mod sql;
mod ts;

use crate::base::cancel::Cancellable;
use crate::base::file::{FileId, FileRange};
use crate::base::text::TextRange;
use crate::db::{FileKind, Snapshot};

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
pub fn document(snap: &Snapshot, file: FileId) -> Cancellable<Vec<Symbol>> {
    let Some(state) = snap.state(file) else { return Ok(Vec::new()) };
    let mut res = match state.kind {
        FileKind::Sql => sql::outline(snap, file)?,
        FileKind::Script(_) => ts::outline(snap, file, &state)?,
        FileKind::Data => Vec::new(),
    };
    arrange(&mut res, None);
    Ok(res)
}

/// Objects of every database whose name fits `query`, best first, at most `limit`. `posts.ti` looks for columns
/// of tables.
pub fn workspace(snap: &Snapshot, query: &str, limit: usize) -> Cancellable<Vec<WorkspaceSymbol>> {
    search::search(snap, query, limit)
}

/// Sorts, and makes parents hold their children, as LSP 3.17 wants it: what lies outside is left out.
fn arrange(symbols: &mut Vec<Symbol>, within: Option<TextRange>) {
    symbols.retain(|it| {
        it.range.contains_range(it.focus) && within.is_none_or(|within| within.contains_range(it.range))
    });
    symbols.sort_by_key(|it| (it.range.start(), std::cmp::Reverse(it.range.end())));
    for it in symbols {
        arrange(&mut it.children, Some(it.range));
    }
}

/// The beginning of a statement as a title: white space folded, at most 60 characters.
fn title(text: &str) -> String {
    const MAX_CHARS: usize = 60;
    let mut res = String::new();
    for (idx, c) in text.split_whitespace().flat_map(|it| [" ", it]).skip(1).flat_map(str::chars).enumerate()
    {
        if idx == MAX_CHARS {
            res.push('…');
            break;
        }
        res.push(c);
    }
    res
}

#[cfg(test)]
mod tests;
