//! The sample application: every planted mistake is found at its place, and nothing else is said.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use columnist::base::path;
use columnist::db::FileKind;
use columnist::lint::check;
use columnist::load;
use columnist::project::Workspace;
use rayon::prelude::*;

/// Line (from 1) in the planted module, code and SQLSTATE; as PostgreSQL answers them.
const PLANTED: [(u32, &str, &str); 10] = [
    (13, "undefined-column", "42703"),
    (19, "undefined-table", "42P01"),
    (29, "undefined-column", "42703"),
    (40, "undefined-function", "42883"),
    (48, "invalid-text-representation", "22P02"),
    (57, "ambiguous-column", "42702"),
    (66, "syntax-error", "42601"),
    (75, "grouping-error", "42803"),
    (84, "missing-required-column", "23502"),
    (92, "undefined-function", "42883"),
];

#[test]
fn the_planted_mistakes_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/blog");
    let root = path::normalize(root.to_str().expect("UTF-8"));
    let snap = load::world(vec![root.clone()]).snapshot();
    let mut found = Vec::new();
    let mut n_checked = 0;
    for file in snap.all_files() {
        let report = check::file(&snap, file).expect("nobody cancels");
        n_checked += report.n_checked;
        assert!(report.skipped.is_empty(), "{}: {:?}", snap.path(file), report.skipped);
        for it in report.diagnostics {
            let text = snap.text(it.at.file).expect("readable");
            let index = columnist::base::line_index::LineIndex::new(&text);
            let line = index.line_of(it.at.value.start()) + 1;
            found.push((
                path::relative_to(&snap.path(file), &root),
                line,
                it.code,
                it.sqlstate.unwrap_or(""),
            ));
        }
    }
    let expected: Vec<_> = PLANTED
        .iter()
        .map(|(line, code, state)| {
            ("src/modules/planted-mistakes/api/index.ts".to_owned(), *line, *code, *state)
        })
        .collect();
    assert_eq!(found, expected);
    assert!(n_checked > 100, "only {n_checked} pieces of SQL were seen");
}

/// The imports of a module and the top-level statement around a range, with the range in this shorter text.
fn around(text: &str, range: std::ops::Range<usize>) -> (String, std::ops::Range<usize>) {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|it| it.0 + 1)).collect();
    let opens = |at: &usize| text[*at..].starts_with(|c: char| c.is_alphabetic() || c == '/');
    let statements: Vec<usize> = starts.into_iter().filter(opens).collect();
    let start = statements.iter().rev().find(|it| **it <= range.start).copied().unwrap_or(0);
    let end = statements.iter().find(|it| **it >= range.end).copied().unwrap_or(text.len());
    let mut res = String::new();
    for (idx, at) in statements.iter().enumerate() {
        if text[*at..].starts_with("import ") && *at < start {
            res.push_str(&text[*at..statements.get(idx + 1).copied().unwrap_or(text.len())]);
        }
    }
    let shift = res.len();
    res.push_str(&text[start..end]);
    (res, range.start - start + shift..range.end - start + shift)
}

/// A file that is being typed is a prefix of what it will be: none may be the end of the process. Every template of the
/// sample is cut after each of its characters; the rest of its statement stands behind it, as in an editor, or nothing
/// does. Whole modules are cut at a stride, or with `COLUMNIST_EVERY_PREFIX` everywhere too. Each of these texts is a file
/// of its own in one world, so that the schema is read once.
#[test]
fn no_prefix_of_a_template_panics() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/blog");
    let root = path::normalize(root.to_str().expect("UTF-8"));
    let mut world = load::world(vec![root]);
    let stride = if std::env::var_os("COLUMNIST_EVERY_PREFIX").is_some() { 1 } else { 61 };
    let mut typed: Vec<(String, String)> = Vec::new();
    let mut n_templates = 0;
    let snap = world.snapshot();
    for file in snap.all_files() {
        let Some(state) = snap.state(file).filter(|it| matches!(it.kind, FileKind::Script(_))) else {
            continue;
        };
        let (path, whole) = (snap.path(file), &state.text);
        // A folder of schema modules takes every file for one: the copies stand beside it.
        let name = path.rsplit_once('.').map_or(&*path, |it| it.0).replace("/schemas/", "/typed/");
        let moved =
            |text: String| if name.contains("/typed/") { text.replace("'./", "'../schemas/") } else { text };
        for fragment in state.fragments().iter() {
            n_templates += 1;
            let host = usize::from(fragment.host.start())..usize::from(fragment.host.end());
            let (short, range) = around(whole, host.clone());
            let all = [("", short.as_str(), range, 1), ("-whole", whole, host, stride)];
            for (kind, text, range, stride) in all {
                let key = fragment.host.start();
                for cut in range.clone().step_by(stride).filter(|it| text.is_char_boundary(*it)) {
                    let name = format!("{name}-{}-{cut}{kind}", u32::from(key));
                    typed.push((format!("{name}-end.ts"), moved(text[..cut].to_owned())));
                    let with_rest = format!("{}{}", &text[..cut], &text[range.end..]);
                    typed.push((format!("{name}.ts"), moved(with_rest)));
                }
            }
        }
    }
    for (path, text) in &typed {
        world.set_overlay(path, text.as_str().into());
    }
    let snap = world.snapshot();
    snap.prepare();
    let panicked: Vec<&str> = typed
        .par_iter()
        .map(|it| it.0.as_str())
        .filter(|path| {
            let file = snap.file(path).expect("known");
            let report = catch_unwind(AssertUnwindSafe(|| check::file(&snap, file)));
            snap.release(file);
            report.is_err()
        })
        .collect();
    assert!(panicked.is_empty(), "{panicked:#?}");
    println!("{n_templates} templates, {} texts", typed.len());
    assert!(n_templates > 50 && typed.len() > 5_000, "{n_templates} templates, {} texts", typed.len());
}
