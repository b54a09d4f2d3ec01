//! `check --fix`: applies safe fixes, checks again, until nothing is left to fix.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context;

use super::outcome::{Fixed, Outcome};
use super::workspace::Opened;
use crate::base::file::FileId;
use crate::base::path;
use crate::lint::{Fix, TextEdit};
use crate::project::Workspace;

/// Fixes may uncover fixes; rules that undo each other must not go on for ever.
const MAX_ROUNDS: usize = 10;

/// Fixes and checks in turn; the last outcome, with everything that was fixed.
pub fn run(
    opened: &mut Opened,
    mut outcome: Outcome,
    check: impl Fn(&mut Opened) -> anyhow::Result<Outcome>,
) -> anyhow::Result<Outcome> {
    let mut fixed = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let snap = opened.world.snapshot();
        let roots = opened.roots.clone();
        let plan = plan(&outcome, |file| may_write(&snap.path(file), &roots));
        if plan.edits.is_empty() {
            break;
        }
        for (&file, edits) in &plan.edits {
            let (path, Some(text)) = (snap.path(file), snap.text(file)) else { continue };
            let new = apply(&text, edits);
            replace_file(Path::new(&*path), &new, Some(&text))
                .with_context(|| format!("cannot fix {}", outcome.path(file)))?;
            opened.world.file_on_disk(&path);
        }
        fixed.extend(plan.fixed);
        outcome = check(opened)?;
    }
    outcome.fixed = fixed;
    Ok(outcome)
}

#[derive(Debug, Default)]
struct Plan {
    /// Disjoint and sorted by place.
    edits: BTreeMap<FileId, Vec<TextEdit>>,
    fixed: Vec<Fixed>,
}

/// The safe fixes that can be applied together: each whole or not at all, the first safe one of each problem.
fn plan(outcome: &Outcome, may_write: impl Fn(FileId) -> bool) -> Plan {
    let mut res = Plan::default();
    let mut allowed: BTreeMap<FileId, bool> = BTreeMap::new();
    for it in &outcome.diagnostics {
        let Some(fix) = it.fixes.iter().find(|it| it.safe) else { continue };
        if fix.edits.is_empty() || !fits(outcome, &res, fix) {
            continue;
        }
        if !fix.edits.iter().all(|it| *allowed.entry(it.at.file).or_insert_with(|| may_write(it.at.file))) {
            continue;
        }
        for edit in &fix.edits {
            let edits = res.edits.entry(edit.at.file).or_default();
            let idx = edits.partition_point(|it| it.at.value.start() < edit.at.value.start());
            edits.insert(idx, edit.clone());
        }
        res.fixed.push(Fixed {
            path: outcome.path(it.at.file).to_owned(),
            line: outcome.positions(it.at).0.line,
            code: it.code,
            title: fix.title.clone(),
        });
    }
    res
}

/// Whether a fix lies in its texts, changes something, and touches no edit that is already planned.
fn fits(outcome: &Outcome, plan: &Plan, fix: &Fix) -> bool {
    let apart = |a: &TextEdit, b: &TextEdit| {
        a.at.file != b.at.file
            || a.at.value.end() < b.at.value.start()
            || b.at.value.end() < a.at.value.start()
    };
    let mut changes = false;
    for (idx, edit) in fix.edits.iter().enumerate() {
        let Some(source) = outcome.source(edit.at.file) else { return false };
        let range = usize::from(edit.at.value.start())..usize::from(edit.at.value.end());
        let Some(old) = source.text.get(range) else { return false };
        changes |= old != edit.text;
        let planned = plan.edits.get(&edit.at.file).into_iter().flatten();
        // Edits of one fix may touch, but not overlap.
        let own_overlap = fix.edits.iter().skip(idx + 1).any(|other| {
            other.at.file == edit.at.file
                && edit.at.value.intersect(other.at.value).is_some_and(|it| !it.is_empty())
        });
        if own_overlap || !planned.into_iter().all(|other| apart(edit, other)) {
            return false;
        }
    }
    changes
}

/// The text with disjoint, sorted edits applied; line ends of inserted text are those of the file.
fn apply(text: &str, edits: &[TextEdit]) -> String {
    let crlf = text.contains("\r\n");
    let mut res = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let (start, end) = (usize::from(edit.at.value.start()), usize::from(edit.at.value.end()));
        res.push_str(text.get(at..start).unwrap_or(""));
        if crlf {
            res.push_str(&edit.text.replace("\r\n", "\n").replace('\n', "\r\n"));
        } else {
            res.push_str(&edit.text);
        }
        at = end.max(at);
    }
    res.push_str(text.get(at..).unwrap_or(""));
    res
}

/// A regular file inside a root, reached through no symbolic link (roots themselves hold none).
fn may_write(file: &str, roots: &[String]) -> bool {
    let Some(root) = roots.iter().find(|it| path::is_within(file, it)) else { return false };
    let mut current = Some(file);
    while let Some(it) = current.filter(|it| *it != root.as_str()) {
        if std::fs::symlink_metadata(it).map_or(true, |meta| meta.is_symlink()) {
            return false;
        }
        current = path::parent(it);
    }
    std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && !meta.permissions().readonly())
}

/// Replaces a file's text in one step: readers see the old text or the new, never a half. The permissions stay.
/// With `expected`, a file that holds something else by now is left alone and that is an error.
pub fn replace_file(file: &Path, text: &str, expected: Option<&str>) -> anyhow::Result<()> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    if let Some(expected) = expected
        && std::fs::read(file)? != expected.as_bytes()
    {
        anyhow::bail!("it changed while it was checked");
    }
    let name = file.file_name().and_then(|it| it.to_str()).context("it has no file name")?;
    let nth = COUNTER.fetch_add(1, Ordering::Relaxed);
    let temporary = file.with_file_name(format!(".{name}.{}-{nth}.tmp", std::process::id()));
    let written = write_new(&temporary, text, file).and_then(|()| std::fs::rename(&temporary, file));
    if written.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    Ok(written?)
}

fn write_new(temporary: &Path, text: &str, model: &Path) -> std::io::Result<()> {
    use std::io::Write;
    let mut out = std::fs::OpenOptions::new().write(true).create_new(true).open(temporary)?;
    if let Ok(meta) = std::fs::metadata(model) {
        out.set_permissions(meta.permissions())?;
    }
    out.write_all(text.as_bytes())?;
    out.sync_all()
}

#[cfg(test)]
mod tests;
