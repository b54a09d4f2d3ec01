//! Statements that change the catalog → [`hir::Ddl`] (gram.y's productions of the same names).

mod alter;
mod attributes;
mod command;
mod create;
mod drop;
mod foreign;
mod mysql;
mod named;
mod operator;
mod options;
mod recursive;
mod routine;
mod rule;
mod search;
mod table;

use smol_str::SmolStr;

use super::lex::Kind;
use super::{Lower, string};
use crate::base::text::{TextRange, range};
use crate::sql::hir::ddl::{ObjectKind, RelationKind};
use crate::sql::hir::{Ddl, Name, QName};
use crate::sql::{Dialect, Ident};

/// The DDL statement under the cursor; `None` (and the cursor anywhere) when it is not DDL or has no effect on what
/// the catalog models.
pub(super) fn statement(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.eat_kw("create") {
        return create::create(lower);
    }
    if lower.eat_kw("alter") {
        return alter::alter(lower);
    }
    if lower.eat_kw("drop") {
        return drop::drop(lower);
    }
    if lower.eat_kw("comment") {
        return drop::comment(lower);
    }
    if lower.eat_kw("truncate") {
        return Some(truncate(lower));
    }
    if lower.at_kws(&["set", "constraints"]) && lower.dialect == Dialect::Postgres {
        return named::set_constraints(lower);
    }
    if lower.eat_kw("set") {
        return search_path(lower);
    }
    if lower.eat_kw("reset") {
        let all = lower.at_kw("search_path") || lower.at_kw("all");
        return all.then(|| default_path(lower, false));
    }
    if lower.at_kw("do") {
        lower.bump();
        return routine::do_block(lower);
    }
    if let Some(renamed) = mysql::rename_tables(lower) {
        return Some(renamed);
    }
    if lower.dialect == Dialect::Postgres
        && let Some(command) = command::command(lower)
    {
        return Some(command);
    }
    if lower.dialect == Dialect::Postgres
        && let Some(named) = named::maintenance(lower)
    {
        return Some(named);
    }
    if lower.eat_kws(&["import", "foreign", "schema"]) {
        return Some(Ddl::Opaque { kind: "FOREIGN SCHEMA".into(), name: lower.qname() });
    }
    None
}

