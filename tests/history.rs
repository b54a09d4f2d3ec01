//! Random folders of migrations of drizzle-kit 1.0, judged by Columnist and by drizzle-kit (`tests/oracle/history.mjs`): what
//! it refuses is told, where it finds branches that do not go together the same migrations are named, and nothing else.
//!
//! `COLUMNIST_HISTORY=SEED+N` takes those cases of each dialect instead of some fixed and some new ones. Needs node.

#[path = "history/whole.rs"]
mod whole;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use columnist::lint::check;
use columnist::load;
use columnist::project::Workspace as _;
use serde_json::{Value, json};

const FIXED: u64 = 120;
const FRESH: u64 = 120;
const FIRST: &str = "00000000-0000-0000-0000-000000000000";

/// xorshift64*
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 16) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

fn footprint(random: &mut Random) -> Value {
    let mut nodes = |n: u64| -> Vec<String> {
        (0..random.below(n)).map(|_| format!("n|col|public.users.c{}", random.below(9))).collect()
    };
    let (writes, reads, shared) = (nodes(3), nodes(3), nodes(2));
    let statement = ["alter_column", "drop_column", "add_column"][random.below(3) as usize];
    let mut res = json!({
        "statementType": statement,
        "statementTarget": ["column", "public", "users", "c"],
        "writes": writes,
        "reads": reads,
    });
    if random.one_in(2) {
        res["sharedWrites"] = json!(shared);
    }
    if random.one_in(2) {
        res["sqlHash"] = json!(format!("h{}", random.below(2)));
    }
    res
}

/// Folders with their snapshots; `null`: no JSON.
fn case(seed: u64) -> Vec<(String, Value)> {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let n = 1 + random.below(6);
    let wrong = random.one_in(2);
    let words = ["init", "b", "_a", "a_b", "a-b", "a1", "ab", "9"];
    let mut res: Vec<(String, Value)> = Vec::new();
    for idx in 0..n {
        let day = if wrong && random.one_in(6) { 1 + random.below(n) } else { idx + 1 };
        let name = format!("202601{day:02}000000_{}", words[random.below(words.len() as u64) as usize]);
        if res.iter().any(|it| it.0 == name) {
            continue;
        }
        if wrong && random.one_in(25) {
            res.push((name, Value::Null));
            continue;
        }
        let parent = |random: &mut Random| match random.below(if wrong { 12 } else { 6 }) {
            _ if idx == 0 => FIRST.to_owned(),
            0..5 => format!("s{}", idx - 1 - random.below(idx.min(2))),
            5 | 6 => format!("s{}", random.below(idx)),
            7 => "gone".to_owned(),
            8 => FIRST.to_owned(),
            _ => format!("s{}", random.below(n)),
        };
        let mut previous = vec![parent(&mut random)];
        if idx > 1 && random.one_in(6) {
            let other = parent(&mut random);
            if !previous.contains(&other) {
                previous.push(other);
            }
        }
        let footprints: Vec<Value> = (0..random.below(3)).map(|_| footprint(&mut random)).collect();
        let is_base = if wrong && random.one_in(8) { random.one_in(2) } else { idx == 0 };
        let mut snapshot = json!({
            "type": if is_base { "base" } else { "diff" },
            "version": "9",
            "dialect": "postgres",
            "id": format!("s{idx}"),
            "prevIds": previous,
            "footprints": footprints,
        });
        snapshot[if is_base { "ddl" } else { "deltas" }] = json!([]);
        res.push((name, snapshot));
    }
    res
}

#[derive(Debug, PartialEq, Eq, Default)]
struct Verdict {
    is_refused: bool,
    /// Pairs of migrations of two branches.
    conflicts: BTreeSet<Vec<String>>,
}

fn theirs(dialect: &str, cases: &[Vec<(String, Value)>]) -> Vec<(Verdict, Option<String>)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/history.mjs");
    let mut child = Command::new("node")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let lines: String =
        cases.iter().map(|it| format!("{}\n", json!({ "dialect": dialect, "folders": it }))).collect();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("node ends");
    writer.join().expect("no panic").expect("node reads");
    let text = String::from_utf8(output.stdout).expect("text");
    let read = |line: &str| {
        let value: Value = serde_json::from_str(line).expect("JSON");
        let pairs = value["conflicts"].as_array().into_iter().flatten();
        let pair = |it: &Value| {
            let mut names: Vec<String> =
                it.as_array().into_iter().flatten().filter_map(|it| Some(it.as_str()?.to_owned())).collect();
            names.sort();
            names
        };
        let error = value["error"].as_str().map(str::to_owned);
        (Verdict { is_refused: error.is_some(), conflicts: pairs.map(pair).collect() }, error)
    };
    text.lines().map(read).collect()
}

