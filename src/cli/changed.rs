//! `--changed-since REV`: what git says changed, and what that affects.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::base::file::FileId;
use crate::base::path;
use crate::db::Snapshot;
use crate::project::Workspace;

/// Absolute, normalised paths of the files that changed, those that were deleted among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed(pub BTreeSet<String>);

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
    /// Of `files` those that changed; all of them when something changed that schemas are made of.
    pub fn affected(&self, snap: &Snapshot, files: Vec<FileId>) -> Vec<FileId> {
        if self.0.iter().any(|it| defines(snap, it)) {
            return files;
        }
        files.into_iter().filter(|&it| self.0.contains(&*snap.path(it))).collect()
    }
}

/// Whether a schema, a migration or configuration stands in the file.
fn defines(snap: &Snapshot, file: &str) -> bool {
    let name = path::file_name(file);
    if !Path::new(file).exists() && crate::db::FileKind::of(file).is_some() {
        return true;
    }
    crate::load::is_wanted(file)
        && path::extension(name) != "sql"
        && matches!(path::extension(name), "json" | "jsonc" | "yaml" | "yml" | "lock")
        || name.starts_with("drizzle.config.")
        || path::extension(name) == "sql"
        || snap.file(file).and_then(|id| snap.text(id)).is_some_and(|text| {
            text.contains("drizzle-orm/") && (text.contains("-core") || text.contains("relations"))
        })
}
