use std::collections::BTreeMap;
use std::sync::Arc;

use expect_test::{Expect, expect};

use super::{Casing, Line, catalog, read};
use crate::catalog::Catalog;
use crate::catalog::print::schema_sql;
use crate::db::{Disk, World};
use crate::project::Workspace;
use crate::project::eval::Evaluator;
use crate::project::resolve::Resolver;
use crate::sql::Dialect;

struct MapDisk(BTreeMap<String, String>);

impl Disk for MapDisk {
    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }
}

/// The catalog of `/w/schema.ts`; further files start with `//- /w/name.ts`.
pub(super) fn schema(text: &str, line: Line, casing: Casing, dialect: Dialect) -> Catalog {
    let mut files = BTreeMap::new();
    let mut path = "/w/schema.ts".to_owned();
    for line in text.lines() {
        match line.strip_prefix("//- ") {
            Some(name) => path = name.to_owned(),
            None => {
                let file: &mut String = files.entry(path.clone()).or_default();
                file.push_str(line);
                file.push('\n');
            }
        }
    }
    let paths: Vec<String> = files.keys().cloned().collect();
    let mut world = World::new(Arc::new(MapDisk(files)), vec!["/w".into()]);
    for path in &paths {
        world.file_on_disk(path);
    }
    let snap = world.snapshot();
    let resolver = Resolver::new(&snap);
    let eval = Evaluator::new(&snap, &resolver);
    let file = snap.file("/w/schema.ts").expect("the fixture has a schema");
    catalog(&read(&eval, &[file], line, casing, dialect, None), dialect)
}

fn check(text: &str, expect: Expect) {
    let res = schema(text, Line::V0, Casing::Keep, Dialect::Postgres);
    expect.assert_eq(&schema_sql(&res));
}

fn check_with(text: &str, line: Line, casing: Casing, dialect: Dialect, expect: Expect) {
    expect.assert_eq(&schema_sql(&schema(text, line, casing, dialect)));
}

