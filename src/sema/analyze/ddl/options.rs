//! Storage parameters: `WITH (fillfactor = 70)` (`reloptions.c`). PostgreSQL tells no place; ours is the option.

use crate::catalog::{Relation, RelationKind};
use crate::sema::code;
use crate::sql::hir::ddl::Setting;

use super::super::binder::Binder;

/// What an option takes.
#[derive(Clone, Copy)]
pub enum Takes {
    Bool,
    Integer(i64, i64),
    Real(f64, f64),
    Enum(&'static [&'static str]),
}

use Takes::{Bool, Enum, Integer, Real};

const MAX: i64 = i32::MAX as i64;
const BILLION: i64 = 1_000_000_000;

pub type Table = [(&'static str, Takes)];

/// `heap_reloptions` for tables and materialized views.
pub const HEAP: &Table = &[
    ("fillfactor", Integer(10, 100)),
    ("toast_tuple_target", Integer(128, 8160)),
    ("parallel_workers", Integer(0, 1024)),
    ("user_catalog_table", Bool),
    ("autovacuum_enabled", Bool),
    ("vacuum_truncate", Bool),
    ("vacuum_index_cleanup", Enum(&["auto", "on", "off", "true", "false", "yes", "no", "1", "0"])),
    ("autovacuum_vacuum_threshold", Integer(0, MAX)),
    ("autovacuum_vacuum_max_threshold", Integer(-1, MAX)),
    ("autovacuum_vacuum_insert_threshold", Integer(-1, MAX)),
    ("autovacuum_analyze_threshold", Integer(0, MAX)),
    ("autovacuum_vacuum_cost_limit", Integer(1, 10_000)),
    ("autovacuum_freeze_min_age", Integer(0, BILLION)),
    ("autovacuum_multixact_freeze_min_age", Integer(0, BILLION)),
    ("autovacuum_freeze_max_age", Integer(100_000, 2 * BILLION)),
    ("autovacuum_multixact_freeze_max_age", Integer(10_000, 2 * BILLION)),
    ("autovacuum_freeze_table_age", Integer(0, 2 * BILLION)),
    ("autovacuum_multixact_freeze_table_age", Integer(0, 2 * BILLION)),
    ("log_autovacuum_min_duration", Integer(-1, MAX)),
    ("autovacuum_vacuum_cost_delay", Real(-1.0, 100.0)),
    ("autovacuum_vacuum_scale_factor", Real(0.0, 100.0)),
    ("autovacuum_vacuum_insert_scale_factor", Real(0.0, 100.0)),
    ("autovacuum_analyze_scale_factor", Real(0.0, 100.0)),
    ("vacuum_max_eager_freeze_failure_rate", Real(0.0, 1.0)),
];

/// What of a table's is none of its TOAST table's.
const NOT_TOAST: [&str; 6] = [
    "fillfactor",
    "toast_tuple_target",
    "parallel_workers",
    "user_catalog_table",
    "autovacuum_analyze_threshold",
    "autovacuum_analyze_scale_factor",
];

/// `view_reloptions`.
pub const VIEW: &Table =
    &[("security_barrier", Bool), ("security_invoker", Bool), ("check_option", Enum(&["local", "cascaded"]))];

/// `attribute_reloptions`.
pub const COLUMN: &Table =
    &[("n_distinct", Real(-1.0, f64::MAX)), ("n_distinct_inherited", Real(-1.0, f64::MAX))];

/// The options of an access method; `None`: not known.
pub fn index(method: &str) -> Option<&'static Table> {
    const BTREE: &Table = &[("fillfactor", Integer(10, 100)), ("deduplicate_items", Bool)];
    const FILL: &Table = &[("fillfactor", Integer(10, 100))];
    const GIST: &Table = &[("fillfactor", Integer(10, 100)), ("buffering", Enum(&["on", "off", "auto"]))];
    const GIN: &Table = &[("fastupdate", Bool), ("gin_pending_list_limit", Integer(64, MAX))];
    const BRIN: &Table = &[("pages_per_range", Integer(1, 131_072)), ("autosummarize", Bool)];
    match method {
        "btree" => Some(BTREE),
        "hash" | "spgist" => Some(FILL),
        "gist" => Some(GIST),
        "gin" => Some(GIN),
        "brin" => Some(BRIN),
        _ => None,
    }
}

impl Binder<'_> {
    /// Options of a relation, by its kind.
    pub fn relation_options(&mut self, relation: &Relation, options: &[Setting], reset: bool) {
        match relation.kind {
            RelationKind::Table | RelationKind::MaterializedView => self.settings(HEAP, options, reset),
            RelationKind::View => self.settings(VIEW, options, reset),
            _ => {}
        }
    }

    pub fn settings(&mut self, table: &Table, options: &[Setting], reset: bool) {
        for (idx, option) in options.iter().enumerate() {
            let [parts @ .., last] = option.name.parts.as_slice() else { continue };
            let at = last.range.cover(option.value_range);
            let name = last.ident.as_str().to_owned();
            if option.name.is_dynamic() {
                continue;
            }
            if reset && option.value.is_some() {
                self.report(code::SYNTAX_ERROR, at, "RESET must not include values for parameters");
                return;
            }
            let own = |it: &Setting| it.name.parts.iter().map(|it| it.ident.clone()).collect::<Vec<_>>();
            if !reset && options.iter().take(idx).any(|it| own(it) == own(option)) {
                let message = format!("parameter \"{name}\" specified more than once");
                self.report(code::INVALID_PARAMETER_VALUE, at, message);
                return;
            }
            if let [namespace] = parts {
                if !matches!(namespace.ident.as_str(), "toast" | "timescaledb" | "tsdb") && !reset {
                    let message = format!("unrecognized parameter namespace \"{}\"", namespace.ident);
                    self.report(code::INVALID_PARAMETER_VALUE, at, message);
                }
                let known = HEAP.iter().any(|it| it.0 == name) && !NOT_TOAST.contains(&name.as_str());
                if namespace.ident.as_str() == "toast" && std::ptr::eq(table, HEAP) && !known && !reset {
                    let message = format!("unrecognized parameter \"{name}\"");
                    self.report(code::INVALID_PARAMETER_VALUE, at, message);
                }
                continue;
            }
            let Some((_, takes)) = table.iter().find(|it| it.0 == name) else {
                if name == "oids" && std::ptr::eq(table, HEAP) {
                    let value = option.value.as_deref().unwrap_or("true");
                    if boolean(value) == Some(true) {
                        let message = "tables declared WITH OIDS are not supported";
                        self.report(code::FEATURE_NOT_SUPPORTED, at, message);
                    }
                } else if !reset {
                    self.report(
                        code::INVALID_PARAMETER_VALUE,
                        at,
                        format!("unrecognized parameter \"{name}\""),
                    );
                }
                continue;
            };
            if reset {
                continue;
            }
            let value = option.value.as_deref().unwrap_or("true");
            if let Some(message) = refused(&name, value, *takes) {
                self.report(code::INVALID_PARAMETER_VALUE, at, message);
            }
        }
    }
}

