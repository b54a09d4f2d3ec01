//! Definitions judged by us and executed by PostgreSQL, statement by statement in the same state.
//!
//! `tests/ddl/*.sql` holds scripts, each below a line `--# title`; what PostgreSQL accepts stays for those behind it.
//! Then the accepted statements are mutated from a seed. Ledger: `tests/oracle/ledger/ddl.tsv`.

#[path = "analyze/oracle.rs"]
#[allow(dead_code, reason = "shared with tests of queries")]
mod oracle;

#[path = "ddl/mutate.rs"]
mod mutate;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use columnist::base::file::FileId;
use columnist::catalog::{Catalog, Type, TypeId, fold};
use columnist::facts::Loc;
use columnist::sema::{self, Problem};
use columnist::sql::{self, Dialect, Ident, ParsedStatement, hir, split};
use oracle::Server;
use serde_json::{Value, json};

/// The columns of queries as analysis finds them.
struct Analysis;

impl fold::Infer for Analysis {
    fn query_columns(
        &self,
        catalog: &Catalog,
        query: &hir::Statement,
        text: &str,
    ) -> Option<Vec<(Ident, Option<Type>)>> {
        let analysis = sema::analyze(sema::Context { catalog, params: &[], variables: &[] }, query, text);
        let ty = |it: sema::Ty| match it {
            sema::Ty::Known(ty) if ty.id == TypeId::UNKNOWN => Some(Type::plain(TypeId::TEXT)),
            sema::Ty::Known(ty) => Some(ty),
            sema::Ty::Unknown => None,
        };
        let columns = analysis.columns.into_iter().map(|it| (it.name, ty(it.ty))).collect::<Vec<_>>();
        (!analysis.columns_open && !columns.is_empty()).then_some(columns)
    }
}

/// What PostgreSQL says of a statement.
struct Verdict {
    state: Option<String>,
    message: String,
    /// Characters from 1.
    position: Option<u64>,
}

fn verdict(answer: &Value) -> Option<Verdict> {
    if answer["harness"] == true {
        return None;
    }
    let text = |it: &Value| it.as_str().map(str::to_owned);
    Some(Verdict {
        state: if answer["ok"] == true { None } else { Some(text(&answer["sqlstate"]).unwrap_or_default()) },
        message: text(&answer["message"]).unwrap_or_default(),
        position: answer["position"].as_u64(),
    })
}

/// What we say of it: the SQLSTATE, the character, the message.
struct Ours {
    state: &'static str,
    position: u64,
    message: String,
}

fn ours(catalog: &Catalog, parsed: &ParsedStatement, text: &str) -> Vec<Ours> {
    let character = |at: usize| text.get(..at).map_or(0, |it| it.chars().count()) as u64 + 1;
    if let Some(error) = &parsed.error {
        let position = character(error.range.start().into());
        return vec![Ours { state: "42601", position, message: error.message.clone() }];
    }
    let ctx = sema::Context { catalog, params: &[], variables: &[] };
    let problems = sema::analyze(ctx, &parsed.hir, text).problems;
    let one = |it: Problem| Ours {
        state: it.code.sqlstate.unwrap_or("-"),
        position: character(it.range.start().into()),
        message: it.message,
    };
    problems.into_iter().filter(|it| it.code.severity == sema::code::Severity::Error).map(one).collect()
}

#[derive(Default)]
struct Tally {
    n: usize,
    accepted: usize,
    refused: usize,
    caught: usize,
    state: usize,
    placed: usize,
    position: usize,
    message: usize,
    false_alarms: usize,
}

impl Tally {
    fn print(&self, title: &str) {
        let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        println!(
            "{title}: {} statements, {} accepted ({} false alarms), {} refused: {:.1} % caught, {:.1} % same SQLSTATE, {:.1} % same message, {:.1} % of {} same position",
            self.n,
            self.accepted,
            self.false_alarms,
            self.refused,
            percent(self.caught, self.refused),
            percent(self.state, self.refused),
            percent(self.message, self.refused),
            percent(self.position, self.placed),
            self.placed,
        );
    }
}

