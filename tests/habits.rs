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
  for t in select relname::text from pg_stat_user_tables loop
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
    // Names that stand in the block are names.
    let known = start
        .replace("for t in select relname::text from pg_stat_user_tables", "foreach t in array array['a']");
    let insert = "insert into a (id) values (1) on conflict (id) do nothing; drop index a_idx;";
    let found = problems(&[("migrations/0001_a.sql", &format!("{known}{insert}"))]);
    assert_eq!(found, ["migrations/0001_a.sql invalid-column-reference (id)"]);
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
    // What leads to an emptied table is emptied with it.
    let tables = "create table users (id int primary key);
create table posts (id int primary key, author int not null references users on delete cascade);
create table notes (id int primary key, about int references posts on delete cascade);
";
    let then =
        |second: &str| problems(&[("migrations/0001_a.sql", tables), ("migrations/0002_b.sql", second)]);
    let posts = "alter table posts add column slug text not null;\n";
    let notes = "alter table notes add column slug text not null;\n";
    assert_eq!(then(&format!("truncate users cascade;\n{posts}{notes}")), Vec::<String>::new());
    assert_eq!(then(&format!("delete from users;\n{posts}")), Vec::<String>::new());
    assert_eq!(
        then(&format!("delete from users;\n{notes}")),
        ["migrations/0002_b.sql not-null-without-default slug"]
    );
}

/// A schema with counts, and scripts beside it.
fn counting(files: &[(&str, &str)]) -> Vec<String> {
    let mut all = DRIZZLE.to_vec();
    let users = "import { pgTable, timestamp, uuid } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: uuid().primaryKey(), createdAt: timestamp('created_at') });
";
    all.push(("schema.ts", users));
    all.extend_from_slice(files);
    problems(&all)
}

/// Queries through a handle of unknown origin.
const COUNTS: &str = "import { sql } from 'drizzle-orm';
import { users } from './schema';
export const count = (db: any) => db.select({ n: sql<number>`count(*)` }).from(users);
export const newest = (db: any) => db.select({ at: sql<Date>`max(${users.createdAt})` }).from(users);
";

#[test]
fn programs_that_parse_numbers_themselves() {
    let expected = ["app.ts sql-type-argument number", "app.ts sql-type-argument Date"];
    let handle = |text: &'static str| counting(&[("app.ts", COUNTS), ("src/lib/client.ts", text)]);
    let found: Vec<String> = handle(
        "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle(process.env.URL!);\n",
    );
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().zip(expected).all(|(a, b)| a.starts_with(&b[..24])), "{found:?}");
    for text in [
        "import pg, { types } from 'pg';\ntypes.setTypeParser(types.builtins.INT8, (it) => BigInt(it));\n",
        "import pg from 'pg';\npg.defaults.parseInt8 = true;\n",
        "import postgres from 'postgres';\nexport const client = postgres(process.env.URL!, { types: { bigint: postgres.BigInt } });\n",
        "import postgres from 'postgres';\nexport const client = postgres(process.env.URL!, { types: { n: { to: 1700, from: [1700], serialize: String, parse: Number } } });\n",
        "import { SQL } from 'bun';\nexport const client = new SQL({ url: process.env.URL, bigint: true });\n",
    ] {
        assert_eq!(handle(text).len(), 1, "{text}");
    }
    let other = "import postgres from 'postgres';\nexport const client = postgres(process.env.URL!, { fetch_types: false, types: { d: { to: 1184, from: [1082, 1184], serialize: String, parse: String } } });\n";
    assert_eq!(handle(other).len(), 2);
}

#[test]
fn drivers_that_give_other_values() {
    let handle = |path: &'static str, driver: &str| {
        let text = format!("import {{ drizzle }} from 'drizzle-orm/{driver}';\nexport const it = drizzle;\n");
        counting(&[("app.ts", COUNTS), (path, &text)]).len()
    };
    assert_eq!(handle("src/db.ts", "pglite"), 0);
    assert_eq!(handle("src/db.ts", "bun-sql"), 1);
    // What only tests open is not what the program talks to.
    assert_eq!(handle("src/db.test.ts", "pglite"), 2);
}

#[test]
fn what_only_another_query_sees_has_no_type_in_the_program() {
    let app = "import { drizzle } from 'drizzle-orm/node-postgres';
import { eq, inArray, lte, sql } from 'drizzle-orm';
import { users } from './schema';
const db = drizzle(process.env.URL!);
export async function run() {
  const ranked = db.select({ id: users.id, rank: sql<number>`row_number() over (order by ${users.id})`.as('rank') }).from(users).as('ranked');
  const busy = db.$with('busy').as((qb) => qb.select({ id: users.id, n: sql<number>`count(*)`.as('n') }).from(users).groupBy(users.id));
  const counts = db.select({ n: sql<number>`count(*)` }).from(users);
  await db.select().from(users).where(eq(sql`3`, counts));
  await db.select().from(users).where(inArray(sql`3`, db.select({ n: sql<number>`count(*)` }).from(users)));
  return db.with(busy).select({ id: ranked.id }).from(ranked).innerJoin(busy, eq(busy.id, ranked.id)).where(lte(ranked.rank, 3));
}
";
    assert_eq!(counting(&[("app.ts", app)]), Vec::<String>::new());
    let run = "import { drizzle } from 'drizzle-orm/node-postgres';
import { sql } from 'drizzle-orm';
import { users } from './schema';
const db = drizzle(process.env.URL!);
export const all = () => Promise.all([db.select({ n: sql<number>`count(*)` }).from(users), db.transaction((tx) => tx.select({ n: sql<number>`count(*)` }).from(users))]);
";
    assert_eq!(counting(&[("app.ts", run)]).len(), 2);
}

