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

#[test]
fn columns_that_code_adds() {
    let text = r#"`ALTER TABLE tasks ADD COLUMN IF NOT EXISTS tags TEXT[]`, pool.query(`
        ALTER TABLE public.tasks ADD COLUMN a1 TEXT, ADD "A 2" text;
        alter table only "Users" add column if not exists ${name} text`)
        ALTER TABLE t ADD CONSTRAINT c CHECK (true); alter table t drop column x; add column y int"#;
    let mut names = Vec::new();
    added_columns(text, &mut names);
    names.sort();
    let names: Vec<&str> = names.iter().map(Ident::as_str).collect();
    assert_eq!(names, ["t.constraint", "tasks.A 2", "tasks.a1", "tasks.tags"]);
}
