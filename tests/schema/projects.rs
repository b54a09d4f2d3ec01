//! Public projects whose schemas are compared, checked out below `COLUMNIST_PROJECTS`.

use columnist::catalog::drizzle::{Casing, Line};
use columnist::db::Snapshot;
use columnist::project::Workspace;
use columnist::project::config::KitCasing;
use columnist::project::database::Database;
use columnist::project::package::DrizzleLine;
use columnist::sql::Dialect;

/// A public project: where its schema is, and how drizzle-kit is configured for it.
struct Project {
    pub name: &'static str,
    /// The commit that was checked out when the ledger was written.
    pub commit: &'static str,
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
    commit: &'static str,
    dialect: Dialect,
    casing: Casing,
    schema: &'static [&'static str],
    out: &'static str,
) -> Project {
    Project { name, commit, dialect, casing, line: Line::V0, schema, out }
}

const PROJECTS: [Project; 32] = [
    project(
        "tanstack-start-starter",
        "5506e4f",
        Dialect::Postgres,
        Casing::Snake,
        &["src/lib/db/schemas"],
        "src/lib/db/migrations",
    ),
    project(
        "tanstack-start-starter-0ee86b8",
        "0ee86b8",
        Dialect::Postgres,
        Casing::Snake,
        &["src/lib/db/schemas"],
        "src/lib/db/migrations",
    ),
    project("tanstack.com", "e3eada01", Dialect::Postgres, Casing::Keep, &["src/db/schema.ts"], ""),
    project(
        "dokploy",
        "772b76821",
        Dialect::Postgres,
        Casing::Keep,
        &["packages/server/src/db/schema/index.ts"],
        "apps/dokploy/drizzle",
    ),
    project(
        "kan",
        "0e1f25fc",
        Dialect::Postgres,
        Casing::Keep,
        &["packages/db/src/schema"],
        "packages/db/migrations",
    ),
    project(
        "homarr",
        "464d98e12",
        Dialect::Postgres,
        Casing::Snake,
        &["packages/db/schema/postgresql.ts"],
        "packages/db/migrations/postgresql",
    ),
    project(
        "homarr",
        "464d98e12",
        Dialect::Mysql,
        Casing::Snake,
        &["packages/db/schema/mysql.ts"],
        "packages/db/migrations/mysql",
    ),
    project(
        "homarr",
        "464d98e12",
        Dialect::Sqlite,
        Casing::Snake,
        &["packages/db/schema/sqlite.ts"],
        "packages/db/migrations/sqlite",
    ),
    project(
        "midday",
        "47d252aab",
        Dialect::Postgres,
        Casing::Keep,
        &["packages/db/src/schema.ts"],
        "packages/db/migrations",
    ),
    project(
        "sim",
        "0b232eb876",
        Dialect::Postgres,
        Casing::Keep,
        &["packages/db/schema.ts"],
        "packages/db/migrations",
    ),
    project(
        "ai-chatbot",
        "9d5d8a3e",
        Dialect::Postgres,
        Casing::Keep,
        &["lib/db/schema.ts"],
        "lib/db/migrations",
    ),
    project(
        "autumn",
        "187c0a7fd",
        Dialect::Postgres,
        Casing::Keep,
        &["shared/db/schema.ts"],
        "shared/drizzle",
    ),
    project(
        "Cap",
        "0ce9e6751",
        Dialect::Mysql,
        Casing::Snake,
        &["packages/database/schema.ts"],
        "packages/database/migrations",
    ),
    project(
        "openstatus",
        "22df52eb0",
        Dialect::Sqlite,
        Casing::Keep,
        &["packages/db/src/schema/index.ts"],
        "packages/db/drizzle",
    ),
    project(
        "drizzle-cube",
        "b8683cac",
        Dialect::Postgres,
        Casing::Keep,
        &["dev/server/schema.ts"],
        "dev/drizzle",
    ),
    Project {
        name: "latitude-llm",
        commit: "10c6c2d9d",
        dialect: Dialect::Postgres,
        casing: Casing::Keep,
        line: Line::V1,
        schema: &["packages/platform/db-postgres/src/schema"],
        out: "packages/platform/db-postgres/drizzle",
    },
    project(
        "karakeep",
        "7ca5ee23",
        Dialect::Sqlite,
        Casing::Keep,
        &["packages/db/schema.ts"],
        "packages/db/drizzle",
    ),
    project(
        "part-b",
        "e70e8ad",
        Dialect::Postgres,
        Casing::Snake,
        &["packages/db/src/schema"],
        "packages/db/migrations",
    ),
    project(
        "electric",
        "dc07a1e6c",
        Dialect::Postgres,
        Casing::Keep,
        &["packages/agents-server/src/db/schema.ts"],
        "packages/agents-server/drizzle",
    ),
    project(
        "electric",
        "dc07a1e6c",
        Dialect::Postgres,
        Casing::Snake,
        &["examples/tanstack-db-web-starter/src/db/schema.ts"],
        "examples/tanstack-db-web-starter/src/db/out",
    ),
    project(
        "electric",
        "dc07a1e6c",
        Dialect::Postgres,
        Casing::Keep,
        &["examples/tanstack-db-expo-starter/src/db/schema.ts"],
        "examples/tanstack-db-expo-starter/src/db/migrations",
    ),
    project(
        "react-tanstarter",
        "2cb2d6c",
        Dialect::Postgres,
        Casing::Keep,
        &["src/lib/db/schema/index.ts"],
        "",
    ),
    Project {
        name: "tanstarter",
        commit: "e985f4f",
        dialect: Dialect::Postgres,
        casing: Casing::Keep,
        line: Line::V1,
        schema: &["src/lib/db/schema/index.ts"],
        out: "",
    },
    Project {
        name: "conar",
        commit: "7bb1b88a",
        dialect: Dialect::Postgres,
        casing: Casing::Keep,
        line: Line::V1,
        schema: &["packages/db/schema/index.ts"],
        out: "packages/db/migrations",
    },
    project(
        "giselle",
        "748bb5710",
        Dialect::Postgres,
        Casing::Keep,
        &["apps/studio.giselles.ai/db/schema.ts"],
        "apps/studio.giselles.ai/db/migrate",
    ),
    project(
        "f3-nation",
        "f412eae",
        Dialect::Postgres,
        Casing::Keep,
        &["packages/db/drizzle/schema.ts"],
        "packages/db/drizzle",
    ),
    project(
        "f3-nation",
        "f412eae",
        Dialect::Mysql,
        Casing::Keep,
        &["apps/admin/drizzle/schema.ts"],
        "apps/admin/drizzle",
    ),
    project(
        "f3-nation",
        "f412eae",
        Dialect::Postgres,
        Casing::Keep,
        &["apps/region-pages/drizzle/schema.ts"],
        "apps/region-pages/drizzle/migrations",
    ),
    project("abacus", "e582c88", Dialect::Postgres, Casing::Keep, &["src/lib/schema.ts"], "drizzle"),
    project("dyad", "b1e9d26ba", Dialect::Sqlite, Casing::Keep, &["src/db/schema.ts"], "drizzle"),
    project(
        "kurrier",
        "ca16e8f",
        Dialect::Postgres,
        Casing::Keep,
        &["packages/db/src/drizzle/schema.ts"],
        "",
    ),
    project(
        "hypha-web",
        "f434cf29a",
        Dialect::Postgres,
        Casing::Keep,
        &["packages/storage-postgres/src/schema/index.ts"],
        "packages/storage-postgres/migrations",
    ),
];

