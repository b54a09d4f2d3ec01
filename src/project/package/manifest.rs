//! The parts of package.json and pnpm-workspace.yaml that say how packages hang together.

use rustc_hash::FxHashMap;
use serde_json::Value;
use smol_str::SmolStr;

pub(super) type Catalogs = FxHashMap<SmolStr, FxHashMap<SmolStr, SmolStr>>;

/// A package.json.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manifest {
    pub name: Option<SmolStr>,
    pub version: Option<SmolStr>,
    /// Entry points that are not `exports`, the ones nearest to the source first (`source`, `types`, `module`, `main`).
    pub entries: Vec<SmolStr>,
    pub exports: Option<Value>,
    pub imports: Option<Value>,
    pub workspaces: Vec<SmolStr>,
    pub(super) catalogs: Catalogs,
    dependencies: FxHashMap<SmolStr, SmolStr>,
    /// Script name and command line, in order.
    pub scripts: Vec<(SmolStr, SmolStr)>,
    /// `pnpm@9.0.0`, as Corepack reads it.
    pub package_manager: Option<SmolStr>,
}

impl Manifest {
    pub(super) fn parse(text: &str) -> Option<Manifest> {
        let json: Value = serde_json::from_str(text)
            .ok()
            .or_else(|| jsonc_parser::parse_to_serde_value(text, &Default::default()).ok().flatten())?;
        let text_of = |key: &str| json.get(key).and_then(Value::as_str).map(SmolStr::new);
        let mut res = Manifest { name: text_of("name"), version: text_of("version"), ..Manifest::default() };
        res.package_manager = text_of("packageManager");
        res.entries =
            ["source", "types", "typings", "module", "main"].into_iter().filter_map(text_of).collect();
        res.exports = json.get("exports").filter(|it| !it.is_null()).cloned();
        res.imports = json.get("imports").filter(|it| it.is_object()).cloned();
        let workspaces = json.get("workspaces");
        let patterns = match workspaces {
            Some(Value::Object(object)) => object.get("packages"),
            other => other,
        };
        res.workspaces = patterns
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(SmolStr::new)
            .collect();
        // Bun keeps catalogs beside or in `workspaces`.
        for holder in [Some(&json), workspaces.filter(|it| it.is_object())].into_iter().flatten() {
            if let Some(catalog) = holder.get("catalog") {
                res.catalogs.insert("default".into(), text_map(catalog));
            }
            if let Some(Value::Object(catalogs)) = holder.get("catalogs") {
                for (name, catalog) in catalogs {
                    res.catalogs.insert(name.into(), text_map(catalog));
                }
            }
        }
        for group in ["peerDependencies", "optionalDependencies", "devDependencies", "dependencies"] {
            if let Some(group) = json.get(group) {
                res.dependencies.extend(text_map(group));
            }
        }
        if let Some(Value::Object(scripts)) = json.get("scripts") {
            res.scripts =
                scripts.iter().filter_map(|(name, it)| Some((name.into(), it.as_str()?.into()))).collect();
        }
        Some(res)
    }

    /// The range or protocol under which `name` is a dependency of any kind.
    pub fn dependency(&self, name: &str) -> Option<&SmolStr> {
        self.dependencies.get(name)
    }
}

fn text_map(json: &Value) -> FxHashMap<SmolStr, SmolStr> {
    let Value::Object(object) = json else { return FxHashMap::default() };
    object.iter().filter_map(|(key, it)| Some((key.into(), it.as_str()?.into()))).collect()
}

/// `packages`, `catalog` and `catalogs` of a pnpm-workspace.yaml: two levels of plain block YAML and flow lists,
/// which is all that pnpm writes there.
pub(super) fn parse_pnpm_workspace(text: &str) -> (Vec<SmolStr>, Catalogs) {
    let mut packages = Vec::new();
    let mut catalogs = Catalogs::default();
    let mut section = "";
    let mut catalog = SmolStr::default();
    let mut catalog_indent = 0;
    for line in text.lines() {
        let content = match line.find(" #") {
            Some(at) => line.get(..at).unwrap_or(line),
            None => line,
        };
        let trimmed = content.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let indent = content.len() - content.trim_start().len();
        let item = trimmed.strip_prefix("- ");
        if indent == 0 && item.is_none() {
            let Some((key, rest)) = trimmed.split_once(':') else { continue };
            section = key.trim();
            if section == "packages" {
                let list = rest.trim().trim_start_matches('[').trim_end_matches(']');
                packages.extend(list.split(',').map(unquote).filter(|it| !it.is_empty()));
            }
            continue;
        }
        match (section, item) {
            ("packages", Some(item)) => packages.push(unquote(item)),
            ("catalog" | "catalogs", None) => {
                let Some((key, value)) = split_key(trimmed) else { continue };
                if section == "catalogs" && (value.is_empty() || indent <= catalog_indent) {
                    catalog = key;
                    catalog_indent = indent;
                } else {
                    let name = if section == "catalog" { "default".into() } else { catalog.clone() };
                    catalogs.entry(name).or_default().insert(key, value);
                }
            }
            _ => {}
        }
    }
    (packages, catalogs)
}

/// `'@scope/name': ^1.0.0` → key and value; the key may hold colons when quoted.
fn split_key(line: &str) -> Option<(SmolStr, SmolStr)> {
    let quote = line.chars().next().filter(|it| matches!(it, '\'' | '"'));
    let (key, value) = match quote {
        Some(quote) => {
            let (key, rest) = line.get(1..)?.split_once(quote)?;
            (key, rest.trim_start().strip_prefix(':')?)
        }
        None => line.split_once(':')?,
    };
    Some((key.trim().into(), unquote(value)))
}

fn unquote(text: &str) -> SmolStr {
    text.trim().trim_matches(|it| matches!(it, '\'' | '"')).into()
}
