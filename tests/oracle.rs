//! Random statements over random schemas against PostgreSQL itself: outcome, SQLSTATE, position, parameter types, result
//! names and types, lineage, as percentages with the bars they must reach.
//!
//! `COLUMNIST_ORACLE_N=100000 cargo test --release --test oracle -- --nocapture` is the full run. The seed is the hash of
//! the last commit, or `COLUMNIST_SEED`. `COLUMNIST_GENERATED=FILE` reads what `generate.mjs` wrote earlier;
//! `COLUMNIST_DIFFERENCES=FILE` receives every difference.

#[path = "oracle/compare.rs"]
mod compare;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use columnist::base::file::FileId;
use columnist::catalog::{Catalog, Type, fold};
use columnist::facts::Loc;
use columnist::sema;
use columnist::sql::hir::Statement;
use columnist::sql::{Dialect, Ident, parse_statement};
use compare::Tally;
use serde_json::Value;

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle")
}

fn seed() -> String {
    if let Ok(seed) = std::env::var("COLUMNIST_SEED") {
        return seed;
    }
    let git =
        Command::new("git").args(["rev-parse", "HEAD"]).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let hash = git.ok().filter(|it| it.status.success()).and_then(|it| String::from_utf8(it.stdout).ok());
    hash.map_or_else(|| String::from("no commit"), |it| it.trim().to_owned())
}

