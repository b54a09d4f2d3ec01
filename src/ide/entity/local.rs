//! What a statement introduces itself: aliases, CTEs, output columns, windows.

use super::visit::{self, Node};
use crate::base::text::TextRange;
use crate::db::SqlUnit;
use crate::sema::Target as Meaning;
use crate::sql::hir::*;

/// Who introduces a name.
pub enum Local<'a> {
    /// An alias in FROM, or an item without one: a subquery, a function.
    From(&'a FromItem),
    /// The alias (or, as `excluded`, `old` and `new`, the name) of the relation that a statement changes.
    Modified(&'a QName),
    Cte(&'a Cte),
    /// A column that `WITH x (a, b)`, SEARCH or CYCLE names.
    CteColumn(&'a Cte),
    /// A column that `AS t (a, b)` or a column definition list names.
    AliasColumn(&'a FromItem),
    Output(&'a Target),
    Window,
    /// A column merged by USING.
    Merged,
}

/// What the unit introduces at `range`.
pub fn local(unit: &SqlUnit, range: TextRange) -> Option<Local<'_>> {
    let mut res: Option<Local<'_>> = None;
    visit::statement(&unit.parsed.hir, &mut |node| {
        if res.is_some() {
            return;
        }
        res = match node {
            Node::Cte(cte) if cte.name.range == range => Some(Local::Cte(cte)),
            Node::Cte(cte) if cte.columns.iter().chain(&cte.extra_columns).any(|it| it.range == range) => {
                Some(Local::CteColumn(cte))
            }
            Node::From(item) => from(item, range),
            Node::Modified { table, alias } => {
                let named = alias.or(table.last());
                named.is_some_and(|it| it.range == range).then_some(Local::Modified(table))
            }
            Node::Target(target) => {
                let named = target.alias.as_ref().map_or(target.range, |it| it.range);
                (named == range).then_some(Local::Output(target))
            }
            Node::Window(name) if name.range == range => Some(Local::Window),
            _ => None,
        };
    });
    res
}

fn from(item: &FromItem, range: TextRange) -> Option<Local<'_>> {
    let (alias, own) = match item {
        FromItem::Relation { name, alias, .. } => {
            (alias.as_ref(), if alias.is_none() { name.last().map(|it| it.range) } else { None })
        }
        FromItem::Query { alias, range, .. } => (alias.as_ref(), Some(*range)),
        FromItem::Function(it) => {
            let mut defined = it.calls.iter().flat_map(|it| &it.1).chain(&it.definitions);
            if defined.any(|it| it.name.range == range) {
                return Some(Local::AliasColumn(item));
            }
            (it.alias.as_ref(), Some(it.range))
        }
        FromItem::Table(it) => {
            if it.columns.iter().any(|it| it.0.range == range) {
                return Some(Local::AliasColumn(item));
            }
            (it.alias.as_ref(), Some(it.range))
        }
        FromItem::Join(it) => {
            if it.using.iter().any(|it| it.range == range) {
                return Some(Local::Merged);
            }
            let using = it.using_alias.as_ref().is_some_and(|it| it.range == range);
            if using {
                return Some(Local::From(item));
            }
            (it.alias.as_ref(), None)
        }
        FromItem::Missing(_) => (None, None),
    };
    if alias.is_some_and(|it| it.columns.iter().any(|it| it.range == range)) {
        return Some(Local::AliasColumn(item));
    }
    (alias.map(|it| it.name.range) == Some(range) || own == Some(range)).then_some(Local::From(item))
}

/// What the relation that an alias stands for means.
pub fn behind<'a>(unit: &'a SqlUnit, local: &Local<'_>) -> Option<&'a Meaning> {
    let name = match local {
        Local::From(FromItem::Relation { name, .. }) => name,
        Local::Modified(name) => name,
        _ => return None,
    };
    let range = name.last()?.range;
    let meant = |it: &&crate::sema::Reference| {
        it.range == range && matches!(it.target, Meaning::Relation(_) | Meaning::Local(_))
    };
    unit.analysis.references.iter().find(meant).map(|it| &it.target)
}

/// The whole of what introduces a name.
pub fn full(local: &Local<'_>) -> Option<TextRange> {
    Some(match local {
        Local::From(item) | Local::AliasColumn(item) => match item {
            FromItem::Relation { range, .. } | FromItem::Query { range, .. } => *range,
            FromItem::Function(it) => it.range,
            FromItem::Table(it) => it.range,
            FromItem::Join(it) => it.range,
            FromItem::Missing(it) => *it,
        },
        Local::Cte(it) | Local::CteColumn(it) => it.range,
        Local::Output(it) => it.range,
        Local::Modified(_) | Local::Window | Local::Merged => return None,
    })
}
