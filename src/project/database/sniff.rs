//! Whose SQL a text is, by words that only one dialect has.

use memchr::memmem;

use crate::sql::Dialect;

const MYSQL: [&str; 5] =
    ["auto_increment", "engine=innodb", "engine = innodb", "unsigned not null", "default charset"];
const SQLITE: [&str; 4] = ["autoincrement", "without rowid", "pragma ", "sqlite_sequence"];
const POSTGRES: [&str; 16] = [
    "jsonb",
    "timestamptz",
    "bigserial",
    "plpgsql",
    "$$",
    "with time zone",
    "::text",
    "::regclass",
    "create extension",
    "gen_random_uuid",
    "bytea",
    "set search_path",
    "nextval(",
    " serial",
    "create type",
    "pg_catalog",
];

/// The dialect of a SQL text; `None`: nothing tells.
pub(super) fn dialect(text: &str) -> Option<Dialect> {
    let lower = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|it| memmem::find(lower.as_bytes(), it.as_bytes()).is_some());
    if has(&POSTGRES) {
        // PostgreSQL's dumps speak of no other dialect's words, those of others may speak of `timestamp with time zone`.
        return Some(if has(&MYSQL) { Dialect::Mysql } else { Dialect::Postgres });
    }
    if has(&MYSQL) || (lower.contains("create table `") && !has(&SQLITE)) {
        return Some(Dialect::Mysql);
    }
    has(&SQLITE).then_some(Dialect::Sqlite)
}

/// Whether the text declares anything that a catalog holds.
pub(super) fn is_ddl(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "create table",
        "create type",
        "create view",
        "create or replace",
        "create function",
        "create unlogged table",
    ]
    .iter()
    .any(|it| memmem::find(lower.as_bytes(), it.as_bytes()).is_some())
}
