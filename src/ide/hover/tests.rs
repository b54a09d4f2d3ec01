use expect_test::{Expect, expect};

use super::*;
use crate::testing::Fixture;

const SCHEMA: &str = r#"
//- /drizzle.config.ts
import { defineConfig } from 'drizzle-kit';
export default defineConfig({ dialect: 'postgresql', schema: './schema.ts' });
//- /schema.ts
import { pgTable, pgEnum, text, integer, timestamp } from 'drizzle-orm/pg-core';
export const mood = pgEnum('mood', ['sad', 'ok']);
export const users = pgTable('users', {
  id: integer('id').primaryKey(),
  email: text('email').notNull().unique(),
  feeling: mood('feeling').default('ok'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
});
export const posts = pgTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
});
"#;

#[track_caller]
fn check(files: &str, expected: Expect) {
    let fixture = Fixture::new(&format!("{SCHEMA}{files}"));
    let found = hover(&fixture.snap, fixture.pos()).expect("nobody cancels");
    let out = found.map(|it| {
        let shown = fixture.show(crate::base::file::InFile::new(fixture.pos().file, it.range));
        format!("[{}]\n{}\n", shown.split_once(' ').map_or("", |it| it.1), it.info.0)
    });
    expected.assert_eq(&out.unwrap_or_default());
}

