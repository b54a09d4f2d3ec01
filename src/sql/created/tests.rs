use super::*;

#[test]
fn names_that_code_creates() {
    let text = r#"
        await db.execute(sql`CREATE TABLE IF NOT EXISTS perf_meta (key text)`)
        q("create or replace function audit.touch() returns trigger")
        `create temp table \`x\` (a int)`
        create("table", users); created table z; create index on t (a)
        CREATE TYPE "Mood" AS ENUM ('a')"#;
    let mut names = Vec::new();
    created_names(text, &mut names);
    names.sort();
    let names: Vec<&str> = names.iter().map(Ident::as_str).collect();
    assert_eq!(names, ["Mood", "perf_meta", "touch", "x"]);
}
