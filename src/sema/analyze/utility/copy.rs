//! COPY (`ProcessCopyOptions`, `DoCopy`).

use std::sync::Arc;

use crate::catalog::Relation;
use crate::catalog::lookup::Lookup;
use crate::catalog::pg::settings::is_encoding;
use crate::sema::code;
use crate::sql::hir::{CommandOption, CopyClauses, Name, OptionValue};

use super::super::binder::Binder;
use super::super::place::Place;
use super::{find, flag, readable, text};

const OPTIONS: [&str; 16] = [
    "format",
    "freeze",
    "delimiter",
    "null",
    "default",
    "header",
    "quote",
    "escape",
    "force_quote",
    "force_not_null",
    "force_null",
    "convert_selectively",
    "encoding",
    "on_error",
    "log_verbosity",
    "reject_limit",
];

impl<'a> Binder<'a> {
    /// COPY: its condition, its options by themselves and together, the columns that they name.
    pub fn copy_clauses(&mut self, copy: &'a CopyClauses) {
        let relation = copy.table.as_ref().and_then(|it| match self.find_relation(it) {
            Lookup::Found(it) => Some(it.clone()),
            _ => None,
        });
        if copy.table.is_some() && relation.is_none() {
            return;
        }
        let n_problems = self.problems.len();
        if let (Some(relation), Some(where_)) = (&relation, copy.where_) {
            self.beside(relation, Place::CopyWhere, |it, rte| {
                it.condition(where_, "WHERE");
                for (id, var) in it.vars(rte, where_) {
                    let column = relation.columns.get(var.column as usize);
                    if column.is_some_and(|column| column.generated.is_some() && it.is_certain(column.origin))
                    {
                        let at = it.expr_node(id).range;
                        let message = "generated columns are not supported in COPY FROM WHERE conditions";
                        it.report(code::INVALID_COLUMN_REFERENCE, at, message);
                        return;
                    }
                }
            });
        }
        if self.problems.len() == n_problems && readable(&copy.options) {
            let refused = self.copy_options(copy).is_err();
            if let Some(relation) = relation.filter(|_| !refused) {
                self.forced_columns(copy, &relation);
            }
        }
    }

    fn copy_options(&mut self, copy: &CopyClauses) -> Result<(), ()> {
        for (idx, option) in copy.options.iter().enumerate() {
            if !OPTIONS.contains(&option.name.ident.as_str()) {
                let message = format!("option \"{}\" not recognized", option.name.ident);
                return self.wrong_option(code::SYNTAX_ERROR, option, message);
            }
            if self.option_twice(&copy.options, idx) {
                return Err(());
            }
            self.copy_option(option, copy.from)?;
        }
        let found = together(copy);
        match found {
            Some((name, state, message)) => {
                let at = super::place(find(&copy.options, name).or(copy.options.first()));
                self.report(state, at, message);
                Err(())
            }
            None => Ok(()),
        }
    }

