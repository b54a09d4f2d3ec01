//! Which files make which database (CONTRACTS, "Which catalog").

mod ddl;
mod imports;
mod membership;
mod migrations;
mod sniff;

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::Workspace;
use super::config::{self, DrizzleConfig};
use super::eval::{Dep, Deps, Evaluator};
use super::package::DrizzleLine;
use super::settings::{self, DatabaseSettings, DialectName};
use crate::base::file::FileId;
use crate::base::path;
use crate::sql::Dialect;
use imports::Reach;
pub use imports::specifiers;
pub use membership::{Membership, Place, Reason};
pub use migrations::{Migration, MigrationFormat, Migrations, Tool};
pub use sniff::Hints;

/// A database and the files it is described by.
#[derive(Debug, Clone)]
pub struct Database {
    /// Unique in the workspace.
    pub name: SmolStr,
    pub dialect: Dialect,
    /// drizzle-kit's name of a dialect whose SQL is not read (`mssql`, `cockroach`, `gel`): its tables are known, `dialect` is
    /// a stand-in, and no file belongs to it.
    pub foreign: Option<SmolStr>,
    /// Files at and below it are near this database.
    pub dir: Arc<str>,
    pub config: Option<DrizzleConfig>,
    /// Configurations of drizzle-kit that describe the same schema.
    pub also_configs: Vec<FileId>,
    /// Drizzle's schema modules.
    pub schema_files: Vec<FileId>,
    pub migrations: Option<Migrations>,
    /// SQL files that describe the schema as it is (`schema.sql`), in the order in which they are read.
    pub sql_files: Vec<FileId>,
    /// Empty: PostgreSQL's default, `public`.
    pub search_path: Vec<SmolStr>,
    /// Extensions that configuration says are installed.
    pub extensions: Vec<SmolStr>,
    /// Major version of the server, where configuration says it.
    pub server_version: Option<u32>,
    pub drizzle_line: DrizzleLine,
    /// Nothing but its definitions says that these files are a schema: there may be more than they make.
    pub is_guess: bool,
    /// What could not be read.
    pub problems: Vec<String>,
}

/// All databases of a workspace, and what belongs to which.
#[derive(Clone)]
pub struct Databases {
    pub list: Vec<Database>,
    /// SQL files that make up a database.
    places: FxHashMap<FileId, (usize, Place)>,
    /// SQL files that are left alone, with the reason.
    left_alone: FxHashMap<FileId, Reason>,
    reach: OnceLock<Arc<Reach>>,
}

impl Databases {
    /// Finds the databases: those that a `columnist.json` names, one for each drizzle config, one for each folder
    /// of DDL that nobody owns.
    pub fn new(eval: &Evaluator<'_>) -> Databases {
        let ws = eval.workspace();
        let mut res = Databases {
            list: Vec::new(),
            places: FxHashMap::default(),
            left_alone: FxHashMap::default(),
            reach: OnceLock::new(),
        };
        let settings = all_settings(eval);
        for located in &settings {
            for database in &located.parsed.settings.databases {
                res.add_configured(eval, &located.dir, database);
            }
        }
        let claimed = |file_path: &str| {
            settings.iter().any(|it| {
                path::is_within(file_path, &it.dir)
                    && (!it.parsed.settings.databases.is_empty()
                        || !it.includes(&path::relative_to(file_path, &it.dir)))
            })
        };
        for config in config::find(eval) {
            if !claimed(&ws.path(config.file)) {
                res.add_drizzle(eval, config);
            }
        }
        res.merge_parts(eval);
        res.share_folders();
        ddl::find(eval, &mut res, &claimed);
        res.index_places();
        res.name_all(ws);
        let migrations = res.list.iter().filter_map(|it| it.migrations.as_ref());
        for step in migrations.filter(|it| it.format == MigrationFormat::Plain).flat_map(|it| &it.steps) {
            // Where the part begins that undoes it.
            eval.note(Dep::hints(step.file));
        }
        res
    }

