//! What the end of a transaction, functions and blocks do to a session; `tests/ddl/session.sql` has the rest, which
//! PostgreSQL judges there.

use crate::base::file::FileId;
use crate::base::text::slice;
use crate::catalog::{Catalog, fold};
use crate::facts::Loc;
use crate::sema::{Context, analyze};
use crate::sql::{Dialect, Ident, parse};

/// Every statement with a problem, and its SQLSTATE.
fn check(script: &str, expected: &[&str]) {
    let mut catalog = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    catalog.gaps.functions = true;
    let mut found = Vec::new();
    for (idx, (range, parsed)) in parse(script, Dialect::Postgres).statements.iter().enumerate() {
        let text = slice(script, *range);
        let ctx = Context { catalog: &catalog, params: &[], variables: &[] };
        for it in analyze(ctx, &parsed.hir, text).problems {
            found.push(format!("{} {text}", it.code.sqlstate.unwrap_or("-")));
        }
        fold::apply(&mut catalog, FileId(0), Loc(idx as u32), parsed, text);
    }
    assert_eq!(found, expected);
}

#[test]
fn a_cursor_ends_with_its_transaction() {
    check(
        "begin; declare c cursor for select 1; fetch c; commit; fetch c; move c; close c;",
        &["34000 fetch c", "34000 move c", "34000 close c"],
    );
    check("begin; declare c cursor for select 1; rollback; fetch c;", &["34000 fetch c"]);
    check("begin; declare c cursor with hold for select 1; commit; fetch c; close c;", &[]);
    check("begin; declare c cursor with hold for select 1; rollback; fetch c;", &[]);
    check("begin; declare c cursor for select 1; rollback to a; fetch c;", &[]);
    check("begin; declare c cursor for select 1; end; declare c cursor for select 1;", &[]);
    check(
        "begin; declare c cursor for select 1; declare c cursor for select 1;",
        &["42P03 declare c cursor for select 1"],
    );
}

#[test]
fn functions_may_open_and_close_cursors() {
    check("declare c cursor for select 1; close c; select open_one('c'); fetch c;", &[]);
    check("declare c cursor for select 1; close c; call open_one(); fetch c;", &[]);
    check("close all; do $$ begin perform 1; end $$; fetch c;", &[]);
    check("declare c cursor for select 1; close c; select lower('c'); fetch c;", &["34000 fetch c"]);
}

#[test]
fn prepared_statements_outlive_transactions_and_not_every_block() {
    let prepared = "prepare p (int) as select $1;";
    check(&format!("begin; {prepared} rollback; execute p('x');"), &["22P02 execute p('x')"]);
    check(&format!("{prepared} do $$ begin execute 'deallocate all'; end $$; execute p(1, 2);"), &[]);
    check(&format!("{prepared} do $$ begin null; end $$; execute p(1, 2);"), &["42601 execute p(1, 2)"]);
    check("execute p(1, 2); deallocate p; fetch c; close c;", &[]);
}

#[test]
fn a_wrong_statement_is_one_problem() {
    let twice = "prepare p as select 1; prepare p (int) as select $1; execute p(1, 2);";
    check(twice, &["42P05 prepare p (int) as select $1"]);
    check("prepare p (int) as select nope; execute p;", &["42703 prepare p (int) as select nope"]);
}
