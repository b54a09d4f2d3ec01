//! Code actions: the fixes of diagnostics and refactorings at the cursor.

mod alias;
mod fixes;
mod from;
mod insert;
mod qualify;
mod quote;
mod star;
mod suppress;
mod walk;

use super::lab::Lab;
use crate::base::cancel::Cancellable;
use crate::base::file::FileRange;
use crate::base::text::{TextRange, TextSize};
use crate::db::{Snapshot, SqlUnit};
use crate::lint::{Diagnostic, TextEdit, check};
use crate::sema::Problem;

/// LSP 3.17 `CodeActionKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    QuickFix,
    /// Rewrites what is right into something that is right too (qualify a column, expand a star).
    Rewrite,
    /// All safe fixes of the file.
    FixAll,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub title: String,
    pub kind: ActionKind,
    /// Code and place of the diagnostics that it mends.
    pub mends: Vec<(&'static str, FileRange)>,
    /// What the user most likely wants; at most one for each diagnostic.
    pub preferred: bool,
    /// Disjoint edits, perhaps in several files.
    pub edits: Vec<TextEdit>,
}

/// What can be done about, or at, a range of a file.
pub fn actions(snap: &Snapshot, range: FileRange) -> Cancellable<Vec<Action>> {
    let Some(lab) = Lab::new(snap, range.file)? else { return Ok(Vec::new()) };
    let report = check::file(snap, range.file)?;
    let here: Vec<&Diagnostic> = report
        .diagnostics
        .iter()
        .filter(|it| it.at.file == range.file && it.at.value.intersect(range.value).is_some())
        .collect();
    let mut res = Vec::new();
    fixes::fixes(&here, &mut res);
    for (idx, offset) in spots(&lab, range.value) {
        snap.check()?;
        let Some(unit) = lab.analysis.units.get(idx) else { continue };
        let spot = Spot { lab: &lab, idx, unit, offset };
        for problem in &unit.analysis.problems {
            let about = |it: &&&Diagnostic| {
                it.code == problem.code.name && unit.placement.to_host(problem.range) == Some(it.at.value)
            };
            if let Some(diagnostic) = here.iter().find(about) {
                insert::missing(&spot, problem, diagnostic, &mut res);
                from::missing(&spot, problem, diagnostic, &mut res);
            }
        }
        star::expand(&spot, &mut res);
        qualify::qualify(&spot, &mut res);
        alias::add(&spot, &mut res);
        quote::quote(&spot, &mut res);
    }
    suppress::suppress(&lab, &here, &mut res);
    fixes::fix_all(&report.diagnostics, range.file, &mut res);
    // Alternatives of a fragment offer the same.
    let mut seen: Vec<Action> = Vec::new();
    for action in res {
        if !seen.iter().any(|it| it.edits == action.edits && it.kind == action.kind) {
            seen.push(action);
        }
    }
    Ok(seen)
}

/// A unit that holds the start of what is asked about, with its offset there.
struct Spot<'a> {
    lab: &'a Lab<'a>,
    idx: usize,
    unit: &'a SqlUnit,
    offset: TextSize,
}

impl Spot<'_> {
    /// A rewrite, if it keeps what it has to.
    fn rewrite(
        &self,
        title: String,
        edits: &[(TextRange, String)],
        keep: super::lab::Keep,
    ) -> Option<Action> {
        let edits = self.lab.edits(self.idx, edits, keep)?;
        Some(Action { title, kind: ActionKind::Rewrite, mends: Vec::new(), preferred: false, edits })
    }

    /// The fix of a problem, if nothing new is wrong with it and the problem is gone.
    fn mend(
        &self,
        title: String,
        edits: &[(TextRange, String)],
        problem: &Problem,
        diagnostic: &Diagnostic,
    ) -> Option<Action> {
        let after = self.lab.trial(self.idx, &super::lab::apply(&self.unit.text, edits)?)?;
        let same = |it: &Problem| it.code == problem.code && it.message == problem.message;
        let n_before = self.unit.analysis.problems.iter().filter(|it| same(it)).count();
        if after.analysis.problems.iter().filter(|it| same(it)).count() >= n_before {
            return None;
        }
        let edits = self.lab.edits(self.idx, edits, super::lab::Keep::Peace)?;
        let mends = vec![(diagnostic.code, diagnostic.at)];
        Some(Action {
            title,
            kind: ActionKind::QuickFix,
            mends,
            preferred: diagnostic.fixes.is_empty(),
            edits,
        })
    }
}

/// The units under a range's start, or under its end.
fn spots(lab: &Lab<'_>, range: TextRange) -> Vec<(usize, TextSize)> {
    let at = |offset: TextSize| {
        let units = lab.analysis.units.iter().enumerate();
        let found = units.filter_map(|(idx, it)| {
            it.host.contains_inclusive(offset).then_some(())?;
            let inside = it.placement.from_host(offset)?;
            (inside <= TextSize::of(&*it.text)).then_some((idx, inside))
        });
        found.collect::<Vec<_>>()
    };
    let res = at(range.start());
    if res.is_empty() { at(range.end()) } else { res }
}

#[cfg(test)]
mod tests;
