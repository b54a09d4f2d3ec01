//! `drizzle.config.{ts,js,json}`: which dialect, schema modules, migrations folder, casing.
//!
//! drizzle-kit resolves paths against the directory it is run in. Nobody tells which that is, so it is taken to be
//! the first of these where the schema files exist: the package whose scripts name the config, the package around
//! it, the config's own directory, the directories further up. Where `schema` is a whole path, the folder of the migrations
//! tells.

mod files;
mod find;

use std::sync::Arc;

use smol_str::SmolStr;

use super::Workspace;
use super::eval::{Evaluator, Site, Value, ValueKind};
use super::package::ancestors;
use crate::base::file::FileId;
use crate::base::path;
use crate::sql::Dialect;
pub use files::PatternError;
pub(super) use files::{expand, is_script};
pub(super) use find::has_config_name;
pub use find::mentions_kit;

/// One configuration of drizzle-kit. A file whose default export is a list has several.
#[derive(Debug, Clone)]
pub struct DrizzleConfig {
    pub file: FileId,
    /// `None`: not said, or not one that Columnist reads (`mssql`, `cockroach`, …).
    pub dialect: Option<Dialect>,
    /// As written: `postgresql`, `turso`, …
    pub dialect_name: Option<SmolStr>,
    /// The directory that relative paths are seen from.
    pub base: Arc<str>,
    /// `schema` as written: files, directories, globs.
    pub schema: Vec<SmolStr>,
    /// The files that `schema` means, each once, in drizzle-kit's order.
    pub schema_files: Vec<FileId>,
    /// The migrations folder, absolute; `drizzle` unless said otherwise.
    pub out: Arc<str>,
    pub out_is_explicit: bool,
    pub casing: Option<KitCasing>,
    /// Of a beta of drizzle-kit 1.0.
    pub is_beta: bool,
    /// Statements are separated by `--> statement-breakpoint`.
    pub breakpoints: bool,
    pub migrations: MigrationsTable,
    pub schema_filter: Vec<SmolStr>,
    pub tables_filter: Vec<SmolStr>,
    pub extensions_filters: Vec<SmolStr>,
    /// What kept the configuration from being understood.
    pub problems: Vec<ConfigProblem>,
}

/// How drizzle-kit derives names that a column does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KitCasing {
    Snake,
    Camel,
}

/// Where applied migrations are recorded, and how new ones are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationsTable {
    pub table: SmolStr,
    pub schema: SmolStr,
    /// `index`, `timestamp`, `supabase`, `unix`, `none`.
    pub prefix: SmolStr,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// `None`: the file as a whole.
    pub site: Option<Site>,
    pub message: String,
}

impl DrizzleConfig {
    /// Whether the schema could be read: every pattern is known and means a file.
    pub fn is_readable(&self) -> bool {
        !self.schema_files.is_empty() && self.problems.is_empty()
    }
}

/// Every drizzle configuration of the workspace, by path.
pub fn find(eval: &Evaluator<'_>) -> Vec<DrizzleConfig> {
    let files = find::candidates(eval);
    files.into_iter().flat_map(|file| read(eval, file)).collect()
}

/// The configurations that `file` exports; none when it is no configuration after all.
pub fn read(eval: &Evaluator<'_>, file: FileId) -> Vec<DrizzleConfig> {
    let ws = eval.workspace();
    let value = match path::extension(&ws.path(file)) {
        "json" => eval.json_file(file),
        _ => eval.export(file, "default"),
    };
    let mut objects = Vec::new();
    collect(&value, &mut objects);
    let is_config =
        |it: &&Value| ["dialect", "schema", "out", "driver"].iter().any(|key| field(it, key).is_some());
    let mut res: Vec<DrizzleConfig> =
        objects.iter().filter(is_config).map(|it| read_one(eval, file, it)).collect();
    if let ValueKind::OneOf(_) = &*value.kind {
        // One of them is the configuration: the one whose files exist.
        res.sort_by_key(|it| !it.is_readable());
        res.truncate(1);
    }
    if res.is_empty() && find::has_config_name(&ws.path(file)) {
        let message = "the default export is not an object that is known without running the file".to_owned();
        let mut config = empty(eval, file);
        config.problems.push(ConfigProblem { site: None, message });
        res.push(config);
    }
    res
}

