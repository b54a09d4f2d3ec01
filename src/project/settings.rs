//! `columnist.json` (CONTRACTS, "Configuration").

mod read;

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Workspace;
use super::package::ancestors;
use crate::base::file::FileId;
use crate::base::path;
use crate::base::text::TextRange;

/// The names under which the file is found.
pub const FILE_NAMES: [&str; 2] = ["columnist.json", "columnist.jsonc"];

/// Configuration of Columnist. Everything is optional.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[schemars(title = "columnist.json")]
pub struct Settings {
    /// Where the JSON schema of this file is found.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema_url: Option<String>,
    /// The databases of this directory. When given, no others are looked for.
    pub databases: Vec<DatabaseSettings>,
    /// Globs of the files to check, relative to this file. Empty: all.
    pub include: Vec<String>,
    /// Globs of files that are left alone, relative to this file.
    pub exclude: Vec<String>,
    /// Which migrations the rules of the group `migrations` look at: `newest`, `all`, `none`, or the name of the first that
    /// counts as new. Unless said otherwise the newest; with `check --changed-since REV`, those that are new or changed since
    /// the branch left REV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_migrations: Option<String>,
    /// Severity by rule code or group.
    pub rules: BTreeMap<String, Level>,
    /// Other severities for some files; later ones win.
    pub overrides: Vec<Override>,
}

/// A database: by its drizzle config, or by SQL files.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// The name to call it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Path of a drizzle config.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<String>,
    /// SQL files with DDL: paths, directories or globs, read in this order.
    pub schema: Vec<String>,
    /// Directory of migrations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migrations: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialect: Option<DialectName>,
    /// Major version of the server, for instance 18.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Schemas in which unqualified names are looked up; `["public"]` unless said otherwise.
    pub search_path: Vec<String>,
    /// Extensions that are installed without a migration saying so.
    pub extensions: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DialectName {
    Postgresql,
    Sqlite,
    Mysql,
}

/// How loud a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Off,
    Hint,
    Information,
    Warning,
    Error,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Override {
    /// Globs, relative to the configuration file.
    pub files: Vec<String>,
    pub rules: BTreeMap<String, Level>,
}

/// A configuration that was read: what it says, and what of it could not be used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    pub settings: Settings,
    pub problems: Vec<SettingsProblem>,
    /// Rule codes and groups where they stand, for whoever knows which exist.
    pub rule_keys: Vec<(String, TextRange)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsProblem {
    pub range: TextRange,
    pub message: String,
}

/// The configuration that holds for a file or directory.
#[derive(Debug, Clone)]
pub struct Located {
    pub file: FileId,
    /// What its paths and globs are relative to.
    pub dir: String,
    pub parsed: Parsed,
    /// Compiled `include` and `exclude`: they are asked for every file.
    include: GlobSet,
    exclude: GlobSet,
}

/// Reads the text of a `columnist.json`; comments and trailing commas are allowed.
pub fn parse(text: &str) -> Parsed {
    read::parse(text)
}

/// The nearest configuration at or above `at`, a directory or file.
pub fn nearest(ws: &dyn Workspace, at: &str) -> Option<Located> {
    ancestors(at).find_map(|dir| in_directory(ws, dir))
}

/// The configuration that lies in a directory itself.
pub fn in_directory(ws: &dyn Workspace, dir: &str) -> Option<Located> {
    let file = FILE_NAMES.iter().find_map(|name| ws.file(&path::child(dir, name)))?;
    let parsed = ws.text(file).map(|it| parse(&it)).unwrap_or_default();
    let (include, exclude) = (globs(&parsed.settings.include), globs(&parsed.settings.exclude));
    Some(Located { file, dir: dir.to_owned(), parsed, include, exclude })
}

/// The JSON schema of `columnist.json`.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Settings).to_value()
}

impl Settings {
    /// What the file says about a rule in a file (path relative to the configuration); `names` are its code and
    /// groups, the most specific first. `None`: nothing.
    pub fn level(&self, names: &[&str], relative_path: &str) -> Option<Level> {
        let by_name = |rules: &BTreeMap<String, Level>| names.iter().find_map(|it| rules.get(*it).copied());
        let overriding = self.overrides.iter().rev().filter(|it| matches(&globs(&it.files), relative_path));
        overriding.filter_map(|it| by_name(&it.rules)).next().or_else(|| by_name(&self.rules))
    }
}

impl Located {
    /// Whether the file (path relative to the configuration) is to be checked.
    pub fn includes(&self, relative_path: &str) -> bool {
        (self.parsed.settings.include.is_empty() || matches(&self.include, relative_path))
            && !matches(&self.exclude, relative_path)
    }
}

/// Those of the globs that mean anything.
fn globs(patterns: &[String]) -> GlobSet {
    let mut res = GlobSetBuilder::new();
    for it in patterns {
        let pattern = it.trim_start_matches("./").trim_end_matches('/');
        if let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() {
            res.add(glob);
        }
    }
    res.build().unwrap_or_default()
}

/// Whether one of the globs means the path or a directory around it.
fn matches(globs: &GlobSet, relative_path: &str) -> bool {
    !globs.is_empty() && ancestors(relative_path).any(|it| globs.is_match(it))
}

#[cfg(test)]
mod tests;
