//! The syntax verdict against PostgreSQL's own raw grammar, on thousands of generated statements and broken ones.
//!
//! Needs node and the packages of `tests/oracle` (or of `COLUMNIST_ORACLE`); without them it says so and passes.
//! `COLUMNIST_SYNTAX_N` and `COLUMNIST_SYNTAX_SEED` choose other statements.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use columnist::sql::{self, Dialect, SyntaxError, split, token};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    sql: String,
    valid: bool,
    position: Option<usize>,
    message: Option<String>,
    kind: String,
}

/// What we say of a whole text: characters from 1, and the message.
fn verdict_of(text: &str) -> Option<(usize, String)> {
    for piece in split::split(text, Dialect::Postgres) {
        let (start, end) = (usize::from(piece.range.start()), usize::from(piece.range.end()));
        let statement = &text[start..end];
        let Some(error) = sql::parse_statement(statement, Dialect::Postgres).error else { continue };
        return Some(place(text, start, end, &error));
    }
    None
}

/// The server's input goes on behind the statement: its `end of input` is a `;` where one follows.
fn place(text: &str, start: usize, end: usize, error: &SyntaxError) -> (usize, String) {
    let at = start + usize::from(error.range.start());
    let characters = |bytes: usize| text[..bytes].chars().count() + 1;
    if error.range.is_empty() {
        let rest = token::significant(&text[end..]);
        return match rest.first() {
            Some(it) => {
                (characters(end + usize::from(it.range.start())), "syntax error at or near \";\"".into())
            }
            None => (characters(text.len()), error.message.clone()),
        };
    }
    // What does not end runs to the end of the text, not of the statement.
    let message = match error.message.starts_with("unterminated") {
        true => format!("{}{}\"", error.message.strip_suffix('"').unwrap_or_default(), &text[end..]),
        false => error.message.clone(),
    };
    (characters(at), message)
}

fn oracle() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let chosen = std::env::var_os("COLUMNIST_ORACLE").map(PathBuf::from);
    [Some(own), chosen].into_iter().flatten().find(|it| it.join("node_modules").is_dir())
}

fn cases() -> Option<Vec<Case>> {
    let directory = oracle()?;
    let setting = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.into());
    let output = Command::new("node")
        .arg(directory.join("gen-syntax.mjs"))
        .args([
            "--seed",
            &setting("COLUMNIST_SYNTAX_SEED", "11"),
            "--n",
            &setting("COLUMNIST_SYNTAX_N", "1200"),
        ])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.lines().map(|it| serde_json::from_str(it).expect("the generator writes JSON")).collect())
}

#[test]
fn agrees_with_postgresql() {
    let Some(cases) = cases() else {
        panic!("the oracles are not installed: run npm ci in tests/oracle");
    };
    let ledger =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/ledger/syntax.tsv"));
    let ledger = ledger.unwrap_or_default();
    let known: BTreeSet<&str> =
        ledger.lines().filter(|it| !it.starts_with('#')).filter_map(|it| it.split('\t').nth(1)).collect();
    let (mut valid, mut invalid, mut caught, mut message_differs, mut actions) = (0, 0, 0, 0, 0);
    let (mut false_alarms, mut misplaced, mut missed) = (Vec::new(), Vec::new(), Vec::new());
    for case in &cases {
        let ours = verdict_of(&case.sql);
        let id = format!("{:?}", case.sql);
        if case.valid {
            valid += 1;
            // Options of a role that are said twice are refused when the command runs, which this server is not asked for.
            if let Some((at, message)) = ours.filter(|it| it.1 != "conflicting or redundant options") {
                false_alarms.push(format!("{at} {message}\n    {id}"));
            }
            continue;
        }
        invalid += 1;
        match ours {
            None => missed.push(format!(
                "{} {} {}\n    {id}",
                case.kind,
                case.position.unwrap_or(0),
                case.message.as_deref().unwrap_or("")
            )),
            Some((at, _)) if Some(at) != case.position => {
                let message = case.message.as_deref().unwrap_or_default();
                if !message.contains(" at or near ") && !message.contains("end of input") {
                    // The grammar's actions refused something earlier, in words of their own.
                    actions += 1;
                } else if !known.contains(id.as_str()) {
                    misplaced.push(format!("{at}, not {:?} {:?}\n    {id}", case.position, case.message));
                }
            }
            Some((_, message)) => {
                caught += 1;
                if Some(&message) != case.message.as_ref() {
                    message_differs += 1;
                    if std::env::var_os("COLUMNIST_VERBOSE").is_some() {
                        eprintln!("message {message:?}, not {:?}", case.message);
                    }
                }
            }
        }
    }
    let share = 100.0 * caught as f64 / f64::from(invalid.max(1));
    println!(
        "{valid} valid, {} false alarms; {invalid} invalid, {caught} caught in place ({share:.2} %), {} misplaced, {actions} behind an earlier fault, {} missed, {message_differs} in other words",
        false_alarms.len(),
        misplaced.len(),
        missed.len()
    );
    if std::env::var_os("COLUMNIST_VERBOSE").is_some() {
        for it in &missed {
            eprintln!("missed {it}");
        }
    }
    assert!(false_alarms.is_empty(), "false alarms:\n{}", false_alarms.join("\n"));
    assert!(misplaced.is_empty(), "other places than PostgreSQL's:\n{}", misplaced.join("\n"));
    assert!(share > 97.0, "only {share:.2} % of the invalid texts are caught");
}
