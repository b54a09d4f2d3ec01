use expect_test::{Expect, expect};

use super::block::{Head, When};
use super::*;
use crate::base::text::slice;

fn check(body: &str, expected: Expect) {
    let mut res = String::new();
    show(body, &nodes(body), 0, &mut res);
    expected.assert_eq(&res);
}

fn show(body: &str, nodes: &[Node], depth: usize, acc: &mut String) {
    let indent = "  ".repeat(depth);
    let text = |range| slice(body, range);
    for node in nodes {
        match node {
            Node::Sql(range) => acc.push_str(&format!("{indent}sql {:?}\n", text(*range))),
            Node::Execute { text: range, into } => {
                acc.push_str(&format!("{indent}execute {:?} into {into:?}\n", text(*range)));
            }
            Node::Assign { target, value, .. } => {
                acc.push_str(&format!("{indent}{target} := {:?}\n", value.map(text)));
            }
            Node::Branch(arms) => {
                for arm in arms {
                    let when = match arm.when {
                        When::Is(range) => text(range),
                        When::Value => "value",
                        When::Else => "else",
                    };
                    acc.push_str(&format!("{indent}when {when}\n"));
                    show(body, &arm.body, depth + 1, acc);
                }
            }
            Node::Loop { head, body: inner } => {
                let head = match head {
                    Head::Plain => String::new(),
                    Head::For { targets, over } => format!("{targets:?} in {}", text(*over)),
                    Head::Each { target, over } => format!("{target} of {}", text(*over)),
                };
                acc.push_str(&format!("{indent}loop {head}\n"));
                show(body, inner, depth + 1, acc);
            }
            Node::Block { body: inner, handlers } => {
                acc.push_str(&format!("{indent}block\n"));
                show(body, inner, depth + 1, acc);
                for handler in handlers {
                    acc.push_str(&format!("{indent}handler {:?}\n", handler.conditions));
                    show(body, &handler.body, depth + 1, acc);
                }
            }
            Node::Leave { how, condition } => {
                acc.push_str(&format!("{indent}{how:?} {:?}\n", condition.map(text)));
            }
            Node::Unknown => acc.push_str(&format!("{indent}?\n")),
        }
    }
}

#[test]
fn drizzle_kits_blocks() {
    check(
        " BEGIN\n CREATE TYPE a AS ENUM('x;y');\nEXCEPTION\n WHEN duplicate_object or sqlstate '42P01' THEN null;\nEND ",
        expect![[r#"
            block
              sql "CREATE TYPE a AS ENUM('x;y')"
            handler ["duplicate_object", "42P01"]
        "#]],
    );
}

#[test]
fn conditions_loops_and_declarations() {
    check(
        "<<outer>> declare r record; n int := 1; t text default 'a'; begin
           if not exists (select case when a then 1 end from t) and case when x then y end then
             create table a (); if found then alter table a add b int; end if;
           end if;
           for r in select 1 loop execute format('drop table %I', r.x) into strict n using 1; end loop;
           foreach t in array array['a', 'b'] loop t := t || 'c'; continue when t = 'a'; exit; end loop;
           while n > 1 loop n = n - 1; end loop;
           if x then create table c (); elsif y then create table d (); else create table e (); end if;
           begin create table f (); exception when others then create table g (); end;
           case n when 1 then create table h (); else null; end case;
           case when n = 1 then raise notice 'x'; end case;
           r.x := 1; raise exception 'no'; return;
         end outer",
        expect![[r#"
            r := None
            n := Some("1")
            t := Some("'a'")
            block
              when not exists (select case when a then 1 end from t) and case when x then y end
                sql "create table a ()"
                when found
                  sql "alter table a add b int"
              loop [r] in select 1
                execute "format('drop table %I', r.x)" into [strict, n]
              loop t of array['a', 'b']
                t := Some("t || 'c'")
                Continue Some("t = 'a'")
                Exit None
              loop 
                n := Some("n - 1")
              when x
                sql "create table c ()"
              when y
                sql "create table d ()"
              when else
                sql "create table e ()"
              block
                sql "create table f ()"
              handler ["others"]
                sql "create table g ()"
              when value
                sql "create table h ()"
              when else
              when n = 1
              when else
                Abort None
              r := None
              Abort None
              Return None
        "#]],
    );
}

/// Whatever stands in a body, reading it ends.
#[test]
fn bodies_without_an_end() {
    for body in [
        "begin if x then case when",
        "end; end; create table a ()",
        "declare",
        "for",
        "begin exception when",
        "foreach x",
    ] {
        nodes(body);
    }
    let deep = format!("begin {} create table a ();", "if x then ".repeat(5000));
    assert!(!nodes(&deep).is_empty());
}

#[test]
fn constant_strings() {
    assert_eq!(leading_string("'a''b'"), Some(("a'b".into(), true)));
    assert_eq!(leading_string("$x$a$x$ using 1"), Some(("a".into(), false)));
    assert_eq!(leading_string("format('create %I', x)"), Some(("create %I".into(), false)));
    assert_eq!(leading_string("pg_catalog.format('a %I', x)"), Some(("a %I".into(), false)));
    assert_eq!(leading_string("x || 'a'"), None);
}