/// A database to compare: of a project in the list, or as Columnist finds it.
pub struct Case {
    pub name: String,
    pub commit: &'static str,
    pub dialect: Dialect,
    pub casing: Casing,
    pub line: Line,
    /// Paths of the schema's modules.
    pub files: Vec<String>,
    pub out: Option<String>,
    pub snap: Snapshot,
    pub is_listed: bool,
}

impl Case {
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

/// What there is to compare below a directory of projects.
pub fn cases(dir: &str, only: Option<&str>) -> Vec<Case> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|it| it.path().is_dir())
        .map(|it| it.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names.retain(|it| only.is_none_or(|only| it == only));
    let mut res = Vec::new();
    for name in names {
        let home = format!("{dir}/{name}");
        let snap = columnist::load::world(vec![home.clone()]).snapshot();
        let listed: Vec<&Project> = PROJECTS.iter().filter(|it| it.name == name).collect();
        if listed.is_empty() {
            res.extend(discovered(&name, &home, &snap));
        }
        for it in listed {
            res.push(Case {
                name: name.clone(),
                commit: it.commit,
                dialect: it.dialect,
                casing: it.casing,
                line: it.line,
                files: schema_paths(&snap, &home, it.schema),
                out: (!it.out.is_empty()).then(|| format!("{home}/{}", it.out)),
                snap: snap.clone(),
                is_listed: true,
            });
        }
    }
    res
}

/// The databases of a project as Columnist finds them.
fn discovered(name: &str, home: &str, snap: &Snapshot) -> Vec<Case> {
    let model = snap.model();
    let described = model.databases.list.iter().filter(|it| it.foreign.is_none());
    let case = |it: &Database| {
        let config = it.config.as_ref()?;
        let files: Vec<String> = it.schema_files.iter().map(|it| snap.path(*it).to_string()).collect();
        let label = config.base.strip_prefix(home).unwrap_or_default().trim_start_matches('/');
        (!files.is_empty()).then(|| Case {
            name: if label.is_empty() { name.to_owned() } else { format!("{name}/{label}") },
            commit: "",
            dialect: it.dialect,
            casing: match config.casing {
                Some(KitCasing::Snake) => Casing::Snake,
                Some(KitCasing::Camel) => Casing::Camel,
                None => Casing::Keep,
            },
            line: if it.drizzle_line == DrizzleLine::One { Line::V1 } else { Line::V0 },
            files,
            out: it.migrations.as_ref().filter(|it| !it.snapshots.is_empty()).map(|it| it.dir.to_string()),
            snap: snap.clone(),
            is_listed: false,
        })
    };
    described.filter_map(case).collect()
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
