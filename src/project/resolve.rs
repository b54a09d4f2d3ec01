//! Module specifier → file: relative paths, tsconfig `paths`, package.json `imports`/`exports`, workspaces.
//!
//! Written for editors: it needs no node_modules, follows a package of the workspace to its source even before
//! anything was built, and takes the first of all places a specifier may name that exists. It reads only the
//! [`Workspace`].

mod exports;
mod tsconfig;

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Workspace;
use super::package::{Packages, ancestors};
use crate::base::file::FileId;
use crate::base::memo::Memo;
use crate::base::path;

/// What a specifier names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    File(FileId),
    /// A package that is not part of the workspace, with its subpath, as written: `drizzle-orm/pg-core`.
    External(SmolStr),
    /// A file of the project that does not exist, or is not one that Columnist reads.
    Missing,
}

/// Resolves the specifiers of one moment of a workspace; remembers what it found.
pub struct Resolver {
    files: FxHashMap<Arc<str>, FileId>,
    packages: Packages,
    /// tsconfigs that speak for the files of a directory, nearest first.
    tsconfigs: Memo<SmolStr, Vec<Arc<tsconfig::TsConfig>>>,
    resolved: Memo<(FileId, SmolStr), Resolved>,
}

/// Extensions that may be left out, in the order in which they are tried.
const EXTENSIONS: [&str; 9] = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];

/// Prefixes that bundlers' templates alias to the source directory, and where below the package they lead.
const USUAL_ALIASES: [(&str, &[&str]); 4] =
    [("@/", &["src", "."]), ("~/", &["src", "app", "."]), ("$lib/", &["src/lib"]), ("~~/", &["."])];

impl Resolver {
    pub fn new(ws: &dyn Workspace) -> Resolver {
        let mut list: Vec<(Arc<str>, FileId)> = Vec::new();
        for root in ws.roots() {
            list.extend(ws.files_below(&root).into_iter().map(|file| (ws.path(file), file)));
        }
        let packages = Packages::new(ws, &list);
        Resolver {
            files: list.into_iter().collect(),
            packages,
            tsconfigs: Memo::default(),
            resolved: Memo::default(),
        }
    }

    pub fn packages(&self) -> &Packages {
        &self.packages
    }

    /// Forgets what it found when that has become much: specifiers that were typed on the way to others.
    pub fn sweep(&self) {
        if self.resolved.len() > 16 * self.files.len() + 4_096 {
            self.resolved.retain(|_| false);
        }
    }

    /// Every file of the workspace with its path, in no order.
    pub(super) fn files(&self) -> impl Iterator<Item = (&Arc<str>, FileId)> {
        self.files.iter().map(|(path, file)| (path, *file))
    }

    /// The file at exactly this path.
    pub fn file(&self, path: &str) -> Option<FileId> {
        self.files.get(path).copied()
    }

    /// What `specifier` names in the file `from`.
    pub fn resolve(&self, ws: &dyn Workspace, from: FileId, specifier: &str) -> Resolved {
        let key = (from, SmolStr::new(specifier));
        (*self.resolved.get_or_compute(&key, || self.resolve_uncached(ws, &ws.path(from), specifier, 0)))
            .clone()
    }

