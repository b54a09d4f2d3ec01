//! Whose tag a template has; each library reads holes its own way.

use super::typed;
use crate::embed::Piece;
use crate::project::eval::types::BY_SHAPE;
use crate::project::eval::{GLOBAL, Value, ValueKind};
use crate::sema::fragment::Env;
use crate::ts::hir::{BindingKind, ExprId, ExprKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Library {
    /// drizzle-orm's `sql`.
    Drizzle,
    /// postgres.js: a tag made by `postgres(…)`.
    PostgresJs,
    /// Kysely's `sql`.
    Kysely,
    /// Slonik's `sql.type(…)`, `sql.unsafe`, `sql.fragment`.
    Slonik,
    /// `@vercel/postgres`, Neon and others of which every hole is a parameter.
    Params,
    /// `Prisma.sql`, `$queryRaw`.
    Prisma,
    /// No tag: the holes are text (`sql.raw(…)`, `db.execute('…')`).
    Text,
    /// A tag of a package that has nothing to do with SQL.
    Foreign,
    /// A tag of unknown origin: plain SQL with parameters, at warning level at most.
    Unknown,
}

/// Whose tag this is.
pub fn of_tag(env: &Env<'_>, tag: ExprId) -> Library {
    let value = (env.value)(tag);
    let found = value.alternatives().iter().map(of_value).find(|it| *it != Library::Unknown);
    match found {
        Some(found) => found,
        // `sql: postgres.Sql`, `tx: TransactionSql`.
        None => match typed::package(env, tag) {
            Some(package) if package == "postgres" => Library::PostgresJs,
            _ => by_shape(env, tag),
        },
    }
}

pub fn of_value(value: &Value) -> Library {
    match &*value.kind {
        ValueKind::External { package, path } => of_package(package, path.last().map_or("", |it| it)),
        // `postgres(url)`, `neon(url)`, `createPool(…)`; `sql.type(schema)`.
        ValueKind::Call { callee, .. } | ValueKind::New { callee, .. } => match of_value(callee) {
            Library::Drizzle => Library::Unknown,
            other => other,
        },
        ValueKind::Member { object, name, .. } => match of_value(object) {
            Library::Prisma if !matches!(name.as_str(), "sql" | "$queryRaw" | "$executeRaw") => {
                Library::Unknown
            }
            other => other,
        },
        _ => Library::Unknown,
    }
}

fn of_package(package: &str, name: &str) -> Library {
    if package == "drizzle-orm" || package.starts_with("drizzle-orm/") {
        return if name == "sql" { Library::Drizzle } else { Library::Unknown };
    }
    match package {
        GLOBAL => Library::Unknown,
        "postgres" => Library::PostgresJs,
        "kysely" => Library::Kysely,
        "slonik" | "@slonik/sql-tag" => Library::Slonik,
        "@vercel/postgres"
        | "@neondatabase/serverless"
        | "@electric-sql/pglite/template"
        | "bun"
        | "@databases/pg"
        | "@nearform/sql"
        | "sql-template-tag"
        | "sql-template-strings" => Library::Params,
        "@prisma/client" | "@prisma/client/runtime/library" => Library::Prisma,
        _ if name.to_ascii_lowercase().contains("sql") => Library::Unknown,
        _ => Library::Foreign,
    }
}

/// Whether a constant string that `receiver.method(…)` gets is SQL of the project's database: other clients have
/// methods of the same names.
pub fn runs_sql(env: &Env<'_>, receiver: ExprId, method: &str, pieces: &[Piece]) -> bool {
    let value = (env.value)(receiver);
    let package = value.alternatives().iter().find_map(Value::root_package);
    if let Some(package) = package.or_else(|| typed::package(env, receiver)) {
        return match method {
            "execute" => package.starts_with("drizzle-orm"),
            _ if package == BY_SHAPE => !has_question_marks(pieces),
            _ => matches!(
                package.as_str(),
                "pg" | "postgres" | "@neondatabase/serverless" | "@vercel/postgres"
            ),
        };
    }
    // Handed in from outside: Drizzle's handles are called so everywhere, and nothing else is executed.
    let name = match &env.module.expr(receiver).kind {
        ExprKind::Ident(name) | ExprKind::Member { name, .. } => name.as_str(),
        _ => return false,
    };
    let drizzle = env.module.imports.iter().any(|it| it.specifier.starts_with("drizzle-orm"));
    method == "execute" && drizzle && matches!(name, "db" | "tx" | "trx" | "database" | "transaction")
}

/// Parameters as drivers of SQLite and MySQL have them: `id = ?`, `values (?, ?)`. PostgreSQL has operators of that name
/// (`details ? 'a'`).
fn has_question_marks(pieces: &[Piece]) -> bool {
    pieces.iter().any(|it| match it {
        Piece::Text { text, .. } => text.match_indices('?').any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default().trim_end();
            let after = text.get(at + 1..).unwrap_or_default().trim_start();
            before.ends_with(['=', '(', ',', '<', '>']) && !after.starts_with(['?', '|', '&'])
                || after.starts_with([',', ')'])
        }),
        Piece::Hole { .. } => false,
    })
}

/// What the tag looks like where its value is not known.
fn by_shape(env: &Env<'_>, tag: ExprId) -> Library {
    let expr = env.module.expr(tag);
    match &expr.kind {
        ExprKind::Member { name, .. } if name == "$queryRaw" || name == "$executeRaw" => Library::Prisma,
        ExprKind::Member { object, name, .. } => match &env.module.expr(*object).kind {
            ExprKind::Ident(it) if it == "Prisma" && name == "sql" => Library::Prisma,
            ExprKind::Ident(it) if it == "sql" && matches!(name.as_str(), "unsafe" | "fragment") => {
                Library::Slonik
            }
            _ => Library::Unknown,
        },
        // The operators that relational queries hand to their callbacks.
        ExprKind::Ident(name) => match env.module.lookup(expr.scope, name) {
            Some((_, binding)) => match &binding.kind {
                BindingKind::Param { index: 1, path }
                    if path.len() == 1 && path.iter().any(|it| it == "sql") =>
                {
                    Library::Drizzle
                }
                _ => Library::Unknown,
            },
            None => Library::Unknown,
        },
        ExprKind::Assertion { expr, .. } => by_shape(env, *expr),
        _ => Library::Unknown,
    }
}
