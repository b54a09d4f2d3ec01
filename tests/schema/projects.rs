//! Public projects whose schemas are compared, checked out below `COLUMNIST_PROJECTS`.

use columnist::catalog::drizzle::{Casing, Line};
use columnist::db::Snapshot;
use columnist::project::Workspace;
use columnist::sql::Dialect;

/// A public project: where its schema is, and how drizzle-kit is configured for it.
pub struct Project {
    pub name: &'static str,
    pub dialect: Dialect,
    pub casing: Casing,
    pub line: Line,
    /// Files, or directories of them, below the project.
    pub schema: &'static [&'static str],
    /// The migrations folder; empty when the project keeps none.
    pub out: &'static str,
}

const fn project(
    name: &'static str,
    dialect: Dialect,
    casing: Casing,
    schema: &'static [&'static str],
    out: &'static str,
) -> Project {
    Project { name, dialect, casing, line: Line::V0, schema, out }
}

pub const PROJECTS: [Project; 16] = [
    project(
        "tanstack-start-starter",
        Dialect::Postgres,
        Casing::Snake,
        &["src/lib/db/schemas"],
        "src/lib/db/migrations",
    ),
    project(
        "tanstack-start-starter-0ee86b8",
        Dialect::Postgres,
        Casing::Snake,
        &["src/lib/db/schemas"],
        "src/lib/db/migrations",
    ),
    project("tanstack.com", Dialect::Postgres, Casing::Keep, &["src/db/schema.ts"], ""),
    project(
        "dokploy",
        Dialect::Postgres,
        Casing::Keep,
        &["packages/server/src/db/schema/index.ts"],
        "apps/dokploy/drizzle",
    ),
    project("kan", Dialect::Postgres, Casing::Keep, &["packages/db/src/schema"], "packages/db/migrations"),
    project(
        "homarr",
        Dialect::Postgres,
        Casing::Snake,
        &["packages/db/schema/postgresql.ts"],
        "packages/db/migrations/postgresql",
    ),
    project(
        "homarr",
        Dialect::Mysql,
        Casing::Snake,
        &["packages/db/schema/mysql.ts"],
        "packages/db/migrations/mysql",
    ),
    project(
        "homarr",
        Dialect::Sqlite,
        Casing::Snake,
        &["packages/db/schema/sqlite.ts"],
        "packages/db/migrations/sqlite",
    ),
    project(
        "midday",
        Dialect::Postgres,
        Casing::Keep,
        &["packages/db/src/schema.ts"],
        "packages/db/migrations",
    ),
    project("sim", Dialect::Postgres, Casing::Keep, &["packages/db/schema.ts"], "packages/db/migrations"),
    project("ai-chatbot", Dialect::Postgres, Casing::Keep, &["lib/db/schema.ts"], "lib/db/migrations"),
    project("autumn", Dialect::Postgres, Casing::Keep, &["shared/db/schema.ts"], "shared/drizzle"),
    project(
        "Cap",
        Dialect::Mysql,
        Casing::Snake,
        &["packages/database/schema.ts"],
        "packages/database/migrations",
    ),
    project(
        "openstatus",
        Dialect::Sqlite,
        Casing::Keep,
        &["packages/db/src/schema/index.ts"],
        "packages/db/drizzle",
    ),
    project("drizzle-cube", Dialect::Postgres, Casing::Keep, &["dev/server/schema.ts"], "dev/drizzle"),
    Project {
        name: "latitude-llm",
        dialect: Dialect::Postgres,
        casing: Casing::Keep,
        line: Line::V1,
        schema: &["packages/platform/db-postgres/src/schema"],
        out: "packages/platform/db-postgres/drizzle",
    },
];

impl Project {
    /// Dialect and casing as the tools of `tests/oracle` are told them.
    pub fn words(&self) -> [&'static str; 2] {
        let dialect = match self.dialect {
            Dialect::Postgres => "postgresql",
            Dialect::Mysql => "mysql",
            Dialect::Sqlite => "sqlite",
        };
        let casing = match self.casing {
            Casing::Keep => "none",
            Casing::Snake => "snake_case",
            Casing::Camel => "camelCase",
        };
        [dialect, casing]
    }
}

/// The schema modules of a project below `home`.
pub fn schema_paths(snap: &Snapshot, home: &str, schema: &[&str]) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    for item in schema {
        let path = format!("{home}/{item}");
        let children = snap.read_dir(&path);
        if children.is_empty() {
            files.push(path);
        } else {
            files.extend(children.into_iter().filter(|it| it.ends_with(".ts") && !it.ends_with(".test.ts")));
        }
    }
    files
}
