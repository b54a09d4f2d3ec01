//! Laws that hold at every place of the sample project.

use std::time::{Duration, Instant};

use super::*;
use crate::base::file::{FileId, InFile};
use crate::base::text::{TextSize, slice};
use crate::ide::goto::{Goal, goto};
use crate::ide::{NavPlace, highlight, hover, references, rename};
use crate::testing::sample;

fn files(snap: &Snapshot) -> Vec<FileId> {
    let is_code = |it: &FileId| !matches!(FileKind::of(&snap.path(*it)), Some(FileKind::Data) | None);
    snap.all_files().into_iter().filter(is_code).collect()
}

/// A name as SQL and TypeScript write it, in one form: `"author_id"`, `'ok'`, `authorId`.
fn plain(text: &str) -> String {
    text.trim_matches(['"', '\'', '`']).replace('_', "").to_lowercase()
}

#[test]
fn names_lead_to_their_declarations_and_back() {
    let snap = sample::blog().snapshot();
    snap.prepare();
    let model = snap.model();
    let mut n_names = 0;
    let mut wrong: Vec<String> = Vec::new();
    for file in files(&snap) {
        let text = snap.text(file).unwrap_or_default();
        let analysis = snap.analysis(file).expect("nobody cancels");
        for unit in &analysis.units {
            let built = model.built(&snap, unit.database).expect("a unit has a database");
            for (host, name) in host_names(&built, unit, file) {
                n_names += 1;
                let pos = InFile::new(file, host.start());
                let written = slice(&text, host);
                let show = |why: &str| format!("{why}: {written} in {} at {host:?}", snap.path(file));
                let Some(found) = goto(&snap, pos, Goal::Definition).expect("nobody cancels") else {
                    // A schema that nobody creates; a number in ORDER BY that counts what Drizzle selects.
                    let is_number = written.bytes().all(|it| it.is_ascii_digit());
                    if !matches!(name.named, Named::Global(What::Schema(_))) && !is_number {
                        wrong.push(show("no definition"));
                    }
                    continue;
                };
                // `excluded` is the table; an alias may be given in TypeScript.
                let is_local = matches!(name.named, Named::Local(_));
                let fits = found.info.iter().any(|it| match &it.place {
                    NavPlace::File { focus, .. } => {
                        let text = snap.text(focus.file).unwrap_or_default();
                        let there = plain(slice(&text, focus.value));
                        there.contains(&plain(written)) || is_local
                    }
                    NavPlace::Builtin { .. } => true,
                });
                if !fits {
                    wrong.push(show("another name"));
                }
                let Some(target) = found.info.iter().find_map(|it| match &it.place {
                    NavPlace::File { focus, .. } => Some(*focus),
                    NavPlace::Builtin { .. } => None,
                }) else {
                    continue;
                };
                // Of a constraint that a column's own methods make, the place is the column's; see above.
                let is_constraint = matches!(name.named, Named::Global(What::Constraint(..)));
                if is_constraint || (is_local && target.file != file || written == "excluded") {
                    continue;
                }
                let back = InFile::new(target.file, target.value.start());
                let uses = references::references(&snap, back).expect("nobody cancels").unwrap_or_default();
                if !uses.iter().any(|it| it.at.file == file && it.at.value == host) {
                    wrong.push(show("not among the references of its declaration"));
                }
            }
        }
    }
    assert!(n_names > 700, "{n_names}");
    assert!(wrong.is_empty(), "{} of {n_names}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_offset_is_answered_in_bounds() {
    let snap = sample::blog().snapshot();
    snap.prepare();
    for file in files(&snap) {
        let text = snap.text(file).unwrap_or_default();
        let is_sql = matches!(FileKind::of(&snap.path(file)), Some(FileKind::Sql));
        let stride = if is_sql { 3 } else { 7 };
        let good = |range: TextRange| {
            usize::from(range.end()) <= text.len()
                && text.is_char_boundary(usize::from(range.start()))
                && text.is_char_boundary(usize::from(range.end()))
        };
        for offset in (0..=text.len()).step_by(stride) {
            let pos = InFile::new(file, TextSize::from(offset as u32));
            if let Some(it) = hover::hover(&snap, pos).expect("nobody cancels") {
                assert!(
                    good(it.range) && it.range.contains_inclusive(pos.value),
                    "{} {offset}",
                    snap.path(file)
                );
                assert!(!it.info.0.is_empty() && it.info.0.len() < 4_000);
            }
            for goal in [Goal::Definition, Goal::Implementation, Goal::TypeDefinition] {
                if let Some(it) = goto(&snap, pos, goal).expect("nobody cancels") {
                    assert!(good(it.range));
                }
            }
            for it in highlight::highlights(&snap, pos).expect("nobody cancels") {
                assert!(good(it.range), "{} {offset}", snap.path(file));
            }
            let _ = rename::prepare(&snap, pos).expect("nobody cancels");
        }
    }
}

/// Prints what requests cost: `COLUMNIST_TIMES=/some/project cargo test --release … -- --nocapture`.
#[test]
fn times() {
    let Ok(dir) = std::env::var("COLUMNIST_TIMES") else { return };
    let snap = sample::project(&dir);
    snap.prepare();
    let files = files(&snap);
    let mut state = 1u64;
    let mut random = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n.max(1)
    };
    let mut spots: Vec<FilePosition> = Vec::new();
    let model = snap.model();
    for &file in &files {
        let text = snap.text(file).unwrap_or_default();
        let analysis = snap.analysis(file).expect("nobody cancels");
        for unit in &analysis.units {
            let Some(built) = model.built(&snap, unit.database) else { continue };
            let names = host_names(&built, unit, file);
            spots.extend(names.iter().take(3).map(|it| InFile::new(file, it.0.start())));
        }
        for _ in 0..2 {
            spots.push(InFile::new(file, TextSize::from(random(text.len()) as u32)));
        }
    }
    let n = 400.min(spots.len());
    let spots: Vec<FilePosition> = (0..n).map(|_| spots[random(spots.len())]).collect();
    let report = |name: &str, ask: &dyn Fn(FilePosition)| {
        let mut times: Vec<(Duration, FilePosition)> = Vec::new();
        for &pos in &spots {
            let start = Instant::now();
            ask(pos);
            times.push((start.elapsed(), pos));
        }
        times.sort_by_key(|it| it.0);
        let at = |it: usize| times[(times.len() - 1) * it / 100];
        println!(
            "{name}: p50 {:?} p95 {:?} p99 {:?} max {:?} at {} {:?}",
            at(50).0,
            at(95).0,
            at(99).0,
            at(100).0,
            snap.path(at(100).1.file),
            at(100).1.value
        );
    };
    println!("{dir}: {} files, {} positions", files.len(), spots.len());
    report("hover", &|pos| drop(hover::hover(&snap, pos)));
    report("goto", &|pos| drop(goto(&snap, pos, Goal::Definition)));
    report("highlights", &|pos| drop(highlight::highlights(&snap, pos)));
    report("references (first)", &|pos| drop(references::references(&snap, pos)));
    report("references", &|pos| drop(references::references(&snap, pos)));
}
