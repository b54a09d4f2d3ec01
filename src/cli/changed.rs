//! `--changed-since REV`: what git says changed, and what that affects.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::base::file::FileId;
use crate::base::path;
use crate::db::{FileKind, Snapshot};
use crate::facts::ts::Export;
use crate::project::database::{Database, Membership};
use crate::project::resolve::Resolved;
use crate::project::{Workspace, settings};

/// Absolute, normalised paths of the files that changed, those that were deleted among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed(pub BTreeSet<String>);

/// Asks git, in the work tree of each root, for what has changed since the branch left `revision`: the files that are new or
/// differ from the last commit that both have.
pub fn of_branch(revision: &str, roots: &[String]) -> anyhow::Result<BTreeSet<String>> {
    let mut res = BTreeSet::new();
    for root in roots {
        let base = git(root, &["merge-base", revision, "HEAD"]).unwrap_or_default();
        let base = base.trim();
        // Without a common commit there is nothing to compare with but the revision itself.
        res.extend(since(if base.is_empty() { revision } else { base }, std::slice::from_ref(root))?.0);
    }
    Ok(res)
}

/// Asks git, in the work tree of each root, for files that differ from `revision` and for new ones.
pub fn since(revision: &str, roots: &[String]) -> anyhow::Result<Changed> {
    // git would take it for an option.
    if revision.starts_with('-') || revision.is_empty() {
        bail!("{revision:?} is no git revision");
    }
    let mut res = BTreeSet::new();
    for root in roots {
        let top =
            git(root, &["rev-parse", "--show-toplevel"]).context("--changed-since needs a git work tree")?;
        let top = path::normalize(top.trim_end_matches(['\r', '\n']));
        let commit = format!("{revision}^{{commit}}");
        git(&top, &["rev-parse", "--verify", "--quiet", &commit])
            .with_context(|| format!("git knows no revision {revision:?}"))?;
        let differing = git(&top, &["diff", "--name-only", "--no-ext-diff", "-z", revision, "--"])?;
        let new = git(&top, &["ls-files", "--others", "--exclude-standard", "-z"])?;
        let names = differing.split('\0').chain(new.split('\0')).filter(|it| !it.is_empty());
        res.extend(names.map(|it| path::join(&top, it)));
    }
    Ok(Changed(res))
}

/// Standard output of a git command. No shell reads the arguments, and no program that the repository's
/// configuration names is run.
fn git(dir: &str, args: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git")
        .args(["-c", "core.fsmonitor=false", "-C", dir])
        .args(args)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .output()
        .context("cannot run git")?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!("git: {}", message.lines().next().unwrap_or("failed without a word"));
    }
    // Names that are not Unicode are none of a workspace's files.
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

impl Changed {
    /// Of `files` those that changed, and those whose database did: its config, schema modules, migrations or SQL
    /// files.
    pub fn affected(&self, snap: &Snapshot, files: Vec<FileId>) -> Vec<FileId> {
        if self.0.iter().any(|it| concerns_all(it)) {
            return files;
        }
        let model = snap.model();
        let databases: Vec<bool> = model.databases.list.iter().map(|it| self.concerns(snap, it)).collect();
        let is_affected = |file: FileId| {
            let database = match model.membership(snap, file) {
                Membership::Database(database) | Membership::History { database, .. } => database,
                Membership::None(_) => return false,
            };
            databases.get(database).copied().unwrap_or(true)
        };
        files.into_iter().filter(|&it| self.0.contains(&*snap.path(it)) || is_affected(it)).collect()
    }

    /// Whether what makes the database changed.
    fn concerns(&self, snap: &Snapshot, database: &Database) -> bool {
        let config = database.config.as_ref().map(|it| it.file);
        let own = config.into_iter().chain(database.also_configs.iter().copied());
        let own = own.chain(database.sql_files.iter().copied());
        let mut paths: BTreeSet<String> = own.map(|it| snap.path(it).to_string()).collect();
        paths.extend(modules(snap, &database.schema_files));
        let migrations = database.migrations.as_ref().map(|it| &it.dir);
        self.0.iter().any(|it| paths.contains(it) || migrations.is_some_and(|dir| path::is_within(it, dir)))
    }
}

/// The schema modules with every module that they import, directly or not: column helpers, enums, barrels.
fn modules(snap: &Snapshot, schema_files: &[FileId]) -> Vec<String> {
    let model = snap.model();
    let evaluator = model.evaluator(snap);
    let mut seen: BTreeSet<FileId> = schema_files.iter().copied().collect();
    let mut queue: Vec<FileId> = schema_files.to_vec();
    while let Some(file) = queue.pop() {
        let facts = snap.ts_facts(file);
        let imports = facts.0.imports.iter().map(|it| &it.specifier);
        let exports = facts.0.exports.iter().filter_map(|it| match it {
            Export::From { specifier, .. } | Export::All { specifier } => Some(specifier),
            Export::Local { .. } | Export::Default(_) => None,
        });
        for specifier in imports.chain(exports) {
            if let Resolved::File(target) = evaluator.resolver().resolve(snap, file, specifier)
                && seen.insert(target)
            {
                queue.push(target);
            }
        }
    }
    seen.into_iter().map(|it| snap.path(it).to_string()).collect()
}

/// Configuration of the whole workspace, and files that are gone: nobody can tell any more who used them.
fn concerns_all(file: &str) -> bool {
    let name = path::file_name(file);
    let is_code = FileKind::of(file).is_some_and(|it| it != FileKind::Data);
    settings::FILE_NAMES.contains(&name)
        || matches!(name, "package.json" | "pnpm-workspace.yaml")
        || name.starts_with("tsconfig")
        || name.starts_with("drizzle") && name.contains("config")
        || is_code && !Path::new(file).exists()
}