    /// The same databases after some module has changed what it imports.
    /// The same, but for where the parts of these migrations stand that run.
    pub fn with_moved(&self, ws: &dyn Workspace, files: &[FileId]) -> Databases {
        let mut res = self.clone();
        let migrations = res.list.iter_mut().filter_map(|it| it.migrations.as_mut());
        for step in migrations.flat_map(|it| &mut it.steps).filter(|it| files.contains(&it.file)) {
            let parts = ws.hints(step.file).parts;
            (step.from, step.until) = (parts.from, parts.until);
        }
        res
    }

    pub fn without_imports(&self) -> Databases {
        Databases { reach: OnceLock::new(), ..self.clone() }
    }

    /// What the import graph was read from, beside the specifiers of every script; `None`: it was not needed.
    pub fn imports_rest_on(&self) -> Option<&Deps> {
        self.reach.get().map(|it| &it.deps)
    }

    /// Computes what [`Databases::membership`] needs, in parallel.
    pub fn prepare(&self, eval: &Evaluator<'_>) {
        if self.list.len() > 1 && self.reach.get().is_none() {
            // Not inside the cell: a thread of the pool that waits for it could not help to compute it.
            let reach = Reach::new(&eval.afresh(), &self.list, true);
            let _ = self.reach.set(Arc::new(reach));
        }
    }

    fn reach(&self, eval: &Evaluator<'_>) -> &Reach {
        self.reach.get_or_init(|| Arc::new(Reach::new(&eval.afresh(), &self.list, false)))
    }

    /// A SQL file that makes a database.
    pub fn is_history(&self, file: FileId) -> bool {
        self.places.contains_key(&file)
    }

    /// A SQL file that no database of the workspace sees run: it undoes a migration, or is another engine's.
    pub fn never_runs(&self, file: FileId) -> bool {
        matches!(self.left_alone.get(&file), Some(Reason::Undoes | Reason::Foreign | Reason::OtherDialect))
    }

    /// What the file belongs to.
    pub fn membership(&self, eval: &Evaluator<'_>, file: FileId) -> Membership {
        membership::of(self, eval, file)
    }

    /// The databases of one dialect between which it cannot be decided whose SQL a script holds; empty where
    /// [`Databases::membership`] knows better.
    pub fn candidates(&self, eval: &Evaluator<'_>, file: FileId) -> Vec<usize> {
        if self.membership(eval, file) != Membership::None(Reason::Ambiguous) {
            return Vec::new();
        }
        let found = membership::script_candidates(self, eval, file, &eval.workspace().path(file));
        let dialect_of = |idx: &usize| self.list.get(*idx).map(|it| it.dialect);
        let same = found.iter().all(|it| dialect_of(it) == found.first().and_then(dialect_of));
        if same { found } else { Vec::new() }
    }

