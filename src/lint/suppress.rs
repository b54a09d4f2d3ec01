//! `columnist-ignore` comments (CONTRACTS, "Suppression").

pub mod scope;

use smol_str::SmolStr;

use super::check::FileReport;
use super::{Diagnostic, Fix, TextEdit, registry};
use crate::base::file::{FileId, InFile};
use crate::base::line_index::LineIndex;
use crate::base::text::{TextRange, range};
use crate::db::{FileKind, Snapshot};
use crate::sql::suppress::{Directive, Scope};

#[cfg(test)]
mod tests;

/// Takes out what a comment of the file silences and reports comments that silence nothing.
pub fn apply(snap: &Snapshot, file: FileId, report: &mut FileReport) {
    let Some(state) = snap.state(file) else { return };
    if memchr::memmem::find(state.text.as_bytes(), b"columnist-ignore").is_none() {
        return;
    }
    let places = match state.kind {
        FileKind::Sql => scope::in_sql(&state.text),
        FileKind::Script(flavor) => scope::in_script(&state.text, flavor, &state.fragments()),
        FileKind::Data => return,
    };
    silence(file, &state.text, &state.line_index(), &places, report);
}

/// A comment that starts with a directive, and what it stands before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub directive: Directive,
    /// Bytes of the comment, delimiters included.
    pub comment: TextRange,
    pub reach: Reach,
}

/// What a directive silences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    File,
    /// Problems that start on this line (from 0).
    Line(u32),
    /// Problems that start in this range.
    Range(TextRange),
    /// Nothing comes after it.
    Nothing,
}

impl Reach {
    fn covers(self, at: TextRange, lines: &LineIndex) -> bool {
        match self {
            Reach::File => true,
            Reach::Line(line) => lines.line_of(at.start()) == line,
            Reach::Range(reach) => reach.contains_inclusive(at.start()),
            Reach::Nothing => false,
        }
    }
}

fn silence(file: FileId, text: &str, lines: &LineIndex, places: &[Placed], report: &mut FileReport) {
    // Beside each code of each directive: whether it silenced something.
    let mut used: Vec<Vec<bool>> =
        places.iter().map(|it| vec![false; it.directive.codes.len().max(1)]).collect();
    report.diagnostics.retain(|it| {
        let mut silenced = false;
        for (placed, used) in places.iter().zip(&mut used) {
            if it.at.file != file || !placed.reach.covers(it.at.value, lines) {
                continue;
            }
            let codes = &placed.directive.codes;
            let idx = match codes.iter().position(|(code, _)| code == it.code) {
                Some(idx) => Some(idx),
                // `columnist-ignore-file: reason` without codes is about all of them.
                None => (codes.is_empty() && placed.directive.scope == Scope::File).then_some(0),
            };
            if let Some(used) = idx.and_then(|idx| used.get_mut(idx)) {
                *used = true;
                silenced = true;
            }
        }
        report.n_suppressed += u32::from(silenced);
        !silenced
    });
    for (placed, used) in places.iter().zip(&used) {
        if placed.directive.reason.is_none() {
            report.diagnostics.push(without_reason(file, text, placed));
        }
        // What was not checked may well hold the problem.
        let unchecked = report.skipped.iter().any(|it| match placed.reach {
            Reach::File => true,
            Reach::Range(reach) => reach.intersect(it.host).is_some(),
            reach => reach.covers(it.host, lines),
        });
        if unchecked {
            continue;
        }
        for (idx, _) in used.iter().enumerate().filter(|(_, used)| !**used) {
            report.diagnostics.push(unused(file, text, placed, idx));
        }
    }
}

fn without_reason(file: FileId, text: &str, placed: &Placed) -> Diagnostic {
    let message = "this suppression gives no reason";
    let mut res = Diagnostic::of_text(
        file,
        text,
        placed.comment,
        registry::SUPPRESSION_WITHOUT_REASON,
        message.to_owned(),
    );
    res.hint = Some("Write it after a colon: `columnist-ignore undefined-column: why`.".to_owned());
    res
}

fn unused(file: FileId, text: &str, placed: &Placed, idx: usize) -> Diagnostic {
    let codes = &placed.directive.codes;
    let message = match codes.get(idx) {
        Some((code, _)) if registry::rule(code).is_none() => format!("no rule has the code \"{code}\""),
        Some((code, _)) => format!("there is no {code} here to silence"),
        None => "there is nothing here to silence".to_owned(),
    };
    let mut res = Diagnostic::of_text(file, text, placed.comment, registry::UNUSED_SUPPRESSION, message);
    let (title, removed) = match codes.get(idx) {
        Some((code, at)) if codes.len() > 1 => {
            res.at.value = *at;
            (format!("Remove {code} from the comment"), without_code(codes, idx))
        }
        Some((_, at)) => {
            res.at.value = *at;
            ("Remove the comment".to_owned(), without_comment(text, placed.comment))
        }
        None => ("Remove the comment".to_owned(), without_comment(text, placed.comment)),
    };
    let edits = vec![TextEdit { at: InFile::new(file, removed), text: String::new() }];
    res.fixes.push(Fix { title, safe: true, edits });
    res
}

/// One of several codes with the comma that joins it to the others.
fn without_code(codes: &[(SmolStr, TextRange)], idx: usize) -> TextRange {
    let own = codes.get(idx).map(|it| it.1).unwrap_or_default();
    match (idx.checked_sub(1).and_then(|idx| codes.get(idx)), codes.get(idx + 1)) {
        (_, Some(next)) => TextRange::new(own.start(), next.1.start().max(own.start())),
        (Some(previous), None) => TextRange::new(previous.1.end(), own.end()),
        (None, None) => own,
    }
}

/// The comment with its line when it stands alone there, else with the blanks before it.
fn without_comment(text: &str, comment: TextRange) -> TextRange {
    let (start, end) = (usize::from(comment.start()), usize::from(comment.end()));
    let (before, after) = (text.get(..start).unwrap_or(""), text.get(end..).unwrap_or(""));
    let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
    let line_start = start - blanks;
    let starts_line = line_start == 0 || before[..line_start].ends_with(['\n', '\r']);
    let rest = after.trim_start_matches([' ', '\t']);
    let line_end = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with(['\n', '\r'])) };
    let ends_line = line_end > 0 || rest.is_empty();
    match (starts_line, ends_line) {
        (true, true) => range(line_start, end + (after.len() - rest.len()) + line_end),
        (false, true) => range(line_start, end),
        _ => range(start, end),
    }
}
