mod practice;

use crate::lint::check;
use crate::testing::Fixture;

const SCHEMA: &str = "
//- /schema.sql
create type mood as enum ('happy', 'sad');
create table users (id int primary key, email text, created_at timestamptz, mood mood, line1 text, \"Weird\" text);
create table posts (id int primary key, title text);
";

/// Each fix of the cursor's file, `safe` before those that are.
fn fixes(text: &str) -> Vec<String> {
    let fixture = Fixture::new(&format!("{SCHEMA}{text}"));
    let report = check::file(&fixture.snap, fixture.pos().file).expect("nobody cancels");
    let fixes = report.diagnostics.iter().flat_map(|it| &it.fixes);
    fixes.map(|it| format!("{}{}", if it.safe { "safe " } else { "" }, it.title)).collect()
}

fn sql(text: &str) -> Vec<String> {
    fixes(&format!("//- /q.sql\n{text}<|>"))
}

#[test]
fn spellings_of_what_only_reads_are_safe() {
    assert_eq!(sql("select emial from users"), ["safe Change to email"]);
    assert_eq!(sql("select createdAt from users u"), ["safe Change to created_at"]);
    assert_eq!(sql("select id from user_s"), ["safe Change to users"]);
    assert_eq!(sql("select lenght(email) from users"), ["safe Change to length"]);
    assert_eq!(sql("select id from users where mood = 'hapy'"), ["safe Change to 'happy'"]);
    assert_eq!(sql("explain select emial from users"), ["safe Change to email"]);
    // Each of two slips on its own.
    assert_eq!(
        sql("select emial, tilte from users, posts"),
        ["safe Change to email", "safe Change to title"]
    );
}

#[test]
fn what_may_be_meant_otherwise_is_not_safe() {
    assert_eq!(sql("select line2 from users"), ["Change to line1"]);
    assert_eq!(sql("select emael from users"), ["Change to email"]);
    // It would be ambiguous.
    assert_eq!(sql("select emial from users a, users b"), ["Change to email"]);
    // The types would not fit.
    assert_eq!(sql("select 1 from users where emial > 1"), ["Change to email"]);
}

#[test]
fn what_writes_is_not_safe() {
    assert_eq!(sql("delete from users where emial = 'x'"), ["Change to email"]);
    assert_eq!(sql("update users set email = emial"), ["Change to email"]);
    assert_eq!(
        sql("with x as (delete from users where emial = 'x' returning *) select * from x"),
        ["Change to email"]
    );
    assert_eq!(sql("select emial into t from users"), ["Change to email"]);
}

#[test]
fn parts_of_statements_are_not_safe() {
    let script = |text: &str| fixes(&format!("//- /a.ts\nimport {{ sql }} from 'drizzle-orm';\n{text}<|>\n"));
    assert_eq!(script("db.execute(sql`select emial from users`);"), ["safe Change to email"]);
    // The predicate may be that of a DELETE.
    let built = script(
        "import { eq } from 'drizzle-orm';\ndb.delete(users).where(sql`(select emial from users) = 'x'`);",
    );
    assert!(built.iter().all(|it| !it.starts_with("safe")), "{built:?}");
    let doubtful = fixes(
        "//- /a.ts\nimport { sql } from './elsewhere';\ndb.execute(sql`select emial from users`);<|>\n",
    );
    assert_eq!(doubtful, ["Change to email"]);
}

#[test]
fn quotes_that_would_end_the_literal_are_not_written() {
    let script = |text: &str| {
        fixes(&format!("//- /a.ts\nimport {{ Pool }} from 'pg';\nconst pool = new Pool();\n{text}<|>\n"))
    };
    assert_eq!(script("pool.query('select wierd from users');"), ["safe Change to \"Weird\""]);
    assert_eq!(script("pool.query(\"select wierd from users\");"), Vec::<String>::new());
}

/// The codes of the cursor's file.
fn codes(text: &str) -> Vec<&'static str> {
    let fixture = Fixture::new(&format!("{SCHEMA}{text}"));
    let report = check::file(&fixture.snap, fixture.pos().file).expect("nobody cancels");
    report.diagnostics.iter().map(|it| it.code).collect()
}

#[test]
fn what_stands_before_a_syntax_error_is_not_blamed_too() {
    let script = "//- /app.ts\nimport { sql } from 'drizzle-orm';\nimport { drizzle } from 'drizzle-orm/node-postgres';\nconst db = drizzle();\n";
    let template =
        "export const a = (x: string) => db.execute(sql`select now() - interval ${x} from users`);<|>";
    assert_eq!(codes(&format!("{script}{template}")), ["syntax-error"]);
    assert_eq!(
        codes("//- /q.sql\nselect nothing, now() - interval 3 from users<|>"),
        ["undefined-column", "syntax-error"]
    );
}

