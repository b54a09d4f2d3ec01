//! Identifiers with and without quotes.

use super::{Action, Spot};
use crate::ide::lab::Keep;
use crate::ide::names;
use crate::sql::Ident;
use crate::sql::keywords::keyword;
use crate::sql::token::{TokenKind, lex};

pub fn quote(spot: &Spot<'_>, acc: &mut Vec<Action>) {
    let text = &*spot.unit.text;
    let tokens = lex(text);
    let under = tokens.iter().find(|it| {
        it.range.contains_inclusive(spot.offset)
            && matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent { terminated: true, .. })
    });
    let Some(token) = under else { return };
    let written = token.text(text);
    let ident = Ident::from_source(written);
    if !names::names(&spot.unit.parsed.hir, text).iter().any(|it| it.range == token.range && !it.builtin) {
        // Types have names of their own behind the words of the grammar.
        return;
    }
    let (title, new) = match token.kind {
        // Only where one may wonder what it is.
        TokenKind::Word if keyword(written).is_none() && written == ident.as_str() => return,
        TokenKind::Word => (format!("Quote {written}"), format!("\"{}\"", ident.as_str())),
        _ if ident.quoted().starts_with('"') => return,
        _ => (format!("Remove the quotes of {written}"), ident.quoted()),
    };
    acc.extend(spot.rewrite(title, &[(token.range, new)], Keep::Meaning));
}