/// Kind, statement → what differs.
type Differences = BTreeMap<(String, String), String>;

fn compare(
    title: &str,
    text: &str,
    theirs: &Verdict,
    ours: &[Ours],
    tally: &mut Tally,
    acc: &mut Differences,
) {
    tally.n += 1;
    let key = |kind: &str| (kind.to_owned(), format!("{title}: {}", one_line(text)));
    let all =
        || ours.iter().map(|it| format!("{} @{} {}", it.state, it.position, it.message)).collect::<Vec<_>>();
    let Some(state) = &theirs.state else {
        tally.accepted += 1;
        if !ours.is_empty() {
            tally.false_alarms += 1;
            acc.insert(key("false-alarm"), all().join(" | "));
        }
        return;
    };
    tally.refused += 1;
    let shown = format!("{state} {}", theirs.message);
    if theirs.position.is_some() {
        tally.placed += 1;
    }
    if ours.is_empty() {
        acc.insert(key("missed"), shown);
        return;
    }
    tally.caught += 1;
    let same: Vec<&Ours> = ours.iter().filter(|it| it.state == state).collect();
    if same.is_empty() {
        acc.insert(key("sqlstate"), format!("{shown} <> {}", all().join(" | ")));
        return;
    }
    tally.state += 1;
    if same.iter().any(|it| it.message == theirs.message) {
        tally.message += 1;
    } else if std::env::var_os("MESSAGES").is_some() {
        println!("message: {text}\n    {}\n    {}", theirs.message, all().join(" | "));
    }
    if let Some(position) = theirs.position {
        if same.iter().any(|it| it.position == position) {
            tally.position += 1;
        } else {
            acc.insert(key("position"), format!("@{position} {shown} <> {}", all().join(" | ")));
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn statements(script: &str) -> Vec<String> {
    let pieces = split::split(script, Dialect::Postgres);
    pieces
        .iter()
        .map(|it| script[usize::from(it.range.start())..usize::from(it.range.end())].to_owned())
        .collect()
}

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Title and text of every script.
fn scripts() -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(here("tests/ddl"))
        .expect("the scripts")
        .filter_map(|it| Some(it.ok()?.path()))
        .filter(|it| it.extension().is_some_and(|it| it == "sql"))
        .collect();
    files.sort();
    let mut res = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a script");
        let stem = file.file_stem().and_then(|it| it.to_str()).unwrap_or("").to_owned();
        for section in text.split("--# ").filter(|it| !it.trim().is_empty()) {
            let (title, script) = section.split_once('\n').expect("a script has a title");
            res.push((format!("{stem}/{}", title.trim()), script.to_owned()));
        }
    }
    res
}

fn fresh() -> Catalog {
    Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() }
}

fn oracle() -> Server {
    Server::start().unwrap_or_else(|| panic!("the oracles are not installed: run npm ci in tests/oracle"))
}

#[test]
fn judges_definitions_as_postgresql_does() {
    let mut server = oracle();
    let (mut tally, mut differences) = (Tally::default(), Differences::new());
    for (title, script) in scripts() {
        server.ask(&json!({"op": "reset"}));
        let mut catalog = fresh();
        for (idx, text) in statements(&script).iter().enumerate() {
            let parsed = sql::parse_statement(text, Dialect::Postgres);
            let Some(theirs) = verdict(&server.exec(text)) else { continue };
            let found = ours(&catalog, &parsed, text);
            compare(&title, text, &theirs, &found, &mut tally, &mut differences);
            if theirs.state.is_none() {
                fold::apply_with(&mut catalog, FileId(0), Loc(idx as u32), &parsed, text, Some(&Analysis));
            }
        }
    }
    tally.print("hand-written");
    ledger(&differences);
}

