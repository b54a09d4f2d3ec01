//! The binder against PostgreSQL itself: every statement of `tests/oracle/cases/statements`, and thousands made from
//! them by small mistakes: accepted or refused, SQLSTATE and place, result columns and parameter types.
//!
//! Needs node and the packages of `tests/oracle` (or of `COLUMNIST_ORACLE`); without them it says so and passes.
//! What differs stands in `tests/oracle/ledger/analyze.tsv` with its reason, exactly: a new difference and a stale line
//! both fail. `UPDATE_LEDGER=1` rewrites the list, keeping the reasons.

#[path = "analyze/catalog.rs"]
mod catalog;
#[path = "analyze/corpus.rs"]
mod corpus;
#[path = "analyze/ledger.rs"]
mod ledger;
#[path = "analyze/mutate.rs"]
mod mutate;
#[path = "analyze/oracle.rs"]
mod oracle;

use columnist::catalog::types::format_type;
use columnist::catalog::{Catalog, TypeId};
use columnist::sema::code::Severity;
use columnist::sema::{Analysis, Context, Ty, analyze};
use columnist::sql::{Dialect, parse_statement};
use serde_json::Value;

/// What differs from PostgreSQL's answer; `None`: nothing.
struct Difference {
    kind: &'static str,
    what: String,
}

fn difference(kind: &'static str, what: impl Into<String>) -> Option<Difference> {
    Some(Difference { kind, what: what.into() })
}

fn type_text(catalog: &Catalog, ty: Ty) -> Option<String> {
    let Ty::Known(ty) = ty else { return None };
    // The protocol describes a domain as the type under it, and never leaves a column open.
    let ty = catalog.base_type(ty);
    Some(if ty.id == TypeId::UNKNOWN { String::from("text") } else { format_type(catalog, ty) })
}

fn param_text(catalog: &Catalog, ty: Ty) -> Option<String> {
    let Ty::Known(ty) = ty else { return None };
    Some(format_type(catalog, ty))
}

/// Positions are characters from 1 in PostgreSQL, bytes from 0 here.
fn byte_of(sql: &str, position: u64) -> Option<usize> {
    let position = usize::try_from(position).ok()?.checked_sub(1)?;
    sql.char_indices().map(|it| it.0).chain([sql.len()]).nth(position)
}

fn compare(catalog: &Catalog, sql: &str, theirs: &Value, planned: Option<&Value>) -> Option<Difference> {
    let parsed = parse_statement(sql, Dialect::Postgres);
    let state = theirs["sqlstate"].as_str().unwrap_or("");
    let message = theirs["message"].as_str().unwrap_or("");
    if parsed.error.is_some() || message.starts_with("syntax error") {
        return None;
    }
    let ours = analyze(Context { catalog, params: &[], variables: &[] }, &parsed.hir, sql);
    // What PostgreSQL refuses only when it runs.
    let errors: Vec<_> = ours
        .problems
        .iter()
        .filter(|it| it.code.severity == Severity::Error && it.code.sqlstate != Some("23502"))
        .collect();
    let theirs = match planned {
        Some(planned) if theirs["ok"] == true && planned["sqlstate"] == "42P10" => planned,
        _ => theirs,
    };
    if theirs["ok"] == true {
        if let Some(first) = errors.first() {
            return difference(
                "false-alarm",
                format!("{} {}", first.code.sqlstate.unwrap_or(""), first.message),
            );
        }
        return compare_types(catalog, &ours, theirs);
    }
    let (state, message) = if theirs["sqlstate"] == "42P10" {
        ("42P10", theirs["message"].as_str().unwrap_or(""))
    } else {
        (state, message)
    };
    if errors.is_empty() {
        return difference("missed", format!("{state} {message}"));
    }
    let place = theirs["position"].as_u64().and_then(|it| byte_of(sql, it));
    let found = errors.iter().find(|it| {
        it.code.sqlstate == Some(state) && place.is_none_or(|place| usize::from(it.range.start()) == place)
    });
    if let Some(found) = found {
        if found.message != message && place.is_some() {
            return difference("message", format!("{message} <> {}", found.message));
        }
        return None;
    }
    let first = errors.first().map_or(String::new(), |it| {
        format!("{} {} at {}", it.code.sqlstate.unwrap_or(""), it.message, usize::from(it.range.start()))
    });
    let same_state = errors.iter().any(|it| it.code.sqlstate == Some(state));
    let kind = if same_state { "position" } else { "other" };
    difference(kind, format!("{state} {message} at {place:?} <> {first}"))
}

