use expect_test::{Expect, expect};

use super::*;
use crate::testing::Fixture;

const SCHEMA: &str = r#"
//- /drizzle.config.ts
import { defineConfig } from 'drizzle-kit';
export default defineConfig({ dialect: 'postgresql', schema: './schema.ts', out: './drizzle' });
//- /schema.ts
import { pgTable, pgEnum, text, integer } from 'drizzle-orm/pg-core';
export const mood = pgEnum('mood', ['sad', 'ok']);
export const users = pgTable('users', {
  id: integer('id').primaryKey(),
  email: text('email').notNull(),
  feeling: mood('feeling').default('ok'),
});
export const posts = pgTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id').notNull().references(() => users.id),
});
//- /drizzle/meta/_journal.json
{ "version": "7", "dialect": "postgresql", "entries": [{ "idx": 0, "version": "7", "when": 1, "tag": "0000_init", "breakpoints": true }] }
"#;

const MIGRATION: &str = r#"
//- /drizzle/0000_init.sql
CREATE TYPE "public"."mood" AS ENUM('sad', 'ok');
CREATE TABLE "users" (
	"id" integer PRIMARY KEY NOT NULL,
	"mail" text NOT NULL,
	"feeling" "mood" DEFAULT 'ok'
);
CREATE TABLE "posts" ("id" integer PRIMARY KEY NOT NULL, "author_id" integer NOT NULL);
ALTER TABLE "users" RENAME COLUMN "mail" TO "email";
ALTER TABLE "posts" ADD CONSTRAINT "posts_author_fk" FOREIGN KEY ("author_id") REFERENCES "users"("id");
"#;

#[track_caller]
fn check(goal: Goal, files: &str, expected: Expect) {
    check_text(goal, &format!("{SCHEMA}{MIGRATION}{files}"), expected);
}