    fn copy_option(&mut self, option: &CommandOption, from: bool) -> Result<(), ()> {
        let name = option.name.ident.as_str();
        let value = option.value.as_ref().and_then(text);
        let shown = value.clone().unwrap_or_default();
        let among = |all: &[&str]| all.iter().any(|it| shown.eq_ignore_ascii_case(it));
        let invalid = code::INVALID_PARAMETER_VALUE;
        let (state, message) = match name {
            "format" if value.is_none() => return Ok(()),
            "format" if ["text", "csv", "binary"].contains(&shown.as_str()) => return Ok(()),
            "format" => (invalid, format!("COPY format \"{shown}\" not recognized")),
            "freeze" => return self.option_flag(option).map(|_| ()),
            "header" => {
                let number = matches!(&option.value, Some(OptionValue::Integer(0 | 1)));
                if option.value.is_none() || number || among(&["true", "false", "on", "off"]) {
                    return Ok(());
                }
                match among(&["match"]) {
                    true if from => return Ok(()),
                    true => {
                        let message = format!("cannot use \"{shown}\" with HEADER in COPY TO");
                        (code::FEATURE_NOT_SUPPORTED, message)
                    }
                    false => (code::SYNTAX_ERROR, "header requires a Boolean value or \"match\"".to_owned()),
                }
            }
            "force_quote" | "force_not_null" | "force_null" => match &option.value {
                Some(OptionValue::Star | OptionValue::Names(_)) => return Ok(()),
                _ => (invalid, format!("argument to option \"{name}\" must be a list of column names")),
            },
            "encoding" if value.is_some() && !is_encoding(&shown) => {
                (invalid, "argument to option \"encoding\" must be a valid encoding name".to_owned())
            }
            "on_error" if !from => (invalid, "COPY ON_ERROR cannot be used with COPY TO".to_owned()),
            "on_error" if value.is_none() || among(&["stop", "ignore"]) => return Ok(()),
            "on_error" => (invalid, format!("COPY ON_ERROR \"{shown}\" not recognized")),
            "log_verbosity" if value.is_none() || among(&["silent", "default", "verbose"]) => return Ok(()),
            "log_verbosity" => (invalid, format!("COPY LOG_VERBOSITY \"{shown}\" not recognized")),
            "reject_limit" => match (&option.value, shown.trim().parse::<i64>()) {
                (None, _) => return Ok(()),
                (_, Ok(limit)) if limit > 0 => return Ok(()),
                (_, Ok(limit)) => (invalid, format!("REJECT_LIMIT ({limit}) must be greater than zero")),
                (Some(OptionValue::Text(_)), Err(_)) if shown.chars().all(|it| it.is_ascii_alphabetic()) => {
                    let message = format!("invalid input syntax for type bigint: \"{shown}\"");
                    (code::INVALID_TEXT_REPRESENTATION, message)
                }
                _ => return Ok(()),
            },
            _ => return Ok(()),
        };
        self.wrong_option(state, option, message)
    }

    /// The columns that FORCE_… names (`CopyGetAttnums`).
    fn forced_columns(&mut self, copy: &CopyClauses, relation: &Arc<Relation>) {
        for option in &copy.options {
            let word = match option.name.ident.as_str() {
                "force_quote" => "FORCE_QUOTE",
                "force_not_null" => "FORCE_NOT_NULL",
                "force_null" => "FORCE_NULL",
                _ => continue,
            };
            let Some(OptionValue::Names(names)) = &option.value else { continue };
            let mut seen: Vec<&Name> = Vec::new();
            for name in names {
                let known = relation.columns.iter().any(|it| it.name == name.ident);
                let (state, message) = if !known && !relation.open {
                    let message =
                        format!("column \"{}\" of relation \"{}\" does not exist", name.ident, relation.name);
                    (code::UNDEFINED_COLUMN, message)
                } else if seen.iter().any(|it| it.ident == name.ident) {
                    (code::DUPLICATE_COLUMN, format!("column \"{}\" specified more than once", name.ident))
                } else if !copy.columns.is_empty() && !copy.columns.iter().any(|it| it.ident == name.ident) {
                    let message = format!("{word} column \"{}\" not referenced by COPY", name.ident);
                    (code::INVALID_COLUMN_REFERENCE, message)
                } else {
                    seen.push(name);
                    continue;
                };
                self.report(state, name.range, message);
                return;
            }
        }
    }
}

