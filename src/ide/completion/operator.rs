//! Operators behind an expression whose type has some of its own: JSON, arrays, ranges, text search.

use super::ItemKind;
use super::context::Cx;
use super::rank::Tier;
use super::typed::Quoting;
use crate::catalog::{TypeId, TypeKind};
use crate::sema::Context;
use crate::sema::scope::{self, MARKER, Slot};
use crate::sql::{self, Dialect};

const JSONB: &[(&str, &str)] = &[
    ("->", "field or element as JSON"),
    ("->>", "field or element as text"),
    ("#>", "at a path, as JSON"),
    ("#>>", "at a path, as text"),
    ("@>", "contains"),
    ("<@", "is contained by"),
    ("?", "has the key"),
    ("?|", "has any of the keys"),
    ("?&", "has all of the keys"),
    ("||", "concatenate"),
    ("-", "without the key"),
];
const JSON: &[(&str, &str)] = &[
    ("->", "field or element as JSON"),
    ("->>", "field or element as text"),
    ("#>", "at a path, as JSON"),
    ("#>>", "at a path, as text"),
];
const ARRAY: &[(&str, &str)] =
    &[("@>", "contains"), ("<@", "is contained by"), ("&&", "overlaps"), ("||", "concatenate")];
const RANGE: &[(&str, &str)] =
    &[("@>", "contains"), ("<@", "is contained by"), ("&&", "overlaps"), ("-|-", "is adjacent to")];

/// `meta |`: what the stand-in would be compared with tells the type of what stands before it.
pub fn items(cx: &Cx<'_>) {
    if cx.quoting() != Quoting::Bare || !cx.prefix().is_empty() || cx.dialect() != Dialect::Postgres {
        return;
    }
    let head = cx.typed.head();
    let ends = |c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | ')' | ']' | '\'');
    if !head.trim_end().ends_with(ends) {
        return;
    }
    let text = format!("{head} = {MARKER}{}", cx.typed.tail());
    let statement = sql::read_statement(&text, cx.dialect());
    let ctx = Context { catalog: cx.catalog, params: &[], variables: &[] };
    let Some(found) = scope::at(ctx, &statement, &text) else { return };
    if !matches!(found.slot, Slot::Value { .. }) || found.expected.assigned {
        return;
    }
    let Some(ty) = found.expected.types.first() else { return };
    let base = cx.catalog.base_type(*ty).id;
    let kind = cx.catalog.type_info(base).map(|it| &it.kind);
    let operators = match (base, kind) {
        (TypeId::JSONB, _) => JSONB,
        (TypeId::JSON, _) => JSON,
        (TypeId::TSVECTOR, _) => &[("@@", "matches the query")],
        (_, Some(TypeKind::Array)) => ARRAY,
        (_, Some(TypeKind::Range { .. } | TypeKind::Multirange { .. })) => RANGE,
        _ => return,
    };
    for (order, (operator, detail)) in operators.iter().enumerate() {
        let mut item = cx.item(*operator, ItemKind::Operator, operator);
        item.detail = Some((*detail).to_owned());
        cx.add(operator, Tier::Fit, order as u32, item);
    }
}
