//! What the evaluator cannot know silences what depends on it, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use columnist::db::{Disk, World};
use columnist::lint::check;
use columnist::project::Workspace;

struct MapDisk(BTreeMap<String, String>);

impl Disk for MapDisk {
    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }
}

/// The errors in `query`, a template over the tables that `schema` declares.
fn errors(schema: &str, query: &str) -> Vec<String> {
    let files: BTreeMap<String, String> = [
        ("/w/package.json", r#"{ "dependencies": { "drizzle-orm": "0.45.4" } }"#.to_owned()),
        ("/w/drizzle.config.ts", "export default { dialect: 'postgresql', schema: './schema.ts' };\n".to_owned()),
        (
            "/w/schema.ts",
            format!("import {{ integer, pgEnum, pgSchema, pgTable, pgView, text }} from 'drizzle-orm/pg-core';\nimport {{ sql }} from 'drizzle-orm';\nimport {{ audited, prefix }} from 'somewhere-else';\n{schema}"),
        ),
        (
            "/w/app.ts",
            format!("import {{ sql }} from 'drizzle-orm';\nexport const find = () => db.execute(sql`{query}`);\n"),
        ),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .into();
    let paths: Vec<String> = files.keys().cloned().collect();
    let mut world = World::new(Arc::new(MapDisk(files)), vec!["/w".into()]);
    for path in &paths {
        world.file_on_disk(path);
    }
    let snap = world.snapshot();
    let file = snap.file("/w/app.ts").expect("the fixture has a query");
    let found = check::file(&snap, file).expect("nobody cancels");
    found.diagnostics.into_iter().map(|it| it.code.to_owned()).collect()
}

const QUERY: &str = "select nothing from users";

#[test]
fn what_is_known_is_checked() {
    for columns in [
        "{ id: integer() }",
        "{ ...{ id: integer() } }",
        "(t) => ({ id: t.integer() })",
        "{ ...(true ? { id: integer() } : {}) }",
        "Object.fromEntries([['id', integer()]])",
    ] {
        let schema = format!("export const users = pgTable('users', {columns});");
        assert_eq!(errors(&schema, QUERY), ["undefined-column"], "{columns}");
        assert_eq!(errors(&schema, "select id from users"), [""; 0], "{columns}");
        assert_eq!(errors(&schema, "select id from nobody"), ["undefined-table"], "{columns}");
    }
}

#[test]
fn columns_that_may_be_there_are_not_missed() {
    for columns in [
        "{ id: integer(), ...audited }",
        "{ id: integer(), ...audited('x') }",
        "{ id: integer(), ...(process.env.AUDIT ? audited : {}) }",
        "{ id: integer(), [prefix]: text() }",
        "{ id: integer(), value: text(prefix) }",
        "{ id: integer(), value: text(`${prefix}_value`) }",
        "audited({ id: integer() })",
        "(() => { const res: any = { id: integer() }; for (const it of ['a']) res[it] = text(); return res; })()",
        "{ id: integer(), value: audited() }",
    ] {
        let schema = format!("export const users = pgTable('users', {columns});");
        assert_eq!(errors(&schema, QUERY), [""; 0], "{columns}");
    }
}

#[test]
fn types_that_are_not_known_fit_everything() {
    for column in [
        "audited('value')",
        "prefix ? text('value') : integer('value')",
        "pgEnum(prefix, ['a'])('value')",
        "pgEnum('kind', audited)('value')",
    ] {
        let schema = format!("export const users = pgTable('users', {{ id: integer(), value: {column} }});");
        let query = "select id from users where value = 'b' or value > 3 or length(value) > 1";
        assert_eq!(errors(&schema, query), [""; 0], "{column}");
    }
}

#[test]
fn tables_that_may_be_there_are_not_missed() {
    for table in [
        "export const other = pgTable(prefix, { id: integer() });",
        "export const other = pgTable(`${prefix}_x`, { id: integer() });",
        "export const other = pgSchema(prefix).table('nobody', { id: integer() });",
        "export * from 'somewhere-else';",
    ] {
        let schema = format!("export const users = pgTable('users', {{ id: integer() }});\n{table}");
        assert_eq!(errors(&schema, "select id from nobody"), [""; 0], "{table}");
    }
}

#[test]
fn views_whose_query_is_not_known_are_open() {
    for view in ["pgView('v').as(audited)", "pgView('v').as((qb) => audited(qb))", "pgView('v').existing()"] {
        let schema =
            format!("export const users = pgTable('users', {{ id: integer() }});\nexport const v = {view};");
        assert_eq!(errors(&schema, "select nothing from v"), [""; 0], "{view}");
    }
}
