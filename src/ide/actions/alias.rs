//! `from post_categories` → `from post_categories pc`, everywhere.

use super::walk::{self, Part};
use super::{Action, Spot};
use crate::base::text::{TextRange, slice};
use crate::ide::lab::Keep;
use crate::sema::bindings::{Bindings, Bound};
use crate::sql::Ident;
use crate::sql::hir::{ExprKind, FromItem};
use crate::sql::keywords::keyword;

pub fn add(spot: &Spot<'_>, acc: &mut Vec<Action>) {
    let hir = &spot.unit.parsed.hir;
    let mut found = None;
    walk::parts(hir, &mut |part| {
        if let Part::From(FromItem::Relation { name, alias: None, .. }) = part
            && let (Some(range), Some(last)) = (name.range(), name.last())
            && range.contains_inclusive(spot.offset)
            && !name.is_dynamic()
        {
            found = Some((range, last.ident.clone()));
        }
    });
    let Some((range, name)) = found else { return };
    let Some(trial) = spot.lab.trial(spot.idx, &spot.unit.text) else { return };
    let at_name = |it: &crate::sema::bindings::Item| range.contains_range(it.range) && !it.aliased;
    let Some(item) = trial.bindings.items.iter().position(at_name) else { return };
    let alias = short_name(&name, &trial.bindings, &spot.unit.text);
    let mut edits = vec![(TextRange::empty(range.end()), format!(" {alias}"))];
    for (expr, bound) in hir.exprs.iter().zip(&trial.bindings.exprs) {
        let (qualifier, bound) = match (&expr.kind, bound) {
            (ExprKind::Column(name), Some(Bound::Column { item, .. })) if name.parts.len() > 1 => {
                let last = name.parts.len() - 2;
                (name.parts.first().zip(name.parts.get(last)), *item)
            }
            (ExprKind::Star { qualifier }, Some(Bound::Row { item })) => {
                (qualifier.parts.first().zip(qualifier.last()), *item)
            }
            _ => continue,
        };
        if let (Some((first, last)), true) = (qualifier, bound as usize == item) {
            let written = first.range.cover(last.range);
            if slice(&spot.unit.text, written) != alias && !edits.iter().any(|it| it.0 == written) {
                edits.push((written, alias.clone()));
            }
        }
    }
    acc.extend(spot.rewrite(format!("Give {name} the alias {alias}"), &edits, Keep::Meaning));
}

/// The first letters of its words, with a number where that is taken.
fn short_name(name: &Ident, bindings: &Bindings, text: &str) -> String {
    let words = name.as_str().split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    let letters: String = words.filter_map(|it| it.chars().next()).flat_map(char::to_lowercase).collect();
    let letters = if letters.starts_with(|it: char| it.is_alphabetic()) { letters } else { "t".to_owned() };
    let taken = |it: &str| {
        keyword(it).is_some()
            || bindings.items.iter().any(|item| item.name.as_str() == it)
            || crate::sql::token::lex(text).iter().any(|token| token.is_word(text, it))
    };
    let mut res = letters.clone();
    let mut n = 1;
    while taken(&res) && n < 100 {
        n += 1;
        res = format!("{letters}{n}");
    }
    Ident::new(res).quoted()
}
