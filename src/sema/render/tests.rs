//! Tests of rendering: what the file alone tells. `tests/render.rs` compares with drizzle-orm.

use std::collections::BTreeMap;
use std::sync::Arc;

use expect_test::{Expect, expect};

use super::values::Values;
use super::{Columns, Rendering, render};
use crate::base::file::FileId;
use crate::base::text::{TextLen, slice};
use crate::catalog::drizzle::{Casing, Line, catalog, read};
use crate::facts::SourceMap;
use crate::facts::ts::TsFacts;
use crate::project::Workspace;
use crate::project::eval::Evaluator;
use crate::project::resolve::Resolver;
use crate::sema::fragment::Env;
use crate::sql::Dialect;
use crate::ts::{self, Flavor};

const SCHEMA: &str = "
import { pgTable, text, integer } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: text().primaryKey(), name: text(), createdAt: integer('created_at') });
";

struct Files(BTreeMap<String, (FileId, Arc<str>)>);

impl Workspace for Files {
    fn file(&self, path: &str) -> Option<FileId> {
        self.0.get(path).map(|it| it.0)
    }

    fn path(&self, file: FileId) -> Arc<str> {
        let found = self.0.iter().find(|it| it.1.0 == file);
        found.map_or_else(|| "".into(), |it| it.0.as_str().into())
    }

    fn text(&self, file: FileId) -> Option<Arc<str>> {
        self.0.values().find(|it| it.0 == file).map(|it| Arc::clone(&it.1))
    }

    fn ts_facts(&self, file: FileId) -> Arc<(TsFacts, SourceMap)> {
        let text = self.text(file).unwrap_or_default();
        Arc::new(crate::facts::ts::facts(&ts::parse(&text, Flavor::TypeScript)))
    }

    fn read_dir(&self, path: &str) -> Vec<String> {
        self.0.keys().filter(|it| it.rsplit_once('/').is_some_and(|it| it.0 == path)).cloned().collect()
    }

    fn files_below(&self, path: &str) -> Vec<FileId> {
        self.0.iter().filter(|it| it.0.starts_with(path)).map(|it| it.1.0).collect()
    }

    fn roots(&self) -> Vec<Arc<str>> {
        vec!["/w".into()]
    }
}

/// Hands every fragment of the text and its renderings to `each`.
fn with(text: &str, columns: Columns, mut each: impl FnMut(&crate::embed::Fragment, Rendering)) {
    let text = format!(
        "import {{ and, eq, inArray, sql, type SQL }} from 'drizzle-orm';\nimport {{ users }} from './schema';\n{text}"
    );
    let files = [("/w/schema.ts", SCHEMA), ("/w/app.ts", text.as_str())];
    let files = files.iter().enumerate().map(|(i, it)| (it.0.to_owned(), (FileId(i as u32), it.1.into())));
    let files = Files(files.collect());
    let resolver = Resolver::new(&files);
    let eval = Evaluator::new(&files, &resolver);
    let catalog = catalog(
        &read(&eval, &[FileId(0)], Line::V0, Casing::Keep, Dialect::Postgres, None),
        Dialect::Postgres,
    );
    let module = ts::parse(&text, Flavor::TypeScript);
    let values = Values::new(&eval, &catalog, &module, FileId(1));
    let value = |id| values.value(id);
    let package = |file: FileId, ty: &str, path: &[smol_str::SmolStr]| values.package(file, ty, path);
    let env = Env { module: &module, file: FileId(1), catalog: &catalog, value: &value, package: &package };
    for fragment in crate::embed::fragments(&module, &text) {
        let rendering = render(&env, &fragment, columns);
        each(&fragment, rendering);
    }
}

/// The renderings of the outermost fragments; `?` is something dynamic.
fn check(text: &str, expect: Expect) {
    let mut res = String::new();
    let mut end = 0.into();
    with(text, Columns::Qualified, |fragment, rendering| {
        if fragment.host.start() < end {
            return;
        }
        end = fragment.host.end();
        for it in &rendering.alternatives {
            let text = it.text.split(crate::sql::ident::DYNAMIC_MARK).collect::<Vec<_>>().join("?");
            res += &format!("{text}\n");
        }
        if !rendering.complete {
            res += "and more\n";
        }
    });
    expect.assert_eq(&res);
}