    fn resolve_uncached(&self, ws: &dyn Workspace, from: &str, specifier: &str, depth: u32) -> Resolved {
        let dir = path::parent(from).unwrap_or("/");
        if specifier.is_empty() || depth > 8 {
            return Resolved::Missing;
        }
        if specifier.starts_with("./") || specifier.starts_with("../") || matches!(specifier, "." | "..") {
            return found(self.locate(&path::join(dir, specifier)));
        }
        if let Some(rest) = specifier.strip_prefix('/') {
            // Vite's `/src/x` is relative to the package.
            let package = self.packages.nearest(dir);
            let in_package = package.and_then(|it| self.locate(&path::join(&it.dir, rest)));
            return found(in_package.or_else(|| self.locate(specifier)));
        }
        if specifier.starts_with("node:") || specifier.starts_with("bun:") {
            return Resolved::External(specifier.into());
        }
        let mut is_alias = false;
        for config in self.tsconfigs(ws, dir).iter() {
            let (candidates, matched) = config.candidates(specifier);
            is_alias |= matched;
            if let Some(file) = candidates.iter().find_map(|it| self.locate_or_source(it)) {
                return Resolved::File(file);
            }
        }
        if specifier.starts_with('#') {
            return self.resolve_import(ws, from, specifier, depth);
        }
        let (name, subpath) = split_package(specifier);
        if let Some(package) = self.packages.linked(name, dir) {
            return found(self.in_package(package, subpath));
        }
        let is_dependency = ancestors(dir)
            .filter_map(|it| self.packages.at(it))
            .any(|it| it.manifest.dependency(name).is_some());
        if is_dependency {
            return Resolved::External(specifier.into());
        }
        if let Some(file) = self.usual_place(dir, specifier) {
            return Resolved::File(file);
        }
        if is_alias || !is_package_name(name) {
            Resolved::Missing
        } else {
            Resolved::External(specifier.into())
        }
    }

    /// Where an alias that nobody declared usually leads; `src/x` from the package's directory too.
    fn usual_place(&self, dir: &str, specifier: &str) -> Option<FileId> {
        let package = self.packages.nearest(dir)?;
        for (prefix, places) in USUAL_ALIASES {
            if let Some(rest) = specifier.strip_prefix(prefix) {
                let place = |it: &&str| self.locate(&path::join(&path::join(&package.dir, it), rest));
                return places.iter().find_map(place);
            }
        }
        match specifier.contains('/') && !specifier.starts_with('@') {
            true => self.locate(&path::join(&package.dir, specifier)),
            false => None,
        }
    }

    /// `#x`, by package.json `imports`.
    fn resolve_import(&self, ws: &dyn Workspace, from: &str, specifier: &str, depth: u32) -> Resolved {
        let Some(package) = self.packages.nearest(from) else { return Resolved::Missing };
        let Some(imports) = &package.manifest.imports else { return Resolved::Missing };
        for target in exports::targets(imports, specifier) {
            if target.starts_with('.') {
                if let Some(file) = self.locate_or_source(&path::join(&package.dir, &target)) {
                    return Resolved::File(file);
                }
            } else {
                match self.resolve_uncached(ws, from, &target, depth + 1) {
                    Resolved::Missing => {}
                    res => return res,
                }
            }
        }
        Resolved::Missing
    }

    /// The file that `subpath` (without a leading `/`) of a package of the workspace names.
    fn in_package(&self, package: &super::package::Package, subpath: &str) -> Option<FileId> {
        let at = |target: &str| path::join(&package.dir, target);
        if let Some(exports) = &package.manifest.exports {
            let key = if subpath.is_empty() { ".".to_owned() } else { format!("./{subpath}") };
            let targets = exports::targets(exports, &key);
            if let Some(file) = targets.iter().find_map(|it| self.locate_or_source(&at(it))) {
                return Some(file);
            }
        }
        if subpath.is_empty() {
            let entries = package.manifest.entries.iter();
            return entries
                .filter_map(|it| self.locate_or_source(&at(it)))
                .next()
                .or_else(|| self.locate(&at("src/index")))
                .or_else(|| self.locate(&at("index")));
        }
        self.locate_or_source(&at(subpath)).or_else(|| self.locate(&path::join(&at("src"), subpath)))
    }

