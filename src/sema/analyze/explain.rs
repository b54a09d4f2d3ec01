//! The options of EXPLAIN (`ParseExplainOptionList`). They are looked at when it runs, not before: what is wrong with
//! them is a warning, as in bodies of functions.

use crate::sema::code::{self, Severity};
use crate::sql::hir::Name;

use super::binder::Binder;

/// Options that are true or false.
const BOOLEANS: [&str; 10] = [
    "analyze",
    "verbose",
    "costs",
    "buffers",
    "wal",
    "settings",
    "generic_plan",
    "timing",
    "summary",
    "memory",
];

/// Those that came later, and with which version (release notes of PostgreSQL 16 and 17).
const SINCE: [(&str, u32); 3] = [("generic_plan", 16), ("memory", 17), ("serialize", 17)];

/// Those of a module that comes with PostgreSQL (pg_overexplain).
const OF_MODULES: [&str; 2] = ["debug", "range_table"];

impl<'a> Binder<'a> {
    pub fn explain_options(&mut self, options: &'a [(Name, Option<Name>)]) {
        let mut on: Vec<&str> = Vec::new();
        for (name, written) in options {
            let word = name.ident.as_str();
            // `EXPLAIN ANALYZE`, without brackets.
            let bare = written.as_ref().is_some_and(|it| it.range == name.range);
            let value = if bare { None } else { self.option_value(name) };
            if name.ident.is_dynamic()
                || value.as_deref().is_some_and(|it| it.contains(crate::sql::ident::DYNAMIC_MARK))
            {
                return;
            }
            let value = value.as_deref();
            let unrecognized =
                || format!("unrecognized value for EXPLAIN option \"{word}\": \"{}\"", value.unwrap_or(""));
            let version = self.catalog.server_version;
            let later = |it: &(&str, u32)| it.0 == word && version.is_some_and(|own| own < it.1);
            let unknown = || (code::SYNTAX_ERROR, format!("unrecognized EXPLAIN option \"{word}\""));
            let (state, message) = match word {
                _ if SINCE.iter().any(later) => unknown(),
                _ if BOOLEANS.contains(&word) => match value.map(boolean) {
                    None | Some(Some(true)) => {
                        on.push(word);
                        continue;
                    }
                    Some(Some(false)) => {
                        on.retain(|it| *it != word);
                        continue;
                    }
                    Some(None) => (code::SYNTAX_ERROR, format!("{word} requires a Boolean value")),
                },
                "serialize" => match value {
                    None | Some("text" | "binary") => {
                        on.push(word);
                        continue;
                    }
                    Some("off" | "none") => {
                        on.retain(|it| *it != word);
                        continue;
                    }
                    Some(_) => (code::INVALID_PARAMETER_VALUE, unrecognized()),
                },
                "format" => match value {
                    None => (code::SYNTAX_ERROR, String::from("format requires a parameter")),
                    Some("text" | "xml" | "json" | "yaml") => continue,
                    Some(_) => (code::INVALID_PARAMETER_VALUE, unrecognized()),
                },
                _ if OF_MODULES.contains(&word) => continue,
                _ => unknown(),
            };
            self.report(state, name.range, message).code.severity = Severity::Warning;
            return;
        }
        let analyzes = on.contains(&"analyze");
        for (name, _) in options {
            let word = name.ident.as_str();
            let needs = matches!(word, "wal" | "timing" | "serialize") && !analyzes;
            let message = match word {
                _ if !on.contains(&word) => continue,
                "generic_plan" if analyzes => {
                    String::from("EXPLAIN options ANALYZE and GENERIC_PLAN cannot be used together")
                }
                _ if needs => format!("EXPLAIN option {} requires ANALYZE", word.to_ascii_uppercase()),
                _ => continue,
            };
            let problem = self.report(code::INVALID_PARAMETER_VALUE, name.range, message);
            problem.code.severity = Severity::Warning;
            return;
        }
    }

    /// What is written behind an option's name: a word in lower case, a number, the content of a string.
    fn option_value(&self, name: &Name) -> Option<String> {
        let rest = self.text.get(usize::from(name.range.end())..)?.trim_start();
        if let Some(string) = rest.strip_prefix('\'') {
            return Some(string.split('\'').next().unwrap_or("").to_owned());
        }
        let value = rest.split([',', ')']).next().unwrap_or("").trim();
        (!value.is_empty()).then(|| value.trim_matches('"').to_ascii_lowercase())
    }
}

/// `defGetBoolean`.
fn boolean(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "on" | "1" => Some(true),
        "false" | "off" | "0" => Some(false),
        _ => None,
    }
}
