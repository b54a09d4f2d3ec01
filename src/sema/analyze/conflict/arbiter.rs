//! Whether the expression of an index and that of a conflict target are one (`infer_arbiter_indexes`), by their words.

use smol_str::SmolStr;

use crate::catalog::{Catalog, Relation};

/// Functions in C, which the planner leaves as they are where an argument is a column.
const CALLS: [&str; 16] = [
    "lower",
    "upper",
    "md5",
    "length",
    "char_length",
    "abs",
    "initcap",
    "concat",
    "concat_ws",
    "left",
    "right",
    "substr",
    "replace",
    "btrim",
    "date_trunc",
    "reverse",
];

const OPERATORS: [&str; 7] = ["+", "-", "*", "/", "||", "->", "->>"];

pub struct Arbiter<'c> {
    pub catalog: &'c Catalog,
    pub relation: &'c Relation,
}

/// A call or an operation of columns and literals, one column at least: the planner changes nothing of it.
struct Simple<'w> {
    head: &'w SmolStr,
    args: Vec<&'w SmolStr>,
}

impl Arbiter<'_> {
    /// The planner keeps a call or an operator of this: it does not come to a column in the end, as `x::text`,
    /// `CASE WHEN true THEN x END` or the body of a function may.
    pub fn stays(&self, words: &[SmolStr]) -> bool {
        let mut kept = false;
        let known = words.iter().enumerate().all(|(idx, it)| {
            let called = words.get(idx + 1).is_some_and(|it| it == "(");
            if CALLS.contains(&it.as_str()) && called || OPERATORS.contains(&it.as_str()) {
                kept = true;
                return true;
            }
            matches!(it.as_str(), "(" | ")" | ",") || !called && (self.is_column(it) || is_literal(it))
        });
        known && kept && !self.is_replaced(words)
    }

    /// The planner puts SQL functions' bodies and virtual columns' expressions where they are used.
    fn is_replaced(&self, words: &[SmolStr]) -> bool {
        let catalog = self.catalog;
        let own = |word: &SmolStr| {
            catalog.gaps.has_operator(word) || catalog.functions.keys().any(|it| it.name.as_str() == word)
        };
        let is_virtual = |it: &crate::catalog::Column| it.generated.as_ref().is_some_and(|it| !it.stored);
        catalog.gaps.functions
            || !catalog.casts.is_empty() && words.iter().any(|it| it == "::" || it == "cast")
            || words.iter().any(own)
            || self.relation.columns.iter().any(is_virtual)
    }

    /// Whether two expressions are the same; `None`: not sure, for what is written otherwise may mean the same.
    pub fn same_words(&self, a: &[SmolStr], b: &[SmolStr]) -> Option<bool> {
        if a == b {
            return Some(true);
        }
        // No words: the text of an index's expression is not known.
        if a.is_empty() || b.is_empty() || self.is_replaced(a) || self.is_replaced(b) {
            return None;
        }
        let (left, right) = (self.simple(a), self.simple(b));
        let lacks = |it: &Option<Simple<'_>>, words: &[SmolStr]| {
            it.as_ref().is_some_and(|it| !words.contains(it.head))
        };
        if lacks(&left, b) || lacks(&right, a) {
            return Some(false);
        }
        self.differ(&left?, &right?).then_some(false)
    }

    fn is_column(&self, word: &SmolStr) -> bool {
        self.relation.columns.iter().any(|it| it.name.as_str() == word)
    }

    fn simple<'w>(&self, words: &'w [SmolStr]) -> Option<Simple<'w>> {
        let (head, args): (&SmolStr, Vec<&SmolStr>) = match words {
            [head, open, inner @ .., close] if open == "(" && close == ")" => {
                let commas = inner.iter().skip(1).step_by(2).all(|it| it == ",");
                if !commas || inner.len() % 2 == 0 || !CALLS.contains(&head.as_str()) {
                    return None;
                }
                (head, inner.iter().step_by(2).collect())
            }
            [left, op, right] if OPERATORS.contains(&op.as_str()) => (op, vec![left, right]),
            _ => return None,
        };
        let known = args.iter().all(|it| self.is_column(it) || is_literal(it));
        (known && args.iter().any(|it| self.is_column(it))).then_some(Simple { head, args })
    }

    fn differ(&self, a: &Simple<'_>, b: &Simple<'_>) -> bool {
        if a.head != b.head || a.args.len() != b.args.len() {
            return true;
        }
        // `1 + day` is the planner's `day + 1`.
        let (mut one, mut other) = (a.args.clone(), b.args.clone());
        one.sort();
        other.sort();
        if one == other {
            return false;
        }
        let swapped = |it: &Simple<'_>| it.args.first().is_some_and(|it| !self.is_column(it));
        if swapped(a) != swapped(b) {
            return false;
        }
        a.args.iter().zip(&b.args).any(|(x, y)| {
            let integers = (x.parse::<u32>(), y.parse::<u32>());
            match (self.is_column(x), self.is_column(y)) {
                (true, true) => x != y,
                (true, false) | (false, true) => true,
                _ if x == y => false,
                _ => {
                    matches!(integers, (Ok(x), Ok(y)) if x != y)
                        || matches!(a.head.as_str(), "->" | "->>")
                            && x.starts_with('\'')
                            && y.starts_with('\'')
                }
            }
        })
    }
}

fn is_literal(word: &SmolStr) -> bool {
    word.starts_with(|c: char| c == '\'' || c.is_ascii_digit())
}
