//! What SQL type a column builder stands for: the text of `getSQLType()` for each builder and its options, for
//! every dialect Drizzle knows, and the TypeScript type its values have.

mod other;

use smol_str::{SmolStr, format_smolstr};

use super::chain::{field, is_true, js_number, number, string};
use super::{Family, Line};
use crate::project::eval::{Value, ValueKind};

/// What a builder makes of its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    pub sql_type: SmolStr,
    pub ts_type: Option<SmolStr>,
    /// `serial` and its kin are NOT NULL without being told.
    pub not_null: bool,
    pub text_enum: Vec<SmolStr>,
}

/// `None`: no builder of this name is known.
pub fn build(family: Family, builder: &str, options: Option<&Value>, line: Line) -> Option<Built> {
    let sql_type = match family {
        Family::Pg => pg_type(builder, options, line),
        Family::Gel | Family::Cockroach | Family::Mssql => other::sql_type(family, builder, options),
        Family::Singlestore => {
            other::sql_type(family, builder, options).or_else(|| mysql_type(builder, options))
        }
        Family::Mysql => mysql_type(builder, options),
        Family::Sqlite => sqlite_type(builder, options),
    }?;
    let text_enum = options.and_then(|it| field(it, "enum")).and_then(labels).unwrap_or_default();
    let ts_type = if text_enum.is_empty() {
        ts_type(family, builder, options)
    } else {
        Some(text_enum.iter().map(|it| format!("{it:?}")).collect::<Vec<_>>().join(" | ").into())
    };
    Some(Built { sql_type, ts_type, not_null: builder.ends_with("serial"), text_enum })
}

/// The strings of an array, or the values of an object or TypeScript enum. `None` when one is not known.
pub fn labels(value: &Value) -> Option<Vec<SmolStr>> {
    match &*value.kind {
        ValueKind::Array { items, open: false } => items.iter().map(|it| string(it).cloned()).collect(),
        ValueKind::Object { entries, open: false } => {
            entries.iter().map(|it| string(&it.value).cloned().or_else(|| number(&it.value))).collect()
        }
        _ => None,
    }
}

fn option_text(options: Option<&Value>, key: &str) -> Option<SmolStr> {
    let value = field(options?, key)?;
    match &*value.kind {
        ValueKind::Number(it) => js_number(it),
        ValueKind::String(it) => Some(it.clone()),
        _ => None,
    }
}

/// `Some(None)`: not given. `None`: given, but not known, so that the type cannot be told.
fn known(options: Option<&Value>, key: &str) -> Option<Option<SmolStr>> {
    let Some(value) = options.and_then(|it| field(it, key)) else { return Some(None) };
    match &*value.kind {
        ValueKind::Undefined => Some(None),
        _ => option_text(options, key).map(Some),
    }
}

fn sized(name: &str, options: Option<&Value>, key: &str) -> Option<SmolStr> {
    Some(match known(options, key)? {
        Some(size) => format_smolstr!("{name}({size})"),
        None => name.into(),
    })
}

fn pg_type(builder: &str, options: Option<&Value>, line: Line) -> Option<SmolStr> {
    let plain = match builder {
        "integer" | "smallint" | "bigint" | "serial" | "smallserial" | "bigserial" | "boolean" | "text"
        | "real" | "json" | "jsonb" | "uuid" | "inet" | "cidr" | "macaddr" | "macaddr8" | "point"
        | "line" | "date" | "bytea" => builder,
        "doublePrecision" => "double precision",
        _ => "",
    };
    if !plain.is_empty() {
        return Some(plain.into());
    }
    match builder {
        "varchar" | "char" => sized(builder, options, "length"),
        "numeric" | "decimal" => {
            let separator = if line == Line::V0 { ", " } else { "," };
            Some(match (known(options, "precision")?, known(options, "scale")?) {
                (Some(precision), Some(scale)) => format_smolstr!("numeric({precision}{separator}{scale})"),
                (Some(precision), None) => format_smolstr!("numeric({precision})"),
                (None, _) => "numeric".into(),
            })
        }
        "time" | "timestamp" => {
            let zone = if is_true(options.and_then(|it| field(it, "withTimezone"))) {
                " with time zone"
            } else {
                ""
            };
            // drizzle-orm 0.x writes `timestamp (3)`; drizzle-kit takes the blank out again.
            Some(match known(options, "precision")? {
                Some(precision) => format_smolstr!("{builder}({precision}){zone}"),
                None => format_smolstr!("{builder}{zone}"),
            })
        }
        "interval" => {
            let fields = known(options, "fields")?.map(|it| format!(" {it}")).unwrap_or_default();
            // drizzle-orm takes a precision of 0 for none.
            let precision = known(options, "precision")?.filter(|it| it != "0");
            let precision = precision.map(|it| format!("({it})")).unwrap_or_default();
            Some(format_smolstr!("interval{fields}{precision}"))
        }
        "vector" | "halfvec" | "sparsevec" | "bit" => sized(builder, options, "dimensions"),
        "geometry" => {
            let shape = option_text(options, "type").unwrap_or_else(|| "point".into());
            match option_text(options, "srid") {
                Some(srid) if line == Line::V1 => Some(format_smolstr!("geometry({shape},{srid})")),
                // 0.x writes `point` whatever is asked for.
                _ => Some("geometry(point)".into()),
            }
        }
        _ => None,
    }
}

