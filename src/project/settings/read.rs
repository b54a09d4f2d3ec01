//! The text of a `columnist.json` → settings, every unknown key and wrong value reported at its place.

use jsonc_parser::ast::{Array, Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;

use super::{DatabaseSettings, DialectName, Level, Override, Parsed, Settings, SettingsProblem};
use crate::base::text::{TextRange, range};

pub(super) fn parse(text: &str) -> Parsed {
    let mut reader = Reader::default();
    match jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default()) {
        Ok(parsed) => match parsed.value {
            Some(Value::Object(object)) => reader.settings(&object),
            Some(other) => reader.wrong(&other, "an object"),
            None => {}
        },
        Err(error) => {
            let at = error.range();
            reader.problem(range(at.start, at.end), format!("not JSON: {}", error.kind()));
        }
    }
    reader.res
}

#[derive(Default)]
struct Reader {
    res: Parsed,
}

impl Reader {
    fn problem(&mut self, range: TextRange, message: String) {
        self.res.problems.push(SettingsProblem { range, message });
    }

    fn wrong(&mut self, value: &Value<'_>, expected: &str) {
        self.problem(range(value.start(), value.end()), format!("expected {expected}"));
    }

    fn unknown_key(&mut self, prop: &ObjectProp<'_>, known: &[&str]) {
        let name = &prop.name;
        let message = format!("unknown key `{}`; known are {}", name.as_str(), known.join(", "));
        self.problem(range(name.start(), name.end()), message);
    }

    fn settings(&mut self, object: &Object<'_>) {
        let mut res = Settings::default();
        for prop in &object.properties {
            let value = &prop.value;
            match prop.name.as_str() {
                "$schema" => res.schema_url = self.text(value),
                "databases" => {
                    res.databases = self.list(value, "a list of databases", |it, value| match value {
                        Value::Object(object) => Some(it.database(object)),
                        other => {
                            it.wrong(other, "an object");
                            None
                        }
                    });
                }
                "include" => res.include = self.texts(value),
                "exclude" => res.exclude = self.texts(value),
                "newMigrations" => res.new_migrations = self.text(value),
                "rules" => res.rules = self.rules(value),
                "overrides" => {
                    res.overrides = self.list(value, "a list of overrides", |it, value| match value {
                        Value::Object(object) => Some(it.override_(object)),
                        other => {
                            it.wrong(other, "an object");
                            None
                        }
                    });
                }
                _ => self.unknown_key(
                    prop,
                    &["databases", "include", "exclude", "newMigrations", "rules", "overrides"],
                ),
            }
        }
        self.res.settings = res;
    }

    fn database(&mut self, object: &Object<'_>) -> DatabaseSettings {
        let mut res = DatabaseSettings::default();
        for prop in &object.properties {
            let value = &prop.value;
            match prop.name.as_str() {
                "name" => res.name = self.text(value),
                "config" => res.config = self.text(value),
                "schema" => res.schema = self.texts(value),
                "migrations" => res.migrations = self.text(value),
                "dialect" => {
                    let known = [
                        ("postgresql", DialectName::Postgresql),
                        ("sqlite", DialectName::Sqlite),
                        ("mysql", DialectName::Mysql),
                    ];
                    res.dialect = self.one_of(value, &known);
                }
                "version" => match value.as_number_lit().and_then(|it| it.value.parse().ok()) {
                    Some(version) => res.version = Some(version),
                    None => self.wrong(value, "the server's major version, a whole number"),
                },
                "searchPath" => res.search_path = self.texts(value),
                "extensions" => res.extensions = self.texts(value),
                _ => {
                    let known = [
                        "name",
                        "config",
                        "schema",
                        "migrations",
                        "dialect",
                        "version",
                        "searchPath",
                        "extensions",
                    ];
                    self.unknown_key(prop, &known);
                }
            }
        }
        if res.config.is_none() && res.schema.is_empty() && res.migrations.is_none() {
            let message = "a database needs `config`, `schema` or `migrations`".to_owned();
            self.problem(range(object.start(), object.end()), message);
        }
        res
    }

    fn override_(&mut self, object: &Object<'_>) -> Override {
        let mut res = Override::default();
        for prop in &object.properties {
            match prop.name.as_str() {
                "files" => res.files = self.texts(&prop.value),
                "rules" => res.rules = self.rules(&prop.value),
                _ => self.unknown_key(prop, &["files", "rules"]),
            }
        }
        res
    }

    fn rules(&mut self, value: &Value<'_>) -> std::collections::BTreeMap<String, Level> {
        let mut res = std::collections::BTreeMap::new();
        let Value::Object(object) = value else {
            self.wrong(value, "an object of rule codes");
            return res;
        };
        let levels = [
            ("off", Level::Off),
            ("hint", Level::Hint),
            ("information", Level::Information),
            ("warning", Level::Warning),
            ("error", Level::Error),
        ];
        for prop in &object.properties {
            let name = &prop.name;
            self.res.rule_keys.push((name.as_str().to_owned(), range(name.start(), name.end())));
            if let Some(level) = self.one_of(&prop.value, &levels) {
                res.insert(name.as_str().to_owned(), level);
            }
        }
        res
    }

    fn text(&mut self, value: &Value<'_>) -> Option<String> {
        match value {
            Value::StringLit(it) => Some(it.value.clone().into_owned()),
            other => {
                self.wrong(other, "a string");
                None
            }
        }
    }

    fn texts(&mut self, value: &Value<'_>) -> Vec<String> {
        self.list(value, "a list of strings", Reader::text)
    }

    fn list<T>(
        &mut self,
        value: &Value<'_>,
        expected: &str,
        mut item: impl FnMut(&mut Reader, &Value<'_>) -> Option<T>,
    ) -> Vec<T> {
        match value {
            Value::Array(Array { elements, .. }) => elements.iter().filter_map(|it| item(self, it)).collect(),
            other => {
                self.wrong(other, expected);
                Vec::new()
            }
        }
    }

    fn one_of<T: Copy>(&mut self, value: &Value<'_>, known: &[(&str, T)]) -> Option<T> {
        let text = value.as_string_lit().map(|it| it.value.as_ref());
        let found = known.iter().find(|(name, _)| Some(*name) == text);
        if found.is_none() {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            self.wrong(value, &format!("one of {}", names.join(", ")));
        }
        found.map(|(_, value)| *value)
    }
}
