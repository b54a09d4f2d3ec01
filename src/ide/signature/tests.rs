use super::*;
use crate::testing::{Fixture, sample};
use expect_test::{Expect, expect};

const SCHEMA: &str = "
//- /schema.sql
create table users (id int primary key, email text not null, created_at timestamptz not null default now());
create function greet(name text, times int default 1) returns text language sql as $$ select name $$;
create function total(variadic xs numeric[]) returns numeric language sql as $$ select 1 $$;
";

fn draw(help: &SignatureHelp) -> String {
    let mut res = String::new();
    for (idx, it) in help.signatures.iter().enumerate() {
        let mut label = it.label.clone();
        if let Some(at) = it.active_param.and_then(|idx| it.params.get(idx)) {
            label.insert(at.end().into(), '>');
            label.insert(at.start().into(), '<');
        }
        res.push_str(&format!("{}{label}\n", if idx == help.active { "* " } else { "  " }));
    }
    res
}

fn found(text: &str) -> String {
    let fixture = Fixture::new(&format!("{SCHEMA}{text}"));
    let found = signature_help(&fixture.snap, fixture.pos()).expect("nobody cancels");
    found.map_or_else(|| "nothing\n".to_owned(), |it| draw(&it))
}

#[track_caller]
fn sql(text: &str, expected: Expect) {
    expected.assert_eq(&found(&format!("//- /q.sql\n{text}")));
}

#[track_caller]
fn template(text: &str, expected: Expect) {
    expected.assert_eq(&found(&format!("//- /app.ts\nimport {{ sql }} from 'drizzle-orm';\n{text}\n")));
}

