//! A workspace in memory: `//- /path` starts a file, everything up to the next such line is its text.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::base::file::FileId;
use crate::base::path;
use crate::facts::SourceMap;
use crate::facts::ts::TsFacts;
use crate::project::Workspace;
use crate::ts::{self, Flavor};

#[derive(Default)]
pub struct TestWorkspace {
    roots: Vec<Arc<str>>,
    files: Vec<TestFile>,
    by_path: BTreeMap<Arc<str>, FileId>,
}

struct TestFile {
    path: Arc<str>,
    text: Arc<str>,
    facts: OnceLock<Arc<(TsFacts, SourceMap)>>,
}

impl TestWorkspace {
    /// The workspace folder is `/`.
    pub fn new(fixture: &str) -> TestWorkspace {
        let mut res = TestWorkspace { roots: vec!["/".into()], ..TestWorkspace::default() };
        let mut current: Option<(String, String)> = None;
        for line in fixture.split_inclusive('\n') {
            if let Some(file_path) = line.trim_start().strip_prefix("//- ") {
                if let Some((path, text)) =
                    current.replace((path::normalize(file_path.trim()), String::new()))
                {
                    res.add(&path, &text);
                }
            } else if let Some((_, text)) = &mut current {
                text.push_str(line);
            }
        }
        if let Some((path, text)) = current {
            res.add(&path, &text);
        }
        res
    }

    /// Files of a directory of the disk, as a workspace with that folder.
    pub fn on_disk(dir: &str) -> TestWorkspace {
        let mut res = TestWorkspace { roots: vec![dir.into()], ..TestWorkspace::default() };
        for file in crate::load::walk(&[dir.to_owned()]) {
            if let Ok(text) = std::fs::read_to_string(&file) {
                res.add(&file, &text);
            }
        }
        res
    }

    pub fn add(&mut self, path: &str, text: &str) -> FileId {
        let id = FileId(self.files.len() as u32);
        let path: Arc<str> = path.into();
        self.by_path.insert(Arc::clone(&path), id);
        self.files.push(TestFile { path, text: text.into(), facts: OnceLock::new() });
        id
    }

    /// The file at `path`, which the fixture must have.
    #[track_caller]
    pub fn id(&self, path: &str) -> FileId {
        self.file(path).unwrap_or_else(|| panic!("the fixture has no file {path}"))
    }

    pub fn n_files(&self) -> usize {
        self.files.len()
    }
}

impl Workspace for TestWorkspace {
    fn file(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    fn path(&self, file: FileId) -> Arc<str> {
        self.files.get(file.0 as usize).map(|it| Arc::clone(&it.path)).unwrap_or_else(|| "".into())
    }

    fn text(&self, file: FileId) -> Option<Arc<str>> {
        self.files.get(file.0 as usize).map(|it| Arc::clone(&it.text))
    }

    fn ts_facts(&self, file: FileId) -> Arc<(TsFacts, SourceMap)> {
        let Some(file) = self.files.get(file.0 as usize) else { return Arc::default() };
        let facts = file.facts.get_or_init(|| {
            let flavor = match path::extension(&file.path) {
                "ts" | "mts" | "cts" => Flavor::TypeScript,
                "tsx" | "js" | "jsx" | "mjs" | "cjs" => Flavor::Tsx,
                _ => return Arc::default(),
            };
            Arc::new(crate::facts::ts::facts(&ts::parse(&file.text, flavor)))
        });
        Arc::clone(facts)
    }

    fn read_dir(&self, dir: &str) -> Vec<String> {
        let prefix = if dir.ends_with('/') { dir.to_owned() } else { format!("{dir}/") };
        let mut res: Vec<String> = Vec::new();
        for path in self.by_path.keys() {
            let Some(rest) = path.strip_prefix(prefix.as_str()) else { continue };
            let child = format!("{prefix}{}", rest.split('/').next().unwrap_or(rest));
            if res.last() != Some(&child) {
                res.push(child);
            }
        }
        res
    }

    fn files_below(&self, dir: &str) -> Vec<FileId> {
        self.by_path.iter().filter(|(it, _)| path::is_within(it, dir)).map(|(_, id)| *id).collect()
    }

    fn roots(&self) -> Vec<Arc<str>> {
        self.roots.clone()
    }
}
