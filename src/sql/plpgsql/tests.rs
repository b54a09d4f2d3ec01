use expect_test::{Expect, expect};

use super::*;
use crate::base::text::slice;

fn check(body: &str, expected: Expect) {
    let mut res = String::new();
    for step in steps(body) {
        let alternative = if step.alternative { " alternative" } else { "" };
        res.push_str(&format!("{:?}{alternative} {:?}\n", step.kind, slice(body, step.range)));
    }
    expected.assert_eq(&res);
}

#[test]
fn drizzle_kits_blocks() {
    check(
        " BEGIN\n CREATE TYPE a AS ENUM('x;y');\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND ",
        expect![[r#"
            Sql "CREATE TYPE a AS ENUM('x;y')"
        "#]],
    );
}

#[test]
fn conditions_loops_and_declarations() {
    check(
        "<<outer>> declare r record; n int := 1; begin
           if not exists (select case when a then 1 end from t) and case when x then y end then
             create table a (); if found then alter table a add b int; end if;
           end if;
           for r in select 1 loop execute format('drop table %I', r.x); end loop;
           if x then create table c (); elsif y then create table d (); else create table e (); end if;
           begin create table f (); exception when others then create table g (); end;
           case n when 1 then create table h (); else null; end case;
           return;
         end outer",
        expect![[r#"
            Sql "create table a ()"
            Sql "alter table a add b int"
            Dynamic "format('drop table %I', r.x)"
            Sql alternative "create table c ()"
            Sql alternative "create table d ()"
            Sql alternative "create table e ()"
            Sql "create table f ()"
            Sql alternative "create table h ()"
            Sql alternative "null"
            Sql "return"
        "#]],
    );
}

#[test]
fn constant_strings() {
    assert_eq!(leading_string("'a''b'"), Some(("a'b".into(), true)));
    assert_eq!(leading_string("$x$a$x$ using 1"), Some(("a".into(), false)));
    assert_eq!(leading_string("format('create %I', x)"), Some(("create %I".into(), false)));
    assert_eq!(leading_string("x || 'a'"), None);
}