/// `DDL_MUTANTS` statements (600) from `DDL_SEED` (1).
#[test]
fn judges_mutated_definitions_as_postgresql_does() {
    let number =
        |name: &str, default: u64| std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(default);
    let (n_wanted, seed) = (number("DDL_MUTANTS", 600), number("DDL_SEED", 1));
    let mut random = mutate::Random::new(seed);
    let mut server = oracle();
    let (mut tally, mut differences) = (Tally::default(), Differences::new());
    let all = scripts();
    let per_statement =
        n_wanted.div_ceil(all.iter().map(|it| statements(&it.1).len() as u64).sum::<u64>().max(1));
    for (title, script) in all {
        server.ask(&json!({"op": "reset"}));
        let mut catalog = fresh();
        let texts = statements(&script);
        for (idx, text) in texts.iter().enumerate() {
            let parsed = sql::parse_statement(text, Dialect::Postgres);
            let mutants: Vec<String> =
                (0..per_statement).filter_map(|_| mutate::mutate(text, &texts, &mut random)).collect();
            let refs: Vec<&str> = mutants.iter().map(String::as_str).collect();
            for (mutant, answer) in mutants.iter().zip(server.execute(&refs)) {
                let Some(theirs) = verdict(&answer) else { continue };
                // Not inside a transaction.
                if theirs.state.as_deref() == Some("25001") || answer["escaped"] == true {
                    continue;
                }
                let parsed = sql::parse_statement(mutant, Dialect::Postgres);
                if mutant.contains(';') {
                    continue;
                }
                let found = ours(&catalog, &parsed, mutant);
                compare(&title, mutant, &theirs, &found, &mut tally, &mut differences);
            }
            let Some(theirs) = verdict(&server.exec(text)) else { continue };
            if theirs.state.is_none() {
                fold::apply_with(&mut catalog, FileId(0), Loc(idx as u32), &parsed, text, Some(&Analysis));
            }
        }
    }
    tally.print("mutated");
    let show = std::env::var_os("SHOW").is_some();
    let alarms: Vec<_> = differences
        .iter()
        .inspect(|((kind, text), what)| {
            if show {
                println!("{kind}\t{text}\n        {what}");
            }
        })
        .filter(|it| it.0.0 == "false-alarm")
        .collect();
    assert!(alarms.is_empty(), "false alarms (DDL_SEED={seed}): {alarms:#?}");
    assert!(tally.caught * 100 >= tally.refused * 85, "too few are caught");
}

fn ledger(differences: &Differences) {
    let path = here("tests/oracle/ledger/ddl.tsv");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let mut known: BTreeMap<(String, String), String> = BTreeMap::new();
    for line in text.lines().filter(|it| !it.starts_with('#') && !it.is_empty()) {
        let mut cells = line.split('\t').map(str::to_owned);
        let mut next = || cells.next().unwrap_or_default();
        known.insert((next(), next()), next());
    }
    if std::env::var_os("UPDATE_LEDGER").is_some() {
        let mut out = String::from(
            "# Where our judgement of definitions differs from PostgreSQL's: kind, script and statement, difference (theirs <> ours).\n",
        );
        for ((kind, text), what) in differences {
            out.push_str(&format!("{kind}\t{text}\t{what}\n"));
        }
        std::fs::write(&path, out).expect("the ledger is writable");
    } else {
        let found: BTreeSet<_> = differences.keys().collect();
        let mut complaints: Vec<String> = differences
            .iter()
            .filter(|it| !known.contains_key(it.0))
            .map(|((kind, text), what)| format!("new {kind}: {text}\n      {what}"))
            .collect();
        complaints.extend(
            known.keys().filter(|it| !found.contains(it)).map(|(kind, text)| format!("stale {kind}: {text}")),
        );
        complaints.truncate(200);
        assert!(complaints.is_empty(), "the ledger is not exact:\n{}", complaints.join("\n"));
    }
    let alarms: Vec<_> = differences.iter().filter(|it| it.0.0 == "false-alarm").collect();
    assert!(alarms.is_empty(), "false alarms: {alarms:#?}");
}