#[track_caller]
fn check_text(goal: Goal, text: &str, expected: Expect) {
    let fixture = Fixture::new(text);
    let found = goto(&fixture.snap, fixture.pos(), goal).expect("nobody cancels");
    let mut out = String::new();
    if let Some(found) = found {
        for it in found.info {
            match it.place {
                NavPlace::File { full, focus } => {
                    assert!(full.contains_range(focus.value));
                    let whole = fixture.show(InFile::new(focus.file, full));
                    let whole =
                        whole.lines().next().unwrap_or("").split_once(' ').map_or("", |it| it.1).to_owned();
                    out.push_str(&format!("{} | {whole}\n", fixture.show(focus)));
                }
                NavPlace::Builtin { page, focus } => {
                    let text = crate::ide::builtin::text(&page);
                    out.push_str(&format!("{}: {}\n", page.name, slice(&text, focus)));
                }
            }
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn column_leads_to_the_property_then_to_the_migration() {
    check(
        Goal::Definition,
        "//- /app.sql\nselect u.em<|>ail from users u;",
        expect![[r#"
            schema.ts:5:3 email | email: text('email').notNull()
            drizzle/0000_init.sql:4:2 "mail" | "mail" text NOT NULL
            drizzle/0000_init.sql:8:45 "email" | ALTER TABLE "users" RENAME COLUMN "mail" TO "email"
        "#]],
    );
}

#[test]
fn declaration_is_the_first_only() {
    check(
        Goal::Declaration,
        "//- /app.sql\nselect u.id from us<|>ers u;",
        expect![[r#"
            schema.ts:3:14 users | export const users = pgTable('users', {
        "#]],
    );
}

#[test]
fn implementation_is_the_migrations() {
    check(
        Goal::Implementation,
        "//- /app.sql\nselect u.id from us<|>ers u;",
        expect![[r#"
            drizzle/0000_init.sql:2:14 "users" | CREATE TABLE "users" (
        "#]],
    );
}

#[test]
fn inside_templates() {
    check(
        Goal::Declaration,
        "//- /app.ts\nimport { sql } from 'drizzle-orm';\nimport { users } from './schema';\nexport const q = sql`select ${users.id}, u.ema<|>il from users u`;\n",
        expect![[r#"
            schema.ts:5:3 email | email: text('email').notNull()
        "#]],
    );
}

#[test]
fn holes_lead_to_the_property() {
    check(
        Goal::Declaration,
        "//- /app.ts\nimport { sql } from 'drizzle-orm';\nimport { users as u } from './schema';\nexport const q = sql`select ${u.em<|>ail} from ${u}`;\n",
        expect![[r#"
            schema.ts:5:3 email | email: text('email').notNull()
        "#]],
    );
}

#[test]
fn builder_mentions_lead_to_the_property() {
    check(
        Goal::Declaration,
        "//- /app.ts\nimport * as schema from './schema';\nexport const q = (db: any) => db.select().from(schema.users).where(eq(schema.users.feel<|>ing, 'ok'));\n",
        expect![[r#"
            schema.ts:6:3 feeling | feeling: mood('feeling').default('ok')
        "#]],
    );
}

#[test]
fn inserted_keys_lead_to_the_property() {
    check(
        Goal::Declaration,
        "//- /app.ts\nimport { users } from './schema';\nexport const q = (db: any) => db.insert(users).values({ id: 1, em<|>ail: 'x' });\n",
        expect![[r#"
            schema.ts:5:3 email | email: text('email').notNull()
        "#]],
    );
}

#[test]
fn references_in_a_schema_lead_to_the_property() {
    let text = SCHEMA.replace("=> users.id", "=> users.i<|>d");
    check_text(
        Goal::Definition,
        &format!("{text}{MIGRATION}"),
        expect![[r#"
            schema.ts:4:3 id | id: integer('id').primaryKey()
            drizzle/0000_init.sql:3:2 "id" | "id" integer PRIMARY KEY NOT NULL
        "#]],
    );
}

#[test]
fn property_and_its_name_lead_to_the_migration() {
    for schema in
        [SCHEMA.replace("authorId:", "author<|>Id:"), SCHEMA.replace("'author_id'", "'author<|>_id'")]
    {
        check_text(
            Goal::Implementation,
            &format!("{schema}{MIGRATION}"),
            expect![[r#"
                drizzle/0000_init.sql:7:58 "author_id" | "author_id" integer NOT NULL
            "#]],
        );
    }
}

#[test]
fn migration_leads_to_the_schema_under_the_name_of_its_day() {
    let text = format!("{SCHEMA}{}", MIGRATION.replace("\t\"mail\"", "\t\"ma<|>il\""));
    check_text(
        Goal::Declaration,
        &text,
        expect![[r#"
            schema.ts:5:3 email | email: text('email').notNull()
        "#]],
    );
}

#[test]
fn foreign_key_of_a_migration() {
    let text = format!("{SCHEMA}{}", MIGRATION.replace(r#""users"("id")"#, r#""users"("i<|>d")"#));
    check_text(
        Goal::Declaration,
        &text,
        expect![[r#"
            schema.ts:4:3 id | id: integer('id').primaryKey()
        "#]],
    );
}

#[test]
fn enum_labels_lead_to_the_label() {
    check(
        Goal::Definition,
        "//- /app.sql\nselect 1 from users where feeling = 'o<|>k';",
        expect![[r#"
            schema.ts:2:44 'ok' | 'ok'
            drizzle/0000_init.sql:1:45 ok | CREATE TYPE "public"."mood" AS ENUM('sad', 'ok')
        "#]],
    );
}

#[test]
fn type_of_a_column_is_its_enum() {
    check(
        Goal::TypeDefinition,
        "//- /app.sql\nselect feel<|>ing from users;",
        expect![[r#"
            schema.ts:2:14 mood | export const mood = pgEnum('mood', ['sad', 'ok'])
            drizzle/0000_init.sql:1:22 "mood" | CREATE TYPE "public"."mood" AS ENUM('sad', 'ok')
        "#]],
    );
}

#[test]
fn aliases_and_their_tables() {
    let text = "//- /app.sql\nselect u<|>.id from users as u;";
    check(
        Goal::Definition,
        text,
        expect![[r#"
        app.sql:1:27 u | users as u
    "#]],
    );
    check(
        Goal::TypeDefinition,
        text,
        expect![[r#"
            schema.ts:3:14 users | export const users = pgTable('users', {
            drizzle/0000_init.sql:2:14 "users" | CREATE TABLE "users" (
        "#]],
    );
}

#[test]
fn ctes_and_their_columns() {
    check(
        Goal::Definition,
        "//- /app.sql\nwith t as (select count(*) as total from users) select total from t<|>;",
        expect![[r#"
            app.sql:1:6 t | t as (select count(*) as total from users)
        "#]],
    );
    check(
        Goal::Definition,
        "//- /app.sql\nwith t as (select count(*) as total from users) select to<|>tal from t;",
        expect![[r#"
            app.sql:1:31 total | count(*) as total
        "#]],
    );
}

#[test]
fn built_ins_are_documents() {
    check(
        Goal::Definition,
        "//- /app.sql\nselect lo<|>wer(email) from users;",
        expect![[r#"
        pg_catalog: lower
    "#]],
    );
    check(
        Goal::Definition,
        "//- /app.sql\nselect oid from pg_c<|>lass;",
        expect![[r#"
        pg_catalog: pg_class
    "#]],
    );
    check(
        Goal::Definition,
        "//- /app.sql\nselect '1'::inte<|>ger;",
        expect![[r#"
        pg_catalog: int4
    "#]],
    );
}

#[test]
fn operators_and_overloads_are_documents() {
    check(
        Goal::Definition,
        "//- /app.sql\nselect id +<|> 1 from users;",
        expect![[r#"
        pg_catalog: +
    "#]],
    );
    check(
        Goal::Definition,
        "//- /app.sql\nselect max<|>(email) from users;",
        expect![[r#"
        pg_catalog: max
    "#]],
    );
}

#[test]
fn output_column_in_order_by_is_the_column() {
    check(
        Goal::Declaration,
        "//- /app.sql\nselect u.email from users u order by em<|>ail;",
        expect![[r#"
            schema.ts:5:3 email | email: text('email').notNull()
        "#]],
    );
}

#[test]
fn operators_of_the_schema_are_their_definitions() {
    check_text(
        Goal::Definition,
        "//- /db/schema.sql\ncreate table people (id int);\ncreate operator @# (leftarg = int, rightarg = int, function = int4pl);\n//- /db/q.sql\nselect 1 @#<|> 2;",
        expect![[r#"
            db/schema.sql:2:17 @# | create operator @# (leftarg = int, rightarg = int, function = int4pl)
        "#]],
    );
}

#[test]
fn ddl_alone() {
    check_text(
        Goal::Definition,
        "//- /db/schema.sql\ncreate table people (id int, name text);\ncreate function greet(text) returns text language sql as 'select 1';\n//- /db/q.sql\nselect gre<|>et(name) from people;",
        expect![[r#"
            db/schema.sql:2:17 greet | create function greet(text) returns text language sql as 'select 1'
        "#]],
    );
}
