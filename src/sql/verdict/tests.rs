use super::*;

#[track_caller]
fn check(text: &str, expected: Option<&str>) {
    let actual = verdict(text, Dialect::Postgres, true);
    let picture = actual.as_ref().map(|it| format!("{}: {}", u32::from(it.range.start()), it.message));
    assert_eq!(picture.as_deref(), expected, "{text}");
}

#[test]
fn errors_in_postgresqls_words() {
    check("select 1", None);
    check("select a from b wher c", Some("21: syntax error at or near \"c\""));
    check("selec 1", Some("0: syntax error at or near \"selec\""));
    check("select 1 from", Some("13: syntax error at end of input"));
    check("select /* x */ 'a' 'b'", Some("19: syntax error at or near \"'b'\""));
    check("select 1 order by a nulls /* c */ last", None);
    check("select 'a'\n 'b'", None);
    check("select N'a' N'b'", Some("13: syntax error at or near \"'b'\""));
}

#[test]
fn scanner_errors() {
    check("select 'abc", Some("7: unterminated quoted string at or near \"'abc\""));
    check("select 'a'\n'bc", Some("7: unterminated quoted string at or near \"'a'\n'bc\""));
    check("select \"a b", Some("7: unterminated quoted identifier at or near \"\"a b\""));
    check("select \"\"", Some("7: zero-length delimited identifier at or near \"\"\"\""));
    check("select 1 /* a", Some("9: unterminated /* comment at or near \"/* a\""));
    check("select 1a", Some("7: trailing junk after numeric literal at or near \"1a\""));
    check("select $1a", Some("7: trailing junk after parameter at or near \"$1a\""));
    check("select $q$ a", Some("7: unterminated dollar-quoted string at or near \"$q$ a\""));
    check("select from from 'a", Some("12: syntax error at or near \"from\""));
    check("select { from", Some("7: syntax error at or near \"{\""));
}

#[test]
fn odd_input_is_no_error() {
    check("select U&'d\\0061t' uescape '!', U&\"a\" from \u{e000}1", None);
    check("", None);
    check("select * from t where id = :id", None);
    check("select 😀 from größe", None);
}

#[test]
fn version_18_is_accepted() {
    for text in [
        "create table t (a int, b int generated always as (a * 2) virtual, c int generated always as (a) not null)",
        "create table t (a int check (a > 1) not enforced, constraint n not null a, not null b no inherit)",
        "create table t (id int, v daterange, primary key (id, v without overlaps))",
        "create table u (id int, v daterange, foreign key (id, period v) references t (id, period v) not enforced)",
        "create table u (id int, v daterange, foreign key (id, period v) references s.t (id, period v))",
        "create function f(a date) returns table (n int, period daterange) language sql as 'select 1, null::daterange'",
        "create function f(a date, period daterange) returns int language sql as 'select 1'",
        "alter table t add constraint c not null a not valid, alter constraint d inherit",
        "update t set a = 1 returning with (old as o, new as n) o.a, n.a",
        "vacuum (analyze) only t",
        "merge into t using u on true when not matched by source then delete returning merge_action(), t.*",
    ] {
        check(text, None);
    }
}

#[test]
fn the_tolerant_parser_has_a_veto() {
    assert_eq!(verdict("select from from", Dialect::Postgres, false), None);
    assert!(verdict("select 'a", Dialect::Postgres, false).is_some());
}

#[test]
fn long_broken_lists_do_not_overflow() {
    let rows = "(1, 'a'),".repeat(20_000);
    check(&format!("insert into t values {rows}"), Some("180021: syntax error at end of input"));
    let nested = "(".repeat(5_000);
    check(&format!("select {nested}"), Some("5007: syntax error at end of input"));
}

#[test]
fn other_dialects_are_hints() {
    let error = verdict("select `a` fro m t", Dialect::Mysql, true);
    assert!(error.is_none_or(|it| !it.certain));
    assert_eq!(verdict("select `a``b`, 'it\\'s' from t where x = ?", Dialect::Mysql, true), None);
    assert_eq!(verdict("insert or replace into t values (1)", Dialect::Sqlite, true), None);
}
