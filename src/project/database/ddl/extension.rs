//! Folders of an extension's own scripts, which CREATE EXTENSION runs: in the schema and with the names that it puts in first
//! (manual, "Packaging Related Objects into an Extension"). No database of the project is made by them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::file::FileId;
use crate::base::path;
use crate::project::eval::{Dep, Evaluator};

/// The folders of control files and of scripts that only CREATE EXTENSION can run; where those of one extension lie beside each
/// other, the one around them. Of a script in the workspace's own folder, the script.
pub fn dirs(
    eval: &Evaluator<'_>,
    sql: &[(Arc<str>, FileId)],
    is_own: &dyn Fn(&str) -> bool,
) -> BTreeSet<String> {
    let ws = eval.workspace();
    let roots = ws.roots();
    let is_root = |dir: &str| roots.iter().any(|root| **root == *dir);
    let mut res: BTreeSet<String> = BTreeSet::new();
    for (file_path, file) in sql.iter().filter(|it| !is_own(&it.0)) {
        eval.note(Dep::hints(*file));
        if ws.hints(*file).is_of_extension {
            let dir = path::parent(file_path).filter(|it| !is_root(it));
            res.insert(dir.unwrap_or(file_path).to_owned());
        }
    }
    let files = eval.resolver().files().filter(|it| path::extension(it.0) == "control");
    let controls: BTreeSet<String> = files.filter_map(|it| path::parent(it.0)).map(str::to_owned).collect();
    res.extend(controls.iter().cloned());
    let mut around: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for dir in &res {
        if let Some(parent) = path::parent(dir).filter(|it| !is_root(it)) {
            around.entry(parent).or_default().push(dir);
        }
    }
    // Of several extensions each has a folder of its own.
    let is_one =
        |it: &Vec<&String>| it.len() > 1 && it.iter().filter(|it| controls.contains(**it)).count() == 1;
    let shared: Vec<String> =
        around.into_iter().filter(|it| is_one(&it.1)).map(|it| it.0.to_owned()).collect();
    res.extend(shared);
    res
}
