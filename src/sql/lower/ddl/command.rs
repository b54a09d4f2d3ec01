//! Commands that name relations and change none of their definitions: COPY, LOCK, REFRESH, ANALYZE, VACUUM, GRANT.

use super::super::Lower;
use super::super::lex::Kind;
use super::named;
use crate::sql::hir::ddl::{Command, CommandKind};
use crate::sql::hir::{Ddl, Name, QName};

/// The command under the cursor, if it is one of those.
pub(super) fn command(lower: &mut Lower<'_>) -> Option<Ddl> {
    let (mut privileges, mut flags) = (Vec::new(), (false, false));
    let (kind, tables) = if lower.at_kw("copy") && lower.nth(1).kind != Kind::LParen {
        lower.bump();
        lower.eat_kw("binary");
        let table = target(lower);
        let kind = if lower.at_kw("from") { CommandKind::CopyFrom } else { CommandKind::CopyTo };
        (kind, vec![table])
    } else if lower.eat_kw("lock") {
        lower.eat_kw("table");
        (CommandKind::Lock, names(lower))
    } else if lower.eat_kws(&["refresh", "materialized", "view"]) {
        flags.0 = lower.eat_kw("concurrently");
        let name = lower.qname();
        flags.1 = lower.eat_kws(&["with", "no", "data"]);
        (CommandKind::Refresh, vec![(name, Vec::new())])
    } else if lower.eat_any_kw(&["analyze", "analyse"]) {
        if lower.at(Kind::LParen) {
            lower.skip_one();
        }
        lower.eat_kw("verbose");
        lower.eat_kw("only");
        (CommandKind::Analyze, list(lower, target))
    } else if lower.eat_kw("vacuum") {
        if lower.at(Kind::LParen) {
            lower.skip_one();
        }
        while lower.at_any_kw(&["full", "freeze", "verbose", "analyze", "analyse"]) {
            lower.bump();
        }
        let tables = list(lower, target);
        if tables.is_empty() {
            return None;
        }
        (CommandKind::Vacuum, tables)
    } else if lower.eat_any_kw(&["grant", "revoke"]) {
        lower.eat_kws(&["grant", "option", "for"]);
        privileges = named::privilege_list(lower);
        while !lower.at_end() && !lower.at_any_kw(&["on", "to", "from"]) {
            lower.skip_one();
        }
        if !lower.eat_kw("on") {
            membership_options(lower);
            return None;
        }
        let other = [
            "sequence",
            "database",
            "domain",
            "foreign",
            "function",
            "language",
            "large",
            "parameter",
            "procedure",
            "routine",
            "schema",
            "tablespace",
            "type",
            "all",
        ];
        // One of these words may be a table's name too.
        if lower.at_any_kw(&other) {
            return named::privileges(lower, privileges);
        }
        lower.eat_kw("table");
        (CommandKind::Grant, list(lower, |it| (it.qname(), Vec::new())))
    } else {
        return None;
    };
    let tables: Vec<(QName, Vec<Name>)> = tables.into_iter().filter(|it| !is_missing(&it.0)).collect();
    Some(Ddl::Command(Command { kind, tables, privileges, flags }))
}

/// `GRANT a TO b WITH option value, …` (`GrantRole`).
fn membership_options(lower: &mut Lower<'_>) {
    while !lower.at_end() && !lower.at(Kind::Semi) && !lower.at_kw("with") {
        lower.skip_one();
    }
    if !lower.eat_kw("with") {
        return;
    }
    while matches!(lower.kind(), Kind::Word | Kind::Quoted) {
        let name = lower.take_name();
        let valued = lower.at_any_kw(&["option", "true", "false"]);
        if valued && !matches!(name.ident.as_str(), "admin" | "inherit" | "set") {
            lower.refuse(name.range, format!("unrecognized role option \"{}\"", name.ident));
            return;
        }
        lower.skip_one();
        if !lower.eat(Kind::Comma) {
            return;
        }
    }
}

fn is_missing(name: &QName) -> bool {
    name.last().is_none_or(|it| it.ident.as_str().is_empty())
}

/// `name (column, …)`.
fn target(lower: &mut Lower<'_>) -> (QName, Vec<Name>) {
    let name = lower.qname();
    let columns = if lower.at(Kind::LParen) { lower.paren_names() } else { Vec::new() };
    (name, columns)
}

/// `[ONLY] a [*], …`.
fn names(lower: &mut Lower<'_>) -> Vec<(QName, Vec<Name>)> {
    list(lower, |it| {
        let only = it.at_kw("only") && matches!(it.nth(1).kind, Kind::Word | Kind::Quoted);
        if only {
            it.bump();
        }
        let name = it.qname();
        it.eat_star(only);
        (name, Vec::new())
    })
}

fn list<T>(lower: &mut Lower<'_>, mut read: impl FnMut(&mut Lower<'_>) -> T) -> Vec<T> {
    let mut res = Vec::new();
    while matches!(lower.kind(), Kind::Word | Kind::Quoted) {
        res.push(read(lower));
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    res
}
