//! The shape of our trees against libpg_query's: every expression of `tests/oracle/exprs.txt`, and random
//! statements of `gen-syntax.mjs`.
//!
//! Needs node and the packages of `tests/oracle` (or of `COLUMNIST_ORACLE`); without them it says so and passes.
//! `COLUMNIST_SHAPE_FILE` names a JSONL file of further statements (`{"sql": …}` a line).

#[path = "tree_shape/libpg.rs"]
mod libpg;
#[path = "../src/sql/lower/picture.rs"]
mod picture;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use columnist::sql;
use columnist::sql::hir::{QueryBody, StatementKind};
use columnist::sql::{Dialect, parse_statement};
use serde_json::{Value, json};

fn oracle() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let chosen = std::env::var_os("COLUMNIST_ORACLE").map(PathBuf::from);
    [Some(own), chosen].into_iter().flatten().find(|it| it.join("node_modules").is_dir())
}

/// libpg_query's answers, in order.
fn ask(op: &str, sqls: &[String]) -> Option<Vec<Value>> {
    let mut child = Command::new("node")
        .arg(oracle()?.join("libpg.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let mut lines = BufReader::new(child.stdout.take()?).lines();
    let mut res = Vec::new();
    for chunk in sqls.chunks(500) {
        writeln!(stdin, "{}", json!({ "id": 0, "op": format!("{op}_many"), "sqls": chunk })).ok()?;
        let mut answer: Value = serde_json::from_str(&lines.next()?.ok()?).ok()?;
        let Value::Array(results) = answer["results"].take() else { return None };
        res.extend(results);
    }
    drop(stdin);
    child.wait().ok()?;
    Some(res)
}

/// What PostgreSQL's tree must be equal to, for the one target of `SELECT <text>`.
fn our_expression(text: &str) -> Option<String> {
    let parsed = parse_statement(&format!("SELECT {text}"), Dialect::Postgres);
    let StatementKind::Query(query) = &parsed.hir.kind else { return None };
    let QueryBody::Select(select) = &query.body else { return None };
    let [target] = &select.targets[..] else { return None };
    Some(picture::Picture(&parsed.hir).expr(target.expr))
}

fn report(n_equal: usize, n_all: usize, what: &str, different: &[String]) {
    println!("{n_equal} of {n_all} {what} have PostgreSQL's shape");
    let n_shown = std::env::var("COLUMNIST_SHAPE_SHOW").ok().and_then(|it| it.parse().ok()).unwrap_or(20);
    assert!(
        different.is_empty(),
        "{} {what} differ:\n{}",
        different.len(),
        different.iter().take(n_shown).map(String::as_str).collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn expressions_have_the_shape_of_postgresql() {
    let Some(directory) = oracle() else {
        panic!("the oracles are not installed: run npm ci in tests/oracle");
    };
    let text = std::fs::read_to_string(directory.join("exprs.txt")).expect("exprs.txt");
    let lines: Vec<String> =
        text.lines().filter(|it| !it.is_empty() && !it.starts_with('#')).map(str::to_owned).collect();
    let answers = ask("expr", &lines).expect("libpg.mjs answers");
    let mut different = Vec::new();
    let mut n_all = 0;
    for (line, answer) in lines.iter().zip(&answers) {
        if answer["ok"] != true {
            continue;
        }
        n_all += 1;
        let theirs = libpg::expr(&answer["tree"]);
        let ours = our_expression(line).unwrap_or_else(|| "no single target".into());
        if ours != theirs {
            different.push(format!("{line}\n  theirs {theirs}\n  ours   {ours}"));
        }
    }
    report(n_all - different.len(), n_all, "expressions", &different);
}

/// Where two pictures part.
fn first_difference(theirs: &str, ours: &str) -> String {
    let same = theirs.chars().zip(ours.chars()).take_while(|(a, b)| a == b).count();
    let around = |it: &str| it.chars().skip(same.saturating_sub(60)).take(160).collect::<String>();
    format!("  theirs … {}\n  ours   … {}", around(theirs), around(ours))
}

fn compare_statements(sqls: &[String], what: &str) {
    let answers = ask("parse", sqls).expect("libpg.mjs answers");
    let mut different = Vec::new();
    let mut n_all = 0;
    for (sql, answer) in sqls.iter().zip(&answers) {
        let [statement] = answer["tree"]["stmts"].as_array().map_or(&[][..], |it| it.as_slice()) else {
            continue;
        };
        let theirs = libpg::statement(&statement["stmt"]);
        // CREATE TABLE AS and the like are read by the tests of DDL.
        if theirs.contains("other") {
            continue;
        }
        n_all += 1;
        let parsed = parse_statement(sql, Dialect::Postgres);
        let ours = picture::Picture(&parsed.hir).statement(&parsed.hir.kind);
        if ours != theirs {
            different.push(format!("{sql}\n{}", first_difference(&theirs, &ours)));
        } else if parsed.error.is_some() {
            different.push(format!("{sql}\n  refused: {:?}", parsed.error));
        }
    }
    report(n_all - different.len(), n_all, what, &different);
}

#[test]
fn random_statements_have_the_shape_of_postgresql() {
    let Some(directory) = oracle() else {
        panic!("the oracles are not installed: run npm ci in tests/oracle");
    };
    let output = Command::new("node")
        .arg(directory.join("gen-syntax.mjs"))
        .args(["--seed", "5", "--n", "1500", "--mutants", "0"])
        .output()
        .expect("gen-syntax.mjs runs");
    let text = String::from_utf8(output.stdout).expect("the generator writes UTF-8");
    let sqls: Vec<String> = text
        .lines()
        .filter_map(|it| serde_json::from_str::<Value>(it).ok())
        .filter(|it| it["valid"] == true)
        .filter_map(|it| it["sql"].as_str().map(str::to_owned))
        .collect();
    compare_statements(&sqls, "statements");
}

#[test]
fn statements_of_a_file_have_the_shape_of_postgresql() {
    let Some(path) = std::env::var_os("COLUMNIST_SHAPE_FILE") else { return };
    if oracle().is_none() {
        return;
    }
    let text = std::fs::read_to_string(path).expect("the file is readable");
    let sqls: Vec<String> = text
        .lines()
        .filter_map(|it| serde_json::from_str::<Value>(it).ok())
        .filter_map(|it| it["sql"].as_str().map(str::to_owned))
        .collect();
    compare_statements(&sqls, "statements of the file");
}
