//! Relations that Drizzle refuses: what we say of them is what the packages throw, of either line.
//!
//! 0.x throws for each relation when it is used, 1.0 for the first that is wrong when the relations are defined. Needs node
//! and the packages of `tests/oracle` and `tests/oracle/next`.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

const TABLES: &str = "
import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer().primaryKey(), name: text().notNull(), bossId: integer() });
export const posts = pgTable('posts', { id: integer().primaryKey(), authorId: integer().notNull(), editorId: integer() });
export const tags = pgTable('tags_table', { id: integer().primaryKey(), label: text() });
export const postTags = pgTable('post_tags', { postId: integer(), tagId: integer() });
export const others = pgTable('others', { id: integer(), a: integer(), b: integer() });
";

/// Bodies after `TABLES`, for 0.x.
const FIRST: &[&str] = &[
    "export const a = relations(users, ({ many }) => ({ posts: many(posts) }));",
    "export const a = relations(users, ({ one }) => ({ post: one(posts) }));",
    "export const a = relations(users, ({ many }) => ({ posts: many(posts) }));
     export const b = relations(posts, ({ one }) => ({ author: one(users) }));",
    "export const a = relations(users, ({ many }) => ({ posts: many(posts) }));
     export const b = relations(posts, ({ one }) => ({ author: one(users, { fields: [posts.authorId], references: [users.id] }) }));",
    "export const a = relations(users, ({ many }) => ({ posts: many(posts) }));
     export const b = relations(posts, ({ one }) => ({
       author: one(users, { fields: [posts.authorId], references: [users.id] }),
       editor: one(users, { fields: [posts.editorId], references: [users.id] }) }));",
    "export const a = relations(users, ({ many }) => ({ posts: many(posts, { relationName: 'x' }) }));
     export const b = relations(posts, ({ one }) => ({
       author: one(users, { fields: [posts.authorId], references: [users.id], relationName: 'x' }),
       editor: one(users, { fields: [posts.editorId], references: [users.id], relationName: 'x' }) }));",
    "export const a = relations(users, ({ many }) => ({ posts: many(posts, { relationName: 'x' }) }));
     export const b = relations(posts, ({ one }) => ({
       author: one(users, { fields: [posts.authorId], references: [users.id], relationName: 'y' }) }));",
    "export const a = relations(users, ({ one, many }) => ({
       boss: one(users, { fields: [users.bossId], references: [users.id], relationName: 'boss' }),
       staff: many(users, { relationName: 'boss' }) }));",
    "export const a = relations(users, ({ one, many }) => ({
       boss: one(users, { fields: [users.bossId], references: [users.id] }), staff: many(users) }));",
    "export const a = relations(posts, ({ many }) => ({ tags: many(tags) }));
     export const b = relations(tags, ({ many }) => ({ posts: many(posts) }));",
    "export const a = relations(users, ({ many }) => ({ posts: many(posts) }));
     export const b = relations(users, ({ many }) => ({ posts: many(tags) }));
     export const c = relations(tags, ({ one }) => ({ user: one(users, { fields: [tags.id], references: [users.id] }) }));",
];

/// What the callback of `defineRelations` returns, for 1.0.
const SECOND: &[&str] = &[
    "{ users: { posts: r.many.posts() } }",
    "{ users: { posts: r.many.posts() }, posts: {} }",
    "{ users: { posts: r.many.posts() }, posts: { author: r.one.users({ from: r.posts.authorId, to: r.users.id }) } }",
    "{ users: { posts: r.many.posts() }, posts: { author: r.one.users() } }",
    "{ users: { name: r.many.posts({ from: r.users.id, to: r.posts.authorId }) } }",
    "{ users: { posts: r.many.posts({ from: r.users.id, to: r.posts.authorId, alias: '' }) } }",
    "{ users: { posts: r.many.posts({ from: [], to: r.posts.authorId }) } }",
    "{ users: { posts: r.many.posts({ from: r.users.id, to: [] }) } }",
    "{ users: { posts: r.many.posts({ from: [r.users.id, r.users.name], to: [r.posts.authorId] }) } }",
    "{ users: { posts: r.many.posts({ from: r.posts.id, to: r.posts.authorId }) } }",
    "{ users: { posts: r.many.posts({ from: r.users.id, to: r.users.id }) } }",
    "{ users: { posts: r.many.posts({ from: r.users.id }) } }",
    "{ users: { posts: r.many.posts({ to: r.posts.authorId }) } }",
    "{ users: { posts: r.many.posts({ alias: 'x' }) }, posts: { author: r.one.users({ from: r.posts.authorId, to: r.users.id }) } }",
    "{ users: { posts: r.many.posts({ alias: 'x' }) }, posts: {
       a: r.one.users({ from: r.posts.authorId, to: r.users.id, alias: 'x' }),
       b: r.one.users({ from: r.posts.editorId, to: r.users.id, alias: 'x' }) } }",
    "{ users: { posts: r.many.posts() }, posts: {
       a: r.one.users({ from: r.posts.authorId, to: r.users.id }),
       b: r.one.users({ from: r.posts.editorId, to: r.users.id }) } }",
    "{ users: { posts: r.many.posts() }, posts: {
       a: r.one.users({ from: r.posts.authorId, to: r.users.id, alias: 'x' }) } }",
    "{ users: { posts: r.many.posts({ alias: 'x' }) }, posts: {
       a: r.one.users({ from: r.posts.authorId, to: r.users.id, alias: 'x' }) } }",
    "{ posts: { tags: r.many.tags({ from: r.posts.id.through(r.postTags.postId), to: r.tags.id.through(r.postTags.tagId) }) } }",
    "{ posts: { tags: r.many.tags({ from: r.posts.id.through(r.postTags.postId), to: r.tags.id.through(r.postTags.tagId) }) },
       tags: { posts: r.many.posts() } }",
    "{ posts: { tags: r.many.tags({ from: r.posts.id.through(r.postTags.postId), to: r.tags.id }) } }",
    "{ posts: { tags: r.many.tags({ from: r.posts.id.through(r.postTags.postId), to: r.tags.id.through(r.others.a) }) } }",
    "{ posts: { tags: r.many.tags({ from: r.posts.id, to: r.tags.id, where: undefined }) } }",
    "{ users: { boss: r.one.users({ from: r.users.bossId, to: r.users.id, alias: 'boss' }), staff: r.many.users({ alias: 'boss' }) } }",
    "{ users: { boss: r.one.users({ from: r.users.bossId, to: r.users.id }), staff: r.many.users() } }",
    "{ users: { a: r.many.posts({ alias: undefined }) }, posts: { b: r.one.users({ from: r.posts.authorId, to: r.users.id, optional: false }) } }",
];

