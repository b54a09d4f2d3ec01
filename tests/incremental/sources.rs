//! Small workspaces that have a bit of everything, and what is typed into them.

use std::collections::BTreeMap;

const SCHEMA: &str = "import { integer, pgEnum, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { relations, sql } from 'drizzle-orm'
import { stamps } from './columns'

export const mood = pgEnum('mood', ['sad', 'ok'])

export const users = pgTable('users', {
  id: integer('id').primaryKey(),
  email: text('email').notNull(),
  mood: mood('mood'),
  ...stamps,
}, (t) => [uniqueIndex('users_email').on(sql`lower(${t.email})`)])

export const posts = pgTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id').references(() => users.id),
  title: text('title'),
})

export const userRelations = relations(users, ({ many }) => ({ posts: many(posts) }))
export const postRelations = relations(posts, ({ one }) => ({
  author: one(users, { fields: [posts.authorId], references: [users.id] }),
}))
";

/// What rules speak of, without a piece of SQL.
const RULES: &str = "import { eq } from 'drizzle-orm'
import { db } from './db'
import { posts, users } from './tables'

const more = { title: 'x', nope: 1 }

export async function r() {
  await db.select({ id: users.id }).from(posts).where(eq(posts.title, posts.authorId))
  await db.delete(posts)
  db.insert(posts).values({ ...more, id: 1 }).onConflictDoUpdate({ target: posts.title, set: more })
  return db.select().from(users).innerJoin(posts, eq(users.id, posts.authorId))
}
";

const COLUMNS: &str = "import { timestamp } from 'drizzle-orm/pg-core'

export const stamps = { createdAt: timestamp('created_at').notNull() }
";

const CONFIG: &str = "import { defineConfig } from 'drizzle-kit'

