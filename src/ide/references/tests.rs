use expect_test::{Expect, expect};

use super::*;
use crate::testing::Fixture;

const FILES: &str = r#"
//- /drizzle.config.ts
import { defineConfig } from 'drizzle-kit';
export default defineConfig({ dialect: 'postgresql', schema: './schema.ts', out: './drizzle' });
//- /schema.ts
import { pgTable, pgEnum, text, integer, index } from 'drizzle-orm/pg-core';
export const mood = pgEnum('mood', ['sad', 'ok']);
export const users = pgTable('users', {
  id: integer('id').primaryKey(),
  email: text('email').notNull(),
  feeling: mood('feeling').default('ok'),
}, (t) => [index('users_email_idx').on(t.email)]);
export const posts = pgTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id').notNull().references(() => users.id),
});
//- /drizzle/meta/_journal.json
{ "version": "7", "dialect": "postgresql", "entries": [{ "idx": 0, "version": "7", "when": 1, "tag": "0000_init", "breakpoints": true }] }
//- /drizzle/0000_init.sql
CREATE TYPE "public"."mood" AS ENUM('sad', 'ok');
CREATE TABLE "users" ("id" integer PRIMARY KEY NOT NULL, "mail" text NOT NULL, "feeling" "mood" DEFAULT 'ok');
CREATE TABLE "posts" ("id" integer PRIMARY KEY NOT NULL, "author_id" integer NOT NULL REFERENCES "users"("id"));
ALTER TABLE "users" RENAME COLUMN "mail" TO "email";
CREATE INDEX "users_email_idx" ON "users" ("email");
//- /app.ts
import { sql, eq } from 'drizzle-orm';
import { users, posts } from './schema';
export const a = sql`select u.email, ${posts.id} from ${users} u join ${posts} on ${posts.authorId} = u.id where ${users.email} = 'x' and u.feeling = 'ok'`;
export const b = (db: any) => db.update(users).set({ email: 'y' }).where(eq(users.email, 'x'));
//- /query.sql
insert into users (id, email) values (1, 'a') on conflict (id) do update set email = excluded.email returning EMAIL;
select posts.id from posts where author_id in (select id from users);
"#;

#[track_caller]
fn check(from: &str, to: &str, expected: Expect) {
    assert!(FILES.contains(from), "{from}");
    let fixture = Fixture::new(&FILES.replacen(from, to, 1));
    let found = references(&fixture.snap, fixture.pos()).expect("nobody cancels");
    let mut out = String::new();
    for it in found.unwrap_or_default() {
        let declaration = if it.declaration { " declared" } else { "" };
        let write = if it.write { " written" } else { "" };
        out.push_str(&format!("{}{declaration}{write}\n", fixture.show(it.at)));
    }
    expected.assert_eq(&out);
}

fn column() -> Expect {
    expect![[r#"
        app.ts:3:31 email
        app.ts:3:122 email
        app.ts:4:54 email written
        app.ts:4:83 email
        drizzle/0000_init.sql:2:58 "mail" declared
        drizzle/0000_init.sql:4:35 "mail"
        drizzle/0000_init.sql:4:45 "email" declared
        drizzle/0000_init.sql:5:44 "email"
        query.sql:1:24 email written
        query.sql:1:78 email written
        query.sql:1:95 email
        query.sql:1:111 EMAIL
        schema.ts:5:3 email declared
        schema.ts:7:42 email
    "#]]
}

#[test]
fn a_column_from_every_side() {
    check("u.email, $", "u.em<|>ail, $", column());
    check("  email: text('email')", "  em<|>ail: text('email')", column());
    check("text('email')", "text('em<|>ail')", column());
    check("eq(users.email", "eq(users.em<|>ail", column());
    check("${users.email}", "${users.em<|>ail}", column());
    check("\"mail\" text", "\"ma<|>il\" text", column());
    check("(id, email)", "(id, em<|>ail)", column());
}

#[test]
fn a_table() {
    check(
        "pgTable('posts'",
        "pgTable('po<|>sts'",
        expect![[r#"
            app.ts:2:17 posts
            app.ts:3:40 posts
            app.ts:3:73 posts
            app.ts:3:85 posts
            drizzle/0000_init.sql:3:14 "posts" declared
            query.sql:2:8 posts
            query.sql:2:22 posts
            schema.ts:8:14 posts declared
        "#]],
    );
}

#[test]
fn an_enum_label() {
    let expected = || {
        expect![[r#"
        app.ts:3:151 'ok'
        drizzle/0000_init.sql:1:45 ok declared
        drizzle/0000_init.sql:2:105 'ok'
        schema.ts:2:44 'ok' declared
        schema.ts:6:36 'ok'
    "#]]
    };
    check("u.feeling = 'ok'", "u.feeling = 'o<|>k'", expected());
    check("'sad', 'ok'])", "'sad', 'o<|>k'])", expected());
    check("default('ok')", "default('o<|>k')", expected());
}

#[test]
fn an_index() {
    check(
        "INDEX \"users_email_idx\"",
        "INDEX \"users_ema<|>il_idx\"",
        expect![[r#"
            drizzle/0000_init.sql:5:14 "users_email_idx" declared
            schema.ts:7:12 index('users_email_idx') declared
        "#]],
    );
}

#[test]
fn an_alias_in_a_template() {
    check(
        "} u join",
        "} u<|> join",
        expect![[r#"
            app.ts:3:29 u
            app.ts:3:64 u declared
            app.ts:3:103 u
            app.ts:3:139 u
        "#]],
    );
}

#[test]
fn nothing_where_nothing_stands() {
    check("insert into", "ins<|>ert into", expect![""]);
}
