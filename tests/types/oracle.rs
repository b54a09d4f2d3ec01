//! Asking PostgreSQL (`tests/oracle/pglite.mjs`) and comparing.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// One statement and what we say of it.
pub struct Case {
    pub sql: String,
    pub ours: Ours,
}

#[derive(Debug, PartialEq)]
pub enum Ours {
    /// With the type of the first column, where we know it.
    Accept(Option<String>),
    /// SQLSTATE and message.
    Refuse(String, String),
    /// Not known: always right, but it is counted.
    Unknown,
}

fn directory() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let chosen = std::env::var_os("COLUMNIST_ORACLE").map(PathBuf::from);
    [Some(own), chosen].into_iter().flatten().find(|it| it.join("node_modules").is_dir())
}

struct Server {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Server {
    fn start() -> Option<Server> {
        let mut child = Command::new("node")
            .arg(directory()?.join("pglite.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let answers = BufReader::new(child.stdout.take()?);
        Some(Server { child, answers })
    }

    fn ask(&mut self, request: &Value) -> Value {
        let input = self.child.stdin.as_mut().expect("the server's input is a pipe");
        writeln!(input, "{request}").expect("the server reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the server answers");
        serde_json::from_str(&line).expect("the server answers in JSON")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Everything must agree; what does not stands in the ledger.
pub fn compare(what: &str, cases: Vec<Case>) {
    run(what, cases, false);
}

/// As [`compare`], but what PostgreSQL refuses and we do not is only counted.
pub fn compare_lenient(what: &str, cases: Vec<Case>) {
    run(what, cases, true);
}

fn run(what: &str, cases: Vec<Case>, lenient: bool) {
    let Some(mut server) = Server::start() else {
        panic!("the oracles are not installed: run npm ci in tests/oracle");
    };
    let made = server.ask(&json!({"op": "exec_each", "sqls": super::schema::statements()}));
    assert_eq!(made["ok"], true, "{made}");
    let ledger =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/ledger/types.tsv"))
            .unwrap_or_default();
    let known: BTreeMap<&str, &str> = ledger
        .lines()
        .filter(|it| !it.starts_with('#'))
        .filter_map(|it| {
            it.split_once('\t').map(|(kind, rest)| (rest.split('\t').next().unwrap_or(""), kind))
        })
        .collect();

    let mut differences: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let (mut agreed, mut silent, mut refused, mut caught) = (0, 0, 0, 0);
    for chunk in cases.chunks(2000) {
        let sqls: Vec<&str> = chunk.iter().map(|it| it.sql.as_str()).collect();
        let answer = server.ask(&json!({"op": "describe_many", "sqls": sqls}));
        let results = answer["results"].as_array().unwrap_or_else(|| panic!("{answer}"));
        for (case, theirs) in chunk.iter().zip(results) {
            if theirs["harness"] == true {
                continue;
            }
            let ok = theirs["ok"] == true;
            let state = theirs["sqlstate"].as_str().unwrap_or("");
            let message = theirs["message"].as_str().unwrap_or("");
            let ty = theirs["columns"][0]["type"].as_str();
            refused += usize::from(!ok);
            let kind = match &case.ours {
                Ours::Unknown => {
                    silent += 1;
                    continue;
                }
                Ours::Accept(ours) if ok && (ours.is_none() || ours.as_deref() == ty) => "",
                Ours::Accept(_) if ok => "type",
                Ours::Accept(_) => "missed",
                Ours::Refuse(..) if ok => "false-alarm",
                Ours::Refuse(ours, _) if ours != state => "sqlstate",
                // Which token jsonpath's scanner was at is a matter of its buffers.
                Ours::Refuse(..) if message.ends_with(" of jsonpath input") => "",
                Ours::Refuse(_, ours) if ours != message => "message",
                Ours::Refuse(..) => "",
            };
            caught += usize::from(!ok && matches!(case.ours, Ours::Refuse(..)));
            if kind.is_empty() {
                agreed += 1;
            } else if known.get(case.sql.as_str()) != Some(&kind) {
                let text = format!(
                    "{}\n    ours {:?}, theirs {state} {message} {}",
                    case.sql,
                    case.ours,
                    ty.unwrap_or("")
                );
                differences.entry(kind).or_default().push(text);
            }
        }
    }
    println!(
        "{what}: {} statements, {agreed} agree, {silent} silent, {caught} of {refused} refusals caught",
        cases.len()
    );
    let verbose = std::env::var_os("COLUMNIST_VERBOSE").is_some();
    let n_shown = if verbose { usize::MAX } else { 25 };
    let mut failed = false;
    for (kind, list) in &differences {
        println!("{what}: {kind}: {}", list.len());
        let allowed = lenient && matches!(*kind, "missed");
        if !allowed || verbose {
            for it in list.iter().take(n_shown) {
                println!("  {kind}: {it}");
            }
        }
        failed |= !allowed;
    }
    assert!(!failed, "{what} differs from PostgreSQL");
}
