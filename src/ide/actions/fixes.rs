//! The fixes that diagnostics bring, one by one and all safe ones of a file.

use super::{Action, ActionKind};
use crate::base::file::FileId;
use crate::lint::{Diagnostic, TextEdit};

pub fn fixes(here: &[&Diagnostic], acc: &mut Vec<Action>) {
    for diagnostic in here {
        for (idx, fix) in diagnostic.fixes.iter().enumerate() {
            acc.push(Action {
                title: fix.title.clone(),
                kind: ActionKind::QuickFix,
                mends: vec![(diagnostic.code, diagnostic.at)],
                preferred: idx == 0,
                edits: fix.edits.clone(),
            });
        }
    }
}

/// The first safe fix of each diagnostic, as far as they go together.
pub fn fix_all(all: &[Diagnostic], file: FileId, acc: &mut Vec<Action>) {
    let mut edits: Vec<TextEdit> = Vec::new();
    let mut mends = Vec::new();
    for diagnostic in all {
        let Some(fix) = diagnostic.fixes.iter().find(|it| it.safe && !it.edits.is_empty()) else { continue };
        let fits =
            fix.edits.iter().all(|it| it.at.file == file && edits.iter().all(|other| apart(it, other)));
        if fits {
            edits.extend(fix.edits.iter().cloned());
            mends.push((diagnostic.code, diagnostic.at));
        }
    }
    if edits.is_empty() {
        return;
    }
    edits.sort_by_key(|it| (it.at.value.start(), it.at.value.end()));
    let title = match mends.len() {
        1 => "Fix the one problem that is safe to fix".to_owned(),
        n => format!("Fix all {n} problems that are safe to fix"),
    };
    acc.push(Action { title, kind: ActionKind::FixAll, mends, preferred: false, edits });
}

fn apart(a: &TextEdit, b: &TextEdit) -> bool {
    a.at.file != b.at.file || a.at.value.end() < b.at.value.start() || b.at.value.end() < a.at.value.start()
}