fn mysql_type(builder: &str, options: Option<&Value>) -> Option<SmolStr> {
    let unsigned = if is_true(options.and_then(|it| field(it, "unsigned"))) { " unsigned" } else { "" };
    Some(match builder {
        "bigint" | "int" | "mediumint" | "smallint" | "tinyint" => format_smolstr!("{builder}{unsigned}"),
        "boolean" | "date" | "json" | "serial" | "text" | "tinytext" | "mediumtext" | "longtext" | "year"
        | "blob" | "tinyblob" | "mediumblob" | "longblob" => builder.into(),
        "binary" | "char" | "varbinary" | "varchar" => sized(builder, options, "length")?,
        "datetime" | "time" | "timestamp" => sized(builder, options, "fsp")?,
        "decimal" | "double" | "float" | "real" => {
            let base = match (known(options, "precision")?, known(options, "scale")?) {
                (Some(precision), Some(scale)) => format_smolstr!("{builder}({precision},{scale})"),
                (Some(precision), None) => format_smolstr!("{builder}({precision})"),
                _ => builder.into(),
            };
            // drizzle-orm leaves away what is MySQL's own default.
            let base =
                if matches!(&*base, "decimal(10,0)" | "decimal(10)") { "decimal".into() } else { base };
            format_smolstr!("{base}{unsigned}")
        }
        "vector" => sized(builder, options, "dimensions")?,
        _ => return None,
    })
}

/// `enum('a','b')`, as drizzle-kit writes the type of a `mysqlEnum` column.
pub fn mysql_enum(labels: &[SmolStr]) -> SmolStr {
    let quoted: Vec<String> = labels.iter().map(|it| format!("'{}'", it.replace('\'', "''"))).collect();
    format_smolstr!("enum({})", quoted.join(","))
}

fn sqlite_type(builder: &str, options: Option<&Value>) -> Option<SmolStr> {
    Some(match builder {
        "int" | "integer" => "integer".into(),
        "real" | "blob" | "numeric" => builder.into(),
        "text" if option_text(options, "mode").as_deref() != Some("json") => {
            match known(options, "length")?.filter(|it| it != "0") {
                Some(length) => format_smolstr!("text({length})"),
                None => "text".into(),
            }
        }
        "text" => "text".into(),
        _ => return None,
    })
}

/// The type Drizzle hands to TypeScript, without `| null` (see drizzle-orm's column classes).
fn ts_type(family: Family, builder: &str, options: Option<&Value>) -> Option<SmolStr> {
    let mode = option_text(options, "mode");
    let mode = mode.as_deref();
    let sqlite = family == Family::Sqlite;
    let res = match (builder, mode) {
        ("integer" | "int", Some("boolean")) => "boolean",
        ("integer" | "int", Some("timestamp" | "timestamp_ms")) => "Date",
        ("bigint" | "bigserial" | "numeric" | "decimal" | "blob", Some("bigint")) => "bigint",
        ("numeric" | "decimal" | "bigint" | "bigserial", Some("number")) => "number",
        ("text" | "blob", Some("json")) => "unknown",
        ("blob" | "bytea", _) => "Buffer",
        (
            "integer" | "int" | "smallint" | "tinyint" | "mediumint" | "serial" | "smallserial" | "real"
            | "double" | "float" | "doublePrecision" | "year",
            _,
        ) => "number",
        ("boolean", _) => "boolean",
        ("json" | "jsonb", _) => "unknown",
        ("timestamp" | "datetime", Some("string")) => "string",
        ("timestamp" | "datetime", _) => "Date",
        ("date", Some("date")) => "Date",
        ("date", None) if family == Family::Mysql => "Date",
        ("point", Some("xy")) | ("geometry", Some("xy")) => "{ x: number; y: number; }",
        ("point" | "geometry", _) => "[number, number]",
        ("line", Some("abc")) => "{ a: number; b: number; c: number; }",
        ("line", _) => "[number, number, number]",
        ("vector" | "halfvec", _) => "number[]",
        (
            "text" | "varchar" | "char" | "uuid" | "numeric" | "decimal" | "time" | "interval" | "inet"
            | "cidr" | "macaddr" | "macaddr8" | "sparsevec" | "bit" | "date" | "tinytext" | "mediumtext"
            | "longtext" | "binary" | "varbinary",
            _,
        ) => "string",
        ("bigint" | "bigserial", Some("string")) => "string",
        _ if sqlite => return None,
        _ => return None,
    };
    Some(res.into())
}

#[cfg(test)]
mod tests;
