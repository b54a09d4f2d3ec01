use std::collections::BTreeMap;
use std::sync::Arc;

use expect_test::{Expect, expect};

use super::{Built, build};
use crate::catalog::print::schema_sql;
use crate::db::{Disk, World};
use crate::project::Workspace;
use crate::project::database::Databases;
use crate::project::eval::Evaluator;
use crate::project::resolve::Resolver;

struct MapDisk(BTreeMap<String, String>);

impl Disk for MapDisk {
    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }
}

/// Builds the only database of the files, each of which starts with `//- /w/name`.
fn with_built(text: &str, test: impl FnOnce(&Built, &dyn Workspace)) {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut path = String::new();
    for line in text.lines() {
        match line.strip_prefix("//- ") {
            Some(name) => path = name.to_owned(),
            None => {
                let file = files.entry(path.clone()).or_default();
                file.push_str(line);
                file.push('\n');
            }
        }
    }
    files.retain(|path, _| !path.is_empty());
    let paths: Vec<String> = files.keys().cloned().collect();
    let mut world = World::new(Arc::new(MapDisk(files)), vec!["/w".into()]);
    for path in &paths {
        world.file_on_disk(path);
    }
    let snap = world.snapshot();
    let resolver = Resolver::new(&snap);
    let eval = Evaluator::new(&snap, &resolver);
    let databases = Databases::new(&eval);
    assert_eq!(databases.list.len(), 1, "one database");
    let built = databases.list.first().map(|it| build(&eval, it, None));
    if let Some(built) = built {
        test(&built, &snap);
    }
}

fn check(text: &str, expect: Expect) {
    with_built(text, |built, _| expect.assert_eq(&schema_sql(&built.catalog)));
}

const CONFIG: &str = "//- /w/package.json
{ \"name\": \"w\", \"dependencies\": { \"drizzle-orm\": \"0.45.0\" } }
//- /w/drizzle.config.ts
import { defineConfig } from 'drizzle-kit';
export default defineConfig({ dialect: 'postgresql', schema: './schema.ts', out: './drizzle' });
//- /w/drizzle/meta/_journal.json
{ \"version\": \"7\", \"dialect\": \"postgresql\", \"entries\": [ { \"idx\": 0, \"version\": \"7\", \"when\": 1, \"tag\": \"0000_init\", \"breakpoints\": true } ] }
";

#[test]
fn drizzle_is_the_truth_and_what_only_sql_makes_stays() {
    check(
        &format!(
            "{CONFIG}//- /w/schema.ts
import {{ pgTable, text, integer }} from 'drizzle-orm/pg-core';
export const users = pgTable('users', {{ id: integer().primaryKey(), name: text().notNull() }});
//- /w/drizzle/0000_init.sql
CREATE EXTENSION citext;
CREATE TABLE users (id integer PRIMARY KEY, name varchar(20));--> statement-breakpoint
CREATE TABLE raw (id integer);
ALTER TABLE users ADD COLUMN search tsvector;
CREATE INDEX users_search ON users USING gin (search);
CREATE FUNCTION f(integer) RETURNS text LANGUAGE sql AS $$ select 'x' $$;
"
        ),
        expect![[r#"
            CREATE EXTENSION IF NOT EXISTS citext;
            SET check_function_bodies = off;
            CREATE FUNCTION f(integer) RETURNS text LANGUAGE sql AS $$ select 'x' $$;
            CREATE TABLE raw (
                id integer
            );
            CREATE TABLE users (
                id integer NOT NULL,
                name text NOT NULL,
                search tsvector,
                PRIMARY KEY (id)
            );
            CREATE INDEX users_search ON users USING gin (search);
        "#]],
    );
}

#[test]
fn history_is_known_before_each_statement() {
    with_built(
        &format!(
            "{CONFIG}//- /w/schema.ts
import {{ pgTable, text, integer }} from 'drizzle-orm/pg-core';
export const users = pgTable('users', {{ id: integer().primaryKey() }});
//- /w/drizzle/0000_init.sql
CREATE TABLE a (id integer);
CREATE TABLE b (id integer);
DROP TABLE a;
"
        ),
        |built, ws| {
            let file = ws.file("/w/drizzle/0000_init.sql").expect("the migration");
            let names: Vec<String> = built
                .replay
                .states(ws, file, None)
                .iter()
                .map(|it| it.relations.keys().map(|it| it.name.to_string()).collect::<Vec<_>>().join(" "))
                .collect();
            assert_eq!(names, ["", "a", "a b", "b"]);
        },
    );
}

#[test]
fn without_drizzle_the_sql_files_are_the_schema() {
    check(
        "//- /w/db/schema.sql
create type mood as enum ('sad', 'ok');
create table people (id int generated always as identity primary key, current mood default 'ok', tags text[]);
create view happy as select id from people;
",
        expect![[r#"
            CREATE TYPE mood AS ENUM ('sad', 'ok');
            CREATE TABLE people (
                id integer GENERATED ALWAYS AS IDENTITY NOT NULL,
                current mood DEFAULT 'ok',
                tags text[],
                PRIMARY KEY (id)
            );
            CREATE VIEW happy AS select id from people;
        "#]],
    );
}
