use std::fmt::Write;

use expect_test::{Expect, expect};

use super::find;
use crate::project::Workspace;
use crate::project::eval::Evaluator;
use crate::project::resolve::Resolver;
use crate::testing::TestWorkspace;

fn check(fixture: &str, expect: Expect) {
    let ws = TestWorkspace::new(fixture);
    let resolver = Resolver::new(&ws);
    let eval = Evaluator::new(&ws, &resolver);
    let mut res = String::new();
    for it in find(&eval) {
        let files: Vec<_> = it.schema_files.iter().map(|it| ws.path(*it).to_string()).collect();
        let _ = write!(res, "{} {:?} {} -> {}", ws.path(it.file), it.dialect, files.join(" "), it.out);
        if let Some(casing) = it.casing {
            let _ = write!(res, " {casing:?}");
        }
        for problem in &it.problems {
            let _ = write!(res, "\n  ! {}", problem.message);
        }
        res.push('\n');
    }
    expect.assert_eq(&res);
}

#[test]
fn every_way_to_say_schema() {
    check(
        r#"
//- /package.json
{ "name": "app" }
//- /drizzle.config.ts
import { defineConfig } from 'drizzle-kit';
import { env } from './src/env';
export default defineConfig({ schema: './src/db/schemas', out: './src/db/migrations', dialect: 'postgresql', casing: 'snake_case', dbCredentials: { url: env.URL } });
//- /drizzle-list.config.mts
import type { Config } from 'drizzle-kit';
const base = { dialect: 'sqlite' } as const;
export default { ...base, schema: ['./src/one.ts', './src/db/schemas/a.ts'] } satisfies Config;
//- /drizzle.config.glob.ts
export default { dialect: 'mysql', schema: './src/**/{a,b}.ts', out: 'drizzle' };
//- /drizzle.config.dirs.ts
export default { dialect: 'turso', schema: 'src/db/*' };
//- /configs/events.ts
import type { Config } from 'drizzle-kit';
export default { dialect: 'postgresql', schema: process.env.SCHEMA ?? './src/one.ts' } satisfies Config;
//- /drizzle.config.json
{ "dialect": "postgresql", "schema": "./src/one.ts", "migrations": { "table": "m" } }
//- /drizzle.config.url.ts
import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
export default [{ dialect: 'postgresql', schema: relative(process.cwd(), fileURLToPath(new URL('./src/one.ts', import.meta.url))) }];
//- /src/one.ts
//- /src/env.ts
export const env = load();
//- /src/db/schemas/a.ts
//- /src/db/schemas/index.ts
//- /src/db/schemas/readme.json
//- /src/db/schemas/deep/b.ts
"#,
        expect![[r#"
            /configs/events.ts Some(Postgres) /src/one.ts -> /drizzle
            /drizzle-list.config.mts Some(Sqlite) /src/one.ts /src/db/schemas/a.ts -> /drizzle
            /drizzle.config.dirs.ts Some(Sqlite) /src/db/schemas/a.ts /src/db/schemas/index.ts -> /drizzle
            /drizzle.config.glob.ts Some(Mysql) /src/db/schemas/a.ts /src/db/schemas/deep/b.ts -> /drizzle
            /drizzle.config.json Some(Postgres) /src/one.ts -> /drizzle
            /drizzle.config.ts Some(Postgres) /src/db/schemas/a.ts /src/db/schemas/index.ts -> /src/db/migrations Snake
            /drizzle.config.url.ts Some(Postgres) /src/one.ts -> /drizzle
        "#]],
    );
}

#[test]
fn the_directory_where_the_files_exist_counts() {
    check(
        r#"
//- /package.json
{ "name": "root" }
//- /apps/web/package.json
{ "scripts": { "generate": "drizzle-kit generate --config=./server/db/drizzle.config.ts" } }
//- /apps/web/server/db/drizzle.config.ts
export default { dialect: 'postgresql', schema: './server/db/schema.ts', out: 'drizzle' };
//- /apps/web/server/db/schema.ts
//- /packages/db/package.json
{}
//- /packages/db/src/drizzle.config.ts
export default { dialect: 'postgresql', schema: './tables.ts' };
//- /packages/db/src/tables.ts
//- /tools/drizzle.config.ts
export default { dialect: 'postgresql', schema: 'shared/schema.ts' };
//- /shared/schema.ts
"#,
        expect![[r#"
            /apps/web/server/db/drizzle.config.ts Some(Postgres) /apps/web/server/db/schema.ts -> /apps/web/drizzle
            /packages/db/src/drizzle.config.ts Some(Postgres) /packages/db/src/tables.ts -> /packages/db/src/drizzle
            /tools/drizzle.config.ts Some(Postgres) /shared/schema.ts -> /drizzle
        "#]],
    );
}

/// What names a config may read no migrations, and a whole path of a schema is the same from everywhere.
#[test]
fn the_folder_of_migrations_tells_the_directory() {
    check(
        r#"
//- /package.json
{ "scripts": { "db:studio": "drizzle-kit studio --config packages/a/drizzle.config.ts", "db:push": "drizzle-kit push --config packages/b/drizzle.config.ts" } }
//- /packages/a/package.json
{}
//- /packages/a/drizzle.config.ts
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
const here = dirname(fileURLToPath(import.meta.url));
export default { dialect: 'postgresql', schema: resolve(here, 'schema.ts'), out: './drizzle' };
//- /packages/a/schema.ts
//- /packages/b/package.json
{}
//- /packages/b/drizzle.config.ts
export default { dialect: 'postgresql', schema: new URL('./schema.ts', import.meta.url).pathname };
//- /packages/b/schema.ts
//- /packages/b/drizzle/0000_a.sql
"#,
        expect![[r#"
            /packages/a/drizzle.config.ts Some(Postgres) /packages/a/schema.ts -> /packages/a/drizzle
            /packages/b/drizzle.config.ts Some(Postgres) /packages/b/schema.ts -> /packages/b/drizzle
        "#]],
    );
}

/// So that Windows' paths suit the glob.
#[test]
fn separators_may_be_replaced() {
    check(
        r#"
//- /db/drizzle.config.ts
import path from 'path';
export default { dialect: 'postgresql', schema: path.join(__dirname, 'schema.ts').replace(/\\/g, '/'), out: path.resolve(__dirname, './migrations').replaceAll('\\', '/') };
//- /db/schema.ts
//- /url/drizzle.config.ts
export default { dialect: 'sqlite', schema: new URL('./schema.ts', import.meta.url).pathname, out: 'x' };
//- /url/schema.ts
"#,
        expect![[r#"
            /db/drizzle.config.ts Some(Postgres) /db/schema.ts -> /db/migrations
            /url/drizzle.config.ts Some(Sqlite) /url/schema.ts -> /url/x
        "#]],
    );
}

#[test]
fn what_is_not_known_is_said() {
    check(
        r#"
//- /a/drizzle.config.ts
export default { dialect: 'postgresql', schema: './nowhere.ts' };
//- /b/drizzle.config.ts
import { schema } from 'elsewhere';
export default { dialect: 'postgresql', schema };
//- /c/drizzle.config.ts
export default load();
//- /d/drizzle.config.ts
const production = { schema: './prod.ts', dialect: 'postgresql' }, local = { schema: './local.ts', dialect: 'sqlite' };
export default process.env.CI ? production : local;
//- /d/local.ts
//- /e/drizzle.config.ts
export default { dialect: 'postgresql', schema: ['./+(a|b).ts', './local.ts'] };
//- /e/local.ts
//- /f/unrelated.config.ts
export default { dialect: 'postgresql', schema: 'x' };
"#,
        expect![[r#"
            /a/drizzle.config.ts Some(Postgres)  -> /a/drizzle
              ! no schema file matches ./nowhere.ts
            /b/drizzle.config.ts Some(Postgres)  -> /b/drizzle
              ! `schema` is not known without running the file
            /c/drizzle.config.ts None  -> /c/drizzle
              ! the default export is not an object that is known without running the file
            /d/drizzle.config.ts Some(Sqlite) /d/local.ts -> /d/drizzle
            /e/drizzle.config.ts Some(Postgres) /e/local.ts -> /e/drizzle
              ! no file matches ./+(a|b).ts
        "#]],
    );
}

#[test]
fn every_glob_of_drizzle_kit_is_read() {
    check(
        r#"
//- /package.json
{ "name": "app" }
//- /drizzle.config.ts
export default { dialect: 'postgresql', schema: './src/schema/!(*.test).ts' };
//- /drizzle.config.nested.ts
export default { dialect: 'postgresql', schema: './{src,lib}/**/@(a|b)*([0-9]).ts' };
//- /drizzle.config.dirs.ts
export default { dialect: 'postgresql', schema: './src/!(schema)' };
//- /src/schema/a.ts
//- /src/schema/a.test.ts
//- /src/schema/.hidden.ts
//- /src/schema/b12.ts
//- /lib/deep/down/b.ts
//- /src/more/c.ts
//- /src/more/deep/d.ts
"#,
        expect![[r#"
            /drizzle.config.dirs.ts Some(Postgres) /src/more/c.ts -> /drizzle
            /drizzle.config.nested.ts Some(Postgres) /lib/deep/down/b.ts /src/schema/a.ts /src/schema/b12.ts -> /drizzle
            /drizzle.config.ts Some(Postgres) /src/schema/a.ts /src/schema/b12.ts -> /drizzle
        "#]],
    );
}

/// drizzle-kit is often pointed at what a build writes, which is in no repository.
#[test]
fn what_a_build_writes_is_known_by_its_sources() {
    check(
        r#"
//- /package.json
{ "name": "app" }
//- /drizzle.config.ts
export default { schema: './dist/src/schema', dialect: 'postgresql' };
//- /drizzle.config.file.ts
export default { schema: './dist/db/tables.js', dialect: 'postgresql' };
//- /drizzle.config.glob.ts
export default { schema: './build/**/*.schema.js', dialect: 'postgresql' };
//- /drizzle.config.none.ts
export default { schema: './dist/nothing.js', dialect: 'postgresql' };
//- /src/schema/a.ts
//- /src/schema/index.ts
//- /src/db/tables.ts
//- /src/db/x.schema.ts
//- /test/y.schema.ts
"#,
        expect![[r#"
            /drizzle.config.file.ts Some(Postgres) /src/db/tables.ts -> /drizzle
            /drizzle.config.glob.ts Some(Postgres) /src/db/x.schema.ts -> /drizzle
            /drizzle.config.none.ts Some(Postgres)  -> /drizzle
              ! no schema file matches ./dist/nothing.js
            /drizzle.config.ts Some(Postgres) /src/schema/a.ts /src/schema/index.ts -> /drizzle
        "#]],
    );
}