/// What options refuse of each other: the option, the SQLSTATE, the message.
fn together(copy: &CopyClauses) -> Option<(&'static str, code::Code, String)> {
    let unsupported = code::FEATURE_NOT_SUPPORTED;
    let invalid = code::INVALID_PARAMETER_VALUE;
    let options = copy.options.as_slice();
    let given = |name: &str| find(options, name).and_then(|it| it.value.as_ref()).and_then(text);
    let has = |name: &str| find(options, name).is_some();
    let format = given("format").unwrap_or_else(|| "text".to_owned());
    let (binary, csv) = (format == "binary", format == "csv");
    for (name, word) in [("delimiter", "DELIMITER"), ("null", "NULL"), ("default", "DEFAULT")] {
        if binary && has(name) {
            return Some((name, code::SYNTAX_ERROR, format!("cannot specify {word} in BINARY mode")));
        }
    }
    let delimiter = given("delimiter").unwrap_or_else(|| if csv { "," } else { "\t" }.to_owned());
    let null = given("null").unwrap_or_else(|| if csv { "" } else { "\\N" }.to_owned());
    let default = given("default");
    let quote = given("quote").or_else(|| csv.then(|| "\"".to_owned()));
    let escape = given("escape").or_else(|| csv.then(|| quote.clone().unwrap_or_default()));
    let breaks = |it: &str| it.contains(['\n', '\r']);
    let found = |name: &'static str, state, message: &str| Some((name, state, message.to_owned()));
    if delimiter.len() != 1 {
        return found("delimiter", unsupported, "COPY delimiter must be a single one-byte character");
    }
    if breaks(&delimiter) {
        return found("delimiter", invalid, "COPY delimiter cannot be newline or carriage return");
    }
    if breaks(&null) {
        return found("null", invalid, "COPY null representation cannot use newline or carriage return");
    }
    if default.as_deref().is_some_and(breaks) {
        return found(
            "default",
            invalid,
            "COPY default representation cannot use newline or carriage return",
        );
    }
    if !csv && "\\.abcdefghijklmnopqrstuvwxyz0123456789".contains(&delimiter) {
        return Some(("delimiter", invalid, format!("COPY delimiter cannot be \"{delimiter}\"")));
    }
    let header = find(options, "header").is_some_and(|it| flag(it.value.as_ref()) != Some(false));
    if binary && header {
        return found("header", unsupported, "cannot specify HEADER in BINARY mode");
    }
    for (name, word, value) in [("quote", "QUOTE", &quote), ("escape", "ESCAPE", &escape)] {
        if !csv && has(name) {
            return Some((name, unsupported, format!("COPY {word} requires CSV mode")));
        }
        if csv && value.as_ref().is_some_and(|it| it.len() != 1) {
            return Some((name, unsupported, format!("COPY {name} must be a single one-byte character")));
        }
        if csv && name == "quote" && quote.as_ref() == Some(&delimiter) {
            return found("quote", invalid, "COPY delimiter and quote must be different");
        }
    }
    for (name, word, is_from, state) in [
        ("force_quote", "FORCE_QUOTE", false, unsupported),
        ("force_not_null", "FORCE_NOT_NULL", true, invalid),
        ("force_null", "FORCE_NULL", true, invalid),
    ] {
        if has(name) && !csv {
            return Some((name, unsupported, format!("COPY {word} requires CSV mode")));
        }
        if has(name) && copy.from != is_from {
            let other = if copy.from { "FROM" } else { "TO" };
            return Some((name, state, format!("COPY {word} cannot be used with COPY {other}")));
        }
    }
    let mark = quote.filter(|_| csv).unwrap_or_default();
    if null.contains(&delimiter) {
        let message = "COPY delimiter character must not appear in the NULL specification";
        return found("null", invalid, message);
    }
    if csv && null.contains(&mark) {
        return found("null", invalid, "CSV quote character must not appear in the NULL specification");
    }
    if !copy.from && find(options, "freeze").is_some_and(|it| flag(it.value.as_ref()) == Some(true)) {
        return found("freeze", invalid, "COPY FREEZE cannot be used with COPY TO");
    }
    if let Some(default) = default {
        let message = if !copy.from {
            "COPY DEFAULT cannot be used with COPY TO"
        } else if default.contains(&delimiter) {
            "COPY delimiter character must not appear in the DEFAULT specification"
        } else if csv && default.contains(&mark) {
            "CSV quote character must not appear in the DEFAULT specification"
        } else if default == null {
            "NULL specification and DEFAULT specification cannot be the same"
        } else {
            ""
        };
        if !message.is_empty() {
            return found("default", unsupported, message);
        }
    }
    let ignores = given("on_error").is_some_and(|it| it.eq_ignore_ascii_case("ignore"));
    if binary && ignores {
        return found("on_error", code::SYNTAX_ERROR, "only ON_ERROR STOP is allowed in BINARY mode");
    }
    if has("reject_limit") && !ignores {
        return found("reject_limit", invalid, "COPY REJECT_LIMIT requires ON_ERROR to be set to IGNORE");
    }
    None
}
