//! Bodies of functions against PostgreSQL itself: `tests/oracle/cases/bodies`, and thousands made from them by small
//! mistakes. SQL bodies are checked when their functions are made, PL/pgSQL's statements when they are reached: every
//! case of `plpgsql.sql` reaches all of its statements.
//!
//! `cases/bodies/run` holds whole scripts that PostgreSQL runs: nothing is reported of them.
//!
//! False alarms are none; how much may be missed, `bodies/ledger.rs` says. Needs the packages of `tests/oracle`.
//! `COLUMNIST_SEED` chooses the mistakes, `COLUMNIST_MUTANTS` how many a case gets, `COLUMNIST_SHOW` prints what differs.

#[path = "analyze/corpus.rs"]
#[allow(dead_code)]
mod corpus;
#[path = "bodies/ledger.rs"]
mod ledger;
#[path = "analyze/oracle.rs"]
#[allow(dead_code)]
mod oracle;

use columnist::base::text::slice;
use columnist::catalog::{Catalog, fold};
use columnist::facts::Loc;
use columnist::sema::body;
use columnist::sema::code::Severity;
use columnist::sema::{Context, analyze};
use columnist::sql::token::{TokenKind, significant};
use columnist::sql::{Dialect, Ident, parse};

/// What we say of a script: SQLSTATE, byte, message, and whether it is in PL/pgSQL.
#[derive(Debug)]
struct Said {
    state: String,
    at: usize,
    message: String,
    /// Refused whenever it is reached, which it may never be.
    warning: bool,
}

fn cases(file: &str) -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/cases/bodies").join(file);
    let text = std::fs::read_to_string(path).expect("the cases are committed");
    let mut res = Vec::new();
    for paragraph in text.split("\n\n") {
        let lines: Vec<&str> = paragraph.lines().filter(|it| !it.starts_with("--")).collect();
        let case = lines.join("\n").trim().to_owned();
        if !case.is_empty() {
            corpus::expand(&case, &mut res);
        }
    }
    res
}

/// Scripts that PostgreSQL runs from an empty database to their end, every statement of every body reached.
#[test]
fn bodies_that_run_have_no_problems() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/cases/bodies/run");
    let mut n_bodies = 0;
    for entry in std::fs::read_dir(folder).expect("the scripts are committed") {
        let text = std::fs::read_to_string(entry.expect("a script").path()).expect("a script");
        n_bodies += text.to_ascii_lowercase().matches("language plpgsql").count();
        let project = tempfile::tempdir().expect("a folder");
        let migrations = project.path().join("supabase/migrations");
        std::fs::create_dir_all(&migrations).expect("a folder");
        std::fs::write(migrations.join("20260101000000_all.sql"), text).expect("a file");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_columnist"));
        let out = command.args(["check", "--quiet"]).current_dir(project.path()).output().expect("it runs");
        assert_eq!(String::from_utf8_lossy(&out.stdout), "");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }
    assert!(n_bodies > 150, "{n_bodies}");
}

/// The fixture schema.
fn schema() -> Catalog {
    let mut res = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    for sql in corpus::schema() {
        apply(&mut res, &sql);
    }
    res
}

fn apply(catalog: &mut Catalog, sql: &str) {
    for (range, parsed) in parse(sql, Dialect::Postgres).statements {
        let text = slice(sql, range);
        let file = columnist::base::file::FileId(0);
        fold::apply(catalog, file, Loc(0), &parsed, text);
    }
}

fn say(catalog: &Catalog, sql: &str) -> Option<Vec<Said>> {
    let mut catalog = catalog.clone();
    let mut res = Vec::new();
    for (range, parsed) in parse(sql, Dialect::Postgres).statements {
        let text = slice(sql, range);
        let base = usize::from(range.start());
        let error = |it: &columnist::sql::SyntaxError, at: usize| Said {
            state: it.sqlstate.into(),
            at,
            message: it.message.clone(),
            warning: false,
        };
        res.extend(parsed.error.iter().map(|it| error(it, base + usize::from(it.range.start()))));
        let ctx = Context { catalog: &catalog, params: &[], variables: &[] };
        let analysis = analyze(ctx, &parsed.hir, text);
        let problem = |it: &columnist::sema::Problem, at: usize| Said {
            state: it.code.sqlstate.unwrap_or("").into(),
            at,
            message: it.message.clone(),
            warning: it.code.severity <= Severity::Warning,
        };
        res.extend(analysis.problems.iter().map(|it| problem(it, base + usize::from(it.range.start()))));
        let mut after = catalog.clone();
        apply(&mut after, text);
        if let Some(mut body) = body::read(&after, &parsed.hir, text) {
            if body.at_once {
                body.agree(body::read(&catalog, &parsed.hir, text).as_ref());
            }
            for piece in &body.pieces {
                let host = |at| base + usize::from(body.host(piece, at));
                res.extend(piece.parsed.error.iter().map(|it| error(it, host(it.range.start()))));
                let problems = piece.analysis.problems.iter().filter(|it| it.code.sqlstate != Some("23502"));
                res.extend(problems.map(|it| problem(it, host(it.range.start()))));
            }
        }
        catalog = after;
    }
    Some(res)
}

/// Positions are characters from 1 in PostgreSQL.
fn byte_of(sql: &str, position: u64) -> Option<usize> {
    let position = usize::try_from(position).ok()?.checked_sub(1)?;
    sql.char_indices().map(|it| it.0).chain([sql.len()]).nth(position)
}