fn generator(seed: &str, n: u64) -> Child {
    Command::new("node")
        .arg(tests().join("generate.mjs"))
        .args(["--seed", seed, "--n", &n.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the oracles are not installed: run npm ci in tests/oracle")
}

/// The columns of views are those that analysis finds.
struct ByAnalysis;

impl fold::Infer for ByAnalysis {
    fn query_columns(
        &self,
        catalog: &Catalog,
        query: &Statement,
        text: &str,
    ) -> Option<Vec<(Ident, Option<Type>, columnist::catalog::Collation)>> {
        let analysis = sema::analyze(sema::Context { catalog, params: &[], variables: &[] }, query, text);
        let ty = |it| if let sema::Ty::Known(it) = it { Some(it) } else { None };
        (!analysis.columns_open)
            .then(|| analysis.columns.into_iter().map(|it| (it.name, ty(it.ty), it.collation)).collect())
    }
}

/// The schema as Columnist replays it from its DDL.
fn folded(line: &Value) -> Catalog {
    let server_version = line["version"].as_u64().and_then(|it| it.try_into().ok());
    let mut res = Catalog { search_path: vec![Ident::new("public")], server_version, ..Catalog::default() };
    for (idx, sql) in line["schema"].as_array().into_iter().flatten().filter_map(Value::as_str).enumerate() {
        let parsed = parse_statement(sql, Dialect::Postgres);
        fold::apply_with(&mut res, FileId(0), Loc(idx as u32), &parsed, sql, Some(&ByAnalysis));
    }
    res
}

fn read(lines: impl BufRead, tally: &mut Tally) {
    let mut catalog = Catalog::default();
    for line in lines.lines() {
        let line = line.expect("the generator writes lines");
        let value: Value = serde_json::from_str(&line).expect("the generator writes JSON");
        if value["schema"].is_array() {
            catalog = folded(&value);
            tally.schema(&value["schema"]);
        } else {
            tally.statement(&catalog, &value);
        }
    }
}

#[test]
fn random_statements_agree_with_postgresql() {
    let mut tally = Tally::default();
    if let Ok(file) = std::env::var("COLUMNIST_GENERATED") {
        for file in file.split(',') {
            let file = std::fs::File::open(file).expect("the file of COLUMNIST_GENERATED");
            read(BufReader::new(file), &mut tally);
        }
    } else {
        let n = std::env::var("COLUMNIST_ORACLE_N").ok().and_then(|it| it.parse().ok()).unwrap_or(4000);
        let seed = seed();
        println!("seed {seed}");
        // The server is single-threaded: two of them share what is asked for.
        let mut children =
            [generator(&format!("{seed}-a"), n / 2), generator(&format!("{seed}-b"), n - n / 2)];
        let outputs = children.each_mut().map(|it| it.stdout.take().expect("the output is a pipe"));
        let tallies = std::thread::scope(|scope| {
            outputs
                .map(|output| {
                    let work = move || {
                        let mut tally = Tally::default();
                        read(BufReader::new(output), &mut tally);
                        tally
                    };
                    let builder = std::thread::Builder::new().stack_size(64 << 20);
                    builder.spawn_scoped(scope, work).expect("a thread")
                })
                .map(|it| it.join().expect("the comparison does not panic"))
        });
        for child in &mut children {
            assert!(child.wait().is_ok_and(|it| it.success()), "the generator failed");
        }
        for it in tallies {
            tally.add(it);
        }
    }
    tally.report();
    tally.hold();
}

/// The statements of `cases/written`, each exactly as PostgreSQL answers; what differs stands in `ledger/written.tsv` with
/// its reason, exactly. `UPDATE_LEDGER=1` writes the list without the reasons.
#[test]
fn written_statements_agree_with_postgresql() {
    let cases = tests().join("cases/written");
    let names = [
        "actions",
        "application",
        "calls",
        "collations",
        "grammar",
        "literals",
        "same",
        "sqljson",
        "structure",
        "types",
    ];
    hold_to_ledger(names.iter().flat_map(|it| judged(&cases, it)).collect(), "written");
}

/// The same over another schema, of keys, views, rules, functions and operators of every kind; `ledger/objects.tsv`.
#[test]
fn statements_over_many_objects_agree_with_postgresql() {
    let cases = tests().join("cases/written/objects");
    hold_to_ledger(["modify", "functions"].iter().flat_map(|it| judged(&cases, it)).collect(), "objects");
}

/// And ON CONFLICT over indexes on expressions and partial ones; `ledger/conflict.tsv`.
#[test]
fn arbiters_agree_with_postgresql() {
    hold_to_ledger(judged(&tests().join("cases/written/conflict"), "conflict"), "conflict");
}

/// And over a schema with operators of its own; `ledger/operators.tsv`.
#[test]
fn statements_over_own_operators_agree_with_postgresql() {
    hold_to_ledger(judged(&tests().join("cases/written/operators"), "operators"), "operators");
}

/// What PostgreSQL and Columnist answer differently of `cases/NAME.sql`, over `cases/schema.sql`.
fn judged(cases: &Path, name: &str) -> Vec<String> {
    let statements = std::fs::File::open(cases.join(name).with_extension("sql")).expect("the statements");
    let mut child = Command::new("node")
        .arg(tests().join("judge.mjs"))
        .arg(cases.join("schema.sql"))
        .stdin(statements)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the oracles are not installed: run npm ci in tests/oracle");
    let mut tally = Tally::default();
    read(BufReader::new(child.stdout.take().expect("the output is a pipe")), &mut tally);
    assert!(child.wait().is_ok_and(|it| it.success()), "the judge failed");
    assert!(tally.statements() > 150, "{name}: {} statements only", tally.statements());
    tally.into_differences()
}

/// What servers of PostgreSQL 14 to 17 answered to `cases/versions/new.sql`, most of which came after them; what differs
/// stands in `ledger/versions.tsv`.
#[test]
fn statements_newer_than_the_server_agree_with_older_servers() {
    let mut found = Vec::new();
    for version in 14..18 {
        let file = tests().join(format!("cases/versions/{version}.jsonl"));
        let mut tally = Tally::default();
        read(BufReader::new(std::fs::File::open(file).expect("the answers")), &mut tally);
        assert!(tally.statements() > 150, "{version}: {} statements only", tally.statements());
        found.extend(tally.into_differences().into_iter().map(|it| format!("{version}\t{it}")));
    }
    hold_to_ledger(found, "versions");
}

/// The differences are those of a ledger, exactly; `UPDATE_LEDGER=1` writes it without the reasons.
fn hold_to_ledger(mut found: Vec<String>, name: &str) {
    found.sort();
    let ledger = tests().join("ledger").join(name).with_extension("tsv");
    if std::env::var_os("UPDATE_LEDGER").is_some() {
        std::fs::write(&ledger, found.join("\n") + "\n").expect("the ledger is written");
    }
    let text = std::fs::read_to_string(&ledger).expect("the ledger");
    let mut known: Vec<&str> = text.lines().filter(|it| !it.starts_with('#') && !it.is_empty()).collect();
    known.sort_unstable();
    let new: Vec<_> = found.iter().filter(|it| !known.contains(&it.as_str())).collect();
    let gone: Vec<_> = known.iter().filter(|it| !found.iter().any(|own| own == *it)).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "differences that the ledger lacks: {new:#?}, stale lines: {gone:#?}"
    );
    assert!(!text.contains("false-alarm\t"), "a false alarm stands in no ledger");
}
