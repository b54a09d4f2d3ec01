//! Settings of the server (`set_config_option`, `AlterSystemSetConfigFile` of guc.c). What hooks of single settings refuse
//! is left alone but for `default_with_oids`, and so are those of extensions, whose names have a dot.

use crate::catalog::pg::settings::{Setting, names, setting};
use crate::catalog::pg::since::NEWEST;
use crate::sema::analyze::ddl::boolean;
use crate::sema::code::{self, Severity};
use crate::sql::hir::SettingChange;
use crate::sql::ident::DYNAMIC_MARK;

use super::super::binder::Binder;
use super::super::suggest::nearest;

impl Binder<'_> {
    /// SET, RESET, ALTER SYSTEM and the like (`set_config_with_handle`).
    pub fn setting_change(&mut self, change: &SettingChange) {
        let name = change.name.as_str();
        if name.contains(DYNAMIC_MARK) {
            return;
        }
        let version = self.catalog.server_version.unwrap_or(NEWEST).min(NEWEST);
        let Some(found) = setting(name, version) else {
            self.unknown_setting(change);
            return;
        };
        let fixed = match found.context {
            "internal" => "changed",
            _ if change.of_system => "",
            "postmaster" => "changed without restarting the server",
            "sighup" => "changed now",
            "backend" | "superuser-backend" => "set after connection start",
            _ => "",
        };
        if !fixed.is_empty() {
            let message = format!("parameter \"{}\" cannot be {fixed}", found.name);
            self.report(code::FIXED_PARAMETER, change.range, message);
            return;
        }
        let message = match change.values.as_slice() {
            [] => return,
            [value] => match super::text(value).filter(|it| !it.contains(DYNAMIC_MARK)) {
                Some(value) if found.name == "default_with_oids" && boolean(&value) == Some(true) => {
                    // `check_default_with_oids`.
                    let message = "tables declared WITH OIDS are not supported";
                    self.report(code::FEATURE_NOT_SUPPORTED, change.range, message);
                    return;
                }
                Some(value) => refused(found, &value),
                None => return,
            },
            _ if found.list => None,
            _ => Some(format!("SET {name} takes only one argument")),
        };
        if let Some(message) = message {
            self.report(code::INVALID_PARAMETER_VALUE, change.range, message);
        }
    }
}

/// How settings of Doltgres, YugabyteDB and CockroachDB begin.
const OTHERS: [&str; 4] = ["dolt_", "doltgres_", "yb_", "crdb_"];

impl Binder<'_> {
    /// Other servers that speak PostgreSQL's protocol have settings of their own: one that is near none of PostgreSQL's
    /// may be one of those, and one that begins with such a server's name is.
    fn unknown_setting(&mut self, change: &SettingChange) {
        let name = change.name.as_str();
        if name.contains('.') {
            if !is_custom(name) {
                let message = format!("invalid configuration parameter name \"{name}\"");
                self.report(code::INVALID_NAME, change.range, message);
            }
            return;
        }
        if OTHERS.iter().any(|it| name.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it))) {
            return;
        }
        let known = names().any(|it| it.eq_ignore_ascii_case(name));
        let near = nearest(name, names());
        let message = format!("unrecognized configuration parameter \"{name}\"");
        let problem = self.report(code::UNDEFINED_OBJECT, change.range, message);
        if let Some(near) = near.filter(|_| !known) {
            problem.hint(format!("Perhaps you meant \"{near}\"."));
        } else if !known {
            problem.code.severity = Severity::Warning;
        }
    }
}

/// `valid_custom_variable_name`.
fn is_custom(name: &str) -> bool {
    name.split('.').all(|part| {
        let mut chars = part.chars();
        let starts = |it: char| it.is_ascii_alphabetic() || it == '_' || !it.is_ascii();
        chars.next().is_some_and(starts) && chars.all(|it| starts(it) || it.is_ascii_digit() || it == '$')
    })
}

/// `parse_and_validate_value`.
fn refused(setting: &Setting, value: &str) -> Option<String> {
    let name = setting.name;
    let invalid = || Some(format!("invalid value for parameter \"{name}\": \"{value}\""));
    match setting.ty {
        "bool" => boolean(value).is_none().then(|| format!("parameter \"{name}\" requires a Boolean value")),
        "integer" => {
            let (min, max) = (setting.min.parse::<i64>().ok()?, setting.max.parse::<i64>().ok()?);
            match integer(value, setting.unit) {
                Parsed::Value(it) if it < min || it > max => {
                    let unit = shown(setting.unit);
                    Some(format!(
                        "{it}{unit} is outside the valid range for parameter \"{name}\" ({min}{unit} .. {max}{unit})"
                    ))
                }
                Parsed::Value(_) | Parsed::Unclear => None,
                Parsed::No => invalid(),
            }
        }
        "real" => {
            let (min, max) = (setting.min.parse::<f64>().ok()?, setting.max.parse::<f64>().ok()?);
            let (number, rest) = leading_number(value);
            let number = match (number, factor(rest.trim(), setting.unit)) {
                (Some(it), Some(factor)) => it * factor,
                (None, _) if is_odd(value) => return None,
                _ => return invalid(),
            };
            let unit = shown(setting.unit);
            (number < min || number > max).then(|| {
                format!(
                    "{number}{unit} is outside the valid range for parameter \"{name}\" ({}{unit} .. {}{unit})",
                    setting.min, setting.max
                )
            })
        }
        "enum" if !setting.words.is_empty() => {
            let known = setting.words.split(',').any(|it| it.eq_ignore_ascii_case(value));
            if known { None } else { invalid() }
        }
        _ => None,
    }
}