/// The migrations of a drizzle-kit folder: what is said of the last.
fn migrations(files: &[(&str, &str)], steps: &[&str]) -> Vec<String> {
    let names: Vec<String> = (0..steps.len()).map(|it| format!("drizzle/000{it}_step.sql")).collect();
    let entry = |idx: usize| {
        format!(
            r#"{{ "idx": {idx}, "version": "7", "when": {}, "tag": "000{idx}_step", "breakpoints": true }}"#,
            1_760_000_000_000_u64 + idx as u64
        )
    };
    let entries: Vec<String> = (0..steps.len()).map(entry).collect();
    let journal =
        format!(r#"{{ "version": "7", "dialect": "postgresql", "entries": [{}] }}"#, entries.join(", "));
    let mut all = DRIZZLE.to_vec();
    all.push(("schema.ts", "export {};\n"));
    all.extend_from_slice(files);
    all.push(("drizzle/meta/_journal.json", &journal));
    all.extend(names.iter().map(String::as_str).zip(steps.iter().copied()));
    problems(&all)
}

#[test]
fn migrators_that_begin_no_transaction() {
    let steps = ["create table t (id int);\n", "create index concurrently t_id on t (id);\n"];
    let found = migrations(&[], &steps);
    assert_eq!(found, ["drizzle/0001_step.sql concurrently-in-transaction concurrently"]);
    for text in [
        "import { readMigrationFiles } from 'drizzle-orm/migrator';\nexport const files = readMigrationFiles;\n",
        "import { migrate } from 'drizzle-orm/neon-http/migrator';\nexport const run = migrate;\n",
    ] {
        assert_eq!(migrations(&[("scripts/migrate.ts", text)], &steps), Vec::<String>::new());
    }
}

#[test]
fn values_that_fit_are_not_missed() {
    let start = "create type status as enum ('open', 'done');
create table t (id int, status status, note text, price numeric(6, 2), position int, big numeric(78, 0));
";
    let then = |second: &str| migrations(&[], &[start, second]);
    // As drizzle-kit makes an enum anew that only grows.
    let anew = |labels: &str| {
        format!(
            "alter table t alter column status set data type text;
drop type status;
create type status as enum ({labels});
alter table t alter column status set data type status using status::status;
"
        )
    };
    assert_eq!(then(&anew("'open', 'late', 'done'")), Vec::<String>::new());
    let fewer = anew("'open'");
    assert_eq!(then(&fewer), ["drizzle/0001_step.sql narrowing-type-change status"]);
    let written =
        fewer.replace("drop type", "update t set status = 'open' where status = 'done';\ndrop type");
    assert_eq!(then(&written), Vec::<String>::new());
    // Six digits come back from a double as they went in.
    assert_eq!(then("alter table t alter column price type double precision;\n"), Vec::<String>::new());
    assert_eq!(then("alter table t alter column price type real;\n"), Vec::<String>::new());
    assert_eq!(
        then("alter table t alter column position type real;\n"),
        ["drizzle/0001_step.sql narrowing-type-change real"]
    );
    assert_eq!(
        then("alter table t alter column big type double precision;\n"),
        ["drizzle/0001_step.sql narrowing-type-change double precision"]
    );
    let guarded = "do $$ begin
  if not exists (select 1 from t where length(note) > 40) then
    alter table t alter column note type varchar(40);
  end if;
end $$;
";
    assert_eq!(then(guarded), Vec::<String>::new());
}

#[test]
fn what_drizzle_kit_finds_by_itself_is_the_configuration() {
    quiet(&[
        ("package.json", r#"{ "dependencies": { "drizzle-orm": "0.45.4", "pg": "8" } }"#),
        (
            "drizzle.config.ts",
            "export default { dialect: 'postgresql', schema: './dist/src/db/schema.js', casing: 'snake_case' };\n",
        ),
        (
            "src/db/schema.ts",
            "import { defineConfig } from 'drizzle-kit';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/node-postgres';
import { sql } from 'drizzle-orm';
export const students = pgTable('students', { id: integer().primaryKey(), rollNumber: text() });
const db = drizzle('x', { casing: 'snake_case' });
export const q = () => db.execute(sql`select roll_number from students`);
export default defineConfig({ dialect: 'postgresql', schema: './src/db/schema.ts' });
",
        ),
    ]);
}

#[test]
fn sqlite_takes_any_words_for_a_type() {
    quiet(&[
        (
            "server/migrations/001_a.sql",
            "create table a (id bigserial primary key, at timestamptz default now());\n",
        ),
        (
            "local/migrations/001_b.sql",
            "create table b (id integer primary key autoincrement, a_id bigserial not null, at timestamp default (datetime('now')));\n",
        ),
        ("local/other-migrations/001_c.sql", "create table c (id text primary key, data blob not null);\n"),
    ]);
}

#[test]
fn a_variable_of_psql_may_be_a_schema() {
    quiet(&[(
        "migrations/001_jobs.sql",
        "create table :MY_SCHEMA.jobs (id serial primary key, queue_name text, updated_at timestamptz);
create function :MY_SCHEMA.touch() returns trigger as $$
begin
  new.updated_at = greatest(now(), old.updated_at);
  return new;
end;
$$ language plpgsql;
create function :MY_SCHEMA.add_job(identifier text) returns :MY_SCHEMA.jobs as $$
  insert into :MY_SCHEMA.jobs (queue_name) values (identifier) returning *;
$$ language sql;
",
    )]);
}

#[test]
fn queries_in_files_may_have_named_parameters() {
    let schema = ("sql/schema.sql", "create table users (id int, uid text);\n");
    let query = |text: &'static str| problems(&[schema, ("sql/find.sql", text)]);
    let found = query("-- BLOCK find\nSELECT u.uid FROM users AS u WHERE u.uid = $uid AND u.id = $id;\n");
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(query("SELECT naem FROM users WHERE uid = $uid;\n"), ["sql/find.sql undefined-column naem"]);
}

#[test]
fn a_file_of_its_own_may_make_the_index_of_a_conflict() {
    let app = "import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { users } from './schema';
const db = drizzle('x');
export const q = () => db.execute(sql`insert into users (id, name) values (gen_random_uuid(), 'b') on conflict (name) do nothing`);
export const r = () => db.insert(users).values({ name: 'b', id: crypto.randomUUID() }).onConflictDoNothing({ target: users.name });
";
    let key = "import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
const db = drizzle('x');
export const k = () => db.execute(sql`create table notes (author text references users (name))`);
";
    let mut files = DRIZZLE.to_vec();
    files.extend([("schema.ts", USERS), ("app.ts", app), ("keys.ts", key)]);
    assert_eq!(problems(&files).len(), 3);
    for (path, index) in [
        ("sql/006.sql", "CREATE UNIQUE INDEX IF NOT EXISTS users_name ON public.users (name);\n"),
        ("sql/006.sql", "do $$ begin create unique index concurrently on only \"users\" (name); end $$;\n"),
        (
            "scripts/indexes.ts",
            "export const run = (c: { query(q: string): void }) => c.query(`CREATE UNIQUE INDEX users_name ON users (name)`);\n",
        ),
    ] {
        let mut files = files.clone();
        files.push((path, index));
        quiet(&files);
    }
    // Who speaks of one makes none.
    files.push(("scripts/notes.ts", "// needs a unique index on users (name)\nexport {};\n"));
    assert_eq!(problems(&files).len(), 3);
}

/// Flyway runs them after all others, and has run them before, when a migration was new.
#[test]
fn repeatable_migrations_have_run_before() {
    let files = [
        ("migrations/V1__init.sql", "create table s (id int, j jsonb);\n"),
        ("migrations/V2__merge.sql", "update s set j = merge_j(j, j); update s set j = other(j);\n"),
        (
            "migrations/R__merge.sql",
            "create or replace function merge_j(a jsonb, b jsonb) returns jsonb language sql as $$ select a || b $$;\n",
        ),
    ];
    assert_eq!(problems(&files), ["migrations/V2__merge.sql undefined-function other"]);
}

#[test]
fn a_class_may_have_methods_of_a_handles_names() {
    let app = "import { drizzle } from 'drizzle-orm/node-postgres';
import { users } from './schema';
const db = drizzle('x');
type Tx = Parameters<Parameters<typeof db.transaction>[0]>[0];
class Model {
  async transaction<T>(run: (tx: Tx) => Promise<T>) { return db.transaction(run); }
  async update(where: { id: string }, data: { name: string }, tx?: Tx) { return (tx ?? db).select().from(users); }
}
export class Service {
  model = new Model();
  run() {
    return this.model.transaction(async (tx) => {
      return await this.model.update({ id: 'a' }, { name: 'b' }, tx);
    });
  }
}
";
    assert_eq!(with_users(app), Vec::<String>::new());
}

#[test]
fn a_set_that_is_filled_later_is_not_empty() {
    let app = "import { drizzle } from 'drizzle-orm/node-postgres';
const db = drizzle('x');
export async function find(rows: { id?: number }[]) {
  const ids = new Set<number>();
  for (const row of rows) if (row.id) ids.add(row.id);
  const list = [...ids].filter((it) => it > 0).join(',');
  if (list) await db.execute(`select name from users where name in (${list})`);
}
";
    assert_eq!(with_users(app), Vec::<String>::new());
}

#[test]
fn a_schema_may_be_made_by_a_template_that_cannot_be_read_whole() {
    let app = "import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { users } from './schema';
const db = drizzle('x');
const id = sql<string>`private.current_id()`;
export const make = () => db.execute(sql`
  create schema if not exists private;
  create or replace function ${id} returns uuid as $$ ${db.select({ id: users.id }).from(users)}; $$ language sql;
`);
export const use = () => db.execute(sql`select ${id}, null::private.kind`);
export const missing = () => db.execute(sql`select other.current_id()`);
";
    assert_eq!(with_users(app), ["app.ts undefined-schema other.current_id"]);
}

#[test]
fn the_text_of_a_builder_may_stand_in_another() {
    let app = "import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import * as schema from './schema';
const db = drizzle('x', { schema });
const own = sql.raw(db.select({ n: schema.users.name }).from(schema.users).where(eq(schema.users.id, sql`new.group_id`)).toSQL().sql);
export const make = () => db.execute(sql`create function f() returns trigger as $$ begin perform (${own}); return new; end $$ language plpgsql`);
";
    assert_eq!(with_users(app), Vec::<String>::new());
}

#[test]
fn a_temporary_table_hides_that_of_the_schema() {
    let app = "import pg from 'pg';
const client = await new pg.Pool().connect();
await client.query(`CREATE TEMP TABLE \"users\" (\"key\" varchar(50) PRIMARY KEY) ON COMMIT DROP`);
await client.query(`INSERT INTO \"users\" (\"key\") VALUES ('p')`);
";
    assert_eq!(with_users(app), Vec::<String>::new());
    let app = app.replace("TEMP TABLE", "INDEX i ON");
    assert_ne!(with_users(&app), Vec::<String>::new());
}

#[test]
fn a_journal_says_the_dialect_of_its_folder() {
    let journal = r#"{ "version": "7", "dialect": "sqlite", "entries": [ { "idx": 0, "version": "6", "when": 1, "tag": "0000_a", "breakpoints": true } ] }"#;
    let snapshot = r#"{ "version": "6", "dialect": "sqlite", "id": "28af0744-bc4a-49e2-bfbf-cf479b0b0ba3",
  "prevId": "00000000-0000-0000-0000-000000000000", "tables": {}, "views": {}, "enums": {},
  "_meta": { "schemas": {}, "tables": {}, "columns": {} }, "internal": { "indexes": {} } }"#;
    quiet(&[
        (
            "package.json",
            r#"{ "dependencies": { "drizzle-orm": "0.45.4" }, "devDependencies": { "drizzle-kit": "0.31.8" } }"#,
        ),
        ("backup/meta/_journal.json", journal),
        ("backup/meta/0000_snapshot.json", snapshot),
        ("backup/0000_a.sql", "CREATE TABLE `a` (`id` text PRIMARY KEY NOT NULL);\n"),
    ]);
}

#[test]
fn a_test_with_tables_of_its_own_may_have_other_names() {
    let config = "export default { dialect: 'postgresql', schema: './schema.ts', casing: 'snake_case' };\n";
    let schema = "import { pgTable, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { fullName: text().primaryKey() });\n";
    let handle = "import { drizzle } from 'drizzle-orm/node-postgres';
import { pgTable, text } from 'drizzle-orm/pg-core';
const old = pgTable('users', { fullName: text().primaryKey() });
export const db = drizzle('postgres://', { schema: { old } });\n";
    let at = |path: &str| {
        problems(&[DRIZZLE[0], ("drizzle.config.ts", config), ("schema.ts", schema), (path, handle)])
    };
    assert_eq!(at("db.ts"), ["db.ts casing-mismatch drizzle"]);
    assert_eq!(at("old.test.ts"), Vec::<String>::new());
}

#[test]
fn what_kysely_s_builders_are_given() {
    let migration = "create table items (id int primary key, kind regclass, at timestamptz);\n";
    let query = |query: &str| {
        let app = format!(
            "import {{ Kysely, sql }} from 'kysely';\ndeclare const db: Kysely<any_>;\nexport const q = (x: string) => {query};\n"
        );
        problems(&[
            ("package.json", r#"{ "dependencies": { "kysely": "0.28.0" } }"#),
            ("db/migrations/0001_init.sql", migration),
            ("q.ts", &app),
        ])
    };
    for right in [
        "db.selectFrom('items').selectAll().where(sql`kind::text`, '=', x)",
        "db.selectFrom('items').selectAll().where('kind', '=', sql`'items'::regclass`)",
        "db.selectFrom('items').selectAll().where('kind', sql`@@`, x)",
        "db.selectFrom('items').selectAll().where(sql<boolean>`at > now()`)",
        "db.selectFrom('items').select(sql<number>`count(*)`.as('n')).having(sql`count(*)`, '>', 1)",
        "db.selectFrom('items').selectAll().orderBy(sql`at`, sql`desc nulls last`).groupBy(sql`id`)",
        "db.selectFrom('items').selectAll().where((eb) => eb(sql`lower(kind::text)`, '=', x))",
        "db.selectFrom('items').innerJoin('other', (join) => join.on(sql`items.kind::text`, '=', x).on(sql<boolean>`true`))",
        "db.insertInto('items').values({ id: 1 }).onConflict((oc) => oc.column('id').doUpdateSet({ at: sql`now()` }))",
        "db.updateTable('items').set({ at: sql`now()` }).where('id', '=', 1)",
        "db.schema.alterTable('items').addColumn('x', sql`varchar(20)`, (it) => it.defaultTo(sql`'a'`))",
        "db.selectFrom('items').selectAll().modifyEnd(sql`for update`)",
    ] {
        assert_eq!(query(right), Vec::<String>::new(), "{right}");
    }
    for wrong in [
        "db.selectFrom('items').selectAll().where(sql`now()`)",
        "db.selectFrom('items').selectAll().where(sql`lower(now())`, '=', x)",
        "db.updateTable('items').set({ at: sql`now() +` })",
        "db.selectFrom('items').innerJoin('other', (join) => join.on(sql`1`))",
    ] {
        assert_eq!(query(wrong).len(), 1, "{wrong}");
    }
}

/// Before 0.31 the method of an index was a template, which drizzle-kit left out.
#[test]
fn an_index_method_may_be_a_template() {
    let mut files = DRIZZLE.to_vec();
    files.push((
        "schema.ts",
        "import { sql } from 'drizzle-orm';
import { index, pgTable, text } from 'drizzle-orm/pg-core';
export const t = pgTable('t', { id: text().primaryKey(), at: text() }, (t) => ({
  i: index('i').on(t.at).using(sql`ivfflat (at vector_cosine_ops) WITH (lists = 100)`),
}));\n",
    ));
    quiet(&files);
}

/// PostgreSQL reads `asc` behind the template, and stops there.
#[test]
fn what_asc_writes_behind_a_template() {
    let sorted = |by: &str| {
        with_users(&format!(
            "import {{ asc, desc, sql }} from 'drizzle-orm';
import {{ drizzle }} from 'drizzle-orm/node-postgres';
import {{ users }} from './schema';
const db = drizzle('x');
export const q = () => db.select().from(users).orderBy({by});
"
        ))
    };
    assert_eq!(sorted("asc(sql`${users.name} nulls last`)"), ["app.ts syntax-error "]);
    for right in
        ["desc(sql`lower(${users.name})`)", "asc(sql`1`)", "asc(sql`n`), sql`${users.name} desc nulls last`"]
    {
        assert_eq!(sorted(right), Vec::<String>::new(), "{right}");
    }
    assert_eq!(sorted("desc(sql`lowr(${users.name})`)"), ["app.ts undefined-function lowr"]);
}

/// drizzle-orm throws for the relations of the schema that `drizzle(…)` is given, and looks at no others.
#[test]
fn relations_that_no_handle_is_given() {
    let workspace = |config: &str, index: &str, db: &str| {
        problems(&[
            DRIZZLE[0],
            ("drizzle.config.ts", config),
            (
                "schema/a.ts",
                "import { pgTable, text } from 'drizzle-orm/pg-core';
export const a = pgTable('a', { id: text().primaryKey() });\n",
            ),
            (
                "schema/dead.ts",
                "import { relations } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
import { a } from './a';
export const b = pgTable('b', { id: text().primaryKey() });
export const bRelations = relations(b, ({ many }) => ({ as: many(a) }));\n",
            ),
            ("schema/index.ts", index),
            ("db.ts", db),
        ])
    };
    let config = "export default { dialect: 'postgresql', schema: './schema/*' };\n";
    let handle = "import { drizzle } from 'drizzle-orm/node-postgres';
import * as schema from './schema';
export const db = drizzle('postgres://', { schema });\n";
    let whole = "export * from './a';\nexport * from './dead';\n";
    assert_eq!(workspace(config, whole, handle), ["schema/dead.ts invalid-relation as"]);
    assert_eq!(workspace(config, "export * from './a';\n", handle), Vec::<String>::new());
    let bare =
        "import { drizzle } from 'drizzle-orm/node-postgres';\nexport const db = drizzle('postgres://');\n";
    assert_eq!(workspace(config, whole, bare), Vec::<String>::new());
    let unknown = "import { drizzle } from 'drizzle-orm/node-postgres';
export const open = (schema: any) => drizzle('postgres://', { schema });\n";
    assert_eq!(workspace(config, "export * from './a';\n", unknown), ["schema/dead.ts invalid-relation as"]);
}

/// drizzle-kit 1.0 takes all that each file of a glob exports, and stops at what it meets twice; 0.x keeps it by its name.
#[test]
fn a_barrel_within_the_glob() {
    let found = |package: &str, schema: &str| {
        let config = format!("export default {{ dialect: 'postgresql', schema: '{schema}' }};\n");
        problems(&[
            ("package.json", package),
            ("drizzle.config.ts", &config),
            (
                "schema/a.ts",
                "import { pgEnum, pgTable, text } from 'drizzle-orm/pg-core';
export const mood = pgEnum('mood', ['a']);
export const a = pgTable('a', { id: text().primaryKey(), mood: mood() });\n",
            ),
            ("schema/index.ts", "export * from './a';\n"),
        ])
    };
    let first = r#"{ "dependencies": { "drizzle-orm": "1.0.0-rc.5", "drizzle-kit": "1.0.0-rc.5" } }"#;
    let twice = ["schema/a.ts declared-twice mood", "schema/a.ts declared-twice a"];
    assert_eq!(found(first, "./schema/*.ts"), twice);
    assert_eq!(found(first, "./schema/!(index).ts"), Vec::<String>::new());
    assert_eq!(found(first, "./schema/index.ts"), Vec::<String>::new());
    let zero = r#"{ "dependencies": { "drizzle-orm": "0.45.4", "drizzle-kit": "0.31.11" } }"#;
    assert_eq!(found(zero, "./schema/*.ts"), Vec::<String>::new());
}

/// PrairieLearn's sqldb: a program sends one block at a time.
#[test]
fn files_of_queries_with_names() {
    let base = ("db/migrations/0001_a.sql", "create table t (id int primary key, name text);\n");
    quiet(&[
        base,
        (
            "queries/t.sql",
            "-- BLOCK select_one\nselect name from t where id = $id\n\n-- BLOCK drop_name\nalter table t drop column name;\n
-- BLOCK select_two\nselect name from t where id = $id;\n",
        ),
        // Not a step of the folder, whatever that is called.
        ("db/migrations/queries.sql", "-- BLOCK rename\nalter table t rename to u;\n\n-- BLOCK count\nselect count(*) from t;\n"),
    ]);
    let wrong = "-- BLOCK a\nselect id from t;\n\n-- BLOCK b\nselect nope from t;\n";
    assert_eq!(problems(&[base, ("queries/t.sql", wrong)]), ["queries/t.sql undefined-column nope"]);
}

/// Without migrations, a dump and Drizzle, a folder that only defines things is the schema.
#[test]
fn a_folder_of_definitions_is_a_schema() {
    let a = ("db/schema/a.sql", "create table a (id int primary key, b_id int references b (id), x x);\n");
    let b = (
        "db/schema/b.sql",
        "create table b (id int primary key);\ncreate policy p on elsewhere using (true);\n",
    );
    let views = (
        "db/schema/_views.sql",
        "create view _v as select a.id, b.id as b_id from a join b on b.id = a.b_id;\n",
    );
    let template = ("db/schema/_each.sql", "create policy ${name}_p on ${name} using (true);\n");
    let app = |query: &str| {
        format!("import {{ Pool }} from 'pg';\nexport const q = () => new Pool().query('{query}');\n")
    };
    let found = |query: &str| problems(&[a, b, views, template, ("app.ts", &app(query))]);
    assert_eq!(found("select id from a"), Vec::<String>::new());
    assert_eq!(found("select nope from a"), ["app.ts undefined-column nope"]);
    assert_eq!(found("select nope from _v"), ["app.ts undefined-column nope"]);
    // There may be more than these files make.
    assert_eq!(found("select nope from tenants join a on f(a.id) = tenants.id"), Vec::<String>::new());
    // Two of one name are examples.
    let again = ("db/other/a.sql", "create table a (id int);\n");
    assert_eq!(problems(&[a, b, again, ("app.ts", &app("select nope from a"))]), Vec::<String>::new());
    // What changes rows is no definition; what a history makes leads.
    let seed = ("db/schema/b.sql", "create table b (id int);\ninsert into b values (1);\n");
    assert_eq!(problems(&[seed, ("app.ts", &app("select nope from b"))]), Vec::<String>::new());
    let step = ("supabase/migrations/20240101000000_a.sql", "create table a (id int, nope int);\n");
    let declared = ("supabase/schemas/a.sql", "create table a (id int);\n");
    assert_eq!(problems(&[step, declared, ("app.ts", &app("select nope from a"))]), Vec::<String>::new());
    // Older steps in code ran on other columns.
    let old = app("insert into c (x) values (1)");
    let c = ("db/schema/c.sql", "create schema s;\ncreate table c (id int not null, x int);\n");
    assert_eq!(problems(&[c, ("db/alterations/1.ts", &old)]), Vec::<String>::new());
    assert_eq!(problems(&[c, a, b, ("app.ts", &old)]), ["app.ts missing-required-column c"]);
}

/// A test's stand-in for a handle writes nothing; the assertion says that the row is none of the table's.
#[test]
fn rows_of_tests_that_are_of_no_type() {
    let app = "import { users } from './schema';
import { recording } from './recording';
const db = recording();
await db.insert(users).values({ id: 'user-1' } as never);
await db.insert(users).values([{ id: 'user-1' } as any]);
";
    let at = |path: &str| {
        let mut files = DRIZZLE.to_vec();
        files.push(("schema.ts", USERS));
        files.push((path, app));
        problems(&files)
    };
    assert_eq!(at("db.test.ts"), Vec::<String>::new());
    assert_eq!(at("db.ts"), ["db.ts invalid-value 'user-1'", "db.ts invalid-value 'user-1'"]);
}

#[test]
fn a_driver_is_known_by_the_types_that_are_written() {
    let app = "import type { Pool, PoolClient } from 'pg';
import pg from 'pg';
import { make, type TestDb } from './testing';
export async function a1(pool: Pool) { await pool.query('select nope1 from users'); }
export async function a2(client: PoolClient) { await client.query<{ id: string }>(`select nope2 from users`); }
export async function a3(deps: { pool: Pool }) { await deps.pool.query('select nope3 from users'); }
export class A4 { constructor(private readonly pool: Pool) {} async f() { await this.pool.query('select nope4 from users'); } }
export class A5 { private client?: pg.Client | null; async f() { await this.client!.query('select nope5 from users'); } }
export async function a6(pool: Pool) { const c = await pool.connect(); await c.query({ text: 'select nope6 from users' }); }
export async function a7() { let database: TestDb; database = await make(); await database.pool.query('select nope7 from users'); }
export async function a8() { const { pool } = await make(); await pool.query('select nope8 from users'); }
export async function a9({ pool }: TestDb) { await pool.query('select nope9 from users'); }
export const a10 = (client: Pick<pg.PoolClient, 'query'>) => client.query('select nope10 from users');
async function connect(): Promise<pg.Client> { const c = new pg.Client(); await c.connect(); return c; }
const c = await connect();
await c.query('select nope11 from users');
interface Queryable { query(text: string, values?: unknown[]): Promise<unknown> }
export const a12 = (it: Queryable) => it.query('select nope12 from users');
type Db = { query: <T>(sql: string) => Promise<{ rows: T[] }> };
export class A13 { constructor(private readonly deps: { db: Db }) {} f() { return this.deps.db.query('select nope13 from users'); } }
export const a14 = (it: Queryable) => it.query(`select nope14, '{}'::jsonb ? 'a' from users`);
export const lite = (it: Queryable) => it.query('select nope from users where id = ? limit 1');
interface Api { query(text: string, variables?: Record<string, unknown>): Promise<unknown> }
export const other = (it: Api) => it.query('select nope from users');
";
    let testing = "import type { Pool } from 'pg';
import pg from 'pg';
export type Db = Pool;
export interface Base { url: string }
export interface TestDb extends Base {
  /** Ends it. */
  end(): Promise<void>;
  readonly pool: Db;
}
export async function make(): Promise<TestDb> { const pool = new pg.Pool(); await pool.connect(); return { pool, url: '', end: () => pool.end() }; }
";
    let mut files = DRIZZLE.to_vec();
    files.extend([("schema.ts", USERS), ("app.ts", app), ("testing.ts", testing)]);
    let expected: Vec<String> = (1..=14).map(|it| format!("app.ts undefined-column nope{it}")).collect();
    assert_eq!(problems(&files), expected);
    // Another server's driver may stand behind it.
    files[0].1 = r#"{ "dependencies": { "drizzle-orm": "0.45.4", "pg": "8", "mysql2": "3" } }"#;
    assert_eq!(problems(&files), expected[..11]);
}

#[test]
fn a_template_that_is_executed_elsewhere_is_a_whole_statement() {
    let app = "import { sql, type SQL } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { rows, limited } from './rows';
const db = drizzle('x');
const one = sql`select nope1 from users`;
await db.execute(one);
await rows(db, sql`select nope2 from users`);
await rows(db, sql`select id from nowhere`);
const part = sql`select nope3 from users`;
await db.execute(sql`with users as (select 1 as nope3) ${part}`);
await limited(db, sql`select nope4 from users`);
";
    let rows = "import { sql, type SQL } from 'drizzle-orm';
type Executor = { execute(query: SQL): Promise<{ rows: unknown[] }> };
export async function rows<T>(db: Executor, query: SQL): Promise<T[]> {
  const found = await db.execute(query);
  return found.rows as T[];
}
export async function limited(db: Executor, query: SQL) {
  return (await db.execute(sql`with users as (select 1 as nope4) ${query}`)).rows;
}
";
    let mut files = DRIZZLE.to_vec();
    files.extend([("schema.ts", USERS), ("app.ts", app), ("rows.ts", rows)]);
    assert_eq!(
        problems(&files),
        ["app.ts undefined-column nope1", "app.ts undefined-column nope2", "app.ts undefined-table nowhere"]
    );
}

#[test]
fn columns_that_the_program_adds_itself() {
    let app = "import pg from 'pg';
const pool = new pg.Pool();
await pool.query('select tags, u.prio from users u');
await pool.query('update users set note = 1');
";
    let start = "import pg from 'pg';
const pool = new pg.Pool();
const statements = [`ALTER TABLE users ADD COLUMN IF NOT EXISTS tags TEXT[]`];
for (const it of statements) await pool.query(it);
await pool.query(`ALTER TABLE users ADD COLUMN prio TEXT; ALTER TABLE users ADD age int`).catch(() => {});
";
    let mut files = DRIZZLE.to_vec();
    files.extend([
        ("schema.ts", USERS),
        ("app.ts", app),
        ("start.ts", start),
        ("scripts/by_hand.sql", "alter table users add column if not exists note int;\n"),
    ]);
    assert_eq!(problems(&files), Vec::<String>::new());
    files.truncate(4);
    assert_eq!(
        problems(&files),
        ["app.ts undefined-column tags", "app.ts undefined-column u.prio", "app.ts undefined-column note",]
    );
}

#[test]
fn what_a_test_expects_to_be_refused() {
    let app = "import assert from 'node:assert';
import type { Pool } from 'pg';
export async function check(pool: Pool) {
  await expect(pool.query(`insert into users (id, name) values ('no uuid', 'a')`)).rejects.toMatchObject({ code: '22P02' });
  await expect(() => pool.query('select nope from users')).rejects.toThrow();
  await assert.rejects(pool.query('select nope from users'), /column/);
  await expect(pool.query('select nope from users')).resolves.toBeDefined();
}
";
    assert_eq!(with_users(app), ["app.ts undefined-column nope"]);
}

#[test]
fn a_property_of_an_unknown_object_may_be_a_column() {
    let app = "import { sql } from 'drizzle-orm';
async function load() { const it = await import('./schema'); return { db: null as any, users: it.users }; }
export async function run() {
  const { db, users } = await load();
  return db.select({ engine: sql<string>`${users.details}->>'engine'`.as('engine') }).from(users).groupBy(sql`${users.details}->>'engine'`);
}
";
    assert_eq!(with_users(app), Vec::<String>::new());
}

#[test]
fn units_of_time_of_mysql_are_no_columns() {
    quiet(&[
        ("package.json", r#"{ "dependencies": { "drizzle-orm": "0.45.4", "mysql2": "3" } }"#),
        ("drizzle.config.ts", "export default { dialect: 'mysql', schema: './schema.ts' };\n"),
        (
            "schema.ts",
            "import { mysqlTable, int, timestamp } from 'drizzle-orm/mysql-core';
export const stays = mysqlTable('stays', { id: int().primaryKey(), a: timestamp('a'), b: timestamp('b') });
",
        ),
        (
            "db.ts",
            "import { drizzle } from 'drizzle-orm/mysql2';
import * as schema from './schema';
export const db = drizzle('x', { schema, mode: 'default' });
",
        ),
        (
            "app.ts",
            "import { sql } from 'drizzle-orm';
import { db } from './db';
import { stays } from './schema';
await db.select({ m: sql<string>`AVG(TIMESTAMPDIFF(MINUTE, ${stays.a}, ${stays.b}))` }).from(stays);
",
        ),
    ]);
}

#[test]
fn a_folder_of_another_engine_is_left_alone() {
    quiet(&[
        ("package.json", r#"{ "dependencies": { "drizzle-orm": "0.45.4", "pg": "8" } }"#),
        ("src/duckdbMigrations/0000_a.sql", "create table a (id integer primary key, j json);\n"),
        (
            "src/duckdbMigrations/0001_b.sql",
            "insert into a by name select 1 as id, json_extract_string('{}', '$.a') as j, x::text;\n",
        ),
        (
            "questdb-init.sql",
            "create table m (ts timestamp, name symbol capacity 16 cache) timestamp(ts) partition by day wal;\n",
        ),
    ]);
}

#[test]
fn diesel_runs_some_migrations_in_no_transaction() {
    let mut files = vec![
        ("migrations/00000000000000_a/up.sql", "create table users (id int primary key, a text);\n"),
        ("migrations/00000000000000_a/down.sql", "drop table users;\n"),
        ("migrations/2026-07-30-140000-0000_b/up.sql", "create index concurrently i on users (a);\n"),
        ("migrations/2026-07-30-140000-0000_b/down.sql", "drop index i;\n"),
    ];
    assert_eq!(
        problems(&files),
        ["migrations/2026-07-30-140000-0000_b/up.sql concurrently-in-transaction concurrently"]
    );
    files.push(("migrations/2026-07-30-140000-0000_b/metadata.toml", "run_in_transaction = false\n"));
    quiet(&files);
}

#[test]
fn a_role_may_have_a_schema_in_its_path() {
    let app = "import type { Pool } from 'pg';
export const a = (pool: Pool) => pool.query('select anything from people');
export const b = (pool: Pool) => pool.query('select anything from nobody');
";
    let files = [
        ("db/migrations/0001_a.sql", "create schema app; create table app.people (id int);\n"),
        ("src/app.ts", app),
    ];
    assert_eq!(problems(&files), ["src/app.ts undefined-table nobody"]);
}

#[test]
fn a_test_may_make_the_table_anew() {
    let app = "import type { Sql } from 'postgres';
export async function start(db: Sql) {
  await db.unsafe(`CREATE TABLE \"users\" (id text, email text)`);
  await db.unsafe(`insert into users (email) values ('b')`);
}
";
    assert_eq!(with_users(app), Vec::<String>::new());
    assert_ne!(with_users(&app.replace("TABLE", "TABLE IF NOT EXISTS")), Vec::<String>::new());
}

#[test]
fn a_script_may_ask_whether_a_table_is_there() {
    let app = "import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
const db = drizzle('x');
async function exists(name: string) {
  const found = await db.execute(sql`select to_regclass(${name}) as it`);
  return found.rows.length > 0;
}
export async function clear() {
  if (await exists('legacy')) await db.execute(sql`delete from legacy`);
  await db.execute(sql`select nope from users`);
}
";
    assert_eq!(with_users(app), ["app.ts undefined-column nope"]);
    let app = app.replace("to_regclass", "upper");
    assert_eq!(with_users(&app), ["app.ts undefined-table legacy", "app.ts undefined-column nope"]);
}

#[test]
fn a_body_makes_tables_of_its_parameters_numbers() {
    quiet(&[(
        "supabase/migrations/20240101000000_a.sql",
        "create table ds (id int, round int, user_id int);
create function u(round integer, b text) returns void language plpgsql as $function$
begin
    create temporary table ts on commit drop as select distinct d.user_id from ds d where d.round = $1;
    create temp table t2 as select d.user_id as n from ds d where d.round = u.round and $2 = 'x';
    update ds set user_id = n from t2 where $1 = 2;
end $function$;
create function v(integer) returns void language plpgsql as $$
begin
    create temp table ts as select d.user_id from ds d where d.round = $1;
end $$;
",
    )]);
}

#[test]
fn settings_of_servers_that_speak_postgresql() {
    let app = "import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
const db = drizzle('x');
export const merge = () => db.execute(sql`SET dolt_allow_commit_conflicts = 1`);
export const other = () => db.execute(sql`SET allow_commit_conflicts = 1`);
";
    assert_eq!(with_users(app), ["app.ts undefined-object allow_commit_conflicts"]);
}

#[test]
fn a_handle_may_have_another_schema_than_the_configuration() {
    let app = "import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import * as own from './own';
const db = drizzle(new Pool(), { schema: own });
export const a = await db.execute(sql`select nick, title from users`);
export const b = await db.transaction(async (tx) => tx.execute(sql`select nick from users`));
export const c = await db.execute(sql`select nope from users`);
";
    let mut files = DRIZZLE.to_vec();
    let own = "import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: uuid().primaryKey(), nickName: text('nick'), title: text() });
";
    files.extend([("schema.ts", USERS), ("own.ts", own), ("app.ts", app)]);
    assert_eq!(problems(&files), ["app.ts undefined-column nope"]);
}

#[test]
fn one_of_two_clients_is_of_another_database() {
    let app = "import { Client } from 'pg';
const base = { host: 'x' };
const old = new Client({ ...base, database: OLD });
const now = new Client({ ...base, database: NOW });
export const a = await old.query('select a from users join \"Category\" using (id)');
export const b = await now.query('select id from users');
";
    assert_eq!(with_users(app), Vec::<String>::new());
    let only = "import { Client } from 'pg';
const now = new Client({ host: 'x', database: 'now' });
export const a = await now.query('select a from users');
";
    assert_eq!(with_users(only), ["app.ts undefined-column a"]);
}

#[test]
fn virtual_tables_that_the_program_makes() {
    let schema = "import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const users = sqliteTable('users', { id: text().primaryKey() });
";
    let app = "import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
const db = drizzle('x.db');
export const a = db.all(sql`select id, body from search_index`);
";
    let config = "export default { dialect: 'sqlite', schema: './schema.ts' };\n";
    let of = |setup: &'static str| {
        [
            ("package.json", DRIZZLE[0].1),
            ("drizzle.config.ts", config),
            ("schema.ts", schema),
            ("app.ts", app),
            ("setup.ts", setup),
        ]
    };
    quiet(&of("const indexTable = 'search_index';
export const create = () => `CREATE VIRTUAL TABLE ${indexTable} USING fts5(` + columns() + ')';
"));
    quiet(&of("export const create = (name: string) => `create table ${name} (id text)`;\n"));
    assert_eq!(problems(&of("export const nothing = 1;\n")), ["app.ts undefined-table search_index"]);
}

#[test]
fn a_text_with_holes_is_another_languages_template() {
    let mut files = DRIZZLE.to_vec();
    files.push(("schema.ts", USERS));
    files.push((
        "src/list.sql",
        "select id from users\nwhere id is not null\n{} limit $1;\nselect nope from users;\n",
    ));
    assert_eq!(problems(&files), ["src/list.sql undefined-column nope"]);
}

#[test]
fn a_test_may_make_its_tables_from_another_modules_text() {
    let tables = "export const createTables = `
  create table if not exists other (id int);
  create table if not exists \"users\" (\"ownId\" text);
`;
";
    let app = "import postgres from 'postgres';
import { createTables } from './tables';
const pg = postgres('x');
await pg.unsafe(createTables);
await pg.unsafe(`insert into users (\"ownId\") values ('a')`);
";
    let mut files = DRIZZLE.to_vec();
    files.extend([("schema.ts", USERS), ("tables.ts", tables), ("app.test.ts", app)]);
    quiet(&files);
    files.pop();
    let without = app.replace("await pg.unsafe(createTables);", "");
    files.push(("app.test.ts", &without));
    assert_eq!(problems(&files), ["app.test.ts undefined-column \"ownId\""]);
}

#[test]
fn a_test_may_give_a_column_another_type() {
    let schema = "import { pgEnum, pgTable, uuid } from 'drizzle-orm/pg-core';
export const origin = pgEnum('origin', ['ai', 'manual']);
export const plans = pgTable('plans', { id: uuid().primaryKey(), origin: origin() });
";
    let app = "import postgres from 'postgres';
const sql = postgres('x');
const restore = `
  alter table plans alter column origin set data type text using origin::text;
  drop type origin;
  create type origin as enum ('ai', 'manual', 'pdf');
  alter table plans alter column origin set data type origin using origin::origin;
`;
await sql.unsafe(restore);
await sql`insert into plans (id, origin) values ('0198c5d4-0000-7000-8000-000000000000', 'pdf')`;
";
    let mut files = DRIZZLE.to_vec();
    files.extend([("schema.ts", schema), ("app.test.ts", app)]);
    quiet(&files);
}

#[test]
fn a_script_that_makes_a_table_if_there_is_none() {
    let mut files = DRIZZLE.to_vec();
    files.push(("schema.ts", USERS));
    files.push((
        "docs/tables.sql",
        "create table if not exists users (id uuid primary key, survey_id uuid);
create index if not exists users_survey on users (survey_id);
select other_id from users;
",
    ));
    assert_eq!(problems(&files), ["docs/tables.sql undefined-column other_id"]);
}

#[test]
fn a_block_ends_where_it_returns() {
    let block = |found: &str| {
        format!(
            "create table u (id int);
do $$ begin
  if not exists (select 1 from pg_class where relname = '{found}' and relnamespace = 'public'::regnamespace) then return; end if;
  create table log (id int);
end $$;
"
        )
    };
    let found = |block: &str| {
        problems(&[("supabase/migrations/20240101000000_a.sql", block), ("q.sql", "select * from log;\n")])
    };
    assert_eq!(found(&block("log")), ["q.sql undefined-table log"]);
    assert_eq!(found(&block("u")), Vec::<String>::new());
}

#[test]
fn a_driver_that_is_imported_within_a_function() {
    let app = "export async function a() { const { pool } = await import('./db'); await pool.query('select nope1 from users'); }
export async function b() { const { pool: db } = await import('./db'); await db.query('select nope2 from users'); }
export async function c() { const it = await import('./db'); await it.pool.query('select nope3 from users'); }
export function d() { const pg = require('pg'); return new pg.Pool().query('select nope4 from users'); }
";
    let db = "import { Pool } from 'pg';\nconst pool = new Pool();\nexport { pool };\n";
    let mut files = DRIZZLE.to_vec();
    files.extend([("schema.ts", USERS), ("app.ts", app), ("db.ts", db)]);
    let expected: Vec<String> = (1..=4).map(|it| format!("app.ts undefined-column nope{it}")).collect();
    assert_eq!(problems(&files), expected);
}

#[test]
fn a_driver_is_known_by_what_helpers_and_classes_are_said_to_take_and_give() {
    let app = "import { getPool, inTransaction, Database, type Test } from './db';
export const a = () => inTransaction(async (client) => { await client.query('select nope1 from users'); });
export class B {
  constructor(private readonly db: Database) {}
  async f() { await this.run(1, async (client, row) => { await client.query('select nope2 from users'); }); }
  private async run<T>(n: number, work: (client: import('pg').PoolClient, row: string) => Promise<T>): Promise<T> { throw n; }
  async g() { await this.db.query('select nope3 from users'); }
  async h() { const c = await this.db.open(); await c.query('select nope4 from users'); }
}
export const c = (pool: Test['pool']) => pool.query('select nope5 from users');
export async function d() { const pool = getPool(1); await pool.query('select nope6 from users'); }
export const e = (pool: ReturnType<typeof getPool>) => pool.query('select nope7 from users');
export const f = (it: Database) => it.transaction(async ({ client }) => client.query('select nope8 from users'));
export const g = () => new Database(getPool(2)).query('select nope9 from users');
export const other = (it: { each(f: (client: Api) => void): void }) => it.each((client) => client.query('select nope from users'));
interface Api { query(text: string): string[] }
";
    let db = "import { Pool, type PoolClient } from 'pg';
export function getPool(max: number) {
  const options = { max };
  const pool = new Pool(options);
  pool.on('error', () => { console.log('gone'); });
  return pool;
}
export async function inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> { throw work; }
export interface Test { pool: Pool; open(): Promise<PoolClient> }
export class Database {
  constructor(private readonly pool: Pool) {}
  async query(text: string, values?: unknown[]): Promise<unknown> { return this.pool.query(text, values); }
  async open(): Promise<PoolClient> { return this.pool.connect(); }
  async transaction<T>(work: (scope: { client: PoolClient }) => Promise<T>): Promise<T> { throw work; }
}
";
    let mut files = DRIZZLE.to_vec();
    files.extend([("schema.ts", USERS), ("app.ts", app), ("db.ts", db)]);
    let expected: Vec<String> = (1..=9).map(|it| format!("app.ts undefined-column nope{it}")).collect();
    assert_eq!(problems(&files), expected);
}

#[test]
fn a_script_that_adds_columns_has_the_others_of_the_table() {
    let app = "import { Pool } from 'pg';
const pool = new Pool();
await pool.query(`alter table users add column if not exists tags text[], add column prio numeric(3, 1)`);
await pool.query('select tags, prio, nope from users');
await pool.query(`insert into users (id) values (gen_random_uuid())`);
";
    let expected = ["app.ts undefined-column nope", "app.ts missing-required-column users"];
    assert_eq!(with_users(app), expected);
    assert_eq!(
        with_users(&app.replace("add column prio", "alter column name drop not null, add column prio")),
        Vec::<String>::new()
    );
    assert_eq!(with_users(&app.replace("prio numeric(3, 1)", "${name} int")), Vec::<String>::new());
    assert_eq!(with_users(&app.replace("prio numeric(3, 1)`", "` + name")), Vec::<String>::new());
}

#[test]
fn an_awaited_template_of_a_promising_tag_is_a_query() {
    let app = "import postgres from 'postgres';
import { neon } from '@neondatabase/serverless';
import { sql as vercel } from '@vercel/postgres';
const sql = postgres('x');
const n = neon('x');
const has = (name: string) => sql`and nope0 = ${name}`;
const all = sql`select nope0 from other`;
export const f1 = async () => { await sql`select nope1 from users` };
export const f2 = async () => { const [row] = await sql<{ x: string }[]>`select nope2 from users`; return row };
export const f3 = async () => { await sql.begin(async (tx) => { await tx`update users set nope3 = 1` }) };
export const f4 = async () => sql`select nope4 from users`;
export const f5 = () => n`select nope5 from users`.then((rows) => rows);
export const f6 = async () => { await Promise.all([vercel`select nope6 from users`]) };
export async function f7(sql: postgres.Sql) { await sql`select nope7 from users`.values() }
export const f8 = async () => { await sql`selec id from users` };
export const f9 = async () => { await sql`select id from users where true ${has('a')} ${sql`order by nope9`}` };
export const f10 = () => sql`select nope10 from other`;
";
    assert_eq!(
        with_users(app),
        [
            "app.ts undefined-column nope1",
            "app.ts undefined-column nope2",
            "app.ts undefined-column nope3",
            "app.ts undefined-column nope4",
            "app.ts undefined-column nope5",
            "app.ts undefined-column nope6",
            "app.ts undefined-column nope7",
            "app.ts syntax-error selec",
        ]
    );
}

#[test]
fn a_template_of_kysely_is_a_query_where_it_is_executed() {
    let app = "import { Kysely, sql } from 'kysely';
export const f1 = (db: Kysely<unknown>) => sql`select nope1 from users`.execute(db);
export const f2 = sql<string>`nope2`.as('x');
";
    assert_eq!(with_users(app), ["app.ts undefined-column nope1"]);
}

#[test]
fn a_script_may_ask_whether_a_column_is_there() {
    let app = "import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
const db = drizzle('x');
const found = await db.execute(sql`select 1 from information_schema.columns where column_name = 'title'`);
if (found.rows.length > 0) await db.execute(sql`select title, nope from users`);
";
    assert_eq!(with_users(app), ["app.ts undefined-column nope"]);
}

#[test]
fn a_block_may_complete_a_table_that_another_tool_made() {
    quiet(&[(
        "supabase/migrations/20240101000000_a.sql",
        "create table t (id int);
alter table users add column nick text;
do $$ begin
  if not exists (select 1 from information_schema.columns where table_name = 'users' and column_name = 'url') then
    alter table users add column url text;
  end if;
end $$;
",
    )]);
}

#[test]
fn a_virtual_table_of_a_migration_is_a_table() {
    let files = [
        ("package.json", r#"{ "dependencies": { "drizzle-orm": "0.38.4", "better-sqlite3": "11" } }"#),
        (
            "drizzle.config.ts",
            "export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle' };\n",
        ),
        (
            "schema.ts",
            "import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const events = sqliteTable('events', { id: text('id').primaryKey() });
",
        ),
        (
            "drizzle/meta/_journal.json",
            r#"{"version":"7","dialect":"sqlite","entries":[{"idx":0,"version":"6","when":1,"tag":"0000_a","breakpoints":true}]}"#,
        ),
        (
            "drizzle/0000_a.sql",
            "CREATE TABLE `events` (`id` text PRIMARY KEY NOT NULL);
--> statement-breakpoint
CREATE VIRTUAL TABLE IF NOT EXISTS `search` USING fts5(text, event UNINDEXED, tokenize = 'unicode61');
",
        ),
        (
            "app.ts",
            "import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
const db = drizzle('x.db');
export const clear = () => db.run(sql`delete from search where event = 'a'`);
export const rebuild = () => db.run(sql`insert into search(search) values ('rebuild')`);
export const other = () => db.run(sql`delete from searches where event = 'a'`);
",
        ),
    ];
    assert_eq!(problems(&files), ["app.ts undefined-table searches"]);
}

#[test]
fn composite_types_of_extensions_have_columns() {
    let app = "import { Pool } from 'pg';
const pool = new Pool();
export const a = () => pool.query('select (st_dump(st_generatepoints(u.geom, 5))).geom as geom from units u');
export const b = () => pool.query('select d.geom, d.path[1] from units u, st_dump(u.geom) d');
export const c = () => pool.query('select (st_isvaliddetail(geom)).reason, (st_isvaliddetail(geom)).location from units');
export const d = () => pool.query(`select row_name, category_2 from crosstab2('select a, b, c from t')`);
export const e = () => pool.query('select (st_dump(u.geom)).nope from units u');
";
    let migration = "create extension postgis; create extension tablefunc;
create table units (id int primary key, geom geometry(MultiPolygon, 4326));
";
    let files = [("migrations/0001_a.sql", migration), ("app.ts", app)];
    assert_eq!(problems(&files), ["app.ts undefined-column st_dump(u.geom)).nope"]);
}

#[test]
fn templates_are_filled_in_before_they_run() {
    let init = "CREATE TABLE IF NOT EXISTS {{ index .Options \"Namespace\" }}.users (id uuid NOT NULL);
create or replace function {{ index .Options \"Namespace\" }}.uid() returns uuid as $$
  select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid;
$$ language sql stable;
";
    let body = "do $$ begin
  alter table {{ index .Options \"Namespace\" }}.users add column name text;
end $$;
";
    let app = "import { Pool } from 'pg';
export const a = (pool: Pool) => pool.query('select * from ident.users');
";
    quiet(&[
        ("migrations/00_init.up.sql", init),
        ("migrations/01_body.up.sql", body),
        ("migrations/02_plain.up.sql", "alter table ident.users add column age int;\n"),
        ("src/app.ts", app),
    ]);
    // Of strings they are the text.
    let mail = "create table mails (body text); insert into mails (bodi) values ('Dear {{ name }}');\n";
    assert_eq!(problems(&[("migrations/0001_a.sql", mail)]), ["migrations/0001_a.sql undefined-column bodi"]);
}

#[test]
fn migrations_may_go_on_from_what_a_script_makes() {
    let step = "create or replace function queue.claim(a int) returns int language sql as $$ select a $$;
update queue.jobs set name = 'x';
create table quue.jobs (id int);
";
    let base = "create schema if not exists queue;
create table if not exists queue.jobs (name text primary key);
";
    let mut files = vec![("sql/migrations/0.0.3-0.0.4.sql", step)];
    let of = |it: &[(&str, &str)]| problems(it).len();
    assert_eq!(of(&files), 3);
    files.push(("sql/base.sql", base));
    assert_eq!(problems(&files), ["sql/migrations/0.0.3-0.0.4.sql undefined-schema quue.jobs"]);
}

#[test]
fn scripts_of_an_extension_run_in_its_schema() {
    let script = "create function ai.embed(model text) returns @extschema:vector@.vector
as 'MODULE_PATHNAME' language c;
";
    quiet(&[("ext/sql/migrations/001_a.sql", script)]);
    let plain = "create function ai.embed(model text) returns text language sql as $$ select model $$;\n";
    quiet(&[("ext/sql/migrations/001_a.sql", plain), ("ext/ai.control", "schema = ai\n")]);
    quiet(&[
        ("ext/sql/first/001_a.sql", script),
        ("ext/sql/output/ai.control", "schema = ai\n"),
        ("ext/sql/migrations/001_a.sql", plain),
    ]);
    assert_eq!(
        problems(&[("db/migrations/001_a.sql", plain), ("ext/ai.control", "schema = ai\n")]),
        ["db/migrations/001_a.sql undefined-schema ai.embed"]
    );
}
