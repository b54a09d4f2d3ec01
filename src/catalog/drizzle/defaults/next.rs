//! What drizzle-kit 1.0 writes otherwise than 0.x: values of types that have a text form of their own.

use smol_str::{SmolStr, format_smolstr};

use super::{Family, instant, json};
use crate::catalog::drizzle::chain::{field, number, string};
use crate::project::eval::{Value, ValueKind};

/// `None`: as 0.x writes it. `Some(None)`: not known.
pub fn text(family: Family, sql_type: &str, mode: Option<&str>, value: &Value) -> Option<Option<SmolStr>> {
    match family {
        Family::Pg => pg(sql_type, value),
        Family::Sqlite => match (&*value.kind, mode) {
            (ValueKind::New { .. }, Some(mode @ ("timestamp" | "timestamp_ms"))) => Some(epoch(mode, value)),
            _ => None,
        },
        _ => None,
    }
}

fn pg(sql_type: &str, value: &Value) -> Option<Option<SmolStr>> {
    let (base, brackets) = match sql_type.split_once('[') {
        Some((base, rest)) => (base, rest.matches('[').count() + 1),
        None => (sql_type, 0),
    };
    // A list of nothing but empty lists is an empty one.
    if brackets > 0 && is_empty(value) {
        return Some(Some("'{}'".into()));
    }
    let kind = base.split('(').next().unwrap_or(base).trim();
    let shape = kind_of(kind, base)?;
    let quoted = |text: String| format_smolstr!("'{text}'");
    let scalar = |value: &Value| scalar(shape, base, value);
    if brackets > 0 {
        let ValueKind::Array { items, open: false } = &*value.kind else { return None };
        let text = array(items, brackets - 1, shape, &scalar);
        return Some(if shape == Shape::Geometry { text.map(SmolStr::from) } else { text.map(quoted) });
    }
    if shape == Shape::Boolean {
        return None;
    }
    Some(scalar(value).map(quoted))
}

fn is_empty(value: &Value) -> bool {
    matches!(&*value.kind, ValueKind::Array { items, open: false } if items.iter().all(is_empty))
}

/// Types whose values are not written as they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Point,
    Line,
    Geometry,
    Vector,
    Json,
    Date,
    /// With a time zone or without.
    Timestamp(bool),
    ZonedTime,
    /// In arrays.
    Boolean,
}

fn kind_of(kind: &str, base: &str) -> Option<Shape> {
    let zoned = base.ends_with("with time zone");
    Some(match kind {
        "point" => Shape::Point,
        "line" => Shape::Line,
        "geometry" => Shape::Geometry,
        "vector" | "halfvec" => Shape::Vector,
        "json" | "jsonb" => Shape::Json,
        "date" => Shape::Date,
        "boolean" => Shape::Boolean,
        _ if kind.starts_with("timestamp") => Shape::Timestamp(zoned),
        _ if kind.starts_with("time") && zoned => Shape::ZonedTime,
        _ => return None,
    })
}

fn scalar(shape: Shape, base: &str, value: &Value) -> Option<String> {
    let part = |key: &str, idx: usize| match &*value.kind {
        ValueKind::Array { items, open: false } => number(items.get(idx)?),
        _ => number(field(value, key)?),
    };
    Some(match shape {
        Shape::Point => format!("({},{})", part("x", 0)?, part("y", 1)?),
        Shape::Line => format!("{{{},{},{}}}", part("a", 0)?, part("b", 1)?, part("c", 2)?),
        Shape::Geometry => {
            let srid = base.split(',').nth(1).map(|it| it.trim_end_matches(')').trim());
            let srid = srid.map(|it| format!("SRID={it};")).unwrap_or_default();
            format!("{srid}POINT({} {})", part("x", 0)?, part("y", 1)?)
        }
        Shape::Vector => {
            let ValueKind::Array { items, open: false } = &*value.kind else { return None };
            let items: Option<Vec<SmolStr>> = items.iter().map(number).collect();
            format!("[{}]", items?.join(","))
        }
        Shape::Json => json(value)?.replace('\'', "''"),
        Shape::Date => match string(value) {
            Some(text) => text.to_string(),
            None => instant(value)?.get(..10)?.to_owned(),
        },
        Shape::Timestamp(zoned) => match string(value) {
            Some(text) if zoned => with_zone(text),
            Some(text) => text.to_string(),
            None => {
                let text = instant(value)?.replace('T', " ");
                if zoned { text.replace('Z', "+00") } else { text.get(..23)?.to_owned() }
            }
        },
        Shape::ZonedTime => with_zone(string(value)?),
        Shape::Boolean => match &*value.kind {
            ValueKind::Bool(it) => if *it { "t" } else { "f" }.to_owned(),
            _ => return None,
        },
    })
}

/// PostgreSQL's array literal, of geometries an array constructor; `depth` dimensions are inside the outermost.
fn array(
    items: &[Value],
    depth: usize,
    shape: Shape,
    scalar: &dyn Fn(&Value) -> Option<String>,
) -> Option<String> {
    let mut parts = Vec::new();
    for item in items {
        parts.push(match &*item.kind {
            ValueKind::Array { items, open: false } if depth > 0 => {
                let inner = array(items, depth - 1, shape, scalar)?;
                // drizzle-kit forgets the inner braces of JSON.
                match inner.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
                    Some(items) if shape == Shape::Json => items.to_owned(),
                    _ => inner,
                }
            }
            _ if shape == Shape::Geometry => format!("'{}'", scalar(item)?),
            _ => format!("\"{}\"", scalar(item)?.replace('"', "\\\"")),
        });
    }
    let parts = parts.join(",");
    Some(if shape == Shape::Geometry { format!("ARRAY[{parts}]") } else { format!("{{{parts}}}") })
}

/// A time without an offset is taken as UTC.
fn with_zone(text: &str) -> String {
    let after_time = text.rsplit(':').next().unwrap_or(text);
    let has_zone = text.ends_with(['z', 'Z']) || after_time.contains(['+', '-']) || text.rfind('+').is_some();
    if has_zone { text.to_owned() } else { format!("{text}+00") }
}

fn epoch(mode: &str, value: &Value) -> Option<SmolStr> {
    let millis = super::date::epoch_millis(&instant(value)?)?;
    Some(if mode == "timestamp" {
        format_smolstr!("{}", (millis as f64 / 1000.0).round())
    } else {
        format_smolstr!("{millis}")
    })
}

/// drizzle-kit 1.0 takes casts off the end of a default.
pub fn without_casts(text: &str) -> &str {
    let mut res = text.strip_suffix("[]").unwrap_or(text);
    while let Some(at) = res.rfind("::") {
        let (value, ty) = res.split_at(at);
        let ty = ty.get(2..).unwrap_or("");
        let ty = ty.strip_suffix("[]").unwrap_or(ty);
        let (name, rest) = match (ty.find('('), ty.find(')')) {
            (Some(open), Some(close)) if open < close => {
                (ty.get(..open).unwrap_or(""), ty.get(close + 1..).unwrap_or(""))
            }
            _ => (ty, ""),
        };
        let is_name =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '"' | '.' | '-') || c.is_whitespace();
        let is_zone =
            matches!(rest.to_ascii_lowercase().as_str(), "" | " with time zone" | " without time zone");
        if name.is_empty() || !name.chars().all(is_name) || !is_zone {
            break;
        }
        res = value;
    }
    res
}
