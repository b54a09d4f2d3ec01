//! From arguments to a world: where the project begins, and which of its files are asked about.

use anyhow::{Context, bail};

use crate::base::file::FileId;
use crate::base::line_index::{Encoding, LineIndex};
use crate::base::path;
use crate::base::text::range;
use crate::db::{FileKind, Snapshot, World};
use crate::load;
use crate::project::Workspace;
use crate::project::settings::FILE_NAMES as CONFIG_NAMES;

pub struct Opened {
    /// The directory the command was started in, absolute and normalised.
    pub start: String,
    pub roots: Vec<String>,
    /// Files and directories that are asked about.
    pub wanted: Vec<String>,
    pub world: World,
}

impl Opened {
    /// Scripts, SQL files and configuration among what is asked about, by path.
    pub fn files(&self, snap: &Snapshot) -> Vec<FileId> {
        let mut res: Vec<(std::sync::Arc<str>, FileId)> = snap
            .all_files()
            .into_iter()
            .map(|file| (snap.path(file), file))
            .filter(|(path, _)| self.is_wanted(path))
            .filter(|(path, _)| match FileKind::of(path) {
                Some(FileKind::Script(_) | FileKind::Sql) => true,
                Some(FileKind::Data) => crate::lint::check::is_checked_data(path),
                None => false,
            })
            .collect();
        res.sort();
        res.into_iter().map(|it| it.1).collect()
    }

    pub fn is_wanted(&self, file: &str) -> bool {
        self.wanted.iter().any(|it| path::is_within(file, it))
    }
}

/// Reads the workspaces around `paths` (the start directory when there are none).
pub fn open(paths: &[String], config: Option<&str>) -> anyhow::Result<Opened> {
    let start = start()?;
    let mut wanted = Vec::new();
    for it in paths {
        wanted.push(existing(&path::join(&start, it)).with_context(|| format!("cannot read {it}"))?);
    }
    if wanted.is_empty() {
        wanted.push(start.clone());
    }
    let mut roots: Vec<String> = Vec::new();
    for it in &wanted {
        let is_dir = std::path::Path::new(it).is_dir();
        let dir = if is_dir { it.as_str() } else { path::parent(it).unwrap_or(it) };
        roots.push(workspace_root(dir, &exists, &read));
    }
    // A root inside another one is read with it.
    roots.sort_unstable();
    roots.dedup();
    let outermost: Vec<String> = roots
        .iter()
        .filter(|it| !roots.iter().any(|other| *other != **it && path::is_within(it, other)))
        .cloned()
        .collect();
    let mut world = load::world(outermost.clone());
    for it in &wanted {
        // A file that is named is read even where ignore files leave it out.
        if std::path::Path::new(it).is_file() && world.file(it).is_none() {
            world.file_on_disk(it);
        }
    }
    let mut opened = Opened { start, roots: outermost, wanted, world };
    if let Some(config) = config {
        use_config(&mut opened, config)?;
    }
    check_configs(&mut opened)?;
    Ok(opened)
}

/// The start directory, without symbolic links.
pub fn start() -> anyhow::Result<String> {
    let dir = std::env::current_dir().context("cannot tell the current directory")?;
    let dir = dir.to_str().context("the current directory's name is not Unicode")?;
    existing(&path::normalize(dir)).context("cannot read the current directory")
}

