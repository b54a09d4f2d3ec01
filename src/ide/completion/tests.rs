//! Fixtures of completion: each phrase of what is asked of it, in SQL files and in templates.

mod bodies;
mod definitions;
mod laws;
mod queries;
mod recall;
mod templates;
mod writes;

use super::{Completions, Config, Item, ItemKind, completion};
use crate::base::file::InFile;
use crate::lint::TextEdit;
use crate::testing::Fixture;

pub(super) const CONFIG: Config = Config { snippets: true, limit: 400 };

/// A project of one SQL file that describes the schema and one of queries.
pub(super) const SCHEMA: &str = r#"
//- /schema.sql
create type mood as enum ('happy', 'sad', 'it''s fine');
create table users (
  id integer generated always as identity primary key,
  email text not null,
  name text,
  mood mood not null default 'happy',
  "createdAt" timestamptz not null default now(),
  active boolean not null default true
);
create table posts (
  id integer primary key,
  author_id integer not null references users (id),
  reviewer_id integer references users (id),
  title text not null,
  body text,
  meta jsonb
);
create table order_items (order_id integer, line integer, price numeric(10, 2), primary key (order_id, line));
create schema app;
create table app.settings (key text primary key, value text);
create view active_users as select id, email from users where active;
create function greet(who text, loud boolean default false) returns text language sql as 'select who';
create index posts_title on posts (title);
"#;

/// The same as Drizzle declares it, and a module that uses it.
pub(super) const DRIZZLE: &str = r#"
//- /package.json
{"name":"w","dependencies":{"drizzle-orm":"0.45.4"}}
//- /drizzle.config.ts
import { defineConfig } from 'drizzle-kit'
export default defineConfig({ dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' })
//- /src/schema.ts
import { boolean, integer, pgEnum, pgTable, text } from 'drizzle-orm/pg-core'
export const status = pgEnum('status', ['draft', 'live'])
export const users = pgTable('users', {
  id: integer('id').primaryKey(),
  email: text('email').notNull(),
  isAdmin: boolean('is_admin').notNull(),
})
export const posts = pgTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id').references(() => users.id),
  title: text('title'),
  status: status('status').notNull(),
})
//- /src/db.ts
import { drizzle } from 'drizzle-orm/node-postgres'
import * as schema from './schema'
export const db = drizzle('', { schema })
"#;

/// Completes in a SQL file beside [`SCHEMA`].
#[track_caller]
pub(super) fn sql(text: &str) -> Completed {
    Completed::of(&format!("{SCHEMA}//- /queries.sql\n{text}"))
}

/// Completes in a script beside [`DRIZZLE`].
#[track_caller]
pub(super) fn script(text: &str) -> Completed {
    let imports =
        "import { sql } from 'drizzle-orm'\nimport { db } from './db'\nimport { users } from './schema'\n";
    Completed::of(&format!("{DRIZZLE}//- /src/app.ts\n{imports}{text}"))
}

pub(super) struct Completed {
    fixture: Fixture,
    pub list: Option<Completions>,
}

impl Completed {
    #[track_caller]
    pub fn of(fixture: &str) -> Completed {
        let fixture = Fixture::new(fixture);
        let list = completion(&fixture.snap, fixture.pos(), CONFIG).expect("nobody cancels");
        Completed { fixture, list }
    }

    pub fn items(&self) -> &[Item] {
        self.list.as_ref().map_or(&[], |it| &it.items)
    }

    pub fn labels(&self) -> Vec<&str> {
        self.items().iter().map(|it| it.label.as_str()).collect()
    }

    /// The first labels.
    pub fn top(&self, n: usize) -> Vec<&str> {
        self.labels().into_iter().take(n).collect()
    }

    pub fn of_kind(&self, kind: ItemKind) -> Vec<&str> {
        self.items().iter().filter(|it| it.kind == kind).map(|it| it.label.as_str()).collect()
    }

    #[track_caller]
    pub fn item(&self, label: &str) -> &Item {
        let found = self.items().iter().find(|it| it.label == label);
        found.unwrap_or_else(|| panic!("no item {label} among {:?}", self.labels()))
    }

    pub fn has(&self, label: &str) -> bool {
        self.items().iter().any(|it| it.label == label)
    }

    /// The line of the cursor once the item is accepted.
    #[track_caller]
    pub fn accept(&self, label: &str) -> String {
        let item = self.item(label);
        let file = self.fixture.pos().file;
        let edit = TextEdit { at: InFile::new(file, item.replace), text: item.insert.clone() };
        let text = self.fixture.apply(&[edit]);
        let at = usize::from(item.replace.start());
        let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
        let end = text[at..].find('\n').map_or(text.len(), |it| at + it);
        text[start..end].to_owned()
    }
}