#[test]
fn table() {
    check(
        "//- /q.sql\nselect 1 from us<|>ers;",
        expect![[r#"
            [users]
            ```sql
            table users (
              id         integer not null primary key
              email      text not null
              feeling    mood default 'ok'
              created_at timestamp with time zone not null default now()
            )
            ```

            - unique (email)
            - referenced by `posts.author_id`
            - declared in `schema.ts`
        "#]],
    );
}

#[test]
fn column() {
    check(
        "//- /q.sql\nselect p.author<|>_id from posts p;",
        expect![[r#"
            [author_id]
            ```sql
            posts.author_id integer not null
            ```

            - TypeScript: `number` as `posts.authorId`
            - references `users.id` on delete cascade
            - declared in `schema.ts`
        "#]],
    );
}

#[test]
fn column_behind_an_outer_join_may_be_null() {
    check(
        "//- /q.sql\nselect u.em<|>ail from posts p left join users u on u.id = p.author_id;",
        expect![[r#"
            [email]
            ```sql
            users.email text not null
            ```

            - TypeScript: `string` as `users.email`
            - unique
            - declared in `schema.ts`
            - may be null here: it comes from the other side of an outer join
        "#]],
    );
}

#[test]
fn column_in_typescript() {
    check(
        "//- /app.ts\nimport { users } from './schema';\nexport const q = (db: any) => db.select().from(users).where(users.feel<|>ing);",
        expect![[r#"
            [feeling]
            ```sql
            users.feeling mood default 'ok'
            ```

            - TypeScript: `"sad" | "ok" | null` as `users.feeling`
            - one of `'sad'`, `'ok'`
            - declared in `schema.ts`
        "#]],
    );
}

#[test]
fn alias_tells_its_table() {
    check(
        "//- /q.sql\nselect u<|>.id from posts p join users u on u.id = p.author_id;",
        expect![[r#"
            [u]
            ```sql
            table users (
              id         integer not null primary key
              email      text not null
              feeling    mood default 'ok'
              created_at timestamp with time zone not null default now()
            )
            ```

            `u` is `users` here

            - unique (email)
            - referenced by `posts.author_id`
            - declared in `schema.ts`
        "#]],
    );
}

#[test]
fn cte_and_its_columns() {
    check(
        "//- /q.sql\nwith t as (select u.id, count(*) as n from users u group by u.id) select n from <|>t;",
        expect![[r#"
            [t]
            ```sql
            with t (
              id integer not null  -- users.id
              n  bigint not null
            )
            ```

            Common table expression
        "#]],
    );
    check(
        "//- /q.sql\nwith t as (select u.id, count(*) as n from users u group by u.id) select <|>n from t;",
        expect![[r#"
            [n]
            ```sql
            n bigint not null
            ```

            Output column

            - `count(*)`
        "#]],
    );
}

#[test]
fn functions_operators_and_casts() {
    check(
        "//- /q.sql\nselect low<|>er(email) from users;",
        expect![[r#"
            [lower]
            ```sql
            function lower(text) returns text
            ```

            lowercase

            - one of 3 overloads
        "#]],
    );
    check(
        "//- /q.sql\nselect id +<|> 1 from users;",
        expect![[r#"
            [+]
            ```sql
            integer + integer → integer
            ```
        "#]],
    );
    check(
        "//- /q.sql\nselect id:<|>:text from users;",
        expect![[r#"
            [::]
            ```sql
            integer → text
            ```

            Cast
        "#]],
    );
}

#[test]
fn enum_and_label() {
    check(
        "//- /q.sql\nselect 'ok'::mo<|>od;",
        expect![[r#"
            [mood]
            ```sql
            enum mood ('sad', 'ok')
            ```

            - of `users.feeling`
            - declared in `schema.ts`
        "#]],
    );
    check(
        "//- /q.sql\nselect 1 from users where feeling = 'o<|>k';",
        expect![[r#"
            ['ok']
            ```sql
            'ok'::mood
            ```

            - enum `mood`: `'sad'`, **`'ok'`**
            - declared in `schema.ts`
        "#]],
    );
}

#[test]
fn parameters_and_holes() {
    check(
        "//- /q.sql\nselect 1 from users where id = $<|>1;",
        expect![[r#"
            [$1]
            ```sql
            $1 integer
            ```

            Parameter
        "#]],
    );
    check(
        "//- /app.ts\nimport { sql } from 'drizzle-orm';\nexport const q = (wanted: string) => sql`select 1 from users where created_at > ${wan<|>ted}`;",
        expect![[r#"
            [${wanted}]
            ```sql
            $1 timestamp with time zone
            ```

            Parameter
        "#]],
    );
}

#[test]
fn row_of_a_statement() {
    check(
        "//- /q.sql\nsel<|>ect u.id, p.id as post, $1::text from users u left join posts p on true;",
        expect![[r#"
            [select]
            ```sql
            row (
              id   integer not null  -- users.id
              post integer null  -- posts.id
              text text
            )
            ```

            - parameters `$1 text`
        "#]],
    );
    check(
        "//- /q.sql\ndelete from posts return<|>ing id;",
        expect![[r#"
            [returning]
            ```sql
            row (
              id integer not null  -- posts.id
            )
            ```
        "#]],
    );
}

#[test]
fn long_tables_are_cut() {
    let columns: Vec<String> = (0..1000).map(|it| format!("c{it} int")).collect();
    let text = format!(
        "//- /db/schema.sql\ncreate table wide ({});\n//- /db/q.sql\nselect 1 from wi<|>de;",
        columns.join(", ")
    );
    let fixture = Fixture::new(&text);
    let found = hover(&fixture.snap, fixture.pos()).expect("nobody cancels").expect("a table stands there");
    assert!(found.info.0.contains("-- … 976 more columns"), "{}", found.info.0);
    assert!(found.info.0.len() < 1_200);
}

#[test]
fn silent_where_nothing_stands() {
    check("//- /q.sql\nselect 1 fr<|>om users;", expect![""]);
    check("//- /app.ts\nexport const x<|> = 1;", expect![""]);
}

#[test]
fn a_column_tells_its_history() {
    let files = r#"
//- /package.json
{ "name": "app", "dependencies": { "drizzle-orm": "0.45.0" } }
//- /drizzle.config.ts
export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' };
//- /drizzle/meta/_journal.json
{ "entries": [ { "tag": "0000_init" }, { "tag": "0001_wider" }, { "tag": "0002_other" }, { "tag": "0003_called" } ] }
//- /drizzle/0000_init.sql
create table users (id integer primary key, mail varchar(20));
//- /drizzle/0001_wider.sql
alter table users alter column mail type varchar(80);
//- /drizzle/0002_other.sql
alter table users add column age integer;
//- /drizzle/0003_called.sql
alter table users rename column mail to email;
//- /schema.ts
import { integer, pgTable, varchar } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer().primaryKey(), em<|>ail: varchar({ length: 80 }), age: integer() });
"#;
    let fixture = Fixture::new(files);
    let found =
        hover(&fixture.snap, fixture.pos()).expect("nobody cancels").map(|it| it.info.0).unwrap_or_default();
    let line = found.lines().find(|it| it.contains("created in"));
    assert_eq!(line, Some("- created in `0000_init`, altered in `0001_wider`, `0003_called`"), "{found}");
}
