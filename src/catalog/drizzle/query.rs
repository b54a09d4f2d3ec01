//! The SQL text of the query builder's selects, as far as views use them.

use super::Family;
use super::chain::{Chain, string, unwind};
use super::reader::Reader;
use super::render::{Columns, Renderer};
use crate::project::eval::{Value, ValueKind};

/// `qb.select({…}).from(t).where(…)`: `None` when any part is not understood.
pub fn render(reader: &Reader<'_>, family: Family, query: &Value) -> Option<String> {
    let chain = unwind(query);
    let joined = chain.methods.iter().any(|it| it.name.ends_with("Join"));
    // Without a join Drizzle leaves the table's name away in the selection.
    let columns = if joined { Columns::Qualified } else { Columns::Bare };
    let mut res = String::new();
    for method in &chain.methods {
        let first = method.args.first();
        let mut sql = |value: &Value| Renderer::new(reader, family, Columns::Qualified).sql(value);
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
            "where" => res.push_str(&format!(" where {}", sql(first?)?)),
            "having" => res.push_str(&format!(" having {}", sql(first?)?)),
            "groupBy" | "orderBy" => {
                let parts: Option<Vec<_>> = method.args.iter().map(&mut sql).collect();
                let word = if method.name == "groupBy" { "group by" } else { "order by" };
                res.push_str(&format!(" {word} {}", parts?.join(", ")));
            }
            _ => return None,
        }
    }
    // A literal became a parameter, which a view cannot have.
    (res.starts_with("select ") && !res.contains("$1")).then_some(res)
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
            if columns == Columns::Qualified {
                return None;
            }
            let renderer = Renderer::new(reader, family, columns);
            parts.extend(from.columns.iter().map(|it| renderer.ident(&it.name)));
        }
        Some(value) => {
            let ValueKind::Object { entries, open: false } = &*value.kind else { return None };
            for entry in entries {
                let mut renderer = Renderer::new(reader, family, columns);
                let text = renderer.sql(&entry.value)?;
                let field = unwind(&entry.value);
                match field.method("as").and_then(|it| it.args.first()).and_then(string) {
                    Some(alias) => parts.push(format!("{text} as {}", renderer.ident(alias))),
                    None => parts.push(text.to_string()),
                }
            }
        }
    }
    Some(parts.join(", "))
}
