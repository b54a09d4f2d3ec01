//! Pieces of the SQL of `columnist schema`: keys, elements of indexes, bounds, texts that something follows.

use std::fmt::Write;

use crate::catalog::details::Sequence;
use crate::catalog::{Bound, Datum, IndexItem, Key, Origin, Relation, TypeId};
use crate::sql::{self, Dialect, Ident};

pub(super) fn list(columns: &[Ident]) -> String {
    columns.iter().map(Ident::quoted).collect::<Vec<_>>().join(", ")
}

pub(super) fn constraint(name: Option<&Ident>) -> String {
    name.map(|it| format!("CONSTRAINT {} ", it.quoted())).unwrap_or_default()
}

/// drizzle-kit 0.x writes literals as parameters that no DDL can have.
pub(super) fn has_parameter(text: &str) -> bool {
    text.match_indices('$').any(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_digit()))
}

pub(super) fn unique(table: &Relation, key: &Key) -> String {
    let nulls = if key.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    format!("{}UNIQUE{nulls} {}", constraint(key.name.as_ref()), key_columns(table, key))
}

/// The columns of a key, and what is written behind them.
pub(super) fn key_columns(table: &Relation, key: &Key) -> String {
    let overlaps = if key.without_overlaps { " WITHOUT OVERLAPS" } else { "" };
    let tail = table.details.tail(key.name.as_ref()).map(|it| format!(" {it}")).unwrap_or_default();
    let is_deferred = key.name.as_ref().is_some_and(|it| table.details.deferred.contains(it));
    let deferrable = match key.deferrable {
        true if is_deferred => " DEFERRABLE INITIALLY DEFERRED",
        true => " DEFERRABLE",
        false => "",
    };
    format!("({}{overlaps}){tail}{deferrable}", list(&key.columns))
}

/// A key over the columns of another that another statement has made.
pub(super) fn comes_later(table: &Relation, key: &Key) -> bool {
    let statement = |it: Origin| match it {
        Origin::Sql { file, loc, .. } => Some((file, loc)),
        _ => None,
    };
    let before = table.primary_key.iter().chain(table.uniques.iter().take_while(|it| *it != key));
    let mut same = before.filter(|it| it.columns == key.columns);
    same.any(|it| statement(it.origin) != statement(key.origin))
}

/// A text that something follows: a comment that ends it ends with its line.
pub(super) fn closed(text: &str) -> String {
    match sql::token::lex(text).last().map(|it| it.kind) {
        Some(sql::token::TokenKind::LineComment) => format!("{text}\n"),
        _ => text.to_owned(),
    }
}

/// What a sequence is, but for what it is anyway.
pub(super) fn sequence_options(of: Sequence) -> String {
    let Sequence { ty, start, increment, min, max } = of;
    let ty_text = match ty {
        TypeId::INT2 => " AS smallint",
        TypeId::INT4 => " AS integer",
        _ => "",
    };
    if Sequence::with(None, Some(ty), &[]) == Ok(of) {
        return ty_text.to_owned();
    }
    format!("{ty_text} INCREMENT {increment} MINVALUE {min} MAXVALUE {max} START {start}")
}

/// `FOR VALUES …`; `None`: not known.
pub(super) fn bound_text(bound: &Bound) -> Option<String> {
    let datum = |it: &Datum| match it {
        Datum::Min => Some("MINVALUE".to_owned()),
        Datum::Max => Some("MAXVALUE".to_owned()),
        Datum::Null => Some("NULL".to_owned()),
        Datum::Text(text) => Some(format!("'{}'", text.replace('\'', "''"))),
        Datum::Unknown => None,
    };
    let all = |it: &[Datum]| it.iter().map(datum).collect::<Option<Vec<_>>>().map(|it| it.join(", "));
    Some(match bound {
        Bound::Default => "DEFAULT".to_owned(),
        Bound::List(values) => format!("FOR VALUES IN ({})", all(values)?),
        Bound::Range { from, to } => format!("FOR VALUES FROM ({}) TO ({})", all(from)?, all(to)?),
        Bound::Hash { modulus, remainder } => {
            format!("FOR VALUES WITH (MODULUS {modulus}, REMAINDER {remainder})")
        }
        Bound::Unknown => return None,
    })
}

/// `has_schema`: a schema that a host makes is on its search path, and not there elsewhere.
pub(super) fn item(item: &IndexItem, has_schema: &dyn Fn(&Ident) -> bool) -> Option<String> {
    let mut res = match (&item.column, &item.expression) {
        (Some(column), _) => column.quoted(),
        (None, Some(text)) if !has_parameter(text) => element(text),
        _ => return None,
    };
    if let Some(collation) = &item.collation {
        let _ = write!(res, " COLLATE {}", Ident::new(collation.clone()).quoted());
    }
    if let Some(opclass) = &item.opclass {
        let schema = item.opclass_schema.as_ref().filter(|it| has_schema(it));
        let schema = schema.map(|it| format!("{}.", it.quoted())).unwrap_or_default();
        let _ = write!(res, " {schema}{opclass}");
    }
    if item.descending {
        res.push_str(" DESC");
    }
    let usual = if item.descending { "first" } else { "last" };
    if let Some(nulls) = item.nulls.as_ref().filter(|it| *it != usual && item.column.is_some()) {
        let _ = write!(res, " NULLS {}", nulls.to_ascii_uppercase());
    }
    Some(res)
}

/// An element that is no column: `lower(name)`, and with Drizzle `"created_at" DESC NULLS LAST` and `"name" gin_trgm_ops`
/// too, which stand as they are; what the grammar takes in parentheses only gets them.
pub(super) fn element(text: &str) -> String {
    let alone = format!("CREATE INDEX ON t ({})", closed(text));
    let stands_alone = sql::parse_statement(&alone, Dialect::Postgres).error.is_none();
    if stands_alone { closed(text) } else { format!("({})", closed(text)) }
}
