//! Projects on disk.

use std::path::{Path, PathBuf};

pub const SCHEMA: &str = "import { integer, pgTable, text } from 'drizzle-orm/pg-core'

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

const DB: &str = "import { drizzle } from 'drizzle-orm/node-postgres'
import * as schema from './schema'
export const db = drizzle('', { schema })
";

/// Everything in it is right.
pub const APP: &str = "import { sql } from 'drizzle-orm'
import { db } from './db'

export const a = () => db.execute(sql`select u.email, p.title from users u join posts p on p.author_id = u.id`)
export const b = () => db.execute(sql`select title from posts`)
";

/// One unknown column, in line 3.
pub const WRONG: &str = "import { sql } from 'drizzle-orm'
import { db } from './db'

export const c = () => db.execute(sql`select headline from posts`)
";

pub const QUERIES: &str = "select id, email from users;\n";

pub struct Project {
    root: PathBuf,
    _dir: tempfile::TempDir,
}

impl Project {
    /// A Drizzle project with a right application, a wrong file and some SQL.
    pub fn new() -> Project {
        let project = Project::empty();
        project.write("package.json", "{\"name\":\"w\",\"dependencies\":{\"drizzle-orm\":\"0.45.4\"}}");
        project.write("drizzle.config.ts", CONFIG);
        project.write("src/schema.ts", SCHEMA);
        project.write("src/db.ts", DB);
        project.write("src/app.ts", APP);
        project.write("src/wrong.ts", WRONG);
        project.write("src/queries.sql", QUERIES);
        project
    }

    pub fn empty() -> Project {
        let dir = tempfile::tempdir().unwrap();
        // Temporary directories lie behind symbolic links on some systems.
        let root = dir.path().canonicalize().unwrap();
        Project { root, _dir: dir }
    }

    /// A copy of the sample application, without its packages.
    pub fn sample() -> Project {
        Project::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/blog"))
    }

    pub fn copy_of(dir: &Path) -> Project {
        let project = Project::empty();
        copy(dir, &project.root);
        project
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn remove(&self, path: &str) {
        let path = self.path(path);
        if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }.unwrap();
    }

    /// As editors spell it.
    pub fn uri(&self, path: &str) -> String {
        columnist::server::uri::from_path(&format!("{}/{path}", self.root.to_str().unwrap()))
            .unwrap()
            .as_str()
            .to_owned()
    }

    /// Every script and SQL file, by path.
    pub fn sources(&self) -> Vec<String> {
        let mut res = Vec::new();
        list(&self.root, &self.root, &mut res);
        res.sort();
        res
    }
}

fn list(dir: &Path, root: &Path, acc: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, root, acc);
        } else if path.extension().is_some_and(|it| it == "ts" || it == "tsx" || it == "sql") {
            acc.push(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
        }
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (name, target) = (entry.file_name(), to.join(entry.file_name()));
        if name == "node_modules" || name == ".git" {
            continue;
        }
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
