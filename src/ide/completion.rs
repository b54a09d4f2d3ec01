//! Completion in half-typed SQL.

mod assign;
mod context;
mod definition;
mod docs;
mod function;
mod hole;
mod join;
mod keyword;
mod operator;
mod phrases;
mod rank;
mod relation;
mod script;
mod site;
mod typed;
mod types;
mod value;

use std::cell::RefCell;

use self::context::{Cx, Holes};
use self::rank::Ranked;
use self::site::{Host, Reading};
use self::typed::{Quoting, Typed};
use super::{FilePosition, Markup};
use crate::base::cancel::Cancellable;
use crate::base::text::TextRange;
use crate::db::Snapshot;
use crate::lint::TextEdit;
use crate::sema::scope::{self, Scope, Slot};
use crate::sql;

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

/// What can be typed at the cursor; `None` where there is no SQL.
pub fn completion(snap: &Snapshot, pos: FilePosition, config: Config) -> Cancellable<Option<Completions>> {
    snap.check()?;
    if !site::is_sql(snap, pos) {
        return script::completion(snap, pos, config);
    }
    let Some((reading, host, database)) = site::sql_file(snap, pos) else { return Ok(None) };
    let place = Place { snap, config, database, host: &host, holes: None };
    Ok(complete(&place, &[reading]))
}

/// Where the items go.
struct Place<'a> {
    snap: &'a Snapshot,
    config: Config,
    database: usize,
    host: &'a Host,
    holes: Option<&'a dyn Holes>,
}

/// The first reading in which the cursor's place means something, or the first.
fn complete(place: &Place<'_>, readings: &[Reading]) -> Option<Completions> {
    let mut first: Option<(&Reading, Typed, Option<Scope>)> = None;
    for reading in readings {
        let dialect = reading.catalog.dialect;
        let Some(typed) = typed::typed(&reading.text, reading.offset, dialect) else { continue };
        let statement = sql::read_statement(&typed.text, dialect);
        let ctx = reading.context();
        let found = scope::at(ctx, &statement, &typed.text);
        let is_found = found.is_some();
        if first.is_none() || is_found {
            first = Some((reading, typed, found));
        }
        if is_found {
            break;
        }
    }
    let (reading, typed, scope) = first?;
    let cx = Cx {
        snap: place.snap,
        catalog: &reading.catalog,
        database: place.database,
        config: place.config,
        typed: &typed,
        host: place.host,
        scope: scope.as_ref(),
        env: reading.env.as_deref(),
        holes: place.holes,
        upper: context::writes_upper(&typed),
        qualifies: context::qualifies(&typed),
        ranked: RefCell::new(Ranked::default()),
    };
    items(&cx, reading);
    let ranked = cx.ranked.into_inner();
    (!ranked.is_empty()).then(|| ranked.finish(place.config))
}

fn items(cx: &Cx<'_>, reading: &Reading) {
    if cx.holes.is_some_and(Holes::inside) {
        return hole::items(cx);
    }
    match cx.scope.map(|it| (it, &it.slot)) {
        Some((scope, Slot::Value { qualifier })) => value::items(cx, scope, qualifier),
        Some((_, Slot::Field { columns })) => value::fields(cx, columns),
        Some((scope, Slot::Relation { schema, change })) => {
            relation::items(cx, scope, schema.as_ref(), *change);
        }
        Some((_, Slot::Type { schema })) => types::items(cx, schema.as_ref(), false),
        Some((scope, Slot::Assigned { target, insert })) => assign::items(cx, scope, target, *insert),
        Some((scope, Slot::Using { left, right })) => assign::using(cx, scope, left, right),
        Some((scope, Slot::Window)) => {
            for name in &scope.windows {
                let item = cx.item(name.as_str(), ItemKind::Alias, &cx.ident(name));
                cx.add(name.as_str(), rank::Tier::Fit, 0, item);
            }
        }
        Some((scope, Slot::Locked)) => relation::locked(cx, scope),
        Some((_, Slot::Constraint { relation })) => definition::arbiters(cx, relation),
        None => {
            definition::items(cx);
            operator::items(cx);
        }
    }
    if cx.holes.is_some() && !matches!(cx.quoting(), Quoting::String { .. } | Quoting::Ident) {
        hole::items(cx);
    }
    let qualified =
        matches!(cx.scope.map(|it| &it.slot), Some(Slot::Value { qualifier }) if !qualifier.is_empty());
    if !qualified {
        keyword::items(cx, reading.begins);
    }
}

/// Documentation of an item.
pub fn resolve(snap: &Snapshot, data: &Data) -> Cancellable<Option<Markup>> {
    docs::resolve(snap, data)
}

#[cfg(test)]
mod tests;
