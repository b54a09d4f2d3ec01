//! Joins by foreign keys, in both directions: whole tables with their conditions, and conditions alone.

use super::ItemKind;
use super::context::Cx;
use super::rank::Tier;
use super::relation::written;
use super::typed::Quoting;
use crate::catalog::{ForeignKey, QualifiedName, Relation};
use crate::sema::scope::{Item as FromItem, Scope};
use crate::sql::token::{TokenKind, significant};
use crate::sql::{Ident, keywords};

/// Whether a foreign key leads from one column to the other.
pub fn are_keyed(cx: &Cx<'_>, a: &(QualifiedName, Ident), b: &(QualifiedName, Ident)) -> bool {
    let leads = |from: &(QualifiedName, Ident), to: &(QualifiedName, Ident)| {
        cx.relation(&from.0).is_some_and(|it| {
            it.foreign_keys.iter().any(|key| {
                key.target.as_ref() == Some(&to.0)
                    && key.columns.iter().zip(&key.target_columns).any(|it| *it.0 == from.1 && *it.1 == to.1)
            })
        })
    };
    leads(a, b) || leads(b, a)
}

/// `JOIN |`: every table that a foreign key leads to or from, with its condition.
pub fn tables(cx: &Cx<'_>, scope: &Scope) {
    let words = cx.words_before(2);
    let behind_join = words.first().is_some_and(|it| it == "join");
    let natural = head_ends(cx, &["cross", "natural"]);
    if !behind_join || natural || cx.quoting() != Quoting::Bare || goes_on(cx) {
        return;
    }
    let near: Vec<&FromItem> = scope.items.iter().filter(|it| it.distance == 0 && it.named).collect();
    let aliased = near.iter().any(|it| it.aliased);
    let taken: Vec<&Ident> = scope.items.iter().map(|it| &it.name).collect();
    for (place, left) in near.iter().rev().enumerate() {
        let Some(relation) = &left.relation else { continue };
        let own = qualified(relation);
        for key in &relation.foreign_keys {
            let Some(target) = key.target.as_ref().and_then(|it| cx.relation(it)) else { continue };
            offer(cx, target, &taken, aliased, place, |alias| condition(cx, key, &left.name, alias));
        }
        for other in cx.catalog.relations.values() {
            for key in other.foreign_keys.iter().filter(|it| it.target.as_ref() == Some(&own)) {
                offer(cx, other, &taken, aliased, place, |alias| condition(cx, key, alias, &left.name));
            }
        }
    }
}

fn offer(
    cx: &Cx<'_>,
    relation: &Relation,
    taken: &[&Ident],
    aliased: bool,
    place: usize,
    condition: impl Fn(&Ident) -> Option<String>,
) {
    let clash = taken.contains(&&relation.name);
    let alias = if aliased || clash { alias(relation.name.as_str(), taken) } else { relation.name.clone() };
    let Some(condition) = condition(&alias) else { return };
    let name = written(cx, &qualified(relation));
    let named = if alias == relation.name { name } else { format!("{name} {}", cx.quote(&alias)) };
    let sql = format!("{named} {} {condition}", cx.keyword("on"));
    let mut item = cx.item(sql.clone(), ItemKind::Join, &sql);
    item.filter = Some(relation.name.to_string());
    item.origin = cx.origin(relation.origin);
    item.data = cx.data(&relation.schema, &relation.name, None, super::DataKind::Relation);
    cx.add(relation.name.as_str(), Tier::Best, place as u32, item);
}

/// `ON |`: the conditions that join the right side to the left.
pub fn conditions(cx: &Cx<'_>, scope: &Scope) {
    let begins = cx.words_before(1).first().is_some_and(|it| matches!(it.as_str(), "on" | "and" | "("));
    let Some(n_left) = scope.n_left.filter(|_| begins && cx.quoting() == Quoting::Bare) else { return };
    let near: Vec<&FromItem> = scope.items.iter().filter(|it| it.distance == 0 && it.named).collect();
    let (left, right) = near.split_at(n_left.min(near.len()));
    let mut order = 0;
    for (b, a) in right.iter().flat_map(|b| left.iter().rev().map(move |a| (b, a))) {
        for (from, to) in [(b, a), (a, b)] {
            let (Some(from_relation), Some(to_relation)) = (&from.relation, &to.relation) else { continue };
            let target = qualified(to_relation);
            for key in from_relation.foreign_keys.iter().filter(|it| it.target.as_ref() == Some(&target)) {
                let Some(sql) = condition(cx, key, &from.name, &to.name) else { continue };
                let item = cx.item(sql.clone(), ItemKind::Join, &sql);
                cx.add(&sql, Tier::Best, order, item);
                order += 1;
            }
        }
    }
}

/// `from.column = to.column and …`.
fn condition(cx: &Cx<'_>, key: &ForeignKey, from: &Ident, to: &Ident) -> Option<String> {
    if key.columns.is_empty() || key.columns.len() != key.target_columns.len() {
        return None;
    }
    let pairs = key.columns.iter().zip(&key.target_columns);
    let equal =
        |(own, other)| format!("{}.{} = {}.{}", cx.quote(from), cx.quote(own), cx.quote(to), cx.quote(other));
    Some(pairs.map(equal).collect::<Vec<_>>().join(&format!(" {} ", cx.keyword("and"))))
}

fn qualified(relation: &Relation) -> QualifiedName {
    QualifiedName { schema: relation.schema.clone(), name: relation.name.clone() }
}

/// A short name for a table: the initials of its words, longer where those are taken or mean something.
pub fn alias(name: &str, taken: &[&Ident]) -> Ident {
    let mut initials = String::new();
    let mut previous = '_';
    for c in name.chars() {
        let begins = !previous.is_alphanumeric() || (c.is_uppercase() && previous.is_lowercase());
        if begins && c.is_alphabetic() {
            initials.extend(c.to_lowercase());
        }
        previous = c;
    }
    if initials.is_empty() {
        initials.push('t');
    }
    let letters: String =
        name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let longer = [2, 3].into_iter().map(|n| letters.chars().take(n).collect::<String>());
    let numbered = (2..100).map(|n| format!("{initials}{n}"));
    let free = |it: &String| {
        let starts = it.starts_with(|c: char| c.is_alphabetic());
        starts && keywords::keyword(it).is_none() && !taken.iter().any(|taken| taken.as_str() == it)
    };
    let mut candidates = std::iter::once(initials.clone()).chain(longer).chain(numbered);
    Ident::new(candidates.find(free).unwrap_or(letters))
}

fn head_ends(cx: &Cx<'_>, words: &[&str]) -> bool {
    cx.words_before(2).get(1).is_some_and(|it| words.contains(&it.as_str()))
}

/// An alias or condition stands behind the word already.
fn goes_on(cx: &Cx<'_>) -> bool {
    let tail = cx.typed.tail();
    let Some(next) = significant(tail).first().copied() else { return false };
    let word = next.text(tail).to_ascii_lowercase();
    match next.kind {
        TokenKind::Word => {
            matches!(word.as_str(), "on" | "using" | "as")
                || keywords::keyword(&word).is_none_or(|it| it.category == keywords::Category::Unreserved)
        }
        TokenKind::QuotedIdent { .. } => true,
        _ => false,
    }
}