/// `parse_one_reloption`.
fn refused(name: &str, value: &str, takes: Takes) -> Option<String> {
    let value = value.trim();
    match takes {
        Bool => {
            boolean(value).is_none().then(|| format!("invalid value for boolean option \"{name}\": {value}"))
        }
        Integer(min, max) => match integer(value) {
            Some(number) if (min..=max).contains(&number) => None,
            Some(number) if i32::try_from(number).is_ok() => {
                Some(format!("value {value} out of bounds for option \"{name}\""))
            }
            _ if plain(value) => Some(format!("invalid value for integer option \"{name}\": {value}")),
            _ => None,
        },
        Real(min, max) => match value.parse::<f64>() {
            Ok(number) if number < min || number > max => {
                Some(format!("value {value} out of bounds for option \"{name}\""))
            }
            Ok(_) => None,
            Err(_) if plain(value) => {
                Some(format!("invalid value for floating point option \"{name}\": {value}"))
            }
            Err(_) => None,
        },
        Enum(all) => {
            let known = all.iter().any(|it| value.eq_ignore_ascii_case(it));
            (!known).then(|| format!("invalid value for enum option \"{name}\": {value}"))
        }
    }
}

/// A word, or a decimal number: other spellings of numbers are left alone.
fn plain(value: &str) -> bool {
    let word = value.chars().all(|it| it.is_ascii_alphabetic() || it == '_');
    word || value.chars().all(|it| it.is_ascii_digit())
}

/// A number that is none as a whole is rounded.
fn integer(value: &str) -> Option<i64> {
    let rounded = || value.parse::<f64>().ok().filter(|it| it.abs() < 1e15).map(|it| it.round() as i64);
    value.parse().ok().or_else(rounded)
}

/// `parse_bool`.
pub fn boolean(value: &str) -> Option<bool> {
    let value = value.to_ascii_lowercase();
    let starts = |word: &str| !value.is_empty() && word.starts_with(value.as_str());
    match value.as_str() {
        "on" | "1" => Some(true),
        "of" | "off" | "0" => Some(false),
        _ if starts("true") || starts("yes") => Some(true),
        _ if starts("false") || starts("no") => Some(false),
        _ => None,
    }
}