    /// The file at `path`, or the source that a build would make it from: `dist/db/index.d.ts` from
    /// `src/db/index.ts`.
    fn locate_or_source(&self, file_path: &str) -> Option<FileId> {
        let is_declaration = file_path.ends_with(".d.ts") || file_path.ends_with(".d.mts");
        if !is_declaration && let Some(file) = self.locate(file_path) {
            return Some(file);
        }
        let package = self.packages.nearest(file_path)?;
        let relative = path::relative_to(file_path, &package.dir);
        let mut stem = relative.as_str();
        for ending in [".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs", ".jsx"] {
            if let Some(rest) = stem.strip_suffix(ending) {
                stem = rest;
                break;
            }
        }
        if is_declaration && let Some(file) = self.locate(&path::join(&package.dir, stem)) {
            return Some(file);
        }
        let (first, mut rest) = stem.split_once('/')?;
        if !matches!(first, "dist" | "build" | "lib" | "out" | "esm" | "cjs" | "types" | "output" | ".output")
        {
            return None;
        }
        loop {
            for place in ["src", "."] {
                if let Some(file) = self.locate(&path::join(&path::join(&package.dir, place), rest)) {
                    return Some(file);
                }
            }
            match rest.split_once('/') {
                Some(("esm" | "cjs" | "mjs" | "es" | "types" | "src" | "node" | "server", below)) => {
                    rest = below
                }
                _ => return None,
            }
        }
    }

    /// The file that a path without its extension, with a JavaScript extension, or of a directory names.
    pub fn locate(&self, file_path: &str) -> Option<FileId> {
        let ext = path::extension(file_path);
        let sources: &[&str] = match ext {
            "js" => &["ts", "tsx"],
            "jsx" => &["tsx"],
            "mjs" => &["mts"],
            "cjs" => &["cts"],
            _ => &[],
        };
        if let Some(stem) = file_path.strip_suffix(ext) {
            // `./schema.js` is how ESM code names schema.ts.
            for source in sources {
                if let Some(file) = self.file(&format!("{stem}{source}")) {
                    return Some(file);
                }
            }
        }
        self.file(file_path).or_else(|| self.with_extension(file_path)).or_else(|| {
            let package = self.packages.at(file_path);
            let entries = package.map(|it| it.manifest.entries.as_slice()).unwrap_or_default();
            let entry = entries.iter().find_map(|it| {
                let target = path::join(file_path, it);
                self.file(&target).or_else(|| self.with_extension(&target))
            });
            entry.or_else(|| self.with_extension(&path::join(file_path, "index")))
        })
    }

    fn with_extension(&self, stem: &str) -> Option<FileId> {
        let mut candidate = String::with_capacity(stem.len() + 5);
        EXTENSIONS.iter().find_map(|ext| {
            candidate.clear();
            candidate.push_str(stem);
            candidate.push_str(ext);
            self.file(&candidate)
        })
    }

    fn tsconfigs(&self, ws: &dyn Workspace, dir: &str) -> Arc<Vec<Arc<tsconfig::TsConfig>>> {
        self.tsconfigs.get_or_compute(&dir.into(), || {
            let mut res = Vec::new();
            for name in ["tsconfig.json", "jsconfig.json"] {
                if let Some(file) = self.file(&path::join(dir, name)) {
                    tsconfig::load(self, ws, file, &mut res);
                    break;
                }
            }
            if let Some(parent) = path::parent(dir).filter(|it| *it != dir) {
                res.extend(self.tsconfigs(ws, parent).iter().cloned());
            }
            res
        })
    }
}

fn found(file: Option<FileId>) -> Resolved {
    file.map_or(Resolved::Missing, Resolved::File)
}

/// `@scope/name/sub/path` → `@scope/name` and `sub/path`.
fn split_package(specifier: &str) -> (&str, &str) {
    let n_parts = if specifier.starts_with('@') { 2 } else { 1 };
    match specifier.match_indices('/').nth(n_parts - 1) {
        Some((at, _)) => {
            specifier.split_at_checked(at).map(|(name, rest)| (name, rest.trim_start_matches('/')))
        }
        None => None,
    }
    .unwrap_or((specifier, ""))
}

/// What npm lets a package be called: `@/x` and `~/x` are aliases.
fn is_package_name(name: &str) -> bool {
    let plain = |part: &str| {
        part.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_' || it == '-')
            && part
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | '~' | '!' | '*'))
    };
    match name.strip_prefix('@') {
        Some(scoped) => scoped.split_once('/').is_some_and(|(scope, name)| plain(scope) && plain(name)),
        None => plain(name),
    }
}

#[cfg(test)]
mod tests;
