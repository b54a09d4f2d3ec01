//! Whose SQL a text is, by words that only one dialect has.

use memchr::memmem;

use crate::sql::Dialect;
use crate::sql::token::{TokenKind, lex};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    Known(Dialect),
    /// ClickHouse, SQL Server, Oracle, …: not read.
    Foreign,
}

/// What the words of a file hint at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// Of a SQL file: whose SQL it is.
    pub(super) dialect: Option<Sniffed>,
    /// It declares something that a catalog holds.
    pub(super) is_ddl: bool,
    /// A tool of migrations wrote it.
    pub(super) is_generated: bool,
    /// It holds queries with names, which a program sends one by one (`-- BLOCK name`).
    pub(super) has_blocks: bool,
    /// Its text is a template of the project's own (`${name}`).
    pub(super) is_template: bool,
    /// Its text is a template of Go's, Jinja's or their like, and no SQL as it stands: `{{ … }}` where a name is due.
    pub is_unfilled: bool,
    /// It is a script of an extension, in which CREATE EXTENSION puts names first.
    pub(super) is_of_extension: bool,
    /// Which part of a migration runs.
    pub(super) parts: super::migrations::Parts,
    /// Of a script: the dialect of the Drizzle module that it imports.
    pub(super) core: Option<Dialect>,
}

impl Hints {
    /// Whether two texts say the same, but for where the parts of a migration stand.
    pub fn is_moved(&self, other: &Hints) -> bool {
        let places = |it: &Hints| (it.parts.from > 0, it.parts.until.is_some());
        let (from, until) = (other.parts.from, other.parts.until);
        let parts = super::migrations::Parts { from, until, ..self.parts };
        places(self) == places(other) && Hints { parts, ..self.clone() } == *other
    }

    pub fn new(file_path: &str, text: &str) -> Hints {
        match crate::base::path::extension(file_path) {
            "sql" => Hints {
                dialect: dialect(text),
                is_ddl: is_ddl(text),
                is_generated: text.contains("schema_migrations"),
                has_blocks: !crate::sql::block::blocks(text).is_empty(),
                is_template: is_template(text),
                is_unfilled: is_unfilled(text),
                is_of_extension: is_of_extension(text),
                parts: super::migrations::parts(text),
                core: None,
            },
            "json" | "jsonc" | "yaml" | "yml" | "lock" | "toml" | "control" => Hints::default(),
            _ => Hints { core: super::imports::dialect_of_module(text), ..Hints::default() },
        }
    }
}

const MYSQL: [&str; 6] = [
    "auto_increment",
    "engine=innodb",
    "engine = innodb",
    "unsigned not null",
    "default charset",
    "unlock tables",
];
const SQLITE: [&str; 6] =
    ["autoincrement", "without rowid", "pragma ", "sqlite_sequence", " datetime", "strftime"];
/// Of these PostgreSQL takes none.
const SQLITE_ONLY: [&str; 4] = ["key autoincrement", "without rowid", "(datetime('now'", "default (strftime"];
const POSTGRES: [&str; 17] = [
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
    "using btree",
];
const FOREIGN: [&str; 21] = [
    "mergetree",
    "lowcardinality(",
    "datetime64",
    "clickhouse",
    "nvarchar",
    "[dbo]",
    "dbo.",
    "varchar2",
    "identity(1,1)",
    "identity(1, 1)",
    "create or replace stage",
    "string options(",
    "with clustering order",
    "create keyspace",
    // QuestDB.
    "symbol capacity",
    "partition by day wal",
    "partition by hour wal",
    "partition by month wal",
    // DuckDB.
    "json_extract_string(",
    "create or replace table",
    "create type if not exists",
];

/// The dialect of a SQL text; `None`: nothing tells.
fn dialect(text: &str) -> Option<Sniffed> {
    let lower = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|it| memmem::find(lower.as_bytes(), it.as_bytes()).is_some());
    if has(&FOREIGN) || is_of_generator(&lower) {
        return Some(Sniffed::Foreign);
    }
    let backquoted = memmem::find(lower.as_bytes(), b"table `").is_some()
        || memmem::find(lower.as_bytes(), b"if not exists `").is_some();
    let dialect = match (has(&MYSQL), has(&POSTGRES)) {
        // SQLite takes any words for a type, `bigserial` and `timestamp with time zone` too.
        (false, _) if has(&SQLITE_ONLY) => Dialect::Sqlite,
        // Dumps of MySQL may speak of `timestamp with time zone` in comments, PostgreSQL's never of its engines.
        (true, _) => Dialect::Mysql,
        (false, true) => Dialect::Postgres,
        (false, false) if has(&SQLITE) => Dialect::Sqlite,
        (false, false) if backquoted => Dialect::Mysql,
        (false, false) if has(&[" blob not null"]) => Dialect::Sqlite,
        (false, false) => return None,
    };
    Some(Sniffed::Known(dialect))
}

