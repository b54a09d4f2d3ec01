//! What ALTER does to configurations and dictionaries of text search.

use super::super::Lower;
use super::super::lex::Kind;
use super::named::mention;
use super::{if_exists, options};
use crate::sql::hir::ddl::{Mention, MentionChange, Mentioned, OptionChange, SearchMapping};
use crate::sql::hir::{Ddl, Name, QName};

/// Behind ALTER; `None` for RENAME and its like.
pub(super) fn alter(lower: &mut Lower<'_>) -> Option<Ddl> {
    if lower.eat_kws(&["text", "search", "dictionary"]) {
        let name = lower.qname();
        if !lower.at(Kind::LParen) {
            return None;
        }
        let change = Some(MentionChange::Set(options::settings(lower)));
        return Some(Ddl::Named(vec![Mention { change, ..mention(Mentioned::TextSearchDictionary, name) }]));
    }
    if !lower.eat_kws(&["text", "search", "configuration"]) {
        return None;
    }
    let name = lower.qname();
    let change = if lower.eat_kws(&["add", "mapping"]) {
        OptionChange::Add
    } else if lower.eat_kws(&["alter", "mapping"]) {
        OptionChange::Set
    } else if lower.eat_kws(&["drop", "mapping"]) {
        OptionChange::Drop
    } else {
        return None;
    };
    let if_exists = if_exists(lower);
    let tokens: Vec<Name> = match lower.eat_kw("for") {
        true => listed(lower).into_iter().filter_map(|mut it| it.parts.pop()).collect(),
        false => Vec::new(),
    };
    let replaced = if lower.eat_kw("replace") { Some(lower.qname()) } else { None };
    let dictionaries = if lower.eat_kw("with") { listed(lower) } else { Vec::new() };
    let res = SearchMapping { name, change, if_exists, tokens, replaced, dictionaries };
    Some(Ddl::SearchMapping(Box::new(res)))
}

fn listed(lower: &mut Lower<'_>) -> Vec<QName> {
    let mut res = Vec::new();
    while let Some(first) = lower.label() {
        res.push(lower.qname_rest(first));
        if !lower.eat(Kind::Comma) {
            break;
        }
    }
    res
}
