//! The order of items: what matches the typed word first, then what fits the place best.

use super::{Completions, Config, Item};

/// How well a name matches what was typed; less is better.
pub const NO_MATCH: u8 = 4;

/// 0: begins with it; 1: a part behind `_`, `.` or a space does; 2: contains it; 3: has its letters in order.
pub fn matching(name: &str, typed: &str) -> u8 {
    if typed.is_empty() {
        return 0;
    }
    let name = name.as_bytes();
    let typed = typed.as_bytes();
    let at =
        |from: usize| name.get(from..from + typed.len()).is_some_and(|it| it.eq_ignore_ascii_case(typed));
    if at(0) {
        return 0;
    }
    let mut res = NO_MATCH;
    for from in 1..name.len() {
        if at(from) {
            let begins = name.get(from - 1).is_some_and(|it| matches!(it, b'_' | b'.' | b' ' | b'"' | b'{'));
            res = res.min(if begins { 1 } else { 2 });
        }
    }
    if res < NO_MATCH {
        return res;
    }
    let mut rest = name.iter();
    let in_order = typed.iter().all(|wanted| rest.any(|it| it.eq_ignore_ascii_case(wanted)));
    if in_order { 3 } else { NO_MATCH }
}

/// What kinds of items come first where nothing is typed yet; the number within a tier decides further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Exactly what the place asks for: a join's condition, a label of the compared enum.
    Best,
    /// A column of the expected type.
    Fit,
    Column,
    Near,
    Word,
    Table,
    Function,
    Rest,
}

#[derive(Debug, Default)]
pub struct Ranked {
    items: Vec<(u8, Tier, u32, Item)>,
    /// More would have been offered had more been typed.
    pub cut: bool,
}

impl Ranked {
    /// `name`: what the typed word is compared with.
    ///
    /// What has no name in the half-typed text (`window  as ()`) is not offered: an item cannot be without a label.
    pub fn push(&mut self, typed: &str, name: &str, tier: Tier, order: u32, item: Item) {
        if item.label.is_empty() {
            return;
        }
        self.items.push((matching(name, typed), tier, order, item));
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn finish(mut self, config: Config) -> Completions {
        self.items.sort_by(|a, b| (a.0, a.1, a.2, &a.3.label).cmp(&(b.0, b.1, b.2, &b.3.label)));
        let mut items: Vec<Item> = Vec::with_capacity(self.items.len().min(config.limit));
        let mut seen = rustc_hash::FxHashSet::default();
        let mut incomplete = self.cut;
        for (.., item) in self.items {
            if !seen.insert((item.label.clone(), item.insert.clone())) {
                continue;
            }
            if items.len() == config.limit {
                incomplete = true;
                break;
            }
            items.push(item);
        }
        Completions { items, incomplete }
    }
}
