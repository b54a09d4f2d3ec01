//! Half-typed statements: every prefix of every statement of the suites is analysed between its neighbours. Nothing
//! panics, and the neighbours keep their diagnostics: none comes that was not there before.
//!
//! A sample of the prefixes by default, other ones with `COLUMNIST_SEED`; `COLUMNIST_PREFIXES=all` takes every one.

#[path = "analyze/corpus.rs"]
mod corpus;

use columnist::base::file::FileId;
use columnist::catalog::{Catalog, fold};
use columnist::facts::Loc;
use columnist::sema::code::Severity;
use columnist::sema::{Context, analyze};
use columnist::sql::{Dialect, Ident, parse, parse_statement, split};

/// Code and message, and where in the file.
type Told = (usize, String);

fn apply(catalog: &mut Catalog, idx: usize, sql: &str) {
    let parsed = parse_statement(sql, Dialect::Postgres);
    fold::apply(catalog, FileId(0), Loc(idx as u32), &parsed, sql);
}

fn empty() -> Catalog {
    Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() }
}

/// What is said of a file of queries, each in the same schema.
fn told(catalog: &Catalog, text: &str) -> Vec<Told> {
    let mut res = Vec::new();
    for (range, parsed) in parse(text, Dialect::Postgres).statements {
        let start = usize::from(range.start());
        let sql = &text[start..usize::from(range.end())];
        if let Some(error) = &parsed.error {
            res.push((start + usize::from(error.range.start()), error.message.clone()));
            continue;
        }
        let ctx = Context { catalog, params: &[], variables: &[] };
        for problem in analyze(ctx, &parsed.hir, sql).problems {
            assert!(usize::from(problem.range.end()) <= sql.len(), "{sql}: {problem:?}");
            res.push((start + usize::from(problem.range.start()), problem.message));
        }
    }
    res
}

struct Sample {
    all: bool,
    state: u64,
}

impl Sample {
    fn new() -> Sample {
        let all = std::env::var("COLUMNIST_PREFIXES").is_ok_and(|it| it == "all");
        let seed = std::env::var("COLUMNIST_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1u64);
        Sample { all, state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 }
    }

    /// One of `n`.
    fn takes(&mut self, n: u64) -> bool {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.all || (self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).is_multiple_of(n)
    }
}

fn prefixes(sql: &str) -> impl Iterator<Item = &str> {
    sql.char_indices().map(|(at, _)| &sql[..at])
}

#[test]
fn a_half_typed_query_leaves_its_neighbours_alone() {
    let mut catalog = empty();
    corpus::schema().iter().enumerate().for_each(|(idx, sql)| apply(&mut catalog, idx, sql));
    let all = corpus::statements();
    let mut sample = Sample::new();
    let (mut n, mut wrong) = (0, Vec::new());
    for (idx, sql) in all.iter().enumerate() {
        let before = &all[(idx + all.len() - 1) % all.len()];
        let after = &all[(idx + 1) % all.len()];
        let alone = (told(&catalog, before), told(&catalog, after));
        for prefix in prefixes(sql) {
            if !sample.takes(60) {
                continue;
            }
            n += 1;
            let file = format!("{before};\n{prefix};\n{after};\n");
            let second = before.len() + 2;
            let third = second + prefix.len() + 2;
            for (at, message) in told(&catalog, &file) {
                let known = if at < second {
                    alone.0.contains(&(at, message.clone()))
                } else if at >= third {
                    alone.1.contains(&(at - third, message.clone()))
                } else {
                    true
                };
                if !known {
                    wrong.push(format!("{message} at {at} in\n{file}"));
                }
            }
        }
    }
    println!("{n} prefixes of {} queries", all.len());
    wrong.truncate(10);
    assert!(wrong.is_empty(), "{}", wrong.join("\n---\n"));
}

/// The scripts of definitions, each below its line `--# title`.
fn scripts() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ddl");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is committed")
        .filter_map(|it| Some(it.ok()?.path()))
        .filter(|it| it.extension().is_some_and(|it| it == "sql"))
        .collect();
    files.sort();
    let texts = files.iter().map(|it| std::fs::read_to_string(it).expect("a script"));
    let sections = |text: String| -> Vec<String> {
        text.split("--# ").filter_map(|it| Some(it.split_once('\n')?.1.to_owned())).collect()
    };
    texts.flat_map(sections).collect()
}

/// A definition's prefix is judged in its state, and never ends the analysis of what comes behind it.
#[test]
fn a_half_typed_definition_is_analysed() {
    let mut sample = Sample::new();
    let (mut n, mut errors) = (0, 0);
    for script in scripts() {
        let mut catalog = empty();
        for (idx, piece) in split::split(&script, Dialect::Postgres).iter().enumerate() {
            let sql = &script[usize::from(piece.range.start())..usize::from(piece.range.end())];
            for prefix in prefixes(sql) {
                if !sample.takes(40) {
                    continue;
                }
                n += 1;
                let parsed = parse_statement(prefix, Dialect::Postgres);
                let ctx = Context { catalog: &catalog, params: &[], variables: &[] };
                let problems = analyze(ctx, &parsed.hir, prefix).problems;
                errors += problems.iter().filter(|it| it.code.severity == Severity::Error).count();
                let mut changed = catalog.clone();
                fold::apply(&mut changed, FileId(0), Loc(idx as u32), &parsed, prefix);
            }
            apply(&mut catalog, idx, sql);
        }
    }
    println!("{n} prefixes of definitions, {errors} errors in them");
}