fn shown(unit: &str) -> String {
    // Blocks are shown as kB by the server, as many as they are.
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

/// A number with a unit (`parse_int`).
#[derive(Debug, PartialEq)]
pub enum Parsed {
    Value(i64),
    /// No number of that unit.
    No,
    /// A spelling that is not read here: hexadecimal, octal.
    Unclear,
}

/// `parse_int`.
pub fn integer(text: &str, unit: &str) -> Parsed {
    if is_odd(text) {
        return Parsed::Unclear;
    }
    let (Some(number), rest) = leading_number(text) else { return Parsed::No };
    let Some(factor) = factor(rest.trim(), unit) else { return Parsed::No };
    let value = (number * factor).round_ties_even();
    match value >= f64::from(i32::MIN) && value <= f64::from(i32::MAX) {
        true => Parsed::Value(value as i64),
        false => Parsed::No,
    }
}

/// C reads it in another way than as a decimal number: `0x10`, `010`, `inf`.
fn is_odd(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches(['-', '+']);
    let digits = text.strip_prefix('0').is_some_and(|it| {
        it.starts_with(['x', 'X', 'b', 'B', 'o', 'O']) || it.starts_with(|it: char| it.is_ascii_digit())
    });
    digits || text.to_ascii_lowercase().starts_with("inf") || text.to_ascii_lowercase().starts_with("nan")
}

/// A decimal number, and what is behind it.
fn leading_number(text: &str) -> (Option<f64>, &str) {
    let text = text.trim_start();
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut end = digits(usize::from(text.starts_with(['-', '+'])));
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if bytes.get(end).is_some_and(|it| matches!(it, b'e' | b'E')) {
        let sign = usize::from(bytes.get(end + 1).is_some_and(|it| matches!(it, b'-' | b'+')));
        let exponent = digits(end + 1 + sign);
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    let (number, rest) = text.split_at(end);
    (number.parse::<f64>().ok().filter(|it| it.is_finite()), rest)
}

/// What a number in `unit` is in the setting's own (`convert_to_base_unit`).
fn factor(unit: &str, own: &str) -> Option<f64> {
    if unit.is_empty() {
        return Some(1.0);
    }
    const MEMORY: [(&str, f64); 5] = [
        ("B", 1.0),
        ("kB", 1024.0),
        ("MB", 1_048_576.0),
        ("GB", 1_073_741_824.0),
        ("TB", 1_099_511_627_776.0),
    ];
    const TIME: [(&str, f64); 6] = [
        ("us", 0.001),
        ("ms", 1.0),
        ("s", 1000.0),
        ("min", 60_000.0),
        ("h", 3_600_000.0),
        ("d", 86_400_000.0),
    ];
    let of = |table: &[(&str, f64)], unit: &str| table.iter().find(|it| it.0 == unit).map(|it| it.1);
    // `8kB`, `16MB`: blocks.
    let digits = own.find(|it: char| !it.is_ascii_digit()).unwrap_or(0);
    let (blocks, base) = own.split_at(digits);
    let blocks = blocks.parse::<f64>().unwrap_or(1.0);
    match (of(&MEMORY, base), of(&TIME, base)) {
        (Some(base), _) => Some(of(&MEMORY, unit)? / (base * blocks)),
        (_, Some(base)) => Some(of(&TIME, unit)? / base),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Parsed, integer};

    #[test]
    fn numbers_have_units() {
        assert_eq!(integer("1.5MB", "kB"), Parsed::Value(1536));
        assert_eq!(integer("1 TB", "kB"), Parsed::Value(1_073_741_824));
        assert_eq!(integer("3 MBx", "kB"), Parsed::No);
        assert_eq!(integer("1us", "ms"), Parsed::Value(0));
        assert_eq!(integer("8MB", "8kB"), Parsed::Value(1024));
        assert_eq!(integer("1h", ""), Parsed::No);
        assert_eq!(integer("99999999999", "kB"), Parsed::No);
        assert_eq!(integer("0x10", "ms"), Parsed::Unclear);
        assert_eq!(integer("", "ms"), Parsed::No);
    }
}
