use super::readable;
use crate::sql::ident::DYNAMIC_MARK;

#[track_caller]
fn check(text: &str, expected: &str) {
    let res = readable(text);
    assert_eq!(res.len(), text.len());
    assert_eq!(res.replace(DYNAMIC_MARK, "?"), expected);
}

#[test]
fn psql_writes_a_name_before_a_dot() {
    check("create table :APP.jobs (id int)", "create table ?P.jobs (id int)");
    check("create function f(a :APP.jobs) returns :APP.jobs", "create function f(a ?P.jobs) returns ?P.jobs");
    check("select * from :\"s\".jobs where id = :id", "select * from ?s.jobs where id = :id");
    check(
        "create schema if not exists x; create schema :APP",
        "create schema if not exists x; create schema ?P",
    );
}

#[test]
fn bodies_have_variables_too() {
    check(
        "create function f() returns int as $$ select 1 from :APP.t $$ language sql",
        "create function f() returns int as $$ select 1 from ?P.t $$ language sql",
    );
}

#[test]
fn a_name_behind_a_dollar_is_a_parameter() {
    check("select $id, $name where x = $id", "select $1 , $2    where x = $1 ");
    check("select $tag$ it's $other $tag$, $1", "select $tag$ it's $other $tag$, $1");
    check("select * from t join $name on true", "select * from t join ?me on true");
}

#[test]
fn what_postgresql_reads_itself_stays() {
    for text in [
        "select a::text, b::t.x, list[1:t.n], list[:t.n] from t",
        "select json_object(key :t.value) from t",
        "select json_object('k' :t.value), ':a.b', \":a.b\" -- :a.b",
        "select :id, :'name'",
    ] {
        check(text, text);
    }
}
