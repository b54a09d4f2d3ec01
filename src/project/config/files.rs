//! A path, directory or glob of a configuration → the files it means, as drizzle-kit's `glob.sync` and
//! `readdirSync` find them.

use std::fmt;

use crate::base::file::FileId;
use crate::base::path;
use crate::project::Workspace;
use crate::project::glob::{Glob, is_magic};
use crate::project::resolve::Resolver;

/// Why a pattern gave no files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternError {
    /// Nothing is there.
    Nothing(String),
    /// A glob whose braces stand for too many patterns.
    Glob(String),
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternError::Nothing(pattern) => write!(f, "no file matches {pattern}"),
            PatternError::Glob(pattern) => write!(f, "the glob {pattern} stands for too many patterns"),
        }
    }
}

/// The files that `pattern` means seen from `base`. A directory means its direct files. Of what a build writes, which is not
/// here, the sources.
pub(in crate::project) fn expand(
    ws: &dyn Workspace,
    resolver: &Resolver,
    base: &str,
    pattern: &str,
) -> Result<Vec<FileId>, PatternError> {
    let found = expand_as_written(ws, resolver, base, pattern);
    if !matches!(found, Err(PatternError::Nothing(_))) {
        return found;
    }
    let sources = sources_of(pattern);
    let sources = sources.iter().find_map(|it| expand_as_written(ws, resolver, base, it).ok());
    sources.map_or(found, Ok)
}

/// Where the sources of a pattern below a build's folder stand: `./dist/db/schema/*.js` is made of `src/db/schema/*.ts`, or of
/// `db/schema/*.ts`.
fn sources_of(pattern: &str) -> Vec<String> {
    let plain = pattern.trim_start_matches("./");
    let Some((folder, rest)) = plain.split_once('/') else { return Vec::new() };
    if !matches!(folder, "dist" | "build" | "out" | "lib") {
        return Vec::new();
    }
    let source = match rest.strip_suffix("js") {
        Some(stem) if stem.ends_with(['.', 'm', 'c']) => format!("{stem}ts"),
        _ => rest.to_owned(),
    };
    let below = format!("src/{source}");
    if source.starts_with("src/") {
        vec![source]
    } else if source.split('/').next().is_some_and(|it| it.contains('*')) {
        vec![below]
    } else {
        vec![below, source]
    }
}

fn expand_as_written(
    ws: &dyn Workspace,
    resolver: &Resolver,
    base: &str,
    pattern: &str,
) -> Result<Vec<FileId>, PatternError> {
    let place = path::join(base, pattern);
    // A path may hold brackets (`app/[locale]`) and still name one file.
    if let Some(file) = resolver.file(&place) {
        return Ok(vec![file]);
    }
    if !is_magic(pattern) {
        return some(direct_files(ws, resolver, &place), pattern);
    }
    let glob = Glob::new(pattern).ok_or_else(|| PatternError::Glob(pattern.to_owned()))?;
    let mut res = Vec::new();
    for it in &glob.alternatives {
        // The part before the first glob is a plain path, whatever characters the directories above have.
        let dir = path::join(base, &it.fixed);
        if it.is_fixed() {
            match resolver.file(&dir) {
                Some(file) => res.push(file),
                None => res.extend(direct_files(ws, resolver, &dir)),
            }
            continue;
        }
        for file in ws.files_below(&dir) {
            let relative = path::relative_to(&ws.path(file), &dir);
            // A glob may also match a directory, which then means its direct files.
            if it.is_match(&relative)
                || relative.rsplit_once('/').is_some_and(|(parent, _)| it.is_match(parent))
            {
                res.push(file);
            }
        }
    }
    res.sort_by_key(|it| ws.path(*it));
    res.dedup();
    some(res, pattern)
}

fn some(files: Vec<FileId>, pattern: &str) -> Result<Vec<FileId>, PatternError> {
    if files.is_empty() { Err(PatternError::Nothing(pattern.to_owned())) } else { Ok(files) }
}

fn direct_files(ws: &dyn Workspace, resolver: &Resolver, dir: &str) -> Vec<FileId> {
    ws.read_dir(dir).iter().filter_map(|it| resolver.file(it)).collect()
}

/// What drizzle-kit loads as a schema module.
pub(in crate::project) fn is_script(file_path: &str) -> bool {
    matches!(path::extension(file_path), "ts" | "js" | "cjs" | "mjs" | "mts" | "cts")
        && !file_path.ends_with(".d.ts")
}
