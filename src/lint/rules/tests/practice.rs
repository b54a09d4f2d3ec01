//! The rules over code as it is written: each file of `practice/` in the workspace of `practice/shared.txt` gives exactly the
//! problems that its comments mark (`// ^^^ code` under the place). A first line `// on: code` switches on a rule,
//! `// drizzle-orm 1.0.0-rc.5` installs another version. The `.txt` files are workspaces of their own.

use std::fmt::Write as _;

use crate::base::text::slice;
use crate::lint::check;
use crate::project::Workspace;
use crate::testing::Fixture;

const SHARED: &str = include_str!("practice/shared.txt");
const STORE: &str = include_str!("practice/store.ts");

#[track_caller]
fn practice(name: &str, text: &str) {
    let mut shared = SHARED.to_owned();
    let first = text.lines().next().unwrap_or_default();
    if let Some(rule) = first.strip_prefix("// on: ") {
        let _ = write!(shared, "//- /columnist.json\n{{ \"rules\": {{ \"{rule}\": \"warning\" }} }}\n");
    }
    if let Some(version) = first.strip_prefix("// drizzle-orm ") {
        shared = shared.replace("0.45.4", version);
    }
    let _ = write!(shared, "//- /src/store.ts\n{STORE}//- /src/{name}.ts\n{text}");
    let snap = Fixture::new(&shared).snap;
    let file = snap.file(&format!("/src/{name}.ts")).expect("it is there");
    let report = check::file(&snap, file).expect("nobody cancels");
    let mut found = Vec::new();
    let line_of = |offset: usize| text[..offset].matches('\n').count() + 1;
    for it in &report.diagnostics {
        let start = usize::from(it.at.value.start());
        let line = line_of(start);
        let column = start - text[..start].rfind('\n').map_or(0, |it| it + 1);
        found.push((line, column, it.code.to_owned(), slice(text, it.at.value).to_owned()));
    }
    let mut expected = Vec::new();
    let mut code_line = (0, "");
    for (idx, line) in text.lines().enumerate() {
        let comment = line.trim_start();
        let Some(mark) = comment.strip_prefix("//").map(str::trim_start).filter(|it| it.starts_with('^'))
        else {
            code_line = (idx + 1, line);
            continue;
        };
        let at = line.len() - mark.len();
        let marked = code_line.1.get(at..).unwrap_or("?").chars().take(16).collect();
        let code = mark.trim_start_matches('^').trim().to_owned();
        expected.push((code_line.0, at, code, marked));
    }
    let missing = difference(&expected, &found);
    let unexpected = difference(&found, &expected);
    assert!(
        missing.is_empty() && unexpected.is_empty(),
        "{name}.ts\nmissing:{missing}\nunexpected:{unexpected}"
    );
}

/// A whole workspace, `practice/NAME.txt`: lines that begin with `^` mark the line above, in whatever file. With
/// `UPDATE_EXPECT` the marks are written anew: read what differs as you would read code.
#[track_caller]
fn workspace(name: &str, text: &str) {
    let mut plain = String::new();
    let mut expected: Vec<(String, Mark)> = Vec::new();
    let (mut path, mut line) = (String::new(), 0);
    for it in text.lines() {
        if let Some(mark) = it.trim_start().strip_prefix('^') {
            let column = it.len() - it.trim_start().len();
            let code = mark.trim_start_matches('^').trim().to_owned();
            expected.push((path.clone(), (line, column, code, String::new())));
            continue;
        }
        line += 1;
        if let Some(name) = it.strip_prefix("//- ") {
            (path, line) = (name.trim().to_owned(), 0);
        }
        plain.push_str(it);
        plain.push('\n');
    }
    let snap = Fixture::new(&plain).snap;
    let mut found: Vec<(String, Mark)> = Vec::new();
    for file in snap.all_files() {
        let report = check::file(&snap, file).expect("nobody cancels");
        let (path, text) = (snap.path(file), snap.text(file).unwrap_or_default());
        for it in &report.diagnostics {
            let before = &text[..usize::from(it.at.value.start())];
            let column = before.len() - before.rfind('\n').map_or(0, |it| it + 1);
            let line = before.matches('\n').count() + 1;
            let mark = (line, column, it.code.to_owned(), slice(&text, it.at.value).to_owned());
            found.push((path.to_string(), mark));
        }
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let file = format!("{}/src/lint/rules/tests/practice/{name}.txt", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(file, marked(&plain, &found)).expect("it can be written");
        return;
    }
    let of = |list: &[(String, Mark)], path: &str| -> Vec<Mark> {
        list.iter().filter(|it| it.0 == path).map(|it| it.1.clone()).collect()
    };
    let mut wrong = String::new();
    for file in snap.all_files() {
        let path = snap.path(file);
        let (expected, found) = (of(&expected, &path), of(&found, &path));
        let (missing, unexpected) = (difference(&expected, &found), difference(&found, &expected));
        if !missing.is_empty() || !unexpected.is_empty() {
            let _ = write!(wrong, "\n{path}\nmissing:{missing}\nunexpected:{unexpected}");
        }
    }
    assert!(wrong.is_empty(), "{name}.txt{wrong}");
}

/// The text of a workspace with a mark under each place.
fn marked(plain: &str, found: &[(String, Mark)]) -> String {
    let mut res = String::new();
    let (mut path, mut line) = (String::new(), 0);
    for it in plain.lines() {
        line += 1;
        if let Some(name) = it.strip_prefix("//- ") {
            (path, line) = (name.trim().to_owned(), 0);
        }
        res.push_str(it);
        res.push('\n');
        let mut here: Vec<&Mark> =
            found.iter().filter(|it| it.0 == path && it.1.0 == line).map(|it| &it.1).collect();
        here.sort_by_key(|it| (it.1, it.2.clone()));
        for (_, column, code, blamed) in here {
            let n = blamed.lines().next().unwrap_or("").len().max(1);
            let _ = writeln!(res, "{}{} {code}", " ".repeat(*column), "^".repeat(n));
        }
    }
    res
}

/// Line, column, code, and what stands there.
type Mark = (usize, usize, String, String);

/// What one list has and the other has not.
fn difference(list: &[Mark], other: &[Mark]) -> String {
    let has = |it: &&Mark| !other.iter().any(|other| (other.0, other.1, &other.2) == (it.0, it.1, &it.2));
    list.iter().filter(has).map(|it| format!("\n  {}:{} {} {}", it.0, it.1, it.2, it.3)).collect()
}

macro_rules! workspaces {
    ($($test:ident $name:literal)*) => {
        $(#[test]
        fn $test() {
            workspace($name, include_str!(concat!("practice/", $name, ".txt")));
        })*
    };
}

workspaces! {
    dialects "dialects"
    journal "journal"
    relations "relations"
    safety "safety"
    schema "schema"
    v1 "v1"
}

macro_rules! practices {
    ($($test:ident $name:literal)*) => {
        $(#[test]
        fn $test() {
            practice($name, include_str!(concat!("practice/", $name, ".ts")));
        })*
    };
}

practices! {
    arrays "arrays"
    comparisons "comparisons"
    correlation "correlation"
    dates "dates"
    db_in_transaction "db-in-transaction"
    execute_type_argument "execute-type-argument"
    holes "holes"
    keys "keys"
    loops "loops"
    missing_where "missing-where"
    own_schema "own_schema"
    raw "raw"
    required "required"
    sql_type_argument "sql-type-argument"
    table_not_in_query "table-not-in-query"
    unawaited_query "unawaited-query"
}
