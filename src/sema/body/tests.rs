//! Bodies against a small schema: each problem with the text that it blames.

use super::*;
use crate::base::file::FileId;
use crate::base::text::slice;
use crate::catalog::fold;
use crate::facts::Loc;

const SCHEMA: &str = "
create table users (id integer primary key, name text not null, email text);
create table posts (id integer primary key, user_id integer not null references users (id), title text not null);
create table log (id integer generated always as identity, at timestamptz default now(), what text);
";

/// `severity sqlstate: blamed text: message` of each problem in the bodies of a script.
fn problems(script: &str) -> Vec<String> {
    let mut catalog = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    let mut res = Vec::new();
    for (source, wanted) in [(SCHEMA, false), (script, true)] {
        for (range, parsed) in crate::sql::parse(source, Dialect::Postgres).statements {
            let text = slice(source, range);
            let before = catalog.clone();
            fold::apply(&mut catalog, FileId(0), Loc(0), &parsed, text);
            if !wanted {
                continue;
            }
            assert_eq!(parsed.error, None, "{text}");
            let ctx = Context { catalog: &before, params: &[], variables: &[] };
            for it in crate::sema::analyze(ctx, &parsed.hir, text).problems {
                res.push(format!("{}: {}", slice(text, it.range), it.message));
            }
            let Some(body) = read(&catalog, &parsed.hir, text) else { continue };
            for piece in &body.pieces {
                if let Some(error) = &piece.parsed.error {
                    res.push(format!("syntax: {}", error.message));
                }
                for it in &piece.analysis.problems {
                    let severity = if it.code.severity == Severity::Error { "" } else { "warning: " };
                    res.push(format!("{severity}{}: {}", slice(&piece.text, it.range), it.message));
                }
            }
        }
    }
    res
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn parameters_have_names_and_numbers() {
    let function = |body: &str| {
        problems(&format!("create function f(uid integer, p posts) returns text language sql as $${body}$$"))
    };
    for good in [
        "select name from users where id = uid",
        "select name from users where id = $1",
        "select name from users where id = f.uid",
        "select p.title",
        "select f.p.title",
        "select $2.title",
        "select 'x'",
        "select u.name from users u where u.id = (p).id",
    ] {
        assert_eq!(function(good), none(), "{good}");
    }
    assert_eq!(function("select name from users where id = $3"), ["$3: there is no parameter $3"]);
    assert_eq!(function("select name from users where id = uuid"), ["uuid: column \"uuid\" does not exist"]);
    assert_eq!(function("select uid"), none(), "an integer becomes text");
    assert_eq!(
        function("select now() > now(), 1"),
        ["select now() > now(), 1: return type mismatch in function declared to return text"]
    );
}

#[test]
fn escapes_lead_back_to_the_file() {
    let text = "create function f() returns text language sql as 'select ''a'' || nope from users'";
    let parsed = crate::sql::parse_statement(text, Dialect::Postgres);
    let mut catalog = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    fold::apply(&mut catalog, FileId(0), Loc(0), &parsed, text);
    let body = read(&catalog, &parsed.hir, text).expect("a body");
    let [a, b] = body.map.escapes.as_slice() else { panic!("{:?}", body.map) };
    assert_eq!((&text[a.host_start as usize..a.host_end as usize], b.end - b.start), ("''", 1));
}

#[test]
fn bodies_in_the_statement_itself() {
    let check =
        |body: &str| problems(&format!("create function f(uid integer) returns text language sql {body}"));
    assert_eq!(check("return (select name from users where id = uid)"), none());
    assert_eq!(check("return nope"), ["nope: column \"nope\" does not exist"]);
    assert_eq!(check("begin atomic select 1; select name from users where id = f.uid; end"), none());
    assert_eq!(
        check("begin atomic select titel from posts; select name from users; end"),
        ["titel: column \"titel\" does not exist"]
    );
    assert_eq!(
        check("begin atomic select 1 where true; delete from users; end"),
        [
            "begin atomic select 1 where true; delete from users; end: return type mismatch in function declared to return text"
        ]
    );
}

#[test]
fn variables_of_plpgsql() {
    let block = |body: &str| {
        problems(&format!("create function f(uid integer) returns void language plpgsql as $${body}$$"))
    };
    let good = "declare n integer; r record; u users%rowtype; s users.name%type := 'x'; begin
        select count(*) into strict n from users where id = uid and name = s;
        for r in select id, title from posts loop insert into log (what) values (r.title || n); end loop;
        u.name := upper(u.name) || f.uid; perform 1 from users where users.id = u.id;
        for i in 1..n loop update posts set title = i::text where id = i; end loop;
        begin perform nope(); exception when others then raise notice '%', sqlerrm; end;
        create temp table t (a int); insert into t values (1); end";
    assert_eq!(block(good), none());
    assert_eq!(
        block("begin select titel into uid from posts; end"),
        ["warning: titel: column \"titel\" does not exist"]
    );
    assert_eq!(
        block("declare name text; begin perform 1 from users where name = 'x'; end"),
        ["warning: name: column reference \"name\" is ambiguous"]
    );
    assert_eq!(
        block(
            "#variable_conflict use_column\ndeclare name text; begin perform 1 from users where name = 'x'; end"
        ),
        none()
    );
    assert_eq!(
        block("begin uid := length(uid); end"),
        ["warning: length: function length(integer) does not exist"]
    );
    assert_eq!(
        block("begin if exists (select from pg_class) then insert into nope values (1); end if; end"),
        none()
    );
    assert_eq!(block("begin execute 'create table ' || uid; insert into nope values (1); end"), none());
    assert_eq!(
        block("begin insert into nope values (1); end"),
        ["warning: nope: relation \"nope\" does not exist"]
    );
}

#[test]
fn blocks_run_at_once() {
    assert_eq!(
        problems("do $$ begin update users set nam = 'x'; end $$"),
        ["nam: column \"nam\" of relation \"users\" does not exist"]
    );
    assert_eq!(
        problems("do $$ begin if now() is null then update users set nam = 'x'; end if; end $$"),
        ["warning: nam: column \"nam\" of relation \"users\" does not exist"]
    );
}

#[test]
fn rows_of_triggers_are_anything() {
    let trigger = |body: &str| {
        problems(&format!("create function f() returns trigger language plpgsql as $$begin {body} end$$"))
    };
    assert_eq!(
        trigger(
            "new.updated := now(); if tg_op = 'UPDATE' and old.x <> new.x then insert into log (what) values (new.y); end if; return new;"
        ),
        none()
    );
    assert_eq!(
        trigger("insert into log (wat) values (tg_op);"),
        ["warning: wat: column \"wat\" of relation \"log\" does not exist"]
    );
}

/// A script's last function, as it is read behind all of the script: triggers are made behind their functions.
fn behind(script: &str) -> Vec<String> {
    let mut catalog = Catalog { search_path: vec![Ident::new("public")], ..Catalog::default() };
    let mut functions = Vec::new();
    for source in [SCHEMA, script] {
        for (range, parsed) in crate::sql::parse(source, Dialect::Postgres).statements {
            let text = slice(source, range);
            fold::apply(&mut catalog, FileId(0), Loc(0), &parsed, text);
            functions.push((parsed, text));
        }
    }
    let bodies = functions.iter().filter_map(|(parsed, text)| read(&catalog, &parsed.hir, text));
    let pieces = bodies.flat_map(|it| it.pieces);
    let told = |piece: Piece| {
        let problems = piece.analysis.problems.clone();
        problems.into_iter().map(move |it| format!("{}: {}", slice(&piece.text, it.range), it.message))
    };
    pieces.flat_map(told).collect()
}

#[test]
fn records_have_the_fields_of_the_rows_that_they_are_given() {
    let body = |declared: &str, body: &str| {
        problems(&format!(
            "create function f() returns void language plpgsql as $$ declare {declared} begin {body} end $$"
        ))
    };
    let missing = |field: &str| vec![format!("warning: r.{field}: record \"r\" has no field \"{field}\"")];
    let select = "select id, name as title from users into r;";
    assert_eq!(body("r record;", &format!("{select} perform r.id, r.title;")), none());
    assert_eq!(body("r record;", &format!("{select} perform r.name;")), missing("name"));
    assert_eq!(body("r record;", &format!("{select} r.nope := 1;")), missing("nope"));
    assert_eq!(
        body("r record;", "for r in select what from log loop perform r.what, r.at; end loop;"),
        missing("at")
    );
    // Of two rows it may be either; of what nobody reads, any.
    let both = format!("{select} select what from log into r; perform r.id, r.what;");
    assert_eq!(body("r record;", &both), none());
    for open in ["r := row(1);", "fetch c into r;", "execute 'select 1' into r;", "call p(r);"] {
        let given = body("c refcursor; r record;", &format!("{select} {open} perform r.nope;"));
        assert!(!given.iter().any(|it| it.contains("no field")), "{open}: {given:?}");
    }
    // Another variable of the name.
    assert_eq!(body("r record;", &format!("{select} declare r users; begin perform r.name; end;")), none());
}

#[test]
fn rows_of_triggers_are_those_of_their_tables() {
    let make = |body: &str| {
        format!("create function f() returns trigger language plpgsql as $$ begin {body} return new; end $$;")
    };
    let on = |table: &str| {
        format!("create trigger t_{table} before insert on {table} for each row execute function f();")
    };
    let wrong = make("new.updated_at := now(); perform old.name, new.ctid;");
    assert_eq!(behind(&wrong), none());
    let told = behind(&(wrong.clone() + &on("users")));
    assert_eq!(told, ["new.updated_at: record \"new\" has no field \"updated_at\""]);
    assert_eq!(
        behind(&(wrong.clone() + &on("users") + "alter table users add updated_at timestamptz;")),
        none()
    );
    // One of two tables has it.
    let either = make("if tg_table_name = 'posts' then perform new.title; else perform new.email; end if;");
    assert_eq!(behind(&(either + &on("users") + &on("posts"))), none());
}

#[test]
fn constants_are_read_as_the_types_of_their_variables() {
    let body = |declared: &str, body: &str| {
        problems(&format!(
            "create function f() returns void language plpgsql as $$ declare {declared} begin {body} end $$"
        ))
    };
    assert_eq!(
        body(
            "n int := '12'; d date := '2024-02-29'; t varchar(2) := 'abc'; r record;",
            "n := '1'; r := 'x';"
        ),
        none()
    );
    assert_eq!(body("n int;", "n := 'x';"), ["warning: 'x': invalid input syntax for type integer: \"x\""]);
    assert_eq!(
        body("d date := '2024-02-30';", "null;"),
        ["warning: '2024-02-30': date/time field value out of range: \"2024-02-30\""]
    );
}

#[test]
fn calls_take_arguments_for_out_parameters() {
    let call = |call: &str| {
        problems(&format!(
            "create procedure p(a int, out b int) language plpgsql as $$ begin b := a; end $$;
             create procedure q(inout a int default 1) language plpgsql as $$ begin a := 1; end $$; {call};"
        ))
    };
    for good in ["call p(1, null)", "call p(a => 1, b => null)", "call q()", "call q(2)"] {
        assert_eq!(call(good), none(), "{good}");
    }
    assert_eq!(call("call p(1)"), ["p: procedure p(integer) does not exist"]);
    assert_eq!(call("call p('x', null)"), ["'x': invalid input syntax for type integer: \"x\""]);
}

#[test]
fn every_prefix_is_read() {
    let text = "create function f(a int) returns int language plpgsql as $$ <<l>> declare b c%type := 1; d cursor (e int) for select 1; begin
        for r in select 1 loop if a then return query select 1; elsif x then raise exception 'a' using hint = b; else null; end if; end loop;
        case a when 1 then perform 1; end case; exception when others then get diagnostics a = row_count; end $$";
    let catalog = Catalog::default();
    for end in 0..text.len() {
        let parsed = crate::sql::parse_statement(&text[..end], Dialect::Postgres);
        let _ = read(&catalog, &parsed.hir, &text[..end]);
        for at in (0..end).step_by(7) {
            let _ = super::at(&catalog, &parsed.hir, &text[..end], TextSize::new(at as u32));
        }
    }
}
