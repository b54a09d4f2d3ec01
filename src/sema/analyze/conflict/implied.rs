//! Whether the WHERE of ON CONFLICT implies the predicate of an index (`predicate_implied_by` of predtest.c).

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::plan::Node;
use crate::sql::Ident;

/// `None`: not certain.
pub fn implies(clause: &Node, predicate: &Node) -> Option<bool> {
    match (clause, predicate) {
        (_, Node::And(parts)) => all(parts.iter().map(|it| implies(clause, it))),
        (Node::And(clauses), Node::Or(parts)) => any(parts
            .iter()
            .map(|it| implies(clause, it))
            .chain(clauses.iter().map(|it| implies(it, predicate)))),
        (Node::And(clauses), _) => any(clauses.iter().map(|it| implies(it, predicate))),
        (Node::Or(clauses), _) => all(clauses.iter().map(|it| implies(it, predicate))),
        (_, Node::Or(parts)) => any(parts.iter().map(|it| implies(clause, it))),
        _ => simply(clause, predicate),
    }
}

/// `predicate_implied_by_simple_clause`: they are the same; the clause is strict for what the predicate says is not
/// null; or both compare one thing.
fn simply(clause: &Node, predicate: &Node) -> Option<bool> {
    if matches!(predicate, Node::Const(..) | Node::Null) {
        // Nothing is left of a predicate that always holds.
        return None;
    }
    // NULL is strict for whatever is asked not to be.
    if *clause == Node::Null {
        let other = matches!(predicate, Node::Kept(it, _) if it != "is not null");
        return other.then_some(false);
    }
    // What says no column may be NULL in the end.
    if matches!(clause, Node::Unknown(it) if it.is_empty()) {
        return None;
    }
    if apart(clause, predicate) || matches!(clause, Node::Const(..)) {
        return Some(false);
    }
    if !clause.differs(predicate) {
        return None;
    }
    let (Node::Kept(head, parts), Node::Kept(wanted, operands)) = (clause, predicate) else {
        let test = matches!(predicate, Node::Kept(it, _) if it == "is not null");
        return (!test).then_some(false);
    };
    if wanted == "is not null" {
        // Tests are never strict.
        return head.starts_with("is ").then_some(false);
    }
    let (Some(op), Some(other)) = (operator(head), operator(wanted)) else { return Some(false) };
    let ([a, b], [x, y]) = (parts.as_slice(), operands.as_slice()) else { return Some(false) };
    let compares = |it: &str| matches!(it, "=" | "<>" | "<" | "<=" | ">" | ">=");
    let text = |it: &str| it.starts_with('~') && it.ends_with('~') && it.len() > 2;
    if !compares(op) && !text(op) || !compares(other) && !text(other) {
        return Some(false);
    }
    // Nothing on one side of the one stands on a side of the other.
    if a.differs(x) && b.differs(y) && a.differs(y) && b.differs(x) {
        return Some(false);
    }
    // Numbers on the right of one thing: what holds of all numbers.
    if head.split(' ').skip(2).eq(wanted.split(' ').skip(2))
        && a == x
        && let (Some(given), Some(limit)) = (number(b), number(y))
    {
        return Some(covers(op, given, other, limit));
    }
    // What is one word is not another.
    if head.split(' ').skip(2).eq(wanted.split(' ').skip(2)) && a == x && (op, other) == ("=", "=") {
        return plainly_different(b, y).then_some(false);
    }
    None
}

/// They have no column in common.
fn apart(clause: &Node, predicate: &Node) -> bool {
    let (mut left, mut right) = (BTreeSet::<Ident>::new(), BTreeSet::new());
    clause.columns(&mut left);
    predicate.columns(&mut right);
    !right.is_empty() && left.is_disjoint(&right)
}

fn operator(head: &SmolStr) -> Option<&str> {
    head.strip_prefix("op ")?.split(' ').next()
}

/// Words of other lower-case letters: even a collation that passes over punctuation keeps them apart.
fn plainly_different(a: &Node, b: &Node) -> bool {
    let word = |it: &Node| match it {
        Node::Const(_, Some(text)) if text.bytes().all(|it| it.is_ascii_lowercase() || it == b'_') => {
            Some(text.replace('_', ""))
        }
        _ => None,
    };
    matches!((word(a), word(b)), (Some(a), Some(b)) if a != b)
}

fn number(node: &Node) -> Option<f64> {
    let Node::Const(_, Some(text)) = node else { return None };
    text.parse().ok()
}

/// `x op given` implies `x other limit` (`BT_implies_table`).
fn covers(op: &str, given: f64, other: &str, limit: f64) -> bool {
    match (op, other) {
        ("<", "<") | ("<=", "<=") | ("<", "<=") | ("=", "<=") => given <= limit,
        ("<=", "<") | ("=", "<") => given < limit,
        (">", ">") | (">=", ">=") | (">", ">=") | ("=", ">=") => given >= limit,
        (">=", ">") | ("=", ">") => given > limit,
        ("=", "=") | ("<>", "<>") => given == limit,
        ("<", "<>") => given <= limit,
        ("<=", "<>") => given < limit,
        (">", "<>") => given >= limit,
        (">=", "<>") => given > limit,
        ("=", "<>") => given != limit,
        _ => false,
    }
}

fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut res = Some(true);
    for it in parts {
        match it {
            Some(false) => return Some(false),
            None => res = None,
            Some(true) => {}
        }
    }
    res
}

fn any(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(parts.map(|it| it.map(|it| !it))).map(|it| !it)
}
