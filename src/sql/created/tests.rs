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

#[test]
fn a_schema_of_a_computed_name_is_told_apart() {
    let mut names = Vec::new();
    created_names("`CREATE SCHEMA IF NOT EXISTS ${name}`; `create table ${name}`", &mut names);
    names.sort();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&any_schema()) && names.iter().all(Ident::is_dynamic));
}

#[test]
fn tables_that_code_declares() {
    let text = r#"pgTable("_meta", (t) => ({})); x.table(
        'logs', {}); onchainTable(`a`, f); table("none"); Table("none"); getTable(name); pgTable(`b_${c}`)"#;
    let mut names = Vec::new();
    declared_tables(text, &mut names);
    let names: Vec<&str> = names.iter().map(Ident::as_str).collect();
    assert_eq!(names, ["_meta", "logs", "a"]);
}