#[test]
fn the_overload_that_fits() {
    sql(
        "select substr('a'::text, 1, <|>)",
        expect![[r#"
        * substr(text, integer, <integer>) → text
          substr(text, integer) → text
          substr(bytea, integer, <integer>) → bytea
          substr(bytea, integer) → bytea
    "#]],
    );
    sql(
        "select date_trunc('month', <|>",
        expect![[r#"
        * date_trunc(text, <timestamp with time zone>) → timestamp with time zone
          date_trunc(text, <interval>) → interval
          date_trunc(text, <timestamp with time zone>, text) → timestamp with time zone
          date_trunc(text, <timestamp without time zone>) → timestamp without time zone
    "#]],
    );
    sql(
        "select date_trunc('month', created_at<|>) from users;",
        expect![[r#"
        * date_trunc(text, <timestamp with time zone>) → timestamp with time zone
          date_trunc(text, <interval>) → interval
          date_trunc(text, <timestamp with time zone>, text) → timestamp with time zone
          date_trunc(text, <timestamp without time zone>) → timestamp without time zone
    "#]],
    );
    sql(
        "select abs(-1.5<|>)",
        expect![[r#"
          abs(<real>) → real
          abs(<double precision>) → double precision
          abs(<bigint>) → bigint
          abs(<integer>) → integer
          abs(<smallint>) → smallint
        * abs(<numeric>) → numeric
    "#]],
    );
}

#[test]
fn functions_of_the_database() {
    sql(
        "select greet(email, <|>) from users;",
        expect![[r#"
        * greet(name text, <[times integer]>) → text
    "#]],
    );
    sql(
        "select greet(times => <|>",
        expect![[r#"
        * greet(name text, <[times integer]>) → text
    "#]],
    );
    sql(
        "select total(1, 2, <|>)",
        expect![[r#"
        * total(<variadic xs numeric[]>) → numeric
    "#]],
    );
    sql(
        "select total(<|>); select 1",
        expect![[r#"
        * total(<variadic xs numeric[]>) → numeric
    "#]],
    );
}

#[test]
fn aggregates_and_their_orders() {
    sql(
        "select string_agg(email, <|>) from users",
        expect![[r#"
        * string_agg(value text, <delimiter text>) → text
          string_agg(value bytea, <delimiter bytea>) → bytea
    "#]],
    );
    sql(
        "select percentile_cont(<|>) within group (order by id) from users",
        expect![[r#"
        * percentile_cont(<double precision>) within group (order by double precision) → double precision
          percentile_cont(<double precision>) within group (order by interval) → interval
          percentile_cont(<double precision[]>) within group (order by double precision) → double precision[]
          percentile_cont(<double precision[]>) within group (order by interval) → interval[]
    "#]],
    );
    sql(
        "select count(<|>) from users",
        expect![[r#"
          count(<"any">) → bigint
        * count(*) → bigint
    "#]],
    );
    sql(
        "select make_interval(days => <|>)",
        expect![[r#"
        * make_interval([years integer], [months integer], [weeks integer], <[days integer]>, [hours integer], [mins integer], [secs double precision]) → interval
    "#]],
    );
}

#[test]
fn forms_of_the_grammar() {
    sql(
        "select extract(<|>)",
        expect![[r#"
        * extract(<field> from source timestamp | interval | date | time) → numeric
    "#]],
    );
    sql(
        "select extract(year from <|>)",
        expect![[r#"
        * extract(field from <source timestamp | interval | date | time>) → numeric
    "#]],
    );
    sql(
        "select coalesce(a, b, <|>)",
        expect![[r#"
        * coalesce(value, <value …>) → the common type
    "#]],
    );
    sql(
        "select cast(a as <|>)",
        expect![[r#"
        * cast(expression as <type>) → type
    "#]],
    );
    sql(
        "select nullif(a, b, <|>)",
        expect![[r#"
        * nullif(value1, value2) → the type of value1
    "#]],
    );
    sql(
        "select substring('abc' from 1 for <|>)",
        expect![[r#"
        * substring(string text from start integer for <count integer>) → text
    "#]],
    );
    sql(
        "select trim(both 'x' from <|>)",
        expect![[r#"
        * trim([both | leading | trailing] characters text from <string text>) → text
    "#]],
    );
}

#[test]
fn rows_of_an_insert() {
    sql(
        "insert into users values (<|>",
        expect![[r#"
        * users(<id integer not null>, email text not null, created_at timestamp with time zone not null = default)
    "#]],
    );
    sql(
        "insert into users (email, id) values ('a', 1), ('b', <|>)",
        expect![[r#"
        * users(email text not null, <id integer not null>)
    "#]],
    );
    sql(
        "insert into public.users as u (id) values (<|>)",
        expect![[r#"
        * users(<id integer not null>)
    "#]],
    );
    sql(
        "insert into users (id, email) values (1, lower(<|>",
        expect![[r#"
        * lower(<text>) → text
          lower(<anyrange>) → anyelement
          lower(<anymultirange>) → anyelement
    "#]],
    );
    sql("insert into unknown (id, email) values (<|>)", expect!["nothing\n"]);
}

#[test]
fn what_is_no_call() {
    for text in [
        "select (<|>)",
        "select * from users where id in (<|>",
        "select id::varchar(<|>)",
        "select id::numeric(10, <|>)",
        "create table lower (<|>",
        "insert into users (<|>)",
        "select lower((select <|>",
        "select lower('a') <|>",
        "select unknown_function(<|>)",
        "select lower( -- <|>",
        "<|>",
    ] {
        assert_eq!(found(&format!("//- /q.sql\n{text}")), "nothing\n", "{text}");
    }
}

#[test]
fn in_templates() {
    template(
        "db.execute(sql`select lower(<|>) from users`);",
        expect![[r#"
        * lower(<text>) → text
          lower(<anyrange>) → anyelement
          lower(<anymultirange>) → anyelement
    "#]],
    );
    template(
        "db.execute(sql`select greet(${x}, <|>`);",
        expect![[r#"
        * greet(name text, <[times integer]>) → text
    "#]],
    );
    template(
        "db.execute(sql`insert into users (email, id) values (${email}, <|>)`);",
        expect![[r#"
        * users(email text not null, <id integer not null>)
    "#]],
    );
    template("db.execute(sql`select ${lower(<|>)}`);", expect!["nothing\n"]);
    template(
        "db.execute(sql`select ${cond ? sql`greet(email, <|>)` : 1} from users`);",
        expect![[r#"
        * greet(name text, <[times integer]>) → text
    "#]],
    );
}

#[test]
fn tables_in_holes() {
    let text = "
//- /drizzle.config.ts
export default { schema: './schema.ts', dialect: 'postgresql', out: './drizzle' };
//- /schema.ts
import { pgTable, integer, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer().primaryKey(), email: text().notNull() });
//- /app.ts
import { sql } from 'drizzle-orm';
import { users } from './schema';
db.execute(sql`insert into ${users} (email, id) values (${x}, <|>MORE`);
";
    let shown = |more: &str| {
        let fixture = Fixture::new(&text.replace("MORE", more));
        let found = signature_help(&fixture.snap, fixture.pos()).expect("nobody cancels");
        found.map_or_else(|| "nothing\n".to_owned(), |it| draw(&it))
    };
    expect![[r#"
        * users(email text not null, <id integer not null>)
    "#]]
    .assert_eq(&shown(")"));
    // Half-typed, with a hole that may be anything.
    expect![[r#"
        * users(email text not null, <id integer not null>)
    "#]]
    .assert_eq(&shown(" ${rest}"));
}

#[test]
fn at_every_place_of_the_sample() {
    let mut world = sample::blog();
    let snap = world.snapshot();
    let mut n = 0;
    for (file, text) in sample::files(&snap) {
        let sheets = sheet::sheets(&snap, file).expect("nobody cancels");
        for at in (0..=text.len()).step_by(7).filter(|it| text.is_char_boundary(*it)) {
            let pos = crate::base::file::InFile::new(file, TextSize::from(at as u32));
            if !sheets.iter().any(|it| it.host.contains_inclusive(pos.value)) {
                continue;
            }
            let Some(found) = signature_help(&snap, pos).expect("nobody cancels") else { continue };
            n += 1;
            assert!(found.active < found.signatures.len());
            for it in &found.signatures {
                assert!(it.active_param.is_none_or(|idx| idx < it.params.len()));
                assert!(it.params.iter().all(|at| !slice(&it.label, *at).is_empty()), "{it:?}");
            }
        }
    }
    assert!(n > 150, "{n}");
}
