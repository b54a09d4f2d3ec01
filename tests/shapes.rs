//! Snapshots of drizzle-kit's, good ones and such in which one thing was changed: Columnist takes and refuses the same ones
//! as drizzle-kit of either line (`tests/oracle/shapes.mjs`).
//!
//! `COLUMNIST_SHAPES=SEED+N` makes N mutants of each dialect; `COLUMNIST_SNAPSHOTS=DIR` takes the snapshots of the projects
//! in a folder too, whole and mutated. Needs node and the packages of `tests/oracle` and `tests/oracle/next`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use columnist::catalog::kit::shape::{Fault, Line, fault};
use columnist::sql::Dialect;
use serde_json::{Value, json};

const DIALECTS: [(&str, Dialect); 3] =
    [("postgresql", Dialect::Postgres), ("mysql", Dialect::Mysql), ("sqlite", Dialect::Sqlite)];

fn oracle() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle")
}

/// xorshift64*
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16) as usize % n.max(1)
    }
}

struct Case {
    line: u8,
    dialect: usize,
    snapshot: Value,
}

/// Snapshots of random schemas.
fn generated(line: u8, first: u32, n: u32) -> Vec<Case> {
    let home = tempfile::tempdir().expect("a folder");
    let (line_text, first, n) = (line.to_string(), first.to_string(), n.to_string());
    let status = Command::new("node")
        .arg(oracle().join("gen-kit.mjs"))
        .args(["--line", &line_text, "--seed", &first, "--n", &n, "--out"])
        .arg(home.path())
        .stdout(Stdio::null())
        .status()
        .expect("node runs");
    assert!(status.success());
    let mut res = Vec::new();
    let mut entries: Vec<_> =
        std::fs::read_dir(home.path()).expect("cases").flatten().map(|it| it.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(text) = std::fs::read_to_string(path.join("expected.json")) else { continue };
        let mut snapshot: Value = serde_json::from_str(&text).expect("JSON");
        // What the generator leaves out.
        let more = match line {
            0 => [("id", json!("a")), ("prevId", json!("b"))],
            _ => [("type", json!("base")), ("footprints", json!([]))],
        };
        if let Value::Object(it) = &mut snapshot {
            more.into_iter().for_each(|(name, value)| {
                it.entry(name).or_insert(value);
            });
        }
        let dialect = DIALECTS.iter().position(|it| name.starts_with(it.0)).expect("a dialect");
        if line == 1 && dialect == 0 {
            res.push(Case { line, dialect, snapshot: changes(&snapshot) });
        }
        res.push(Case { line, dialect, snapshot });
    }
    res
}

/// The same rows as what a migration of drizzle-kit 1.0 has changed.
fn changes(base: &Value) -> Value {
    let mut deltas = Vec::new();
    for (idx, row) in base["ddl"].as_array().into_iter().flatten().enumerate() {
        let key = format!("{}\0[\"public\"]", row["entityType"].as_str().unwrap_or_default());
        deltas.push(match idx % 4 {
            0 => json!({ "op": "drop", "key": key }),
            1 => json!({ "op": "alter", "key": key, "set": { "name": "x" } }),
            2 => json!({ "op": "rename", "key": key, "set": {} }),
            _ => json!({ "op": "create", "row": row }),
        });
    }
    let footprints = json!([
        { "statementType": "add_column", "statementTarget": ["column", "public"], "writes": ["a"], "reads": [] },
        { "statementType": "raw", "statementTarget": ["a", "b"], "writes": [], "sharedWrites": ["x"], "sqlHash": "h" }
    ]);
    json!({ "type": "diff", "version": "9", "dialect": "postgres", "id": "b", "prevIds": ["a"],
            "deltas": deltas, "footprints": footprints })
}

/// The snapshots of real projects, with the dialect that they name.
fn of_projects(dir: &Path, acc: &mut Vec<Case>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && name != "node_modules" && name != ".git" {
            of_projects(&path, acc);
        }
        let line = if name.ends_with("_snapshot.json") { 0 } else { 1 };
        if line == 1 && name != "snapshot.json" {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let Ok(snapshot) = serde_json::from_str::<Value>(&text) else { continue };
        let dialect = match snapshot["dialect"].as_str() {
            Some("pg" | "postgresql" | "postgres") => 0,
            Some("mysql") => 1,
            Some("sqlite") => 2,
            _ => continue,
        };
        acc.push(Case { line, dialect, snapshot });
    }
}

/// The places below a value, as JSON pointers.
fn places(value: &Value, at: &str, acc: &mut Vec<String>) {
    acc.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, it) in members {
                places(it, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), acc);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(idx, it)| places(it, &format!("{at}/{idx}"), acc));
        }
        _ => {}
    }
}

