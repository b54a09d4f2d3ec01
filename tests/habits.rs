//! Habits of real projects that must not be blamed: other tools' folders, hosts' schemas, dynamic definitions.

use std::collections::BTreeMap;
use std::sync::Arc;

use columnist::db::{Disk, World};
use columnist::lint::check;
use columnist::project::Workspace;

struct MapDisk(BTreeMap<String, String>);

impl Disk for MapDisk {
    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }
}

/// What is said of the files of a workspace at error and warning level: file, code, and the text blamed.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let files: BTreeMap<String, String> =
        files.iter().map(|(path, text)| (format!("/w/{path}"), (*text).to_owned())).collect();
    let texts = files.clone();
    let mut world = World::new(Arc::new(MapDisk(files)), vec!["/w".into()]);
    for path in texts.keys() {
        world.file_on_disk(path);
    }
    let snap = world.snapshot();
    let mut res = Vec::new();
    for (path, text) in &texts {
        let Some(file) = snap.file(path) else { continue };
        let found = check::file(&snap, file).expect("nobody cancels");
        for it in found.diagnostics {
            if it.severity >= columnist::lint::Severity::Warning {
                let blamed = &text[usize::from(it.at.value.start())..usize::from(it.at.value.end())];
                res.push(format!("{} {} {blamed}", path.trim_start_matches("/w/"), it.code));
            }
        }
    }
    res
}

#[track_caller]
fn quiet(files: &[(&str, &str)]) {
    assert_eq!(problems(files), Vec::<String>::new());
}

