//! Nullability against PostgreSQL itself: random queries over tables full of NULLs are run, and a column that analysis
//! calls NOT NULL must never yield one.
//!
//! Needs node and the packages of `tests/oracle` (or of `COLUMNIST_ORACLE`). `COLUMNIST_N=20000` runs more queries,
//! `COLUMNIST_SEED` others.

#[path = "analyze/catalog.rs"]
mod catalog;
#[path = "nullable/generate.rs"]
mod generate;
#[path = "analyze/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "nullable/pick.rs"]
mod pick;
#[path = "nullable/wide.rs"]
mod wide;

use columnist::base::file::FileId;
use columnist::catalog::{Catalog, fold};
use columnist::facts::Loc;
use columnist::sema::{Context, analyze};
use columnist::sql::{Dialect, Ident, parse_statement};
use generate::Generator;
use serde_json::{Value, json};

const SCHEMA: [&str; 4] = [
    "create table a (id int primary key, n int not null, m int, t text not null, u text, b boolean not null,
     c boolean, arr int[] not null, brr text[], j jsonb not null, k jsonb, r int4range not null, ts timestamptz not null,
     d date)",
    "create table b (id int primary key, a_id int, n int not null, m int, t text not null, u text, b boolean not null,
     c boolean, arr int[] not null, j jsonb not null)",
    "create table e (id int primary key, n int not null, m int, t text not null, u text)",
    "create view v as select a.id, a.n, b.n as bn, b.t as bt, coalesce(b.u, a.t) as cu from a left join b on b.a_id = a.id",
];

const DATA: [&str; 2] = [
    "insert into a select i, i % 4, nullif(i % 3, 0), case i % 4 when 0 then '' when 1 then 'x' else 'Ab ' || i end,
     case when i % 2 = 0 then 'u' || i end, i % 2 = 0, case i % 3 when 0 then null when 1 then true else false end,
     case i % 3 when 0 then '{}' when 1 then array[i, null] else array[i, 2] end, case when i % 2 = 0 then array['p', null] end,
     case i % 4 when 0 then '{}' when 1 then '{\"a\": null, \"b\": {\"c\": 1}}' when 2 then '[1, \"z\"]' else 'null' end::jsonb,
     case when i % 2 = 1 then '{\"a\": 2}'::jsonb end,
     case i % 4 when 0 then 'empty' when 1 then '[1,5)' when 2 then '(,3]' else '[2,)' end::int4range,
     case when i % 5 = 0 then 'infinity' else '2024-01-01'::timestamptz + i * interval '1 day' end,
     case when i % 2 = 0 then date '2024-02-03' end from generate_series(1, 12) i",
    "insert into b select i, case when i % 3 > 0 then i % 15 end, i % 3, nullif(i % 4, 1), case when i % 2 = 0 then '' else 'y' || i end,
     case when i % 3 = 0 then 'w' end, i % 3 = 0, case when i % 2 = 0 then true end, array[i], '{\"a\": [1]}' from generate_series(1, 9) i",
];

/// The columns of views are those that analysis finds.
struct ByAnalysis;

impl fold::Infer for ByAnalysis {
    fn query_columns(
        &self,
        catalog: &Catalog,
        query: &columnist::sql::hir::Statement,
        text: &str,
    ) -> Option<Vec<(Ident, Option<columnist::catalog::Type>, columnist::catalog::Collation)>> {
        let analysis = analyze(Context { catalog, params: &[], variables: &[] }, query, text);
        let ty = |it| if let columnist::sema::Ty::Known(it) = it { Some(it) } else { None };
        (!analysis.columns_open)
            .then(|| analysis.columns.into_iter().map(|it| (it.name, ty(it.ty), it.collation)).collect())
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(default)
}

fn start(statements: impl Iterator<Item = &'static str>) -> oracle::Server {
    let mut server =
        oracle::Server::start().expect("the oracles are not installed: run npm ci in tests/oracle");
    for sql in statements {
        let answer = server.exec(sql);
        assert_eq!(answer["ok"], true, "{answer}: {sql}");
    }
    server
}

/// Runs each statement, and rolls it back; none of the columns that are said never to be null may yield one.
fn hold(server: &mut oracle::Server, catalog: &Catalog, statements: &[String], share: usize) {
    let (mut n_run, mut n_columns, mut n_never, mut wrong) = (0, 0, 0, Vec::new());
    for chunk in statements.chunks(200) {
        let sqls: Vec<String> = chunk.iter().map(|it| format!("begin; {it}")).collect();
        let answer = server.ask(&json!({"op": "exec_many", "sqls": sqls}));
        let results = answer["results"].as_array().unwrap_or_else(|| panic!("{answer}"));
        for (sql, result) in chunk.iter().zip(results) {
            if std::env::var_os("COLUMNIST_VERBOSE").is_some() && result["ok"] == false {
                println!(
                    "{} {}: {sql}",
                    result["sqlstate"].as_str().unwrap_or(""),
                    result["message"].as_str().unwrap_or("")
                );
            }
            let Some(rows) = result["rows"].as_array() else { continue };
            n_run += 1;
            let parsed = parse_statement(sql, Dialect::Postgres);
            let analysis = analyze(Context { catalog, params: &[], variables: &[] }, &parsed.hir, sql);
            for (idx, column) in analysis.columns.iter().enumerate() {
                n_columns += 1;
                if column.nullable != Some(false) {
                    continue;
                }
                n_never += 1;
                if rows.iter().any(|row| row[idx] == Value::Null) {
                    if std::env::var_os("COLUMNIST_VERBOSE").is_some() {
                        println!("WRONG {} {sql}", idx + 1);
                    }
                    wrong.push(format!("column {} ({}): {sql}", idx + 1, column.name));
                }
            }
        }
    }
    println!(
        "{n_run} of {} statements ran, {n_never} of {n_columns} columns are never null",
        statements.len()
    );
    wrong.sort_by_key(String::len);
    println!("{} wrong", wrong.len());
    wrong.truncate(40);
    assert!(wrong.is_empty(), "yields NULL:\n{}", wrong.join("\n"));
    assert!(n_run * 100 > statements.len() * share, "only {n_run} statements ran");
    assert!(n_never * 5 > n_columns, "only {n_never} of {n_columns} columns are known");
}

#[test]
fn what_is_called_not_null_is_never_null() {
    let mut server = start(SCHEMA.into_iter().chain(DATA));
    let catalog = catalog::read(&mut server);
    let mut generator = Generator::new(number("COLUMNIST_SEED", 1));
    let queries: Vec<String> = (0..number("COLUMNIST_N", 3_000)).map(|_| generator.query()).collect();
    hold(&mut server, &catalog, &queries, 70);
}

#[test]
fn nor_is_it_in_other_statements() {
    let ddl = wide::SCHEMA.into_iter().chain(wide::AFTER);
    let mut server = start(wide::SCHEMA.into_iter().chain(wide::DATA).chain(wide::AFTER));
    let mut catalog = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    for (idx, sql) in ddl.enumerate() {
        let parsed = parse_statement(sql, Dialect::Postgres);
        fold::apply_with(&mut catalog, FileId(0), Loc(idx as u32), &parsed, sql, Some(&ByAnalysis));
    }
    let mut generator = wide::Wide::new(number("COLUMNIST_SEED", 1));
    let statements: Vec<String> = (0..number("COLUMNIST_N", 3_000)).map(|_| generator.statement()).collect();
    hold(&mut server, &catalog, &statements, 50);
}