/// Queries that a program is generated from have marks and parameters of their own: sqlc's `-- name: Find :one` with
/// `@id` and `sqlc.arg(id)`, PgTyped's `/* @name find */` with `:id`.
fn is_of_generator(lower: &str) -> bool {
    let sqlc = |line: &str| {
        let name = line.trim_start().strip_prefix("--").and_then(|it| it.trim_start().strip_prefix("name:"));
        let command = name.and_then(|it| it.split_whitespace().nth(1)).and_then(|it| it.strip_prefix(':'));
        command.is_some_and(|it| it.starts_with(['o', 'm', 'e', 'c', 'b']))
    };
    let typed = |line: &str| {
        let line = line.trim_start();
        line.starts_with("/* @name ") || line.starts_with("@name ") || line.starts_with("* @name ")
    };
    lower.lines().any(|it| sqlc(it) || typed(it))
}

/// The dialect that a path speaks of (`db/clickhouse/001.sql`).
pub(super) fn dialect_of_path(file_path: &str) -> Option<Sniffed> {
    file_path.rsplit(['/', '-', '_', '.']).find_map(|part| {
        Some(match part {
            "postgres" | "postgresql" | "pg" | "supabase" | "pglite" => Sniffed::Known(Dialect::Postgres),
            "mysql" | "mariadb" => Sniffed::Known(Dialect::Mysql),
            "sqlite" | "sqlite3" | "d1" | "turso" | "libsql" => Sniffed::Known(Dialect::Sqlite),
            "clickhouse" | "mssql" | "sqlserver" | "oracle" | "snowflake" | "bigquery" | "duckdb"
            | "cassandra" | "tinybird" | "redshift" | "databricks" | "trino" | "presto" => Sniffed::Foreign,
            // `duckdbMigrations`
            _ if part.starts_with("duckdb") || part.starts_with("questdb") => Sniffed::Foreign,
            _ => return None,
        })
    })
}

/// Whether a program fills something in: `${name}`, `{{ name }}`, `<%= name %>`.
fn is_template(text: &str) -> bool {
    let begins = |it: &str| it.starts_with(|it: char| it.is_alphabetic());
    let mut places = memmem::find_iter(text.as_bytes(), b"${");
    places.any(|at| text.get(at + 2..).is_some_and(begins)) || text.contains("{{ ") || text.contains("<%=")
}

/// Whether braces stand doubled outside of strings and comments, where SQL has none: `create table {{ .Schema }}.users`.
fn is_unfilled(text: &str) -> bool {
    let marks = ["{{", "{%"];
    if !marks.iter().any(|it| memmem::find(text.as_bytes(), it.as_bytes()).is_some()) {
        return false;
    }
    lex(text).iter().any(|it| match it.kind {
        TokenKind::Unknown => {
            let rest = text.get(usize::from(it.range.start())..).unwrap_or_default();
            marks.iter().any(|mark| rest.starts_with(mark))
        }
        TokenKind::QuotedIdent { .. } => it.text(text).contains("{{"),
        _ => false,
    })
}

/// Whether CREATE EXTENSION alone can run it (manual, "Packaging Related Objects into an Extension"): it says where the
/// extension's objects or its library are to be, or that psql is not to run it.
fn is_of_extension(text: &str) -> bool {
    [
        "@extschema",
        "@extowner@",
        "MODULE_PATHNAME",
        "\\echo Use \"CREATE EXTENSION",
        "\\echo Use \"ALTER EXTENSION",
    ]
    .iter()
    .any(|it| memmem::find(text.as_bytes(), it.as_bytes()).is_some())
}

/// Whether the text declares anything that a catalog holds.
fn is_ddl(text: &str) -> bool {
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
