//! Definitions judged by us and executed by PostgreSQL, statement by statement in the same state.
//!
//! `tests/ddl/*.sql` holds scripts, each below a line `--# title`; what PostgreSQL accepts stays for those behind it.
//! Then the accepted statements are mutated from a seed. Ledger: `tests/oracle/ledger/ddl.tsv`.

#[path = "ddl/generate.rs"]
mod generate;
#[path = "analyze/infer.rs"]
mod infer;
#[path = "ddl/mutate.rs"]
mod mutate;
#[path = "analyze/oracle.rs"]
#[allow(dead_code, reason = "shared with tests of queries")]
mod oracle;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use columnist::base::file::FileId;
use columnist::catalog::{Catalog, fold, pg};
use columnist::facts::Loc;
use columnist::sema::{self, Problem};
use columnist::sql::hir::StatementKind;
use columnist::sql::{self, Dialect, Ident, ParsedStatement, split};
use infer::Analysis;
use oracle::Server;
use serde_json::{Value, json};

fn is_ddl(parsed: &ParsedStatement) -> bool {
    matches!(parsed.hir.kind, StatementKind::Ddl(_))
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
        return vec![Ours { state: error.sqlstate, position, message: error.message.clone() }];
    }
    let ctx = sema::Context { catalog, params: &[], variables: &[] };
    let problems = sema::analyze(ctx, &parsed.hir, text).problems;
    let one = |it: Problem| Ours {
        state: it.code.sqlstate.unwrap_or("-"),
        position: character(it.range.start().into()),
        message: it.message,
    };
    let mut res: Vec<Ours> =
        problems.into_iter().filter(|it| it.code.severity == sema::code::Severity::Error).map(one).collect();
    // What is looked at when the statement runs.
    let Some(body) = sema::body::read(catalog, &parsed.hir, text) else { return res };
    for piece in &body.pieces {
        let host = |at| character(usize::from(body.host(piece, at)));
        res.extend(piece.parsed.error.iter().map(|it| Ours {
            state: it.sqlstate,
            position: host(it.range.start()),
            message: it.message.clone(),
        }));
        let errors =
            piece.analysis.problems.iter().filter(|it| it.code.severity == sema::code::Severity::Error);
        res.extend(errors.map(|it| Ours {
            state: it.code.sqlstate.unwrap_or("-"),
            position: host(it.range.start()),
            message: it.message.clone(),
        }));
    }
    res
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
    /// Refused for what no file tells: see [`apart`].
    apart: usize,
}

