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

/// Which attributes a kind of constraint takes (`processCASbits`).
pub(super) struct Takes {
    /// The kind's name in messages.
    pub kind: &'static str,
    pub deferrable: bool,
    pub not_valid: bool,
    pub no_inherit: bool,
    pub enforced: bool,
}

impl Attributes {
    /// Refuses what a constraint of this kind cannot be, at the first attribute.
    pub fn check(&self, lower: &mut Lower<'_>, takes: &Takes) {
        let Some((at, _)) = self.all.first() else { return };
        let has = |it| self.all.iter().any(|(_, own)| *own == it);
        let what = if !takes.deferrable && (has(Deferrable) || has(InitiallyDeferred)) {
            "DEFERRABLE"
        } else if !takes.not_valid && has(NotValid) {
            "NOT VALID"
        } else if !takes.no_inherit && has(NoInherit) {
            "NO INHERIT"
        } else if !takes.enforced && has(NotEnforced) {
            "NOT ENFORCED"
        } else if !takes.enforced && has(Enforced) {
            "ENFORCED"
        } else {
            return;
        };
        lower.refuse_feature(*at, format!("{} constraints cannot be marked {what}", takes.kind));
    }

    /// Takes the attribute under the cursor, if there is one; the grammar refuses those that contradict each other.
    pub fn step(&mut self, lower: &mut Lower<'_>) -> bool {
        let start = lower.start();
        let Some((_, found)) = WORDS.iter().find(|(words, _)| lower.eat_kws(words)) else { return false };
        let at = lower.span(start);
        self.all.push((at, *found));
        let has = |it| self.all.iter().any(|(_, own)| *own == it);
        if has(NotDeferrable) && has(InitiallyDeferred) {
            lower.refuse(at, "constraint declared INITIALLY DEFERRED must be DEFERRABLE");
        } else if has(Deferrable) && has(NotDeferrable)
            || has(InitiallyDeferred) && has(InitiallyImmediate)
            || has(Enforced) && has(NotEnforced)
        {
            lower.refuse(at, "conflicting constraint properties");
        }
        true
    }
}
