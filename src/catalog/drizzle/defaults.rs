//! `.default(…)` → the SQL text that drizzle-kit writes into its snapshots and migrations.

mod next;

use smol_str::{SmolStr, format_smolstr};

use super::chain::{Head, js_number, number, string, unwind};
use super::date;
use super::reader::Reader;
use super::render::{Columns, Renderer, is_sql};
use super::{Family, Line};
use crate::catalog::ColumnDefault;
use crate::project::eval::{Value, ValueKind};

pub fn default(
    reader: &Reader<'_>,
    family: Family,
    sql_type: &str,
    mode: Option<&str>,
    value: &Value,
) -> Option<ColumnDefault> {
    if matches!(*value.kind, ValueKind::Undefined) {
        return None;
    }
    Some(match text(reader, family, sql_type, mode, value) {
        Some(it) => ColumnDefault::Sql(it),
        None => ColumnDefault::Unknown,
    })
}

fn text(
    reader: &Reader<'_>,
    family: Family,
    sql_type: &str,
    mode: Option<&str>,
    value: &Value,
) -> Option<SmolStr> {
    let next = reader.line == Line::V1;
    if is_sql(value) {
        let text = Renderer::new(reader, family, Columns::Qualified).sql(value)?;
        return Some(if next && family == Family::Pg { next::without_casts(&text).into() } else { text });
    }
    let lower = sql_type.to_ascii_lowercase();
    if next && let Some(res) = next::text(family, &lower, mode, value) {
        return res;
    }
    let is_json = matches!(lower.as_str(), "json" | "jsonb");
    let res: SmolStr = match &*value.kind {
        ValueKind::String(it) => quoted(it),
        // A `json` column's default is JSON text, cast in PostgreSQL only.
        _ if is_json => {
            let json = json(value)?.replace('\'', "''");
            match family {
                Family::Pg => format_smolstr!("'{json}'::{lower}"),
                _ => format_smolstr!("'{json}'"),
            }
        }
        ValueKind::Null => "null".into(),
        ValueKind::Bool(it) => if *it { "true" } else { "false" }.into(),
        ValueKind::Number(_) | ValueKind::BigInt(_) => number(value)?,
        ValueKind::New { .. } if family == Family::Sqlite => quoted(&json(value)?),
        ValueKind::New { .. } => {
            let instant = instant(value)?;
            match lower.as_str() {
                "date" => format_smolstr!("'{}'", instant.get(..10)?),
                it if it == "timestamp" || family == Family::Mysql => {
                    format_smolstr!("'{}'", instant.replace('T', " ").get(..23)?)
                }
                _ => format_smolstr!("'{instant}'"),
            }
        }
        ValueKind::Array { items, open: false } if family == Family::Pg && lower.ends_with(']') => {
            let base = lower.split('[').next().unwrap_or(&lower);
            format_smolstr!("'{}'", array(items, base, next)?.replace('\'', "''"))
        }
        // drizzle-kit 0.x writes such a value into its snapshot as it is.
        ValueKind::Array { .. } | ValueKind::Object { .. } if family == Family::Pg && !next => {
            json(value)?.into()
        }
        ValueKind::Array { .. } | ValueKind::Object { .. } => quoted(&json(value)?),
        _ => return None,
    };
    if family == Family::Mysql && matches!(sql_type, "blob" | "text" | "json") {
        return Some(format_smolstr!("({res})"));
    }
    Some(res)
}

fn quoted(text: &str) -> SmolStr {
    format_smolstr!("'{}'", text.replace('\'', "''"))
}

/// `new Date('…')` as `toISOString()` gives it.
fn instant(value: &Value) -> Option<String> {
    let ValueKind::New { callee, args } = &*value.kind else { return None };
    let ValueKind::External { path, .. } = &*callee.kind else { return None };
    if path.last().is_none_or(|it| it != "Date") {
        return None;
    }
    let argument = args.first()?;
    match string(argument) {
        Some(text) => date::iso(text),
        None => date::from_epoch_millis(number(argument)?.parse().ok()?),
    }
}

/// A PostgreSQL array literal's text, without quotes around it.
fn array(items: &[Value], base: &str, next: bool) -> Option<String> {
    let mut res = String::from("{");
    for (idx, item) in items.iter().enumerate() {
        if idx > 0 {
            res.push(',');
        }
        match &*item.kind {
            ValueKind::Number(_) | ValueKind::BigInt(_) => res.push_str(&number(item)?),
            ValueKind::Bool(it) => res.push_str(if *it { "true" } else { "false" }),
            ValueKind::Array { items, open: false } => res.push_str(&array(items, base, next)?),
            // 0.x forgets to escape.
            ValueKind::String(it) if next => {
                res.push_str(&format!("\"{}\"", it.replace('\\', "\\\\").replace('"', "\\\"")));
            }
            ValueKind::String(it) => res.push_str(&format!("\"{it}\"")),
            ValueKind::Object { .. } => res.push_str(&format!("\"{}\"", json(item)?.replace('"', "\\\""))),
            ValueKind::New { .. } => {
                let instant = instant(item)?;
                let text = match base {
                    "date" => instant.get(..10)?.to_owned(),
                    "timestamp" => instant.replace('T', " ").get(..23)?.to_owned(),
                    _ => instant,
                };
                res.push_str(&format!("\"{text}\""));
            }
            _ => return None,
        }
    }
    res.push('}');
    Some(res)
}

/// `JSON.stringify(value)`.
pub fn json(value: &Value) -> Option<String> {
    Some(match &*value.kind {
        ValueKind::String(it) => json_string(it),
        ValueKind::Number(it) => js_number(it)?.to_string(),
        ValueKind::Bool(it) => it.to_string(),
        ValueKind::Null => "null".to_owned(),
        ValueKind::Array { items, open: false } => {
            let parts: Option<Vec<String>> = items
                .iter()
                .map(|it| {
                    if matches!(*it.kind, ValueKind::Undefined) { Some("null".to_owned()) } else { json(it) }
                })
                .collect();
            format!("[{}]", parts?.join(","))
        }
        ValueKind::Object { entries, open: false } => {
            let mut parts = Vec::new();
            for entry in entries {
                if matches!(*entry.value.kind, ValueKind::Undefined) {
                    continue;
                }
                parts.push(format!("{}:{}", json_string(&entry.key), json(&entry.value)?));
            }
            format!("{{{}}}", parts.join(","))
        }
        ValueKind::New { .. } => json_string(&instant(value)?),
        ValueKind::Call { .. } if matches!(unwind(value).head, Head::Value(_)) => return None,
        _ => return None,
    })
}

fn json_string(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
