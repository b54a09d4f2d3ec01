//! tsconfig.json and jsconfig.json: `baseUrl` and `paths`, through `extends` and project references.

use std::sync::Arc;

use serde_json::Value;

use super::{Resolver, exports};
use crate::base::file::FileId;
use crate::base::path;
use crate::project::Workspace;

/// What a tsconfig says about specifiers, what it extends included.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct TsConfig {
    base_url: Option<String>,
    /// Pattern and absolute targets, in order.
    paths: Vec<(String, Vec<String>)>,
}

impl TsConfig {
    /// Absolute paths to try for `specifier`. True: one of `paths` is about it.
    pub fn candidates(&self, specifier: &str) -> (Vec<String>, bool) {
        let mut res = Vec::new();
        let mut matched = false;
        let exact = self.paths.iter().find(|(pattern, _)| pattern == specifier);
        if let Some((_, targets)) = exact {
            res.extend(targets.iter().cloned());
            matched = true;
        } else {
            // TypeScript takes the pattern with the longest part before `*`.
            let fitting = self.paths.iter().filter_map(|(pattern, targets)| {
                let star =
                    pattern.contains('*').then(|| exports::match_pattern(pattern, specifier)).flatten()?;
                Some((pattern.find('*').unwrap_or(0), targets, star))
            });
            if let Some((prefix_len, targets, star)) = fitting.max_by_key(|(len, ..)| *len) {
                res.extend(targets.iter().map(|it| path::normalize(&it.replace('*', star))));
                matched = prefix_len > 0;
            }
        }
        if let Some(base_url) = &self.base_url {
            res.push(path::join(base_url, specifier));
        }
        (res, matched)
    }
}

/// The config in `file`, then those it references: a "solution" config says nothing itself.
pub(super) fn load(resolver: &Resolver, ws: &dyn Workspace, file: FileId, acc: &mut Vec<Arc<TsConfig>>) {
    let mut seen = vec![file];
    let mut next = 0;
    while let Some(&file) = seen.get(next) {
        next += 1;
        let file_path = ws.path(file);
        let dir = path::parent(&file_path).unwrap_or("/");
        let mut config = TsConfig::default();
        read(resolver, ws, file, dir, &mut config, &mut Vec::new());
        if config != TsConfig::default() {
            acc.push(Arc::new(config));
        }
        let Some(json) = parse(ws, file) else { continue };
        let references = json.get("references").and_then(Value::as_array).into_iter().flatten();
        for reference in references.filter_map(|it| it.get("path")?.as_str()) {
            let target = path::join(dir, reference);
            // What another directory's project says about aliases holds for that directory only.
            let target = resolver.file(&target).or_else(|| resolver.file(&format!("{target}.json")));
            let Some(target) = target else { continue };
            let is_here = path::parent(&ws.path(target)) == Some(dir);
            if is_here && !seen.contains(&target) && seen.len() < 64 {
                seen.push(target);
            }
        }
    }
}

fn parse(ws: &dyn Workspace, file: FileId) -> Option<Value> {
    let text = ws.text(file)?;
    jsonc_parser::parse_to_serde_value(text.trim_start_matches('\u{feff}'), &Default::default())
        .ok()
        .flatten()
}

/// Lays `file` over `config`, after what it extends. `leaf` is the directory of the config that was asked for.
fn read(
    resolver: &Resolver,
    ws: &dyn Workspace,
    file: FileId,
    leaf: &str,
    config: &mut TsConfig,
    stack: &mut Vec<FileId>,
) {
    if stack.contains(&file) || stack.len() > 16 {
        return;
    }
    stack.push(file);
    let file_path = ws.path(file);
    let dir = path::parent(&file_path).unwrap_or("/");
    if let Some(json) = parse(ws, file) {
        let parents: Vec<&str> = match json.get("extends") {
            Some(Value::String(parent)) => vec![parent],
            Some(Value::Array(parents)) => parents.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        for parent in parents {
            if let Some(parent) = extended(resolver, dir, parent) {
                read(resolver, ws, parent, leaf, config, stack);
            }
        }
        let options = json.get("compilerOptions");
        let place = |text: &str, base: &str| match text.strip_prefix("${configDir}") {
            Some(rest) => path::join(leaf, rest.trim_start_matches('/')),
            None => path::join(base, text),
        };
        if let Some(base_url) = options.and_then(|it| it.get("baseUrl")).and_then(Value::as_str) {
            config.base_url = Some(place(base_url, dir));
        }
        if let Some(Value::Object(paths)) = options.and_then(|it| it.get("paths")) {
            let base = config.base_url.clone().unwrap_or_else(|| dir.to_owned());
            config.paths.clear();
            for (pattern, targets) in paths {
                let targets = targets.as_array().into_iter().flatten().filter_map(Value::as_str);
                config.paths.push((pattern.clone(), targets.map(|it| place(it, &base)).collect()));
            }
        }
    }
    stack.pop();
}

/// The config that `extends` names.
fn extended(resolver: &Resolver, dir: &str, name: &str) -> Option<FileId> {
    if name.starts_with('.') || path::is_absolute(name) {
        let target = path::join(dir, name);
        return resolver.file(&target).or_else(|| resolver.file(&format!("{target}.json")));
    }
    let (package, subpath) = super::split_package(name);
    let base = match resolver.packages.linked(package, dir) {
        Some(package) => {
            let targets =
                package.manifest.exports.as_ref().map(|it| exports::targets(it, &format!("./{subpath}")));
            let mut targets = targets.into_iter().flatten().map(|it| path::join(&package.dir, &it));
            if let Some(file) = targets.find_map(|it| resolver.file(&it)) {
                return Some(file);
            }
            package.dir.to_string()
        }
        None => {
            let mut places = super::ancestors(dir).map(|it| format!("{it}/node_modules/{package}"));
            places.find(|it| resolver.file(&format!("{it}/package.json")).is_some())?
        }
    };
    let subpath = if subpath.is_empty() { "tsconfig.json" } else { subpath };
    let target = path::join(&base, subpath);
    resolver
        .file(&target)
        .or_else(|| resolver.file(&format!("{target}.json")))
        .or_else(|| resolver.file(&format!("{target}/tsconfig.json")))
}