    fn add_drizzle(&mut self, eval: &Evaluator<'_>, config: DrizzleConfig) {
        let ws = eval.workspace();
        let dialect = config.dialect.or_else(|| {
            let is_foreign = config.dialect_name.as_deref().is_some_and(config::is_foreign);
            // drizzle-orm's tables of these are nearest to PostgreSQL's.
            if is_foreign {
                Some(Dialect::Postgres)
            } else {
                imports::dialect_of_modules(eval, &config.schema_files)
            }
        });
        let Some(dialect) = dialect.or_else(|| config.dialect_name.is_none().then_some(Dialect::Postgres))
        else {
            // A dialect that Columnist does not know at all.
            return;
        };
        let foreign = config.dialect_name.clone().filter(|it| config::is_foreign(it));
        let same = self.list.iter_mut().find(|it| {
            it.dialect == dialect
                && it.foreign == foreign
                && !it.schema_files.is_empty()
                && it.schema_files == config.schema_files
        });
        if let Some(same) = same {
            let migrations = migrations::read(ws, eval.resolver(), &config.out).map(Migrations::of_kit);
            same.add_config(ws, config, migrations);
            return;
        }
        let packages = eval.resolver().packages();
        let drizzle_line = packages.drizzle_line(ws, &config.base);
        let mut config = config;
        if !packages.casing_is_configured(ws, &config.base) {
            config.casing = None;
        }
        config.is_beta = drizzle_line == DrizzleLine::One && packages.casing_is_configured(ws, &config.base);
        let dir = packages.nearest(&config.base).map_or(&config.base, |it| &it.dir).clone();
        self.list.push(Database {
            name: SmolStr::default(),
            dialect,
            dir,
            also_configs: Vec::new(),
            schema_files: config.schema_files.clone(),
            migrations: match foreign {
                Some(_) => None,
                None => migrations::read(ws, eval.resolver(), &config.out).map(Migrations::of_kit),
            },
            sql_files: Vec::new(),
            search_path: Vec::new(),
            extensions: Vec::new(),
            server_version: None,
            drizzle_line,
            is_guess: false,
            problems: config.problems.iter().map(|it| it.message.clone()).collect(),
            foreign,
            config: Some(config),
        });
    }

    fn add_configured(&mut self, eval: &Evaluator<'_>, dir: &str, settings: &DatabaseSettings) {
        let (ws, resolver) = (eval.workspace(), eval.resolver());
        let n_before = self.list.len();
        if let Some(config_path) = &settings.config {
            let file = resolver.file(&path::join(dir, config_path));
            for config in file.into_iter().flat_map(|it| config::read(eval, it)) {
                self.add_drizzle(eval, config);
            }
        }
        if self.list.len() == n_before {
            self.list.push(Database {
                name: SmolStr::default(),
                dialect: Dialect::Postgres,
                foreign: None,
                dir: dir.into(),
                config: None,
                also_configs: Vec::new(),
                schema_files: Vec::new(),
                migrations: None,
                sql_files: Vec::new(),
                search_path: Vec::new(),
                extensions: Vec::new(),
                server_version: None,
                drizzle_line: eval.resolver().packages().drizzle_line(ws, dir),
                is_guess: false,
                problems: settings.config.iter().map(|it| format!("{it} is no drizzle config")).collect(),
            });
        }
        for database in self.list.iter_mut().skip(n_before) {
            for pattern in &settings.schema {
                match config::expand(ws, resolver, dir, pattern) {
                    Ok(files) => {
                        for file in files {
                            let file_path = ws.path(file);
                            let list = match path::extension(&file_path) {
                                "sql" => &mut database.sql_files,
                                _ if config::is_script(&file_path) => &mut database.schema_files,
                                _ => continue,
                            };
                            if !list.contains(&file) {
                                list.push(file);
                            }
                        }
                    }
                    Err(error) => database.problems.push(error.to_string()),
                }
            }
            if let Some(migrations) = &settings.migrations {
                let folder = path::join(dir, migrations);
                database.migrations = migrations::read(ws, resolver, &folder);
                if database.migrations.is_none() {
                    database.problems.push(format!("no migrations in {migrations}"));
                }
            }
            if let Some(dialect) = settings.dialect {
                database.dialect = match dialect {
                    DialectName::Postgresql => Dialect::Postgres,
                    DialectName::Sqlite => Dialect::Sqlite,
                    DialectName::Mysql => Dialect::Mysql,
                };
            }
            database.name = settings.name.as_deref().unwrap_or_default().into();
            database.search_path = settings.search_path.iter().map(SmolStr::new).collect();
            database.extensions = settings.extensions.iter().map(SmolStr::new).collect();
            database.server_version = settings.version;
        }
    }