const DRIZZLE: [(&str, &str); 2] = [
    ("package.json", r#"{ "dependencies": { "drizzle-orm": "0.45.4", "pg": "8" } }"#),
    ("drizzle.config.ts", "export default { dialect: 'postgresql', schema: './schema.ts' };\n"),
];

const USERS: &str = "import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: uuid().primaryKey(), name: text().notNull() });
";

/// Scripts beside a schema with a table `users (id, name)`.
fn with_users(app: &str) -> Vec<String> {
    let mut files = DRIZZLE.to_vec();
    files.push(("schema.ts", USERS));
    files.push(("app.ts", app));
    problems(&files)
}

#[test]
fn functions_of_a_hosts_schema() {
    quiet(&[(
        "supabase/migrations/0001_a.sql",
        "create table t (id uuid primary key);
create function f() returns trigger language plpgsql as $$
begin
  perform realtime.broadcast_changes('a', TG_OP, TG_OP, TG_TABLE_NAME, TG_TABLE_SCHEMA, NEW, OLD);
  return null;
end; $$;
create view v as select p.* from t join net.http_post('x', t.*) p on true;
create view w as select jsonb_matches_schema(schema => '{}', instance => '{}'::jsonb) as ok, time_bucket('1 day', now()) b;
",
    )]);
}

#[test]
fn options_of_timescale() {
    quiet(&[(
        "migrations/0001_a.sql",
        "create table m (t timestamptz not null, v float8);
alter table m set (timescaledb.compress, timescaledb.compress_segmentby = 'v');
create materialized view d with (timescaledb.continuous) as select v from m;
",
    )]);
    let wrong = "create table m (v int);\nalter table m set (nonsense.compress = true);\n";
    let found = problems(&[("migrations/0001_a.sql", wrong)]);
    assert_eq!(found, ["migrations/0001_a.sql invalid-parameter-value compress = true"]);
}

#[test]
fn policies_triggers_and_indexes_that_dynamic_sql_makes() {
    let start = "create table a (id int, b int, constraint c check (b > 0));
do $$ declare t text; begin
  foreach t in array array['a'] loop
    execute format('create policy mine on %I using (true)', t);
    execute format('create index %I on a (b)', t || '_idx');
    execute format('alter table %I add constraint extra check (id > 0)', t);
  end loop;
end $$;
";
    let file = |tail: &str| format!("{start}{tail}");
    for tail in [
        "drop policy mine on a;",
        "alter policy mine on a using (false);",
        "drop index a_idx;",
        "alter table a drop constraint extra;",
        "insert into a (id) values (1) on conflict (id) do nothing;",
    ] {
        quiet(&[("migrations/0001_a.sql", &file(tail))]);
    }
    // What it makes is no reason to be silent about tables and columns.
    let found = problems(&[("migrations/0001_a.sql", &file("alter table a drop column nothing;"))]);
    assert_eq!(found, ["migrations/0001_a.sql undefined-column nothing"]);
}

#[test]
fn sqitch_and_queries_for_generators() {
    quiet(&[
        ("package.json", r#"{ "dependencies": { "pg": "8" } }"#),
        ("data/deploy/migration/step.sql", "create table migration.x (id int references y (id));\n"),
        ("data/deploy/y.sql", "select nothing from nowhere;\n"),
        ("data/revert/y.sql", "drop table y;\n"),
        ("data/verify/y.sql", "select id from sqitch.changes;\n"),
    ]);
    quiet(&[
        ("db/schema.sql", "create table users (id uuid primary key, name text not null);\n"),
        (
            "db/queries/users.sql",
            "-- name: FindUser :one\nselect * from users where id = @id and name = sqlc.arg(name);\n",
        ),
        ("db/queries/more.sql", "/* @name FindMore */\nselect * from users where id = :id!;\n"),
    ]);
}

#[test]
fn a_folder_that_goes_on_from_another() {
    quiet(&[
        ("app/migrations/0001_a.sql", "create table organizations (id uuid primary key);\n"),
        (
            "ee/crm/migrations/0001_a.sql",
            "create table deals (id uuid primary key, org uuid references organizations (id));\n",
        ),
    ]);
    let alone = problems(&[(
        "ee/crm/migrations/0001_a.sql",
        "create table deals (id uuid primary key, org uuid references organizations (id));\n",
    )]);
    assert_eq!(alone, ["ee/crm/migrations/0001_a.sql undefined-table organizations"]);
}

#[test]
fn steps_that_a_baseline_has_swallowed() {
    quiet(&[
        (
            "migrations/0001_baseline.sql",
            "create type mood as enum ('a'); create table t (id int, label text, m mood);\n",
        ),
        ("migrations/0002_a.sql", "create type mood as enum ('a');\nalter table t add column m mood;\n"),
        ("migrations/0003_b.sql", "alter table t add column label text;\nupdate t set label = old_label;\n"),
    ]);
    let found = problems(&[
        ("migrations/0001_init.sql", "create table t (id int, label text);\n"),
        ("migrations/0002_b.sql", "alter table t add column label text;\n"),
    ]);
    assert_eq!(found, ["migrations/0002_b.sql duplicate-column label"]);
}

#[test]
fn sql_behind_a_named_type() {
    let app = |hole: &str| {
        format!(
            "import {{ sql, type SQL }} from 'drizzle-orm';
interface Target {{ relation: SQL; at: SQL }}
export const prune = (target: Target) => db.execute(sql`delete from ${{{hole}}} t using users u where t.id = u.id`);
"
        )
    };
    assert_eq!(with_users(&app("target.relation")), Vec::<String>::new());
    assert_eq!(
        with_users(&app("'users'")),
        ["app.ts syntax-error ${'users'}", "app.ts undefined-table t.id"]
    );
}

#[test]
fn a_test_that_puts_an_older_schema_back() {
    let app = "import { sql } from 'drizzle-orm';
export async function run() {
  await db.execute(sql`alter table users add column if not exists legacy text`);
  await db.execute(sql`ALTER TABLE users ALTER COLUMN name DROP NOT NULL`);
  await db.execute(sql`update users set legacy = 'x'`);
  await db.execute(sql`insert into users (id) values ('b9c6d2a2-3d3c-4a0e-9a53-6a3c1d2c8c11')`);
}
";
    assert_eq!(with_users(app), Vec::<String>::new());
    let without = "import { sql } from 'drizzle-orm';
export const run = () => db.execute(sql`update users set legacy = 'x'`);
";
    assert_eq!(with_users(without), ["app.ts undefined-column legacy"]);
}

#[test]
fn what_is_not_known_decides_no_level_and_no_order() {
    quiet(&[(
        "supabase/migrations/0001_a.sql",
        "create table r (x int4range);
create function f() returns trigger language plpgsql as $$
declare ids uuid[];
begin
  select array_agg(distinct (to_jsonb(row)->>'id')::uuid order by (to_jsonb(row)->>'id')::uuid) into ids from new_rows row;
  return null;
end; $$;
create trigger g after insert on r referencing new table as new_rows for each statement execute function f();
create view v as
  select n from r left join lateral (select count(*) filter (where r.x @> c.y::int) n from storage.objects c) z on true;
create view w as select array[]::storage.kind[] as kinds;
",
    )]);
}

#[test]
fn columns_that_sqlite_cannot_add() {
    let files = |second: &'static str| {
        [
            ("package.json", r#"{ "dependencies": { "better-sqlite3": "11" } }"#),
            (
                "migrations/0001_a.sql",
                "create table notes (id integer primary key autoincrement, text text);\n",
            ),
            ("migrations/0002_b.sql", second),
        ]
    };
    let found = problems(&files("alter table notes add `kind` text not null;\n"));
    assert_eq!(found, ["migrations/0002_b.sql not-null-without-default `kind`"]);
    quiet(&files("alter table notes add `kind` text default 'x' not null;\n"));
}

#[test]
fn a_table_that_was_emptied_has_no_rows_to_object() {
    let table = "create table users (id int primary key, nick varchar(40));\n";
    let then =
        |second: &str| problems(&[("migrations/0001_a.sql", table), ("migrations/0002_b.sql", second)]);
    let changes = "alter table users add column locale text not null;\nalter table users alter column nick type varchar(20);\n";
    assert_eq!(
        then(changes),
        [
            "migrations/0002_b.sql not-null-without-default locale",
            "migrations/0002_b.sql narrowing-type-change varchar(20)",
        ]
    );
    assert_eq!(then(&format!("truncate users;\n{changes}")), Vec::<String>::new());
}
