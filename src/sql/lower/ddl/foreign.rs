//! Foreign-data wrappers, servers, user mappings, and the options of everything foreign (`create_generic_options`,
//! `alter_generic_options`).

use super::super::Lower;
use super::super::lex::Kind;
use super::{if_exists, if_not_exists, items};
use crate::sql::Ident;
use crate::sql::hir::ddl::{Foreign, GenericOption, OptionChange, Step};
use crate::sql::hir::{Ddl, Name};

fn kind(lower: &mut Lower<'_>) -> Option<&'static str> {
    if lower.eat_kws(&["foreign", "data", "wrapper"]) {
        Some("FOREIGN DATA WRAPPER")
    } else if lower.at_kw("server") {
        lower.bump();
        Some("SERVER")
    } else if lower.eat_kws(&["user", "mapping"]) {
        Some("USER MAPPING")
    } else {
        None
    }
}

/// Behind CREATE.
pub(super) fn create(lower: &mut Lower<'_>) -> Option<Ddl> {
    let kind = kind(lower)?;
    let if_exists = if_not_exists(lower);
    let mut res = named(lower, kind, Step::Create, if_exists)?;
    clauses(lower, &mut res);
    Some(Ddl::Foreign(Box::new(res)))
}

/// Behind ALTER; `None` for RENAME and OWNER TO.
pub(super) fn alter(lower: &mut Lower<'_>) -> Option<Ddl> {
    let from = lower.pos;
    let kind = kind(lower)?;
    let mut res = named(lower, kind, Step::Alter, false)?;
    clauses(lower, &mut res);
    let says = !res.functions.is_empty() || !res.options.is_empty() || kind == "USER MAPPING";
    if !says {
        lower.pos = from;
        return None;
    }
    Some(Ddl::Foreign(Box::new(res)))
}

/// Behind DROP: user mappings alone, for the others are named as most objects are.
pub(super) fn drop(lower: &mut Lower<'_>) -> Option<Ddl> {
    if !lower.eat_kws(&["user", "mapping"]) {
        return None;
    }
    let if_exists = if_exists(lower);
    Some(Ddl::Foreign(Box::new(named(lower, "USER MAPPING", Step::Drop, if_exists)?)))
}

fn named(lower: &mut Lower<'_>, kind: &'static str, step: Step, if_exists: bool) -> Option<Foreign> {
    if kind == "USER MAPPING" {
        lower.eat_kw("for");
    }
    let name = role(lower)?;
    let mut res =
        Foreign { kind, step, if_exists, name, of: None, functions: Vec::new(), options: Vec::new() };
    if kind == "USER MAPPING" {
        lower.eat_kw("server");
        res.of = lower.col_id();
    }
    Some(res)
}

/// A name; of roles, those that mean the session's own are one.
fn role(lower: &mut Lower<'_>) -> Option<Name> {
    let quoted = lower.at(Kind::Quoted);
    let mut name = lower.label()?;
    if !quoted && matches!(name.ident.as_str(), "user" | "current_role") {
        name.ident = Ident::new("current_user");
    }
    Some(name)
}

/// `TYPE 't' VERSION 'v' FOREIGN DATA WRAPPER w`, `[NO] HANDLER f`, `OPTIONS (…)`.
fn clauses(lower: &mut Lower<'_>, res: &mut Foreign) {
    while !lower.at_end() && !lower.at(Kind::Semi) {
        let start = lower.start();
        let none = lower.at_kw("no") && (lower.nth_kw(1, "handler") || lower.nth_kw(1, "validator"));
        if none {
            lower.bump();
        }
        if res.kind == "FOREIGN DATA WRAPPER" && lower.at_any_kw(&["handler", "validator"]) {
            let word = if lower.at_kw("handler") { "handler" } else { "validator" };
            lower.bump();
            let function = match none {
                true => None,
                false => lower.label().map(|it| lower.qname_rest(it)),
            };
            res.functions.push((word, lower.span(start), function));
        } else if res.kind == "SERVER" && lower.eat_kws(&["foreign", "data", "wrapper"]) {
            res.of = lower.col_id();
        } else if lower.at_kw("options") && lower.nth(1).kind == Kind::LParen {
            res.options = options(lower);
        } else if lower.at_any_kw(&["rename", "owner"]) {
            return;
        } else {
            lower.skip_one();
        }
    }
}

/// `OPTIONS ([ADD | SET | DROP] name ['value'], …)`.
pub(super) fn options(lower: &mut Lower<'_>) -> Vec<GenericOption> {
    lower.bump();
    items(lower, |it| {
        // `drop 'x'` is an option called drop.
        let verb = it.at_any_kw(&["add", "set", "drop"]) && it.nth(1).kind != Kind::Str;
        let change = match verb {
            true if it.at_kw("set") => OptionChange::Set,
            true if it.at_kw("drop") => OptionChange::Drop,
            _ => OptionChange::Add,
        };
        if verb {
            it.bump();
        }
        let name = it.label()?;
        if it.at(Kind::Str) {
            it.bump();
        }
        Some(GenericOption { change, name })
    })
}