    /// A config without migrations of its own whose tables are all another's (`drizzle.config.test.ts`) describes
    /// the same database.
    fn merge_parts(&mut self, eval: &Evaluator<'_>) {
        if self.list.len() < 2 {
            return;
        }
        let declared: Vec<_> = self.list.iter().map(|it| imports::declarations(eval, it)).collect();
        let is_part = |part: usize, whole: usize| {
            let (Some(a), Some(b)) = (self.list.get(part), self.list.get(whole)) else { return false };
            let (Some(ours), Some(theirs)) = (declared.get(part), declared.get(whole)) else { return false };
            let folder = |it: &Database| it.migrations.as_ref().map(|it| it.dir.clone());
            let has_own_folder = a.migrations.is_some() && folder(a) != folder(b);
            // Of two equal ones the one with migrations counts, then the one that drizzle-kit finds by itself.
            let order = |it: &Database, idx: usize| {
                let config = it.config.as_ref().map(|it| eval.workspace().path(it.file));
                let is_special = config.is_some_and(|it| path::file_name(&it).split('.').count() > 3);
                (it.migrations.is_none(), is_special, idx)
            };
            let is_less = ours.len() < theirs.len() || order(a, part) > order(b, whole);
            if part == whole || has_own_folder || !is_less || a.dialect != b.dialect || ours.is_empty() {
                return false;
            }
            // A few declarations may be replaced by others of the same name.
            let n_shared = ours.iter().filter(|it| theirs.contains(it)).count();
            let names: FxHashSet<&SmolStr> = theirs.iter().map(|it| &it.name).collect();
            n_shared * 2 > ours.len() && ours.iter().all(|it| names.contains(&it.name))
        };
        let all = 0..self.list.len();
        let whole_of: Vec<Option<usize>> =
            all.clone().map(|part| all.clone().find(|whole| is_part(part, *whole))).collect();
        // What is a part itself takes none.
        let whole_of =
            |part: usize| whole_of.get(part).copied().flatten().filter(|it| whole_of.get(*it) == Some(&None));
        for part in all {
            let file = self.list.get(part).and_then(|it| it.config.as_ref()).map(|it| it.file);
            if let (Some(file), Some(whole)) = (file, whole_of(part).and_then(|it| self.list.get_mut(it))) {
                whole.also_configs.push(file);
            }
        }
        let mut idx = 0;
        self.list.retain(|_| {
            idx += 1;
            whole_of(idx - 1).is_none()
        });
    }

    /// A folder that two configs have by default belongs to the one that names it, else to the first.
    fn share_folders(&mut self) {
        let mut owners: FxHashMap<Arc<str>, usize> = FxHashMap::default();
        for (idx, database) in self.list.iter().enumerate() {
            let (Some(migrations), Some(config)) = (&database.migrations, &database.config) else { continue };
            let owner = owners.entry(migrations.dir.clone()).or_insert(idx);
            let owner_is_explicit =
                self.list.get(*owner).and_then(|it| it.config.as_ref()).is_none_or(|it| it.out_is_explicit);
            if config.out_is_explicit && !owner_is_explicit {
                *owner = idx;
            }
        }
        for (idx, database) in self.list.iter_mut().enumerate() {
            let owner = database.migrations.as_ref().and_then(|it| owners.get(&it.dir));
            if owner.is_some_and(|it| *it != idx) {
                database.migrations = None;
            }
        }
    }

    fn index_places(&mut self) {
        for (idx, database) in self.list.iter().enumerate() {
            for (at, file) in database.sql_files.iter().enumerate() {
                if self.left_alone.get(file) != Some(&Reason::Template) {
                    self.places.entry(*file).or_insert((idx, Place::Schema(at)));
                }
            }
            let Some(migrations) = &database.migrations else { continue };
            for (at, step) in migrations.steps.iter().enumerate() {
                if self.left_alone.get(&step.file) != Some(&Reason::Template) {
                    self.places.entry(step.file).or_insert((idx, Place::Migration(at)));
                }
            }
            for file in &migrations.unlisted {
                self.left_alone.entry(*file).or_insert(Reason::NotInJournal);
            }
        }
    }

