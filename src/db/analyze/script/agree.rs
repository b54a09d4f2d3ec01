//! Which alternatives of a fragment go together, TypeScript's control flow decides, and it is not followed here: a
//! table expression and its use may hang on the same condition, a value may be known to exist. So a problem counts
//! only if every alternative that has the text it speaks of has the problem.

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::db::SqlUnit;
use crate::sema::code::of_grammar;
use crate::sema::fragment::Placement;

/// Takes out what some alternatives say and others deny. `some_unknown`: there are alternatives that could not be
/// looked at; they may deny a syntax error.
pub(super) fn settle(alternatives: &mut [Vec<SqlUnit>], some_unknown: bool) {
    if alternatives.len() < 2 && !some_unknown {
        return;
    }
    let said: Vec<Vec<Said>> =
        alternatives.iter().map(|units| units.iter().flat_map(sayings).collect()).collect();
    let texts: Vec<Vec<SqlUnit>> = alternatives.to_vec();
    let denied = |range: Option<TextRange>, code: &str| {
        let Some(range) = range else { return false };
        texts.iter().zip(&said).any(|(units, said)| {
            let has_text = units.iter().any(|it| holds(it, range));
            has_text && !said.iter().any(|it| it.range == range && it.code == code)
        })
    };
    for unit in alternatives.iter_mut().flatten() {
        let placement = unit.placement.clone();
        if let Some(error) = &unit.parsed.error {
            let range = placement.to_host(error.range);
            if some_unknown
                || denied(range, of_grammar(error.sqlstate).name)
                || range.is_none() && texts.iter().flatten().any(is_sound)
            {
                Arc::make_mut(&mut unit.parsed).error = None;
                // What is learned of a text that never is, is worth nothing.
                Arc::make_mut(&mut unit.analysis).problems.clear();
            }
        }
        let keep = |range, code| !denied(placement.to_host(range), code);
        if unit.analysis.problems.iter().any(|it| !keep(it.range, it.code.name)) {
            Arc::make_mut(&mut unit.analysis).problems.retain(|it| keep(it.range, it.code.name));
        }
    }
}

struct Said {
    range: TextRange,
    code: &'static str,
}

fn sayings(unit: &SqlUnit) -> Vec<Said> {
    let problems = unit.analysis.problems.iter().map(|it| (it.range, it.code.name));
    let syntax = unit.parsed.error.iter().map(|it| (it.range, of_grammar(it.sqlstate).name));
    let said = |(range, code)| Some(Said { range: unit.placement.to_host(range)?, code });
    problems.chain(syntax).filter_map(said).collect()
}

fn is_sound(unit: &SqlUnit) -> bool {
    unit.parsed.error.is_none()
}

/// Whether the text of the file at `range` is part of what this unit renders.
fn holds(unit: &SqlUnit, range: TextRange) -> bool {
    match &unit.placement {
        Placement::Plain(_) => true,
        Placement::Fragment { map, .. } => map.renders(range),
    }
}