#[test]
fn kinds_of_unknown_values() {
    check(
        r#"
async function f(id: string, cond: SQL | undefined, list: string[], input: Input, col: any, { limit, order }: { limit?: number; order: SQL }) {
  const row = await load();
  const { name, tags } = await other();
  let count = input.count;
  count = 3;
  sql`1 ${id} ${cond} ${list} ${input.name} ${input.column} ${col} ${limit} ${order}`;
  sql`2 ${row.id} ${row.a.b} ${name} ${count} ${nanoid()} ${build()} ${new Date()} ${id.length} ${col.x}`;
  sql`3 ${inArray(users.id, list)} ${inArray(users.id, row.ids)} ${eq(users.id, id)} ${list.map((it) => it.trim())}`;
  sql`4 (${sql.join(list.map((it) => sql`${it}`), sql`, `)}) (${sql.join(tags.map((it) => sql`${it.id}`), sql`, `)})`;
  sql`5 ${sql.raw(id)} ${sql.identifier(id)} ${imported} ${process.env.X} ${unknownTable.id}`;
}
"#,
        expect![[r#"
            1 $1 ?0 ($2, $3) $4 ?1 ?2 $5 ?3
            2 $1 $2 $3 $4 $5 ?0 $6 $7 ?1
            3 "users"."id" in ($1, $2) "users"."id" in ($3, $4) "users"."id" = $5 ($6, $7)
            4 ($1) ($2)
            5 ?0 ?1 ?2 $1 ?3
        "#]],
    );
}

#[test]
fn builders_and_callbacks() {
    check(
        r#"
import { pgTable, check, index } from 'drizzle-orm/pg-core';
const sub = db.select({ n: users.id }).from(users).as('sub');
sql`1 exists ${db.select().from(users)} ${sub} ${sub.n}`;
db.query.users.findMany({ where: (t, { sql, eq }) => sql`2 ${eq(t.id, 'x')} ${t.createdAt}`, extras: (t) => ({ a: sql`3 ${t.name}` }) });
function helper(column: any, flag?: boolean) { if (flag) return sql`lower(${column})`; return sql`upper(${column})`; }
sql`4 ${helper(users.name)}`;
sql`5 ${helper(users.name, cond())}`;
"#,
        expect![[r#"
            1 exists (select * from ?0) (select * from ?1) "sub" ?2
            2 "users"."id" = $1 "users"."created_at"
            3 "users"."name"
            lower(?0)
            upper(?0)
            4 upper("users"."name")
            5 lower("users"."name")
            5 upper("users"."name")
        "#]],
    );
}

#[test]
fn conditions() {
    check(
        r#"
function f(a: boolean, b: boolean, s?: string) {
  sql`1 ${a ? sql`x` : sql`y`} ${b ? sql`z` : undefined} ${a ? sql`x` : sql`y`}`;
  sql`2 ${and(s ? eq(users.name, s) : undefined, b && eq(users.id, 'q'))}`;
  sql`3 ${a ? 1 : 2} ${s ?? 'd'} ${s && sql`w`}`;
  const parts: SQL[] = [];
  if (a) parts.push(sql`p`);
  if (b) parts.push(sql`q`);
  sql`4 ${sql.join(parts, sql` and `)} ${and(...parts)}`;
}
"#,
        expect![[r#"
            1 x z x
            1 x  x
            1 y z y
            1 y  y
            2 ("users"."name" = $1 and "users"."id" = $2)
            2 "users"."name" = $1
            2 "users"."id" = $1
            2 
            3 $1 $2 w
            3 $1 $2 
            p
            q
            4 p p
            4 p q
            4 q p
            4 q q
        "#]],
    );
}

#[test]
fn many_conditions_are_tried_alone() {
    let holes: Vec<String> = (0..7).map(|i| format!("${{c{i} ? sql`a{i}` : sql`b{i}`}}")).collect();
    let text = format!("sql`{}`", holes.join(" "));
    with(&text, Columns::Qualified, |fragment, rendering| {
        if fragment.pieces.len() > 1 {
            assert!(!rendering.complete);
            assert_eq!(rendering.alternatives.len(), 8);
        }
    });
}

#[test]
fn other_libraries() {
    check(
        r#"
import postgres from 'postgres';
import { sql as k } from 'kysely';
import { sql as s } from 'slonik';
import { sql as v } from '@vercel/postgres';
import { Prisma } from '@prisma/client';
const pg = postgres(url);
function f(id: string, ids: string[], x: any) {
  pg`1 ${id} ${ids} ${pg(x)} ${pg`nested ${id}`} ${pg.json(x)}`;
  k`2 ${id} ${k.ref('users.id')} ${k.table('users')} ${k.raw('raw')}`;
  s.unsafe`3 ${id} ${s.identifier(['a', 'b'])} ${s.array(ids, 'text')}`;
  v`4 ${id} ${x}`;
  Prisma.sql`5 ${id} ${Prisma.join(ids)}`;
  db.execute(`select 6 ${id} ${'t'}`);
  sql.raw(`7 ${users.name.name}`);
}
"#,
        expect![[r#"
            1 $1 $2 ?0 nested $3 $4
            2 $1 "users"."id" "users" raw
            3 $1 "a"."b" $2
            4 $1 $2
            5 $1 ?0
            select 6 ?0 t
            7 name
        "#]],
    );
}

#[test]
fn columns_by_context() {
    for (columns, expected) in [
        (Columns::Qualified, r#""users"."created_at" lower("users"."name")"#),
        (Columns::BareDirect, r#""created_at" lower("users"."name")"#),
        (Columns::Bare, r#""created_at" lower("name")"#),
    ] {
        with("sql`${users.createdAt} ${sql`lower(${users.name})`}`;", columns, |fragment, rendering| {
            if fragment.pieces.len() > 3 {
                assert_eq!(rendering.alternatives[0].text, expected);
                assert_eq!(rendering.alternatives[0].mentioned.len(), 1);
            }
        });
    }
}

#[test]
fn ranges_lead_back_to_the_file() {
    let text = "sql`a\\n ${users.id} = ${sql`lower(${'x'})`}`;";
    with(text, Columns::Qualified, |fragment, rendering| {
        if fragment.pieces.len() < 5 {
            return;
        }
        let it = &rendering.alternatives[0];
        assert_eq!(it.text, "a\n \"users\".\"id\" = lower($1)");
        let whole = format!(
            "import {{ and, eq, inArray, sql, type SQL }} from 'drizzle-orm';\nimport {{ users }} from './schema';\n{text}"
        );
        let host = |part: &str| {
            let at = it.text.find(part).unwrap_or_default() as u32;
            let range = crate::base::text::TextRange::at(at.into(), part.text_len());
            let exact = it.map.to_host_exact(range).map(|it| slice(&whole, it));
            (slice(&whole, it.map.to_host(range).unwrap_or_default()).to_owned(), exact.map(str::to_owned))
        };
        assert_eq!(host("a\n"), ("a\\n".into(), Some("a\\n".into())));
        assert_eq!(host("users"), ("${users.id}".into(), None));
        assert_eq!(host("lower"), ("lower".into(), Some("lower".into())));
        assert_eq!(host("$1"), ("${'x'}".into(), None));
    });
}

/// Operators that are chosen from a table are SQL, names that are chosen from one are values.
#[test]
fn what_is_chosen_from_a_table() {
    check(
        r#"
const f = (op: string) => {
  const operators = { '=': sql`=`, '<': sql`<` } as const;
  const names = { a: 'x', b: 'y' };
  return sql`${users.id} ${operators[op]} ${names[op]}`;
};
"#,
        expect![[r#"
            =
            <
            "users"."id" ?0 $1
        "#]],
    );
}

#[test]
fn numbers_are_text_without_their_separators() {
    check(
        "const LIMIT = 5_000;\nconst q = sql`set lock_timeout = ${sql.raw(`'${LIMIT}ms'`)}`;",
        expect![[r#"
            set lock_timeout = '5000ms'
        "#]],
    );
}
