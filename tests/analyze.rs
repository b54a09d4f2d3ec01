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
        || sql.starts_with("select") && sql.contains(" into ")
}

fn compare_types(catalog: &Catalog, ours: &Analysis, theirs: &Value) -> Option<Difference> {
    let empty = Vec::new();
    let columns = theirs["columns"].as_array()?;
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
        panic!("the oracles are not installed: run npm ci in tests/oracle");
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

/// The fixture schema, folded from its own DDL; `n_more` further tables beside it.
fn folded(n_more: usize) -> Catalog {
    let mut res = Catalog { search_path: vec![columnist::sql::Ident::new("public")], ..Catalog::default() };
    let more = (0..n_more).map(|it| {
        format!("create table extra_{it} (id integer primary key, name text not null, ref integer, at timestamptz, data jsonb)")
    });
    for (idx, sql) in corpus::schema().into_iter().chain(more).enumerate() {
        let parsed = parse_statement(&sql, Dialect::Postgres);
        let loc = columnist::facts::Loc(idx as u32);
        columnist::catalog::fold::apply(&mut res, columnist::base::file::FileId(0), loc, &parsed, &sql);
    }
    res
}

#[test]
fn every_prefix_is_analysed() {
    let catalog = folded(0);
    for (idx, sql) in corpus::statements().iter().enumerate() {
        for end in (0..sql.len()).filter(|it| it % 7 == idx % 7 && sql.is_char_boundary(*it)) {
            let text = &sql[..end];
            let parsed = parse_statement(text, Dialect::Postgres);
            for dialect in [Dialect::Postgres, Dialect::Sqlite] {
                let catalog = Catalog { dialect, ..catalog.clone() };
                let analysis =
                    analyze(Context { catalog: &catalog, params: &[], variables: &[] }, &parsed.hir, text);
                let inside = |it: &columnist::sema::Problem| usize::from(it.range.end()) <= text.len();
                assert!(analysis.problems.iter().all(inside), "{text}: {:?}", analysis.problems);
            }
        }
    }
}

/// Prints what one statement costs over a thousand tables; the bound is for builds without optimisation.
#[test]
fn a_statement_is_cheap_over_a_thousand_tables() {
    let catalog = folded(1000);
    let sql =
        "select p.id, p.title, u.name as author, count(c.id) as n_comments, max(c.created_at) as last_comment
        from posts p join users u on u.id = p.author_id left join comments c on c.post_id = p.id
        where p.published and u.role = 'admin' and p.views > $1 group by p.id, u.name having count(c.id) >= $2
        order by last_comment desc nulls last limit $3";
    let parsed = parse_statement(sql, Dialect::Postgres);
    let mut times: Vec<_> = (0..200)
        .map(|_| {
            let start = std::time::Instant::now();
            let analysis =
                analyze(Context { catalog: &catalog, params: &[], variables: &[] }, &parsed.hir, sql);
            assert_eq!(analysis.problems, []);
            start.elapsed()
        })
        .collect();
    times.sort();
    let median = times[times.len() / 2];
    println!("one statement over 1,000 tables: {median:?} at the median");
    assert!(median < std::time::Duration::from_millis(5), "{median:?}");
}
