use std::fmt::Write;

use expect_test::{Expect, expect};

use super::{Databases, Membership};
use crate::base::path;
use crate::project::Workspace;
use crate::project::eval::Evaluator;
use crate::project::resolve::Resolver;
use crate::testing::TestWorkspace;

/// The databases, then every script and SQL file with what it belongs to.
fn check(fixture: &str, expect: Expect) {
    let ws = TestWorkspace::new(fixture);
    let resolver = Resolver::new(&ws);
    let eval = Evaluator::new(&ws, &resolver);
    let databases = Databases::new(&eval);
    let mut res = String::new();
    for it in &databases.list {
        let _ = write!(res, "{} ({:?}, {:?})", it.name, it.dialect, it.drizzle_line);
        for file in it.schema_files.iter().chain(&it.sql_files) {
            let _ = write!(res, " {}", ws.path(*file));
        }
        if let Some(migrations) = &it.migrations {
            let steps: Vec<&str> = migrations.steps.iter().map(|it| it.tag.as_str()).collect();
            let _ = write!(
                res,
                " {:?} {:?} {} [{}]",
                migrations.tool,
                migrations.format,
                migrations.dir,
                steps.join(", ")
            );
            for tag in &migrations.missing {
                let _ = write!(res, " -{tag}");
            }
        }
        for problem in &it.problems {
            let _ = write!(res, " ! {problem}");
        }
        res.push('\n');
    }
    for file in ws.files_below("/") {
        let file_path = ws.path(file);
        if !matches!(path::extension(&file_path), "ts" | "sql") {
            continue;
        }
        let name = |idx: usize| databases.list.get(idx).map_or("?", |it| it.name.as_str());
        let _ = match databases.membership(&eval, file) {
            Membership::Database(idx) => writeln!(res, "  {file_path}: {}", name(idx)),
            Membership::History { database, place } => {
                writeln!(res, "  {file_path}: {} {place:?}", name(database))
            }
            Membership::None(reason) => writeln!(res, "  {file_path}: - {reason}"),
        };
    }
    expect.assert_eq(&res);
}