fn mutant(snapshot: &Value, random: &mut Random) -> Value {
    let mut res = snapshot.clone();
    let mut all = Vec::new();
    places(&res, "", &mut all);
    // What stands at the top is as likely as what stands in a column.
    let top: Vec<String> = all.iter().filter(|it| it.matches('/').count() < 2).cloned().collect();
    let pool = if random.below(4) == 0 { &top } else { &all };
    let at = pool.get(random.below(pool.len())).cloned().unwrap_or_default();
    let values = [
        json!(null),
        json!(1),
        json!("x"),
        json!(true),
        json!([]),
        json!({}),
        json!("7"),
        json!("6"),
        json!("5"),
        json!("9"),
        json!(["x"]),
        json!({ "name": "x" }),
        json!([{ "name": "x" }]),
        json!("postgresql"),
        json!("pg"),
        json!("always"),
        json!("base"),
        json!("diff"),
        json!(99),
        json!("8"),
        json!("a\0b"),
    ];
    let value = values[random.below(values.len())].clone();
    let (parent, name) = at.rsplit_once('/').map_or(("", ""), |(parent, name)| (parent, name));
    let name = name.replace("~1", "/").replace("~0", "~");
    let known = [
        "name",
        "schema",
        "checkConstraints",
        "checkConstraint",
        "x",
        "views",
        "entityType",
        "schemas",
        "key",
    ];
    match random.below(4) {
        0 => match res.pointer_mut(parent) {
            Some(Value::Object(it)) => {
                it.shift_remove(&name);
            }
            Some(Value::Array(it)) if !it.is_empty() => {
                it.pop();
            }
            _ => {}
        },
        1 => match res.pointer_mut(&at) {
            Some(Value::Object(it)) => {
                it.insert(known[random.below(known.len())].to_owned(), value);
            }
            Some(Value::Array(it)) => it.push(value),
            Some(it) => *it = value,
            None => {}
        },
        2 => {
            if let Some(Value::Object(it)) = res.pointer_mut(parent)
                && let Some(value) = it.shift_remove(&name)
            {
                it.insert(known[random.below(known.len())].to_owned(), value);
            }
        }
        _ => {
            if let Some(it) = res.pointer_mut(&at) {
                *it = value;
            }
        }
    }
    res
}

fn theirs(cases: &[Case]) -> Vec<String> {
    let mut child = Command::new("node")
        .arg(oracle().join("shapes.mjs"))
        .arg("judge")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let line = |it: &Case| {
        format!(
            "{}\n",
            json!({ "line": it.line, "dialect": DIALECTS[it.dialect].0, "snapshot": it.snapshot })
        )
    };
    let lines: String = cases.iter().map(line).collect();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("node ends");
    writer.join().expect("no panic").expect("node reads");
    String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect()
}

fn ours(case: &Case) -> (&'static str, Option<Fault>) {
    let line = if case.line == 0 { Line::Journal } else { Line::Folders };
    let found = fault(&case.snapshot.to_string(), DIALECTS[case.dialect].1, line);
    let word = match &found {
        None => "valid",
        Some(Fault::Malformed(_)) => "malformed",
        Some(Fault::Old) => "nonLatest",
        Some(Fault::New) => "unsupported",
    };
    (word, found)
}

#[test]
fn snapshots_are_refused_that_drizzle_kit_refuses() {
    let asked = std::env::var("COLUMNIST_SHAPES").unwrap_or_else(|_| "1+300".to_owned());
    let (seed, n) = asked.split_once('+').expect("SEED+N");
    let (seed, n): (u32, usize) = (seed.parse().expect("SEED+N"), n.parse().expect("SEED+N"));
    let mut good = generated(0, seed, 24);
    good.extend(generated(1, seed, 24));
    if let Ok(dir) = std::env::var("COLUMNIST_SNAPSHOTS") {
        of_projects(Path::new(&dir), &mut good);
    }
    let mut random = Random(u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut cases = Vec::new();
    for line in [0, 1] {
        for dialect in 0..DIALECTS.len() {
            let own: Vec<&Case> = good.iter().filter(|it| it.line == line && it.dialect == dialect).collect();
            for _ in 0..if own.is_empty() { 0 } else { n } {
                let it = own[random.below(own.len())];
                cases.push(Case { line, dialect, snapshot: mutant(&it.snapshot, &mut random) });
            }
        }
    }
    let n_mutants = cases.len();
    cases.extend(good);
    let (mut report, mut words) = (String::new(), std::collections::BTreeMap::new());
    for chunk in cases.chunks(200) {
        let answers = theirs(chunk);
        assert_eq!(answers.len(), chunk.len());
        for (case, theirs) in chunk.iter().zip(answers) {
            *words.entry(theirs.clone()).or_insert(0) += 1;
            let (ours, found) = ours(case);
            if ours != theirs {
                let text = case.snapshot.to_string();
                let text = text.get(..400).unwrap_or(&text);
                report.push_str(&format!(
                    "line {} {}: {theirs} to drizzle-kit, {ours} here: {found:?}\n  {text}\n",
                    case.line, DIALECTS[case.dialect].0
                ));
            }
        }
    }
    println!("{n_mutants} mutants, {} snapshots as they are: {words:?}", cases.len() - n_mutants);
    assert!(report.is_empty(), "{report}");
}
