//! The SQL text of the query builder's selects, as far as views use them.

use super::chain::{Chain, string, unwind};
use super::column::ColumnDraft;
use super::reader::Reader;
use super::render::{Columns, Renderer};
use super::{Family, Line};
use crate::project::eval::{Value, ValueKind};

/// `qb.select({…}).from(t).where(…)`: `None` when any part is not understood.
pub fn render(reader: &Reader<'_>, family: Family, query: &Value) -> Option<String> {
    let chain = unwind(query);
    let joined = chain.methods.iter().any(|it| it.name.ends_with("Join"));
    // Without a join Drizzle leaves the table's name away in the selection.
    let columns = match (joined, family) {
        (false, _) => Columns::Raw,
        (true, Family::Sqlite) => Columns::QualifiedRaw,
        (true, _) => Columns::Qualified,
    };
    let mut res = String::new();
    let mut last = 0;
    for method in &chain.methods {
        let first = method.args.first();
        // A view's query has no parameters: literals are written into it.
        let mut sql = |value: &Value| Renderer::new(reader, family, Columns::Qualified).inlined().sql(value);
        // Clauses are written in SQL's order, whatever the order of the calls.
        let rank = match method.name {
            "select" | "selectDistinct" => 0,
            "from" => 1,
            "leftJoin" | "innerJoin" | "rightJoin" | "fullJoin" => 2,
            "where" => 3,
            "groupBy" => 4,
            "having" => 5,
            "orderBy" => 6,
            "limit" => 7,
            "offset" => 8,
            _ => return None,
        };
        if rank < last {
            return None;
        }
        last = rank;
        match method.name {
            "select" | "selectDistinct" => {
                res.push_str(if method.name == "select" { "select " } else { "select distinct " });
                res.push_str(&selection(reader, family, &chain, first, columns)?);
            }
            "from" => {
                res.push_str(" from ");
                res.push_str(&sql(first?)?);
            }
            "leftJoin" | "innerJoin" | "rightJoin" | "fullJoin" => {
                let kind = method.name.trim_end_matches("Join");
                res.push_str(&format!(" {kind} join {} on {}", sql(first?)?, sql(method.args.get(1)?)?));
            }
            "groupBy" | "orderBy" => {
                let parts: Option<Vec<_>> = method.args.iter().map(&mut sql).collect();
                let word = if method.name == "groupBy" { "group by" } else { "order by" };
                res.push_str(&format!(" {word} {}", parts?.join(", ")));
            }
            word => res.push_str(&format!(" {word} {}", sql(first?)?)),
        }
    }
    res.starts_with("select ").then_some(res)
}

fn selection(
    reader: &Reader<'_>,
    family: Family,
    chain: &Chain<'_>,
    fields: Option<&Value>,
    columns: Columns,
) -> Option<String> {
    let mut parts = Vec::new();
    match fields {
        None => {
            let from = reader.table(chain.method("from")?.args.first()?)?;
            if columns != Columns::Raw {
                return None;
            }
            let renderer = Renderer::new(reader, family, columns);
            let raw = reader.line == Line::V0;
            for column in &from.columns {
                let name = renderer.ident(if raw { &column.raw_name } else { &column.name });
                parts.push(selected(reader, family, column, name));
            }
        }
        Some(value) => {
            let ValueKind::Object { entries, open: false } = &*value.kind else { return None };
            for entry in entries {
                let mut renderer = Renderer::new(reader, family, columns).inlined();
                let mut text = renderer.sql(&entry.value)?.to_string();
                if let Some((table, idx)) = reader.column_draft_of(&entry.value) {
                    text = selected(reader, family, table.columns.get(idx)?, text);
                }
                let field = unwind(&entry.value);
                match field.method("as").and_then(|it| it.args.first()).and_then(string) {
                    Some(alias) => parts.push(format!("{text} as {}", renderer.ident(alias))),
                    None => parts.push(text),
                }
            }
        }
    }
    Some(parts.join(", "))
}

/// A column as SQLite's dialect of 0.x selects it: what it reads as a `bigint` goes through text.
fn selected(reader: &Reader<'_>, family: Family, column: &ColumnDraft, text: String) -> String {
    let is_bigint = column.base_type == "numeric" && column.mode.as_deref() == Some("bigint");
    if family == Family::Sqlite && reader.line == Line::V0 && is_bigint {
        format!("cast({text} as text)")
    } else {
        text
    }
}
