//! package.json, lock files and workspaces: which packages the workspace has, and installed versions.

mod lock;
mod manifest;
mod version;

use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Workspace;
use crate::base::file::FileId;
use crate::base::path;
pub use manifest::Manifest;
pub use version::Version;

/// A directory with a package.json.
#[derive(Debug)]
pub struct Package {
    pub dir: Arc<str>,
    pub file: FileId,
    pub manifest: Manifest,
}

/// A directory that gathers packages: pnpm-workspace.yaml, or `workspaces` of package.json.
#[derive(Debug)]
pub struct WorkspaceRoot {
    pub dir: Arc<str>,
    members: GlobSet,
    excluded: GlobSet,
    /// Catalog name (`default` for the unnamed one) → package → version range.
    catalogs: FxHashMap<SmolStr, FxHashMap<SmolStr, SmolStr>>,
}

/// Every package of the workspace.
#[derive(Debug, Default)]
pub struct Packages {
    by_dir: FxHashMap<Arc<str>, Arc<Package>>,
    by_name: FxHashMap<SmolStr, Vec<Arc<Package>>>,
    roots: Vec<WorkspaceRoot>,
    lock_files: Vec<FileId>,
}

/// Which line of Drizzle a directory has: their configuration, casing and folder formats differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DrizzleLine {
    /// 0.x, what nearly all projects use.
    #[default]
    Zero,
    /// 1.0 and its betas and release candidates.
    One,
}

/// Installed versions of a package, as far as package.json and lock file say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// As package.json says it, catalogs looked up.
    pub range: SmolStr,
    /// The lock file's version, else the lowest that the range allows.
    pub version: Option<Version>,
}

impl Packages {
    pub(super) fn new(ws: &dyn Workspace, files: &[(Arc<str>, FileId)]) -> Packages {
        let mut res = Packages::default();
        for (file_path, file) in files {
            if file_path.contains("/node_modules/") {
                continue;
            }
            let dir = path::parent(file_path).unwrap_or("/");
            match path::file_name(file_path) {
                "package.json" => {
                    let Some(manifest) = ws.text(*file).and_then(|it| Manifest::parse(&it)) else { continue };
                    let package = Arc::new(Package { dir: dir.into(), file: *file, manifest });
                    if !package.manifest.workspaces.is_empty() || !package.manifest.catalogs.is_empty() {
                        let manifest = &package.manifest;
                        res.add_root(dir, &manifest.workspaces, manifest.catalogs.clone());
                    }
                    if let Some(name) = &package.manifest.name {
                        res.by_name.entry(name.clone()).or_default().push(Arc::clone(&package));
                    }
                    res.by_dir.insert(dir.into(), package);
                }
                "pnpm-workspace.yaml" | "pnpm-workspace.yml" => {
                    let Some(text) = ws.text(*file) else { continue };
                    let (patterns, catalogs) = manifest::parse_pnpm_workspace(&text);
                    res.add_root(dir, &patterns, catalogs);
                }
                "pnpm-lock.yaml" | "package-lock.json" | "yarn.lock" | "bun.lock" => {
                    res.lock_files.push(*file)
                }
                _ => {}
            }
        }
        res
    }

    fn add_root(&mut self, dir: &str, patterns: &[SmolStr], catalogs: manifest::Catalogs) {
        let mut members = GlobSetBuilder::new();
        let mut excluded = GlobSetBuilder::new();
        for pattern in patterns {
            let (set, pattern) = match pattern.strip_prefix('!') {
                Some(rest) => (&mut excluded, rest),
                None => (&mut members, pattern.as_str()),
            };
            let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
            let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build();
            if let Ok(glob) = glob.or_else(|_| Glob::new(&globset::escape(pattern))) {
                set.add(glob);
            }
        }
        self.roots.push(WorkspaceRoot {
            dir: dir.into(),
            members: members.build().unwrap_or_default(),
            excluded: excluded.build().unwrap_or_default(),
            catalogs,
        });
    }

    /// The package whose package.json lies in `dir`.
    pub fn at(&self, dir: &str) -> Option<&Arc<Package>> {
        self.by_dir.get(dir)
    }

    /// The package that the file or directory `path` lies in.
    pub fn nearest(&self, path: &str) -> Option<&Arc<Package>> {
        ancestors(path).find_map(|dir| self.by_dir.get(dir))
    }

    /// The innermost workspace that the file or directory `path` lies in.
    pub fn workspace_root(&self, path: &str) -> Option<&WorkspaceRoot> {
        let around = self.roots.iter().filter(|it| path::is_within(path, &it.dir));
        around.max_by_key(|it| it.dir.len())
    }