fn existing(file: &str) -> anyhow::Result<String> {
    let real = std::fs::canonicalize(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => anyhow::anyhow!("no such file or directory"),
        _ => anyhow::Error::new(error),
    })?;
    let real = real.to_str().context("the name is not Unicode")?;
    Ok(path::normalize(real.strip_prefix(r"\\?\").unwrap_or(real)))
}

/// The directory whose files belong together with those of `dir`: the outermost of the nearest monorepo root,
/// the nearest configuration file and the nearest package, never above the git work tree; else `dir`.
pub fn workspace_root(
    dir: &str,
    exists: &dyn Fn(&str) -> bool,
    read: &dyn Fn(&str) -> Option<String>,
) -> String {
    let (mut package, mut config, mut monorepo) = (None, None, None);
    let mut current = Some(dir);
    while let Some(it) = current {
        if package.is_none() && exists(&path::join(it, "package.json")) {
            package = Some(it);
        }
        if config.is_none() && CONFIG_NAMES.iter().any(|name| exists(&path::join(it, name))) {
            config = Some(it);
        }
        let is_monorepo = || {
            exists(&path::join(it, "pnpm-workspace.yaml"))
                || read(&path::join(it, "package.json")).is_some_and(|text| {
                    serde_json::from_str::<serde_json::Value>(&text)
                        .is_ok_and(|package| package.get("workspaces").is_some())
                })
        };
        if monorepo.is_none() && is_monorepo() {
            monorepo = Some(it);
        }
        if exists(&path::join(it, ".git")) {
            break;
        }
        current = path::parent(it);
    }
    [package, config, monorepo].into_iter().flatten().min_by_key(|it| it.len()).unwrap_or(dir).to_owned()
}

fn exists(path: &str) -> bool {
    std::path::Path::new(path).exists()
}

fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// `--config FILE`: counts as the `columnist.json` of every root, and the project's own are not looked at.
fn use_config(opened: &mut Opened, config: &str) -> anyhow::Result<()> {
    let file = existing(&path::join(&opened.start, config))
        .and_then(|it| Ok(std::fs::read_to_string(it)?))
        .with_context(|| format!("cannot read the configuration {config}"))?;
    let snap = opened.world.snapshot();
    for id in snap.all_files() {
        let path = snap.path(id);
        if CONFIG_NAMES.contains(&path::file_name(&path)) {
            opened.world.file_deleted(&path);
        }
    }
    for root in opened.roots.clone() {
        opened.world.set_overlay(&path::join(&root, CONFIG_NAMES[0]), file.as_str().into());
    }
    Ok(())
}

/// A configuration that is not JSON says nothing certain about what the user wants: nothing is checked then.
fn check_configs(opened: &mut Opened) -> anyhow::Result<()> {
    let snap = opened.world.snapshot();
    for id in snap.all_files() {
        let path = snap.path(id);
        if !CONFIG_NAMES.contains(&path::file_name(&path)) {
            continue;
        }
        let shown = super::paths::display(&path, &opened.start);
        let Some(text) = snap.text(id) else { bail!("cannot read the configuration {shown}") };
        if let Err(error) = jsonc_parser::parse_to_value(&text, &jsonc_parser::ParseOptions::default()) {
            let at = range(error.range().start, error.range().end).start();
            let at = LineIndex::new(&text).line_col(&text, at, Encoding::Char);
            bail!("cannot read the configuration {shown}: {}:{}: {}", at.line + 1, at.col + 1, error.kind());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(dir: &str, files: &[(&str, &str)]) -> String {
        workspace_root(dir, &|path| files.iter().any(|it| it.0 == path), &|path| {
            files.iter().find(|it| it.0 == path).map(|it| it.1.to_owned())
        })
    }

    #[test]
    fn the_project_begins_at_its_monorepo_package_or_itself() {
        let single = [("/r/.git", ""), ("/r/app/package.json", "{}")];
        assert_eq!(root("/r/app/src/x", &single), "/r/app");
        assert_eq!(root("/r/docs", &single), "/r/docs");
        let npm =
            [("/r/package.json", r#"{"workspaces":["packages/*"]}"#), ("/r/packages/a/package.json", "{}")];
        assert_eq!(root("/r/packages/a/src", &npm), "/r");
        let pnpm = [("C:/r/pnpm-workspace.yaml", ""), ("C:/r/apps/a/package.json", "{}")];
        assert_eq!(root("C:/r/apps/a", &pnpm), "C:/r");
        let config = [("/r/columnist.json", "{}"), ("/r/a/package.json", "{}")];
        assert_eq!(root("/r/a", &config), "/r");
        let outside =
            [("/package.json", r#"{"workspaces":[]}"#), ("/r/.git", ""), ("/r/a/package.json", "{}")];
        assert_eq!(root("/r/a", &outside), "/r/a");
    }
}
