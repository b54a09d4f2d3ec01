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

use columnist::sema::{Context, analyze};
use columnist::sql::{Dialect, parse_statement};
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

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(default)
}

#[test]
fn what_is_called_not_null_is_never_null() {
    let mut server =
        oracle::Server::start().expect("the oracles are not installed: run npm ci in tests/oracle");
    for sql in SCHEMA.iter().chain(&DATA) {
        let answer = server.exec(sql);
        assert_eq!(answer["ok"], true, "{answer}: {sql}");
    }
    let catalog = catalog::read(&mut server);
    let mut generator = Generator::new(number("COLUMNIST_SEED", 1));
    let queries: Vec<String> = (0..number("COLUMNIST_N", 3_000)).map(|_| generator.query()).collect();
    let (mut n_run, mut n_columns, mut n_never, mut wrong) = (0, 0, 0, Vec::new());
    for chunk in queries.chunks(200) {
        let answer = server.ask(&json!({"op": "exec_many", "sqls": chunk}));
        let results = answer["results"].as_array().unwrap_or_else(|| panic!("{answer}"));
        for (sql, result) in chunk.iter().zip(results) {
            let Some(rows) = result["rows"].as_array() else { continue };
            n_run += 1;
            let parsed = parse_statement(sql, Dialect::Postgres);
            let analysis =
                analyze(Context { catalog: &catalog, params: &[], variables: &[] }, &parsed.hir, sql);
            for (idx, column) in analysis.columns.iter().enumerate() {
                n_columns += 1;
                if column.nullable != Some(false) {
                    continue;
                }
                n_never += 1;
                if rows.iter().any(|row| row[idx] == Value::Null) {
                    wrong.push(format!("column {} ({}): {sql}", idx + 1, column.name));
                }
            }
        }
    }
    println!("{n_run} of {} queries ran, {n_never} of {n_columns} columns are never null", queries.len());
    wrong.sort_by_key(String::len);
    wrong.truncate(30);
    assert!(wrong.is_empty(), "yields NULL:\n{}", wrong.join("\n"));
    assert!(n_run * 10 > queries.len() * 7, "only {n_run} queries ran");
    assert!(n_never * 5 > n_columns, "only {n_never} of {n_columns} columns are known");
}
