//! The settings of editors: one registry, from which the JSON schema, the reader and the documentation follow.
//!
//! They come as `initializationOptions`, by `workspace/configuration` for the section `columnist`, or by
//! `workspace/didChangeConfiguration`; each time all of them, what is missing has its default.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::lint::registry;
use crate::project::settings::Level;

#[cfg(test)]
mod tests;

#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Severities by code or group, over those of `columnist.json`.
    pub rules: BTreeMap<String, Level>,
    /// Check files that are not open too.
    pub check_workspace: bool,
    /// At most so many completions in one answer.
    pub completion_limit: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { rules: BTreeMap::new(), check_workspace: true, completion_limit: 200 }
    }
}

/// One setting.
struct Setting {
    /// Behind `columnist.`, with dots.
    key: &'static str,
    description: &'static str,
    /// JSON schema of the value, without description and default.
    schema: fn() -> Value,
    /// Takes over a value, or says what it should have been.
    read: fn(&mut Settings, &Value) -> Result<(), &'static str>,
    write: fn(&Settings) -> Value,
}

const SETTINGS: &[Setting] = &[
    Setting {
        key: "rules",
        description: "Severities by code or group (`columnist explain` lists them), over those of columnist.json, \
                      for this editor only.",
        schema: || {
            let names = registry::rules().iter().map(|it| it.code);
            let groups = registry::GROUPS.iter().map(|it| it.0);
            let level = json!({ "enum": ["off", "hint", "information", "warning", "error"] });
            let known: Map<String, Value> =
                groups.chain(names).map(|it| (it.to_owned(), level.clone())).collect();
            json!({ "type": "object", "properties": known, "additionalProperties": false })
        },
        read: |settings, value| {
            let rules = serde_json::from_value(value.clone());
            settings.rules = rules.map_err(|_| "severities by code or group")?;
            match settings.rules.keys().all(|it| registry::is_known(it)) {
                true => Ok(()),
                false => Err("codes and groups that exist"),
            }
        },
        write: |settings| json!(settings.rules),
    },
    Setting {
        key: "check.workspace",
        description: "Check all files of the workspace, not only those that are open.",
        schema: || json!({ "type": "boolean" }),
        read: |settings, value| {
            settings.check_workspace = value.as_bool().ok_or("true or false")?;
            Ok(())
        },
        write: |settings| json!(settings.check_workspace),
    },
    Setting {
        key: "completion.limit",
        description: "At most so many completions in one list.",
        schema: || json!({ "type": "integer", "minimum": 1, "maximum": 5000 }),
        read: |settings, value| {
            let limit = value.as_u64().filter(|it| (1..=5000).contains(it));
            settings.completion_limit = limit.ok_or("a number from 1 to 5000")? as usize;
            Ok(())
        },
        write: |settings| json!(settings.completion_limit),
    },
];

/// Settings as the client gave them, and what in them could not be used. `value` is the section `columnist` itself
/// or an object that holds it.
pub fn read(value: &Value) -> (Settings, Vec<String>) {
    let mut settings = Settings::default();
    let mut problems = Vec::new();
    let section = value.get("columnist").unwrap_or(value);
    for setting in SETTINGS {
        let Some(given) = lookup(section, setting.key).filter(|it| !it.is_null()) else { continue };
        if let Err(expected) = (setting.read)(&mut settings, given) {
            problems.push(format!("the setting columnist.{} must be {expected}", setting.key));
        }
    }
    (settings, problems)
}

/// `check.workspace`: in nested objects, or under its dotted name.
fn lookup<'a>(section: &'a Value, key: &str) -> Option<&'a Value> {
    if let Some(value) = section.get(key) {
        return Some(value);
    }
    let (first, rest) = key.split_once('.')?;
    lookup(section.get(first)?, rest)
}

/// JSON schema of all settings by their full names, as the `properties` of an extension's configuration.
pub fn json_schema() -> Value {
    let defaults = Settings::default();
    let mut res = Map::new();
    for setting in SETTINGS {
        let mut schema = (setting.schema)();
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("default".to_owned(), (setting.write)(&defaults));
            schema.insert("markdownDescription".to_owned(), json!(setting.description));
        }
        res.insert(format!("columnist.{}", setting.key), schema);
    }
    Value::Object(res)
}