/// What PostgreSQL would say of our own position is not compared where it tells none.
fn compare(sql: &str, theirs: &serde_json::Value, ours: &[Said]) -> Option<(&'static str, String)> {
    let state = theirs["sqlstate"].as_str().unwrap_or("");
    let message = theirs["message"].as_str().unwrap_or("");
    let first = ours.first().map_or(String::new(), |it| format!("{} {} at {}", it.state, it.message, it.at));
    if theirs["ok"] == true {
        // A mistake may leave a handler that nothing reaches any more.
        let handler = sql.find("exception").unwrap_or(sql.len());
        let ours: Vec<&Said> = ours.iter().filter(|it| !it.warning || it.at < handler).collect();
        return (!ours.is_empty()).then_some(("false-alarm", first));
    }
    // What only happens with the data.
    let at_run_time = state.starts_with("22")
        || state.starts_with("23")
        || state.starts_with("P0")
        || state.starts_with("2F");
    if ours.is_empty() {
        // What PL/pgSQL makes of its own words is not judged.
        let own_grammar = state == "42601" && (sql.contains("plpgsql") || sql.starts_with("do"));
        let kind = match (at_run_time, own_grammar) {
            (true, _) => "run-time",
            (_, true) => "grammar",
            _ => "missed",
        };
        return Some((kind, format!("{state} {message}")));
    }
    let same: Vec<&Said> = ours.iter().filter(|it| it.state == state).collect();
    if same.is_empty() {
        return Some(("other", format!("{state} {message} <> {first}")));
    }
    let at = theirs["position"].as_u64().and_then(|it| byte_of(sql, it))?;
    if same.iter().any(|it| it.at == at) {
        return None;
    }
    Some(("position", format!("{state} {message} at {at} <> {first}")))
}

/// Small mistakes inside of a case's body.
fn mutants(case: &str, seed: &mut u64, n: usize) -> Vec<String> {
    let mut next = |bound: usize| {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        (*seed % bound.max(1) as u64) as usize
    };
    let Some(open) = case.find("$$") else { return Vec::new() };
    let Some(len) = case[open + 2..].find("$$") else { return Vec::new() };
    let body = &case[open + 2..open + 2 + len];
    let tokens = significant(body);
    let words: Vec<_> = tokens.iter().filter(|it| it.kind == TokenKind::Word).collect();
    if words.is_empty() {
        return Vec::new();
    }
    const NAMES: [&str; 14] = [
        "users", "posts", "id", "title", "name", "tags", "a", "n", "r", "count", "lower", "email", "1", "'x'",
    ];
    let mut res = Vec::new();
    for _ in 0..n {
        let token = words[next(words.len())];
        let (start, end) = (usize::from(token.range.start()), usize::from(token.range.end()));
        let text = &body[start..end];
        let new = match next(5) {
            0 => NAMES[next(NAMES.len())].to_owned(),
            1 => format!("{text}{}", &text[text.len() - 1..]),
            2 => text[..text.len() - 1].to_owned(),
            3 => {
                let other = words[next(words.len())];
                other.text(body).to_owned()
            }
            _ => format!("({text})"),
        };
        res.push(format!(
            "{}{}{new}{}{}",
            &case[..open + 2],
            &body[..start],
            &body[end..],
            &case[open + 2 + len..]
        ));
    }
    res
}

fn run(file: &str, n_mutants: usize) -> (usize, usize, Vec<(&'static str, String, String)>) {
    let Some(mut server) = oracle::Server::start() else {
        panic!("the oracles are not installed: run npm ci in tests/oracle");
    };
    for sql in corpus::schema() {
        let answer = server.exec(&sql);
        assert_eq!(answer["ok"], true, "{sql}\n{answer}");
    }
    server.exec("set check_function_bodies = on");
    let catalog = schema();
    let mut seed = std::env::var("COLUMNIST_SEED")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(0x2545_f491_4f6c_dd1du64)
        | 1;
    let written = cases(file);
    let mut all = written.clone();
    for case in &written {
        all.extend(mutants(case, &mut seed, n_mutants));
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|it| seen.insert(it.clone()));
    let mut differences = Vec::new();
    let (mut accepted, mut refused) = (0, 0);
    for chunk in all.chunks(500) {
        let sqls: Vec<&str> = chunk.iter().map(String::as_str).collect();
        for (sql, theirs) in sqls.iter().zip(server.execute(&sqls)) {
            if theirs["harness"] == true {
                continue;
            }
            let Some(ours) = say(&catalog, sql) else { continue };
            if theirs["ok"] == true {
                accepted += 1;
            } else {
                refused += 1;
            }
            if let Some((kind, what)) = compare(sql, &theirs, &ours) {
                differences.push((kind, (*sql).to_owned(), what));
            }
        }
    }
    (accepted, refused, differences)
}

fn mutants_asked(default: usize) -> usize {
    std::env::var("COLUMNIST_MUTANTS").ok().and_then(|it| it.parse().ok()).unwrap_or(default)
}

#[test]
fn sql_bodies_agree_with_postgresql() {
    let (accepted, refused, differences) = run("sql.sql", mutants_asked(3));
    println!("SQL: PostgreSQL accepts {accepted}, refuses {refused}; {} differ", differences.len());
    ledger::check("sql", refused, &differences);
}

#[test]
fn commands_agree_with_postgresql() {
    let (accepted, refused, differences) = run("commands.sql", 0);
    println!("commands: PostgreSQL accepts {accepted}, refuses {refused}; {} differ", differences.len());
    ledger::check("commands", refused, &differences);
}

#[test]
fn plpgsql_bodies_agree_with_postgresql() {
    let (accepted, refused, differences) = run("plpgsql.sql", mutants_asked(2));
    println!("PL/pgSQL: PostgreSQL accepts {accepted}, refuses {refused}; {} differ", differences.len());
    ledger::check("plpgsql", refused, &differences);
}
