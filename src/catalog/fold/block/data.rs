//! Conditions that ask what rows there are: of tables of the project nobody knows them, so that both may be.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::lookup::{Lookup, relation};
use crate::catalog::{Catalog, Origin};
use crate::sql::Ident;
use crate::sql::token::{Token, TokenKind, significant};

/// An expression that reads such a table, or a variable that holds what a query of one said.
pub(super) fn asks(catalog: &Catalog, data: &BTreeSet<Ident>, text: &str) -> bool {
    let tokens = significant(text);
    let holds = |it: &Token| is_name(it) && data.contains(&Ident::from_source(it.text(text)));
    tokens.iter().any(holds) || reads(catalog, text)
}

/// Every relation behind FROM and JOIN is a table of the project.
pub(super) fn reads(catalog: &Catalog, text: &str) -> bool {
    let tokens = significant(text);
    let mut found = false;
    for (idx, token) in tokens.iter().enumerate() {
        if !token.is_word(text, "from") && !token.is_word(text, "join") {
            continue;
        }
        let name =
            |at: usize| tokens.get(at).filter(|it| is_name(it)).map(|it| Ident::from_source(it.text(text)));
        let Some(first) = name(idx + 1) else { continue };
        let dotted = tokens.get(idx + 2).is_some_and(|it| it.kind == TokenKind::Dot);
        let (schema, name) = match name(idx + 3).filter(|_| dotted) {
            Some(second) => (Some(first), second),
            None => (None, first),
        };
        match relation(catalog, schema.as_ref(), &name) {
            Lookup::Found(it) if it.origin != Origin::Builtin => found = true,
            _ => return false,
        }
    }
    found
}

fn is_name(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent { .. })
}

/// Nothing was done.
pub(super) fn is_same(a: &Catalog, b: &Catalog) -> bool {
    Arc::ptr_eq(&a.relations, &b.relations)
        && Arc::ptr_eq(&a.functions, &b.functions)
        && Arc::ptr_eq(&a.types.by_id, &b.types.by_id)
        && Arc::ptr_eq(&a.depends, &b.depends)
        && Arc::ptr_eq(&a.objects, &b.objects)
        && a.gaps == b.gaps
}