    /// The package that `name` means when a file at `from` imports it; `None` when it comes from a registry.
    pub fn linked(&self, name: &str, from: &str) -> Option<&Arc<Package>> {
        let candidates = self.by_name.get(name)?;
        let own = self.nearest(from);
        if let Some(own) = own.filter(|it| it.manifest.name.as_deref() == Some(name)) {
            return Some(own);
        }
        if let Some(root) = self.workspace_root(from)
            && let Some(member) = candidates.iter().find(|it| root.has_member(&it.dir))
        {
            return Some(member);
        }
        // No workspace says so, but the dependency itself may: `"db": "file:../db"`.
        let spec = ancestors(from)
            .filter_map(|dir| self.by_dir.get(dir))
            .find_map(|it| it.manifest.dependency(name))?;
        let is_link =
            ["workspace:", "link:", "file:", "portal:"].iter().any(|it| spec.starts_with(it)) || spec == "*";
        match candidates.as_slice() {
            [only] if is_link => Some(only),
            _ => None,
        }
    }

    /// Which version of `name` the packages around `dir` use; `None` when none of them mentions it.
    pub fn installed(&self, ws: &dyn Workspace, name: &str, dir: &str) -> Option<Installed> {
        let (at, range) = ancestors(dir)
            .filter_map(|dir| self.by_dir.get(dir))
            .find_map(|it| Some((it, it.manifest.dependency(name)?)))?;
        let range = match range.strip_prefix("catalog:") {
            Some(catalog) => self.catalog_range(&at.dir, catalog, name).unwrap_or(range).clone(),
            None => range.clone(),
        };
        let lowest = Version::of_range(&range);
        let locked = self.locked(ws, name, dir, lowest.as_ref());
        Some(Installed { version: locked.or(lowest), range })
    }

    fn catalog_range(&self, dir: &str, catalog: &str, name: &str) -> Option<&SmolStr> {
        let catalog = if catalog.trim().is_empty() { "default" } else { catalog.trim() };
        self.workspace_root(dir)?.catalogs.get(catalog)?.get(name)
    }

    /// The version that the nearest lock file above `dir` has, if it has one that fits.
    fn locked(&self, ws: &dyn Workspace, name: &str, dir: &str, lowest: Option<&Version>) -> Option<Version> {
        let mut above: Vec<(FileId, usize)> = Vec::new();
        for &file in &self.lock_files {
            let lock_path = ws.path(file);
            let lock_dir = path::parent(&lock_path).unwrap_or("/");
            if path::is_within(dir, lock_dir) {
                above.push((file, lock_dir.len()));
            }
        }
        above.sort_by_key(|(_, len)| std::cmp::Reverse(*len));
        for (file, _) in above {
            let Some(text) = ws.text(file) else { continue };
            let mut versions = lock::versions(&text, name);
            if let Some(lowest) = lowest {
                versions.retain(|it| it.major == lowest.major && *it >= *lowest);
                if lowest.major == 0 && versions.iter().any(|it| it.minor == lowest.minor) {
                    // A caret below 1.0 keeps the minor version.
                    versions.retain(|it| it.minor == lowest.minor);
                }
            }
            match versions.as_slice() {
                [] => continue,
                [only] => return Some(only.clone()),
                // Several fit: the lowest is the one that is surely not too new.
                several => return if lowest.is_some() { several.iter().min().cloned() } else { None },
            }
        }
        None
    }

    /// Which line of Drizzle the files around `dir` are written for.
    pub fn drizzle_line(&self, ws: &dyn Workspace, dir: &str) -> DrizzleLine {
        for name in ["drizzle-orm", "drizzle-kit"] {
            let Some(installed) = self.installed(ws, name, dir) else { continue };
            if matches!(installed.range.as_str(), "beta" | "rc" | "next") {
                return DrizzleLine::One;
            }
            if let Some(version) = installed.version {
                // The first beta has the engine of 0.x, with its folders and names.
                let pre = version.pre.as_deref().unwrap_or("");
                let is_old = pre == "beta.1" || pre.starts_with("beta.1-");
                return if version.major >= 1 && !is_old { DrizzleLine::One } else { DrizzleLine::Zero };
            }
        }
        DrizzleLine::Zero
    }
}

impl Packages {
    /// Whether drizzle-kit takes `casing` from its configuration: until 1.0.0-rc.1, where tables say it themselves.
    pub fn casing_is_configured(&self, ws: &dyn Workspace, dir: &str) -> bool {
        if self.drizzle_line(ws, dir) == DrizzleLine::Zero {
            return true;
        }
        let versions = ["drizzle-kit", "drizzle-orm"].iter().filter_map(|it| self.installed(ws, it, dir));
        let is_beta = |it: Installed| {
            let pre = it.version.and_then(|it| it.pre);
            pre.is_some_and(|it| it.starts_with("beta")) || it.range == "beta"
        };
        versions.into_iter().any(is_beta)
    }
}

impl WorkspaceRoot {
    /// Whether a package's directory belongs to the workspace.
    pub fn has_member(&self, dir: &str) -> bool {
        if !path::is_within(dir, &self.dir) {
            return false;
        }
        let relative = path::relative_to(dir, &self.dir);
        relative == "." || self.members.is_match(&relative) && !self.excluded.is_match(&relative)
    }
}

/// `path` and the directories around it, innermost first.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |it| path::parent(it))
}

#[cfg(test)]
mod tests;