fn is_utility(sql: &str) -> bool {
    ["prepare", "declare", "copy", "create"].iter().any(|it| sql.starts_with(it))
}

fn compare_types(catalog: &Catalog, ours: &Analysis, theirs: &Value) -> Option<Difference> {
    let empty = Vec::new();
    let Some(columns) = theirs["columns"].as_array() else { return None };
    if !ours.columns_open && ours.columns.len() != columns.len() {
        return difference("columns", format!("{} <> {}", columns.len(), ours.columns.len()));
    }
    for (theirs, ours) in columns.iter().zip(&ours.columns) {
        let name = theirs["name"].as_str().unwrap_or("");
        if name != ours.name.as_str() {
            return difference("name", format!("{name} <> {}", ours.name));
        }
        let ty = theirs["type"].as_str().unwrap_or("");
        match type_text(catalog, ours.ty) {
            Some(it) if it != ty => return difference("type", format!("{name}: {ty} <> {it}")),
            None => return difference("unknown-type", format!("{name}: {ty}")),
            _ => {}
        }
        // A column that PostgreSQL traces to a table must have that source.
        let source = theirs["source"].as_object();
        let own = ours.source.as_ref().map(|(table, column)| {
            format!("{}.{}.{}", table.schema.as_str(), table.name.as_str(), column.as_str())
        });
        let traced = source.map(|it| {
            let part = |key: &str| it.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
            format!("{}.{}.{}", part("schema"), part("table"), part("column"))
        });
        if let (Some(traced), Some(own)) = (&traced, &own)
            && traced != own
        {
            return difference("source", format!("{name}: {traced} <> {own}"));
        }
        if traced.is_some() && own.is_none() {
            return difference("source", format!("{name}: {traced:?} <> none"));
        }
    }
    let params = theirs["params"].as_array().unwrap_or(&empty);
    for (idx, theirs) in params.iter().enumerate() {
        let ty = theirs["type"].as_str().unwrap_or("");
        match ours.params.get(idx).and_then(|it| param_text(catalog, *it)) {
            Some(it) if it != ty => return difference("param", format!("${}: {ty} <> {it}", idx + 1)),
            None => return difference("unknown-param", format!("${}: {ty}", idx + 1)),
            _ => {}
        }
    }
    None
}

#[test]
fn statements_agree_with_postgresql() {
    let Some(mut server) = oracle::Server::start() else {
        eprintln!("skipped: no oracle (npm ci in tests/oracle)");
        return;
    };
    for sql in corpus::schema() {
        let answer = server.exec(&sql);
        assert_eq!(answer["ok"], true, "{sql}\n{answer}");
    }
    let catalog = catalog::read(&mut server);
    let written = corpus::statements();
    let mut all: Vec<(bool, String)> = written.iter().map(|it| (true, it.clone())).collect();
    all.extend(mutate::mutants(&written).into_iter().map(|it| (false, it)));
    let mut differences = Vec::new();
    let (mut accepted, mut refused) = (0, 0);
    for chunk in all.chunks(1000) {
        let sqls: Vec<&str> = chunk.iter().map(|it| it.1.as_str()).collect();
        let answers = server.describe(&sqls);
        // Parse looks into these only when they are executed.
        let utilities: Vec<&str> = sqls.iter().copied().filter(|it| is_utility(it)).collect();
        let executed = server.execute(&utilities);
        let conflicts: Vec<&str> = sqls.iter().copied().filter(|it| it.contains("on conflict")).collect();
        let plans = server.explain(&conflicts);
        for (sql, theirs) in sqls.iter().zip(&answers) {
            let theirs =
                utilities.iter().position(|it| it == sql).and_then(|it| executed.get(it)).unwrap_or(theirs);
            // A prepared statement outlives the transaction that made it.
            if theirs["harness"] == true || theirs["sqlstate"] == "42P05" {
                continue;
            }
            if theirs["ok"] == true {
                accepted += 1
            } else {
                refused += 1
            }
            let planned = conflicts.iter().position(|it| it == sql).and_then(|it| plans.get(it));
            if let Some(it) = compare(&catalog, sql, theirs, planned) {
                differences.push((it.kind, (*sql).to_owned(), it.what));
            }
        }
    }
    println!(
        "{} statements ({} written): PostgreSQL accepts {accepted}, refuses {refused}; {} differ",
        all.len(),
        written.len(),
        differences.len()
    );
    ledger::check(&differences);
}
