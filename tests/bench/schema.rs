//! What reading a large Drizzle schema costs, parsing included: `cargo bench --bench schema`. 1,000 tables in 50
//! modules, 0.7 MB; then the same after an edit of one module.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use columnist::db::{Snapshot, World};
use columnist::load;
use divan::Bencher;

const MODULES: usize = 50;
const TABLES: usize = 20;

fn main() {
    divan::main();
}

/// A module of twenty tables, each with a mixin, an enum, two references, indexes and a check.
fn module(idx: usize) -> String {
    let mut res = String::from(
        "import { boolean, check, index, integer, jsonb, numeric, pgTable, text, timestamp, uniqueIndex, uuid, varchar } from 'drizzle-orm/pg-core'\nimport { sql } from 'drizzle-orm'\nimport { timestamps, status } from './shared'\n",
    );
    let before = idx.checked_sub(1);
    if let Some(before) = before {
        let _ = writeln!(
            res,
            "import {{ table{}, table{} }} from './module{before}'",
            before * TABLES,
            before * TABLES + 1
        );
    }
    for n in idx * TABLES..(idx + 1) * TABLES {
        let parent = match before {
            Some(before) => format!("table{}", before * TABLES + n % 2),
            None => format!("table{n}"),
        };
        let _ = write!(
            res,
            "\nexport const table{n} = pgTable(\n  'table_{n}',\n  {{\n    id: uuid('id').primaryKey().defaultRandom(),\n    parentId: uuid('parent_id').references(() => {parent}.id, {{ onDelete: 'cascade' }}),\n    title: varchar('title', {{ length: 255 }}).notNull(),\n    slug: text('slug').notNull().unique(),\n    amount: numeric('amount', {{ precision: 12, scale: 2 }}).notNull().default('0'),\n    isPublic: boolean('is_public').notNull().default(false),\n    payload: jsonb('payload').$type<Record<string, string>>(),\n    status: status('status').notNull().default('open'),\n    position: integer('position').notNull().default(0),\n    publishedAt: timestamp('published_at', {{ withTimezone: true }}),\n    ...timestamps,\n  }},\n  (t) => [\n    index('table_{n}_parent_idx').on(t.parentId),\n    uniqueIndex('table_{n}_slug_idx').on(t.slug, t.position.desc()),\n    check('table_{n}_position', sql`${{t.position}} >= 0`),\n  ],\n)\n",
        );
    }
    res
}

fn write(dir: &Path) {
    let schema = dir.join("src/schema");
    std::fs::create_dir_all(&schema).expect("a folder");
    let save = |path: &Path, text: &str| std::fs::write(path, text).expect("a file");
    save(
        &dir.join("package.json"),
        r#"{ "dependencies": { "drizzle-orm": "0.45.4", "drizzle-kit": "0.31.11" } }"#,
    );
    save(
        &dir.join("drizzle.config.ts"),
        "import { defineConfig } from 'drizzle-kit'\nexport default defineConfig({ dialect: 'postgresql', schema: './src/schema' })\n",
    );
    save(
        &schema.join("shared.ts"),
        "import { pgEnum, timestamp } from 'drizzle-orm/pg-core'\nexport const status = pgEnum('status', ['open', 'done'])\nexport const timestamps = {\n  createdAt: timestamp('created_at').notNull().defaultNow(),\n  updatedAt: timestamp('updated_at').$onUpdate(() => new Date()),\n}\n",
    );
    for idx in 0..MODULES {
        save(&schema.join(format!("module{idx}.ts")), &module(idx));
    }
}

fn n_tables(snap: &Snapshot) -> usize {
    let built = snap.model().built(snap, 0).expect("there is a database");
    built.catalog.relations.len()
}

fn workspace() -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    write(dir.path());
    let root = columnist::base::path::normalize(dir.path().to_str().expect("a path that is text"));
    (dir, root)
}

/// From the files on disk to the catalog, on one thread.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn read(bencher: Bencher<'_, '_>) {
    let (dir, root) = workspace();
    bencher.bench_local(|| {
        let mut world = load::world(vec![root.clone()]);
        assert_eq!(n_tables(&world.snapshot()), MODULES * TABLES);
    });
    drop(dir);
}

/// One module is edited and the catalog made again: a default changes, or nothing that the schema holds (`""`).
#[divan::bench(sample_count = 50, sample_size = 1, args = ["default(1)", "unique()", ""])]
fn edit(bencher: Bencher<'_, '_>, what: &str) {
    let (dir, root) = workspace();
    let mut world: World = load::world(vec![root.clone()]);
    assert_eq!(n_tables(&world.snapshot()), MODULES * TABLES);
    let path = format!("{root}/src/schema/module25.ts");
    let text = module(25);
    let mut round = 0;
    bencher.bench_local(|| {
        round += 1;
        let with = if what.is_empty() { String::new() } else { format!(".{what}") };
        let text = match round % 2 {
            0 => text.clone(),
            _ => text.replacen(
                "integer('position').notNull().default(0)",
                &format!("integer('position').notNull(){with}"),
                1,
            ),
        };
        world.set_overlay(&path, Arc::from(text));
        assert_eq!(n_tables(&world.snapshot()), MODULES * TABLES);
    });
    drop(dir);
}
