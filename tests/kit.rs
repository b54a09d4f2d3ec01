//! Random Drizzle schemas (`tests/oracle/gen-kit.mjs`), read by Columnist and by drizzle-kit, of both its lines: they
//! must have understood the same.
//!
//! Some seeds are always the same, some are new at each run. `COLUMNIST_KIT=SEED+N` (`1+5000`) takes those instead, and
//! `COLUMNIST_KIT_LINE=0` or `1` one line only. Needs node and the packages of `tests/oracle` and `tests/oracle/next`.

use std::path::{Path, PathBuf};
use std::process::Command;

use columnist::catalog::diff::{Change, diff, normal_type};
use columnist::catalog::{drift, kit};
use columnist::load;

const FIXED: u32 = 60;
const FRESH: u32 = 40;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Seeds: the first and how many.
fn seeds() -> Vec<(u32, u32)> {
    if let Ok(asked) = std::env::var("COLUMNIST_KIT") {
        let (first, n) = asked.split_once('+').unwrap_or((&asked, "1"));
        return vec![(first.parse().expect("SEED+N"), n.parse().expect("SEED+N"))];
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    vec![(1, FIXED), (10_000 + now.as_secs() as u32 % 1_000_000_000, FRESH)]
}

fn generate(line: u32, first: u32, n: u32, out: &Path) -> Vec<serde_json::Value> {
    let output = Command::new("node")
        .arg(root().join("tests/oracle/gen-kit.mjs"))
        .args(["--line", &line.to_string(), "--seed", &first.to_string(), "--n", &n.to_string(), "--out"])
        .arg(out)
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the generator failed: {errors}");
    said.lines().filter_map(|it| serde_json::from_str(it).ok()).collect()
}

fn picture(changes: &[Change]) -> String {
    let mut res = String::new();
    for it in changes {
        let show = |text: &Option<String>| text.as_ref().map(|it| format!("`{it}`")).unwrap_or_default();
        let (before, after) = (show(&it.before), show(&it.after));
        res.push_str(&format!("  {} {} {} {before} -> {after}\n", it.kind.as_str(), it.object, it.name));
    }
    res
}

/// Where the two readings part.
fn differences(dir: &Path) -> String {
    let snap = load::world(vec![dir.to_string_lossy().into_owned()]).snapshot();
    let expected = std::fs::read_to_string(dir.join("expected.json")).expect("the case has a snapshot");
    let theirs = kit::snapshot(&[&expected]).expect("the snapshot can be read");
    let model = snap.model();
    let Some(built) = model.built(&snap, 0) else { return "  no database\n".to_owned() };
    let mut res = picture(&diff(&theirs, &built.catalog));
    res.push_str(&picture(&drift::letters::rewritten(&theirs, &built.catalog)));
    let config = std::fs::read_to_string(dir.join("drizzle.config.ts")).unwrap_or_default();
    if config.contains("casing") {
        // 0.x forgets the casing in a view's query, so that nobody knows its columns' names.
        return res;
    }
    for (name, theirs) in theirs.relations.iter().filter(|(_, it)| it.definition.is_some()) {
        let ours = built.catalog.relations.get(name);
        for column in &theirs.columns {
            let own = ours.and_then(|it| it.columns.iter().find(|it| it.name == column.name));
            let same = own.is_some_and(|it| {
                // An outer join makes columns nullable, which drizzle-kit does not tell.
                normal_type(&it.type_text).replace("''", "'")
                    == normal_type(&column.type_text).replace("''", "'")
                    && (!it.not_null || column.not_null || it.type_text.ends_with("serial"))
            });
            let is_known = same || own.is_none() && ours.is_some_and(|it| it.open);
            if !is_known {
                res.push_str(&format!(
                    "  column {} of view {}: `{}` {} -> `{:?}`\n",
                    column.name,
                    name.name,
                    column.type_text,
                    column.not_null,
                    own.map(|it| (&it.type_text, it.not_null))
                ));
            }
        }
    }
    res
}

fn check(line: u32) {
    let home = tempfile::tempdir().expect("a folder");
    let keep = std::env::var("COLUMNIST_KIT_OUT").map(PathBuf::from);
    let out = keep.unwrap_or_else(|_| home.path().to_owned());
    let (mut n_compared, mut n_refused, mut report) = (0, 0, String::new());
    for (first, n) in seeds() {
        for case in generate(line, first, n, &out) {
            if case.get("error").is_some_and(|it| it.is_string()) {
                n_refused += 1;
                continue;
            }
            n_compared += 1;
            let name = case["name"].as_str().unwrap_or_default();
            let found = differences(&out.join(name));
            if !found.is_empty() {
                report.push_str(&format!("{name}\n{found}"));
            }
        }
    }
    println!("line {line}: {n_compared} schemas compared, {n_refused} that drizzle-kit refuses");
    // What drizzle-kit refuses proves nothing.
    assert!(n_refused * 10 <= n_compared, "{n_refused} of the schemas are refused");
    assert!(report.is_empty(), "readings differ (drizzle-kit's -> ours):\n{report}");
}

fn is_asked(line: &str) -> bool {
    std::env::var("COLUMNIST_KIT_LINE").map_or(true, |it| it == line)
}

#[test]
fn random_schemas_are_read_as_drizzle_kit_0_reads_them() {
    if is_asked("0") {
        check(0);
    }
}

#[test]
fn random_schemas_are_read_as_drizzle_kit_1_reads_them() {
    if is_asked("1") {
        check(1);
    }
}