/// `TRUNCATE [TABLE] [ONLY] a [*], …`.
fn truncate(lower: &mut Lower<'_>) -> Ddl {
    lower.eat_kw("table");
    let mut tables = Vec::new();
    loop {
        let only =
            lower.at_kw("only") && matches!(lower.nth(1).kind, Kind::Word | Kind::Quoted | Kind::LParen);
        if only {
            lower.bump();
        }
        tables.push(lower.qname());
        lower.eat_star(only);
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    Ddl::Truncate { tables }
}

/// `SET [SESSION | LOCAL] search_path { = | TO } a, 'b'`, `SET SCHEMA 'a'`.
fn search_path(lower: &mut Lower<'_>) -> Option<Ddl> {
    let local = lower.eat_kw("local");
    if !local
        && lower.at_kw("session")
        && !lower.nth_kw(1, "authorization")
        && !lower.nth_kw(1, "characteristics")
    {
        lower.bump();
    }
    if lower.eat_kw("schema") {
        return string_name(lower).map(|it| Ddl::SetSearchPath { schemas: vec![it], local });
    }
    if !lower.eat_kw("search_path") || !(lower.eat_op("=") || lower.eat_kw("to")) {
        return None;
    }
    if lower.at_kw("default") {
        return Some(default_path(lower, local));
    }
    let mut schemas = Vec::new();
    loop {
        match lower.kind() {
            Kind::Str => schemas.extend(string_name(lower)),
            Kind::Word | Kind::Quoted => schemas.push(lower.take_name()),
            _ => break,
        }
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    Some(Ddl::SetSearchPath { schemas, local })
}

fn default_path(lower: &mut Lower<'_>, local: bool) -> Ddl {
    let token = lower.bump();
    let range = lower.token_range(token);
    Ddl::SetSearchPath { schemas: vec![Name { ident: Ident::new("public"), range }], local }
}

/// A string constant that stands for a name: `'public'`.
fn string_name(lower: &mut Lower<'_>) -> Option<Name> {
    let (value, range) = string_value(lower)?;
    Some(Name { ident: Ident::new(value), range })
}

/// The string constant under the cursor: its value, and where the text between its quotes lies.
fn string_value(lower: &mut Lower<'_>) -> Option<(SmolStr, TextRange)> {
    if !lower.at(Kind::Str) {
        return None;
    }
    let token = lower.bump();
    let text = lower.str(token);
    let (start, end) = string::body(text);
    let base = token.start as usize;
    Some((string::value(text, '\\'), range(base + start, base + end)))
}

/// `( … )` as a whole, if the cursor is on it.
fn skip_group(lower: &mut Lower<'_>) -> bool {
    let res = lower.at(Kind::LParen);
    if res {
        lower.skip_one();
    }
    res
}

/// To the comma or closing bracket that ends an item of a list, or to the end.
fn skip_item(lower: &mut Lower<'_>) {
    while !lower.at_end() && !matches!(lower.kind(), Kind::Comma | Kind::RParen | Kind::Semi) {
        lower.skip_one();
    }
}

/// Items between parentheses; what `read` leaves of an item is skipped.
fn items<T>(lower: &mut Lower<'_>, mut read: impl FnMut(&mut Lower<'_>) -> Option<T>) -> Vec<T> {
    let mut res = Vec::new();
    if !lower.eat(Kind::LParen) {
        return res;
    }
    while !lower.at_end() && !lower.at(Kind::RParen) {
        res.extend(read(lower));
        lower.suspect |= !matches!(lower.kind(), Kind::Comma | Kind::RParen);
        skip_item(lower);
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    lower.eat(Kind::RParen);
    res
}

/// `(a, b)` where each item starts with a name and may go on.
fn column_list(lower: &mut Lower<'_>) -> Vec<Name> {
    key_columns(lower).0
}

/// The columns of a key, and whether one of them is a period (`PERIOD b`, `b WITHOUT OVERLAPS`).
fn key_columns(lower: &mut Lower<'_>) -> (Vec<Name>, bool) {
    let mut period = false;
    let columns = items(lower, |it| {
        if it.at_kw("period")
            && matches!(it.nth(1).kind, Kind::Word | Kind::Quoted)
            && !it.nth_kw(1, "without")
        {
            it.bump();
            period = true;
        }
        let name = it.col_id();
        period |= it.eat_kws(&["without", "overlaps"]);
        name
    });
    (columns, period)
}

fn if_exists(lower: &mut Lower<'_>) -> bool {
    lower.eat_kws(&["if", "exists"])
}

pub(super) fn if_not_exists(lower: &mut Lower<'_>) -> bool {
    lower.eat_kws(&["if", "not", "exists"])
}

/// `CASCADE` or nothing.
fn cascade(lower: &mut Lower<'_>) -> bool {
    let res = lower.eat_kw("cascade");
    if !res {
        lower.eat_kw("restrict");
    }
    res
}

/// The name of an object that belongs to a relation (column, constraint, trigger, policy): the relation's parts, then
/// its own.
fn inside(mut relation: QName, name: Name) -> QName {
    relation.parts.push(name);
    relation
}

/// What kind of object the words under the cursor name; takes them.
fn object(lower: &mut Lower<'_>) -> Option<ObjectKind> {
    const KINDS: &[(&[&str], ObjectKind)] = &[
        (&["table"], ObjectKind::Relation(RelationKind::Table)),
        (&["foreign", "table"], ObjectKind::Relation(RelationKind::ForeignTable)),
        (&["materialized", "view"], ObjectKind::Relation(RelationKind::MaterializedView)),
        (&["view"], ObjectKind::Relation(RelationKind::View)),
        (&["index"], ObjectKind::Relation(RelationKind::Index)),
        (&["sequence"], ObjectKind::Relation(RelationKind::Sequence)),
        (&["schema"], ObjectKind::Schema),
        (&["column"], ObjectKind::Column),
        (&["constraint"], ObjectKind::Constraint),
        (&["type"], ObjectKind::Type),
        (&["domain"], ObjectKind::Domain),
        (&["function"], ObjectKind::Function),
        (&["procedure"], ObjectKind::Procedure),
        (&["routine"], ObjectKind::Function),
        (&["aggregate"], ObjectKind::Aggregate),
        (&["trigger"], ObjectKind::Trigger),
        (&["policy"], ObjectKind::Policy),
        (&["extension"], ObjectKind::Extension),
        (&["role"], ObjectKind::Role),
        (&["user"], ObjectKind::Role),
        (&["group"], ObjectKind::Role),
    ];
    KINDS.iter().find(|(words, _)| lower.eat_kws(words)).map(|(_, kind)| *kind)
}
