//! `columnist drift` over copies of the sample application.

use std::path::{Path, PathBuf};
use std::process::Command;

use expect_test::expect;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (name, path) = (entry.file_name(), entry.path());
        if name == "node_modules" {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

struct Sample(tempfile::TempDir);

impl Sample {
    fn new() -> Sample {
        let dir = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/blog"), &dir.path().join("blog"));
        Sample(dir)
    }

    fn dir(&self) -> PathBuf {
        self.0.path().join("blog")
    }

    fn replace(&self, file: &str, from: &str, to: &str) {
        let path: PathBuf = self.dir().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} holds no {from}");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    fn edit_snapshot(&self, edit: impl FnOnce(&mut serde_json::Value)) {
        let path = self.dir().join("src/lib/db/migrations/meta/0003_snapshot.json");
        let text = std::fs::read_to_string(&path).unwrap();
        let mut snapshot: serde_json::Value = serde_json::from_str(&text).unwrap();
        edit(&mut snapshot);
        std::fs::write(&path, snapshot.to_string()).unwrap();
    }

    fn drift(&self, args: &[&str]) -> (i32, String) {
        let run = Command::new(env!("CARGO_BIN_EXE_columnist"))
            .arg("drift")
            .args(args)
            .current_dir(self.dir())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&run.stderr), "");
        (run.status.code().unwrap(), String::from_utf8(run.stdout).unwrap())
    }
}

const POSTS: &str = "src/lib/db/schemas/posts.ts";

#[test]
fn the_sample_has_not_drifted() {
    assert_eq!(Sample::new().drift(&[]), (0, "no drift in 1 database\n".to_owned()));
}

#[test]
fn columns_that_are_not_known_may_have_keys() {
    let sample = Sample::new();
    let id = "id: text()\n      .primaryKey()\n      .$defaultFn(() => nanoid()),";
    sample.replace(POSTS, id, "...identified(),");
    let made = "function identified() {
  const made: Record<string, unknown> = {};
  for (const key of ['id']) made[key] = text(key).primaryKey();
  return made as { id: ReturnType<typeof text> };
}

export const posts = pgTable(";
    sample.replace(POSTS, "export const posts = pgTable(", made);
    assert_eq!(sample.drift(&[]), (0, "no drift in 1 database\n".to_owned()));
}

