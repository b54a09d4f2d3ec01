//! The SQL of `columnist schema`, executed by PostgreSQL: its catalogs hold afterwards what drizzle-kit's own
//! migration of the same schema modules makes, with the same definitions. Not compared, for the catalog does not keep
//! them: options and names of identity columns' sequences, Drizzle's storage parameters of indexes, collations of columns.
//!
//! Needs node and the packages of `tests/oracle`. With `COLUMNIST_PROJECTS=DIR`, public projects below DIR too.

use std::collections::BTreeSet;

use std::process::Command;

use columnist::base::file::FileId;
use columnist::base::text::slice;
use columnist::catalog::drizzle::{Casing, Line, catalog, read};
use columnist::catalog::print::schema_sql;
use columnist::db::Snapshot;
use columnist::load;
use columnist::project::Workspace;
use columnist::project::eval::Evaluator;
use columnist::project::resolve::Resolver;
use columnist::sql::{Dialect, split};
use serde_json::json;

#[path = "analyze/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "schema/projects.rs"]
#[allow(dead_code)]
mod projects;

use oracle::Server;

/// What a hosted PostgreSQL of Supabase has before any migration.
const HOSTED: [&str; 6] = [
    "create role anon",
    "create role authenticated",
    "create role service_role",
    "create schema auth",
    "create function auth.uid() returns uuid language sql as 'select null::uuid'",
    "create function auth.jwt() returns jsonb language sql as 'select null::jsonb'",
];

/// Differences of public projects that are none of the printer's: project, part of the line, reason.
const KNOWN: [(&str, &str, &str); 4] = [
    // `collatePgColumn(table.id, 'C')` patches the column's type when the module runs.
    ("autumn", "idx_customer_entitlements_reset_scan", "a helper of its own gives the column a collation"),
    // Two tables whose keys are called `users_pkey`: PostgreSQL refuses drizzle-kit's second one.
    ("midday", "auth.users", "drizzle-kit's own statement is refused: users_pkey exists"),
    ("midday", "users_pkey", "drizzle-kit's own statement is refused: users_pkey exists"),
    ("midday", "ON public.\"auth", "drizzle-kit's own statement is refused: users_pkey exists"),
];

fn root() -> String {
    env!("CARGO_MANIFEST_DIR").replace('\\', "/")
}

fn statements(text: &str) -> Vec<String> {
    let pieces = split::split(text, Dialect::Postgres).into_iter();
    pieces.filter(|it| it.kind == split::PieceKind::Sql).map(|it| slice(text, it.range).to_owned()).collect()
}

