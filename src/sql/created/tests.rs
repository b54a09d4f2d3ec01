use super::*;

#[test]
fn names_that_code_creates() {
    let text = r#"
        await db.execute(sql`CREATE TABLE IF NOT EXISTS perf_meta (key text)`)
        q("create or replace function audit.touch() returns trigger")
        `create temp table \`x\` (a int)`
        create("table", users); created table z; create index on t (a)
        CREATE TYPE "Mood" AS ENUM ('a'); const META = '_meta';
        `create table "${schema}"."${META}" (a int)` `create table ${prefix}_t` `create table "${schema}".logs`"#;
    let mut names = Vec::new();
    created_names(text, &mut names);
    names.retain(|it| !it.is_dynamic());
    names.sort();
    let names: Vec<&str> = names.iter().map(Ident::as_str).collect();
    assert_eq!(names, ["Mood", "_meta", "logs", "perf_meta", "touch", "x"]);
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
        'logs', {}); onchainTable(`a`, f); table("none"); Table("none"); getTable(name); pgTable(`b_${c}`);
        export const STATUS_TABLE = "_status"; pgTable(STATUS_TABLE, {}); pgTable(other, {}); let other = 'no';"#;
    let mut names = Vec::new();
    declared_tables(text, &mut names);
    let names: Vec<&str> = names.iter().map(Ident::as_str).collect();
    assert_eq!(names, ["_meta", "logs", "a", "_status"]);
}