fn collect(value: &Value, acc: &mut Vec<Value>) {
    match &*value.kind {
        ValueKind::Object { .. } => acc.push(value.clone()),
        ValueKind::OneOf(values) => values.iter().for_each(|it| collect(it, acc)),
        ValueKind::Array { items, .. } => items.iter().for_each(|it| collect(it, acc)),
        ValueKind::Call { callee, args, .. } => {
            let is_define = callee.as_external().is_some_and(|(package, path)| {
                package.starts_with("drizzle-kit") && path.last().is_some_and(|it| it == "defineConfig")
            });
            if let Some(arg) = args.first().filter(|_| is_define) {
                collect(arg, acc);
            }
        }
        _ => {}
    }
}

fn empty(eval: &Evaluator<'_>, file: FileId) -> DrizzleConfig {
    let file_path = eval.workspace().path(file);
    let base: Arc<str> = path::parent(&file_path).unwrap_or("/").into();
    DrizzleConfig {
        file,
        dialect: None,
        dialect_name: None,
        out: path::join(&base, "drizzle").into(),
        base,
        schema: Vec::new(),
        schema_files: Vec::new(),
        out_is_explicit: false,
        casing: None,
        is_beta: false,
        breakpoints: true,
        migrations: MigrationsTable {
            table: "__drizzle_migrations".into(),
            schema: "drizzle".into(),
            prefix: "index".into(),
        },
        schema_filter: Vec::new(),
        tables_filter: Vec::new(),
        extensions_filters: Vec::new(),
        problems: Vec::new(),
    }
}

fn read_one(eval: &Evaluator<'_>, file: FileId, object: &Value) -> DrizzleConfig {
    let mut res = empty(eval, file);
    res.dialect_name = field(object, "dialect").and_then(text).or_else(|| {
        // Before 0.21 the driver told the dialect.
        let driver = field(object, "driver").and_then(text)?;
        Some(SmolStr::new_static(match driver.as_str() {
            "pg" | "pglite" | "aws-data-api" => "postgresql",
            "mysql2" => "mysql",
            "better-sqlite" | "better-sqlite3" | "libsql" | "turso" | "d1" | "d1-http" | "expo" => "sqlite",
            _ => return None,
        }))
    });
    res.dialect = res.dialect_name.as_deref().and_then(dialect);
    res.casing = match field(object, "casing").and_then(text).as_deref() {
        Some("snake_case") => Some(KitCasing::Snake),
        Some("camelCase") => Some(KitCasing::Camel),
        _ => None,
    };
    res.breakpoints = field(object, "breakpoints").and_then(Value::as_bool).unwrap_or(true);
    res.schema_filter = texts(field(object, "schemaFilter"));
    res.tables_filter = texts(field(object, "tablesFilter"));
    res.extensions_filters = texts(field(object, "extensionsFilters"));
    if let Some(migrations) = field(object, "migrations") {
        let set = |key: &str, place: &mut SmolStr| {
            if let Some(text) = field(migrations, key).and_then(text) {
                *place = text;
            }
        };
        set("table", &mut res.migrations.table);
        set("schema", &mut res.migrations.schema);
        set("prefix", &mut res.migrations.prefix);
    }
    read_schema(eval, object, &mut res);
    if let Some(out) = field(object, "out") {
        let dirs = out.alternatives().iter().filter_map(text).map(|it| path::join(&res.base, &it));
        let dirs: Vec<String> = dirs.collect();
        let existing = dirs.iter().find(|it| !eval.workspace().read_dir(it).is_empty());
        match existing.or(dirs.first()) {
            Some(dir) => res.out = dir.as_str().into(),
            None => res.problems.push(ConfigProblem {
                site: out.site,
                message: "`out` is not known without running the file".to_owned(),
            }),
        }
        res.out_is_explicit = true;
    } else {
        res.out = path::join(&res.base, "drizzle").into();
    }
    res
}