/// What drizzle-kit 0.31 writes for the modules, beginning with nothing.
fn of_kit(casing: &str, files: &[String]) -> Result<Vec<String>, String> {
    let output = Command::new("node")
        .arg(format!("{}/tests/oracle/kit-snapshot.mjs", root()))
        .args(["--sql", "postgresql", casing])
        .args(files)
        .output()
        .map_err(|it| it.to_string())?;
    serde_json::from_slice(&output.stdout).map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Makes an empty database with the extensions that types of the schema come from, runs the statements and says what
/// is there then.
fn execute(server: &mut Server, statements: &[String], refused: &mut Vec<String>) -> BTreeSet<String> {
    assert_eq!(server.ask(&json!({"op": "reset"}))["ok"], true);
    for name in
        ["vector", "citext", "pg_trgm", "btree_gin", "btree_gist", "pgcrypto", "uuid-ossp", "unaccent"]
    {
        assert_eq!(server.ask(&json!({"op": "extension", "name": name}))["ok"], true, "{name}");
    }
    for sql in HOSTED {
        assert_eq!(server.exec(sql)["ok"], true, "{sql}");
    }
    for sql in statements {
        let answer = server.exec(sql);
        if answer["ok"] != true {
            refused.push(format!("{} {}: {sql}", answer["sqlstate"], answer["message"]));
        }
    }
    server.exec("set search_path = ''");
    let answer = server.exec(include_str!("schema/definitions.sql"));
    server.exec("reset search_path");
    let rows = answer["rows"].as_array().unwrap_or_else(|| panic!("{answer}"));
    rows.iter().filter_map(|it| it[0].as_str()).map(str::to_owned).collect()
}

/// Functions that the project makes by hand, outside of what Drizzle sees: generated columns become plain ones.
fn without_functions(statements: &[String], missing: &[String]) -> Vec<String> {
    let calls = |it: &str| missing.iter().any(|name| it.contains(&format!("{name}(")));
    let plain = |it: &String| {
        let lines = it.lines().map(|line| match line.find(" GENERATED ALWAYS AS (") {
            Some(at) if calls(line) => format!("{},", line.get(..at).unwrap_or("")),
            _ => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    statements.iter().map(plain).collect()
}

/// The names of functions that PostgreSQL did not find.
fn missing_functions(refused: &[String]) -> Vec<String> {
    let name = |it: &String| {
        let rest = it.split_once("function ")?.1;
        it.starts_with("\"42883\"").then(|| rest.split('(').next().unwrap_or("").to_owned())
    };
    refused.iter().filter_map(name).collect()
}

/// What differs between the two ways to make the schema, a line each.
fn compare(server: &mut Server, ours: &str, kit: &[String]) -> (usize, Vec<String>) {
    let ours = statements(ours);
    let mut wrong = Vec::new();
    let mut theirs_refused = Vec::new();
    let mut made = execute(server, &ours, &mut wrong);
    let mut expected = execute(server, kit, &mut theirs_refused);
    // Generated columns that call each other's functions show one missing name at a time.
    let mut missing = Vec::new();
    for _ in 0..4 {
        missing.extend(missing_functions(&theirs_refused));
        if missing_functions(&theirs_refused).is_empty() {
            break;
        }
        wrong.clear();
        theirs_refused.clear();
        made = execute(server, &without_functions(&ours, &missing), &mut wrong);
        expected = execute(server, &without_functions(kit, &missing), &mut theirs_refused);
    }
    // What drizzle-kit's own statement cannot say in PostgreSQL's words, ours need not either.
    let n_refused = theirs_refused.len();
    for it in &theirs_refused {
        println!("drizzle-kit's own: {}", it.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    wrong.retain(|_| n_refused == 0);
    wrong.extend(made.difference(&expected).map(|it| format!("+ {it}")));
    wrong.extend(expected.difference(&made).map(|it| format!("- {it}")));
    (expected.len(), wrong)
}

fn printed(snap: &Snapshot, files: &[FileId], line: Line, casing: Casing) -> String {
    let resolver = Resolver::new(snap);
    let eval = Evaluator::new(snap, &resolver);
    schema_sql(&catalog(&read(&eval, files, line, casing, Dialect::Postgres, None), Dialect::Postgres))
}

fn server() -> Server {
    Server::start().expect("the oracles are not installed: run npm ci in tests/oracle")
}

#[test]
fn the_sample_and_the_cases_make_the_schema_that_drizzle_kit_makes() {
    let mut server = server();
    let sample = format!("{}/tests/workspaces/blog", root());
    let case = |name: &str| format!("{}/tests/oracle/cases/kit/{name}", root());
    let all = [
        (sample, "src/lib/db/schemas", Casing::Snake),
        (case("stable-pg"), "schema.ts", Casing::Keep),
        (case("casing-pg"), "schema.ts", Casing::Snake),
    ];
    for (home, schema, casing) in all {
        let snap = load::world(vec![home.clone()]).snapshot();
        let files = projects::schema_paths(&snap, &home, &[schema]);
        let ids: Vec<FileId> = files.iter().filter_map(|it| snap.file(it)).collect();
        let word = if casing == Casing::Snake { "snake_case" } else { "none" };
        let kit = of_kit(word, &files).unwrap_or_else(|it| panic!("{it}"));
        let (n_facts, wrong) = compare(&mut server, &printed(&snap, &ids, Line::V0, casing), &kit);
        assert!(n_facts > 20, "{home}: {n_facts} facts");
        assert!(wrong.is_empty(), "{home}: ours (+), drizzle-kit's (-)\n{}", wrong.join("\n"));
    }
}

/// Definitions of scripts that Drizzle cannot say, those of several statements, and texts that end with comments.
const WRITTEN: &str = "
create table t (id int primary key, o int, during tstzrange, room int, a text default 'x' -- why
);
alter table t add constraint t_u unique (id);
alter table t add constraint t_check check (o > 0 -- more
) not valid;
alter table t add constraint t_valid check (o > 1) not valid;
alter table t validate constraint t_valid;
alter table t add constraint t_alone check (o > 2) no inherit;
alter table t add constraint t_key unique (o) include (room, a);
alter table t add constraint t_late unique (room) deferrable;
alter table t add constraint t_room exclude using gist (room with =, during with &&) where (o > 0 -- some
);
alter table t rename column room to chamber;
create index t_a on t (a) include (o, chamber) with (fillfactor = 70, deduplicate_items = off) where a <> '' -- full
;
create unique index t_lower on t (lower(a) -- small
);
create index t_hash on t using hash (a);
create table f (id int, t_id int constraint f_t references t (id) on delete cascade, other int);
alter table f add constraint f_other foreign key (other) references t (o) deferrable not valid;
create view v as select id from t -- all
;
alter table t enable row level security;
create policy p on t for select using (
  id = 1 -- mine
  or o = 1 -- shared
);
create table t2 (a int, b int, primary key (a, b));
create table p (id int not null, region text, at timestamptz not null, primary key (id, at)) partition by range (at);
create table p_2020 partition of p for values from ('2020-01-01') to ('2021-01-01');
create table p_rest partition of p default;
create index p_region on p (region);
alter table p add constraint p_t foreign key (id) references t (id);
create table h (id int) partition by hash (id);
create table h_0 partition of h for values with (modulus 2, remainder 0);
create table l (id int, kind text) partition by list (lower(kind));
create table l_a partition of l for values in ('a', null) partition by range (id);
create table l_a_1 partition of l_a for values from (minvalue) to (10);
create unlogged table n (a int, b text, unique nulls not distinct (a, b));
create table s (id serial, big bigserial, low int generated always as identity);
alter sequence s_big_seq increment 5 maxvalue 1000;
create schema tools;
create type pair as (a int, rows n[]);
create type outer_pair as (p pair, q text);
create function tools.slug(text) returns text language sql immutable as 'select lower($1)';
create function total(n) returns bigint language plpgsql as $$ begin return (select count(*) from w where first = $1.a); end $$;
create function touch() returns trigger language plpgsql as $$ begin new.a := 1; return new; end $$;
create function pairs() returns setof outer_pair language sql as 'select null::outer_pair';
create procedure clean(a int default 1) language sql as 'delete from n where a = $1';
create table d (id int primary key, a int, b int, slug text default tools.slug('X'), t_id int references t deferrable initially deferred,
  unique (a, b) deferrable initially deferred);
create table e (a int, b int, c int, foreign key (a, b) references t2 on delete set null (b));
create index d_slug on d (tools.slug(slug) text_pattern_ops);
create view w (first, second) with (security_barrier = true) as select a, b from n;
create view w2 as select a as x from n where a > 0 with local check option;
alter view w2 rename column x to y;
create function firsts() returns setof w language sql as 'select * from w';
create materialized view m (c, sum) as select a, count(*) from n group by 1;
create trigger n_touch before insert or update of a on n for each row when (new.a > 0) execute function touch();
create constraint trigger d_check after insert on d deferrable initially deferred for each row execute function touch();
alter trigger n_touch on n rename to n_touched;
alter function touch() rename to touched;
";

/// What [`execute`] leaves out of PostgreSQL's catalogs.
const MORE: &str = "select 'key ' || pg_get_partkeydef(oid) from pg_class where relkind = 'p'
    union all select 'bound ' || relname || ' ' || pg_get_expr(relpartbound, oid) from pg_class where relispartition and relkind in ('r', 'p')
    union all select 'index ' || pg_get_indexdef(indexrelid) from pg_index where indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
    union all select 'persistence ' || relname || relpersistence::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
    union all select 'function ' || pg_get_functiondef(oid) from pg_proc where prokind in ('f', 'p') and pronamespace in (select oid from pg_namespace where nspname in ('public', 'tools')) and proname in ('slug', 'total', 'touched', 'clean', 'firsts', 'pairs')
    union all select 'sequence ' || seqrelid::regclass || ' ' || seqtypid::regtype || concat_ws(' ', '', seqstart, seqincrement, seqmin, seqmax) from pg_sequence
    union all select 'owned ' || objid::regclass || ' ' || refobjid::regclass || ' ' || refobjsubid from pg_depend where deptype = 'a' and classid = 'pg_class'::regclass and objid in (select seqrelid from pg_sequence)
    union all select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all select 'view ' || relname || coalesce(reloptions::text, '') || pg_get_viewdef(oid) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')";

#[test]
fn what_scripts_make_is_printed_as_it_is() {
    let parsed = columnist::sql::parse(WRITTEN, Dialect::Postgres);
    let path = vec![columnist::sql::Ident::new("public")];
    let mut catalog = columnist::catalog::Catalog { search_path: path, ..Default::default() };
    for (idx, (range, statement)) in parsed.statements.iter().enumerate() {
        let loc = columnist::facts::Loc(u32::try_from(idx).unwrap_or(0));
        columnist::catalog::fold::apply(&mut catalog, FileId(0), loc, statement, slice(WRITTEN, *range));
    }
    let printed = schema_sql(&catalog);
    let mut server = server();
    let mut facts = |text: &str| {
        let mut refused = Vec::new();
        let mut res = execute(&mut server, &statements(text), &mut refused);
        assert!(refused.is_empty(), "{}\n{text}", refused.join("\n"));
        let answer = server.exec(MORE);
        let rows = answer["rows"].as_array().unwrap_or_else(|| panic!("{answer}"));
        res.extend(rows.iter().filter_map(|it| it[0].as_str()).map(str::to_owned));
        res
    };
    let (expected, made) = (facts(WRITTEN), facts(&printed));
    let differing: Vec<&String> = expected.symmetric_difference(&made).collect();
    assert!(expected.len() > 60, "{}", expected.len());
    assert!(differing.is_empty(), "{differing:#?}\n{printed}");
}

#[test]
fn public_projects_make_the_schema_that_drizzle_kit_makes() {
    let Ok(dir) = std::env::var("COLUMNIST_PROJECTS") else { return };
    let only = std::env::var("COLUMNIST_PROJECT").ok();
    let mut server = server();
    let mut n_wrong = 0;
    for project in projects::cases(&dir, only.as_deref()) {
        if project.dialect != Dialect::Postgres || !project.is_listed {
            continue;
        }
        let files = &project.files;
        let ids: Vec<FileId> = files.iter().filter_map(|it| project.snap.file(it)).collect();
        let ours = printed(&project.snap, &ids, project.line, project.casing);
        if project.line == Line::V1 {
            // Its drizzle-kit is not in the registry: what we print must run.
            let mut refused = Vec::new();
            let n_facts = execute(&mut server, &statements(&ours), &mut refused).len();
            // Functions, of which only names are known, stand as comments.
            refused.retain(|it| !it.starts_with("\"42883\""));
            println!("{}: {n_facts} facts, {} statements refused", project.name, refused.len());
            n_wrong += refused.len();
            println!("{}", refused.join("\n"));
            continue;
        }
        let kit = match of_kit(project.words()[1], files) {
            Ok(it) => it,
            Err(reason) => {
                println!("{}: drizzle-kit: {reason}", project.name);
                continue;
            }
        };
        let (n_facts, mut wrong) = compare(&mut server, &ours, &kit);
        wrong.retain(|line| !KNOWN.iter().any(|it| it.0 == project.name && line.contains(it.1)));
        println!("{}: {n_facts} facts of PostgreSQL's catalogs, {} differences", project.name, wrong.len());
        println!("{}", wrong.join("\n"));
        n_wrong += wrong.len();
    }
    assert_eq!(n_wrong, 0, "differences to drizzle-kit's schema");
}
