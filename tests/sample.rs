//! The sample application: every planted mistake is found at its place, and nothing else is said.

use std::path::Path;

use columnist::base::path;
use columnist::lint::check;
use columnist::load;
use columnist::project::Workspace;

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

/// A file that is being typed is a prefix of what it will be: none may be the end of the process.
#[test]
fn no_prefix_of_the_templates_panics() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/blog");
    let root = path::normalize(root.to_str().expect("UTF-8"));
    let mut world = load::world(vec![root.clone()]);
    let file = path::join(&root, "src/modules/planted-mistakes/api/index.ts");
    let text = std::fs::read_to_string(&file).expect("readable");
    let start = text.find("sql`").expect("holds templates");
    for end in (start..text.len()).step_by(29).filter(|it| text.is_char_boundary(*it)) {
        // The rest of the file stands behind the half-typed template, as in an editor, or is missing.
        for tail in ["", "`)\n"] {
            let typed = format!("{}{tail}", &text[..end]);
            world.set_overlay(&file, typed.as_str().into());
            let snap = world.snapshot();
            let id = snap.file(&file).expect("known");
            check::file(&snap, id).expect("nobody cancels");
        }
    }
}
