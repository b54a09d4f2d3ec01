//! Completion in half-typed SQL.

use super::{FilePosition, Markup};
use crate::base::cancel::Cancellable;
use crate::base::text::TextRange;
use crate::db::Snapshot;
use crate::lint::TextEdit;

/// What the client takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    pub snippets: bool,
    /// At most so many items; the list is marked incomplete when there were more.
    pub limit: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completions {
    /// Best first.
    pub items: Vec<Item>,
    /// Typing on may bring others: ask again.
    pub incomplete: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ItemKind {
    Table,
    View,
    Cte,
    Column,
    Alias,
    Function,
    Type,
    EnumLabel,
    Keyword,
    Schema,
    Join,
    Snippet,
    /// A `${…}` hole with a Drizzle table or column.
    Hole,
    Parameter,
    Operator,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub label: String,
    /// Behind the label: a function's parameters, `→ posts.author_id`.
    pub label_detail: Option<String>,
    /// Type and nullability: `text not null`.
    pub detail: Option<String>,
    /// Where it comes from: `users`, `pg_catalog`, `src/schema.ts`.
    pub origin: Option<String>,
    pub kind: ItemKind,
    /// What the client matches the typed text with; `None`: the label.
    pub filter: Option<String>,
    /// Bytes of the file that are replaced.
    pub replace: TextRange,
    pub insert: String,
    /// `insert` has LSP snippet syntax.
    pub snippet: bool,
    /// Further edits: an import for a hole.
    pub extra: Vec<TextEdit>,
    /// What [`resolve`] needs.
    pub data: Option<Data>,
    pub deprecated: bool,
}

/// Small, so that a list of hundreds of items stays cheap: documentation is made when it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Data {
    pub database: usize,
    /// `schema.name` of a relation, function or type; columns have `column` too.
    pub schema: String,
    pub name: String,
    pub column: Option<String>,
    pub kind: DataKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DataKind {
    Relation,
    Column,
    Function,
    Type,
}

pub fn completion(_snap: &Snapshot, _pos: FilePosition, _config: Config) -> Cancellable<Option<Completions>> {
    Ok(None)
}

/// Documentation of an item.
pub fn resolve(_snap: &Snapshot, _data: &Data) -> Cancellable<Option<Markup>> {
    Ok(None)
}