/// A name that a function computes may be any: so may the column, and so may an index's elements.
#[test]
fn names_and_elements_that_are_not_known_are_no_change() {
    let sample = Sample::new();
    let made = "const snake = (s: string): string => s.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
export const posts = pgTable(";
    sample.replace(POSTS, "export const posts = pgTable(", made);
    sample.replace(POSTS, "viewCount: integer()", "viewCount: integer(snake('viewCount'))");
    assert_eq!(sample.drift(&[]), (0, "no drift in 1 database\n".to_owned()));
    let sample = Sample::new();
    let made = "function key(t: any): [any, ...any[]] {
  const [first, ...rest] = PARTS.map((part) => part.of(t));
  if (!first) throw new Error('no key');
  return [first, ...rest];
}

export const posts = pgTable(";
    sample.replace(POSTS, "export const posts = pgTable(", made);
    sample.replace(POSTS, ".on(table.authorId, table.createdAt.desc())", ".on(...key(table))");
    assert_eq!(sample.drift(&[]), (0, "no drift in 1 database\n".to_owned()));
}

/// Blanks and parentheses of a CHECK that the migration has otherwise than the snapshot.
#[test]
fn spelling_is_no_difference_between_sql_and_snapshot() {
    let sample = Sample::new();
    let last = "src/lib/db/migrations/0003_search_and_stats.sql";
    let path = sample.dir().join(last);
    let text = std::fs::read_to_string(&path).unwrap();
    let check = "ALTER TABLE \"posts\" ADD CONSTRAINT \"kinds\" CHECK (\"posts\".\"slug\" IN ('a','b') or (slug = (title ->> 'x')));";
    std::fs::write(&path, format!("{text}\n--> statement-breakpoint\n{check}\n")).unwrap();
    sample.edit_snapshot(|it| {
        let value = "\"posts\".\"slug\" in ('a', 'b') or slug = title->>'x'";
        it["tables"]["public.posts"]["checkConstraints"]["kinds"] =
            serde_json::json!({ "name": "kinds", "value": value });
    });
    let (_, text) = sample.drift(&[]);
    assert!(!text.contains("the SQL of the migrations"), "{text}");
}

/// What a migration of one's own says of every table is told in one line.
#[test]
fn row_security_of_all_tables_is_one_line() {
    let sample = Sample::new();
    let path = sample.dir().join("src/lib/db/migrations/0003_search_and_stats.sql");
    let text = std::fs::read_to_string(&path).unwrap();
    let tables = ["posts", "users", "comments"];
    let on =
        tables.map(|it| format!("--> statement-breakpoint\nalter table {it} enable row level security;\n"));
    std::fs::write(&path, format!("{text}\n{}", on.concat())).unwrap();
    let (code, text) = sample.drift(&[]);
    assert_eq!(code, 1);
    let line = "  alter 3 tables of public (comments, posts, users): row security on -> row security off\n";
    assert!(text.contains(line) && text.ends_with("3 changes in 1 database\n"), "{text}");
}

/// The schema of an operator class is no difference, and is not lost.
#[test]
fn a_class_with_its_schema() {
    let sample = Sample::new();
    let path = sample.dir().join("src/lib/db/migrations/0003_search_and_stats.sql");
    let text = std::fs::read_to_string(&path).unwrap();
    let index = "CREATE INDEX \"by_title\" ON \"posts\" USING gin (\"title\" extensions.gin_trgm_ops);";
    std::fs::write(&path, format!("{text}\n--> statement-breakpoint\n{index}\n")).unwrap();
    for value in ["\"title\" extensions.gin_trgm_ops", "\"title\" gin_trgm_ops"] {
        sample.edit_snapshot(|it| {
            it["tables"]["public.posts"]["indexes"]["by_title"] = serde_json::json!({
                "name": "by_title", "isUnique": false, "method": "gin", "concurrently": false, "with": {},
                "columns": [{ "expression": value, "isExpression": true, "asc": true, "nulls": "last" }],
            });
        });
        let (_, text) = sample.drift(&[]);
        assert!(!text.contains("the SQL of the migrations"), "{text}");
    }
}

/// One in PostgreSQL, written in two ways.
#[test]
fn what_postgresql_stores_alike_is_no_difference_between_sql_and_snapshot() {
    let sample = Sample::new();
    let last = "src/lib/db/migrations/0003_search_and_stats.sql";
    let path = sample.dir().join(last);
    let text = std::fs::read_to_string(&path).unwrap();
    let made =
        "ALTER TABLE \"posts\" ADD CONSTRAINT \"counted\" CHECK (view_count between 0 and 9007199254740991);
--> statement-breakpoint
CREATE INDEX \"drafts\" ON \"posts\" USING btree (\"slug\") WHERE status != 'draft';";
    std::fs::write(&path, format!("{text}\n--> statement-breakpoint\n{made}\n")).unwrap();
    let with_most = |most: &str| {
        sample.edit_snapshot(|it| {
            let value = format!("\"posts\".\"view_count\" >= 0 and \"posts\".\"view_count\" <= {most}");
            let posts = &mut it["tables"]["public.posts"];
            posts["checkConstraints"]["counted"] = serde_json::json!({ "name": "counted", "value": value });
            posts["indexes"]["drafts"] = serde_json::json!({
                "name": "drafts", "columns": [{ "expression": "slug", "isExpression": false, "asc": true, "nulls": "last" }],
                "isUnique": false, "where": "\"posts\".\"status\" <> 'draft'", "concurrently": false,
                "method": "btree", "with": {}
            });
        });
        sample.drift(&[]).1
    };
    let text = with_most("'9007199254740991'::bigint");
    assert!(!text.contains("the SQL of the migrations"), "{text}");
    let text = with_most("'9007199254740992'::bigint");
    assert!(text.contains("alter check public.posts.counted"), "{text}");
    assert!(!text.contains("alter index public.posts.drafts"), "{text}");
}

/// A name that only the running program knows may be any: an object of the same columns is the one.
#[test]
fn names_of_keys_and_indexes_that_are_not_known_are_no_rename() {
    const NAMED: &str = "const named = (t: any, rest: string): string => (t.id ?? t.postId).table[Symbol.for('drizzle:Name')] + rest;\n";
    const JOINED: &str = "src/lib/db/schemas/post-categories.ts";
    const CATEGORIES: &str = "src/lib/db/schemas/categories.ts";
    let sample = Sample::new();
    sample.replace(POSTS, "export const posts", &format!("{NAMED}export const posts"));
    sample.replace(POSTS, "'posts_author_id_created_at_idx'", "named(table, '_author_id_created_at_idx')");
    sample.replace(POSTS, "'posts_slug_key'", "`${named(table, '')}_slug_key`");
    sample.replace(POSTS, "'posts_rating_range'", "named(table, '_rating_range')");
    sample.replace(CATEGORIES, ".unique()", ".unique(process.env.SLUG_KEY)");
    sample.replace(JOINED, "index, pgTable", "foreignKey, index, pgTable");
    sample.replace(JOINED, "export const postCategories", &format!("{NAMED}export const postCategories"));
    sample.replace(
        JOINED,
        "postId: text()\n      .notNull()\n      .references(() => posts.id, { onDelete: 'cascade' })",
        "postId: text().notNull()",
    );
    sample.replace(
        JOINED,
        "primaryKey({ columns",
        "foreignKey({ name: named(table, '_post_fk'), columns: [table.postId], foreignColumns: [posts.id] }).onDelete('cascade'),
    primaryKey({ name: named(table, '_key'), columns",
    );
    assert_eq!(sample.drift(&[]), (0, "no drift in 1 database\n".to_owned()));
    sample.replace(POSTS, "${table.rating} between 0 and 5", "${table.rating} between 0 and 6");
    sample.replace(
        JOINED,
        "columns: [table.postId, table.categoryId]",
        "columns: [table.categoryId, table.postId]",
    );
    let text = sample.drift(&[]).1;
    assert!(text.contains("rating between 0 and 6"), "{text}");
    assert!(text.contains("(category_id, post_id)"), "{text}");
}

#[test]
fn changes_of_the_schema_are_what_the_next_migration_would_hold() {
    let sample = Sample::new();
    sample.replace(POSTS, "excerpt: text()", "summary: text()");
    sample.replace(
        POSTS,
        "viewCount: integer().notNull().default(0)",
        "viewCount: integer().notNull().default(1)",
    );
    sample.replace(POSTS, "title: varchar({ length: 200 })", "title: varchar({ length: 240 })");
    sample.replace("src/lib/db/schemas/enums.ts", "'draft'", "'idea', 'draft'");
    let (code, text) = sample.drift(&[]);
    assert_eq!(code, 1);
    expect![[r#"
        blog: the schema has changed since the last migration; `npm run db:generate` would write:
          alter enum public.post_status: draft, scheduled, published, archived -> idea, draft, scheduled, published, archived  (src/lib/db/schemas/enums.ts:3:14)
          rename column public.posts.excerpt -> public.posts.summary  (src/lib/db/schemas/posts.ts:43:5)
          alter column public.posts.title: varchar(200) -> varchar(240)  (src/lib/db/schemas/posts.ts:40:5)
          alter column public.posts.view_count: default 0 -> default 1  (src/lib/db/schemas/posts.ts:54:5)

        4 changes in 1 database
    "#]].assert_eq(&text);
    let (code, json) = sample.drift(&["--format", "json"]);
    assert_eq!(code, 1);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["version"], 1);
    let first = &json["databases"][0];
    assert_eq!((&first["from"], &first["to"]), (&"snapshot".into(), &"schema".into()));
    let renamed = first["changes"].as_array().unwrap().iter().find(|it| it["kind"] == "rename").unwrap();
    assert_eq!(renamed["before"], "public.posts.excerpt");
    assert_eq!(renamed["after"], "public.posts.summary");
    assert_eq!(renamed["file"], POSTS);
}

/// As drizzle-kit 0.x, which compares the texts of types.
#[test]
fn a_collation_in_a_custom_type_is_a_change() {
    let sample = Sample::new();
    sample.replace(POSTS, "import", "import { customType } from 'drizzle-orm/pg-core';\nimport");
    sample.replace(
        POSTS,
        "excerpt: text()",
        "excerpt: customType<{ data: string }>({ dataType: () => 'text collate \"C\"' })()",
    );
    let (code, text) = sample.drift(&[]);
    assert_eq!(code, 1);
    assert!(text.contains("alter column public.posts.excerpt: text -> text collate \"C\""), "{text}");
}

/// So is one that was taken away, unless the program writes collations into its columns.
#[test]
fn a_collation_that_is_gone_is_a_change() {
    let sample = Sample::new();
    sample.edit_snapshot(|it| {
        it["tables"]["public.posts"]["columns"]["excerpt"]["type"] = "text collate \"C\"".into()
    });
    let (code, text) = sample.drift(&[]);
    assert_eq!(code, 1);
    assert!(text.contains("alter column public.posts.excerpt: text collate \"C\" -> text"), "{text}");
    let code = "export const collate = (column: any) => { column.getSQLType = () => 'text collate \"C\"' };";
    std::fs::write(sample.dir().join("src/lib/collate.ts"), code).unwrap();
    assert_eq!(sample.drift(&[]), (0, "no drift in 1 database\n".to_owned()));
}

/// drizzle-kit compares texts letter by letter, and writes the index anew.
#[test]
fn another_text_of_the_same_predicate_is_a_change() {
    let sample = Sample::new();
    sample.replace(POSTS, "sql`${table.status} = 'published'`", "sql`status = 'published'`");
    let (code, text) = sample.drift(&[]);
    assert_eq!(code, 1);
    expect![[r#"
        blog: the schema has changed since the last migration; `npm run db:generate` would write:
          alter index public.posts.posts_published_at_idx: "posts"."status" = 'published' -> status = 'published'  (src/lib/db/schemas/posts.ts:68:5)

        1 change in 1 database
    "#]].assert_eq(&text);
}

#[test]
fn roles_are_compared() {
    let sample = Sample::new();
    sample.replace(POSTS, "import", "import { pgRole } from 'drizzle-orm/pg-core';\nimport");
    sample.replace(
        POSTS,
        "export const posts =",
        "export const reader = pgRole('reader');
export const writer = pgRole('writer', { createDb: true });
export const host = pgRole('host').existing();
export const posts =",
    );
    sample.edit_snapshot(|it| {
        let role = |name: &str| serde_json::json!({ "name": name, "createDb": false, "createRole": false, "inherit": true });
        it["roles"] = serde_json::json!({ "writer": role("writer"), "gone": role("gone") });
    });
    let (code, text) = sample.drift(&[]);
    assert_eq!(code, 1);
    expect![[r#"
        blog: the schema has changed since the last migration; `npm run db:generate` would write:
          drop role gone
          add role reader  (src/lib/db/schemas/posts.ts:32:14)
          alter role writer: createDb false -> createDb true  (src/lib/db/schemas/posts.ts:33:14)

        3 changes in 1 database
    "#]]
    .assert_eq(&text);
}

/// drizzle-kit 0.x takes the last of two tables with one name, in the order of the exports' names.
#[test]
fn the_last_of_two_tables_of_one_name_counts() {
    let second = |name: &str| {
        let sample = Sample::new();
        let table = format!(
            "export const {name} = pgTable('posts', {{ id: text().primaryKey() }});\nexport const posts ="
        );
        sample.replace(POSTS, "export const posts =", &table);
        sample.drift(&[]).1
    };
    assert_eq!(second("archivedPosts"), "no drift in 1 database\n");
    let text = second("writtenPosts");
    assert!(text.contains("drop column public.posts.title"), "{text}");
}

#[test]
fn sql_that_does_not_make_the_snapshot_is_told() {
    let sample = Sample::new();
    sample.replace("src/lib/db/migrations/0000_init.sql", "\"excerpt\" text", "\"excerpt\" varchar(10)");
    let (code, text) = sample.drift(&[]);
    assert_eq!(code, 1);
    expect![[r#"
        blog: the SQL of the migrations does not make what drizzle-kit's last snapshot says; missing or different:
          alter column public.posts.excerpt: varchar(10) -> text

        1 change in 1 database
    "#]].assert_eq(&text);
}

/// The first migration that `drizzle-kit pull` writes is a comment: what it would make was there before.
#[test]
fn migrations_of_a_database_that_was_pulled_begin_with_its_snapshot() {
    let sample = Sample::new();
    let first = sample.dir().join("src/lib/db/migrations/0000_init.sql");
    let text = std::fs::read_to_string(&first).unwrap();
    let comment = "-- Current sql file was generated after introspecting the database\n/*\n";
    std::fs::write(first, format!("{comment}{text}*/\n")).unwrap();
    assert_eq!(sample.drift(&[]), (0, "no drift in 1 database\n".to_owned()));
    sample.edit_snapshot(|it| it["tables"]["public.facts"] = serde_json::from_str(FACTS).unwrap());
    let (_, text) = sample.drift(&[]);
    assert!(text.contains("add table public.facts"), "{text}");
}

/// A snapshot is that of its own migration: what was written by hand behind it is no part of it.
#[test]
fn migrations_behind_the_last_snapshot_are_not_held_against_it() {
    let sample = Sample::new();
    let journal = "src/lib/db/migrations/meta/_journal.json";
    sample.replace(
        journal,
        "\"tag\": \"0003_search_and_stats\",\n      \"breakpoints\": true\n    }",
        "\"tag\": \"0003_search_and_stats\",\n      \"breakpoints\": true\n    },\n    { \"idx\": 4, \"version\": \"7\", \"when\": 1795353898219, \"tag\": \"0004_by_hand\", \"breakpoints\": true }",
    );
    let by_hand = sample.dir().join("src/lib/db/migrations/0004_by_hand.sql");
    std::fs::write(by_hand, "ALTER TABLE \"posts\" ALTER COLUMN \"excerpt\" SET DATA TYPE varchar(500);\n")
        .unwrap();
    assert_eq!(sample.drift(&[]), (0, "no drift in 1 database\n".to_owned()));
}

/// What a snapshot and the SQL of its migration say in two ways is no difference: operator classes that are the default, how
/// numbers are written, `GENERATED` in the text of a type, roles that were renamed since.
#[test]
fn other_words_for_the_same_are_no_difference() {
    let sample = Sample::new();
    let last = "src/lib/db/migrations/0003_search_and_stats.sql";
    let path = sample.dir().join(last);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}\n--> statement-breakpoint\n{OTHER_WORDS}")).unwrap();
    sample.edit_snapshot(|it| it["tables"]["public.facts"] = serde_json::from_str(FACTS).unwrap());
    let (_, text) = sample.drift(&[]);
    assert!(!text.contains("the SQL of the migrations"), "{text}");
}

const OTHER_WORDS: &str = r#"CREATE ROLE "writer";--> statement-breakpoint
CREATE TABLE "facts" (
  "id" uuid NOT NULL,
  "name" text NOT NULL,
  "confidence" real DEFAULT 1.0 NOT NULL,
  "search" tsvector GENERATED ALWAYS AS (to_tsvector('english', name)) STORED
);--> statement-breakpoint
CREATE TABLE "facts_of_another_day" ("id" uuid NOT NULL, "name" text NOT NULL, "confidence" real NOT NULL);--> statement-breakpoint
CREATE INDEX "facts_id_name" ON "facts" ("id", "name" text_ops);--> statement-breakpoint
CREATE POLICY "own" ON "facts" AS PERMISSIVE FOR ALL TO "writer" USING (true);--> statement-breakpoint
ALTER TABLE "facts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER ROLE "writer" RENAME TO "author";
"#;

const FACTS: &str = r#"{
  "name": "facts", "schema": "", "columns": {
    "id": { "name": "id", "type": "uuid", "primaryKey": false, "notNull": true },
    "name": { "name": "name", "type": "text", "primaryKey": false, "notNull": true },
    "confidence": { "name": "confidence", "type": "real", "primaryKey": false, "notNull": true, "default": 1 },
    "search": { "name": "search", "type": "tsvector GENERATED ALWAYS AS (to_tsvector('english', name)) STORED", "primaryKey": false, "notNull": false }
  },
  "indexes": { "facts_id_name": { "name": "facts_id_name", "columns": [
    { "expression": "id", "isExpression": false, "asc": true, "nulls": "last", "opclass": "uuid_ops" },
    { "expression": "name", "isExpression": false, "asc": true, "nulls": "last" }
  ], "isUnique": false, "concurrently": false, "method": "btree", "with": {} } },
  "foreignKeys": {}, "compositePrimaryKeys": {}, "uniqueConstraints": {}, "checkConstraints": {},
  "policies": { "own": { "name": "own", "as": "PERMISSIVE", "for": "ALL", "to": ["author"], "using": "true" } },
  "isRLSEnabled": false
}"#;

/// `ADD COLUMN … REFERENCES t(id)` loses the actions that the schema says.
#[test]
fn a_foreign_key_of_sqlite_with_other_actions_is_altered() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("package.json", r#"{ "dependencies": { "drizzle-orm": "0.45.4", "drizzle-kit": "0.31.0" } }"#);
    write(
        "drizzle.config.ts",
        "export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle' };\n",
    );
    write(
        "schema.ts",
        "import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const a = sqliteTable('a', { id: text().primaryKey() });
export const b = sqliteTable('b', { id: text().primaryKey(), aId: text('a_id').references(() => a.id, { onDelete: 'set null' }) });
",
    );
    write(
        "drizzle/0000_a.sql",
        "CREATE TABLE `a` (`id` text PRIMARY KEY NOT NULL);
--> statement-breakpoint
CREATE TABLE `b` (`id` text PRIMARY KEY NOT NULL);
--> statement-breakpoint
ALTER TABLE `b` ADD `a_id` text REFERENCES a(id);
",
    );
    let entry =
        serde_json::json!({ "idx": 0, "version": "6", "when": 1, "tag": "0000_a", "breakpoints": true });
    let journal = serde_json::json!({ "version": "7", "dialect": "sqlite", "entries": [entry] });
    write("drizzle/meta/_journal.json", &journal.to_string());
    let column = |name: &str, key: bool| serde_json::json!({ "name": name, "type": "text", "primaryKey": key, "notNull": key, "autoincrement": false });
    let table = |name: &str, columns: serde_json::Value, keys: serde_json::Value| {
        serde_json::json!({
            "name": name, "columns": columns, "indexes": {}, "foreignKeys": keys,
            "compositePrimaryKeys": {}, "uniqueConstraints": {}, "checkConstraints": {},
        })
    };
    let key = serde_json::json!({ "b_a_id_a_id_fk": {
        "name": "b_a_id_a_id_fk", "tableFrom": "b", "tableTo": "a", "columnsFrom": ["a_id"], "columnsTo": ["id"],
        "onDelete": "set null", "onUpdate": "no action",
    } });
    let columns = serde_json::json!({ "id": column("id", true), "a_id": column("a_id", false) });
    let snapshot = serde_json::json!({
        "version": "6", "dialect": "sqlite", "id": "1", "prevId": "00000000-0000-0000-0000-000000000000",
        "tables": {
            "a": table("a", serde_json::json!({ "id": column("id", true) }), serde_json::json!({})),
            "b": table("b", columns, key),
        },
        "views": {}, "enums": {}, "_meta": { "schemas": {}, "tables": {}, "columns": {} },
        "internal": { "indexes": {} },
    });
    write("drizzle/meta/0000_snapshot.json", &snapshot.to_string());
    let run =
        Command::new(env!("CARGO_BIN_EXE_columnist")).arg("drift").current_dir(dir.path()).output().unwrap();
    let text = String::from_utf8(run.stdout).unwrap();
    let alter = "alter foreign key public.b.b_a_id_a_id_fk: (a_id) references public.a (id) on delete no action on update no action -> (a_id) references public.a (id) on delete set null on update no action";
    assert!(text.contains(alter) && text.ends_with("1 change in 1 database\n"), "{text}");
}