fn ours(dialect: &str, case: &[(String, Value)]) -> (Verdict, String) {
    let home = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = home.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write(
        "package.json",
        r#"{ "name": "a", "dependencies": { "drizzle-orm": "1.0.0-rc.5", "drizzle-kit": "1.0.0-rc.5" } }"#,
    );
    write(
        "drizzle.config.ts",
        &format!("export default {{ dialect: '{dialect}', schema: './schema.ts', out: './drizzle' }};"),
    );
    for (name, snapshot) in case {
        write(&format!("drizzle/{name}/migration.sql"), "");
        let text = if snapshot.is_null() { "<<<<<<<".to_owned() } else { snapshot.to_string() };
        write(&format!("drizzle/{name}/snapshot.json"), &text);
    }
    let dir = home.path().to_string_lossy().replace('\\', "/");
    let snap = load::world(vec![dir.clone()]).snapshot();
    let (mut res, mut said) = (Verdict::default(), String::new());
    for (name, _) in case {
        let Some(file) = snap.file(&format!("{dir}/drizzle/{name}/snapshot.json")) else { continue };
        for it in check::file(&snap, file).expect("nobody cancels").diagnostics {
            said.push_str(&format!("  {name}: {}: {}\n", it.code, it.message));
            if it.code != "conflicting-migrations" {
                res.is_refused = true;
                continue;
            }
            let other = it.related.first().map(|it| snap.path(it.at.file)).unwrap_or_default();
            let other = other.split('/').rev().nth(1).unwrap_or_default().to_owned();
            let mut pair = vec![name.clone(), other];
            pair.sort();
            res.conflicts.insert(pair);
        }
    }
    (res, said)
}

fn check(dialect: &str, case: impl Fn(u64) -> Vec<(String, Value)>) {
    let seeds: Vec<u64> = match std::env::var("COLUMNIST_HISTORY") {
        Ok(asked) => {
            let (first, n) = asked.split_once('+').unwrap_or((&asked, "1"));
            let first: u64 = first.parse().expect("SEED+N");
            (first..first + n.parse::<u64>().expect("SEED+N")).collect()
        }
        Err(_) => {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
            (1..=FIXED).chain(now.as_secs()..now.as_secs() + FRESH).collect()
        }
    };
    let cases: Vec<_> = seeds.iter().map(|it| case(*it)).collect();
    let answers = theirs(dialect, &cases);
    assert_eq!(answers.len(), cases.len(), "drizzle-kit has answered all");
    let (mut n_refused, mut n_conflicts, mut report) = (0, 0, String::new());
    for ((seed, case), (expected, error)) in seeds.iter().zip(&cases).zip(answers) {
        n_refused += usize::from(expected.is_refused);
        n_conflicts += usize::from(!expected.conflicts.is_empty());
        let (found, said) = ours(dialect, case);
        if found != expected {
            report.push_str(&format!("seed {seed}: drizzle-kit: {expected:?} {error:?}\n{said}\n"));
            for (name, snapshot) in case {
                report.push_str(&format!("  {name} {snapshot}\n"));
            }
        }
    }
    println!("{dialect}: {} histories, {n_refused} refused, {n_conflicts} with conflicts", cases.len());
    assert!(n_refused > 5 && n_conflicts > 5, "the cases show something");
    assert!(report.is_empty(), "judged differently:\n{report}");
}

#[test]
fn random_histories_of_postgresql_are_judged_as_drizzle_kit_judges_them() {
    check("postgresql", case);
}

#[test]
fn random_histories_of_mysql_are_judged_as_drizzle_kit_judges_them() {
    check("mysql", |it| whole::case(it, true));
}

#[test]
fn random_histories_of_sqlite_are_judged_as_drizzle_kit_judges_them() {
    check("sqlite", |it| whole::case(it, false));
}
