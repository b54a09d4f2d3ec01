//! Comments that silence a diagnostic (CONTRACTS, "Suppression"), with a reason to be written.

use super::{Action, ActionKind};
use crate::base::file::{FileRange, InFile};
use crate::base::text::{TextRange, TextSize, slice};
use crate::db::FileKind;
use crate::ide::lab::Lab;
use crate::lint::{Diagnostic, TextEdit, registry};
use crate::ts;

/// What the user writes over.
const REASON: &str = "explain why";

pub fn suppress(lab: &Lab<'_>, here: &[&Diagnostic], acc: &mut Vec<Action>) {
    let Some(state) = lab.snap.state(lab.file) else { return };
    let slashes = match state.kind {
        FileKind::Sql => "--",
        FileKind::Script(_) => "//",
        FileKind::Data => return,
    };
    let mut done: Vec<(&'static str, TextSize)> = Vec::new();
    let mut codes: Vec<&'static str> = Vec::new();
    for diagnostic in here.iter().filter(|it| can_be_silenced(it.code)) {
        let code = diagnostic.code;
        let Some(statement) = statement(lab, state.kind, diagnostic.at.value.start()) else { continue };
        if !done.contains(&(code, statement.start())) {
            done.push((code, statement.start()));
            let at = |it: &&&Diagnostic| it.code == code && statement.contains_inclusive(it.at.value.start());
            let edit = before(lab, statement.start(), slashes, code);
            let what = if slashes == "--" { "statement" } else { "statement or declaration" };
            acc.push(Action {
                title: format!("Ignore {code} in this {what}"),
                kind: ActionKind::QuickFix,
                mends: here.iter().filter(at).map(|it| (it.code, it.at)).collect(),
                preferred: false,
                edits: vec![edit],
            });
        }
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    for code in codes {
        let mends: Vec<(&'static str, FileRange)> =
            here.iter().filter(|it| it.code == code).map(|it| (it.code, it.at)).collect();
        acc.push(Action {
            title: format!("Ignore {code} in this file"),
            kind: ActionKind::QuickFix,
            mends,
            preferred: false,
            edits: vec![at_top(lab, slashes, code)],
        });
    }
}

/// What is said of comments and configuration, no comment silences.
fn can_be_silenced(code: &str) -> bool {
    registry::rule(code).is_some_and(|it| it.group != "columnist")
}

fn statement(lab: &Lab<'_>, kind: FileKind, at: TextSize) -> Option<TextRange> {
    match kind {
        FileKind::Sql => {
            let statements = lab.snap.statements(lab.file);
            statements.1.ranges.iter().find(|it| it.contains_inclusive(at)).copied()
        }
        FileKind::Script(flavor) => ts::parse::around::statement(&lab.text, flavor, at),
        FileKind::Data => None,
    }
}

/// A comment on a line of its own before the statement that begins at `start`.
fn before(lab: &Lab<'_>, start: TextSize, slashes: &str, code: &str) -> TextEdit {
    let text = lab.text.get(..usize::from(start)).unwrap_or("");
    let line = text.rsplit(['\n', '\r']).next().unwrap_or("");
    let newline = newline(&lab.text);
    let new = if line.trim_start_matches('\u{feff}').trim().is_empty() {
        let indent = line.trim_start_matches('\u{feff}');
        format!("{slashes} columnist-ignore {code}: {REASON}{newline}{indent}")
    } else if slashes == "--" {
        format!("{newline}-- columnist-ignore {code}: {REASON}{newline}")
    } else {
        format!("/* columnist-ignore {code}: {REASON} */ ")
    };
    TextEdit { at: InFile::new(lab.file, TextRange::empty(start)), text: new }
}

/// The first line of the file; behind `#!`.
fn at_top(lab: &Lab<'_>, slashes: &str, code: &str) -> TextEdit {
    let mut at = if lab.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let newline = newline(&lab.text);
    let mut new = format!("{slashes} columnist-ignore-file {code}: {REASON}{newline}");
    if slashes == "//" && lab.text.get(at..).is_some_and(|it| it.starts_with("#!")) {
        match lab.text.get(at..).and_then(|it| it.find('\n')) {
            Some(end) => at += end + 1,
            None => {
                at = lab.text.len();
                new = format!("{newline}{new}");
            }
        }
    }
    let at = TextRange::empty(TextSize::from(at as u32));
    debug_assert!(slice(&lab.text, at).is_empty());
    TextEdit { at: InFile::new(lab.file, at), text: new }
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}