    fn name_all(&mut self, ws: &dyn Workspace) {
        let roots = ws.roots();
        let mut taken: FxHashMap<SmolStr, usize> = FxHashMap::default();
        for database in &mut self.list {
            if database.name.is_empty() {
                database.name = name_of(database, ws, &roots);
            }
            let n_before = taken.entry(database.name.clone()).or_default();
            *n_before += 1;
            if *n_before > 1 {
                database.name = smol_str::format_smolstr!("{} {}", database.name, *n_before);
            }
        }
    }
}

impl Database {
    /// Another config for the same schema: the one that is called so, then the one nearer to the schema's files counts, of two equally near ones that
    /// which drizzle-kit finds by itself. A folder of migrations that is not taken is a history of its own.
    fn add_config(&mut self, ws: &dyn Workspace, config: DrizzleConfig, migrations: Option<Migrations>) {
        let Some(own) = &self.config else { return };
        let schema_dir = self.schema_files.first().map(|it| ws.path(*it));
        let shared = |file: FileId| {
            let config_path = ws.path(file);
            let schema_dir = schema_dir.as_deref().unwrap_or("");
            config_path.split('/').zip(schema_dir.split('/')).take_while(|(a, b)| a == b).count()
        };
        let is_default = |file: FileId| path::file_name(&ws.path(file)).split('.').count() == 3;
        // Another module that exports a configuration is found by nobody who does not say its name.
        let is_named = |file: FileId| config::has_config_name(&ws.path(file));
        let rank = |file: FileId| (is_named(file), shared(file), is_default(file));
        if rank(config.file) > rank(own.file) {
            self.also_configs.push(own.file);
            self.dir = config.base.clone();
            self.config = Some(config);
            self.migrations = migrations.or(self.migrations.take());
        } else {
            self.also_configs.push(config.file);
            self.migrations = self.migrations.take().or(migrations);
        }
    }
}

/// The config's place seen from the workspace folder: `packages/db`, `shared/drizzle.config.events.ts`.
fn name_of(database: &Database, ws: &dyn Workspace, roots: &[Arc<str>]) -> SmolStr {
    let place = match (&database.config, database.sql_files.first(), &database.migrations) {
        (Some(config), ..) => ws.path(config.file),
        (None, Some(file), _) => ws.path(*file),
        (None, None, Some(migrations)) => migrations.dir.clone(),
        (None, None, None) => database.dir.clone(),
    };
    let root = roots.iter().filter(|it| path::is_within(&place, it)).max_by_key(|it| it.len());
    let relative = root.map_or_else(|| place.to_string(), |it| path::relative_to(&place, it));
    let is_plain =
        path::file_name(&relative).starts_with("drizzle.config.") && relative.matches('.').count() == 2;
    let res = match is_plain {
        true => path::parent(&relative).unwrap_or("."),
        false => relative.as_str(),
    };
    let name = match (res, root) {
        (".", Some(root)) => path::file_name(root),
        _ => res,
    };
    if name.is_empty() { "database".into() } else { name.into() }
}

/// Every `columnist.json` of the workspace, and the one that lies above it; innermost first.
fn all_settings(eval: &Evaluator<'_>) -> Vec<settings::Located> {
    let ws = eval.workspace();
    let mut dirs: Vec<String> = ws.roots().iter().map(|it| it.to_string()).collect();
    for (file_path, _) in eval.resolver().files() {
        if settings::FILE_NAMES.contains(&path::file_name(file_path)) {
            dirs.extend(path::parent(file_path).map(str::to_owned));
        }
    }
    dirs.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    let mut res: Vec<settings::Located> = Vec::new();
    for dir in dirs {
        if let Some(located) = settings::nearest(ws, &dir)
            && !res.iter().any(|it| it.file == located.file)
        {
            res.push(located);
        }
    }
    res
}

#[cfg(test)]
mod tests;
