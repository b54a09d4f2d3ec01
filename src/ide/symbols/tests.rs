use super::*;
use crate::base::text::slice;
use crate::project::Workspace;
use crate::testing::{Fixture, sample};
use expect_test::{Expect, expect};

fn draw(text: &str, symbols: &[Symbol], depth: usize, acc: &mut String) {
    for it in symbols {
        let focus = slice(text, it.focus);
        let own = if focus == it.name { String::new() } else { format!(" [{focus}]") };
        let n_lines = slice(text, it.range).matches('\n').count();
        acc.push_str(&format!(
            "{}{:?} {}{own} — {} ({n_lines})\n",
            "  ".repeat(depth),
            it.kind,
            it.name,
            it.detail
        ));
        draw(text, &it.children, depth + 1, acc);
    }
}

#[track_caller]
fn check(fixture: &str, expected: Expect) {
    let fixture = Fixture::new(fixture);
    let file = fixture.pos().file;
    let text = fixture.snap.text(file).expect("readable");
    let mut res = String::new();
    draw(&text, &document(&fixture.snap, file).expect("nobody cancels"), 0, &mut res);
    expected.assert_eq(&res);
}

#[test]
fn a_sql_file() {
    check(
        r#"
//- /schema.sql
create schema app;
create type mood as enum ('sad', 'happy');
create table app.users (
  id int primary key,
  email varchar(20) not null,
  constraint email_unique unique (email)
);
create unique index users_email on app.users (lower(email));
create index on app.users (id);
create view v as with x as (select 1) select * from x;
create function greet(name text, n int) returns text language sql as $$ select name $$;
create trigger t before insert on app.users for each row execute function f();
create policy p on app.users using (true);
create domain age as int check (value > 0);
with a as (select 1), b as (with c as (select 2) select * from c)
  insert into app.users select 1, 'x'   from a;<|>
alter table app.users add column x int;
grant select on app.users to public;
"#,
        expect![[r#"
            Schema app — schema (0)
            Enum mood — enum (0)
              EnumLabel sad —  (0)
              EnumLabel happy —  (0)
            Table app.users — table (4)
              Column id — int primary key (0)
              Column email — varchar(20) not null (0)
              Constraint email_unique — constraint (0)
            Index users_email — unique index on users (0)
            Index index on users [app.users] — index (0)
            View v — view (0)
              Cte x — with (0)
            Function greet — function (text, int) → text (0)
            Trigger t — trigger on users (0)
            Policy p — policy on users (0)
            Type age — domain over int (0)
            Statement with a as (select 1), b as (with c as (select 2) select * fr… [with] — insert (1)
              Cte a — with (0)
              Cte b — with (0)
                Cte c — with (0)
            Statement alter table app.users add column x int [alter] —  (0)
            Statement grant select on app.users to public [grant] —  (0)
        "#]],
    );
}

#[test]
fn a_drizzle_schema_and_fragments() {
    check(
        r#"
//- /drizzle.config.ts
export default { schema: './schema.ts', dialect: 'postgresql', out: './drizzle' };
//- /schema.ts
import { sql } from 'drizzle-orm';
import { pgTable, pgEnum, integer, text, index, timestamp } from 'drizzle-orm/pg-core';
export const mood = pgEnum('mood', ['sad', 'happy']);
const stamps = { createdAt: timestamp('created_at').notNull() };
export const users = pgTable('users', {
  id: integer().primaryKey(),
  email: text('e_mail').notNull().default(sql`'x'`),
  mood: mood(),
  ...stamps,
}, (t) => [
  index('users_mail').on(t.email),
]);<|>
export const active = (db) => db.execute(sql`
  select *
  from ${users}
  where ${sql`id = 1`}
`);
"#,
        expect![[r#"
            Enum mood — enum (0)
              EnumLabel sad —  (0)
              EnumLabel happy —  (0)
            Table users — table (7)
              Column id — integer not null (0)
              Column e_mail [email] — text not null (0)
              Column mood — mood (0)
              Index users_mail [index('users_mail')] —  (0)
            Statement select * from ${users} where ${sql`id = 1`} [select] — select (4)
        "#]],
    );
}

#[test]
fn broken_text_has_an_outline_too() {
    check(
        "//- /q.sql\ncreate table t (a int, b\n;\nselect from where;<|>\nfoo bar\n",
        expect![[r#"
        Table t — table (0)
          Column a — int (0)
          Column b —  (0)
        Statement select from where [select] — select (0)
        Statement foo bar [foo] —  (0)
    "#]],
    );
}

#[test]
fn the_workspace_is_searched() {
    let mut world = sample::blog();
    let snap = world.snapshot();
    let found = |query: &str| {
        let found = workspace(&snap, query, 5).expect("nobody cancels");
        let shown = |it: &WorkspaceSymbol| {
            let container = it.container.as_ref().map_or(String::new(), |it| format!("{it}."));
            let text = snap.text(it.at.file).expect("readable");
            format!("{:?} {container}{} {}", it.kind, it.name, slice(&text, it.at.value))
        };
        found.iter().map(shown).collect::<Vec<_>>().join("\n")
    };
    expect![[r#"
        Table posts posts
        Constraint posts.posts_pkey id
        View post_stats postStats
        Enum post_status postStatus
        Index posts.posts_slug_key uniqueIndex('posts_slug_key')"#]]
    .assert_eq(&found("posts"));
    expect![[r#"
        Column posts.title title
        Column published_posts.title title
        Constraint posts.posts_reading_minutes_positive check('posts_reading_minutes_positive', sql`${table.readingMinutes} > 0`)
        Index posts.posts_author_id_created_at_idx index('posts_author_id_created_at_idx')
        Constraint posts.posts_published_has_date check(
              'posts_published_has_date',
              sql`${table.status} <> 'published' or ${table.publishedAt} is not null`,
            )"#]].assert_eq(&found("post.tit"));
    expect![[r#"
        EnumLabel post_status.published 'published'
        Column posts.published_at publishedAt
        Column published_posts.published_at publishedAt
        View published_posts publishedPosts
        Index posts.posts_published_at_idx index('posts_published_at_idx')"#]]
    .assert_eq(&found("publ"));
    assert_eq!(found("nothingofthatname"), "");
    assert_eq!(workspace(&snap, "", 7).expect("nobody cancels").len(), 7);
}

#[test]
fn parents_hold_their_children_everywhere() {
    fn hold(symbols: &[Symbol], text: &str, within: TextRange) {
        for it in symbols {
            assert!(within.contains_range(it.range) && it.range.contains_range(it.focus), "{it:?}");
            assert!(text.get(usize::from(it.range.start())..usize::from(it.range.end())).is_some());
            assert!(!it.name.is_empty(), "{it:?}");
            hold(&it.children, text, it.range);
        }
    }
    let mut world = sample::blog();
    let snap = world.snapshot();
    let mut n = 0;
    for (file, text) in sample::files(&snap) {
        let found = document(&snap, file).expect("nobody cancels");
        n += found.len();
        hold(&found, &text, crate::base::text::range(0, text.len()));
    }
    assert!(n > 60, "{n}");
}

#[test]
fn queries_with_names_in_one_file() {
    check(
        r#"
//- /db/migrations/0001_a.sql
create table t (id int);
//- /t.sql
-- BLOCK select_one
select id from t where id = $id;<|>

-- BLOCK refresh
with x as (select 1) delete from t;
insert into t values (1)
"#,
        expect![[r#"
            Statement select_one —  (1)
              Statement select id from t where id = $id [select] — select (0)
            Statement refresh —  (2)
              Statement with x as (select 1) delete from t [with] — delete (0)
                Cte x — with (0)
              Statement insert into t values (1) [insert] — insert (0)
        "#]],
    );
}