/// Finds the directory that the paths are seen from, and the schema files.
fn read_schema(eval: &Evaluator<'_>, object: &Value, res: &mut DrizzleConfig) {
    let bases = bases(eval, res.file);
    let Some(schema) = field(object, "schema") else {
        if let Some(base) = bases.first() {
            res.base = base.clone();
        }
        return;
    };
    // Every way to read `schema`, the likely constant of `process.env.X ?? './schema.ts'` among them.
    let mut readings: Vec<Vec<SmolStr>> = Vec::new();
    for alternative in schema.alternatives() {
        match &*alternative.kind {
            ValueKind::String(text) => readings.push(vec![text.clone()]),
            ValueKind::Array { items, open } => {
                let known: Vec<SmolStr> =
                    items.iter().flat_map(Value::alternatives).filter_map(text).collect();
                if *open || items.iter().any(|it| !it.alternatives().iter().any(|it| it.as_str().is_some())) {
                    res.problems.push(ConfigProblem {
                        site: schema.site,
                        message: "a part of `schema` is not known without running the file".to_owned(),
                    });
                }
                readings.push(known);
            }
            _ => {}
        }
    }
    let ws = eval.workspace();
    for base in &bases {
        for patterns in &readings {
            let mut files = Vec::new();
            let mut errors = Vec::new();
            for pattern in patterns {
                match expand(ws, eval.resolver(), base, pattern) {
                    Ok(found) => files.extend(found.into_iter().filter(|it| is_script(&ws.path(*it)))),
                    Err(error) => errors.push(error),
                }
            }
            let mut seen = rustc_hash::FxHashSet::default();
            files.retain(|it| seen.insert(*it));
            if files.is_empty() {
                continue;
            }
            let is_whole = patterns.iter().all(|it| path::is_absolute(it));
            let by_out = is_whole.then(|| bases.iter().find(|it| has_migrations(ws, object, it))).flatten();
            res.base = by_out.unwrap_or(base).clone();
            res.schema = patterns.clone();
            res.schema_files = files;
            for error in errors {
                res.problems.push(ConfigProblem { site: schema.site, message: error.to_string() });
            }
            return;
        }
    }
    if let Some(base) = bases.first() {
        res.base = base.clone();
    }
    let message = match readings.first() {
        None => "`schema` is not known without running the file".to_owned(),
        Some(patterns) => format!("no schema file matches {}", patterns.join(", ")),
    };
    res.schema = readings.into_iter().next().unwrap_or_default();
    res.problems.push(ConfigProblem { site: schema.site, message });
}

/// Whether the folder of the migrations is there, seen from a directory.
fn has_migrations(ws: &dyn Workspace, object: &Value, base: &str) -> bool {
    let out = field(object, "out").map_or_else(|| Some("drizzle".into()), text);
    out.is_some_and(|it| !ws.read_dir(&path::join(base, &it)).is_empty())
}

/// Directories that drizzle-kit may be run in for the config, likelier first.
fn bases(eval: &Evaluator<'_>, file: FileId) -> Vec<Arc<str>> {
    let file_path = eval.workspace().path(file);
    let packages = eval.resolver().packages();
    let own = path::parent(&file_path).unwrap_or("/");
    let mut res: Vec<Arc<str>> = Vec::new();
    let mut add = |dir: &str| {
        if !res.iter().any(|it| **it == *dir) {
            res.push(dir.into());
        }
    };
    let around: Vec<_> = ancestors(own).filter_map(|it| packages.at(it)).collect();
    for package in &around {
        let names_it = |script: &SmolStr| {
            // The studio writes nothing, so that it may be run anywhere.
            !script.contains("drizzle-kit studio")
                && script
                    .split(|it: char| it.is_whitespace() || matches!(it, '=' | '"' | '\''))
                    .any(|word| word.contains("config") && path::join(&package.dir, word) == *file_path)
        };
        if package.manifest.scripts.iter().any(|(_, it)| names_it(it)) {
            add(&package.dir);
        }
    }
    if let Some(package) = around.first() {
        add(&package.dir);
    }
    let roots = eval.workspace().roots();
    let root = roots.iter().filter(|it| path::is_within(own, it)).max_by_key(|it| it.len());
    for dir in ancestors(own).take_while(|it| root.is_none_or(|root| path::is_within(it, root))) {
        add(dir);
    }
    res
}

/// The dialects that Columnist reads.
pub fn dialect(name: &str) -> Option<Dialect> {
    match name {
        "postgresql" | "postgres" | "pg" => Some(Dialect::Postgres),
        "sqlite" | "turso" | "libsql" | "d1" | "sqlite-cloud" => Some(Dialect::Sqlite),
        "mysql" | "singlestore" | "mariadb" => Some(Dialect::Mysql),
        _ => None,
    }
}

/// The dialects of drizzle-kit whose tables are read, and whose SQL is not.
pub fn is_foreign(name: &str) -> bool {
    matches!(name, "mssql" | "cockroach" | "cockroachdb" | "gel")
}

fn field<'v>(object: &'v Value, key: &str) -> Option<&'v Value> {
    let value = &object.as_object()?.iter().find(|it| it.key == key)?.value;
    (!matches!(*value.kind, ValueKind::Undefined)).then_some(value)
}

/// The constant text, or the likeliest of several.
fn text(value: &Value) -> Option<SmolStr> {
    value.alternatives().iter().find_map(Value::as_str).cloned()
}

fn texts(value: Option<&Value>) -> Vec<SmolStr> {
    let Some(value) = value else { return Vec::new() };
    match &*value.kind {
        ValueKind::Array { items, .. } => items.iter().filter_map(text).collect(),
        _ => text(value).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests;
