//! `[NOT] DEFERRABLE`, `INITIALLY …`, `NOT VALID`, `NO INHERIT`, `[NOT] ENFORCED` behind a constraint
//! (`ConstraintAttributeSpec`).

use super::super::Lower;
use crate::base::text::TextRange;
use crate::sql::hir::ddl::ConstraintAttribute::{
    self, Deferrable, Enforced, InitiallyDeferred, InitiallyImmediate, NoInherit, NotDeferrable, NotEnforced,
    NotValid,
};

#[derive(Default)]
pub(super) struct Attributes {
    pub all: Vec<(TextRange, ConstraintAttribute)>,
}

const WORDS: [(&[&str], ConstraintAttribute); 8] = [
    (&["deferrable"], Deferrable),
    (&["not", "deferrable"], NotDeferrable),
    (&["initially", "deferred"], InitiallyDeferred),
    (&["initially", "immediate"], InitiallyImmediate),
    (&["not", "valid"], NotValid),
    (&["no", "inherit"], NoInherit),
    (&["enforced"], Enforced),
    (&["not", "enforced"], NotEnforced),
];

impl Attributes {
    /// Takes the attribute under the cursor, if there is one; the grammar refuses those that contradict each other.
    pub fn step(&mut self, lower: &mut Lower<'_>) -> bool {
        let start = lower.start();
        let Some((_, found)) = WORDS.iter().find(|(words, _)| lower.eat_kws(words)) else { return false };
        let at = lower.span(start);
        self.all.push((at, *found));
        let has = |it| self.all.iter().any(|(_, own)| *own == it);
        if has(NotDeferrable) && has(InitiallyDeferred) {
            lower.refuse(at, "constraint declared INITIALLY DEFERRED must be DEFERRABLE".into());
        } else if has(Deferrable) && has(NotDeferrable)
            || has(InitiallyDeferred) && has(InitiallyImmediate)
            || has(Enforced) && has(NotEnforced)
        {
            lower.refuse(at, "conflicting constraint properties".into());
        }
        true
    }
}
