//! The import graph, read from the text without parsing: which files reach which schema.

use memchr::memmem;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::Database;
use crate::base::file::FileId;
use crate::base::path;
use crate::project::eval::{DeclRef, Dep, Deps, Evaluator};
use crate::project::resolve::Resolved;
use crate::sql::Dialect;

/// How many imports lie between each file and each database's schema modules.
#[derive(Default)]
pub(super) struct Reach {
    /// By file, then by database; [`Reach::NEVER`] where no import leads there.
    distances: FxHashMap<FileId, Vec<u8>>,
    /// Declaration that schema modules export → databases whose modules do.
    declared: FxHashMap<DeclRef, Vec<usize>>,
    /// Package directory → databases that its files reach.
    by_package: FxHashMap<std::sync::Arc<str>, Vec<usize>>,
    /// What of the schema modules it was made from.
    pub(super) deps: Deps,
}

impl Reach {
    pub(super) const NEVER: u8 = u8::MAX;
    /// Up to here an import counts as direct: a file that imports the handle's module or a barrel.
    pub(super) const DIRECT: u8 = 2;

    /// `parallel`: on rayon's pool.
    pub(super) fn new(eval: &Evaluator<'_>, databases: &[Database], parallel: bool) -> Reach {
        let (ws, resolver) = (eval.workspace(), eval.resolver());
        let scripts: Vec<FileId> =
            resolver.files().filter(|(it, _)| is_script(it)).map(|(_, file)| file).collect();
        let targets = |file: &FileId| {
            let mut targets: Vec<FileId> = ws
                .specifiers(*file)
                .iter()
                .filter_map(|it| match resolver.resolve(ws, *file, it) {
                    Resolved::File(target) => Some(target),
                    _ => None,
                })
                .collect();
            targets.sort_unstable();
            targets.dedup();
            (*file, targets)
        };
        let imports: Vec<(FileId, Vec<FileId>)> = match parallel {
            true => scripts.par_iter().map(targets).collect(),
            false => scripts.iter().map(targets).collect(),
        };
        let mut importers: FxHashMap<FileId, Vec<FileId>> = FxHashMap::default();
        for (file, targets) in &imports {
            for target in targets {
                importers.entry(*target).or_default().push(*file);
            }
        }
        let mut res = Reach::default();
        for (idx, database) in databases.iter().enumerate() {
            // The config's modules, and those they re-export from.
            let mut modules = database.schema_files.clone();
            for decl in declarations(eval, database) {
                if !modules.contains(&decl.file) {
                    modules.push(decl.file);
                }
                res.declared.entry(decl).or_default().push(idx);
            }
            let mut queue: Vec<(FileId, u8)> = modules.into_iter().map(|it| (it, 0)).collect();
            let mut next = 0;
            while let Some(&(file, distance)) = queue.get(next) {
                next += 1;
                let row = res.distances.entry(file).or_insert_with(|| vec![Reach::NEVER; databases.len()]);
                match row.get_mut(idx) {
                    Some(known) if *known > distance => *known = distance,
                    _ => continue,
                }
                let further = distance.saturating_add(1).min(Reach::NEVER - 1);
                queue.extend(importers.get(&file).into_iter().flatten().map(|it| (*it, further)));
            }
        }
        for (file, row) in &res.distances {
            let Some(package) = resolver.packages().nearest(&ws.path(*file)) else { continue };
            let known = res.by_package.entry(package.dir.clone()).or_default();
            for (idx, distance) in row.iter().enumerate() {
                if *distance != Reach::NEVER && !known.contains(&idx) {
                    known.push(idx);
                }
            }
        }
        res.deps = eval.deps();
        res
    }

    /// Databases whose schema the file imports in at most `steps` steps.
    pub(super) fn within(&self, file: FileId, steps: u8) -> Vec<usize> {
        let row = self.distances.get(&file).map(Vec::as_slice).unwrap_or_default();
        row.iter().enumerate().filter(|(_, it)| **it <= steps).map(|(idx, _)| idx).collect()
    }

    /// Databases that declare what the file imports by name. What several declare says nothing beside what only
    /// one does.
    pub(super) fn by_name(&self, eval: &Evaluator<'_>, file: FileId) -> Vec<usize> {
        let mut common: Option<Vec<usize>> = None;
        let mut all: Vec<usize> = Vec::new();
        for decl in eval.import_decls(file) {
            let Some(databases) = self.declared.get(&decl) else { continue };
            all.extend(databases);
            match &mut common {
                Some(common) => common.retain(|it| databases.contains(it)),
                None => common = Some(databases.clone()),
            }
        }
        let mut res = common.filter(|it| !it.is_empty()).unwrap_or(all);
        res.sort_unstable();
        res.dedup();
        res
    }

    pub(super) fn of_package(&self, dir: &str) -> &[usize] {
        self.by_package.get(dir).map(Vec::as_slice).unwrap_or_default()
    }
}

/// What the schema modules of a database export, each once.
pub(super) fn declarations(eval: &Evaluator<'_>, database: &Database) -> FxHashSet<DeclRef> {
    database.schema_files.iter().flat_map(|it| eval.export_decls(*it)).collect()
}

fn is_script(file_path: &str) -> bool {
    matches!(path::extension(file_path), "ts" | "tsx" | "mts" | "cts" | "js" | "jsx" | "mjs" | "cjs")
        && !file_path.ends_with(".d.ts")
}

/// Texts in quotes behind `from`, `import` and `require(`; one in a comment or string too many does no harm.
pub fn specifiers(text: &str) -> Vec<SmolStr> {
    let behind = |word: &'static str| {
        memmem::find_iter(text.as_bytes(), word).filter_map(move |at| {
            let rest = text.get(at + word.len()..)?;
            let rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '(']);
            let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''))?;
            let rest = rest.get(1..)?;
            let end = memchr::memchr2(quote as u8, b'\n', rest.as_bytes())?;
            rest.get(..end).filter(|it| !it.is_empty() && it.len() < 300)
        })
    };
    let mut res: Vec<SmolStr> =
        behind("from").chain(behind("import")).chain(behind("require")).map(SmolStr::new).collect();
    res.sort_unstable();
    res.dedup();
    res
}

/// The dialect of the Drizzle module that schema files import.
pub(super) fn dialect_of_modules(eval: &Evaluator<'_>, files: &[FileId]) -> Option<Dialect> {
    files.iter().find_map(|it| {
        eval.note(Dep::hints(*it));
        eval.workspace().hints(*it).core
    })
}

pub(super) fn dialect_of_module(text: &str) -> Option<Dialect> {
    let has = |it: &str| memmem::find(text.as_bytes(), it.as_bytes()).is_some();
    if has("drizzle-orm/pg-core") {
        Some(Dialect::Postgres)
    } else if has("drizzle-orm/mysql-core") || has("drizzle-orm/singlestore-core") {
        Some(Dialect::Mysql)
    } else {
        has("drizzle-orm/sqlite-core").then_some(Dialect::Sqlite)
    }
}