impl Tally {
    fn print(&self, title: &str) {
        let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        println!(
            "{title}: {} statements, {} accepted ({} false alarms), {} apart (roles, extensions, the host), {} refused: {:.1} % caught, {:.1} % same SQLSTATE, {:.1} % same message, {:.1} % of {} same position",
            self.n,
            self.accepted,
            self.false_alarms,
            self.apart,
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
        // PGlite lets everybody change what is the system's (`allow_system_table_mods`).
        if ours.iter().all(|it| it.state == "42939") && !ours.is_empty() {
            tally.apart += 1;
            return;
        }
        tally.accepted += 1;
        if !ours.is_empty() {
            tally.false_alarms += 1;
            acc.insert(key("false-alarm"), all().join(" | "));
        }
        return;
    };
    if apart(theirs) && !ours.iter().any(|it| it.state == state) {
        tally.apart += 1;
        return;
    }
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

/// Title and text of every script, of another folder where `DDL_SCRIPTS` names one.
fn scripts() -> Vec<(String, String)> {
    let folder = std::env::var_os("DDL_SCRIPTS").map_or_else(|| here("tests/ddl"), PathBuf::from);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
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
    if std::env::var_os("DDL_SCRIPTS").is_none() {
        return ledger(&differences);
    }
    for ((kind, text), what) in &differences {
        println!("{kind}\t{text}\t{what}");
    }
}

/// Half-typed definitions are read to their end, and analysed without a panic.
#[test]
fn takes_every_prefix_of_a_definition() {
    let catalog = fresh();
    for (_, script) in scripts() {
        for text in statements(&script) {
            for token in sql::token::significant(&text) {
                let prefix = &text[..usize::from(token.range.end())];
                let tree = sql::read_statement(prefix, Dialect::Postgres);
                let ctx = sema::Context { catalog: &catalog, params: &[], variables: &[] };
                sema::analyze(ctx, &tree, prefix);
            }
        }
    }
}

/// `DDL_MUTANTS` statements (1,500) from `DDL_SEED` (1) with one slip each, and as many made from templates; of the scripts
/// here and of the migrations below the folders `DDL_PROJECTS` (none), separated by colons. `SHOW` prints what differs.
#[test]
fn judges_mutated_definitions_as_postgresql_does() {
    let number =
        |name: &str, default: u64| std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(default);
    let (n_wanted, seed) = (number("DDL_MUTANTS", 1500), number("DDL_SEED", 1));
    let mut all = scripts();
    for root in std::env::var("DDL_PROJECTS").unwrap_or_default().split(':').filter(|it| !it.is_empty()) {
        migrations(Path::new(root), &mut all);
    }
    let mut run = Run {
        random: mutate::Random::new(seed),
        server: oracle(),
        written: Tally::default(),
        mutated: Tally::default(),
        generated: Tally::default(),
        differences: Differences::new(),
    };
    let n_statements = all.iter().map(|it| statements(&it.1).len() as u64).sum::<u64>().max(1);
    for (title, script) in all {
        run.script(&title, &script, n_wanted as f64 / n_statements as f64);
    }
    run.written.print("as written");
    run.mutated.print("mutated");
    run.generated.print("generated");
    let show = std::env::var_os("SHOW").is_some();
    let alarms: Vec<_> = run
        .differences
        .iter()
        .inspect(|((kind, text), what)| {
            if show {
                println!("{kind}\t{text}\n        {what}");
            }
        })
        .filter(|it| it.0.0 == "false-alarm")
        .collect();
    assert!(alarms.is_empty(), "false alarms (DDL_SEED={seed}): {alarms:#?}");
    for tally in [&run.mutated, &run.generated] {
        assert!(tally.caught * 100 >= tally.refused * CAUGHT, "too few are caught");
    }
}

/// Per cent of what PostgreSQL refuses.
const CAUGHT: usize = 85;

/// Adds the migrations of a folder and those below it, in the order of their names.
fn migrations(folder: &Path, acc: &mut Vec<(String, String)>) {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|it| Some(it.ok()?.path())).collect();
    files.sort();
    let journal = std::fs::read_to_string(folder.join("meta/_journal.json")).unwrap_or_default();
    if journal.contains("postgresql") {
        let texts: Vec<String> = files
            .iter()
            .filter(|it| it.extension().is_some_and(|it| it == "sql"))
            .filter_map(|it| std::fs::read_to_string(it).ok())
            .collect();
        acc.push((folder.display().to_string(), texts.join(";\n")));
    }
    for file in files.iter().filter(|it| it.is_dir() && !it.ends_with("node_modules")) {
        migrations(file, acc);
    }
}

struct Run {
    random: mutate::Random,
    server: Server,
    /// The scripts themselves.
    written: Tally,
    mutated: Tally,
    generated: Tally,
    differences: Differences,
}

impl Run {
    /// Executes a script; before each statement `share` mutants and `share` generated ones.
    fn script(&mut self, title: &str, script: &str, share: f64) {
        self.server.ask(&json!({"op": "reset"}));
        let mut catalog = fresh();
        let texts = statements(script);
        let mut due = 0.0;
        for (idx, text) in texts.iter().enumerate() {
            due += share;
            let n = due as usize;
            due -= n as f64;
            let mutants: Vec<String> =
                (0..n).filter_map(|_| mutate::mutate(text, &texts, &mut self.random)).collect();
            let world = generate::World::new(&catalog);
            let made: Vec<String> = (0..n).map(|_| generate::statement(&world, &mut self.random)).collect();
            let mut tallies = (std::mem::take(&mut self.mutated), std::mem::take(&mut self.generated));
            self.try_all(title, &catalog, &mutants, &mut tallies.0);
            self.try_all(title, &catalog, &made, &mut tallies.1);
            (self.mutated, self.generated) = tallies;
            let parsed = sql::parse_statement(text, Dialect::Postgres);
            let Some(theirs) = verdict(&self.server.exec(text)) else { continue };
            if is_ddl(&parsed) && !transient(&theirs) {
                let found = ours(&catalog, &parsed, text);
                let all = &mut self.differences;
                compare(&format!("as written: {title}"), text, &theirs, &found, &mut self.written, all);
            }
            if theirs.state.is_none() {
                fold::apply_with(&mut catalog, FileId(0), Loc(idx as u32), &parsed, text, Some(&Analysis));
            }
        }
    }

