//! Whatever is done to a workspace, what is said of it equals what a fresh start would say.

use std::collections::BTreeMap;
use std::sync::Arc;

use columnist::db::{Disk, World};
use columnist::lint::{Diagnostic, check};
use proptest::prelude::*;

struct MapDisk(BTreeMap<String, String>);

impl Disk for MapDisk {
    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }
}

const SCHEMA: &str = "import { integer, pgTable, text } from 'drizzle-orm/pg-core'

export const users = pgTable('users', {
  id: integer('id').primaryKey(),
  email: text('email').notNull(),
})

export const posts = pgTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id').references(() => users.id),
  title: text('title'),
})
";

const CONFIG: &str = "import { defineConfig } from 'drizzle-kit'

export default defineConfig({ dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' })
";

const APP: &str = "import { sql } from 'drizzle-orm'
import { db } from './db'
import { posts, users } from './schema'

export const a = () => db.execute(sql`select u.email, p.title from users u join posts p on p.author_id = u.id`)
export const b = (é: string) => db.select({ n: sql<number>`length(${users.email})` }).from(users).where(sql`${users.email} = ${é}`)
export const c = () => db.execute(sql`select title from post where id = 'x'`)
";

const QUERIES: &str = "-- name: all\nselect id, email from users;\nselect count(*) from posts where title = 'a' group by author_id;\n";

fn workspace() -> BTreeMap<String, String> {
    [
        ("/w/package.json", "{\"name\":\"w\",\"dependencies\":{\"drizzle-orm\":\"0.45.4\"}}"),
        ("/w/drizzle.config.ts", CONFIG),
        ("/w/src/schema.ts", SCHEMA),
        ("/w/src/db.ts", "import { drizzle } from 'drizzle-orm/node-postgres'\nimport * as schema from './schema'\nexport const db = drizzle('', { schema })\n"),
        ("/w/src/app.ts", APP),
        ("/w/src/queries.sql", QUERIES),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into()
}

fn world(files: &BTreeMap<String, String>) -> World {
    let mut world = World::new(Arc::new(MapDisk(files.clone())), vec!["/w".to_owned()]);
    for path in files.keys() {
        world.file_on_disk(path);
    }
    world
}

/// Every diagnostic of every file, by path.
fn diagnostics(world: &mut World) -> BTreeMap<String, Vec<String>> {
    use columnist::project::Workspace;
    let snap = world.snapshot();
    let mut res = BTreeMap::new();
    for file in snap.all_files() {
        let report = check::file(&snap, file).expect("nobody cancels");
        let show = |it: &Diagnostic| format!("{:?} {} {}", it.at.value, it.code, it.message);
        res.insert(snap.path(file).to_string(), report.diagnostics.iter().map(show).collect());
    }
    res
}

#[derive(Debug, Clone)]
enum Step {
    /// Types text into (or deletes it from) a file that is open from then on.
    Edit {
        file: usize,
        at: usize,
        delete: usize,
        insert: String,
    },
    Close {
        file: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let words = prop::sample::select(vec![
        "", " ", "x", "id", "'", "`", "${", "}", ";", "users.", "é", "\n", "select ", "--", "😀",
    ]);
    prop_oneof![
        4 => (0usize..6, any::<u16>(), 0usize..6, words).prop_map(|(file, at, delete, insert)| Step::Edit {
            file, at: at as usize, delete, insert: insert.to_owned()
        }),
        1 => (0usize..6).prop_map(|file| Step::Close { file }),
    ]
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn incremental_equals_from_scratch(steps in prop::collection::vec(step(), 1..12)) {
        let disk = workspace();
        let mut texts = disk.clone();
        let paths: Vec<String> = disk.keys().cloned().collect();
        let mut incremental = world(&disk);
        diagnostics(&mut incremental);
        for step in steps {
            match step {
                Step::Edit { file, at, delete, insert } => {
                    let path = &paths[file];
                    let text = texts.get_mut(path).expect("listed");
                    let from = floor(text, at % (text.len() + 1));
                    let to = floor(text, from + delete).max(from);
                    text.replace_range(from..to, &insert);
                    incremental.set_overlay(path, text.as_str().into());
                }
                Step::Close { file } => {
                    texts.insert(paths[file].clone(), disk[&paths[file]].clone());
                    incremental.close(&paths[file]);
                }
            }
            prop_assert_eq!(diagnostics(&mut incremental), diagnostics(&mut world(&texts)));
        }
    }
}