#[test]
fn one_drizzle_project() {
    check(
        r#"
//- /package.json
{ "name": "app", "dependencies": { "drizzle-orm": "^1.0.0-rc.1" } }
//- /drizzle.config.ts
export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };
//- /schema.ts
//- /drizzle/meta/_journal.json
{ "entries": [{ "idx": 1, "tag": "0001_b", "when": 2 }, { "idx": 0, "tag": "0000_a", "when": 1 }, { "idx": 2, "tag": "0002_gone" }] }
//- /drizzle/0000_a.sql
create table a ();
//- /drizzle/0001_b.sql
create table b ();
//- /drizzle/0001_stray.sql
create table c ();
//- /queries/report.sql
select 1;
//- /tests/fixtures/schema.sql
create table users ();
//- /src/page.ts
"#,
        expect![[r#"
            database (Postgres, One) /schema.ts DrizzleKit Journal /drizzle [0001_b, 0000_a] -0002_gone
              /drizzle.config.ts: database
              /drizzle/0000_a.sql: database Migration(1)
              /drizzle/0001_b.sql: database Migration(0)
              /drizzle/0001_stray.sql: - not listed in the migrations journal
              /queries/report.sql: database
              /schema.ts: database
              /src/page.ts: database
              /tests/fixtures/schema.sql: - test data
        "#]],
    );
}

#[test]
fn several_databases_by_import() {
    check(
        r#"
//- /package.json
{ "workspaces": ["packages/*", "apps/*"] }
//- /packages/main-db/package.json
{ "name": "@acme/main-db", "exports": { ".": "./src/index.ts" } }
//- /packages/main-db/drizzle.config.ts
export default { dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' };
//- /packages/main-db/drizzle.config.test.ts
export default { dialect: 'postgresql', schema: './src/test-schema.ts' };
//- /packages/main-db/src/schema.ts
import { pgTable } from 'drizzle-orm/pg-core';
export const users = pgTable('users', {});
export const posts = pgTable('posts', {});
export const tags = pgTable('labels', {});
//- /packages/main-db/src/test-schema.ts
import { pgTable } from 'drizzle-orm/pg-core';
export * from './schema';
export const tags = pgTable('tags', {});
//- /packages/main-db/src/index.ts
export * from './schema';
export const db = drizzle();
//- /packages/events-db/package.json
{ "name": "@acme/events-db" }
//- /packages/events-db/drizzle.config.ts
export default { dialect: 'postgresql', schema: './src/schema.ts' };
//- /packages/events-db/src/index.ts
export * from './schema';
//- /packages/events-db/src/schema.ts
export const events = {};
//- /packages/events-db/drizzle/20260101000000_init/migration.sql
create table events ();
//- /apps/web/package.json
{ "name": "web" }
//- /apps/web/users.ts
import { db } from '@acme/main-db';
//- /apps/web/events.ts
import { events } from '@acme/events-db';
//- /apps/web/deep.ts
import './users';
//- /apps/web/both.ts
import { db } from '@acme/main-db';
import * as events from '@acme/events-db';
//- /apps/web/named.ts
import { users } from '@acme/main-db';
import * as all from '@acme/events-db';
//- /apps/web/neither.ts
//- /apps/api/package.json
{ "name": "api" }
//- /apps/api/a.ts
import { db } from '@acme/main-db';
//- /apps/api/b.ts
//- /lonely.ts
"#,
        expect![[r#"
            packages/events-db (Postgres, Zero) /packages/events-db/src/schema.ts DrizzleKit Folders /packages/events-db/drizzle [20260101000000_init]
            packages/main-db (Postgres, Zero) /packages/main-db/src/schema.ts
              /apps/api/a.ts: packages/main-db
              /apps/api/b.ts: packages/main-db
              /apps/web/both.ts: - several databases are equally near
              /apps/web/deep.ts: packages/main-db
              /apps/web/events.ts: packages/events-db
              /apps/web/named.ts: packages/main-db
              /apps/web/neither.ts: - several databases are equally near
              /apps/web/users.ts: packages/main-db
              /lonely.ts: - no database
              /packages/events-db/drizzle.config.ts: packages/events-db
              /packages/events-db/drizzle/20260101000000_init/migration.sql: packages/events-db Migration(0)
              /packages/events-db/src/index.ts: packages/events-db
              /packages/events-db/src/schema.ts: packages/events-db
              /packages/main-db/drizzle.config.test.ts: packages/main-db
              /packages/main-db/drizzle.config.ts: packages/main-db
              /packages/main-db/src/index.ts: packages/main-db
              /packages/main-db/src/schema.ts: packages/main-db
              /packages/main-db/src/test-schema.ts: packages/main-db
        "#]],
    );
}

#[test]
fn ddl_without_drizzle() {
    check(
        r#"
//- /app/db/structure.sql
SET search_path = ''; CREATE TABLE schema_migrations (); CREATE TABLE users ();
//- /app/db/migrate/2_b.sql
-- migrate:up
create table b ();
-- migrate:down
drop table b;
//- /app/db/migrate/10_c.sql
alter table b add x jsonb;
//- /app/db/migrate/1_a.up.sql
create table a ();
//- /app/db/migrate/1_a.down.sql
drop table a;
//- /app/queries/q.sql
select 1;
//- /shop/schema.sql
create table users (id serial);
//- /legacy/schema.sql
CREATE TABLE `t` (id int AUTO_INCREMENT);
//- /analytics/clickhouse/migrations/001_init.sql
CREATE TABLE hits (d DateTime64(3)) ENGINE = MergeTree;
//- /docs/notes.sql
select 2;
"#,
        expect![[r#"
            app/db/structure.sql (Postgres, Zero) /app/db/structure.sql UpDown Plain /app/db/migrate [1_a, 2_b, 10_c]
            legacy/schema.sql (Mysql, Zero) /legacy/schema.sql
            shop/schema.sql (Postgres, Zero) /shop/schema.sql
              /analytics/clickhouse/migrations/001_init.sql: - another dialect
              /app/db/migrate/10_c.sql: app/db/structure.sql Migration(2)
              /app/db/migrate/1_a.down.sql: - undoes a migration
              /app/db/migrate/1_a.up.sql: app/db/structure.sql Migration(0)
              /app/db/migrate/2_b.sql: app/db/structure.sql Migration(1)
              /app/db/structure.sql: app/db/structure.sql Schema(0)
              /app/queries/q.sql: app/db/structure.sql
              /docs/notes.sql: - no database
              /legacy/schema.sql: legacy/schema.sql Schema(0)
              /shop/schema.sql: shop/schema.sql Schema(0)
        "#]],
    );
}

#[test]
fn configuration_decides() {
    check(
        r#"
//- /columnist.json
{ "databases": [{ "name": "main", "schema": ["sql/*.sql"], "migrations": "sql/steps", "searchPath": ["app"] }, { "config": "web/drizzle.config.ts" }] }
//- /sql/b.sql
create table b ();
//- /sql/a.sql
create table a ();
//- /sql/steps/1.sql
create table c ();
//- /web/drizzle.config.ts
export default { dialect: 'sqlite', schema: './schema.ts' };
//- /web/schema.ts
//- /other/drizzle.config.ts
export default { dialect: 'postgresql', schema: './schema.ts' };
//- /other/schema.ts
//- /other/migrations/001_x.sql
create table x ();
"#,
        expect![[r#"
            main (Postgres, Zero) /sql/a.sql /sql/b.sql Other Plain /sql/steps [1]
            web (Sqlite, Zero) /web/schema.ts
              /other/drizzle.config.ts: main
              /other/migrations/001_x.sql: main
              /other/schema.ts: main
              /sql/a.sql: main Schema(0)
              /sql/b.sql: main Schema(1)
              /sql/steps/1.sql: main Migration(0)
              /web/drizzle.config.ts: web
              /web/schema.ts: web
        "#]],
    );
}

/// The only folder of migrations: its tool, its steps, and of each the text that runs.
fn check_tool(fixture: &str, expect: Expect) {
    let ws = TestWorkspace::new(fixture);
    let resolver = Resolver::new(&ws);
    let eval = Evaluator::new(&ws, &resolver);
    let databases = Databases::new(&eval);
    let mut res = String::new();
    for it in databases.list.iter().filter_map(|it| it.migrations.as_ref()) {
        let _ = writeln!(res, "{:?} {:?} {}", it.tool, it.format, it.dir);
        for step in &it.steps {
            let text = ws.text(step.file).unwrap_or_default();
            let until = step.until.map_or(text.len(), |it| it as usize);
            let runs = text.get(step.from as usize..until).unwrap_or("?");
            let runs: Vec<&str> = runs.lines().filter(|it| !it.starts_with("--") && !it.is_empty()).collect();
            let alone = if step.no_transaction { " (no transaction)" } else { "" };
            let _ = writeln!(res, "  {}{alone}: {}", step.tag, runs.join(" "));
        }
    }
    expect.assert_eq(&res);
}

#[test]
fn goose_runs_what_is_up() {
    check_tool(
        r#"
//- /db/migrations/00001_users.sql
-- +goose Up
-- +goose StatementBegin
create table users (id serial);
-- +goose StatementEnd

-- +goose Down
drop table users;
//- /db/migrations/00002_index.sql
-- +goose NO TRANSACTION
-- +goose Up
create index concurrently users_id on users (id);
//- /db/migrations/00003_reversed.sql
-- +goose Down
drop table posts;
-- +goose Up
create table posts (id serial);
"#,
        expect![[r#"
            Goose Plain /db/migrations
              00001_users: create table users (id serial);
              00002_index (no transaction): create index concurrently users_id on users (id);
              00003_reversed: create table posts (id serial);
        "#]],
    );
}

#[test]
fn marks_of_other_tools_part_up_from_down() {
    check_tool(
        r#"
//- /a/migrations/20240101000000_init.sql
-- migrate:up transaction:false
create table a (id serial);
-- migrate:down
drop table a;
//- /b/migrations/1_init.sql
-- +migrate Up notransaction
create table b (id serial);
-- +migrate Down
drop table b;
//- /c/migrations/1700000000000_init.sql
-- Up Migration
create table c (id serial);

-- Down Migration
drop table c;
"#,
        expect![[r#"
            Dbmate Plain /a/migrations
              20240101000000_init (no transaction): create table a (id serial);
            SqlMigrate Plain /b/migrations
              1_init (no transaction): create table b (id serial);
            NodePgMigrate Plain /c/migrations
              1700000000000_init: create table c (id serial);
        "#]],
    );
}

#[test]
fn files_that_undo_are_no_steps() {
    check_tool(
        r#"
//- /sqlx/migrations/2_b.up.sql
create table b (id serial);
//- /sqlx/migrations/2_b.down.sql
drop table b;
//- /sqlx/migrations/1_a.up.sql
-- no-transaction
create table a (id serial);
//- /sqlx/migrations/1_a.down.sql
drop table a;
//- /flyway/db/migration/V1_10__c.sql
create table c (id serial);
//- /flyway/db/migration/V1_9__b.sql
create table b (id serial);
//- /flyway/db/migration/U1_9__b.sql
drop table b;
//- /flyway/db/migration/R__views.sql
create view v as select 1;
//- /flyway/db/migration/V1__a.sql
create table a (id serial);
//- /diesel/migrations/20240301000000_c/up.sql
create table c (id serial);
//- /diesel/migrations/2024-01-01-000000_a/up.sql
create table a (id serial);
//- /diesel/migrations/2024-12-01-000000_d/up.sql
create table d (id serial);
//- /diesel/migrations/2024-01-01-000000_a/down.sql
drop table a;
"#,
        expect![[r#"
            Diesel Folders /diesel/migrations
              2024-01-01-000000_a: create table a (id serial);
              20240301000000_c: create table c (id serial);
              2024-12-01-000000_d: create table d (id serial);
            Flyway Plain /flyway/db/migration
              V1__a: create table a (id serial);
              V1_9__b: create table b (id serial);
              V1_10__c: create table c (id serial);
              R__views: create view v as select 1;
            UpDown Plain /sqlx/migrations
              1_a (no transaction): create table a (id serial);
              2_b: create table b (id serial);
        "#]],
    );
}

#[test]
fn two_tools_keep_two_histories() {
    check_tool(
        r#"
//- /drizzle.config.ts
export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };
//- /schema.ts
//- /drizzle/meta/_journal.json
{ "entries": [ { "idx": 1, "when": 2, "tag": "0001_b" }, { "idx": 0, "when": 1, "tag": "0000_a" } ] }
//- /drizzle/0000_a.sql
create table a (id serial);
//- /drizzle/0001_b.sql
create table b (id serial);
//- /prisma/migrations/20240101000000_init/migration.sql
create table p (id serial);
//- /supabase/migrations/20240101000000_init.sql
create table s (id serial);
//- /supabase/migrations/TEMPLATE.sql
create table your_table_name (id serial);
"#,
        expect![[r#"
            DrizzleKit Journal /drizzle
              0001_b: create table b (id serial);
              0000_a: create table a (id serial);
            Prisma Folders /prisma/migrations
              20240101000000_init: create table p (id serial);
            Supabase Plain /supabase/migrations
              20240101000000_init: create table s (id serial);
        "#]],
    );
}

#[test]
fn configurations_of_one_schema_may_have_folders_of_their_own() {
    check_tool(
        r#"
//- /drizzle.config.ts
export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };
//- /drizzle.config.eu.ts
export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle-eu' };
//- /schema.ts
//- /drizzle/meta/_journal.json
{ "entries": [ { "idx": 0, "when": 1, "tag": "0000_a" } ] }
//- /drizzle/0000_a.sql
create table a (id serial);
//- /drizzle-eu/meta/_journal.json
{ "entries": [ { "idx": 0, "when": 1, "tag": "0000_e" } ] }
//- /drizzle-eu/0000_e.sql
create table e (id serial);
"#,
        expect![[r#"
            DrizzleKit Journal /drizzle
              0000_a: create table a (id serial);
            DrizzleKit Journal /drizzle-eu
              0000_e: create table e (id serial);
        "#]],
    );
}

/// One directory of schemas, read by a configuration for each dialect: each module belongs to its own dialect's.
#[test]
fn modules_of_several_dialects_in_one_directory() {
    check(
        "
//- /package.json
{ \"dependencies\": { \"drizzle-orm\": \"0.45.4\" } }
//- /configs/pg.config.ts
import type { Config } from 'drizzle-kit';
export default { dialect: 'postgresql', schema: './schema', out: './out/pg' } satisfies Config;
//- /configs/mysql.config.ts
import type { Config } from 'drizzle-kit';
export default { dialect: 'mysql', schema: './schema', out: './out/mysql' } satisfies Config;
//- /schema/pg.ts
import { pgTable, integer } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer() });
//- /schema/mysql.ts
import { mysqlTable, int } from 'drizzle-orm/mysql-core';
export const users = mysqlTable('users', { id: int() });
",
        expect![[r#"
            configs/mysql.config.ts (Mysql, Zero) /schema/mysql.ts /schema/pg.ts
            configs/pg.config.ts (Postgres, Zero) /schema/mysql.ts /schema/pg.ts
              /configs/mysql.config.ts: - several databases are equally near
              /configs/pg.config.ts: - several databases are equally near
              /schema/mysql.ts: configs/mysql.config.ts
              /schema/pg.ts: configs/pg.config.ts
        "#]],
    );
}