    fn try_all(&mut self, title: &str, catalog: &Catalog, texts: &[String], tally: &mut Tally) {
        let texts: Vec<&str> =
            texts.iter().map(String::as_str).filter(|it| statements(it).len() == 1).collect();
        for (text, answer) in texts.iter().zip(self.server.execute(&texts)) {
            let Some(theirs) = verdict(&answer) else { continue };
            if answer["escaped"] == true || transient(&theirs) {
                continue;
            }
            let parsed = sql::parse_statement(text, Dialect::Postgres);
            let found = ours(catalog, &parsed, text);
            compare(title, text, &theirs, &found, tally, &mut self.differences);
        }
    }
}

/// The session's rights and transaction, the machine.
fn transient(theirs: &Verdict) -> bool {
    matches!(theirs.state.as_deref(), Some("25001" | "42501" | "58P01" | "55006"))
}

/// What belongs to the server or its host rather than to the database's own definitions: roles, extensions that are at
/// hand or installed by others (with their types, functions and operator classes), tablespaces, settings, large objects.
/// It is counted by itself where we say nothing.
fn apart(theirs: &Verdict) -> bool {
    const OTHERS: [&str; 14] = [
        "role \"",
        "extension \"",
        "tablespace \"",
        "database \"",
        "server \"",
        "foreign-data wrapper \"",
        "publication \"",
        "language \"",
        "unrecognized configuration parameter",
        "invalid value for parameter",
        "cannot use special role",
        "event trigger \"",
        "large object ",
        // Those who write migrations for an empty server may have dropped it before.
        "schema \"public\" already exists",
    ];
    let message = theirs.message.as_str();
    let named = |words: &str| message.strip_prefix(words).and_then(|it| it.split(['"', '(', '[']).next());
    let brings_type = named("type \"").is_some_and(|it| pg::ext::with_type(it).next().is_some());
    let brings_function = named("function ")
        .or(named("could not find a function named \""))
        .is_some_and(|it| pg::ext::with_function(it).next().is_some());
    let brings_class = message.contains("has no default operator class for access method")
        && ["\"gist\"", "\"gin\"", "\"hash\"", "\"brin\"", "\"spgist\""]
            .iter()
            .any(|it| message.ends_with(it));
    theirs.state.is_some()
        && (OTHERS.iter().any(|it| message.starts_with(it)) || brings_type || brings_function || brings_class)
}

fn ledger(differences: &Differences) {
    let path = here("tests/oracle/ledger/ddl.tsv");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    // Difference and reason.
    let mut known: BTreeMap<(String, String), (String, String)> = BTreeMap::new();
    for line in text.lines().filter(|it| !it.starts_with('#') && !it.is_empty()) {
        let mut cells = line.split('\t').map(str::to_owned);
        let mut next = || cells.next().unwrap_or_default();
        known.insert((next(), next()), (next(), next()));
    }
    if std::env::var_os("UPDATE_LEDGER").is_some() {
        let mut out = String::from(
            "# Where our judgement of definitions differs from PostgreSQL's: kind, script and statement, difference (theirs <> ours), the reason.\n# What belongs to the server or its host (roles, extensions and what they bring) is counted apart: see `apart` in tests/ddl.rs.\n",
        );
        for (key, what) in differences {
            let reason = known.get(key).map_or("", |it| it.1.as_str());
            out.push_str(&format!("{}\t{}\t{what}\t{reason}\n", key.0, key.1));
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
        let unexplained = known.iter().filter(|it| it.1.1.is_empty());
        complaints.extend(unexplained.map(|((kind, text), _)| format!("without a reason: {kind}: {text}")));
        complaints.truncate(200);
        assert!(complaints.is_empty(), "the ledger is not exact:\n{}", complaints.join("\n"));
    }
    let alarms: Vec<_> = differences.iter().filter(|it| it.0.0 == "false-alarm").collect();
    assert!(alarms.is_empty(), "false alarms: {alarms:#?}");
}