#[test]
fn names_alone_are_blamed_beside_a_syntax_error() {
    assert_eq!(
        codes("//- /q.sql\nselect 'a', nothing, 'b' insert into made (id) select 1 from users<|>"),
        ["undefined-column", "syntax-error"]
    );
}

const DRIZZLE: &str = "
//- /package.json
{ \"dependencies\": { \"drizzle-orm\": \"0.45.4\", \"kysely\": \"1\", \"pg\": \"8\" } }
//- /drizzle.config.ts
export default { dialect: 'postgresql', schema: './schema.ts' };
//- /schema.ts
import { integer, pgTable, uuid } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: uuid().primaryKey() });
";

/// As [`codes`], in a project of Drizzle's.
fn drizzle_codes(text: &str) -> Vec<&'static str> {
    let fixture = Fixture::new(&format!("{DRIZZLE}{text}"));
    let report = check::file(&fixture.snap, fixture.pos().file).expect("nobody cancels");
    report.diagnostics.iter().map(|it| it.code).collect()
}

#[test]
fn another_library_may_speak_of_another_database() {
    let pool = |sql: &str| {
        drizzle_codes(&format!(
            "//- /app.ts\nimport {{ Pool }} from 'pg';\nconst pool = new Pool();\nexport const a = () => pool.query('{sql}');<|>"
        ))
    };
    assert!(pool("select x from accounting.readings").is_empty());
    assert!(pool("select x from readings").is_empty());
    // Nearly a name of ours, or beside one.
    assert_eq!(pool("select id from userz"), ["undefined-table"]);
    assert_eq!(pool("select 1 from users, readings"), ["undefined-table"]);
    let kysely = "//- /app.ts\nimport { sql } from 'kysely';\nexport const a = (db: any) => db.selectFrom('t').select((eb: any) => ['x', sql`object_id(table_schema)`.as('y')]);<|>";
    assert!(drizzle_codes(kysely).is_empty());
}

#[test]
fn what_a_host_makes_is_not_missed() {
    let hosted = "//- /q.sql\ninsert into storage.buckets (id) values ('x');\nselect auth.user_id();\nselect id from auth.users;<|>";
    assert!(drizzle_codes(hosted).is_empty());
    let dolt = "//- /q.sql\nselect dolt_commit('-Am', 'x'), active_branch();\nselect name, hash from dolt_branches;\nselect * from dolt_log('main') as l;<|>";
    assert!(drizzle_codes(dolt).is_empty(), "{:?}", drizzle_codes(dolt));
    assert_eq!(drizzle_codes("//- /q.sql\nselect nobody.user_id();<|>"), ["undefined-schema"]);
}

#[test]
fn a_dump_of_another_database_has_its_own_tables() {
    let dump = "//- /other/dump.sql\nCREATE TABLE public.users (id integer NOT NULL, token integer);\nCREATE SEQUENCE public.users_id_seq AS integer;\nALTER TABLE ONLY public.users ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);\nCOPY public.users (id, token) FROM stdin;\n\\.\n<|>";
    assert!(drizzle_codes(dump).is_empty(), "{:?}", drizzle_codes(dump));
}

#[test]
fn holes_of_unknown_tags_may_be_names() {
    let found = drizzle_codes(
        "//- /app.ts\nimport { sql } from './elsewhere';\nexport const a = (x: any, t: any) => x.execute(sql`select 1 from ${t} where ${t.id} = 1`);<|>",
    );
    assert!(found.is_empty(), "{found:?}");
}

/// What a schema hides may be casts, but none of a pseudo-type.
#[test]
fn rows_are_cast_to_nothing_whatever_is_hidden() {
    let of = |statement: &str| {
        let text = format!(
            "//- /schema.sql\ndo $$ declare s text; begin execute s; end $$;\ncreate table t (a text[]);\n//- /q.sql\n{statement}<|>"
        );
        let fixture = Fixture::new(&text);
        let report = check::file(&fixture.snap, fixture.pos().file).expect("nobody cancels");
        report.diagnostics.iter().map(|it| it.code).collect::<Vec<_>>()
    };
    assert_eq!(of("select array_cat(a, ($1, $2)::text[]) from t;"), ["cannot-coerce"]);
    assert_eq!(of("select a::xid from t;"), Vec::<&str>::new());
}