#[test]
fn table_with_every_usual_column() {
    check(
        r#"
import { pgTable, text, varchar, integer, timestamp, numeric, jsonb, boolean, uuid, serial } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
export const users = pgTable('users', {
  id: serial().primaryKey(),
  email: varchar('email', { length: 255 }).notNull().unique(),
  name: text().notNull().default("O'Brien"),
  age: integer().default(18),
  score: numeric({ precision: 10, scale: 2 }).default('0.00'),
  active: boolean().notNull().default(true),
  settings: jsonb().$type<{ a: string }>().default({ theme: 'dark', tags: [], n: 1.50 }),
  tags: text().array().notNull().default(['a', 'b']),
  key: uuid().defaultRandom(),
  at: timestamp('created_at', { withTimezone: true, precision: 3 }).defaultNow().notNull(),
  day: timestamp().default(new Date('2024-01-31T10:00:00Z')),
  up: text().generatedAlwaysAs(sql`upper(name)`),
  num: integer().generatedAlwaysAsIdentity({ startWith: 10 }),
  id2: text().notNull().$defaultFn(() => nanoid()),
});
"#,
        expect![[r#"
            CREATE TABLE users (
                id serial NOT NULL,
                email character varying(255) NOT NULL,
                name text DEFAULT 'O''Brien' NOT NULL,
                age integer DEFAULT 18,
                score numeric(10,2) DEFAULT '0.00',
                active boolean DEFAULT true NOT NULL,
                settings jsonb DEFAULT '{"theme":"dark","tags":[],"n":1.5}'::jsonb,
                tags text[] DEFAULT '{"a","b"}' NOT NULL,
                key uuid DEFAULT gen_random_uuid(),
                created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
                day timestamp without time zone DEFAULT '2024-01-31 10:00:00.000',
                up text GENERATED ALWAYS AS (upper(name)) STORED,
                num integer GENERATED ALWAYS AS IDENTITY NOT NULL,
                id2 text NOT NULL,
                PRIMARY KEY (id),
                CONSTRAINT users_email_unique UNIQUE (email)
            );
        "#]],
    );
}

#[test]
fn callback_form_namespace_import_and_creator() {
    check(
        r#"
import * as d from 'drizzle-orm/pg-core';
const createTable = d.pgTableCreator((name) => `app_${name}`);
export const a = d.pgTable('a', (t) => ({ id: t.serial().primaryKey(), name: t.varchar({ length: 20 }) }));
export const b = createTable('b', { id: d.integer().references(() => a.id, { onDelete: 'cascade' }) }, (t) => [d.index().on(t.id)]);
export const sales = d.pgSchema('sales');
export const level = sales.enum('level', ['low', 'high']);
export const c = sales.table('c', { l: level().notNull().default('low'), ls: level().array() });
"#,
        expect![[r#"
            CREATE SCHEMA IF NOT EXISTS sales;
            CREATE TYPE sales.level AS ENUM ('low', 'high');
            CREATE TABLE a (
                id serial NOT NULL,
                name character varying(20),
                PRIMARY KEY (id)
            );
            CREATE TABLE app_b (
                id integer
            );
            CREATE TABLE sales.c (
                l sales.level DEFAULT 'low' NOT NULL,
                ls sales.level[]
            );
            CREATE INDEX app_b_id_index ON app_b (id);
            ALTER TABLE app_b ADD CONSTRAINT app_b_id_a_id_fk FOREIGN KEY (id) REFERENCES a (id) ON DELETE CASCADE;
        "#]],
    );
}

#[test]
fn keys_indexes_checks_and_policies_of_the_third_argument() {
    check(
        r#"
import { pgTable, text, integer, primaryKey, foreignKey, unique, uniqueIndex, index, check, pgPolicy, pgRole, timestamp } from 'drizzle-orm/pg-core';
import { sql, eq, isNull, desc } from 'drizzle-orm';
const role = pgRole('app');
export const posts = pgTable('posts', { id: integer().primaryKey(), slug: text(), title: text(), deletedAt: timestamp('deleted_at') }, (t) => ({
  slugIdx: uniqueIndex('slug_idx').on(t.slug).where(isNull(t.deletedAt)),
  lower: index('lower_idx').using('gin', sql`lower(${t.title})`, t.slug.desc().op('text_pattern_ops')),
  recent: index('recent_idx').on(t.deletedAt.desc().nullsFirst()),
  fn: index('fn_idx').on(desc(t.title)),
}));
export const tags = pgTable('tags', { postId: integer('post_id'), tag: text(), parent: integer().references((): AnyPgColumn => posts.id) }, (t) => [
  primaryKey({ columns: [t.postId, t.tag] }),
  foreignKey({ columns: [t.postId], foreignColumns: [posts.id], name: 'fk' }).onDelete('set null').onUpdate('cascade'),
  unique().on(t.tag, t.postId).nullsNotDistinct(),
  check('short', sql`length(${t.tag}) < 10`),
  pgPolicy('own', { for: 'select', to: role, using: sql`${t.tag} = current_user` }),
]);
"#,
        expect![[r#"
            CREATE TABLE posts (
                id integer NOT NULL,
                slug text,
                title text,
                deleted_at timestamp without time zone,
                PRIMARY KEY (id)
            );
            CREATE TABLE tags (
                post_id integer NOT NULL,
                tag text NOT NULL,
                parent integer,
                CONSTRAINT tags_post_id_tag_pk PRIMARY KEY (post_id, tag),
                CONSTRAINT tags_tag_post_id_unique UNIQUE NULLS NOT DISTINCT (tag, post_id),
                CONSTRAINT short CHECK (length("tags"."tag") < 10)
            );
            CREATE UNIQUE INDEX slug_idx ON posts (slug) WHERE "posts"."deleted_at" is null;
            CREATE INDEX lower_idx ON posts USING gin (lower("title"), slug text_pattern_ops DESC NULLS LAST);
            CREATE INDEX recent_idx ON posts (deleted_at DESC);
            CREATE INDEX fn_idx ON posts ("title" desc);
            ALTER TABLE tags ADD CONSTRAINT tags_parent_posts_id_fk FOREIGN KEY (parent) REFERENCES posts (id);
            ALTER TABLE tags ADD CONSTRAINT fk FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE SET NULL ON UPDATE CASCADE;
            DO $$ BEGIN CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            ALTER TABLE tags ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON tags FOR SELECT TO app USING ("tags"."tag" = current_user);
        "#]],
    );
}

#[test]
fn snake_case_names_columns_and_what_follows_from_them() {
    check_with(
        r#"
import { pgTable, text, timestamp, unique, index, primaryKey, foreignKey } from 'drizzle-orm/pg-core';
export const userProfiles = pgTable('userProfiles', {
  id: text().primaryKey(), firstName: text().notNull(), lastName: text('LastName').unique(), createdAt: timestamp(),
}, (t) => [unique().on(t.firstName, t.lastName), index().on(t.createdAt)]);
export const pair = pgTable('pair', { aId: text(), bId: text().unique() }, (t) => [
  primaryKey({ columns: [t.aId, t.bId] }), foreignKey({ columns: [t.aId], foreignColumns: [userProfiles.id] }) ]);
"#,
        Line::V0,
        Casing::Snake,
        Dialect::Postgres,
        expect![[r#"
            CREATE TABLE pair (
                a_id text NOT NULL,
                b_id text NOT NULL,
                CONSTRAINT pair_a_id_b_id_pk PRIMARY KEY (a_id, b_id),
                CONSTRAINT "pair_bId_unique" UNIQUE (b_id)
            );
            CREATE TABLE "userProfiles" (
                id text NOT NULL,
                first_name text NOT NULL,
                "LastName" text,
                created_at timestamp without time zone,
                PRIMARY KEY (id),
                CONSTRAINT "userProfiles_LastName_unique" UNIQUE ("LastName"),
                CONSTRAINT "userProfiles_firstName_LastName_unique" UNIQUE (first_name, "LastName")
            );
            CREATE INDEX "userProfiles_created_at_index" ON "userProfiles" (created_at);
            ALTER TABLE pair ADD CONSTRAINT "pair_a_id_userProfiles_id_fk" FOREIGN KEY (a_id) REFERENCES "userProfiles" (id);
        "#]],
    );
}

#[test]
fn one_point_zero_names_and_casing_at_the_table() {
    check_with(
        r#"
import { snakeCase, pgTable, text, integer, primaryKey } from 'drizzle-orm/pg-core';
export const posts = snakeCase.table('posts', { id: integer().primaryKey(), authorId: integer().references(() => posts.id), slugText: text().unique() });
export const sec = snakeCase.schema('sec');
export const t2 = sec.table.withRLS('t2', { rowId: integer(), matrix: integer().array('[][]') }, (t) => [primaryKey({ columns: [t.rowId] })]);
"#,
        Line::V1,
        Casing::Keep,
        Dialect::Postgres,
        expect![[r#"
            CREATE SCHEMA IF NOT EXISTS sec;
            CREATE TABLE posts (
                id integer NOT NULL,
                author_id integer,
                slug_text text,
                PRIMARY KEY (id),
                CONSTRAINT posts_slug_text_key UNIQUE (slug_text)
            );
            CREATE TABLE sec.t2 (
                row_id integer NOT NULL,
                matrix integer[],
                PRIMARY KEY (row_id)
            );
            ALTER TABLE posts ADD CONSTRAINT posts_author_id_posts_id_fkey FOREIGN KEY (author_id) REFERENCES posts (id);
            ALTER TABLE sec.t2 ENABLE ROW LEVEL SECURITY;
        "#]],
    );
}

#[test]
fn a_builder_in_several_tables_is_named_by_the_first() {
    let text = r#"
import { camelCase, integer, pgTable, pgTableCreator, snakeCase, text, timestamp } from 'drizzle-orm/pg-core';
const common = { createdAt: timestamp(), updatedAt: timestamp().defaultNow().notNull() };
const one = integer();
const make = () => ({ deletedAt: timestamp() });
export const a = snakeCase.table('a', { id: integer().primaryKey(), firstName: text(), ...common, oneTwo: one, ...make() });
export const b = camelCase.table('b', { id: integer().primaryKey(), firstName: text(), ...common, otherOne: one.notNull(), ...make() });
const maker = pgTableCreator((n) => 'p_' + n, 'snake_case');
export const c = maker('c', { id: integer(), ...common });
export const d = pgTable('d', { id: integer(), ...common, ...make() });
"#;
    check_with(
        text,
        Line::V1,
        Casing::Keep,
        Dialect::Postgres,
        expect![[r#"
        CREATE TABLE a (
            id integer NOT NULL,
            first_name text,
            created_at timestamp without time zone,
            updated_at timestamp without time zone DEFAULT now() NOT NULL,
            one_two integer,
            deleted_at timestamp without time zone,
            PRIMARY KEY (id)
        );
        CREATE TABLE b (
            id integer NOT NULL,
            "firstName" text,
            created_at timestamp without time zone,
            updated_at timestamp without time zone DEFAULT now() NOT NULL,
            one_two integer NOT NULL,
            "deletedAt" timestamp without time zone,
            PRIMARY KEY (id)
        );
        CREATE TABLE d (
            id integer,
            created_at timestamp without time zone,
            updated_at timestamp without time zone DEFAULT now() NOT NULL,
            "deletedAt" timestamp without time zone
        );
        CREATE TABLE p_c (
            id integer,
            created_at timestamp without time zone,
            updated_at timestamp without time zone DEFAULT now() NOT NULL
        );
    "#]],
    );
    let text = r#"
import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
const common = { createdAt: timestamp() };
const one = integer();
export const a = pgTable('a', { id: integer().primaryKey(), firstName: text(), ...common, oneTwo: one });
export const b = pgTable('b', { id: integer().primaryKey(), firstName: text(), ...common, otherOne: one }, (t) => [index().on(t.otherOne)]);
"#;
    check_with(
        text,
        Line::V0,
        Casing::Snake,
        Dialect::Postgres,
        expect![[r#"
        CREATE TABLE a (
            id integer NOT NULL,
            first_name text,
            created_at timestamp without time zone,
            one_two integer,
            PRIMARY KEY (id)
        );
        CREATE TABLE b (
            id integer NOT NULL,
            first_name text,
            created_at timestamp without time zone,
            one_two integer,
            PRIMARY KEY (id)
        );
        CREATE INDEX b_one_two_index ON b (one_two);
    "#]],
    );
}

#[test]
fn mixins_helpers_custom_types_and_enums_of_constants() {
    check(
        r#"
import { pgTable, pgEnum, text, timestamp, customType } from 'drizzle-orm/pg-core';
import { timestamps, ROLES } from './shared';
enum Lvl { lo = 'low', hi = 'high' }
export const role = pgEnum('role', ROLES);
export const lvl = pgEnum('lvl', Lvl);
export const obj = pgEnum('obj', { A: 'a', B: 'b' });
const citext = customType<{ data: string }>({ dataType() { return 'citext'; } });
const vec = customType<{ config: { n: number } }>({ dataType(config) { return `vector(${config?.n ?? 3})`; } });
const num = customType<{ config: C }>({ dataType: (config) => {
  if (config?.precision && config?.scale) {
    return `numeric(${config.precision}, ${config.scale})`;
  }
  return 'numeric';
} });
const id = (name: string) => text(name).notNull();
export const t = pgTable('t', { n: num({ precision: 10, scale: 2 }), n2: num('n2'), id: id('pk').primaryKey(), role: role().default('admin'), lvl: lvl(), obj: obj('obj'), ci: citext('ci').notNull(), v: vec({ n: 5 }), w: vec('w'), ...timestamps });
//- /w/shared.ts
import { timestamp } from 'drizzle-orm/pg-core';
export const ROLES = ['admin', 'member'] as const;
export const timestamps = { createdAt: timestamp('created_at').defaultNow(), updatedAt: timestamp('updated_at').$onUpdate(() => new Date()) };
"#,
        expect![[r#"
            CREATE EXTENSION IF NOT EXISTS citext;
            CREATE EXTENSION IF NOT EXISTS vector;
            CREATE TYPE lvl AS ENUM ('low', 'high');
            CREATE TYPE obj AS ENUM ('a', 'b');
            CREATE TYPE role AS ENUM ('admin', 'member');
            CREATE TABLE t (
                n numeric(10,2),
                n2 numeric,
                pk text NOT NULL,
                role role DEFAULT 'admin',
                lvl lvl,
                obj obj,
                ci citext NOT NULL,
                v vector(5),
                w vector(3),
                created_at timestamp without time zone DEFAULT now(),
                updated_at timestamp without time zone,
                PRIMARY KEY (pk)
            );
        "#]],
    );
}

#[test]
fn views_and_sequences() {
    check(
        r#"
import { pgTable, pgView, pgMaterializedView, pgSequence, text, integer } from 'drizzle-orm/pg-core';
import { sql, eq } from 'drizzle-orm';
export const users = pgTable('users', { id: text().primaryKey(), email: text().notNull() });
export const a = pgView('a').as((qb) => qb.select({ id: users.id, mail: users.email }).from(users).where(sql`${users.id} <> ''`));
export const b = pgView('b', { id: text(), n: integer('num') }).as(sql`select id, 1 as num from ${users}`);
export const c = pgView('c', { id: text() }).existing();
export const d = pgMaterializedView('d').as((qb) => qb.select({ id: users.id, n: sql<number>`count(*)`.as('n') }).from(users).groupBy(users.id));
export const s = pgSequence('s', { startWith: 100, increment: 5 });
"#,
        expect![[r#"
            CREATE SEQUENCE s INCREMENT BY 5 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 100 CACHE 1;
            CREATE TABLE users (
                id text NOT NULL,
                email text NOT NULL,
                PRIMARY KEY (id)
            );
            CREATE VIEW a AS select "id", "email" from "users" where "users"."id" <> '';
            CREATE VIEW b AS select id, 1 as num from "users";
            -- view c: its query is not known
            CREATE MATERIALIZED VIEW d AS select "id", count(*) as "n" from "users" group by "users"."id";
        "#]],
    );
}

#[test]
fn what_is_not_exported_is_usable_but_no_part_of_the_database() {
    let res = schema(
        r#"
import { pgTable, text } from 'drizzle-orm/pg-core';
const hidden = pgTable('hidden', { id: text() });
export const shown = pgTable('shown', { id: text() });
"#,
        Line::V0,
        Casing::Keep,
        Dialect::Postgres,
    );
    assert_eq!(res.decls.len(), 2);
    expect![[r#"
        CREATE TABLE shown (
            id text
        );
    "#]]
    .assert_eq(&schema_sql(&res));
}

#[test]
fn unknown_parts_leave_the_table_open() {
    check(
        r#"
import { pgTable, text, integer } from 'drizzle-orm/pg-core';
import { mystery, more } from 'somewhere';
export const t = pgTable('t', { id: text(), x: mystery('x'), y: mystery(), n: integer(dynamic()), ...more });
"#,
        expect![[r#"
            CREATE TABLE t (
                id text,
                x text /* not known */,
                y text /* not known */,
                n integer
            );
            -- t may have more columns
        "#]],
    );
}

#[test]
fn mysql_and_sqlite() {
    check_with(
        r#"
import { mysqlTable, mysqlEnum, int, varchar, decimal, timestamp, boolean, bigint } from 'drizzle-orm/mysql-core';
export const users = mysqlTable('users', {
  id: int().autoincrement().primaryKey(), role: mysqlEnum(['admin', 'member']).default('member'), name: varchar('full_name', { length: 20 }).notNull(),
  d: decimal({ precision: 10, scale: 2 }), at: timestamp().defaultNow(), b: boolean().default(true), u: bigint({ mode: 'number', unsigned: true }),
});
"#,
        Line::V0,
        Casing::Keep,
        Dialect::Mysql,
        expect![[r#"
            CREATE TABLE users (
                id int NOT NULL,
                role enum('admin','member') DEFAULT 'member',
                full_name varchar(20) NOT NULL,
                d decimal(10,2),
                at timestamp DEFAULT (now()),
                b boolean DEFAULT true,
                u bigint unsigned,
                PRIMARY KEY (id)
            );
        "#]],
    );
    check_with(
        r#"
import { sqliteTable, integer, text, blob } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: integer().primaryKey({ autoIncrement: true }), at: integer({ mode: 'timestamp' }), t: text({ length: 5 }), j: text({ mode: 'json' }), b: blob() });
"#,
        Line::V0,
        Casing::Keep,
        Dialect::Sqlite,
        expect![[r#"
            CREATE TABLE users (
                id integer NOT NULL,
                at integer,
                t text(5),
                j text,
                b blob,
                PRIMARY KEY (id)
            );
        "#]],
    );
}

#[test]
fn relations_of_both_versions() {
    let res = schema(
        r#"
import { pgTable, integer } from 'drizzle-orm/pg-core';
import { relations, defineRelations } from 'drizzle-orm';
export const users = pgTable('users', { id: integer().primaryKey() });
export const posts = pgTable('posts', { id: integer(), authorId: integer('author_id') });
export const tags = pgTable('tags', { id: integer() });
export const pt = pgTable('pt', { post: integer('post_id'), tag: integer('tag_id') });
export const postsRelations = relations(posts, ({ one, many }) => ({ author: one(users, { fields: [posts.authorId], references: [users.id], relationName: 'w' }), tags: many(tags) }));
export const r2 = defineRelations({ users, posts, tags, pt }, (r) => ({
  posts: { author: r.one.users({ from: r.posts.authorId, to: r.users.id, alias: 'w' }), tags: r.many.tags({ from: r.posts.id.through(r.pt.post), to: r.tags.id.through(r.pt.tag) }) },
}));
"#,
        Line::V1,
        Casing::Keep,
        Dialect::Postgres,
    );
    let mut picture = String::new();
    for it in res.drizzle_relations.iter() {
        picture.push_str(&format!(
            "v{} {}.{}: {:?} {} {:?} -> {:?} through {} alias {:?}\n",
            it.version,
            it.source.name,
            it.name,
            it.cardinality,
            it.target.as_ref().map_or("?".into(), |it| it.name.to_string()),
            it.fields,
            it.references,
            it.through.as_ref().map_or("-".into(), |it| it.name.to_string()),
            it.alias,
        ));
    }
    expect![[r#"
        v1 posts.author: One users ["author_id"] -> ["id"] through - alias Some("w")
        v1 posts.tags: Many tags [] -> [] through - alias None
        v2 posts.author: One users ["author_id"] -> ["id"] through - alias Some("w")
        v2 posts.tags: Many tags ["id"] -> ["id"] through pt alias None
    "#]]
    .assert_eq(&picture);
}

#[test]
fn tables_of_another_dialect_are_another_database_s() {
    check(
        r#"
import { pgTable, integer } from 'drizzle-orm/pg-core';
import { mysqlTable, int } from 'drizzle-orm/mysql-core';
export const a = mysqlTable('users', { id: int().primaryKey() });
export const b = pgTable('users', { id: integer().primaryKey() });
"#,
        expect![[r#"
            CREATE TABLE users (
                id integer NOT NULL,
                PRIMARY KEY (id)
            );
        "#]],
    );
}

#[test]
fn of_enums_of_one_name_the_exported_one_counts() {
    let res = schema(
        r#"
import { pgEnum, pgTable } from 'drizzle-orm/pg-core';
const old = pgEnum('state', ['on', 'off']);
export const lamps = pgTable('lamps', { state: old() });
export { state } from './state';
//- /w/state.ts
import { pgEnum } from 'drizzle-orm/pg-core';
export const state = pgEnum('state', ['bright', 'dark']);
"#,
        Line::V0,
        Casing::Keep,
        Dialect::Postgres,
    );
    expect![[r#"
        CREATE TYPE state AS ENUM ('bright', 'dark');
        CREATE TABLE lamps (
            state state
        );
    "#]]
    .assert_eq(&schema_sql(&res));
}

/// drizzle-orm 0.x: `Array.isArray(extra) ? extra.flat(1) : Object.values(extra)`.
#[test]
fn what_0_does_not_see_in_the_third_argument_is_no_part_of_the_table() {
    check(
        r#"
import { index, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core';
export const a = pgTable('a', { x: integer() }, (t) => [{ key: primaryKey({ columns: [t.x] }) }]);
export const b = pgTable('b', { x: integer() }, (t) => [[[index('b1').on(t.x)]], [index('b2').on(t.x)]]);
export const c = pgTable('c', { x: integer() }, (t) => ({ list: [index('c1').on(t.x)], one: index('c2').on(t.x) }));
"#,
        expect![[r#"
            CREATE TABLE a (
                x integer
            );
            CREATE TABLE b (
                x integer
            );
            CREATE TABLE c (
                x integer
            );
            CREATE INDEX b2 ON b (x);
            CREATE INDEX c2 ON c (x);
        "#]],
    );
}

/// The module that is imported first runs first, and its table names the constraint of a builder that others have too.
#[test]
fn a_unique_of_several_modules_is_named_by_the_first_that_runs() {
    let files = |second: &str| {
        format!(
            r#"
export * from './teams';
export * from './people';
//- /w/shared.ts
import {{ text }} from 'drizzle-orm/pg-core';
export const named = {{ slug: text().unique() }};
//- /w/people.ts
import {{ pgTable }} from 'drizzle-orm/pg-core';
import {{ named }} from './shared';
export const people = pgTable('people', {{ ...named }});
//- /w/teams.ts
import {{ integer, pgTable }} from 'drizzle-orm/pg-core';
import {{ named }} from './shared';
import {{ people }} from './people';
{second}
"#
        )
    };
    let names = |second: &str| -> Vec<Option<String>> {
        let res = schema(&files(second), Line::V0, Casing::Keep, Dialect::Postgres);
        let uniques = res.relations.values().flat_map(|it| &it.uniques);
        uniques.map(|it| it.name.as_ref().map(|it| it.to_string())).collect()
    };
    // The import is there for the reference, so that people run first.
    let used = "export const teams = pgTable('teams', { ...named, owner: integer().references(() => people.slug) });";
    assert_eq!(names(used), [Some("people_slug_unique".to_owned()), Some("people_slug_unique".to_owned())]);
    // Whether the loader leaves it out is not sure here.
    let unused = "export const teams = pgTable('teams', { ...named }); export type P = typeof people;";
    assert_eq!(names(unused), [None, None]);
}