export default defineConfig({ dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' })
";

const APP: &str = "import { sql } from 'drizzle-orm'
import { db } from './db'
import { posts, users } from './schema'
import { isNew } from './fragments'

export const a = () => db.execute(sql`select u.email, p.title from users u join posts p on p.author_id = u.id`)
export const b = (é: string) => db.select({ n: sql<number>`length(${users.email})` }).from(users).where(sql`${users.email} = ${é}`)
export const c = () => db.execute(sql`select title from post where id = 'x'`)
export const d = () => db.select().from(users).where(sql`${isNew} and mood = 'sad'`)
export function e() {
  const rows = db.execute(sql`select title, nope from posts where ${isNew}`)
  // 😀 é
  return rows
}
";

const FRAGMENTS: &str = "import { sql } from 'drizzle-orm'
import { users } from './schema'

export const isNew = sql`${users.createdAt} > now()`
export const all = sql`select * from users`
";

const TABLES: &str = "export * from './schema'
export { isNew as fresh } from './fragments'
";

const OTHER: &str = "import { sql } from 'drizzle-orm'
import * as tables from './tables'
import { db } from './db'

export const f = () => db.execute(sql`select ${tables.posts.title} from ${tables.posts} where ${tables.fresh}`)
export const g = () => db.query.users.findMany({ where: (t) => sql`${t.email} is not null` })
";

const QUERIES: &str = "-- name: all\nselect id, email from users;\nselect count(*) from posts where title = 'a' group by author_id;\ncreate temp table scratch (id int);\nselect id from scratch;\nselect é from log;\n";

const MIGRATION: &str = "CREATE TYPE \"mood\" AS ENUM ('sad', 'ok');\n--> statement-breakpoint\nCREATE TABLE \"users\" (\"id\" integer PRIMARY KEY, \"email\" text NOT NULL, \"mood\" \"mood\", \"created_at\" timestamp NOT NULL);\n";

const MIGRATION_2: &str = "CREATE TABLE \"log\" (\"id\" integer, \"é\" text);\n--> statement-breakpoint\nALTER TABLE \"users\" ADD COLUMN \"age\" integer;\n--> statement-breakpoint\nCREATE VIEW recent AS SELECT id, email FROM users;\n";

const JOURNAL: &str = "{\"version\":\"7\",\"dialect\":\"postgresql\",\"entries\":[{\"idx\":0,\"tag\":\"0000_init\",\"when\":1},{\"idx\":1,\"tag\":\"0001_log\",\"when\":2}]}";

const DB: &str = "import { drizzle } from 'drizzle-orm/node-postgres'
import * as schema from './schema'
export const db = drizzle('', { schema })
";

const OTHER_SCHEMA: &str = "import { integer, pgTable, text } from 'drizzle-orm/pg-core'
export const users = pgTable('users', { id: integer('id'), nick: text('nick') })
export const orders = pgTable('orders', { id: integer('id'), total: integer('total') })
";

const OTHER_APP: &str = "import { sql } from 'drizzle-orm'
import { orders, users } from './schema'

export const x = (db: any) => db.execute(sql`select total, nick from ${orders}, users`)
export const y = (db: any) => db.execute(sql`select email from users`)
";

const FILES: [(&str, &str); 14] = [
    ("/w/package.json", "{\"name\":\"w\",\"dependencies\":{\"drizzle-orm\":\"0.45.4\"}}"),
    ("/w/drizzle.config.ts", CONFIG),
    ("/w/src/schema.ts", SCHEMA),
    ("/w/src/columns.ts", COLUMNS),
    ("/w/src/db.ts", DB),
    ("/w/src/app.ts", APP),
    ("/w/src/fragments.ts", FRAGMENTS),
    ("/w/src/tables.ts", TABLES),
    ("/w/src/other.ts", OTHER),
    ("/w/src/rules.ts", RULES),
    ("/w/src/queries.sql", QUERIES),
    ("/w/drizzle/0000_init.sql", MIGRATION),
    ("/w/drizzle/0001_log.sql", MIGRATION_2),
    ("/w/drizzle/meta/_journal.json", JOURNAL),
];

/// Files that steps speak of; the last ones do not exist at first.
pub const PATHS: [&str; 19] = [
    "/w/src/schema.ts",
    "/w/src/app.ts",
    "/w/src/fragments.ts",
    "/w/src/other.ts",
    "/w/src/rules.ts",
    "/w/src/tables.ts",
    "/w/src/columns.ts",
    "/w/src/queries.sql",
    "/w/drizzle/0000_init.sql",
    "/w/drizzle/0001_log.sql",
    "/w/src/db.ts",
    "/w/drizzle.config.ts",
    "/w/package.json",
    "/w/drizzle/meta/_journal.json",
    "/w/b/src/schema.ts",
    "/w/b/src/app.ts",
    "/w/src/new.ts",
    "/w/src/schema/index.ts",
    "/w/src/new.sql",
];

pub const SNIPPETS: [&str; 32] = [
    "",
    " ",
    "x",
    "id",
    "'",
    "`",
    "${",
    "}",
    ";",
    "users.",
    "é",
    "\n",
    "\r\n",
    "select ",
    "--",
    "😀",
    "${users.email}",
    "${isNew}",
    ", title: text('title')",
    "from posts ",
    "export const q = sql`select id from posts`\n",
    "create table made (id int);\n",
    "select * from made;\n",
    "import { posts } from './tables'\n",
    "export * from './fragments'\n",
    "create view v as select email from users;\n",
    "insert into users (id) values (1);\n",
    "drop table users;\n",
    "// columnist-ignore undefined-column: it is so\n",
    "const s = db.execute('create table made2 (id int)')\n",
    "mood: mood('mood'),",
    "\t",
];

pub const REPLACEMENTS: [(&str, &str); 38] = [
    ("email", "mail"),
    ("mail", "email"),
    ("users", "people"),
    ("people", "users"),
    ("text(", "integer("),
    ("integer(", "text("),
    ("title", "name"),
    ("name", "title"),
    (".notNull()", ""),
    ("'sad'", "'glad'"),
    ("'ok'", "'fine'"),
    ("'./schema'", "'./tables'"),
    ("'./tables'", "'./schema'"),
    ("'./fragments'", "'./fragment'"),
    ("'./fragment'", "'./fragments'"),
    ("pgTable", "pgView"),
    ("pgView", "pgTable"),
    ("isNew", "isOld"),
    ("isOld", "isNew"),
    ("select", "selec"),
    ("createdAt", "madeAt"),
    ("created_at", "made_at"),
    ("export const", "const"),
    ("const", "export const"),
    ("post ", "posts "),
    ("\n", "\n\n"),
    ("log", "logs"),
    ("0001_log", "0001_none"),
    ("\"postgresql\"", "\"sqlite\""),
    ("./src/schema.ts", "./src/schema"),
    ("drizzle-orm/node-postgres", "drizzle-orm/pg"),
    ("timestamp", "date"),
    ("many(posts)", "many(users)"),
    (".primaryKey()", ".unique()"),
    ("(sql`lower(${t.email})`)", "(t.email)"),
    ("authorId", "writerId"),
    ("temp table", "table"),
    (" id", " uid"),
];

fn map(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

pub fn workspace() -> BTreeMap<String, String> {
    map(&FILES)
}

pub fn two_databases() -> BTreeMap<String, String> {
    let mut res = workspace();
    res.extend(map(&[
        ("/w/b/package.json", "{\"name\":\"b\",\"dependencies\":{\"drizzle-orm\":\"0.45.4\"}}"),
        ("/w/b/drizzle.config.ts", CONFIG),
        ("/w/b/src/schema.ts", OTHER_SCHEMA),
        ("/w/b/src/app.ts", OTHER_APP),
    ]));
    res
}

/// The text that a file had at first.
pub fn original(path: &str) -> String {
    two_databases().remove(path).unwrap_or_else(|| match path.ends_with(".sql") {
        true => QUERIES.to_owned(),
        false => APP.to_owned(),
    })
}