struct Case {
    line: u8,
    text: String,
}

fn cases() -> Vec<Case> {
    let first = FIRST.iter().map(|it| Case {
        line: 0,
        text: format!("import {{ relations }} from 'drizzle-orm';{TABLES}{it}\n"),
    });
    let second = SECOND.iter().flat_map(|it| {
        ["defineRelations", "defineRelationsPart"].map(|function| Case {
            line: 1,
            text: format!(
                "import {{ {function} }} from 'drizzle-orm';{TABLES}
export const all = {function}({{ users, posts, tags, postTags, others }}, (r) => ({it}));\n"
            ),
        })
    });
    first.chain(second).collect()
}

/// What the packages throw.
fn thrown(cases: &[Case]) -> Vec<Vec<String>> {
    let input: Vec<_> =
        cases.iter().map(|it| serde_json::json!({ "line": it.line, "text": it.text })).collect();
    let mut child = Command::new("node")
        .arg(format!("{}/tests/oracle/relations.mjs", env!("CARGO_MANIFEST_DIR")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(serde_json::to_string(&input).expect("JSON").as_bytes()).expect("node reads");
    drop(stdin);
    let output = child.wait_with_output().expect("node ends");
    serde_json::from_slice(&output.stdout).expect("node answers")
}

/// What `columnist check` says.
fn said(cases: &[Case]) -> Vec<BTreeSet<String>> {
    let home = tempfile::tempdir().expect("a folder");
    for (idx, case) in cases.iter().enumerate() {
        let dir = home.path().join(format!("c{idx}"));
        std::fs::create_dir(&dir).expect("a folder");
        let version = ["0.45.4", "1.0.0-rc.5"][usize::from(case.line)];
        let package = format!(r#"{{ "name": "c{idx}", "dependencies": {{ "drizzle-orm": "{version}" }} }}"#);
        std::fs::write(dir.join("package.json"), package).expect("a file");
        let config = "export default { dialect: 'postgresql', schema: './schema.ts' };\n";
        std::fs::write(dir.join("drizzle.config.ts"), config).expect("a file");
        std::fs::write(dir.join("schema.ts"), &case.text).expect("a file");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_columnist"))
        .args(["check", "--format", "json"])
        .current_dir(home.path())
        .output()
        .expect("columnist runs");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut res = vec![BTreeSet::new(); cases.len()];
    for it in report["diagnostics"].as_array().expect("a list") {
        if it["code"] != "invalid-relation" {
            continue;
        }
        let file = it["file"].as_str().unwrap_or_default();
        let idx = file.trim_start_matches('c').split('/').next().and_then(|it| it.parse::<usize>().ok());
        if let Some(found) = idx.and_then(|it| res.get_mut(it)) {
            found.insert(it["message"].as_str().unwrap_or_default().to_owned());
        }
    }
    res
}

#[test]
fn what_drizzle_throws_for_relations_is_what_we_say() {
    let cases = cases();
    let (thrown, said) = (thrown(&cases), said(&cases));
    let mut report = String::new();
    for ((case, thrown), said) in cases.iter().zip(&thrown).zip(&said) {
        let thrown: BTreeSet<String> = thrown.iter().cloned().collect();
        // 1.0 throws one of several.
        let agrees = match case.line {
            0 => thrown == *said,
            _ => thrown.is_subset(said) && thrown.is_empty() == said.is_empty(),
        };
        if !agrees {
            let body = case.text.split_once(TABLES).map_or("", |it| it.1);
            report.push_str(&format!("{}\n  thrown {thrown:#?}\n  said {said:#?}\n", body.trim()));
        }
    }
    let n_thrown = thrown.iter().filter(|it| !it.is_empty()).count();
    println!("{} cases, {n_thrown} refused", cases.len());
    assert!(report.is_empty(), "{report}");
}
